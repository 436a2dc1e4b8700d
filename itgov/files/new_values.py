"""Checks of values before they are written: they fit the types and name what is there."""

from __future__ import annotations

import datetime
import math
from collections.abc import Collection, Mapping
from typing import Any

from msgspec import Struct

from itgov.files.convert import convert
from itgov.files.reader import read
from itgov.files.save import EditRefused
from itgov.files.schema_errors import describe
from itgov.files.write import CONTROL, FlowMapping, Plain, document, plain
from itgov.model.fields import Kind, fields_of, references_in
from itgov.model.finding import SubjectKind
from itgov.model.nobody import is_named
from itgov.model.one_form import one_form
from itgov.model.portfolio import Portfolio, UnitEntry
from itgov.model.text import did_you_mean
from itgov.model.types import (
    BusinessUnit,
    Engagement,
    Investment,
    Organisation,
    OrganisationFile,
    Outcome,
    Person,
    Record,
    RelationshipManager,
    UnitFile,
)

TYPES: dict[str, type[Record]] = {
    "organisation": Organisation,
    "business_unit": BusinessUnit,
    "investment": Investment,
    "outcome": Outcome,
    "person": Person,
    "relationship_manager": RelationshipManager,
    "engagement": Engagement,
}
_DAY = datetime.date(2000, 1, 1)


def checked_values(
    kind: SubjectKind, values: Mapping[str, Plain | Struct], who: str
) -> dict[str, Plain]:
    """Return values of a record's keys in the form in which they are written.

    Raise EditRefused, naming the field and what it may be, where they do not fit the types.
    """
    given = {
        key: _bare(value, f"`{key}` of {who}", key == "custom") for key, value in values.items()
    }
    fields = fields_of(TYPES[kind])
    needed = {f.key: _DAY if f.kind == "day" else "x" for f in fields if f.required}
    record: dict[str, Plain] = {**needed, **given}
    skeleton, form = _skeleton(kind, record)
    source, data, problems = read("", document(skeleton).encode())
    content: Any = None
    if not problems:
        content, problems = convert(source, data, form)
    if problems or content is None:
        said = problems[0]
        raise EditRefused(f"{who}: {said.message}. {said.fix}".rstrip(". ") + ".")
    typed = _record(kind, content)
    names = {f.key: f.name for f in fields}
    return {key: written(getattr(typed, names[key])) for key in given}


def _skeleton(
    kind: SubjectKind, record: dict[str, Plain]
) -> tuple[dict[str, Plain], type[OrganisationFile] | type[UnitFile]]:
    """Return the smallest file that holds a record."""
    if kind == "organisation":
        return {"organisation": record}, OrganisationFile
    if kind == "person":
        return {"people": [record]}, OrganisationFile
    if kind == "relationship_manager":
        return {"relationship_managers": [record]}, OrganisationFile
    if kind == "business_unit":
        return {"business_unit": record}, UnitFile
    if kind == "engagement":
        return {"business_unit": "x", "engagements": [record]}, UnitFile
    if kind == "outcome":
        record = {"id": "x", "title": "x", "outcomes": [record]}
    return {"business_unit": "x", "investments": [record]}, UnitFile


def _record(kind: SubjectKind, content: Any) -> Any:
    if kind == "organisation":
        return content.organisation
    if kind == "person":
        return content.people[0]
    if kind == "relationship_manager":
        return content.relationship_managers[0]
    if kind == "business_unit":
        return content.business_unit
    if kind == "engagement":
        return content.engagements[0]
    investment = content.investments[0]
    return investment.outcomes[0] if kind == "outcome" else investment


def _bare(value: Any, what: str, keeps_blanks: bool = False) -> Plain:
    """Return a value as plain data; refuse what no file can hold."""
    if isinstance(value, Struct):
        return _bare(plain(value), what)
    if isinstance(value, Mapping):
        held = {k: v for k, v in value.items() if v is not None or keeps_blanks}
        found = {str(k): _bare(v, what, keeps_blanks) for k, v in held.items()}
        return FlowMapping(found) if isinstance(value, FlowMapping) else found
    if isinstance(value, (list, tuple)):
        return [_bare(v, what, keeps_blanks) for v in value]
    if keeps_blanks and (value is None or value == ""):
        return value  # type: ignore[no-any-return]
    if isinstance(value, datetime.datetime):
        raise EditRefused(f"{what} is a day, without a time of day")
    if isinstance(value, str):
        if not value.strip():
            raise EditRefused(f"{what} would be blank; clear it, or enter a text")
        if CONTROL.search(value):
            raise EditRefused(f"{what} contains control characters, which are not allowed")
        return value.strip()
    if isinstance(value, float) and not math.isfinite(value):
        raise EditRefused(f"{what} is not a finite number")
    if value is None:
        raise EditRefused(f"{what} would be blank; clear it, or enter a text")
    if isinstance(value, (bool, int, float, datetime.date)):
        return value
    raise EditRefused(f"{what} cannot be {type(value).__name__}")


def written(value: Any) -> Plain:
    """Return a record's value in the form in which it is written."""
    return _tidy(_written(value))


def _written(value: Any) -> Any:
    if isinstance(value, Struct):
        return plain(value)
    if isinstance(value, list):
        return [_written(v) for v in value]
    return value


def _tidy(value: Any) -> Plain:
    """Return plain data with whole numbers written as such, 5 and not 5.0."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    if isinstance(value, list):
        return [_tidy(v) for v in value]
    if isinstance(value, dict):
        found = {k: _tidy(v) for k, v in value.items()}
        return FlowMapping(found) if isinstance(value, FlowMapping) else found
    return value  # type: ignore[no-any-return]


# -- references ------------------------------------------------------------------------------


def check_references(
    portfolio: Portfolio,
    kind: SubjectKind,
    values: Mapping[str, Plain],
    unit: UnitEntry | None,
    added: Collection[tuple[Kind, str]] = (),
) -> None:
    """Raise EditRefused where a value names a person, an investment … that is neither there nor
    `added` with it."""
    for field, name, _ in references_in(TYPES[kind], values):
        if (field.kind, name) in added:
            continue
        if field.kind == "person":
            _person(portfolio, field.key, name)
            continue
        known = _ids(portfolio, field.kind, unit)
        if known is not None and one_form(name) not in known:
            words = field.kind.replace("_", " ")
            guess = did_you_mean(name, known)
            raise EditRefused(f"`{field.key}`: there is no {words} {describe(name)}{guess}")


def _ids(portfolio: Portfolio, kind: Kind, unit: UnitEntry | None) -> list[str] | None:
    """Return the ids of a kind that are there; None where none can be wrong."""
    match kind:
        case "investment":
            return [i.record.id for i in portfolio.investments()]
        case "business_unit":
            return list(portfolio.units)
        case "outcome":
            return [
                f"{i.record.id}/{o.record.id}" for i in portfolio.investments() for o in i.outcomes
            ]
        case "objective" if unit is not None:
            return [o.id for o in unit.record.objectives]
    return None


def _person(portfolio: Portfolio, key: str, name: str) -> None:
    people = portfolio.people
    if not is_named(name):
        raise EditRefused(f"`{key}`: {describe(name)} is a placeholder; clear it, or name a person")
    if one_form(name) in people or not people:  # where nobody is listed, nobody can be missing
        return
    called = [p.record for p in people.values() if p.record.name.casefold() == name.casefold()]
    meant = f"; did you mean `{called[0].id}`?" if len(called) == 1 else ""
    guess = meant or did_you_mean(name, people)
    raise EditRefused(f"`{key}`: there is no person {describe(name)}{guess}")

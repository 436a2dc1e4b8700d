"""Whether values may be written: they must fit the types and name what is there."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from itgov.files.misfits import describe
from itgov.files.reader import read
from itgov.files.save import EditRefused
from itgov.files.shape import fit
from itgov.files.write import CONTROL, Line, Plain, document, fields_of, plain
from itgov.model.finding import SubjectKind
from itgov.model.portfolio import Portfolio, UnitEntry
from itgov.model.text import did_you_mean, is_named
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
_REQUIRED: dict[str, dict[str, Plain]] = {
    "organisation": {"id": "x"},
    "business_unit": {"id": "x"},
    "investment": {"id": "x", "title": "x"},
    "outcome": {"id": "x"},
    "person": {"id": "x", "name": "x"},
    "relationship_manager": {"person": "x"},
    "engagement": {"date": datetime.date(2000, 1, 1)},
}
"""What a record needs beside the values that are looked at."""

PEOPLE = frozenset(
    [
        "outcome_owner", "relationship_manager", "sponsor", "delivery_lead", "confidence_by",
        "head", "by", "with", "owner", "approved_by", "reports_to",
    ]
)  # fmt: skip
"""Fields that name people by id."""

FREE = ("custom", "withheld", "vocabulary")
"""Mappings whose keys are not fields."""


def keys_of(kind: type[Struct]) -> tuple[str, ...]:
    """Return the keys of a type in its order."""
    return tuple(info.encode_name for info in fields_of(kind))


def fitted(kind: SubjectKind, values: Mapping[str, Plain | Struct], who: str) -> dict[str, Plain]:
    """Return values of a record's keys in the form in which they are written.

    Raise EditRefused, naming the field and what it may be, where they do not fit the types.
    """
    given = {
        key: _bare(value, f"`{key}` of {who}", key == "custom") for key, value in values.items()
    }
    record: dict[str, Plain] = {**_REQUIRED[kind], **given}
    skeleton, form = _skeleton(kind, record)
    source, data, problems = read("", document(skeleton).encode())
    content: Any = None
    if not problems:
        content, problems = fit(source, data, form)
    if problems or content is None:
        said = problems[0]
        raise EditRefused(f"{who}: {said.message}. {said.fix}".rstrip(". ") + ".")
    typed = _record(kind, content)
    names = {info.encode_name: info.name for info in fields_of(TYPES[kind])}
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
        return Line(found) if isinstance(value, Line) else found
    if isinstance(value, (list, tuple)):
        return [_bare(v, what, keeps_blanks) for v in value]
    if keeps_blanks and (value is None or value == ""):
        return value  # type: ignore[no-any-return]
    if isinstance(value, datetime.datetime):
        raise EditRefused(f"{what} is a day, without a time of day")
    if isinstance(value, str):
        if not value.strip():
            raise EditRefused(f"{what} would be blank; clear it, or say something")
        if CONTROL.search(value):
            raise EditRefused(f"{what} holds control characters, which no file may hold")
        return value.strip()
    if isinstance(value, float) and not math.isfinite(value):
        raise EditRefused(f"{what} is no finite number")
    if value is None:
        raise EditRefused(f"{what} would be blank; clear it, or say something")
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
        return Line(found) if isinstance(value, Line) else found
    return value  # type: ignore[no-any-return]


# -- references ------------------------------------------------------------------------------


def refer(
    portfolio: Portfolio, kind: SubjectKind, values: Mapping[str, Plain], unit: UnitEntry | None
) -> None:
    """Raise EditRefused where a value names a person, an investment … that is not there."""
    for key, name in _names(dict(values)):
        if key in PEOPLE:
            _person(portfolio, key, name)
        elif key == "objective" and kind == "investment" and unit is not None:
            _known("objective", name, [o.id for o in unit.record.objectives], key)
        elif key == "investment":
            _known("investment", name, _investments(portfolio), key)
        elif key in ("business_unit", "serves"):
            _known("business unit", name, list(portfolio.units), key)
        elif key == "measured_by":
            _known("outcome", name, _outcomes(portfolio), key)


def _names(values: Mapping[str, Plain]) -> Iterator[tuple[str, str]]:
    """Yield every text with the key that it stands under, however deep."""
    for key, value in values.items():
        if key in FREE:
            continue
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, str):
                yield key, item
            elif isinstance(item, dict):
                yield from _names(item)


def _person(portfolio: Portfolio, key: str, name: str) -> None:
    people = portfolio.people
    if not is_named(name):
        raise EditRefused(f"`{key}`: {describe(name)} names nobody; clear it, or name a person")
    if name in people or not people:  # where nobody is listed, nobody can be missing
        return
    called = [p.record for p in people.values() if p.record.name.casefold() == name.casefold()]
    meant = f"; did you mean `{called[0].id}`?" if len(called) == 1 else ""
    guess = meant or did_you_mean(name, people)
    raise EditRefused(f"`{key}`: there is no person {describe(name)}{guess}")


def _known(kind: str, name: str, known: list[str], key: str) -> None:
    if name not in known:
        guess = did_you_mean(name, known)
        raise EditRefused(f"`{key}`: there is no {kind} {describe(name)}{guess}")


def _investments(portfolio: Portfolio) -> list[str]:
    return [i.record.id for u in portfolio.units.values() for i in u.investments]


def _outcomes(portfolio: Portfolio) -> list[str]:
    return [
        f"{i.record.id}/{o.record.id}"
        for u in portfolio.units.values()
        for i in u.investments
        for o in i.outcomes
    ]

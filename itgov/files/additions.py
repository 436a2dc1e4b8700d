"""New records in the files' lists, each as one change of one file: its place, its order, its checks.

Each function raises `EditRefused` where the record cannot be added or a value does not fit.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from itgov.files.edit import Add
from itgov.files.linked import Linked
from itgov.files.new_values import check_references, checked_values
from itgov.files.save import EditRefused
from itgov.files.subjects import FoundRecord, text_route
from itgov.files.write import FlowMapping, Plain, plain, scalar
from itgov.model.fields import distinctive, fields_of, keys
from itgov.model.fields import field as field_of
from itgov.model.finding import SubjectKind
from itgov.model.nobody import is_named
from itgov.model.portfolio import UnitEntry
from itgov.model.types import OrganisationFile, Person, Spend, UnitFile

Values = Mapping[str, Plain]
_LINE = 90
"""The longest record that stands on a line of its own."""
_PERSON_LINE = 110
"""The same of a person."""


class Addition(Struct, frozen=True):
    """A new item of a list in one file, as the file was read."""

    path: str
    raw: bytes
    change: Add


def added_item(
    linked: Linked, at: FoundRecord, field: str, record: Struct | Values, block: bool = False
) -> Addition:
    """Return a further item in a list of a record: a result, a year's spend, an outcome.

    Items that a day or a year tells apart are put in their order.  `block`: never on one line.
    """
    item = item_of(linked, at.subject.kind, field, record, at, block)
    asked = field_of(type(at.record), field)
    index = None
    known = distinctive(asked.record) if asked.record is not None else None
    if known is not None and (known.kind == "day" or asked.record is Spend):
        marks = [getattr(one, known.name) for one in getattr(at.record, asked.name)]
        index = _placed(linked, at.path, (*at.typed, field), place(marks, item[known.key]))
    order = keys(type(at.record))
    return Addition(at.path, at.raw, Add((*at.route, field), item, index, order))


def item_of(
    linked: Linked,
    kind: SubjectKind,
    field: str,
    record: Struct | Values,
    at: FoundRecord,
    block: bool = False,
) -> dict[str, Plain]:
    """Return a record of a list in the form in which it is written."""
    given: dict[str, Plain] = {field: [values_of(record)]}
    good = checked_values(kind, given, at.subject.id)
    check_references(linked.portfolio, kind, good, at.unit)
    items = good[field]
    item = items[0] if isinstance(items, list) else None
    if not isinstance(item, dict):
        raise EditRefused(f"{at.subject.id}: `{field}` cannot hold that")
    line = FlowMapping(item)
    return item if block or len(scalar(line)) > _LINE else line


def added_engagement(linked: Linked, entry: UnitEntry, engagement: Struct | Values) -> Addition:
    """Return a further engagement of a business unit, in the order of days that its file has."""
    unit = entry.record.id
    good = checked_values("engagement", values_of(engagement), f"the engagement of {unit}")
    day = good.get("date")
    if not isinstance(day, datetime.date):
        raise EditRefused(f"the engagement of {unit}: `date` is missing")
    check_references(linked.portfolio, "engagement", good, entry)
    near = sorted(entry.engagements, key=lambda e: e.record.date)
    before = [e for e in near if e.record.date <= day]
    path = (before[-1] if before else near[0]).source.path if near else (entry.paths or [""])[0]
    document = linked.documents.get(path)
    if document is None:
        raise EditRefused(f"no file has the business unit {unit}")
    days = [e.record.date for e in entry.engagements if e.source.path == path]
    index = _placed(linked, path, ("engagements",), place(days, day))
    return Addition(path, document.raw, Add(("engagements",), good, index, keys(UnitFile)))


def added_investment(linked: Linked, entry: UnitEntry, investment: Struct | Values) -> Addition:
    """Return a further investment of a business unit, after those that its file has."""
    values = values_of(investment)
    good = checked_values("investment", values, str(values.get("id", "the investment")))
    check_references(linked.portfolio, "investment", good, entry)
    path = (entry.paths or [""])[0]
    document = linked.documents.get(path)
    if document is None:
        raise EditRefused(f"no file has the business unit {entry.record.id}")
    return Addition(path, document.raw, Add(("investments",), good, None, keys(UnitFile)))


def added_person(linked: Linked, person: Person) -> Addition:
    """Return a further person, after those that there are.

    Raises EditRefused where the name or the id names nobody (`TBD`), the id is taken, a value does
    not fit, or no file is about the organisation.
    """
    portfolio = linked.portfolio
    if person.id in portfolio.people:
        known = portfolio.people[person.id].record.name
        raise EditRefused(f"the id `{person.id}` belongs to {known}; choose another")
    said = {k: v for k, v in plain(person).items() if v not in (None, [], {})}
    good = checked_values("person", said, person.id)
    check_references(portfolio, "person", good, None)
    for called, text in (("name", person.name), ("id", person.id)):
        if not is_named(text):
            raise EditRefused(f"{called}: `{text}` is a placeholder, not a person")
    sources = [e.source.path for e in portfolio.people.values()]
    path = sources[-1] if sources else portfolio.organisation.source.path
    document = linked.documents.get(path)
    if document is None:
        raise EditRefused(
            "no file has the organisation; add one, `organisation.yaml`, with its id and name"
        )
    first = document.find(("people", 0))
    in_braces = first is None or document.text[document.values[first]] == "{"
    line = FlowMapping(good)
    item = line if in_braces and len(scalar(line)) <= _PERSON_LINE else good
    return Addition(path, document.raw, Add(("people",), item, None, keys(OrganisationFile)))


def values_of(record: Struct | Values) -> dict[str, Any]:
    """Return what a record says, by the keys of its file."""
    if isinstance(record, Struct):
        names = {f.key: getattr(record, f.name) for f in fields_of(type(record))}
        return {k: v for k, v in names.items() if v is not None and v not in ([], {})}
    return {k: v for k, v in record.items() if v is not None and v not in ([], {})}


def place(marks: Sequence[Any], mark: Any) -> int | None:
    """Return before which of some days or years a new one goes, in the order that they have; None: last."""
    if len(marks) > 1 and list(marks) == sorted(marks, reverse=True) and marks[0] != marks[-1]:
        return next((i for i, other in enumerate(marks) if other <= mark), None)
    if list(marks) == sorted(marks):
        return next((i for i, other in enumerate(marks) if other > mark), None)
    return None


def _placed(
    linked: Linked, path: str, typed: tuple[str | int, ...], index: int | None
) -> int | None:
    """Return an index as the text has it."""
    if index is None:
        return None
    step = text_route(linked.documents[path], (*typed, index))[-1]
    return step if isinstance(step, int) else None

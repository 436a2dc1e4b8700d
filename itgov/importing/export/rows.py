"""The rows of an export: what each record of a portfolio puts into which table."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from itgov.importing.export.tables import ROOTS, Home, Root, Table, Value, is_keyed
from itgov.model.fields import Field
from itgov.model.portfolio import Portfolio, Source
from itgov.model.types import Record

Entry = tuple[Root, str, Record, Source, str | None]
"""A record: its root, its id, what it says, where it stands, the unit that it belongs to."""
_PLAIN_NUMBER = re.compile(r"-?\d+(\.\d+)?\Z")


def entries(
    portfolio: Portfolio, unit: str | None = None, root: Root | None = None
) -> Iterator[Entry]:
    """Yield the records that stand by themselves in files: all, or those of a business unit with
    the people and the organisation; of one root where it is given."""
    for each in ROOTS if root is None else (root,):
        yield from _of(portfolio, each, unit)


def _of(portfolio: Portfolio, root: Root, unit: str | None) -> Iterator[Entry]:
    if root.kind == "organisation":
        whole = portfolio.organisation
        if whole.source.path:
            yield root, whole.record.id, whole.record, whole.source, None
    elif root.kind == "person":
        for person in portfolio.people.values():
            yield root, person.record.id, person.record, person.source, None
    elif root.kind == "relationship_manager":
        for manager in portfolio.managers.values():
            yield root, manager.record.person, manager.record, manager.source, None
    for id_, entry in portfolio.units.items():
        if unit not in (None, id_):
            continue
        if root.kind == "business_unit":
            yield root, id_, entry.record, entry.source, id_
        elif root.kind == "investment":
            for item in entry.investments:
                yield root, item.record.id, item.record, item.source, id_
        elif root.kind == "engagement":
            for contact in entry.engagements:
                yield root, contact.id, contact.record, contact.source, id_


def rows_of(table: Table, portfolio: Portfolio, unit: str | None = None) -> Iterator[list[Value]]:
    """Yield the rows of a table of what files say, in the order of its columns."""
    for home in table.homes:
        for entry in entries(portfolio, unit, home.root):
            yield from rows_in(table, home, entry)


def rows_in(table: Table, home: Home, entry: Entry) -> Iterator[list[Value]]:
    """Yield what one record puts into a table."""
    _, id_, record, _, unit = entry
    if not home.steps:
        yield _row(table, {"id": id_, "business_unit": unit}, record, unit, id_)
        return
    for holder, value in _lists(record, id_, home.steps):
        field = home.steps[-1]
        if field.kind == "mapping":
            for key, each in value.items():
                yield [holder, key, *(_custom(each) if table.form == "custom" else [each])]
            continue
        for index, own, each in items_of(holder, field, value):
            number = index + 1
            if table.form == "value":
                yield [holder, number, each]
                continue
            about = {home.column: holder, "item": number}
            yield _row(table, about, each, unit, own)


def _lists(record: Any, id_: str, steps: tuple[Field, ...]) -> Iterator[tuple[str, Any]]:
    """Yield the lists that stand at a way, each with the id of what holds it."""
    value = getattr(record, steps[0].name)
    if not value:
        return
    if len(steps) == 1:
        yield id_, value
        return
    for _, own, each in items_of(id_, steps[0], value):
        yield from _lists(each, own, steps[1:])


def items_of(holder: str, field: Field, values: list[Any]) -> Iterator[tuple[int, str, Any]]:
    """Yield the items of a list with their index and id; of records with one id only the first, as
    in all figures."""
    keyed = field.record is not None and is_keyed(field.record)
    known: set[str] = set()
    for index, value in enumerate(values):
        own = holder
        if keyed:
            own = f"{holder}/{value.id}"
            if own in known:
                continue
            known.add(own)
        yield index, own, value


def _row(
    table: Table, about: dict[str, Value], record: Any, unit: str | None, own: str
) -> list[Value]:
    row: list[Value] = []
    for column in table.columns:
        if column.field is None:
            row.append(about.get(column.name))
            continue
        if column.name == "id":
            row.append(own)
            continue
        assert column.read is not None  # every field is read
        value = column.read(record)
        if value is not None and column.field.kind == "objective":
            value = f"{unit}/{value}"
        row.append(value)
    return row


def _custom(value: Any) -> list[str]:
    """Return the text and the form of a value of somebody's own."""
    if isinstance(value, str):
        return [value, "text"]
    if isinstance(value, bool):
        return ["true" if value else "false", "truth"]
    if isinstance(value, (int, float)):
        text = plain_number(value)
        return [f"{text}.0" if isinstance(value, float) and "." not in text else text, "number"]
    return [json.dumps(value, ensure_ascii=False), "json"]


def custom_value(text: str, form: str) -> Any:
    """Return a value of somebody's own from its text and form; raise ValueError where it is none."""
    if form == "text":
        return text
    if form == "number":
        if not _PLAIN_NUMBER.match(text):
            raise ValueError("is not a number (use 1234.5)")
        return float(text) if "." in text else int(text)
    if form == "truth" and text in ("true", "false"):
        return text == "true"
    if form == "json":
        return json.loads(text)
    raise ValueError("the form is not one of text, number, truth, json, or the value has another")


def plain_number(value: int | float) -> str:
    """Return a number with a point for decimals and without an exponent."""
    if isinstance(value, int):
        return str(value)
    if value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    return format(Decimal(repr(value)), "f")

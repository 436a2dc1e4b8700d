"""The rows of an export: what each record of a portfolio puts into which table."""

from __future__ import annotations

import json
from collections.abc import Iterator, Set
from decimal import Decimal
from typing import Any

from itgov.importing.export.tables import (
    ITEM,
    ROOTS,
    Home,
    Root,
    Table,
    Value,
    is_keyed,
    record_tables,
)
from itgov.model.fields import Field
from itgov.model.filtered import FoundItems
from itgov.model.portfolio import Portfolio, Route, Source
from itgov.model.types import Record

Entry = tuple[Root, str, Record, Source, str | None]
"""A record: its root, its id, what it says, where it stands, the unit that it belongs to."""


def entries(
    portfolio: Portfolio,
    unit: str | None = None,
    root: Root | None = None,
    found: FoundItems | None = None,
) -> Iterator[Entry]:
    """Yield the records that stand by themselves in files: all, or those of a business unit with
    the people and the organisation; of one root where it is given.  With `found` no other items."""
    for each in ROOTS if root is None else (root,):
        for entry in _of(portfolio, each, unit):
            if found is None or each.kind != "investment" or entry[1] in found.ids:
                yield entry


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


def placed_rows(
    table: Table,
    portfolio: Portfolio,
    unit: str | None,
    twins: Twins,
    found: FoundItems | None = None,
) -> Iterator[tuple[Home, Entry, Route, list[Value]]]:
    """Yield the rows of a table of what files say, in the order of its columns, with their places."""
    for home in table.homes:
        for entry in entries(portfolio, unit, home.root, found):
            for route, row in rows_in(table, home, entry):
                if not twins or (entry[0].table, entry[1], route[:2]) not in twins:
                    yield home, entry, route, row


Twins = Set[tuple[str, str, Route]]
"""Records of lists that are left out of all figures because an earlier one has the same whole id."""


def twins_of(portfolio: Portfolio) -> Twins:
    """Return the records of lists whose whole id another has: `a` with `b/c`, and `a/b` with `c`."""
    found: set[tuple[str, str, Route]] = set()
    for table in record_tables().values():
        if not table.homes[0].steps or table.key != ("id",):
            continue
        known: set[str] = set()
        for home, entry, route, row in placed_rows(table, portfolio, None, found):
            if row[0] in known:
                found.add((home.root.table, entry[1], route))
            known.add(row[0])
    return found


def rows_in(table: Table, home: Home, entry: Entry) -> Iterator[tuple[Route, list[Value]]]:
    """Yield what one record puts into a table, each row with the way to it in the record."""
    _, id_, record, _, unit = entry
    if not home.steps:
        yield (), _row(table, {"id": id_, "business_unit": unit}, record, unit, id_)
        return
    field = home.steps[-1]
    for route, holder, value in _lists(record, id_, home.steps):
        if field.kind == "mapping":
            for key, each in value.items():
                told = _custom(each) if table.form == "custom" else [each]
                yield (*route, key), [holder, key, *told]
            continue
        for index, own, each in items_of(holder, field, value):
            if table.form == "value":
                yield (*route, index), [holder, index + 1, each]
                continue
            about = {home.column: holder, ITEM: index + 1}
            yield (*route, index), _row(table, about, each, unit, own)


def _lists(
    record: Any, id_: str, steps: tuple[Field, ...], at: Route = ()
) -> Iterator[tuple[Route, str, Any]]:
    """Yield the lists that stand at a way: the way, the id of what holds it, and the list."""
    value = getattr(record, steps[0].name)
    if not value:
        return
    here = (*at, steps[0].key)
    if len(steps) == 1:
        yield here, id_, value
        return
    for index, own, each in items_of(id_, steps[0], value):
        yield from _lists(each, own, steps[1:], (*here, index))


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


def plain_number(value: int | float) -> str:
    """Return a number with a point for decimals and without an exponent."""
    if isinstance(value, int):
        return str(value)
    if value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    return format(Decimal(repr(value)), "f")

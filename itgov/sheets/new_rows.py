"""New rows of a sheet: what each is a part of, whether the files have it already, and what it adds."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from msgspec import Struct

from itgov.files.additions import Addition, added_engagement, added_investment, added_item
from itgov.files.linked import Linked
from itgov.files.write import Plain
from itgov.importing.values import BadCell, key_of, slug
from itgov.model.finding import Subject
from itgov.model.portfolio import UnitEntry
from itgov.sheets.incoming import NewRow
from itgov.sheets.pages import (
    ENGAGEMENTS,
    INVESTMENTS,
    OBJECTIVES,
    OUTCOMES,
    RESULTS,
    SPEND,
    UNITS,
    Worksheet,
)
from itgov.sheets.places import Places

_NUMBERED = re.compile(r"(.*?)(\d+)\Z")
_MOST_OF_ID = 60
_KEYED = {SPEND.name: "year", ENGAGEMENTS.name: "date"}
"""Pages whose rows are told apart by a field: the last part of their ids."""


class RowOf(Struct):
    """A new row whose place is known."""

    row: NewRow
    parent: str
    """The id of what it is a part of; empty for what stands by itself."""
    known: str | None
    """The id of the record of the files that it means, if they have it."""


def parent_of(row: NewRow, places: Places) -> str:
    """Return the id of what a row is a part of; raise BadCell where it is not clear.

    Where no cell names it, the row's own id may: `RET-001/2027` is a part of RET-001.
    """
    page = row.page
    if not page.parent or page.parent_page is None:
        return ""
    cell = row.at(page.about_field(page.parent))
    if page is RESULTS and row.id:
        return row.id
    if cell is None:
        return row.id.rpartition("/")[0]
    unit_cell = row.at(page.about_field("unit")) if page.parent != "unit" else None
    unit = places.named("units", str(unit_cell.value)) if unit_cell is not None else None
    if unit_cell is not None and unit is None:
        raise BadCell(f"is a part of the unit `{unit_cell.value}`, which is not there")
    found = places.named(page.parent_page, str(cell.value).strip(), unit)
    if found is None:
        where = f" of the unit {unit}" if unit is not None else ""
        raise BadCell(f"names no {page.parent}{where} in the files, by id or by name")
    return found


def known_record(
    row: NewRow, parent: str, values: dict[str, str], statement: str, places: Places
) -> str | None:
    """Return the id of the record that the files have for a row, if they do.

    `values` are what tells the records of the page apart; raises BadCell where it is not clear.
    """
    page = row.page
    if page is UNITS:
        return _own(row, places) or places.named("units", values.get("name", ""))
    if page is INVESTMENTS:
        return _own(row, places) or places.named("investments", values.get("title", ""), parent)
    if page in (OUTCOMES, OBJECTIVES):
        id_ = row.id if "/" in row.id else f"{parent}/{row.id}"
        if row.id and places.has(page, id_):
            return id_
        same = places.part_named(page, parent, statement)
        if same is not None and row.id:
            raise BadCell(f"says what {same} says; write that id, or other words")
        return same
    if page is SPEND:
        id_ = f"{parent}/{values.get('year', '')}"
        return id_ if places.has(page, id_) else None
    if page is ENGAGEMENTS:
        found = places.engagements_on(parent, values.get("date", ""))
        if len(found) > 1:
            raise BadCell(
                f"is one of {len(found)} engagements of {parent} on that day; write its id"
            )
        return found[0] if found else None
    return None


def _own(row: NewRow, places: Places) -> str | None:
    return row.id if row.id and places.has(row.page, row.id) else None


def key_in_id(row: NewRow) -> tuple[str, str] | None:
    """Return the field that the last part of a row's id gives a value, where no cell does."""
    field = _KEYED.get(row.page.name)
    if field is None or row.at(field) is not None or "/" not in row.id:
        return None
    return field, row.id.rpartition("/")[2]


def addition(
    page: Worksheet, parent: str, id_: str, values: dict[str, Plain], places: Places
) -> Addition:
    """Return the change that adds a record to the files.  Raises EditRefused."""
    linked = places.linked
    record = _nested(values)
    if page is INVESTMENTS:
        return added_investment(linked, _unit(linked, parent), {"id": id_, **record})
    if page is ENGAGEMENTS:
        return added_engagement(linked, _unit(linked, parent), record)
    at = places.found(Subject("investment" if page is OUTCOMES else page.kind, parent))
    if page is RESULTS or page is SPEND:
        return added_item(linked, at, page.name, record)
    last = id_.rpartition("/")[2]
    return added_item(linked, at, page.name, {"id": last, **record}, block=True)


def _unit(linked: Linked, id_: str) -> UnitEntry:
    return linked.portfolio.units[id_]


def _nested(values: dict[str, Plain]) -> dict[str, Plain]:
    """Return values of `satisfaction.score` and the like as mappings."""
    found: dict[str, Any] = {}
    for field, value in values.items():
        key, _, below = field.partition(".")
        if below:
            found.setdefault(key, {})[below] = value
        else:
            found[key] = value
    return found


class Ids:
    """Ids for records that a sheet gives none; none is given twice."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self.given: set[tuple[str, str]] = set()
        self._all = {i.record.id for i in places.linked.portfolio.investments()}
        self._last: dict[str, tuple[str, int, int]] = {}
        self._named: dict[tuple[str, str, str], str] = {}

    def name(self, row: NewRow, parent: str, name: str) -> None:
        """Note how a new record is called.

        Raises BadCell where a row above it is called so and it has no id of its own: next time
        nobody could say which of the two is meant.
        """
        key = (row.page.name, parent, key_of(name))
        first = self._named.setdefault(key, row.where)
        if first != row.where and not row.id:
            raise BadCell(
                f"says `{name[:60]}`, as {first} does; a further one needs an id of its own"
            )

    def take(self, page: Worksheet, id_: str) -> bool:
        """Say whether an id is free, and have it."""
        if (page.name, id_) in self.given or self.places.has(page, id_):
            return False
        self.given.add((page.name, id_))
        return True

    def make(self, page: Worksheet, parent: str, name: str) -> str:
        """Return the id of a new record, made from its name or its neighbours' ids."""
        if page is INVESTMENTS:
            return self._numbered(parent)
        stem = slug(name, _MOST_OF_ID)
        if not stem:
            raise BadCell("cannot be made into an id; write one in the column id")
        whole = f"{parent}/{stem}" if parent else stem
        id_, number = whole, 1
        while not self.take(page, id_):
            number += 1
            id_ = f"{whole}-{number}"
        return id_

    def _numbered(self, unit: str) -> str:
        """Return the next number after the ids of a unit's investments: RET-013 after RET-012."""
        if unit not in self._last:
            self._last[unit] = _pattern(self.places.linked, unit)
        stem, last, width = self._last[unit]
        while True:
            last += 1
            id_ = f"{stem}{last:0{width}}"
            if id_ not in self._all and self.take(INVESTMENTS, id_):
                self._last[unit] = stem, last, width
                return id_


def _pattern(linked: Linked, unit: str) -> tuple[str, int, int]:
    """Return what a unit's numbered ids begin with, their highest number and its digits."""
    entry = linked.portfolio.units.get(unit)
    ids = [i.record.id for i in entry.investments] if entry is not None else []
    numbered = [m for m in map(_NUMBERED.match, ids) if m is not None]
    if not numbered:
        letters = re.sub(r"[\W_]", "", unit).upper()
        return f"{letters[:3]}-", 0, 3
    stem = Counter(m[1] for m in numbered).most_common(1)[0][0]
    numbers = [m[2] for m in numbered if m[1] == stem and len(m[2]) < 12]
    return stem, max(map(int, numbers), default=0), max(map(len, numbers), default=3)

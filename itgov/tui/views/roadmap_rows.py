"""The rows of the roadmap: items with their dates in groups, their columns, and what is narrowed to."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import partial
from typing import Literal, get_args

from msgspec import Struct

from itgov.insight.due import this_quarter
from itgov.insight.due_types import Due, DueKind
from itgov.insight.items import Item
from itgov.insight.roadmap import ItemDates, dates_of
from itgov.model.filter_query import Query
from itgov.model.finding import item_of
from itgov.model.text import plural
from itgov.report.figures import UNKNOWN
from itgov.tui.background.idle_tasks import IdleTask
from itgov.tui.columns import ColumnOf, Columns
from itgov.tui.state.room import Room
from itgov.tui.state.time_axis import LATE, LETTERS
from itgov.tui.views.formatting import named
from itgov.tui.widgets.styled_text import Cell, Line, Span

Grouping = Literal["business unit", "objective", "nothing"]
GROUPINGS: tuple[Grouping, ...] = get_args(Grouping)
Narrowed = Literal["", "due this quarter", "overdue"]
NARROWINGS: tuple[Narrowed, ...] = get_args(Narrowed)
NO_DATES = "\nno dates"
"""The group of the items without any date, which is the last."""
_NO_OBJECTIVE = "\nno objective"
_NO_UNIT = "\nno unit"
_OF_NO_ITEM: frozenset[DueKind] = frozenset(["action", "step", "position"])
_LAST = {_NO_UNIT: 1, _NO_OBJECTIVE: 1, NO_DATES: 2}
_LONGEST_ID = 16


class RoadmapRow(Struct, frozen=True):
    """An item with its dates, and what of it is due that the row is listed for."""

    item: Item
    dates: ItemDates
    dues: tuple[Due, ...]
    """The earliest first."""


class Group(Struct):
    """Items that belong together; without a title they stand under no head of their own."""

    id: str
    title: str
    unit: str | None = None
    rows: list[str] = []
    late: int = 0
    """Items with something overdue."""
    others: list[Due] = []
    """What is due that is of no item: actions, and the dates of units and managers."""


def _due(r: RoadmapRow) -> Cell:
    if not r.dues:
        return ((UNKNOWN, "muted"),)
    due = r.dues[0]
    letter = next(LETTERS[m.kind] for m in r.dates.marks if m.kind == due.kind)
    if due.late:
        return ((f"{letter}{LATE} {due.day}", "error"),)
    return f"{letter}  {due.day}"


def _days(r: RoadmapRow) -> str:
    late = {True: ", overdue", False: ""}
    marks = ((m, late[m.late and m.kind != "dependency"]) for m in r.dates.marks)
    return "; ".join(f"{m.day} {m.words}{overdue}" for m, overdue in marks)


def _date(day: datetime.date | None) -> Cell:
    return day.isoformat() if day is not None else ((UNKNOWN, "muted"),)


def _by_day(day: datetime.date | None) -> datetime.date:
    return day or datetime.date.max


ROADMAP: Columns[RoadmapRow] = Columns(
    ColumnOf("id", "id", 7, flex=1, whole=_LONGEST_ID, cell=lambda r: r.item.id, sort=lambda r: r.item.id.lower()),
    ColumnOf("title", "title", 14, flex=3, whole=20, cell=lambda r: r.item.title, sort=lambda r: r.item.title.lower()),
    ColumnOf("owner", "outcome owner", 13, flex=1, drop=1, cell=lambda r: named(r.item.owner), sort=lambda r: (not r.item.owner, r.item.owner.lower())),
    ColumnOf("manager", "manager", 12, flex=1, drop=2, cell=lambda r: named(r.item.manager), sort=lambda r: (not r.item.manager, r.item.manager.lower())),
    ColumnOf("start", "start", 10, drop=4, cell=lambda r: _date(r.dates.start), sort=lambda r: _by_day(r.dates.start)),
    ColumnOf("end", "end", 10, drop=5, cell=lambda r: _date(r.dates.end), sort=lambda r: _by_day(r.dates.end)),
    ColumnOf("due", "next due", 13, cell=_due, sort=lambda r: _by_day(r.dues[0].day if r.dues else None)),
    ColumnOf("axis", "dates", 32, cell=_days),
)  # fmt: skip
_MEASURED: Columns[RoadmapRow] = Columns(*ROADMAP.shown[:-1])
"""The columns that are as wide as what stands in them: all but the axis."""


class RoadmapRows:
    """The items of one state of the portfolio with their dates, by id."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.entries = {i.id: i.entry for i in room.items.values()}
        self.rows = {i.id: self._row(i) for i in room.items.values()}
        self.late = frozenset(i.id for i in room.items.values() if i.is_overdue)
        """The items with something overdue."""
        self._ordered: dict[tuple[str, bool], list[str]] = {}
        self._grouped: dict[Grouping, Mapping[str, Group]] = {}
        self.quarter = this_quarter(room.portfolio)
        known = [day for row in self.rows.values() for day in row.dates.days]
        self.days = [min([room.today, *known]), max([room.today, *known])]
        """The first and the last day of all, the as-of date among them."""
        self.measured = _MEASURED.measured(self.rows.values())
        """How wide what stands in the columns is."""

    def _row(self, item: Item) -> RoadmapRow:
        dues = tuple(sorted(item.dues, key=lambda due: due.day))
        return RoadmapRow(item, dates_of(item.entry, dues, self.entries), dues)

    def ordered(self, column: str, down: bool) -> list[str]:
        """Return all rows in the order of a column."""
        if (column, down) not in self._ordered:
            by = ROADMAP.sorts[column]
            self._ordered[column, down] = sorted(
                self.rows, key=lambda row: by(self.rows[row]), reverse=down
            )
        return self._ordered[column, down]

    def select(
        self, sought: Query, narrowed: Narrowed, sort: tuple[str, bool]
    ) -> Mapping[str, RoadmapRow]:
        """Return the rows that a filter finds in the order of a column.

        Narrowed, a row has no more due than it is listed for.
        """
        found = self.room.item_filter.select(sought, self.ordered(*sort))
        if not narrowed:
            return {row: self.rows[row] for row in found}
        kept: dict[str, RoadmapRow] = {}
        for name in found:
            row = self.rows[name]
            dues = tuple([due for due in row.dues if self.is_wanted(due, narrowed)])
            if dues:
                kept[name] = RoadmapRow(row.item, row.dates, dues)
        if sort[0] == "due":  # of what is due, an earlier one may not be listed
            order = sorted(kept.items(), key=lambda k: k[1].dues[0].day, reverse=sort[1])
            return dict(order)
        return kept

    def is_wanted(self, due: Due, narrowed: Narrowed) -> bool:
        """Say whether something that is due belongs to what is narrowed to."""
        if not narrowed:
            return True
        if narrowed == "overdue":
            return due.late
        return self.quarter[0] <= due.day <= self.quarter[1]

    def groups(
        self, rows: Iterable[str], grouping: Grouping, narrowed: Narrowed = ""
    ) -> list[Group]:
        """Return rows in groups by name, their order kept; those without any date come last.

        Where they are narrowed to what is due, units have what is due of no item beside them.
        """
        groups = {group.id: group for group in self._groups_of_others(grouping, narrowed)}
        keys = self._keys(grouping)
        for name in rows:
            key = keys[name]
            group = groups.get(key.id)
            if group is None:
                group = groups[key.id] = Group(key.id, key.title, key.unit)
            group.rows.append(name)
            group.late += name in self.late
        return sorted(groups.values(), key=lambda g: (_LAST.get(g.id, 0), g.title.lower(), g.id))

    def _keys(self, grouping: Grouping) -> Mapping[str, Group]:
        """Return by row an empty group that says to which it belongs."""
        if grouping not in self._grouped:
            self._grouped[grouping] = {
                name: self._group_of(row, grouping) for name, row in self.rows.items()
            }
        return self._grouped[grouping]

    def idle_tasks(self) -> Iterator[IdleTask]:
        """Yield what can be done before somebody sorts, groups or asks for what is due."""
        yield lambda: self.room.dues
        for grouping in GROUPINGS:
            yield partial(self._keys, grouping)
        for column in ROADMAP.sorts:
            yield partial(self.ordered, column, False)

    def others(self, narrowed: Narrowed) -> list[Due]:
        """Return what is due that is of no item."""
        return [
            due
            for due in self.room.dues
            if due.kind in _OF_NO_ITEM or item_of(due.subject) is None
            if self.is_wanted(due, narrowed)
        ]

    def _groups_of_others(self, grouping: Grouping, narrowed: Narrowed) -> Iterator[Group]:
        if not narrowed or grouping != "business unit":
            return
        by_unit: dict[str | None, list[Due]] = {}
        for due in self.others(narrowed):
            by_unit.setdefault(due.unit, []).append(due)
        for unit, dues in by_unit.items():
            if unit is None:
                yield Group(_NO_UNIT, "Organisation and managers", others=dues)
            else:
                yield Group(f"\n{unit}", self.room.unit_name(unit), unit, others=dues)

    def _group_of(self, row: RoadmapRow, grouping: Grouping) -> Group:
        item = row.item
        if not row.dates.is_dated:
            return Group(NO_DATES, "No dates")
        if grouping == "nothing":
            return Group("", "")
        if grouping == "business unit":
            return Group(f"\n{item.unit}", item.unit_name, item.unit)
        objective = item.entry.record.objective
        if not objective:
            return Group(_NO_OBJECTIVE, "No objective")
        known = self.room.portfolio.units[item.unit].record.objectives
        words = next((o.statement for o in known if o.id == objective), None) or objective
        return Group(f"\n{item.unit}\n{objective}", f"{words} ({item.unit_name})", item.unit)


def group_name(group: Group) -> Line:
    """Return a group's name with how many items it has, how many are overdue, and what else is due."""
    count: tuple[Span, ...] = ((f"  {len(group.rows):,}", "muted"),)
    late: Span = (f"{group.late:,} overdue", "warning")
    if group.late:
        count = (("  ", ""), late) if group.late == len(group.rows) else (*count, (", ", ""), late)
    others = f", {plural(len(group.others), 'other date')}" if group.others else ""
    return ((group.title, "strong"), *count, (others, "muted"))


def title_words(
    known: RoadmapRows,
    shown: Collection[RoadmapRow],
    grouping: Grouping,
    narrowed: Narrowed,
    *,
    filtered: bool,
) -> str:
    """Return what the list says of itself: how much of what it shows, and what no axis can show."""
    count = f"{len(shown):,}"
    if filtered or narrowed:
        count += f" of {len(known.rows):,}"
    name = narrowed.capitalize() or "Roadmap"
    until = f", to {known.quarter[1]}" if narrowed == "due this quarter" else ""
    grouped = f" by {grouping}" if grouping != "nothing" else ""
    parts = [f"{name}{until}: {count}{grouped}"]
    if narrowed and (filtered or grouping != "business unit"):
        others = len(known.others(narrowed))
        parts += [f"{plural(others, 'date')} of units and managers not listed"] if others else []
    undated = sum(not row.dates.is_dated for row in shown)
    if undated and not narrowed:
        parts.append(f"{undated:,} without dates")
    end_first = sum(row.dates.is_reversed for row in shown)
    if end_first and not narrowed:
        parts.append(f"{end_first:,} with the end before the start")
    return ", ".join(parts)

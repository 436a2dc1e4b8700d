"""Line of sight as rows: spend, investments, outcomes, results, and how a scope limits them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal

from msgspec import Struct

from itgov.insight.reach_sums import ReachSum, parts_of
from itgov.insight.value_types import (
    Buckets,
    MoneyLine,
    OutcomeNode,
    ResultNode,
    ValueReport,
)
from itgov.model.filter_query import Query
from itgov.model.portfolio import OutcomeEntry
from itgov.model.types import Investment
from itgov.report.value_document import objectives_of
from itgov.tui.state.room import Room
from itgov.tui.state.row_filter import RowFilter
from itgov.tui.state.selection import ALL
from itgov.tui.views.value_columns import Chain, ItemRow, searched, tree_measured
from itgov.tui.widgets.column_layout import Measured

Tab = Literal["unit", "purpose", "objective", "year", "to date"]
TABS: tuple[Tab, ...] = ("unit", "purpose", "objective", "year", "to date")
UNLINKED = "unlinked"
"""The group of all spend that leads to no outcome."""


class MoneyScope(Struct, frozen=True):
    """Which money is looked at: all of it, or that of one line of a tab."""

    tab: Tab = "unit"
    id: str = ALL

    def amounts(self, record: Investment, fiscal_year: int) -> tuple[float, float] | None:
        """Return budget and actual that count of an item; None where it has no part in it."""
        years = {int(self.id)} if self.tab == "year" and self.id != ALL else None
        rows = [
            s
            for s in record.spend
            if (s.year in years if years is not None else s.year <= fiscal_year)
        ]
        if not rows:
            return None
        return sum(s.budget or 0 for s in rows), sum(s.actual or 0 for s in rows)


class ValueRow(Struct, frozen=True):
    """A row of the tree: a group or unit, an item, an outcome or a result."""

    key: str
    depth: int
    unit: str
    item: ItemRow | None = None
    outcome: OutcomeNode | None = None
    entry: OutcomeEntry | None = None
    result: ResultNode | None = None


class ValueGroup(Struct):
    """The items of a unit, or all that lead nowhere, with their money."""

    key: str
    unit: str
    name: str
    items: list[ItemRow]
    budget: Buckets
    actual: Buckets


class ValueRows:
    """The chains of one room, ready to be limited, filtered and opened."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.report: ValueReport = room.value
        self.objectives = objectives_of(self.report)
        self.items: dict[str, ItemRow] = {}
        self.of_unit: dict[str, list[ItemRow]] = {}
        for unit in room.portfolio.units.values():
            node = room.tree[unit.record.id]
            rows = self.of_unit[unit.record.id] = []
            for item, entry in zip(node.items, unit.investments, strict=True):
                key = unique(f"i\n{item.id}", self.items)
                self.items[key] = ItemRow(key, item, entry, unit, room.portfolio.people)
                rows.append(self.items[key])
        search = [(key, each) for key, row in self.items.items() for each in searched(row)]
        self.row_filter = RowFilter((n, each) for n, (_, each) in enumerate(search))
        self.chains = {key: Chain(row) for key, row in self.items.items()}
        self._found_in = [key for key, _ in search]
        """The item of each row of the row filter: it has one for each of its outcomes."""
        self._ranks: dict[str, int] = {}
        self._inside: dict[MoneyScope, frozenset[str]] = {}
        self.counted_less = {o: c for c in self.report.claims for o in c.others}

    def measured(self) -> Measured:
        """Return how wide the cells of the tree are."""
        return tree_measured(self.items.values())

    def put_in_order(self, keys: Iterable[str]) -> None:
        """Have the items of every group in the order of their keys from now on."""
        self._ranks = {key: place for place, key in enumerate(keys)}
        for rows in self.of_unit.values():
            rows.sort(key=self._rank)

    def _rank(self, row: ItemRow) -> int:
        return self._ranks.get(row.key, 0)

    def lines(self, tab: Tab) -> dict[str, MoneyLine]:
        """Return the lines of a tab by row, all of it first."""
        report = self.report
        found: Mapping[Tab, Sequence[MoneyLine]] = {
            "unit": report.units,
            "purpose": report.purposes,
            "objective": self.objectives,
            "year": report.years,
            "to date": [report.to_date],
        }
        return {ALL: report.total, **{line.id or f"no {tab}": line for line in found[tab]}}

    def groups(self, scope: MoneyScope, sought: Query) -> tuple[list[ValueGroup], int]:
        """Return the units of a scope with what a filter finds in them, and how much there is.

        Those with most unlinked spend come first; before them all unlinked spend, where there is
        more than one unit.
        """
        groups: list[ValueGroup] = []
        total = 0
        hits = self.row_filter.select(sought) if sought.words else ()
        found = {self._found_in[hit] for hit in hits}
        one = scope.id if scope.tab == "unit" and scope.id != ALL else None
        everything = scope.id == ALL or one is not None
        for unit, rows in self.of_unit.items():
            if one not in (None, unit):
                continue
            within = rows if everything else [r for r in rows if self.amounts(scope, r) is not None]
            total += len(within)
            shown = [row for row in within if row.key in found] if sought.words else list(within)
            if shown or (not sought.words and (within or scope.id in (ALL, unit))):
                entry = self.room.portfolio.units[unit].record
                groups.append(self._group(f"u\n{unit}", unit, entry.name or unit, shown, scope))
        groups.sort(key=lambda g: (-g.budget.none, -g.actual.none, g.name.lower(), g.unit))
        lost = [row for g in groups for row in g.items if row.node.reach == "none"]
        lost.sort(key=self._rank)
        if lost and len(groups) > 1:
            name = "Spend without an outcome"
            groups.insert(0, self._group(UNLINKED, "", name, lost, scope))
        return groups, total

    def amounts(self, scope: MoneyScope, row: ItemRow) -> tuple[float, float] | None:
        """Return budget and actual of an item in a scope; None where it is not in it."""
        if scope.id == ALL or scope.tab == "unit":
            return row.node.budget, row.node.actual
        record = row.entry.record
        if scope.tab == "purpose":
            inside = (record.purpose or "no purpose") == scope.id
        elif scope.tab == "objective":
            inside = row.objective == scope.id
        else:
            return scope.amounts(record, self.report.fiscal_year)
        return (row.node.budget, row.node.actual) if inside else None

    def inside(self, scope: MoneyScope) -> frozenset[str]:
        """Return the ids of the items in a scope."""
        known = self._inside.get(scope)
        if known is None:
            if scope.tab == "unit" and scope.id != ALL:
                rows: Iterable[ItemRow] = self.of_unit.get(scope.id, ())
            else:
                rows = (r for r in self.items.values() if self.amounts(scope, r) is not None)
            known = self._inside[scope] = frozenset(r.node.id for r in rows)
        return known

    def _group(
        self, key: str, unit: str, name: str, rows: list[ItemRow], scope: MoneyScope
    ) -> ValueGroup:  # fmt: skip
        money = ReachSum()
        whole = scope.id == ALL or scope.tab == "unit"
        for row in rows:
            node = row.node
            amounts = (node.budget, node.actual) if whole else self.amounts(scope, row)
            if amounts is not None:
                money.add(row.split, parts_of(amounts[0]), parts_of(amounts[1]))
        return ValueGroup(key, unit, name, rows, money.budgets, money.actuals)


def unique(key: str, known: Mapping[str, object]) -> str:
    """Return a key that is not taken: an id used twice is a finding, not a reason to lose a row."""
    made, count = key, 1
    while made in known:
        count += 1
        made = f"{key}#{count}"
    return made


def rows_of(group: ValueGroup, opened: set[str], order: Sequence[ItemRow]) -> Iterator[ValueRow]:
    """Yield the rows of a group: itself, and under what is open its items, outcomes, results."""
    yield ValueRow(group.key, 0, group.unit)
    if group.key not in opened:
        return
    for item in order:
        key = f"{group.key}\n{item.key}" if group.key == UNLINKED else item.key
        yield ValueRow(key, 1, item.unit, item)
        if key not in opened:
            continue
        known: dict[str, object] = {}
        for outcome, entry in zip(item.node.outcomes, item.entry.outcomes, strict=True):
            of = unique(f"{key}\no\n{outcome.id}", known)
            known[of] = True
            yield ValueRow(of, 2, item.unit, item, outcome, entry)
            if of in opened:
                for index, result in enumerate(outcome.results):
                    yield ValueRow(f"{of}\n{index}", 3, item.unit, item, outcome, entry, result)


def shape_of(row: ValueRow, opened: set[str]) -> tuple[int, bool | None]:
    """Return a row's depth, and whether it is open; None where nothing is under it."""
    under: bool
    if row.result is not None:
        under = False
    elif row.outcome is not None:
        under = bool(row.outcome.results)
    else:
        under = row.item is None or bool(row.item.node.outcomes)
    return row.depth, (row.key in opened) if under else None


def line_name(tab: Tab, row: str) -> str:
    """Return what the names of the figures of a line begin with, as `itgov why` has them."""
    if row == ALL:
        return ""
    names: dict[Tab, str] = {
        "purpose": f"purposes.{'none' if row == 'no purpose' else row}",
        "objective": f"objectives.{row}",
        "year": f"years.{row}",
        "to date": "to_date",
    }
    return names.get(tab, "")

"""The columns of the line of sight as a tree: what stands in them, is sorted by, and is found."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from msgspec import Struct

from itgov.insight.items import holder_value, name_of
from itgov.insight.reach_sums import split_of
from itgov.insight.value_types import ItemNode
from itgov.model.fields import field
from itgov.model.filter_query import Searchable, Value
from itgov.model.portfolio import InvestmentEntry, OutcomeEntry, PersonEntry, UnitEntry
from itgov.model.reach import REACHES
from itgov.model.types import Investment
from itgov.report.figures import UNKNOWN
from itgov.tui.columns import ColumnOf, Columns, filter_only
from itgov.tui.views.figures import money, part
from itgov.tui.views.formatting import named
from itgov.tui.widgets.column_layout import Measured
from itgov.tui.widgets.styled_text import Cell

CHAIN = 15
"""Columns of how far a chain reaches."""


class ItemRow:
    """An investment or service of the tree, with what a filter looks at."""

    __slots__ = ("entry", "key", "node", "objective", "people", "split", "unit", "unit_name")

    def __init__(
        self,
        key: str,
        node: ItemNode,
        entry: InvestmentEntry,
        unit: UnitEntry,
        people: Mapping[str, PersonEntry],
    ) -> None:
        self.key = key
        self.node = node
        self.entry = entry
        self.unit = unit.record.id
        known = {o.id for o in unit.record.objectives}
        objective = entry.record.objective
        self.objective = f"{self.unit}/{objective if objective in known else ''}"
        self.unit_name = unit.record.name or ""
        self.people = people
        self.split = split_of(entry)

    @property
    def owner(self) -> str:
        """The name of its outcome owner, or nothing."""
        return name_of(self.entry.record.outcome_owner, self.people)

    @property
    def manager(self) -> str:
        """The name of its relationship manager, or nothing."""
        return name_of(self.entry.record.relationship_manager, self.people)


class Chain(Struct, frozen=True):
    """An item, and one of its outcomes where it is about one: what is sorted, and what is found."""

    item: ItemRow
    outcome: OutcomeEntry | None = None


def searched(item: ItemRow) -> Iterator[Searchable]:
    """Yield what a filter looks at, for each outcome."""
    head = f"{item.node.id}\n{item.node.title}\n{item.unit_name}\n{item.unit}\n"
    outcomes: Sequence[OutcomeEntry | None] = item.entry.outcomes or (None,)
    for outcome in outcomes:
        yield TREE.searchable(Chain(item, outcome), _words(head, outcome))


def _words(head: str, outcome: OutcomeEntry | None) -> str:
    if outcome is None:
        return head.lower()
    record = outcome.record
    return f"{head}{record.id}\n{record.statement or ''}\n{record.measure or ''}".lower()


def _of_outcome(find: Callable[[OutcomeEntry], Value]) -> Callable[[Chain], Value]:
    return lambda c: find(c.outcome) if c.outcome is not None else None


def _due(outcome: OutcomeEntry) -> Value:
    day = outcome.record.due
    return day.isoformat() if day is not None else ""


def _written(key: str) -> ColumnOf[Chain]:
    return filter_only(key, lambda c: str(getattr(c.item.entry.record, key) or "").lower())


class TreeCells(Struct, frozen=True, kw_only=True):
    """What a row of the tree says: a group, an item, an outcome or a result."""

    what: Cell
    owner: Cell = ""
    manager: Cell = ""
    reach: Cell = ""
    budget: str = ""
    share: Cell = ""
    actual: str = ""
    due: Cell = ""
    planned: str = ""
    realised: str = ""


class TreeColumn(ColumnOf[Chain], frozen=True, kw_only=True):
    """A column of the tree: `shown` is what stands in it, whatever a row is about."""

    shown: Callable[[TreeCells], Cell]


def _reach(chain: Chain) -> Value:
    """Return how far an outcome reaches, or an item without one."""
    facts = chain.outcome.facts if chain.outcome is not None else chain.item.entry.facts
    return facts.line_of_sight


def _holder(name: str) -> Callable[[Chain], Value]:
    return lambda c: holder_value(c.item.entry.record, name, c.item.people)


_MET = {True: "yes", False: "no", None: ""}
TREE: Columns[Chain] = Columns(
    TreeColumn("what", "spend → result", 24, shown=lambda t: t.what, flex=4, sort=lambda c: c.item.node.id.lower()),
    filter_only("unit", lambda c: f"{c.item.unit}\n{c.item.unit_name}".lower()),
    TreeColumn(
        "owner", field(Investment, "outcome_owner").label, 10, shown=lambda t: t.owner, flex=1,
        sort=lambda c: (not c.item.owner, c.item.owner.lower()), find=_holder("outcome_owner"),
    ),
    TreeColumn(
        "manager", "manager", 10, shown=lambda t: t.manager, flex=1,
        sort=lambda c: (not c.item.manager, c.item.manager.lower()),
        find=_holder("relationship_manager"),
    ),
    TreeColumn(
        "reach", "line of sight", CHAIN, shown=lambda t: t.reach, find=_reach,
        legend=("! overdue, faded or stale",),
        sort=lambda c: (REACHES.index(c.item.node.reach), -c.item.node.budget, c.item.key),
    ),
    filter_only("id", lambda c: c.item.node.id.lower()),
    filter_only("title", lambda c: c.item.node.title.lower()),
    *(_written(key) for key in ("purpose", "objective", "stage", "type")),
    TreeColumn(
        "budget", "budget", 7, shown=lambda t: t.budget, right=True,
        sort=lambda c: -c.item.node.budget, find=lambda c: float(c.item.node.budget), holds="amount",
    ),
    TreeColumn("share", "share", 5, shown=lambda t: t.share, right=True, drop=4),
    TreeColumn(
        "actual", "actual", 7, shown=lambda t: t.actual, right=True, drop=2,
        sort=lambda c: -c.item.node.actual, find=lambda c: float(c.item.node.actual), holds="amount",
    ),
    filter_only("spend", lambda c: float(c.item.entry.facts.spend_total), holds="amount"),
    TreeColumn("due", "due", 19, shown=lambda t: t.due, drop=6, find=_of_outcome(_due), holds="day"),
    TreeColumn("planned", "planned", 7, shown=lambda t: t.planned, right=True, drop=5, find=_of_outcome(lambda o: float(o.facts.planned_to_date)), holds="amount"),
    TreeColumn(
        "realised", "realised", 8, shown=lambda t: t.realised, right=True, drop=3,
        find=_of_outcome(lambda o: float(o.facts.realised_to_date)), holds="amount",
    ),
    filter_only("overdue", _of_outcome(lambda o: "yes" if o.facts.overdue else "")),
    filter_only("faded", _of_outcome(lambda o: "yes" if o.facts.faded else "")),
    filter_only("stale", _of_outcome(lambda o: "yes" if o.facts.stale else "")),
    filter_only("met", _of_outcome(lambda o: _MET[o.facts.met])),
    filter_only("measure", _of_outcome(lambda o: (o.record.measure or "").lower())),
    filter_only("withheld", lambda c: "\n".join(c.item.node.withheld)),
    filter_only("claimed", _of_outcome(lambda o: "twice" if o.facts.same_claim_as else "once")),
)  # fmt: skip


def tree_cells(told: TreeCells) -> tuple[Cell, ...]:
    """Return the cells of a row."""
    return tuple([c.shown(told) for c in TREE.shown if isinstance(c, TreeColumn)])


def tree_measured(items: Collection[ItemRow]) -> Measured:
    """Return how wide the cells of all rows are, open or not: of names, and of what no amount exceeds."""
    outcomes = [o for i in items for o in i.node.outcomes]
    moneys = [m for i in items for m in (i.node.money, *(o.money for o in i.node.outcomes))]
    results = [r.value for o in outcomes for r in o.results if r.value is not None]
    spend = [s for i in items for s in i.entry.record.spend]
    amounts: dict[str, set[Cell]] = {
        "budget": _sums([s.budget or 0 for s in spend]),
        "actual": _sums([s.actual or 0 for s in spend]),
        "planned": _each([m.planned_to_date for m in moneys if m.planned_to_date]),
        "realised": _each([*(m.realised_to_date for m in moneys if m.realised_to_date), *results]),
    }
    dues = {o.facts.overdue for i in items for o in i.entry.outcomes if o.record.due is not None}
    titles = (f"    {i.node.id} {i.node.title}{withheld(i.node)}" for i in items)
    known: dict[str, set[Cell]] = amounts | {
        "what": {max(titles, key=len, default="")},
        "owner": {named(i.owner) for i in items},
        "manager": {named(i.manager) for i in items},
        "reach": {"█" * CHAIN},
        "share": {share(-_MOST, 1)},
        "due": {f"2026-12-31{', overdue' if late else ''}" for late in dues},
    }
    return Measured([known[column.key] for column in TREE.shown])


def withheld(node: ItemNode) -> str:
    """Return which fields of an item are not published, as it stands after the title."""
    return f"  withheld: {', '.join(node.withheld)}" if node.withheld else ""


def share(amount: float, whole: float) -> Cell:
    """Return what part of a whole an amount is; unknown where what it is a part of cancels out."""
    known = whole > 0 and abs(amount) <= _MOST * whole
    return part(amount, whole) if known else UNKNOWN


def _sums(amounts: Sequence[float]) -> set[Cell]:
    """Return the cells that none is wider than of amounts, and of sums of any of them."""
    return (
        _each([sum(a for a in amounts if a < 0), sum(a for a in amounts if a > 0)])
        if any(amounts)
        else set()
    )


def _each(amounts: Sequence[float]) -> set[Cell]:
    """Return the cells that none is wider than of amounts."""
    return {money(min(amounts)), money(max(amounts)), _WIDEST} if amounts else set()


_WIDEST = "-999.9m"
"""What no amount under a billion is wider than; above, the larger is the wider."""
_MOST = 9.99
"""The largest share of a whole that is shown: with refunds, a part can be more than the whole."""

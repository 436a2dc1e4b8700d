"""The rows of the home view: units and investments, their columns, their order, and what is found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from operator import attrgetter

from msgspec import Struct

from itgov.insight.health_types import CapInForce, UnitHealth
from itgov.insight.items import ITEM_FIELDS, FindingCounts, Item
from itgov.model.fields import choices, field
from itgov.model.filter_query import Query
from itgov.model.finding import SEVERITIES
from itgov.model.nobody import is_named
from itgov.model.portfolio import UnitEntry
from itgov.model.text import plural
from itgov.model.types import Investment
from itgov.model.unit_facts import BusinessUnitFacts, OrganisationFacts
from itgov.report.figures import UNKNOWN
from itgov.report.figures import money as written_money
from itgov.report.health_words import reason_words
from itgov.tui.background.idle_tasks import IdleTask
from itgov.tui.columns import ColumnOf, Columns
from itgov.tui.state.room import Room
from itgov.tui.state.row_filter import RowFilter
from itgov.tui.state.selection import ALL
from itgov.tui.views.figures import money, percent, points, score
from itgov.tui.views.formatting import (
    COUNTS_LEGEND,
    MOVED_LEGEND,
    band,
    confidence,
    counts,
    named,
    score_moved,
)
from itgov.tui.views.health_rows import best_step
from itgov.tui.widgets.styled_text import Cell, Exact

MONTHS = 9
"""Months over which a unit's score is compared."""
_LONGEST_ID = 16
"""Columns that ids get: they are what people say aloud, so they are cut last."""
_UNTOLD: Cell = ((UNKNOWN, "muted"),)


class UnitRow(Struct, frozen=True):
    """A business unit as a row, or all of them where `id` is `ALL`."""

    id: str
    room: Room
    name: Cell
    facts: BusinessUnitFacts | OrganisationFacts
    health: UnitHealth | None
    findings: FindingCounts
    roomy: bool = False
    """Whether there is room for large counts as they are."""


def unit_row(room: Room, row: str, roomy: bool = False) -> UnitRow:
    """Return a business unit as a row, or all of them."""
    if row == ALL:
        facts = room.portfolio.organisation.facts
        return UnitRow(row, room, ((room.name, "strong"),), facts, None, room.counts, roomy)
    unit = room.portfolio.units[row]
    found = room.counts_in(row)
    name = unit.name
    return UnitRow(row, room, name, unit.facts, room.health_of.get(row), found, roomy)


def _change(u: UnitRow) -> Cell:
    """Return how the score has changed since the first of the last months, where both are known."""
    scores = u.room.scores_of.get(u.id, ())[-MONTHS:]
    if len(scores) < 2:
        return ""
    return score_moved(scores[0], scores[-1])


def _no_outcome(u: UnitRow) -> Cell:
    """Return the share of spend that leads to no outcome."""
    whole = u.facts.spend_total
    return percent(u.facts.spend_without_outcome / whole) if whole else UNKNOWN


def _step(u: UnitRow) -> Cell:
    step = best_step(u.health) if u.health is not None else None
    if step is None:
        return ((UNKNOWN, "muted"),) if u.id != ALL else ""
    if isinstance(step, CapInForce):
        return step.because
    rule = u.room.rules.get(step.finding.rule)
    return rule.heading if rule is not None else step.finding.message


def _gained(u: UnitRow) -> Cell:
    step = best_step(u.health) if u.health is not None else None
    return ((points(step.points), "ok"),) if step is not None else ""


def _health(show: Callable[[UnitHealth | None], Cell]) -> Callable[[UnitRow], Cell]:
    return lambda u: "" if u.id == ALL else show(u.health)


UNITS: Columns[UnitRow] = Columns(
    ColumnOf("unit", "business unit", 14, flex=3, cell=lambda u: u.name),
    ColumnOf("band", "band", 11, cell=_health(lambda h: band(h.band if h else None))),
    ColumnOf(
        "score", "score", 5, right=True, drop=1,
        cell=_health(lambda h: score(h.score) if h else UNKNOWN),
    ),
    ColumnOf(
        "reason", "reason, points lost", 19, flex=3, drop=3,
        cell=_health(lambda h: reason_words(h) if h else UNKNOWN),
    ),
    ColumnOf("step", "best next step", 18, flex=4, cell=_step),
    ColumnOf("gained", "gained", 6, right=True, cell=_gained),
    ColumnOf("change", "change", 7, right=True, drop=7, legend=MOVED_LEGEND, cell=lambda u: "" if u.id == ALL else _change(u)),
    ColumnOf("findings", "findings", 10, right=True, drop=2, cell=lambda u: counts(u.findings, u.roomy), legend=COUNTS_LEGEND),
    ColumnOf("spend", "spend", 7, right=True, drop=4, cell=lambda u: money(u.facts.spend_total)),
    ColumnOf("sight", "no outcome", 10, right=True, drop=8, cell=_no_outcome),
)  # fmt: skip


def _label(key: str) -> str:
    return field(Investment, key).label


def _by_choice(key: str, *, down: bool = False) -> Callable[[Item], int]:
    """Return what sorts by the order in which a type names its choices; others come last."""
    known = choices(Investment, key)
    places = {word: n for n, word in enumerate(reversed(known) if down else known)}
    name = field(Investment, key).name
    return lambda i: places.get(getattr(i.entry.record, name) or "", len(places))


def _improved(i: Item) -> Cell:
    improved, outcomes = i.improved
    if not outcomes:
        return (("none", "error"),)
    return Exact(f"{improved}/{outcomes}", f"{improved} of {outcomes}")  # `1/2` is a day elsewhere


def _review(i: Item) -> Cell:
    if not i.review_overdue:
        return i.next_review
    return ((Exact(f"{i.next_review} overdue", i.next_review), "warning"),)


ITEMS: Columns[Item] = Columns(
    ColumnOf(
        "id", _label("id"), 7, flex=1, whole=_LONGEST_ID,
        cell=lambda i: i.id, sort=lambda i: i.id.lower(),
    ),
    ColumnOf(
        "title", _label("title"), 14, flex=3,
        cell=lambda i: i.title, sort=lambda i: i.title.lower(),
    ),
    ColumnOf(
        "stage", _label("stage"), 10, drop=6,
        cell=lambda i: i.stage or _UNTOLD, sort=_by_choice("stage"),
    ),
    ColumnOf(
        "owner", _label("outcome_owner"), 12, flex=2,
        cell=lambda i: named(i.owner), sort=lambda i: (not i.owner, i.owner.lower()),
        follows_from=attrgetter("owner"),
    ),
    ColumnOf(
        "manager", "manager", 12, flex=2,
        cell=lambda i: named(i.manager), sort=lambda i: (not i.manager, i.manager.lower()),
        follows_from=attrgetter("manager"),
    ),
    ColumnOf(
        "confidence", _label("confidence"), 13, drop=7,
        cell=lambda i: confidence(i.confidence), sort=_by_choice("confidence", down=True),
        follows_from=attrgetter("confidence"),
    ),
    ColumnOf(
        "spend", _label("spend"), 7, right=True, drop=4,
        cell=lambda i: money(i.spend) if i.entry.record.spend else _UNTOLD,
        sort=lambda i: -i.spend,
        follows_from=lambda i: written_money(i.spend) if i.entry.record.spend else None,
    ),
    ColumnOf(
        "improved", "improved", 8, right=True, drop=8,
        cell=_improved, sort=lambda i: i.improved[0] / i.improved[1] if i.improved[1] else -1.0,
        follows_from=attrgetter("improved"),
    ),
    ColumnOf(
        "findings", "findings", 9, right=True, drop=3, legend=COUNTS_LEGEND,
        cell=lambda i: counts(i.findings), sort=lambda i: tuple(-i.findings[s] for s in SEVERITIES),
        follows_from=lambda i: tuple([i.findings[s] for s in SEVERITIES]),
    ),
    ColumnOf(
        "review", _label("next_review"), 11, drop=5,
        cell=_review, sort=lambda i: i.next_review or "9999",
        follows_from=attrgetter("next_review", "review_overdue"),
    ),
    filter_fields=ITEM_FIELDS,
)  # fmt: skip


NARROWED: Mapping[str, Callable[[Item], bool]] = {
    "no owner or manager": lambda i: not (is_named(i.owner) and is_named(i.manager)),
    "errors": lambda i: bool(i.findings["error"]),
    "overdue": lambda i: i.is_overdue,
}
"""What a list of items can be narrowed to, in the words of its border."""


class Lister:
    """Puts investments in order, and finds among them; what it did once it does not do again."""

    def __init__(self) -> None:
        self._room: Room | None = None
        self._ordered: dict[tuple[str | None, tuple[str, bool]], list[str]] = {}
        self._narrowed: dict[str, set[str]] = {}

    @property
    def row_filter(self) -> RowFilter[str]:
        """What finds items by a filter; made when something is first looked for."""
        return self._room.item_filter if self._room is not None else RowFilter(())

    def _turn_to(self, room: Room) -> None:
        if self._room is not room:
            self._room = room
            self._ordered.clear()
            self._narrowed.clear()

    def ordered(self, room: Room, entry: UnitEntry | None, sort: tuple[str, bool]) -> list[str]:
        """Return the investments of a unit, or all, by a column; downwards where that is said."""
        self._turn_to(room)
        key = (entry.record.id if entry is not None else None, sort)
        if key not in self._ordered:
            chosen = (
                [room.items[e.record.id] for e in entry.investments if e.record.id in room.items]
                if entry is not None
                else list(room.items.values())
            )
            column, down = sort
            if column != "id" or down:
                chosen.sort(key=ITEMS.sorts[column], reverse=down)
            self._ordered[key] = [item.id for item in chosen]
        return self._ordered[key]

    def find(
        self, room: Room, sought: Query, chosen: Sequence[str], narrowed: str = ""
    ) -> Sequence[str]:
        """Return those of the chosen investments that a filter finds, in their order.

        `narrowed` is one of `NARROWED`, or nothing.
        """
        self._turn_to(room)
        if narrowed:
            if narrowed not in self._narrowed:
                holds = NARROWED[narrowed]
                self._narrowed[narrowed] = {i.id for i in room.items.values() if holds(i)}
            kept = self._narrowed[narrowed]
            chosen = [row for row in chosen if row in kept]
        return self.row_filter.select(sought, chosen) if sought.any_of else chosen

    def idle_tasks(self, room: Room) -> Iterable[IdleTask]:
        """Yield what can be done before somebody sorts all investments or names a field."""
        self._turn_to(room)
        for column in ITEMS.sorts:
            yield partial(self.ordered, room, None, (column, False))
        for name in ITEMS.finds:
            yield partial(self._prepare, name)

    def _prepare(self, name: str) -> None:
        self.row_filter.prepare(name)


def health_order(room: Room, unit: str) -> tuple[float, str]:
    """Return what sorts units by health, those without a score last."""
    health = room.health_of.get(unit)
    known = health.score if health is not None else None
    return (known if known is not None else 101.0, unit)


_MOST_UNITS = 2
"""Other units that are named; more are counted."""


def elsewhere(found: Mapping[str, int]) -> str:
    """Return how much is found in other units, by name: "5 in other units: Retail 4, Claims 1"."""
    if not found:
        return ""
    names = sorted(found, key=lambda name: (-found[name], name.lower()))
    told = [f"{name} {found[name]:,}" for name in names[:_MOST_UNITS]]
    rest = names[_MOST_UNITS:]
    if rest:
        told.append(f"{sum(found[n] for n in rest):,} in {plural(len(rest), 'other unit')}")
    return f"{sum(found.values()):,} in other units: {', '.join(told)}"

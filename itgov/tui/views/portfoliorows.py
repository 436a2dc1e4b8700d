"""The rows of the home view: units and investments, their columns, their order, and what is found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial

from msgspec import structs

from itgov.model.facts import BusinessUnitFacts, OrganisationFacts
from itgov.model.fields import choices
from itgov.model.portfolio import UnitEntry
from itgov.model.types import Investment
from itgov.tui.ink import Cell
from itgov.tui.query import Query
from itgov.tui.room import ITEM_FIELDS, Item, Room
from itgov.tui.sieve import Sieve
from itgov.tui.tempo import Chore
from itgov.tui.widgets.table import Column
from itgov.tui.words import (
    UNKNOWN,
    band,
    confidence,
    counts,
    money,
    named,
    percent,
    score,
    sparkline,
)

ALL = "*"
"""The row of all units."""

_TREND = 12
"""Months of the trend."""
UNITS = (
    Column("unit", "business unit", 16, flex=3),
    Column("band", "health", 11),
    Column("score", "score", 5, right=True, drop=3),
    Column("trend", "trend", _TREND, drop=4),
    Column("findings", "findings", 11, right=True, drop=1),
    Column("spend", "spend", 7, right=True, drop=2),
    Column("sight", "unseen", 6, right=True, drop=5),
)
ITEMS = (
    Column("id", "id", 8, flex=1),
    Column("title", "title", 18, flex=6),
    Column("stage", "stage", 10, drop=5),
    Column("owner", "outcome owner", 12, flex=2, drop=2),
    Column("manager", "manager", 11, flex=2, drop=6),
    Column("confidence", "confidence", 13, drop=7),
    Column("spend", "spend", 7, right=True, drop=1),
    Column("proven", "proven", 6, right=True, drop=8),
    Column("findings", "findings", 9, right=True),
    Column("review", "next review", 11, drop=3),
)
_LONGEST_ID = 16
"""Columns that ids get: they are what people say aloud, so they are cut last."""
_STAGES = {s: n for n, s in enumerate(choices(Investment, "stage"))}
_CONFIDENCES = {s: n for n, s in enumerate(reversed(choices(Investment, "confidence")))}
_SORTS: dict[str, Callable[[Item], object]] = {
    "id": lambda i: i.id.lower(),
    "title": lambda i: i.title.lower(),
    "stage": lambda i: _STAGES.get(i.stage, 9),
    "owner": lambda i: (not i.owner, i.owner.lower()),
    "manager": lambda i: (not i.manager, i.manager.lower()),
    "confidence": lambda i: _CONFIDENCES.get(i.confidence, 9),
    "spend": lambda i: -i.spend,
    "proven": lambda i: i.proven[0] / i.proven[1] if i.proven[1] else -1.0,
    "findings": lambda i: (-i.findings["error"], -i.findings["warning"], -i.findings["info"]),
    "review": lambda i: i.next_review or "9999",
}


class Lister:
    """Puts investments in order, and finds among them; what it did once it does not do again."""

    def __init__(self) -> None:
        self._room: Room | None = None
        self._ordered: dict[tuple[str | None, tuple[str, bool]], list[str]] = {}
        self._sieve: Sieve[str] = Sieve(())

    def _turn_to(self, room: Room) -> None:
        if self._room is not room:
            self._room = room
            self._ordered.clear()
            self._sieve = Sieve((i.id, i.search) for i in room.items.values())

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
                chosen.sort(key=_SORTS[column], reverse=down)  # type: ignore[arg-type]
            self._ordered[key] = [item.id for item in chosen]
        return self._ordered[key]

    def find(self, room: Room, sought: Query, chosen: Sequence[str]) -> Sequence[str]:
        """Return those of the chosen investments that a filter finds, in their order."""
        self._turn_to(room)
        return self._sieve.select(sought, chosen)

    def chores(self, room: Room) -> Iterable[Chore]:
        """Yield what can be done before somebody sorts all investments or names a field."""
        self._turn_to(room)
        for column in _SORTS:
            yield partial(self.ordered, room, None, (column, False))
        for field in ITEM_FIELDS:
            yield partial(self._sieve.prepare, field)


def worst_first(room: Room, unit: str) -> tuple[float, str]:
    """Return what sorts units by health, those without a score last."""
    health = room.health_of.get(unit)
    known = health.score if health is not None else None
    return (known if known is not None else 101.0, unit)


def columns_for(room: Room) -> tuple[Column, ...]:
    """Return the columns of investments, wide enough for every id and for the most findings."""
    items = room.items.values()
    longest = max((len(i.id) for i in items), default=0)
    most = max((sum(map(len, map(str, i.findings.values()))) for i in items), default=0)
    widths = {"id": min(max(longest, 7), _LONGEST_ID), "findings": min(max(most + 5, 9), 14)}
    return tuple(structs.replace(c, width=widths[c.key]) if c.key in widths else c for c in ITEMS)


def unit_cells(room: Room, row: str) -> tuple[Cell, ...]:
    """Return what stands in a unit's row, or in that of all."""
    facts: BusinessUnitFacts | OrganisationFacts
    if row == ALL:
        facts = room.portfolio.organisation.facts
        name: Cell = ((room.name, "strong"),)
        found = room.counts
        return (name, "", "", "", counts(found), money(facts.spend_total), _unseen(facts))
    unit = room.portfolio.units[row]
    facts = unit.facts
    health = room.health_of.get(row)
    found = room.counts_of(room.findings_of_unit.get(row, ()))
    return (
        unit.record.name or row,
        band(health.band if health is not None else None),
        score(health.score) if health is not None else UNKNOWN,
        ((sparkline(room.scores_of.get(row, ()), _TREND, low=room.lowest_score), "muted"),),
        counts(found),
        money(facts.spend_total),
        _unseen(facts),
    )


def _unseen(facts: BusinessUnitFacts | OrganisationFacts) -> str:
    """Return the share of spend that leads to no outcome."""
    return (
        percent(facts.spend_without_outcome / facts.spend_total) if facts.spend_total else UNKNOWN
    )


def item_cells(room: Room, row: str) -> tuple[Cell, ...]:
    """Return what stands in an investment's row."""
    item = room.items[row]
    proven, outcomes = item.proven
    overdue = item.next_review and item.next_review < room.today.isoformat()
    return (
        item.id,
        item.title,
        item.stage or ((UNKNOWN, "muted"),),
        named(item.owner),
        named(item.manager),
        confidence(item.confidence),
        money(item.spend) if item.entry.record.spend else ((UNKNOWN, "muted"),),
        f"{proven}/{outcomes}" if outcomes else (("none", "error"),),
        counts(item.findings),
        ((f"{item.next_review}{'!' if overdue else ''}", "warning" if overdue else ""),),
    )

"""What came in the time of whoever held a post, and the opportunities of a unit, as lines of a page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from itgov.insight.opportunities import follow_opportunities
from itgov.insight.tenure_types import OpportunityRow, TenureCard
from itgov.model.portfolio import UnitEntry
from itgov.model.tenure import Tenures
from itgov.report.blocks import text_of
from itgov.report.tenure_words import item_lines, opportunity_lines, tenure_facts
from itgov.tui.state.room import Room
from itgov.tui.views.formatting import TONES
from itgov.tui.views.item_page import heading
from itgov.tui.widgets.styled_text import Line


def tenure_lines(room: Room, card: TenureCard) -> Iterator[Line]:
    """Yield what somebody inherited, what came in their time, and what stands now."""
    facts = list(tenure_facts(card))
    wide = max(len(fact.label) for fact in facts) + 2
    yield ()
    yield heading("Time in the post")
    for fact in facts:
        yield ((f"  {fact.label:<{wide}}", "muted"), (text_of(fact.words), TONES[fact.tone]))
    if card.items:
        yield ()
        yield heading("Items in tenure", f"{len(card.items):,}")
        yield from (((f"  {line}", ""),) for line in item_lines(card.items))
    yield from _opportunities(room, card.opportunities)


def unit_opportunities(room: Room, unit: UnitEntry) -> Iterator[Line]:
    """Yield the opportunities of a unit, from who raised them to what came of them."""
    entries = {name: item.entry for name, item in room.items.items()}
    portfolio = room.portfolio
    rows = list(follow_opportunities(portfolio, Tenures(portfolio), unit, entries))
    yield from _opportunities(room, rows)


def _opportunities(room: Room, rows: Sequence[OpportunityRow]) -> Iterator[Line]:
    if rows:
        waiting = sum(row.ended is None for row in rows)
        yield ()
        yield heading("Opportunities", f"{len(rows):,}, {waiting:,} open")
        yield from (((f"  {line}", ""),) for line in opportunity_lines(rows, room.person))

"""Measure: every opportunity, followed from who raised it to what came of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from itgov.insight.tenure_types import OpportunityRow
from itgov.model.engagements import OpportunityStory, is_quiet, opportunities_of
from itgov.model.plan import PARTS
from itgov.model.portfolio import InvestmentEntry, Portfolio, UnitEntry
from itgov.model.tenure import Tenures, holder_on


def follow_opportunities(
    portfolio: Portfolio,
    tenures: Tenures,
    unit: UnitEntry,
    items: Mapping[str, InvestmentEntry],
) -> Iterator[OpportunityRow]:
    """Yield the opportunities of a unit, in the order in which they were raised."""
    today = portfolio.today
    spans = tenures.of_unit(unit, "relationship_manager")
    for story in opportunities_of(unit, today):
        raised = story.raised_in.record.date
        yield OpportunityRow(
            id=story.id,
            business_unit=unit.record.id,
            statement=story.statement,
            raised_on=raised,
            raised_by=story.raised_by,
            raised_under=holder_on(spans, raised),
            state=story.state,
            mentioned=story.mentioned,
            quiet=story.is_open and is_quiet(story, today),
            ended=story.ended,
            ended_under=holder_on(spans, story.ended) if story.ended is not None else None,
            investment=story.investment,
            value=story.value,
            realised=_realised(story, portfolio, items),
        )


def _realised(
    story: OpportunityStory, portfolio: Portfolio, items: Mapping[str, InvestmentEntry]
) -> float | None:
    """Return what the investment that pursues an opportunity has realised since it was raised."""
    entry = items.get(story.investment or "")
    if entry is None:
        return None
    first, last = story.raised_in.record.date.toordinal(), portfolio.today.toordinal()
    return sum([o.money.realised_parts(first, last) for o in entry.outcomes]) / PARTS

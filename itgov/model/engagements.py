"""Which engagements count as a unit's, and what follows from those that do.

An engagement counts where both sides took part (`by` or `with`): its relationship manager, and
somebody of the business side who is no relationship manager.  Its relationship managers are those
of the engagement's own day: who held the unit's post then, and everybody else who serves the unit.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping

from msgspec import Struct

from itgov.model.people_facts import EngagementFacts
from itgov.model.portfolio import EngagementEntry, InvestmentEntry, Portfolio, UnitEntry
from itgov.model.tenure import Tenures, holder_on
from itgov.model.types import Engagement, OpportunityState
from itgov.model.unit_facts import BusinessUnitFacts

QUIET_DAYS = 180
"""Days after which an open opportunity that nobody mentioned counts as quiet."""
YEAR_DAYS = 365
"""Days that count as the last year."""
ANSWER_DAYS = 90
"""Days that the two sides' levels may lie apart, and that the second side has to answer in."""


class Holders:
    """Who was each unit's relationship manager on which day."""

    def __init__(self, portfolio: Portfolio) -> None:
        self._tenures = Tenures(portfolio)
        self._people = portfolio.people
        self._beside: dict[str, set[str]] = {}
        for person, manager in portfolio.managers.items():
            for unit in manager.facts.business_units:
                self._beside.setdefault(unit, set()).add(person)

    def serving(self, unit: str) -> set[str]:
        """Return every relationship manager who serves a unit today."""
        return self._beside.get(unit, set())

    def on(self, unit: UnitEntry, day: datetime.date) -> set[str]:
        """Return who held the unit's post on a day, and everybody else who serves the unit, without
        those who had left before it."""
        spans = self._tenures.of_unit(unit, "relationship_manager")
        holder = holder_on(spans, day)
        then = set() if holder is None else {holder}
        others = self.serving(unit.record.id) - {unit.record.relationship_manager}
        return {p for p in then | others if not self._left_before(p, day)}

    def _left_before(self, person: str, day: datetime.date) -> bool:
        known = self._people.get(person)
        return known is not None and known.record.left_before(day)


def is_business(person: str | None, portfolio: Portfolio, day: datetime.date) -> bool:
    """Say whether somebody's word of a day is the business's: of its side, no relationship manager,
    and not gone before that day."""
    known = portfolio.people.get(person or "")
    return (
        known is not None
        and known.record.side == "business"
        and not known.record.left_before(day)
        and person not in portfolio.managers
    )


def participants(record: Engagement) -> Iterable[str]:
    """Return everybody who took part."""
    return (record.by, *record.with_) if record.by is not None else record.with_


def derive_engagement(
    entry: EngagementEntry, unit: UnitEntry, holders: Holders, portfolio: Portfolio
) -> None:
    """Fill in the facts of one engagement."""
    record, facts, today = entry.record, entry.facts, portfolio.today
    facts.business_unit = unit.record.id
    facts.days_ago = (today - record.date).days
    managers = holders.on(unit, record.date)
    for person in participants(record):
        if person in managers:
            facts.manager_present = True
        elif is_business(person, portfolio, record.date):
            facts.business_present = True
    facts.counts = facts.manager_present and facts.business_present
    said = record.satisfaction
    if said is not None and said.by is not None:
        by = portfolio.people.get(said.by)
        facts.satisfaction_side = by.record.side if by else None
        facts.satisfaction_by_manager = said.by in managers or said.by in portfolio.managers
        facts.satisfaction_counts = (
            facts.counts
            and not facts.satisfaction_by_manager
            and is_business(said.by, portfolio, record.date)
        )
    for action in record.actions:
        facts.actions_without_owner += action.owner is None
        facts.actions_open += action.is_open(today)
        facts.actions_overdue += action.is_overdue(today)


_FROM_ENGAGEMENTS = (
    "actions_open", "actions_overdue", "actions_done_late", "engagement_count",
    "engagements_not_counted", "engagements_last_year", "days_since_engagement",
    "days_since_satisfaction", "satisfaction", "opportunities_open", "opportunities_quiet",
    "opportunities_realised",
)  # fmt: skip
"""The facts of a unit that follow from its engagements."""


def derive_again(unit: UnitEntry, holders: Holders, portfolio: Portfolio) -> None:
    """Fill in what follows from a unit's engagements once more, for other holders of its post."""
    fresh = BusinessUnitFacts()
    for name in _FROM_ENGAGEMENTS:
        setattr(unit.facts, name, getattr(fresh, name))
    for entry in unit.engagements:
        entry.facts = EngagementFacts()
        derive_engagement(entry, unit, holders, portfolio)
    derive_engagements(unit, portfolio.today)


def derive_engagements(unit: UnitEntry, today: datetime.date) -> None:
    """Fill in what follows for a unit from its engagements and the levels that both sides gave.

    Promises are those of all engagements, everything else is of those that count.
    """
    facts = unit.facts
    scores: list[int | float] = []
    for entry in sorted(unit.engagements, key=lambda e: e.record.date):
        record, found = entry.record, entry.facts
        facts.actions_open += found.actions_open
        facts.actions_overdue += found.actions_overdue
        facts.actions_done_late += sum(a.was_late(today) for a in record.actions)
        if found.days_ago < 0:
            continue
        if not found.counts:
            facts.engagements_not_counted += 1
            continue
        facts.engagement_count += 1
        facts.engagements_last_year += found.days_ago <= YEAR_DAYS
        facts.days_since_engagement = found.days_ago
        if record.satisfaction is not None and found.satisfaction_counts:
            facts.days_since_satisfaction = found.days_ago
            if found.days_ago <= YEAR_DAYS:
                scores.append(record.satisfaction.score)
    facts.satisfaction = sum(scores) / len(scores) if scores else None
    for opportunity in opportunities_of(unit, today):
        facts.opportunities_realised += opportunity.state == "realised"
        if opportunity.is_open:
            facts.opportunities_open += 1
            facts.opportunities_quiet += is_quiet(opportunity, today)
    _levels(unit, today)


def _levels(unit: UnitEntry, today: datetime.date) -> None:
    facts = unit.facts
    levels = sorted(
        (level for level in unit.record.relationship_levels if level.on <= today),
        key=lambda level: level.on,
    )
    for level in levels:  # each side's own latest word
        age = (today - level.on).days
        facts.days_since_levels = age
        if level.business is not None:
            facts.level_business, facts.days_since_level_business = level.business, age
        if level.it is not None:
            facts.level_it, facts.days_since_level_it = level.it, age
    sides = (
        (facts.level_business, facts.days_since_level_business),
        (facts.level_it, facts.days_since_level_it),
    )
    ages = [age for _, age in sides if age is not None]
    if ages:
        latest = min(ages)
        facts.level = min(
            level if level is not None and age is not None and _answers(age, latest) else 1
            for level, age in sides
        )


def _answers(age: int, latest: int) -> bool:
    """Say whether a side's level stands beside the other's later one, given `latest` days ago."""
    return age - latest <= ANSWER_DAYS


# -- opportunities -------------------------------------------------------------------------


class OpportunityStory(Struct, gc=False):
    """One opportunity of a unit, followed from engagement to engagement up to the as-of day."""

    id: str
    raised_in: EngagementEntry
    """The engagement that has it first."""
    place: int
    """Its place among the opportunities of that engagement."""
    mentioned: datetime.date
    """The day of the last engagement that has it."""
    state: OpportunityState = "raised"
    statement: str | None = None
    raised_by: str | None = None
    investment: str | None = None
    value: float | None = None
    """Money a year that it could bring, as last said."""
    ended: datetime.date | None = None
    """The day since which it has been realised or dropped; None while it is open."""

    @property
    def is_open(self) -> bool:
        """Whether it waits for an answer or for its result."""
        return self.state in ("raised", "pursued")


def is_quiet(story: OpportunityStory, today: datetime.date) -> bool:
    """Say whether nobody has mentioned an opportunity for over `QUIET_DAYS`."""
    return (today - story.mentioned).days > QUIET_DAYS


def opportunities_of(unit: UnitEntry, today: datetime.date) -> list[OpportunityStory]:
    """Return a unit's opportunities, followed through the engagements that count.

    The first who is said to have raised one did.
    """
    found: dict[str, OpportunityStory] = {}
    for entry in sorted(unit.engagements, key=lambda e: e.record.date):
        if entry.record.date > today:
            break
        if not entry.facts.counts:
            continue
        for place, said in enumerate(entry.record.opportunities):
            story = found.get(said.id)
            if story is None:
                story = OpportunityStory(said.id, entry, place, entry.record.date)
                found[said.id] = story
            before, story.mentioned = story.state, entry.record.date
            story.state = said.state or story.state
            story.statement = said.statement or story.statement
            story.raised_by = story.raised_by or said.raised_by
            story.investment = said.investment or story.investment
            story.value = said.value if said.value is not None else story.value
            if story.is_open:
                story.ended = None
            elif story.ended is None or before != story.state:
                story.ended = entry.record.date
    return list(found.values())


def derive_realised(portfolio: Portfolio, entries: Mapping[str, InvestmentEntry]) -> None:
    """Find opportunities that are said to be realised, and of which no result is recorded."""
    for unit in portfolio.units.values():
        if unit.facts.opportunities_realised:
            unit.facts.opportunities_without_result = [
                story.id
                for story in opportunities_of(unit, portfolio.today)
                if story.state == "realised" and not _has_result(story, entries, portfolio.today)
            ]


def _has_result(
    story: OpportunityStory, entries: Mapping[str, InvestmentEntry], today: datetime.date
) -> bool:
    entry = entries.get(story.investment or "")
    return entry is not None and any(
        story.raised_in.record.date <= result.date <= today
        for outcome in entry.record.outcomes
        for result in outcome.results
    )

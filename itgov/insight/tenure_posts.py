"""What came of the relationship with a unit in the time of each of its relationship managers."""

from __future__ import annotations

import datetime
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Generic, TypeVar

from itgov.insight.tenure_types import Came, OpportunityRow, PostTenure, Promises, Relationship
from itgov.model.portfolio import Portfolio, UnitEntry
from itgov.model.tenure import Tenures
from itgov.model.types import Action

Said = TypeVar("Said")

_DAY = datetime.timedelta(days=1)


def unit_posts(
    portfolio: Portfolio,
    tenures: Tenures,
    unit: UnitEntry,
    opportunities: Sequence[OpportunityRow],
) -> Iterator[tuple[str, PostTenure]]:
    """Yield everybody who was a unit's relationship manager, with what came in their days."""
    spans = tenures.of_unit(unit, "relationship_manager")
    past = _Past(portfolio, tenures, unit, opportunities)
    for person, group in groupby(spans, lambda span: span.person):
        if person is None:
            continue
        run = list(group)
        first, last = run[0].from_, run[-1].days(portfolio.today)[1]
        assumed = [s.days(portfolio.today)[1] for s in run if s.source == "assumed"]
        before = past.at(first - _DAY) if first is not None and first > datetime.date.min else None
        yield (
            person,
            PostTenure(
                unit.record.id,
                unit.name,
                first,
                run[-1].to,
                assumed[-1] if assumed else None,
                before,
                past.between(first or datetime.date.min, last, person),
                past.at(last),
            ),
        )


class _Latest(Generic[Said]):
    """What was said last by the end of a day."""

    def __init__(self, said: Iterable[tuple[datetime.date, Said | None]]) -> None:
        known = [(on, s) for on, s in said if s is not None]
        known.sort(key=lambda pair: pair[0])
        self.days = [on for on, _ in known]
        self.said: list[Said] = [s for _, s in known]

    def at(self, day: datetime.date) -> Said | None:
        """Return what was said last; None where nothing was."""
        place = bisect_right(self.days, day)
        return self.said[place - 1] if place else None

    def between(self, first: datetime.date, last: datetime.date) -> list[Said]:
        """Return all that was said from one day to another, both included."""
        return self.said[bisect_left(self.days, first) : bisect_right(self.days, last)]


class _Count:
    """How many of some things there are at the end of a day: each from one day until another."""

    def __init__(self, lives: Iterable[tuple[datetime.date, datetime.date | None]]) -> None:
        known = list(lives)
        self.begun = sorted(first for first, _ in known)
        self.over = sorted(max(first, end) for first, end in known if end is not None)

    def at(self, day: datetime.date) -> int:
        """Return how many have begun and are not over."""
        return bisect_right(self.begun, day) - bisect_right(self.over, day)


class _Past:
    """What is recorded of the relationship with a unit, by days."""

    def __init__(
        self,
        portfolio: Portfolio,
        tenures: Tenures,
        unit: UnitEntry,
        opportunities: Sequence[OpportunityRow],
    ) -> None:
        self.tenures, self.today = tenures, portfolio.today
        engagements = sorted(
            (e for e in unit.engagements if e.record.date <= self.today),
            key=lambda e: e.record.date,
        )
        self.days = [e.record.date for e in engagements if e.facts.counts]
        self.others = [e.record.date for e in engagements if not e.facts.counts]
        self.scores = _Latest(
            (e.record.date, said.score)
            for e in engagements
            if (said := e.record.satisfaction) is not None and e.facts.satisfaction_counts
        )
        levels = [level for level in unit.record.relationship_levels if level.on <= self.today]
        self.business = _Latest((level.on, level.business) for level in levels)
        self.it = _Latest((level.on, level.it) for level in levels)
        actions = [(e.record.date, action) for e in engagements for action in e.record.actions]
        self.open = _Count((on, action.done) for on, action in actions)
        self.overdue = _Count(
            (max(on, action.due + _DAY), action.done)
            for on, action in actions
            if action.due is not None and action.due < datetime.date.max
        )
        self.promises = sorted(
            ((action.due, action) for _, action in actions if action.due is not None),
            key=lambda pair: pair[0],
        )
        self.waiting = _Count((row.raised_on, row.ended) for row in opportunities)
        self.raised = _Latest((row.raised_on, row) for row in opportunities)
        ends = [(row.ended, row) for row in opportunities if row.ended is not None]
        self.ended = _Latest(ends)
        self.due = [due for due, _ in self.promises]

    def at(self, day: datetime.date) -> Relationship:
        """Return how the relationship stood at the end of a day."""
        return Relationship(
            day,
            self.business.at(day),
            self.it.at(day),
            self.scores.at(day),
            self.open.at(day),
            self.overdue.at(day),
            self.waiting.at(day),
        )

    def between(self, first: datetime.date, last: datetime.date, person: str) -> Came:
        """Return what happened from one day to another, both included."""
        scores = self.scores.between(first, last)
        found = Came(
            engagements=bisect_right(self.days, last) - bisect_left(self.days, first),
            not_counted=bisect_right(self.others, last) - bisect_left(self.others, first),
            satisfaction=sum(scores) / len(scores) if scores else None,
            scores=len(scores),
            raised=len(self.raised.between(first, last)),
        )
        for row in self.ended.between(first, last):
            if row.state == "realised":
                found.realised += 1
                found.realised_value += row.value or 0
            else:
                found.dropped += 1
        for due, action in self.promises[
            bisect_left(self.due, first) : bisect_right(self.due, last)
        ]:
            kept = action.done is not None and action.done <= due
            if kept or due < self.today:
                self._promise(found.promises, action, kept, person)
        return found

    def _promise(self, promises: Promises, action: Action, kept: bool, person: str) -> None:
        promises.due += 1
        promises.kept += kept
        if self.tenures.person(action.owner) == person:
            promises.own_due += 1
            promises.own_kept += kept

"""Where somebody who left is named for a later day.

Nothing of such a day counts as their word, and no post is theirs: `is_business`, `Holders`, `Tenures` and
the confirmed money see to that.  What is found here is what a rule names.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import NamedTuple

from itgov.model.engagements import participants
from itgov.model.portfolio import Portfolio, Source, held_by

_MOST_NAMED = 5


class Naming(NamedTuple):
    """One place that names somebody for a day."""

    person: str | None
    day: datetime.date | None
    says: str
    source: Source


def derive_after_left(portfolio: Portfolio) -> None:
    """Fill in for everybody who left the places that name them for a later day."""
    if not any(p.record.has_left(portfolio.today) for p in portfolio.people.values()):
        return
    found: dict[str, dict[str, None]] = {}
    for naming in named_after_left(portfolio):
        found.setdefault(naming.person or "", {})[f"{naming.says} ({naming.day})"] = None
    for person, places in found.items():
        named, more = list(places)[:_MOST_NAMED], len(places) - _MOST_NAMED
        facts = portfolio.people[person].facts
        facts.named_after_left = [*named, *([f"{more:,} more"] if more > 0 else [])]


def named_after_left(portfolio: Portfolio) -> Iterator[Naming]:
    """Yield every place that names somebody for a day, up to today, after the one they left on."""
    for naming in _namings(portfolio):
        known = portfolio.people.get(naming.person or "")
        if known is None or naming.day is None or naming.day > portfolio.today:
            continue
        if known.record.left_before(naming.day):
            yield naming


def _namings(portfolio: Portfolio) -> Iterator[Naming]:
    for manager, post in portfolio.managers.items():
        for place, answer in enumerate(post.record.represents_seen_by):
            at = _in(post.source, "represents_seen_by", place)
            yield Naming(answer.by, answer.on, f"an answer about {manager}", at)
        for place, step in enumerate(post.record.steps):
            at = _in(post.source, "steps", place)
            yield Naming(step.confirmed_by, step.done, f"a step of {manager}", at)
    for unit in portfolio.units.values():
        for engagement in unit.engagements:
            record, says = engagement.record, f"an engagement of {unit.record.id}"
            said = record.satisfaction
            for person in (*participants(record), said.by if said is not None else None):
                yield Naming(person, record.date, says, engagement.source)
        for entry in held_by(unit):
            for place, row in enumerate(entry.record.held):
                last = portfolio.today if row.to is None else min(row.to, portfolio.today)
                says = f"{row.role.replace('_', ' ')} of {entry.record.id}"
                yield Naming(row.person, last, says, _in(entry.source, "held", place))
        for item in unit.investments:
            name = item.record.id
            for outcome in item.outcomes:
                says = f"a result of {name}/{outcome.record.id}"
                for place, result in enumerate(outcome.record.results):
                    at = _in(outcome.source, "results", place)
                    yield Naming(result.confirmed_by, result.date, says, at)


def _in(source: Source, *steps: str | int) -> Source:
    return Source(source.path, (*source.route, *steps))

"""Where somebody who left is named for a later day.

Nothing of such a day counts as their word, and no post is theirs: `is_business`, `Holders`, `Tenures` and
the confirmed money see to that.  What is found here is what a rule names.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from itgov.model.engagements import participants
from itgov.model.portfolio import Portfolio, Source, UnitEntry, held_by

_MOST_NAMED = 5


class Naming(NamedTuple):
    """One place that names somebody for a day."""

    person: str | None
    day: datetime.date | None
    says: str
    source: Source


Texts = dict[str, list[str]]
"""By the id of somebody who left, in words, where they are named for a later day."""


def name_after_left(portfolio: Portfolio, told: Iterable[Texts]) -> None:
    """Fill in for everybody who left the places that name them for a later day, the first by name."""
    found: dict[str, dict[str, None]] = {}
    for each in told:
        for name, texts in each.items():
            found.setdefault(name, {}).update(dict.fromkeys(texts))
    for name, person in portfolio.people.items():
        places = list(found.get(name, ()))
        more = len(places) - _MOST_NAMED
        named = [*places[:_MOST_NAMED], *([f"{more:,} more"] if more > 0 else [])]
        person.facts.named_after_left = named


def after_left_beside(portfolio: Portfolio) -> Texts:
    """Return what relationship managers' own records say for days after those of somebody who left."""
    return _texts(_of_managers(portfolio), portfolio)


def after_left_in(unit: UnitEntry, portfolio: Portfolio) -> Texts:
    """Return what one business unit says for days after those of somebody who left."""
    return _texts(_of_unit(unit, portfolio), portfolio)


def _texts(namings: Iterable[Naming], portfolio: Portfolio) -> Texts:
    found: dict[str, dict[str, None]] = {}
    for naming in _after_left(namings, portfolio):
        found.setdefault(naming.person or "", {})[f"{naming.says} ({naming.day})"] = None
    return {person: list(places) for person, places in found.items()}


def named_after_left(portfolio: Portfolio) -> Iterator[Naming]:
    """Yield every place that names somebody for a day, up to today, after the one they left on."""
    yield from _after_left(_of_managers(portfolio), portfolio)
    for unit in portfolio.units.values():
        yield from _after_left(_of_unit(unit, portfolio), portfolio)


def _after_left(namings: Iterable[Naming], portfolio: Portfolio) -> Iterator[Naming]:
    for naming in namings:
        known = portfolio.people.get(naming.person or "")
        if known is None or naming.day is None or naming.day > portfolio.today:
            continue
        if known.record.left_before(naming.day):
            yield naming


def _of_managers(portfolio: Portfolio) -> Iterator[Naming]:
    for manager, post in portfolio.managers.items():
        for place, answer in enumerate(post.record.represents_seen_by):
            at = _in(post.source, "represents_seen_by", place)
            yield Naming(answer.by, answer.on, f"an answer about {manager}", at)
        for place, step in enumerate(post.record.steps):
            at = _in(post.source, "steps", place)
            yield Naming(step.confirmed_by, step.done, f"a step of {manager}", at)


def _of_unit(unit: UnitEntry, portfolio: Portfolio) -> Iterator[Naming]:
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

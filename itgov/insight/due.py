"""What comes due: reviews, outcomes, results, waivers, actions, and the dates of managers.

What is due of something that was stopped or retired is left out, and so is what was done.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence

from itgov.insight.due_types import DUE_KINDS, Due
from itgov.model.finding import Subject
from itgov.model.fiscal import first_of_period, period_of
from itgov.model.portfolio import (
    InvestmentEntry,
    ManagerEntry,
    OutcomeEntry,
    Portfolio,
    Source,
    UnitEntry,
)
from itgov.model.reach import STALE_DAYS
from itgov.model.types import Waiver

_QUARTER = 3


def item_dues(entry: InvestmentEntry, today: datetime.date) -> Iterator[Due]:
    """Yield what is due of an investment or service and of its outcomes."""
    record, facts = entry.record, entry.facts
    if (review := review_due(entry, today)) is not None:
        yield review
    if facts.is_active:
        for outcome in entry.outcomes:
            yield from _outcome_dues(entry, outcome, today)
    if record.waivers:
        subject = Subject("investment", record.id)
        yield from _waivers(record.waivers, subject, facts.business_unit, entry.source, today)


def review_due(entry: InvestmentEntry, today: datetime.date) -> Due | None:
    """Return the next review of an investment or service; None where none is due."""
    record, facts = entry.record, entry.facts
    day = record.next_review
    if day is None or not facts.is_active:
        return None
    subject = Subject("investment", record.id)
    return Due(day, "review", day < today, subject, record.title, facts.business_unit, facts.managed_by, entry.source, "next_review")  # fmt: skip


def _outcome_dues(
    entry: InvestmentEntry, outcome: OutcomeEntry, today: datetime.date
) -> Iterator[Due]:
    record, facts = outcome.record, outcome.facts
    subject = Subject("outcome", f"{entry.record.id}/{record.id}")
    unit, owner = entry.facts.business_unit, entry.record.outcome_owner
    words, latest = record.statement or record.measure or record.id, facts.latest_date
    day = record.due
    if day is not None and (latest is None if day <= today else facts.met is not True):
        yield Due(day, "outcome", facts.overdue, subject, words, unit, owner, outcome.source, "due")
    if entry.record.stage == "live" and latest is not None:
        next_one = datetime.date.fromisoformat(latest).toordinal() + STALE_DAYS
        if next_one <= datetime.date.max.toordinal():
            day = datetime.date.fromordinal(next_one)
            yield Due(day, "result", facts.stale, subject, words, unit, owner, outcome.source, "results")  # fmt: skip


def all_dues(portfolio: Portfolio) -> list[Due]:
    """Return all that is due in a portfolio, the first due first."""
    today, organisation = portfolio.today, portfolio.organisation
    whole = Subject("organisation", organisation.record.id)
    found = list(_waivers(organisation.record.waivers, whole, None, organisation.source, today))
    for manager in portfolio.managers.values():
        found += _manager_dues(manager, today)
    for unit in portfolio.units.values():
        found += _unit_dues(unit, today)
        for entry in unit.investments:
            found += item_dues(entry, today)
    if portfolio.minutes:
        found += _agreed_actions(portfolio)
    return sorted(found, key=lambda d: (d.day, DUE_KINDS.index(d.kind), d.subject, d.what))


def _waivers(
    waivers: Sequence[Waiver], subject: Subject, unit: str | None, source: Source, today: datetime.date
) -> Iterator[Due]:  # fmt: skip
    for place, waiver in enumerate(waivers):
        if waiver.until is not None and not waiver.has_ended(today):
            at = Source(source.path, (*source.route, "waivers", place))
            words = f"{waiver.rule}: {waiver.reason or 'no reason recorded'}"
            yield Due(waiver.until, "waiver", False, subject, words, unit, waiver.approved_by, at, "until")  # fmt: skip


def _manager_dues(manager: ManagerEntry, today: datetime.date) -> Iterator[Due]:
    record, units = manager.record, manager.facts.business_units
    person, subject = record.person, Subject("relationship_manager", record.person)
    unit = units[0] if len(units) == 1 else None
    if (day := record.native_by) is not None and record.position != "native":
        yield Due(day, "position", day < today, subject, manager.facts.name, unit, person, manager.source, "native_by")  # fmt: skip
    for place, step in enumerate(record.steps):
        if step.due is not None and step.is_open(today):
            at = Source(manager.source.path, (*manager.source.route, "steps", place))
            yield Due(step.due, "step", step.is_overdue(today), subject, step.what, unit, person, at, "due")  # fmt: skip
    yield from _waivers(record.waivers, subject, unit, manager.source, today)


def _unit_dues(unit: UnitEntry, today: datetime.date) -> Iterator[Due]:
    name = unit.record.id
    yield from _waivers(
        unit.record.waivers, Subject("business_unit", name), name, unit.source, today
    )
    for engagement in unit.engagements:
        if engagement.record.date > today:
            continue
        for place, action in enumerate(engagement.record.actions):
            if action.due is not None and action.is_open(today):
                source = engagement.source
                at = Source(source.path, (*source.route, "actions", place))
                yield Due(action.due, "action", action.is_overdue(today), Subject("engagement", engagement.id), action.what, name, action.owner, at, "due")  # fmt: skip


def _agreed_actions(portfolio: Portfolio) -> Iterator[Due]:
    """Yield the actions that review sessions agreed and that stand in no engagement."""
    from itgov.model.derive_reviews import in_order, open_actions  # few portfolios have minutes

    sources = {
        id(item): Source(entry.source.path, ("items", place))
        for entry in portfolio.minutes
        for place, item in enumerate(entry.as_now.items)
    }
    for agreed in open_actions(in_order(portfolio.minutes, portfolio.today), portfolio):
        day, item = agreed.decision.due, agreed.item
        if day is not None:
            subject = Subject(item.subject.kind, item.subject.id)
            yield Due(day, "action", day < portfolio.today, subject, agreed.decision.what or "", item.business_unit, agreed.decision.owner, sources[id(item)], "decisions")  # fmt: skip


def this_quarter(portfolio: Portfolio) -> tuple[datetime.date, datetime.date]:
    """Return the first and last day of the fiscal quarter that the as-of date lies in."""
    month = portfolio.organisation.record.fiscal_year_start
    current = period_of(portfolio.today, _QUARTER, month)
    first, after = (first_of_period(current + n, _QUARTER, month) for n in (0, 1))
    return datetime.date.fromordinal(max(first, 1)), datetime.date.fromordinal(after - 1)

"""Why something needs a decision, beside the findings: dates that came, and earlier decisions."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence

from itgov.model.derive_reviews import LastVerdict, last_verdicts, open_actions
from itgov.model.engagements import QUIET_DAYS, opportunities_of
from itgov.model.minutes import ItemSubject, Minutes, Reason, ReasonKind
from itgov.model.portfolio import InvestmentEntry, OutcomeEntry, Portfolio, UnitEntry
from itgov.model.text import plural
from itgov.model.types import Waiver
from itgov.review.promises import promises_of

ENDING_DAYS = 30
"""Days before its end from which a waiver is put on the agenda."""

Pair = tuple[ItemSubject, Reason]


def other_reasons(portfolio: Portfolio, ordered: Sequence[Minutes]) -> Iterator[Pair]:
    """Yield every reason that is no finding: dates due, and decisions that come back."""
    whole = portfolio.organisation.record
    today = portfolio.today
    of_whole = ItemSubject(kind="organisation", id=whole.id)
    yield from _waivers(of_whole, whole.waivers, today)
    for person, manager in portfolio.managers.items():
        subject = ItemSubject(kind="relationship_manager", id=person)
        yield from _waivers(subject, manager.record.waivers, today)
    for unit in portfolio.units.values():
        subject = ItemSubject(kind="business_unit", id=unit.record.id)
        yield from _waivers(subject, unit.record.waivers, today)
        for says in _overdue_actions(unit, today):
            yield subject, _reason("action-overdue", says)
        for says in _quiet_opportunities(unit, today):
            yield subject, _reason("quiet-opportunity", says)
        for entry in unit.investments:
            yield from _investment(entry, today)
    for action in open_actions(ordered, portfolio):
        due = action.decision.due
        if due is not None and due < today:
            who = action.decision.owner or "nobody"
            says = f"{action.decision.what} ({who}) was due on {due}: action {action.id}"
            yield action.item.subject, _reason("action-overdue", says)
    yield from _coming_back(portfolio, ordered)


def _reason(why: ReasonKind, says: str) -> Reason:
    return Reason(why=why, says=says)


def _investment(entry: InvestmentEntry, today: datetime.date) -> Iterator[Pair]:
    record, facts = entry.record, entry.facts
    subject = ItemSubject(kind="investment", id=record.id)
    yield from _waivers(subject, record.waivers, today)
    if not facts.is_active:
        return
    overdue, cadence = facts.days_review_overdue, facts.review_cadence_days
    if overdue is not None and overdue >= 0:
        yield subject, _reason("review-due", f"its review was due on {record.next_review}")
    elif cadence is not None and (facts.days_since_review or 0) > cadence:
        said = (
            f"its last review is {plural(facts.days_since_review or 0, 'day')} ago, over {cadence}"
        )
        yield subject, _reason("review-due", said)
    for outcome in entry.outcomes:
        if _is_due(outcome):
            said = f"outcome {outcome.record.id} was due on {outcome.record.due} and has no result"
            yield subject, _reason("outcome-due", said)


def _is_due(outcome: OutcomeEntry) -> bool:
    overdue = outcome.facts.days_overdue
    return overdue is not None and overdue >= 0 and outcome.facts.days_since_result is None


def _waivers(
    subject: ItemSubject, waivers: Sequence[Waiver], today: datetime.date
) -> Iterator[Pair]:
    for waiver in waivers:
        until = waiver.until
        if until is not None and today <= until <= today + datetime.timedelta(ENDING_DAYS):
            yield subject, _reason("waiver-ending", f"its waiver of {waiver.rule} ends on {until}")


def _overdue_actions(unit: UnitEntry, today: datetime.date) -> Iterator[str]:
    for promise in promises_of(unit, today):
        action = promise.action
        if action.is_overdue(today):
            who = action.owner or "nobody"
            yield f"{action.what} ({who}) was due on {action.due}: action {promise.id}"


def _quiet_opportunities(unit: UnitEntry, today: datetime.date) -> Iterator[str]:
    for opportunity in opportunities_of(unit, today):
        quiet = (today - opportunity.mentioned).days
        if opportunity.is_open and quiet > QUIET_DAYS:
            words = opportunity.statement or opportunity.id
            yield f"{words}: {opportunity.state}, and not mentioned for {plural(quiet, 'day')}"


def _coming_back(portfolio: Portfolio, ordered: Sequence[Minutes]) -> Iterator[Pair]:
    """Yield what earlier sessions decided and that is not over."""
    active = {e.record.id: e.facts.is_active for e in portfolio.investments()}
    for subject, said in last_verdicts(ordered).items():
        if subject.kind == "investment" and not active.get(subject.id, False):
            continue  # it has ended, or is no longer there
        reason = _again(said, portfolio.today)
        if reason is not None:
            yield subject, reason


def _again(said: LastVerdict, today: datetime.date) -> Reason | None:
    verdict, day = said.verdict, said.minutes.review.date
    because = f": {verdict.reason}" if verdict.reason else ""
    who = f" by {verdict.by}" if verdict.by else ""
    if verdict.decision == "hold" and (verdict.until is None or verdict.until <= today):
        until = f" until {verdict.until}" if verdict.until else ""
        return _reason("held", f"held on {day}{until}{who}{because}")
    if verdict.decision == "challenge":
        return _reason("challenged", f"challenged on {day}{who}{because}")
    if verdict.decision == "escalate":
        return _reason("escalated", f"escalated on {day}{who} and not yet answered{because}")
    if verdict.decision == "stop" and said.item.subject.kind == "investment":
        return _reason("stopped", f"was to be stopped by decision of {day}{who}{because}")
    return None

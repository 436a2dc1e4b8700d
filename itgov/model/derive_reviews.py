"""What follows from the minutes of closed review sessions: who decided what, and what stands open."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from typing import cast

from msgspec import Struct

from itgov.model.facts import LastDecision
from itgov.model.minutes import (
    Decision,
    ItemSubject,
    Minutes,
    MinutesItem,
    beneficiaries,
    gains_by_approval,
    verdict_of,
)
from itgov.model.portfolio import InvestmentEntry, MinutesEntry, Portfolio


class LastVerdict(Struct, frozen=True):
    """What a closed session said of a subject as a whole."""

    minutes: Minutes
    item: MinutesItem
    verdict: Decision


class AgreedAction(Struct, frozen=True):
    """An action that a closed session agreed and that nobody has yet said done."""

    id: str
    item: MinutesItem
    decision: Decision
    on: datetime.date


def in_order(minutes: Iterable[MinutesEntry], today: datetime.date) -> list[Minutes]:
    """Return the minutes of sessions up to a day, the earliest first, with today's ids of people.

    Of one day's, those that others follow come before these, whatever the clock said.
    """
    known = [m.as_now for m in minutes if m.record.review.date <= today]
    places = _places(known)
    return sorted(
        known,
        key=lambda m: (m.review.date, places.get(_hash(m), 0), m.review.closed or "", m.review.id),
    )


def _hash(minutes: Minutes) -> str:
    return minutes.seal.hash if minutes.seal is not None else ""


def _places(known: Iterable[Minutes]) -> dict[str, int]:
    """Return by hash how many minutes each follows, one after the other; a circle has no place."""
    by_hash = {_hash(m): m for m in known if m.seal is not None}
    followers: dict[str, list[str]] = {}
    waits: dict[str, int] = {}
    for name, minutes in by_hash.items():
        earlier = {f for f in (minutes.seal.follows if minutes.seal else ()) if f in by_hash}
        waits[name] = len(earlier)
        for other in earlier:
            followers.setdefault(other, []).append(name)
    ready = [name for name, count in waits.items() if not count]
    places = dict.fromkeys(ready, 0)
    for name in ready:  # which grows
        for follower in followers.get(name, ()):
            places[follower] = max(places.get(follower, 0), places[name] + 1)
            waits[follower] -= 1
            if not waits[follower]:
                ready.append(follower)
    return places


def last_verdicts(ordered: Iterable[Minutes]) -> dict[ItemSubject, LastVerdict]:
    """Return what was last said of each subject; a skipped item was not decided."""
    found: dict[ItemSubject, LastVerdict] = {}
    for minutes in ordered:
        for item in minutes.items:
            verdict = verdict_of(item.decisions)
            if verdict is not None and verdict.decision != "skip":
                found[item.subject] = LastVerdict(minutes, item, verdict)
    return found


def open_actions(ordered: Iterable[Minutes], portfolio: Portfolio) -> list[AgreedAction]:
    """Return the actions agreed in sessions that neither a later session nor the portfolio ends.

    An action that also stands in an engagement of its unit (same words, same due day) is told by
    that one from then on.
    """
    agreed: dict[str, AgreedAction] = {}
    for minutes in ordered:
        for item in minutes.items:
            for number, decision in enumerate(item.decisions, start=1):
                if decision.decision == "action":
                    name = decision.action or f"{minutes.review.id}/{item.subject.id}/{number}"
                    agreed[name] = AgreedAction(name, item, decision, minutes.review.date)
                elif decision.decision == "done" and decision.action is not None:
                    agreed.pop(decision.action, None)
    written = {
        (unit.record.id, action.what, action.due)
        for unit in portfolio.units.values()
        for engagement in unit.engagements
        for action in engagement.record.actions
    }
    return [
        a
        for a in agreed.values()
        if (a.item.business_unit, a.decision.what, a.decision.due) not in written
    ]


def approvals(portfolio: Portfolio) -> dict[str, list[datetime.date]]:
    """Return, by investment, the days on which closed sessions have approved it."""
    found: dict[str, list[datetime.date]] = {}
    for minutes in in_order(portfolio.minutes, portfolio.today):
        for item in minutes.items:
            verdict = verdict_of(item.decisions)
            approved = verdict is not None and verdict.decision == "approve"
            if approved and item.subject.kind == "investment":
                found.setdefault(item.subject.id, []).append(minutes.review.date)
    return found


def derive_reviews(
    portfolio: Portfolio, entries: dict[str, InvestmentEntry], is_told: bool = False
) -> None:
    """Fill in the facts that follow from the portfolio's minutes, as of its day.

    Where those of the organisation and of relationship managers are told, that is those of units and items.
    """
    today = portfolio.today
    ordered = in_order(portfolio.minutes, today)
    if not is_told:
        _of_organisation(portfolio, ordered)
    _held(portfolio, ordered)
    said = last_verdicts(ordered)
    for subject, last in said.items():
        if subject.kind == "investment" and subject.id in entries:
            _investment(entries[subject.id], last, today)
        elif last.verdict.decision == "escalate":
            age = (today - last.minutes.review.date).days
            if subject.kind == "business_unit" and subject.id in portfolio.units:
                portfolio.units[subject.id].facts.days_since_escalation = age
    for investment, waiver in _self_approved(ordered, today):
        if investment in entries:
            entries[investment].facts.decided_by_beneficiary.append(waiver)
    for action in open_actions(ordered, portfolio):
        unit = portfolio.units.get(action.item.business_unit or "")
        if unit is not None:
            due = action.decision.due
            unit.facts.review_actions_open += 1
            unit.facts.review_actions_overdue += due is not None and due < today


def _of_organisation(portfolio: Portfolio, ordered: list[Minutes]) -> None:
    today, whole = portfolio.today, portfolio.organisation.facts
    whole.reviews_held = len(ordered)
    if ordered:
        whole.days_since_review = (today - ordered[-1].review.date).days
    for subject, last in last_verdicts(ordered).items():
        if last.verdict.decision == "escalate":
            age = (today - last.minutes.review.date).days
            if subject.kind == "relationship_manager" and subject.id in portfolio.managers:
                portfolio.managers[subject.id].facts.days_since_escalation = age
            elif subject.kind == "organisation":
                whole.days_since_escalation = age
    for minutes in ordered:
        for item in minutes.items:
            if item.subject.kind == "relationship_manager" and any(
                d.decision != "note" for d in item.decisions
            ):
                manager = portfolio.managers.get(item.subject.id)
                if manager is not None:
                    manager.facts.own_review = minutes.review.id
                    verdict = verdict_of(item.decisions)
                    decided_by = verdict.by if verdict is not None else None
                    led_by = (minutes.review.chair, decided_by)
                    manager.facts.own_review_chaired = item.subject.id in led_by


def _held(portfolio: Portfolio, ordered: list[Minutes]) -> None:
    for minutes in ordered:
        age = (portfolio.today - minutes.review.date).days
        reviewed = minutes.review.business_unit
        for name, unit in portfolio.units.items():
            if reviewed in (None, name):
                unit.facts.reviews_held += 1
                unit.facts.days_since_review = age


def _investment(entry: InvestmentEntry, last: LastVerdict, today: datetime.date) -> None:
    facts, verdict, day = entry.facts, last.verdict, last.minutes.review.date
    age = (today - day).days
    facts.last_decision = cast("LastDecision", verdict.decision)
    facts.last_decision_on = day.isoformat()
    facts.last_decision_by = verdict.by
    facts.days_since_decision = age
    if facts.days_since_review is None or age < facts.days_since_review:
        facts.days_since_review = age
    if verdict.decision == "hold" and verdict.until is not None:
        facts.held_until = verdict.until.isoformat()
    if verdict.decision == "escalate":
        facts.days_since_escalation = age
    if verdict.decision == "approve" and gains_by_approval(last.item.answerable, verdict.by):
        facts.decided_by_beneficiary.append(f"approved by {verdict.by} in {last.minutes.review.id}")


def _self_approved(ordered: list[Minutes], today: datetime.date) -> Iterator[tuple[str, str]]:
    """Yield the waivers still in force that were last approved by whoever gains by them."""
    latest: dict[tuple[str, str], tuple[Decision, MinutesItem, str]] = {}
    for minutes in ordered:
        for item in minutes.items:
            for decision in item.decisions:
                if decision.decision == "waive" and item.subject.kind == "investment":
                    key = (item.subject.id, decision.rule or "")
                    latest[key] = (decision, item, minutes.review.id)
    for (investment, rule), (decision, item, review) in latest.items():
        ended = decision.until is None or decision.until < today
        if not ended and decision.approved_by in beneficiaries(item.answerable):
            yield investment, f"{rule} waived by {decision.approved_by} in {review}"

"""What a board, or the head of a unit, is asked to decide.

Review sessions' escalations, scenarios that are filed, posts without anybody, exceptions that ended, and
the findings that need attention most.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypedDict

from itgov.insight.ask_types import (
    Asks,
    AttentionAsk,
    EndedWaiver,
    Escalation,
    Post,
    ScenarioAsk,
    TopFinding,
    Vacancy,
)
from itgov.insight.attention import Attention
from itgov.insight.flow import ApartJudge
from itgov.insight.governed import Governed
from itgov.insight.scenario import CannotWeigh, weigh
from itgov.insight.scenario_types import Weighed
from itgov.model.derive_reviews import in_order, last_verdicts
from itgov.model.finding import Finding, Subject
from itgov.model.nobody import is_named
from itgov.model.portfolio import Portfolio, ScenarioEntry, UnitEntry
from itgov.model.scenario import unfit
from itgov.model.types import Waiver
from itgov.rules.catalogue import RuleBook
from itgov.rules.language import MANDATORY

_POSTS: Mapping[str, Post] = dict(zip(MANDATORY, ("outcome owner", "relationship manager"), strict=True))  # fmt: skip
_UNIT_POSTS = ("head", "relationship_manager")
"""Fields of a unit that a vacancy asks about."""
MOST_OF_BOARD = 5
MOST_OF_UNIT = 3
"""Records that need attention, of which the board or a unit's head is told."""
_TOLD_APART = ("WVR-", "HIS-000")
"""Findings that are no decision of their own: on waivers, which are asked about by name, and on what git
cannot tell."""


def asks_of(
    governed: Governed, attention: Attention, findings: Sequence[Finding], only: frozenset[str]
) -> Asks:
    """Return what is asked of a board, of the units `only` if any are named.

    `findings` are in the order of attention.
    """
    portfolio, book = governed.linked.portfolio, governed.book
    return Asks(
        escalations=tuple(e for e in _escalations(portfolio) if not only or e.unit in only),
        scenarios=tuple(s for s in _scenarios(governed) if not only or s.units & only),
        vacancies=tuple(_vacancies(portfolio, findings, only)),
        ended=tuple(e for e in _ended(portfolio, book) if not only or e.unit in only),
        **_attention(attention, findings, MOST_OF_BOARD),
    )


def asks_of_unit(asks: Asks, unit: str, attention: Attention, findings: Iterable[Finding]) -> Asks:
    """Return what is asked of a unit's head: of all that is asked, and of the findings on the unit."""
    return Asks(
        escalations=tuple(e for e in asks.escalations if e.unit == unit),
        scenarios=tuple(s for s in asks.scenarios if unit in s.units),
        vacancies=tuple(v for v in asks.vacancies if v.unit == unit),
        ended=tuple(e for e in asks.ended if e.unit == unit),
        **_attention(attention, attention.ordered(findings), MOST_OF_UNIT),
    )


class _Attention(TypedDict):
    attention: tuple[AttentionAsk, ...]
    attention_whole: int


def _attention(attention: Attention, findings: Iterable[Finding], most: int) -> _Attention:
    """Return the first records that nothing else asks about, and how many there are."""
    found: dict[Subject, list[Finding]] = {}
    for f in findings:
        about_post = f.subject.kind == "business_unit" and f.field in _UNIT_POSTS
        told = f.rule in MANDATORY or f.rule.startswith(_TOLD_APART) or about_post
        if not (f.waived or f.severity == "info" or told):
            found.setdefault(f.subject, []).append(f)
    first = list(found.values())[:most]
    tops = top_of(attention, [on[0] for on in first])
    return {
        "attention": tuple(
            AttentionAsk(top, len(on) - 1) for top, on in zip(tops, first, strict=True)
        ),
        "attention_whole": len(found),
    }


def top_of(attention: Attention, findings: Iterable[Finding]) -> Iterator[TopFinding]:
    """Yield findings with what they cost."""
    for finding in findings:
        stake = attention.stake(finding)
        names = tuple(unit.name for unit, _ in stake.costs)
        yield TopFinding(finding, names, stake.points, stake.money)


def name_of(portfolio: Portfolio, person: str | None) -> str | None:
    """Return a person's name, marked where they left, the id of one not listed, or None for nobody."""
    if not is_named(person) or person is None:
        return None
    known = portfolio.people.get(person)
    if known is None:
        return person
    return f"{known.name} (left)" if known.record.has_left(portfolio.today) else known.name


def _escalations(portfolio: Portfolio) -> Iterator[Escalation]:
    """Yield what was last said to be escalated, the latest first."""
    found = last_verdicts(in_order(portfolio.minutes, portfolio.today))
    handed = [v for v in found.values() if v.verdict.decision == "escalate"]
    for last in sorted(handed, key=lambda v: (v.minutes.review.date, v.item.subject), reverse=True):
        item, said = last.item, last.verdict
        yield Escalation(
            last.minutes.review.date,
            item.title or item.subject.id,
            item.subject.id if item.subject.kind == "business_unit" else item.business_unit,
            name_of(portfolio, said.by),
            said.reason,
        )


def _scenarios(governed: Governed) -> Iterator[ScenarioAsk]:
    linked = governed.linked
    if not linked.portfolio.scenarios:
        return
    of_item = {
        e.record.id: unit.record.id
        for unit in linked.portfolio.units.values()
        for e in unit.investments
    }
    closed = in_order(linked.portfolio.minutes, linked.portfolio.today)
    chosen = {i for minutes in closed for i in minutes.review.scenarios}
    judge = ApartJudge()
    for entry in linked.portfolio.scenarios:
        record = entry.record
        if record.id in chosen:
            continue
        touched = {c.investment for c in record.changes if unfit(c) is None}
        weighed, problem = _weigh(governed, entry, judge)
        yield ScenarioAsk(
            record.title or record.id,
            frozenset(of_item[i] for i in touched if i in of_item),
            len(record.changes),
            weighed,
            problem,
        )


def _weigh(
    governed: Governed, entry: ScenarioEntry, judge: ApartJudge
) -> tuple[Weighed | None, str]:
    try:
        return weigh(governed.linked, governed.book, [entry], judge).scenarios[0], ""
    except CannotWeigh as cannot:
        return None, cannot.reason


def _vacancies(
    portfolio: Portfolio, findings: Sequence[Finding], only: frozenset[str]
) -> Iterator[Vacancy]:
    """Yield posts of units, then of their items, in the order of the units' first such finding."""
    entries = {e.record.id: e for e in portfolio.investments()}
    units = [u for i, u in portfolio.units.items() if not only or i in only]
    for unit in units:
        yield from _of_unit(unit)
    found: dict[tuple[str, Post], list[str]] = {}
    for f in findings:
        post = _POSTS.get(f.rule)
        if post is not None and f.subject.id in entries and f.business_unit is not None:
            found.setdefault((f.business_unit, post), []).append(f.subject.id)
    for (unit_id, post), ids in found.items():
        titles = tuple(entries[i].record.title for i in ids)
        money = sum(entries[i].facts.spend_total for i in ids)
        yield Vacancy(post, unit_id, titles, money)


def _of_unit(unit: UnitEntry) -> Iterator[Vacancy]:
    record = unit.record
    money = unit.facts.spend_total
    if not is_named(record.head):
        yield Vacancy("head", record.id, (), money)
    if not is_named(record.relationship_manager):
        yield Vacancy("relationship manager", record.id, (), money)


def _ended(portfolio: Portfolio, book: RuleBook) -> Iterator[EndedWaiver]:
    """Yield exceptions that are over, the one that ended first before the others."""
    titles = {i: info.heading for i, info in book.info().items()}
    held = [
        (name, unit, waiver)
        for name, unit, waiver in waivers_of(portfolio)
        if waiver.has_ended(portfolio.today)
    ]
    for name, unit, waiver in sorted(held, key=lambda h: (h[2].until or datetime.date.min, h[0])):
        yield EndedWaiver(
            name,
            unit,
            titles.get(waiver.rule, waiver.rule),
            waiver.until,
            name_of(portfolio, waiver.approved_by),
            waiver.reason,
        )


def waivers_of(portfolio: Portfolio) -> Iterator[tuple[str, str | None, Waiver]]:
    """Yield each waiver with the name and the unit of what it is on."""
    organisation = portfolio.organisation.record
    for waiver in organisation.waivers:
        yield organisation.name or organisation.id, None, waiver
    for manager in portfolio.managers.values():
        units = manager.facts.business_units
        for waiver in manager.record.waivers:
            yield manager.facts.name, units[0] if len(units) == 1 else None, waiver
    for unit in portfolio.units.values():
        for waiver in unit.record.waivers:
            yield unit.name, unit.record.id, waiver
        for entry in unit.investments:
            for waiver in entry.record.waivers:
                yield entry.record.title, unit.record.id, waiver

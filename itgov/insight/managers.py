"""Measure: the relationship managers, by what they serve and by where they stand.

`measure_managers` is a pure function of a linked portfolio and its verdicts.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from itgov.files.linked import Linked
from itgov.files.places import locate
from itgov.insight.experience import experience_in
from itgov.insight.manager_types import (
    Appraisal,
    CardSign,
    Expectation,
    Load,
    ManagersReport,
    Scorecard,
    Standing,
)
from itgov.insight.reach_sums import ReachSum, parts_of, split_of
from itgov.insight.unread import unread
from itgov.insight.value import horizon_of
from itgov.insight.value_types import figures_of
from itgov.model.claims import name_of
from itgov.model.engagements import YEAR_DAYS, participants
from itgov.model.finding import Finding
from itgov.model.nobody import is_named
from itgov.model.portfolio import InvestmentEntry, ManagerEntry, OutcomeEntry, Portfolio
from itgov.model.value_sums import ValueSum, total_of
from itgov.rules.verdicts import Judged

_STANDING_FIELDS = frozenset(("represents", "position", "position_since", "native_by"))


class _Served(Struct):
    entry: InvestmentEntry
    inherited: bool


def measure_managers(linked: Linked, judged: Judged) -> ManagersReport:
    """Return the scorecard of every relationship manager.

    An item that names no relationship manager falls to its unit's.
    """
    portfolio = linked.portfolio
    organisation = portfolio.organisation.record
    served, unlisted, uncovered = _share_out(portfolio)
    said: dict[str, list[Finding]] = {}
    for finding in judged.findings:
        if finding.subject.kind == "relationship_manager":
            said.setdefault(finding.subject.id, []).append(finding)
    wanted = {m for entry in portfolio.managers.values() for m in entry.record.measured_by}
    outcomes = {
        name: outcome for outcome in portfolio.outcomes() if (name := name_of(outcome)) in wanted
    }
    engagements = _engagements(portfolio)
    return ManagersReport(
        as_of=portfolio.today,
        organisation=organisation.name or organisation.id,
        currency=organisation.currency,
        managers=tuple(
            _card(
                linked,
                entry,
                served.get(person, []),
                outcomes,
                said.get(person, []),
                engagements.get(person, 0),
            )
            for person, entry in portfolio.managers.items()
        ),
        unlisted=tuple(sorted(unlisted)),
        uncovered=len(uncovered),
        uncovered_spend=sum(e.facts.spend_total for e in uncovered),
        unread=unread(linked),
        unit_names={key: unit.name for key, unit in portfolio.units.items()},
    )


def _share_out(
    portfolio: Portfolio,
) -> tuple[dict[str, list[_Served]], set[str], list[InvestmentEntry]]:
    """Return what each relationship manager serves, who is named unlisted, and what is left."""
    served: dict[str, list[_Served]] = {}
    unlisted: set[str] = set()
    uncovered = []
    managers = portfolio.managers
    for unit in portfolio.units.values():
        of_unit = unit.record.relationship_manager
        if is_named(of_unit) and of_unit not in managers:
            unlisted.add(str(of_unit))
        for entry in unit.investments:
            inherited = not is_named(entry.record.relationship_manager)
            person = entry.facts.managed_by
            if person is not None and person in managers:
                served.setdefault(person, []).append(_Served(entry, inherited))
                continue
            if not inherited and person is not None:
                unlisted.add(person)
            if is_uncovered(entry, portfolio):
                uncovered.append(entry)
    return served, unlisted, uncovered


def is_uncovered(entry: InvestmentEntry, portfolio: Portfolio) -> bool:
    """Say whether an active item falls to no listed relationship manager."""
    return entry.facts.is_active and entry.facts.managed_by not in portfolio.managers


def _engagements(portfolio: Portfolio) -> dict[str, int]:
    found: dict[str, int] = {}
    for unit in portfolio.units.values():
        for entry in unit.engagements:
            if entry.facts.counts and 0 <= entry.facts.days_ago <= YEAR_DAYS:
                for person in set(participants(entry.record)) & portfolio.managers.keys():
                    found[person] = found.get(person, 0) + 1
    return found


def _card(
    linked: Linked,
    entry: ManagerEntry,
    served: list[_Served],
    outcomes: dict[str, OutcomeEntry],
    findings: list[Finding],
    engagements: int,
) -> Scorecard:
    portfolio, record, facts = linked.portfolio, entry.record, entry.facts
    reached = ReachSum()
    value: list[ValueSum] = []
    for item in served:
        rows = item.entry.record.spend
        budget = sum(parts_of(row.budget or 0) for row in rows)
        actual = sum(parts_of(row.actual or 0) for row in rows)
        reached.add(split_of(item.entry), budget, actual)
        value.append(item.entry.sums)
    person = portfolio.people.get(record.person)
    return Scorecard(
        person=record.person,
        name=facts.name,
        title=record.title,
        title_agreed=facts.title_agreed,
        side=facts.side,
        left=person is not None and not person.facts.is_active,
        place=locate(linked.documents, entry.source, None),
        load=_load(entry, served),
        standing=_standing(portfolio, entry, findings),
        signs=tuple(_signs(linked, entry)),
        speaks_for_observed=facts.speaks_for_observed,
        disagrees=facts.disagrees,
        appraised_by=tuple(
            _appraisal(name, outcomes.get(name), facts.business_units)
            for name in dict.fromkeys(record.measured_by)
        ),
        experience=experience_in(portfolio, record.person),
        evidenced_services=facts.evidenced_services,
        evidenced_investments=facts.evidenced_investments,
        engagements_last_year=engagements,
        budget=reached.budgets,
        budget_whole=reached.budget_whole,
        actual=reached.actuals,
        value=figures_of(
            total_of(value), portfolio.today, horizon_of(portfolio), portfolio.grace_days
        ),
        findings=tuple(findings),
    )


def _load(entry: ManagerEntry, served: list[_Served]) -> Load:
    active = [item for item in served if item.entry.facts.is_active]
    dedication, serves = entry.record.dedication, tuple(dict.fromkeys(entry.record.serves))
    return Load(
        units=tuple(entry.facts.business_units),
        items=len(active),
        inherited=sum(item.inherited for item in active),
        spend=sum(item.entry.facts.spend_total for item in active),
        dedication=dedication,
        per_full_time=len(active) / dedication if dedication else None,
        serves=serves,
        also_named_in=tuple(u for u in entry.facts.business_units if u not in serves),
    )


def _standing(portfolio: Portfolio, entry: ManagerEntry, findings: list[Finding]) -> Standing:
    record, facts = entry.record, entry.facts
    overdue = facts.days_native_overdue
    expectation: Expectation = "not agreed"
    if record.position == "native":
        expectation = "arrived"
    elif overdue is not None:
        expectation = "overdue" if overdue > 0 else "ahead"
    boss = portfolio.people.get(record.reports_to or "")
    late = [f.rule for f in findings if not f.waived and f.field in _STANDING_FIELDS]
    return Standing(
        represents=record.represents,
        position=record.position,
        since=record.position_since,
        days=facts.days_in_position,
        native_by=record.native_by,
        expectation=expectation,
        days_overdue=overdue,
        breaks=tuple(dict.fromkeys(late)),
        reports_to=record.reports_to,
        reports_to_name=boss.name if boss is not None else record.reports_to,
        reports_to_side=facts.manager_side,
    )


def _signs(linked: Linked, entry: ManagerEntry) -> Iterator[CardSign]:
    for placed in entry.signs:
        sign = placed.sign
        yield CardSign(
            sign.sign, sign.unit, sign.side, sign.declared, sign.says, tuple(sign.items),
            locate(linked.documents, placed.source, None),
        )  # fmt: skip


def _appraisal(name: str, outcome: OutcomeEntry | None, units: list[str]) -> Appraisal:
    if outcome is None:
        return Appraisal(name, known=False)
    record, facts = outcome.record, outcome.facts
    return Appraisal(
        outcome=name,
        known=True,
        served=facts.business_unit in units,
        business_unit=facts.business_unit,
        measure=record.measure,
        reach=facts.line_of_sight,
        met=facts.met,
        progress=facts.progress,
        due=record.due,
        overdue=facts.overdue,
        faded=facts.faded,
        stale=facts.stale,
        planned=facts.value_planned or None,
        planned_to_date=facts.planned_to_date,
        realised=facts.realised_to_date,
    )

"""Measure: the line of sight from spend to value, and what value came back.

`measure_value` and `value_tree` are pure functions of a linked portfolio; no rule is needed.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from itgov.files.linked import Linked
from itgov.files.places import locate
from itgov.insight.reach_sums import ReachSum, Split, parts_of, split_of
from itgov.insight.unread import unread
from itgov.insight.value_types import (
    Benefits,
    Claim,
    ItemNode,
    MoneyLine,
    NoSight,
    OutcomeNode,
    ResultNode,
    UnitNode,
    ValueReport,
)
from itgov.model.fiscal import fiscal_year_of
from itgov.model.portfolio import InvestmentEntry, OutcomeEntry, Portfolio, UnitEntry
from itgov.model.reach import is_evidence

NO_PURPOSE = ""
"""The id of the line of what names no purpose, or no objective."""
PURPOSES = ("run", "grow", "transform", NO_PURPOSE)


class _Tally(NamedTuple):
    """A line of the report while it is made, and its money."""

    line: MoneyLine
    sum: ReachSum

    def closed(self) -> MoneyLine:
        """Return the line with its money."""
        line, money = self.line, self.sum
        line.budget, line.actual = money.budgets, money.actuals
        line.budget_whole, line.overdue = money.budget_whole, money.overdue
        return line


def _tally(line: MoneyLine) -> _Tally:
    return _Tally(line, ReachSum())


def measure_value(linked: Linked) -> ValueReport:
    """Return how far every amount of spend reaches, and the value that came back.

    An item's money is divided equally among its outcomes.  Every line's buckets add up to its money;
    units, purposes, objectives and years each add up to the total.
    """
    portfolio = linked.portfolio
    organisation = portfolio.organisation.record
    fiscal_year = fiscal_year_of(portfolio.today, organisation.fiscal_year_start)
    whole = _tally(MoneyLine("", "all", benefits=Benefits()))
    until = _tally(MoneyLine("", f"to {fiscal_year}"))
    purposes = {p: _tally(MoneyLine(p, p or "no purpose", benefits=Benefits())) for p in PURPOSES}
    objectives: dict[str, _Tally] = {}
    years: dict[int, _Tally] = {}
    units: list[_Tally] = []
    without: list[NoSight] = []
    twice, claims = claimed_twice(portfolio)
    for unit in portfolio.units.values():
        tally = _tally(MoneyLine(unit.record.id, unit.name, benefits=Benefits()))
        units.append(tally)
        statements = {o.id: o.statement for o in unit.record.objectives}
        for entry in unit.investments:
            objective = _objective(entry, unit, statements, objectives)
            purpose = purposes[entry.record.purpose or NO_PURPOSE]
            split, budget_parts, actual_parts = split_of(entry), 0, 0
            if entry.record.spend:
                budget_parts, actual_parts = _add_years(entry, split, until, years, fiscal_year)
            _add(entry, (whole, tally, purpose, objective), fiscal_year, twice)
            purpose.sum.add(split, budget_parts, actual_parts)
            tally.sum.add(split, budget_parts, actual_parts)
            objective.sum.add(split, budget_parts, actual_parts)
            budget, actual = entry.facts.budget_total, entry.facts.actual_total
            if entry.facts.line_of_sight == "none" and (budget or actual):
                place = locate(linked.documents, entry.source, None)
                record = entry.record
                without.append(
                    NoSight(record.id, record.title, unit.record.id, place, budget, actual)
                )
        whole.sum.add_sum(tally.sum)
    for year, tally in years.items():
        if year <= fiscal_year:
            until.sum.add_sum(tally.sum)
    return ValueReport(
        as_of=portfolio.today,
        organisation=organisation.name or organisation.id,
        currency=organisation.currency,
        fiscal_year=fiscal_year,
        total=whole.closed(),
        to_date=until.closed(),
        units=[tally.closed() for tally in units],
        purposes=[tally.closed() for tally in purposes.values() if tally.line.items],
        objectives=[tally.closed() for tally in objectives.values()],
        years=[years[year].closed() for year in sorted(years)],
        without=sorted(without, key=lambda n: (-max(n.budget, n.actual), n.unit, n.id)),
        claims=claims,
        unread=unread(linked),
        grace_days=portfolio.grace_days,
    )


def _objective(
    entry: InvestmentEntry,
    unit: UnitEntry,
    statements: dict[str, str | None],
    known: dict[str, _Tally],
) -> _Tally:
    objective = entry.record.objective
    if objective is None or objective not in statements:
        identifier, name = f"{unit.record.id}/", "no objective"
    else:
        identifier = f"{unit.record.id}/{objective}"
        name = statements[objective] or objective
    tally = known.get(identifier)
    if tally is None:
        tally = known[identifier] = _tally(MoneyLine(identifier, name, benefits=Benefits()))
    return tally


def _add(
    entry: InvestmentEntry,
    tallies: Iterable[_Tally],
    fiscal_year: int,
    twice: set[int],
) -> None:
    """Add an investment and its value to some lines; not yet its money."""
    facts, record = entry.facts, entry.record
    spent = sum([row.actual or 0 for row in record.spend if row.year <= fiscal_year])
    no_outcomes = "outcomes" in record.withheld and not record.outcomes
    no_spend = "spend" in record.withheld
    for tally in tallies:
        line = tally.line
        line.items += 1
        line.counts.add(facts.line_of_sight)
        line.withheld.spend_items += no_spend
        if no_outcomes:
            line.withheld.outcome_items += 1
            line.withheld.outcomes.budget += facts.budget_total
            line.withheld.outcomes.actual += facts.actual_total
        if line.benefits is not None:
            line.benefits.spent += spent
            for outcome in entry.outcomes:
                add_benefit(line.benefits, outcome, id(outcome) in twice)


def add_benefit(benefits: Benefits, outcome: OutcomeEntry, twice: bool) -> None:
    """Add an outcome's value, or take it out where another investment's claim counts."""
    planned, realised = outcome.record.value or 0, outcome.facts.value_realised
    if twice:
        benefits.twice_planned += planned
        benefits.twice_realised += realised
        return
    benefits.planned += planned
    benefits.realised += realised
    overdue = outcome.facts.days_overdue
    if planned and overdue is not None and overdue >= 0:
        benefits.planned_due += planned
        benefits.realised_due += min(realised, planned)


def _add_years(
    entry: InvestmentEntry,
    split: Split,
    until: _Tally,
    years: dict[int, _Tally],
    fiscal_year: int,
) -> tuple[int, int]:
    """Add an investment to the line of each year with its money, and to that of all years so far.

    Return its budget and what it cost, in millionths.
    """
    whole_budget = whole_actual = 0
    reach = entry.facts.line_of_sight
    seen: set[int] = set()
    so_far = False
    for row in entry.record.spend:
        tally = years.get(row.year)
        if tally is None:
            tally = years[row.year] = _tally(MoneyLine(str(row.year), str(row.year)))
        if row.year not in seen:
            seen.add(row.year)
            tally.line.items += 1
            tally.line.counts.add(reach)
        budget, actual = parts_of(row.budget or 0), parts_of(row.actual or 0)
        tally.sum.add(split, budget, actual)
        if row.year <= fiscal_year:
            if not so_far:
                until.line.items += 1
                until.line.counts.add(reach)
            so_far = True
        whole_budget += budget
        whole_actual += actual
    return whole_budget, whole_actual


# -- claimed twice -------------------------------------------------------------------------


def claimed_twice(portfolio: Portfolio) -> tuple[set[int], list[Claim]]:
    """Return which outcomes (by `id()`) claim what another investment's claim counts for already.

    Of outcomes in different investments with the same measure and planned value, the one with the
    most value realised counts, the first of equals.
    """
    shared = [outcome for outcome in portfolio.outcomes() if outcome.facts.same_claim_as]
    twice: set[int] = set()
    claims: list[Claim] = []
    by_name = {name_of(o): o for o in shared}
    order = {id(o): place for place, o in enumerate(shared)}
    done: set[str] = set()
    for outcome in shared:
        name = name_of(outcome)
        if name in done:
            continue
        # the others of its own investment are named by those of another
        group = {name, *outcome.facts.same_claim_as}
        for other in outcome.facts.same_claim_as[:1]:
            if other in by_name:
                group.update(by_name[other].facts.same_claim_as)
        done |= group
        members = sorted((by_name[n] for n in group if n in by_name), key=lambda o: order[id(o)])
        counted = max(members, key=lambda o: o.facts.value_realised)
        others = [o for o in members if o is not counted]
        twice.update(id(o) for o in others)
        claims.append(
            Claim(
                name_of(counted),
                tuple(name_of(o) for o in others),
                counted.record.measure or "",
                counted.record.value or 0,
            )
        )
    return twice, claims


def name_of(outcome: OutcomeEntry) -> str:
    """Return an outcome's name in the organisation: `<investment>/<outcome>`."""
    return f"{outcome.facts.investment}/{outcome.record.id}"


# -- the tree ------------------------------------------------------------------------------


def value_tree(linked: Linked, units: Iterable[str] | None = None) -> Iterator[UnitNode]:
    """Return the chain spend → investment → outcome → result of each unit, or of some."""
    portfolio = linked.portfolio
    wanted = None if units is None else set(units)
    for unit in portfolio.units.values():
        if wanted is not None and unit.record.id not in wanted:
            continue
        items = tuple(_item(linked, entry) for entry in unit.investments)
        yield UnitNode(
            unit.record.id,
            unit.name,
            unit.facts.budget_total,
            unit.facts.actual_total,
            items,
        )


def _item(linked: Linked, entry: InvestmentEntry) -> ItemNode:
    today, files = linked.portfolio.today, linked.portfolio.evidence_files
    record, facts = entry.record, entry.facts
    return ItemNode(
        record.id,
        record.title,
        locate(linked.documents, entry.source, None),
        facts.line_of_sight,
        facts.budget_total,
        facts.actual_total,
        tuple(f for f in ("spend", "outcomes") if f in record.withheld),
        tuple(_outcome(outcome, today, files) for outcome in entry.outcomes),
    )


def _outcome(
    outcome: OutcomeEntry, today: datetime.date, files: Collection[str] | None
) -> OutcomeNode:
    record, facts = outcome.record, outcome.facts
    results = sorted(record.results, key=lambda r: r.date)
    return OutcomeNode(
        record.id, record.measure, record.unit, record.baseline, record.target, record.due,
        facts.overdue, facts.faded, facts.stale, facts.line_of_sight, facts.met, record.value,
        tuple(
            ResultNode(
                r.date, r.actual, r.value, r.evidence,
                is_evidence(r.evidence, files), r.date > today,
            )
            for r in results
        ),
    )  # fmt: skip

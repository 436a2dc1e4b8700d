"""Measure: the line of sight from spend to value, and what value came back.

`measure_value` and `value_tree` are pure functions of a linked portfolio; no rule is needed.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator

from itgov.files.linked import Linked
from itgov.files.places import locate
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
from itgov.model.derive import fiscal_year_of
from itgov.model.portfolio import InvestmentEntry, OutcomeEntry, Portfolio, UnitEntry

NO_PURPOSE = ""
"""The id of the line of what names no purpose, or no objective."""
PURPOSES = ("run", "grow", "transform", NO_PURPOSE)


def measure_value(linked: Linked) -> ValueReport:
    """Return how far every amount of spend reaches, and the value that came back.

    Every line's buckets add up to its money; units, purposes, objectives and years each add up to
    the total.
    """
    portfolio = linked.portfolio
    organisation = portfolio.organisation.record
    fiscal_year = fiscal_year_of(portfolio.today, organisation.fiscal_year_start)
    whole = MoneyLine("", "all")
    until = MoneyLine("", f"to {fiscal_year}")
    purposes = {p: MoneyLine(p, p or "no purpose") for p in PURPOSES}
    objectives: dict[str, MoneyLine] = {}
    years: dict[int, MoneyLine] = {}
    units: list[MoneyLine] = []
    without: list[NoSight] = []
    twice, claims = claimed_twice(portfolio)
    for line in (whole, *purposes.values()):
        line.benefits = Benefits()
    for unit in portfolio.units.values():
        line = MoneyLine(unit.record.id, unit.name, benefits=Benefits())
        units.append(line)
        statements = {o.id: o.statement for o in unit.record.objectives}
        for entry in unit.investments:
            objective = _objective(entry, unit, statements, objectives)
            purpose = purposes[entry.record.purpose or NO_PURPOSE]
            budget, actual = _add(entry, (whole, line, purpose, objective), fiscal_year, twice)
            _add_years(entry, until, years, fiscal_year)
            if entry.facts.line_of_sight == "none" and (budget or actual):
                place = locate(linked.documents, entry.source, None)
                record = entry.record
                without.append(
                    NoSight(record.id, record.title, unit.record.id, place, budget, actual)
                )
    return ValueReport(
        as_of=portfolio.today,
        organisation=organisation.name or organisation.id,
        currency=organisation.currency,
        fiscal_year=fiscal_year,
        total=whole,
        to_date=until,
        units=units,
        purposes=[line for line in purposes.values() if line.items],
        objectives=[line for line in objectives.values() if line.items],
        years=[years[year] for year in sorted(years)],
        without=sorted(without, key=lambda n: (-max(n.budget, n.actual), n.unit, n.id)),
        claims=claims,
        unread=unread(linked),
    )


def _objective(
    entry: InvestmentEntry,
    unit: UnitEntry,
    statements: dict[str, str | None],
    known: dict[str, MoneyLine],
) -> MoneyLine:
    objective = entry.record.objective
    if objective is None or objective not in statements:
        identifier, name = f"{unit.record.id}/", "no objective"
    else:
        identifier = f"{unit.record.id}/{objective}"
        name = statements[objective] or objective
    line = known.get(identifier)
    if line is None:
        line = known[identifier] = MoneyLine(identifier, name, benefits=Benefits())
    return line


def _add(
    entry: InvestmentEntry,
    lines: Iterable[MoneyLine],
    fiscal_year: int,
    twice: set[int],
) -> tuple[float, float]:
    """Add an investment's money and value to some lines, and return its budget and actual."""
    facts, record = entry.facts, entry.record
    reach = facts.line_of_sight
    budget, actual = facts.budget_total, facts.actual_total
    spent = sum(row.actual or 0 for row in record.spend if row.year <= fiscal_year)
    due = reach == "target" and any(_is_due(o) for o in entry.outcomes)
    no_outcomes = "outcomes" in record.withheld and not record.outcomes
    no_spend = "spend" in record.withheld
    for line in lines:
        line.items += 1
        line.counts.add(reach)
        line.budget.add(reach, budget)
        line.actual.add(reach, actual)
        if due:
            line.due.budget += budget
            line.due.actual += actual
        line.withheld.spend_items += no_spend
        if no_outcomes:
            line.withheld.outcome_items += 1
            line.withheld.outcomes.budget += budget
            line.withheld.outcomes.actual += actual
        if line.benefits is not None:
            line.benefits.spent += spent
            for outcome in entry.outcomes:
                add_benefit(line.benefits, outcome, id(outcome) in twice)
    return budget, actual


def _is_due(outcome: OutcomeEntry) -> bool:
    """Say whether a complete outcome has no result although its day has come."""
    overdue = outcome.facts.days_overdue
    return outcome.facts.line_of_sight == "target" and overdue is not None and overdue >= 0


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
    entry: InvestmentEntry, until: MoneyLine, years: dict[int, MoneyLine], fiscal_year: int
) -> None:
    """Add an investment's money to the line of each year, and to that of all years so far."""
    reach = entry.facts.line_of_sight
    due = reach == "target" and any(_is_due(o) for o in entry.outcomes)
    seen: set[int] = set()
    so_far = False
    for row in entry.record.spend:
        line = years.get(row.year)
        if line is None:
            line = years[row.year] = MoneyLine(str(row.year), str(row.year))
        lines = [line]
        if row.year <= fiscal_year:
            lines.append(until)
            until.items += not so_far
            if not so_far:
                until.counts.add(reach)
            so_far = True
        if row.year not in seen:
            seen.add(row.year)
            line.items += 1
            line.counts.add(reach)
        for each in lines:
            each.budget.add(reach, row.budget or 0)
            each.actual.add(reach, row.actual or 0)
            if due:
                each.due.budget += row.budget or 0
                each.due.actual += row.actual or 0


# -- claimed twice -------------------------------------------------------------------------


def claimed_twice(portfolio: Portfolio) -> tuple[set[int], list[Claim]]:
    """Return which outcomes (by `id()`) claim what another investment's claim counts for already.

    Of outcomes in different investments with the same measure and planned value, the one with the
    most value realised counts, the first of equals.
    """
    shared = [outcome for outcome in portfolio.outcomes() if outcome.facts.also_claimed_by]
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
        group = {name, *outcome.facts.also_claimed_by}
        for other in outcome.facts.also_claimed_by[:1]:
            if other in by_name:
                group.update(by_name[other].facts.also_claimed_by)
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
        items = tuple(_item(linked, entry, portfolio.today) for entry in unit.investments)
        yield UnitNode(
            unit.record.id,
            unit.name,
            unit.facts.budget_total,
            unit.facts.actual_total,
            items,
        )


def _item(linked: Linked, entry: InvestmentEntry, today: datetime.date) -> ItemNode:
    record, facts = entry.record, entry.facts
    return ItemNode(
        record.id,
        record.title,
        locate(linked.documents, entry.source, None),
        facts.line_of_sight,
        facts.budget_total,
        facts.actual_total,
        tuple(f for f in ("spend", "outcomes") if f in record.withheld),
        tuple(_outcome(outcome, today) for outcome in entry.outcomes),
    )


def _outcome(outcome: OutcomeEntry, today: datetime.date) -> OutcomeNode:
    record, facts = outcome.record, outcome.facts
    results = sorted(record.results, key=lambda r: r.date)
    return OutcomeNode(
        record.id, record.measure, record.unit, record.baseline, record.target, record.due,
        facts.days_overdue is not None and facts.days_overdue >= 0,
        facts.line_of_sight, facts.met, record.value,
        tuple(ResultNode(r.date, r.actual, r.value, r.evidence, r.date > today) for r in results),
    )  # fmt: skip

"""Measure: the line of sight from spend to value, and what value came back.

`measure_value` and `value_tree` are pure functions of a linked portfolio; no rule is needed.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from itgov.files.linked import Linked
from itgov.files.places import locate
from itgov.insight.approval_types import ItemAtApproval, Sides, at_approval
from itgov.insight.reach_sums import ReachSum, Split, parts_of, split_of
from itgov.insight.unread import unread
from itgov.insight.value_types import (
    ItemNode,
    MoneyLine,
    NodeValue,
    NoSight,
    OutcomeNode,
    ResultNode,
    UnitNode,
    ValueReport,
    figures_of,
)
from itgov.model.claims import Claim
from itgov.model.filtered import FoundItems
from itgov.model.fiscal import fiscal_year_of
from itgov.model.plan import PARTS
from itgov.model.plan_then import PlanThen, gone_of
from itgov.model.portfolio import InvestmentEntry, OutcomeEntry, Portfolio, UnitEntry
from itgov.model.reach import is_evidence
from itgov.model.unit_cost import unit_costs
from itgov.model.value_sums import ValueSum, last_day_to_come, total_of

NO_PURPOSE = ""
"""The id of the line of what names no purpose, or no objective."""
PURPOSES = ("run", "grow", "transform", NO_PURPOSE)


class _Tally(NamedTuple):
    """A line of the report while it is made, and its money."""

    line: MoneyLine
    sum: ReachSum
    value: list[ValueSum] | None
    then: list[InvestmentEntry]
    """Items whose plan at approval is known, or cut off."""

    def closed(
        self,
        as_of: datetime.date,
        until: datetime.date,
        grace_days: int,
        gone: Sequence[PlanThen] = (),
    ) -> MoneyLine:
        """Return the line with its money."""
        line, money = self.line, self.sum
        if self.value is not None:
            line.value = figures_of(total_of(self.value), as_of, until, grace_days)
            line.at_approval = at_approval(
                [e.plan_then for e in self.then if e.plan_then is not None],
                sum(e.approval_cut for e in self.then),
                gone,
            )
        line.budget, line.actual = money.budgets, money.actuals
        line.budget_whole, line.overdue = money.budget_whole, money.overdue
        return line


def _tally(identifier: str, name: str, *, valued: bool = True) -> _Tally:
    """Return an empty line; `valued` says whether it has planned and realised money."""
    return _Tally(MoneyLine(identifier, name), ReachSum(), [] if valued else None, [])


def measure_value(linked: Linked, found: FoundItems | None = None) -> ValueReport:
    """Return how far every amount of spend reaches, and the value that came back.

    An item's money is divided equally among its outcomes.  Every line's buckets add up to its money;
    units, purposes, objectives and years each add up to the total.  With `found` all of it is of
    these items only: units without any are left out, and items that were deleted, which no filter
    finds.  What several outcomes claim counts as in the whole portfolio.
    """
    portfolio = linked.portfolio
    organisation = portfolio.organisation.record
    fiscal_year = fiscal_year_of(portfolio.today, organisation.fiscal_year_start)
    whole = _tally("", "all")
    until = _tally("", f"to {fiscal_year}", valued=False)
    purposes = {p: _tally(p, p or "no purpose") for p in PURPOSES}
    objectives: dict[str, _Tally] = {}
    years: dict[int, _Tally] = {}
    units: list[_Tally] = []
    without: list[NoSight] = []
    for unit in portfolio.units.values():
        tally = _tally(unit.record.id, unit.name)
        entries = _those(unit, found)
        if found is None or entries:
            units.append(tally)
        statements = {o.id: o.statement for o in unit.record.objectives}
        for entry in entries:
            objective = _objective(entry, unit, statements, objectives)
            purpose = purposes[entry.record.purpose or NO_PURPOSE]
            split, budget_parts, actual_parts = split_of(entry), 0, 0
            if entry.record.spend:
                budget_parts, actual_parts = _add_years(entry, split, until, years, fiscal_year)
            _add(entry, (whole, tally, purpose, objective))
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
    span = portfolio.today, horizon_of(portfolio), portfolio.grace_days
    return ValueReport(
        as_of=portfolio.today,
        organisation=organisation.name or organisation.id,
        currency=organisation.currency,
        fiscal_year=fiscal_year,
        horizon=span[1],
        total=whole.closed(*span, list(portfolio.plans_gone.values()) if found is None else ()),
        to_date=until.closed(*span),
        units=[
            tally.closed(
                *span, [t for _, t in gone_of(portfolio, tally.line.id)] if found is None else ()
            )
            for tally in units
        ],
        purposes=[tally.closed(*span) for tally in purposes.values() if tally.line.items],
        objectives=[tally.closed(*span) for tally in objectives.values()],
        years=[years[year].closed(*span) for year in sorted(years)],
        without=sorted(without, key=lambda n: (-max(n.budget, n.actual), n.unit, n.id)),
        claims=[c for c in portfolio.claims if found is None or _claims(c, found)],
        unread=unread(linked),
        grace_days=portfolio.grace_days,
        filtered=found.told if found is not None else None,
    )


def _those(unit: UnitEntry, found: FoundItems | None) -> list[InvestmentEntry]:
    """Return the items of a unit, or those of them that a filter found."""
    if found is None:
        return unit.investments
    return [entry for entry in unit.investments if entry.record.id in found.ids]


def _claims(claim: Claim, found: FoundItems) -> bool:
    return any(name.partition("/")[0] in found.ids for name in claim.outcomes)


def horizon_of(portfolio: Portfolio) -> datetime.date:
    """Return the last day of figures to come: the end of the third fiscal year after the current."""
    month = portfolio.organisation.record.fiscal_year_start
    return datetime.date.fromordinal(last_day_to_come(portfolio.today, month))


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
        tally = known[identifier] = _tally(identifier, name)
    return tally


def _add(entry: InvestmentEntry, tallies: Iterable[_Tally]) -> None:
    """Add an investment and its value to some lines; not yet its money."""
    facts, record = entry.facts, entry.record
    no_outcomes = "outcomes" in record.withheld and not record.outcomes
    no_spend = "spend" in record.withheld
    for tally in tallies:
        line = tally.line
        line.items += 1
        line.counts.add(facts.line_of_sight)
        line.withheld.spend_items += no_spend
        line.imported.add(entry)
        if no_outcomes:
            line.withheld.outcome_items += 1
            line.withheld.outcomes.budget += facts.budget_total
            line.withheld.outcomes.actual += facts.actual_total
        if tally.value is not None:
            tally.value.append(entry.sums)
            if entry.plan_then is not None or entry.approval_cut:
                tally.then.append(entry)


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
            tally = years[row.year] = _tally(str(row.year), str(row.year), valued=False)
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


# -- the tree ------------------------------------------------------------------------------


def value_tree(
    linked: Linked, units: Iterable[str] | None = None, found: FoundItems | None = None
) -> Iterator[UnitNode]:
    """Return the chain spend → investment → outcome → result of each unit, or of some.

    With `found` of these items only, and the money of a unit is theirs.
    """
    portfolio = linked.portfolio
    wanted = None if units is None else set(units)
    for unit in portfolio.units.values():
        if wanted is not None and unit.record.id not in wanted:
            continue
        entries = _those(unit, found)
        if found is not None and not entries:
            continue
        budget, actual = unit.facts.budget_total, unit.facts.actual_total
        if found is not None:
            budget = sum(parts_of(e.facts.budget_total) for e in entries) / PARTS
            actual = sum(parts_of(e.facts.actual_total) for e in entries) / PARTS
        items = tuple(_item(linked, entry) for entry in entries)
        yield UnitNode(unit.record.id, unit.name, budget, actual, items)


def _item(linked: Linked, entry: InvestmentEntry) -> ItemNode:
    portfolio = linked.portfolio
    record, facts = entry.record, entry.facts
    outcomes = tuple(outcome_node(outcome, portfolio) for outcome in entry.outcomes)
    month = portfolio.organisation.record.fiscal_year_start
    own = total_of([outcome.sums for outcome in entry.outcomes])
    whole = own.planned_to_date + own.realised_to_date + own.planned_to_come
    part = entry.sums
    counted = part.planned_to_date + part.realised_to_date + part.planned_to_come
    return ItemNode(
        record.id,
        record.title,
        locate(linked.documents, entry.source, None),
        facts.line_of_sight,
        facts.budget_total,
        facts.actual_total,
        tuple(f for f in ("spend", "outcomes") if f in record.withheld),
        _money(own, counted / whole if whole else 1.0),
        tuple(unit_costs(record, fiscal_year_of(portfolio.today, month))),
        tuple(facts.volumes_without_cost),
        _approval(entry.plan_then),
        facts.spend_to_date,
        any(o.money.end_unknown for o in entry.outcomes),
        outcomes,
    )


def _approval(then: PlanThen | None) -> ItemAtApproval | None:
    if then is None:
        return None
    sums = then.sums
    judged = Sides(sums.judged_planned / PARTS, sums.judged_realised / PARTS)
    return ItemAtApproval(
        then.basis, then.on, then.commit, sums.planned_to_date / PARTS, sums.planned_to_come / PARTS,
        judged, judged.ratio, then.changed, then.deleted,
    )  # fmt: skip


def _money(sums: ValueSum, share: float) -> NodeValue:
    judged = Sides(sums.judged_planned / PARTS, sums.judged_realised / PARTS)
    return NodeValue(
        planned_to_date=sums.planned_to_date / PARTS,
        realised_to_date=sums.realised_to_date / PARTS,
        realised_confirmed=sums.realised_confirmed / PARTS,
        unmeasured_to_date=sums.unmeasured_to_date / PARTS,
        early=sums.early / PARTS,
        judged=judged,
        realised_ratio=judged.ratio,
        holding=Sides(sums.held_planned / PARTS, sums.held_realised / PARTS).ratio,
        plans_stale=sums.plans_stale,
        planned_undated=sums.planned_undated / PARTS,
        planned_to_come=sums.planned_to_come / PARTS,
        expected_to_come=sums.expected_to_come / PARTS,
        expected_assumed=sums.expected_assumed / PARTS,
        expected_unplanned=sums.expected_unplanned / PARTS,
        fading_to_come=sums.fading_to_come / PARTS,
        counted_share=share,
    )


def outcome_node(outcome: OutcomeEntry, portfolio: Portfolio) -> OutcomeNode:
    """Return an outcome as a node of the chain, with its results."""
    today, files = portfolio.today, portfolio.evidence_files
    record, facts, money = outcome.record, outcome.facts, outcome.money
    periods = {p.place: p for p in money.periods}
    reasons = {v.place: v.reason for v in money.left_out}
    plan = money.plan
    return OutcomeNode(
        record.id, record.statement, record.measure, record.unit, record.baseline, record.target, record.due,
        facts.overdue, facts.faded, facts.stale, facts.line_of_sight, facts.met,
        facts.value_planned or None, _date(plan.first if plan is not None else None),
        _date(plan.last if plan is not None else None), money.from_due,
        _money(outcome.sums, outcome.counted),
        tuple(
            ResultNode(
                r.date, r.actual, r.value, r.evidence,
                is_evidence(r.evidence, files), r.date > today,
                _date(periods[place].first if place in periods else None),
                place in periods and periods[place].confirmed, reasons.get(place),
            )
            for place, r in sorted(enumerate(record.results), key=lambda pair: pair[1].date)
        ),
    )  # fmt: skip


def _date(ordinal: int | None) -> datetime.date | None:
    return None if ordinal is None else datetime.date.fromordinal(ordinal)

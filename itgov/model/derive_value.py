"""Computing the plan and the realised money of every outcome, and the facts that follow."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from functools import partial
from math import fsum

from itgov.model.claims import claims_of, name_of, name_same_claims, same_measure
from itgov.model.facts import InvestmentFacts, OutcomeFacts
from itgov.model.plan import NOTHING, PARTS, OutcomeMoney, outcome_money
from itgov.model.portfolio import InvestmentEntry, OutcomeEntry, Portfolio, UnitEntry
from itgov.model.tenure import HELD_ROLES, Tenures, holder_on
from itgov.model.types import Outcome
from itgov.model.unit_cost import latest_change, unit_costs, volumes_without_cost
from itgov.model.unit_facts import BusinessUnitFacts
from itgov.model.value_sums import (
    Day,
    ValueSum,
    outcome_sum,
    scaled,
    spend_to_date,
    total_of,
)

_WHY_LEFT_OUT = {
    "overlaps": "overlaps an earlier one",
    "same day": "has the day of an earlier one and no `from`",
    "from after date": "begins after it ends",
}
_FIVE_YEARS = 1826
"""Days."""


def derive_value(portfolio: Portfolio, ended: Mapping[str, datetime.date] | None = None) -> None:
    """Fill in the money of every outcome, of items and of units, as of the portfolio's day.

    How far outcomes reach must be known already.  `ended` are the days on which items were stopped
    or retired whose files do not say so; it may be done again once they are known.
    """
    ended = ended or {}
    month = portfolio.organisation.record.fiscal_year_start
    day = Day.of(portfolio.today, month, portfolio.grace_days)
    business = {p.record.id for p in portfolio.people.values() if p.record.side == "business"}
    tenures = Tenures(portfolio)
    shared = False
    for unit in portfolio.units.values():
        for entry in unit.investments:
            if not entry.outcomes:
                continue
            end, held = ended.get(entry.record.id), partial(_held, tenures, entry, unit)
            for outcome in entry.outcomes:
                record = outcome.record
                outcome.money = outcome_money(
                    record, entry.record, portfolio.today, month, business, entry.facts.managed_by, end, held
                )  # fmt: skip
                shared = shared or bool(record.also_claimed_by)
                if outcome.money is not NOTHING:
                    outcome.sums = outcome_sum(outcome.money, outcome.facts.faded, day)
                    _outcome(outcome, day)
    _claims(portfolio, shared)
    for unit in portfolio.units.values():
        for entry in unit.investments:
            _investment(entry, day, ended.get(entry.record.id))
        unit.sums = total_of([entry.sums for entry in unit.investments])
        _unit(unit.facts, unit.sums)


def _held(
    tenures: Tenures, entry: InvestmentEntry, unit: UnitEntry, person: str, day: datetime.date
) -> bool:
    """Say whether somebody held a post of an item on a day, or had left before it: no witness of it."""
    known = tenures.portfolio.people.get(person)
    if known is not None and known.record.left_before(day):
        return True
    spans = (tenures.of_item(entry, unit, role) for role in HELD_ROLES)
    return any(holder_on(each, day) == person for each in spans)


def _claims(portfolio: Portfolio, shared: bool) -> None:
    """Find what is claimed twice, and how much of it counts where."""
    groups = same_measure(portfolio.outcomes())
    for group in groups:
        name_same_claims(group)
    if not groups and not shared:
        return
    portfolio.claims = claims_of(portfolio.outcomes(), groups)
    known = {name_of(o): o for o in portfolio.outcomes()}
    for claim in portfolio.claims:
        for name, share in zip(claim.outcomes, claim.shares, strict=True):
            outcome = known[name]
            outcome.counted = outcome.facts.counted_share = share
            outcome.facts.claim_agreed = claim.agreed
            outcome.facts.claim_contradicted = claim.contradicted


# -- facts ---------------------------------------------------------------------------------


def _outcome(outcome: OutcomeEntry, day: Day) -> None:
    record, money, facts = outcome.record, outcome.money, outcome.facts
    _sums(facts, outcome.sums)
    facts.value_planned = money.yearly / PARTS
    facts.plan_undated = money.undated
    facts.days_since_plan = None if money.first is None else day.today - money.first
    if money.left_out:
        facts.values_left_out = [
            f"{record.results[v.place].date} {_WHY_LEFT_OUT[v.reason]}" for v in money.left_out
        ]


def _investment(entry: InvestmentEntry, day: Day, ended: datetime.date | None) -> None:
    record, facts = entry.record, entry.facts
    facts.value_planned = facts.value_in_five_years = 0
    if record.volumes:
        costs = unit_costs(record, day.fiscal_year)
        facts.unit_cost_change = latest_change(costs, day.fiscal_year)
        facts.volumes_without_cost = volumes_without_cost(record, day.fiscal_year)
    own: list[ValueSum] = []
    counted: list[ValueSum] = []
    facts.levels_measured = 0
    for outcome in entry.outcomes:
        facts.levels_measured += outcome.facts.met is not None
        money = outcome.money
        if money is NOTHING:
            continue
        own.append(outcome.sums)
        shared = outcome.counted != 1
        counted.append(scaled(outcome.sums, outcome.counted) if shared else outcome.sums)
        facts.value_planned += money.yearly / PARTS
        facts.value_in_five_years += _in_five_years(outcome.record, money)
        facts.promises_money = facts.promises_money or money.promises
    sums = entry.sums = total_of(counted)
    spent, sums.spend_from_budget, sums.budget_after_end = spend_to_date(record, day, ended)
    sums.spend_to_date = spent
    if not facts.promises_money:
        sums.spend_promising_none = spent
    if record.stage == "stopped":
        sums.spend_stopped, sums.realised_stopped = spent, sums.realised_to_date
        sums.spend_stopped_without_value = max(0, spent - max(0, sums.realised_to_date))
    facts.spend_to_date = spent / PARTS
    if own:
        _sums(facts, total_of(own))


def _in_five_years(outcome: Outcome, money: OutcomeMoney) -> float:
    """Return the money planned for the first five years; without a day, of five whole years."""
    if money.plan is None:
        if outcome.profile:
            first_years = sorted(outcome.profile, key=lambda row: row.year)[:5]
            return fsum(row.value for row in first_years)
        return 5 * money.yearly / PARTS
    first = money.plan.first
    return money.plan.between(first, first + _FIVE_YEARS - 1) / PARTS


def _sums(facts: OutcomeFacts | InvestmentFacts | BusinessUnitFacts, sums: ValueSum) -> None:
    facts.planned_to_date = sums.planned_to_date / PARTS
    facts.realised_to_date = sums.realised_to_date / PARTS
    facts.realised_confirmed = sums.realised_confirmed / PARTS
    facts.unmeasured_to_date = sums.unmeasured_to_date / PARTS
    facts.planned_to_come = sums.planned_to_come / PARTS
    facts.expected_to_come = sums.expected_to_come / PARTS
    facts.fading_to_come = sums.fading_to_come / PARTS
    facts.value_realised_ratio = ratio(sums.judged_realised, sums.judged_planned)
    facts.holding = ratio(sums.held_realised, sums.held_planned)


def _unit(facts: BusinessUnitFacts, sums: ValueSum) -> None:
    _sums(facts, sums)
    facts.spend_to_date = sums.spend_to_date / PARTS
    facts.spend_promising_none = sums.spend_promising_none / PARTS


def ratio(part: int, whole: int) -> float | None:
    """Return a part of a whole, never below 0; None of nothing."""
    return max(0, part) / whole if whole > 0 else None

"""Computing the plan and the realised money of every outcome, and the facts that follow."""

from __future__ import annotations

from itgov.model.plan import outcome_money
from itgov.model.portfolio import Portfolio

_WHY_LEFT_OUT = {
    "overlaps": "overlaps an earlier one",
    "from after date": "begins after it ends",
}


def derive_money(portfolio: Portfolio) -> None:
    """Fill in the money of every outcome as of the portfolio's day."""
    today = portfolio.today
    start_month = portfolio.organisation.record.fiscal_year_start
    business = {p.record.id for p in portfolio.people.values() if p.record.side == "business"}
    for unit in portfolio.units.values():
        manager = unit.record.relationship_manager
        for entry in unit.investments:
            for outcome in entry.outcomes:
                record, facts = outcome.record, outcome.facts
                money = outcome_money(record, entry.record, today, start_month, business, manager)
                outcome.money = money
                facts.plan_undated = money.undated
                facts.values_left_out = [
                    f"{record.results[v.place].date} {_WHY_LEFT_OUT[v.reason]}"
                    for v in money.left_out
                ]

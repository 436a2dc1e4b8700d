"""Derived facts about money and spend."""

from __future__ import annotations

import datetime

import pytest

from itgov.model.types import Spend


def test_what_a_year_of_spend_weighs():
    assert Spend(year=2026, budget=1, forecast=2, actual=3).weight == 1
    assert Spend(year=2026, forecast=2, actual=3).weight == 2
    assert Spend(year=2026, actual=3).weight == 3
    assert Spend(year=2026, budget=0, actual=3).weight == 0
    assert Spend(year=2026).weight == 0


SPEND = """\
  spend:
  - {year: 2025, budget: 400, actual: 385}
  - {year: 2026, budget: 900, actual: 310, forecast: 950}
  - {year: 2027, forecast: 100}
"""


@pytest.mark.parametrize(
    ("start", "today", "to_date", "this_year"),
    [
        (1, "2026-11-23", 1300, 310),
        (4, "2026-11-23", 1300, 310),
        (12, "2026-11-23", 400, 385),
        (4, "2026-03-31", 400, 385),
        (4, "2026-04-01", 1300, 310),
        (4, "2027-04-01", 1300, 100),
        (4, "2020-01-01", 0, 0),
    ],
)
def test_totals_and_the_fiscal_year_of_today(investment, start, today, to_date, this_year):
    found = investment(
        SPEND,
        organisation=f"organisation: {{id: o, fiscal_year_start: {start}}}\n",
        today=datetime.date.fromisoformat(today),
    )
    assert (found.budget_total, found.actual_total, found.forecast_total) == (1300, 695, 1050)
    assert found.spend_total == 1400
    assert found.budget_to_date == to_date
    assert found.spend_this_year == this_year


@pytest.mark.parametrize(
    ("rows", "worst", "forecast"),
    [
        ("", None, None),
        ("{year: 2025, budget: 100}", None, None),
        ("{year: 2025, actual: 100}", None, None),
        ("{year: 2025, budget: 0, actual: 100}", None, None),
        ("{year: 2025, budget: 100, actual: 110}", 0.1, None),
        ("{year: 2025, budget: 100, actual: 90}", -0.1, None),
        ("{year: 2025, budget: 100, actual: 90}, {year: 2026, budget: 10, actual: 15}", 0.5, None),
        ("{year: 2025, budget: 100, actual: 100, forecast: 120}", 0, 0.2),
        (
            "{year: 2025, budget: 100, forecast: 50}, {year: 2026, budget: 100, forecast: 90}",
            None,
            -0.1,
        ),
    ],
)
def test_overspend_is_that_of_the_worst_year(investment, rows, worst, forecast):
    found = investment(f"  spend: [{rows}]")
    assert found.worst_overspend == (None if worst is None else pytest.approx(worst))
    assert found.forecast_overspend == (None if forecast is None else pytest.approx(forecast))


@pytest.mark.parametrize(
    ("start", "end", "after"),
    [
        (1, "2026-12-31", 70),
        (1, "2026-01-01", 70),
        (1, "2025-12-31", 90),
        (4, "2027-03-31", 70),  # the last day of fiscal year 2026
        (4, "2027-04-01", 0),
        (4, "2026-03-31", 90),
        (1, "2028-01-01", 0),
    ],
)
def test_spend_of_fiscal_years_that_begin_after_the_end(investment, start, end, after):
    found = investment(
        f"  end: {end}\n"
        "  spend: [{year: 2025, actual: 10}, {year: 2026, actual: 20, budget: 99},"
        " {year: 2027, budget: 70}]",
        organisation=f"organisation: {{id: o, fiscal_year_start: {start}}}\n",
    )
    assert found.spend_after_end == after
    assert investment("  spend: [{year: 2090, budget: 5}]").spend_after_end == 0


def test_a_forecast_after_the_end_is_no_spend(investment):
    # as its description says: actual or budget
    assert (
        investment("  end: 2025-12-31\n  spend: [{year: 2026, forecast: 5}]").spend_after_end == 0
    )


@pytest.mark.parametrize(
    ("stage", "active"),
    [("proposed", True), ("live", True), ("retired", False), ("stopped", False), ("", True)],
)
def test_what_is_active(investment, stage, active):
    assert investment(f"  stage: {stage}").is_active is active


def test_days_since_and_until(investment):
    found = investment(
        "  last_reviewed: 2026-11-22\n  next_review: 2026-11-23\n  end: 2026-11-24\n"
        "  confidence_on: 2026-10-24\n"
    )
    assert found.days_since_review == 1
    assert found.days_review_overdue == 0
    assert found.days_since_end == -1
    assert found.days_since_confidence == 30
    blank = investment("")
    assert blank.days_since_review is blank.days_since_end is blank.days_since_result is None


def test_a_units_money_is_that_of_its_investments(portfolio):
    found = portfolio(
        "business_unit: {id: u}\ninvestments:\n"
        "- {id: A, title: A, purpose: run, spend: [{year: 2026, budget: 30, actual: 5}]}\n"
        "- {id: B, title: B, purpose: grow, stage: retired, spend: [{year: 2026, budget: 10}],\n"
        "   outcomes: [{id: x}]}\n"
        "- {id: C, title: C, spend: [{year: 2026, forecast: 60}], outcomes: [{id: y, measure: m,\n"
        "   baseline: 1, target: 2, results: [{date: 2026-01-01, actual: 2, evidence: 'https://e.org'}]}]}\n",
        v="business_unit: {id: v}\n",
    )
    facts = found.units["u"].facts
    assert (facts.investment_count, facts.active_investment_count) == (3, 2)
    assert (facts.budget_total, facts.actual_total, facts.spend_total) == (40, 5, 100)
    assert (facts.spend_without_outcome, facts.spend_improved) == (30, 60)
    assert facts.run_share == 0.75
    assert found.units["v"].facts.run_share is None
    assert found.units["v"].facts.spend_total == 0
    whole = found.organisation.facts
    assert sorted(whole.business_units) == ["u", "v"]
    assert (whole.investment_count, whole.spend_total, whole.run_share) == (3, 100, 0.75)
    assert whole.spend_without_outcome == 30

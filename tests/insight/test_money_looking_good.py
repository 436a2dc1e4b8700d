"""Attempts to look good in money without being good, and what each does to the figures."""

from __future__ import annotations

import datetime
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itgov.files.link import link
from itgov.files.load import read_file
from itgov.files.sources import RawFile
from itgov.insight.value import measure_value
from itgov.insight.value_types import ValueFigures

TODAY = datetime.date(2026, 11, 23)
ORGANISATION = {
    "organisation": {"id": "o"},
    "people": [
        {"id": "owner", "name": "Olu", "side": "business"},
        {"id": "manager", "name": "Mia", "side": "business"},
        {"id": "bea", "name": "Bea", "side": "business"},
    ],
}
PLAN = {"id": "x", "value": 365, "value_from": "2025-01-01", "value_until": "2030-12-31"}


def value(day: str, amount: float, **more: Any) -> dict:
    return {"date": day, "value": amount, **more}


def item(*outcomes: dict, **more: Any) -> dict:
    spend = [{"year": 2025, "actual": 1000}]
    return {
        "id": "A", "title": "T", "stage": "live", "outcome_owner": "owner",
        "spend": spend, "outcomes": list(outcomes), **more,
    }  # fmt: skip


def figures(*items: dict) -> ValueFigures:
    unit = {"business_unit": {"id": "u", "relationship_manager": "manager"}, "investments": items}
    files = {"organisation": ORGANISATION, "u": unit}
    raw = [RawFile(f"portfolios/{n}.yaml", json.dumps(f).encode()) for n, f in files.items()]
    found = measure_value(link([read_file(r) for r in raw], TODAY)).total.value
    assert found is not None
    return found


HONEST = {**PLAN, "results": [value("2025-12-31", 300), value("2026-10-31", 250)]}
"""Realised 550 of 692 planned by the as-of day."""


def test_a_benefit_that_came_once_and_faded_is_not_arrived():
    once = {**PLAN, "results": [value("2025-12-31", 365), value("2026-10-31", 10)]}
    found = figures(item(once))
    assert found.realised_ratio == pytest.approx(375 / 692)
    assert found.holding == pytest.approx((61 + 10) / 365, abs=0.01)
    assert found.fading_to_come == found.planned_to_come > 0
    assert found.expected_to_come < 0.2 * found.planned_to_come


def test_to_measure_no_more_neither_stops_the_fading_nor_lifts_what_is_expected():
    faded = {**PLAN, "value_from": "2023-01-01", "results": [value("2024-06-30", 100)]}
    found = figures(item(faded))
    assert (found.holding, found.plans_stale) == (None, 1)
    assert found.fading_to_come == found.planned_to_come
    assert found.expected_to_come < 0.3 * found.planned_to_come
    half = 365 * 182 / 366  # the half of 2024 that was measured, as 2023 was
    assert found.unmeasured_to_date == pytest.approx(365 - half + 692)


def test_what_was_never_measured_counts_as_not_realised():
    found = figures(item(PLAN))
    assert (found.judged.planned, found.judged.realised, found.realised_ratio) == (692, 0, 0)
    assert found.expected_assumed == found.expected_to_come == found.planned_to_come


def test_a_forecast_where_nothing_is_planned_stands_apart():
    hope = {"id": "x", "forecast": [{"year": 2027, "value": 900}]}
    found = figures(item(hope))
    assert (found.expected_to_come, found.expected_unplanned) == (0, 900)
    late = {**PLAN, "value_from": "2028-01-01", "forecast": hope["forecast"]}
    found = figures(item(late))
    assert (found.expected_to_come, found.expected_unplanned) == (found.planned_to_come, 900)
    found = figures(item({**PLAN, "forecast": hope["forecast"]}))
    assert (found.forecast_to_come, found.expected_unplanned) == (900, 0)


def test_a_loss_in_a_year_without_a_plan_fades():
    by_year = [{"year": 2024, "value": 100}, {"year": 2027, "value": 100}]
    plan = {"id": "x", "profile": by_year}
    kept = value("2024-12-31", 100, **{"from": "2024-01-01"})
    lost = value("2026-10-31", -50, **{"from": "2026-01-01"})
    found = figures(item({**plan, "results": [kept, lost]}))
    assert (found.held.planned, found.held.realised) == (0, -50)
    assert found.fading_to_come == found.planned_to_come == 100
    assert found.expected_to_come == 0


def test_more_than_planned_here_does_not_make_up_for_less_there():
    rich = {**PLAN, "id": "rich", "results": [value("2026-10-31", 5000)]}
    found = figures(item(rich, PLAN))
    assert (found.realised_to_date, found.judged.realised, found.realised_ratio) == (5000, 692, 0.5)


def test_value_before_the_plan_is_early_and_outside_the_share():
    early = {**PLAN, "results": [value("2024-12-31", 692)]}
    found = figures(item(early, start="2024-01-01"))
    assert (found.early, found.realised_to_date, found.judged.realised) == (692, 692, 0)


@pytest.mark.parametrize(("by", "confirmed"), [("owner", 0), ("manager", 0), ("bea", 300)])
def test_nobody_confirms_their_own_value(by: str, confirmed: float):
    found = figures(item({**PLAN, "results": [value("2025-12-31", 300, confirmed_by=by)]}))
    assert found.realised_confirmed == confirmed


def test_the_same_value_twice_counts_once():
    twice = {**PLAN, "results": [*HONEST["results"], value("2026-10-31", 250)]}
    again = figures(item(twice))
    assert (again.realised_to_date, again.left_out) == (550, 1)
    same = {**HONEST, "measure": "Calls"}
    assert figures(item(same), item(same, id="B")).realised_to_date == 550


def test_the_budget_of_a_proposal_is_not_spent_until_it_is_approved():
    asked = {"id": "B", "spend": [{"year": 2025, "budget": 1000}]}
    proposed = figures(item(HONEST), item(PLAN, stage="proposed", **asked))
    assert (proposed.spend_to_date, proposed.spend_promising_none) == (1000, 0)
    approved = figures(item(HONEST), item(PLAN, stage="approved", **asked))
    assert (approved.spend_to_date, approved.spend_from_budget) == (2000, 1000)
    paid = [{"year": 2025, "actual": 300}, {"year": 2024, "budget": 800}]
    assert figures(item(PLAN, stage="proposed", spend=paid)).spend_to_date == 300


def test_budget_of_days_after_an_item_was_stopped_is_told_apart():
    spend = [
        {"year": 2024, "budget": 366},
        {"year": 2025, "budget": 365},
        {"year": 2026, "actual": 7},
    ]
    stopped = figures(item(PLAN, stage="stopped", ended="2024-06-30", spend=spend))
    assert (stopped.spend_to_date, stopped.spend_from_budget) == (738, 731)
    assert stopped.budget_after_end == 184 + 365
    assert figures(item(PLAN, stage="live", ended="2024-06-30", spend=spend)).budget_after_end == 0


def test_a_stopped_item_keeps_its_spend_and_promises_no_more():
    other = item(HONEST, id="B")
    stopped = figures(other, item(PLAN, stage="stopped", ended="2025-12-31"))
    assert stopped.spend_to_date == stopped.spend_promising == 2000
    assert (stopped.spend_stopped, stopped.spend_stopped_without_value) == (1000, 1000)
    token = item({**PLAN, "results": [value("2025-12-31", 1)]}, stage="stopped", ended="2025-12-31")
    found = figures(other, token)
    assert (found.realised_stopped, found.spend_stopped_without_value) == (1, 999)
    assert stopped.planned_to_date == 692 + 365
    forgotten = figures(other, item(PLAN, stage="stopped"))
    assert (forgotten.planned_to_date, forgotten.end_unknown) == (692 * 2, 1)


def test_one_promising_outcome_carries_the_whole_spend_of_its_item():
    found = figures(item(HONEST, {"id": "y"}), item({"id": "z"}, id="B"))
    assert (found.spend_promising, found.spend_promising_none) == (1000, 1000)
    assert found.per_spend == pytest.approx(550 / 1000)


def test_only_proposed_promises_nothing_and_an_undated_plan_is_named():
    assert figures(item(PLAN, stage="proposed")).planned_to_date == 0
    undated = figures(item({"id": "x", "value": 365}))
    assert (undated.planned_to_date, undated.planned_undated, undated.undated) == (0, 365, 1)


AMOUNTS = st.lists(st.integers(0, 1000), min_size=1, max_size=4)


@given(AMOUNTS, st.integers(0, 3), st.integers(1, 500))
def test_more_realised_never_makes_a_figure_worse(amounts: list[int], at: int, more: int):
    days = ["2025-06-30", "2025-12-31", "2026-06-30", "2026-10-31"]
    results = [value(day, amount) for day, amount in zip(days, amounts, strict=False)]
    before = figures(item({**PLAN, "results": results}))
    place = at % len(results)
    raised = [value(r["date"], r["value"] + more * (n == place)) for n, r in enumerate(results)]
    after = figures(item({**PLAN, "results": raised}))
    assert after.realised_to_date == before.realised_to_date + more
    assert (after.realised_ratio or 0) >= (before.realised_ratio or 0)
    assert (after.holding or 0) >= (before.holding or 0)
    assert after.expected_to_come >= before.expected_to_come
    assert after.fading_to_come <= before.fading_to_come
    assert after.unmeasured_to_date == before.unmeasured_to_date

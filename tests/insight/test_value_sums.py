"""Line of sight: buckets that add up, whatever the portfolio, and value that counts once."""

from __future__ import annotations

import datetime
import json
from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itgov.files.link import link
from itgov.files.linked import Linked
from itgov.files.load import read_file
from itgov.files.sources import RawFile
from itgov.insight.value import measure_value, value_tree
from itgov.insight.value_types import Buckets, MoneyLine, ValueFigures, ValueReport
from itgov.model.reach import REACHES

TODAY = datetime.date(2026, 11, 23)
ORGANISATION = {"organisation": {"id": "o", "currency": "GBP", "fiscal_year_start": 4}}


def linked(*units: dict) -> Linked:
    files = [("organisation", ORGANISATION), *((u["business_unit"]["id"], u) for u in units)]
    # JSON is YAML, and says exactly what is meant
    raw = [RawFile(f"portfolios/{n}.yaml", json.dumps(u).encode()) for n, u in files]
    return link([read_file(r) for r in raw], TODAY)


def measure(*units: dict) -> ValueReport:
    return measure_value(linked(*units))


def unit(*investments: dict, name: str = "a") -> dict:
    found = [{"title": "T", **i} for i in investments]
    return {"business_unit": {"id": name}, "investments": found}


def spend(budget: float, actual: float = 0, year: int = 2026) -> list[dict]:
    return [{"year": year, "budget": budget, "actual": actual}]


FULL = {"measure": "m", "baseline": 1, "target": 2}
RESULT = {"date": "2026-01-01", "actual": 2}
LINK = {"evidence": "https://example.org/e"}
STEPS = {
    "none": [],
    "outcome": [{"id": "x"}],
    "measure": [{"id": "x", "measure": "m", "target": 2}],
    "target": [{"id": "x", **FULL}],
    "result": [{"id": "x", **FULL, "results": [RESULT]}],
    "evidence": [{"id": "x", **FULL, "results": [{**RESULT, **LINK, "actual": 1}]}],
    "moved": [{"id": "x", **FULL, "results": [{**RESULT, **LINK, "actual": 1.5}]}],
    "met": [{"id": "x", **FULL, "results": [{**RESULT, **LINK}]}],
}


@pytest.mark.parametrize("reach", REACHES)
def test_an_items_whole_spend_counts_under_its_reach(reach: str) -> None:
    report = measure(unit({"id": "A", "spend": spend(100, 40), "outcomes": STEPS[reach]}))
    expected = Buckets(**{reach: 100})
    assert report.total.budget == expected
    assert report.total.actual == Buckets(**{reach: 40})
    assert report.units[0].budget == expected
    assert [n.id for n in report.without] == (["A"] if reach == "none" else [])


def test_a_result_that_lies_ahead_is_no_result_yet() -> None:
    outcome = {"id": "x", **FULL, "results": [{"date": "2026-11-24", **LINK}]}
    report = measure(unit({"id": "A", "spend": spend(1), "outcomes": [outcome]}))
    assert report.total.budget == Buckets(target=1)


def test_money_on_outcomes_that_are_overdue_is_told() -> None:
    late = {"id": "x", **FULL, "due": "2026-08-24"}
    ahead = {"id": "x", **FULL, "due": "2026-08-25"}
    report = measure(
        unit(
            {"id": "A", "spend": spend(200, 20), "outcomes": [late, {**ahead, "id": "y"}]},
            {"id": "B", "spend": spend(50, 5), "outcomes": [ahead]},
        )
    )
    assert report.total.budget.target == 250
    assert (report.total.overdue.budget, report.total.overdue.actual) == (100, 10)


def test_withheld_spend_and_outcomes_are_counted_apart() -> None:
    report = measure(
        unit(
            {"id": "A", "withheld": {"spend": "secret"}, "outcomes": STEPS["target"]},
            {"id": "B", "spend": spend(70), "withheld": {"outcomes": "secret"}},
        )
    )
    assert report.total.budget == Buckets(outcome=70)
    withheld = report.total.withheld
    assert (withheld.spend_items, withheld.outcome_items, withheld.outcomes.budget) == (1, 1, 70)
    assert report.without == []


def test_to_date_ends_with_the_fiscal_year_of_the_as_of_date() -> None:
    rows = [*spend(1, 1, 2025), *spend(2, 2, 2026), *spend(4, 0, 2027)]
    report = measure(unit({"id": "A", "spend": rows}))
    assert report.fiscal_year == 2026
    assert report.to_date.budget.total == 3
    assert [(y.id, y.budget.total) for y in report.years] == [("2025", 1), ("2026", 2), ("2027", 4)]


YEAR = {"value_from": "2025-11-24"}
"""A plan whose first year ends on the as-of day."""


def near(*amounts: float) -> object:
    """Amounts to a thousandth: a plan is spread over the days of each fiscal year."""
    return pytest.approx(amounts, abs=0.001)


def outcome(value: float, realised: float, **more: object) -> dict:
    results = [{"date": "2026-11-23", "actual": 1, "value": realised}]
    return {"id": "x", **FULL, "value": value, "results": results, **YEAR, **more}


def figures(report: ValueReport) -> ValueFigures:
    assert report.total.value is not None
    return report.total.value


def test_what_two_investments_claim_counts_once_the_one_with_most_realised() -> None:
    report = measure(
        unit({"id": "A", "spend": spend(0, 100), "outcomes": [outcome(50, 10)]}),
        unit({"id": "B", "spend": spend(0, 100), "outcomes": [outcome(50, 30)]}, name="b"),
    )
    found = figures(report)
    assert (found.planned_to_date, found.realised_to_date) == near(50, 30)
    assert (found.twice.planned, found.twice.realised) == near(50, 10)
    assert found.twice_to_come == found.planned_to_come
    assert found.per_spend == 30 / 200
    assert [(c.counted, c.others) for c in report.claims] == [("B/x", ("A/x",))]
    assert tuple(u.value.planned_to_date for u in report.units if u.value) == near(0, 50)


def test_three_claims_and_two_in_one_investment_still_count_once() -> None:
    double = [{**outcome(5, 1), "id": "x"}, {**outcome(5, 2), "id": "y"}]
    report = measure(
        unit(
            {"id": "A", "outcomes": double},
            {"id": "B", "outcomes": [outcome(5, 0)]},
            {"id": "C", "outcomes": [outcome(5, 0)]},
        )
    )
    assert [(c.counted, c.others) for c in report.claims] == [("A/y", ("A/x", "B/x", "C/x"))]
    assert figures(report).planned_to_date == pytest.approx(5, abs=0.001)


@pytest.mark.parametrize(
    ("said", "realised", "planned", "agreed", "contradicted"),
    [
        ({"A": [("B/x", 0.4)]}, 0.6 * 10 + 0.4 * 30, 50, True, False),
        ({"A": [("B/x", 0.4)], "B": [("A/x", 0.6)]}, 18, 50, True, False),
        ({"A": [("B/x", None)]}, 30, 50, False, False),
        ({"A": [("B/x", 0.4)], "B": [("A/x", 0.5)]}, 30, 50, False, True),
        ({"A": [("B/x", 0.4)], "B": [("A/x", 0.7)]}, 30, 50, False, True),
    ],
)
def test_an_agreed_share_counts_and_one_that_contradicts_another_does_not(
    said: dict, realised: float, planned: float, agreed: bool, contradicted: bool
) -> None:
    units = []
    for name, amount, measure_ in (("A", 10, "calls"), ("B", 30, "letters")):
        shares = [{"outcome": o, "share": s} for o, s in said.get(name, [])]
        one = outcome(50, amount, measure=measure_, also_claimed_by=shares)
        units.append(unit({"id": name, "outcomes": [one]}, name=name.lower()))
    report = measure(*units)
    found = figures(report)
    assert (found.realised_to_date, found.planned_to_date) == near(realised, planned)
    assert found.twice.planned == pytest.approx(50, abs=0.001)
    [claim] = report.claims
    assert (claim.agreed, claim.contradicted) == (agreed, contradicted)


def test_realised_against_planned_of_what_is_due() -> None:
    report = measure(
        unit(
            {"id": "A", "outcomes": [outcome(100, 250, measure="m1")]},
            {"id": "B", "outcomes": [outcome(100, 0, measure="m2")]},
            {"id": "C", "outcomes": [outcome(100, 0, value_from="2027-01-01", measure="m3")]},
        )
    )
    found = figures(report)
    assert (found.judged.planned, found.judged.realised, found.realised_ratio) == near(
        200, 100, 0.5
    )
    assert found.realised_to_date == 250


def test_the_tree_holds_every_chain_and_marks_what_lies_ahead() -> None:
    results = [{"date": "2027-01-01", "actual": 1}, {"date": "2026-01-01", "value": 3}]
    found = linked(
        unit({"id": "A", "spend": spend(9), "outcomes": [{"id": "x", **FULL, "results": results}]}),
        unit(name="b"),
    )
    [first, second] = value_tree(found)
    assert (first.id, first.budget, second.items) == ("a", 9, ())
    assert [(r.date.year, r.ahead) for r in first.items[0].outcomes[0].results] == [
        (2026, False), (2027, True)
    ]  # fmt: skip
    assert [u.id for u in value_tree(found, ["b"])] == ["b"]


AMOUNTS = st.one_of(st.none(), st.integers(0, 10**9), st.floats(0, 1e9))
ROWS = st.lists(
    st.builds(
        lambda year, budget, actual, forecast: {
            "year": year, "budget": budget, "actual": actual, "forecast": forecast
        },
        st.integers(2020, 2030), AMOUNTS, AMOUNTS, AMOUNTS,
    ),
    max_size=4,
)  # fmt: skip
OUTCOMES = st.lists(st.sampled_from([s[0] for s in STEPS.values() if s]), max_size=3).map(
    lambda found: [
        {**o, "id": f"o{i}", "value": 5, "due": "2026-06-30"} for i, o in enumerate(found)
    ]
)
ITEMS = st.fixed_dictionaries(
    {"spend": ROWS, "outcomes": OUTCOMES},
    optional={
        "purpose": st.sampled_from(["run", "grow", "transform"]),
        "objective": st.sampled_from(["one", "nowhere"]),
        "withheld": st.sampled_from([{"spend": "s"}, {"outcomes": "s"}]),
        "stage": st.sampled_from(["live", "retired"]),
    },
)


@given(st.lists(st.lists(ITEMS, max_size=4), max_size=3))
def test_buckets_sum_to_the_total_by_every_view(units: list[list[dict]]) -> None:
    files = []
    for place, held in enumerate(units):
        file = unit(
            *({"id": f"{place}-{i}", **item} for i, item in enumerate(held)), name=f"u{place}"
        )
        file["business_unit"]["objectives"] = [{"id": "one"}]
        files.append(file)
    report = measure(*files)
    rows = [row for held in units for item in held for row in item["spend"]]
    for field, of in (("budget", _budget), ("actual", _actual)):
        money = sum(row[field] or 0 for row in rows)
        assert isclose(of(report.total).total, money, rel_tol=1e-9, abs_tol=1e-5)
        until = sum(row[field] or 0 for row in rows if row["year"] <= 2026)
        assert isclose(of(report.to_date).total, until, rel_tol=1e-9, abs_tol=1e-5)
        for view in (report.units, report.purposes, report.objectives, report.years):
            for reach in REACHES:
                parts = sum(of(line).of(reach) for line in view)
                whole = of(report.total).of(reach)
                assert isclose(parts, whole, rel_tol=1e-9, abs_tol=1e-5)
        assert sum(getattr(n, field) for n in report.without) == pytest.approx(
            of(report.total).none, abs=1e-5
        )
    for view in (report.units, report.purposes, report.objectives):
        assert sum(line.items for line in view) == report.total.items
        assert sum(line.overdue.budget for line in view) == pytest.approx(
            report.total.overdue.budget
        )
        for name in ("planned_to_date", "planned_to_come", "expected_to_come", "spend_to_date"):
            parts = sum(getattr(line.value, name) for line in view)
            assert parts == pytest.approx(getattr(report.total.value, name), abs=1e-5)
    assert report.total.overdue.budget <= report.total.budget.total + 1e-6
    tree = list(value_tree(linked(*files)))
    assert sum(i.budget for u in tree for i in u.items) == pytest.approx(report.total.budget.total)


def _budget(line: MoneyLine) -> Buckets:
    return line.budget


def _actual(line: MoneyLine) -> Buckets:
    return line.actual


def plans(outcome: dict, **more: object) -> dict:
    return {"id": "x", "measure": "m", "unit": "u", "value_from": "2025-04-01", **outcome, **more}


def test_what_one_outcome_brings_beyond_its_plan_does_not_hold_for_another():
    year = {"date": "2026-03-31", "from": "2025-04-01"}
    items = [
        {"id": "A", "stage": "live", "outcomes": [plans({"value": 100, "results": [{**year, "value": 668}]})]},
        {"id": "B", "stage": "live", "outcomes": [plans({"value": 100, "measure": "n", "results": [{**year, "value": 0}]})]},
    ]  # fmt: skip
    value = measure(unit(*items)).units[0].value
    assert (value.held.planned, value.held.realised, value.holding) == (200, 100, 0.5)


def test_a_loss_counts_where_nothing_was_planned_yet():
    lost = plans(
        {"profile": [{"year": 2025, "value": 0}, {"year": 2027, "value": 100000}]},
        results=[{"date": "2026-03-31", "from": "2025-04-01", "value": -50000}],
    )
    won = plans({"value": 100000, "measure": "n"}, results=[{"date": "2026-03-31", "value": 80000}])
    items = [{"id": "A", "stage": "live", "outcomes": [lost, {**won, "id": "y"}]}]
    value = measure(unit(*items)).total.value
    assert value.judged.realised == 30000
    alone = measure(unit({"id": "A", "stage": "live", "outcomes": [lost]})).total.value
    assert (alone.judged.planned, alone.judged.realised) == (0, -50000)


def test_shares_that_contradict_each_other_hide_no_loss():
    lost = plans({"value": 1000}, results=[{"date": "2026-03-31", "value": -18100}])
    for shares in ((0.7, 0.7), (None, None)):
        a, b = ({"outcome": f"{i}/x", "share": s} for i, s in zip("BA", shares, strict=True))
        items = [
            {"id": "A", "stage": "live", "outcomes": [{**lost, "also_claimed_by": [a]}]},
            {"id": "B", "stage": "live", "outcomes": [plans({"value": 1000}, also_claimed_by=[b])]},
        ]
        report = measure(unit(*items))
        assert report.claims[0].counted == "A/x"
        assert report.total.value.realised_to_date == -18100


def test_blanks_and_one_item_are_no_way_to_claim_the_same_benefit_twice():
    won = {"value": 100, "results": [{"date": "2026-03-31", "value": 100}]}
    alike = [
        plans(won, id="a", measure="Calls a month", unit="calls"),
        plans(won, id="b", measure="Calls  amonth ", unit="Calls "),
    ]
    one = measure(unit({"id": "A", "stage": "live", "outcomes": alike}))
    two = measure(
        unit(
            *({"id": i, "stage": "live", "outcomes": [o]} for i, o in zip("AB", alike, strict=True))
        )
    )
    for report in (one, two):
        assert report.total.value.realised_to_date == 100
        assert len(report.claims) == 1

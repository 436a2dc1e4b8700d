"""Facts of outcomes, investments and the money on them."""

from __future__ import annotations

import datetime

import pytest

from itgov.model.derive import days
from itgov.model.fiscal import fiscal_year_of
from itgov.model.reach import REACHES

MEASURED = "measure: m, baseline: 21, target: 5"
LEVEL = "measure: m, baseline: 99, target: 99"
LINK = "evidence: 'https://example.org/e'"


@pytest.mark.parametrize(
    ("day", "start", "year"),
    [
        ("2026-01-01", 1, 2026),
        ("2026-12-31", 1, 2026),
        ("2026-03-31", 4, 2025),
        ("2026-04-01", 4, 2026),
        ("2027-03-31", 4, 2026),
        ("2026-11-30", 12, 2025),
        ("2026-12-01", 12, 2026),
    ],
)
def test_a_fiscal_year_is_named_after_the_year_in_which_it_begins(day, start, year):
    assert fiscal_year_of(datetime.date.fromisoformat(day), start) == year


def test_days_count_from_the_day_to_today():
    today = datetime.date(2026, 11, 23)
    assert days(None, today) is None
    assert days(today, today) == 0
    assert days(datetime.date(2026, 11, 22), today) == 1
    assert days(datetime.date(2026, 11, 24), today) == -1


# -- line of sight -------------------------------------------------------------------------

REACH = [
    ("", "outcome"),
    ("baseline: 1, target: 2, value: 5", "outcome"),
    ("measure: ' ', baseline: 1, target: 2", "outcome"),
    ("measure: m", "measure"),
    ("measure: m, baseline: 1", "measure"),
    ("measure: m, target: 1", "measure"),
    (f"measure: m, results: [{{date: 2026-01-01, actual: 5, {LINK}}}]", "measure"),
    (MEASURED, "target"),
    ("measure: m, baseline: 0, target: 0", "target"),
    (f"{MEASURED}, results: []", "target"),
    (f"{MEASURED}, results: [{{date: 2026-11-24, actual: 5, {LINK}}}]", "target"),
    (f"{MEASURED}, results: [{{date: 2026-11-23, actual: 5}}]", "result"),
    (f"{MEASURED}, results: [{{date: 2026-11-23, actual: 5, evidence: ''}}]", "result"),
    (f"{MEASURED}, results: [{{date: 2026-11-23, actual: 5, evidence: I said so}}]", "result"),
    (f"{MEASURED}, results: [{{date: 2026-11-23, actual: 5, evidence: x}}]", "result"),
    (f"{MEASURED}, results: [{{date: 2026-01-01}}, {{date: 2027-01-01, {LINK}}}]", "result"),
    (f"{MEASURED}, results: [{{date: 2026-01-01, {LINK}}}, {{date: 2026-02-01}}]", "evidence"),
    (f"{MEASURED}, results: [{{date: 2026-01-01, actual: 21, {LINK}}}]", "evidence"),
    (f"{MEASURED}, results: [{{date: 2026-01-01, actual: 30, {LINK}}}]", "evidence"),
    (f"{MEASURED}, results: [{{date: 2026-01-01, actual: 20, {LINK}}}]", "moved"),
    (f"{MEASURED}, results: [{{date: 2026-01-01, actual: 5, {LINK}}}]", "met"),
    (f"{MEASURED}, results: [{{date: 2026-01-01, actual: 4, {LINK}}}]", "met"),
    # the latest day counts, then the later place in the file; no figure replaces none
    (f"{MEASURED}, results: [{{date: 2026-02-01, actual: 30, {LINK}}}, {{date: 2026-01-01, actual: 5, {LINK}}}]", "evidence"),
    (f"{MEASURED}, results: [{{date: 2026-01-01, actual: 5, {LINK}}}, {{date: 2026-01-01, actual: 9, {LINK}}}]", "moved"),
    (f"{MEASURED}, results: [{{date: 2026-01-01, actual: 5, {LINK}}}, {{date: 2026-02-01, {LINK}}}]", "met"),
    # bad news needs no evidence, good news does
    (f"{MEASURED}, results: [{{date: 2026-01-01, actual: 5, {LINK}}}, {{date: 2026-02-01, actual: 22}}]", "evidence"),
    (f"{MEASURED}, results: [{{date: 2026-01-01, actual: 5, {LINK}}}, {{date: 2026-02-01, actual: 9}}]", "moved"),
    (f"{MEASURED}, results: [{{date: 2026-01-01, actual: 9, {LINK}}}, {{date: 2026-02-01, actual: 5}}]", "moved"),
    (f"{MEASURED}, results: [{{date: 2026-01-01, {LINK}}}, {{date: 2026-02-01, actual: 5}}]", "evidence"),
    # a level that is to be kept, and a direction that nobody knows or that contradicts
    (f"{LEVEL}, direction: up, results: [{{date: 2026-01-01, actual: 99, {LINK}}}]", "met"),
    (f"{LEVEL}, direction: up, results: [{{date: 2026-01-01, actual: 98, {LINK}}}]", "evidence"),
    (f"{LEVEL}, direction: up, results: [{{date: 2026-01-01, {LINK}}}, {{date: 2026-02-01, actual: 99}}]", "evidence"),
    (f"{LEVEL}, results: [{{date: 2026-01-01, actual: 99, {LINK}}}]", "evidence"),
    (f"{MEASURED}, direction: up, results: [{{date: 2026-01-01, actual: 30, {LINK}}}]", "evidence"),
]  # fmt: skip


@pytest.mark.parametrize(("fields", "reach"), REACH)
def test_how_far_an_outcome_reaches(outcome, fields, reach):
    assert outcome(fields).line_of_sight == reach


def test_a_result_counts_from_its_own_day_on(outcome):
    fields = f"{MEASURED}, results: [{{date: 2026-06-30, actual: 5, value: 7, {LINK}}}]"
    before = outcome(fields, today=datetime.date(2026, 6, 29))
    assert (before.line_of_sight, before.latest_actual, before.realised_to_date) == (
        "target",
        None,
        0,
    )
    assert (before.latest_date, before.days_since_result, before.met) == (None, None, None)
    on = outcome(fields, today=datetime.date(2026, 6, 30))
    assert (on.line_of_sight, on.latest_actual, on.realised_to_date) == ("met", 5, 7)
    assert (on.latest_date, on.days_since_result, on.met) == ("2026-06-30", 0, True)


def test_an_investment_reaches_as_far_as_all_of_its_outcomes(investment):
    order = REACH[::-1]
    outcomes = [f"{{id: o{n}{', ' if f else ''}{f}}}" for n, (f, _) in enumerate(order)]
    for number in range(1, len(outcomes) + 1):
        found = investment(f"  outcomes: [{', '.join(outcomes[:number])}]").line_of_sight
        least = min((reach for _, reach in order[:number]), key=REACHES.index)
        assert found == least
    assert investment("").line_of_sight == "none"
    assert investment("  outcomes: []").line_of_sight == "none"


def test_withheld_outcomes_are_there_though_nobody_may_see_them(investment):
    assert investment("  withheld: {outcomes: secret}").line_of_sight == "outcome"
    assert investment("  withheld: {spend: secret}").line_of_sight == "none"


# -- direction, progress, met --------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "direction"),
    [
        ("", None),
        ("baseline: 21", None),
        ("target: 5", None),
        ("baseline: 21, target: 5", "down"),
        ("baseline: 5, target: 21", "up"),
        ("baseline: -5, target: -21", "down"),
        ("baseline: 5, target: 5", None),
        ("baseline: 0, target: 5", "up"),
        ("direction: up", "up"),
        ("direction: up, baseline: 21, target: 5", "up"),
    ],
)
def test_the_direction_is_as_recorded_or_from_baseline_to_target(outcome, fields, direction):
    assert outcome(fields).direction == direction


@pytest.mark.parametrize(
    ("fields", "actual", "progress", "met"),
    [
        ("baseline: 20, target: 10", 20, 0, False),
        ("baseline: 20, target: 10", 15, 0.5, False),
        ("baseline: 20, target: 10", 10, 1, True),
        ("baseline: 20, target: 10", 5, 1.5, True),
        ("baseline: 20, target: 10", 30, -1, False),
        ("baseline: 10, target: 20", 15, 0.5, False),
        ("baseline: 10, target: 20", 20, 1, True),
        ("baseline: 10, target: 20", 25, 1.5, True),
        ("baseline: 10, target: 20", 0, -1, False),
        ("baseline: 0, target: 4", 0, 0, False),
        ("target: 10, direction: up", 10, None, True),
        ("target: 10, direction: up", 9.99, None, False),
        ("target: 10, direction: down", 10, None, True),
        ("target: 10", 10, None, None),
        ("baseline: 10", 10, None, None),
        ("baseline: 10, target: 10, direction: down", 10, None, True),
        ("baseline: 10, target: 10, direction: down", 11, None, False),
    ],
)
def test_progress_and_whether_the_target_is_met(outcome, fields, actual, progress, met):
    found = outcome(f"{fields}, results: [{{date: 2026-01-01, actual: {actual}, {LINK}}}]")
    assert found.progress == (pytest.approx(progress) if progress is not None else None)
    assert found.met is met


@pytest.mark.parametrize(
    ("actual", "progress", "met"), [(5, None, None), (12, None, False), (25, -0.25, False)]
)
def test_without_evidence_a_figure_says_only_what_is_bad(outcome, actual, progress, met):
    found = outcome(f"{MEASURED}, results: [{{date: 2026-01-01, actual: {actual}}}]")
    assert (found.progress, found.met, found.latest_actual) == (progress, met, actual)


@pytest.mark.parametrize(
    ("fields", "marks"),
    [
        ("due: 2026-08-25", ""),
        ("due: 2026-08-24", "overdue"),
        ("due: 2026-08-24, results: [{date: 2026-11-24}]", "overdue"),
        ("due: 2026-08-24, results: [{date: 2026-11-23}]", ""),
        (f"{MEASURED}, results: [{{date: 2026-01-01, actual: 5}}, {{date: 2026-02-01, actual: 9}}]", "faded"),
        (f"{MEASURED}, results: [{{date: 2026-01-01, actual: 9}}, {{date: 2026-02-01, actual: 10}}]", ""),
        (f"{MEASURED}, results: [{{date: 2026-01-01, actual: 9}}, {{date: 2026-02-01, actual: 5}}]", ""),
        ("results: [{date: 2025-11-23}]", ""),
        ("results: [{date: 2025-11-22}]", "stale"),
    ],
)  # fmt: skip
def test_marks_beside_the_reach(portfolio, fields, marks):
    def of(stage):
        found = portfolio(
            "business_unit: {id: u}\ninvestments:\n"
            f"- {{id: A, title: A, stage: {stage}, outcomes: [{{id: x, {fields}}}]}}\n"
        )
        facts = next(found.outcomes()).facts
        return " ".join(m for m in ("overdue", "faded", "stale") if getattr(facts, m))

    assert of("live") == marks
    assert of("delivering") == marks.replace("stale", "")


def test_without_a_result_nothing_is_known_of_progress(outcome):
    found = outcome(MEASURED)
    assert (found.progress, found.met, found.latest_actual, found.latest_date) == (None,) * 4


def test_the_latest_actual_is_that_of_the_latest_result_that_has_one(outcome):
    found = outcome(
        f"{MEASURED}, results: [{{date: 2026-09-01, actual: 9}}, {{date: 2026-03-01, actual: 15}},"
        " {date: 2026-10-01, value: 5}, {date: 2027-01-01, actual: 1}]"
    )
    assert (found.latest_actual, found.latest_date, found.days_since_result) == (
        9,
        "2026-10-01",
        53,
    )
    assert found.met is False
    assert found.results_without_evidence == 4


@pytest.mark.parametrize(
    ("due", "late"), [("2026-11-22", 1), ("2026-11-23", 0), ("2026-11-24", -1)]
)
def test_days_overdue(outcome, due, late):
    assert outcome(f"due: {due}").days_overdue == late


# -- value ---------------------------------------------------------------------------------


def test_realised_to_date_is_the_sum_of_the_values_up_to_today(outcome, investment):
    results = "[{date: 2025-01-01, value: 5}, {date: 2026-11-23, value: 7.5}, {date: 2026-01-01}, "
    results += "{date: 2026-11-24, value: 100}]"
    assert outcome(f"results: {results}").realised_to_date == 12.5
    found = investment(
        f"  outcomes: [{{id: a, value: 10, results: {results}}},"
        " {id: b, value: 5, results: [{date: 2026-11-01, value: 1}]}, {id: c}]"
    )
    assert (found.realised_to_date, found.value_planned) == (13.5, 15)
    assert found.days_since_result == 0


def test_outcomes_that_meet_their_target_are_counted(investment):
    found = investment(
        "  outcomes:\n"
        "  - {id: a, baseline: 5, target: 1, results: [{date: 2026-01-01, actual: 1, "
        + LINK
        + "}]}\n"
        "  - {id: b, baseline: 5, target: 1, results: [{date: 2026-01-01, actual: 2, "
        + LINK
        + "}]}\n"
        "  - {id: c, baseline: 5, target: 1}\n"
    )
    assert found.outcomes_met == 1


@pytest.mark.parametrize(
    ("outcomes", "ratio"),
    [
        ("", None),
        ("{id: a, value: 100}", None),
        ("{id: a, due: 2026-01-01}", None),
        ("{id: a, value: 100, due: 2026-11-24}", None),
        # nothing is judged before the grace of 90 days after the first planned day is over
        ("{id: a, value: 100, due: 2026-08-25}", None),
        ("{id: a, value: 100, due: 2026-08-24}", 0),
        ("{id: a, value: 100, due: 2026-01-01, value_from: 2026-08-25}", None),
        ("{id: a, value: 365, due: 2025-11-24, results: [{date: 2026-11-23, value: 91.25}]}", 0.25),
        ("{id: a, value: 365, due: 2025-11-24, results: [{date: 2026-11-23, value: 500}]}", 1),
        ("{id: a, value: 365, due: 2025-11-24, results: [{date: 2026-11-23, value: -500}]}", 0),
        ("{id: a, value: 365, due: 2025-11-24, results: [{date: 2026-11-24, value: 50}]}", 0),
        # what came before the plan is outside the ratio
        ("{id: a, value: 365, due: 2025-11-24, results: [{date: 2025-11-23, value: 365}]}", 0),
        # what is proposed promises nothing, a plan that ended no more than until then
        ("{id: a, profile: [{year: 2026, value: 0}]}", None),
        (
            "{id: a, value: 365, due: 2025-11-24, value_until: 2025-11-24, results: [{date: 2026-11-23, value: 1}]}",
            1,
        ),
        (
            # more than planned in one does not make up for nothing in the other
            "{id: a, value: 365, due: 2025-11-24, results: [{date: 2026-11-23, value: 500}]},"
            " {id: b, value: 365, due: 2025-11-24}",
            0.5,
        ),
        (
            "{id: a, value: 365, due: 2025-11-24, results: [{date: 2026-11-23, value: 182.5}]},"
            " {id: b, value: 900, due: 2027-01-01}",
            0.5,
        ),
    ],
)
def test_the_share_of_planned_value_that_arrived(unit, outcomes, ratio):
    found = unit(f"investments: [{{id: A, title: A, outcomes: [{outcomes}]}}]")
    assert found.value_realised_ratio == ratio


@pytest.mark.parametrize(
    ("first", "second", "twice"),
    [
        ("measure: Days, value: 100, unit: d", "measure: ' days ', value: 100.0, unit: d", True),
        ("measure: Median  days, value: 100", "measure: median days, value: 100", True),
        ("measure: Days, value: 100, unit: d", "measure: Days, value: 100, unit: h", False),
        ("measure: Days, value: 100", "measure: Days, value: 101", False),
        ("measure: Days, value: 100", "measure: Hours, value: 100", False),
        ("measure: Days", "measure: Days", False),
        ("value: 100", "value: 100", False),
    ],
)
def test_a_value_claimed_by_two_investments(portfolio, first, second, twice):
    found = portfolio(
        "business_unit: {id: u}\ninvestments:\n"
        f"- {{id: A, title: A, outcomes: [{{id: x, {first}}}]}}\n"
        f"- {{id: B, title: B, outcomes: [{{id: y, {second}}}]}}\n"
    ).units["u"]
    claims = [i.outcomes[0].facts.same_claim_as for i in found.investments]
    assert claims == ([["B/y"], ["A/x"]] if twice else [[], []])


def test_a_value_claimed_across_units_and_within_one_investment(portfolio):
    claim = "measure: Days, value: 100"
    found = portfolio(
        "business_unit: {id: u}\ninvestments:\n"
        f"- {{id: A, title: A, outcomes: [{{id: x, {claim}}}, {{id: y, {claim}}}]}}\n",
        v="business_unit: {id: v}\ninvestments:\n"
        f"- {{id: B, title: B, outcomes: [{{id: z, {claim}}}]}}\n",
    )
    first, second = (o.facts.same_claim_as for o in found.units["u"].investments[0].outcomes)
    assert (first, second) == (["A/y", "B/z"], ["A/x", "B/z"])
    assert found.units["v"].investments[0].outcomes[0].facts.same_claim_as == ["A/x", "A/y"]

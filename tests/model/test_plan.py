"""The plan and the realised money of one outcome over days."""

from __future__ import annotations

import datetime
import itertools
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itgov.model.plan import OutcomeMoney, Period

D = datetime.date.fromisoformat
APRIL = "organisation: {id: o, fiscal_year_start: 4}\n"


@pytest.fixture(scope="module")
def money(portfolio: Any) -> Any:
    """Return the money of one outcome, from its fields and those of its item."""

    def of(outcome: str, item: str = "", organisation: str = APRIL, **options: Any) -> OutcomeMoney:
        text = (
            "business_unit: {id: u, relationship_manager: lena}\ninvestments:\n"
            f"- {{id: A, title: A{', ' if item else ''}{item}, outcomes: [{{id: x, {outcome}}}]}}\n"
        )
        unit = portfolio(text, organisation, **options).units["u"]
        found: OutcomeMoney = unit.investments[0].outcomes[0].money
        return found

    return of


def planned(found: OutcomeMoney, first: str, last: str) -> float:
    return round(found.planned(D(first), D(last)), 2)


def test_value_is_money_a_year_from_the_first_day_to_the_last(money):
    found = money("value: 365000, value_from: 2026-07-01, value_until: 2028-03-31, due: 2026-01-01")
    assert planned(found, "2026-01-01", "2026-06-30") == 0
    assert planned(found, "2026-07-01", "2026-07-01") == 1000
    assert planned(found, "2026-04-01", "2027-03-31") == 274000  # 274 days of 365
    assert planned(found, "2027-04-01", "2028-03-31") == 365000  # 366 days, the same money
    assert planned(found, "2028-04-01", "2031-03-31") == 0
    assert planned(found, "2028-01-01", "2027-01-01") == 0


def test_due_begins_a_plan_without_value_from_and_it_is_said(money):
    found = money("value: 365000, due: 2026-12-31")
    assert planned(found, "2026-04-01", "2027-03-31") == 91000
    assert (found.from_due, found.open_end, found.undated) == (True, True, False)


def test_a_profile_is_spread_over_the_days_of_each_year_in_the_first_from_the_first_day(money):
    found = money(
        "profile: [{year: 2027, value: 366}, {year: 2026, value: 90}, {year: 2029, value: 7}],"
        " value_from: 2027-01-01"
    )
    assert planned(found, "2026-04-01", "2026-12-31") == 0
    assert planned(found, "2027-01-01", "2027-01-31") == 31
    assert planned(found, "2026-04-01", "2027-03-31") == 90
    assert planned(found, "2027-04-01", "2027-04-10") == 10
    assert planned(found, "2028-04-01", "2029-03-31") == 0
    assert planned(found, "2029-04-01", "2040-03-31") == 7


def test_due_begins_a_profile_only_within_its_first_year(money):
    rows = "profile: [{year: 2026, value: 365}, {year: 2027, value: 366}]"
    assert planned(money(f"{rows}, due: 2027-03-31"), "2026-04-01", "2027-03-30") == 0
    assert planned(money(f"{rows}, due: 2027-06-30"), "2026-04-01", "2026-04-10") == 10
    assert planned(money(rows), "2026-04-01", "2026-04-10") == 10
    assert [money(f"{rows}, due: {day}").from_due for day in ("2027-03-31", "2027-06-30")] == [
        True,
        False,
    ]


@pytest.mark.parametrize(
    ("item", "planned_2026", "unknown"),
    [
        ("stage: proposed", 0, False),
        ("stage: live, ended: 2026-04-10", 365, False),
        ("stage: stopped, ended: 2026-04-10", 10, False),
        ("stage: retired, ended: 2026-04-10", 10, False),
        ("stage: stopped, ended: 2026-03-31", 0, False),
        ("stage: stopped", 365, True),
    ],
)
def test_what_is_proposed_promises_nothing_and_what_ended_nothing_more(
    money, item, planned_2026, unknown
):
    found = money("value: 365, value_from: 2026-04-01, value_until: 2030-03-31", item)
    assert planned(found, "2026-04-01", "2027-03-31") == planned_2026
    assert found.end_unknown is unknown


def test_a_plan_without_any_day_is_on_no_day(money):
    found = money("value: 365")
    assert planned(found, "2000-01-01", "2100-01-01") == 0
    assert found.undated
    assert found.promises
    assert not money("value: 365", "stage: proposed").undated


def test_value_and_profile_together_are_a_finding_at_the_place(portfolio):
    text = """\
business_unit: {id: u}
investments:
- id: A
  title: A
  outcomes:
  - id: x
    value: 100
    value_from: 2026-01-01
    profile: [{year: 2026, value: 5}]
"""
    from itgov.files.link import link
    from itgov.files.load import read_file
    from itgov.files.sources import RawFile

    linked = link([read_file(RawFile("portfolios/u.yaml", text.encode()))], D("2026-11-23"))
    (finding,) = linked.findings
    assert (finding.rule, finding.place.line, finding.field) == ("MOD-007", 7, "value")
    assert finding.subject.id == "A/x"
    found = next(linked.portfolio.outcomes()).money
    assert planned(found, "2026-01-01", "2026-12-31") == 5


# -- what came -----------------------------------------------------------------------------


def days(period: Period) -> tuple[str, str]:
    return tuple(str(datetime.date.fromordinal(d)) for d in (period.first, period.last))  # type: ignore[return-value]


def test_a_value_came_from_the_day_after_the_last_one_with_a_value(money):
    found = money(
        "value: 1, value_from: 2026-01-01, results: ["
        "{date: 2026-06-30, value: 50}, {date: 2026-03-31, value: 20}, {date: 2026-04-30, actual: 3},"
        "{date: 2026-10-31, from: 2026-10-01, value: 31}, {date: 2026-11-24, value: 999}]"
    )
    assert [days(p) for p in found.periods] == [
        ("2026-01-01", "2026-03-31"), ("2026-04-01", "2026-06-30"), ("2026-10-01", "2026-10-31"),
    ]  # fmt: skip
    assert found.realised(D("2026-10-30"), D("2026-11-23")) == 2
    assert found.realised(D("2026-07-01"), D("2026-09-30")) == 0  # a gap is a measured zero
    assert found.realised(D("2000-01-01"), D("2100-01-01")) == 101
    assert found.measured_until == D("2026-10-31").toordinal()


@pytest.mark.parametrize(
    ("outcome", "item", "first"),
    [
        ("value_from: 2026-01-01", "start: 2025-01-01", "2026-01-01"),
        ("value_from: 2026-01-01", "start: 2026-02-01", "2026-02-01"),
        ("due: 2026-01-01", "", "2026-01-01"),
        ("measure: m", "start: 2026-02-01", "2026-02-01"),
        ("measure: m", "", "2026-06-30"),
        ("value_from: 2026-09-01", "", "2026-06-30"),
    ],
)
def test_the_first_value_came_from_the_first_planned_day_or_the_start(money, outcome, item, first):
    found = money(f"{outcome}, value: 1, results: [{{date: 2026-06-30, value: 9}}]", item)
    assert days(found.periods[0]) == (first, "2026-06-30")


def test_the_later_of_two_values_that_overlap_is_left_out(money):
    found = money(
        "value: 1, value_from: 2026-01-01, results: ["
        "{date: 2026-06-30, from: 2026-03-31, value: 7}, {date: 2026-03-31, value: 20},"
        "{date: 2026-03-31, value: 21}, {date: 2026-09-30, from: 2026-10-01, value: 8}]"
    )
    assert [(p.place, p.amount) for p in found.periods] == [(1, 20_000_000)]
    assert [(v.place, v.reason) for v in found.left_out] == [
        (2, "same day"), (0, "overlaps"), (3, "from after date"),
    ]  # fmt: skip
    assert found.came_to_date() == 20_000_000


@pytest.mark.parametrize(
    ("by", "confirmed"),
    [("amara", False), ("lena", False), ("tom", False), ("unknown-side", False), ("nobody", False), ("bea", True)],
)  # fmt: skip
def test_confirmed_is_what_the_business_says_that_is_neither_owner_nor_manager(
    money, by, confirmed
):
    people = """\
people:
  - {id: amara, name: Amara, side: business}
  - {id: bea, name: Bea, side: business}
  - {id: lena, name: Lena, side: business}
  - {id: tom, name: Tom, side: it}
  - {id: unknown-side, name: Sam}
"""
    found = money(
        f"value: 1, results: [{{date: 2026-06-30, value: 9, confirmed_by: {by}}}]",
        "outcome_owner: amara",
        people=people,
        sound=by != "nobody",
    )
    assert found.confirmed(D("2026-06-30"), D("2026-06-30")) == (9 if confirmed else 0)


DAYS = st.integers(0, 1500).map(lambda n: D("2025-01-01") + datetime.timedelta(n))
VALUES = st.lists(st.tuples(DAYS, DAYS, st.integers(-(10**6), 10**6)), max_size=5)


@given(VALUES, DAYS, DAYS)
def test_a_sum_is_that_of_its_days_and_values_add_up(money_of_rows, rows, one, other):
    """Every value that counts adds to a period by itself, and adjoining periods add up."""
    found = money_of_rows(rows)
    first, last = min(one, other), max(one, other)
    wanted = Fraction(0)
    for period in found.periods:
        _, end, cents = rows[period.place]
        length = period.last - period.first + 1
        inside = min(period.last, last.toordinal()) - max(period.first, first.toordinal()) + 1
        wanted += Fraction(cents, 100) * max(0, inside) / length
        assert period.last == end.toordinal()
    assert abs(Fraction(found.realised(first, last)) - wanted) < Fraction(1, 10_000)
    middle = first + (last - first) / 2
    parts = found.realised_parts(first.toordinal(), middle.toordinal())
    parts += found.realised_parts(middle.toordinal() + 1, last.toordinal())
    assert parts == found.realised_parts(first.toordinal(), last.toordinal())


@pytest.fixture(scope="module")
def money_of_rows() -> Any:
    from itgov.model.plan import outcome_money
    from itgov.model.types import Investment, Outcome, Result

    def of(rows: Any) -> OutcomeMoney:
        results = [Result(date=d, from_=f, value=c / 100) for f, d, c in rows]
        outcome = Outcome(id="x", value=1.0, results=results)
        return outcome_money(outcome, Investment(id="A", title="A"), D("2030-01-01"), 1, ())

    return of


@given(
    st.integers(1, 12), st.integers(-(10**9), 10**9), DAYS, st.none() | DAYS, st.lists(DAYS, min_size=3)
)  # fmt: skip
def test_the_plan_of_adjoining_periods_adds_up_and_a_whole_year_is_a_years_value(
    month, cents, begins, until, marks
):
    from itgov.model.plan import outcome_money
    from itgov.model.types import Investment, Outcome

    outcome = Outcome(id="x", value=cents / 100, value_from=begins, value_until=until)
    found = outcome_money(outcome, Investment(id="A", title="A"), D("2030-01-01"), month, ())
    ordered = sorted(m.toordinal() for m in marks)
    parts = [found.planned_parts(a + 1, b) for a, b in itertools.pairwise(ordered)]
    assert sum(parts) == found.planned_parts(ordered[0] + 1, ordered[-1])
    if until is None:
        year = (D(f"2040-{month:02}-01"), D(f"2041-{month:02}-01") - datetime.timedelta(1))
        assert found.planned(*year) == pytest.approx(cents / 100, abs=1e-5)

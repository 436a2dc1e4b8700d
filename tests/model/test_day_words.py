"""Days as people type them, seen from Monday 23 November 2026."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itgov.model.day_words import day_of, read_back

TODAY = datetime.date(2026, 11, 23)
MEANT = {
    "2026-12-31": "2026-12-31", "today": "2026-11-23", "Tomorrow": "2026-11-24",
    "yesterday": "2026-11-22", "+30": "2026-12-23", "-7": "2026-11-16", "+2w": "2026-12-07",
    "+3 months": "2027-02-23", "+1y": "2027-11-23", "in 2 weeks": "2026-12-07",
    "3 days ago": "2026-11-20", "friday": "2026-11-27", "next friday": "2026-11-27",
    "next  Fri": "2026-11-27", "last friday": "2026-11-20", "monday": "2026-11-30",
    "last monday": "2026-11-16", "31 mar": "2027-03-31", "31 March 2028": "2028-03-31",
    "mar 31": "2027-03-31", "March 31, 2028": "2028-03-31", "1st dec": "2026-12-01",
    "23 nov": "2026-11-23", "22 nov": "2027-11-22", "29 feb": "2028-02-29", "31mar": "2027-03-31",
    "3 sept": "2027-09-03", "end of month": "2026-11-30", "end of next month": "2026-12-31",
    "end of year": "2026-12-31", "end of next year": "2027-12-31",
}  # fmt: skip
NO_DAY = (
    "", "soon", "3/4/2027", "03.04.2027", "31 feb", "30 feb 2027", "32 mar", "jan 2027", "ma 3",
    "31", "20261231", "t", "tbd", "friday week", "next", "next month", "+", "+99999y", "ju 3",
    "2026-13-01", "31 mar 27", "٣ mar 2027x",
)  # fmt: skip


@pytest.mark.parametrize(("typed", "meant"), MEANT.items())
def test_a_day_that_is_typed(typed: str, meant: str) -> None:
    assert day_of(typed, TODAY) == datetime.date.fromisoformat(meant)


@pytest.mark.parametrize("typed", NO_DAY)
def test_what_is_no_day_is_refused(typed: str) -> None:
    assert day_of(typed, TODAY) is None


DAYS = st.dates(datetime.date(1990, 1, 1), datetime.date(2090, 12, 31))


@given(DAYS, DAYS)
def test_a_day_written_with_its_month_is_that_day(day: datetime.date, today: datetime.date) -> None:
    for form in ("%d %B %Y", "%d %b %Y", "%B %d, %Y", "%Y-%m-%d"):
        assert day_of(day.strftime(form), today) == day


@given(DAYS, DAYS)
def test_without_a_year_it_is_the_next_such_day(day: datetime.date, today: datetime.date) -> None:
    found = day_of(f"{day.day} {day:%b}", today)
    expected = today
    while (expected.day, expected.month) != (day.day, day.month):
        expected += datetime.timedelta(1)
    assert found == expected


@given(DAYS, st.integers(0, 6))
def test_a_weekday_is_within_a_week(today: datetime.date, which: int) -> None:
    name = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")[which]
    following, last = day_of(f"next {name}", today), day_of(f"last {name}", today)
    assert following is not None
    assert last is not None
    assert following.weekday() == last.weekday() == which
    assert 1 <= (following - today).days <= 7
    assert 1 <= (today - last).days <= 7


@given(st.text(max_size=20), DAYS)
def test_any_text_is_a_day_or_none(typed: str, today: datetime.date) -> None:
    found = day_of(typed, today)
    assert found is None or read_back(found, today).startswith(found.isoformat())

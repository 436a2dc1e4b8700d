"""The roadmap's axis: every day in its column, as an independent walk through the calendar has it."""

from __future__ import annotations

import datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from itgov.insight.roadmap import ItemDates, Mark
from itgov.tui.state.time_axis import LETTERS, PERIOD, TimeAxis, axis_around, drawn
from itgov.tui.widgets.styled_text import text_of

SCALES = st.sampled_from(["quarter", "year"])
MONTHS = st.integers(1, 12)
DAYS = st.dates(datetime.date(1, 1, 1), datetime.date(9999, 12, 31))
NEAR = st.dates(datetime.date(2023, 1, 1), datetime.date(2031, 12, 31))
WIDTHS = st.integers(3, 120)


def begins(year: int, month: int, scale: str, start: int) -> bool:
    """Say whether a month is the first of a period."""
    return (month - start) % (12 if scale == "year" else 3) == 0


def month_after(year: int, month: int) -> tuple[int, int]:
    return (year, month + 1) if month < 12 else (year + 1, 1)


def month_before(year: int, month: int) -> tuple[int, int]:
    return (year, month - 1) if month > 1 else (year - 1, 12)


def days_to(year: int, month: int) -> int:
    """Return the days from 1 March of the year 0 to a month, outside datetime's calendar too."""
    y = year if month > 2 else year - 1
    return 365 * y + y // 4 - y // 100 + y // 400 + (153 * ((month - 3) % 12) + 2) // 5


def period(day: datetime.date, scale: str, start: int) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return the first month of the period that a day lies in, and that of the next: by walking."""
    first = day.year, day.month
    while not begins(*first, scale, start):
        first = month_before(*first)
    after = month_after(*first)
    while not begins(*after, scale, start):
        after = month_after(*after)
    return first, after


def column_of(day: datetime.date, origin: datetime.date, scale: str, start: int) -> int:
    """Return a day's column on an axis that begins with the period of `origin`: by counting."""
    (first, after), (begin, _) = period(day, scale, start), period(origin, scale, start)
    months = (first[0] - begin[0]) * 12 + first[1] - begin[1]
    assert months % (12 if scale == "year" else 3) == 0
    gone = days_to(day.year, day.month) + day.day - 1 - days_to(*first)
    length = days_to(*after) - days_to(*first)
    return months // (12 if scale == "year" else 3) * 8 + 8 * gone // length


@given(day=DAYS, origin=DAYS, scale=SCALES, start=MONTHS)
def test_a_day_stands_in_the_column_that_counting_gives(
    day: datetime.date, origin: datetime.date, scale: Any, start: int
) -> None:
    axis = axis_around(origin, scale, start).scrolled(1, [datetime.date.min, datetime.date.max])
    at_the_end = {m[0][0] for m in (period(day, scale, start), period(origin, scale, start))}
    if at_the_end & {0, 9999} or period(day, scale, start)[1][0] > 9999:
        return  # the calendar's own ends cut their periods
    assert axis.column(day) == column_of(day, origin, scale, start)


@given(days=st.lists(NEAR, min_size=2, max_size=2), scale=SCALES, start=MONTHS)
def test_a_later_day_is_never_further_left(days: list[Any], scale: Any, start: int) -> None:
    axis = TimeAxis(scale, start, 0)
    first, last = sorted(days)
    assert axis.column(first) <= axis.column(last)


@given(origin=NEAR, scale=SCALES, start=MONTHS, width=WIDTHS)
def test_names_stand_over_the_first_day_of_their_period(
    origin: datetime.date, scale: Any, start: int, width: int
) -> None:
    axis = axis_around(origin, scale, start)
    heading = axis.heading(width)
    assert len(heading) <= width
    for place, name in enumerate(heading[1:][i : i + 8].rstrip() for i in range(0, width - 2, 8)):
        if not name:
            continue
        year, quarter = int(name[:4]), int(name[6]) if scale == "quarter" else 1
        month = (start - 1 + 3 * (quarter - 1)) % 12 + 1
        if month < start:
            year += 1
        assert axis.column(datetime.date(year, month, 1)) == place * PERIOD


KINDS = st.sampled_from(list(LETTERS))
MARKS = st.lists(st.builds(Mark, NEAR, KINDS, st.booleans(), st.just("")), max_size=6)
MAYBE = st.none() | NEAR


@given(start=MAYBE, end=MAYBE, marks=MARKS, today=NEAR, scale=SCALES, month=MONTHS, width=WIDTHS)
def test_a_line_shows_each_date_where_it_is_or_says_that_there_is_more(
    start: Any,
    end: Any,
    marks: list[Mark],
    today: datetime.date,
    scale: Any,
    month: int,
    width: int,
) -> None:
    dates = ItemDates(start, end, tuple(marks))
    axis = axis_around(today, scale, month)
    text = text_of(drawn(dates, axis, width, today))
    assert len(text) == max(width, 2)
    inner = width - 2
    # the period before today's is the first
    at = {day: column_of(day, today, scale, month) + 8 for day in {*dates.days, today}}
    by_column: dict[int, list[Mark]] = {}
    for mark in marks:
        by_column.setdefault(at[mark.day], []).append(mark)
    edges = [at[d] for d in (start, end) if d is not None]
    assert (text[0] == "‹") is any(c < 0 for c in [*by_column, *edges])
    assert (text[-1] == "›") is any(c >= inner for c in [*by_column, *edges])
    for column, some in by_column.items():
        if 0 <= column < inner:
            sign = LETTERS[some[0].kind] if len(some) == 1 else str(len(some))
            late = any(mark.late and mark.kind != "dependency" for mark in some)
            near = text[max(column, 1) : column + 3]
            assert text[column + 1] == sign or (late and text[column + 1] == "!")
            assert not late or "!" in near
    free = set(range(inner)) - set(by_column) - {at[today]}
    for column in free:
        sign = text[column + 1]
        if sign == "!":
            assert {column - 1, column + 1} & set(by_column)
            continue
        assert sign == expected_bar(column, at.get(start), at.get(end), dates.is_reversed)


def expected_bar(column: int, start: int | None, end: int | None, reverse: bool) -> str:
    """Return what stands in a column without a mark."""
    if start is not None and end is not None:
        if min(start, end) <= column <= max(start, end):
            return "x" if reverse else "━"
        return " "
    if start is not None:
        return "╌" if column >= start else " "
    if end is not None:
        return "╌" if column <= end else " "
    return " "

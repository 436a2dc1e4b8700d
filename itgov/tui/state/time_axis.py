"""An item's dates drawn along an axis of fiscal quarters or years, in columns of a terminal.

Every period is equally wide, and a day lies in its period by how far the period is gone.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Literal

from msgspec import Struct

from itgov.insight.roadmap import ItemDates, Mark, MarkKind
from itgov.model.fiscal import first_of_period, period_name, period_of
from itgov.tui.widgets.styled_text import Line, Role, Span

Scale = Literal["quarter", "year"]
MONTHS: dict[Scale, int] = {"quarter": 3, "year": 12}
PERIOD = 8
"""Columns of a quarter or a year."""
EDGE = 1
"""Columns at each end of a drawn line, for the sign that something lies beyond."""

_SHARE = 0.3
"""Of the width of a table, what its axis has at least."""
BAR, OPEN, REVERSED, TODAY, EARLIER, LATER = "━", "╌", "x", "│", "‹", "›"
LETTERS: dict[MarkKind, str] = {
    "gate": "G", "reviewed": "L", "review": "R", "outcome": "O", "result": "N", "waiver": "W",
    "dependency": "D",
}  # fmt: skip
LATE = "!"
LEGEND: tuple[tuple[str, Role, str], ...] = (
    (BAR, "", "runs"),
    (OPEN, "muted", "open-ended"),
    (REVERSED, "error", "end before start"),
    (TODAY, "accent", "today"),
    (f"{EARLIER} {LATER}", "muted", "more"),
    (LATE, "error", "overdue"),
    (LETTERS["gate"], "strong", "gate"),
    (LETTERS["reviewed"], "strong", "last review"),
    (LETTERS["review"], "strong", "next review"),
    (LETTERS["outcome"], "strong", "outcome due"),
    (LETTERS["result"], "strong", "next result"),
    (LETTERS["waiver"], "strong", "waiver ends"),
    (LETTERS["dependency"], "error", "dependency late"),
    ("2-9+", "strong", "several"),
)
"""Each sign of the axis and what it means."""


def least_width(space: int) -> int:
    """Return the width that the axis has at least, of all that there is: whole periods, four or more."""
    return max(4, round(space * _SHARE / PERIOD)) * PERIOD + 2 * EDGE


class TimeAxis(Struct, frozen=True):
    """Fiscal periods side by side: `first` is the number of the one at the left."""

    scale: Scale
    start_month: int
    first: int

    @property
    def months(self) -> int:
        """Months of a period."""
        return MONTHS[self.scale]

    def period_of(self, day: datetime.date) -> int:
        """Return the number of the period that a day lies in."""
        return period_of(day, self.months, self.start_month)

    def column(self, day: datetime.date) -> int:
        """Return the column of a day, counted from the beginning of the first period."""
        period = self.period_of(day)
        begin = first_of_period(period, self.months, self.start_month)
        length = first_of_period(period + 1, self.months, self.start_month) - begin
        return (period - self.first) * PERIOD + (day.toordinal() - begin) * PERIOD // length

    def heading(self, width: int) -> str:
        """Return the names of the periods, as far as each has room for its name."""
        names = " " * EDGE
        for period in range(self.first, self.first + max(width - 2 * EDGE, 0) // PERIOD):
            names += period_name(period, self.months).ljust(PERIOD)
        return names

    def scrolled(self, by: int, days: Sequence[datetime.date]) -> TimeAxis:
        """Return it `by` periods later, as long as there is one of the `days` to be seen."""
        known = [self.period_of(day) for day in days] or [self.first]
        first = min(max(self.first + by, min(known)), max(known))
        return TimeAxis(self.scale, self.start_month, first)


def axis_around(today: datetime.date, scale: Scale, start_month: int) -> TimeAxis:
    """Return the axis that begins with the period before today's."""
    return TimeAxis(scale, start_month, period_of(today, MONTHS[scale], start_month) - 1)


def drawn(
    dates: ItemDates, axis: TimeAxis, width: int, today: datetime.date, over: bool = False
) -> Line:
    """Return an item's dates as a line of `width` columns; `over` says that the item is stopped."""
    inner = max(width - 2 * EDGE, 0)
    cells: list[Span] = [(" ", "")] * inner
    earlier, later = _draw_bar(dates, axis, cells, over)
    now = axis.column(today)
    if 0 <= now < inner:
        cells[now] = (TODAY, "accent")
    at: dict[int, list[Mark]] = {}
    for mark in dates.marks:
        at.setdefault(axis.column(mark.day), []).append(mark)
    for column in sorted(at):
        if 0 <= column < inner:
            cells[column] = _sign(at[column])
    for column, marks in at.items():
        if 0 <= column < inner and any(m.late and m.kind != "dependency" for m in marks):
            _exclaim(column, at, cells)
    missed = any(
        m.late and m.kind != "dependency"
        for column, marks in at.items()
        if column < 0
        for m in marks
    )
    earlier |= any(column < 0 for column in at)
    later |= any(column >= inner for column in at)
    before: Span = (EARLIER, "error" if missed else "muted") if earlier else (" ", "")
    return before, *cells, (LATER if later else " ", "muted")


def today_line(axis: TimeAxis, width: int, today: datetime.date) -> Line:
    """Return a line with nothing on it but today."""
    return drawn(ItemDates(None, None, ()), axis, width, today)


def _draw_bar(dates: ItemDates, axis: TimeAxis, cells: list[Span], over: bool) -> tuple[bool, bool]:
    """Draw from start to end; return whether any of it lies before and after what is seen."""
    inner = len(cells)
    begin = axis.column(dates.start) if dates.start is not None else None
    end = axis.column(dates.end) if dates.end is not None else None
    if begin is None and end is None:
        return False, False
    sign, role = BAR, "muted" if over else ""
    if dates.is_reversed:
        assert begin is not None
        assert end is not None
        begin, end, sign, role = end, begin, REVERSED, "error"
    elif begin is None or end is None:
        sign, role = OPEN, "muted"
    first, last = begin if begin is not None else 0, end if end is not None else inner - 1
    for column in range(max(first, 0), min(last, inner - 1) + 1):
        cells[column] = (sign, role)  # type: ignore[assignment]
    known = [column for column in (begin, end) if column is not None]
    return min(known) < 0, max(known) >= inner


def _sign(marks: Sequence[Mark]) -> Span:
    role: Role = "error" if any(mark.late for mark in marks) else "strong"
    if len(marks) == 1:
        return LETTERS[marks[0].kind], role
    return (str(len(marks)) if len(marks) < 10 else "+"), role


def _exclaim(column: int, at: dict[int, list[Mark]], cells: list[Span]) -> None:
    """Draw the sign for overdue beside a mark, or in its place where both sides are taken."""
    sides = (c for c in (column + 1, column - 1) if 0 <= c < len(cells) and c not in at)
    free = next((c for c in sides if cells[c][0] not in (TODAY, LATE)), column)
    cells[free] = (LATE, "error")

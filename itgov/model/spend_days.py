"""The spend of an item over days, so that it can be told whose time it fell into.

A fiscal year's money is spread evenly over its days: its `actual`, else its budget.  The current
year's `actual` is what was spent so far, so it is spread over the days up to the as-of day.  Nobody
has decided to spend the budget of a proposal: of what is only proposed the actual alone counts.
"""

from __future__ import annotations

import datetime
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

from itgov.model.fiscal import first_day, fiscal_year_of, last_day
from itgov.model.plan import Period, parts_of
from itgov.model.types import Investment


class SpentYear(NamedTuple):
    """What one fiscal year up to the current one cost."""

    year: int
    amount: int
    """In millionths."""
    is_actual: bool
    """Whether it was spent; else it is the budget, for want of an actual."""


def spent_years(item: Investment, fiscal_year: int) -> list[SpentYear]:
    """Return each fiscal year up to one with its `actual`, else, unless only proposed, its `budget`."""
    if not item.spend:
        return []
    actual: dict[int, int] = {}
    budget: dict[int, int] = {}
    decided = item.stage != "proposed"
    for row in item.spend:
        year = row.year
        if year > fiscal_year:
            continue
        if row.actual is not None:
            actual[year] = actual.get(year, 0) + parts_of(row.actual)
        elif decided and row.budget is not None:  # a year with any actual counts with that alone
            budget[year] = budget.get(year, 0) + parts_of(row.budget)
    found = [SpentYear(year, amount, True) for year, amount in actual.items()]
    if budget:
        found += [SpentYear(year, amt, False) for year, amt in budget.items() if year not in actual]
    return found


def spend_days(item: Investment, today: datetime.date, start_month: int) -> list[Period]:
    """Return the money of each fiscal year up to the current one, and the days that it fell on."""
    now = fiscal_year_of(today, start_month)
    return [
        Period(
            first_day(year, start_month),
            today.toordinal() if year == now and is_actual else last_day(year, start_month),
            amount,
            False,
            0,
        )
        for year, amount, is_actual in spent_years(item, now)
    ]


class RunningSum:
    """Money of periods that do not overlap, summed up to a day without looking at each of them."""

    def __init__(self, periods: Sequence[Period]) -> None:
        self._periods = sorted(periods, key=lambda p: p.first)
        self._firsts = [p.first for p in self._periods]
        self._before = [0, *accumulate(p.amount for p in self._periods)]

    def between(self, first: int, last: int) -> int:
        """Return the millionths of the days from one to another, both included."""
        return self.through(last) - self.through(first - 1) if first <= last else 0

    def through(self, day: int) -> int:
        """Return the millionths of all days up to one."""
        place = bisect_right(self._firsts, day) - 1
        if place < 0:
            return 0
        return self._before[place] + self._periods[place].through(day)

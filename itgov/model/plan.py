"""The plan and the realised money of one outcome, over days.

Amounts are whole millionths of the currency inside; `planned`, `realised` and the like take two
days, both included, and return money.  Every amount is a difference of two running totals, so that
the parts of a period add up to it.

**The plan.**  `value` is money a year: a day carries `value` / days of its fiscal year, from the
first planned day to the last.  With `profile`, a fiscal year's amount is spread evenly over its
days, in the year of the first planned day over those from that day on; years not named are 0.
Where a file has both, `profile` counts.  The first planned day is `value_from`, else `due`; with a
profile, `due` counts only where it lies in the first year named, else that year's first day.  The
last is `value_until`, or, where the item was stopped or retired, the day it ended if that is earlier.
What is only proposed promises nothing.  With neither day a `value` is undated, and on no day.

**Realised.**  The `value` of a result came evenly over the days `from` ... `date`.  `from` defaults
to the day after the last result with a value; for the first to the later of the first planned day
and the item's `start`, or to `date` itself where that lies before.  Results after the as-of day do
not exist.  By day, then place in the file, a value whose period begins after its end or overlaps an
earlier one is left out, and named.  Days between two periods are measured: nothing came on them.
Each value adds to every sum by itself, so that sums are linear in results.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Literal

from msgspec import Struct

from itgov.model.fiscal import first_day, fiscal_year_of, last_day
from itgov.model.stages import OVER
from itgov.model.types import Investment, Outcome, Result, YearValue

PARTS = 1_000_000
"""Parts of one unit of the currency that amounts are added in."""

Date = datetime.date
_LAST_DAY = Date.max.toordinal()
"""The calendar's last day: spans that are counted from a far date end there."""


def parts_of(amount: float) -> int:
    """Return an amount in millionths, the nearest whole number of them."""
    return amount * PARTS if amount.__class__ is int else round(amount * PARTS)


class Schedule(Struct, frozen=True, gc=False):
    """Money spread over days, from the first to the last.  Days are ordinals."""

    first: int
    last: int | None
    start_month: int
    rate: int = 0
    """Millionths a year, where there are no amounts by year."""
    years: tuple[tuple[int, int], ...] = ()
    """Fiscal years in order, and the millionths of each."""

    def through(self, day: int) -> int:
        """Return the millionths of all days up to one."""
        if self.last is not None and day > self.last:
            day = self.last
        day = min(day, _LAST_DAY)
        if day < self.first:
            return 0
        return self._by_year(day) if self.years else self._at_rate(day)

    def between(self, first: int, last: int) -> int:
        """Return the millionths of the days from one to another, both included."""
        return self.through(last) - self.through(first - 1) if first <= last else 0

    def _at_rate(self, day: int) -> int:
        month, rate = self.start_month, self.rate
        begun = fiscal_year_of(Date.fromordinal(self.first), month)
        year = fiscal_year_of(Date.fromordinal(day), month)
        begins, ends = first_day(begun, month), last_day(begun, month)
        if year == begun:
            return rate * (day - self.first + 1) // (ends - begins + 1)
        head = rate * (ends - self.first + 1) // (ends - begins + 1)
        begins, ends = first_day(year, month), last_day(year, month)
        return head + rate * (year - begun - 1) + rate * (day - begins + 1) // (ends - begins + 1)

    def _by_year(self, day: int) -> int:
        total = 0
        for year, amount in self.years:
            begins = max(first_day(year, self.start_month), self.first)
            ends = last_day(year, self.start_month)
            if begins > day:
                break
            if begins <= ends:
                total += amount * (min(day, ends) - begins + 1) // (ends - begins + 1)
        return total


class Period(Struct, frozen=True, gc=False):
    """What one result says came, evenly over its days.  Days are ordinals."""

    first: int
    last: int
    amount: int
    """In millionths."""
    confirmed: bool
    """Whether somebody of the business who is neither owner nor manager says so."""
    place: int
    """Which of the outcome's results it is."""

    def through(self, day: int) -> int:
        """Return the millionths of all of its days up to one."""
        if day >= self.last:
            return self.amount
        if day < self.first:
            return 0
        return self.amount * (day - self.first + 1) // (self.last - self.first + 1)


LeftOutReason = Literal["overlaps", "same day", "from after date"]


class LeftOut(Struct, frozen=True, gc=False):
    """A result whose value is in no sum, and why."""

    place: int
    """Which of the outcome's results it is."""
    reason: LeftOutReason


class OutcomeMoney(Struct, frozen=True, gc=False):
    """The plan and the realised money of one outcome as of a day.  See this module for how."""

    plan: Schedule | None = None
    """None: nothing is promised, or the plan has no day."""
    forecast: Schedule | None = None
    """What its owner expects, by fiscal year; the years it names replace the plan's."""
    forecast_unplanned: Schedule | None = None
    """What its owner expects of fiscal years for whose days to come nothing is planned."""
    periods: tuple[Period, ...] = ()
    """What came by the as-of day, oldest first."""
    left_out: tuple[LeftOut, ...] = ()
    yearly: int = 0
    """Planned millionths a year: `value`, or a profile's mean over the years it names; of what is
    only proposed too."""
    undated: bool = False
    """Whether there is a plan that no day begins."""
    from_due: bool = False
    """Whether the plan begins at `due`, because `value_from` is not recorded."""
    open_end: bool = False
    """Whether the plan has no last day, because `value_until` is not recorded."""
    ended: int | None = None
    """The day the item was stopped or retired."""
    end_unknown: bool = False
    """Whether the item was stopped or retired on a day that nobody knows: the plan goes on."""

    @property
    def first(self) -> int | None:
        """The first planned day."""
        return self.plan.first if self.plan is not None else None

    @property
    def promises(self) -> bool:
        """Whether it promises money, dated or not, past or to come."""
        return self.plan is not None or self.undated

    @property
    def measured_until(self) -> int | None:
        """The last day for which a value was measured."""
        return self.periods[-1].last if self.periods else None

    def planned(self, first: Date, last: Date) -> float:
        """Return the money planned for the days from one to another, both included."""
        return self.planned_parts(first.toordinal(), last.toordinal()) / PARTS

    def planned_parts(self, first: int, last: int) -> int:
        """Return the millionths planned for the days from one to another, both included."""
        return self.plan.between(first, last) if self.plan is not None else 0

    def realised(self, first: Date, last: Date) -> float:
        """Return the money that came on the days from one to another, both included."""
        return self.realised_parts(first.toordinal(), last.toordinal()) / PARTS

    def realised_parts(self, first: int, last: int) -> int:
        """Return the millionths that came on the days from one to another, both included."""
        if first > last:
            return 0
        return sum([p.through(last) - p.through(first - 1) for p in self.periods])

    def confirmed(self, first: Date, last: Date) -> float:
        """Return what of the money that came on these days the business has confirmed."""
        return self.confirmed_parts(first.toordinal(), last.toordinal()) / PARTS

    def confirmed_parts(self, first: int, last: int) -> int:
        """Return what of these millionths the business has confirmed."""
        if first > last:
            return 0
        return sum([p.through(last) - p.through(first - 1) for p in self.periods if p.confirmed])

    def came_to_date(self) -> int:
        """Return the millionths of all values up to the as-of day."""
        return sum([p.amount for p in self.periods])


NOTHING = OutcomeMoney()
"""That of an outcome that promises no money and has none."""


def outcome_money(
    outcome: Outcome,
    item: Investment,
    today: Date,
    start_month: int,
    confirmers: Collection[str],
    manager: str | None = None,
    ended: Date | None = None,
    held_posts: Callable[[str, Date], bool] = lambda person, day: False,
) -> OutcomeMoney:
    """Return the plan and the realised money of one outcome of an item as of a day.

    `start_month` begins the fiscal year.  `confirmers` are the ids of the people of the business;
    the item's outcome owner and its relationship manager (`manager` where it names none) are none, nor
    is whoever held either post on the day of the result (`held_posts`).
    `ended` is the day it was stopped or retired where the item does not say so itself.
    """
    plans = outcome.value is not None or bool(outcome.profile)
    valued = [r for r in outcome.results if r.value is not None and r.date <= today]
    if not plans and not valued and not outcome.forecast:
        return NOTHING
    begins = begins_of(outcome, start_month)
    is_over = item.stage in OVER
    end = _ordinal(item.ended or ended) if is_over else None
    periods: tuple[Period, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    if valued:
        barred = (item.outcome_owner, item.relationship_manager or manager)
        first = max((d for d in (begins, _ordinal(item.start)) if d is not None), default=None)
        periods, left_out = _periods(
            outcome.results,
            today,
            first,
            lambda r: (
                _confirms(r, confirmers, barred) and not held_posts(str(r.confirmed_by), r.date)
            ),
        )
    plan, yearly = _plan(outcome, begins, end, start_month)
    if item.stage == "proposed":
        return OutcomeMoney(periods=periods, left_out=left_out, yearly=yearly)
    forecast, unplanned = _forecasts(outcome, plan, begins, end, start_month, today.toordinal())
    return OutcomeMoney(
        plan=plan,
        forecast=forecast,
        forecast_unplanned=unplanned,
        periods=periods,
        left_out=left_out,
        yearly=yearly,
        undated=bool(yearly) and plan is None,
        from_due=plan is not None and not outcome.value_from and begins == _ordinal(outcome.due),
        open_end=plan is not None and not plan.years and outcome.value_until is None,
        ended=end,
        end_unknown=is_over and end is None,
    )


# -- the plan ------------------------------------------------------------------------------


def _ordinal(day: Date | None) -> int | None:
    return None if day is None else day.toordinal()


def begins_of(outcome: Outcome, start_month: int) -> int | None:
    """Return the first planned day of an outcome, or None where no day begins it."""
    day = outcome.value_from or outcome.due
    if not outcome.profile:
        return _ordinal(day)
    year = min(row.year for row in outcome.profile)
    begins, ends = first_day(year, start_month), last_day(year, start_month)
    if day is not None and (outcome.value_from is not None or begins <= day.toordinal() <= ends):
        return day.toordinal()
    return begins


def plan_of(outcome: Outcome, end: int | None, start_month: int) -> Schedule | None:
    """Return what an outcome plans from a day on, at most until its item ended; None for nothing."""
    return _plan(outcome, begins_of(outcome, start_month), end, start_month)[0]


def _plan(
    outcome: Outcome, begins: int | None, end: int | None, start_month: int
) -> tuple[Schedule | None, int]:
    """Return the plan from a day on, and its millionths a year."""
    last = _ordinal(outcome.value_until)
    if end is not None:
        last = end if last is None else min(last, end)
    if outcome.profile:
        years = _by_year(outcome.profile)
        if not any(amount for _, amount in years):
            return None, 0
        assert begins is not None
        yearly = sum(amount for _, amount in years) // len(years)
        return Schedule(begins, last, start_month, 0, years), yearly
    rate = parts_of(outcome.value or 0)
    if not rate or begins is None:
        return None, rate
    return Schedule(begins, last, start_month, rate), rate


def _forecasts(
    outcome: Outcome,
    plan: Schedule | None,
    begins: int | None,
    end: int | None,
    start_month: int,
    today: int,
) -> tuple[Schedule | None, Schedule | None]:
    """Return what the owner expects of years with planned days to come, and of other years."""
    if not outcome.forecast:
        return None, None
    planned: list[tuple[int, int]] = []
    unplanned: list[tuple[int, int]] = []
    for year, amount in _by_year(outcome.forecast):
        first, last = max(first_day(year, start_month), today + 1), last_day(year, start_month)
        is_planned = plan is not None and plan.between(first, last) != 0
        (planned if is_planned else unplanned).append((year, amount))
    return (
        _forecast(planned, begins, end, start_month),
        _forecast(unplanned, begins, end, start_month),
    )


def _forecast(
    years: Sequence[tuple[int, int]], begins: int | None, end: int | None, start_month: int
) -> Schedule | None:
    """Return a forecast by day; the first year's from the first planned day, where it has it."""
    if not years:
        return None
    first, last = first_day(years[0][0], start_month), last_day(years[0][0], start_month)
    if begins is not None and first <= begins <= last:
        first = begins
    return Schedule(first, end, start_month, 0, tuple(years))


def _by_year(rows: Iterable[YearValue]) -> tuple[tuple[int, int], ...]:
    found: dict[int, int] = {}
    for row in rows:
        found[row.year] = found.get(row.year, 0) + parts_of(row.value)
    return tuple(sorted(found.items()))


# -- what came -----------------------------------------------------------------------------


def _confirms(result: Result, confirmers: Collection[str], barred: Collection[str | None]) -> bool:
    by = result.confirmed_by
    return by is not None and by in confirmers and by not in barred


def _periods(
    results: Sequence[Result],
    today: Date,
    first: int | None,
    confirms: Callable[[Result], bool],
) -> tuple[tuple[Period, ...], tuple[LeftOut, ...]]:
    """Return the periods in which values came, and the values that are left out.

    `first` is the day from which the first value came where it does not say so.
    """
    valued = [
        (r.date.toordinal(), place, r)
        for place, r in enumerate(results)
        if r.value is not None and r.date <= today
    ]
    if len(valued) > 1:
        valued.sort(key=lambda v: v[:2])
    periods: list[Period] = []
    left_out: list[LeftOut] = []
    before: int | None = None  # the day of the last result with a value, counted or not
    for last, place, result in valued:
        if result.from_ is not None:
            begins = result.from_.toordinal()
        elif before is not None:
            begins = before + 1
        else:
            begins = last if first is None else min(first, last)
        if result.from_ is not None and begins > last:
            left_out.append(LeftOut(place, "from after date"))
        elif periods and min(begins, last) <= periods[-1].last:
            is_same_day = result.from_ is None and last == before
            left_out.append(LeftOut(place, "same day" if is_same_day else "overlaps"))
        else:
            begins = min(begins, last)
            amount = parts_of(result.value or 0)
            periods.append(Period(begins, last, amount, confirms(result), place))
        before = last
    return tuple(periods), tuple(left_out)

"""Figures of planned and realised money as of a day: of one outcome, and summed over many.

Everything is in whole millionths of the currency, so that units add up to the organisation.
`outcome_sum` says of one outcome what its plan came to, what was realised, and what is to come;
`docs/value.md` defines each figure.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import NamedTuple

from msgspec import Struct, structs

from itgov.model.fiscal import a_year_before, first_day, fiscal_year_of, last_day
from itgov.model.plan import PARTS, OutcomeMoney
from itgov.model.spend_days import spent_years
from itgov.model.stages import OVER
from itgov.model.types import Investment

YEARS_TO_COME = 3
"""Fiscal years after the current one that figures to come look ahead."""
STALE_DAYS = 365
"""Days after the last measured day from which `holding` is no longer known."""


class ValueSum(Struct, gc=False):
    """Planned and realised money of some outcomes, in millionths, and how many of them there are."""

    planned_to_date: int = 0
    realised_to_date: int = 0
    realised_confirmed: int = 0
    unmeasured_to_date: int = 0
    """Planned for the days after the last measured one."""
    early: int = 0
    """Realised before the first planned day."""
    unplanned: int = 0
    """Realised of outcomes that promise no money from any day on."""
    judged_planned: int = 0
    """Planned to date of the outcomes that are old enough to judge."""
    judged_realised: int = 0
    """Realised of these, each at most its own plan, without what came early."""
    held_planned: int = 0
    """Planned for the last twelve measured months, of outcomes measured within a year."""
    held_realised: int = 0
    """Realised in these months, of each at most its own plan."""
    planned_undated: int = 0
    """Promised a year, from no day on."""
    planned_to_come: int = 0
    expected_to_come: int = 0
    expected_assumed: int = 0
    """What of it rests on no forecast."""
    expected_unplanned: int = 0
    """Forecast of years for whose days to come nothing is planned: in no other figure."""
    fading_to_come: int = 0
    spend_to_date: int = 0
    spend_from_budget: int = 0
    """What of it is budget, because the year has no actual."""
    budget_after_end: int = 0
    """What of that budget is of days after the item was stopped or retired."""
    spend_promising_none: int = 0
    spend_stopped_without_value: int = 0
    """Spent on what was stopped, of each item beyond the value that came of it."""
    spend_stopped: int = 0
    realised_stopped: int = 0
    """Realised to date of what was stopped."""
    twice_planned: int = 0
    """Planned to date that is left out, because it counts elsewhere."""
    twice_realised: int = 0
    twice_to_come: int = 0
    plans: int = 0
    """Number of outcomes with a dated plan."""
    plans_from_due: int = 0
    """Number of those that begin at `due`, because `value_from` is not recorded."""
    plans_open: int = 0
    """Number of those without a last day."""
    unforecast: int = 0
    """Number of outcomes with planned money to come that no forecast covers."""
    undated: int = 0
    """Number of plans without any day."""
    plans_stale: int = 0
    """Number of plans whose last measured day is over a year ago."""
    end_unknown: int = 0
    """Number of plans of what was stopped or retired on a day that nobody knows."""
    left_out: int = 0
    """Number of values that are in no sum."""


_FIELDS = ValueSum.__struct_fields__
_SHARED = _FIELDS[: _FIELDS.index("spend_to_date")]
"""The money that is divided where a benefit is claimed twice."""


def total_of(sums: Sequence[ValueSum]) -> ValueSum:
    """Return several sums together."""
    if not sums:
        return ValueSum()
    return ValueSum(*map(sum, zip(*map(structs.astuple, sums), strict=True)))


def last_day_to_come(today: datetime.date, start_month: int) -> int:
    """Return the last day that figures to come look at, the end of the third fiscal year after the
    current one, as an ordinal."""
    return last_day(fiscal_year_of(today, start_month) + YEARS_TO_COME, start_month)


class Day(Struct, frozen=True, gc=False):
    """An as-of day, and the days that figures of it need.  All are ordinals."""

    today: int
    start_month: int
    fiscal_year: int
    horizon: int
    """The last day to come that figures look at: the end of the third fiscal year after this."""
    old_enough: int
    """Plans that begin before this day are judged: the grace is over."""

    @classmethod
    def of(cls, today: datetime.date, start_month: int, grace_days: int) -> Day:
        """Return the days of an as-of day."""
        year = fiscal_year_of(today, start_month)
        day = today.toordinal()
        horizon = last_day_to_come(today, start_month)
        return cls(day, start_month, year, horizon, day - grace_days)


TENTHS_THAT_HOLD = 8
"""How many tenths of what was planned have to be realised for a benefit to hold."""


class Holding(Struct, frozen=True, gc=False):
    """What was planned and realised in the last twelve measured months, in millionths."""

    planned: int
    realised: int
    is_stale: bool
    """Whether the last measured day is over a year ago."""

    @property
    def share(self) -> float | None:
        """Realised over planned, never below 0; None where nothing was planned, and there is a loss."""
        return max(0, self.realised) / self.planned if self.planned > 0 else None

    @property
    def fades(self) -> bool:
        """Whether less of the plan was realised than still counts as holding."""
        return self.realised * 10 < self.planned * TENTHS_THAT_HOLD


def holding_of(money: OutcomeMoney, today: int) -> Holding | None:
    """Return how much of the plan holds; None where nothing planned was measured, and no loss."""
    plan, last = money.plan, money.measured_until
    if plan is None or last is None:
        return None
    first = max(a_year_before(last), plan.first)
    until = last if plan.last is None else min(last, plan.last)
    planned = plan.between(first, until)
    realised = money.realised_parts(first, until)
    if planned <= 0 and realised >= 0:
        return None
    return Holding(planned, realised, today - last > STALE_DAYS)


def outcome_sum(money: OutcomeMoney, faded: bool, day: Day) -> ValueSum:
    """Return the figures of one outcome; `faded` says that it fell back from its target."""
    found = ValueSum(left_out=len(money.left_out))
    for period in money.periods:
        found.realised_to_date += period.amount
        if period.confirmed:
            found.realised_confirmed += period.amount
    if money.undated:
        found.planned_undated, found.undated = money.yearly, 1
        if money.ended is not None and money.ended <= day.today:
            found.planned_undated = found.undated = 0
    plan = money.plan
    if plan is None:
        found.unplanned = found.realised_to_date
        _expect(found, money, None, day)
        return found
    found.plans = 1
    found.plans_from_due, found.plans_open = int(money.from_due), int(money.open_end)
    found.end_unknown = int(money.end_unknown)
    today, last = day.today, money.measured_until
    found.planned_to_date = plan.through(today)
    measured = plan.through(last) if last is not None else 0
    found.unmeasured_to_date = found.planned_to_date - measured
    if money.periods and money.periods[0].first < plan.first:
        found.early = sum([p.through(plan.first - 1) for p in money.periods])
    came = found.realised_to_date - found.early
    # a loss counts even where nothing was planned by now
    if plan.first < day.old_enough and (found.planned_to_date > 0 or came < 0):
        found.judged_planned = found.planned_to_date
        found.judged_realised = min(came, found.planned_to_date)
    holding = holding_of(money, today)
    if last is not None and today - last > STALE_DAYS:
        found.plans_stale = 1
    if holding is not None and not holding.is_stale:
        found.held_planned = holding.planned
        found.held_realised = min(holding.realised, holding.planned)
    found.planned_to_come = plan.between(today + 1, day.horizon)
    _expect(found, money, holding, day)
    if faded or (holding is not None and holding.fades):
        found.fading_to_come = found.planned_to_come
    return found


def _expect(found: ValueSum, money: OutcomeMoney, holding: Holding | None, day: Day) -> None:
    first, last, month = day.today + 1, day.horizon, day.start_month
    expected, assumed = expected_between(money, holding, first, last, month)
    found.expected_to_come, found.expected_assumed = expected, assumed
    if money.forecast_unplanned is not None:
        found.expected_unplanned = money.forecast_unplanned.between(first, last)
    found.unforecast = int(uncovered(money, first, last, month) != 0)


def expected_between(
    money: OutcomeMoney, holding: Holding | None, first: int, last: int, start_month: int
) -> tuple[int, int]:
    """Return the millionths expected for days to come, and what of them rests on no forecast.

    A forecast replaces the plan in the fiscal years that it names.  Elsewhere the plan is expected at
    most in full, and only as far as it held when last measured, however long ago.
    """
    assumed = uncovered(money, first, last, start_month)
    if holding is not None and holding.realised < holding.planned:
        kept = max(0, holding.realised)  # of a loss where nothing was planned: nothing
        assumed = assumed * kept // holding.planned if kept else 0
    forecast = money.forecast.between(first, last) if money.forecast is not None else 0
    return forecast + assumed, assumed


def uncovered(money: OutcomeMoney, first: int, last: int, start_month: int) -> int:
    """Return the millionths planned for days of fiscal years that no forecast names."""
    planned = money.planned_parts(first, last)
    if money.forecast is not None and planned:
        for year, _ in money.forecast.years:
            begins = max(first_day(year, start_month), first)
            planned -= money.planned_parts(begins, min(last_day(year, start_month), last))
    return planned


def scaled(of: ValueSum, share: float) -> ValueSum:
    """Return the share of an outcome's money that counts here; the rest is noted as taken out.

    Numbers of outcomes and of values stay as they are.
    """
    found = ValueSum(**{n: getattr(of, n) for n in _FIELDS})
    for name in _SHARED:
        setattr(found, name, round(getattr(of, name) * share))
    found.twice_planned = of.planned_to_date - found.planned_to_date
    found.twice_realised = of.realised_to_date - found.realised_to_date
    found.twice_to_come = of.planned_to_come - found.planned_to_come
    return found


class SpentToDate(NamedTuple):
    """Millionths spent up to a day."""

    spent: int
    assumed: int
    """What of them is budget for want of an actual."""
    after_end: int
    """What of these is of days after the item was stopped or retired."""


def spend_to_date(item: Investment, day: Day, ended: datetime.date | None = None) -> SpentToDate:
    """Return the millionths spent up to a day, and what of them is assumed.

    A year counts with its actual, else its budget, the current year's by days; of a proposal the
    actual alone.  `ended` is the day it was stopped or retired where the item does not say so itself.
    """
    ended = item.ended or ended if item.stage in OVER else None
    spent = assumed = after_end = 0
    for year, amount, is_actual in spent_years(item, day.fiscal_year):
        if is_actual:
            spent += amount
            continue
        first, last = first_day(year, day.start_month), last_day(year, day.start_month)
        days, until = last - first + 1, min(last, day.today)
        here = amount * (until - first + 1) // days
        assumed += here
        if ended is not None and ended.toordinal() < until:
            after_end += here - amount * max(0, ended.toordinal() - first + 1) // days
    return SpentToDate(spent + assumed, assumed, after_end)


def money_of(parts: int) -> float:
    """Return millionths as money."""
    return parts / PARTS

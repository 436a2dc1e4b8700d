"""Planned and realised money by quarter or year: of an outcome, an item, a unit or all of them.

`value_curve` is a pure function of a linked portfolio.  Periods are fiscal; they go from the earliest
money, five fiscal years before the current one at most, to the end of what figures look ahead to.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from msgspec import Struct

from itgov.model.claims import name_of
from itgov.model.fiscal import first_day, fiscal_year_of
from itgov.model.plan import PARTS
from itgov.model.portfolio import OutcomeEntry, Portfolio
from itgov.model.value_sums import Holding, expected_between, holding_of, last_day_to_come

Step = Literal["quarter", "year"]
CurveKind = Literal["organisation", "business_unit", "investment", "outcome"]
YEARS_BACK = 5
"""Fiscal years before the current one that are told one by one."""


class CurvePoint(Struct, gc=False):
    """Planned and realised money of one period, both of its days included."""

    label: str
    first: datetime.date
    last: datetime.date
    planned: float = 0
    realised: float = 0
    """What came up to the as-of day."""
    confirmed: float = 0
    unmeasured: float = 0
    """Planned for days up to the as-of day that nobody has measured yet."""
    expected: float = 0
    """What is expected after the as-of day."""
    assumed: float = 0
    """What of it rests on no forecast."""
    fading: float = 0
    """What of the plan after the as-of day is fading."""


class Curve(Struct, frozen=True):
    """The money of one outcome, item or unit, or of all, over time."""

    kind: CurveKind
    id: str
    name: str
    points: tuple[CurvePoint, ...]
    """Oldest first; one labelled "before" holds what was planned or came earlier."""


class Curves(Struct, frozen=True):
    """Some curves of one portfolio."""

    as_of: datetime.date
    organisation: str
    currency: str | None
    step: Step
    curves: tuple[Curve, ...]


class NoCurve(KeyError):
    """Nothing has this id."""


class _Part(NamedTuple):
    """An outcome's money that counts in a curve."""

    outcome: OutcomeEntry
    share: float
    holding: Holding | None


def value_curves(portfolio: Portfolio, step: Step, names: Iterable[str] = ()) -> Curves:
    """Return the curves of some units, items and outcomes, or else of the whole.

    Raises `NoCurve` for a name that is nobody's.
    """
    organisation = portfolio.organisation.record
    name = organisation.name or organisation.id
    found = [_named(portfolio, step, n) for n in names]
    if not found:
        outcomes = list(portfolio.outcomes())
        found = [_curve(portfolio, step, "organisation", organisation.id, name, outcomes, True)]
    return Curves(portfolio.today, name, organisation.currency, step, tuple(found))


def _named(portfolio: Portfolio, step: Step, name: str) -> Curve:
    unit = portfolio.units.get(name)
    if unit is not None:
        outcomes = [o for entry in unit.investments for o in entry.outcomes]
        return _curve(portfolio, step, "business_unit", name, unit.name, outcomes, True)
    for entry in portfolio.investments():
        if entry.record.id == name:
            title = entry.record.title
            return _curve(portfolio, step, "investment", name, title, entry.outcomes, False)
        for outcome in entry.outcomes:
            if name_of(outcome) == name:
                said = outcome.record.statement or outcome.record.measure or name
                return _curve(portfolio, step, "outcome", name, said, [outcome], False)
    raise NoCurve(name)


def names_of(portfolio: Portfolio) -> Iterator[str]:
    """Yield the ids of all that has a curve of its own."""
    yield from portfolio.units
    for entry in portfolio.investments():
        yield entry.record.id
        yield from (name_of(outcome) for outcome in entry.outcomes)


def _curve(
    portfolio: Portfolio,
    step: Step,
    kind: CurveKind,
    identifier: str,
    name: str,
    outcomes: Iterable[OutcomeEntry],
    once: bool,
) -> Curve:
    """Return the curve of some outcomes; with `once`, each benefit counts once."""
    today = portfolio.today.toordinal()
    parts = [
        _Part(o, o.counted if once else 1.0, holding_of(o.money, today))
        for o in outcomes
        if o.money.plan is not None or o.money.periods or o.money.forecast is not None
    ]
    points = [
        _point(label, first, last, parts, portfolio) for label, first, last in _periods(portfolio, step, parts)
    ]  # fmt: skip
    return Curve(kind, identifier, name, tuple(points))


def _periods(
    portfolio: Portfolio, step: Step, parts: Iterable[_Part]
) -> Iterator[tuple[str, int, int]]:
    """Yield label, first and last day of each period."""
    month = portfolio.organisation.record.fiscal_year_start
    current = fiscal_year_of(portfolio.today, month)
    begins = [d for p in parts for d in _first_days(p)]
    until = last_day_to_come(portfolio.today, month)
    if not begins or min(begins) > until:
        return
    earliest = fiscal_year_of(datetime.date.fromordinal(min(begins)), month)
    year = max(min(earliest, current), current - YEARS_BACK)
    if earliest < year:
        yield f"before {year}", min(begins), first_day(year, month) - 1
    while first_day(year, month) <= until:
        starts = [first_day(year, month)]
        if step == "quarter":
            starts = [_month_after(year, month, 3 * q) for q in range(4)]
        ends = [*(s - 1 for s in starts[1:]), first_day(year + 1, month) - 1]
        for number, (first, last) in enumerate(zip(starts, ends, strict=True), 1):
            yield f"{year} Q{number}" if step == "quarter" else f"{year}", first, last
        year += 1


def _month_after(year: int, month: int, months: int) -> int:
    at = month - 1 + months
    return first_day(year + at // 12, at % 12 + 1)


def _first_days(part: _Part) -> Iterator[int]:
    money = part.outcome.money
    if money.plan is not None:
        yield money.plan.first
    if money.periods:
        yield money.periods[0].first
    if money.forecast is not None:
        yield money.forecast.first


def _point(
    label: str, first: int, last: int, parts: Iterable[_Part], portfolio: Portfolio
) -> CurvePoint:
    today = portfolio.today.toordinal()
    month = portfolio.organisation.record.fiscal_year_start
    planned = realised = confirmed = unmeasured = expected = assumed = fading = 0
    ahead, past = max(first, today + 1), min(last, today)
    for outcome, share, holding in parts:
        money = outcome.money
        whole = [money.planned_parts(first, last), 0, 0, 0, 0, 0, 0]
        if first <= today:
            whole[1] = money.realised_parts(first, past)
            whole[2] = money.confirmed_parts(first, past)
            since = first if money.measured_until is None else money.measured_until + 1
            whole[3] = money.planned_parts(max(first, since), past)
        if ahead <= last:
            whole[4], whole[5] = expected_between(money, holding, ahead, last, month)
            if outcome.facts.faded or (holding is not None and holding.fades):
                whole[6] = money.planned_parts(ahead, last)
        if share != 1:
            whole = [round(amount * share) for amount in whole]
        planned += whole[0]
        realised += whole[1]
        confirmed += whole[2]
        unmeasured += whole[3]
        expected += whole[4]
        assumed += whole[5]
        fading += whole[6]
    amounts = (planned, realised, confirmed, unmeasured, expected, assumed, fading)
    day = datetime.date.fromordinal
    return CurvePoint(label, day(first), day(last), *(a / PARTS for a in amounts))

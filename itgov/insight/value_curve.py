"""Planned and realised money by quarter or year: of an outcome, an item, a unit or all of them.

`value_curve` is a pure function of a linked portfolio.  Periods are fiscal; they go from the earliest
money, five fiscal years before the current one at most, to the end of what figures look ahead to.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

from msgspec import Struct, structs

from itgov.model.claims import name_of
from itgov.model.fiscal import first_day, first_of_period, fiscal_year_of, period_name
from itgov.model.plan import PARTS, OutcomeMoney, Schedule
from itgov.model.plan_then import gone_of
from itgov.model.portfolio import InvestmentEntry, OutcomeEntry, Portfolio
from itgov.model.value_sums import Holding, expected_between, holding_of, last_day_to_come

Step = Literal["quarter", "year"]
CurveKind = Literal["organisation", "business_unit", "investment", "outcome"]
_KINDS: tuple[CurveKind, ...] = ("business_unit", "investment", "outcome")
"""In the order in which an id is looked for."""
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
    expected_unplanned: float = 0
    """What is forecast for years after the as-of day in which nothing is planned; not in `expected`."""
    fading: float = 0
    """What of the plan after the as-of day is fading."""
    planned_at_approval: float | None = None
    """What was planned for its days at approval; None where git knows no other plan than today's."""


class Curve(Struct, frozen=True):
    """The money of one outcome, item or unit, or of all, over time."""

    kind: CurveKind
    id: str
    name: str
    points: tuple[CurvePoint, ...]
    """Oldest first; one labelled "before" holds what was planned or came earlier."""
    changed: int = 0
    """Number of outcomes whose plan at approval, as git knew it, was another."""
    approval_unknown: int = 0
    """Number of items that plan money and whose approval git does not know: they are in no
    `planned_at_approval`."""


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


_Then = tuple[Schedule, float]
"""The plan of an outcome at approval, and how much of it counts."""


def value_curves(portfolio: Portfolio, step: Step, names: Iterable[str] = ()) -> Curves:
    """Return the curves of some units, items and outcomes, or else of the whole.

    Raises `NoCurve` for a name that is nobody's.
    """
    organisation = portfolio.organisation.record
    name = organisation.name or organisation.id
    found = [_named(portfolio, step, n) for n in names]
    if not found:
        items = list(portfolio.investments())
        found = [_of_items(portfolio, step, "organisation", organisation.id, name, items)]
    return Curves(portfolio.today, name, organisation.currency, step, tuple(found))


def _named(portfolio: Portfolio, step: Step, name: str) -> Curve:
    for kind in _KINDS:
        try:
            return curve_of(portfolio, step, kind, name)
        except NoCurve:
            continue
    raise NoCurve(name)


def curve_of(portfolio: Portfolio, step: Step, kind: CurveKind, name: str) -> Curve:
    """Return the curve of one unit, item or outcome, or of the whole.  Raises `NoCurve`."""
    if kind == "organisation":
        return value_curves(portfolio, step).curves[0]
    unit = portfolio.units.get(name) if kind == "business_unit" else None
    if unit is not None:
        return _of_items(portfolio, step, kind, name, unit.name, unit.investments)
    for entry in portfolio.investments():
        if kind == "investment" and entry.record.id == name:
            return _of_items(portfolio, step, kind, name, entry.record.title, [entry])
        for outcome in entry.outcomes if kind == "outcome" else ():
            if name_of(outcome) == name:
                return _of_outcome(portfolio, step, entry, outcome)
    raise NoCurve(name)


def _of_outcome(
    portfolio: Portfolio, step: Step, entry: InvestmentEntry, outcome: OutcomeEntry
) -> Curve:
    record, known = outcome.record, entry.plan_then
    name = name_of(outcome)
    then = [(plan, 1.0) for i, plan, _ in known.plans if i == record.id] if known else []
    changed = int(known is not None and record.id in known.changed)
    unknown = int(known is None and outcome.money.plan is not None)
    said = record.statement or record.measure or name
    head = Curve("outcome", name, said, (), changed, unknown)
    return _curve(portfolio, step, head, [outcome], then)


def names_of(portfolio: Portfolio) -> Iterator[str]:
    """Yield the ids of all that has a curve of its own."""
    yield from portfolio.units
    for entry in portfolio.investments():
        yield entry.record.id
        yield from (name_of(outcome) for outcome in entry.outcomes)


def _of_items(
    portfolio: Portfolio,
    step: Step,
    kind: CurveKind,
    identifier: str,
    name: str,
    items: Iterable[InvestmentEntry],
) -> Curve:
    """Return the curve of some items; of more than one, each benefit counts once."""
    items, once = list(items), kind != "investment"
    known = [e.plan_then for e in items if e.plan_then is not None]
    if kind == "organisation":
        known += portfolio.plans_gone.values()
    elif kind == "business_unit":
        known += [then for _, then in gone_of(portfolio, identifier)]
    then = [(plan, share if once else 1.0) for p in known for _, plan, share in p.plans]
    unknown = sum(
        e.plan_then is None and any(o.money.plan is not None for o in e.outcomes) for e in items
    )
    head = Curve(kind, identifier, name, (), sum(len(p.changed) for p in known), unknown)
    return _curve(portfolio, step, head, [o for e in items for o in e.outcomes], then)


def _curve(
    portfolio: Portfolio,
    step: Step,
    head: Curve,
    outcomes: Iterable[OutcomeEntry],
    then: Sequence[_Then],
) -> Curve:
    """Return a curve with its points; of units and of all, each benefit counts once."""
    once = head.kind in ("organisation", "business_unit")
    today = portfolio.today.toordinal()
    then = then if head.changed else ()
    parts = [
        _Part(o, o.counted if once else 1.0, holding_of(o.money, today))
        for o in outcomes
        if o.money.plan is not None or o.money.periods or _forecasts(o.money)
    ]
    begins = [d for p in parts for d in _first_days(p)] + [plan.first for plan, _ in then]
    points = []
    for label, first, last in _periods(portfolio, step, begins):
        point = _point(label, first, last, parts, portfolio)
        if head.changed:
            amounts = (round(plan.between(first, last) * share) for plan, share in then)
            point.planned_at_approval = sum(amounts) / PARTS
        points.append(point)
    return structs.replace(head, points=tuple(points))


def outcome_point(
    outcome: OutcomeEntry, share: float, at: CurvePoint, portfolio: Portfolio
) -> CurvePoint:
    """Return what one outcome adds to a point; `share` is how much of it counts."""
    today = portfolio.today.toordinal()
    part = _Part(outcome, share, holding_of(outcome.money, today))
    return _point(at.label, at.first.toordinal(), at.last.toordinal(), [part], portfolio)


def _periods(
    portfolio: Portfolio, step: Step, begins: Sequence[int]
) -> Iterator[tuple[str, int, int]]:
    """Yield label, first and last day of each period."""
    month = portfolio.organisation.record.fiscal_year_start
    current = fiscal_year_of(portfolio.today, month)
    until = last_day_to_come(portfolio.today, month)
    if not begins or min(begins) > until:
        return
    earliest = fiscal_year_of(datetime.date.fromordinal(min(begins)), month)
    year = max(min(earliest, current), current - YEARS_BACK)
    if earliest < year:
        yield f"before {year}", min(begins), first_day(year, month) - 1
    months = 3 if step == "quarter" else 12
    period = year * 12 // months
    while (first := first_of_period(period, months, month)) <= until:
        yield period_name(period, months), first, first_of_period(period + 1, months, month) - 1
        period += 1


def _first_days(part: _Part) -> Iterator[int]:
    money = part.outcome.money
    if money.plan is not None:
        yield money.plan.first
    if money.periods:
        yield money.periods[0].first
    for forecast in _forecasts(money):
        yield forecast.first


def _forecasts(money: OutcomeMoney) -> list[Schedule]:
    return [f for f in (money.forecast, money.forecast_unplanned) if f is not None]


def _point(
    label: str, first: int, last: int, parts: Iterable[_Part], portfolio: Portfolio
) -> CurvePoint:
    today = portfolio.today.toordinal()
    month = portfolio.organisation.record.fiscal_year_start
    planned = realised = confirmed = unmeasured = expected = assumed = unplanned = fading = 0
    ahead, past = max(first, today + 1), min(last, today)
    for outcome, share, holding in parts:
        money = outcome.money
        whole = [money.planned_parts(first, last), 0, 0, 0, 0, 0, 0, 0]
        if first <= today:
            whole[1] = money.realised_parts(first, past)
            whole[2] = money.confirmed_parts(first, past)
            since = first if money.measured_until is None else money.measured_until + 1
            whole[3] = money.planned_parts(max(first, since), past)
        if ahead <= last:
            whole[4], whole[5] = expected_between(money, holding, ahead, last, month)
            if money.forecast_unplanned is not None:
                whole[6] = money.forecast_unplanned.between(ahead, last)
            if outcome.facts.faded or (holding is not None and holding.fades):
                whole[7] = money.planned_parts(ahead, last)
        if share != 1:
            whole = [round(amount * share) for amount in whole]
        planned += whole[0]
        realised += whole[1]
        confirmed += whole[2]
        unmeasured += whole[3]
        expected += whole[4]
        assumed += whole[5]
        unplanned += whole[6]
        fading += whole[7]
    amounts = (planned, realised, confirmed, unmeasured, expected, assumed, unplanned, fading)
    day = datetime.date.fromordinal
    return CurvePoint(label, day(first), day(last), *(a / PARTS for a in amounts))

"""How much money and planned value moved between two states, by fiscal year."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Collection, Iterator

from itgov.insight.diff_changes import YearMoved
from itgov.model.fiscal import first_day, fiscal_year_of, last_day
from itgov.model.plan import PARTS, parts_of
from itgov.model.portfolio import OutcomeEntry, Portfolio
from itgov.model.value_sums import YEARS_TO_COME


def money_moved(
    before: Portfolio, after: Portfolio, units: Collection[str | None] | None
) -> tuple[YearMoved, ...]:
    """Return by how much budget and planned value differ in each fiscal year; `units`: only theirs.

    The plan counts up to the end of the third fiscal year after the current one, and a benefit that is
    claimed twice once.
    """
    budget = _budgets(after, units)
    budget.subtract(_budgets(before, units))
    planned = _plans(before, after, units)
    years = sorted({y for found in (budget, planned) for y, amount in found.items() if amount})
    return tuple(YearMoved(y, budget[y] / PARTS, planned[y] / PARTS) for y in years)


def _budgets(portfolio: Portfolio, units: Collection[str | None] | None) -> Counter[int]:
    found: Counter[int] = Counter()
    for name, unit in portfolio.units.items():
        if units is None or name in units:
            for entry in unit.investments:
                for row in entry.record.spend:
                    found[row.year] += parts_of(row.budget or 0)
    return found


def _money(portfolio: Portfolio, units: Collection[str | None] | None) -> dict[str, OutcomeEntry]:
    return {
        f"{entry.record.id}/{outcome.record.id}": outcome
        for name, unit in portfolio.units.items()
        if units is None or name in units
        for entry in unit.investments
        for outcome in entry.outcomes
        if outcome.money.plan is not None
    }


def _plans(
    before: Portfolio, after: Portfolio, units: Collection[str | None] | None
) -> Counter[int]:
    found: Counter[int] = Counter()
    for year, _outcome, amount in plans_moved(before, after, units):
        found[year] += amount
    return found


def plans_moved(
    before: Portfolio, after: Portfolio, units: Collection[str | None] | None
) -> Iterator[tuple[int, OutcomeEntry, int]]:
    """Yield what each outcome plans for a fiscal year, in millionths; negative of the state before.

    Outcomes that plan the same on both sides are left out.
    """
    was, now = _money(before, units), _money(after, units)
    month = after.organisation.record.fiscal_year_start
    end = fiscal_year_of(after.today, month) + YEARS_TO_COME
    for sign, mine, other in ((1, now, was), (-1, was, now)):
        for name, outcome in mine.items():
            known, money = other.get(name), outcome.money
            if known is not None and (known.money.plan, known.counted) == (
                money.plan,
                outcome.counted,
            ):
                continue
            assert money.plan is not None
            first = fiscal_year_of(datetime.date.fromordinal(money.plan.first), month)
            for year in range(max(first, end - 100), end + 1):
                days = first_day(year, month), last_day(year, month)
                yield year, outcome, sign * round(money.planned_parts(*days) * outcome.counted)

"""What one unit of what a service serves costs, by closed fiscal year.

A year's whole spend (its actual, else its budget) is divided by each count of that year: where a
service counts claims and letters, each has the whole of it.  A year that has not ended has no unit
cost; `volumes_without_cost` names the others that have none: without money, or with nothing served.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from itgov.model.types import Investment

_MOST_NAMED = 5


class UnitCost(Struct, frozen=True, gc=False):
    """What one unit cost in one closed fiscal year."""

    year: int
    unit: str
    count: float
    spend: float
    cost: float
    """Spend divided by count."""
    from_budget: bool
    """Whether the spend is budget, because the year has no actual."""
    change: float | None
    """Share by which it differs from the year before; None where that has none."""


def unit_costs(record: Investment, fiscal_year: int) -> list[UnitCost]:
    """Return the unit costs of a service, unit by unit, oldest first; none of an investment."""
    if record.type != "service" or not record.volumes:
        return []
    return list(_costs(record, _counts(record, fiscal_year)))


def volumes_without_cost(record: Investment, fiscal_year: int) -> list[str]:
    """Return what was counted in closed fiscal years and has no unit cost, and why.

    Where the spend is withheld, that is said of the item, and not here.
    """
    found = []
    for (unit, year), count in _counts(record, fiscal_year).items():
        if record.type != "service":
            why = "not a service"
        elif count <= 0:
            why = "nothing served"
        elif "spend" not in record.withheld and not any(_amounts(record, year)):
            why = "no spend"
        else:
            continue
        found.append(f"{unit} {year} ({why})")
    more = len(found) - _MOST_NAMED
    return [*found[:_MOST_NAMED], f"{more:,} more"] if more > 0 else found


def _counts(record: Investment, fiscal_year: int) -> dict[tuple[str, int], float]:
    """Return how many were served, by unit and closed fiscal year."""
    counts: dict[tuple[str, int], float] = {}
    for row in record.volumes:
        if row.year < fiscal_year:
            unit = " ".join(row.unit.split())
            counts[unit, row.year] = counts.get((unit, row.year), 0) + row.count
    return counts


def _amounts(record: Investment, year: int) -> tuple[list[float], list[float]]:
    """Return the actual amounts of a year, and its budgets."""
    rows = [row for row in record.spend if row.year == year]
    actual = [row.actual for row in rows if row.actual is not None]
    return actual, [row.budget for row in rows if row.budget is not None]


def _costs(record: Investment, counts: dict[tuple[str, int], float]) -> Iterator[UnitCost]:
    units = dict.fromkeys(unit for unit, _ in counts)
    order = {unit: place for place, unit in enumerate(units)}
    before: UnitCost | None = None
    for (unit, year), count in sorted(counts.items(), key=lambda c: (order[c[0][0]], c[0][1])):
        actual, budget = _amounts(record, year)
        if count <= 0 or not (actual or budget):
            continue
        spend = sum(actual or budget)
        cost, change = spend / count, None
        if (
            before is not None
            and (before.unit, before.year) == (unit, year - 1)
            and before.cost > 0
        ):
            change = cost / before.cost - 1
        before = UnitCost(year, unit, count, spend, cost, not actual, change)
        yield before


def latest_change(costs: list[UnitCost], fiscal_year: int) -> float | None:
    """Return by which share the unit cost of the last closed year rose, of several the most."""
    last = [c.change for c in costs if c.year == fiscal_year - 1 and c.change is not None]
    return max(last, default=None)

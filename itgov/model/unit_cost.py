"""What one unit of what a service serves costs, by closed fiscal year.

A year's whole spend (its actual, else its budget) is divided by each count of that year: where a
service counts claims and letters, each has the whole of it.  A year that has not ended, or without
money or with nothing served, has no unit cost.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from itgov.model.types import Investment


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
    counts: dict[tuple[str, int], float] = {}
    for row in record.volumes:
        if row.year < fiscal_year:
            unit = " ".join(row.unit.split())
            counts[unit, row.year] = counts.get((unit, row.year), 0) + row.count
    return list(_costs(record, counts))


def _costs(record: Investment, counts: dict[tuple[str, int], float]) -> Iterator[UnitCost]:
    units = dict.fromkeys(unit for unit, _ in counts)
    order = {unit: place for place, unit in enumerate(units)}
    before: UnitCost | None = None
    for (unit, year), count in sorted(counts.items(), key=lambda c: (order[c[0][0]], c[0][1])):
        rows = [row for row in record.spend if row.year == year]
        actual = [row.actual for row in rows if row.actual is not None]
        budget = [row.budget for row in rows if row.budget is not None]
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

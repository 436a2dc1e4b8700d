"""`itgov trend --manager` laid out: what is credited to one person at each point."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from itgov.insight.trend_managers import Followed, LevelPoint, ManagerPoint
from itgov.insight.trend_points import Point, Trend
from itgov.model.plan import PARTS
from itgov.report.blocks import Block, Column, Heading, Id, Legend, Table, Words
from itgov.report.figures import UNKNOWN, money

_TITLES = (
    "items", "planned", "realised", "spent", "assumed", "satisfaction", "promises kept",
    "opportunities realised",
)  # fmt: skip
_NOTES = (
    "Planned, realised and spent: of the days as relationship manager up to then. Assumed: realised "
    "on days that nothing tells of.",
    "Satisfaction: the mean of all scores of these days. Level: business / IT, of each unit.",
)


def manager_blocks(trend: Trend, person: Followed) -> Iterator[Block]:
    """Lay out one person through all points."""
    yield Heading(f"{person.name}: in the time as relationship manager", everywhere=True)
    columns = [Column(trend.by), *(Column(t, "number") for t in _TITLES), Column("level")]
    rows = [_row(point, person.among(point.figures.managers)) for point in trend.points]
    yield Table(columns, rows, ((9,), (8,), (5,), (4,)), newest=True)
    yield Legend(_NOTES)


def _row(point: Point, m: ManagerPoint | None) -> Sequence[Words]:
    if m is None:
        return [Id(point.label), *[UNKNOWN] * (len(_TITLES) + 1)]
    planned, realised, spend = (
        money(n / PARTS) for n in (m.amounts.planned, m.amounts.realised, m.amounts.spend)
    )
    return [
        Id(point.label),
        f"{m.items:,}",
        planned,
        realised,
        spend,
        money(m.assumed.realised / PARTS),
        UNKNOWN if m.satisfaction is None else f"{m.satisfaction:.1f}",
        f"{m.promises_kept:,} of {m.promises_due:,}",
        f"{m.opportunities_realised:,} of {m.opportunities_raised:,}",
        ", ".join(map(_level, m.levels)) or UNKNOWN,
    ]


def _level(level: LevelPoint) -> str:
    sides = " / ".join(UNKNOWN if n is None else f"{n}" for n in (level.business, level.it))
    return f"{level.unit} {sides}"

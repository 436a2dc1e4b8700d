"""`itgov trend --format json`: for other programs; its shape is a promise (`docs/history.md`)."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from itgov.insight.trend_managers import LevelPoint, ManagerPoint
from itgov.insight.trend_points import (
    CommitFigures,
    Period,
    Point,
    SeverityCounts,
    State,
    Trend,
    UnitPoint,
    Unread,
    ValuePoint,
)
from itgov.insight.value_types import Buckets
from itgov.report.json_text import json_text
from itgov.report.tenure_json import Money, money_of

SCHEMA = 2


class _Unit(Struct):
    id: str
    name: str


class _Manager(Struct):
    person: str
    name: str
    units: Sequence[str]
    items: int
    planned_to_date: float
    realised_to_date: float
    spend_to_date: float
    assumed: Money
    satisfaction: float | None
    promises_due: int
    promises_kept: int
    opportunities_raised: int
    opportunities_realised: int
    levels: Sequence[LevelPoint]


class _Point(Struct):
    label: str
    commit: str
    date: str
    as_of: str
    title: str
    carried: bool
    state: State
    unread: Sequence[Unread]
    currency: str | None
    investments: int
    findings: SeverityCounts
    budget: Buckets
    actual: Buckets
    value: ValuePoint | None
    units: Sequence[UnitPoint]
    manager: _Manager | None


class _Report(Struct):
    schema: int
    by: Period
    rules: str
    head: str
    shallow: bool
    notes: Sequence[str]
    units: list[_Unit]
    points: list[_Point]


def render(trend: Trend) -> str:
    """Write a trend down as one JSON object."""
    return json_text(
        _Report(
            SCHEMA,
            trend.by,
            "then" if trend.rules_then else "today",
            trend.head,
            trend.shallow,
            trend.notes,
            [_Unit(*unit) for unit in trend.units().items()],
            [_point(trend, point) for point in trend.points],
        )
    )


def _point(trend: Trend, point: Point) -> _Point:
    figures = point.figures
    units = [u for u in figures.units if trend.unit in (None, u.id)]
    whole: CommitFigures | UnitPoint = figures
    if trend.unit is not None:
        whole = units[0] if units else CommitFigures(figures.state)
    return _Point(
        point.label, point.commit, point.time.isoformat(), point.as_of.isoformat(), point.title,
        point.carried, figures.state, figures.unread, figures.currency or None,
        figures.investments, whole.findings, whole.budget, whole.actual, whole.value, units,
        _manager(trend.manager.among(figures.managers) if trend.manager is not None else None),
    )  # fmt: skip


def _manager(m: ManagerPoint | None) -> _Manager | None:
    if m is None:
        return None
    total = money_of(m.amounts)
    return _Manager(
        m.person, m.name, m.units, m.items, total.planned, total.realised, total.spend,
        money_of(m.assumed), m.satisfaction, m.promises_due, m.promises_kept,
        m.opportunities_raised, m.opportunities_realised, m.levels,
    )  # fmt: skip

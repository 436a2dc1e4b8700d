"""`itgov trend --format json`: for other programs; its shape is a promise (`docs/history.md`)."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from itgov.insight.trend_points import (
    CommitFigures,
    Period,
    Point,
    SeverityCounts,
    State,
    Trend,
    UnitPoint,
    Unread,
)
from itgov.insight.value_types import Buckets
from itgov.report.json_text import json_text

SCHEMA = 2


class _Unit(Struct):
    id: str
    name: str


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
    units: Sequence[UnitPoint]


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
        figures.investments, whole.findings, whole.budget, whole.actual, units,
    )  # fmt: skip

"""`trend --format json`: see `docs/history.md` for its shape."""

from __future__ import annotations

from typing import Any

from itgov.insight.trend_points import Money, Point, SeverityCounts, Trend, UnitPoint
from itgov.model.facts import REACHES
from itgov.model.finding import SEVERITIES
from itgov.report.jsontext import json_text


def render(trend: Trend) -> str:
    """Write a trend down as JSON, `schema` 1."""
    units = trend.units()
    return json_text(
        {
            "schema": 1,
            "by": trend.by,
            "rules": "then" if trend.rules_then else "today",
            "head": trend.head,
            "shallow": trend.shallow,
            "notes": trend.notes,
            "units": [{"id": k, "name": v} for k, v in units.items()],
            "points": [_point(trend, point) for point in trend.points],
        }
    )


def _point(trend: Trend, point: Point) -> dict[str, Any]:
    figures = point.figures
    shown = [u for u in figures.units if trend.unit in (None, u.id)]
    of: Any = figures
    if trend.unit is not None:
        of = shown[0] if shown else None
    return {
        "label": point.label,
        "commit": point.commit,
        "date": point.time.isoformat(),
        "as_of": point.as_of.isoformat(),
        "title": point.title,
        "carried": point.carried,
        "state": figures.state,
        "unread": [
            {"path": u.path, "line": u.line, "column": u.column, "message": u.message}
            for u in figures.unread
        ],
        "currency": figures.currency or None,
        "investments": figures.investments,
        "findings": _counts(of.findings if of is not None else SeverityCounts()),
        "budget": _money(of.budget if of is not None else Money()),
        "actual": _money(of.actual if of is not None else Money()),
        "units": [_unit(unit) for unit in shown],
    }


def _unit(unit: UnitPoint) -> dict[str, Any]:
    return {
        "id": unit.id,
        "name": unit.name,
        "score": unit.score,
        "band": unit.band,
        "coverage": unit.coverage,
        "capped_by": unit.capped_by,
        "findings": _counts(unit.findings),
        "budget": _money(unit.budget),
        "actual": _money(unit.actual),
    }


def _counts(counts: SeverityCounts) -> dict[str, int]:
    return {name: getattr(counts, name) for name in (*SEVERITIES, "waived")}


def _money(money: Money) -> dict[str, float]:
    return {reach: money.of(reach) for reach in REACHES}

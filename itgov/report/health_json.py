"""`itgov health --format json`: for other programs; its shape is a promise."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from itgov.insight.health_types import (
    Band,
    CapInForce,
    CostlyFinding,
    DimensionHealth,
    HealthProblem,
    HealthReport,
    Settings,
    UnitHealth,
    WeightMove,
)
from itgov.insight.imported_marks import ImportedMarks
from itgov.insight.trend_points import Point
from itgov.model.finding import Place, Severity, Subject
from itgov.report.figures import change_of
from itgov.report.json_text import json_text

SCHEMA = 1


class _Dimension(Struct):
    id: str
    title: str
    weight: float
    score: float | None
    count: float | None
    evidence: float
    lost: float
    passed: int
    failed: int
    waived: int
    unevaluated: int
    not_applicable: int
    without_spend: int
    unknown: str | None
    decided_by: Sequence[str]


class _Cap(Struct):
    at_most: float
    because: str
    path: str
    line: int
    points: float
    unevaluated: str | None


class _Finding(Struct):
    rule: str
    path: str
    line: int
    points: float
    uncapped_points: float
    column: int
    severity: Severity
    message: str
    subject: Subject
    waived: bool
    unevaluated: bool
    fingerprint: str
    dimensions: Sequence[str]


class _Trend(Struct):
    since: str
    commit: str
    score: float | None
    band: str
    change: float | None


class _Unit(Struct):
    id: str
    name: str
    path: str
    line: int
    score: float | None
    band: Band
    coverage: float
    trend: _Trend | None
    measured: float | None
    capped_by: str | None
    caps: list[_Cap]
    dimensions: list[_Dimension]
    next_steps: list[_Finding]
    findings: list[_Finding]
    imported: ImportedMarks


class _Problem(Struct):
    message: str
    path: str
    line: int


class _Report(Struct, omit_defaults=True):
    schema: int
    as_of: str
    settings: Settings
    units: list[_Unit]
    problems: list[_Problem]
    unread: list[Place]
    sensitivity: Sequence[WeightMove] | None = None


def health_json(
    report: HealthReport,
    units: Sequence[UnitHealth],
    moves: Sequence[WeightMove] | None,
    before: Point | None = None,
) -> str:
    """Write some units of a report down as one JSON object."""
    return json_text(
        _Report(
            SCHEMA,
            report.as_of.isoformat(),
            report.settings,
            [_unit(u, before) for u in units],
            [_problem(p) for p in report.problems],
            list(report.unread),
            moves,
        )
    )


def _unit(unit: UnitHealth, before: Point | None) -> _Unit:
    return _Unit(
        unit.id,
        unit.name,
        unit.place.path,
        unit.place.line,
        unit.score,
        unit.band,
        unit.coverage,
        _trend(unit, before),
        unit.measured,
        unit.capped_by.because if unit.capped_by is not None else None,
        [_cap(c) for c in unit.caps],
        [_dimension(d) for d in unit.dimensions],
        [_finding(f) for f in unit.next_steps],
        [_finding(f) for f in unit.findings],
        unit.imported,
    )


def _trend(unit: UnitHealth, before: Point | None) -> _Trend | None:
    was = before.unit(unit.id) if before is not None else None
    if was is None or before is None:
        return None
    change = change_of(unit, before)
    return _Trend(before.as_of.isoformat(), before.commit, was.score, was.band, change)


def _cap(cap: CapInForce) -> _Cap:
    return _Cap(
        cap.at_most, cap.because, cap.place.path, cap.place.line, cap.points, cap.unevaluated
    )


def _dimension(d: DimensionHealth) -> _Dimension:
    ended = d.tally
    return _Dimension(
        d.id, d.title, d.weight, d.score, d.count, d.evidence, d.lost,
        ended.passed, ended.failed, ended.waived, ended.unevaluated, ended.not_applicable,
        d.without_spend, d.unknown, d.decided_by,
    )  # fmt: skip


def _finding(costly: CostlyFinding) -> _Finding:
    f = costly.finding
    return _Finding(
        f.rule, f.path, f.line, costly.points, costly.uncapped, f.column, f.severity, f.message,
        f.subject, f.waived, f.unevaluated, f.fingerprint, costly.dimensions,
    )  # fmt: skip


def _problem(problem: HealthProblem) -> _Problem:
    return _Problem(problem.message, problem.place.path, problem.place.line)

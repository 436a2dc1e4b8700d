"""`itgov value --format json`: for other programs; its shape is a promise."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct, convert

from itgov.insight.value_types import (
    Buckets,
    Claim,
    MoneyLine,
    NoSight,
    Pair,
    ReachCounts,
    UnitNode,
    ValueReport,
    Withheld,
)
from itgov.model.finding import Place
from itgov.model.reach import REACHES
from itgov.report.json_text import json_text

SCHEMA = 2


class _Benefits(Struct):
    planned: float
    realised: float
    planned_due: float
    realised_due: float
    twice_planned: float
    twice_realised: float
    spent: float
    ratio: float | None
    per_spend: float | None


class _Line(Struct):
    id: str
    name: str
    items: int
    counts: ReachCounts
    budget: Buckets
    actual: Buckets
    budget_whole: Buckets
    budget_share: Buckets | None
    actual_share: Buckets | None
    overdue: Pair
    withheld: Withheld
    benefits: _Benefits | None


class _NoSight(Struct):
    id: str
    title: str
    business_unit: str
    path: str
    line: int
    budget: float
    actual: float


class _Report(Struct, omit_defaults=True):
    schema: int
    as_of: str
    currency: str | None
    fiscal_year: int
    grace_days: int
    total: _Line
    to_date: _Line
    units: list[_Line]
    purposes: list[_Line]
    objectives: list[_Line]
    years: list[_Line]
    without_line_of_sight: list[_NoSight]
    claimed_twice: list[Claim]
    unread: list[Place]
    tree: list[UnitNode] | None = None


def value_json(report: ValueReport, tree: Iterable[UnitNode] | None = None) -> str:
    """Write a report down as one JSON object, with the tree where there is one."""
    return json_text(
        _Report(
            SCHEMA,
            report.as_of.isoformat(),
            report.currency,
            report.fiscal_year,
            report.grace_days,
            _line(report.total),
            _line(report.to_date),
            [_line(u) for u in report.units],
            [_line(u) for u in report.purposes],
            [_line(u) for u in report.objectives],
            [_line(u) for u in report.years],
            [_without(n) for n in report.without],
            report.claims,
            list(report.unread),
            list(tree) if tree is not None else None,
        )
    )


def _line(line: MoneyLine) -> _Line:
    benefits = None
    if line.benefits is not None:
        benefits = convert(line.benefits, _Benefits, from_attributes=True)
    return _Line(
        line.id, line.name, line.items, line.counts, line.budget, line.actual, line.budget_whole,
        _shares(line.budget), _shares(line.actual), line.overdue, line.withheld, benefits,
    )  # fmt: skip


def _shares(buckets: Buckets) -> Buckets | None:
    whole = buckets.total
    return Buckets(*(buckets.of(r) / whole + 0.0 for r in REACHES)) if whole else None


def _without(n: NoSight) -> _NoSight:
    return _NoSight(n.id, n.title, n.unit, n.place.path, n.place.line, n.budget, n.actual)

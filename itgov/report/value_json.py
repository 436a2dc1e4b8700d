"""`itgov value --format json`: for other programs; its shape is a promise."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct, convert, structs

from itgov.insight.approval_types import Sides
from itgov.insight.imported_marks import ImportedMarks
from itgov.insight.value_curve import Curve, Curves
from itgov.insight.value_types import (
    Buckets,
    MoneyLine,
    NoSight,
    Pair,
    ReachCounts,
    UnitNode,
    ValueReport,
    Withheld,
)
from itgov.model.claims import Claim
from itgov.model.filtered import Filtered
from itgov.model.finding import Place
from itgov.model.reach import REACHES
from itgov.report.json_text import json_text

SCHEMA = 2


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


class _AtApproval(Struct):
    planned_to_date: float
    planned_to_come: float
    judged: Sides
    realised_ratio: float | None
    changed: int
    changed_since_first_commit: int
    deleted: int
    business_case: int
    approved: int
    first_commit: int
    deleted_items: int
    deleted_items_planned: float
    deleted_items_budget: float


class _ValueLine(_Line, kw_only=True):
    imported: ImportedMarks
    planned_to_date: float
    realised_to_date: float
    realised_confirmed: float
    unmeasured_to_date: float
    judged: Sides
    realised_ratio: float | None
    held: Sides
    holding: float | None
    early: float
    unplanned: float
    planned_undated: float
    planned_to_come: float
    expected_to_come: float
    expected_assumed: float
    expected_unplanned: float
    fading_to_come: float
    spend_to_date: float
    spend_from_budget: float
    budget_after_end: float
    spend_promising: float
    spend_promising_none: float
    spend_stopped_without_value: float
    spend_stopped: float
    realised_stopped: float
    per_spend: float | None
    at_approval: _AtApproval | None
    approval_unknown: int
    twice: Sides
    twice_to_come: float
    plans: int
    plans_from_due: int
    plans_open: int
    undated: int
    unforecast: int
    plans_stale: int
    end_unknown: int
    left_out: int


_VALUE = [
    n
    for n in _ValueLine.__struct_fields__[len(_Line.__struct_fields__) :]
    if n not in ("at_approval", "approval_unknown", "imported")
]


class _ClaimedBy(Struct):
    outcome: str
    share: float


class _Claim(Struct):
    """A benefit that several outcomes claim; `counted` is the one that counts most."""

    counted: str
    others: tuple[str, ...]
    measure: str
    value: float
    shares: list[_ClaimedBy]
    agreed: bool
    contradicted: bool


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
    until: str
    total: _ValueLine
    to_date: _Line
    units: list[_ValueLine]
    purposes: list[_ValueLine]
    objectives: list[_ValueLine]
    years: list[_Line]
    without_line_of_sight: list[_NoSight]
    claimed_twice: list[_Claim]
    unread: list[Place]
    tree: list[UnitNode] | None = None
    filtered: Filtered | None = None


def value_json(report: ValueReport, tree: Iterable[UnitNode] | None = None) -> str:
    """Write a report down as one JSON object, with the tree where there is one."""
    return json_text(
        _Report(
            SCHEMA,
            report.as_of.isoformat(),
            report.currency,
            report.fiscal_year,
            report.grace_days,
            report.horizon.isoformat(),
            _value_line(report.total),
            _line(report.to_date),
            [_value_line(u) for u in report.units],
            [_value_line(u) for u in report.purposes],
            [_value_line(u) for u in report.objectives],
            [_line(u) for u in report.years],
            [_without(n) for n in report.without],
            [_claim(c) for c in report.claims],
            list(report.unread),
            list(tree) if tree is not None else None,
            report.filtered,
        )
    )


class _Curves(Struct):
    schema: int
    as_of: str
    currency: str | None
    step: str
    curves: tuple[Curve, ...]


def curves_json(curves: Curves) -> str:
    """Write money over time down as one JSON object."""
    return json_text(
        _Curves(SCHEMA, curves.as_of.isoformat(), curves.currency, curves.step, curves.curves)
    )


def _line(line: MoneyLine) -> _Line:
    return _Line(
        line.id, line.name, line.items, line.counts, line.budget, line.actual, line.budget_whole,
        _shares(line.budget), _shares(line.actual), line.overdue, line.withheld,
    )  # fmt: skip


def _value_line(line: MoneyLine) -> _ValueLine:
    assert line.value is not None
    value = {name: getattr(line.value, name) for name in _VALUE}
    then = line.at_approval
    is_known = then is not None and then.items > 0
    told = convert(then, _AtApproval, from_attributes=True) if is_known else None
    unknown = then.unknown if then is not None else 0
    return _ValueLine(
        **structs.asdict(_line(line)),
        **value,
        at_approval=told,
        approval_unknown=unknown,
        imported=line.imported,
    )


def _claim(c: Claim) -> _Claim:
    shares = [_ClaimedBy(o, s) for o, s in zip(c.outcomes, c.shares, strict=True)]
    return _Claim(c.counted, c.others, c.measure, c.value, shares, c.agreed, c.contradicted)


def _shares(buckets: Buckets) -> Buckets | None:
    whole = buckets.total
    return Buckets(*(buckets.of(r) / whole + 0.0 for r in REACHES)) if whole else None


def _without(n: NoSight) -> _NoSight:
    return _NoSight(n.id, n.title, n.unit, n.place.path, n.place.line, n.budget, n.actual)

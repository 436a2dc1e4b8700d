"""`itgov diff --format json`: for other programs; its shape is a promise (`docs/history.md`)."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct, convert

from itgov.insight.diff_changes import Diff, End, SubjectChange, UnitMove, YearMoved
from itgov.model.finding import Finding, Severity, Subject
from itgov.report.json_text import json_text

SCHEMA = 1


class _Finding(Struct):
    rule: str
    name: str
    severity: Severity
    message: str
    path: str
    line: int
    column: int
    business_unit: str | None
    subject: Subject
    field: str | None
    fingerprint: str


class _Findings(Struct):
    introduced: list[_Finding]
    mended: list[_Finding]
    waived: list[_Finding]
    gone: list[_Finding]


class _Report(Struct):
    schema: int
    as_of: str
    currency: str | None
    unit: str | None
    before: End
    after: End
    notes: Sequence[str]
    changes: Sequence[SubjectChange]
    findings: _Findings
    units: Sequence[UnitMove]
    money: Sequence[YearMoved]


def render(diff: Diff) -> str:
    """Write a comparison down as one JSON object."""
    groups = (diff.introduced, diff.mended, diff.waived, diff.gone)
    return json_text(
        _Report(
            SCHEMA,
            diff.as_of.isoformat(),
            diff.currency or None,
            diff.unit,
            diff.before,
            diff.after,
            diff.notes,
            diff.changes,
            _Findings(*map(_findings, groups)),
            diff.units,
            diff.money,
        )
    )


def _findings(findings: Sequence[Finding]) -> list[_Finding]:
    return convert(findings, list[_Finding], from_attributes=True)

"""`itgov due --format json`: for other programs; its shape is a promise."""

from __future__ import annotations

import datetime

from msgspec import Struct

from itgov.insight.due_types import DueKind, DueReport, PlacedDue
from itgov.model.finding import Place, Subject
from itgov.report.json_text import json_text


class _Due(Struct):
    day: datetime.date
    kind: DueKind
    late: bool
    subject: Subject
    what: str
    business_unit: str | None
    person: str | None
    path: str
    line: int
    column: int


class _Dues(Struct):
    as_of: datetime.date
    until: datetime.date | None
    business_units: tuple[str, ...]
    people: tuple[str, ...]
    due: list[_Due]
    later: int
    unread: tuple[Place, ...]
    schema: int = 1


def due_json(report: DueReport) -> str:
    """Return what is due as JSON."""
    return json_text(
        _Dues(
            report.as_of, report.until, report.units, report.people,
            [_due(placed) for placed in report.dues], report.later, report.unread,
        )
    )  # fmt: skip


def _due(placed: PlacedDue) -> _Due:
    due, at = placed.due, placed.place
    return _Due(
        due.day, due.kind, due.late, due.subject, due.what, due.unit, due.person,
        at.path, at.line, at.column,
    )  # fmt: skip

"""`diff --format json`: see `docs/history.md` for its shape."""

from __future__ import annotations

from typing import Any

from itgov.insight.diff_changes import Diff, End, SubjectChange, UnitMove
from itgov.model.finding import Finding
from itgov.report.jsontext import json_text


def render(diff: Diff) -> str:
    """Write a comparison down as JSON, `schema` 1."""
    return json_text(
        {
            "schema": 1,
            "as_of": diff.as_of.isoformat(),
            "currency": diff.currency or None,
            "unit": diff.unit,
            "before": _end(diff.before),
            "after": _end(diff.after),
            "notes": diff.notes,
            "changes": [_change(change) for change in diff.changes],
            "findings": {
                "introduced": [_finding(f) for f in diff.introduced],
                "mended": [_finding(f) for f in diff.mended],
                "waived": [_finding(f) for f in diff.waived],
                "gone": [_finding(f) for f in diff.gone],
            },
            "units": [_unit(unit) for unit in diff.units],
        }
    )


def _end(end: End) -> dict[str, Any]:
    return {
        "label": end.label,
        "commit": end.commit,
        "date": None if end.date is None else end.date.isoformat(),
        "title": end.title,
        "investments": end.investments,
        "budget": end.budget,
        "findings": end.findings,
        "unread": end.unread,
    }


def _change(change: SubjectChange) -> dict[str, Any]:
    return {
        "kind": change.kind,
        "subject": {"kind": change.subject.kind, "id": change.subject.id},
        "label": change.label,
        "business_unit": change.unit,
        "business_unit_before": change.unit_before,
        "text": change.text,
        "fields": [
            {
                "field": step.field,
                "before": step.before,
                "after": step.after,
                "text": step.text,
            }
            for step in change.steps
        ],
    }


def _finding(f: Finding) -> dict[str, Any]:
    return {
        "rule": f.rule,
        "name": f.name,
        "severity": f.severity,
        "message": f.message,
        "path": f.path,
        "line": f.line,
        "column": f.column,
        "business_unit": f.business_unit,
        "subject": {"kind": f.subject.kind, "id": f.subject.id},
        "field": f.field,
        "fingerprint": f.fingerprint,
    }


def _unit(move: UnitMove) -> dict[str, Any]:
    return {
        "id": move.id,
        "name": move.name,
        "before": None
        if move.band_before is None
        else _health(move.score_before, move.band_before),
        "after": None if move.band is None else _health(move.score, move.band),
    }


def _health(score: float | None, band: str) -> dict[str, Any]:
    return {"score": score, "band": band}

"""`diff --format json`: see `docs/history.md` for its shape."""

from __future__ import annotations

from typing import Any

from itgov.insight.diff_changes import Diff, End, SubjectChange, UnitMove
from itgov.model.finding import Finding
from itgov.report.jsontext import pretty
from itgov.report.plain import plain


def render(diff: Diff) -> str:
    """Write a comparison down as JSON, `schema` 1."""
    return pretty(
        {
            "schema": 1,
            "as_of": diff.as_of.isoformat(),
            "currency": plain(diff.currency) or None,
            "unit": None if diff.unit is None else plain(diff.unit),
            "before": _end(diff.before),
            "after": _end(diff.after),
            "notes": [plain(note) for note in diff.notes],
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
        "label": plain(end.label),
        "commit": end.commit,
        "date": None if end.date is None else end.date.isoformat(),
        "title": None if end.title is None else plain(end.title),
        "investments": end.investments,
        "budget": end.budget,
        "findings": end.findings,
        "unread": [plain(why) for why in end.unread],
    }


def _change(change: SubjectChange) -> dict[str, Any]:
    return {
        "kind": change.kind,
        "subject": {"kind": change.subject.kind, "id": plain(change.subject.id)},
        "label": plain(change.label),
        "business_unit": None if change.unit is None else plain(change.unit),
        "business_unit_before": None if change.unit_before is None else plain(change.unit_before),
        "text": plain(change.text),
        "fields": [
            {
                "field": plain(step.field),
                "before": _safe(step.before),
                "after": _safe(step.after),
                "text": plain(step.text),
            }
            for step in change.steps
        ],
    }


def _finding(f: Finding) -> dict[str, Any]:
    return {
        "rule": plain(f.rule),
        "name": plain(f.name),
        "severity": f.severity,
        "message": plain(f.message),
        "path": plain(f.path),
        "line": f.line,
        "column": f.column,
        "business_unit": None if f.business_unit is None else plain(f.business_unit),
        "subject": {"kind": f.subject.kind, "id": plain(f.subject.id)},
        "field": None if f.field is None else plain(f.field),
        "fingerprint": f.fingerprint,
    }


def _unit(move: UnitMove) -> dict[str, Any]:
    return {
        "id": plain(move.id),
        "name": plain(move.name),
        "before": None
        if move.band_before is None
        else _health(move.score_before, move.band_before),
        "after": None if move.band is None else _health(move.score, move.band),
    }


def _health(score: float | None, band: str) -> dict[str, Any]:
    return {"score": None if score is None else round(score, 2), "band": band}


def _safe(value: Any) -> Any:
    """Return a recorded value with every text in it harmless."""
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, dict):
        return {plain(str(k)): _safe(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_safe(v) for v in value]
    return value

"""`itgov rules list` and `rules show` with `--format json`: for other programs; a promise."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct, field

from itgov.model.finding import Severity
from itgov.model.rulebook import RuleInfo
from itgov.report.json_text import json_text

SCHEMA = 1


class _Rule(Struct):
    id: str
    name: str
    summary: str
    title: str
    severity: Severity
    subject: str = field(name="for")
    why: str
    fix: str
    sources: Sequence[str]
    tags: Sequence[str]
    waivable: bool
    mandatory: bool
    built_in: bool
    condition: str
    path: str | None
    line: int | None


class _Rules(Struct):
    schema: int
    rules: list[_Rule]


def rules(found: Iterable[RuleInfo]) -> str:
    """Write rules down as one JSON object."""
    return json_text(_Rules(SCHEMA, [_rule(r) for r in found]))


def rule(found: RuleInfo) -> str:
    """Write one rule down."""
    return json_text(_rule(found))


def _rule(r: RuleInfo) -> _Rule:
    return _Rule(
        r.id, r.name, r.summary, r.title, r.severity, r.subject, r.why, r.fix, r.sources, r.tags,
        r.waivable, r.mandatory, r.built_in, r.condition,
        r.place.path if r.place else None, r.place.line if r.place else None,
    )  # fmt: skip

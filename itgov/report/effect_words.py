"""What an edit achieves in a few lines: findings fixed and new, and how the score moves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from itgov.insight.diff_changes import Diff
from itgov.model.finding import Finding
from itgov.model.text import plural
from itgov.report.diff_document import health_moves

_NAMED = 3
"""Most subjects that are named for one rule, and most units whose score is told."""
_RULES = 5
"""Most rules that are named."""
Tone = Literal["ok", "error", "muted", "warning"]
EffectLine = tuple[str, Tone]


def effect_lines(diff: Diff, titles: Mapping[str, str]) -> list[EffectLine]:
    """Return what a difference does to findings and scores; `titles` are the rules', by id."""
    lines: list[EffectLine] = []
    groups: tuple[tuple[str, Sequence[Finding], Tone], ...] = (
        ("Findings fixed", diff.mended, "ok"),
        ("New findings", diff.introduced, "error"),
        ("Findings waived", diff.waived, "muted"),
        ("Findings gone with what is removed", diff.gone, "muted"),
    )
    for words, found, tone in groups:
        if found:
            lines.append((f"{words} {len(found):,}: {_by_rule(found, titles)}", tone))
    if not lines:
        lines.append(("No finding is fixed, none is new", "muted"))
    moves = health_moves(diff)
    if moves:
        lines += [(f"Score of {move}", "muted") for move in moves[:_NAMED]]
        if len(moves) > _NAMED:
            more = plural(len(moves) - _NAMED, "further unit")
            lines.append((f"Score of {more} changes as well", "muted"))
    elif diff.units:
        lines.append(("No score changes", "muted"))
    lines += [(text, "warning") for text in diff.notes]
    lines += [
        (f"Not judged, because it cannot be read: {why}", "warning") for why in diff.after.unread
    ]
    return lines


def effect_in_short(diff: Diff) -> str:
    """Return the same in one line, for the receipt of what was written."""
    parts = []
    if diff.mended:
        parts.append(f"{plural(len(diff.mended), 'finding')} fixed")
    if diff.introduced:
        count = len(diff.introduced)
        parts.append(f"{count:,} new" if parts else plural(count, "new finding"))
    if diff.waived:
        parts.append(f"{len(diff.waived):,} waived")
    moves = health_moves(diff)
    parts += moves if len(moves) == 1 else [f"{len(moves)} scores changed"] if moves else []
    return ", ".join(parts) or "no finding and no score changed"


def _by_rule(findings: Sequence[Finding], titles: Mapping[str, str]) -> str:
    by_rule: dict[str, list[str]] = {}
    for finding in findings:
        by_rule.setdefault(finding.rule, []).append(finding.subject.id)
    most = sorted(by_rule.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    named = _RULES if len(most) > _RULES + 1 else len(most)
    told = [
        f"{titles.get(rule, rule)} ({', '.join(ids) if len(ids) <= _NAMED else f'{len(ids):,}'})"
        for rule, ids in most[:named]
    ]
    if left := sum(len(ids) for _, ids in most[named:]):
        told.append(f"{left:,} of {len(most) - named:,} other rules")
    return "; ".join(told)

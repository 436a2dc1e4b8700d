"""`diff --format markdown`: a comment on a pull request."""

from __future__ import annotations

from collections.abc import Sequence

from itgov.insight.diff_changes import Diff, End
from itgov.model.finding import Finding
from itgov.report.diff_layout import (
    ChangedSubject,
    by_rule,
    headline,
    is_moved,
    moved,
    sections,
    totals,
    unread,
)
from itgov.report.markup import code, escape, table
from itgov.report.outcome import worst_first

MOST_CHARACTERS = 59_000
"""GitHub refuses a comment of more than 65,536; some are left for whoever adds to it."""
_SAID = 300
_RESERVE = 15_000
"""Characters kept for health and findings, which come last."""


def render(diff: Diff) -> str:
    """Write a comparison down in GitHub's and GitLab's Markdown; what is left out is counted."""
    of = f" of {escape(diff.unit_names.get(diff.unit, diff.unit), 100)}" if diff.unit else ""
    lines = [
        f"## What changed in the portfolio{of}",
        "",
        f"**{escape(headline(diff))}**",
        "",
        f"From {_end(diff.before)} to {_end(diff.after)}, "
        f"judged by the newer rules as of {diff.as_of}.",
    ]
    for line in totals(diff):
        lines += ["", escape(line)]
    notes = unread(diff)
    if notes:
        lines += ["", *(f"> ⚠ {escape(line, 400)}  " for line in notes[:20])]
    lines += _changes(diff, MOST_CHARACTERS - _RESERVE - _size(lines))
    moves = [m for m in diff.units if is_moved(m)]
    if moves:
        lines += [
            "",
            "### Engagement health",
            "",
            *table(
                ("Business unit", "Before", "After", ""),
                ((escape(move.name, 100), *moved(move)) for move in moves[:50]),
                [3],
            ),
        ]
    told = [
        (title, findings)
        for title, findings in (
            ("introduced", diff.introduced),
            ("mended", diff.mended),
            ("waived", diff.waived),
            ("gone with what was removed", diff.gone),
        )
        if findings
    ]
    for already, (title, findings) in enumerate(told):
        # none crowds out those after it, and what one does not need is theirs
        room = (MOST_CHARACTERS - _size(lines) - 500) // (len(told) - already)
        lines += _findings(title, findings, room)
    return "\n".join(lines) + "\n"


def _end(end: End) -> str:
    label = escape(end.label, 200)
    if end.commit is None:
        return label
    title = f", {escape(end.title, 100)}" if end.title else ""
    return f"{label} ({code(end.commit[:10])}, {end.date}{title})"


def _changes(diff: Diff, room: int) -> list[str]:
    lines: list[str] = []
    left = 0
    for section in sections(diff):
        head = ["", f"### {escape(section.title, 200)}", ""]
        for item in section.items:
            told = [*head, *_item(item)]
            if left or _size(told) > room:
                left += 1
                continue
            lines += told
            room -= _size(told)
            head = []
    if left:
        lines += ["", f"{left:,} more changes not shown."]
    return lines


def _item(item: ChangedSubject) -> list[str]:
    name = f"{code(item.identifier, 100)} " if item.identifier else ""
    head = f"- {name}{escape(item.label, 200)}"
    said = [escape(s, _SAID) for s in item.said]
    if len(said) == 1:
        return [f"{head}: {said[0]}"]
    return [head, *(f"  - {s}" for s in said)]


def _findings(title: str, findings: Sequence[Finding], room: int) -> list[str]:
    lines = ["", f"### Findings {title}: {by_rule(findings)}", ""]
    room -= _size(lines)
    shown = 0
    for f in worst_first(findings):
        line = f"- **{f.severity}** {code(f.rule)} {escape(f.message, _SAID)} ({code(f'{f.path}:{f.line}', 200)})"
        room -= len(line) + 1
        if room < 0:
            break
        lines.append(line)
        shown += 1
    if shown < len(findings):
        lines += ["", f"{len(findings) - shown:,} more not shown."]
    return lines


def _size(lines: Sequence[str]) -> int:
    return sum(len(line) + 1 for line in lines)

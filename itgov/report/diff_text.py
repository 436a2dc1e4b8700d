"""`diff --format text`: what changed, as a person reads it in a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from itgov.insight.diff_changes import Diff
from itgov.model.finding import Finding
from itgov.report.diff_layout import (
    SIGNS,
    ChangedSubject,
    by_rule,
    end_text,
    headline,
    is_moved,
    moved,
    sections,
    totals,
    unread,
)
from itgov.report.outcome import worst_first
from itgov.report.plain import plain
from itgov.report.text import Paint, paint


def render(diff: Diff, *, color: bool = False) -> str:
    """Write a comparison down."""
    colours = paint(color)
    of = f" of {diff.unit_names.get(diff.unit, diff.unit)}" if diff.unit is not None else ""
    title = plain(f"What changed{of} from {end_text(diff.before)} to {end_text(diff.after)}")
    lines = [f"{colours.bold}{title}{colours.off}"]
    lines.append(plain(f"{headline(diff)} Judged by the newer rules, as of {diff.as_of}."))
    lines += [plain(line) for line in totals(diff)]
    lines += [plain(f"! {line}") for line in unread(diff)]
    for section in sections(diff):
        lines += ["", f"{colours.bold}{plain(section.title)}{colours.off}"]
        for item in section.items:
            lines += _item(item, colours)
    moves = [m for m in diff.units if is_moved(m)]
    if moves:
        lines += ["", f"{colours.bold}Engagement health{colours.off}"]
        for move in moves:
            before, after, change = moved(move)
            lines.append(
                plain(f"  {move.name}: {before} → {after}{f' ({change})' if change else ''}")
            )
    for title, findings in (
        ("introduced", diff.introduced),
        ("mended", diff.mended),
        ("waived", diff.waived),
        ("gone with what was removed", diff.gone),
    ):
        lines += _findings(title, findings, colours)
    return "\n".join(lines) + "\n"


def _item(item: ChangedSubject, colours: Paint) -> list[str]:
    name = plain(f"{item.identifier} {item.label}".strip())
    head = f"  {SIGNS[item.kind]} {colours.bold}{name}{colours.off}"
    if len(item.said) == 1:
        return [f"{head}: {plain(item.said[0])}"]
    return [head, *(f"      {plain(said)}" for said in item.said)]


def _findings(title: str, findings: Sequence[Finding], colours: Paint) -> list[str]:
    if not findings:
        return []
    head = f"{colours.bold}Findings {title}{colours.off}: {by_rule(findings)}"
    return ["", head, *(_finding(f, colours) for f in worst_first(findings))]


def _finding(f: Finding, colours: Paint) -> str:
    hue = colours.severity[f.severity]
    return (
        f"  {hue}{f.severity}{colours.off}[{plain(f.rule)}] {plain(f.message)} "
        f"{colours.dim}({plain(f.path)}:{f.line}){colours.off}"
    )

"""`--format text`: what a person reads in a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import TypeAlias

from msgspec import Struct

from itgov.model.finding import Finding, Severity
from itgov.model.findings import kinds_of
from itgov.report.check_report import CheckReport, worst_standing
from itgov.report.plain import cut, plain
from itgov.report.source_line import underline
from itgov.report.words import NOT_EVALUATED, verdict

_DEFAULT_WIDTH = 160
_NARROWEST = 20
_LONGEST = 1_000
"""Characters of a message."""


class Paint(Struct, frozen=True):
    """ANSI sequences; empty texts where no colour is wanted.

    Colour says nothing that the words do not say as well.
    """

    severity: dict[Severity, str]
    bold: str
    dim: str
    good: str
    off: str


_COLOURS = Paint(
    severity={"error": "\x1b[1;31m", "warning": "\x1b[1;33m", "info": "\x1b[1;36m"},
    bold="\x1b[1m",
    dim="\x1b[2m",
    good="\x1b[1;32m",
    off="\x1b[0m",
)
_NO_COLOURS = Paint({"error": "", "warning": "", "info": ""}, "", "", "", "")


def paint(color: bool) -> Paint:
    """Return the colours to write with: ANSI sequences, or empty texts."""
    return _COLOURS if color else _NO_COLOURS


def render(
    report: CheckReport,
    *,
    color: bool = False,
    width: int | None = None,
    statistics: bool = False,
) -> str:
    """Write the findings down with their source lines, then the waived ones, then the verdict.

    With `statistics`, tables of counts stand for the findings.  Source lines wider than `width` columns (160 where it is None) are cut around what is meant.
    """
    colours = paint(color)
    if statistics:
        from itgov.report.statistics import statistics as tables

        parts = [tables(report, color, width)] if report.findings else []
    else:
        parts = _all(report, colours, width or _DEFAULT_WIDTH)
    parts.append(_ending(report, colours))
    return "\n".join(parts)


_MOST_ALIKE = 100
"""Findings of one rule in one file that are written."""
_MOST = 4_000
"""Findings that are written in all: about 3 MB of text."""


def _all(report: CheckReport, colours: Paint, limit: int) -> list[str]:
    total = {waived: _counts(report, waived) for waived in (False, True)}
    shown = _shown(report, total[False], waived=False)
    parts = [_told(f, report.lines, colours, limit) for f in shown]
    if total[True]:
        heading = f"{colours.bold}Waived ({total[True].total():,}){colours.off}\n"
        some = _shown(report, total[True], waived=True)
        parts.append(heading + "\n".join([_waived(f, colours) for f in some]) + "\n")
        shown += some
    if not report.whole:
        parts += _left_out(total[False] + total[True], shown, colours)
    return parts


_Kind: TypeAlias = tuple[str, str]
_kind: Callable[[Finding], _Kind] = attrgetter("rule", "path")


def _counts(report: CheckReport, waived: bool) -> Counter[_Kind]:
    """Return how many findings of each rule there are in each file, waived ones or the others."""
    found: Counter[_Kind] = Counter()
    for (rule, path, _, is_waived), count in kinds_of(report.findings).items():
        if is_waived == waived:
            found[rule, path] += count
    return found


def _shown(report: CheckReport, total: Counter[_Kind], *, waived: bool) -> list[Finding]:
    """Return the findings that a text has room for: some of each rule in each file.

    One more is written rather than said to be left out: it may be the one that counts the others.
    """
    findings = (f for f in report.findings if f.waived == waived)
    if report.whole or not total:
        return list(findings) if total else []
    counts: Counter[_Kind] = Counter()
    shown: list[Finding] = []
    for finding in findings:
        kind = _kind(finding)
        counts[kind] += 1
        if counts[kind] <= _MOST_ALIKE or total[kind] == _MOST_ALIKE + 1:
            shown.append(finding)
            if len(shown) == _MOST:
                break
    return shown


def _left_out(total: Counter[_Kind], shown: Sequence[Finding], colours: Paint) -> list[str]:
    """Return a paragraph on the findings that are not shown, by rule and file."""
    missing = total - Counter(map(_kind, shown))
    rest = [(count, rule, path) for (rule, path), count in missing.items()]
    if not rest:
        return []
    number = sum(count for count, _, _ in rest)
    lines = [
        f"  {count:,} of {plain(rule)} in {plain(path)}"
        for count, rule, path in sorted(rest, key=lambda r: (-r[0], r[1:]))[:_MOST_ALIKE]
    ]
    if len(rest) > len(lines):
        lines.append(f"  and more, of {len(rest) - len(lines):,} kinds")
    head = f"{colours.bold}Not shown ({number:,}); --all shows them{colours.off}"
    return ["\n".join([head, *lines]) + "\n"]


def _headline(finding: Finding, colours: Paint) -> str:
    return (
        f"{colours.bold}{plain(finding.path)}{colours.off}:{finding.line}:{finding.column}: "
        f"{colours.severity[finding.severity]}{finding.severity}{colours.off}"
        f"[{plain(finding.rule)} {plain(finding.name)}] {plain(cut(finding.message, _LONGEST))}"
    )


def _told(finding: Finding, lines: Callable[[str, int], str], colours: Paint, width: int) -> str:
    """Return all that is known of one finding, over several lines."""
    told = _headline(finding, colours) + "\n"
    gutter = " " * len(str(finding.line))
    source = lines(finding.path, finding.line).rstrip("\r\n")
    if source and not source.isspace():
        end = finding.end_column
        if finding.end_line > finding.line:
            end = len(source.rstrip()) + 1
        limit = max(_NARROWEST, width - len(gutter) - 3)
        line, carets = underline(source, finding.column, end, limit)
        dim, off, hue = colours.dim, colours.off, colours.severity[finding.severity]
        told += (
            f"{dim}{gutter} |{off}\n"
            f"{dim}{finding.line} |{off} {line}\n"
            f"{dim}{gutter} |{off} {hue}{carets}{off}\n"
        )
    if finding.fix:
        told += f"{gutter} = fix: {plain(finding.fix)}\n"
    for place in finding.related:
        told += f"{gutter} = see also {plain(place.path)}:{place.line}:{place.column}\n"
    if finding.unevaluated:
        told += f"{gutter} = not evaluated: {NOT_EVALUATED}\n"
    return told


def _waived(finding: Finding, colours: Paint) -> str:
    """Return a waived finding in one line, with the reason for the waiver."""
    reason = f" (waived: {plain(finding.waiver_reason)})" if finding.waiver_reason else ""
    return f"  {_headline(finding, colours)}{reason}"


def _ending(report: CheckReport, colours: Paint) -> str:
    worst = worst_standing(report.findings)
    if worst is None:
        hue = colours.good if report.summary.files else colours.severity["warning"]
        return f"{hue}{verdict(report)}{colours.off}\n"
    return (
        f"{colours.bold}{verdict(report)}{colours.off}\n"
        f"Explain a rule with: itgov rules show {plain(worst.rule)}\n"
    )

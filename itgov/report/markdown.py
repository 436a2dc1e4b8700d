"""`--format markdown`: a job summary or a comment on a pull request."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from msgspec import Struct

from itgov.model.finding import Finding
from itgov.report.markup import code, escape, table_head, table_row
from itgov.report.outcome import CheckReport, by_rule, by_unit, worst_first
from itgov.report.plain import cut
from itgov.report.words import NOT_EVALUATED, verdict

MOST_BYTES = 64_500
"""GitHub refuses a comment or a check summary of more than 65,535 characters."""
_MOST_ROWS = 200
_MOST_WAIVED = 50
_MOST_RULES = 25
_CELL = 400  # characters of one message: one endless title must not push the others out
_RESERVE = 4_000  # bytes kept for each section to come
_NOTE = 100  # bytes kept for "… more not shown"


class _Section(Struct):
    """A heading, what stands above its rows (the head of a table), and its rows.

    `rows` are made one by one, as long as they fit; `count` is how many there are.
    """

    heading: str
    head: Sequence[str]
    rows: Iterator[str]
    count: int
    most: int


def render(report: CheckReport, *, statistics: bool = False) -> str:
    """Write the report down in GitHub's and GitLab's Markdown, worst findings first.

    At most 200 findings and less than 65,000 bytes; what is left out is counted.  Nothing in the
    data can become markup, a link, an image or a mention.
    """
    summary = report.summary
    counts = {
        "Errors": summary.error,
        "Warnings": summary.warning,
        "Infos": summary.info,
        "Waived": summary.waived,
        f"{report.noun.capitalize()}s": summary.investments,
        "Files": summary.files,
    }
    lines = [
        "## IT governance check",
        "",
        verdict(report),
        "",
        *table_head(list(counts), range(len(counts))),
    ]
    lines.append(table_row(f"{count:,}" for count in counts.values()))
    room = MOST_BYTES - _size(lines)
    sections = [s for s in _sections(report, statistics) if s.count]
    for number, section in enumerate(sections, start=1):
        told = _fitted(section, room - _RESERVE * (len(sections) - number))
        room -= _size(told)
        lines += told
    return "\n".join(lines) + "\n"


def _sections(report: CheckReport, statistics: bool) -> list[_Section]:
    ordered = worst_first(report.findings)
    standing = [f for f in ordered if not f.waived]
    waived = [f for f in ordered if f.waived]
    mended = {f.rule: f for f in reversed(standing)}  # the first finding of each rule
    fixes = [f for f in standing if mended[f.rule] is f and _fix(report, f)]
    head = table_head(("Severity", "Rule", "Place", "Finding"))
    sections = [
        _Section("### Findings", head, map(_finding, standing), len(standing), _MOST_ROWS),
        _Section(
            "### How to mend",
            (),
            (f"- {_rule(f)}: {_short(_fix(report, f))}" for f in fixes),
            len(fixes),
            _MOST_RULES,
        ),
        _Section("### Waived", (), map(_waived, waived), len(waived), _MOST_WAIVED),
    ]
    if statistics:
        sections += _statistics(report)
    return sections


def _statistics(report: CheckReport) -> list[_Section]:
    rules, units = by_rule(report.findings), by_unit(report.findings)
    by_rule_rows = (
        table_row((code(r.rule), escape(r.name), r.severity, f"{r.count:,}", f"{r.waived:,}"))
        for r in rules
    )
    by_unit_rows = (
        table_row(
            (
                "(none)" if u.business_unit is None else code(u.business_unit, _CELL),
                *(f"{count:,}" for count in (u.error, u.warning, u.info, u.waived)),
            )
        )
        for u in units
    )
    rule_head = table_head(("Rule", "Name", "Severity", "Count", "Waived"), (3, 4))
    unit_head = table_head(("Business unit", "Errors", "Warnings", "Infos", "Waived"), (1, 2, 3, 4))
    return [
        _Section("### By rule", rule_head, by_rule_rows, len(rules), _MOST_ROWS),
        _Section("### By business unit", unit_head, by_unit_rows, len(units), _MOST_ROWS),
    ]


def _fitted(section: _Section, room: int) -> list[str]:
    """Return the lines of a section that fit into `room` bytes, and a word on the others."""
    lines = ["", section.heading, "", *section.head]
    room -= _size(lines) + _NOTE
    shown = 0
    for row in islice(section.rows, section.most):
        room -= _size([row])
        if room < 0:
            break
        lines.append(row)
        shown += 1
    if shown < section.count:
        lines += ["", f"{section.count - shown:,} more not shown."]
    return lines


def _finding(f: Finding) -> str:
    message = _short(f.message) + (f" ({NOT_EVALUATED})" if f.unevaluated else "")
    return table_row((f"**{f.severity}**", _rule(f), _place(f), message))


def _waived(f: Finding) -> str:
    reason = f" (waived: {_short(f.waiver_reason)})" if f.waiver_reason else ""
    return f"- {_place(f)} {f.severity} {_rule(f)}: {_short(f.message)}{reason}"


def _fix(report: CheckReport, finding: Finding) -> str:
    """Return how to mend what a rule finds: the rule's own words, else the finding's."""
    rule = report.rules.get(finding.rule)
    return (rule.fix if rule else "") or finding.fix


def _rule(f: Finding) -> str:
    return f"{code(f.rule, _CELL)} {escape(f.name, _CELL)}"


def _place(f: Finding) -> str:
    return code(f"{cut(f.path, _CELL)}:{f.line}:{f.column}")


def _short(text: str) -> str:
    return escape(text, _CELL)


def _size(lines: Iterable[str]) -> int:
    return sum(len(line.encode()) + 1 for line in lines)

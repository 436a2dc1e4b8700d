"""`--format markdown`: a job summary or a comment on a pull request."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from itgov.model.finding import Finding
from itgov.report.check_report import (
    CheckReport,
    RuleCount,
    UnitCount,
    by_rule,
    by_unit,
    worst_first,
)
from itgov.report.fitting import COMMENT_BYTES, Part, fitted
from itgov.report.markdown_escape import code, escape, table_head, table_row
from itgov.report.plain import cut
from itgov.report.words import NOT_EVALUATED, verdict

T = TypeVar("T")
MOST_BYTES = COMMENT_BYTES - 500
_MOST_ROWS = 200
_MOST_WAIVED = 50
_MOST_RULES = 25
_CELL = 400  # characters of one message: one endless title must not push the others out


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
    return fitted([Part(lines), *_sections(report, statistics)], MOST_BYTES)


def _sections(report: CheckReport, statistics: bool) -> Iterator[Part]:
    ordered = worst_first(report.findings)
    standing = [f for f in ordered if not f.waived]
    waived = [f for f in ordered if f.waived]
    first = {f.rule: f for f in reversed(standing)}  # the first finding of each rule
    fixes = [f for f in standing if first[f.rule] is f and _fix(report, f)]
    head = table_head(("Severity", "Rule", "Place", "Finding"))
    yield from _section("Findings", head, standing, _finding, _MOST_ROWS)
    yield from _section(
        "How to fix", (), fixes, lambda f: f"- {_rule(f)}: {_short(_fix(report, f))}", _MOST_RULES
    )
    yield from _section("Waived", (), waived, _waived, _MOST_WAIVED)
    if statistics:
        rules, units = by_rule(report.findings), by_unit(report.findings)
        head = table_head(("Rule", "Name", "Severity", "Count", "Waived"), (3, 4))
        yield from _section("By rule", head, rules, _rule_count, _MOST_ROWS)
        head = table_head(("Business unit", "Errors", "Warnings", "Infos", "Waived"), (1, 2, 3, 4))
        yield from _section("By business unit", head, units, _unit_count, _MOST_ROWS)


def _section(
    heading: str, head: Sequence[str], found: Sequence[T], row: Callable[[T], str], most: int
) -> Iterator[Part]:
    if found:
        yield Part([f"### {heading}", "", *head], list(map(row, found[:most])), len(found))


def _rule_count(r: RuleCount) -> str:
    return table_row((code(r.rule), escape(r.name), r.severity, f"{r.count:,}", f"{r.waived:,}"))


def _unit_count(u: UnitCount) -> str:
    unit = "(none)" if u.business_unit is None else code(u.business_unit, _CELL)
    return table_row((unit, *(f"{n:,}" for n in (u.error, u.warning, u.info, u.waived))))


def _finding(f: Finding) -> str:
    message = _short(f.message) + (f" ({NOT_EVALUATED})" if f.unevaluated else "")
    return table_row((f"**{f.severity}**", _rule(f), _place(f), message))


def _waived(f: Finding) -> str:
    reason = f" (waived: {_short(f.waiver_reason)})" if f.waiver_reason else ""
    return f"- {_place(f)} {f.severity} {_rule(f)}: {_short(f.message)}{reason}"


def _fix(report: CheckReport, finding: Finding) -> str:
    """Return how to fix what a rule finds: the rule's own words, else the finding's."""
    rule = report.rules.get(finding.rule)
    return (rule.fix if rule else "") or finding.fix


def _rule(f: Finding) -> str:
    return f"{code(f.rule, _CELL)} {escape(f.name, _CELL)}"


def _place(f: Finding) -> str:
    return code(f"{cut(f.path, _CELL)}:{f.line}:{f.column}")


def _short(text: str) -> str:
    return escape(text, _CELL)

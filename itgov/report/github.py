"""`--format github`: annotations on the lines of a pull request."""

from __future__ import annotations

from collections import Counter

from itgov.model.finding import Finding, Severity
from itgov.model.text import plural
from itgov.report.check_report import CheckReport, worst_first
from itgov.report.plain import cut, cut_bytes, plain
from itgov.report.words import NOT_EVALUATED

_LEVELS: dict[Severity, str] = {"error": "error", "warning": "warning", "info": "notice"}
PER_STEP = 10
"""GitHub shows so many annotations of each level for a step, and drops the others silently."""
_MESSAGE_BYTES = 3900  # GitHub cuts at 4 KB
_TITLE = 255


def render(report: CheckReport) -> str:
    """Write the findings down as GitHub workflow commands, worst first, waived ones left out.

    No more are written than GitHub shows; where some are left, a last notice says how many.
    """
    open_findings = worst_first(f for f in report.findings if not f.waived)
    levels = Counter(f.severity for f in open_findings)
    quota = dict.fromkeys(_LEVELS, PER_STEP)
    if any(count > PER_STEP for count in levels.values()):
        quota["info"] -= 1  # the last notice takes one of the ten
    lines = []
    left: Counter[Severity] = Counter()
    for finding in open_findings:
        if quota[finding.severity]:
            quota[finding.severity] -= 1
            lines.append(_command(finding))
        else:
            left[finding.severity] += 1
    if left:
        kinds = ", ".join(plural(count, kind) for kind, count in left.items())
        message = (
            f"{plural(left.total(), 'more finding')} not shown: {kinds}."
            f" GitHub shows {PER_STEP} of each kind for a step; the job's log or another format"
            " has them all."
        )
        lines.append(f"::notice title=itgov::{_data(message)}")
    return "".join(f"{line}\n" for line in lines)


def _command(finding: Finding) -> str:
    """Return one finding as a workflow command."""
    where = {
        "file": plain(finding.path),
        "line": str(max(1, finding.line)),
        "endLine": str(max(1, finding.line, finding.end_line)),
    }
    # GitHub refuses columns on a span of several lines.
    if finding.end_line == finding.line:
        where["col"] = str(max(1, finding.column))
        where["endColumn"] = str(max(1, finding.column, finding.end_column))
    where["title"] = cut(plain(f"{finding.rule} {finding.name}"), _TITLE)
    message = plain(finding.message)
    if finding.unevaluated:
        message += f" ({NOT_EVALUATED})"
    message = cut_bytes(message, _MESSAGE_BYTES)
    if finding.fix:
        message = cut_bytes(f"{message}\nFix: {plain(finding.fix)}", _MESSAGE_BYTES)
    properties = ",".join(f"{key}={_property(value)}" for key, value in where.items())
    return f"::{_LEVELS[finding.severity]} {properties}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")

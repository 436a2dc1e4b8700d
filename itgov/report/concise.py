"""`--format concise`: one line a finding, for people who scan and for editors that follow a place."""

from __future__ import annotations

from itgov.report.check_report import CheckReport
from itgov.report.plain import cut, plain
from itgov.report.words import verdict

_LONGEST = 500
"""Characters of a message."""


def render(report: CheckReport) -> str:
    """Write each finding that is not waived as `path:line:column: severity rule message`, then the
    verdict."""
    lines = [
        f"{plain(f.path)}:{f.line}:{f.column}: {f.severity} {plain(f.rule)} "
        f"{plain(cut(f.message, _LONGEST))}"
        for f in report.findings
        if not f.waived
    ]
    return "\n".join([*lines, verdict(report), ""])

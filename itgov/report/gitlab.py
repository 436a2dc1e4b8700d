"""`--format gitlab`: GitLab's code quality report."""

from __future__ import annotations

from itgov.model.finding import Severity
from itgov.report.check_report import CheckReport
from itgov.report.json_text import json_text
from itgov.report.plain import plain

_SEVERITIES: dict[Severity, str] = {"error": "critical", "warning": "minor", "info": "info"}


def render(report: CheckReport) -> str:
    """Write the findings down as GitLab's JSON array; waived ones are left out.

    GitLab does not show `check_name`, so the description begins with the rule's id.  Errors are
    `critical`, warnings `minor`, infos `info`.
    """
    issues = [
        {
            "description": plain(f"{f.rule}: {f.message}"),
            "check_name": plain(f.rule),
            "fingerprint": plain(f.fingerprint),
            "severity": _SEVERITIES[f.severity],
            "location": {
                "path": plain(f.path.removeprefix("./")),
                "lines": {"begin": max(1, f.line), "end": max(1, f.line, f.end_line)},
            },
        }
        for f in report.findings
        if not f.waived
    ]
    return json_text(issues)

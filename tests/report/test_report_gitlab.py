"""`--format gitlab`, by GitLab's own check and by what it drops silently."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Any

from itgov.model.finding import Finding
from itgov.report import CheckReport, render

Make = Callable[..., Finding]
MakeReport = Callable[..., CheckReport]

SEVERITIES = {"info", "minor", "major", "critical", "blocker"}


def issues_of(report: CheckReport) -> list[dict[str, Any]]:
    """The issues of a report, each checked."""
    issues = json.loads(render(report, "gitlab"))
    assert isinstance(issues, list)
    for issue in issues:
        for key in ("description", "check_name", "fingerprint", "severity"):
            assert isinstance(issue[key], str)
            assert issue[key].strip()
        assert issue["severity"] in SEVERITIES
        path, lines = issue["location"]["path"], issue["location"]["lines"]
        assert not PurePosixPath(path).is_absolute()
        assert not path.startswith("./")
        assert type(lines["begin"]) is int
        assert 1 <= lines["begin"] <= lines["end"]
    assert len({issue["fingerprint"] for issue in issues}) == len(issues)
    return list(issues)


def test_an_issue_says_what_where_and_how_bad(report: CheckReport) -> None:
    info, error, warning, _ = issues_of(report)
    assert error == {
        "description": "OWN-001: Claims handling platform has no outcome owner",
        "check_name": "OWN-001",
        "fingerprint": report.findings[1].fingerprint,
        "severity": "critical",
        "location": {"path": "portfolios/retail.yaml", "lines": {"begin": 5, "end": 5}},
    }
    assert (info["severity"], warning["severity"]) == ("info", "minor")


def test_waived_findings_are_left_out(finding: Make, report_on: MakeReport) -> None:
    assert issues_of(report_on([finding(waived=True)])) == []


def test_odd_positions_and_paths_are_put_right(finding: Make, report_on: MakeReport) -> None:
    (issue,) = issues_of(report_on([finding(span=(0, 0, 0, 0), path="./a.yaml")]))
    assert issue["location"] == {"path": "a.yaml", "lines": {"begin": 1, "end": 1}}

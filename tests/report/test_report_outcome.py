"""Counting findings, and the door to the formats."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import cast

import pytest

from itgov.model.finding import Finding
from itgov.report import FORMATS, CheckReport, Format, Summary, render, summarise
from itgov.report.check_report import by_rule, by_severity, by_unit, worst_first

Make = Callable[..., Finding]
MakeReport = Callable[..., CheckReport]


def test_a_waived_finding_counts_only_as_waived(findings: list[Finding]) -> None:
    assert summarise(findings, files=7, investments=61) == Summary(1, 2, 1, 1, 7, 61)
    assert by_severity(findings) == {"error": 1, "warning": 2, "info": 1}


def test_no_findings_are_all_zeros() -> None:
    assert summarise([], files=2, investments=3) == Summary(files=2, investments=3)


def test_counts_by_rule_are_worst_first_with_waived_apart(findings: list[Finding]) -> None:
    assert [(r.rule, r.count, r.waived) for r in by_rule(findings)] == [
        ("OWN-001", 1, 0),
        ("VAL-004", 2, 1),
        ("ORG-002", 1, 0),
    ]


def test_a_rule_with_only_waived_findings_is_still_counted(finding: Make) -> None:
    (row,) = by_rule([finding(waived=True)])
    assert (row.count, row.waived) == (0, 1)


def test_counts_by_unit_keep_what_belongs_to_none(findings: list[Finding]) -> None:
    rows = [(u.business_unit, u.error, u.warning, u.info, u.waived) for u in by_unit(findings)]
    assert rows == [("retail", 1, 2, 0, 1), (None, 0, 0, 1, 0)]


def test_worst_first_keeps_the_order_of_equals(finding: Make) -> None:
    given = [
        finding(1, severity="info"),
        finding(2, severity="error", waived=True),
        finding(3, severity="warning"),
        finding(4),
        finding(5),
    ]
    assert [f.subject.id for f in worst_first(given)] == [
        "RET-004",
        "RET-005",
        "RET-003",
        "RET-001",
        "RET-002",
    ]


@pytest.mark.parametrize("format", FORMATS)
def test_every_format_is_deterministic_and_ends_with_one_line_end(
    report: CheckReport, format: Format
) -> None:
    written = render(report, format)
    assert written == render(report, format)
    assert written.endswith("\n")
    assert not written.endswith("\n\n")


@pytest.mark.parametrize("format", FORMATS)
def test_no_format_gives_the_absolute_path_away(report: CheckReport, format: Format) -> None:
    assert "secret-place" not in render(report, format, statistics=True)


@pytest.mark.parametrize("format", FORMATS)
def test_every_format_can_say_that_nothing_was_found(report_on: MakeReport, format: Format) -> None:
    assert render(report_on([]), format) or format == "github"


def test_an_unknown_format_is_refused_by_name(report: CheckReport) -> None:
    with pytest.raises(ValueError, match=r"'yaml'.*sarif"):
        render(report, cast("Format", "yaml"))


def test_a_format_does_not_import_what_others_need() -> None:
    program = (
        "import sys, datetime; from itgov.report import *;"
        "r = CheckReport(datetime.date(2026, 1, 1), (), Summary());"
        "render(r, 'json'); render(r, 'text');"
        "print([m for m in ('tabulate', 'importlib.metadata', 'urllib.parse', 'rich')"
        " if m in sys.modules])"
    )
    ran = subprocess.run(
        [sys.executable, "-S", "-c", f"import sys; sys.path[:] = {sys.path!r}; {program}"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.strip() == "[]"

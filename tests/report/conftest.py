"""A small portfolio's report, and the means to make others."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence

import pytest

from itgov.model.finding import Finding, Place, Severity, Subject
from itgov.model.rulebook import RuleInfo
from itgov.report import CheckReport, summarise

AS_OF = datetime.date(2026, 11, 23)

SOURCE = """\
business_unit: retail
investments:
  - id: RET-001
    title: Claims handling platform
    outcome_owner: TBD
  - id: RET-002
    title: 自動車保険 🚗 renewal
    outcomes: [{id: faster}]
"""

RULES = {
    "OWN-001": RuleInfo(
        id="OWN-001",
        name="outcome-owner-named",
        summary="Every investment names an outcome owner",
        severity="error",
        subject="investment",
        why="Nobody answers for the result when nobody is named.",
        fix="Name the person in the business who answers for the outcome.",
        sources=("Potts", "COBIT 2019 EDM02"),
        tags=("accountability",),
        waivable=False,
        mandatory=True,
    ),
    "VAL-004": RuleInfo(
        id="VAL-004",
        name="outcome-measurable",
        summary="Every outcome has a measure",
        severity="warning",
        subject="outcome",
        why="What is not measured cannot be shown to have arrived.",
    ),
}


def a_finding(
    number: int = 1,
    *,
    rule: str = "OWN-001",
    name: str = "outcome-owner-named",
    severity: Severity = "error",
    message: str = "Claims handling platform has no outcome owner",
    path: str = "portfolios/retail.yaml",
    span: tuple[int, int, int, int] = (3, 5, 3, 16),
    business_unit: str | None = "retail",
    subject: Subject | None = None,
    field: str | None = "outcome_owner",
    waived: bool = False,
    fingerprint: str | None = None,
    fix: str = "",
    related: tuple[Place, ...] = (),
    waiver_reason: str | None = None,
    unevaluated: bool = False,
) -> Finding:
    """Make a finding; `number` makes it differ from others."""
    return Finding(
        rule=rule,
        name=name,
        severity=severity,
        message=message,
        path=path,
        line=span[0],
        column=span[1],
        end_line=span[2],
        end_column=span[3],
        business_unit=business_unit,
        subject=subject or Subject("investment", f"RET-{number:03}"),
        field=field,
        waived=waived,
        fingerprint=f"f{number:031x}" if fingerprint is None else fingerprint,
        fix=fix,
        related=related,
        waiver_reason=waiver_reason,
        unevaluated=unevaluated,
    )


def a_report(
    findings: Sequence[Finding] = (),
    *,
    files: int = 7,
    investments: int = 61,
    lines: Callable[[str, int], str] | None = None,
    rules: dict[str, RuleInfo] | None = None,
) -> CheckReport:
    """Make a report on `findings`; by default each source line is empty."""
    return CheckReport(
        as_of=AS_OF,
        findings=findings,
        summary=summarise(findings, files, investments),
        rules=RULES if rules is None else rules,
        root="/home/somebody/secret-place",
        lines=lines or (lambda path, line: ""),
    )


def the_findings() -> list[Finding]:
    """One finding of each kind, sorted."""
    return [
        a_finding(
            9,
            path="portfolios/organisation.yaml",
            span=(1, 1, 1, 5),
            severity="info",
            rule="ORG-002",
            name="vocabulary-agreed",
            business_unit=None,
            subject=Subject("organisation", "northwind"),
            field="vocabulary",
            message="No title is agreed for the role",
        ),
        a_finding(
            1,
            span=(5, 20, 5, 23),
            fix="Name the person in the business.",
            related=(Place("portfolios/organisation.yaml", 12, 5, 12, 20),),
        ),
        a_finding(
            2,
            span=(7, 12, 7, 17),
            rule="VAL-004",
            name="outcome-measurable",
            severity="warning",
            message="The title speaks of 自動車",
            subject=Subject("outcome", "RET-002/faster"),
            field="measure",
        ),
        a_finding(
            3,
            span=(8, 15, 8, 27),
            rule="VAL-004",
            name="outcome-measurable",
            severity="warning",
            message="RET-002/faster: no such overload",
            unevaluated=True,
            subject=Subject("outcome", "RET-002/faster"),
            field="unit",
        ),
        a_finding(
            4,
            span=(8, 15, 8, 27),
            rule="VAL-004",
            name="outcome-measurable",
            severity="warning",
            message="faster has no baseline",
            waived=True,
            waiver_reason="Re-measured after the merger",
            field="baseline",
            subject=Subject("outcome", "RET-002/faster"),
        ),
    ]


def source_line(path: str, line: int) -> str:
    """Return a line of the sample's one file."""
    lines = SOURCE.splitlines()
    return lines[line - 1] if path == "portfolios/retail.yaml" and line <= len(lines) else ""


@pytest.fixture
def findings() -> list[Finding]:
    return the_findings()


@pytest.fixture
def report(findings: list[Finding]) -> CheckReport:
    return a_report(findings, lines=source_line)


@pytest.fixture
def finding() -> Callable[..., Finding]:
    return a_finding


@pytest.fixture
def report_on() -> Callable[..., CheckReport]:
    return a_report

"""Findings as a page shows them."""

from __future__ import annotations

from collections.abc import Sequence

from itgov.model.finding import Finding
from itgov.model.text import plural
from itgov.report.blocks import Code, Column, PageBlock, Para, Table, Words

_MOST = 200


def finding_words(finding: Finding) -> Words:
    """Return a finding's message with its rule, and whether it is waived."""
    waived = " (waived)" if finding.waived else ""
    return (f"{finding.message}{waived} ", Code(finding.rule))


def findings_table(findings: Sequence[Finding], caption: str) -> PageBlock:
    """Return findings, which are in order, as a table, or say that there is none."""
    if not findings:
        return Para("No findings.")
    columns = [Column("Finding", "wide"), Column("Severity", "short"), Column("Where")]
    return Table(
        columns,
        [(finding_words(f), f.severity, f.place) for f in findings],
        caption=f"{caption}: {plural(len(findings), 'finding')}.",
        most=_MOST,
    )

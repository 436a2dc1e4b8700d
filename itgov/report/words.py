"""The few words that every format says in the same way."""

from __future__ import annotations

from itgov.model.finding import SEVERITIES, Severity
from itgov.report.check_report import CheckReport, Summary
from itgov.report.plain import plain

NOT_EVALUATED = "the rule could not be evaluated, so it does not count as passed"


def plural(count: int, noun: str) -> str:
    """Return "1 error", "3 errors", "2 people"."""
    many = "people" if noun == "person" else f"{noun}s"
    return f"{count:,} {noun if count == 1 else many}"


def tally(summary: Summary) -> str:
    """Return "3 errors, 1 info", or an empty text where nothing stands unwaived."""
    counts: dict[Severity, int] = {
        "error": summary.error,
        "warning": summary.warning,
        "info": summary.info,
    }
    return ", ".join(plural(counts[kind], kind) for kind in SEVERITIES if counts[kind])


def verdict(report: CheckReport) -> str:
    """Return the sentence that sums the report up.

    Nothing checked is never called good.
    """
    summary = report.summary
    files = plural(summary.files, "file")
    things = plural(summary.investments, report.noun)
    waived = f" ({summary.waived:,} waived)" if summary.waived else ""
    found = tally(summary)
    if found:
        return f"Found {found}{waived} in {things}, {files}, as of {report.as_of}."
    if not summary.files:
        return f"Nothing checked: no file was found, as of {report.as_of}."
    if report.since is not None:
        return f"Nothing new since {plain(report.since)}: {things} in {files}{waived}, as of {report.as_of}."
    return f"All good: {things} in {files}{waived}, as of {report.as_of}."

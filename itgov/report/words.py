"""The few words that every format says in the same way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from itgov.model import text
from itgov.model.finding import SEVERITIES, Severity
from itgov.report.check_report import CheckReport
from itgov.report.plain import plain

NOT_EVALUATED = "the rule could not be evaluated, so it does not count as passed"


plural = text.plural


def engagement_words(count: int, not_counted: int) -> str:
    """Return how many engagements count as a unit's, and how many do not."""
    return f"{count:,} count, {not_counted:,} do not count"


def some_of(names: Sequence[str], most: int | None) -> str:
    """Return the first names, and how many more there are, "a, b and 3 more"; with None, all."""
    more = f" and {len(names) - most:,} more" if most is not None and len(names) > most else ""
    return f"{', '.join(names[:most])}{more}"


def named(identifier: str, title: str | None) -> str:
    """Return an id with the title that goes with it, where that says more."""
    return f"{identifier} {title}" if title and title != identifier else identifier


def tally(counts: Mapping[Severity, int]) -> str:
    """Return "3 errors, 1 info", or an empty text where there is nothing to count."""
    return ", ".join(plural(n, kind) for kind in SEVERITIES if (n := counts.get(kind)))


def verdict(report: CheckReport) -> str:
    """Return the sentence that sums the report up.

    Nothing checked is never called good.
    """
    summary = report.summary
    files = plural(summary.files, "file")
    things = plural(summary.investments, report.noun)
    if (part := report.filtered) is not None:
        things = f"{part.items:,} of {things} (filter `{plain(part.filter)}`)"
    waived = f" ({summary.waived:,} waived)" if summary.waived else ""
    found = tally(summary.by_severity)
    if found:
        return f"Found {found}{waived} in {things}, {files}, as of {report.as_of}."
    if not summary.files:
        return f"Nothing checked: no file was found, as of {report.as_of}."
    if report.since is not None:
        return f"Nothing new since {plain(report.since)}: {things} in {files}{waived}, as of {report.as_of}."
    if not report.summary.investments:
        return f"No finding, and no {report.noun} to judge: {files}{waived}, as of {report.as_of}."
    if report.filtered is not None and not report.filtered.items:
        return f"Nothing checked: the filter finds {things}, {files}{waived}, as of {report.as_of}."
    return f"All good: {things} in {files}{waived}, as of {report.as_of}."

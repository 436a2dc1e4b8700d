"""What closed sessions have looked at already, so that the next one knows what is new."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from itgov.model.finding import SEVERITIES, Finding, Severity, severity_rank
from itgov.model.minutes import Minutes, SeenFindings


class Seen(Struct, frozen=True):
    """How bad a finding was when it was last looked at."""

    severity: Severity
    waived: bool


class SeenBefore:
    """What the latest session on each unit, or on the whole, has seen.

    Findings that still stand are carried from one session's minutes into the next one's, so the
    latest is enough.
    """

    def __init__(self, ordered: Iterable[Minutes], units: Iterable[str]) -> None:
        self.latest: dict[str | None, Minutes] = {}
        known = list(units)
        for minutes in ordered:
            unit = minutes.review.business_unit
            self.latest[unit] = minutes
            if unit is None:
                for name in known:
                    self.latest[name] = minutes
        self.marks: dict[str, Seen] = {}
        for minutes in sorted(
            {id(m): m for m in self.latest.values()}.values(),
            key=lambda m: (m.review.date, m.review.closed or "", m.review.id),
        ):
            for seen in minutes.findings:
                for mark in seen.marks.split():
                    self.marks[mark] = Seen(seen.severity, seen.waived)

    def since(self, unit: str | None) -> str | None:
        """Return the day of the latest session that covers a unit, or None."""
        minutes = self.latest.get(unit) or self.latest.get(None)
        return minutes.review.date.isoformat() if minutes is not None else None

    def news(self, finding: Finding) -> str | None:
        """Return "new" or how a finding has become worse, or None where it is known as it is."""
        before = self.marks.get(finding.fingerprint)
        if before is None:
            return "new"
        if before.waived and not finding.waived:
            return "it was waived and is not any more"
        if severity_rank(finding.severity) < severity_rank(before.severity):
            return f"it was {_one(before.severity)} and is {_one(finding.severity)} now"
        return None


def _one(severity: Severity) -> str:
    return f"an {severity}" if severity[0] in "aeio" else f"a {severity}"


def mark_of(finding: Finding) -> str:
    """Return a finding as an item remembers it."""
    waived = "waived" if finding.waived else "-"
    return f"{finding.rule} {finding.severity} {waived} {finding.fingerprint}"


def gathered(marks: Iterable[str]) -> list[SeenFindings]:
    """Return marks as minutes record them, by rule and severity."""
    found: dict[tuple[str, Severity, bool], set[str]] = {}
    for mark in marks:
        rule, severity, waived, fingerprint = mark.split(" ")
        known = next(s for s in SEVERITIES if s == severity)
        found.setdefault((rule, known, waived == "waived"), set()).add(fingerprint)
    return [
        SeenFindings(rule=rule, severity=severity, waived=waived, marks=" ".join(sorted(names)))
        for (rule, severity, waived), names in sorted(found.items())
    ]

"""How many findings there are of a unit, an item or the whole, and each of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property, partial

from itgov.insight.why_health import finding_input
from itgov.insight.why_types import Figure, Parts
from itgov.model.finding import SEVERITIES, Finding, item_of
from itgov.model.portfolio import InvestmentEntry, OrganisationEntry, UnitEntry

_COUNTED = (*SEVERITIES, "waived")


class FindingFigures:
    """Counts findings by severity, waived ones apart."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = findings

    @cached_property
    def _of_unit(self) -> dict[str | None, list[Finding]]:
        found: dict[str | None, list[Finding]] = {}
        for finding in self.findings:
            found.setdefault(finding.business_unit, []).append(finding)
        return found

    @cached_property
    def _of_item(self) -> dict[str | None, list[Finding]]:
        found: dict[str | None, list[Finding]] = {}
        for finding in self.findings:
            found.setdefault(item_of(finding.subject), []).append(finding)
        return found

    def of(self, entry: OrganisationEntry | UnitEntry | InvestmentEntry) -> Iterator[Figure]:
        """Yield how many findings of each severity there are of something."""
        found: Sequence[Finding] = self.findings
        if isinstance(entry, UnitEntry):
            found = self._of_unit.get(entry.record.id, ())
        elif isinstance(entry, InvestmentEntry):
            found = self._of_item.get(entry.record.id, ())
        open_ones = [f for f in found if not f.waived]
        words = "Number of findings that are not waived."
        yield Figure("finding_count.open", len(open_ones), words, partial(_parts, open_ones))
        for kind in _COUNTED:
            mine = [f for f in found if ("waived" if f.waived else f.severity) == kind]
            words = "Number of findings that are waived."
            if kind != "waived":
                words = f"Number of findings of severity {kind} that are not waived."
            yield Figure(f"finding_count.{kind}", len(mine), words, partial(_parts, mine))


def _parts(findings: Sequence[Finding]) -> Parts:
    return Parts("count", [finding_input(finding) for finding in findings])

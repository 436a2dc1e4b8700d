"""How the rules ended on the subjects of one unit, gathered: verdicts and findings."""

from __future__ import annotations

from typing import Any

from itgov.files.document import Document
from itgov.files.places import locate
from itgov.model.finding import Finding, Subject
from itgov.model.portfolio import Portfolio, UnitEntry
from itgov.rules.catalogue import is_waivable
from itgov.rules.compiled import CompiledRule, RuleResult
from itgov.rules.language import SubjectName
from itgov.rules.verdicts import FAIL, UNEVALUATED, WAIVED, Verdicts, subject_of
from itgov.rules.waivers import UnitWaivers


class UnitResults:
    """How the rules ended on the subjects of one unit, or of none."""

    def __init__(
        self,
        portfolio: Portfolio,
        documents: dict[str, Document],
        unit: UnitEntry | None,
        waivers: UnitWaivers,
    ) -> None:
        self.portfolio = portfolio
        self.documents = documents
        self.unit = unit
        self.waivers = waivers
        self.findings: list[Finding] = []
        self.tables: dict[SubjectName, tuple[list[str], bytearray]] = {}

    def add(self, kind: SubjectName, subject: str, verdicts: bytearray) -> None:
        """Add how each rule of a kind ended on one subject."""
        names, table = self.tables.setdefault(kind, ([], bytearray()))
        names.append(subject)
        table += verdicts

    def fail(self, compiled: CompiledRule, entry: Any, result: RuleResult) -> int:
        """Turn a failure into a finding, waived where a waiver holds; return how it ended."""
        rule = compiled.rule
        kind = rule.for_
        field = rule.at or (rule.named.field if rule.named else None)
        if field is None and rule.require:
            field = next(iter(compiled.missing(entry, self.portfolio.people)), rule.require[0])
        place = locate(self.documents, entry.source, field)
        subject = Subject(kind, subject_of(entry, kind))
        waiver = None
        unevaluated = result.verdict == UNEVALUATED
        if unevaluated:
            message = f"{rule.id} could not be evaluated on {subject.id}: {result.reason}"
            self.waivers.undecided(entry, rule.id)
        else:
            message = result.message or rule.name
            waiver = self.waivers.waiver(entry, rule.id) if is_waivable(rule) else None
        unit = self.unit.record.id if self.unit is not None else None
        if kind == "person":
            unit = entry.record.business_unit
        self.findings.append(
            Finding.of(
                rule,
                subject,
                place,
                message,
                business_unit=unit,
                field=field,
                waived=waiver is not None,
                waiver_reason=waiver.reason if waiver is not None else None,
                unevaluated=unevaluated,
            )
        )
        return UNEVALUATED if unevaluated else WAIVED if waiver is not None else FAIL

    def close(self) -> list[Verdicts]:
        """Return how every rule ended on every subject."""
        unit = self.unit.record.id if self.unit is not None else None
        return [
            Verdicts(unit, kind, names, bytes(table))
            for kind, (names, table) in self.tables.items()
        ]

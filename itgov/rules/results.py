"""How the rules ended on the subjects of one unit, gathered: verdicts and findings."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import islice, takewhile
from operator import itemgetter
from typing import Any

from itgov.files.document import Document
from itgov.files.places import RecordPlaces
from itgov.model.finding import Finding, Subject
from itgov.model.portfolio import Lost, Portfolio, Source, UnitEntry
from itgov.model.types import BusinessUnit
from itgov.model.unit_facts import FROM_UNITS
from itgov.rules.compiled import CompiledRule, RuleResult
from itgov.rules.language import SubjectName
from itgov.rules.verdicts import FAIL, UNEVALUATED, WAIVED, Verdicts, fingerprint_of, subject_of
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
        self._unit = unit.record.id if unit is not None else None
        self.waivers = waivers
        self.findings: list[Finding] = []
        self.tables: dict[SubjectName, tuple[list[str], bytearray]] = {}
        self._lost = portfolio.lost != Lost()
        self._last: RecordPlaces | None = None
        self._subject: Subject | None = None
        self._subject_of: object = None
        self._unusable_of: RecordPlaces | None = None
        self._unusable: list[frozenset[str]] = []

    def add(self, kind: SubjectName, subject: str, verdicts: bytearray) -> None:
        """Add how each rule of a kind ended on one subject."""
        names, table = self.tables.setdefault(kind, ([], bytearray()))
        names.append(subject)
        table += verdicts

    def fail(
        self,
        compiled: CompiledRule,
        entry: Any,
        result: RuleResult,
        missing: Sequence[str] = (),
    ) -> int:
        """Turn a failure into a finding, waived where a waiver holds; return how it ended.

        `missing` are the fields that are not there, where they were told.
        """
        rule = compiled.rule
        kind = rule.for_
        if self._lost and result.verdict == FAIL:
            if self._may_be_for_want_of_a_file(compiled, entry):
                why = "a file cannot be read, and what it says of this is unknown"
                result = RuleResult(UNEVALUATED, reason=why)
            elif self._asks_for_an_unusable_value(compiled, entry):
                self.waivers.undecided(entry, rule.id)
                return UNEVALUATED  # the value has a finding of its own
        field = compiled.at
        if field is None and rule.require:
            missing = missing or compiled.missing(entry, self.portfolio.people)
            field = next(iter(missing), rule.require[0])
        places = self._last
        if places is None or places.source is not entry.source:
            places = self._places(entry.source)
        place = places.of(field)
        subject = self._subject
        if (
            subject is None or self._subject_of is not entry
        ):  # rules fail one after the other on one subject
            subject = self._subject = Subject(kind, subject_of(entry, kind))
            self._subject_of = entry
        waiver = None
        unevaluated = result.verdict == UNEVALUATED
        if unevaluated:
            message = f"{rule.id} could not be evaluated on {subject.id}: {result.reason}"
            self.waivers.undecided(entry, rule.id)
        else:
            message = result.message or rule.name
            if compiled.waivable and self.waivers.given:
                waiver = self.waivers.waiver(entry, rule.id)
        unit = entry.record.business_unit if kind == "person" else self._unit
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
                fingerprint=fingerprint_of(rule.id, subject, field),
            )
        )
        return UNEVALUATED if unevaluated else WAIVED if waiver is not None else FAIL

    def _may_be_for_want_of_a_file(self, compiled: CompiledRule, entry: Any) -> bool:
        """Say whether a failure may only come of what a file that cannot be read would have said."""
        lost = self.portfolio.lost
        if lost.people and compiled.of_people:
            return True
        if compiled.rule.for_ != "business_unit":
            return compiled.of_units and lost.of_units() and compiled.rule.for_ in FROM_UNITS
        if not lost.of_unit(entry.record.id):
            return False
        return compiled.of_units or entry.record == BusinessUnit(id=entry.record.id)

    def _asks_for_an_unusable_value(self, compiled: CompiledRule, entry: Any) -> bool:
        """Say whether a rule fails on a field whose value is there and could not be used."""
        places = self._places(entry.source)
        if self._unusable_of is not places:
            self._unusable_of, self._unusable = places, self._unusable_values(places)
        if not self._unusable:
            return False
        fields = compiled.asks_for
        return any("<<" in keys or keys & fields for keys in self._unusable)

    def _places(self, source: Source) -> RecordPlaces:
        """Return where a record stands; rules fail one after the other on one record."""
        if self._last is None or self._last.source is not source:
            self._last = RecordPlaces(self.documents, source)
        return self._last

    def _unusable_values(self, places: RecordPlaces) -> list[frozenset[str]]:
        """Return the keys that lead to each value of a record that could not be used."""
        unusable = self.portfolio.lost.values.get(places.source.path)
        document, at = places.document, places.record
        if not unusable or document is None or at is None:
            return []
        end = document.ends[at]
        first = bisect_left(unusable, document.starts[at], key=itemgetter(0))
        inside = takewhile(lambda u: u[0] <= end, islice(unusable, first, None))
        return [keys for _, keys in inside]

    def close(self) -> list[Verdicts]:
        """Return how every rule ended on every subject."""
        return [
            Verdicts(self._unit, kind, names, bytes(table))
            for kind, (names, table) in self.tables.items()
        ]

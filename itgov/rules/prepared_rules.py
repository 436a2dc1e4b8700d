"""Judging: every rule on every subject of some business units, or beside them.

A rule on a subject ends in one of five ways, which are never mixed up: pass, fail, waived, does
not apply, could not be evaluated.  The last is a finding, never a pass.

Nearly all rules are judged in Python.  The fast path for the rest asks CEL all of them about a batch of
subjects in one expression.  A batch in which anything cannot be evaluated is cut in half until the
subject is found; that subject goes the plain path, where each rule is asked by itself.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from itgov.files.document import Document
from itgov.files.linked import Linked
from itgov.files.shared_work import Tick
from itgov.model.portfolio import (
    EngagementEntry,
    InvestmentEntry,
    ManagerEntry,
    OrganisationEntry,
    OutcomeEntry,
    PersonEntry,
    Portfolio,
    UnitEntry,
)
from itgov.model.rulebook import RuleInfo
from itgov.rules.analysis import MAPS, union
from itgov.rules.batch import SUBJECTS_GIVEN, Batch, KindRules
from itgov.rules.catalogue import LoadedRule
from itgov.rules.cel import EvaluationError, Runtime
from itgov.rules.compiled import CompiledRule, RuleResult
from itgov.rules.history_rules import untold
from itgov.rules.judged_part import JudgedPart, UnitFiles
from itgov.rules.language import SUBJECTS, SubjectName
from itgov.rules.native_failures import NativeFailures
from itgov.rules.results import UnitResults
from itgov.rules.surroundings import Asked, Surroundings, View
from itgov.rules.unknown import conclude
from itgov.rules.verdicts import (
    ASK,
    FAIL,
    PASS,
    UNEVALUATED,
    UNKNOWN,
    Counts,
    Judged,
    by_file,
    in_order,
    subject_of,
)
from itgov.rules.waivers import UnitWaivers, waiver_findings

BATCH = 48
"""Subjects in one evaluation; CEL allows it 10,000 steps.

An investment with more outcomes than that is judged without them, and they in batches of their own.
"""

Entry = (
    InvestmentEntry
    | OutcomeEntry
    | EngagementEntry
    | UnitEntry
    | PersonEntry
    | ManagerEntry
    | OrganisationEntry
)
Subjects = dict[SubjectName, Sequence[Entry]]


class PreparedRules:
    """Rules made ready for one portfolio after another.

    `known` is the catalogue that they come from.  `blind` says that git knows nothing of any of
    the portfolios.
    """

    def __init__(
        self,
        portfolio: Portfolio,
        rules: Sequence[LoadedRule],
        known: Mapping[str, RuleInfo],
        blind: bool,
    ) -> None:
        self.portfolio = portfolio
        self.loaded = rules
        self.known = known
        self.blind = blind
        self.runtime = Runtime(portfolio.today, [SUBJECTS_GIVEN, *SUBJECTS, *MAPS, "today"])
        compiled = [CompiledRule(r.rule, self.runtime) for r in rules]
        self.rules = {
            kind: KindRules(kind, [c for c in compiled if c.rule.for_ == kind], blind)
            for kind in SUBJECTS
        }
        self.batches: dict[SubjectName, Batch] = {
            kind: Batch(self.runtime, own, self.rules["outcome"] if kind == "investment" else None)
            for kind, own in self.rules.items()
            if kind != "outcome"
        }
        self._apart: dict[SubjectName, Batch] = {
            kind: Batch(self.runtime, KindRules(kind, self.rules[kind].rules, blind), None)
            for kind in ("investment", "outcome")
        }
        reads = {k: union(r.reads for r in rules if r.rule.for_ == k) for k in SUBJECTS}
        unasked = blind and not any(c.alone for c in compiled)
        self.surroundings = Surroundings(portfolio, reads, unasked)
        self.order = {kind: [c.rule.id for c in k.rules] for kind, k in self.rules.items()}
        """The ids of the rules of each kind, in the order of their verdicts."""
        self.on_history = [c.rule.id for c in compiled if c.facts]
        """The ids of the rules that ask for what only git can tell."""
        self._name = os.urandom(16)

    def __reduce__(self) -> tuple[Any, ...]:
        """Send what a worker compiles the rules from, once for all slices, and no unit."""
        around = msgspec.structs.replace(self.portfolio, units={}, minutes=[])
        return _judging, (self._name, around, self.loaded, self.known, self.blind)

    def move_to(self, portfolio: Portfolio) -> None:
        """Judge another portfolio, with its own as-of date, by the same compiled rules."""
        self.portfolio = portfolio
        self.runtime.today = portfolio.today
        self.surroundings.move_to(portfolio)

    def conclude(
        self, linked: Linked, parts: Sequence[JudgedPart], counts: Sequence[Counts] = ()
    ) -> Judged:
        """Return all that was found as one, with what linking found; `counts` are verdicts that are only counted."""
        findings = [*by_file(linked.findings), *(f for part in parts for f in part.findings)]
        verdicts = [v for part in parts for v in part.verdicts]
        return conclude(linked, self.order, self.on_history, findings, verdicts, counts)

    def counted(self, part: JudgedPart) -> list[Counts]:
        """Return how often every rule ended in which way, in place of each verdict."""
        return [Counts.of(v, len(self.order[v.kind])) for v in part.verdicts]

    # -- what is judged --------------------------------------------------------------------

    def units(self, units: Sequence[UnitFiles], tick: Tick) -> JudgedPart:
        """Judge business units with all their investments, outcomes and engagements."""
        found = JudgedPart([], [], [])
        for index, one in enumerate(units):
            tick(index / len(units))
            self._unit(one, found)
        return found

    def unit_apart(self, one: UnitFiles) -> tuple[JudgedPart, Asked]:
        """Judge one business unit; return who was looked up for it as well."""
        found, asked = JudgedPart([], [], []), dict[str, set[str]]()
        self._unit(one, found, asked)
        return found, asked

    def _unit(self, one: UnitFiles, found: JudgedPart, asked: Asked | None = None) -> None:
        unit = one.unit
        waivers = UnitWaivers(unit, self.portfolio.today, self.portfolio.people)
        subjects = self._subjects(unit)
        views = self._views(subjects)
        variables = self.surroundings.of_unit(views, asked)
        results = UnitResults(self.portfolio, one.documents, unit, waivers)
        self._judge(subjects, views, variables, results, found)

    def beside(self, documents: dict[str, Document]) -> JudgedPart:
        """Judge what lies in no unit: the organisation, its people and relationship managers."""
        portfolio = self.portfolio
        waivers = UnitWaivers(None, portfolio.today, portfolio.people)
        waivers.take_whole(portfolio)
        subjects: Subjects = {
            "organisation": [portfolio.organisation] if portfolio.organisation.source.path else [],
            "person": list(portfolio.people.values()),
            "relationship_manager": list(portfolio.managers.values()),
        }
        found = JudgedPart([], [], [])
        results = UnitResults(portfolio, documents, None, waivers)
        self._judge(subjects, self._views(subjects), self.surroundings.beside(), results, found)
        return found

    @staticmethod
    def _subjects(unit: UnitEntry) -> Subjects:
        """Return the subjects in a unit; outcomes lie in their investments."""
        return {
            "business_unit": [unit],
            "investment": unit.investments,
            "engagement": unit.engagements,
        }

    def _views(self, subjects: Subjects) -> dict[SubjectName, list[View]]:
        """Return subjects as expressions see them."""
        view = self.surroundings.view
        return {kind: [view(entry, kind) for entry in some] for kind, some in subjects.items()}

    def _judge(
        self,
        subjects: Subjects,
        views: dict[SubjectName, list[View]],
        variables: dict[str, Any],
        results: UnitResults,
        found: JudgedPart,
    ) -> None:
        for kind, entries in subjects.items():
            batch = self.batches[kind]
            if not batch.has_rules():
                continue
            for part in _slices(entries):
                some = views[kind][part]
                if _is_large(entries[part.start]):
                    self._with_many_outcomes(results, entries[part.start], some[0], variables)
                else:
                    self._batch(batch, results, entries[part], some, variables)
        found.verdicts.extend(results.close())
        name = results.unit.record.id if results.unit is not None else None
        on_waivers = waiver_findings(
            results.waivers, name, self.known, results.documents, self.portfolio
        )
        found.fresh.append(in_order([*results.findings, *on_waivers]))

    def _with_many_outcomes(
        self, results: UnitResults, entry: Any, view: View, variables: dict[str, Any]
    ) -> None:
        """Judge an investment, and its outcomes in batches."""
        self._batch(self._apart["investment"], results, [entry], [view], variables)
        around = {**variables, "investment": self.surroundings.around_outcome(view)}
        for start in range(0, len(entry.outcomes), BATCH):
            part = slice(start, start + BATCH)
            some = view["outcomes"][part]
            self._batch(self._apart["outcome"], results, entry.outcomes[part], some, around)

    # -- the fast path ---------------------------------------------------------------------

    def _batch(
        self,
        batch: Batch,
        results: UnitResults,
        entries: Sequence[Any],
        views: list[View],
        variables: dict[str, Any],
    ) -> None:
        """Judge some subjects, and the outcomes in them."""
        answers: Sequence[Any] | None = None
        if not batch.make_ready():
            nothing = () if batch.outcomes is None else ((), itertools.repeat(()))
            answers = [nothing] * len(entries)
        elif (program := batch.program()) is not None:
            given = self.surroundings.of_some(variables, batch.rules.kind, views)
            try:
                answers = program.evaluate_once({**given, SUBJECTS_GIVEN: views})
            except EvaluationError:
                if len(entries) > 1:
                    half = len(entries) // 2
                    self._batch(batch, results, entries[:half], views[:half], variables)
                    self._batch(batch, results, entries[half:], views[half:], variables)
                    return
        failed = NativeFailures(results)
        for index, (entry, view) in enumerate(zip(entries, views, strict=True)):
            answer = answers[index] if answers is not None else None
            around = {**variables, batch.rules.kind: view}
            if batch.outcomes is None:
                self._subject(batch, batch.rules, failed, entry, answer, around)
                continue
            own, nested = answer if answer is not None else (None, itertools.repeat(None))
            self._subject(batch, batch.rules, failed, entry, own, around)
            if not entry.outcomes:
                continue
            around = {**around, "investment": self.surroundings.around_outcome(view)}
            for outcome, seen, row in zip(entry.outcomes, view["outcomes"], nested, strict=False):
                inside = {**around, "outcome": seen}
                self._subject(batch, batch.outcomes, failed, outcome, row, inside)
        failed.say(self.runtime, self.surroundings)

    def _subject(
        self,
        batch: Batch,
        rules: KindRules,
        failed: NativeFailures,
        entry: Any,
        row: Sequence[Any] | None,
        variables: dict[str, Any],
    ) -> None:
        """Note how the rules end on a subject; `row` is what the batch's expression says of it."""
        results = failed.results
        # nearly all pass or do not apply, and this runs for every subject
        verdicts = rules.verdicts(variables)
        at = verdicts.find(FAIL)
        while at >= 0:
            verdicts[at] = failed.add(rules.rules[at], entry, (), variables)
            at = verdicts.find(FAIL, at + 1)
        if row is not None:
            for place, answer in zip(rules.places, row, strict=True):
                if answer.__class__ is int:
                    verdicts[place] = answer
                else:
                    verdicts[place] = self._answered(rules.rules[place], results, entry, answer)
        else:
            for place in rules.places:
                verdicts[place] = ASK
        for index, rule, field in rules.natives:
            if verdicts[index] == PASS and not field(entry):
                missing = rule.missing(entry, self.portfolio.people)
                if missing:
                    verdicts[index] = failed.add(rule, entry, missing, variables)
        if ASK in verdicts:
            self._one_by_one(batch, rules, results, entry, verdicts, variables)
        if UNKNOWN in verdicts and results.waivers.given:
            for index, verdict in enumerate(verdicts):
                if verdict == UNKNOWN:
                    results.waivers.undecided(entry, rules.rules[index].rule.id)
        results.add(rules.kind, subject_of(entry, rules.kind), verdicts)

    def _answered(self, rule: CompiledRule, results: UnitResults, entry: Any, answer: Any) -> int:
        """Return how a rule ended by its answer in a batch: a verdict, or its message's values."""
        if not isinstance(answer, list):
            return int(answer)
        return results.fail(rule, entry, RuleResult(FAIL, rule.say(answer, (), entry)))

    # -- the plain path --------------------------------------------------------------------

    def _one_by_one(
        self,
        batch: Batch,
        rules: KindRules,
        results: UnitResults,
        entry: Any,
        verdicts: bytearray,
        variables: dict[str, Any],
    ) -> None:
        """Ask each rule by itself that has not been answered."""
        kind = rules.kind
        scope = self.runtime.scope(self.surroundings.of_some(variables, kind, [variables[kind]]))
        for index in [i for i, v in enumerate(verdicts) if v == ASK]:
            rule = rules.rules[index]
            result = rule.judge(scope, entry, self.portfolio.people)
            verdict = result.verdict
            if verdict == UNEVALUATED and untold(rule.facts, variables):
                verdict = UNKNOWN
            elif verdict in (FAIL, UNEVALUATED):
                if verdict == UNEVALUATED and index in rules.places:
                    batch.set_alone(rules, index)
                verdict = results.fail(rule, entry, result)
            if verdict != UNEVALUATED and index not in rules.alone:
                batch.note_asked(rules, index)
            verdicts[index] = verdict


def _is_large(entry: Entry) -> bool:
    return isinstance(entry, InvestmentEntry) and len(entry.outcomes) > BATCH


def _slices(entries: Sequence[Entry]) -> Iterator[slice]:
    """Yield slices of at most `BATCH` subjects in their order; what is large is one by itself."""
    start = 0
    for index, entry in enumerate(entries):
        if _is_large(entry):
            if start < index:
                yield slice(start, index)
            yield slice(index, index + 1)
            start = index + 1
        elif index + 1 - start == BATCH:
            yield slice(start, index + 1)
            start = index + 1
    if start < len(entries):
        yield slice(start, len(entries))


_received: dict[bytes, PreparedRules] = {}
"""In a worker: the rules that it compiled last, by the name of the judging they were sent for."""


def _judging(
    name: bytes,
    portfolio: Portfolio,
    rules: Sequence[LoadedRule],
    known: Mapping[str, RuleInfo],
    blind: bool,
) -> PreparedRules:
    judging = _received.get(name)
    if judging is None:
        _received.clear()
        judging = _received[name] = PreparedRules(portfolio, rules, known, blind)
    else:
        judging.move_to(portfolio)
    return judging

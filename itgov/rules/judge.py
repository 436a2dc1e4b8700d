"""Judge: every rule on every subject of a portfolio, and what fails as findings.

A rule on a subject ends in one of five ways, which are never mixed up: pass, fail, waived, does
not apply, could not be evaluated.  The last is a finding, never a pass.

The fast path asks all rules about a batch of subjects in one expression.  A batch in which anything
cannot be evaluated is cut in half until the subject is found; that subject goes the plain path,
where each rule is asked by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
from msgspec import Struct

from itgov.files.document import Document
from itgov.files.linked import Linked
from itgov.files.parallel import Tick, share
from itgov.model.finding import Finding
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
from itgov.rules.analysis import MAPS, Reads, union
from itgov.rules.batch import SUBJECTS_GIVEN, Batch, KindRules
from itgov.rules.book import RuleBook
from itgov.rules.cel import EvaluationError, Runtime
from itgov.rules.compiled import CompiledRule, RuleResult
from itgov.rules.history_rules import untold
from itgov.rules.language import SUBJECTS, SubjectName
from itgov.rules.results import UnitResults
from itgov.rules.surroundings import Surroundings, View
from itgov.rules.unknown import conclude
from itgov.rules.verdicts import (
    FAIL,
    PASS,
    UNEVALUATED,
    UNKNOWN,
    Judged,
    Verdicts,
    subject_of,
)
from itgov.rules.waivers import UnitWaivers, waiver_findings

WORTH_SHARING = 1_200
"""Investments from which a second process pays for its start."""

BATCH = 48
"""Subjects in one evaluation; CEL allows it 10,000 steps."""

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


class JudgedPart(Struct):
    """What was found on some units, or beside them; small and serialisable."""

    findings: list[Finding]
    verdicts: list[Verdicts]


def judge(
    linked: Linked,
    book: RuleBook,
    workers: bool = True,
    progress: Callable[[str, float], None] | None = None,
) -> Judged:
    """Judge a linked portfolio by the rules of a book; as `WholeJudge` does many."""
    return WholeJudge(workers).judge(linked, book, progress)


class WholeJudge:
    """Judges whole portfolios, one after another, each as of its own day; rules are compiled once.

    Compiling the rules takes as long as judging a portfolio of the sample's size by them.
    `workers` allows other processes where there is much to judge.
    """

    def __init__(self, workers: bool = True) -> None:
        self._workers = workers
        self._ready: list[tuple[RuleBook, bool, Judging]] = []

    def judge(
        self,
        linked: Linked,
        book: RuleBook,
        progress: Callable[[str, float], None] | None = None,
    ) -> Judged:
        """Judge a linked portfolio by the rules of a book; the findings on its files are included.

        `progress` is told "Judging" and the share that is done.
        """
        evidence = linked.portfolio.evidence
        blind = evidence is None or evidence.blind is not None
        for known, was_blind, ready in self._ready:
            if known is book and was_blind == blind:
                ready.move_to(linked)
                return _judged(ready, linked, self._workers, progress)
        judging = Judging(linked.portfolio, linked.documents, book, blind)
        self._ready.append((book, blind, judging))
        return _judged(judging, linked, self._workers, progress)


def _judged(
    judging: Judging,
    linked: Linked,
    workers: bool,
    progress: Callable[[str, float], None] | None,
) -> Judged:
    units = list(linked.portfolio.units.values())
    weights = [len(u.investments) + 1 for u in units]

    def tick(done: float) -> None:
        if progress is not None:
            progress("Judging", done)

    def work(some: Sequence[UnitEntry], tick: Tick) -> bytes | JudgedPart:
        found = judging.units(some, tick)
        return found if len(some) == len(units) else packed(found)

    parts = share(work, units, weights, WORTH_SHARING if workers else sum(weights) + 1, tick)
    return judging.conclude(linked, [*map(unpacked, parts), judging.beside()])


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(JudgedPart)


def packed(part: JudgedPart) -> bytes | JudgedPart:
    """Return a part as bytes, where it has any: a file name may be no UTF-8."""
    try:
        return _encoder.encode(part)
    except UnicodeEncodeError:
        return part


def unpacked(part: bytes | JudgedPart) -> JudgedPart:
    """Return a part that may have been packed.  Raises `msgspec.DecodeError`."""
    return _decoder.decode(part) if isinstance(part, bytes) else part


def reads_by_kind(book: RuleBook) -> dict[SubjectName, Reads]:
    """Return what the rules of a book on each kind of subject read."""
    return {kind: union(r.reads for r in book.rules if r.rule.for_ == kind) for kind in SUBJECTS}


class Judging:
    """The rules of a book made ready for one portfolio after another.

    `blind` says that git knows nothing of any of them.
    """

    def __init__(
        self, portfolio: Portfolio, documents: dict[str, Document], book: RuleBook, blind: bool
    ) -> None:
        self.portfolio = portfolio
        self.documents = documents
        self.known = book.info()
        self.runtime = Runtime(portfolio.today, [SUBJECTS_GIVEN, *SUBJECTS, *MAPS, "today"])
        compiled = [CompiledRule(r.rule, self.runtime) for r in book.rules]
        self.rules = {
            kind: KindRules(kind, [c for c in compiled if c.rule.for_ == kind]) for kind in SUBJECTS
        }
        self.batches: dict[SubjectName, Batch] = {
            kind: Batch(
                self.runtime, rules, self.rules["outcome"] if kind == "investment" else None, blind
            )
            for kind, rules in self.rules.items()
            if kind != "outcome"
        }
        unasked = blind and not any(c.alone for c in compiled)
        self.surroundings = Surroundings(portfolio, reads_by_kind(book), unasked)
        self.order = {kind: [c.rule.id for c in k.rules] for kind, k in self.rules.items()}
        """The ids of the rules of each kind, in the order of their verdicts."""
        self.on_history = [c.rule.id for c in compiled if c.facts]
        """The ids of the rules that ask for what only git can tell."""

    def move_to(self, linked: Linked) -> None:
        """Judge another portfolio, with its own as-of date, by the same compiled rules."""
        self.portfolio = linked.portfolio
        self.documents = linked.documents
        self.runtime.today = linked.portfolio.today
        self.surroundings.move_to(linked.portfolio)

    def conclude(self, linked: Linked, parts: Sequence[JudgedPart]) -> Judged:
        """Return all that was found as one, with what linking found."""
        findings = [*linked.findings, *(f for part in parts for f in part.findings)]
        verdicts = [v for part in parts for v in part.verdicts]
        return conclude(linked, self.order, self.on_history, findings, verdicts)

    # -- what is judged --------------------------------------------------------------------

    def units(self, units: Sequence[UnitEntry], tick: Tick) -> JudgedPart:
        """Judge business units with all their investments, outcomes and engagements."""
        found = JudgedPart([], [])
        for index, unit in enumerate(units):
            tick(index / len(units))
            waivers = UnitWaivers(unit, self.portfolio.today, self.portfolio.people)
            subjects = self.subjects(unit)
            views = self.views(subjects)
            variables = self.surroundings.of_unit(unit, views)
            self._judge(subjects, views, variables, unit, waivers, found)
        return found

    def beside(self) -> JudgedPart:
        """Judge what lies in no unit: the organisation, its people and relationship managers."""
        portfolio = self.portfolio
        waivers = UnitWaivers(None, portfolio.today, portfolio.people)
        waivers.take_whole(portfolio)
        subjects: Subjects = {
            "organisation": [portfolio.organisation] if portfolio.organisation.source.path else [],
            "person": list(portfolio.people.values()),
            "relationship_manager": list(portfolio.managers.values()),
        }
        found = JudgedPart([], [])
        views = self.views(subjects)
        self._judge(subjects, views, self.surroundings.beside(), None, waivers, found)
        return found

    @staticmethod
    def subjects(unit: UnitEntry) -> Subjects:
        """Return the subjects in a unit; outcomes lie in their investments."""
        return {
            "business_unit": [unit],
            "investment": unit.investments,
            "engagement": unit.engagements,
        }

    def views(self, subjects: Subjects) -> dict[SubjectName, list[View]]:
        """Return subjects as expressions see them."""
        view = self.surroundings.view
        return {kind: [view(entry, kind) for entry in some] for kind, some in subjects.items()}

    def _judge(
        self,
        subjects: Subjects,
        views: dict[SubjectName, list[View]],
        variables: dict[str, Any],
        unit: UnitEntry | None,
        waivers: UnitWaivers,
        found: JudgedPart,
    ) -> None:
        for kind, entries in subjects.items():
            batch = self.batches[kind]
            if not entries or not batch.has_rules():
                continue
            results = UnitResults(self.portfolio, self.documents, unit, waivers)
            for start in range(0, len(entries), BATCH):
                part = slice(start, start + BATCH)
                self._batch(batch, results, entries[part], views[kind][part], variables)
            found.findings.extend(results.findings)
            found.verdicts.extend(results.close())
        name = unit.record.id if unit is not None else None
        found.findings.extend(
            waiver_findings(waivers, name, self.known, self.documents, self.portfolio)
        )

    # -- the fast path ---------------------------------------------------------------------

    def _batch(
        self,
        batch: Batch,
        results: UnitResults,
        entries: Sequence[Any],
        views: list[View],
        variables: dict[str, Any],
    ) -> None:
        """Judge some subjects, and the outcomes in them, by one expression."""
        program = batch.program()
        answers = None
        if program is not None:
            try:
                answers = program.evaluate_once({**variables, SUBJECTS_GIVEN: views})
            except EvaluationError:
                if len(entries) > 1:
                    half = len(entries) // 2
                    self._batch(batch, results, entries[:half], views[:half], variables)
                    self._batch(batch, results, entries[half:], views[half:], variables)
                    return
        for index, (entry, view) in enumerate(zip(entries, views, strict=True)):
            answer = answers[index] if answers is not None else None
            around = {**variables, batch.rules.kind: view}
            if batch.outcomes is None:
                self._subject(batch, batch.rules, results, entry, answer, around)
                continue
            own, nested = answer if answer is not None else (None, None)
            self._subject(batch, batch.rules, results, entry, own, around)
            for number, outcome in enumerate(entry.outcomes):
                inside = {**around, "outcome": view["outcomes"][number]}
                row = nested[number] if nested is not None else None
                self._subject(batch, batch.outcomes, results, outcome, row, inside)

    def _subject(
        self,
        batch: Batch,
        rules: KindRules,
        results: UnitResults,
        entry: Any,
        row: list[Any] | None,
        variables: dict[str, Any],
    ) -> None:
        """Note how the rules end on a subject; `row` is what the batch's expression says of it."""
        if row is None or rules.alone:
            verdicts = self._one_by_one(batch, rules, results, entry, row, variables)
        else:
            # nearly all pass or do not apply, and this runs for every subject
            verdicts = bytearray(b"\x01" * len(rules.rules))
            for place, answer in zip(rules.places, row, strict=True):
                if answer != PASS:
                    verdicts[place] = self._answered(rules.rules[place], results, entry, answer)
            for index, rule in rules.natives:
                if verdicts[index] == PASS:
                    verdicts[index] = self._native(rule, results, entry, variables)
        if UNKNOWN in verdicts:
            for index, verdict in enumerate(verdicts):
                if verdict == UNKNOWN:
                    results.waivers.undecided(entry, rules.rules[index].rule.id)
        results.add(rules.kind, subject_of(entry, rules.kind), verdicts)

    def _answered(self, rule: CompiledRule, results: UnitResults, entry: Any, answer: Any) -> int:
        """Return how a rule ended by its answer in a batch: a verdict, or its message's values."""
        if not isinstance(answer, list):
            return int(answer)
        return results.fail(rule, entry, RuleResult(FAIL, rule.say(answer, (), entry)))

    def _native(
        self, rule: CompiledRule, results: UnitResults, entry: Any, variables: dict[str, Any]
    ) -> int:
        """Judge a rule on a subject that it applies to by looking at the subject's fields."""
        people = self.portfolio.people
        missing = rule.missing(entry, people)
        if not missing:
            return PASS
        values = rule.native_values(entry)
        if values is not None:
            result = RuleResult(FAIL, rule.say(values, missing, entry))
        else:
            result = rule.judge(self.runtime.scope(variables), entry, people)
        return results.fail(rule, entry, result)

    # -- the plain path --------------------------------------------------------------------

    def _one_by_one(
        self,
        batch: Batch,
        rules: KindRules,
        results: UnitResults,
        entry: Any,
        row: list[Any] | None,
        variables: dict[str, Any],
    ) -> bytearray:
        """Ask each rule by itself that the batch's expression has not answered."""
        answers = dict(zip(rules.places, row, strict=True)) if row is not None else {}
        scope = self.runtime.scope(variables)
        verdicts = bytearray(len(rules.rules))
        for index, rule in enumerate(rules.rules):
            answer = answers.get(index)
            if answer is not None:
                verdict = self._answered(rule, results, entry, answer)
                if verdict == PASS and rule.native:
                    verdict = self._native(rule, results, entry, variables)
                verdicts[index] = verdict
                continue
            result = rule.judge(scope, entry, self.portfolio.people)
            verdict = result.verdict
            if verdict == UNEVALUATED and untold(rule.facts, variables):
                verdict = UNKNOWN
            elif verdict in (FAIL, UNEVALUATED):
                if verdict == UNEVALUATED and row is None:
                    batch.set_alone(rules, index)
                verdict = results.fail(rule, entry, result)
            verdicts[index] = verdict
        return verdicts

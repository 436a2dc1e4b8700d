"""Judge: every rule on every subject of a portfolio, and what fails as findings.

A rule on a subject ends in one of five ways, which are never mixed up: pass, fail, waived, does
not apply, could not be evaluated.  The last is a finding, never a pass.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

import msgspec
from msgspec import Struct

from itgov.files.document import Document
from itgov.files.linked import Linked
from itgov.files.parallel import Tick, share
from itgov.model.finding import Finding
from itgov.model.history_fact_names import HISTORY_FACTS
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
from itgov.rules.around import Around
from itgov.rules.book import RuleBook
from itgov.rules.cel import EvaluationError, Runtime
from itgov.rules.language import SUBJECTS, SubjectName
from itgov.rules.pastitems import untold
from itgov.rules.programs import (
    FAIL,
    NOT_APPLICABLE,
    PASS,
    UNEVALUATED,
    UNKNOWN,
    Answer,
    Batch,
    RuleProgram,
)
from itgov.rules.rows import Rows
from itgov.rules.unknown import conclude
from itgov.rules.verdicts import Judged, Verdicts, subject_of
from itgov.rules.vocabulary import record_of, with_history
from itgov.rules.waivers import Held, waiver_findings

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


class Part(Struct):
    """What one process found; small and serialisable."""

    findings: list[Finding]
    verdicts: list[Verdicts]


def judge(
    linked: Linked,
    book: RuleBook,
    workers: bool = True,
    progress: Callable[[str, float], None] | None = None,
) -> Judged:
    """Judge a linked portfolio by the rules of a book.

    Findings on the files themselves are among the result's.  `workers` allows other processes;
    `progress` is told "Judging" and the share that is done.
    """
    evidence = linked.portfolio.evidence
    blind = evidence is None or evidence.blind is not None
    judging = Judging(linked.portfolio, linked.documents, book, blind)
    units = list(linked.portfolio.units.values())
    weights = [len(u.investments) + 1 for u in units]

    def tick(done: float) -> None:
        if progress is not None:
            progress("Judging", done)

    def work(part: Sequence[UnitEntry], tick: Tick) -> bytes | Part:
        found = judging.units(part, tick)
        if len(part) == len(units):
            return found
        try:
            return _encoder.encode(found)
        except UnicodeEncodeError:  # a file name that is no UTF-8
            return found

    parts = share(work, units, weights, WORTH_SHARING if workers else sum(weights) + 1, tick)
    findings, verdicts = list(linked.findings), []
    for part in [*parts, judging.whole()]:
        found = _decoder.decode(part) if isinstance(part, bytes) else part
        findings.extend(found.findings)
        verdicts.extend(found.verdicts)
    return conclude(linked, judging.order, judging.readers, findings, verdicts)


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Part)


def expressions_of(book: RuleBook) -> list[str]:
    """Return every text of a book's rules that holds expressions."""
    texts = ((r.rule.when, r.rule.assert_, r.rule.message) for r in book.rules)
    return [text for some in texts for text in some if text]


class Judging:
    """The rules of a book made ready for one portfolio.

    `blind` says that git knows nothing of it, nor of any other that it is to judge.
    """

    def __init__(
        self, portfolio: Portfolio, documents: dict[str, Document], book: RuleBook, blind: bool
    ) -> None:
        self.portfolio = portfolio
        self.documents = documents
        self.book = book
        self.known = book.info()
        variables = ["batch", *SUBJECTS, "people", "relationship_managers", "today"]
        self.runtime = Runtime(portfolio.today, variables)
        self.programs: dict[SubjectName, list[RuleProgram]] = {kind: [] for kind in SUBJECTS}
        for loaded in book.rules:
            self.programs[loaded.rule.for_].append(RuleProgram(loaded.rule, self.runtime))
        sources = expressions_of(book)
        self.words = frozenset(re.findall(r"\w+", " ".join(sources))) | {"id"}
        """Every word in any expression: only fields with these names can be read by one."""
        programs = [p for kind in SUBJECTS for p in self.programs[kind]]
        if blind and all(p.past.plain or not p.past.words for p in programs):
            self.words -= HISTORY_FACTS  # no expression will ask
        self.past = not self.words.isdisjoint(HISTORY_FACTS)
        self.around = Around(portfolio, self.words, sources)
        outcomes: tuple[SubjectName, str, list[RuleProgram]] = (
            "outcome",
            "outcomes",
            self.programs["outcome"],
        )
        self.batches: dict[SubjectName, Batch] = {
            kind: Batch(
                self.runtime,
                kind,
                self.programs[kind],
                outcomes if kind == "investment" else None,
                blind,
            )
            for kind in SUBJECTS
            if kind != "outcome"
        }
        self.findings: list[Finding] = []
        self.verdicts: list[Verdicts] = []

    def move_to(self, linked: Linked) -> None:
        """Judge another portfolio, with its own as-of date, by the same compiled rules."""
        self.portfolio = linked.portfolio
        self.documents = linked.documents
        self.runtime.today = linked.portfolio.today
        self.around.move_to(linked.portfolio)

    @property
    def order(self) -> dict[SubjectName, list[str]]:
        """The ids of the rules of each kind, in the order of their verdicts."""
        return {kind: [p.rule.id for p in self.programs[kind]] for kind in SUBJECTS}

    @property
    def readers(self) -> list[str]:
        """The ids of the rules that ask for what only git can tell."""
        return [p.rule.id for kind in SUBJECTS for p in self.programs[kind] if p.past.words]

    # -- what is judged --------------------------------------------------------------------

    def units(self, units: Sequence[UnitEntry], tick: Tick) -> Part:
        """Judge business units with all their investments, outcomes and engagements."""
        self.findings, self.verdicts = [], []
        for index, unit in enumerate(units):
            tick(index / len(units))
            held = Held(unit, self.portfolio.today, self.portfolio.people)
            variables = self.around.of_unit(unit)
            self._run("business_unit", [unit], unit, held, variables)
            self._run("investment", unit.investments, unit, held, variables)
            self._run("engagement", unit.engagements, unit, held, variables)
            self.findings.extend(
                waiver_findings(held, unit.record.id, self.known, self.documents, self.portfolio)
            )
        return Part(self.findings, self.verdicts)

    def whole(self) -> Part:
        """Judge the organisation, its people and its relationship managers."""
        self.findings, self.verdicts = [], []
        held = Held(None, self.portfolio.today, self.portfolio.people)
        held.take_whole(self.portfolio)
        variables = self.around.of_everything()
        if self.portfolio.organisation.source.path:
            self._run("organisation", [self.portfolio.organisation], None, held, variables)
        self._run("person", list(self.portfolio.people.values()), None, held, variables)
        self._run(
            "relationship_manager", list(self.portfolio.managers.values()), None, held, variables
        )
        self.findings.extend(
            waiver_findings(held, None, self.known, self.documents, self.portfolio)
        )
        return Part(self.findings, self.verdicts)

    # -- how -------------------------------------------------------------------------------

    def _run(
        self,
        kind: SubjectName,
        entries: Sequence[Entry],
        unit: UnitEntry | None,
        held: Held,
        variables: dict[str, Any],
    ) -> None:
        batch = self.batches[kind]
        if not entries or not batch.everything():
            return
        rows = Rows(self.portfolio, self.documents, unit, held)
        views = [self.view(entry, kind) for entry in entries]
        for start in range(0, len(entries), BATCH):
            end = start + BATCH
            self._batch(batch, rows, entries[start:end], views[start:end], variables)
        self.findings.extend(rows.findings)
        self.verdicts.extend(rows.close())

    def view(self, entry: Any, kind: SubjectName) -> dict[str, Any]:
        """Return a subject as an expression sees it, without the fields that none reads."""
        words = self.words
        known = with_history(kind, record_of(entry)) if self.past else record_of(entry)
        found = {k: v for k, v in known.items() if k in words}
        if isinstance(entry, InvestmentEntry):
            found["outcomes"] = [self.view(o, "outcome") for o in entry.outcomes]
        return found

    def _batch(
        self,
        batch: Batch,
        rows: Rows,
        entries: Sequence[Entry],
        views: list[dict[str, Any]],
        variables: dict[str, Any],
    ) -> None:
        program = batch.program()
        answers = None
        if program is not None:
            try:
                answers = program.evaluate_once({**variables, "batch": views})
            except EvaluationError:
                if len(entries) > 1:
                    half = len(entries) // 2
                    self._batch(batch, rows, entries[:half], views[:half], variables)
                    self._batch(batch, rows, entries[half:], views[half:], variables)
                    return
        for index, (entry, view) in enumerate(zip(entries, views, strict=True)):
            answer = answers[index] if answers is not None else None
            if batch.inner is None:
                self._subject(
                    batch,
                    rows,
                    entry,
                    answer,
                    {**variables, batch.kind: view},
                    batch.programs,
                    batch.kind,
                )
                continue
            outer, inner = answer if answer is not None else (None, None)
            around = {**variables, batch.kind: view}
            self._subject(batch, rows, entry, outer, around, batch.programs, batch.kind)
            kind, field, programs = batch.inner
            for number, (nested, nested_view) in enumerate(
                zip(getattr(entry, field), view[field], strict=True)
            ):
                nested_answer = inner[number] if inner is not None else None
                self._subject(
                    batch,
                    rows,
                    nested,
                    nested_answer,
                    {**around, kind: nested_view},
                    programs,
                    kind,
                )

    def _subject(
        self,
        batch: Batch,
        rows: Rows,
        entry: Any,
        row: list[Any] | None,
        variables: dict[str, Any],
        programs: list[RuleProgram],
        kind: SubjectName,
    ) -> None:
        if row is None or batch.alone:
            verdicts = self._one_by_one(batch, rows, entry, row, variables, programs, kind)
        else:
            # all but a few answers are 1 and 2, and this runs for every subject
            places = batch.places(kind)
            verdicts = bytearray(b"\x01" * len(programs))
            for at, value in enumerate(row):
                if value != 1:
                    index = places[at]
                    if value == 2:
                        verdicts[index] = NOT_APPLICABLE
                    elif value == 3:
                        verdicts[index] = UNKNOWN
                    else:
                        program = programs[index]
                        answer = Answer(FAIL, program.say(value, (), entry))
                        verdicts[index] = rows.answer(program, entry, kind, answer)
            for index, program in batch.natives(kind):
                if verdicts[index] == PASS:
                    verdicts[index] = self._native(program, rows, entry, variables, kind)
        if UNKNOWN in verdicts:
            for index, verdict in enumerate(verdicts):
                if verdict == UNKNOWN:
                    rows.held.undecided(entry, programs[index].rule.id)
        rows.add(kind, subject_of(entry, kind), verdicts)

    def _native(
        self,
        program: RuleProgram,
        rows: Rows,
        entry: Any,
        variables: dict[str, Any],
        kind: SubjectName,
    ) -> int:
        """Judge a rule on a subject that it applies to by looking at the subject's fields."""
        people = self.portfolio.people
        missing = program.missing(entry, people)
        if not missing:
            return PASS
        said = program.native_values(entry)
        if said is not None:
            answer = Answer(FAIL, program.say(said, missing, entry))
        else:
            answer = program.ask(self.runtime.scope(variables), entry, people)
        return rows.answer(program, entry, kind, answer)

    def _one_by_one(
        self,
        batch: Batch,
        rows: Rows,
        entry: Any,
        row: list[Any] | None,
        variables: dict[str, Any],
        programs: list[RuleProgram],
        kind: SubjectName,
    ) -> bytearray:
        """Ask the rules that the common expression cannot answer, each by itself."""
        values: dict[int, Any] = {}
        if row is not None:
            values = dict(zip(batch.places(kind), row, strict=True))
        scope = self.runtime.scope(variables)
        verdicts = bytearray(len(programs))
        for index, program in enumerate(programs):
            value = values.get(index)
            if value in (1, 2, 3):
                verdicts[index] = (PASS, NOT_APPLICABLE, UNKNOWN)[value - 1]
                if value == 1 and program.native:
                    verdicts[index] = self._native(program, rows, entry, variables, kind)
                continue
            if value is not None:
                answer = Answer(FAIL, program.say(value, (), entry))
            else:
                answer = program.ask(scope, entry, self.portfolio.people)
                if answer.verdict == UNEVALUATED and untold(program.past, variables):
                    verdicts[index] = UNKNOWN
                    continue
                if answer.verdict == UNEVALUATED and row is None:
                    batch.set_alone(program.rule.id)
            failed = answer.verdict in (FAIL, UNEVALUATED)
            verdicts[index] = (
                rows.answer(program, entry, kind, answer) if failed else answer.verdict
            )
        return verdicts

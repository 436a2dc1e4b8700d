"""Judge: every rule on every subject of a portfolio, and what fails as findings.

A rule on a subject ends in one of five ways, which are never mixed up: pass, fail, waived, does
not apply, could not be evaluated.  The last is a finding, never a pass.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import msgspec
from msgspec import Struct

from itgov.files.document import Document
from itgov.files.forks import Tick, share
from itgov.files.link import Linked, locate
from itgov.model.finding import Finding, Subject
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
from itgov.rules.book import RuleBook, is_waivable
from itgov.rules.cel import EvaluationError, Runtime
from itgov.rules.language import SUBJECTS, SubjectName
from itgov.rules.programs import (
    FAIL,
    NOT_APPLICABLE,
    PASS,
    UNEVALUATED,
    WAIVED,
    Answer,
    Batch,
    RuleProgram,
)
from itgov.rules.vocabulary import record_of
from itgov.rules.waivers import Held, waiver_findings

WORTH_SHARING = 1_200
"""Investments from which a second process pays for its start."""

BATCH = 48
"""Subjects in one evaluation; CEL allows it 10,000 steps."""

Entry = InvestmentEntry | OutcomeEntry | EngagementEntry | UnitEntry | PersonEntry | ManagerEntry | OrganisationEntry


class Tally(Struct):
    """How often a rule ended in which way."""

    passed: int = 0
    failed: int = 0
    waived: int = 0
    not_applicable: int = 0
    unevaluated: int = 0

    @property
    def applicable(self) -> int:
        """Subjects it applied to: the denominator of every share."""
        return self.passed + self.failed + self.waived + self.unevaluated


class Verdicts(Struct):
    """How every rule of one kind ended on every subject of a unit (or of none).

    `table` holds one byte for each rule, in the order of `Judged.order[kind]`, subject after
    subject in the order of `subjects`.
    """

    unit: str | None
    kind: SubjectName
    subjects: list[str]
    table: bytes


class Judged(Struct):
    """Findings, sorted, and every verdict behind them."""

    findings: list[Finding]
    order: dict[SubjectName, list[str]]
    verdicts: list[Verdicts]

    def tallies(self, unit: str | None = None) -> dict[str, Tally]:
        """Return how often each rule ended in which way, over all units or one."""
        found: dict[str, Tally] = {}
        for verdicts in self.verdicts:
            if unit is not None and verdicts.unit != unit:
                continue
            rules = self.order[verdicts.kind]
            for index, rule in enumerate(rules):
                column = verdicts.table[index :: len(rules)]
                tally = found.setdefault(rule, Tally())
                tally.failed += column.count(FAIL)
                tally.passed += column.count(PASS)
                tally.not_applicable += column.count(NOT_APPLICABLE)
                tally.waived += column.count(WAIVED)
                tally.unevaluated += column.count(UNEVALUATED)
        return found


class _Part(Struct):
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
    judging = Judging(linked.portfolio, linked.documents, book)
    units = list(linked.portfolio.units.values())
    weights = [len(u.investments) + 1 for u in units]

    def tick(done: float) -> None:
        if progress is not None:
            progress("Judging", done)

    def work(part: Sequence[UnitEntry], tick: Tick) -> bytes | _Part:
        found = judging.units(part, tick)
        return found if len(part) == len(units) else _encoder.encode(found)

    parts = share(work, units, weights, WORTH_SHARING if workers else sum(weights) + 1, tick)
    findings, verdicts = list(linked.findings), []
    for part in [*parts, judging.whole()]:
        found = _decoder.decode(part) if isinstance(part, bytes) else part
        findings.extend(found.findings)
        verdicts.extend(found.verdicts)
    order = {kind: [p.rule.id for p in judging.programs[kind]] for kind in SUBJECTS}
    return Judged(finish(findings), order, verdicts)


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(_Part)


def finish(findings: list[Finding]) -> list[Finding]:
    """Return findings sorted and with their fingerprints: of rule, subject and field, unique."""
    from hashlib import blake2b

    findings.sort(key=Finding.sort_key)
    seen: dict[str, int] = {}
    finished = []
    for f in findings:
        key = f"{f.rule}\0{f.subject.kind}\0{f.subject.id}\0{f.field or ''}"
        number = seen[key] = seen.get(key, 0) + 1
        if number > 1:
            key += f"\0{number}"
        digest = blake2b(key.encode("utf-8", "surrogatepass"), digest_size=10).hexdigest()
        finished.append(
            Finding(
                f.rule, f.name, f.severity, f.message, f.path, f.line, f.column, f.end_line, f.end_column,
                f.business_unit, f.subject, f.field, f.waived, digest, f.fix, f.related, f.waiver_reason, f.unevaluated,
            )
        )  # fmt: skip
    return finished


class Judging:
    """The rules of a book made ready for one portfolio."""

    def __init__(self, portfolio: Portfolio, documents: dict[str, Document], book: RuleBook) -> None:
        self.portfolio = portfolio
        self.documents = documents
        self.book = book
        self.known = book.info()
        variables = ["batch", *SUBJECTS, "people", "relationship_managers", "today"]
        self.runtime = Runtime(portfolio.today, variables)
        self.programs: dict[SubjectName, list[RuleProgram]] = {kind: [] for kind in SUBJECTS}
        for loaded in book.rules:
            self.programs[loaded.rule.for_].append(RuleProgram(loaded.rule, self.runtime))
        sources = [t for loaded in book.rules for t in (loaded.rule.when, loaded.rule.assert_, loaded.rule.message) if t]
        self.words = frozenset(re.findall(r"\w+", " ".join(sources))) | {"id"}
        """Every word in any expression: only fields with these names can be read by one."""
        self.around = _Around(portfolio, self.words, sources)
        outcomes: tuple[SubjectName, str, list[RuleProgram]] = ("outcome", "outcomes", self.programs["outcome"])
        self.batches: dict[SubjectName, Batch] = {
            kind: Batch(self.runtime, kind, self.programs[kind], outcomes if kind == "investment" else None)
            for kind in SUBJECTS
            if kind != "outcome"
        }
        self.findings: list[Finding] = []
        self.verdicts: list[Verdicts] = []

    # -- what is judged --------------------------------------------------------------------

    def units(self, units: Sequence[UnitEntry], tick: Tick) -> _Part:
        """Judge business units with all their investments, outcomes and engagements."""
        self.findings, self.verdicts = [], []
        for index, unit in enumerate(units):
            tick(index / len(units))
            held = Held(unit, self.portfolio.today)
            variables = self.around.of_unit(unit)
            self._run("business_unit", [unit], unit, held, variables)
            self._run("investment", unit.investments, unit, held, variables)
            self._run("engagement", unit.engagements, unit, held, variables)
            self.findings.extend(waiver_findings(held, unit.record.id, self.known, self.documents, self.portfolio))
        return _Part(self.findings, self.verdicts)

    def whole(self) -> _Part:
        """Judge the organisation, its people and its relationship managers."""
        self.findings, self.verdicts = [], []
        held = Held(None, self.portfolio.today)
        held.take_whole(self.portfolio)
        variables = self.around.of_everything()
        if self.portfolio.organisation.source.path:
            self._run("organisation", [self.portfolio.organisation], None, held, variables)
        self._run("person", list(self.portfolio.people.values()), None, held, variables)
        self._run("relationship_manager", list(self.portfolio.managers.values()), None, held, variables)
        self.findings.extend(waiver_findings(held, None, self.known, self.documents, self.portfolio))
        return _Part(self.findings, self.verdicts)

    # -- how -------------------------------------------------------------------------------

    def _run(
        self, kind: SubjectName, entries: Sequence[Entry], unit: UnitEntry | None, held: Held, variables: dict[str, Any]
    ) -> None:
        batch = self.batches[kind]
        rows = _Rows(self, unit, held, kind, len(entries))
        if not entries or not batch.everything():
            rows.close()
            return
        views = [self.view(entry) for entry in entries]
        for start in range(0, len(entries), BATCH):
            self._batch(batch, rows, entries[start : start + BATCH], views[start : start + BATCH], variables)
        rows.close()

    def view(self, entry: Any) -> dict[str, Any]:
        """Return a subject as an expression sees it, without the fields that none reads."""
        words = self.words
        found = {k: v for k, v in record_of(entry).items() if k in words}
        if isinstance(entry, InvestmentEntry):
            found["outcomes"] = [self.view(o) for o in entry.outcomes]
        return found

    def _batch(
        self, batch: Batch, rows: _Rows, entries: Sequence[Entry], views: list[dict[str, Any]], variables: dict[str, Any]
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
                self._subject(batch, rows, entry, answer, {**variables, batch.kind: view}, batch.programs, batch.kind)
                continue
            outer, inner = answer if answer is not None else (None, None)
            around = {**variables, batch.kind: view}
            self._subject(batch, rows, entry, outer, around, batch.programs, batch.kind)
            kind, field, programs = batch.inner
            for number, (nested, nested_view) in enumerate(zip(getattr(entry, field), view[field], strict=True)):
                nested_answer = inner[number] if inner is not None else None
                self._subject(batch, rows, nested, nested_answer, {**around, kind: nested_view}, programs, kind)

    def _subject(
        self,
        batch: Batch,
        rows: _Rows,
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
                    else:
                        program = programs[index]
                        answer = Answer(FAIL, program.say(value, (), entry))
                        verdicts[index] = rows.answer(program, entry, kind, answer)
            for index, program in batch.natives(kind):
                if verdicts[index] == PASS:
                    verdicts[index] = self._native(program, rows, entry, variables, kind)
        rows.add(kind, subject_of(entry, kind), verdicts)

    def _native(
        self, program: RuleProgram, rows: _Rows, entry: Any, variables: dict[str, Any], kind: SubjectName
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
        rows: _Rows,
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
            if value == 1 or value == 2:
                verdicts[index] = PASS if value == 1 else NOT_APPLICABLE
                if value == 1 and program.native:
                    verdicts[index] = self._native(program, rows, entry, variables, kind)
                continue
            if value is not None:
                answer = Answer(FAIL, program.say(value, (), entry))
            else:
                answer = program.ask(scope, entry, self.portfolio.people)
                if answer.verdict == UNEVALUATED and row is None:
                    batch.set_alone(program.rule.id)
            failed = answer.verdict in (FAIL, UNEVALUATED)
            verdicts[index] = rows.answer(program, entry, kind, answer) if failed else answer.verdict
        return verdicts


class _Rows:
    """Gathers what is said of the subjects of one unit."""

    def __init__(self, judging: Judging, unit: UnitEntry | None, held: Held, kind: SubjectName, count: int) -> None:
        self.judging = judging
        self.unit = unit
        self.held = held
        self.tables: dict[SubjectName, tuple[list[str], bytearray]] = {}

    def add(self, kind: SubjectName, subject: str, verdicts: bytearray) -> None:
        names, table = self.tables.setdefault(kind, ([], bytearray()))
        names.append(subject)
        table += verdicts

    def answer(self, program: RuleProgram, entry: Any, kind: SubjectName, answer: Answer) -> int:
        """Turn a failure into a finding, waived where a waiver holds; return how it ended."""
        rule = program.rule
        field = rule.at or (rule.named.field if rule.named else None)
        if field is None and rule.require:
            field = next(iter(program.missing(entry, self.judging.portfolio.people)), rule.require[0])
        place = locate(self.judging.documents, entry.source, field)
        subject = Subject(kind, subject_of(entry, kind))
        waiver = None
        unevaluated = answer.verdict == UNEVALUATED
        if unevaluated:
            message = f"{rule.id} could not be evaluated on {subject.id}: {answer.reason}"
            self.held.undecided(entry, rule.id)
        else:
            message = answer.message or rule.name
            waiver = self.held.waiver(entry, rule.id) if is_waivable(rule) else None
        unit = self.unit.record.id if self.unit is not None else None
        if kind == "person":
            unit = entry.record.business_unit
        self.judging.findings.append(
            Finding(
                rule=rule.id, name=rule.name, severity=rule.severity, message=message,
                path=place.path, line=place.line, column=place.column,
                end_line=place.end_line, end_column=place.end_column,
                business_unit=unit, subject=subject, field=field,
                waived=waiver is not None, fix="" if unevaluated else rule.fix or "",
                waiver_reason=waiver.reason if waiver is not None else None, unevaluated=unevaluated,
            )
        )  # fmt: skip
        return UNEVALUATED if unevaluated else WAIVED if waiver is not None else FAIL

    def close(self) -> None:
        unit = self.unit.record.id if self.unit is not None else None
        for kind, (names, table) in self.tables.items():
            self.judging.verdicts.append(Verdicts(unit, kind, names, bytes(table)))


def subject_of(entry: Any, kind: SubjectName) -> str:
    """Return the id of a subject: `<investment>/<outcome>`, `<unit>/<date>`, or its own."""
    if kind == "outcome":
        return f"{entry.facts.investment}/{entry.record.id}"
    if kind == "engagement":
        return str(entry.id)
    if kind == "relationship_manager":
        return str(entry.record.person)
    return str(entry.record.id)


class _Around:
    """The variables around the subjects of a unit, no larger than its rules can see.

    CEL converts a whole map before the first look-up, so a unit is given only the people and
    relationship managers that its records, or the rules themselves, can name.
    """

    def __init__(self, portfolio: Portfolio, words: frozenset[str], sources: list[str]) -> None:
        self.portfolio = portfolio
        self.words = words
        self._people: dict[str, Any] | None = None
        self._managers: dict[str, Any] | None = None
        text = "\n".join(sources)
        self.whole_people = _needs_whole(text, "people")
        self.whole_managers = _needs_whole(text, "relationship_managers")
        self.text = text
        self.organisation = self._view(portfolio.organisation)

    def _view(self, entry: Any) -> dict[str, Any]:
        return {k: v for k, v in record_of(entry).items() if k in self.words}

    @property
    def people(self) -> dict[str, Any]:
        if self._people is None:
            self._people = {k: self._view(p) for k, p in self.portfolio.people.items()}
        return self._people

    @property
    def managers(self) -> dict[str, Any]:
        if self._managers is None:
            self._managers = {k: self._view(m) for k, m in self.portfolio.managers.items()}
        return self._managers

    def of_everything(self) -> dict[str, Any]:
        return {
            "organisation": self.organisation,
            "people": self.people,
            "relationship_managers": self.managers,
            "today": self.portfolio.today.isoformat(),
        }

    def of_unit(self, unit: UnitEntry) -> dict[str, Any]:
        found = self.of_everything()
        found["business_unit"] = self._view(unit)
        if not self.whole_people or not self.whole_managers:
            names = self._names(unit)
            if not self.whole_managers:
                found["relationship_managers"] = {k: v for k, v in self.managers.items() if k in names}
            for manager in self.portfolio.managers.values():
                if manager.record.person in found["relationship_managers"]:
                    names.update(_texts(msgspec.to_builtins(manager.record)))
            if not self.whole_people:
                found["people"] = {k: v for k, v in self.people.items() if k in names}
        return found

    def _names(self, unit: UnitEntry) -> set[str]:
        """Return every text of a unit's records that could be the id of a person."""
        names = set(_texts(msgspec.to_builtins(unit.record)))
        names.update(unit.facts.relationship_managers)
        for entry in unit.investments:
            record = entry.record
            names.update(
                n for n in (record.outcome_owner, record.relationship_manager, record.sponsor, record.delivery_lead, record.confidence_by)
                if n is not None
            )  # fmt: skip
            names.update(g.approved_by for g in record.gates if g.approved_by is not None)
            names.update(w.approved_by for w in record.waivers if w.approved_by is not None)
            if record.custom:
                names.update(_texts(record.custom))
        for engagement in unit.engagements:
            names.update(_texts(msgspec.to_builtins(engagement.record)))
        names.update(k for k in self.portfolio.people if k in self.text)
        return names


def _needs_whole(text: str, name: str) -> bool:
    """Say whether a map is used otherwise than to look up a name that a record holds."""
    for match in re.finditer(rf"\b{name}\b", text):
        before = text[: match.start()].rstrip()
        after = text[match.end() :].lstrip()
        looked_up = after.startswith("[") and "+" not in after[: after.find("]") + 1]
        asked = before.endswith(" in") or before.endswith("\nin")
        a_field = before.endswith(".")  # `business_unit.relationship_managers` is another thing
        if not (looked_up or asked or a_field):
            return True
    return False


def _texts(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)



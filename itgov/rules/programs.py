"""Rules made ready to run: one compiled expression for many rules and subjects, and the slow way.

Asking CEL for every rule and subject by itself costs ten times what one expression costs that maps
a list of subjects to the answers of all rules.  So subjects are judged in batches; a batch in which
anything cannot be evaluated is cut in half until the subject is found, and that subject's rules are
taken one by one.  Both ways give the same answers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter
from typing import Any

from msgspec import Struct

from itgov.model.history_fact_names import HISTORY_FACTS
from itgov.model.text import is_named
from itgov.rules.cel import CelError, EvaluationError, Program, Runtime, Scope
from itgov.rules.language import Rule, SubjectName
from itgov.rules.pastitems import PastItem
from itgov.rules.template import Part, TemplateError, parse
from itgov.rules.vocabulary import SUBJECT_TYPES, as_text, history_types

FAIL, PASS, NOT_APPLICABLE, WAIVED, UNEVALUATED = range(5)
"""The five ways in which a rule on a subject ends."""

UNKNOWN = 5
"""Could not be evaluated because git cannot tell: counted as the last, and said once for all."""

_PLAIN_FIELD = re.compile(r"\s*([A-Za-z_]\w*)\.([A-Za-z_]\w*)\s*\Z")


class Answer(Struct, gc=False):
    """What a rule says of a subject: how it ended, and the message or the reason where it failed."""

    verdict: int
    message: str | None = None
    reason: str | None = None


class RuleProgram:
    """One rule, ready to be asked about one subject."""

    def __init__(self, rule: Rule, runtime: Runtime) -> None:
        self.rule = rule
        self.runtime = runtime
        self.native = rule.assert_ is None
        self.past = PastItem(rule)
        self.in_batch = not self.native or rule.when is not None
        """Whether CEL has anything to say of it."""
        self.broken: str | None = None
        try:
            self.parts = parse(rule.message) if rule.message is not None else []
        except TemplateError:
            self.parts = [Part(rule.message or "")]
        self.expressions = [p.text for p in self.parts if p.expression]
        paths = [rule.named.field] if rule.named is not None else rule.require
        self._getters = [getter(rule.for_, path) for path in paths]
        self._single = self._getters[0] if len(rule.require) == 1 else None
        self._plain = self._plain_getters()
        self._conditions: tuple[Program | None, Program | None] | None = None
        self._message: list[Program | None] | None = None

    def conditions(self) -> tuple[Program | None, Program | None]:
        """Return `when` and `assert` compiled; `broken` says why where they cannot be."""
        if self._conditions is None:
            self._conditions = (self._compile(self.rule.when), self._compile(self.rule.assert_))
        return self._conditions

    def _plain_getters(self) -> list[Callable[[Any], Any]] | None:
        found = []
        for expression in self.expressions:
            match = _PLAIN_FIELD.match(expression)
            kind = self.rule.for_
            if match is None or match[1] != kind or not has_field(kind, match[2]):
                return None
            found.append(getter(kind, match[2]))
        return found

    def _compile(self, expression: str | None) -> Program | None:
        if expression is None:
            return None
        try:
            return self.runtime.compile(expression)
        except CelError as error:
            self.broken = str(error)
            return None

    def batch_item(self, blind: bool) -> str:
        """Return an expression: 1 passes (or, for a native rule, applies), 2 does not apply, 3
        cannot be judged, a list fails with these message values.

        `blind` says that git knows nothing of any subject.
        """
        rule = self.rule
        if self.past.plain:
            return self.past.item(",".join(self.expressions), blind)
        item = "dyn(1)"
        if not self.native:
            item = f"((\n{rule.assert_}\n) ? dyn(1) : dyn([{','.join(self.expressions)}]))"
        return f"((\n{rule.when}\n) ? {item} : dyn(2))" if rule.when is not None else item

    def native_values(self, entry: Any) -> list[Any] | None:
        """Return the message's values without CEL, where all are plain fields of the subject."""
        if self._plain is None:
            return None
        return [get(entry) for get in self._plain]

    def ask(self, scope: Scope, entry: Any, people: Mapping[str, Any]) -> Answer:
        """Judge one subject by itself."""
        when, condition = self.conditions()
        if self.broken is not None:
            return Answer(UNEVALUATED, reason=self.broken)
        try:
            if when is not None and not _truth(when.evaluate(scope), "when"):
                return Answer(NOT_APPLICABLE)
            if condition is not None and _truth(condition.evaluate(scope), "assert"):
                return Answer(PASS)
        except EvaluationError as error:
            return Answer(UNEVALUATED, reason=str(error))
        if self.native:
            missing = self.missing(entry, people)
            if not missing:
                return Answer(PASS)
            return Answer(FAIL, self.say(self._values(scope), missing, entry))
        return Answer(FAIL, self.say(self._values(scope), [], entry))

    def _values(self, scope: Scope) -> list[Any]:
        if self._message is None:
            self._message = [self._compile_part(e) for e in self.expressions]
        values: list[Any] = []
        for program in self._message:
            try:
                values.append(program.evaluate(scope) if program is not None else "?")
            except EvaluationError:
                values.append("?")
        return values

    def _compile_part(self, expression: str) -> Program | None:
        try:
            return self.runtime.compile(expression)
        except CelError:
            return None

    def say(self, values: Sequence[Any], missing: Sequence[str], entry: Any) -> str:
        """Return the message with its values filled in."""
        if not self.parts:
            label = label_of(entry)
            if self.rule.named is not None:
                return f"{label} names no {self.rule.named.field.replace('_', ' ')}"
            if missing:
                return f"{label} lacks {', '.join(m.replace('_', ' ') for m in missing)}"
            return f"{label}: {self.rule.summary or self.rule.name.replace('-', ' ')}"
        filled = iter(values)
        said = "".join(as_text(next(filled)) if p.expression else p.text for p in self.parts)
        return " ".join(said.split()) if "\n" in said else said

    def missing(self, entry: Any, people: Mapping[str, Any]) -> list[str]:
        """Return the fields that `named` or `require` asks for and that are not there."""
        rule = self.rule
        if self._single is not None and self._single(entry):
            return []
        if rule.named is not None:
            value = self._getters[0](entry)
            person = people.get(value) if isinstance(value, str) else None
            if not is_named(value if person is None else person.record.name):
                return [rule.named.field]  # a placeholder, also one that is listed as a person
            side = rule.named.side
            wrong = side is not None and person is not None and person.record.side != side
            return [rule.named.field] if wrong else []
        missing: list[str] = []
        for path, getter in zip(rule.require, self._getters, strict=True):
            value = getter(entry)
            absent = value is None or value in ("", [], {})
            if absent and path.split(".")[0] not in getattr(entry.record, "withheld", ()):
                missing.append(path)
        return missing


def _truth(value: Any, where: str) -> bool:
    if value is True or value is False:
        return bool(value)
    raise EvaluationError(f"`{where}` is {as_text(value)}, not true or false")


def has_field(kind: SubjectName, name: str) -> bool:
    """Say whether a subject has a recorded or derived field of this name."""
    return any(t is not None and name in t.__struct_encode_fields__ for t in SUBJECT_TYPES[kind])


def _past(kind: SubjectName, name: str) -> Callable[[Any], Any] | None:
    """Return a function from an entry to a fact that only git can tell, if this is one."""
    past = history_types().get(kind) if name in HISTORY_FACTS else None
    if past is None or name not in past.__struct_fields__:
        return None
    return lambda entry: getattr(entry.history, name, None)


def getter(kind: SubjectName, path: str) -> Callable[[Any], Any]:
    """Return a function from an entry to the value at a dotted path of its facts or record.

    The value is None where there is nothing on the way, or a blank text.
    """
    first, *rest = ["with_" if step == "with" else step for step in path.split(".")]
    facts = SUBJECT_TYPES[kind][1]
    derived = facts is not None and first in facts.__struct_fields__
    top = _past(kind, first) or attrgetter(("facts." if derived else "record.") + first)
    if not rest:
        return top

    def get(entry: Any) -> Any:
        value = top(entry)
        for step in rest:
            value = value.get(step) if isinstance(value, dict) else getattr(value, step, None)
        return None if isinstance(value, str) and not value.strip() else value

    return get


def label_of(entry: Any) -> str:
    """Return what people call a subject."""
    record = entry.record
    for attribute in ("title", "name", "statement", "id", "person"):
        found = getattr(record, attribute, None)
        if isinstance(found, str) and found:
            return found
    return str(getattr(entry, "id", "it"))


class Batch:
    """All rules on one kind of subject as one expression over many subjects.

    With `inner`, rules on what lies in each subject (the outcomes of an investment) are part of
    the same expression, so that a subject is converted for CEL once.
    """

    def __init__(
        self,
        runtime: Runtime,
        kind: SubjectName,
        programs: list[RuleProgram],
        inner: tuple[SubjectName, str, list[RuleProgram]] | None = None,
        blind: bool = False,
    ) -> None:
        self.runtime = runtime
        self.blind = blind
        self.kind = kind
        self.programs = programs
        self.inner = inner
        self.alone: set[str] = {
            p.rule.id for p in self.everything() if p.past.words and not p.past.plain
        }
        """Ids of rules that are asked by themselves, because they may fail to be evaluated."""
        self._program: Program | None = None
        self._built = False
        self._places: dict[SubjectName, list[int]] = {}
        self._natives: dict[SubjectName, list[tuple[int, RuleProgram]]] = {}

    def everything(self) -> list[RuleProgram]:
        """Return all programs, the outer ones first."""
        return [*self.programs, *(self.inner[2] if self.inner else [])]

    def program(self) -> Program | None:
        """Return the compiled expression, or None if the rules must be asked one by one."""
        if not self._built:
            self._built = True
            self._program = self._build()
        return self._program

    def set_alone(self, identifier: str) -> None:
        """Take a rule out of the expression."""
        if identifier not in self.alone:
            self.alone.add(identifier)
            self._built = False

    def chosen(self, kind: SubjectName) -> list[RuleProgram]:
        """Return the programs on a kind of subject that are part of the expression, in order."""
        everything = self.programs if kind == self.kind else self.inner[2] if self.inner else []
        return [p for p in everything if p.rule.id not in self.alone and p.in_batch]

    def places(self, kind: SubjectName) -> list[int]:
        """Return, for each answer of the expression on a subject, the index of its rule."""
        found = self._places.get(kind)
        if found is None:
            everything = self.programs if kind == self.kind else self.inner[2] if self.inner else []
            chosen = {p.rule.id for p in self.chosen(kind)}
            found = [i for i, p in enumerate(everything) if p.rule.id in chosen]
            self._places[kind] = found
        return found

    def natives(self, kind: SubjectName) -> list[tuple[int, RuleProgram]]:
        """Return the rules on a kind of subject that are judged without CEL, with their index."""
        found = self._natives.get(kind)
        if found is None:
            everything = self.programs if kind == self.kind else self.inner[2] if self.inner else []
            found = self._natives[kind] = [(i, p) for i, p in enumerate(everything) if p.native]
        return found

    def _build(self) -> Program | None:
        self._places = {}
        try:
            return self.runtime.compile(self._source())
        except CelError:
            pass
        for program in self.everything():  # something that only compiles by itself, if at all
            try:
                self.runtime.compile(f"[{program.batch_item(self.blind)}]")
            except CelError:
                self.alone.add(program.rule.id)
        try:
            return self.runtime.compile(self._source())
        except CelError:
            return None

    def _source(self) -> str:
        outer = ",".join(p.batch_item(self.blind) for p in self.chosen(self.kind))
        if self.inner is None:
            return f"batch.map({self.kind}, [{outer}])"
        kind, field, _ = self.inner
        nested = ",".join(p.batch_item(self.blind) for p in self.chosen(kind))
        return f"batch.map({self.kind}, [[{outer}], {self.kind}.{field}.map({kind}, [{nested}])])"

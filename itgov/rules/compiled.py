"""One rule, ready to be asked about one subject: the plain way to judge.

`itgov.rules.batch` is the fast one, in which one expression asks many rules about many subjects.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache, cached_property
from operator import attrgetter
from typing import Any

from msgspec import Struct

from itgov.model.history_fact_names import HISTORY_FACTS
from itgov.model.nobody import is_a_name, is_named
from itgov.model.unit_facts import FROM_PEOPLE, FROM_UNITS
from itgov.rules import syntax
from itgov.rules.analysis import MAPS, reads_of_conditions, reads_of_rule
from itgov.rules.catalogue import is_waivable
from itgov.rules.cel import CelError, EvaluationError, Program, Runtime, Scope, parse
from itgov.rules.history_rules import HistoryParts
from itgov.rules.in_python import (
    Untranslatable,
    Written,
    compiled_values,
    function_of,
    in_python,
)
from itgov.rules.language import SUBJECTS, Rule, SubjectName
from itgov.rules.pack_programs import Telling, programs
from itgov.rules.python_values import UNDECIDED
from itgov.rules.template import TemplateError, TemplatePart, parse_template
from itgov.rules.verdicts import FAIL, NOT_APPLICABLE, PASS, UNEVALUATED
from itgov.rules.vocabulary import (
    LONGEST,
    SUBJECT_TYPES,
    SURROUNDINGS,
    as_text,
    history_types,
    recorded_in,
)


class RuleResult(Struct, gc=False):
    """What a rule says of a subject: how it ended, and the message or the reason where it failed."""

    verdict: int
    message: str | None = None
    reason: str | None = None


class CompiledRule:
    """One rule, ready to be asked about one subject."""

    def __init__(self, rule: Rule, runtime: Runtime) -> None:
        self.rule = rule
        self.runtime = runtime
        self.native = rule.assert_ is None
        """Whether its fields are asked for without CEL: `named` and `require`."""
        self.in_batch = not self.native or rule.when is not None
        """Whether CEL has anything to say of it."""
        self.facts = reads_of_rule(rule).facts
        """The facts that only git can tell and that decide how it ends."""
        self.broken: str | None = None
        self._holder = getter(rule.for_, rule.named.field) if rule.named is not None else None
        self._required = [(p, p.split(".")[0], getter(rule.for_, p)) for p in rule.require]
        self.single = self._required[0][2] if len(rule.require) == 1 else None
        """What gets the field where a native rule asks for just one: it is not missing if that is true."""
        self.at = rule.at or (rule.named.field if rule.named is not None else None)
        """The field at which a failure is shown; None for the first that is missing, or the record."""
        self.waivable = is_waivable(rule)
        self._conditions: tuple[Program | None, Program | None] | None = None
        self._message: list[Program | None] | None = None
        self._of_many: Program | None = None

    @cached_property
    def history(self) -> HistoryParts | None:
        """Its condition in parts, where it asks for what only git can tell and is plain enough."""
        return HistoryParts.of(self.rule) if self.facts else None

    @cached_property
    def alone(self) -> bool:
        """Whether it has to be asked by itself, because it may fail to be evaluated."""
        if not self.facts:
            return False
        known = programs().alone.get(self.condition)
        return self.history is None if known is None else known

    @property
    def condition(self) -> str:
        """All that decides how it ends, where it is not `named` or `require`."""
        return repr((self.rule.for_, self.rule.when, self.rule.assert_))

    @cached_property
    def _own_reads(self) -> frozenset[str] | None:
        """The fields of the subject that its conditions read; None for all."""
        return reads_of_conditions(self.rule).fields(self.rule.for_)

    @cached_property
    def of_units(self) -> bool:
        """Whether it depends on what the files of units hold beyond its subject."""
        own, of_units = self._own_reads, FROM_UNITS.get(self.rule.for_, frozenset())
        return own is None or bool(own & of_units)

    @cached_property
    def of_people(self) -> bool:
        """Whether it depends on what is known of people."""
        own, of_people = self._own_reads, FROM_PEOPLE.get(self.rule.for_, frozenset())
        if any(path[0] in MAPS for path in reads_of_conditions(self.rule).paths):
            return True
        return bool(own & of_people) if own is not None else bool(of_people)

    @cached_property
    def parts(self) -> tuple[TemplatePart, ...]:
        """The parts of its message."""
        message = self.rule.message
        try:
            return parse_template(message) if message is not None else ()
        except TemplateError:
            return (TemplatePart(message or ""),)

    @cached_property
    def expressions(self) -> list[str]:
        """The expressions in its message."""
        return [p.text for p in self.parts if p.expression]

    @cached_property
    def _form(self) -> str:
        return "".join("%s" if p.expression else p.text.replace("%", "%%") for p in self.parts)

    @cached_property
    def asks_for(self) -> frozenset[str]:
        """The recorded fields of the subject whose absence it tells, or which its conditions rest on."""
        rule = self.rule
        named = [rule.named.field] if rule.named is not None else []
        told = [*named, *rule.require, *([rule.at] if rule.at else [])]
        return frozenset(told) | recorded_in(rule.for_, self._own_reads or frozenset())

    def conditions(self) -> tuple[Program | None, Program | None]:
        """Return `when` and `assert` compiled; `broken` says why where they cannot be."""
        if self._conditions is None:
            self._conditions = (self._compile(self.rule.when), self._compile(self.rule.assert_))
        return self._conditions

    def telling(self) -> Telling:
        """Return how the message's values are found without CEL."""
        fields = [_own_field(e, self.rule.for_) for e in self.expressions]
        plain = [f for f in fields if f is not None]
        if len(plain) == len(fields):
            return Telling(plain, None)
        try:
            texts = [self.written(e).text for e in self.expressions]
        except (CelError, Untranslatable):
            return Telling(None, None)
        return Telling(None, compiled_values(variables_of(self.rule.for_), texts))

    @property
    def told(self) -> str:
        """All that the message's values follow from."""
        return repr((self.rule.for_, self.expressions))

    @cached_property
    def _telling(self) -> Telling:
        return programs().telling.get(self.told) or self.telling()

    @cached_property
    def _plain(self) -> list[Callable[[Any], Any]] | None:
        fields = self._telling.fields
        return [getter(self.rule.for_, f) for f in fields] if fields is not None else None

    @cached_property
    def _values(self) -> Callable[..., list[Any]] | None:
        code = self._telling.code
        return function_of(code, self.runtime.days_since) if code is not None else None

    def _compile(self, expression: str | None) -> Program | None:
        if expression is None:
            return None
        try:
            return self.runtime.compile(expression)
        except CelError as error:
            self.broken = str(error)
            return None

    def batch_item(self, blind: bool) -> bytes:
        """Return an expression: how the rule ends, or a list of the message's values if it fails.

        PASS of a native rule says that it applies.  `blind` says that git knows nothing of any
        subject.  Raises `CelError`.
        """
        rule = self.rule
        verdict = syntax.number(PASS)
        if rule.assert_ is not None:
            failed = self.values_item()
            if self.history is not None:
                verdict = self.history.verdict(failed, blind)
            else:
                verdict = syntax.call("_?_:_", _serialised(rule.assert_), verdict, failed)
        if rule.when is None:
            return verdict
        left_out = syntax.number(NOT_APPLICABLE)
        return syntax.call("_?_:_", _serialised(rule.when), verdict, left_out)

    def in_python(self, blind: bool) -> str:
        """Return how the rule ends, as an expression in Python: a verdict.

        PASS and `blind` as in `batch_item`.  Raises `CelError`, `Untranslatable`.
        """
        rule = self.rule
        verdict = str(PASS)
        if self.history is not None:
            verdict = self.history.in_python(blind, _IN_PYTHON[rule.for_])
        elif rule.assert_ is not None:
            verdict = f"{PASS} if {self.written(rule.assert_).truth} else {FAIL}"
        if rule.when is None:
            return verdict
        return f"({verdict}) if {self.written(rule.when).truth} else {NOT_APPLICABLE}"

    def written(self, expression: str) -> Written:
        """Return an expression of the rule in Python.  Raises `CelError`, `Untranslatable`."""
        return in_python(parse(expression).root, _IN_PYTHON[self.rule.for_])

    def python_values(self, variables: Mapping[str, Any]) -> list[Any] | None:
        """Return the message's values without CEL, where Python is known to say the same."""
        if self._values is None:
            return None
        try:
            return self._values(*[variables[name] for name in variables_of(self.rule.for_)])
        except UNDECIDED:
            return None

    def native_values(self, entry: Any) -> list[Any] | None:
        """Return the message's values without CEL, where all are plain fields of the subject."""
        if self._plain is None:
            return None
        return [get(entry) for get in self._plain]

    def values_item(self) -> bytes:
        """Return an expression: the list of the message's values.  Raises `CelError`."""
        return syntax.items([_serialised(e) for e in self.expressions])

    def values_of_many(self, given: str) -> Program:
        """Return the program of the values for each of the subjects in the variable `given`.

        Raises `CelError`.
        """
        if self._of_many is None:
            expression = syntax.mapped(syntax.name(given), self.rule.for_, self.values_item())
            self._of_many = self.runtime.program(expression)
        return self._of_many

    def judge(self, scope: Scope, entry: Any, people: Mapping[str, Any]) -> RuleResult:
        """Judge one subject by itself."""
        when, condition = self.conditions()
        if self.broken is not None:
            return RuleResult(UNEVALUATED, reason=self.broken)
        try:
            if when is not None and not _truth(when.evaluate(scope), "when"):
                return RuleResult(NOT_APPLICABLE)
            if condition is not None and _truth(condition.evaluate(scope), "assert"):
                return RuleResult(PASS)
        except EvaluationError as error:
            return RuleResult(UNEVALUATED, reason=str(error))
        if self.native:
            missing = self.missing(entry, people)
            if not missing:
                return RuleResult(PASS)
            return RuleResult(FAIL, self.say(self.values(scope), missing, entry))
        return RuleResult(FAIL, self.say(self.values(scope), [], entry))

    def values(self, scope: Scope) -> list[Any]:
        """Return the message's values, `?` for one that cannot be evaluated."""
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
        said = self._form % tuple(map(as_text, values))
        if len(said) > LONGEST:
            said = said[: LONGEST - 1] + "…"
        return " ".join(said.split()) if "\n" in said else said

    def missing(self, entry: Any, people: Mapping[str, Any]) -> list[str]:
        """Return the fields that `named` or `require` asks for and that are not there."""
        rule = self.rule
        if rule.named is not None and self._holder is not None:
            value = self._holder(entry)
            person = people.get(value) if isinstance(value, str) else None
            named = is_named(value) if person is None else is_a_name(person.record.name)
            if not named:
                return [rule.named.field]  # a placeholder, also one that is listed as a person
            side = rule.named.side
            wrong = side is not None and person is not None and person.record.side != side
            return [rule.named.field] if wrong else []
        missing: list[str] = []
        for path, field, get in self._required:
            value = get(entry)
            absent = value is None or value in ("", [], {})
            if absent and field not in getattr(entry.record, "withheld", ()):
                missing.append(path)
        return missing


@cache
def variables_of(kind: SubjectName) -> tuple[str, ...]:
    """Return the names of what a rule on a kind of subject can read."""
    return tuple(dict.fromkeys((kind, *SURROUNDINGS[kind], "organisation", *MAPS, "today")))


_IN_PYTHON = {kind: {name: name for name in variables_of(kind)} for kind in SUBJECTS}


def _serialised(expression: str) -> bytes:
    tree = parse(expression)
    return tree.raw(tree.root)


def _own_field(expression: str, kind: SubjectName) -> str | None:
    """Return the field where an expression is no more than a field of the subject, or None."""
    try:
        node = parse(expression).root
    except CelError:
        return None
    plain = node.kind == "select" and node.arguments[0].text == kind
    plain = plain and node.arguments[0].kind == "name" and has_field(kind, node.text)
    return node.text if plain else None


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

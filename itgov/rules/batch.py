"""Many rules on many subjects: the fast way to judge.

Nearly all rules are written out in Python (`itgov.rules.in_python`).  The rest are one expression
that maps a list of subjects to how these rules end on them: asking CEL for every rule and subject by
itself (`itgov.rules.compiled`) costs ten times as much.  All ways give the same verdicts and messages.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from itgov.files.blake2 import blake2b
from itgov.rules import syntax
from itgov.rules.cel import CelError, Program, Runtime
from itgov.rules.compiled import CompiledRule, variables_of
from itgov.rules.in_python import Untranslatable, compiled, function_of
from itgov.rules.language import SubjectName
from itgov.rules.pack_programs import Answering, programs
from itgov.rules.verdicts import ASK, PASS

OFTEN = 50
"""Subjects on which Python leaves a rule to CEL before the rule is: one by one they cost much."""

SUBJECTS_GIVEN = "batch"
"""The variable that holds the subjects."""


class KindRules:
    """The rules on one kind of subject, and which of them are judged in which way."""

    def __init__(self, kind: SubjectName, rules: list[CompiledRule], blind: bool) -> None:
        self.kind = kind
        self.rules = rules
        self.blind = blind
        self.alone = {i for i, r in enumerate(rules) if r.alone}
        """Indexes of the rules that are asked by themselves: they may fail to be evaluated."""
        self.natives = [(i, r, r.single or _no_field) for i, r in enumerate(rules) if r.native]
        """Rules that, where they apply, are judged by looking at fields: a true one tells that it holds."""
        self.names = variables_of(kind)
        self.places: list[int] = []
        """For each answer of the expression on a subject, the index of its rule."""
        self._left_to_cel: set[int] = set()
        self._asked: Counter[int] = Counter()
        self._answer: Callable[..., list[int]] = _no_verdicts

    def verdicts(self, variables: dict[str, Any]) -> bytearray:
        """Return how each rule ends on a subject by what is written out in Python.

        Of those that are not, `ASK` for each that is asked by itself, and PASS, to be replaced, for
        each that is part of the expression.  PASS of a native rule says that it applies.
        """
        return bytearray(self._answer(*[variables[name] for name in self.names]))

    def left_to_cel(self, index: int) -> bool:
        """Note that Python did not answer; say whether the expression is to hold the rule from now on."""
        self._asked[index] += 1
        if self._asked[index] != OFTEN:
            return False
        self._left_to_cel.add(index)
        return True

    def write_out(self) -> None:
        """Write in Python what can be; the rest is part of the expression, or asked by itself."""
        if self.rules:
            found = programs().answering.get(self.identity()) or self.answering()
            self.places = found.places
            self._answer = function_of(found.code, self.rules[0].runtime.days_since)

    def identity(self) -> str:
        """Return what tells this judging from any other: all that the written out follows from."""
        ways = (self.kind, self.blind, sorted(self.alone), sorted(self._left_to_cel))
        told = repr((ways, [r.condition for r in self.rules]))
        return blake2b(told.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()

    def answering(self) -> Answering:
        """Return what judges in Python, compiled."""
        answers, places = [], []
        for index, rule in enumerate(self.rules):
            if index in self.alone:
                answers.append(str(ASK))
                continue
            try:
                if index in self._left_to_cel:
                    raise Untranslatable
                answers.append(rule.in_python(self.blind))
            except (CelError, Untranslatable):
                answers.append(str(PASS))
                places.append(index)
        return Answering(compiled(self.names, answers, ASK), places)

    def items(self) -> bytes:
        """Return the list of how each rule ends that is part of the expression.  Raises `CelError`."""
        return syntax.items(self.rules[i].batch_item(self.blind) for i in self.places)


def _no_verdicts(*_: object) -> list[int]:
    return []


def _no_field(_: object) -> None:
    return None


class Batch:
    """How the rules on one kind of subject are judged together: in Python, the rest by one expression.

    Those on what lies in each subject (the outcomes of an investment) are part of it, so that a
    subject is converted for CEL once.
    """

    def __init__(self, runtime: Runtime, rules: KindRules, outcomes: KindRules | None) -> None:
        self.runtime = runtime
        self.rules = rules
        self.outcomes = outcomes
        self._program: Program | None = None
        self._built = False

    def has_rules(self) -> bool:
        """Say whether there is any rule."""
        return any(k.rules for k in self._kinds())

    def make_ready(self) -> bool:
        """Write the rules out; say whether there are any for the expression."""
        if not self._built:
            self._built = True
            for kind in self._kinds():
                kind.write_out()
            self._program = self._build() if any(k.places for k in self._kinds()) else None
        return any(k.places for k in self._kinds())

    def program(self) -> Program | None:
        """Return the compiled expression, or None if its rules must be asked one by one."""
        return self._program

    def set_alone(self, rules: KindRules, index: int) -> None:
        """Have a rule asked by itself from now on."""
        if index not in rules.alone:
            rules.alone.add(index)
            self._built = False

    def note_asked(self, rules: KindRules, index: int) -> None:
        """Note that CEL had to answer for Python; where it often does, the expression gets the rule."""
        if rules.left_to_cel(index):
            self._built = False

    def _kinds(self) -> list[KindRules]:
        return [self.rules] if self.outcomes is None else [self.rules, self.outcomes]

    def _build(self) -> Program | None:
        try:
            return self.runtime.program(self._expression())
        except CelError:
            pass
        for kind in self._kinds():  # what only compiles by itself, if at all
            for index in kind.places:
                try:
                    alone = syntax.items([kind.rules[index].batch_item(kind.blind)])
                    self.runtime.program(self._over_subjects(alone))
                except CelError:
                    kind.alone.add(index)
            kind.write_out()
        try:
            return self.runtime.program(self._expression())
        except CelError:
            return None

    def _expression(self) -> bytes:
        answers = self.rules.items()
        if self.outcomes is not None:
            nested = syntax.select(syntax.name(self.rules.kind), "outcomes")
            inside = syntax.mapped(nested, self.outcomes.kind, self.outcomes.items())
            answers = syntax.items([answers, inside])
        return self._over_subjects(answers)

    def _over_subjects(self, answers: bytes) -> bytes:
        return syntax.mapped(syntax.name(SUBJECTS_GIVEN), self.rules.kind, answers)

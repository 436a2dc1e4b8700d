"""Many rules on many subjects as one expression: the fast way to judge.

Asking CEL for every rule and subject by itself (`itgov.rules.compiled`) costs ten times what one
expression costs that maps a list of subjects to how all rules end on them.  Both ways give the
same verdicts and messages.
"""

from __future__ import annotations

from collections.abc import Iterator

from itgov.rules import syntax
from itgov.rules.cel import CelError, Program, Runtime
from itgov.rules.compiled import CompiledRule
from itgov.rules.language import SubjectName

SUBJECTS_GIVEN = "batch"
"""The variable that holds the subjects."""


class KindRules:
    """The rules on one kind of subject, and which of them are part of the expression."""

    def __init__(self, kind: SubjectName, rules: list[CompiledRule]) -> None:
        self.kind = kind
        self.rules = rules
        self.alone = {i for i, r in enumerate(rules) if r.alone}
        """Indexes of the rules that are asked by themselves: they may fail to be evaluated."""
        self.natives = [(i, r) for i, r in enumerate(rules) if r.native]
        """Rules that, where they apply, are judged without CEL."""
        self.places: list[int] = []
        """For each answer of the expression on a subject, the index of its rule."""

    def items(self, blind: bool) -> bytes:
        """Return the list of how each of the rules ends that can be asked together."""
        self.places = [i for i, r in enumerate(self.rules) if r.in_batch and i not in self.alone]
        return syntax.items(self.rules[i].batch_item(blind) for i in self.places)


class Batch:
    """The expression of all rules on one kind of subject.

    Those on what lies in each subject (the outcomes of an investment) are part of it, so that a
    subject is converted for CEL once.  `blind` says that git knows nothing of any subject.
    """

    def __init__(
        self, runtime: Runtime, rules: KindRules, outcomes: KindRules | None, blind: bool
    ) -> None:
        self.runtime = runtime
        self.rules = rules
        self.outcomes = outcomes
        self.blind = blind
        self._program: Program | None = None
        self._built = False

    def has_rules(self) -> bool:
        """Say whether there is any rule."""
        return bool(self.rules.rules or (self.outcomes is not None and self.outcomes.rules))

    def program(self) -> Program | None:
        """Return the compiled expression, or None if the rules must be asked one by one."""
        if not self._built:
            self._built = True
            self._program = self._build()
        return self._program

    def set_alone(self, rules: KindRules, index: int) -> None:
        """Take a rule out of the expression."""
        if index not in rules.alone:
            rules.alone.add(index)
            self._built = False

    def _build(self) -> Program | None:
        try:
            return self.runtime.program(self._expression())
        except CelError:
            pass
        for rules, index, rule in list(self._each()):  # what only compiles by itself, if at all
            try:
                alone = syntax.items([rule.batch_item(self.blind)])
                self.runtime.program(self._over_subjects(alone))
            except CelError:
                rules.alone.add(index)
        try:
            return self.runtime.program(self._expression())
        except CelError:
            return None

    def _each(self) -> Iterator[tuple[KindRules, int, CompiledRule]]:
        for rules in (self.rules, self.outcomes):
            for index, rule in enumerate(rules.rules if rules is not None else ()):
                yield rules, index, rule  # type: ignore[misc]

    def _expression(self) -> bytes:
        answers = self.rules.items(self.blind)
        if self.outcomes is not None:
            nested = syntax.select(syntax.name(self.rules.kind), "outcomes")
            inside = syntax.mapped(nested, self.outcomes.kind, self.outcomes.items(self.blind))
            answers = syntax.items([answers, inside])
        return self._over_subjects(answers)

    def _over_subjects(self, answers: bytes) -> bytes:
        return syntax.mapped(syntax.name(SUBJECTS_GIVEN), self.rules.kind, answers)

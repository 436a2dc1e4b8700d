"""Failures of rules that are judged without CEL, and their messages.

Where CEL has to be asked for the values of a message, those of all subjects of a batch that fail the
rule come of one evaluation: what surrounds a subject is converted for CEL at each, however much of it there is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from itgov.rules.batch import SUBJECTS_GIVEN
from itgov.rules.cel import CelError, EvaluationError, Runtime
from itgov.rules.compiled import CompiledRule, RuleResult
from itgov.rules.results import UnitResults
from itgov.rules.surroundings import Surroundings
from itgov.rules.verdicts import FAIL, UNEVALUATED


class _Failure(Struct, gc=False):
    """A finding whose message is still to be written."""

    place: int
    """Its index among the findings of the unit."""
    entry: Any
    missing: Sequence[str]
    variables: dict[str, Any]


class NativeFailures:
    """The subjects of one batch on which rules failed that are judged without CEL."""

    def __init__(self, results: UnitResults) -> None:
        self.results = results
        self._waiting: dict[tuple[str, int], tuple[CompiledRule, list[_Failure]]] = {}
        """By rule and by what the subjects lie in: the investment of an outcome."""

    def add(
        self, rule: CompiledRule, entry: Any, missing: Sequence[str], variables: dict[str, Any]
    ) -> int:
        """Note that a rule fails on a subject, as a finding; return how it ends."""
        results = self.results
        values = rule.native_values(entry)
        if values is None:
            values = rule.python_values(variables)
        if values is not None:
            said = RuleResult(FAIL, rule.say(values, missing, entry))
            return results.fail(rule, entry, said, missing)
        place = len(results.findings)
        verdict = results.fail(rule, entry, RuleResult(FAIL), missing)
        if verdict != UNEVALUATED:
            inside = id(variables["investment"]) if rule.rule.for_ == "outcome" else 0
            waiting = self._waiting.setdefault((rule.rule.id, inside), (rule, []))
            waiting[1].append(_Failure(place, entry, missing, variables))
        return verdict

    def say(self, runtime: Runtime, surroundings: Surroundings) -> None:
        """Write the messages that are still to be written."""
        findings = self.results.findings
        for rule, failures in self._waiting.values():
            found = _values(runtime, surroundings, rule, failures)
            for failure, values in zip(failures, found, strict=True):
                said = rule.say(values, failure.missing, failure.entry)
                findings[failure.place] = replace(findings[failure.place], message=said)
        self._waiting.clear()


def _values(
    runtime: Runtime, surroundings: Surroundings, rule: CompiledRule, failures: list[_Failure]
) -> list[list[Any]]:
    """Return the values of the message for each failure of a rule."""
    kind = rule.rule.for_
    if len(failures) > 1:
        subjects = [f.variables[kind] for f in failures]
        given = surroundings.of_some(failures[0].variables, kind, subjects)
        variables = {**given, SUBJECTS_GIVEN: subjects}
        try:
            found: list[list[Any]] = rule.values_of_many(SUBJECTS_GIVEN).evaluate_once(variables)
            return found
        except (CelError, EvaluationError):
            pass  # of one value, or on one subject: each by itself says which
    return [
        rule.values(runtime.scope(surroundings.of_some(f.variables, kind, [f.variables[kind]])))
        for f in failures
    ]

"""Running the examples of rules, and finding what no example has tried."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from typing import Any

from msgspec import Struct

from itgov.files.document import Route
from itgov.files.problem import Problem
from itgov.model.finding import Finding, Subject, sort_key
from itgov.rules import syntax
from itgov.rules.catalogue import LoadedRule, RuleBook, rule_finding
from itgov.rules.cel import CelError, EvaluationError, Program, Runtime, Scope, parse
from itgov.rules.compiled import CompiledRule, RuleResult
from itgov.rules.example_portfolio import ExampleError, ExamplePortfolio, portfolio_of
from itgov.rules.language import SUBJECTS, SubjectName
from itgov.rules.unparse import unparse
from itgov.rules.verdicts import FAIL, NOT_APPLICABLE, PASS, UNEVALUATED
from itgov.rules.vocabulary import record_of, with_history

_EXPECTED = {"passes": PASS, "fails": FAIL, "does_not_apply": NOT_APPLICABLE}
_WORDS = {
    PASS: "it passes",
    FAIL: "it fails",
    NOT_APPLICABLE: "the rule does not apply",
    UNEVALUATED: "it cannot be evaluated",
}


class PartCoverage(Struct):
    """One part of a condition, and whether an example made it true and one made it false."""

    field: str
    text: str
    seen_true: bool = False
    seen_false: bool = False

    @property
    def covered(self) -> bool:
        """Whether both were seen."""
        return self.seen_true and self.seen_false


class RuleCoverage(Struct):
    """What the examples of one rule have tried."""

    rule: str
    parts: list[PartCoverage]


class Tested(Struct):
    """The result of running all examples."""

    findings: list[Finding]
    examples: int
    coverage: list[RuleCoverage]


def run_examples(
    book: RuleBook, rules: Iterable[str] | None = None, coverage: bool = False
) -> Tested:
    """Run the examples of every rule of a book, or of some by id."""
    wanted = set(rules) if rules is not None else None
    tested = Tested([], 0, [])
    runtimes: dict[datetime.date, Runtime] = {}
    for loaded in book.rules:
        if wanted is None or loaded.rule.id in wanted:
            runner = _Runner(loaded, runtimes, coverage)
            tested.findings.extend(runner.run())
            tested.examples += runner.count
            if coverage:
                tested.coverage.append(RuleCoverage(loaded.rule.id, runner.parts))
    tested.findings.sort(key=sort_key)
    return tested


class _Runner:
    def __init__(
        self, loaded: LoadedRule, runtimes: dict[datetime.date, Runtime], coverage: bool
    ) -> None:
        self.loaded = loaded
        self.runtimes = runtimes
        self.findings: list[Finding] = []
        self.count = 0
        self.parts = list(_parts(loaded)) if coverage else []
        self.programs: dict[datetime.date, CompiledRule] = {}
        self.part_programs: dict[tuple[datetime.date, str], Program | None] = {}

    def run(self) -> list[Finding]:
        examples = self.loaded.rule.examples
        for group, expected in _EXPECTED.items():
            for index, example in enumerate(getattr(examples, group)):
                self.count += 1
                self._example(example, expected, (*self.loaded.route, "examples", group, index))
        return self.findings

    def _add(self, code: str, message: str, route: Route, fix: str = "", key: bool = False) -> None:
        document = self.loaded.document
        rule = self.loaded.rule.id
        problem = Problem.at(
            document, route, code, f"{rule}: {message}", fix, key=key, subject=Subject("rule", rule)
        )
        self.findings.append(rule_finding(document, problem))

    def _example(self, example: dict[str, Any], expected: int, route: Route) -> None:
        try:
            made = portfolio_of(self.loaded.rule.for_, example)
        except ExampleError as error:
            key = error.code == "RUL-002"
            self._add(error.code, str(error), (*route, *error.route), key=key)
            return
        answers = [self._ask(made, *subject) for subject in made.subjects]
        verdicts = {a.verdict for a in answers}
        failed = next((a for a in answers if a.verdict == FAIL), None)
        said = example.get("says")
        if UNEVALUATED in verdicts:
            reason = next(a.reason for a in answers if a.verdict == UNEVALUATED)
            self._add(
                "RUL-009",
                f"expected that {_WORDS[expected]}, but it cannot be evaluated: {reason}",
                route,
            )
        elif expected == FAIL and failed is not None:
            if said is not None and failed.message != said:
                self._add(
                    "RUL-009",
                    f"the message is “{failed.message}”, not “{said}”",
                    (*route, "says"),
                    "Correct `says` or the rule's message.",
                )
        elif expected == PASS and PASS in verdicts and verdicts <= {PASS, NOT_APPLICABLE}:
            return
        elif verdicts != {expected}:
            actual = FAIL if failed is not None else next(iter(verdicts))
            words = _WORDS[actual] + (f": {failed.message}" if failed is not None else "")
            self._add("RUL-009", f"expected that {_WORDS[expected]}, but {words}", route)

    def _ask(self, made: ExamplePortfolio, entry: Any, unit: Any, investment: Any) -> RuleResult:
        portfolio, today = made.portfolio, made.portfolio.today
        runtime = self.runtimes.get(today)
        if runtime is None:
            variables = [*SUBJECTS, "people", "relationship_managers", "today"]
            runtime = self.runtimes[today] = Runtime(today, variables)
        program = self.programs.get(today)
        if program is None:
            program = self.programs[today] = CompiledRule(self.loaded.rule, runtime)
        variables_of = {
            "organisation": record_of(portfolio.organisation),
            "people": {k: record_of(p) for k, p in portfolio.people.items()},
            "relationship_managers": {k: record_of(m) for k, m in portfolio.managers.items()},
            "today": today.isoformat(),
            self.loaded.rule.for_: view(entry, self.loaded.rule.for_),
        }
        if unit is not None:
            variables_of["business_unit"] = view(unit, "business_unit")
        if investment is not None:
            variables_of["investment"] = view(investment, "investment")
        scope = runtime.scope(variables_of)
        answer = program.judge(scope, entry, portfolio.people)
        for part in self.parts:
            self._cover(part, today, runtime, scope, answer)
        return answer

    def _cover(
        self,
        part: PartCoverage,
        today: datetime.date,
        runtime: Runtime,
        scope: Scope,
        answer: RuleResult,
    ) -> None:
        if part.field in ("named", "require"):
            if answer.verdict in (PASS, FAIL):
                part.seen_true |= answer.verdict == PASS
                part.seen_false |= answer.verdict == FAIL
            return
        if part.field == "assert" and answer.verdict == NOT_APPLICABLE:
            return  # the assertion was never asked
        key = (today, part.text)
        if key not in self.part_programs:
            try:
                self.part_programs[key] = runtime.compile(part.text)
            except CelError:
                self.part_programs[key] = None
        program = self.part_programs[key]
        if program is None:
            return
        try:
            value = program.evaluate(scope)
        except EvaluationError:
            return  # guarded by another part
        part.seen_true |= value is True
        part.seen_false |= value is False


def view(entry: Any, kind: SubjectName) -> dict[str, Any]:
    """Return a subject with everything that lies in it, as an expression sees it."""
    found = with_history(kind, record_of(entry))
    if hasattr(entry, "outcomes"):
        found["outcomes"] = [with_history("outcome", record_of(o)) for o in entry.outcomes]
    return found


def _parts(loaded: LoadedRule) -> Iterator[PartCoverage]:
    """Yield every part of a rule's conditions that can be true or false by itself."""
    rule = loaded.rule
    for field, source in (("when", rule.when), ("assert", rule.assert_)):
        if source is None:
            continue
        try:
            tree = parse(source)
        except CelError:
            continue
        texts: dict[str, None] = {}
        for node in _conditions(tree.root):
            texts.setdefault(unparse(node))
        for text in texts:
            yield PartCoverage(field, text)
    if rule.named is not None:
        yield PartCoverage("named", rule.named.field)
    elif rule.require:
        yield PartCoverage("require", ", ".join(rule.require))


def _conditions(node: syntax.Node) -> Iterator[syntax.Node]:
    """Yield a condition and each side of the `&&`, `||` and `? :` that it is made of."""
    yield node
    if node.kind == "call" and node.text in ("_&&_", "_||_", "_?_:_", "!_"):
        for argument in node.arguments:
            inner = list(_conditions(argument))
            yield from (n for n in inner if n.kind != "constant")

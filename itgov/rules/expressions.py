"""Checking one expression of a file against the model, with its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from msgspec.structs import replace

from itgov.files.document import Document, Route
from itgov.files.problem import Problem
from itgov.model.finding import Finding, Subject
from itgov.model.text import did_you_mean
from itgov.rules import nulls
from itgov.rules.catalogue import rule_finding
from itgov.rules.cel import FUNCTIONS, CelError, Checker
from itgov.rules.cost import refusal
from itgov.rules.language import SubjectName
from itgov.rules.patterns import pattern_problem
from itgov.rules.positions import offset_in_file
from itgov.rules.syntax import Tree
from itgov.rules.vocabulary import variables, vocabulary

_UNDEFINED = re.compile(r"undefined field '([^']+)' not found in struct 'itgov\.([^']+)'")


_UNDECLARED = re.compile(r"undeclared reference to '([^']+)'")


_OVERLOAD = re.compile(r"found no matching overload for '([^']+)' applied to '\((.*)\)'")


_TYPE_WORDS = {
    "wrapper(string)": "text",
    "string": "text",
    "wrapper(bool)": "true or false",
    "bool": "true or false",
    "dyn": "any value",
    "int": "number",
    "double": "number",
    "null_type": "null",
}


_OPERATOR_WORDS = {"@in": "in", "_[_]": "[…]", "_?_:_": "? :", "!_": "!", "-_": "-"}
_CEL_CALLS = {
    "all": "list.all(x, condition)",
    "exists": "list.exists(x, condition)",
    "exists_one": "list.exists_one(x, condition)",
    "filter": "list.filter(x, condition)",
    "map": "list.map(x, value)",
    "has": "has(record.field)",
    "size": "size(list)",
    "contains": "text.contains(part)",
    "startsWith": "text.startsWith(part)",
    "endsWith": "text.endsWith(part)",
    "matches": "text.matches(pattern)",
}
"""How CEL's own functions are called."""


class ExpressionChecks:
    """Checks expressions of one file, each with its place."""

    def __init__(self, checker: Checker, document: Document, subject: Subject) -> None:
        self.checker = checker
        self.document = document
        self.subject = subject
        self.found: list[Finding] = []

    def add(
        self, code: str, message: str, route: Route, fix: str = "", at: int | None = None
    ) -> None:
        """Add a finding at a value of the file, or at an offset inside it."""
        problem = Problem.at(self.document, route, code, message, fix, subject=self.subject)
        if at is not None:
            word = re.match(r"[\w.']+", self.document.text[at:])
            problem = replace(problem, start=at, end=at + (len(word[0]) if word else 1))
        self.found.append(rule_finding(self.document, problem))

    def check(
        self,
        value: str,
        expression: str,
        shift: int,
        kind: SubjectName,
        route: Route,
        wanted: tuple[str, ...] = (),
        guards: Iterable[Tree] = (),
    ) -> Tree | None:
        """Check an expression that starts `shift` characters into the text `value` at `route`.

        `wanted` names the types that its result may have; `guards` are conditions known to hold.
        Return its tree, or None where it does not compile.
        """

        def place(line: int, column: int) -> int:
            lead = value[:shift].split("\n")
            if line == 1:
                column += len(lead[-1])
            return offset_in_file(self.document, route, value, line + len(lead) - 1, column)

        def place_of(offset: int) -> int:
            before = expression[: max(offset, 0)].split("\n")
            return place(len(before), len(before[-1]) + 1)

        try:
            tree, result = self.checker.compile(expression, variables(kind))
        except CelError as error:
            for problem in error.problems:
                code, message, fix, extra = self._explain(problem.message, expression, kind)
                line_text = (
                    expression.split("\n")[problem.line - 1]
                    if problem.line <= expression.count("\n") + 1
                    else ""
                )
                column = _column(line_text, problem.column, problem.message) + extra
                match = _UNDEFINED.search(problem.message)
                if match is not None and line_text[column - 1 :][: len(match[1])] != match[1]:
                    # CEL points elsewhere for `has(…)`: look for the field itself
                    named = line_text.find(f".{match[1]}", max(problem.column - 1, 0))
                    column = named + 2 if named >= 0 else column
                self.add(code, message, route, fix, place(problem.line, column))
            parsed = self.checker.parse(expression)
            if parsed is not None:
                self._words(parsed, kind, route, place_of)
            return None
        refused = refusal(tree.root)
        if refused is not None:
            fix = "Ask for a field or a derived fact, in place of joining in a loop."
            self.add("RUL-014", refused, route, fix, place(1, 1))
        field = nulls.field_of(tree.root, nulls.types_of(kind))
        if field is not None and field.kind in ("number", "text", "truth"):
            result = {"number": "DOUBLE", "text": "STRING", "truth": "BOOL"}[field.kind]
        if wanted and result not in wanted and result != "DYN" and not result.startswith("WRAPPER"):
            truth = "BOOL" in wanted
            words = "true or false" if truth else "a number from 0 to 1"
            said = f"this should be {words}, not {_result_word(result)}"
            fix = "" if truth else "Compute a number, or null where it cannot be known."
            self.add("RUL-003", said, route, fix, place(1, 1))
        self._words(tree, kind, route, place_of)
        for node, path, operator in nulls.unguarded(tree, kind, guards, condition="BOOL" in wanted):
            self.add(
                "RUL-007",
                f"`{path}` may be missing, and `{operator}` cannot work on null"
                if operator
                else f"`{path}` may be missing, and null is neither true nor false",
                route,
                f"Add `{path} != null` to `when`, or before it with `&&`.",
                place_of(node.offset),
            )
        return tree

    def _words(
        self, tree: Tree, kind: SubjectName, route: Route, place_of: Callable[[int], int]
    ) -> None:
        """Look for patterns that are none, and words that a field never takes."""
        for node in tree.root.walk():
            if (
                node.kind == "call"
                and node.text == "matches"
                and isinstance(node.arguments[-1].value, str)
            ):
                wrong = pattern_problem(node.arguments[-1].value)
                if wrong is not None:
                    self.add(
                        "RUL-001",
                        wrong,
                        route,
                        "Patterns are RE2: no look-ahead, no back-references.",
                        place_of(node.arguments[-1].offset),
                    )
        for node, literal, field in nulls.impossible_words(tree, kind):
            options = ", ".join(field.options)
            self.add(
                "RUL-012",
                f"`{field.name}` is never `{literal}`{did_you_mean(literal, field.options)}",
                route,
                f"It is one of {options}.",
                place_of(node.offset),
            )

    def _explain(
        self, message: str, expression: str, kind: SubjectName
    ) -> tuple[str, str, str, int]:
        """Return code, message and fix in our words, and how far right the place really is."""
        if (match := _UNDEFINED.search(message)) is not None:
            known = sorted(vocabulary().get(match[2], {}))
            name = _spaced(match[2])
            return (
                "RUL-002",
                f"`{match[1]}` is not a field of {name}{did_you_mean(match[1], known)}",
                f"The fields of {name}: `itgov rules docs`.",
                1,
            )
        if (match := _UNDECLARED.search(message)) is not None:
            first, _, rest = match[1].partition(".")
            around = sorted(variables(kind))
            if first in around and rest:
                return "RUL-002", f"`{rest}` is unknown", "", 0
            if re.search(rf"\b{re.escape(first)}\s*\(", expression):
                return _no_function(first)
            return (
                "RUL-002",
                f"`{first}` is unknown in a rule for {_article(kind)}{did_you_mean(first, around)}",
                f"Known here: {', '.join(around)}.",
                0,
            )
        if (match := _OVERLOAD.search(message)) is not None:
            operator = _OPERATOR_WORDS.get(match[1], match[1].strip("_"))
            kinds = " and ".join(
                _TYPE_WORDS.get(t.strip(), _spaced(t.strip().removeprefix("itgov.")))
                for t in match[2].split(", ")
            )
            return (
                "RUL-001",
                f"`{operator}` does not work on {kinds}",
                "Compare values of one kind.",
                0,
            )
        if "operand of a select operation" in message:
            advice = "Look a person up with people[…], and a relationship manager likewise."
            return "RUL-002", "a text or a number has no fields", advice, 1
        if "Syntax error" in message:
            reason = message.partition("Syntax error: ")[2]
            reason = re.sub(r" expecting .*", "", reason, flags=re.DOTALL)
            reason = (
                reason.replace("mismatched input", "unexpected")
                .replace("extraneous input", "unexpected")
                .replace("'<EOF>'", "end")
            )
            return (
                "RUL-001",
                f"this is not CEL: {reason}",
                "See the rule format in the README, or cel.dev.",
                0,
            )
        if "recursion depth" in message or "recursion limit" in message:
            return "RUL-001", "this is nested more than 32 deep", "Split the rule in two.", 0
        return "RUL-001", f"this is not CEL: {message}", "", 0


def _no_function(name: str) -> tuple[str, str, str, int]:
    """Return what to say of a function that CEL does not find; its macros want their own form."""
    if name in _CEL_CALLS:
        return "RUL-002", f"`{name}` is not called this way", f"Write `{_CEL_CALLS[name]}`.", 0
    near = did_you_mean(name, [*FUNCTIONS, *_CEL_CALLS])
    advice = f"Beside CEL's own there are {', '.join(FUNCTIONS)}."
    return "RUL-002", f"there is no function `{name}`{near}", advice, 0


def _column(line: str, column: int, message: str) -> int:
    """Return where a name that CEL points into begins: it points at the dot of `a.b`."""
    if "undeclared reference" in message:
        at = min(column - 1, len(line))
        while at > 0 and (line[at - 1].isalnum() or line[at - 1] == "_"):
            at -= 1
        return at + 1
    return column


def _result_word(result: str) -> str:
    words = {
        "STRING": "a text",
        "INT": "a number",
        "DOUBLE": "a number",
        "NULL": "null",
        "BOOL": "true or false",
        "UINT": "a number",
    }
    if result.startswith("LIST"):
        return "a list"
    return words.get(
        result, "a mapping" if result.startswith("MAP") else _spaced(result.removeprefix("itgov."))
    )


def _spaced(name: str) -> str:
    """Return the name of a message in words: `BusinessUnit` as `business unit`."""
    return re.sub(r"(?<!^)(?=[A-Z])", " ", name).lower()


def _article(kind: str) -> str:
    word = kind.replace("_", " ")
    return f"{'an' if word[0] in 'aeio' else 'a'} {word}"

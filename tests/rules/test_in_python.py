"""What is written out in Python answers as CEL does, or leaves the answer to CEL."""

from __future__ import annotations

import ast
import contextlib
import datetime
import json
import re
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from itgov.rules.book import load_rules
from itgov.rules.cel import CelError, EvaluationError, Runtime, parse
from itgov.rules.compiled import CompiledRule, variables_of
from itgov.rules.cost import STEPS
from itgov.rules.in_python import Untranslatable, compiled, compiled_values, function_of, in_python
from itgov.rules.language import Rule
from itgov.rules.python_values import UNDECIDED
from itgov.rules.verdicts import ASK, PASS

from ..support.examples import many

NAMES = ["a", "b", "c"]
RUNTIME = Runtime(datetime.date(2026, 11, 23), NAMES)
LEFT_TO_CEL = object()
FAILED = object()

# -- what may stand in an expression, and in a portfolio -----------------------------------

TEXTS = st.sampled_from(
    [
        "",
        " ",
        "x",
        "xy",
        "é",
        "\U0001f600",
        "TBD",
        "Ann Lee; Bo Chan",
        "2026-11-01",
        "2026-02-30",
        "f",
    ]
)
NUMBERS = st.one_of(
    st.integers(-3, 3),
    st.sampled_from([2**53 - 1, 2**53, 2**53 + 1, 2**63 - 1, -(2**63), 2**52]),
    st.sampled_from([-2.5, -0.0, 0.0, 0.1, 1.0, 2.0, 3.5, 2.0**53, 2.0**63, 1e300]),
)
PLAIN = st.one_of(st.none(), st.booleans(), NUMBERS, TEXTS)
VALUES = st.recursive(
    PLAIN,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(["f", "g", "x", ""]), inner, max_size=3)
    ),
    max_leaves=6,
)  # fmt: skip
RECORDS = st.one_of(VALUES, st.fixed_dictionaries({"f": st.one_of(PLAIN, VALUES), "g": VALUES}))
CONSTANTS = st.sampled_from(
    ["null", "true", "false", "0", "1", "-1", "3u", "1.0", "0.5", "1e999", "-1e999", "9007199254740993", "9223372036854775807", "'x'", "''", "'f'",
     "'2026-11-01'", "[]", "['x', 'xy']", "['x', null]", "[1, 2]", "[a, 'x']"]
)  # fmt: skip
LOOPS = ["all", "exists", "exists_one", "filter", "map"]
FORMS_OF_ONE = [
    "!{}", "-{}", "{}.f", "{}.g", "has({}.f)", "size({})", "int({})", "double({})", "string({})", "named({})", "several({})",
    "amount({})", "days_since({})", "dyn({})", "({} in ['x', 'f'])", "({} == null)", "({} == true)", "({} != 1)", "({} == 'x')",
    "({} < 1)", "(0.5 <= {})", "({} >= 'x')", "{}.matches('^x')", "{}[0]", "{}['f']",
]  # fmt: skip
FORMS_OF_TWO = [
    *(f"({{}} {sign} {{}})" for sign in ("&&", "||", "==", "!=", "<", "<=", ">", ">=", "in", "+", "-", "*", "/", "%")),
    "{}[{}]", "days_between({}, {})", "{}.startsWith({})", "{}.endsWith({})", "{}.contains({})", "{}.matches({})",
    *(f"{{}}.{loop}(v, {{}})" for loop in LOOPS), *(f"{{}}.{loop}(w, w == {{}})" for loop in LOOPS), "{}.map(v, v != 1, {})",
]  # fmt: skip


def larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.builds(str.format, st.sampled_from(FORMS_OF_ONE), inner),
        st.builds(str.format, st.sampled_from(FORMS_OF_TWO), inner, inner),
        st.builds("({} ? {} : {})".format, inner, inner, inner),
    )


EXPRESSIONS = st.recursive(
    st.sampled_from(["a.f", "b.f", "c.g", "v", "w", *NAMES]) | CONSTANTS, larger, max_leaves=6
)

# -- the two ways --------------------------------------------------------------------------


NUMBERED = re.compile(r"v[0-9]+")
CALLED = frozenset(
    ["named", "several", "amount", "days_between", "matches", "fmod", "ask", "truth", "equal", "less", "at_most", "within", "at", "has", "number", "number_or_null", "whole", "fraction", "text", "text_or_null", "plus", "in_words", "every", "some", "one", "kept", "made", "days_since", "len"]
)  # fmt: skip
ATTRIBUTES = frozenset(["__class__", "startswith", "endswith"])


def assert_made_of_nothing_else(text: str, variables: Iterable[str]) -> None:
    """See that what is written out names what rules may call, numbered items and variables, no more."""
    for node in ast.walk(ast.parse(text, mode="eval")):
        if isinstance(node, ast.Name):
            known = node.id in CALLED or node.id in ("t", "bool") or node.id in variables
            assert known or NUMBERED.fullmatch(node.id), text
        elif isinstance(node, ast.Attribute):
            assert node.attr in ATTRIBUTES, text
        elif isinstance(node, ast.Call):
            assert isinstance(node.func, (ast.Name, ast.Attribute)), text
            assert not isinstance(node.func, ast.Name) or node.func.id in CALLED, text


def by_python(expression: str, variables: dict[str, Any], runtime: Runtime = RUNTIME) -> Any:
    def values(*texts: str) -> list[Any]:
        code = compiled_values(list(variables), texts)
        return function_of(code, runtime.days_since)(*variables.values())

    try:
        written = in_python(parse(expression).root, {n: n for n in variables})
        assert_made_of_nothing_else(written.truth, variables)
        value, _ = values(written.text, written.truth)
    except Untranslatable:
        return LEFT_TO_CEL
    except UNDECIDED:
        try:
            (value,) = values(written.text)
        except UNDECIDED:
            return LEFT_TO_CEL
        assert not isinstance(value, bool), "what is true or false is taken for that"
        return value
    assert isinstance(value, bool), "what is neither true nor false is not taken for either"
    return value


def by_cel(expression: str, variables: dict[str, Any], runtime: Runtime = RUNTIME) -> Any:
    try:
        return runtime.compile(expression).evaluate(runtime.scope(variables))
    except EvaluationError:
        return FAILED


def alike(one: Any, other: Any) -> bool:
    if type(one) is not type(other):
        return False
    if isinstance(one, list):
        return len(one) == len(other) and all(map(alike, one, other))
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(alike(one[k], other[k]) for k in one)
    return repr(one) == repr(other) or (isinstance(one, float) and one == other)


@settings(max_examples=many(1_500))
@given(EXPRESSIONS, RECORDS, RECORDS, RECORDS)
def test_python_answers_as_cel_or_not_at_all(expression: str, a: Any, b: Any, c: Any) -> None:
    variables = {"a": a, "b": b, "c": c}
    try:
        parse(expression)
        expected = by_cel(expression, variables)
    except CelError:
        return  # no expression
    found = by_python(expression, variables)
    assert found is LEFT_TO_CEL or alike(found, expected), (found, expected)


@pytest.mark.parametrize(
    ("expression", "a", "expected"),
    [
        ("a.f != null && a.f in ['x', 'y']", {"f": "x"}, True),
        ("a.f == 1", {"f": True}, False),
        ("a.all(v, v.on <= '2026-11-23')", [{"on": "2026-11-01"}], True),
        ("a.filter(v, v.n > 1).map(v, v.n)", [{"n": 1}, {"n": 2.0}], [2.0]),
        ("days_since(a.f) > 20", {"f": "2026-11-01"}, True),
        ("a.all(k, k < 'c')", {"a": 1, "b": 2}, True),
        ("a.map(k, k)", {"a": 1, "b": 2}, LEFT_TO_CEL),  # in which order?
        ("a.f ? 1 : 2", {"f": 3}, LEFT_TO_CEL),
        ("a.f < 1e999", {"f": 3}, LEFT_TO_CEL),  # which has no literal in Python
        (
            "a.f > 9007199254740992.0",
            {"f": 2**53 + 1},
            LEFT_TO_CEL,
        ),  # which CEL compares as fractions
        ("a.f == 9007199254740992.0", {"f": 2**53 + 1}, LEFT_TO_CEL),
        ("a.f > 1", {"f": None}, LEFT_TO_CEL),
        ("a.g > 1", {"f": None}, LEFT_TO_CEL),
        ("a.f > 1 || true", {"f": None}, LEFT_TO_CEL),
    ],
)
def test_what_is_written_out(expression: str, a: Any, expected: Any) -> None:
    assert by_python(expression, {"a": a}) == expected


def test_a_loop_that_may_run_out_of_steps_is_left_to_cel() -> None:
    short, long = list(range(20)), list(range(STEPS + 1))
    assert by_python("a.all(v, v >= 0)", {"a": short}) is True
    assert by_python("a.all(v, v >= 0)", {"a": long}) is LEFT_TO_CEL
    assert by_python("a.all(v, a.exists_one(w, w == v))", {"a": short}) is True
    nested = list(range(101))
    assert by_cel("a.all(v, a.exists_one(w, w == v))", {"a": nested, "b": 0, "c": 0}) is FAILED
    assert by_python("a.all(v, a.exists_one(w, w == v))", {"a": nested}) is LEFT_TO_CEL


def test_parts_of_a_rule_on_git_have_the_steps_of_the_whole() -> None:
    parts = ["investment.history_days > 30", *(f"people.all(p, p != 'x{n}')" for n in range(6))]
    rule = CompiledRule(
        Rule(
            id="ZZZ-001", name="z", summary="Z", severity="info", for_="investment", message="Z",
            assert_=" && ".join(parts),
        ),
        Runtime(RUNTIME.today, variables_of("investment")),
    )  # fmt: skip
    code = compiled(variables_of("investment"), [rule.in_python(blind=False)], ASK)
    answer = function_of(code, RUNTIME.days_since)
    for count, expected in ((300, True), (2_100, FAILED)):
        people = {f"p{n}": {} for n in range(count)}
        variables = {name: {} for name in variables_of("investment")}
        variables |= {"investment": {"history_days": 90}, "people": people}
        assert by_cel(rule.rule.assert_, variables, rule.runtime) is expected
        assert answer(*variables.values()) == [PASS if expected is True else ASK]


HOSTILE = [
    "') or __import__('os').abort() or ('", "{}", "{0}", "{", "}", "\\", "\n", '"', "'''", "#", "\\N{DIGIT ONE}", "\u2028", "\U0001f600"
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_stays_a_text(text: str) -> None:
    quoted = json.dumps(text, ensure_ascii=False)
    record = {"f": text, "g": text + text, text: True}
    for form in ("a.f == {}", "a.f in [{}]", "a.f.endsWith({})", "a.f + {} == a.g", "a[{}]"):
        assert by_python(form.replace("{}", quoted), {"a": record}) is True, form


@pytest.mark.parametrize(
    "name", ["lambda", "None", "class", "ask", "t", "v1", "v2", "answer", "len", "a", "equal", "UNDECIDED", "__builtins__", "__import__"]
)  # fmt: skip
def test_a_name_means_what_it_does_in_cel(name: str) -> None:
    """A loop's variable, and a field, may be called as what is written out is."""
    variables = {"a": {"f": ["x", "y"], name: "x"}, "b": [["x"], ["y", "x"]], "c": 0}
    for expression in (
        f"a.f.all({name}, {name} == 'x' || {name} < 'z')",
        f"b.all({name}, {name}.exists({name}, {name} == 'x'))",
        f"b.all(v, v.exists({name}, v.all(v, v != 'z') && {name} == 'x'))",
        f"a.{name} == 'x'",
    ):
        try:
            parse(expression)
        except CelError:  # a word that CEL keeps for itself
            continue
        assert by_cel(expression, variables) is by_python(expression, variables) is True, expression
    for expression in (f"{name}(b)", f"b.{name}()", name):
        with contextlib.suppress(CelError):
            assert by_python(expression, {"b": [], "c": 0}) is LEFT_TO_CEL, expression


def test_what_may_join_more_than_cel_allows_is_left_to_cel() -> None:
    expression = "a.l.map(v, a.t + a.t + v).size() > 1"
    few, many = ({"l": ["x"] * n, "t": "x" * 20_000} for n in (20, 2_400))
    by_cel_too = {"b": 0, "c": 0}
    assert by_cel(expression, {"a": few, **by_cel_too}) is True
    assert by_cel(expression, {"a": many, **by_cel_too}) is FAILED
    assert by_python(expression, {"a": many}) is LEFT_TO_CEL
    assert by_python("a.l.map(v, a.t + v).size() > 1", {"a": {**many, "t": "x"}}) is True


def test_a_message_takes_no_more_of_lists_of_lists_than_it_has_room_for() -> None:
    row = ["x" * 20_000] * 2_400
    rule = Rule(
        id="ZZZ-001", name="z", summary="Z", severity="info", for_="person", message="A {person.id}", require=["id"]
    )  # fmt: skip
    said = CompiledRule(rule, RUNTIME).say([[row] * 2_400], [], None)
    assert said == "A " + "x" * 997 + "…"


def test_the_deepest_and_the_longest_that_cel_takes_are_written_out() -> None:
    """Python's own parser has limits too."""
    assert by_python(" && ".join(["a"] * 300), {"a": True}) is True
    for deep in ("{} + (1", "{}!(a", "{}1 + int(a", "{}[a].all(v, v", "{}(a ? a : a"):
        part = deep.format("")
        known = [part * n + ")" * (n * part.count("(")) for n in range(1, 33)]
        for expression in known:
            try:
                parse(expression)
            except CelError:
                continue
            by_python(expression, {"a": True})  # no error of Python's


def test_all_conditions_and_messages_of_the_standard_pack_are_written_out() -> None:
    class Nothing:
        def files(self, folder: str) -> list[Any]:
            return []

    book = load_rules(Nothing())  # type: ignore[arg-type]
    for loaded in book.rules:
        rule = CompiledRule(loaded.rule, RUNTIME)
        assert rule.in_python(blind=False), loaded.rule.id
        assert rule.in_python(blind=True), loaded.rule.id
        for expression in rule.expressions:
            assert rule.written(expression).text, loaded.rule.id

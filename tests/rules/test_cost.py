"""What an expression can build is bounded before it is evaluated, and counted while it is."""

from __future__ import annotations

import datetime
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from itgov.rules.analysis import conditions, message_expressions
from itgov.rules.book import check_standard
from itgov.rules.cel import CelError, EvaluationError, Runtime, parse
from itgov.rules.cost import MOST, PARTS, cost_of

from ..support.examples import many

RUNTIME = Runtime(datetime.date(2026, 11, 23), ["investment"])

TOO_MUCH = {
    "a text joined to itself": "['ab'].map(s, s + s + s)" + ".map(s, s + s + s + s + s)" * 10,
    "a list joined to itself": "[[1, 2]]" + ".map(x, x + x + x + x + x + x)" * 8,
    "a list of itself twice": "[[1]]" + ".map(x, [x, x])" * 17,
    "a mapping of itself": "[{'a': 1}]" + ".map(x, {'a': x, 'b': x, 'c': x, 'd': x})" * 9,
    "loops in loops": "[1,2,3,4,5].map(a, " * 7 + "'" + "x" * 900 + "' + 'y'" + ")" * 7,
    "a field joined to itself": "[investment.title]" + ".map(s, s + s + s + s + s + s + s + s)" * 6,
    "a message's value": "[[investment]]" + ".map(x, [x, x, x, x, x, x, x, x])" * 5,
}


@pytest.mark.parametrize("what", TOO_MUCH)
def test_what_could_build_too_much_is_refused_at_its_place(repo, rule, rules, what):
    expression = TOO_MUCH[what]
    with pytest.raises(CelError, match="the limit is 50 MB"):
        parse(expression)
    text = rule("investment.id == 'B'", message=json.dumps(f"{{{expression}}}"))
    there = repo(rules(text))
    assert there.broken() == [("RUL-014", "rules/own.yaml", 7, 16)]
    (found,) = there.rules_check()
    assert "MB of texts and lists" in found["message"]


def test_an_expression_of_very_many_parts_is_refused():
    with pytest.raises(CelError, match=f"parts; the limit is {PARTS:,}"):
        parse(" || ".join(["investment.id == 'x'"] * 1_000))


def test_the_standard_rules_stay_far_below_the_limit():
    rules = [r.rule for r in check_standard().rules]
    texts = [e for r in rules for e in (*conditions(r), *message_expressions(r))]
    assert max(cost_of(parse(text).root) for text in texts) < MOST / 20


def test_what_the_files_make_longer_than_expected_is_not_joined_without_end():
    program = RUNTIME.compile("investment.outcomes.map(o, investment.summary + o.id).size() < 0")
    few = {"summary": "x" * 1_000, "outcomes": [{"id": "o"}] * 100}
    assert program.evaluate_once({"investment": few}) is False
    much = {"summary": "x" * 19_000, "outcomes": [{"id": "o"}] * 4_000}
    with pytest.raises(EvaluationError, match="joins more than 50 MB"):
        program.evaluate_once({"investment": much})
    assert program.evaluate_once({"investment": few}) is False


def written_out(value):
    """Return the least that a value takes when it is written out: a byte a character or a place."""
    if isinstance(value, str):
        return len(value)
    if isinstance(value, list):
        return sum(1 + written_out(v) for v in value)
    if isinstance(value, dict):
        return sum(written_out(k) + written_out(v) for k, v in value.items())
    return 1


texts = st.recursive(
    st.one_of(st.sampled_from(["'ab'", "''", "s"]), st.text("xyz", max_size=9).map("'{}'".format)),
    lambda inner: st.builds("({} + {})".format, inner, inner),
    max_leaves=6,
)
lists = st.recursive(
    st.one_of(st.just("[1, 2]"), st.builds("[{}, {}]".format, texts, texts)),
    lambda inner: st.one_of(
        st.builds("({} + {})".format, inner, inner),
        st.builds("[{}, {}]".format, inner, texts),
        st.builds("{}.map(x, [x, x])".format, inner),
        st.builds("{}.map(x, {})".format, inner, inner),
        st.builds("{}.filter(x, x != 1)".format, inner),
        st.builds("(size({}) > 2 ? {} : {})".format, inner, inner, inner),
        st.builds("[{}].map(x, {{'k': x}})".format, inner),
    ),
    max_leaves=8,
)


@settings(max_examples=many(300))
@given(lists)
def test_nothing_is_larger_than_its_bound(expression):
    text = f"['q'].map(s, {expression})"
    try:
        tree, value = parse(text), RUNTIME.compile(text).evaluate_once({})
    except (CelError, EvaluationError):
        return  # nested too deep for CEL, or joined to what is no list
    assert written_out(value) <= cost_of(tree.root)

"""`rules test` runs the examples and finds each way in which one can be wrong."""

from __future__ import annotations

import pytest

HEAD = """\
rules:
  - id: X-001
    name: x
    for: investment
    assert: investment.end != null && investment.end < today
    message: '{investment.title} is not over'
    examples:
"""
OVER = "- investment: {id: A, title: T, end: 2025-01-01}"
NOT_OVER = "- investment: {id: A, title: T}"


def examples_of(repo, lines, head=HEAD):
    there = repo(head + "".join(f"      {line}\n" for line in lines))
    ran = there.rules_test()
    return ran.code, [(f["rule"], f["line"], f["column"], f["message"]) for f in ran.findings]


def test_examples_that_agree(repo):
    lines = ["passes:", f"  {OVER}", "fails:", f"  {NOT_OVER}", "    says: T is not over"]
    assert examples_of(repo, lines) == (0, [])


@pytest.mark.parametrize(
    ("lines", "at", "said"),
    [
        (["passes:", f"  {NOT_OVER}"], (9, 11), "X-001: expected that it passes, but it fails: T is not over"),
        (["fails:", f"  {OVER}"], (9, 11), "X-001: expected that it fails, but it passes"),
        (["does_not_apply:", f"  {OVER}"], (9, 11), "X-001: expected that the rule does not apply, but it passes"),
        (["fails:", f"  {NOT_OVER}", "    says: T is over"], (10, 17), "X-001: the message is “T is not over”, not “T is over”"),
    ],
)  # fmt: skip
def test_examples_that_do_not(repo, lines, at, said):
    assert examples_of(repo, lines) == (1, [("RUL-009", *at, said)])


def test_an_example_that_cannot_be_evaluated(repo):
    head = HEAD.replace("investment.end != null && ", "")
    code, found = examples_of(repo, ["fails:", f"  {NOT_OVER}"], head)
    assert (code, [f[0] for f in found]) == (1, ["RUL-009"])
    assert "cannot be evaluated: `<` meets null" in found[0][3]


@pytest.mark.parametrize(
    "example", ["- business_unit: {id: u}", "- says: x", "- {}", "- investment: null", "- investments: []"]
)  # fmt: skip
def test_an_example_that_reaches_no_subject(repo, example):
    code, found = examples_of(repo, ["fails:", f"  {example}"])
    assert (code, [f[:2] for f in found]) == (1, [("RUL-010", 9)])


@pytest.mark.parametrize(
    ("example", "code", "word"),
    [
        ("- investment: {id: A, titel: T}", "RUL-002", "titel"),
        ("- investmnt: {id: A}", "RUL-002", "investmnt"),
        ("- {people: {ann: {sid: it}}, investment: {id: A}}", "RUL-002", "sid"),
        ("- {people: [{id: ann, nam: A}], investment: {id: A}}", "RUL-002", "nam"),
        ("- investment: {id: A, title: T, outcomes: [{id: o, targt: 1}]}", "RUL-002", "targt"),
        ("- investment: {id: A, title: T, stage: liv}", "RUL-009", "liv"),
        ("- investment: {id: A, title: T, end: 2025-02-30}", "RUL-009", "2025-02-30"),
        ("- investment: {id: A, title: T, spend: [{year: x}]}", "RUL-009", "x"),
        ("- investment: {id: A, title: T, spend_total: much}", "RUL-009", "much"),
        ("- investment: {id: A, title: T, is_active: perhaps}", "RUL-009", "perhaps"),
        ("- {today: soon, investment: {id: A}}", "RUL-009", "soon"),
        ("- investment: [a]", "RUL-009", "[a]"),
        ("- {people: 5, investment: {id: A}}", "RUL-009", "5"),
    ],
)  # fmt: skip
def test_an_example_that_does_not_fit_the_model(repo, example, code, word):
    exit_code, found = examples_of(repo, ["fails:", f"  {example}"])
    assert (exit_code, [f[0] for f in found]) == (1, [code])
    row = f"        {example}"
    line, column = found[0][1:3]
    assert line == 9
    assert row[column - 1 :].startswith(word)


@pytest.mark.parametrize(
    "lines", [["pases:", f"  {OVER}"], ["passes: {investment: {id: A}}"], ["passes:", "  - words"]]
)
def test_examples_of_the_wrong_shape(repo, lines):
    code, found = examples_of(repo, lines)
    assert code == 1
    assert found[0][0].startswith("MOD-")


def test_examples_never_age(repo):
    head = HEAD.replace(
        "investment.end != null && investment.end < today", "days_since(investment.end) == 31"
    )
    lines = ["passes:", "  - investment: {id: A, title: T, end: 2025-12-01}", "  - today: 2030-02-01", "    investment: {id: A, title: T, end: 2030-01-01}"]  # fmt: skip
    assert examples_of(repo, lines, head) == (0, [])


def test_coverage_says_which_part_was_never_tried(repo):
    lines = ["passes:", f"  {OVER}", "fails:", f"  {NOT_OVER}"]
    there = repo(HEAD + "".join(f"      {line}\n" for line in lines))
    ran = there.rules_test("--coverage")
    assert ran.code == 0
    said = [line for line in ran.err.splitlines() if line.startswith("X-001")]
    assert said == ["X-001 assert: never false: investment.end < today"]
    assert "4 of 5 parts of conditions were seen both true and false." in ran.err


def test_one_rules_examples(repo):
    lines = ["passes:", f"  {OVER}", "fails:", f"  {NOT_OVER}"]
    there = repo(HEAD + "".join(f"      {line}\n" for line in lines))
    for given in (["X-001"], ["x-001"], ["X-001,X-001"], ["X"]):  # as `check --select` takes them
        ran = there.rules_test("--select", *given)
        assert ran.code == 0, ran.err
        assert "2 examples of 1 rule run" in ran.err
    ran = there.rules_test("--select", "X-01")
    assert (ran.code, ran.out) == (2, "")
    assert "did you mean `X-001`?" in ran.err

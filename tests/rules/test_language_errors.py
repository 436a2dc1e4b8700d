"""What a rule file may not say, and how the error puts it."""

from __future__ import annotations

import pytest

HEAD = "rules:\n  - id: X-001\n    name: x\n    for: investment\n"


def found_in(repo, text):
    return [(f["rule"], f["line"], f["column"], f["message"]) for f in repo(text).rules_check()]


@pytest.mark.parametrize(
    ("condition", "code", "at", "said"),
    [
        ("investment.title", "RUL-003", 1, "this should be true or false, not a text"),
        ("investment.outcomes", "RUL-003", 1, "this should be true or false, not a list"),
        ("1 + 1", "RUL-003", 1, "this should be true or false, not a number"),
        ("'true'", "RUL-003", 1, "this should be true or false, not a text"),
        ("investment.spend_total", "RUL-003", 1, "this should be true or false, not a number"),
        ("investment.title == ", "RUL-001", None, "this is not CEL"),
        ("investment.title = 'x'", "RUL-001", None, "this is not CEL"),
        ("true && (false", "RUL-001", None, "this is not CEL"),
        ("foo(investment.title)", "RUL-002", 1, "there is no function `foo`"),
        ("all(investment.outcomes, true)", "RUL-002", 1, "`all` is not called this way"),
        ("investment.outcomes.all(true)", "RUL-002", 21, "`all` is not called this way"),
        ("day_since(investment.end) == 3", "RUL-002", 1, "did you mean `days_since`?"),
        ("investment.title.startWith('x')", "RUL-002", 18, "did you mean `startsWith`?"),
        ("investmnt.title == 'x'", "RUL-002", 1, "did you mean `investment`?"),
        ("outcome.id == 'x'", "RUL-002", 1, "`outcome` is unknown in a rule for an investment"),
        ("investment.title == 3", "RUL-001", None, "`==` does not work on text and number"),
        ("investment.title.matches('[')", "RUL-001", 26, "is not a pattern"),
        ("investment.title.matches('(?=x)')", "RUL-001", 26, "is not a pattern"),
        ("investment.title.matches('(a)\\\\1')", "RUL-001", 26, "is not a pattern"),
        ("investment.stage == 'liv'", "RUL-012", 21, "did you mean `live`?"),
        ("investment.stage in ['live', 'retird']", "RUL-012", 30, "did you mean `retired`?"),
        ("'gren' != investment.confidence", "RUL-012", 1, "did you mean `green`?"),
        ("people['ann'].side == 'busines'", "RUL-012", 23, "did you mean `business`?"),
        ("investment['titel'] == 'x'", "RUL-001", None, "does not work"),
    ],
)
def test_a_condition_that_cannot_hold_what_it_should(repo, rule, rules, condition, code, at, said):
    found = found_in(repo, rules(rule(condition)))
    assert [f[0] for f in found] == [code]
    assert said in found[0][3]
    assert found[0][1] == 6
    if at is not None:
        assert found[0][2] == at + 6


def test_the_same_holds_of_when(repo, rule, rules):
    found = found_in(repo, rules(rule("true", when="investment.title")))
    assert found == [("RUL-003", 7, 11, "this should be true or false, not a text")]


def test_nesting_over_32_is_said_in_words(repo, rule, rules):
    found = found_in(repo, rules(rule("(" * 40 + "true" + ")" * 40)))
    assert [f[0] for f in found] == ["RUL-001"]
    assert found[0][3] == "this is nested more than 32 deep"


@pytest.mark.parametrize(
    ("message", "said", "at"),
    [
        ('"{investment.id} {investment.title"', "a `{` without its `}`", 31),
        ('"x } y"', "a `}` without its `{`", 17),
        ('"x {} y"', "no expression between `{` and `}`", 17),
    ],
)
def test_braces_that_do_not_match(repo, message, said, at):
    found = found_in(repo, f"{HEAD}    assert: 'true'\n    message: {message}\n")
    assert found == [("RUL-001", 6, at, said)]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("assert: 5", "`assert` should be a text, not the number 5"),
        ("assert: true", "`assert` should be a text, not `true`"),
        ("assert: [a]", "`assert` should be a text, not a list"),
        ("named: outcome_owner", "`named` should be a mapping, not `outcome_owner`"),
        ("require: title", "`require` should be a list, not `title`"),
    ],
)
def test_a_condition_of_the_wrong_shape_is_one_error(repo, lines, said):
    # the rule has its form; that it has none of them is not what the author should be told
    found = found_in(repo, f"{HEAD}    {lines}\n")
    assert [f[3] for f in found] == [said]


def test_every_misfit_of_a_rule_is_listed(repo):
    text = (
        f"{HEAD}    assert: 'true'\n    severity: eror\n    nam: b\n    waivable: maybe\n"
        "    sources: Potts\n    named: {feild: x}\n"
    )
    found = found_in(repo, text)
    assert [f[:3] for f in found if f[0].startswith("MOD")] == [
        ("MOD-004", 6, 15),
        ("MOD-001", 7, 5),
        ("MOD-003", 8, 15),
        ("MOD-003", 9, 14),
        ("MOD-002", 10, 12),
        ("MOD-001", 10, 13),
    ]
    said = " ".join(f[3] for f in found)
    for word in ("`error`", "`name`", "`field`"):
        assert f"did you mean {word}?" in said


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("severity: info", "has none of `named`, `require` and `assert`"),
        ("assert: ''", "has none of `named`, `require` and `assert`"),
        ("assert: 'true'\n    require: [title]", "has `require` and `assert`; it can have one"),
        (
            "named: {field: sponsor}\n    assert: 'true'",
            "has `named` and `assert`; it can have one",
        ),
    ],
)
def test_a_rule_has_exactly_one_form(repo, lines, said):
    found = found_in(repo, f"{HEAD}    {lines}\n")
    assert [f[0] for f in found] == ["RUL-008"]
    assert found[0][3] == f"rule X-001 {said}"


@pytest.mark.parametrize("identifier", ["X-1", "X001", "X-0001", "1-001", "X_001"])
def test_an_id_is_letters_a_dash_and_three_digits(repo, identifier):
    text = f"rules:\n  - {{id: {identifier}, name: x, for: investment, assert: 'true'}}\n"
    assert [f[0] for f in found_in(repo, text)] == ["MOD-004"]


@pytest.mark.parametrize(
    "identifier", ["YML-001", "MOD-099", "REF-100", "WVR-001", "RUL-001", "mod-001"]
)
def test_what_is_built_in_keeps_its_letters(repo, rule, rules, identifier):
    found = found_in(repo, rules(rule("true", identifier=identifier)))
    assert [f[0] for f in found] == ["RUL-004"]


@pytest.mark.parametrize("second", ["X-001", "x-001"])
def test_two_rules_of_one_id_are_both_named_by_place(repo, rule, rules, second):
    # ids are looked up whatever their case, so two that differ by case are one
    files = {
        "rules/a.yaml": rules(rule("true")),
        "rules/b.yaml": rules(rule("true", identifier=second)),
    }
    found = repo(files).rules_check()
    assert [(f["rule"], f["path"], f["line"]) for f in found] == [("RUL-004", "rules/b.yaml", 2)]
    assert "rules/a.yaml:2" in found[0]["message"]


@pytest.mark.parametrize("at", ["spend_total", "line_of_sight"])
def test_a_finding_cannot_point_at_what_no_file_has(repo, at):
    found = found_in(repo, f"{HEAD}    assert: 'true'\n    at: {at}\n")
    assert [f[:3] for f in found] == [("RUL-002", 6, 9)]


def test_what_a_rule_file_should_be_is_said_of_a_rule_file(repo):
    ran = repo("- a\n").check()
    assert ran.code == 2
    assert "business_unit" not in ran.err


HEALTH_ERRORS = {
    "no rules and no score": ("{id: d, weight: 1}", "RUL-008"),
    "both": ("{id: d, weight: 1, rules: [OWN-001], score: '1'}", "RUL-008"),
    "a score that is a text": ("{id: d, weight: 1, score: business_unit.name}", "RUL-003"),
    "a weight below nothing": ("{id: d, weight: -1, rules: [OWN-001]}", "MOD-004"),
    "no weight": ("{id: d, weight: 0, rules: [OWN-001]}", "RUL-013"),
}


@pytest.mark.parametrize("what", HEALTH_ERRORS)
def test_health_that_says_nothing(repo, rule, rules, what):
    dimension, code = HEALTH_ERRORS[what]
    files = {
        "rules/health.yaml": f"health:\n  dimensions:\n    - {dimension}\n",
        "rules/own.yaml": rules(rule("true")),
    }
    found = repo(files).rules_check()
    assert code in [f["rule"] for f in found]
    assert {f["path"] for f in found} == {"rules/health.yaml"}


@pytest.mark.parametrize(
    "score",
    [
        "'1'",
        "business_unit.value_realised_ratio",
        "'business_unit.head == null ? 0 : 1'",
        "'business_unit.head == null ? 0.5 : 1'",
        "'business_unit.head == null ? null : 1'",
        "'business_unit.investment_count == 0 ? null : 1.0 / business_unit.investment_count'",
    ],
)
def test_a_score_is_any_number_or_null(repo, rule, rules, score):
    files = {
        "rules/health.yaml": f"health:\n  dimensions:\n    - {{id: d, weight: 1, score: {score}}}\n",
        "rules/own.yaml": rules(rule("true")),
    }
    assert repo(files).rules_check() == []


def test_disabling_a_rule_that_the_packs_health_scores_breaks_nothing(repo, rule, rules):
    there = repo("extends: standard\ndisable: [OWN-002, REL-004]\n" + rules(rule("true")))
    assert there.rules_check() == []
    ran = there.check("--select", "X-001")
    assert (ran.code, ran.err) == (0, "")


def test_a_repository_that_only_tunes_health_keeps_the_standard_pack(repo):
    health = "health:\n  dimensions:\n    - {id: d, weight: 1, rules: [OWN-002]}\n"
    there = repo({"rules/health.yaml": health})
    assert "VAL-004" in there.run("rules", "list", there.root).out

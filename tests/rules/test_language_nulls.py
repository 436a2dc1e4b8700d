"""`rules check` warns where a missing value can reach an operator, and only there."""

from __future__ import annotations

import pytest

GUARDED = [
    "investment.end != null && investment.end < today",
    "null != investment.end && investment.end < today",
    "investment.end < today && investment.end != null",
    "investment.end == null || investment.end < today",
    "investment.end == null || investment.start == null || investment.end > investment.start",
    "!(investment.end == null) && investment.end < today",
    "!(investment.end == null || investment.start == null) ? investment.end < investment.start : false",
    "investment.end != null ? investment.end < today : true",
    "investment.end == null ? true : investment.end < today",
    "(investment.end != null ? investment.end : '9999-12-31') > today",
    "(investment.end == null ? '9999-12-31' : investment.end) > today",
    "investment.end == '2027-01-01' && investment.end.startsWith('2027')",
    "investment.stage in ['live', 'retired'] && investment.stage.startsWith('l')",
    "investment.outcomes.all(o, o.target == null || o.target > 3)",
    "investment.outcomes.exists(o, o.target != null && o.target > 3)",
    "investment.outcomes.exists_one(o, o.target != null && o.target > 1)",
    "investment.outcomes.filter(o, o.target != null).all(o, o.target > 3)",
    "investment.outcomes.filter(o, o.target != null).all(p, p.target > 3)",
    "investment.outcomes.filter(o, o.target != null).map(o, o.target * 2).exists(x, x > 3)",
    "investment.outcomes.filter(o, o.target != null).map(p, p.target * 2).exists(x, x > 3)",
    "investment.outcomes.filter(o, o.target != null && o.baseline != null).filter(o, o.target > 3).exists(o, o.baseline > 3)",
    "investment.outcomes.map(o, o.target != null, o.target + 1).size() > 0",
    "investment.outcomes.all(o, o.results.filter(r, r.actual != null).all(r, r.actual > 1))",
    "investment.spend.all(s, s.budget == null || s.actual == null || s.actual <= s.budget)",
    "named(investment.sponsor) && investment.sponsor.contains('.')",
    "!named(investment.sponsor) || investment.sponsor.contains('.')",
    "investment.sponsor != null && investment.sponsor in people && people[investment.sponsor].name.startsWith('A')",
    "investment.last_reviewed != null && investment.days_since_review > 3",
    "investment.end != null && days_since(investment.end) > 3",
    "days_since(investment.end) == null || days_since(investment.end) > 3",
    "investment.worst_overspend == null || investment.worst_overspend <= 0.1",
    "investment.spend_total > 3",
    "investment.title.size() > 3",
    "investment.outcomes.size() > 0",
    "investment.end == investment.start",
]  # fmt: skip

UNGUARDED = [
    ("investment.end < today", "investment.end", "<"),
    ("today >= investment.end", "investment.end", ">="),
    ("investment.end != null || investment.end < today", "investment.end", "<"),
    ("investment.end == null && investment.end < today", "investment.end", "<"),
    ("investment.end != null ? true : investment.end < today", "investment.end", "<"),
    ("has(investment.end) && investment.end < today", "investment.end", "<"),
    ("investment.end != '' && investment.end < today", "investment.end", "<"),
    ("investment.outcomes.all(o, o.target > 3)", "o.target", ">"),
    ("investment.outcomes.filter(o, o.target != null).all(o, o.baseline > 3)", "o.baseline", ">"),
    ("investment.outcomes.filter(o, o.target == null).all(o, o.target > 3)", "o.target", ">"),
    ("investment.summary.startsWith('a')", "investment.summary", "startsWith"),
    ("investment.summary.matches('a')", "investment.summary", "matches"),
    ("size(investment.summary) > 3", "investment.summary", "size"),
    ("days_since(investment.end) > 3", "investment.end", ">"),
    ("investment.worst_overspend * 2 == 1", "investment.worst_overspend", "*"),
    ("-investment.worst_overspend == 1", "investment.worst_overspend", "-"),
    ("business_unit.satisfaction > 3", "business_unit.satisfaction", ">"),
    ("investment.sponsor in people", "investment.sponsor", "in"),
    ("investment.outcomes.all(o, o.met)", "o.met", None),
    ("!investment.outcomes[0].met", "investment.outcomes[0].met", None),
]


@pytest.mark.parametrize("condition", GUARDED)
def test_no_warning_where_the_value_is_guarded(repo, rule, rules, condition):
    assert repo(rules(rule(condition))).rules_check() == []


@pytest.mark.parametrize("condition", ["investment.end < today", "days_since(investment.end) > 3"])
def test_what_when_says_holds_in_the_assertion_and_in_the_message(repo, rule, rules, condition):
    text = rule(
        condition,
        when="investment.stage == 'live' && investment.end != null",
        message="'{investment.end.size()}'",
    )
    assert repo(rules(text)).rules_check() == []


@pytest.mark.parametrize(("condition", "path", "operator"), UNGUARDED)
def test_a_warning_where_it_is_not(repo, rule, rules, condition, path, operator):
    found = repo(rules(rule(condition))).rules_check()
    assert [(f["rule"], f["severity"]) for f in found] == [("RUL-007", "warning")]
    assert f"`{path}`" in found[0]["message"]
    assert operator is None or f"`{operator}`" in found[0]["message"]
    assert found[0]["line"] == 6


def test_a_field_of_what_may_not_be_there(repo, rule, rules):
    found = repo(rules(rule("engagement.satisfaction.score > 3", kind="engagement"))).rules_check()
    assert [f["rule"] for f in found] == ["RUL-007"]
    guarded = "engagement.satisfaction == null || engagement.satisfaction.score > 3"
    assert repo(rules(rule(guarded, kind="engagement"))).rules_check() == []


def test_a_warning_breaks_nothing(repo, rule, rules):
    there = repo(rules(rule("investment.end < today")))
    assert there.run("rules", "check", there.root).code == 0
    assert there.run("rules", "check", there.root, "--fail-on", "warning").code == 1
    assert there.check().code == 0

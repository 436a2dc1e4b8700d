"""Conditions come out as people expect: numbers, dates, texts, custom fields, missing values."""

from __future__ import annotations

import pytest

UNIT = """\
business_unit: {id: u, name: Unit}
investments:
  - id: A-1
    title: Alpha
    outcome_owner: ann
    relationship_manager: tom
    start: 2025-04-01
    end: 2027-03-31
    spend: [{year: 2025, budget: 100}, {year: 2026, budget: 200.0, actual: 5}]
    custom:
      score: 7
      ratio: 0.5
      nest: {deep: x}
      list: [1, 2, 3.0]
      flag: true
      matches: m
      size: s
      day: 2026-01-01
      clock: 12:30
      big: 9223372036854775807
"""

HOLDS = [
    # 3 is 3.0, in every operator
    "3 == 3.0 && 3.0 == 3 && 3 != 3.5 && 3 < 3.5 && 3.5 > 3 && 3 <= 3.0 && 3 >= 3.0",
    "investment.spend_total * 1.1 > 3",
    "investment.spend_total == 300 && investment.spend_total == 300.0",
    "investment.spend_total * 2 == 600 && investment.spend_total * 2 == 600.0",
    "investment.spend_total + 1 == 301 && investment.spend_total + 1.5 == 301.5",
    "investment.spend_total - 1 == 299 && 1 - investment.spend_total == -299",
    "1.5 - 1 == 0.5 && 1 - 1.5 == -0.5 && 2 - -1.5 == 3.5 && 3-1.5 == 1.5",
    "investment.spend_total / 2 == 150 && investment.spend_total / 7 > 42.8",
    "1 / 2 == 0.5 && 7 / 2 == 3.5 && -7 / 2 == -3.5 && 7 % 2 == 1",
    "-investment.spend_total < 0 && -(investment.spend_total) == -300 && investment.spend_total * -1 == -300",
    "2 * 3 + 4 * 5 == 26 && 2 - 3 - 4 == -5 && 100 / 10 / 2 == 5 && 7 - 2 * 3 == 1",
    "1e3 == 1000 && investment.spend_total == 3e2",
    "3 in [1, 3.0] && 3.0 in [1, 3] && investment.spend_total in [300]",
    ".5 < 1 && 1 == 1.0",
    "investment.outcomes.size() * .5 < 1",
    "(investment.start == null ? 1 : 2.5) > 2",
    "0x10 == 16 && 1 == 1.0",
    "3u == 3",
    "-9223372036854775808 < 0.5",
    "investment.spend_total % 7 == 6",
    "timestamp('2026-01-02T00:00:00Z') - timestamp('2026-01-01T00:00:00Z') == duration('24h')",
    "duration('1h') + duration('1h') == duration('2h')",
    # lists and loops
    "investment.spend[0].budget == 100 && investment.spend[0].year + 1 == 2026",
    "investment.spend.map(s, s.year + 1) == [2026, 2027]",
    "investment.spend.map(s, s.year + 1).map(y, y + 1).exists(z, z == 2027)",
    "investment.spend.filter(s, s.year - 1 == 2025).size() == 1",
    "investment.spend.all(s, [1].map(x, x + s.year).exists(z, z > 2025))",
    "[1, 2].map(x, x * 1.5) == [1.5, 3.0] && [1] + [2] == [1, 2]",
    "[1, 2, 3].filter(x, x > 1).map(x, x - 1) == [1, 2]",
    # texts, and signs inside them
    "'a' + 'b' == 'ab' && investment.title + '!' == 'Alpha!'",
    "'a-b*c' == 'a-b*c' && 'x_-_y'.size() == 5 && '_*_' == '_' + '*_' && 'matches'.size() == 7",
    "investment.title.matches('^Al') && matches(investment.title, 'lph') && !investment.title.matches('^lph')",
    "investment.title.matches('(?i)^aL') && investment.title.contains('lph') && investment.title.endsWith('ha')",
    "'x_+_'.matches('_\\\\+_')",
    "1 == 1.0 // and it's said 'so'",
    # dates are texts that compare in order
    "investment.start < investment.end && investment.start < today && today == '2026-11-23'",
    "investment.start == '2025-04-01' && investment.start > '2025-03-31' && investment.end < '2027-04'",
    "days_since(investment.start) == 601 && days_between(investment.start, investment.end) == 729",
    "days_since(investment.start) / 365.25 > 1.6 && days_since(investment.start) / 365 > 1",
    "days_since('2026-11-24') == -1 && days_since(today) == 0",
    # what is missing
    "investment.sponsor == null && days_since(investment.next_review) == null",
    "investment.gates == [] && investment.gates.size() == 0",
    "investment.withheld == {} && size(investment.withheld) == 0",
    "investment.outcomes.all(o, false) && !investment.outcomes.exists(o, true)",
    "!named(investment.sponsor) && !named(null) && !named('') && !named('  ') && !named('TBD') && named('ann')",
    # an organisation's own fields
    "investment.custom.score == 7 && investment.custom.score == 7.0 && investment.custom.score + 0.5 == 7.5",
    "investment.custom['score'] > 6 && investment.custom.ratio * 2 == 1",
    "investment.custom.nest.deep == 'x' && investment.custom.list[1] == 2 && investment.custom.flag",
    "'score' in investment.custom && !('nope' in investment.custom) && has(investment.custom.score)",
    "investment.custom.list.exists(x, x == 3) && investment.custom.flag == true",
    "investment.custom.matches == 'm' && investment.custom.size == 's'",
    "investment.custom.day < today && investment.custom.clock == '12:30'",
]  # fmt: skip


@pytest.mark.parametrize("condition", HOLDS)
def test_it_holds(repo, rule, rules, condition):
    there = repo(rules(rule(condition, severity="error")), unit=UNIT)
    assert [f for f in there.rules_check() if f["severity"] == "error"] == []
    assert [f["message"] for f in there.judge()] == []


def test_rules_do_not_change_each_other(repo, rule, rules):
    # all in one expression, as a repository's rules are judged
    text = rules(*(rule(c, identifier=f"X-{i:03d}") for i, c in enumerate(HOLDS, start=1)))
    there = repo(text, unit=UNIT)
    assert there.judge() == []


def test_a_half_written_short_means_the_same_beside_any_other_rule(repo, rule, rules):
    short = rule("investment.spend_total > .5", identifier="X-001")
    assert repo(rules(short)).judge() != []  # nothing spent: 0 is not over a half
    mixing = rule("investment.outcomes.size() * 1.5 < 1", identifier="X-002")
    spent = "    spend: [{year: 2026, budget: 1}]\n"
    from_unit = UNIT[: UNIT.index("    spend:")] + spent
    assert repo(rules(short, mixing), unit=from_unit).judge() == []


@pytest.mark.parametrize(
    ("condition", "reason"),
    [
        ("investment.sponsor < 'x'", "`<` meets null"),
        ("investment.forecast_overspend * 2 == 1", "`*` meets null"),
        ("investment.forecast_overspend + 2 == 1", "`+` meets null"),
        ("investment.custom.nope == 1", "it looks up a key that does not exist"),
        ("people['nobody'].name == 'x'", "it looks up a key that does not exist"),
        ("investment.outcomes[0].id == 'x'", "it reads a list item that does not exist"),
        ("1 / investment.outcomes.size() == 1", "it divides by zero"),
        ("days_since(investment.title) == 1", "`Alpha` is not a date"),
        ("investment.title.matches(investment.id + '(')", "is not a pattern"),
        ("investment.custom.score", "is 7, not true or false"),
        ("investment.custom.big * investment.custom.big > 0", ""),
        ("investment.sponsor in people", "meets null"),
    ],
)
def test_what_cannot_be_evaluated_is_a_finding_that_says_why(repo, rule, rules, condition, reason):
    found = repo(rules(rule(condition)), unit=UNIT).judge()
    assert [f["rule"] for f in found] == ["X-001"]
    assert found[0]["message"].startswith("X-001 could not be evaluated on A-1: ")
    assert reason in found[0]["message"]

"""A misspelt field is an error at its own line and column, however the rule file writes it."""

from __future__ import annotations

import pytest

HEAD = "rules:\n  - id: X-001\n    name: x\n    for: investment\n"
WORD = "outcom_owner"

STYLES = {
    "plain": f"assert: investment.{WORD} != null",
    "single quoted": f"assert: 'investment.title != ''x'' && investment.{WORD} != null'",
    "double quoted": f'assert: "investment.title != \\"x\\" && investment.{WORD} != null"',
    "escapes in double quotes": f'assert: "investment.title != \\"\\x41\\u00e9\\t\\" && investment.{WORD} != null"',
    "literal": f"assert: |\n      investment.title != 'x' &&\n        investment.{WORD} != null",
    "literal, kept": f"assert: |+\n\n      investment.title != 'x' &&\n\n        investment.{WORD} != null\n\n",
    "literal, indented by hand": f"assert: |2\n      investment.title != 'x' &&\n      investment.{WORD} != null",
    "folded": f"assert: >\n      investment.title != 'x' &&\n      investment.{WORD} != null",
    "folded, stripped": f"assert: >-\n      investment.title != 'x' &&\n\n\n      true &&\n         true &&\n      investment.{WORD} != null",
    "folded, with a comment": f"assert: >- # why not\n      investment.title == 'q' ||\n      investment.{WORD} != null",
    "plain over lines": f"assert: investment.title != 'x' &&\n      investment.title  !=  'y'   &&\n\n      investment.{WORD} != null",
    "single quotes over lines": f"assert: 'investment.title != ''x'' &&\n\n      investment.{WORD} != null'",
    "double quotes over lines": f"assert: \"investment.title != 'x' &&\n\n      investment.{WORD} != null\"",
    "double quotes, line continued": f"assert: \"investment.title != 'x' \\\n      && investment.{WORD} != null\"",
    "on the next line": f"assert:\n      investment.title == 'q' || investment.{WORD} != null",
    "after an anchor": f"assert: &here investment.title == 'q' || investment.{WORD} != null",
    "the word in a text before": f"assert: investment.title == '{WORD}' || investment.{WORD} != null",
    "beyond the BMP": f"assert: investment.title == '🚗é' || investment.{WORD} != null",
}


@pytest.mark.parametrize("ends", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["", "BOM"])
@pytest.mark.parametrize("style", STYLES)
def test_a_misspelt_field_is_shown_where_it_stands(repo, style, mark, ends):
    text = f"{HEAD}    {STYLES[style]}\n    severity: info\n"
    found = repo(mark + text.replace("\n", ends).encode()).rules_check()
    line, column = max(
        (number, row.rfind(WORD) + 1)
        for number, row in enumerate(text.split("\n"), start=1)
        if WORD in row
    )
    assert [(f["rule"], f["message"]) for f in found] == [
        ("RUL-002", f"`{WORD}` is not a field of investment; did you mean `outcome_owner`?")
    ]
    f = found[0]
    assert (f["path"], f["line"], f["column"]) == ("rules/own.yaml", line, column)
    assert (f["end_line"], f["end_column"]) == (line, column + len(WORD))
    assert f["subject"] == {"kind": "rule", "id": "X-001"}


FIELDS = [
    ("    when: investment.stag == 'live'\n    assert: 'true'", "stag", "stage"),
    ("    assert: investment.titel != 'x'", "titel", "title"),
    ("    require: [title, baselin, titel]", "titel", "title"),
    ("    named: {field: outcome_ownr}", "outcome_ownr", "outcome_owner"),
    ("    named:\n      field: sponsr", "sponsr", "sponsor"),
    ("    assert: 'true'\n    at: titel", "titel", "title"),
    ("    assert: 'true'\n    message: \"{investment.id}: {investment.titel}\"", "titel", "title"),
    ("    assert: 'true'\n    message: >-\n      {investment.id}\n      {{x}} {investment.titel}", "titel", "title"),
    ("    assert: investment.outcomes.all(o, o.targt == null)", "targt", "target"),
    ("    assert: investment.outcomes.all(o, o.results.exists(r, r.evidense == null))", "evidense", "evidence"),
    ("    assert: investment.spend.map(s, s.budgt).size() > 1", "budgt", "budget"),
    ("    assert: people['ann'].sid == 'it'", "sid", "side"),
    ("    assert: business_unit.heed == null", "heed", "head"),
    ("    assert: organisation.vocabulary.outcome_ownr == null", "outcome_ownr", "outcome_owner"),
    ("    assert: has(investment.titel)", "titel", "title"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "word", "meant"), FIELDS)
def test_every_part_of_a_rule_is_checked(repo, text, word, meant):
    whole = f"{HEAD}{text}\n"
    found = [f for f in repo(whole).rules_check() if f"`{word}`" in f["message"]]
    assert len(found) == 1
    f = found[0]
    assert f["rule"] == "RUL-002"
    assert f["message"].endswith(f"did you mean `{meant}`?")
    row = whole.split("\n")[f["line"] - 1]
    assert row[f["column"] - 1 : f["end_column"] - 1] == word


HEALTH = """\
health:
  dimensions:
    - {id: one, weight: 1, rules: [OWN-001, OWN-01]}
    - id: two
      weight: 1
      score: >-
        business_unit.engagement_count > 3 ? null :
        business_unit.realised_ratio
  caps:
    - {when: business_unit.relationship_manger == null, at_most: 49}
"""


@pytest.mark.parametrize(
    "beside",
    ["", "extends: standard\n", "rules: []\n", f"{HEAD}    assert: 'true'\n"],
    ids=["nothing", "extends", "no rules", "a rule"],
)
def test_health_is_checked_like_rules_whatever_stands_beside_it(repo, beside):
    files = {"rules/health.yaml": HEALTH} | ({"rules/own.yaml": beside} if beside else {})
    found = repo(files).rules_check()
    assert [(f["path"], f["line"], f["column"]) for f in found] == [
        ("rules/health.yaml", 3, 45),
        ("rules/health.yaml", 8, 23),
        ("rules/health.yaml", 10, 28),
    ]
    assert "did you mean `OWN-001`?" in found[0]["message"]
    assert "did you mean `value_realised_ratio`?" in found[1]["message"]
    assert "did you mean `relationship_manager`?" in found[2]["message"]


def test_all_errors_of_all_files_come_in_one_run(repo):
    files = {
        "rules/a.yaml": f"{HEAD}    when: investment.stag == 'live' && investment.titel == ''\n    assert: investment.en == ''\n",
        "rules/b.yaml": "rules: [\n",
        "rules/c.yaml": "rules: {a: b}\nextend: standard\n",
        "rules/d.yaml": f"{HEAD}    assert: 'true'\n",
        "rules/e.yaml": "",
    }
    found = [(f["path"], f["line"], f["rule"]) for f in repo(files).rules_check()]
    assert found == [
        ("rules/a.yaml", 5, "RUL-002"),
        ("rules/a.yaml", 5, "RUL-002"),
        ("rules/a.yaml", 6, "RUL-002"),
        ("rules/b.yaml", found[3][1], "YML-001"),
        ("rules/c.yaml", 1, "MOD-003"),
        ("rules/c.yaml", 2, "MOD-001"),
        ("rules/d.yaml", 2, "RUL-004"),
        ("rules/e.yaml", 1, "MOD-006"),
    ]


BROKEN = {
    "syntax": ("rules: [\n", "YML-001"),
    "wrong shape": ("rules: {a: b}\n", "MOD-003"),
    "unknown key": ("extend: standard\n", "MOD-001"),
    "unknown pack": ("extends: standrd\n", "MOD-004"),
    "a list": ("- a\n", "MOD-003"),
    "a text": ("just words\n", "MOD-003"),
    "unknown rule adjusted": ("extends: standard\nadjust: {VAL-999: {severity: info}}\n", "RUL-006"),
    "unknown rule disabled": ("extends: standard\ndisable: [VAL-999]\n", "RUL-006"),
    "mandatory disabled": ("disable: [OWN-001]\n", "RUL-005"),
}  # fmt: skip


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_file_without_a_rule_of_its_own_is_broken_to_every_verb(repo, what):
    text, code = BROKEN[what]
    there = repo(text)
    assert [f["rule"] for f in there.rules_check()] == [code]
    assert there.run("rules", "check", there.root).code == 1
    assert there.run("rules", "check", there.root / "rules/own.yaml").code == 1
    assert there.run("rules", "test", there.root).code == 1
    ran = there.check()
    assert (ran.code, ran.out) == (2, "")
    assert f"[{code}]" in ran.err


def test_an_adjusted_message_is_wrong_where_it_is_written(repo):
    text = "extends: standard\nadjust:\n  VAL-004:\n    message: 'x {outcome.idd}'\n"
    found = repo(text).rules_check()
    assert [(f["rule"], f["path"], f["line"], f["column"]) for f in found] == [
        ("RUL-002", "rules/own.yaml", 4, 26)
    ]


def test_a_rule_file_named_like_the_packs_health_is_still_a_rule_file(repo):
    text = f"extends: standard\n{HEAD}    assert: investment.titel != 'x'\n"
    ran = repo({"rules/health.yaml": text}).check()
    assert (ran.code, ran.out) == (2, "")
    assert "rules/health.yaml:6:24" in ran.err

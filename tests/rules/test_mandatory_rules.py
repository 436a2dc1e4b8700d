"""OWN-001 and REL-001 hold whatever the files say; and how else rules are joined."""

from __future__ import annotations

import pytest

MANDATORY = ["OWN-001", "REL-001"]
NOBODY = "business_unit: {id: u, name: Unit}\ninvestments:\n  - {id: A-1, title: Alpha}\n"

OWN_VERSION = """\
rules:
  - id: OWN-001
    name: outcome-owner-named
    for: investment
    severity: error
    named: {field: outcome_owner}
"""


@pytest.mark.parametrize(
    "files",
    [
        None,
        "rules: []\n",
        "{}\n",
        "# nothing\nextends: standard\n",
        {"rules/health.yaml": "health: {dimensions: [{id: d, weight: 1, rules: [OWN-001]}]}\n"},
        {"rules/readme.md": "no rule"},
        "rules:\n  - {id: X-001, name: x, for: investment, assert: 'true'}\n",
    ],
)
def test_they_hold_under_every_set_of_rule_files(repo, files):
    there = repo(files, unit=NOBODY)
    found = {f["rule"]: f for f in there.judge()}
    for identifier in MANDATORY:
        f = found[identifier]
        assert (f["severity"], f["waived"], f["line"], f["column"]) == ("error", False, 3, 5)
    assert there.check().code == 1


@pytest.mark.parametrize("start", ["", "extends: standard\n"])
@pytest.mark.parametrize(
    ("change", "places"),
    [
        ("disable: [OWN-001]\n", [(1, 11)]),
        ("disable: [REL-001, OWN-001]\n", [(1, 11), (1, 20)]),
        ("adjust: {OWN-001: {severity: warning}}\n", [(1, 30)]),
        ("adjust: {REL-001: {waivable: true}}\n", [(1, 30)]),
        ("adjust: {OWN-001: {severity: info, waivable: true}}\n", [(1, 30), (1, 46)]),
        (OWN_VERSION.replace("severity: error", "severity: info"), [(5, 15)]),
        (OWN_VERSION + "    waivable: true\n", [(7, 15)]),
        (OWN_VERSION + "    when: 'false'\n", [(7, 11)]),
        (OWN_VERSION.replace("outcome_owner}", "sponsor}"), [(2, 9)]),
        (OWN_VERSION.replace("named: {field: outcome_owner}", "assert: 'true'"), [(2, 9)]),
        (OWN_VERSION.replace("named: {field: outcome_owner}", "require: [outcome_owner]"), [(2, 9)]),
        (
            OWN_VERSION.replace("for: investment", "for: business_unit").replace("outcome_owner}", "head}"),
            [(4, 10)],
        ),
    ],
)  # fmt: skip
def test_a_try_to_weaken_one_is_an_error_where_it_is_written(repo, start, change, places):
    there = repo(start + change, unit=NOBODY)
    moved = start.count("\n")
    assert there.broken() == [("RUL-005", "rules/own.yaml", y + moved, x) for y, x in places]


def test_a_stricter_version_of_ones_own_is_welcome(repo):
    text = OWN_VERSION.replace("outcome_owner}", "outcome_owner, side: business}")
    there = repo(text, unit=NOBODY.replace("Alpha}", "Alpha, outcome_owner: tom}"))
    assert there.rules_check() == []
    assert {f["rule"] for f in there.judge()} == {"OWN-001", "REL-001"}


def test_a_waiver_does_not_excuse_one(repo):
    waivers = "waivers: [{rule: OWN-001, reason: r, until: 2026-12-31, approved_by: bea}]"
    there = repo(unit=NOBODY.replace("Alpha}", f"Alpha, {waivers}}}"))
    found = {f["rule"]: f["waived"] for f in there.judge()}
    assert found == {"OWN-001": False, "REL-001": False, "WVR-007": False}


@pytest.mark.parametrize("word", ["OWN-001", "own-001", "outcome-owner-named", "VAL,REL-001"])
def test_check_refuses_to_ignore_one(repo, word):
    ran = repo(None, unit=NOBODY).check("--ignore", word)
    assert (ran.code, ran.out) == (2, "")
    assert "mandatory" in ran.err


def test_ignoring_their_family_leaves_them_standing(repo):
    found = {f["rule"] for f in repo(None, unit=NOBODY).judge("--ignore", "OWN", "REL")}
    assert {f for f in found if f[:3] in ("OWN", "REL")} == set(MANDATORY)


@pytest.mark.parametrize(
    "name", ["TBD", "tbc", "n/a", "N/A", "vacant", "?", "<tbc>", "[TBD]", "  ", "", "—", "none",
             "nobody", "to be confirmed", "TBD.", "tbd?"],
)  # fmt: skip
def test_a_placeholder_names_nobody(repo, name):
    unit = NOBODY.replace("Alpha}", f"Alpha, relationship_manager: tom, outcome_owner: {name!r}}}")
    found = repo(unit=unit).judge()
    assert [(f["rule"], f["field"]) for f in found] == [("OWN-001", "outcome_owner")]
    assert (found[0]["line"], found[0]["column"]) == (
        3,
        unit.split("\n")[2].find("outcome_owner") + 1,
    )


@pytest.mark.parametrize("value", ["null", "~", ""])
def test_so_does_a_null(repo, value):
    unit = f"business_unit: {{id: u}}\ninvestments:\n  - id: A-1\n    title: Alpha\n    relationship_manager: tom\n    outcome_owner: {value}\n"
    found = repo(unit=unit).judge()
    assert [f["rule"] for f in found] == ["OWN-001"]


# -- how rules are joined ------------------------------------------------------------------


def in_force(there):
    return {
        r["id"]: r
        for r in there.run("rules", "list", there.root, "--format", "json").json["rules"]
        if not r["built_in"]
    }


def test_no_rules_folder_is_the_standard_pack(repo):
    assert len(in_force(repo(None))) >= 45


def test_without_extends_only_ones_own_rules_and_the_mandatory_two(repo, rule, rules):
    assert set(in_force(repo(rules(rule("true"))))) == {"X-001", *MANDATORY}


def test_extends_adjust_and_disable(repo, rule, rules):
    text = (
        "extends: standard\n"
        "adjust:\n  VAL-004: {severity: info, waivable: false, why: Ours, fix: Do it, message: 'No!'}\n"
        "disable: [VAL-005]\n" + rules(rule("true"))
    )
    there = repo(text)
    assert there.rules_check() == []
    found = in_force(there)
    assert "X-001" in found
    assert "VAL-005" not in found
    changed = found["VAL-004"]
    assert (changed["severity"], changed["waivable"], changed["why"], changed["fix"]) == (
        "info", False, "Ours", "Do it",
    )  # fmt: skip


def test_a_rule_of_the_pack_is_not_quietly_replaced(repo, rule, rules):
    there = repo("extends: standard\n" + rules(rule("true", identifier="VAL-004")))
    assert there.broken() == [("RUL-004", "rules/own.yaml", 3, 9)]


@pytest.mark.parametrize(
    ("text", "place", "meant"),
    [
        ("extends: standard\nadjust: {VAL-04: {severity: info}}\n", (2, 10), "VAL-004"),
        ("extends: standard\ndisable: [VAL-005, VAL-04]\n", (2, 20), "VAL-004"),
    ],
)
def test_an_unknown_id_is_an_error_with_what_was_meant(repo, text, place, meant):
    there = repo(text)
    assert there.broken() == [("RUL-006", "rules/own.yaml", *place)]
    assert f"did you mean `{meant[:4]}" in there.check().err


def test_disabling_a_rule_twice_does_not_make_it_unknown(repo):
    files = {
        "rules/a.yaml": "extends: standard\ndisable: [VAL-005]\n",
        "rules/b.yaml": "extends: standard\ndisable: [VAL-005]\n",
    }
    there = repo(files)
    assert "VAL-005" not in in_force(there)
    assert "there is no rule" not in there.check().err


def test_further_packs_are_joined(repo, rule, rules):
    files = {"itgov.yaml": "rule_packs: [packs/ours]\n", "packs/ours/a.yaml": rules(rule("true"))}
    assert set(in_force(repo(files))) == {"X-001", *MANDATORY}


@pytest.mark.parametrize("config", ["rule_packs: [packs/nope]\n", "paths: {rules: polices}\n"])
def test_a_rule_folder_that_is_named_but_not_there_is_no_reason_to_pass(repo, config):
    ran = repo({"itgov.yaml": config}).check()
    assert (ran.code, ran.out) == (2, "")
    assert "itgov.yaml:1:" in ran.err

"""`check`: what is chosen, when it fails, and what it needs to work at all."""

from __future__ import annotations

import pytest

BARE = "business_unit: {id: u, name: Unit}\ninvestments:\n  - {id: A-1, title: Alpha, owner: x}\n"
"""Fails OWN-001 and REL-001 (errors), DAT-002 (a warning), DAT-001 (info) and MOD-001."""


def rules_of(ran):
    return {f["rule"] for f in ran.findings}


# -- what is typed -------------------------------------------------------------------------


def test_a_path_after_rules_is_a_path(repo):
    there = repo(None, unit=BARE)
    unit = there.root / "portfolios/unit.yaml"
    ran = there.run("check", "--select", "OWN-001,REL-001", unit, "--format", "json")
    assert rules_of(ran) == {"OWN-001", "REL-001"}
    assert ran.err == ""
    old = there.run("check", "--select", "OWN-001", "REL-001", unit, "--format", "json")
    assert old.out == ran.out
    assert "write `--select A,B`" in old.err
    twice = there.run("check", "--select", "OWN-001", "--select", "rel", unit, "--format", "json")
    assert rules_of(twice) >= {"OWN-001", "REL-001"}


def test_what_was_meant_is_said(repo):
    there = repo(None)
    assert "did you mean `--select`?" in there.check("--selct", "OWN").err
    assert "did you mean `sarif`?" in there.check("--format", "saref").err
    assert "did you mean `OWN-001`?" in there.check("--select", "OWN-0001").err
    assert there.run("help", "check").out == there.run("check", "--help").out


# -- exit codes ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "fail_on", "code"),
    [
        ("OWN-001", None, 1), ("OWN-001", "error", 1), ("OWN-001", "warning", 1), ("OWN-001", "info", 1), ("OWN-001", "never", 0),
        ("DAT-002", None, 0), ("DAT-002", "error", 0), ("DAT-002", "warning", 1), ("DAT-002", "info", 1), ("DAT-002", "never", 0),
        ("DAT-001", None, 0), ("DAT-001", "error", 0), ("DAT-001", "warning", 0), ("DAT-001", "info", 1), ("DAT-001", "never", 0),
    ],
)  # fmt: skip
def test_fail_on(repo, rule, fail_on, code):
    there = repo(None, unit=BARE)
    chosen = ["--fail-on", fail_on] if fail_on else []
    assert there.check("--select", rule, *chosen).code == code
    if fail_on:
        for key in ("fail_on", "fail-on"):
            there.write("itgov.yaml", f"{key}: {fail_on}\n")
            # no file lets a mandatory rule pass
            assert there.check("--select", rule).code == (1 if rule == "OWN-001" else code)
        assert there.check("--select", rule, "--fail-on", "never").code == 0  # the option wins


@pytest.mark.parametrize(
    "arguments",
    [
        ["--format", "nope"], ["--fail-on", "fatal"], ["--nope"], ["--form", "json"], ["--select"],
        ["--as-of", "2026-02-30"], ["--as-of", "today"], ["--as-of", "20261123"], ["--as-of", "2026-2-3"],
        ["--select", "OWN-01"], ["--select", "XYZ"], ["--ignore", "nope"], ["--select", "O"],
        ["--since", "HEAD"], ["--format", "json", "--format", "sarif"],
        ["--jobs", "0"], ["--jobs", "two"], ["--jobs", "-1"], ["--jobs", "65"], ["--jobs", "00064"], ["--jobs", ""],
    ],
)  # fmt: skip
def test_what_it_cannot_do_ends_with_2_and_nothing_on_stdout(repo, arguments):
    ran = repo(None).run("check", repo(None).root, *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err
    assert "Traceback" not in ran.err
    assert "internal error" not in ran.err


@pytest.mark.parametrize("files", [{}, {"notes.txt": "x"}, {"portfolios/notes.md": "x"}])
def test_nothing_checked_is_never_green(repo, files):
    there = repo(None, unit=None, organisation=None, **files)
    ran = there.check()
    assert (ran.code, ran.out) == (2, "")
    assert "no portfolio" in ran.err


def test_an_empty_portfolio_folder(repo):
    there = repo(None, unit=None, organisation=None)
    (there.root / "portfolios").mkdir()
    assert there.check().code == 2


# -- broken files --------------------------------------------------------------------------


def test_a_broken_rule_file_is_named_and_nothing_is_enforced(repo):
    there = repo("rules:\n  - {id: X-001, name: x, for: investment, assert: investment.titel == 'x'}\n", unit=BARE)  # fmt: skip
    for name in ("text", "json", "sarif", "junit", "github", "gitlab", "markdown"):
        ran = there.check("--format", name)
        assert (ran.code, ran.out) == (2, "")
        assert "rules/own.yaml:2:62: error[RUL-002]" in ran.err
        assert "did you mean `title`?" in ran.err
        assert "nothing was enforced" in ran.err


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("fail_on: warnin\n", "1:10"),
        ("a: [\n", ""),
        ("- a\n", "1:1"),
        ("path: {a: b}\n", "1:1"),
        ("paths: {portfolio: x}\n", "1:9"),
        ("theme: dark\npaths:\n  portfolios: ../x\n", "3:15"),
        ("rule_packs: [ok, /etc]\n", "1:18"),
        ("fail_on: info\nfail-on: error\n", "2:1"),
    ],
)
def test_a_broken_itgov_yaml_is_named_by_line_and_column(repo, text, place):
    ran = repo(None, **{"itgov.yaml": text}).check()
    assert (ran.code, ran.out) == (2, "")
    assert f"itgov.yaml:{place}" in ran.err


@pytest.mark.parametrize(
    "broken", ["a: [\n", "", "investments: {}\n", b"\xff\xfe", "x: !!python/object:os {}\n"]
)
def test_one_broken_file_does_not_hide_the_findings_of_the_others(repo, broken):
    there = repo(None, unit=BARE, **{"portfolios/broken.yaml": broken})
    found = there.judge()
    assert {"OWN-001", "REL-001"} <= {
        f["rule"] for f in found if f["path"] == "portfolios/unit.yaml"
    }
    about = [f for f in found if f["path"] == "portfolios/broken.yaml"]
    assert "error" in {f["severity"] for f in about}


def test_choosing_rules_does_not_make_a_file_that_cannot_be_read_pass(repo):
    # its investments were never judged by the rule chosen, so nothing may be called good
    there = repo(None, **{"portfolios/broken.yaml": "a: [\n"})
    ran = there.check("--select", "OWN-001")
    assert ran.code == 1
    assert "portfolios/broken.yaml" in ran.out


# -- which rules ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["OWN-001"], {"OWN-001"}),
        (["own-001"], {"OWN-001"}),
        (["outcome-owner-named"], {"OWN-001"}),
        (["MOD"], {"MOD-001"}),
        (["OWN-001,MOD", "REL-001"], {"OWN-001", "MOD-001", "REL-001"}),
        (["OWN-001", "DAT-001"], {"OWN-001", "DAT-001"}),
        (["unknown-key"], {"MOD-001"}),
    ],
)
def test_select(repo, words, expected):
    there = repo(None, unit=BARE)
    assert rules_of(there.check("--format", "json", "--select", *words)) == expected
    several = [part for word in words for part in ("--select", word)]
    assert rules_of(there.check("--format", "json", *several)) == expected
    left = rules_of(there.check("--format", "json", "--select", *words, "--ignore", "MOD", "DAT"))
    assert left == {r for r in expected if r[:3] not in ("MOD", "DAT")}


def test_ignore(repo):
    there = repo(None, unit=BARE)
    everything = rules_of(there.check("--format", "json"))
    assert rules_of(there.check("--format", "json", "--ignore", "DAT", "MOD-001")) == {
        r for r in everything if not r.startswith("DAT") and r != "MOD-001"
    }


@pytest.mark.parametrize(
    ("word", "meant"), [("OWN-01", "`OWN-0"), ("outcome-owner-name", "`outcome-owner-named`")]
)
def test_an_unknown_rule_gets_a_did_you_mean(repo, word, meant):
    for option in ("--select", "--ignore"):
        assert f"did you mean {meant}" in repo(None).check(option, word).err


@pytest.mark.parametrize("word", ["", ","])
def test_choosing_nothing_is_not_choosing_everything(repo, word):
    assert repo(None, unit=BARE).check("--select", word).code == 2


# -- the as-of date ------------------------------------------------------------------------


def test_as_of_decides_what_is_late(repo, rule, rules):
    unit = "business_unit: {id: u}\ninvestments:\n  - {id: A-1, title: T, outcome_owner: ann, relationship_manager: tom, end: 2026-06-30}\n"
    there = repo(rules(rule("investment.end >= today", severity="error")), unit=unit)
    for day, code in (("2026-06-30", 0), ("2026-07-01", 1)):
        ran = there.run("check", there.root, "--as-of", day, "--format", "json")
        assert (ran.code, ran.json["as_of"]) == (code, day)


# -- the shape of the JSON -----------------------------------------------------------------


def test_json_is_as_the_design_says(repo):
    ran = repo(None, unit=BARE).check("--format", "json", "--select", "OWN-001")
    found = ran.json
    fingerprint = found["findings"][0].pop("fingerprint")
    found["findings"][0].pop("fix", None)  # more than the design asks for
    assert isinstance(fingerprint, str)
    assert len(fingerprint) >= 16
    assert found == {
        "schema": 1,
        "as_of": "2026-11-23",
        "findings": [
            {
                "rule": "OWN-001", "name": "outcome-owner-named", "severity": "error",
                "message": "Alpha has no outcome owner", "path": "portfolios/unit.yaml",
                "line": 3, "column": 5, "end_line": 3, "end_column": 38, "business_unit": "u",
                "subject": {"kind": "investment", "id": "A-1"}, "field": "outcome_owner", "waived": False,
            }
        ],
        "summary": {"error": 1, "warning": 0, "info": 0, "waived": 0, "files": 2, "investments": 1},
    }  # fmt: skip


def test_statistics_count_instead_of_listing(repo):
    ran = repo(None, unit=BARE).check("--statistics")
    assert ran.code == 1
    assert "OWN-001" in ran.out
    assert "portfolios/unit.yaml:3" not in ran.out


def test_help_and_version(repo, capsys):
    there = repo(None)
    ran = there.run("check", "--help")
    assert (ran.code, ran.err) == (0, "")
    for word in ("--since", "--fail-on", "--as-of", "--watch", "--statistics", "Exit codes"):
        assert word in ran.out
    assert there.run("--version").out.startswith("itgov ")
    assert there.run("chek").code == 2
    assert "did you mean `check`?" in there.run("chek").err

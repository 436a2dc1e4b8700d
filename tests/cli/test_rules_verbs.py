"""`rules list | show | check | test | docs`."""

from __future__ import annotations

import json

import pytest

OWN = """\
rules:
  - id: X-001
    name: it-ends
    summary: Every investment ends
    for: investment
    when: investment.stage == 'live'
    assert: investment.end != null
    why: Because.
    fix: End it.
    sources: [Us]
    tags: [ours]
    examples:
      passes:
        - investment: {id: A, title: T, stage: live, end: 2026-01-01}
      fails:
        - investment: {id: A, title: T, stage: live}
          says: "T: Every investment ends"
      does_not_apply:
        - investment: {id: A, title: T}
unscored: {X-001: It is an example}
"""


def test_list(repo):
    there = repo(OWN)
    ran = there.run("rules", "list", there.root)
    assert (ran.code, ran.err) == (0, "")
    for word in (
        "X-001",
        "it-ends",
        "OWN-001",
        "error *",
        "MOD-001",
        "WVR-001",
        "YML-001",
        "REF-001",
        "RUL-001",
    ):
        assert word in ran.out


def test_list_as_json(repo):
    there = repo(OWN)
    found = there.run("rules", "list", there.root, "--format", "json").json
    assert found["schema"] == 1
    by_id = {rule["id"]: rule for rule in found["rules"]}
    mine = by_id["X-001"]
    assert {k: mine[k] for k in ("name", "severity", "for", "why", "fix", "sources", "tags", "waivable", "mandatory", "built_in", "path", "line")} == {
        "name": "it-ends", "severity": "warning", "for": "investment", "why": "Because.", "fix": "End it.",
        "sources": ["Us"], "tags": ["ours"], "waivable": True, "mandatory": False, "built_in": False,
        "path": "rules/own.yaml", "line": 2,
    }  # fmt: skip
    assert by_id["OWN-001"]["mandatory"] is True
    assert by_id["MOD-001"]["built_in"] is True


def test_list_by_tag(repo):
    there = repo(OWN)
    found = there.run("rules", "list", there.root, "--tag", "ours", "--format", "json").json
    assert [rule["id"] for rule in found["rules"]] == ["X-001"]


def test_list_as_markdown(repo):
    there = repo(OWN)
    assert "| X-001" in there.run("rules", "list", there.root, "--format", "markdown").out


@pytest.mark.parametrize("name", ["X-001", "x-001", "it-ends"])
def test_show(repo, name):
    there = repo(OWN)
    ran = there.run("rules", "show", name, there.root)
    assert (ran.code, ran.err) == (0, "")
    for word in (
        "X-001",
        "Every investment ends",
        "Because.",
        "End it.",
        "Us",
        "investment.end != null",
        "T: Every investment ends",
    ):
        assert word in ran.out
    assert (
        json.loads(there.run("rules", "show", name, there.root, "--format", "json").out)["id"]
        == "X-001"
    )


@pytest.mark.parametrize("name", ["MOD-001", "WVR-006", "unknown-person"])
def test_show_what_is_built_in(repo, name):
    there = repo(OWN)
    assert there.run("rules", "show", name, there.root).code == 0


def test_show_an_unknown_rule(repo):
    there = repo(OWN)
    ran = there.run("rules", "show", "X-01", there.root)
    assert (ran.code, ran.out) == (2, "")
    assert "did you mean `X-001`?" in ran.err


@pytest.mark.parametrize(
    "arguments",
    [["lst"], ["show"], ["list", "--format", "xml"], ["check", "/no/such"], ["docs", "--check"], ["docs", "--output", "/no/such/x.md"], ["test", "--select", "NOPE-001"], []],
)  # fmt: skip
def test_what_cannot_be_done_ends_with_2(repo, arguments):
    ran = repo(OWN).run("rules", *arguments)
    assert ran.code == 2
    assert "Traceback" not in ran.err


def test_check_and_test_of_what_is_sound(repo):
    there = repo(OWN)
    for verb in ("check", "test"):
        ran = there.run("rules", verb, there.root, "--format", "json")
        assert (ran.code, ran.findings) == (0, [])
        assert set(ran.json["summary"]) >= {"error", "warning", "info", "waived", "files"}
    assert there.run("rules", "test", there.root).err.count("0 of them wrong") == 1


def test_one_file(repo):
    broken = OWN.replace("X-001", "Y-001").replace("investment.end", "investment.ende")
    there = repo({"rules/good.yaml": OWN, "rules/bad.yaml": broken})
    assert there.run("rules", "check", there.root).code == 1
    assert there.run("rules", "check", there.root / "rules").code == 1
    assert there.run("rules", "check", there.root / "rules/bad.yaml").code == 1
    good = there.run("rules", "check", there.root / "rules/good.yaml", "--format", "json")
    assert (good.code, good.findings) == (0, [])


def test_a_file_that_holds_no_rules_was_not_checked(repo):
    there = repo(OWN)
    ran = there.run("rules", "check", there.root / "portfolios/unit.yaml")
    assert ran.code == 2


@pytest.mark.parametrize("name", ["text", "json", "sarif", "junit", "github", "gitlab", "markdown"])
def test_check_names_the_place_in_every_format(repo, name):
    there = repo(OWN.replace("investment.end", "investment.ende"))
    ran = there.run("rules", "check", there.root, "--format", name)
    assert ran.code == 1
    for word in ("rules/own.yaml", "RUL-002", "ende"):
        assert word in ran.out


def test_json_says_path_line_column_rule_and_message(repo):
    there = repo(OWN.replace("investment.end", "investment.ende"))
    for verb in ("check", "test"):
        found = there.run("rules", verb, there.root, "--format", "json").findings
        f = next(f for f in found if f["rule"] == "RUL-002")
        assert {k: f[k] for k in ("rule", "path", "line", "column", "severity")} == {
            "rule": "RUL-002", "path": "rules/own.yaml", "line": 7, "column": 24, "severity": "error",
        }  # fmt: skip
        assert f["message"] == "`ende` is not a field of investment; did you mean `ended`?"


def test_fail_on(repo):
    there = repo(OWN[: OWN.index("    examples:")])  # a warning: a rule without examples
    assert there.run("rules", "check", there.root).code == 0
    assert there.run("rules", "check", there.root, "--fail-on", "warning").code == 1
    assert there.run("rules", "check", there.root, "--fail-on", "never").code == 0


def test_check_and_test_write_files(repo, tmp_path):
    there = repo(OWN)
    for verb in ("check", "test"):
        target = tmp_path / f"{verb}.sarif"
        assert (
            there.run("rules", verb, there.root, "--format", "sarif", "--output", target).code == 0
        )
        assert json.loads(target.read_text())["version"] == "2.1.0"


def test_docs_are_written_and_compared(repo, tmp_path):
    there = repo(OWN)
    page = tmp_path / "rules.md"
    assert there.run("rules", "docs", there.root, "--output", page).code == 0
    assert there.run("rules", "docs", there.root, "--output", page, "--check").code == 0
    text = page.read_text()
    for word in ("X-001", "Every investment ends", "spend_total", "days_since"):
        assert word in text
    page.write_text(text + "x")
    ran = there.run("rules", "docs", there.root, "--output", page, "--check")
    assert ran.code == 1
    assert "not up to date" in ran.err
    assert page.read_text() == text + "x"


def test_outside_a_repository_the_standard_pack_is_meant(repo, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    ran = repo(OWN).run("rules", "list")
    assert ran.code == 0
    assert "VAL-004" in ran.out

"""Every rule counts once in engagement health, or the file says why not."""

from __future__ import annotations

import pytest

from itgov.rules.book import check_standard

from ..support.rule_repo import MakeRepo, repo

__all__ = ["repo"]

OWN = """\
rules:
  - id: ACM-001
    name: has-summary
    severity: error
    for: investment
    require: [summary]
"""
DIMENSION = "health:\n  dimensions:\n    - {id: d, weight: 1, rules: [OWN-001, REL-001%s]}\n%s"


def told(found: list[dict]) -> list[tuple[str, str, int, str]]:  # type: ignore[type-arg]
    return [
        (f["severity"], f["path"], f["line"], f["message"]) for f in found if f["rule"] == "RUL-015"
    ]


def test_every_rule_of_the_standard_pack_that_can_fail_counts_once() -> None:
    assert [f.message for f in check_standard().problems] == []


def test_the_reasons_of_the_standard_pack_are_sentences_for_people() -> None:
    book = check_standard()
    severities = {r.rule.id: r.rule.severity for r in book.rules}
    for rule, why in book.health.unscored.items():
        assert severities[rule] != "info"
        assert len(why.split()) > 4


def test_a_rule_file_may_say_why_itself(repo: MakeRepo) -> None:
    said = OWN + "unscored: {ACM-001: It is on trial until spring}\n"
    assert told(repo({"rules/own.yaml": said}).rules_check(scored=True)) == []
    twice = {"rules/own.yaml": said, "rules/health.yaml": DIMENSION % (", ACM-001", "")}
    [(_, path, line, words)] = told(repo(twice).rules_check(scored=True))
    assert (path, line) == ("rules/own.yaml", len(said.splitlines()))
    assert words == "the rule ACM-001 is in the dimension `d` and `unscored`"


def test_a_rule_of_ones_own_without_a_health_file_is_told_at_its_line(repo: MakeRepo) -> None:
    [(severity, path, line, words)] = told(repo({"rules/own.yaml": OWN}).rules_check(scored=True))
    assert (severity, path) == ("warning", "rules/own.yaml")
    assert "id: ACM-001" in OWN.splitlines()[line - 1]
    assert words == "the rule ACM-001 counts in no dimension of health and is not under `unscored`"


@pytest.mark.parametrize(
    ("more", "below", "wanted"),
    [
        (", ACM-001", "", []),
        ("", "  unscored: {ACM-001: It is on trial until spring}\n", []),
        ("", "", ["the rule ACM-001 counts in no dimension of health and is not under `unscored`"]),
        (
            ", ACM-001",
            "  unscored: {ACM-001: It is on trial until spring}\n",
            ["the rule ACM-001 is in the dimension `d` and `unscored`"],
        ),
        (
            ", ACM-001",
            "    - {id: e, weight: 1, rules: [ACM-001]}\n",
            ["the rule ACM-001 is in the dimension `d` and the dimension `e`"],
        ),
        (", ACM-001, ACM-001", "", []),
    ],
)
def test_a_rule_counts_in_exactly_one_place(
    repo: MakeRepo, more: str, below: str, wanted: list[str]
) -> None:
    health = DIMENSION % (more, below)
    found = told(
        repo({"rules/own.yaml": OWN, "rules/health.yaml": health}).rules_check(scored=True)
    )
    assert [words for *_, words in found] == wanted


def test_an_info_needs_no_place_until_it_is_raised(repo: MakeRepo) -> None:
    info = OWN.replace("severity: error", "severity: info")
    assert told(repo({"rules/own.yaml": info}).rules_check(scored=True)) == []
    raised = "extends: standard\nadjust: {DAT-001: {severity: warning}}\n"
    [(_, path, line, words)] = told(repo({"rules/own.yaml": raised}).rules_check(scored=True))
    assert (path, line) == ("rules/own.yaml", 2)
    assert words.startswith("the rule DAT-001 counts in no dimension")


def test_what_an_own_health_file_leaves_out_of_the_pack_is_one_finding(repo: MakeRepo) -> None:
    rules = {"rules/own.yaml": "extends: standard\n", "rules/health.yaml": DIMENSION % ("", "")}
    [(_, path, line, words)] = told(repo(rules).rules_check(scored=True))
    assert (path, line) == ("rules/health.yaml", 1)
    assert words.endswith(
        " rules count in no dimension and not under `unscored`: " + words.split(": ")[1]
    )
    assert "OWN-002, " in words
    assert "OWN-001" not in words
    assert "DAT-001" not in words  # an info


@pytest.mark.parametrize(
    ("below", "words"),
    [
        ("  unscored: {ACM-009: It is gone}\n", "there is no rule ACM-009 in force"),
        (
            "    - {id: e, weight: 1, rules: [ACM-001], decisive: [ACM-002]}\n",
            "`decisive` names ACM-002, which is not in the dimension's `rules`",
        ),
    ],
)
def test_a_place_for_a_rule_that_is_not_there_is_an_error(
    repo: MakeRepo, below: str, words: str
) -> None:
    rules = {"rules/own.yaml": OWN, "rules/health.yaml": DIMENSION % ("", below)}
    errors = [f for f in repo(rules).rules_check() if f["severity"] == "error"]
    assert [(f["rule"], f["line"]) for f in errors] == [("RUL-006", 4)], errors
    assert errors[0]["message"].startswith(words)

"""Facts from git in rules of one's own, in health, in trend, since a revision and in diff."""

from __future__ import annotations

import json
import shutil

import pytest

from ..support.git import GitRepo
from .silent_changes import (
    ANN_TO_BOB,
    TARGET,
    TODAY,
    edited,
    found,
)

OWN_RULE = """\
rules:
  - id: OUR-001
    name: ours
    for: {kind}
    {rule}
    message: "{message}"
    examples: {{passes: [], fails: []}}
"""


def own(repo: GitRepo, kind: str, rule: str, message: str = "x") -> None:
    text = OWN_RULE.format(kind=kind, rule=rule, message=message)
    repo.write({"rules/own.yaml": text})


LIVE = "investment.stage == 'live'"  # of RET-2 and LEN-1, and not of RET-1
NOT_LIVE = "investment.stage != 'live'"
CALM = "investment.sponsor_changes < 9"  # nobody knows


@pytest.mark.parametrize(
    ("rule", "fails", "unknown"),
    [
        (f"assert: {CALM}", 0, 3),
        (f"assert: {LIVE} && {CALM}", 1, 2),
        (f"assert: {CALM} && {NOT_LIVE}", 2, 1),
        (f"assert: {LIVE} || {CALM}", 0, 1),
        (f"assert: '{LIVE} ? {CALM} : false'".replace("'live'", "''live''"), 1, 2),
        ("assert: investment.sponsor_changes == null || investment.sponsor_changes > 9", 0, 0),
        (f"when: {LIVE}\n    assert: {CALM}", 0, 2),
        (f"when: {CALM}\n    assert: 'false'", 0, 3),
        ("assert: investment.days_since_change.end > 3", 0, 3),
        ("assert: investment.outcomes.all(o, !o.target_changed_silently)", 0, 1),
    ],
)
@pytest.mark.parametrize("git", [True, False])
def test_logic_with_what_nobody_knows(repo, run, rule, fails, unknown, git):
    """What is surely false fails, what is surely true passes, and the rest is not judged."""
    own(repo, "investment", rule)
    if not git:
        shutil.rmtree(repo.root / ".git")
    _, out, _ = run("check", repo.root, "--as-of", "2026-01-20", "--format", "json")
    findings = json.loads(out)["findings"]
    assert sum(f["rule"] == "OUR-001" for f in findings) == fails
    said = [f["message"] for f in findings if f["rule"] == "HIS-000"]
    assert len(said) == (unknown > 0)
    noun = "investment" if unknown == 1 else "investments"
    assert all(f"(OUR-001) could not be judged on {unknown} {noun}:" in m for m in said)


def test_ages_and_commits_of_each_field_are_open_to_rules(repo, run):
    commit = repo.commit("2027-05-04", edited(("title: Branch tills", "title: Tills")))
    own(
        repo,
        "investment",
        "when: investment.id == 'RET-2'\n    assert: investment.days_since_change.title > 100",
        "{investment.changed_by.title} {investment.days_since_change.title}",
    )
    _, out, err = run(
        "check", repo.root, "--select", "OUR", "--format", "json", "--as-of", "2027-05-10"
    )
    assert [f["message"] for f in json.loads(out)["findings"]] == [f"{commit[:10]} 6"], err


def test_a_rule_that_names_no_such_field_or_requires_one_is_refused(repo, run):
    own(repo, "investment", "assert: investment.days_since_change.titel > 100")
    code, out, _ = run("rules", "check", repo.root)
    assert code == 2 or "did you mean `title`" in out
    assert "did you mean `title`" in out
    own(repo, "investment", "require: [history_days]")
    _, out, _ = run("rules", "check", repo.root)
    assert "cannot be required" in out


def test_health_may_ask_what_git_knows(repo, run):
    repo.write(
        {
            "rules/health.yaml": "health:\n  enough_evidence: 0\n  dimensions:\n    - id: stays\n      weight: 1\n"
            '      score: "business_unit.head_changes == null ? dyn(null) : business_unit.head_changes == 0 ? 1.0 : 0.0"\n'
        }
    )
    repo.commit("2027-05-04", edited(("head: ann", "head: bob")))
    scores = {}
    for day in (TODAY, "2026-03-01"):
        _, out, _ = run("health", repo.root, "--format", "json", "--as-of", day)
        scores[day] = {u["id"]: u["score"] for u in json.loads(out)["units"]}
    assert scores[TODAY] == {"retail": 0, "lending": 100}
    assert set(scores["2026-03-01"].values()) == {None}


def test_trend_tells_what_check_tells_at_each_commit_on_its_day(repo, run):
    repo.commit("2026-06-01", edited(TARGET))
    repo.commit("2027-01-01", edited(TARGET, ANN_TO_BOB))
    repo.commit("2028-05-01", edited(ANN_TO_BOB))
    _, out, _ = run("trend", repo.root, "--by", "commit", "--format", "json")
    points = json.loads(out)["points"]
    assert len(points) == 4
    for point in points:
        repo.git("checkout", "-q", point["commit"])
        _, out, _ = run("check", repo.root, "--format", "json", "--as-of", point["as_of"])
        summary = json.loads(out)["summary"]
        assert point["findings"] == {k: summary[k] for k in ("error", "warning", "info", "waived")}


def test_since_a_revision_only_a_new_silent_change_is_told(repo, run):
    repo.commit("2027-05-04", edited(TARGET))
    repo.write(edited(TARGET, ("baseline: 20", "baseline: 30")))
    assert list(found(run, repo.root, "--since", "HEAD")) == ["HIS-008 RET-1/faster"]


def test_diff_introduces_the_silent_change_that_it_shows(repo, run):
    repo.commit("2027-05-04", edited(TARGET))
    _, out, _ = run("diff", "HEAD~1..HEAD", repo.root, "--format", "json", "--as-of", TODAY)
    introduced = [f["rule"] for f in json.loads(out)["findings"]["introduced"]]
    assert introduced == ["HIS-007"]

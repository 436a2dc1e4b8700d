"""`itgov health` says how each score has changed, where git knows how it was."""

from __future__ import annotations

import json
import shutil

from .conftest import ORGANISATION, RETAIL

OWNED = "rules:\n  - {id: TST-001, name: owned, for: investment, named: {field: outcome_owner}}\n"
HEALTH = "health:\n  dimensions:\n    - {id: owned, weight: 1, rules: [TST-001]}\n"
RULES = {"rules/own.yaml": OWNED, "rules/health.yaml": HEALTH}
"""RET-1, two thirds of the money, is owned, and RET-2 is not."""
MENDED = RETAIL.replace("stage: live", "stage: live\n    outcome_owner: bob")


def trend_of(run, root, *options: str, day: str = "2026-12-01") -> dict:
    code, out, err = run("health", root, "--format", "json", "--as-of", day, *options)
    assert code == 0, err
    return {unit["id"]: unit["trend"] for unit in json.loads(out)["units"]}


def test_the_change_since_three_months_ago(repo, run):
    first = repo.commit("2026-02-01", RULES)
    repo.commit("2026-11-01", {"portfolios/retail.yaml": MENDED})
    found = trend_of(run, repo.root)["retail"]
    assert (found["since"], found["commit"]) == ("2026-02-01", first)
    assert round(found["score"], 6) == round(200 / 3, 6)
    assert found["band"] == "attention"
    assert round(found["change"], 6) == round(100 / 3, 6)
    code, out, _ = run("health", repo.root, "--as-of", "2026-12-01")
    assert code == 0
    retail = next(line for line in out.splitlines() if line.startswith("Retail"))
    assert retail.split()[1:4] == ["healthy", "100.0", "+33.4"]  # 66.6, as it is shown, to 100
    assert f"The change is since 2026-02-01 (commit {first[:10]}), by today's rules." in out
    code, out, _ = run("health", repo.root, "--as-of", "2026-12-01", "--format", "markdown")
    assert "| Retail | **healthy** | 100.0 | +33.4 |" in out


def test_since_a_day_a_month_or_a_revision_that_somebody_names(repo, run):
    start = repo.commit("2026-02-01", RULES)
    mended = repo.commit("2026-11-01", {"portfolios/retail.yaml": MENDED})
    for since, commit in (
        ("2026-10-31", start), ("2026-10", start), (start, start),
        ("2026-11-01", mended), ("2026-11", mended), ("HEAD", mended),
    ):  # fmt: skip
        assert trend_of(run, repo.root, "--trend", since)["retail"]["commit"] == commit
    assert trend_of(run, repo.root, "--trend", "HEAD")["retail"]["change"] == 0
    code, out, err = run("health", repo.root, "--trend", "nothing")
    assert (code, out) == (2, "")
    assert "there is no revision `nothing`" in err
    code, _, err = run("health", repo.root, "--trend", "HEAD", "--no-trend")
    assert code == 2


def test_a_unit_that_was_not_there_or_has_no_score_has_no_change(repo, run):
    new = "business_unit: {id: new, name: New}\ninvestments: [{id: N-1, title: N}]\n"
    repo.commit("2026-11-01", RULES | {"portfolios/new.yaml": new, "portfolios/lending.yaml": None})
    repo.commit("2026-11-02", {"portfolios/bare.yaml": "business_unit: {id: bare}\n"})
    found = trend_of(run, repo.root, "--trend", "HEAD~1")
    assert found["bare"] is None
    assert found["new"]["change"] == 0
    found = trend_of(run, repo.root, "--trend", "HEAD")
    assert (found["bare"]["score"], found["bare"]["change"]) == (None, None)


def test_where_git_does_not_know_nothing_is_said(repo, empty, run):
    repo.commit("2026-02-01", RULES)
    young = {"day": "2026-03-01"}
    assert trend_of(run, repo.root, **young) == {"lending": None, "retail": None}
    assert trend_of(run, repo.root, "--no-trend") == {"lending": None, "retail": None}
    code, out, _ = run("health", repo.root, "--as-of", "2026-03-01")
    assert code == 0
    assert "change" not in out
    shutil.rmtree(repo.root / ".git")
    assert trend_of(run, repo.root) == {"lending": None, "retail": None}
    code, _, err = run("health", repo.root, "--trend", "2026-02")
    assert code == 2
    empty.commit("2026-01-01", {"README": "nothing yet"})
    empty.commit("2026-02-01", {"portfolios/organisation.yaml": ORGANISATION} | RULES)
    assert trend_of(run, empty.root, day="2026-04-02") == {}
    code, _, err = run("health", empty.root, "--trend", "2026-01")
    assert code == 2
    assert "there was no portfolio yet" in err

"""Where git cannot tell: it is said once, and nothing passes."""

from __future__ import annotations

import json
import shutil

import pytest

from ..support.cli import run_cli
from ..support.git import GitRepo, run_git
from .conftest import ORGANISATION, RETAIL
from .silent_changes import (
    ANN_TO_BOB,
    ANN_TO_LIZ,
    TARGET,
    TODAY,
    edited,
    found,
    only_unknown,
)


def test_without_git_it_is_said_once_and_nothing_passes(repo, run):
    shutil.rmtree(repo.root / ".git")
    said = only_unknown(found(run, repo.root))
    assert "10 rules on history" in said or "9 rules on history" in said
    assert "2 business units, 3 investments and 1 outcome" in said
    assert "not in a git repository" in said
    _, out, _ = run("check", repo.root, "--as-of", TODAY, "--statistics")
    row = next(line for line in out.splitlines() if line.startswith("HIS-001 "))
    assert row.split()[3:] == ["0", "0", "3", "0", "3", "0"]  # 3 not evaluated, none passed, of 3


def test_who_asks_for_one_such_rule_is_told_that_it_was_not_judged(repo, run):
    shutil.rmtree(repo.root / ".git")
    for option, rules, told in (
        ("--select", "HIS-007", 1),
        ("--select", "OWN-001", 0),
        ("--ignore", "HIS", 0),
        ("--ignore", "HIS-007", 1),
    ):
        _, out, _ = run("check", repo.root, option, rules, "--format", "json")
        findings = json.loads(out)["findings"]
        assert sum(f["rule"] == "HIS-000" for f in findings) == told, (option, rules)


def test_a_repository_without_a_commit_and_one_of_somebody_else_around_it(repo, run, empty):
    inside = empty.root / "deep" / "portfolios"
    inside.mkdir(parents=True)
    (inside / "organisation.yaml").write_text(ORGANISATION, encoding="utf-8")
    (inside / "retail.yaml").write_text(RETAIL, encoding="utf-8")
    assert "no commit has the portfolio yet" in only_unknown(found(run, inside.parent))
    (empty.root / "other").write_text("x", encoding="utf-8")
    empty.git("add", "other")
    empty.git("commit", "-qm", "Other")
    assert "no commit has the portfolio yet" in only_unknown(found(run, inside.parent))


def test_a_history_that_is_too_short_fails_on_what_it_saw_and_passes_nothing(repo, run):
    repo.commit("2026-02-01", edited(TARGET, ANN_TO_BOB))
    repo.commit("2026-03-01", edited(TARGET, ANN_TO_LIZ))
    said = found(run, repo.root, day="2026-04-01")
    assert set(said) == {"HIS-000 acme", "HIS-001 RET-1", "HIS-007 RET-1/faster"}
    assert "git knows 76 days of the portfolio, since 2026-01-15" in said["HIS-000 acme"]["message"]
    _, out, _ = run("check", repo.root, "--as-of", "2026-04-01", "--statistics")
    rows = {line.split()[0]: line.split()[3:] for line in out.splitlines() if line[:3] == "HIS"}
    assert rows["HIS-001"] == ["1", "0", "2", "0", "3", "0"]  # one fails, two cannot be judged


def test_what_began_within_the_known_history_is_known_whole(repo, run):
    new = "  - {id: RET-9, title: New, stage: live, outcome_owner: ann, start: START}\n"
    retail = RETAIL.replace("engagements:", new + "engagements:")
    repo.commit("2026-03-01", {"portfolios/retail.yaml": retail.replace("START", "2026-03-20")})
    unit = "business_unit: {id: retail"
    said = found(run, repo.root, day="2026-04-01")["HIS-000 acme"]["message"]
    assert "3 investments" in said  # and not the fourth
    repo.commit("2026-03-02", {"portfolios/retail.yaml": retail.replace("START", "2019-01-01")})
    said = found(run, repo.root, day="2026-04-01")["HIS-000 acme"]["message"]
    assert "4 investments" in said, "it began long before it was entered"
    assert unit in retail


def test_a_shallow_clone_says_so_and_how_to_mend_it(repo, run, tmp_path):
    repo.commit("2028-01-01", edited(ANN_TO_BOB))
    repo.commit("2028-06-01", edited(ANN_TO_LIZ))
    clone = tmp_path / "clone"
    source = f"file://{repo.root}"
    repo.git("clone", "-q", "--depth", "1", source, str(clone))
    said = only_unknown(found(run, clone))
    assert "shallow clone, whose history begins with the commit of 2028-06-01" in said
    assert "git fetch --unshallow" in said
    assert "fetch-depth: 0" in said
    run_git(clone, "fetch", "-q", "--unshallow")
    assert list(found(run, clone)) == ["HIS-001 RET-1"]


def test_the_remembered_answer_knows_of_head_and_of_a_fetch(repo, run, tmp_path, cache):
    repo.commit("2028-01-01", edited(ANN_TO_BOB))
    repo.commit("2028-06-01", edited(ANN_TO_LIZ))
    clone = tmp_path / "clone"
    source = f"file://{repo.root}"
    repo.git("clone", "-q", "--depth", "1", source, str(clone))
    for _ in range(2):
        assert "HIS-000 acme" in found(run, clone)
    run_git(clone, "fetch", "-q", "--unshallow")
    for _ in range(2):
        assert list(found(run, clone)) == ["HIS-001 RET-1"]
    repo.commit("2028-06-02", edited(TARGET))
    assert "HIS-007 RET-1/faster" in found(run, repo.root)
    repo.git("reset", "-q", "--soft", "HEAD~1")  # the same files, and another HEAD
    assert "(uncommitted)" in found(run, repo.root)["HIS-007 RET-1/faster"]["message"]


def test_a_waiver_holds_and_is_not_called_unused_where_nobody_could_judge(repo, run):
    waiver = "    waivers:\n      - {rule: HIS-006, reason: Agreed, until: 2028-12-31, approved_by: tom}\n"
    end = ("    end: 2027-03-31\n", "    end: 2027-09-30\n" + waiver)
    repo.commit("2028-05-04", edited(end))
    assert found(run, repo.root)["HIS-006 RET-1"]["waived"]
    shutil.rmtree(repo.root / ".git")
    _, out, _ = run("check", repo.root, "--select", "WVR", "--as-of", TODAY, "--format", "json")
    assert json.loads(out)["findings"] == []


def test_a_portfolio_in_a_submodule_is_said_to_have_its_history_elsewhere(tmp_path, capsys):
    inner = GitRepo(tmp_path / "inner")
    inner.commit(files={"organisation.yaml": ORGANISATION, "retail.yaml": RETAIL})
    outer = GitRepo(tmp_path / "outer")
    outer.git(
        "-c",
        "protocol.file.allow=always",
        "submodule",
        "--quiet",
        "add",
        str(inner.root),
        "portfolios",
    )
    outer.commit()
    root = str(outer.root)
    assert "is a git submodule" in run_cli(capsys, "check", root, "--select", "HIS").out
    for verb in (("check", root, "--since", "HEAD"), ("trend", root)):
        ran = run_cli(capsys, *verb)
        assert ran.code == 2, verb
        assert "`portfolios` is a git submodule" in ran.err


@pytest.mark.parametrize("left_out", ["blob:none", "tree:0"])
def test_what_a_partial_clone_lacks_is_unknown_until_it_is_fetched(repo, run, tmp_path, left_out):
    repo.commit("2027-02-01", edited(TARGET))
    repo.commit("2027-03-01", edited(ANN_TO_BOB))
    repo.git("config", "uploadpack.allowFilter", "true")
    part = tmp_path / "part"
    run_git(tmp_path, "clone", "-q", f"--filter={left_out}", f"file://{repo.root}", str(part))
    whole = found(run, repo.root)
    assert "HIS-000" not in str(whole)
    assert "HIS-000" in str(found(run, part))
    _, out, _ = run("check", part, "--select", "HIS-000", "--as-of", "2027-12-01")
    assert "fix: Fetch what this partial clone lacks: `git fetch --refetch --no-filter`" in out
    run_git(part, "fetch", "-q", "--refetch", "--no-filter")
    assert found(run, part) == whole

"""The commit of a session: exactly its own files, and a clear word wherever git will not."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from itgov.review.recorder import SessionRecorder
from itgov.review.store import ReviewStore

from ..support.git import GitRepo, run_git

DAY = ("--as-of", "2026-11-23")
RECORD = "reviews/2026-11-23-retail.yaml"


def test_the_commit_holds_the_session_and_nothing_else(
    repo: Path, review: Callable[..., Any], git: Callable[..., str]
) -> None:
    (repo / "staged.txt").write_text("mine")
    git("add", "staged.txt")
    (repo / "portfolios/organisation.yaml").write_text(
        (repo / "portfolios/organisation.yaml").read_text(encoding="utf-8") + "# mine\n",
        encoding="utf-8",
    )
    review("start", "--unit", "retail", "--chair", "ines.sa", *DAY)
    review("decide", "RET-002", "assign", "--owner", "amara.okafor")
    review("decide", "RET-001", "approve")
    closed = review("close", "--commit", "--format", "json").json
    assert closed["commit"] == git("rev-parse", "HEAD").strip()
    assert closed["branch"] == "main"
    changed = git("show", "--name-only", "--format=%an <%ae>", "HEAD").split("\n")
    assert changed[0] == "Priya Nair <priya@example.org>"
    assert sorted(filter(None, changed[1:])) == [
        "portfolios/retail.yaml", "reviews/2026-11-23-retail.md", RECORD,
    ]  # fmt: skip
    assert git("status", "--short").split("\n")[:2] == [
        " M portfolios/organisation.yaml", "A  staged.txt",
    ]  # fmt: skip
    assert "Review of retail, 2026-11-23" in git("log", "-1", "--format=%s")


def test_a_file_with_somebody_elses_changes_is_left_to_them(
    repo: Path, review: Callable[..., Any], git: Callable[..., str]
) -> None:
    path = repo / "portfolios/retail.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "# mine\n", encoding="utf-8")
    review("start", "--unit", "retail", *DAY)
    review("decide", "RET-002", "assign", "--owner", "amara.okafor")
    closed = review("close", "--commit")
    assert "had changes before the session" in closed.err
    assert "portfolios/retail.yaml" not in git("show", "--name-only", "--format=", "HEAD")
    assert RECORD in git("show", "--name-only", "--format=", "HEAD")
    assert "# mine" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("way", [("checkout", "--", "portfolios"), ("commit", "-qam", "Mine")])
def test_of_a_file_that_is_as_head_has_it_there_is_nothing_to_commit(
    repo: Path, review: Callable[..., Any], git: Callable[..., str], way: tuple[str, ...]
) -> None:
    review("start", "--unit", "retail", *DAY)
    review("decide", "RET-002", "assign", "--owner", "amara.okafor")
    git(*way)
    closed = review("close", "--commit")
    assert "commit it yourself" not in closed.err + closed.out
    assert git("status", "--short", "portfolios") == ""


@pytest.mark.parametrize("foreign", ["", "# mine\n"])
def test_a_file_committed_during_the_session_goes_along_with_what_closing_edits(
    repo: Path, review: Callable[..., Any], git: Callable[..., str], foreign: str
) -> None:
    path = repo / "portfolios/retail.yaml"
    review("start", "--unit", "retail", *DAY)
    review("decide", "RET-002", "assign", "--owner", "amara.okafor")
    path.write_text(path.read_text(encoding="utf-8") + foreign, encoding="utf-8")
    git("commit", "-qam", "Outside")
    review("decide", "RET-001", "approve")
    closed = review("close", "--commit")
    assert "commit it yourself" not in closed.err + closed.out
    assert "last_reviewed: 2026-11-23" in git("show", "HEAD", "--", "portfolios/retail.yaml")
    assert git("status", "--short", "portfolios") == ""


@pytest.mark.parametrize("state", ["MERGE_HEAD", "rebase-merge", "CHERRY_PICK_HEAD"])
def test_in_the_middle_of_a_merge_or_rebase_nothing_is_committed_and_all_is_written(
    repo: Path, review: Callable[..., Any], git: Callable[..., str], state: str
) -> None:
    before = git("rev-parse", "HEAD")
    if state == "rebase-merge":
        (repo / ".git" / state).mkdir()
    else:
        (repo / ".git" / state).write_text(before)
    review("start", "--unit", "retail", *DAY)
    review("decide", "RET-001", "approve")
    closed = review("close", "--commit")
    assert closed.code == 2, "what was asked for was not done"
    assert "git is in the middle of" in closed.out
    assert (repo / RECORD).is_file()
    assert git("rev-parse", "HEAD") == before


def test_a_detached_head_is_committed_to_and_said(
    repo: Path, review: Callable[..., Any], git: Callable[..., str]
) -> None:
    git("checkout", "-q", "--detach")
    review("start", "--unit", "retail", *DAY)
    closed = review("close", "--commit")
    assert "on no branch (HEAD is detached)" in closed.out


def test_a_hook_that_refuses_is_quoted_and_nothing_is_lost(
    repo: Path, review: Callable[..., Any], git: Callable[..., str]
) -> None:
    hook = repo / ".git/hooks/pre-commit"
    hook.parent.mkdir()
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nprintf 'no \\033[31mcommits\\033[0m on Mondays\\n' >&2\nexit 1\n")
    hook.chmod(hook.stat().st_mode | stat.S_IXUSR)
    review("start", "--unit", "retail", *DAY)
    review("decide", "RET-001", "approve")
    closed = review("close", "--commit")
    assert closed.code == 2
    assert "commits" in closed.out
    assert "on Mondays" in closed.out
    assert "\x1b" not in closed.out
    assert (repo / RECORD).is_file()
    assert git("diff", "--cached", "--name-only") == "", "nothing is left staged"
    assert "??" in git("status", "--short")
    assert "`itgov review close --session 2026-11-23-retail --commit`" in closed.err
    hook.unlink()
    again = review("close", "--session", "2026-11-23-retail", "--commit")
    assert again.code == 0, again.err
    named = git("show", "--name-only", "--format=", "HEAD").split()
    assert named == ["portfolios/retail.yaml", "reviews/2026-11-23-retail.md", RECORD]
    assert git("status", "--short") == ""
    assert "are committed already" in review("close", "--commit").err


def test_without_an_identity_git_says_how_to_give_one(
    repo: Path,
    review: Callable[..., Any],
    git: Callable[..., str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    git("config", "--unset", "user.name")
    git("config", "--unset", "user.email")
    git("config", "user.useConfigOnly", "true")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)
    review("start", "--unit", "retail", *DAY)
    closed = review("close", "--commit")
    assert "git has no identity for you" in closed.out


def test_without_git_it_works_and_says_that_nothing_was_committed(
    repo: Path, review: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(repo.parent))
    review("start", "--unit", "retail", *DAY)
    closed = review("close", "--commit")
    assert closed.code == 0
    assert "not in a git repository" in closed.out
    assert (repo / RECORD).is_file()


def test_a_first_commit_can_be_the_minutes(repo: Path, review: Callable[..., Any]) -> None:
    GitRepo(repo, ("Priya", "p@example.org"))
    review("start", "--unit", "retail", *DAY)
    closed = review("close", "--commit", "--format", "json").json
    assert closed["not_committed"] is None
    listed = run_git(repo, "ls-tree", "-r", "--name-only", "HEAD")
    assert listed.split() == ["reviews/2026-11-23-retail.md", RECORD]


def test_minutes_that_git_is_told_to_ignore_are_not_committed(
    repo: Path, review: Callable[..., Any], git: Callable[..., str]
) -> None:
    (repo / ".gitignore").write_text("reviews/\n", encoding="utf-8")
    review("start", "--unit", "retail", *DAY)
    closed = review("close", "--commit")
    assert closed.code == 2
    assert f"git ignores {RECORD}" in closed.out
    assert git("log", "--format=%s").split("\n")[0] == "Begin"


def test_another_git_command_at_work_is_waited_for_by_the_user(
    repo: Path, review: Callable[..., Any], git: Callable[..., str]
) -> None:
    (repo / ".git/index.lock").touch()
    review("start", "--unit", "retail", *DAY)
    closed = review("close", "--commit")
    assert closed.code == 2
    assert "another git command is running" in closed.out
    assert git("log", "--format=%s") == "Begin"


def test_a_scenario_that_the_minutes_name_and_no_commit_has_is_named(
    repo: Path, review: Callable[..., Any], git: Callable[..., str]
) -> None:
    review("start", "--unit", "retail", *DAY)
    SessionRecorder(ReviewStore(repo), "2026-11-23-retail").edited([], "spring")

    def said() -> str:
        closing = review("close", "--dry-run")
        return f"{closing.out}{closing.err}"

    assert "the scenario spring, which the minutes name, was never saved" in said()
    (repo / "scenarios").mkdir()
    (repo / "scenarios" / "spring.yaml").write_text("scenario: {id: spring}\n", encoding="utf-8")
    assert "scenarios/spring.yaml, which the minutes name, is not committed" in said()
    git("add", "scenarios")
    git("commit", "-qm", "a scenario")
    assert "which the minutes name" not in said()


def test_closing_says_which_files_cannot_be_read(
    repo: Path, review: Callable[..., Any], git: Callable[..., str]
) -> None:
    (repo / "portfolios/legal.yaml").write_text("business_unit: [", encoding="utf-8")
    review("start", "--unit", "retail", *DAY)
    for options in (("--dry-run",), ("--no-commit",)):
        closed = review("close", *options)
        assert "may hold what was not on the agenda: portfolios/legal.yaml" in closed.err

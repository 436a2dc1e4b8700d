"""Whatever git's own files in a repository say, no verb runs a program that they name."""

from __future__ import annotations

import datetime
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from itgov.cli.main import main
from itgov.files.changed_texts import changed_text
from itgov.files.git import Git
from itgov.files.git_branch import branch_state
from itgov.files.git_changes import changed_files
from itgov.files.git_objects import Objects
from itgov.insight.diff_bases import diff_base

from ..support.cli import run_cli
from ..support.git import GitRepo

AS_OF = ("--as-of", "2026-11-23")
VERBS: dict[str, Sequence[str]] = {
    "check": ("check", *AS_OF),
    "check since": ("check", "--since", "HEAD~1", *AS_OF),
    "health": ("health", "--trend", "HEAD~1", *AS_OF),
    "value": ("value", *AS_OF),
    "managers": ("managers", *AS_OF),
    "due": ("due", *AS_OF),
    "trend": ("trend", "--by", "commit"),
    "trend by tag": ("trend", "--by", "tag"),
    "diff": ("diff", "HEAD~1", *AS_OF),
    "report": ("report", "--html", "-", "--trend", "2025-01", *AS_OF),
    "rules": ("rules", "check"),
    "agenda": ("review", "agenda", *AS_OF),
    "open": ("review", "start", "--chair", "jo.marsh", *AS_OF),
    "sessions": ("review", "status"),
    "verify": ("review", "verify"),
    "sheet": ("sheet", "out", "out.xlsx", *AS_OF),
    "keys": ("keys",),
    "summary": (".", "--plain", *AS_OF),
}
CONFIG = """\
[core]
\tfsmonitor = {run}
\tsshCommand = {run}
\tpager = {run}
\teditor = {run}
\thooksPath = {hooks}
\taskPass = {run}
\tgitProxy = {run}
\talternateRefsCommand = {run}
[gpg]
\tprogram = {run}
[gpg "ssh"]
\tprogram = {run}
[log]
\tshowSignature = true
[commit]
\tgpgSign = true
[diff]
\texternal = {run}
\tignoreSubmodules = none
[diff "hostile"]
\ttextconv = {run}
\tcommand = {run}
[filter "hostile"]
\tclean = {run}
\tsmudge = {run}
\tprocess = {run}
\trequired = true
[merge "hostile"]
\tdriver = {run}
[credential]
\thelper = !{run}
[sequence]
\teditor = {run}
[uploadpack]
\tpackObjectsHook = {run}
[pager]
\trev-list = {run}
\trev-parse = {run}
\tcat-file = {run}
\tdiff-tree = {run}
[alias]
\trev-list = !{run}
\tcat-file = !{run}
[trailer "hostile"]
\tcommand = {run}
[include]
\tpath = {more}
[extensions]
\tpartialClone = origin
[remote "origin"]
\turl = {url}
\tpromisor = true
\tuploadpack = {run}
\tproxy = {run}
"""
HOOKS = ("pre-commit", "post-commit", "reference-transaction", "post-index-change", "post-checkout")


class Trap:
    """A program that leaves a file where it is run, and configuration that names it everywhere."""

    def __init__(self, folder: Path) -> None:
        self.sprung = folder / "sprung"
        self.program = folder / "program"
        self.program.write_text(f'#!/bin/sh\necho "$0 $*" >> "{self.sprung}"\nexit 1\n')
        self.program.chmod(0o755)
        hooks = folder / "hooks"
        hooks.mkdir()
        for name in HOOKS:
            shutil.copy(self.program, hooks / name)
        more = folder / "more"
        more.write_text(f"[core]\n\tfsmonitor = {self.program}\n")
        ext = f"ext::{self.program}"
        self.config = CONFIG.format(run=self.program, hooks=hooks, more=more, url=ext)


@pytest.fixture
def trap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Trap:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("GIT_ASKPASS", "/bin/false")
    folder = tmp_path / "trap"
    folder.mkdir()
    return Trap(folder)


def grown(repo: GitRepo, folder: str = "") -> Path:
    """Give a repository two commits of a portfolio and one edit that is not committed."""
    root = repo.root / folder
    assert main(["init", str(root), "--name", "X", "--currency", "EUR", "--unit", "claims"]) == 0
    (root / ".gitattributes").write_text("* filter=hostile diff=hostile merge=hostile\n")
    repo.commit("2026-11-01", title="One")
    claims = root / "portfolios/claims.yaml"
    claims.write_text(claims.read_text().replace("Online applications", "Online apps"))
    repo.commit("2026-11-10", title="Two")
    repo.git("tag", "v1")
    claims.write_text(claims.read_text().replace("Online apps", "Online forms"))
    return root


@pytest.mark.parametrize("verb", VERBS)
def test_a_hostile_configuration_of_the_repository(
    verb: str,
    trap: Trap,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    repo = GitRepo(tmp_path / "repo")
    root = grown(repo)
    lost = repo.git("rev-parse", "HEAD~1:portfolios/claims.yaml")
    (root / ".git/config").write_text((root / ".git/config").read_text() + trap.config)
    (root / ".git/objects" / lost[:2] / lost[2:]).unlink()
    monkeypatch.chdir(root)
    ran = run_cli(capsys, *VERBS[verb])
    assert not trap.sprung.exists(), trap.sprung.read_text()
    assert ran.code in (0, 1, 2)
    assert "Traceback" not in ran.err
    assert "unrecognized" not in ran.err


def test_uncommitted_changes_are_read_without_running_anything(trap: Trap, tmp_path: Path) -> None:
    repo = GitRepo(tmp_path / "repo")
    root = grown(repo)
    (root / "portfolios/new.yaml").write_text("new\n")
    (root / ".git/config").write_text((root / ".git/config").read_text() + trap.config)
    assert branch_state(root) is not None
    for kind in ("uncommitted", "last-commit", "yesterday"):
        base = diff_base(root, kind, datetime.date(2026, 11, 23))
        changed = changed_files(root, base.commit)
        assert "portfolios/new.yaml" in [f.path for f in changed.files]
        assert any("portfolios/claims.yaml" in note for note in changed.notes)
        objects = Objects(Git(root))
        assert [changed_text(root, f, objects).kind for f in changed.files]
        objects.close()
    assert not trap.sprung.exists(), trap.sprung.read_text()


@pytest.mark.parametrize("verb", VERBS)
def test_a_bare_repository_among_the_files_of_a_change(
    verb: str,
    trap: Trap,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    repo = GitRepo(tmp_path / "repo")
    root = grown(repo, "sub")
    lost = repo.git("rev-parse", "HEAD~1:sub/portfolios/claims.yaml")
    embed(repo, root, trap.config, without=lost)
    monkeypatch.chdir(root)
    ran = run_cli(capsys, *VERBS[verb])
    assert not trap.sprung.exists(), trap.sprung.read_text()
    assert ran.code in (0, 1)
    assert "Traceback" not in ran.err


def test_minutes_are_committed_into_the_repository_that_holds_the_portfolio(
    trap: Trap,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    repo = GitRepo(tmp_path / "repo", ("Ann", "ann@example.org"))
    root = grown(repo, "sub")
    embed(repo, root, trap.config)
    before = repo.git("rev-parse", "HEAD")
    hook = repo.root / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f'#!/bin/sh\necho "own" > "{tmp_path / "own"}"\n')
    hook.chmod(0o755)
    monkeypatch.chdir(root)
    assert run_cli(capsys, "review", "start", "--chair", "jo.marsh", *AS_OF).code == 0
    closed = run_cli(capsys, "review", "close", "--commit", *AS_OF)
    assert closed.code == 0, closed.err
    assert not trap.sprung.exists(), trap.sprung.read_text()
    assert (tmp_path / "own").exists()  # the hook of the repository that was committed to
    assert repo.git("rev-parse", "HEAD~1") == before
    assert "sub/reviews/" in repo.git("show", "--stat", "--format=", "HEAD")


def embed(repo: GitRepo, root: Path, config: str, without: str = "") -> None:
    """Put the files of a bare repository beside a portfolio, as a pull request could."""
    shutil.copytree(repo.root / ".git/objects", root / "objects", dirs_exist_ok=True)
    if without:
        (root / "objects" / without[:2] / without[2:]).unlink()
    (root / "refs/heads").mkdir(parents=True)
    (root / "refs/heads/main").write_text(repo.git("rev-parse", "HEAD") + "\n")
    (root / "HEAD").write_text("ref: refs/heads/main\n")
    core = "[core]\n\trepositoryformatversion = 1\n\tbare = false\n\tworktree = .\n"
    (root / "config").write_text(core + config)
    assert os.path.isdir(root / "objects")

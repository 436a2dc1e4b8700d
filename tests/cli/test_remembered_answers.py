"""An answer that is remembered is the one that would be given now."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from itgov.cli.remembered import RememberedAnswer
from itgov.files.repository import Repository

from ..support.cli import Ran, run_cli
from ..support.git import GitRepo

UNIT = """\
business_unit: {id: retail, name: Retail}
investments:
  - id: RET-001
    title: Branch tills
    outcomes:
      - id: x
        results: [{date: 2026-01-01, actual: 1, evidence: docs/e.pdf}, {date: 2026-02-01, actual: 1, evidence: docs/no.pdf}]
"""
ORGANISATION = "organisation: {id: x, name: X, currency: EUR}\n"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ITGOV_CACHE", "on")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    repo = GitRepo(tmp_path / "top")
    files = {
        "portfolios/retail.yaml": UNIT,
        "portfolios/organisation.yaml": ORGANISATION,
        "docs/e.pdf": "shown\n",
    }
    repo.commit("2026-01-15", {f"gov/{path}": text for path, text in files.items()})
    return repo.root / "gov"


def write(path: str, text: str = "") -> Callable[[Path], None]:
    def change(root: Path) -> None:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")

    return change


def out_of_the_repository(root: Path) -> None:
    (root / "docs/e.pdf").unlink()
    (root / "docs/e.pdf").symlink_to("/etc/hostname")


CHANGES: dict[str, Callable[[Path], None]] = {
    "evidence deleted": lambda root: (root / "docs/e.pdf").unlink(),
    "the folder of evidence moved": lambda root: os.rename(root / "docs", root / "papers"),
    "evidence that is a link out": out_of_the_repository,
    "evidence added": write("docs/no.pdf"),
    "a repository below": write("it/portfolios/organisation.yaml", ORGANISATION),
    "a repository above": write("../portfolios/organisation.yaml", ORGANISATION),
    "a repository in a hidden folder": write("portfolios/.x/portfolios/organisation.yaml", ORGANISATION),
    "settings": write("itgov.yaml", "fail_on: info\n"),
    "settings in another ending": write("itgov.yml", "fail_on: info\n"),
    "a hidden folder": write("portfolios/.gitkeep/x.yaml", UNIT),
    "a file that is not read": write("portfolios/x.json"),
    "reviews that are a file": write("reviews"),
    "reviews that are a pipe": lambda root: os.mkfifo(root / "reviews"),
    "an empty folder": lambda root: (root / "portfolios/claims").mkdir(),
    "git gone": lambda root: shutil.rmtree(root.parent / ".git"),
    "a commit": lambda root: GitRepo(root.parent).commit("2026-02-01", {"gov/n.txt": ""}) and None,
}  # fmt: skip


CHECK = ("check", "--fail-on", "info", "--format", "json")
ASKED = [(change, CHECK) for change in CHANGES] + [
    ("evidence deleted", ("value", "--tree")),
    ("evidence added", ("health", "--format", "json")),
    ("an engagement", ("health",)),
    ("how health is scored", ("health",)),
    ("a manager", ("managers",)),
    ("a commit", ("managers", "--format", "json")),
    ("the past", ("health",)),
]
CHANGES |= {
    "an engagement": write("portfolios/retail/e.yaml", "business_unit: retail\nengagements: [{date: 2026-11-01}]\n"),
    "how health is scored": write("rules/health.yaml", "health: {bands: {healthy: 2, attention: 1}, dimensions: [{id: d, weight: 1, score: '0.5'}]}\n"),
    "a manager": write("portfolios/people.yaml", "people: [{id: ann, name: Ann}]\nrelationship_managers: [{person: ann, serves: [retail]}]\n"),
    "the past": lambda root: GitRepo(root.parent).commit("2026-02-01", {"gov/portfolios/retail.yaml": UNIT + "    summary: More\n"}) and None,
}  # fmt: skip


@pytest.mark.parametrize(("change", "verb"), ASKED)
def test_what_changes_the_answer_is_never_answered_as_before(
    change: str,
    verb: tuple[str, ...],
    root: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(root)

    def ask() -> Ran:
        monkeypatch.setattr("itgov.cli.terminal._said", [])
        return run_cli(capsys, *verb, "--as-of", "2026-11-23")

    first = ask()
    assert ask() == first
    CHANGES[change](root)
    remembered = [ask(), ask()]
    monkeypatch.setenv("ITGOV_CACHE", "off")
    now = ask()
    assert [(r.code, r.out) for r in remembered] == [(now.code, now.out)] * 2


@pytest.mark.parametrize("verb", ["check", "health", "value", "managers"])
def test_the_same_question_imports_no_parser(root: Path, verb: str, tmp_path: Path) -> None:
    asked = [sys.executable, "-X", "importtime", "-m", "itgov", verb, str(root)]
    first, again = (
        subprocess.run(asked, capture_output=True, text=True, check=False) for _ in range(2)
    )
    assert (again.stdout, again.returncode) == (first.stdout, first.returncode)
    assert "yaml" in first.stderr
    assert "yaml" not in again.stderr
    assert "msgspec" not in again.stderr


@pytest.mark.parametrize("what", ["a file", "a commit"])
def test_what_changed_while_an_answer_was_worked_out_is_not_answered_later(
    root: Path, what: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(root)
    monkeypatch.setattr("itgov.cli.terminal._said", [])
    before = (root / "portfolios/retail.yaml").read_text(encoding="utf-8")
    there = GitRepo(root.parent)

    def change() -> None:
        if what == "a file":
            (root / "portfolios/retail.yaml").write_text(UNIT.replace("tills", "desks"))
        else:
            there.commit("2026-03-01", {"gov/n.txt": ""})

    watch = RememberedAnswer.watch

    def watch_and_change(self: RememberedAnswer, repository: Repository) -> None:
        watch(self, repository)
        change()

    with monkeypatch.context() as patched:
        patched.setattr(RememberedAnswer, "watch", watch_and_change)
        run_cli(capsys, *CHECK)
    if what == "a file":
        (root / "portfolios/retail.yaml").write_text(before)
    else:
        there.git("reset", "-q", "--hard", "HEAD~1")
    remembered = run_cli(capsys, *CHECK)
    monkeypatch.setenv("ITGOV_CACHE", "off")
    now = run_cli(capsys, *CHECK)
    assert (remembered.code, remembered.out) == (now.code, now.out)


def test_a_word_that_becomes_the_name_of_a_file(
    root: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    CHANGES["a manager"](root)
    monkeypatch.setattr("itgov.cli.terminal._said", [])
    monkeypatch.chdir(tmp_path)
    asked = ("managers", "ann", root, "--as-of", "2026-11-23")
    assert run_cli(capsys, *asked).code == 0
    (tmp_path / "ann").touch()
    assert run_cli(capsys, *asked).code == 2  # two paths

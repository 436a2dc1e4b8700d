"""An answer of `check` that is remembered is the one that would be given now."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

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


@pytest.mark.parametrize("change", CHANGES)
def test_what_changes_the_answer_is_never_answered_as_before(
    change: str, root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(root)

    def check() -> Ran:
        return run_cli(
            capsys, "check", "--as-of", "2026-11-23", "--format", "json", "--fail-on", "info"
        )

    first = check()
    assert check() == first
    CHANGES[change](root)
    remembered = [check(), check()]
    monkeypatch.setenv("ITGOV_CACHE", "off")
    now = check()
    assert [(r.code, r.out) for r in remembered] == [(now.code, now.out)] * 2

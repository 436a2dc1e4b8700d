"""Each thing that a change may try in order to be green, and how the command ends all the same."""

from __future__ import annotations

import importlib
import pkgutil
import shutil
from pathlib import Path

import pytest

from ..support.cli import run_cli
from ..support.git import GitRepo
from . import dodges
from .dodges import Dodge

TRIED: list[Dodge] = [
    dodge
    for module in pkgutil.iter_modules(dodges.__path__)
    for dodge in importlib.import_module(f"{dodges.__name__}.{module.name}").DODGES
]
AS_OF = "2026-11-23"


@pytest.fixture(scope="module")
def agreed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A repository as `init` writes it, committed: what was agreed before the change; and the commit."""
    from itgov.cli.main import main

    root = tmp_path_factory.mktemp("agreed") / "portfolio"
    repo = GitRepo(root, ("Ann", "ann@example.org"))
    repo.git("symbolic-ref", "HEAD", "refs/heads/main")
    assert main(["init", str(root), "--name", "X", "--currency", "EUR", "--unit", "claims"]) == 0
    return root, repo.commit("2026-11-20", title="What was agreed")


@pytest.mark.parametrize("dodge", TRIED, ids=[d.what for d in TRIED])
def test_a_dodge_is_seen(
    dodge: Dodge,
    agreed: tuple[Path, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    root = tmp_path / "portfolio"
    agreed_root, base = agreed
    shutil.copytree(agreed_root, root, symlinks=True)
    repo = GitRepo(root)
    dodge.change(repo)
    monkeypatch.chdir(root)
    command = [part.replace("{base}", base) for part in dodge.command]
    if command[0] == "check" and "--as-of" not in command:
        command += ["--as-of", AS_OF]
    ran = run_cli(capsys, *command)
    said = ran.out + ran.err
    assert ran.code == dodge.code, said
    for words in dodge.says:
        assert words in said
    for words in dodge.never:
        assert words not in said
    if dodge.leaves is not None:
        path, words = dodge.leaves
        assert words in (root / path).read_text(encoding="utf-8")

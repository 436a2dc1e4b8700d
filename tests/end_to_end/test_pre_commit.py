"""The hooks that this project ships, installed and run by pre-commit itself."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
import yaml

from itgov.cli.main import main

from ..support.git import GitRepo, run_git

PROJECT = Path(__file__).resolve().parents[2]
OWNER = "    outcome_owner: nadia.rahman"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(find_spec("pre_commit") is None, reason="pre-commit is not installed"),
    pytest.mark.skipif(not (PROJECT / ".git").exists(), reason="this is not a checkout"),
]


def pre_commit(
    home: Path, folder: Path, *arguments: str, cache: str = "off"
) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    environment |= {"PRE_COMMIT_HOME": str(home), "PRE_COMMIT_COLOR": "never", "ITGOV_CACHE": cache}
    return subprocess.run(
        [sys.executable, "-m", "pre_commit", *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, str]:
    """Return pre-commit's home with the hooks installed, where they come from, and which commit."""
    base = tmp_path_factory.mktemp("hooks")
    source, home = GitRepo(base / "itgov"), base / "home"
    names = run_git(PROJECT, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    for name in filter(None, names.split("\0")):
        if (PROJECT / name).is_file():
            (source.root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(PROJECT / name, source.root / name)
    commit = source.commit()
    first = GitRepo(base / "first")
    first.commit(files={".pre-commit-config.yaml": hooks(source.root, commit)})
    ran = pre_commit(home, first.root, "install-hooks")
    if ran.returncode:
        said = (ran.stdout + ran.stderr).casefold()
        offline = ("connection", "no matching distribution", "network", "resolution", "timed out")
        assert any(words in said for words in offline), said
        pytest.skip("pre-commit cannot install the hook here: no package index can be reached")
    return home, source.root, commit


def hooks(source: Path, commit: str, *arguments: str) -> str:
    ids = [{"id": name, "args": list(arguments)} for name in ("itgov-check", "itgov-rules")]
    return yaml.safe_dump({"repos": [{"repo": str(source), "rev": commit, "hooks": ids}]})


@pytest.mark.parametrize(
    ("folder", "settings"),
    [
        ("", ""),
        ("it/gov", ""),
        (
            "",
            "paths: {portfolios: governed/units, rules: governed/law, reviews: governed/minutes}\n",
        ),
        ("the gov", "paths: {portfolios: units}\n"),
    ],
    ids=["at the top", "below", "own paths", "below with own paths"],
)
def test_the_hook_judges_a_portfolio_wherever_it_is(
    tmp_path: Path, shipped: tuple[Path, Path, str], folder: str, settings: str
) -> None:
    home, source, commit = shipped
    repo = GitRepo(tmp_path / "mono")
    root = repo.root / folder
    if settings:
        repo.write({f"{folder}/itgov.yaml" if folder else "itgov.yaml": settings})
    assert main(["init", str(root), "--unit", "claims"]) == 0
    arguments = [folder] if folder else []
    repo.commit(files={".pre-commit-config.yaml": hooks(source, commit, *arguments)})
    for run_on in (
        (),
        ("--all-files",),
    ):  # without files of the portfolio among the changed as well
        ran = pre_commit(home, repo.root, "run", *run_on)
        assert ran.returncode == 0, ran.stdout + ran.stderr
        assert ran.stdout.count("Passed") == 2, ran.stdout

    (unit,) = (p for p in root.rglob("claims.yaml"))
    text = unit.read_text(encoding="utf-8")
    assert OWNER in text
    unit.write_text(text.replace(OWNER, "    outcome_owner:"), encoding="utf-8")
    for staged in (False, True):  # what is not staged is put aside while the hooks run
        if staged:
            repo.git("add", "-A")
        ran = pre_commit(home, repo.root, "run")
        assert (ran.returncode != 0) is staged, ran.stdout + ran.stderr
        assert ("OWN-001" in ran.stdout) is staged, ran.stdout


def test_a_commit_without_an_owner_is_not_made(
    tmp_path: Path, shipped: tuple[Path, Path, str]
) -> None:
    home, source, commit = shipped
    repo = GitRepo(tmp_path / "mono", ("Ann", "ann@example.org"))
    assert main(["init", str(repo.root / "gov"), "--unit", "claims"]) == 0
    repo.commit(files={".pre-commit-config.yaml": hooks(source, commit, "gov")})
    assert pre_commit(home, repo.root, "install").returncode == 0
    unit = repo.root / "gov/portfolios/claims.yaml"
    unit.write_text(
        unit.read_text(encoding="utf-8").replace(OWNER, "    outcome_owner: TBD"), encoding="utf-8"
    )
    before = repo.git("rev-parse", "HEAD")
    environment = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    environment |= {"PRE_COMMIT_HOME": str(home), "ITGOV_CACHE": "off"}
    tried = subprocess.run(
        ["git", "-C", str(repo.root), "commit", "-qam", "x"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert tried.returncode == 1, tried.stdout + tried.stderr
    assert "OWN-001" in tried.stdout + tried.stderr
    assert repo.git("rev-parse", "HEAD") == before


def test_the_hooks_that_init_writes_pass_too(
    tmp_path: Path, shipped: tuple[Path, Path, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    home, _, _ = shipped
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    repo = GitRepo(tmp_path / "mono")
    assert main(["init", str(repo.root / "the gov"), "--unit", "claims"]) == 0
    repo.commit()
    ran = pre_commit(home, repo.root, "run", "--all-files")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "itgov check the gov" in ran.stdout.replace("'", "")

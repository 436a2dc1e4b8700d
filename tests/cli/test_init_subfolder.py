"""`itgov init` in a subfolder of a git repository: what a forge reads is at the top."""

from __future__ import annotations

import re
import shlex
from itertools import pairwise
from pathlib import Path

import pytest
import yaml

from itgov.cli.main import main

from ..support.folders import files_of
from ..support.git import run_git
from .written_by_init import WRITTEN, commands_of, owners

pytestmark = pytest.mark.slow

AT_TOP = {".github/workflows/itgov.yml", ".gitlab-ci.yml", ".pre-commit-config.yaml", "CODEOWNERS"}


@pytest.fixture
def top(tmp_path: Path) -> Path:
    """A git repository with nothing in it."""
    path = tmp_path / "mono"
    path.mkdir()
    run_git(path, "init", "-q")
    return path


def written(root: Path) -> dict[str, str]:
    return {path: text for path, text in files_of(root).items() if not path.startswith(".git/")}


@pytest.mark.parametrize("folder", ["gov", "it/gov", "the portfolio", "IT.gov-1"])
def test_what_a_forge_reads_is_at_the_top(
    top: Path, folder: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["init", str(top / folder)]) == 0
    out, err = capfd.readouterr()
    inside = {f"{folder}/{path}" for path in WRITTEN - AT_TOP}
    assert set(written(top)) == inside | AT_TOP
    up = "../" * len(Path(folder).parts)
    assert f"wrote {up}.gitlab-ci.yml\n" in out
    assert f"they are in {top}" in err
    monkeypatch.chdir(top)
    ignored = (top / folder / ".gitignore").read_text(encoding="utf-8").splitlines()
    for place in AT_TOP - {"CODEOWNERS"}:
        commands = commands_of(yaml.safe_load((top / place).read_text(encoding="utf-8")))
        assert any(c.startswith("itgov check") for c in commands)
        for command in commands:
            words = shlex.split(command)
            assert folder in words
            assert main(words[1:]) == 0, command
            for output in (b for a, b in pairwise(words) if a == "--output"):
                assert Path(output).is_file()
                assert output.removeprefix(f"{folder}/") in ignored


def test_the_hooks_and_reports_name_the_subfolder(top: Path) -> None:
    assert main(["init", str(top / "it/gov")]) == 0
    texts = written(top)
    assert 'itgov check it/gov --policy "$BASE" --ignore POL' in texts[".gitlab-ci.yml"]
    assert (
        'itgov check it/gov --policy "$BASE" --select POL' in texts[".github/workflows/itgov.yml"]
    )
    job = yaml.safe_load(texts[".gitlab-ci.yml"])["itgov-it-gov"]
    assert job["artifacts"]["reports"] == {
        "codequality": "it/gov/gl-code-quality-report.json",
        "junit": "it/gov/itgov-junit.xml",
    }
    _, rules = yaml.safe_load(texts[".pre-commit-config.yaml"])["repos"][0]["hooks"]
    assert re.search(rules["files"], "it/gov/rules/organisation.yaml")
    assert not re.search(rules["files"], "rules/organisation.yaml")


def test_owners_are_of_the_paths_below_the_top(top: Path) -> None:
    assert main(["init", str(top / "the gov"), "--governance", "@acme/board"]) == 0
    found = owners(top)
    assert found["/the\\ gov/portfolios/retail.yaml"][0] == "jo.marsh@example.org"
    for path in (
        "the\\ gov/itgov.yaml",
        "the\\ gov/rules/",
        "the\\ gov/reviews/",
        ".github/",
        "CODEOWNERS",
    ):
        assert found[f"/{path}"] == ["@acme/board"]


def test_what_is_there_is_kept_and_told_what_to_add(
    top: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    mine = {
        ".gitlab-ci.yml": "build: {script: make}\n",
        ".pre-commit-config.yaml": "repos: []\n",
        "docs/CODEOWNERS": "* @me\n/gov/portfolios/retail.yaml @ann\n",
        ".github/workflows/itgov.yml": "jobs: {check: {steps: [{run: itgov check other}]}}\n",
    }
    for path, text in mine.items():
        (top / path).parent.mkdir(parents=True, exist_ok=True)
        (top / path).write_text(text, encoding="utf-8")
    assert main(["init", str(top / "gov")]) == 0
    err = capfd.readouterr().err
    assert {path: written(top)[path] for path in mine} == mine
    assert "CODEOWNERS" not in written(top)
    assert "itgov check gov" in written(top)[".github/workflows/itgov-gov.yml"]
    jobs, hooks, lines = (
        err.split(f"Add to {top / path}, which was kept:\n")[1].split("\n\nAdd to ")[0]
        for path in (".gitlab-ci.yml", ".pre-commit-config.yaml", "docs/CODEOWNERS")
    )
    assert "itgov check gov" in "".join(yaml.safe_load(jobs)["itgov-gov"]["script"])
    added = yaml.safe_load("repos:\n" + hooks)
    assert added["repos"][0]["hooks"][0]["entry"] == "itgov check gov"
    assert lines.split()[0] == "/gov/portfolios/retail/"


def test_what_runs_a_part_is_told_the_rest(top: Path, capfd: pytest.CaptureFixture[str]) -> None:
    mine = {
        ".gitlab-ci.yml": "x: {script: [itgov check gov]}\n",
        ".pre-commit-config.yaml": "repos:\n- repo: local\n  hooks:\n  - {id: mine, entry: itgov check gov}\n",
    }
    for path, text in mine.items():
        (top / path).write_text(text, encoding="utf-8")
    assert main(["init", str(top / "gov")]) == 0
    err = capfd.readouterr().err
    jobs, hooks = (
        err.split(f"Add to {top / path}, which was kept:\n")[1].split("\n\nAdd to ")[0].rstrip()
        for path in (".gitlab-ci.yml", ".pre-commit-config.yaml")
    )
    assert jobs.splitlines() == ["itgov rules check gov", "itgov rules test gov"]
    [rules] = yaml.safe_load(hooks)
    assert rules["entry"] == "itgov rules test gov"
    assert rules["files"] == r"^gov/(itgov\.yaml|rules/.*)$"


def test_once_added_nothing_is_asked_again(top: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["init", str(top / "gov")]) == 0
    before = written(top)
    capfd.readouterr()
    assert main(["init", str(top / "gov")]) == 0
    out, err = capfd.readouterr()
    assert written(top) == before
    assert "wrote" not in out
    assert "Add to" not in err


def test_a_second_portfolio_gets_a_workflow_of_its_own(
    top: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["init", str(top / "north")]) == 0
    assert main(["init", str(top / "south")]) == 0
    err = capfd.readouterr().err
    assert "itgov check south" in written(top)[".github/workflows/itgov-south.yml"]
    assert "itgov-south:" in err
    assert "/south/portfolios/retail.yaml jo.marsh@example.org" in err


@pytest.mark.parametrize("folder", ["a$(touch x)", "it's", "-f", "${{ x }}", "a: b #"])
def test_a_folder_that_is_not_plain_gets_no_ci(
    top: Path, folder: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["init", str(top / folder)]) == 0
    assert set(written(top)) == {f"{folder}/{path}" for path in WRITTEN - AT_TOP}
    assert "Rename the folder" in capfd.readouterr().err


def test_a_link_at_the_top_is_not_followed_out(
    top: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (top.parent / "outside").mkdir()
    (top / ".github").symlink_to("../outside")
    assert main(["init", str(top / "gov")]) == 2
    assert "is a link that leaves" in capfd.readouterr().err
    assert set(written(top)) == set()
    assert files_of(top.parent / "outside") == {}


def test_files_that_nobody_reads_in_the_subfolder_are_named(
    top: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (top / "gov").mkdir()
    (top / "gov/CODEOWNERS").write_text("* @me\n", encoding="utf-8")
    assert main(["init", str(top / "gov")]) == 0
    assert "No forge reads `gov/CODEOWNERS`" in capfd.readouterr().err

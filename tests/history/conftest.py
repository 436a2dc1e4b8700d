"""Real git repositories, made in the test's own folder, with dates that never change."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from itgov.cli.main import main

ORGANISATION = """\
organisation: {id: acme, name: Acme, currency: GBP}
people:
  - {id: ann, name: Ann Archer, side: business, business_unit: retail}
  - {id: bob, name: Bob Baker, side: business, business_unit: retail}
  - {id: liz, name: Liz Lane, side: business}
  - {id: tom, name: Tom Tiler, side: it}
relationship_managers:
  - {person: liz, serves: [retail, lending], represents: customer, position: bridge}
"""

RETAIL = """\
business_unit: {id: retail, name: Retail, head: ann, relationship_manager: liz}
investments:
  - id: RET-1
    title: Claims platform
    stage: delivering
    outcome_owner: ann
    relationship_manager: liz
    end: 2027-03-31
    spend:
      - {year: 2026, budget: 100000}
    outcomes:
      - {id: faster, measure: Days to settle, unit: days, baseline: 20, target: 5, due: 2026-12-31}
  - id: RET-2
    title: Branch tills
    stage: live
    relationship_manager: liz
    spend:
      - {year: 2026, budget: 50000}
engagements:
  - {date: 2026-01-10, kind: review, by: liz, with: [ann], summary: First review}
"""

LENDING = """\
business_unit: {id: lending, name: Lending}
investments:
  - {id: LEN-1, title: Loan desk, stage: live}
"""


class Repo:
    """A git repository to be written to and committed, with nobody's own configuration."""

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir(parents=True, exist_ok=True)
        self.git("init", "-q", "-b", "main")

    def git(self, *arguments: str, date: str = "2026-01-01") -> str:
        moment = date if "T" in date else f"{date}T12:00:00+00:00"
        environment = {
            **os.environ,
            "GIT_CONFIG_GLOBAL": "/dev/null",
            "GIT_CONFIG_SYSTEM": "/dev/null",
            "GIT_AUTHOR_DATE": moment,
            "GIT_COMMITTER_DATE": moment,
        }
        identity = ["-c", "user.name=Test", "-c", "user.email=test@example.org"]
        done = subprocess.run(
            ["git", "-C", str(self.root), *identity, *arguments],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    def write(self, files: dict[str, str | None]) -> None:
        for name, text in files.items():
            path = self.root / name
            if text is None:
                path.unlink()
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")

    def commit(
        self, date: str, files: dict[str, str | None] | None = None, title: str = "Edit"
    ) -> str:
        self.write(files or {})
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", title, date=date)
        return self.git("rev-parse", "HEAD")


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    """A repository with a portfolio of two units and one commit of January."""
    made = Repo(tmp_path / "repo")
    made.commit(
        "2026-01-15",
        {
            "portfolios/organisation.yaml": ORGANISATION,
            "portfolios/retail.yaml": RETAIL,
            "portfolios/lending.yaml": LENDING,
        },
        "Start",
    )
    return made


@pytest.fixture
def empty(tmp_path: Path) -> Repo:
    return Repo(tmp_path / "empty")


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of the test's own, switched on."""
    monkeypatch.setenv("ITGOV_CACHE", "on")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "itgov"


Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command line and return exit code, stdout and stderr."""

    def call(*arguments: str | Path) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main([str(a) for a in arguments])
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


def points(run: Run, root: Path, *arguments: str) -> dict[str, dict]:
    code, out, err = run("trend", root, "--format", "json", *arguments)
    assert code == 0, err
    answer = json.loads(out)
    assert answer["schema"] == 1
    return {p["label"]: p for p in answer["points"]}

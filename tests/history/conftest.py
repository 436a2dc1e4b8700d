"""Git repositories with a portfolio and a history."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import pytest

from ..support.cli import Run, run_cli
from ..support.git import GitRepo

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


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    """A repository with a portfolio of two units and one commit of January."""
    made = GitRepo(tmp_path / "repo")
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
def empty(tmp_path: Path) -> GitRepo:
    return GitRepo(tmp_path / "empty")


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of the test's own, switched on."""
    monkeypatch.setenv("ITGOV_CACHE", "on")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "itgov"


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command line and return exit code, stdout and stderr."""

    return partial(run_cli, capsys)


def points(run: Run, root: Path, *arguments: str) -> dict[str, dict]:
    code, out, err = run("trend", root, "--format", "json", *arguments)
    assert code == 0, err
    answer = json.loads(out)
    assert answer["schema"] == 2
    return {p["label"]: p for p in answer["points"]}

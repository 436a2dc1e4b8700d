"""What an item cannot do without: circles, and the drawing of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from itgov.model.dependencies import circles

from ..support.cli import run_cli
from ..support.what_if import DAY, in_portfolio, sample_with_scenario


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return sample_with_scenario(tmp_path)


def test_circles_are_those_that_paths_lead_back_in() -> None:
    needs = {"a": ["b"], "b": ["c", "d"], "c": ["a"], "d": ["d"], "e": ["a"], "f": []}
    assert sorted(sorted(c) for c in circles(needs)) == [["a", "b", "c"], ["d"]]
    chain = {str(n): [str(n + 1)] for n in range(50_000)}
    assert list(circles(chain | {"50000": ["0"]})) != []


def test_a_circle_is_a_finding(root: Path, capfd: pytest.CaptureFixture[str]) -> None:
    in_portfolio(
        root, "claims.yaml", "  - id: CLM-001\n", "  - id: CLM-001\n    depends_on: [LEN-001]\n"
    )
    in_portfolio(
        root, "lending.yaml", "  - id: LEN-001\n", "  - id: LEN-001\n    depends_on: [CLM-001]\n"
    )
    found = run_cli(
        capfd, "check", root, "--select", "DAT-018", "--format", "json", "--as-of", DAY
    ).findings
    assert len(found) == 2
    assert all("CLM-001, LEN-001" in f["message"] for f in found)


def test_dependencies_are_drawn_and_no_title_is_read_as_mermaid(
    root: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    in_portfolio(
        root, "claims.yaml", "  - id: CLM-001\n",
        "  - id: '\"];click x'\n    title: \"a\\\"]\\n```<b>%%{init}\"\n    depends_on: [LEN-001]\n  - id: CLM-001\n",
    )  # fmt: skip
    told = run_cli(
        capfd, "what-if", root, "--dependencies", "--format", "markdown", "--as-of", DAY
    ).out
    block = told[told.index("```mermaid") :]
    assert block.count("```") == 2
    lines = block.splitlines()
    assert lines[2:4] == [
        '  n0["#34;#93;#59;click x a#34;#93; #96;#96;#96;#60;b#62;#37;#37;#123;init#125;"]',
        '  n1["LEN-001 Mortgage origination replacement"]',
    ]
    assert "  n0 --> n1" in lines
    text = run_cli(capfd, "what-if", root, "--dependencies", "--as-of", DAY).out
    assert "needs LEN-001 Mortgage origination replacement" in text

"""A copy of the sample with a scenario, and `itgov what-if` run on it."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from .cli import Ran, run_cli

SAMPLE = Path(__file__).resolve().parents[2]
DAY = "2026-11-23"

SPRING = """\
scenario:
  id: spring
  title: Stop the mortgage replacement
  changes:
    - {stop: LEN-001, on: 2027-01-01}
    - {delay: CLM-004, months: 6}
    - {spend: RET-002, year: 2027, budget: 400000}
    - {assign: OPS-017, outcome_owner: gareth.penrose}
"""


def sample_with_scenario(folder: Path) -> Path:
    """Copy the sample's portfolios into a folder, with the scenario `spring`."""
    shutil.copytree(SAMPLE / "portfolios", folder / "portfolios")
    (folder / "scenarios").mkdir()
    (folder / "scenarios" / "spring.yaml").write_text(SPRING, encoding="utf-8")
    return folder


def ran(capfd: pytest.CaptureFixture[str], root: Path, *words: str) -> Ran:
    return run_cli(capfd, "what-if", *words, root, "--as-of", DAY)


def scenario(root: Path, *changes: str) -> None:
    lines = "".join(f"    - {change}\n" for change in changes)
    text = f"scenario:\n  id: spring\n  changes:\n{lines}"
    (root / "scenarios" / "spring.yaml").write_text(text, encoding="utf-8")


def in_portfolio(root: Path, name: str, old: str, new: str) -> None:
    path = root / "portfolios" / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def one_item(tmp_path: Path, item: str, changes: str, capfd: pytest.CaptureFixture[str]) -> Any:
    for folder in ("portfolios", "scenarios"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "portfolios" / "organisation.yaml").write_text(
        "organisation: {id: o, fiscal_year_start: 4}\n", encoding="utf-8"
    )
    (tmp_path / "portfolios" / "u.yaml").write_text(
        f"business_unit: {{id: u}}\ninvestments:\n  - {{id: C, title: C, {item}}}\n",
        encoding="utf-8",
    )
    (tmp_path / "scenarios" / "s.yaml").write_text(
        f"scenario: {{id: s, changes: [{changes}]}}\n", encoding="utf-8"
    )
    told = ran(capfd, tmp_path, "s", "--format", "json").json["scenarios"][0]
    money = {y["year"]: y["added"] - y["freed"] for y in told["money"]}
    value = {y["year"]: y["gained"] - y["lost"] for y in told["value"]}
    return money, value, told

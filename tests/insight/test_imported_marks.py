"""What imports have marked stands beside the figures, in every format, and can be taken apart."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.cli import run_cli

from .test_why import check_all, why_of

AS_OF = ("--as-of", "2026-11-23")
UNIT = """\
business_unit: {id: retail, name: Retail}
investments:
  - id: A-1
    title: Old
    stage: live
    spend: [{year: 2024, budget: 900, actual: 800}]
    custom: {imported: {from: list, as_of: 2024-03-31, gone: 2026-03-31}}
  - id: A-2
    title: Kept
    stage: live
    spend:
      - {year: 2024, budget: 100}
      - {year: 2025, budget: 20, actual: 7, forecast: 5}
    custom:
      imported:
        {from: list, as_of: 2026-03-31, older: {spend.2025.budget: 2025-03-31, spend.2025.actual: 2025-03-31, spend.2025.forecast: 2025-03-31, spend.2030.budget: 2025-03-31, nonsense: 1}}
  - id: A-3
    title: Ended
    stage: retired
    spend: [{year: 2024, budget: 50}]
    custom: {imported: {gone: 2026-03-31}}
  - id: A-4
    title: Odd
    custom: {imported: {gone: tomorrow, older: [1]}}
  - id: A-5
    title: Odder
    custom: {imported: yes}
"""
GONE = "2 items, 1 of them still active, 950 of the budget and 800 of the recorded actual"
OLDER = "amounts of 1 item, 20 of the budget and 7 of the recorded actual"


@pytest.fixture
def portfolio(tmp_path: Path) -> Path:
    """A portfolio with everything that an import can mark."""
    folder = tmp_path / "portfolios"
    folder.mkdir()
    (folder / "organisation.yaml").write_text("organisation: {id: acme, currency: EUR}\n", "utf-8")
    (folder / "retail.yaml").write_text(UNIT, "utf-8")
    return tmp_path


def test_value_and_health_say_it_beside_their_figures(
    portfolio: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for verb in ("value", "health"):
        for form in ("text", "markdown"):
            out = run_cli(capsys, verb, portfolio, *AS_OF, "--format", form).out
            text = " ".join(out.replace("\\", "").split())
            assert GONE in text, (verb, form)
            assert OLDER in text, (verb, form)
    marks = {
        "gone_items": 2,
        "gone_active": 1,
        "gone": {"budget": 950, "actual": 800},
        "older_items": 1,
        "older": {"budget": 20, "actual": 7},
    }
    value = json.loads(run_cli(capsys, "value", portfolio, *AS_OF, "--format", "json").out)
    health = json.loads(run_cli(capsys, "health", portfolio, *AS_OF, "--format", "json").out)
    assert value["total"]["imported"] == marks
    assert value["units"][0]["imported"] == marks
    assert health["units"][0]["imported"] == marks


def test_rules_find_what_is_gone_and_active_and_what_is_of_an_older_table(
    portfolio: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = run_cli(capsys, "check", portfolio, *AS_OF, "--format", "json", "--fail-on", "never").out
    found = json.loads(out)["findings"]
    said = {f["rule"]: f["message"] for f in found if f["rule"] in ("DAT-023", "DAT-024")}
    assert said == {
        "DAT-023": "Old is not in the imported register since 2026-03-31, and is still active",
        "DAT-024": "Kept has 32 of an older table; the newest leaves it blank",
    }


def test_every_mark_can_be_taken_apart(portfolio: Path) -> None:
    why = why_of(portfolio)
    check_all(why)
    figure = why.figures(why.subject("retail"))["imported.older.budget"]
    (row,) = figure.parts().inputs
    assert (row.value, row.place and row.place.line) == (20, 13)

"""`itgov value` at the command line."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from itgov.cli.main import main
from itgov.model.reach import REACHES

SAMPLE = str(Path(__file__).resolve().parents[2])
DAY = ["--as-of", "2026-11-23"]
MONEY = {
    "planned_to_date", "realised_to_date", "realised_confirmed", "unmeasured_to_date", "judged",
    "realised_ratio", "holding", "planned_undated", "planned_to_come", "expected_to_come",
    "expected_assumed", "fading_to_come", "spend_to_date", "spend_promising_none",
    "spend_stopped_without_value",
}  # fmt: skip


def test_json_has_the_promised_shape(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["value", SAMPLE, "--format", "json", *DAY]) == 0
    told = json.loads(capfd.readouterr().out)
    assert (told["schema"], told["as_of"], told["currency"]) == (2, "2026-11-23", "GBP")
    for line in (told["total"], *told["units"], *told["purposes"], *told["years"]):
        assert (
            tuple(line["budget"]) == tuple(line["actual"]) == tuple(line["budget_whole"]) == REACHES
        )
    for field in ("budget", "actual", "budget_whole"):
        for reach in REACHES:
            parts = sum(u[field][reach] for u in told["units"])
            assert abs(parts - told["total"][field][reach]) < 0.005
    for field in ("budget", "actual"):
        assert sum(told["total"][f"{field}_share"].values()) == pytest.approx(1)
    assert [n["id"] for n in told["without_line_of_sight"]] == ["OPS-010", "OPS-011"]
    assert told["total"]["withheld"]["spend_items"] == 1
    for line in (told["total"], *told["units"], *told["purposes"]):
        assert line.keys() >= MONEY
    for key in MONEY - {"judged", "realised_ratio", "holding"}:
        parts = sum(u[key] for u in told["units"])
        assert abs(parts - told["total"][key]) < 0.005, key
    judged = told["total"]["judged"]
    assert told["total"]["realised_ratio"] == pytest.approx(judged["realised"] / judged["planned"])
    assert told["total"]["twice_to_come"] > 0
    assert "tree" not in told


def test_whole_amounts_are_written_as_whole_numbers(
    capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    folder = tmp_path / "portfolios"
    folder.mkdir()
    (folder / "a.yaml").write_text(
        "business_unit: {id: a, name: 'worth: 3.0'}\n"
        "investments:\n"
        "  - {id: A-1, title: 'x: 400.0', spend: [{year: 2025, budget: 400000, actual: 0.5}]}\n"
    )
    assert main(["value", str(tmp_path), "--format", "json", *DAY]) == 0
    told = capfd.readouterr().out
    assert '"none": 400000,' in told
    assert '"none": 0.5,' in told
    assert '"name": "worth: 3.0",' in told
    assert '"title": "x: 400.0",' in told


def test_text_names_the_spend_without_an_outcome(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["value", SAMPLE, *DAY]) == 0
    told = capfd.readouterr().out
    assert re.search(r"portfolios/operations\.yaml:\d+  OPS-010 Data centre hosting: ", told)
    assert "Overdue, no result 90 days after the due date: " in told
    assert "Spend withheld: 1 item, in no figure" in told
    assert re.search(r"Of [\d.]+m promised by 23 November 2026, [\d.]+m was realised", told)
    assert re.search(
        r"Of [\d.]+m planned up to March 2030, owners forecast [\d.]+m; another [\d.]+m is assumed",
        told,
    )
    assert "Claimed more than once and counted once; left out: " in told


def test_views_are_chosen(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["value", SAMPLE, "--by", "objective", *DAY]) == 0
    told = capfd.readouterr().out
    words = " ".join(line[:27].strip() for line in told.splitlines())
    assert "Settle nine in ten claims within a week (Insurance claims)" in words
    assert "transform" not in told
    assert main(["value", SAMPLE, "--by", "colour", *DAY]) == 2


def test_the_tree_is_drawn(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["value", SAMPLE, "--tree", "--unit", "pensions", *DAY]) == 0
    told = capfd.readouterr().out
    assert "├─ PEN-006 Pension administration system" in told
    assert "│  └─ cost-per-member: " in told
    assert "│     └─ 2025-03-31  36.9, value 210.0k from " in told
    assert "withheld: spend" in told
    assert "Lending" not in told
    assert main(["value", SAMPLE, "--tree", "--format", "json", *DAY]) == 0
    tree = json.loads(capfd.readouterr().out)["tree"]
    assert sum(len(u["items"]) for u in tree) == 69
    assert main(["value", SAMPLE, "--tree", "--format", "markdown", "--unit", "lending", *DAY]) == 0
    assert capfd.readouterr().out.startswith("```text\nLending")


def test_units_are_checked(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["value", SAMPLE, "--tree", "--unit", "pension", *DAY]) == 2
    assert "did you mean `pensions`?" in capfd.readouterr().err
    assert main(["value", SAMPLE, "--unit", "pensions", *DAY]) == 2


def test_markdown(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["value", SAMPLE, "--format", "markdown", *DAY]) == 0
    told = capfd.readouterr().out
    assert "- Recorded actual to 2026: " in told  # every line of the text is there
    assert re.search(r"\| \*\*none\*\* \| No outcome \| [\d.]+m \| \d+% \| ", told)


def test_money_over_time(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["value", SAMPLE, "--curve", "year", *DAY]) == 0
    told = capfd.readouterr().out
    assert re.search(
        r"year +planned( +at approval)? +realised +confirmed +not measured +expected", told
    )
    assert re.search(r"(?m)^2024 +0( +0)? +[\d.]+k +0 +0 +- +- +-$", told)
    assert re.search(r"(?m)^2029 +[\d.]+m( +[\d.]+m)? +- +- +- +[\d.]+m", told)
    quarters = ["value", SAMPLE, "--curve", "quarter", "--of", "CLM-001/claim-cycle-time"]
    assert main([*quarters, "--of", "claims", "--format", "json", *DAY]) == 0
    [outcome, unit] = json.loads(capfd.readouterr().out)["curves"]
    assert (outcome["kind"], outcome["id"]) == ("outcome", "CLM-001/claim-cycle-time")
    assert (unit["kind"], unit["name"]) == ("business_unit", "Insurance claims")
    labels = {p["label"]: (p["first"], p["last"]) for p in outcome["points"]}
    assert labels["2026 Q4"] == ("2027-01-01", "2027-03-31")
    assert main(["value", SAMPLE, "--curve", "year", "--of", "CLM-01", *DAY]) == 2
    assert "did you mean `CLM-001`?" in capfd.readouterr().err
    assert main(["value", SAMPLE, "--of", "CLM-001", *DAY]) == 2
    assert main(["value", SAMPLE, "--curve", "year", "--tree", *DAY]) == 2


@pytest.mark.parametrize("by", ["unit", "purpose", "objective", "year"])
def test_no_table_of_the_sample_is_wider_than_a_hundred_columns(
    by: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["value", SAMPLE, "--by", by, *DAY]) == 0
    lines = capfd.readouterr().out.splitlines()
    rules = [line for line in lines if re.fullmatch(r"-+(  -+)+", line)]
    assert len(rules) >= 3
    assert all(len(line) <= 100 for line in rules)

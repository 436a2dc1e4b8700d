"""The examples of docs/value.md, docs/managers.md and docs/scenarios.md that are worked by hand, word for word."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from ..support.cli import Ran, run_cli

DOCS = Path(__file__).resolve().parents[2] / "docs"
DAY = ("--as-of", "2026-11-23")
PEOPLE = """\
people:
- {id: amara, name: Amara, side: business}
- {id: priya, name: Priya, side: business}
- {id: tom, name: Tom, side: business}
- {id: liz, name: Liz, side: business}
"""


def section(page: str, heading: str) -> str:
    text = (DOCS / f"{page}.md").read_text(encoding="utf-8")
    return re.split(r"(?m)^##+ ", text.partition(f"{heading}\n")[2])[0]


def example(text: str) -> str:
    [block] = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    return str(block)


def words(text: str) -> str:
    return " ".join(text.split())


def written(root: Path, unit: str, organisation: str = "{id: o, currency: GBP}") -> Path:
    (root / "portfolios").mkdir()
    (root / "portfolios" / "organisation.yaml").write_text(
        f"organisation: {organisation}\n{PEOPLE}"
        "relationship_managers: [{person: liz, serves: [retail]}]\n"
    )
    (root / "portfolios" / "retail.yaml").write_text(f"business_unit: {{id: retail}}\n{unit}")
    return root


APRIL = "{id: o, currency: GBP, fiscal_year_start: 4}"


def test_money_over_time(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    text = section("value", "## Money over time, an example by hand")
    root = written(tmp_path, example(text), APRIL)
    total = run_cli(capfd, "value", root, "--format", "json", *DAY).json["total"]
    wanted = {
        "planned_to_date": 327_000, "realised_to_date": 126_700, "realised_confirmed": 126_700,
        "unmeasured_to_date": 146_000, "planned_to_come": 768_000, "expected_to_come": 582_100,
        "expected_assumed": 282_100, "fading_to_come": 768_000,
        "judged": {"planned": 327_000, "realised": 126_700},
    }  # fmt: skip
    assert {key: total[key] for key in wanted} == wanted
    assert total["holding"] == pytest.approx(0.7)
    assert total["spend_to_date"] == pytest.approx(380_000 + 100_000 * 237 / 365)
    said = words(run_cli(capfd, "value", root, *DAY).out)
    [board] = re.findall(r"A board reads: \*(.*?)\*", words(text))
    assert board in said
    assert "Of the 327.0k from plans that began over 90 days ago, 126.7k (39%) was realised" in said
    assert "Value per 1 spent: 0.28" in said


def test_reach(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    text = section("value", "## Reach, an example by hand")
    root = written(tmp_path, example(text))

    def told() -> Any:
        return run_cli(capfd, "value", root, "--tree", "--format", "json", *DAY).json

    reach = {o["id"]: o["reach"] for o in told()["tree"][0]["items"][0]["outcomes"]}
    assert reach == {"faster": "moved", "fewer-calls": "moved", "satisfied": "measure"}
    (root / "evidence").mkdir()
    (root / "evidence" / "q3.pdf").write_bytes(b"%PDF")
    total = told()["total"]
    rows = re.findall(r"^\| `(\w+)`( …)?.*?\| ([\d,]+) \| \d+% \| ([\d,]+) \|$", text, re.MULTILINE)
    assert [name for name, *_ in rows] == ["none", "outcome", "measure", "target", "moved", "met"]
    for name, several, budget, whole in rows:
        for key in ("target", "result", "evidence") if several else (name,):
            assert total["budget"][key] == pytest.approx(int(budget.replace(",", "")))
            assert total["budget_whole"][key] == pytest.approx(int(whole.replace(",", "")))
    outcomes = told()["tree"][0]["items"][0]["outcomes"]
    assert [o["faded"] for o in outcomes] == [False, True, False]


MONEY = """\
    spend: [{year: 2026, budget: 365000}]
    outcomes:
      - id: faster
        measure: Days
        value: 36500
        value_from: 2026-01-01
        results:
          - {date: 2026-06-30, value: 18100}
          - {date: 2026-09-30, value: 4600}
"""


def test_tenure(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    text = section("managers", "### By hand")
    root = written(tmp_path, example(text) + MONEY)
    day = ("--as-of", "2026-10-31", "--format", "json")

    def amounts(row: dict[str, Any]) -> tuple[float, ...]:
        return tuple(round(row[key], 2) for key in ("planned", "realised", "spend"))

    def in_post(person: str) -> list[dict[str, Any]]:
        told = run_cli(capfd, "managers", person, root, *day).json
        [card] = told["managers"] + told["others"]
        return [r for r in card["tenure"] if r["subject"] == "RET-1"]

    def of_table(name: str) -> tuple[float, ...]:
        row = next(line for line in text.splitlines() if line.startswith(f"| {name} |"))
        cells = row.strip("| ").split("|")[2:]
        return tuple(float(re.findall(r"[\d,]+", c)[-1].replace(",", "")) for c in cells)

    [tom] = in_post("tom")
    [liz] = in_post("liz")
    assert (tom["from"], tom["to"], amounts(tom)) == ("2026-01-01", "2026-06-30", of_table("Tom"))
    assert (liz["from"], liz["source"], amounts(liz)) == ("2026-07-01", "assumed", of_table("Liz"))
    assert of_table("Liz inherited") == amounts(tom)


def test_scenario(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    text = section("scenarios", "## An example by hand")
    unit, scenario = example(text).split("# scenarios/spring-2027.yaml\n")
    root = written(tmp_path, unit.partition("\n")[2], APRIL)
    (root / "scenarios").mkdir()
    (root / "scenarios" / "spring-2027.yaml").write_text(scenario)
    ran: Ran = run_cli(capfd, "what-if", root, "--format", "json", *DAY)
    [told] = ran.json["scenarios"]
    assert {m["year"]: m["freed"] for m in told["money"]} == {2026: 360_000, 2027: 600_000}
    assert sum(v["lost"] for v in told["value"]) == pytest.approx(730_000)

"""`itgov why` at the command line: lines, commits, slips of the hand, and what cannot be read."""

from __future__ import annotations

import datetime
import json
import re
import shutil
from math import fsum
from pathlib import Path
from typing import Any

import pytest

from itgov.cli.main import main

from ..support.git import GitRepo

SAMPLE = Path(__file__).resolve().parents[2]
DAY = datetime.date(2026, 11, 23)
AS_OF = ["--as-of", str(DAY)]
Json = dict[str, Any]


def test_one_figure_with_its_lines(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["why", "RET-001", "spend_to_date", str(SAMPLE), "--format", "json", *AS_OF]) == 0
    told = json.loads(capfd.readouterr().out)
    assert (told["schema"], told["as_of"], told["how"]) == (1, str(DAY), "sum")
    assert told["subject"] == {"kind": "investment", "id": "RET-001"}
    assert sum(i["value"] for i in told["inputs"]) == told["value"]
    for row in told["inputs"]:
        text = (SAMPLE / row["path"]).read_text(encoding="utf-8").splitlines()[row["line"] - 1]
        assert text[row["column"] - 1 :].startswith("actual: ")
        assert f"{row['value']}" in text


def test_the_list_of_figures_and_a_part_of_a_name(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["why", "Retail banking", str(SAMPLE), *AS_OF]) == 0
    assert "engagements_last_year" in capfd.readouterr().out
    assert main(["why", "retail", "judged", str(SAMPLE), "--format", "json", *AS_OF]) == 0
    told = json.loads(capfd.readouterr().out)
    names = [f["figure"] for f in told["figures"]]
    assert {"judged.planned", "judged.realised"} <= set(names)
    assert all("judged" in name for name in names)


@pytest.mark.parametrize(
    ("words", "near"),
    [
        (["retial"], "retail"),
        (["RET-01", "stage"], "RET-001"),
        (["retail", "satisfactoin"], "satisfaction"),
    ],
)
def test_what_is_misspelt_names_the_nearest(
    words: list[str], near: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["why", *words, str(SAMPLE), *AS_OF]) == 2
    said = capfd.readouterr()
    assert f"did you mean `{near}`?" in said.err
    assert not said.out


@pytest.mark.parametrize("name", ["text", "markdown"])
def test_a_sum_names_its_largest_parts_and_how_many_more(
    name: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["why", "northwind", "actual.moved", str(SAMPLE), "--format", name, *AS_OF]) == 0
    told = capfd.readouterr().out
    assert re.search(r"and [0-9,]+ more, [0-9,.]+ together", told)
    assert "Left out" in told


# -- commits ------------------------------------------------------------------------------------


TWO_COMMITS = """
business_unit: {{id: a, name: A}}
investments:
  - id: A-1
    title: One
    spend: [{{year: 2026, budget: {budget}}}]
    outcomes: [{{id: x, baseline: 1, target: {target}}}]
"""


def test_an_input_names_the_commit_that_last_changed_its_field(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    repo = GitRepo(tmp_path / "repo")
    repo.commit("2026-01-01", {"portfolios/a.yaml": TWO_COMMITS.format(budget=100, target=5)})
    second = repo.commit(
        "2026-02-01", {"portfolios/a.yaml": TWO_COMMITS.format(budget=250, target=5)}
    )
    repo.write({"portfolios/a.yaml": TWO_COMMITS.format(budget=250, target=7)})

    def told(*words: str) -> Json:
        assert main(["why", *words, str(repo.root), "--format", "json", *AS_OF]) == 0
        found: Json = json.loads(capfd.readouterr().out)
        return found

    [budget] = told("A-1", "budget_total")["inputs"]
    assert (budget["value"], budget["commit"]) == (250, second[:10])
    rows = {row["says"]: row["commit"] for row in told("A-1/x", "progress")["inputs"]}
    assert rows["target"] == "uncommitted"
    assert rows["baseline"] == "uncommitted"  # its line
    assert main(["why", "A-1/x", "baseline", str(tmp_path / "elsewhere"), *AS_OF]) == 2
    shutil.copytree(repo.root / "portfolios", tmp_path / "elsewhere/portfolios")
    capfd.readouterr()
    assert main(["why", "A-1/x", "baseline", str(tmp_path / "elsewhere"), *AS_OF]) == 0
    assert "commit unknown" in capfd.readouterr().out


PEOPLE = """
people:
  - {id: ann, name: Ann, side: business, business_unit: a}
  - {id: mo, name: Mo, side: it}
relationship_managers:
  - {person: mo, serves: [a], position: bridge, position_since: 2025-01-01}
"""
UNIT = """
business_unit: {{id: a, name: A, relationship_manager: mo}}
investments:
  - id: A-1
    title: One
    stage: live
    spend: [{{year: 2027, budget: 700}}]
    outcomes:
      - id: x
        value: 100
        value_from: 2026-01-01
        results:
          - {{date: 2026-06-30, value: {value}}}
engagements:
  - {{date: 2026-10-01, by: mo, with: [ann], satisfaction: {{score: {score}, by: ann}}}}
"""
SCENARIO = "scenario:\n  id: s\n  changes:\n    - {stop: A-1, on: 2027-04-01}\n"


def test_each_line_names_its_commit_whatever_record_it_is_of(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    repo = GitRepo(tmp_path / "repo")
    unit, people = "portfolios/a.yaml", "portfolios/organisation.yaml"
    first = repo.commit("2026-01-01", {people: PEOPLE, unit: UNIT.format(value=1, score=3)})
    second = repo.commit("2026-02-01", {unit: UNIT.format(value=40, score=3)})
    third = repo.commit("2026-03-01", {"scenarios/s.yaml": SCENARIO})
    fourth = repo.commit("2026-04-01", {people: "# moves every line\n" + PEOPLE})
    repo.write({unit: "# not committed, moves every line\n" + UNIT.format(value=40, score=5)})

    def commits(*words: str) -> dict[str, str | None]:
        assert main(["why", *words, str(repo.root), "--format", "json", *AS_OF]) == 0
        rows: list[Json] = json.loads(capfd.readouterr().out)["inputs"]
        return {row["says"]: row["commit"] for row in rows}

    assert fourth != first
    assert commits("mo", "standing.days") == {"position_since": first[:10]}
    assert set(commits("a", "satisfaction").values()) == {"uncommitted"}
    [(_, result)] = commits("A-1/x", "realised_to_date").items()
    assert result == second[:10]
    assert commits("s", "changes.A-1.freed")["change 1"] == third[:10]
    assert set(commits("s", "money.2027.freed").values()) == {first[:10]}
    [(_, earlier)] = commits("mo", f"trend.{first[:10]}.standing.days").items()
    assert earlier == first[:10]


def test_how_a_score_has_changed_names_both_and_the_commit(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    repo = GitRepo(tmp_path / "repo")
    for path in sorted((SAMPLE / "portfolios").glob("*.yaml")):
        repo.write({f"portfolios/{path.name}": path.read_text(encoding="utf-8")})
    first = repo.commit("2026-06-01")
    assert main(["health", str(repo.root), "--format", "json", *AS_OF]) == 0
    units = {u["id"]: u["trend"] for u in json.loads(capfd.readouterr().out)["units"]}
    arguments = ["why", "retail", "trend.change", str(repo.root), "--format", "json", *AS_OF]
    assert main(arguments) == 0
    told = json.loads(capfd.readouterr().out)
    assert told["value"] == pytest.approx(units["retail"]["change"])
    assert fsum(row["value"] for row in told["inputs"]) == pytest.approx(told["value"])
    assert told["inputs"][1]["commit"] == first[:10]


# -- what is not there ------------------------------------------------------------------------


def test_what_cannot_be_read_and_a_broken_health_yaml_are_said(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    for path, text in {
        "portfolios/a.yaml": "business_unit: {id: a}\ninvestments:\n"
        "  - {id: A-1, title: One, spend: [{year: 2026, budget: 7}, {year: 2025, budget: x}]}\n",
        "portfolios/b.yaml": "business_unit: {id: b\n",
        "rules/health.yaml": "health: {bands: {healthy: nope}}\n",
    }.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
    assert main(["why", "a", "budget_total", str(tmp_path), "--format", "json", *AS_OF]) == 0
    said = capfd.readouterr()
    told = json.loads(said.out)
    assert told["value"] == 7
    assert any(line.startswith("portfolios/a.yaml:3: ") for line in told["left_out"])
    assert any("no figures of health" in line for line in told["left_out"])
    assert "portfolios/b.yaml" in said.err
    assert main(["why", "a", "score", str(tmp_path), *AS_OF]) == 2
    assert "no figures of health" in capfd.readouterr().err


def test_an_id_of_several_says_which(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "portfolios").mkdir()
    (tmp_path / "portfolios/organisation.yaml").write_text("people: [{id: a, name: Ann}]\n")
    (tmp_path / "portfolios/a.yaml").write_text("business_unit: {id: a, name: Retail}\n")
    assert main(["why", "a", str(tmp_path), *AS_OF]) == 2
    assert "`unit:a`, `person:a`" in capfd.readouterr().err
    assert main(["why", "person:a", str(tmp_path), *AS_OF]) == 0
    assert "Ann" in capfd.readouterr().out
    assert main(["why", "retail", "items", str(tmp_path), *AS_OF]) == 0


def test_only_what_a_figure_rests_on_is_said_beside_it(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    item = (
        "business_unit: {id: %s, name: N}\ninvestments:\n  - {id: %s-1, title: One, stage: live, spend: [%s], "
        "outcomes: [{id: x, value: 100, due: 2026-01-01, results: "
        "[{date: 2025-12-31, from: 2025-12-01, value: 5}]}]}\n"
    )
    for name, spend in (("a", "{year: 2026, budget: 7}"), ("b", "{year: 2026, budget: x}")):
        (tmp_path / "portfolios").mkdir(exist_ok=True)
        text = item % (name, name.upper(), spend)
        (tmp_path / f"portfolios/{name}.yaml").write_text(text)

    def told(figure: str, subject: str = "a") -> str:
        assert main(["why", subject, figure, str(tmp_path), "--format", "json", *AS_OF]) == 0
        found = json.loads(capfd.readouterr().out)
        return "\n".join([*found["assumed"], *found["left_out"]])

    assert "due day" in told("planned_to_date")
    assert "budget, no actual" not in told("planned_to_date")
    assert "before it was planned" in told("realised_ratio")
    assert "before it was planned" not in told("realised_to_date")
    assert "budget, no actual" in told("spend_to_date")
    assert "due day" not in told("spend_to_date")
    assert "b.yaml" not in told("planned_to_date")
    assert "b.yaml" in told("planned_to_date", "b")

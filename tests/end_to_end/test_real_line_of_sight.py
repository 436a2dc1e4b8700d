"""The line of sight of real data: the United States' tables, from spend to results."""

from __future__ import annotations

import datetime
import json
from collections import Counter, defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from ..support.git import GitRepo
from .published import DATA, REACHES, SHAPE, Json, bring, itgov, needs_data, number, read, verb

pytestmark = needs_data


class Metric(NamedTuple):
    """A metric of a business case, as the published tables have it."""

    reach: str
    direction: str
    target: Decimal | None
    results: dict[datetime.date, Decimal]


AMERICA_DAY = "2021-09-30"
YEARS = {"total_py_2021": 2020, "total_cy_2022": 2021, "total_by_2023": 2022}


def day_of(cell: str) -> datetime.date | None:
    if not cell:
        return None
    month, day, year = map(int, cell.split("/"))
    return datetime.date(year, month, day)


@pytest.fixture(scope="module")
def metrics() -> dict[tuple[str, str], Metric]:
    """The metrics in use with their results, joined here from the tables."""
    results: dict[tuple[str, str], dict[datetime.date, Decimal]] = defaultdict(dict)
    for row in read("us-itdashboard/metric_actuals.csv"):
        actual = number(row["value"])
        if actual is not None and (day := day_of(row["date"])):
            results[row["uii"], row["metric_id"]][day] = actual
    found = {}
    for row in read("us-itdashboard/metrics.csv"):
        if row["retired"] == "Yes":
            continue
        key = row["uii"], row["metric_id"]
        targets = [number(row["target_2021"]), number(row["target_2020"])]
        target = next((t for t in targets if t is not None), None)
        if row["description"] == "TBD":
            reach = "outcome"
        elif number(row["baseline"]) is None or target is None:
            reach = "measure"
        else:
            reach = "result" if key in results else "target"
        found[key] = Metric(reach, row["condition"], target, results.get(key, {}))
    return found


@pytest.fixture(scope="module")
def america(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("america")
    assert bring(root, DATA / "us-itdashboard").new == len(read("us-itdashboard/investments.csv"))
    GitRepo(root).commit(AMERICA_DAY, title="Budget year 2023")
    return root


@pytest.fixture(scope="module")
def line_of_sight(america: Path) -> Json:
    said = itgov(america, "value", "--tree", "--as-of", AMERICA_DAY, "--format", "json")
    return dict(json.loads(said))


def test_each_amount_is_where_the_tables_put_it(
    line_of_sight: Json, metrics: dict[tuple[str, str], Metric]
) -> None:
    items = Counter(dict.fromkeys(REACHES, 0))
    money: dict[str, Any] = {str(y): Counter() for y in YEARS.values()}
    for row in read("us-itdashboard/investments.csv"):
        of_it = [m.reach for (uii, _), m in metrics.items() if uii == row["uii"]]
        items[min(of_it, key=REACHES.index, default="none")] += 1
        for column, year in YEARS.items():
            amount = 1_000_000 * (number(row[column]) or Decimal())
            for reach in of_it or ["none"]:  # divided equally among the outcomes
                money[str(year)][reach] += amount / max(len(of_it), 1)
    assert line_of_sight["total"]["counts"] == items
    years = {y["id"]: y["budget"] for y in line_of_sight["years"]}
    assert years.keys() == money.keys()
    for year, budget in years.items():
        assert budget == pytest.approx({r: float(money[year][r]) for r in REACHES}, abs=0.01)
    # what these sums come to, so that a change of the tables does not pass unseen
    assert items == {
        "none": 4,
        "outcome": 1,
        "measure": 4,
        "target": 13,
        "result": 10,
        "evidence": 0,
        "moved": 0,
        "met": 0,
    }
    budget = line_of_sight["total"]["budget"]
    assert budget == pytest.approx(
        {r: float(sum(year[r] for year in money.values())) for r in REACHES}, abs=0.01
    )
    assert budget["none"] == 214_739_000
    assert sum(budget.values()) == pytest.approx(9_018_088_286, abs=0.01)


def test_the_lines_add_up(line_of_sight: Json) -> None:
    total = line_of_sight["total"]
    for kind in ("units", "purposes", "objectives", "years"):
        for reach in REACHES:
            parts = sum(line["budget"][reach] for line in line_of_sight[kind])
            assert parts == pytest.approx(total["budget"][reach], abs=0.01), (kind, reach)
    for kind in ("units", "purposes", "objectives"):
        lines = line_of_sight[kind]
        counted = {r: sum(line["counts"][r] for line in lines) for r in REACHES}
        assert counted == total["counts"], kind
    assert sum(total["budget_share"].values()) == pytest.approx(1)
    assert sum(total["counts"].values()) == total["items"] == 32
    assert not any(total["actual"].values())  # the tables have budgets only
    blind = line_of_sight["without_line_of_sight"]
    assert len(blind) == 4
    assert sum(b["budget"] for b in blind) == pytest.approx(total["budget"]["none"], abs=0.01)


def test_each_metric_stands_where_its_results_put_it(
    line_of_sight: Json, metrics: dict[tuple[str, str], Metric]
) -> None:
    shown = {
        (item["id"], outcome["id"].removeprefix("metric-")): outcome
        for unit in line_of_sight["tree"]
        for item in unit["items"]
        for outcome in item["outcomes"]
    }
    assert shown.keys() == metrics.keys()
    assert len(shown) == 91
    for key, metric in metrics.items():
        outcome = shown[key]
        results = {datetime.date.fromisoformat(r["date"]): r["actual"] for r in outcome["results"]}
        assert outcome["reach"] == metric.reach, key
        assert results == pytest.approx({d: float(a) for d, a in metric.results.items()}), key
        assert all(r["evidence"] is None for r in outcome["results"])
        if metric.reach == "result":
            assert metric.target is not None
            last = metric.results[max(metric.results)]
            met = last >= metric.target
            if metric.direction == "Under target":
                met = last <= metric.target
            # no result has evidence, so that none is known to be good
            way = outcome["target"] - outcome["baseline"]
            contradicts = way > 0 if metric.direction == "Under target" else way < 0
            assert outcome["met"] is (None if met or contradicts else False), key
        else:
            assert outcome["met"] is None, key


def test_the_trend_of_one_commit_is_its_line_of_sight(america: Path, line_of_sight: Json) -> None:
    (point,) = json.loads(itgov(america, "trend", "--by", "commit", "--format", "json"))["points"]
    assert (point["as_of"], point["investments"]) == (AMERICA_DAY, 32)
    assert point["budget"] == pytest.approx(line_of_sight["total"]["budget"], abs=0.01)
    found = verb(america, "check", AMERICA_DAY, code=1)["findings"]
    assert [f for f in found if SHAPE.match(f["rule"])] == []
    assert point["findings"]["error"] == sum(f["severity"] == "error" for f in found)

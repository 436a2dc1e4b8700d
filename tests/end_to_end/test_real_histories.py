"""Real portfolios through the whole command line: tables in, commits, then trend and diff.

Each report of the public data sets is imported and committed as its publisher brought it out.
What itgov says of the history is compared with the import's own report, with `value` and `check`
run at that commit, and with sums taken here from the tables themselves.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from ..support.git import GitRepo, run_git
from .published import (
    DATA,
    REACHES,
    SHAPE,
    Imported,
    Json,
    Row,
    bring,
    environment,
    itgov,
    needs_data,
    number,
    read,
    verb,
)

pytestmark = needs_data


class Table(NamedTuple):
    """A published table: where it lies, how it is encoded, and which column is the budget."""

    day: str
    """When it came out, or about then: the day of its commit."""
    files: tuple[str, ...]
    encoding: str
    budget: str
    scale: int
    code: int = 1
    """How its import ends: 1, as some of its names are nearly those of what is gone."""

    def rows(self) -> list[Row]:
        return read(self.files[0], self.encoding)

    def amounts(self) -> list[Decimal]:
        return [a * self.scale for r in self.rows() if (a := number(r[self.budget])) is not None]


PUBLISHED = {
    "uk": (
        Table("2019-07-18", ("uk-gmpp/gmpp-2019.csv",), "cp1252", "yearly_budget", 10**6, 0),
        Table("2020-07-09", ("uk-gmpp/gmpp-2020.csv",), "cp1252", "yearly_budget", 10**6),
        Table("2023-07-20", ("uk-gmpp/gmpp-2021-2023.csv",), "utf-8-sig", "yearly_budget", 10**6),
    ),
    "canada": tuple(
        Table(
            day,
            (f"canada/gc-it-projects-{day[:4]}.csv", "canada/org_reference.csv"),
            "utf-8-sig",
            "totalBudget",
            1,
            code,
        )
        for day, code in (("2016-06-09", 0), ("2019-05-01", 1))
    ),
    "australia": (
        Table(
            "2024-02-28",
            ("australia/digital-projects-2024.csv",),
            "utf-8-sig",
            "Budget ($m)*",
            10**6,
            0,
        ),
        Table(
            "2025-02-28", ("australia/mdpr-2025.csv",), "cp1252", "Total budget (millions)", 10**6
        ),
    ),
}


class Point(NamedTuple):
    """A commit, and what the work tree's verbs said when it was made."""

    table: Table
    commit: str
    imported: Imported
    value: Json
    check: Json


class History(NamedTuple):
    """A repository with a commit for each table, and its trend."""

    root: Path
    points: list[Point]
    trend: Json


@pytest.fixture(scope="module", params=sorted(PUBLISHED))
def history(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> History:
    """A country's reports, each imported over the ones before and committed."""
    root = tmp_path_factory.mktemp(request.param)
    repository = GitRepo(root)
    points = []
    for table in PUBLISHED[request.param]:
        imported = bring(root, *(DATA / f for f in table.files), code=table.code)
        made = repository.commit(table.day, title=f"The report of {table.day[:4]}")
        value = verb(root, "value", table.day)
        check = verb(root, "check", table.day, code=1)  # nobody is named: there are findings
        points.append(Point(table, made, imported, value, check))
    trend = json.loads(itgov(root, "trend", "--by", "commit", "--format", "json"))
    return History(root, points, trend)


def titles(root: Path, brought_by: Table) -> list[str]:
    """Return what the portfolio calls the investments that no later table has."""
    files = (root / "portfolios").glob("*.yaml")
    read_back = [yaml.safe_load(f.read_text(encoding="utf-8")) for f in files]
    return [
        " ".join(item["title"].split())
        for file in read_back
        for item in file.get("investments") or ()
        if item["custom"]["imported"]["as_of"].year == int(brought_by.day[:4])
    ]


def country(history: History) -> str:
    return next(k for k, tables in PUBLISHED.items() if tables[0] == history.points[0].table)


# -- trend ---------------------------------------------------------------------------------


def test_the_trend_has_a_point_for_each_report(history: History) -> None:
    trend = history.trend
    assert (trend["by"], trend["shallow"], trend["notes"]) == ("commit", False, [])
    assert trend["head"] == history.points[-1].commit
    seen = [(p["commit"], p["as_of"], p["state"], p["unread"]) for p in trend["points"]]
    assert seen == [(p.commit, p.table.day, "whole", []) for p in history.points]


def test_the_investments_of_the_trend_grow_as_imported(history: History) -> None:
    there = 0
    for point, shown in zip(history.points, history.trend["points"], strict=True):
        # a later report may name a project twice over its years: never more than it has rows
        assert point.imported.new + point.imported.updated <= len(point.table.rows())
        assert point.imported.unchanged == 0
        there += point.imported.new
        assert shown["investments"] == there == point.value["total"]["items"]
    assert history.trend["points"][0]["investments"] == len(history.points[0].table.rows())


def test_the_money_of_the_trend_is_that_of_value_at_the_commit(history: History) -> None:
    for point, shown in zip(history.points, history.trend["points"], strict=True):
        assert shown["currency"] == point.value["currency"]
        for kind in ("budget", "actual"):
            assert shown[kind] == pytest.approx(point.value["total"][kind], abs=0.01)
            units = {u["id"]: u[kind] for u in point.value["units"]}
            for unit in shown["units"]:
                assert unit[kind] == pytest.approx(units.pop(unit["id"]), abs=0.01)
            assert units == {}


def test_the_findings_of_the_trend_are_those_of_check_at_the_commit(history: History) -> None:
    for point, shown in zip(history.points, history.trend["points"], strict=True):
        found = Counter(f["severity"] for f in point.check["findings"])
        assert shown["findings"] == {
            "error": found["error"],
            "warning": found["warning"],
            "info": found["info"],
            "waived": 0,
        }


def test_the_money_is_what_the_tables_say(history: History) -> None:
    """A year's money is added to the years before; a whole budget replaces the one before."""
    for place, shown in enumerate(history.trend["points"]):
        tables = [p.table for p in history.points[: place + 1]]
        if country(history) == "uk":
            said = sum(sum(t.amounts()) for t in tables)
        elif country(history) == "canada":
            rows = [(r["uniqueId"], number(r["totalBudget"])) for t in tables for r in t.rows()]
            said = sum({project: a for project, a in rows if a is not None}.values())
        else:  # the names of those that only the report of 2024 has are as it has them
            said = sum(tables[-1].amounts())
            if place:
                only = set(titles(history.root, brought_by=tables[0]))
                for row in tables[0].rows():
                    if " ".join(row["Project Name"].split()) in only:
                        said += (number(row["Budget ($m)*"]) or 0) * tables[0].scale
        assert sum(shown["budget"].values()) == pytest.approx(float(said), abs=0.01)


def test_nothing_that_was_imported_is_malformed(history: History) -> None:
    for point in history.points:
        found = point.check["findings"]
        assert [f for f in found if SHAPE.match(f["rule"])] == []
        # ... and none names anybody, which is what check then says of every one
        unowned = Counter(f["rule"] for f in found)
        assert unowned["OWN-001"] == unowned["REL-001"] == point.value["total"]["items"]


def test_agreed_benefits_bring_the_uk_a_line_of_sight_in_2023(history: History) -> None:
    if country(history) != "uk":
        assert all(p["budget"]["none"] > 0 for p in history.trend["points"])
        assert all(not any(p["budget"][r] for r in REACHES[1:]) for p in history.trend["points"])
        return
    first, second, third = (p["budget"] for p in history.trend["points"])
    assert not any(b[r] for b in (first, second) for r in REACHES[1:])
    assert third["measure"] > 0
    assert all(third[reach] == 0 for reach in REACHES[3:])  # none has a baseline
    agreed = {
        r["project_number"]
        for r in history.points[2].table.rows()
        if number(r["total_benefits"]) is not None
    }
    assert 0 < history.points[2].value["total"]["counts"]["measure"] <= len(agreed)


def test_the_trend_is_the_same_with_a_cache_and_from_it(history: History, tmp_path: Path) -> None:
    warm = environment(ITGOV_CACHE="on", XDG_CACHE_HOME=str(tmp_path))
    for _ in range(2):
        said = itgov(history.root, "trend", "--by", "commit", "--format", "json", env=warm)
        assert json.loads(said) == history.trend
    assert run_git(history.root, "status", "--porcelain") == ""


# -- diff ----------------------------------------------------------------------------------


def compared(history: History, place: int, form: str) -> str:
    revisions = f"{history.points[place - 1].commit}..{history.points[place].commit}"
    return itgov(history.root, "diff", revisions, "--format", form)


def test_the_diff_agrees_with_the_import(history: History) -> None:
    for place in range(1, len(history.points)):
        before, after = history.points[place - 1 : place + 1]
        diff = json.loads(compared(history, place, "json"))
        assert (diff["as_of"], diff["notes"]) == (after.table.day, [])
        kinds: dict[str, set[str]] = defaultdict(set)
        fields: dict[str, set[str]] = defaultdict(set)
        for change in diff["changes"]:
            if change["subject"]["kind"] == "investment":
                kinds[change["kind"]].add(change["subject"]["id"])
                for field in change["fields"]:
                    fields[change["subject"]["id"]].add(field["field"].split(".")[0])
        assert {k: len(ids) for k, ids in kinds.items()} == {
            "added": after.imported.new,
            "changed": after.imported.updated,
        }
        assert len(after.imported.fields) == min(after.imported.updated, 20)
        for name, changed in after.imported.fields.items():
            assert fields[name] == changed, name
        units = [c["kind"] for c in diff["changes"] if c["subject"]["kind"] == "business_unit"]
        assert units == ["added"] * after.imported.new_files
        for side, point in (("before", before), ("after", after)):
            assert diff[side]["commit"] == point.commit
            assert diff[side]["investments"] == point.value["total"]["items"]
            assert diff[side]["budget"] == pytest.approx(
                sum(point.value["total"]["budget"].values()), abs=0.01
            )
            assert diff[side]["unread"] == []
        assert diff["after"]["findings"] == len(after.check["findings"])


def test_the_findings_of_the_diff_balance(history: History) -> None:
    for place in range(1, len(history.points)):
        diff = json.loads(compared(history, place, "json"))
        found = diff["findings"]
        assert found["waived"] == found["gone"] == []  # nothing was excused, nothing deleted
        assert (
            diff["before"]["findings"] + len(found["introduced"]) - len(found["mended"])
            == diff["after"]["findings"]
        )
        assert not any(SHAPE.match(f["rule"]) for f in found["introduced"] + found["mended"])


def test_the_diff_fits_into_a_comment(history: History) -> None:
    for place in range(1, len(history.points)):
        after = history.points[place].imported
        text = compared(history, place, "markdown")
        assert text.startswith("## What changed in the portfolio\n")
        assert f"Investments: {after.new:,} added, {after.updated:,} changed" in text
        assert len(text) < 60_000
        assert "<script" not in text
        assert "not shown" in text or len(text) < 55_000


def test_nothing_changed_between_a_report_and_itself(history: History) -> None:
    last = history.points[-1].commit
    diff = json.loads(itgov(history.root, "diff", f"{last}..{last}", "--format", "json"))
    assert diff["changes"] == []
    assert not any(diff["findings"].values())
    assert diff["before"]["findings"] == diff["after"]["findings"] > 0

"""Tables that belong together: outcomes with results, rows kept or summed, names looked up."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from itgov.importing import ImportReport, run_import
from itgov.model.types import Investment

ReadBack = Callable[[], dict[str, Investment]]
Join = Callable[..., ImportReport]

MAPPING = """\
mapping: {name: joined}
organisation: {id: a, fiscal_year_start: 4}
tables:
  cases: {files: [cases.csv]}
  metrics: {files: [metrics.csv]}
  actuals: {files: [actuals.csv]}
  steps: {files: [steps.csv]}
  names: {files: [names.csv], may_be_absent: true}
investments:
  - table: cases
    id: id
    title: title
    as_of: as_of
    unit:
      id: dept
      name: {column: dept, lookup: {table: names, key: short, take: long}, else: dept}
    skip: [{column: title, is: ["*test*"], because: a test}]
    type: {largest: {investment: [dme], service: [om]}}
    spend: [{year: {column: as_of, as: fiscal_year}, budget: total, total: true}]
    outcomes:
      - table: metrics
        on: {case: id}
        skip: [{column: retired, is: ["Yes"]}]
        id: {template: "m-{mid}", as: slug}
        measure: what
        direction: way
        target: {columns: [t2, t1]}
        results: {table: actuals, on: [case, mid], date: on, actual: value}
    custom_rows:
      steps:
        table: steps
        on: {case: id}
        filled: {done: done}
        sum: {cost: {column: cost, scale: 1000}}
"""
TABLES = {
    "cases": """\
id,title,as_of,dept,dme,om,total
A,Aa,2024-05-01,x,1,2,100
B,Bb,2024-05-01,y,0,0,
C,a test,2024-05-01,x,,,
""",
    "metrics": """\
case,mid,what,way,t1,t2,retired
A,1,Days,Under target,5,,No
a,2,Calls,Over target,1,9,No
A,3,Old,up,,,Yes
Z,4,No case,up,,,No
C,5,Of a test,up,,,No
""",
    "actuals": """\
case,mid,on,value
A,1,2024-03-01,7
A,1,2024-01-01,9
A,1,2024-01-01,9
A,1,,3
A,3,2024-01-01,1
A,9,2024-01-01,1
C,5,2024-01-01,1
""",
    "steps": "case,done,cost\nA,2024-01-01,1.5\nA,,2\nQ,,1\n",
    "names": "short,long\nx,Unit X\nz,Unit Z\n",
}


@pytest.fixture
def join(tmp_path: Path, target: Path) -> Join:
    def do(**changes: str) -> ImportReport:
        files = []
        for name, text in {**TABLES, **changes}.items():
            (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
            files.append(tmp_path / f"{name}.csv")
        (tmp_path / "joined.yaml").write_text(MAPPING, encoding="utf-8")
        return run_import(tmp_path / "joined.yaml", files, target)

    return do


def test_outcomes_come_with_their_results(join: Join, read_back: ReadBack) -> None:
    report = join()
    case = read_back()["A"]
    one, two = case.outcomes
    assert (one.id, one.measure, one.direction, one.target) == ("m-1", "Days", "down", 5)
    assert [(str(r.date), r.actual) for r in one.results] == [("2024-01-01", 9), ("2024-03-01", 7)]
    assert (two.id, two.direction, two.target) == ("m-2", "up", 9)
    assert case.type == "service"
    assert case.custom["steps"] == {"count": 2, "done": 1, "cost": 3500}
    assert report.units == ["x", "y"]
    accounts = {a.table: a for a in report.accounts}
    assert all(a.is_complete for a in accounts.values())
    assert accounts["cases"].skipped == {"a test": [4]}
    assert accounts["metrics"].skipped == {
        "`retired` is `Yes`": [4],
        "no row of `cases` has its case": [5],
        "the row of `cases` that it belongs to is skipped": [6],
    }
    assert (accounts["actuals"].imported, accounts["actuals"].merged) == (2, 1)
    assert accounts["actuals"].skipped == {
        "it has no date": [5],
        "the row of `metrics` that it belongs to is skipped": [6],
        "no row of `metrics` has its case and mid": [7],
        "the row of `cases` that it belongs to is skipped": [8],
    }
    assert accounts["steps"].merged == 2
    assert accounts["names"].looked_up == 1
    assert accounts["names"].skipped == {"no row refers to it": [3]}
    # y is in no row of the list of names: said, and its short name is used
    assert [p.value for p in report.left_out] == ["y"]


def test_new_results_are_put_in_order_beside_what_people_added(
    join: Join, target: Path, read_back: ReadBack
) -> None:
    join()
    path = target / "portfolios" / "x.yaml"
    text = path.read_text(encoding="utf-8")
    seen = (
        '          - {date: 2024-03-01, actual: 7, evidence: "https://example.org/q1"}   # seen\n'
    )
    text = text.replace("          - {date: 2024-03-01, actual: 7}\n", seen)
    own = "      - id: ours\n        statement: Fewer letters\n"
    text = text.replace("    custom:\n", own + "    custom:\n", 1)
    path.write_text(text, encoding="utf-8")
    join(actuals=TABLES["actuals"] + "A,1,2024-02-01,8\nA,1,2024-04-01,6\nA,2,2024-04-01,1\n")
    after = path.read_text(encoding="utf-8")
    assert seen in after
    assert own in after
    outcomes = {o.id: o for o in read_back()["A"].outcomes}
    assert [r.actual for r in outcomes["m-1"].results] == [9, 8, 7, 6]
    assert [r.actual for r in outcomes["m-2"].results] == [1]
    assert list(outcomes) == ["m-1", "m-2", "ours"]


def test_a_whole_budget_is_replaced_and_never_added_up(
    join: Join, target: Path, read_back: ReadBack
) -> None:
    join()
    assert [(s.year, s.budget) for s in read_back()["A"].spend] == [(2024, 100)]
    later = TABLES["cases"].replace("2024-05-01", "2026-03-01").replace(",100", ",150")
    join(cases=later)
    assert [(s.year, s.budget) for s in read_back()["A"].spend] == [(2025, 150)]
    join()  # the older one again
    assert [(s.year, s.budget) for s in read_back()["A"].spend] == [(2025, 150)]
    path = target / "portfolios" / "x.yaml"
    text = path.read_text(encoding="utf-8")
    row = "      - {year: 2025, budget: 150}\n"
    split = "      - {year: 2025, budget: 90}\n      - {year: 2026, budget: 60}\n"
    path.write_text(text.replace(row, split), encoding="utf-8")
    report = join(cases=later.replace("2026-03-01", "2027-03-01"))
    assert split in path.read_text(encoding="utf-8")
    assert report.notes == ["A: its spend has been edited by hand and was not changed"]

"""A later table over an earlier one: of which day each is, and what it may change."""

from __future__ import annotations

import datetime
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from itgov.cli.main import main
from itgov.importing import HowToImport, ImportRefused, ImportReport, run_import
from itgov.importing.next_year import Later
from itgov.model.types import Investment
from tests.importing.conftest import investments

ReadBack = Callable[[], dict[str, Investment]]
D = datetime.date
UNDATED = """\
mapping: {name: list}
organisation: {id: acme, currency: EUR}
tables: {projects: {files: ["*.csv"]}}
investments:
  - table: projects
    id: No
    title: Name
    unit: {name: Unit}
    confidence: Rating
    spend: [{year: Year, budget: Budget}]
"""
ROWS = "No,Name,Unit,Rating,Year,Budget\n"


class Tables:
    """Imports small tables whose rows say no day, each as a file that was changed on a day."""

    def __init__(self, folder: Path, target: Path) -> None:
        self.folder, self.target = folder, target
        self.mapping = folder / "list.yaml"
        self.mapping.write_text(UNDATED, encoding="utf-8")

    def run(
        self,
        name: str,
        rows: str,
        changed: str = "2026-01-05",
        header: str = ROWS,
        **options: object,
    ) -> ImportReport:
        path = self.folder / name
        path.write_text(header + rows, encoding="utf-8")
        moment = time.mktime((*map(int, changed.split("-")), 12, 0, 0, 0, 0, -1))  # type: ignore[arg-type]
        os.utime(path, (moment, moment))
        return run_import(self.mapping, [path], self.target, HowToImport(**options))  # type: ignore[arg-type]


@pytest.fixture
def tables(tmp_path: Path, target: Path) -> Tables:
    """Small tables to import."""
    return Tables(tmp_path, target)


def imported(found: dict[str, Investment], identifier: str = "P1") -> dict[str, object]:
    """What an investment says of its import."""
    return dict(found[identifier].custom["imported"])


@pytest.mark.parametrize(
    ("name", "options", "day", "why"),
    [
        ("p.csv", {"as_of": D(2025, 3, 31)}, "2025-03-31", "as `--as-of` says"),
        ("p-2025-03-31.csv", {}, "2025-03-31", "as its name says"),
        ("p-31.03.2025.csv", {}, "2025-03-31", "as its name says"),
        ("p-2025-02.csv", {}, "2025-02-28", "as its name says"),
        ("p.csv", {}, "2026-01-05", "ASSUMED, the day on which the file was last changed"),
    ],
)
def test_the_day_of_a_table_is_always_known_and_said(
    tables: Tables, read_back: ReadBack, name: str, options: dict[str, object], day: str, why: str
) -> None:
    report = tables.run(name, "P1,One,HR,Green,2025,100\n", **options)
    said = imported(read_back())
    assert said["as_of"] == day
    assert said.get("as_of_assumed", False) is ("ASSUMED" in why)
    assert f"{name}: {day}, {why}" in report.render_text()


def test_the_mapping_says_the_day_of_one_file_and_not_of_the_next(
    tables: Tables, read_back: ReadBack
) -> None:
    text = UNDATED.replace('files: ["*.csv"]', 'files: ["*.csv"], days: {a.csv: 2024-03-31}')
    tables.mapping.write_text(text, encoding="utf-8")
    tables.run("a.csv", "P1,One,HR,Green,2025,100\n")
    assert imported(read_back())["as_of"] == "2024-03-31"
    report = tables.run("b-2025-03-31.csv", "P1,One,HR,Red,2025,200\n")
    assert imported(read_back())["as_of"] == "2025-03-31"
    assert [str(d.source) for d in report.days] == ["name"]


def test_an_older_table_overwrites_nothing_whatever_says_its_day(
    tables: Tables, read_back: ReadBack
) -> None:
    tables.run("p-2026-03-31.csv", "P1,One,HR,Green,2026,150\n")
    report = tables.run("p-2025-03-31.csv", "P1,Uno,HR,Red,2026,100\n")
    assert report.older == ["P1: as of 2025-03-31, there as of 2026-03-31"]
    assert "1 investment of an older table than what is there" in report.render_text()
    tables.run("p.csv", "P1,Eins,HR,Amber,2026,90\n", as_of=D(2024, 3, 31))
    found = read_back()["P1"]
    assert (found.title, found.confidence, found.spend[0].budget) == ("One", "green", 150)
    assert imported(read_back())["as_of"] == "2026-03-31"


def test_a_day_that_is_only_assumed_goes_over_no_day_that_was_stated(
    tables: Tables, read_back: ReadBack
) -> None:
    tables.run("p-2025-03-31.csv", "P1,One,HR,Green,2026,150\n")
    with pytest.raises(ImportRefused, match=r"1 investment would be changed.*of 2025-03-31"):
        tables.run("p.csv", "P1,Uno,HR,Red,2026,100\n")
    assert read_back()["P1"].title == "One"
    tables.run("p.csv", "P1,Uno,HR,Red,2026,100\n", as_of=D(2026, 1, 5))
    assert read_back()["P1"].title == "Uno"
    tables.run("p.csv", "P1,Tre,HR,Red,2026,100\n", anyway=True)
    assert imported(read_back()) == {
        "from": "list",
        "as_of": "2026-01-05",
        "as_of_assumed": True,
    }


def test_the_same_table_on_another_day_changes_no_byte(tables: Tables, target: Path) -> None:
    def snapshot() -> dict[str, bytes]:
        return {p.name: p.read_bytes() for p in target.rglob("*.yaml")}

    tables.run("p.csv", "P1,One,HR,Green,2026,150\n")
    before = snapshot()
    for changed in ("2026-02-01", "2025-02-01"):
        report = tables.run("p.csv", "P1,One,HR,Green,2026,150\n", changed)
        assert snapshot() == before
        assert report.unchanged == 1


# -- what is not in the tables any more --------------------------------------------------------

YEAR_ONE = "P1,One,HR,Green,2025,100\nP2,Two,HR,Green,2025,20\nP3,Three,IT,Green,2025,3\n"


def test_what_is_gone_is_marked_in_its_file_and_listed_with_its_money(
    tables: Tables, read_back: ReadBack, target: Path
) -> None:
    tables.run("p-2025-03-31.csv", YEAR_ONE)
    hr = target / "portfolios" / "hr.yaml"
    hr.write_text(hr.read_text(encoding="utf-8") + "# end\n", encoding="utf-8")
    before = hr.read_text(encoding="utf-8").splitlines()
    report = tables.run("p-2026-03-31.csv", "P1,One,HR,Green,2025,100\nP3,Three,IT,Red,2025,3\n")
    assert [(g.id, g.unit, str(g.since), g.spend, g.is_new) for g in report.gone] == [
        ("P2", "hr", "2026-03-31", 20, True)
    ]
    assert "1 not in these tables any more: EUR 20; marked as gone" in report.render_text()
    found = read_back()
    assert imported(found, "P2") == {"from": "list", "as_of": "2025-03-31", "gone": "2026-03-31"}
    assert found["P2"].stage is None
    after = hr.read_text(encoding="utf-8").splitlines()
    assert [line for line in after if line not in before] == [
        "      imported: {from: list, as_of: 2026-03-31}",
        "      imported: {from: list, as_of: 2025-03-31, gone: 2026-03-31}",
    ]
    again = {p.name: p.read_bytes() for p in target.rglob("*.yaml")}
    report = tables.run("p-2026-03-31.csv", "P1,One,HR,Green,2025,100\nP3,Three,IT,Red,2025,3\n")
    assert {p.name: p.read_bytes() for p in target.rglob("*.yaml")} == again
    assert [g.is_new for g in report.gone] == [False]


def test_tables_of_one_unit_say_nothing_of_the_others(tables: Tables, read_back: ReadBack) -> None:
    tables.run("p-2025-03-31.csv", YEAR_ONE)
    report = tables.run("p-2026-03-31.csv", "P1,One,HR,Green,2025,100\n")
    assert [g.id for g in report.gone] == ["P2"]
    assert report.not_judged == {"it": 1}
    assert "1 investment of units that these tables do not speak of" in report.render_text()
    assert "gone" not in imported(read_back(), "P3")
    report = tables.run(
        "p-2026-03-31.csv", "P1,One,HR,Green,2025,100\n", later=Later(is_whole=True)
    )
    assert [g.id for g in report.gone] == ["P2", "P3"]
    assert imported(read_back(), "P3")["gone"] == "2026-03-31"


def test_the_stage_of_what_is_gone_is_set_on_request_and_said_when_it_comes_back(
    tables: Tables, read_back: ReadBack
) -> None:
    tables.run("p-2025-03-31.csv", YEAR_ONE)
    tables.run("p-2026-03-31.csv", "P1,One,HR,Green,2025,100\n")
    report = tables.run("p-2026-03-31.csv", "P1,One,HR,Green,2025,100\n", later=Later("retired"))
    two = read_back()["P2"]
    assert (two.stage, two.ended) == ("retired", D(2026, 3, 31))
    assert "retired since that day, as `--gone` asks" in report.render_text()
    report = tables.run("p-2027-03-31.csv", YEAR_ONE)
    assert report.notes == [
        "P2: it is back in the tables; it was gone since 2026-03-31, and its stage is still retired"
    ]
    assert imported(read_back(), "P2") == {"from": "list", "as_of": "2027-03-31"}


def test_years_in_any_order_and_at_once_leave_the_same(
    tables: Tables, read_back: ReadBack, tmp_path: Path
) -> None:
    years = {
        "p-2024-03-31.csv": YEAR_ONE,
        "p-2025-03-31.csv": "P1,One,HR,Amber,2025,100\nP3,Three,IT,Green,2025,3\n",
        "p-2026-03-31.csv": "P1,One,HR,Red,2025,100\n",
    }
    for name, rows in years.items():
        tables.run(name, rows, later=Later(is_whole=True))
    forward = read_back()
    gone = {i: imported(forward, i).get("gone") for i in forward}
    assert gone == {"P1": None, "P2": "2025-03-31", "P3": "2026-03-31"}
    paths = [tmp_path / name for name in years]
    for target in (tmp_path / "backward", tmp_path / "at-once"):
        if target.name == "backward":
            for path in reversed(paths):
                run_import(tables.mapping, [path], target, HowToImport(later=Later(is_whole=True)))
            continue
        run_import(tables.mapping, paths, target, HowToImport(later=Later(is_whole=True)))
        assert investments(target) == forward
    tables.run("p-2025-03-31.csv", years["p-2025-03-31.csv"], later=Later(is_whole=True))
    assert read_back() == forward


def test_rows_of_several_days_in_one_file_are_one_report(
    run: Callable[..., ImportReport], read_back: ReadBack
) -> None:
    header = "No,Name,Department,As of,Owner,Rating,End,Year,Budget,Note\n"
    rows = "P1,One,HR,2025-03-31,,,,2025,1,\nP2,Two,HR,2025-02-28,,,,2025,1,\n"
    assert run(header + rows).gone == []
    later = rows.replace("2025-03-31", "2026-03-31").replace("2025-02-28", "2026-01-31")
    assert run(header + later).gone == []
    assert imported(read_back(), "P2")["seen"] == "2026-03-31"
    assert run(header + rows).gone == []  # the older table says nothing of the newer one
    history = rows + "P1,One,HR,2027-03-31,,,,2025,1,\n"
    report = run(header + history)
    assert [(g.id, str(g.since)) for g in report.gone] == [("P2", "2027-03-31")]
    assert imported(read_back(), "P2").get("gone") == "2027-03-31"


# -- blanks ------------------------------------------------------------------------------------

BUDGETS = """\
mapping: {name: list}
organisation: {id: acme, currency: EUR, fiscal_year_start: 4}
tables: {projects: {files: ["*.csv"], optional: [B25, B26]}}
investments:
  - table: projects
    id: No
    title: Name
    unit: {name: Unit}
    spend:
      - {year: {value: 2025}, budget: B25}
      - {year: {value: 2026}, budget: B26}
    custom: {total: {column: Total, as: money}}
"""


def test_a_blank_does_not_leave_last_years_amount_under_this_years_day(
    tables: Tables, read_back: ReadBack, tmp_path: Path
) -> None:
    tables.mapping.write_text(BUDGETS, encoding="utf-8")
    columns = "No,Name,Unit,B25,B26,Total\n"

    def year(name: str, rows: str) -> ImportReport:
        return tables.run(name, rows, header=columns)

    year("p-2025-03-31.csv", "P1,One,HR,100,200,900\nP2,Two,HR,1,2,3\n")
    report = year("p-2026-03-31.csv", "P1,One,HR,100,,\nP2,Two,HR,1,2,3\n")
    assert report.kept == [
        "P1: custom.total (as of 2025-03-31), spend.2026.budget (as of 2025-03-31)"
    ]
    found = read_back()
    assert [(s.year, s.budget) for s in found["P1"].spend] == [(2025, 100), (2026, 200)]
    older = {"custom.total": "2025-03-31", "spend.2026.budget": "2025-03-31"}
    assert imported(found)["older"] == older
    assert "older" not in imported(found, "P2")
    at_once = tmp_path / "at-once"
    paths = [tmp_path / f"p-202{n}-03-31.csv" for n in (5, 6)]
    run_import(tables.mapping, paths, at_once)
    assert investments(at_once) == found
    assert year("p-2026-03-31.csv", "P1,One,HR,100,,\nP2,Two,HR,1,2,3\n").unchanged == 2
    year("p-2027-03-31.csv", "P1,One,HR,100,250,\nP2,Two,HR,1,2,3\n")
    assert imported(read_back())["older"] == {"custom.total": "2025-03-31"}


def test_what_an_older_table_fills_in_is_of_that_table(tables: Tables, read_back: ReadBack) -> None:
    tables.mapping.write_text(BUDGETS, encoding="utf-8")
    tables.run("p-2026-03-31.csv", "P1,One,HR,,,\n", header="No,Name,Unit,B25,B26,Total\n")
    tables.run("p-2025-03-31.csv", "P1,One,HR,,200,\n", header="No,Name,Unit,B25,B26,Total\n")
    assert imported(read_back())["older"] == {"spend.2026.budget": "2025-03-31"}


# -- other units -------------------------------------------------------------------------------


def test_what_moved_to_another_unit_moves_on_request_with_its_comments(
    tables: Tables, read_back: ReadBack, target: Path
) -> None:
    tables.run("p-2025-03-31.csv", YEAR_ONE)
    hr, it = (target / "portfolios" / f"{unit}.yaml" for unit in ("hr", "it"))
    text = hr.read_text(encoding="utf-8")
    text = text.replace("  - id: P2\n", "  # the second\n  - id: P2   # ours\n")
    text = text.replace("  - id: P1\n", "  # the first\n  - id: P1\n")
    hr.write_text(text + "engagements:\n  - {date: 2026-01-02}\n", encoding="utf-8")
    rows = YEAR_ONE.replace("P2,Two,HR", "P2,Two,IT").replace("P1,One,HR", "P1,One,Finance")
    report = tables.run("p-2026-03-31.csv", rows)
    assert [n.partition(";")[0] for n in report.notes] == [
        "P1: the table has it under `finance`",
        "P2: the table has it under `it`",
    ]
    report = tables.run("p-2026-03-31.csv", rows, later=Later(moves=True))
    assert report.moved == [
        "P1: from portfolios/hr.yaml to portfolios/finance.yaml",
        "P2: from portfolios/hr.yaml to portfolios/it.yaml",
    ]
    assert report.notes == []
    assert "  # the second\n  - id: P2   # ours\n" in it.read_text(encoding="utf-8")
    finance = (target / "portfolios" / "finance.yaml").read_text(encoding="utf-8")
    assert "business_unit:\n  id: finance\n  name: Finance\n" in finance
    assert "  # the first\n  - id: P1\n" in finance
    left = hr.read_text(encoding="utf-8")
    assert "investments" not in left
    assert left.endswith("engagements:\n  - {date: 2026-01-02}\n")
    assert read_back().keys() == {"P1", "P2", "P3"}
    again = {p.name: p.read_bytes() for p in target.rglob("*.yaml")}
    report = tables.run("p-2026-03-31.csv", rows, later=Later(moves=True))
    assert (report.moved, report.notes, report.unchanged) == ([], [], 3)
    assert {p.name: p.read_bytes() for p in target.rglob("*.yaml")} == again


def test_what_moved_moves_by_the_mapping_that_is_kept_as_well(
    tmp_path: Path, read_back: ReadBack, target: Path
) -> None:
    path = tmp_path / "p.csv"
    command = ["import", str(path), "--into", str(target), "--yes", "--answer", "currency=GBP"]
    for unit, day, options in (("HR", "2025-03-31", []), ("IT", "2026-03-31", ["--move"])):
        path.write_text(f"Ref,Project,Unit,Budget Apr 26\nP1,One,{unit},500000\n", "utf-8")
        assert main([*command, "--as-of", day, *options]) == 0
    assert read_back().keys() == {"P1"}
    assert "- id: P1" in (target / "portfolios" / "it.yaml").read_text(encoding="utf-8")


def test_what_cannot_be_moved_line_by_line_stays_and_is_said(
    tables: Tables, read_back: ReadBack, target: Path
) -> None:
    tables.run("p-2025-03-31.csv", YEAR_ONE)
    (target / "portfolios" / "it.yaml").write_text(
        "business_unit: {id: it}\ninvestments: [{id: P3, title: Three}]\n", encoding="utf-8"
    )
    before = (target / "portfolios" / "hr.yaml").read_bytes()
    rows = YEAR_ONE.replace("P2,Two,HR", "P2,Two,IT")
    report = tables.run("p-2025-03-31.csv", rows, later=Later(moves=True))
    assert report.moved == []
    assert report.notes == [
        "P2: it stays in portfolios/hr.yaml: the list there is not written line by line"
    ]
    assert (target / "portfolios" / "hr.yaml").read_bytes() == before

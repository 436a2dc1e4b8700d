"""Names of columns in two rows: a year or a heading over several, the names under it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from itgov.cli.main import main
from itgov.importing.tables import TableSource, read_table
from itgov.importing.trouble import ImportRefused
from itgov.model.types import Investment

ReadBack = Callable[[], dict[str, Investment]]
Row = list[str | int | None]

YEARS: Row = ["Ref", "Project", "Unit", 2025, None, 2026, None]
NAMES: Row = [None, None, None, "Budget", "Actual", "Budget", "Actual"]
ROWS: list[Row] = [
    ["P-1", "Claims", "Retail", 100_000, 90_000, 200_000, 50_000],
    ["P-2", "Kiosks", "Retail", 110_000, 95_000, 210_000, 55_000],
]


@pytest.mark.parametrize("title", [[], [["Our projects"], []]])
@pytest.mark.parametrize(
    "merged", [[], ["D{0}:E{0}", "F{0}:G{0}", "A{0}:A{1}", "B{0}:B{1}", "C{0}:C{1}"]]
)
def test_a_year_over_its_columns(
    tmp_path: Path, target: Path, read_back: ReadBack, title: list[Row], merged: list[str]
) -> None:
    book = openpyxl.Workbook()
    for row in [*title, YEARS, NAMES, *ROWS]:
        book.active.append(row)
    for span in merged:
        book.active.merge_cells(span.format(len(title) + 1, len(title) + 2))
    book.save(tmp_path / "register.xlsx")
    command = ["import", str(tmp_path / "register.xlsx"), "--into", str(target), "--yes"]
    assert main([*command, "--answer", "currency=GBP", "--as-of", "2026-10-31"]) == 0
    found = read_back()
    assert [(s.year, s.budget, s.actual) for s in found["P-1"].spend] == [
        (2025, 100_000, 90_000),
        (2026, 200_000, 50_000),
    ]
    assert len(found) == 2


def test_years_under_the_names_of_columns_and_units_under_them(
    tmp_path: Path, target: Path, read_back: ReadBack
) -> None:
    book = openpyxl.Workbook()
    names: Row = ["Ref", "Project", "Unit", "Budget", "Budget", "Actual", "Owner"]
    years: Row = [None, None, None, 2026, 2027, 2026, None]
    units: Row = [None, None, None, "£k", "£k", "£k", None]
    for row in ([], names, years, units, ["P-1", "Claims", "Retail", 12, 8, 6.5, None]):
        book.active.append(row)
    book.save(tmp_path / "register.xlsx")
    command = ["import", str(tmp_path / "register.xlsx"), "--into", str(target), "--yes"]
    assert main([*command, "--answer", "currency=GBP", "--as-of", "2026-10-31"]) == 0
    found = read_back()["P-1"]
    assert [(s.year, s.budget, s.actual) for s in found.spend] == [
        (2026, 12_000, 6_500),
        (2027, 8_000, None),
    ]


def test_a_year_over_its_months(tmp_path: Path) -> None:
    years: Row = ["Ref", "Project", "Unit", 2026, None, 2027, None]
    months: Row = [None, None, None, "Nov", "Dec", "Jan", "Feb"]
    book = openpyxl.Workbook()
    for row in (years, months, *ROWS):
        book.active.append(row)
    book.save(tmp_path / "register.xlsx")
    table = read_table("t", tmp_path / "register.xlsx", TableSource())
    assert table.headers[3:] == ["2026 Nov", "2026 Dec", "2027 Jan", "2027 Feb"]
    assert len(table.rows) == 2


def test_a_second_table_beside_the_first_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("Ref,Project,Cost,,Ref,Project,Cost\nA,One,5,,B,Two,7\n", encoding="utf-8")
    with pytest.raises(ImportRefused, match="stands beside the first, from E on"):
        read_table("t", path, TableSource())


def _headers(tmp_path: Path, *rows: str) -> list[str]:
    path = tmp_path / "table.csv"
    path.write_text(
        "\n".join(rows) + "\nP1,Claims,Retail,10,20,30\nP2,Hub,Ops,1,2,3\n", encoding="utf-8"
    )
    return read_table("t", path, TableSource()).headers


def test_headings_that_say_no_more_than_the_names_are_left(tmp_path: Path) -> None:
    names = "Ref,Project,Unit,Budget,Actual,Forecast"
    assert _headers(tmp_path, "Project details,,,Money,,", names) == names.split(",")
    assert _headers(tmp_path, "Our register,,,as at 31 Oct 2026,,", names) == names.split(",")


def test_years_over_names_that_differ(tmp_path: Path) -> None:
    found = _headers(tmp_path, ",,,FY25,,FY26", "Ref,Project,Unit,Budget,Actual,Forecast")
    assert found == ["Ref", "Project", "Unit", "FY25 Budget", "FY25 Actual", "FY26 Forecast"]


def test_the_first_record_is_no_header(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text(
        "Ref,Project,Lead 2026,Budget 2026\nP1,Claims,n/a,n/a\nP2,Hub,Ann,5\n", encoding="utf-8"
    )
    assert len(read_table("t", path, TableSource()).rows) == 2


def test_a_heading_over_its_years(tmp_path: Path) -> None:
    headers = _headers(
        tmp_path,
        ",,,Budget (EUR),,Actual (EUR),",
        "Ref,Project,Unit,2025,2026/27,2025,2026/27",
        "P-1,Claims,Retail,100,200,90,50",
        "P-2,Kiosks,Retail,110,210,95,55",
    )
    assert headers[3:] == [
        *("Budget (EUR) 2025", "Budget (EUR) 2026/27"),
        *("Actual (EUR) 2025", "Actual (EUR) 2026/27"),
    ]


def test_rows_that_begin_with_years_are_no_header(tmp_path: Path) -> None:
    headers = _headers(
        tmp_path, "Ref,Project,From,To", "P-1,Claims,2025,2026", "P-2,Till,2024,2026"
    )
    assert headers == ["Ref", "Project", "From", "To"]


@pytest.mark.parametrize("day", ["2026-12-31", "31.12.2026", "31 December 2026"])
@pytest.mark.parametrize("names", ["Ref;Project;Budget", "Project;Budget"])
def test_a_day_in_a_note_above_is_no_header(
    tmp_path: Path, target: Path, read_back: ReadBack, day: str, names: str
) -> None:
    is_long = names.startswith("Ref")
    rows = [f"{'P-1;' * is_long}Claims;120000", f"{'P-2;' * is_long}Kiosks;340000"]
    text = "\n".join([f"valid until;{day}", names, *rows])
    (tmp_path / "register.csv").write_text(text + "\n", encoding="utf-8")
    command = ["import", str(tmp_path / "register.csv"), "--into", str(target), "--yes"]
    assert main([*command, "--answer", "currency=GBP", "--as-of", "2026-10-31"]) == 0
    found = read_back()
    assert {i.title: [s.budget for s in i.spend] for i in found.values()} == {
        "Claims": [120_000],
        "Kiosks": [340_000],
    }

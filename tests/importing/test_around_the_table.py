"""What stands around a table or between its rows: units, notes, other tables, cells beside it."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from itgov.importing import ImportReport, run_import
from itgov.importing.tables import SourceTable, TableSource, read_table

HEAD = "Ref,Name,Unit,Start,Budget,Actual\n"
ROWS = "A,Alpha,HR,2026-01-01,10,1\nB,Beta,IT,2026-02-01,20,2\nC,Gamma,IT,2026-03-01,30,3\n"
MAPPING = """\
mapping: {name: t}
organisation: {id: o, currency: EUR}
tables: {t: {files: ["*"]}}
investments:
  - table: t
    id: Ref
    title: Name
    unit: {name: Unit}
    start: Start
    spend: [{year: {value: 2026}, budget: Budget, actual: Actual}]
"""


def read(tmp_path: Path, text: str) -> SourceTable:
    (tmp_path / "t.csv").write_text(text, encoding="utf-8")
    return read_table("t", tmp_path / "t.csv", TableSource())


def imported(tmp_path: Path, text: str) -> ImportReport:
    (tmp_path / "t.csv").write_text(text, encoding="utf-8")
    (tmp_path / "m.yaml").write_text(MAPPING, encoding="utf-8")
    return run_import(tmp_path / "m.yaml", [tmp_path / "t.csv"], tmp_path / "out")


@pytest.mark.parametrize(
    ("units", "scale"),
    [
        (",,,,£k,£m", (1_000, 1_000_000)),
        (",,,,EUR m,EUR m", (1_000_000, 1_000_000)),
        ("#,text,text,DD/MM/YYYY,(€ '000),in Mio. €", (1_000, 1_000_000)),
        (",,,,T€,Mrd. €", (1_000, 1_000_000_000)),
        (",,,,€,k€", (None, 1_000)),
    ],
)
def test_a_row_of_units_says_what_amounts_count(
    tmp_path: Path, units: str, scale: tuple[int | None, int]
) -> None:
    table = read(tmp_path, HEAD + units + "\n" + ROWS)
    assert (table.scale("Budget"), table.scale("actual")) == scale
    assert [r.cells[0] for r in table.rows] == ["A", "B", "C"]
    assert any("row 2 gives units" in note for note in table.notes)


def test_amounts_are_imported_in_the_units_that_the_row_says(tmp_path: Path) -> None:
    report = imported(tmp_path, HEAD + ",,,,k€,m€\n" + ROWS)
    assert [t.imported for t in report.totals] == [60_000, 6_000_000]
    assert report.is_sound
    assert (
        "row 2 gives units: `Budget` times 1,000, `Actual` times 1,000,000" in report.render_text()
    )


def test_a_first_row_of_a_project_is_no_row_of_units(tmp_path: Path) -> None:
    table = read(tmp_path, HEAD + "M,K,IT,2026-01-01,10,1\n" + ROWS)
    assert len(table.rows) == 4


def test_notes_below_are_no_investments(tmp_path: Path) -> None:
    below = "\nSource: the register of the PMO\n* without depreciation\n"
    report = imported(tmp_path, HEAD + ROWS + below)
    assert (report.investments, report.is_sound) == (3, True)
    reasons = report.accounts[0].skipped
    assert reasons["a note below the table, `Source: the register of the PMO`"] == [6]
    assert reasons["a note below the table, `* without depreciation`"] == [7]


def test_cells_beside_the_table_are_named(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for line in (HEAD + ROWS).splitlines():
        book.active.append(line.split(","))
    book.active["G2"], book.active["I4"] = "see mail", 99
    book.save(tmp_path / "t.xlsx")
    table = read_table("t", tmp_path / "t.xlsx", TableSource())
    assert len(table.rows) == 3
    assert (
        "cells beside the table that no column names are not read: G (rows 2), I (rows 4)"
        in table.notes
    )


def test_a_cell_too_many_in_a_text_is_a_shifted_row(tmp_path: Path) -> None:
    table = read(tmp_path, HEAD + ROWS + "D,Delta, the fourth,IT,2026-01-01,40,4\n")
    assert [u.number for u in table.unusable] == [5]


def test_a_column_without_a_name_is_named_by_its_letter(tmp_path: Path) -> None:
    table = read(tmp_path, "Ref,,Name,Unit\nA,x,Alpha,HR\nB,,Beta,IT\nC,y,Gamma,IT\n")
    assert "column B has no name and is not read (rows 2, 4)" in table.notes


def test_a_table_below_with_the_same_columns_is_read_whatever_their_order(tmp_path: Path) -> None:
    below = "\nUnit,Ref,Name,Actual,Budget\nHR,D,Delta,4,40\n"
    report = imported(tmp_path, HEAD + ROWS + below)
    assert [(t.source, t.imported) for t in report.totals] == [(100, 100), (10, 10)]
    assert (report.investments, report.is_sound) == (4, True)


def test_money_of_another_table_below_is_named(tmp_path: Path) -> None:
    below = "\nRisk,Owner,Unit,Due,Impact,Odds\nR1,Ann Lee,HR,2026-01-01,700,80\n"
    report = imported(tmp_path, HEAD + ROWS + below)
    assert report.investments == 3
    budget = report.totals[0]
    assert (budget.source, budget.imported, budget.difference) == (760, 60, 700)
    assert "a row of another table, whose header is row 6" in report.render_text()
    assert not report.is_sound


def test_hidden_sheets_are_named_as_such(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for line in (HEAD + ROWS).splitlines():
        book.active.append(line.split(","))
    book.create_sheet("Old").sheet_state = "hidden"
    book.create_sheet("Notes")
    book.save(tmp_path / "t.xlsx")
    table = read_table("t", tmp_path / "t.xlsx", TableSource())
    assert table.notes[0] == "sheet `Sheet` is read; not read: `Notes`, `Old` (hidden)"


def test_a_heading_over_the_rows_of_a_programme_is_no_investment(tmp_path: Path) -> None:
    table = (
        "Project,Unit,Budget 2026\nDigital,,\nClaims,Retail,100000\nTill,Retail,20000\n"
        "Back office,,\nLedger,Finance,300000\nArchive,,\n"
    )
    path = tmp_path / "t.csv"
    path.write_text(table, encoding="utf-8")
    read = read_table("t", path, TableSource())
    assert [row.cells[0] for row in read.rows] == ["Claims", "Till", "Ledger", "Archive"]
    assert [(u.number, u.reason) for u in read.unusable] == [
        (2, "a heading of the rows under it, `Digital`"),
        (5, "a heading of the rows under it, `Back office`"),
    ]
    path.write_text("Unit,Project,Budget\nRetail,,\n,Claims,1\n,Till,2\n", encoding="utf-8")
    assert len(read_table("t", path, TableSource()).rows) == 3  # the unit of the rows under it


def test_amounts_of_a_column_without_a_name_are_in_the_totals(tmp_path: Path) -> None:
    table = HEAD.replace("Start", "") + ROWS.replace("2026-0", "5000").replace("-01", "")
    (tmp_path / "t.csv").write_text(table, encoding="utf-8")
    mapping = MAPPING.replace("    start: Start\n", "")
    (tmp_path / "m.yaml").write_text(mapping, encoding="utf-8")
    report = run_import(tmp_path / "m.yaml", [tmp_path / "t.csv"], tmp_path / "out")
    (left,) = (t for t in report.totals if t.column == "column D")
    assert (left.source, left.imported, report.is_sound) == (150006, 0, False)
    text = report.render_text()
    assert "it is called `column D`" in text
    assert "its column has no name, and no field reads it" in text
    kept = mapping.replace(
        "    spend:", "    custom: {more: {column: column D, as: money}}\n    spend:"
    )
    (tmp_path / "m.yaml").write_text(kept, encoding="utf-8")
    again = run_import(tmp_path / "m.yaml", [tmp_path / "t.csv"], tmp_path / "kept")
    assert [t.imported for t in again.totals if t.column == "column D"] == [150006]
    assert again.is_sound

"""Where the table stands in its file, and cells and rows that hold nothing of their own."""

from __future__ import annotations

import datetime
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest

from itgov.importing import guess, run_import
from itgov.importing.tables import SourceTable, TableSource, read_table
from tests.importing.drafted_tables import ReadBack, drafted, workbook

ROWS = "Code,Name,Team,FY,Budget\nK1,Till,North,2025,1500\nK2,Stock,South,2025,400\n"


def read(tmp_path: Path, text: str, **source: Any) -> SourceTable:
    path = tmp_path / "t.csv"
    path.write_text(text, encoding="utf-8")
    return read_table("t", path, TableSource(**source))


def test_a_file_that_is_held_has_the_header_of_those_who_ask(tmp_path: Path) -> None:
    above = "Ref,Scheme,Budget\n"
    held = read(tmp_path, above + "Code,Name,Amount\nK1,Till,1500\n")
    assert held.header_row == 1
    path = tmp_path / "t.csv"
    wanted = TableSource(columns=frozenset({"code", "name", "amount"}))
    assert read_table("t", path, wanted).headers == ["Code", "Name", "Amount"]
    assert read_table("t", path, TableSource()).headers == held.headers


def test_months_of_a_workbook_name_columns(tmp_path: Path) -> None:
    months = [datetime.date(2026, m, 1) for m in range(1, 5)]
    rows = [[f"P{n}", f"Project {n}", "HR", *[2000 + n] * 4] for n in range(4)]
    workbook(tmp_path / "t.xlsx", List=[["Ref", "Project", "Unit", *months], *rows])
    table = read_table("t", tmp_path / "t.xlsx", TableSource())
    assert (table.header_row, table.headers[3]) == (1, "2026-01-01")


def test_hidden_rows_and_columns_are_read_and_said(tmp_path: Path) -> None:
    book = workbook(tmp_path / "t.xlsx", List=[*TABLE, ["=1+1", None, "South", 2025, 7]])
    book.active.row_dimensions[2].hidden = book.active.row_dimensions[4].hidden = True
    book.active.column_dimensions["E"].hidden = book.active.column_dimensions["Z"].hidden = True
    book.save(tmp_path / "t.xlsx")
    table = read_table("t", tmp_path / "t.xlsx", TableSource())
    assert [row.number for row in table.rows] == [2, 3, 4]
    assert "hidden rows are read as well, also those that a filter hides: 2, 4" in table.notes
    assert "hidden columns are read as well: E" in table.notes


def test_amounts_without_a_name_are_kept_and_asked(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("Ref,Project,,Unit\nA,Till,50000,X\nB,Desk,60000,Y\n", encoding="utf-8")
    table = read_table("t", path, TableSource())
    assert table.headers[2] == "column C"
    assert not any("is not read" in note for note in table.notes)
    asked = {"budget": "column C", "currency": "EUR", "scale": "1"}
    mapping = tmp_path / "draft.yaml"
    mapping.write_text(guess(path, answers=asked), encoding="utf-8")
    (total,) = run_import(mapping, [path], tmp_path / "out").totals
    assert (total.column, total.imported) == ("column C", 110_000)


def test_rows_above_the_names_of_the_columns_are_named(tmp_path: Path) -> None:
    """Whatever row is taken for the header, no row of amounts goes unsaid."""
    table = read(tmp_path, "A,list,of,2025,2026\nK0,Till,North,2025,1500\n" + ROWS, header_row=3)
    above = [(u.number, u.reason) for u in table.unusable if u.row is not None]
    assert above == [(2, "it stands above the names of the columns")]


TABLE: list[list[object]] = [
    ["Code", "Name", "Team", "FY", "Budget"],
    ["K1", "Till", "North", 2025, 1500],
    ["K2", "Stock", "South", 2025, 400],
]


@pytest.mark.parametrize(
    ("above", "row"),
    [
        ("", 1),
        ("All systems of the group\n", 2),
        ("All systems,,as of,2026-03-31\n\n", 3),
        ("Confidential\nPrepared by,Ann\n,\n", 4),
    ],
)
def test_titles_above_the_header(tmp_path: Path, target: Path, above: str, row: int) -> None:
    path = tmp_path / "list.csv"
    path.write_text(above + ROWS, encoding="utf-8")
    assert read_table("t", path, TableSource()).header_row == row
    report = drafted(path, target)
    assert (report.investments, report.totals[0].imported, report.is_sound) == (2, 1900, True)


@pytest.mark.parametrize(
    "text",
    [
        "a,b,a\n1,2,3\n4,5,6\n",
        "Name,Team,Place,\nTill,North,x,y\nStock,South,x,y\n",
        "2024,2025\n1,2\n",
        "a\nb\nc\n",
    ],
)
def test_the_first_row_is_the_header_where_no_other_is_better(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, text).header_row == 1


def test_a_header_row_that_is_said_holds(tmp_path: Path) -> None:
    assert read(tmp_path, "x,y,z\n" + ROWS, header_row=1).headers == ["x", "y", "z"]


@pytest.mark.parametrize("mark", [";", "|", ","])
def test_a_line_that_says_the_separator(tmp_path: Path, mark: str) -> None:
    table = read(tmp_path, f"sep={mark}\r\n" + ROWS.replace(",", mark))
    assert table.headers[:2] == ["Code", "Name"]
    # a spreadsheet hides that line, and counts the rows from the next
    assert [(r.number, r.line) for r in table.rows] == [(2, 3), (3, 4)]


@pytest.mark.parametrize(
    "row",
    [
        ",Total,,,1900",
        ",,Zwischensumme,,1900",
        "Sous-total,,,,1900",
        ",,,,1900",
        ",North and South total,,,1900",
    ],
)
def test_sums_are_no_investments(tmp_path: Path, target: Path, row: str) -> None:
    path = tmp_path / "list.csv"
    path.write_text(ROWS + row + "\n", encoding="utf-8")
    report = drafted(path, target)
    (total,) = report.totals
    assert (total.source, total.imported, total.difference) == (1900, 1900, 0)
    assert any("a total" in reason for reason in report.accounts[0].skipped)


def test_a_total_that_the_rows_do_not_sum_to_is_named(tmp_path: Path, target: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(ROWS + ",Total,,,2500\n", encoding="utf-8")
    report = drafted(path, target)
    assert not report.is_sound
    said = "a total, `Total`, which says 2,500, but the rows above sum to 1,900"
    assert said in report.render_text()


def test_what_only_sounds_like_a_total_is_imported(
    tmp_path: Path, target: Path, read_back: ReadBack
) -> None:
    path = tmp_path / "list.csv"
    path.write_text(ROWS + "K3,Total rewards,North,2025,77\n", encoding="utf-8")
    assert drafted(path, target).totals[0].imported == 1977
    assert read_back()["K3"].title == "Total rewards"


def test_subtotals_and_headers_between_the_rows(tmp_path: Path, target: Path) -> None:
    head, one, two = ROWS.splitlines()
    lines = [head, one, ",Sum North,,,1500", head, two, ",Sum South,,,400", ",Grand total,,,1900"]
    path = tmp_path / "list.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    report = drafted(path, target)
    assert (report.investments, report.totals[0].imported, report.is_sound) == (2, 1900, True)
    assert report.accounts[0].skipped["the header once more"] == [4]


def test_a_turned_table(tmp_path: Path, target: Path, read_back: ReadBack) -> None:
    turned = zip(*(line.split(",") for line in ROWS.splitlines()), strict=True)
    path = tmp_path / "list.csv"
    path.write_text("\n".join(",".join(cells) for cells in turned), encoding="utf-8")
    assert "transposed: true" in guess(path)
    report = drafted(path, target)
    assert report.totals[0].imported == 1900
    assert read_back()["K2"].title == "Stock"


# -- workbooks -----------------------------------------------------------------------------


def test_the_sheet_with_the_table_is_proposed_and_hidden_ones_come_last(
    tmp_path: Path, target: Path
) -> None:
    path = tmp_path / "list.xlsx"
    book = workbook(path, Old=TABLE, Cover=[["Our portfolio"]], List=[["Title"], [], *TABLE])
    book["Old"].sheet_state = "hidden"
    book.save(path)
    draft = guess(path)
    assert "sheet: List, header_row: 3" in draft
    assert "not read: `Cover`, `Old`" in draft
    assert drafted(path, target).totals[0].imported == 1900
    assert read_table("t", path, TableSource()).headers == ["Our portfolio"]


def test_merged_cells_say_their_text_in_each_row_and_an_amount_once(
    tmp_path: Path, target: Path, read_back: ReadBack
) -> None:
    path = tmp_path / "list.xlsx"
    book = workbook(path, List=[*TABLE, ["K3", "Desk", None, None, None]])
    book["List"]["C4"] = None
    for cells in ("C2:C4", "D2:D4", "E2:E3"):
        book["List"].merge_cells(cells)
    book.save(path)
    report = drafted(path, target)
    assert [i.title for i in read_back().values()] == ["Till", "Stock", "Desk"]
    assert report.units == ["north"]
    assert report.totals[0].imported == 1500
    assert "E2 is merged down to row 3 and holds an amount" in report.render_text()


def test_percentages_are_what_the_sheet_shows(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    book = workbook(path, List=[["Name", "Done"], ["Till", 0.07], ["Stock", 1]])
    for cell in ("B2", "B3"):
        book["List"][cell].number_format = "0.0%"
    book.save(path)
    table = read_table("t", path, TableSource())
    assert [r.cells for r in table.rows] == [["Till", 7], ["Stock", 100]]


def test_formulas_errors_and_truth_values_are_listed_with_their_address(
    tmp_path: Path, target: Path, read_back: ReadBack
) -> None:
    path = tmp_path / "list.xlsx"
    rows: list[list[object]] = [
        ["Code", "Name", "Sponsor", "FY", "Budget", "Spent"],
        ["K1", "Till", "#NAME?", 2025, "=600*2", 70],
        ["K2", "Stock", "Ann Lee", 2025, 50, True],
        ["K3", "Desk", "#BEZUG!", 2025, 60, "#DIV/0!"],
        ["K4", "Mail", "Ann Lee", 2025, 60, 80],
        ["K5", "Wiki", "Ann Lee", 2025, 60, 90],
    ]
    workbook(path, List=rows)
    report = drafted(path, target)
    listed = {p.address or f"row {p.row}": p.message.split(";")[0] for p in report.left_out}
    assert listed == {
        "C2": "is an error of the spreadsheet, no value",
        "E2": "is a formula without a saved value",
        "F3": "is a truth value",
        "C4": "is an error of the spreadsheet, no value",
        "F4": "is an error of the spreadsheet, no value",
    }
    assert not report.is_sound
    found = read_back()
    assert (found["K1"].sponsor, found["K1"].spend[0].budget) == (None, None)
    budget, spent = report.totals
    assert (budget.unread, spent.unread) == ([2], [3, 4])


def test_a_formula_whose_saved_value_is_an_empty_text_is_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    workbook(path, List=TABLE)
    raw = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(raw, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name.endswith("sheet1.xml"):
                cell = b'<c r="F2" t="str"><f>IF(1,"","x")</f><v></v></c></row>'
                data = data.replace(b"</row>", b"\0", 1).replace(b"</row>", cell, 1)
                data = data.replace(b"\0", b"</row>")
            new.writestr(name, data)
    path.write_bytes(raw.getvalue())
    assert read_table("t", path, TableSource()).faults == []


def test_a_run_of_blank_lines_is_passed_over_and_counted(tmp_path: Path) -> None:
    text = "Ref,Name,Budget\r\nA,Alpha,1\r\n" + "\r\n" * 2_500_000 + 'B,"Be\r\nta",2\r\nC,Gamma,3'
    table = read(tmp_path, text)
    assert [(r.number, r.line) for r in table.rows] == [
        (2, 2),
        (2_500_003, 2_500_003),
        (2_500_004, 2_500_005),
    ]


def test_the_last_day_of_all_stands_above_a_header(tmp_path: Path) -> None:
    above = ["Register", "valid until", datetime.date(9999, 12, 31)]
    rows: list[list[object]] = [
        above,
        ["Ref", "Name", "Unit", "Budget"],
        ["A", "Alpha", "HR", 1],
        ["B", "Beta", "IT", 2],
    ]
    book = workbook(tmp_path / "list.xlsx", List=rows)
    book.save(tmp_path / "list.xlsx")
    table = read_table("t", tmp_path / "list.xlsx", TableSource(header_row=None))
    assert (table.header_row, table.headers) == (2, ["Ref", "Name", "Unit", "Budget"])

"""Rows that are sums of others count once: pivots, totals above, subtotals by the unit's name."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from itgov.importing.cells import CellRow
from itgov.importing.drafting import draft
from itgov.importing.tables import TableSource, read_table
from itgov.importing.total_rows import Sums

Row = list[str | int]


def _dropped(*rows: Row) -> dict[int, str]:
    cells = [CellRow(at, at, list(row)) for at, row in enumerate(rows, 2)]
    return {n: found.reason for n, found in Sums(cells, {}).no_records()[0].items()}


def test_a_pivot_has_its_groups_above_their_rows() -> None:
    found = _dropped(
        ["Retail", 1500, 700],
        ["Claims platform", 1200, 640],
        ["Branch kiosks", 300, 60],
        ["Finance", 40, 10],
        ["Ledger", 40, 10],
        ["Grand Total", 1540, 710],
    )
    assert list(found) == [2, 5, 7]
    assert found[2] == "the sum of the 2 rows under it, `Retail`"


def test_a_pivot_of_three_levels() -> None:
    found = _dropped(
        *(["Retail", 600], ["Change", 400], ["Claims", 310], ["Web", 90], ["Run", 200]),
        *(["Kiosk", 120], ["ATM", 80], ["Finance", 50], ["Change", 50], ["Ledger", 50]),
        ["Grand Total", 650],
    )
    assert list(found) == [2, 3, 6, 9, 10, 12]


def test_a_total_above_all_rows() -> None:
    assert list(_dropped(["Total", 600], ["Claims", 100], ["Kiosks", 200], ["Ledger", 300])) == [2]


def test_a_total_that_does_not_agree_is_no_investment_and_is_named() -> None:
    found = _dropped(["Claims", 100, 5], ["Kiosks", 200, 6], ["Grand Total", 999, 11])
    assert list(found) == [4]
    assert "which says 999, but the rows above sum to 300" in found[4]


def test_a_subtotal_that_only_says_the_unit() -> None:
    row: Row = ["P-1", "Claims", "Retail", "green", "2027-03-31", 1200]
    rows = [row, ["P-2", "Kiosks", "Retail", "red", "", 300], ["", "", "Retail", "", "", 1500]]
    assert list(_dropped(*rows, ["P-3", "Ledger", "Finance", "red", "", 40])) == [4]


def test_subtotals_of_a_narrow_table_that_repeat_the_unit_and_a_total_without_a_word() -> None:
    rows: list[Row] = [["HR", "Alpha", 12300], ["HR", "Beta", 45600], ["HR", "", 57900]]
    rows += [["IT", "Gamma", 7800], ["IT", "Delta", 9100], ["IT", "", 16900], ["", "", 74800]]
    assert list(_dropped(*rows)) == [4, 7, 8]
    others: list[Row] = [["HR", "Alpha", 100], ["HR", "Beta", 100], ["", "Gamma", 200]]
    assert _dropped(*others, ["IT", "Delta", 30]) == {}


def test_a_row_that_is_longer_than_the_one_above_is_looked_at() -> None:
    rows: list[Row] = [["Claims", "Retail", "Ann Lee", 1200, "IT"], ["Kiosks", "Retail"]]
    assert _dropped(*rows, ["", "", "", 500, "IT"], ["Ledger", "Retail", "Bob", 40, "IT"]) == {}


def test_what_is_carried_from_page_to_page_is_a_total() -> None:
    rows: list[Row] = [["C1", "Alpha", 120], ["C2", "Beta", 130], ["Carried forward", "", 250]]
    rows += [["Brought forward", "", 250], ["C3", "Gamma", 55], ["Total", "", 305]]
    assert list(_dropped(*rows)) == [4, 5, 7]


def test_a_row_of_few_cells_with_the_amount_above_it_stays() -> None:
    row: Row = ["P-1", "Claims", "Retail", "green", "2027-03-31", 1200]
    other: Row = ["P-2", "Kiosks", "Retail", "red", "2026-12-31", 300]
    few: Row = ["", "Ledger", "", "", "", 1200]
    assert _dropped(row, few, other) == {}


@pytest.mark.parametrize(
    "rows",
    [
        [["Claims", 300], ["Kiosks", 100], ["Ledger", 200], ["Hub", 70]],  # only the first is a sum
        [["Claims", 300], ["Kiosks", 100], ["Ledger", 200]],  # three rows of round numbers
        [["Claims", 5], ["Kiosks", 5], ["Ledger", 7], ["Hub", 7]],
        [["Total rewards", 500], ["Kiosks", 400], ["Ledger", 900]],
    ],
)
def test_chance_drops_nothing(rows: list[Row]) -> None:
    assert _dropped(*rows) == {}


@given(
    st.lists(
        st.lists(st.tuples(st.integers(1, 10**6), st.integers(1, 10**6)), min_size=2, max_size=5),
        min_size=2,
        max_size=5,
    )
)
def test_of_any_pivot_only_the_rows_count(units: list[list[tuple[int, int]]]) -> None:
    rows: list[Row] = []
    for at, unit in enumerate(units):
        rows.append([f"Unit {at}", sum(a for a, _ in unit), sum(b for _, b in unit)])
        rows += [[f"Project {at} {i}", a, b] for i, (a, b) in enumerate(unit)]
    whole = [x for unit in units for x in unit]
    rows.append(["Grand Total", sum(a for a, _ in whole), sum(b for _, b in whole)])
    dropped = _dropped(*rows)
    kept = [row for number, row in enumerate(rows, 2) if number not in dropped]
    assert [(r[1], r[2]) for r in kept] == whole


def test_a_sheet_of_sums_by_unit_comes_after_that_of_investments(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sums, register = book.active, book.create_sheet("Register")
    sums.title = "Summary"
    sums.append(["Department", "Count", "Total budget"])
    for at in range(8):
        sums.append([f"Department {at}", 1, 100_500])
    register.append(["Ref", "Project", "Department", "Budget 2026"])
    for at in range(4):
        register.append([f"P{at}", f"Project {at}", f"Department {at}", 100_500])
    book.save(tmp_path / "book.xlsx")
    assert [c.answer for c in draft(tmp_path / "book.xlsx").questions[0].choices] == [
        "Register",
        "Summary",
    ]


def test_a_hidden_sheet_is_not_proposed(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    old, new = book.active, book.create_sheet("Current")
    old.title = "Old"
    for sheet, rows in ((old, 9), (new, 3)):
        sheet.append(["Ref", "Project", "Unit", "Budget (£)"])
        for at in range(rows):
            sheet.append([f"P{at}", f"Project {at}", "Retail", 200_000])
    old.sheet_state = "hidden"
    book.save(tmp_path / "book.xlsx")
    question = draft(tmp_path / "book.xlsx").questions[0]
    assert question.field == "sheet"
    assert [c.answer for c in question.choices] == ["Current", "Old"]


def test_totals_of_a_file_are_said_with_their_rows(tmp_path: Path) -> None:
    path = tmp_path / "pivot.csv"
    path.write_text("Row Labels,Budget\nAll,60\nA,10\nB,20\nC,30\n", encoding="utf-8")
    table = read_table("t", path, TableSource())
    assert [(u.number, u.reason) for u in table.unusable] == [
        (2, "the sum of the 3 rows under it, `All`")
    ]


def test_a_row_with_an_id_is_no_total_without_a_word(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("No,Name,Unit,Owner,Budget\nA,One,HR,x,1\nB,Two,HR,y,2\nA,,,,3\n")
    assert [u.number for u in read_table("t", path, TableSource()).unusable] == [4]
    assert read_table("t", path, TableSource(keys=(("no",),))).unusable == []


def test_the_first_of_rows_with_ids_is_an_investment_however_large(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    rows = ["A,One,HR,600", "B,Two,HR,100", "C,Three,IT,200", "D,Four,IT,300"]
    path.write_text("\n".join(["No,Name,Unit,Budget", *rows]))
    table = read_table("t", path, TableSource())
    assert (len(table.rows), table.unusable) == (4, [])
    assert any("are read as investments: rows 2; if they are groups" in n for n in table.notes)


def test_a_row_of_nothing_at_the_end_of_a_group_is_in_it() -> None:
    rows: list[Row] = [["Retail", 300], ["Claims", 100], ["Web", 200], ["Idea", 0]]
    assert list(_dropped(*rows, ["Finance", 40], ["Ledger", 30], ["Tax", 10])) == [2, 6]


def test_a_row_as_large_as_the_group_after_it_is_named_where_no_total_tells(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    rows = [("Retail", 100), ("Claims", 60), ("Web", 40)]  # Web, or the group of Run and Change?
    rows += [("Run", 30), ("Kiosk", 10), ("ATM", 20), ("Change", 10), ("Idea", 4), ("Pilot", 6)]
    rows += [("Finance", 12), ("Tax", 12), ("VAT", 5), ("Duty", 7)]
    path.write_text("Labels,Budget\n" + "".join(f"{name},{a}\n" for name, a in rows))
    doubtful = [u for u in read_table("t", path, TableSource()).unusable if not u.is_sum]
    assert [(u.number, u.reason) for u in doubtful] == [
        (4, "the sum of the 2 rows under it, `Web`, or a row of the group above it")
    ]
    path.write_text(path.read_text() + "Total,112\n")
    assert all(u.is_sum for u in read_table("t", path, TableSource()).unusable)


def test_groups_that_are_investments_are_all_named_and_a_total_above_stays_one() -> None:
    rows: list[Row] = [["Total", "", "", 1000]]
    for n, (one, other) in enumerate(((100, 200), (30, 70), (250, 50), (120, 180)), start=1):
        own = ("HR", "Ann") if n == 2 else ("", "")
        rows.append([f"Programme {n}", *own, one + other])
        rows += [[f"Claims {n}", "", "", one], [f"Web {n}", "", "", other]]
    found, said = Sums([CellRow(n, n, row) for n, row in enumerate(rows, start=2)], {}).no_records()
    assert list(found) == [2]
    assert "rows 3, 6, 9, 12;" in said

"""The decimal sign, the order of a day's parts and the currency that the cells of a column show."""

from __future__ import annotations

import datetime
import re
from pathlib import Path

import pytest

from itgov.importing import guess, run_import
from itgov.importing.currencies import check_currency, sign_in_format
from itgov.importing.drafting import draft
from itgov.importing.tables import TableSource, read_table
from itgov.importing.values import BadCell, money, number, one_line
from tests.importing.drafted_tables import ReadBack, drafted, workbook


@pytest.mark.parametrize(
    ("cells", "sums"),
    [
        (["52.0", "1,200.5"], 1252.5),
        (["53,02", "1.200,5"], 1253.52),
        (["1.234.567", "20"], 1234587),
        (["1'200.50", "300"], 1500.5),
        (["1\u202f200,5", "300"], 1500.5),
        (["1,200", "300"], 1500),
    ],
)
def test_the_decimal_sign_is_told_from_the_whole_column(
    tmp_path: Path, target: Path, cells: list[str], sums: float
) -> None:
    path = tmp_path / "list.csv"
    lines = [f"K{n};Till {n};2025;{cell}" for n, cell in enumerate(cells)]
    path.write_text("\n".join(["Code;Name;FY;Budget", *lines]), encoding="utf-8")
    report = drafted(path, target)
    assert report.totals[0].imported == pytest.approx(sums)


@pytest.mark.parametrize(
    ("table", "proposed"),
    [
        ("Kürzel;Name;FY;Kosten\nA;Till;2025;10.000\nB;Desk;2025;120.500\n", ","),
        ("Code,Name,FY,Cost\nA,Till,2025,10.000\nB,Desk,2025,120.500\n", None),
    ],
)
def test_what_could_be_thousands_or_fractions_is_asked(
    tmp_path: Path, target: Path, table: str, proposed: str | None
) -> None:
    path = tmp_path / "list.csv"
    path.write_text(table, encoding="utf-8")
    answers = {"scale": "1", "currency": "EUR"}
    (question,) = draft(path, answers=answers).unanswered
    assert question.asks == "Does the point in `10.000` separate decimals?"
    assert (question.proposal and question.proposal.answer) == proposed
    (again,) = draft(path, answers={**answers, "decimal": 'a"b'}).unanswered
    assert again.asks == question.asks  # what is no answer is written into no mapping
    for sign, spend in ((",", 130500), (".", 130.5)):
        drafts = guess(path, answers={**answers, "decimal": sign})
        (tmp_path / "m.yaml").write_text(drafts, encoding="utf-8")
        report = run_import(tmp_path / "m.yaml", [path], target / sign)
        assert (report.totals[0].imported, report.is_sound) == (spend, True)


@pytest.mark.parametrize(
    ("table", "spend"),
    [
        ("Code,Name,FY,Cost\nA,Till,2025,1.2E+06\nB,Desk,2025,3.5E+05\n", 1_550_000),
        ("Code,Name,FY,Cost (£m)\nA,Till,2025,1.250\nB,Desk,2025,12.375\n", 13_625_000),
        (
            "Code;Nom;FTE;FY;Coût (M€)\nA;Caisse;1,5;2025;1,250\nB;Bureau;2,5;2025;12,375\n",
            13_625_000,
        ),
        ("Nr;Name;FY;Kosten;Ist\nA;Till;2025;10.000;9,50\nB;Desk;2025;20.000;8,50\n", 30_000),
    ],
)
def test_what_the_unit_or_another_column_tells_is_not_asked(
    tmp_path: Path, table: str, spend: int
) -> None:
    path = tmp_path / "list.csv"
    path.write_text(table, encoding="utf-8")
    answers = {"scale": "1", "currency": "EUR"} if "£" not in table else {}
    drafted_ = draft(path, answers=answers)
    assert "decimal" not in [q.field for q in drafted_.questions]
    assert f"source {spend:,}" in guess(path, answers=answers)


def test_one_mapping_reads_files_that_differ_in_their_decimal_sign(
    tmp_path: Path, target: Path
) -> None:
    (tmp_path / "one.csv").write_text("Code;Name;FY;Budget\nA;Till;2025;7.25\n", encoding="utf-8")
    (tmp_path / "two.csv").write_text("Code;Name;FY;Budget\nB;Desk;2025;7,25\n", encoding="utf-8")
    (tmp_path / "m.yaml").write_text(
        guess(tmp_path / "one.csv", answers={"scale": "1", "currency": "USD"}), encoding="utf-8"
    )
    for name in ("one", "two"):
        report = run_import(tmp_path / "m.yaml", [tmp_path / f"{name}.csv"], target)
        assert (report.totals[0].imported, report.is_sound) == (7.25, True)


def test_a_column_of_both_signs_is_said_and_the_odd_cells_are_named(
    tmp_path: Path, target: Path
) -> None:
    path = tmp_path / "list.csv"
    rows = "".join(f"K{n};Till {n};2025;{n},5\n" for n in range(4))
    path.write_text("Code;Name;FY;Budget\n" + rows + "K9;Odd;2025;7.5\n", encoding="utf-8")
    report = drafted(path, target)
    assert "4 cells have a decimal comma, 1 a decimal point" in report.render_text()
    assert (report.totals[0].unread, report.is_sound) == ([6], False)


def test_day_or_month_first_is_told_for_each_column(
    tmp_path: Path, target: Path, read_back: ReadBack
) -> None:
    path = tmp_path / "list.csv"
    path.write_text(
        "Code,Name,Start,End\nA,Till,01/02/2025,02/01/2026\nB,Desk,31/03/2025,12/31/2026\n",
        encoding="utf-8",
    )
    drafted(path, target)
    till = read_back()["A"]
    assert (till.start, till.end) == (datetime.date(2025, 2, 1), datetime.date(2026, 2, 1))


@pytest.mark.parametrize(
    ("shown", "read"),
    [
        ("[$€-407] #,##0", "€"),
        ("#,##0.00\\ [$€-1]", "€"),
        ("_-[$£-809]* #,##0_-;-[$£-809]* #,##0_-", "£"),
        ('"$"#,##0', "$"),
        ("[$CHF-807] #,##0", "CHF"),
        ("\\£#,##0", "£"),
        ("[$-409]d/m/yy", ""),
        ('#,##0" KWH"', ""),
        ("0.00", ""),
    ],
)
def test_formats_of_numbers_show_currencies(shown: str, read: str) -> None:
    assert sign_in_format(shown) == read


def test_an_amount_shown_in_another_currency_is_not_added(tmp_path: Path, target: Path) -> None:
    path = tmp_path / "t.xlsx"
    rows: list[list[object]] = [["No", "Name", "Unit", "Budget 2026"]]
    rows += [[f"P{n}", f"Project {n}", "Retail", a] for n, a in enumerate((5, 123.456, 3, 4))]
    book = workbook(path, Projects=rows)
    for row, shown in enumerate(('"$"#,##0', "[$$-409] 0.0", "[$€-407] #,##0", "0"), start=2):
        book.active.cell(row, 4).number_format = shown
    book.save(path)
    report = drafted(path, target)
    (total,) = report.totals  # the table shows two currencies, and which is meant was answered
    assert (total.source, total.imported, total.unread) == (132.456, 132.456, [4])
    assert ["is in EUR, not in USD" in p.message for p in report.left_out] == [True]


def test_a_merged_amount_with_a_currency_is_counted_once(tmp_path: Path, target: Path) -> None:
    path = tmp_path / "t.xlsx"
    rows: list[list[object]] = [["No", "Name", "Unit", "Budget 2026"]]
    rows += [[f"P{n}", f"Project {n}", "Retail", 1234.5 if n < 1 else None] for n in range(3)]
    book = workbook(path, Projects=[*rows, ["P3", "Project 3", "Retail", 50.25]])
    book.active.merge_cells("D2:D4")
    for row in (2, 5):
        book.active.cell(row, 4).number_format = "[$$-409] #,##0.00"
    book.save(path)
    (total,) = drafted(path, target).totals
    assert (total.source, total.imported) == (1284.75, 1284.75)


def test_a_currency_in_a_format_changes_no_number(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    book = workbook(path, Projects=[["No", "Target"], ["A", 1234.5], ["B", 7]])
    for row in (2, 3):
        book.active.cell(row, 2).number_format = "[$€-407] #,##0.00"
    book.save(path)
    cells = [row.cells[1] for row in read_table("t", path, TableSource()).rows]
    assert [money(c, ",") for c in cells] == [number(c, ",") for c in cells] == [1234.5, 7]
    assert [one_line(c) for c in cells] == ["€ 1234.5", "€ 7"]


@pytest.mark.parametrize(
    ("cell", "currency", "named"),
    [("R$ 5", "USD", "BRL"), ("R$ 5", "BRL", ""), ("MX$5", "USD", "MXN"), ("XYZ$5", "USD", "XYZ$"), ("$5", "CAD", "")],
)  # fmt: skip
def test_dollars_with_a_prefix_are_not_taken_for_others(
    cell: str, currency: str, named: str
) -> None:
    if not named:
        check_currency(cell, currency)
        return
    with pytest.raises(BadCell, match=re.escape(f"is in {named}, not in {currency}")):
        check_currency(cell, currency)

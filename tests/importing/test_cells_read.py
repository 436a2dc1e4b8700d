"""Amounts and dates as people write them; what a column tells of them, and what it leaves open."""

from __future__ import annotations

import datetime
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from itgov.importing import ImportReport
from itgov.importing.currencies import check_currency
from itgov.importing.dates import date
from itgov.importing.day_order import day_order
from itgov.importing.tables import TableSource, read_table
from itgov.importing.values import BadCell, money
from tests.importing.conftest import Import

HEADER = "No,Name,Department,As of,Owner,Rating,End,Year,Budget,Note\n"


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        ("(1,234)", -1234),
        ("£(1,234)", -1234),
        ("(£1,234)", -1234),
        ("1,234-", -1234),
        ("1\u202f234\u202f567", 1234567),
        ("1\u2009234", 1234),
        ("1'234'567.50", 1234567.5),
        ("1\u2019234", 1234),
        ("1.2m", 1_200_000),
        ("€ 3 k", 3_000),
        ("2 Mio. €", 2_000_000),
        ("0.5 Mrd", 500_000_000),
        ("T€ 40", 40),
        ("40 T€", 40_000),
        ("1.5 Md€", 1_500_000_000),
        ("9007199254740993", 9007199254740993),
        ("9007199254740993.5", None),
        ("33.33333333333333333333", 33.333333333333336),
        ("12 34", None),
        ("1 2", None),
        ("2026-01-01", None),
    ],
)
def test_amounts(cell: str, amount: float | None) -> None:
    if amount is None:
        with pytest.raises(BadCell):
            money(cell)
    else:
        assert money(cell) == amount


@pytest.mark.parametrize(
    ("cell", "first", "last"),
    [
        ("Q3 2026", "2026-07-01", "2026-09-30"),
        ("2026 Q4", "2026-10-01", "2026-12-31"),
        ("2026-Q1", "2026-01-01", "2026-03-31"),
        ("T2 2026", "2026-04-01", "2026-06-30"),
        ("3. Quartal 2026", "2026-07-01", "2026-09-30"),
        ("2nd quarter 2026", "2026-04-01", "2026-06-30"),
        ("June 2026", "2026-06-01", "2026-06-30"),
        ("Februar 2028", "2028-02-01", "2028-02-29"),
        ("déc. 2026", "2026-12-01", "2026-12-31"),
        ("2026-02", "2026-02-01", "2026-02-28"),
        ("3. März 2026", "2026-03-03", "2026-03-03"),
        ("2026-05-04", "2026-05-04", "2026-05-04"),
    ],
)
def test_months_and_quarters(cell: str, first: str, last: str) -> None:
    assert date(cell, []) == datetime.date.fromisoformat(first)
    assert date(cell, [], is_end=True) == datetime.date.fromisoformat(last)


@pytest.mark.parametrize(
    ("cells", "formats"),
    [
        (["03/04/2026", "31/12/2026"], ["DD/MM/YYYY"]),
        (["03/04/2026", "12/31/2026"], ["MM/DD/YYYY"]),
        (["03.04.26", "31.12.2026"], ["DD.MM.YY", "DD.MM.YYYY"]),
        (["03/04/2026", "05/06/2026"], []),
        (["13/04/2026", "04/13/2026"], []),
        (["TBC", "2026-01-01"], []),
        (["46000", "TBC", "46400"], ["serial"]),
        (["46000", "2026"], []),
        (["46000", "123456"], []),
    ],
)
def test_the_order_of_day_and_month_is_told_from_the_whole_column(
    cells: list[str], formats: list[str]
) -> None:
    assert day_order(list(cells))[0] == formats


def ends(run: Import, small: str, *cells: str) -> ImportReport:
    rows = "".join(f"P{n},One{n},HR,2024-03-31,,,{cell},2023,1,\n" for n, cell in enumerate(cells))
    return run(HEADER + rows, small.replace("  formats: [DD/MM/YYYY]\n", ""))


def test_dates_that_the_column_tells_are_read_and_said(run: Import, small: str) -> None:
    report = ends(run, small, "03/04/2026", "31/12/2026")
    assert report.left_out == []
    assert "the day comes first in `03/04/2026`, as other cells" in report.render_text()


def test_days_that_are_shown_as_numbers_are_read_and_said(run: Import, small: str) -> None:
    report = ends(run, small, "46000", "TBC", "46023")
    assert "its numbers are read as days, `46000` as 2025-12-09" in report.render_text()
    assert report.left_out == []
    report = ends(run, small.replace("end: End", "end: {column: End, formats: [serial]}"), "46000")
    assert report.left_out == []


def test_days_of_a_workbook_that_counts_from_1904(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    for row in (["Ref", "Project", "End"], ["A", "Till", 44540], ["B", "Desk", 44600]):
        book.active.append(row)
    book.save(tmp_path / "t.xlsx")
    table = read_table("t", tmp_path / "t.xlsx", TableSource())
    assert table.dates("End") == ["serial 1904"]
    assert "`44540` as 2025-12-11" in table.notes[0]


def test_dates_that_leave_it_open_are_listed(run: Import, small: str) -> None:
    report = ends(run, small, "03/04/2026", "2026-01-01", "2026-01-02")
    assert ["it can be read in two ways" in p.message for p in report.left_out] == [True]


@pytest.mark.parametrize(
    ("cell", "currency", "is_foreign"),
    [
        ("£4", "EUR", True),
        ("£4", "GBP", False),
        ("$4", "CAD", False),
        ("US$ 4", "CAD", True),
        ("$4", "EUR", True),
        ("4 USD", "EUR", True),
        ("EUR 4", "EUR", False),
        ("4", "EUR", False),
        ("$4", None, False),
    ],
)
def test_another_currency(cell: str, currency: str | None, is_foreign: bool) -> None:
    if is_foreign:
        with pytest.raises(BadCell, match="and is not converted"):
            check_currency(cell, currency)
    else:
        check_currency(cell, currency)


def test_amounts_in_another_currency_are_named_and_not_added(run: Import) -> None:
    row = "P{0},One,HR,2024-03-31,,,,2023,{1},\n"
    report = run(HEADER + row.format(1, "€5") + row.format(2, "$7") + row.format(3, 9))
    (total,) = report.totals
    assert (total.source, total.imported, total.unread) == (14, 14, [3])
    assert "is in USD, not in EUR, and is not converted: `$7`" in report.render_text()
    assert not report.is_sound

"""Columns of amounts that no name calls budget or actual are asked, and none is left out unasked."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from itgov.importing import HowToImport, run_import
from itgov.importing.drafting import draft, guess, proved_draft
from itgov.importing.load import parse_mapping

HEAD = "Ref,Project,Department,"


def _draft(tmp_path: Path, header: str, *rows: str, **answers: str) -> tuple[list[str], str]:
    path = tmp_path / "register.csv"
    lines = [f"{HEAD}{header}", *(f"P{n},Project {n},HR,{row}" for n, row in enumerate(rows))]
    path.write_text("\n".join(lines), encoding="utf-8")
    asked = draft(path, answers={"currency": "GBP", "fiscal_year_start": "4", **answers})
    return [q.field for q in asked.unanswered], asked.text


def _spend(text: str) -> list[object]:
    (source,) = parse_mapping("m.yaml", text.encode()).mapping.investments
    return [row.year for row in source.spend]


@pytest.mark.parametrize(
    ("header", "years"),
    [
        ("Q1 26/27 £k,Q2 26/27 £k,Q3 26/27 £k,Q4 26/27 £k,Q1 27/28 £k", 5),
        ("FY26 £k,FY27 £k", 2),
        ("2026/27 £m,2027/28 £m,2028/29 £m,2029/30 £m", 4),
    ],
)
def test_a_unit_beside_a_year_is_no_other_word(tmp_path: Path, header: str, years: int) -> None:
    row = ",".join(str(n) for n in range(11, 11 + years))
    asked, text = _draft(tmp_path, header, row, row, year_named="begins")
    assert asked == ["spend"]
    assert len(_spend(text)) == years


def test_columns_that_differ_in_figures_alone_are_one_question_and_may_add_up(
    tmp_path: Path,
) -> None:
    header = "Phase 1 (£k),Phase 2 (£k),Phase 3 (£k),Phase 4 (£k),Phase 5 (£k)"
    asked, text = _draft(tmp_path, header, "11,20,30,40,5", "1,2,3,4,6")
    assert asked == ["spend-phase-1-k", "budget"]
    _, text = _draft(
        tmp_path,
        header,
        "11,20,30,40,5",
        "1,2,3,4,6",
        budget="sum",
        **{"spend-phase-1-k": "budget"},
    )
    assert len(_spend(text)) == 5
    assert "merge: {spend: sum}" in text


@pytest.mark.parametrize(
    ("header", "months", "years"),
    [
        ("Month,Actual", ("2026-01", "2026-04"), {2025: 300, 2026: 50}),
        ("Monat,Istkosten", ("Jan 2026", "April 2026"), {2025: 300, 2026: 50}),
        ("Quarter,Actual", ("Q1 2026", "Q2 2026"), {2025: 300, 2026: 50}),
        ("Posting date,Actual", ("31/03/2026", "01/04/2026"), {2025: 300, 2026: 50}),
    ],
)
def test_rows_of_months_are_added_up_in_the_fiscal_years_they_lie_in(
    tmp_path: Path, header: str, months: tuple[str, str], years: dict[int, int]
) -> None:
    path = tmp_path / "ledger.csv"
    lines = [
        f"A,Till,HR,{months[0]},100",
        f"A,Till,HR,{months[0]},200",
        f"A,Till,HR,{months[1]},50",
    ]
    path.write_text("\n".join([f"{HEAD}{header}", *lines]), encoding="utf-8")
    answers = {"currency": "GBP", "fiscal_year_start": "4", "scale": "1", "merge": "sum"}
    (tmp_path / "m.yaml").write_text(guess(path, answers=answers), encoding="utf-8")
    report = run_import(tmp_path / "m.yaml", [path], tmp_path / "out", HowToImport())
    assert report.is_sound
    written = (tmp_path / "out" / "portfolios" / "hr.yaml").read_text(encoding="utf-8")
    assert [f"{{year: {y}, actual: {a}}}" in written for y, a in years.items()] == [True, True]


def test_what_tells_the_lines_of_one_cost_apart_is_no_conflict(tmp_path: Path) -> None:
    path = tmp_path / "lines.csv"
    rows = "A,Till,HR,Staff,100\nA,Till,HR,Licences,200\nB,Desk,HR,Staff,50\n"
    path.write_text(f"{HEAD}Cost type,Budget 2026\n{rows}", encoding="utf-8")
    answers = {"currency": "USD", "scale": "1", "merge": "sum"}
    found = proved_draft(path, answers=answers)
    assert found.is_sound
    assert "Cost type" not in found.text.split("# This draft")[0].split("investments:")[1]


def test_a_share_that_a_workbook_shows_in_percent_is_no_money(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Ref", "Project", "Department", "Budget 2026", "Share of budget", "Done"])
    for row in (["A", "Till", "HR", 100_000, 0.8, 0.5], ["B", "Desk", "IT", 25_000, 0.2, 1]):
        sheet.append(row)
        for at in (5, 6):
            sheet.cell(sheet.max_row, at).number_format = "0.0%"
    book.save(tmp_path / "book.xlsx")
    found = proved_draft(tmp_path / "book.xlsx", answers={"currency": "USD"})
    assert found.is_sound
    assert "share_of_budget: {column: Share of budget, as: number}" in found.text
    assert "done: {column: Done, as: number}" in found.text


def test_words_of_an_amount_are_not_read_as_empty(tmp_path: Path) -> None:
    path = tmp_path / "register.csv"
    cells = ("200000", "300000", "400000", "two million", "see PMO", "not yet", "Exempt")
    rows = "".join(f"P{n},Till {n},HR,{cell}\n" for n, cell in enumerate(cells))
    path.write_text(f"{HEAD}Budget 2026\n{rows}", encoding="utf-8")
    found = proved_draft(path, answers={"currency": "USD"})
    assert not found.is_sound
    assert "missing: [not yet]" in found.text
    assert "2 cells of 7 that cannot be read, in no sum (rows 5-6)" in found.text


def test_money_that_was_not_asked_is_named_as_not_imported(tmp_path: Path) -> None:
    header = "North (£k),South (£k),East (£k),West (£k),Isles (£k)"
    _draft(tmp_path, header, "11,20,30,40,5", "1,2,3,4,6")
    found = proved_draft(tmp_path / "register.csv", answers={"currency": "GBP"})
    assert not found.is_sound
    assert "perhaps_money: [West (£k), Isles (£k)]" in found.text

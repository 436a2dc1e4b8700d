"""Workbooks and CSV files that mean harm, or are far too large."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any
from xml.sax.saxutils import escape

import pytest

from itgov.importing.trouble import ImportRefused
from itgov.sheets.flat import write_csv
from itgov.sheets.incoming import SheetRefused
from itgov.sheets.layout import lay_out

FORMULA = "=cmd|' /C calc'!A0"
RETAIL = "portfolios/retail.yaml"


def with_rows(raw: bytes, page: int, rows: str) -> bytes:
    """The workbook with further rows, as XML, in one of its worksheets."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(raw)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            text = old.read(name)
            if name == f"xl/worksheets/sheet{page}.xml":
                text = text.replace(b"</sheetData>", rows.encode() + b"</sheetData>")
            new.writestr(name, text)
    return out.getvalue()


def row(number: int, **cells: str) -> str:
    """A row as XML: texts by the letters of their columns."""
    texts = (
        f'<c r="{letter}{number}" t="inlineStr"><is><t>{escape(text)}</t></is></c>'
        for letter, text in cells.items()
    )
    return f'<row r="{number}">{"".join(texts)}</row>'


OUTCOMES, SPEND = 5, 6
"""Numbers of the worksheets."""


@pytest.mark.parametrize("text", [FORMULA, "+1+1", "-2+3", "@SUM(1)", "\uff1d1", "'=1"])
def test_a_text_that_looks_like_a_formula_goes_round_as_a_text(
    linked: Any, workbook: Any, take: Any, text: str
) -> None:
    sheet = workbook(linked())
    cell = sheet.at("outcomes", "RET-001/cycle", "statement")
    cell.value, cell.data_type = text, "s"
    number = sheet.add("outcomes", investment="RET-002")
    cell = sheet.book["outcomes"].cell(number, 4)
    cell.value, cell.data_type = text, "s"
    intake = take(linked(), sheet)
    assert intake.refused == []
    assert intake.added[0].name == text
    [file] = intake.proposal.files
    then = linked(retail=file.after.decode())
    with zipfile.ZipFile(io.BytesIO(workbook(then).raw)) as archive:
        for name in archive.namelist():
            if "worksheets" in name:
                data = archive.read(name)
                assert b"<f>" not in data
                lists = re.findall(rb"<formula1>(.*?)</formula1>", data)
                assert all(not found.startswith(b"=") and b"cmd" not in found for found in lists)
    for line in write_csv(lay_out(then)).decode("utf-8-sig").splitlines():
        for held in line.split(","):
            assert not held.strip('"').startswith(("=", "@", "+1", "-2", "\uff1d"))


def test_formulas_are_refused_wherever_they_stand(linked: Any, workbook: Any, take: Any) -> None:
    sheet = workbook(linked())
    where = [
        sheet.fill("outcomes", "RET-001/cycle", "statement", FORMULA),
        sheet.fill("investments", "RET-001", "outcome owner", FORMULA),
    ]
    number = sheet.add("outcomes", investment=FORMULA, statement="x")
    other = sheet.add("outcomes", id="=A2", investment="RET-001", statement="x")
    intake = take(linked(), sheet)
    assert intake.proposal.is_empty
    assert sorted(r.cell for r in intake.refused) == sorted(
        [*where, f"outcomes!C{number}", f"outcomes!A{other}"]
    )
    assert {r.why for r in intake.refused} == {"contains a formula; write its value"}


def test_control_characters_are_refused(linked: Any, lines: Any, take_lines: Any) -> None:
    rows = lines(linked())
    for line in rows:
        if (line["id"], line["field"]) in (
            ("RET-001/cycle", "measure"),
            ("RET-001", "outcome owner"),
        ):
            line["new"] = "Nadia \x1b[31mRoy"
    intake = take_lines(linked(), rows)
    assert len(intake.refused) == 2
    assert intake.proposal.is_empty


def test_many_rows_of_nothing_that_is_there(linked: Any, workbook: Any, take: Any) -> None:
    texts = [row(n, A=f"RET-{n}/x", D="Other", E="m") for n in range(50, 10_050)]
    intake = take(linked(), with_rows(workbook(linked()).raw, OUTCOMES, "".join(texts)))
    assert len(intake.refused) == 10_000
    assert intake.proposal.is_empty


def test_many_new_rows_are_taken_in_one_go(linked: Any, workbook: Any, take: Any) -> None:
    texts = [row(n, C="RET-002", D=f"Statement {n}") for n in range(50, 2_050)]
    intake = take(linked(), with_rows(workbook(linked()).raw, OUTCOMES, "".join(texts)))
    assert intake.refused == []
    assert len(intake.added) == 2_000
    assert intake.proposal.files[0].after.decode().count("id: statement-") == 2_000


def test_more_rows_than_are_read(
    linked: Any, workbook: Any, take: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("itgov.sheets.read_workbook.MAX_ROWS", 1_000)
    texts = [f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(50, 1_060)]
    with pytest.raises(SheetRefused, match="`spend` is too large"):
        take(linked(), with_rows(workbook(linked()).raw, SPEND, "".join(texts)))


def test_a_cell_beyond_all_columns(linked: Any, workbook: Any, take: Any) -> None:
    wide = '<row r="60"><c r="XFD60"><v>1</v></c></row>'
    with pytest.raises(SheetRefused, match="`spend` is too large"):
        take(linked(), with_rows(workbook(linked()).raw, SPEND, wide))


def test_a_workbook_that_unpacks_to_far_more(
    linked: Any, workbook: Any, take: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("itgov.importing.sheets.MAX_UNPACKED", 10 << 20)
    with pytest.raises(ImportRefused, match="the limit is"):
        take(linked(), with_rows(workbook(linked()).raw, SPEND, " " * (11 << 20)))

"""The workbook as other programs save it: LibreOffice, Google Sheets, Excel with another calendar."""
# ruff: noqa: DTZ001 (cells have no time zone)

from __future__ import annotations

import datetime
import io
import re
import zipfile
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import pytest

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHEET = re.compile(r"xl/worksheets/sheet\d+\.xml")
EPOCH = datetime.date(1899, 12, 30)
Edit = Callable[[ElementTree.Element], None]


def tag(name: str) -> str:
    return f"{{{MAIN}}}{name}"


def rewritten(raw: bytes, edit: Edit, texts: dict[str, tuple[str, str]] | None = None) -> bytes:
    """The workbook with an edit made in each of its sheets, and texts replaced in other parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if SHEET.fullmatch(name):
                root = ElementTree.fromstring(data)
                edit(root)
                data = ElementTree.tostring(root, xml_declaration=True, encoding="UTF-8")
            for part, (before, after) in (texts or {}).items():
                if name == part:
                    assert before in data.decode()
                    data = data.decode().replace(before, after).encode()
            new.writestr(name, data)
    return out.getvalue()


def cells(root: ElementTree.Element) -> list[ElementTree.Element]:
    return list(root.iter(tag("c")))


def with_shared_texts(raw: bytes) -> bytes:
    """Texts in a part of their own, as LibreOffice and Excel write them, some of them in runs."""
    texts: dict[str, int] = {}

    def edit(root: ElementTree.Element) -> None:
        for cell in cells(root):
            inline = cell.find(tag("is"))
            if inline is not None:
                text = "".join(t.text or "" for t in inline.iter(tag("t")))
                cell.remove(inline)
                cell.set("t", "s")
                number = texts.setdefault(text, len(texts))
                ElementTree.SubElement(cell, tag("v")).text = str(number)

    package = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    part = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{package}"/></Types>'
    raw = rewritten(raw, edit, {"[Content_Types].xml": ("</Types>", part)})
    root = ElementTree.Element(tag("sst"))
    for text in texts:
        item = ElementTree.SubElement(root, tag("si"))
        for piece in (text[:3], text[3:]):
            run = ElementTree.SubElement(ElementTree.SubElement(item, tag("r")), tag("t"))
            run.text = piece
    stream = io.BytesIO(raw)
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr("xl/sharedStrings.xml", ElementTree.tostring(root))
    return stream.getvalue()


def styled_to_the_end(root: ElementTree.Element) -> None:
    """Blank cells with a style, to the last row and beyond the last column."""
    data = root.find(tag("sheetData"))
    assert data is not None
    for row in list(data):
        ElementTree.SubElement(row, tag("c"), {"r": f"AMJ{row.get('r')}", "s": "1"})
    last = ElementTree.SubElement(data, tag("row"), {"r": "1048576", "hidden": "false"})
    ElementTree.SubElement(last, tag("c"), {"r": "A1048576", "s": "1"})


def filled(workbook: Any, portfolio: Any) -> bytes:
    sheet = workbook(portfolio)
    sheet.fill("investments", "RET-001", "outcome owner", "Nadia Roy")
    sheet.fill("investments", "RET-001", "next review", datetime.datetime(2027, 3, 3))
    sheet.fill("outcomes", "RET-001/cycle", "target", 5.0)
    sheet.fill("outcomes", "RET-001/cycle", "statement", "  Two\r\nlines_x000D_  ")
    sheet.add("spend", investment="Kiosks", year=2026, budget=1e6)
    raw: bytes = sheet.raw
    return raw


def lines(intake: Any) -> list[str]:
    return [
        line.text.strip()
        for file in intake.proposal.diff()
        for line in file.lines
        if line.kind == "added"
    ]


WANTED = [
    "outcome_owner: nadia.roy",
    "next_review: 2027-03-03",
    "statement: |-",
    "Two",
    "lines",
    "target: 5",
    "spend:",
    "- {year: 2026, budget: 1000000}",
    "- {id: nadia.roy, name: Nadia Roy}",
]


@pytest.mark.parametrize("how", ["as it is", "shared texts", "styled to the end", "hidden", "rels"])
def test_it_says_the_same_whoever_saved_it(linked: Any, workbook: Any, take: Any, how: str) -> None:
    raw = filled(workbook, linked())
    if how == "shared texts":
        raw = with_shared_texts(raw)
    elif how == "styled to the end":
        raw = rewritten(raw, styled_to_the_end)
    elif how == "hidden":
        texts = {"xl/workbook.xml": ("veryHidden", "hidden")}
        raw = rewritten(raw, lambda root: None, texts)
    elif how == "rels":  # with and without a path from the top
        texts = {"xl/_rels/workbook.xml.rels": ('"/xl/worksheets/', '"worksheets/')}
        raw = rewritten(raw, lambda root: None, texts)
    intake = take(linked(), raw)
    assert intake.refused == []
    assert sorted(lines(intake)) == sorted(WANTED)


def test_the_calendar_that_begins_in_1904(linked: Any, workbook: Any, take: Any) -> None:
    def moved(root: ElementTree.Element) -> None:
        for cell in cells(root):
            value = cell.find(tag("v"))
            if cell.get("t", "n") == "n" and value is not None and _is_day(value.text or ""):
                value.text = str(int(float(value.text or "0")) - 1462)

    raw = filled(workbook, linked())
    texts = {"xl/workbook.xml": ("<workbookPr/>", '<workbookPr date1904="1"/>')}
    intake = take(linked(), rewritten(raw, moved, texts))
    assert intake.refused == []
    assert sorted(lines(intake)) == sorted(WANTED)


def _is_day(text: str) -> bool:
    return text.replace(".0", "").isdigit() and 40_000 < float(text) < 60_000


def test_a_formula_is_refused_whatever_it_came_to(linked: Any, workbook: Any, take: Any) -> None:
    """What a spreadsheet computed is not what somebody entered."""
    sheet = workbook(linked())
    where = sheet.fill("outcomes", "RET-001/cycle", "target", 5)
    other = sheet.fill("investments", "RET-001", "outcome owner", "x")

    def computed(root: ElementTree.Element) -> None:
        for cell in cells(root):
            if cell.get("r") in (where.partition("!")[2], other.partition("!")[2]):
                formula = ElementTree.Element(tag("f"))
                formula.text = "SUM(1,4)"
                cell.insert(0, formula)

    intake = take(linked(), rewritten(sheet.raw, computed))
    why = {r.cell: r.why for r in intake.refused}
    assert why[where] == why[other] == "contains a formula; write its value"


def test_a_date_without_a_format_is_not_guessed(linked: Any, workbook: Any, take: Any) -> None:
    sheet = workbook(linked())
    where = sheet.fill("investments", "RET-001", "next review", 46_084)
    sheet.at("investments", "RET-001", "next review").number_format = "General"
    [refused] = take(linked(), sheet).refused
    assert (refused.cell, refused.why) == (where, "`46084` is not a date (use 2026-03-31)")


def test_days_with_a_time_of_day_and_in_another_format(
    linked: Any, workbook: Any, take: Any
) -> None:
    sheet = workbook(linked())
    where = sheet.fill("investments", "RET-001", "next review", datetime.datetime(2027, 3, 3))
    sheet.at("investments", "RET-001", "next review").number_format = "DD/MM/YY"
    assert lines(take(linked(), sheet)) == ["next_review: 2027-03-03"]
    sheet.fill("investments", "RET-001", "next review", datetime.datetime(2027, 3, 3, 14, 30))
    intake = take(linked(), sheet)
    assert lines(intake) == ["next_review: 2027-03-03"] or where in {r.cell for r in intake.refused}


@pytest.mark.parametrize("name", ["s.ods", "s.xls", "s.xlsm", "s.numbers"])
def test_other_kinds_of_files_are_refused_with_what_to_do(
    name: str, repository: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    from itgov.cli.main import main

    path = repository / name
    path.write_bytes(b"PK\x03\x04")
    assert main(["sheet", "in", str(path), str(repository)]) == 2
    assert "save it as .xlsx (Excel workbook) or .csv first" in capsys.readouterr().err

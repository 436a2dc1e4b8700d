"""Files that are damaged, or made to do harm, end in a word; what only looks odd is read."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from itgov.cli.main import main
from itgov.importing import ImportRefused, sheet_rows, sheets
from itgov.importing.table_files import TableSource
from itgov.importing.tables import SourceTable, read_table

ROWS: list[list[object]] = [["Ref", "Name", "Budget"], ["A", "Alpha", 1000], ["B", "Beta", 2000]]
SHEET = "xl/worksheets/sheet1.xml"
BILLION = (
    '<!DOCTYPE l [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {chr(98 + k)} "{f"&{chr(97 + k)};" * 10}">' for k in range(9))
    + "]>"
)
Change = Callable[[str], str]


def workbook(path: Path, change: Change, part: str = SHEET, **more: str) -> Path:
    """Write a workbook of which the XML of one part is changed."""
    book = openpyxl.Workbook()
    for row in ROWS:
        book.active.append(row)
    book.save(path.with_suffix(".sound"))
    with zipfile.ZipFile(path.with_suffix(".sound")) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            new.writestr(name, change(text.decode()) if name == part else text)
        for name, text in more.items():
            new.writestr(name, text)
    return path


def under(xml: str) -> Change:
    """Put rows under those of the sheet."""
    return lambda sheet: sheet.replace("</sheetData>", f"{xml}</sheetData>")


def read(path: Path) -> SourceTable:
    return read_table("t", path, TableSource())


def says(path: Path) -> str:
    """Return why a file is refused by the command, which ends with 2 and writes nothing."""
    with pytest.raises(ImportRefused) as refused:
        read(path)
    return str(refused.value)


def test_blank_styled_cells_to_the_end_of_the_sheet_are_nothing(tmp_path: Path) -> None:
    blank = "".join(
        f'<row r="{n}"><c r="A{n}" s="0"/><c r="XFD{n}" s="0"/></row>' for n in range(4, 9)
    )
    blank += "".join(f'<row r="{n}" s="1"/>' for n in range(9, 1_048_577))
    table = read(workbook(tmp_path / "t.xlsx", under(blank)))
    assert [r.cells for r in table.rows] == ROWS[1:]
    assert table.unusable == []


def test_what_stands_far_below_is_read_with_its_row(tmp_path: Path) -> None:
    far = '<row r="1048576"><c r="A1048576"><v>7</v></c><c r="B1048576"><v>8</v></c></row>'
    table = read(workbook(tmp_path / "t.xlsx", under(far)))
    assert (table.rows[-1].number, table.rows[-1].cells) == (1_048_576, [7, 8])
    assert "rows 4 to 1,048,575 are blank" in table.notes
    path = tmp_path / "t.csv"
    path.write_text("Ref,Name\nA,Alpha\n" + "\n" * 5000 + "B,Beta\n", encoding="utf-8")
    assert read(path).rows[-1].number == 5003


def test_rows_and_cells_without_numbers_are_read_in_their_order(tmp_path: Path) -> None:
    def bare(sheet: str) -> str:
        return re.sub(r'(<(?:row|c)\b[^>]*?) r="\w+"', r"\1", sheet)

    assert [r.cells for r in read(workbook(tmp_path / "t.xlsx", bare)).rows] == ROWS[1:]


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (under('<row r="2"><c r="A2"><v>1</v></c></row>'), "row 2 of the sheet is out of order"),
        (under('<row r="4"><c r="XFD4"><v>1</v></c></row>'), "more than 1,000 columns"),
        (lambda sheet: sheet[:400], "this XLSX workbook cannot be read"),
        (
            lambda sheet: BILLION + sheet.split("?>")[-1].replace("Alpha", "&j;"),
            "this XLSX workbook cannot be read",
        ),
        (
            lambda sheet: (
                '<!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
                + sheet.split("?>")[-1].replace("Alpha", "&x;")
            ),
            "this XLSX workbook cannot be read",
        ),
    ],
)
def test_a_sheet_that_cannot_be_read_is_refused(tmp_path: Path, change: Change, word: str) -> None:
    assert word in says(workbook(tmp_path / "t.xlsx", change))


def test_what_unpacks_to_more_than_is_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sound = workbook(tmp_path / "t.xlsx", lambda sheet: sheet)
    monkeypatch.setattr(sheet_rows, "_MOST_PART", 900)
    assert "in the workbook unpacks to" in says(sound)
    texts = "<sst>" + "<si><t>x</t></si>" * 5 + "</sst>"
    many = workbook(tmp_path / "m.xlsx", lambda s: s, **{"xl/sharedStrings.xml": texts})
    monkeypatch.setattr(sheet_rows, "_MOST_PART", 90_000)
    monkeypatch.setattr(sheet_rows, "_MOST_TEXTS", 4)
    assert "more than 4 different texts" in says(many)
    monkeypatch.setattr(sheets, "MAX_UNPACKED", 1000)
    assert "the limit is 1,000" in says(sound)
    monkeypatch.undo()
    (tmp_path / "b.xlsx").write_bytes(sound.read_bytes()[:-100])
    assert "this XLSX workbook cannot be read" in says(tmp_path / "b.xlsx")


@pytest.mark.parametrize(
    ("raw", "names", "encoding"),
    [
        ("Ref,Café\nA,Über\n".encode("utf-16-le"), ["Ref", "Café"], "UTF-16"),
        ("Ref,Café\nA,Über\n".encode("utf-16-be"), ["Ref", "Café"], "UTF-16"),
        ("Ref,Café\n".encode() + "A,Über\n".encode("cp1252"), ["Ref", "Café"], "UTF-8 and"),
        ("Ref,Café\nA,Über\n".encode("cp1252"), ["Ref", "Café"], "Windows-1252"),
    ],
)
def test_encodings_that_nothing_says(
    tmp_path: Path, raw: bytes, names: list[str], encoding: str
) -> None:
    (tmp_path / "t.csv").write_bytes(raw)
    table = read(tmp_path / "t.csv")
    assert (table.headers, table.rows[0].cells[1]) == (names, "Über")
    assert table.encoding.startswith(encoding)


@pytest.mark.parametrize("raw", [b"", b"PK\x03\x04", b"Ref,Name\n", b"\xff" * 99, b"\x00" * 99])
def test_the_command_ends_with_2_and_writes_nothing(
    tmp_path: Path, raw: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(raw)
    assert main(["import", "--guess", str(path)]) == 2
    said = capsys.readouterr()
    assert "t.csv" in said.err
    assert not said.out
    assert [p.name for p in tmp_path.iterdir()] == ["t.csv"]


def test_a_sheet_that_hides_its_columns_again_and_again_is_refused(tmp_path: Path) -> None:
    columns = '<col min="1" max="999" hidden="1"/>' * 300
    path = workbook(
        tmp_path / "t.xlsx",
        lambda s: s.replace("<sheetData>", f"<cols>{columns}</cols><sheetData>"),
    )
    assert "hides more columns than it can have" in says(path)

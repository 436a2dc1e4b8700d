"""Reading tables: encodings, separators, broken and hostile files, workbooks."""

from __future__ import annotations

import datetime
import io
import zipfile
from pathlib import Path

import openpyxl
import pytest

from itgov.importing import ImportRefused, table_files, text_tables
from itgov.importing.table_files import TableSource
from itgov.importing.tables import SourceTable, read_table


def table(
    tmp_path: Path, raw: bytes, name: str = "t.csv", source: TableSource | None = None
) -> SourceTable:
    path = tmp_path / name
    path.write_bytes(raw)
    return read_table("t", path, source or TableSource())


def refused(
    tmp_path: Path, raw: bytes, name: str = "t.csv", source: TableSource | None = None
) -> str:
    with pytest.raises(ImportRefused) as found:
        table(tmp_path, raw, name, source)
    return str(found.value)


@pytest.mark.parametrize(
    ("codec", "encoding"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8 with BOM"),
        ("cp1252", "Windows-1252"),
        ("utf-16", "UTF-16"),
    ],
)
def test_encodings_are_told_apart(tmp_path: Path, codec: str, encoding: str) -> None:
    found = table(tmp_path, "Naïve,€\né,“q”\n".encode(codec))
    assert found.encoding == encoding
    assert found.headers == ["Naïve", "€"]
    assert found.rows[0].cells == ["é", "“q”"]


def test_bytes_that_mean_nothing_are_noted(tmp_path: Path) -> None:
    found = table(tmp_path, b"a\n\x9d\xe9\n")
    assert found.rows[0].cells == ["\ufffdé"]
    assert found.notes == ["1 byte that are not Windows-1252"]


def test_a_declared_encoding_holds(tmp_path: Path) -> None:
    assert "line 2 is not utf-8" in refused(tmp_path, b"a\n\xe9\n", source=TableSource("utf-8"))
    assert table(tmp_path, b"a\n\xe9\n", source=TableSource("latin-1")).rows[0].cells == ["é"]


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_the_separator_is_found(tmp_path: Path, mark: str) -> None:
    text = mark.join(["a", "b"]) + "\n" + mark.join(['"1,5;x"', "2"]) + "\n"
    assert table(tmp_path, text.encode()).rows[0].cells == ["1,5;x", "2"]


def test_rows_and_lines_are_counted_as_people_do(tmp_path: Path) -> None:
    found = table(tmp_path, b'"a\nb",c\r\n"x\ny",1\r\n\r\nz,2\r\n')
    assert found.headers == ["a b", "c"]
    assert [(r.number, r.line) for r in found.rows] == [(2, 3), (4, 6)]
    assert [(u.number, u.reason) for u in found.unusable] == [(3, "blank row")]


def test_a_shifted_row_is_not_read_into_wrong_columns(tmp_path: Path) -> None:
    found = table(tmp_path, b"a,b\n1,2,3\n1,2,\n1\n")
    assert [r.number for r in found.rows] == [3, 4]
    assert "more cells" in found.unusable[0].reason
    assert found.cell(found.rows[1], "b") == ""


def test_columns_are_found_whatever_case_and_space(tmp_path: Path) -> None:
    found = table(tmp_path, b'"Total\n Budget",x,X\n1,2,3\n')
    assert found.cell(found.rows[0], "total budget") == "1"
    assert found.cell(found.rows[0], "X") == "2"
    assert "is listed twice" in found.notes[0]


def test_a_quote_that_is_never_closed_is_refused_where_it_opens(tmp_path: Path) -> None:
    said = refused(tmp_path, b'a,b\n1,2\n3,"4\n5,6\n')
    assert "t.csv:3: row 3: a quote opened in this row is never closed" in said


def test_a_stray_quote_inside_a_cell_is_noted(tmp_path: Path) -> None:
    found = table(tmp_path, b'a,b\n"5" pipe,2\n')
    assert "quote" in found.notes[0]
    assert found.rows[0].cells[1] == "2"


@pytest.mark.parametrize(
    ("raw", "name", "says"),
    [
        (b"", "t.csv", "the file is empty"),
        (b" \r\n\n", "t.csv", "the file is empty"),
        (b",,\n1,2,3\n", "t.csv", "no column names"),
        (b"x", "t.xls", "Save it as .xlsx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "t.csv", "Save it as .xlsx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "t.xlsx", "without a password"),
        (b"PK\x03\x04 broken", "t.csv", "this XLSX workbook cannot be read"),
        (
            b"no zip",
            "t.xlsx",
            "this is no workbook, whatever its name says: it begins with `no zip`",
        ),
        (b"", "t.xlsx", "the file is empty"),
        (b"<!DOCTYPE html><table><tr><td>a", "t.csv", "this is no table: it begins with `<!DOC"),
        (b"\x00\x01\x02\x7f" * 9, "t.csv", "this is no text"),
        (b"a,b\n" + b"\x00" * 999, "t.csv", "this is no text"),
    ],
)
def test_what_is_no_table(tmp_path: Path, raw: bytes, name: str, says: str) -> None:
    assert says in refused(tmp_path, raw, name)


def test_limits_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "more than 100,000 characters" in refused(tmp_path, b"a\n" + b"x" * 100_001 + b"\n")
    assert "1,001 columns" in refused(tmp_path, b"a," * 1000 + b"a\n")
    monkeypatch.setattr(text_tables, "MAX_ROWS", 3)
    assert "more than 3 rows" in refused(tmp_path, b"a\n" + b"1\n" * 5)
    monkeypatch.setattr(text_tables, "MAX_CELLS", 5)
    assert "more than 5 cells" in refused(tmp_path, b"a,b,c\n1,2,3\n")
    monkeypatch.setattr(text_tables, "MAX_LINE", 9)
    monkeypatch.setattr(text_tables, "_PIECE", 2)
    assert ":2: a line has more than 9 char" in refused(tmp_path, b"a\n" + b"b" * 10 + b"\n")
    monkeypatch.setattr(table_files, "MAX_BYTES", 3)
    assert "the limit is 3" in refused(tmp_path, b"a\n1\n")
    with pytest.raises(ImportRefused, match="cannot be read"):
        read_table("t", tmp_path / "no.csv", TableSource())


def test_nothing_of_a_cell_reaches_a_terminal_raw(tmp_path: Path) -> None:
    said = refused(tmp_path, b"\x1b[2J,b\n", source=TableSource(header_row=9))
    assert "\x1b" not in said


# -- workbooks -----------------------------------------------------------------------------


def workbook(**sheets: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_a_sheet(tmp_path: Path) -> None:
    day = datetime.datetime(2025, 4, 1)  # noqa: DTZ001
    raw = workbook(
        One=[["Name", "On", "Cost"], ["A", day, 12.0], [], ["B", None, 1.5]], Two=[["x"], ["y"]]
    )
    found = table(tmp_path, raw, "t.xlsx")
    assert [r.cells for r in found.rows] == [["A", day.date(), 12], ["B", "", 1.5]]
    assert found.unusable[0].number == 3
    assert found.notes == ["sheet `One` is read; not read: `Two`"]
    assert table(tmp_path, raw, "t.xlsx", TableSource(sheet="Two")).headers == ["x"]
    assert "did you mean `Two`?" in refused(tmp_path, raw, "t.xlsx", TableSource(sheet="Twoo"))


def test_a_workbook_that_unpacks_to_too_much(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("itgov.importing.sheets.MAX_UNPACKED", 5 * 1024 * 1024)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(6):
            archive.writestr(f"{number}", b"\0" * (1024 * 1024))
    assert "unpacks to" in refused(tmp_path, stream.getvalue(), "t.xlsx")

"""Reading a sheet of an XLSX workbook, by openpyxl, which is only imported here."""

from __future__ import annotations

import datetime
import importlib
import io
import re
import struct
import zipfile
import zlib
from decimal import Decimal
from typing import Any

from msgspec import Struct

from itgov.importing.cells import MAX_CELL, MAX_COLUMNS, MAX_ROWS, Cell, CellRow, Fault, letters
from itgov.importing.trouble import refuse, shown
from itgov.model.text import did_you_mean

MAX_UNPACKED = 500 * 1024 * 1024
"""Most bytes that a workbook may unpack to."""

ERROR = "is an error of the spreadsheet, no value"
UNSAVED = "is a formula without a saved value; open and save the file in a spreadsheet"

_FORMULA = re.compile(rb"<(?:\w+:)?f[ />]")
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]{0,80}?ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')
_MOST_MERGED = 2_000_000

BROKEN = (
    OSError, ValueError, KeyError, TypeError, IndexError, AttributeError, SyntaxError, EOFError,
    NotImplementedError, RuntimeError, OverflowError, zipfile.BadZipFile, zlib.error, struct.error,
)  # fmt: skip
"""What openpyxl and the readers under it raise on a file that is no sound workbook."""


def open_workbook(raw: bytes, path: str, formulas: bool = False) -> Any:
    """Return a workbook that is read row by row; raise ImportRefused where there is none.

    Cells have the values that formulas had when it was saved, or, with `formulas`, these.
    """
    try:
        openpyxl: Any = importlib.import_module("openpyxl")  # slow, and only needed for workbooks
    except ImportError as error:
        raise refuse(
            "reading .xlsx needs openpyxl",
            path,
            "Install it (`pip install openpyxl`), or save the sheet as CSV.",
        ) from error
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            unpacked = sum(i.file_size for i in archive.infolist())
        if unpacked > MAX_UNPACKED:
            raise refuse(
                f"the workbook unpacks to {unpacked:,} bytes; the limit is {MAX_UNPACKED:,}", path
            )
        return openpyxl.load_workbook(io.BytesIO(raw), read_only=True, data_only=not formulas)
    except BROKEN as error:
        raise refuse(
            "this XLSX workbook cannot be read", path, "Save it again, or as CSV."
        ) from error


class Sheet(Struct):
    """A sheet of a workbook: its rows, what was noticed, and cells without a value."""

    name: str
    rows: list[CellRow]
    notes: list[str]
    faults: list[Fault]
    blank: set[tuple[int, int]]
    """Formulas whose saved value is an empty text, by row and column from 0."""


def read_sheet(raw: bytes, path: str, sheet: str | None) -> Sheet:
    """Return a sheet; where none is named, the first that is not hidden."""
    book = open_workbook(raw, path)
    try:
        names = _names(book)
        if not names or (sheet is not None and sheet not in names):
            listed = ", ".join(f"`{n}`" for n in names) or "none"
            raise refuse(
                f"the workbook has no sheet `{sheet}`{did_you_mean(sheet or '', names)}; "
                f"it has {listed}",
                path,
            )
        chosen = sheet or names[0]
        found = _read(book, chosen, raw, path)
        if len(names) > 1:
            others = ", ".join(f"`{shown(n)}`" for n in names if n != chosen)
            found.notes.insert(0, f"sheet `{shown(chosen)}` is read; not read: {others}")
        return found
    except BROKEN as error:
        raise refuse(
            "this XLSX workbook cannot be read", path, "Save it again, or as CSV."
        ) from error
    finally:
        book.close()


def sheet_names(raw: bytes, path: str) -> list[str]:
    """Return the names of a workbook's sheets, hidden ones last."""
    book = open_workbook(raw, path)
    try:
        return _names(book)
    finally:
        book.close()


def _names(book: Any) -> list[str]:
    sheets = sorted(book.worksheets, key=lambda s: s.sheet_state != "visible")
    return [s.title for s in sheets]


def _read(book: Any, name: str, raw: bytes, path: str) -> Sheet:
    sheet = book[name]
    found = Sheet(name, [], [], [], set())
    percents = {
        at
        for at, style in enumerate(book._cell_styles)
        if "%" in _format(book, style.numFmtId).split(";")[0]
    }
    sheet.reset_dimensions()  # what the file says of its own size is often wrong
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        if number > MAX_ROWS + 1:
            raise refuse(f"the sheet has more than {MAX_ROWS:,} rows", path)
        if len(cells) > MAX_COLUMNS:
            raise refuse(f"the sheet has more than {MAX_COLUMNS:,} columns", path)
        row: list[Cell] = []
        for at, cell in enumerate(cells):
            value = cell.value
            if value is None:
                row.append("")
                if cell.data_type == "str":
                    found.blank.add((number, at))
            elif cell.data_type == "e":
                found.faults.append(Fault(number, at, str(value), ERROR))
                row.append("")
            else:
                row.append(_cell(value, cell._style_id in percents))
        while row and row[-1] == "":
            row.pop()
        if any(isinstance(c, str) and len(c) > MAX_CELL for c in row):
            raise refuse(f"row {number}: a cell has more than {MAX_CELL:,} characters", path)
        found.rows.append(CellRow(number, number, row))
    has_formulas, ranges = _marks(book, sheet, path)
    if has_formulas:
        _unsaved(found, raw, path)
    _fill(found, ranges)
    while found.rows and not found.rows[-1].cells:
        found.rows.pop()
    return found


def _format(book: Any, number: int) -> str:
    builtin: Any = importlib.import_module("openpyxl.styles.numbers")
    if number < builtin.BUILTIN_FORMATS_MAX_SIZE:
        return str(builtin.BUILTIN_FORMATS.get(number, ""))
    own = number - builtin.BUILTIN_FORMATS_MAX_SIZE
    return str(book._number_formats[own]) if own < len(book._number_formats) else ""


def _marks(book: Any, sheet: Any, path: str) -> tuple[bool, list[tuple[int, int, int]]]:
    """Say whether a sheet has formulas, and which cells are merged downwards: column, rows."""
    has_formulas = False
    ranges: list[tuple[int, int, int]] = []
    rest = b""
    with book._archive.open(sheet._worksheet_path) as source:
        while chunk := source.read(1 << 20):
            text = rest + chunk
            has_formulas = has_formulas or _FORMULA.search(text) is not None
            end = 0
            for match in _MERGED.finditer(text):
                end = match.end()
                first, last = int(match[2]), int(match[4])
                if last > first:
                    ranges.append((_column(match[1]), first, last))
            rest = text[max(end, len(text) - 200) :]
    if sum(last - first for _, first, last in ranges) > _MOST_MERGED:
        raise refuse("the sheet merges more cells than are read", path, "Unmerge them.")
    return has_formulas, ranges


def _column(letters: bytes) -> int:
    at = 0
    for letter in letters:
        at = at * 26 + letter - 64
    return at - 1


def _unsaved(found: Sheet, raw: bytes, path: str) -> None:
    """Note formulas whose value was not saved with the workbook."""
    book = open_workbook(raw, path, formulas=True)
    try:
        sheet = book[found.name]
        sheet.reset_dimensions()
        faulty = {(f.row, f.at) for f in found.faults} | found.blank
        for number, cells in enumerate(sheet.iter_rows(), start=1):
            for at, cell in enumerate(cells):
                if cell.value is None or cell.data_type != "f":
                    continue
                row = found.rows[number - 1].cells
                if (at >= len(row) or row[at] == "") and (number, at) not in faulty:
                    value = str(getattr(cell.value, "text", cell.value))
                    found.faults.append(Fault(number, at, value, UNSAVED))
    finally:
        book.close()


def _fill(found: Sheet, ranges: list[tuple[int, int, int]]) -> None:
    """Let a cell that is merged over several rows say its value in each; an amount is said once."""
    for at, first, last in ranges:
        if first > len(found.rows) or at >= len(found.rows[first - 1].cells):
            continue
        value = found.rows[first - 1].cells[at]
        if value == "":
            continue
        is_year = isinstance(value, int) and 1900 <= value <= 2200
        if isinstance(value, (int, float)) and not is_year:
            found.notes.append(
                f"{letters(at)}{first} is merged down to row {last} and holds an amount, which is "
                f"counted in row {first} only"
            )
            continue
        for row in found.rows[first:last]:
            row.cells += [""] * (at + 1 - len(row.cells))
            row.cells[at] = row.cells[at] if row.cells[at] != "" else value


def _cell(value: Any, is_percent: bool) -> Cell:
    if isinstance(value, datetime.datetime):
        return value.date()
    if is_percent and isinstance(value, (int, float)) and not isinstance(value, bool):
        value = float(Decimal(repr(value)) * 100)
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    if isinstance(value, (str, bool, int, float, datetime.date)):
        return value
    return str(value)

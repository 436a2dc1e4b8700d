"""Reading a sheet of an XLSX workbook: what is in it by openpyxl, its cells by `sheet_rows`."""

from __future__ import annotations

import datetime
import importlib
import io
import struct
import zipfile
import zlib
from decimal import Decimal
from functools import cache
from typing import Any

from msgspec import Struct

from itgov.importing.cells import (
    MAX_CELL,
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_ROWS,
    MOST_BLANK,
    Cell,
    CellRow,
    Fault,
    Percent,
    Priced,
    letters,
)
from itgov.importing.currencies import sign_in_format
from itgov.importing.sheet_rows import check_parts, rows, shared_texts
from itgov.importing.sheet_shape import Shape
from itgov.importing.trouble import refuse, rows_text, shown
from itgov.model.text import did_you_mean

MAX_UNPACKED = 500 * 1024 * 1024
"""Most bytes that a workbook may unpack to."""

ERROR = "is an error of the spreadsheet, no value"
UNSAVED = "is a formula without a saved value; open and save the file in a spreadsheet"

BROKEN = (
    OSError, ValueError, KeyError, TypeError, IndexError, AttributeError, SyntaxError, EOFError,
    NotImplementedError, RuntimeError, OverflowError, zipfile.BadZipFile, zlib.error, struct.error,
)  # fmt: skip
"""What openpyxl and the readers under it raise on a file that is no sound workbook."""


def open_workbook(raw: bytes, path: str, formulas: bool = False, has_texts: bool = True) -> Any:
    """Return a workbook that is read row by row; raise ImportRefused where there is none.

    Cells have the values that formulas had when it was saved, or, with `formulas`, these; unless
    it `has_texts`, only what stands around them can be read.
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
                said = f"the workbook unpacks to {unpacked:,} bytes; the limit is {MAX_UNPACKED:,}"
                raise refuse(said, path)
            check_parts(archive, path)
        return _opened(openpyxl.reader.excel, raw, formulas, has_texts)
    except BROKEN as error:
        raise refuse(
            "this XLSX workbook cannot be read", path, "Save it again, or as CSV."
        ) from error


def _opened(excel: Any, raw: bytes, formulas: bool, has_texts: bool) -> Any:
    """Return a workbook as `openpyxl.load_workbook` does, but for what takes long in it.

    That is the texts that its cells share, and how many rows its sheets have where they do not say.
    """
    reader = excel.ExcelReader(
        io.BytesIO(raw), read_only=True, data_only=not formulas, keep_links=False
    )

    def read_strings() -> None:
        part = reader.package.find(excel.SHARED_STRINGS)
        if part is not None and has_texts:
            with reader.archive.open(part.PartName[1:]) as source:
                reader.shared_strings = shared_texts(source)

    def read_worksheets() -> None:
        for sheet, part in reader.parser.find_sheets():
            if part.target not in reader.valid_files:
                continue
            if "chartsheet" in part.Type:
                reader.read_chartsheet(sheet, part)
                continue
            found = _unmeasured()(reader.wb, sheet.name, part.target, reader.shared_strings)
            found.sheet_state = sheet.state
            reader.wb._sheets.append(found)

    reader.read_strings, reader.read_worksheets = read_strings, read_worksheets
    reader.read()
    return reader.wb


@cache
def _unmeasured() -> Any:
    """Return the class of a sheet that is not read to its end to learn how large it is."""
    module: Any = importlib.import_module("openpyxl.worksheet._read_only")

    class Unmeasured(module.ReadOnlyWorksheet):  # type: ignore[misc]
        def _get_size(self) -> None:
            pass

    return Unmeasured


class Sheet(Struct):
    """A sheet of a workbook: its rows, what was noticed, and cells without a value."""

    name: str
    rows: list[CellRow]
    notes: list[str]
    faults: list[Fault]
    serial: str = "serial"
    """The format of days that are shown as numbers."""
    others: tuple[str, ...] = ()
    """The other sheets of the workbook."""


def read_sheet(raw: bytes, path: str, sheet: str | None) -> Sheet:
    """Return a sheet; where none is named, the first that is not hidden."""
    book = open_workbook(raw, path)
    try:
        names = _names(book)
        if not names or (sheet is not None and sheet not in names):
            listed = ", ".join(f"`{n}`" for n in names)
            if not names:
                raise refuse("the workbook has no sheet that can be read", path)
            raise refuse(
                f"the workbook has no sheet `{sheet}`{did_you_mean(sheet or '', names)}; "
                f"it has {listed}",
                path,
            )
        chosen = sheet or names[0]
        found = _read(book, chosen, path)
        found.others = tuple(n for n in names if n != chosen)
        if len(names) > 1:
            hidden = {s.title for s in book.worksheets if s.sheet_state != "visible"}
            others = ", ".join(
                f"`{shown(n)}`{' (hidden)' * (n in hidden)}" for n in names if n != chosen
            )
            found.notes.insert(0, f"sheet `{shown(chosen)}` is read; not read: {others}")
        return found
    except BROKEN as error:
        raise refuse(
            "this XLSX workbook cannot be read", path, "Save it again, or as CSV."
        ) from error
    finally:
        book.close()


def sheet_names(raw: bytes, path: str) -> dict[str, bool]:
    """Return the names of a workbook's sheets, hidden ones last, and whether each is hidden."""
    book = open_workbook(raw, path, has_texts=False)
    try:
        hidden = {s.title for s in book.worksheets if s.sheet_state != "visible"}
        return {name: name in hidden for name in _names(book)}
    finally:
        book.close()


def _names(book: Any) -> list[str]:
    sheets = sorted(book.worksheets, key=lambda s: s.sheet_state != "visible")
    return [s.title for s in sheets]


def _read(book: Any, name: str, path: str) -> Sheet:
    sheet = book[name]
    found = Sheet(name, [], [], [], "serial 1904" if book.epoch.year == 1904 else "serial")
    percents = {
        at
        for at, style in enumerate(book._cell_styles)
        if "%" in _format(book, style.numFmtId).split(";")[0]
    }
    signs = {
        at: sign
        for at, style in enumerate(book._cell_styles)
        if (sign := sign_in_format(_format(book, style.numFmtId, is_own=True)))
    }
    shape = Shape()
    unsaved: list[Fault] = []
    filled = 0
    for number, cells in rows(book, sheet, shape, path):
        if found.rows and number <= found.rows[-1].number:
            raise refuse(f"row {number} of the sheet is out of order", path, "Save it again.")
        row: list[Cell] = []
        for cell in cells:
            if cell.at >= MAX_COLUMNS:
                raise refuse(f"the sheet has more than {MAX_COLUMNS:,} columns", path)
            if cell.value is None:
                unsaved.append(Fault(number, cell.at, cell.formula, UNSAVED))
                continue
            while len(row) <= cell.at:
                row.append("")
            if cell.kind == "e":
                found.faults.append(Fault(number, cell.at, str(cell.value), ERROR))
            else:
                value = cell.value
                if type(value) is not str:
                    value = _cell(value, cell.style in percents)
                    if cell.style in signs:
                        value = _with_sign(value, signs[cell.style])
                if isinstance(value, str) and len(value) > MAX_CELL:
                    said = f"row {number}: a cell has more than {MAX_CELL:,} characters"
                    raise refuse(said, path)
                row[cell.at] = value
        while row and row[-1] == "":
            row.pop()
        if row:
            filled += len(row)
            _add(found, CellRow(number, number, row))
        if len(found.rows) > MAX_ROWS + 1:
            raise refuse(f"the sheet has more than {MAX_ROWS:,} rows", path)
        if filled > MAX_CELLS:
            raise refuse(f"the sheet has more than {MAX_CELLS:,} cells", path, "Split it.")
    found.faults += unsaved
    _fill(found, shape.ranges)
    found.notes += _hidden(shape, found.rows)
    return found


def _add(found: Sheet, row: CellRow) -> None:
    """Add a row, and the blank ones above it, as far as they are not beyond counting."""
    before = found.rows[-1].number if found.rows else 0
    if row.number - before - 1 > MOST_BLANK:
        found.notes.append(f"rows {before + 1:,} to {row.number - 1:,} are blank")
    else:
        found.rows += [CellRow(n, n, []) for n in range(before + 1, row.number)]
    found.rows.append(row)


def _format(book: Any, number: int, is_own: bool = False) -> str:
    """Return a format of numbers; where it `is_own`, none of those that every spreadsheet knows.

    These show the currency of whoever looks at them.
    """
    builtin: Any = importlib.import_module("openpyxl.styles.numbers")
    if number < builtin.BUILTIN_FORMATS_MAX_SIZE:
        return "" if is_own else str(builtin.BUILTIN_FORMATS.get(number, ""))
    own = number - builtin.BUILTIN_FORMATS_MAX_SIZE
    return str(book._number_formats[own]) if own < len(book._number_formats) else ""


def _fill(found: Sheet, ranges: list[tuple[int, int, int]]) -> None:
    """Let a cell that is merged over several rows say its value in each; an amount is said once."""
    known = {row.number: row for row in found.rows} if ranges else {}
    for at, first, last in ranges:
        if first not in known or at >= len(known[first].cells):
            continue
        value = known[first].cells[at]
        if value == "":
            continue
        is_year = isinstance(value, int) and 1900 <= value <= 2200
        if isinstance(value, (int, float)) and not is_year:
            found.notes.append(
                f"{letters(at)}{first} is merged down to row {last} and holds an amount, which is "
                f"counted in row {first} only"
            )
            continue
        for row in (known[n] for n in range(first + 1, last + 1) if n in known):
            row.cells += [""] * (at + 1 - len(row.cells))
            row.cells[at] = row.cells[at] if row.cells[at] != "" else value


def _hidden(shape: Shape, records: list[CellRow]) -> list[str]:
    """Say what is read though whoever looks at the sheet does not see it."""
    filled = {
        at
        for at in shape.hidden_columns
        if any(at < len(r.cells) and r.cells[at] != "" for r in records)
    }
    said: list[str] = []
    if shape.hidden_rows:
        listed = rows_text(shape.hidden_rows)
        said.append(f"hidden rows are read as well, also those that a filter hides: {listed}")
    if filled:
        listed = ", ".join(map(letters, sorted(filled)[:12])) + ("…" if len(filled) > 12 else "")
        said.append(f"hidden columns are read as well: {listed}")
    return said


def _with_sign(value: Cell, sign: str) -> Cell:
    """Return an amount with the currency that the format of its cell shows beside it."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or abs(value) >= 2**53:
        return value  # what no float holds keeps its digits
    priced = Priced(value)
    priced.sign = sign
    return priced


def _cell(value: Any, is_percent: bool) -> Cell:
    if isinstance(value, datetime.datetime):
        return value.date()
    if is_percent and isinstance(value, (int, float)) and not isinstance(value, bool):
        return Percent(Decimal(repr(value)) * 100)
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    if isinstance(value, (str, bool, int, float, datetime.date)):
        return value
    return str(value)

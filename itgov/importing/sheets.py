"""Reading a sheet of an XLSX workbook, by openpyxl, which is only imported here."""

from __future__ import annotations

import datetime
import importlib
import io
import struct
import zipfile
import zlib
from typing import Any

from itgov.importing.cells import MAX_CELL, MAX_COLUMNS, MAX_ROWS, Cell, CellRow
from itgov.importing.trouble import refuse
from itgov.model.text import did_you_mean

MAX_UNPACKED = 500 * 1024 * 1024
"""Most bytes that a workbook may unpack to."""

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


def read_sheet(raw: bytes, path: str, sheet: str | None) -> tuple[list[CellRow], list[str]]:
    """Return the rows of a sheet (the first, if none is named), and notes."""
    book = open_workbook(raw, path)
    try:
        names = [s.title for s in book.worksheets]
        if not names or (sheet is not None and sheet not in names):
            listed = ", ".join(f"`{n}`" for n in names) or "none"
            raise refuse(
                f"the workbook has no sheet `{sheet}`{did_you_mean(sheet or '', names)}; "
                f"it has {listed}",
                path,
            )
        chosen = sheet or names[0]
        notes = [f"sheet `{chosen}` of {len(names)}"] if len(names) > 1 else []
        return _rows(book[chosen], path), notes
    except BROKEN as error:
        raise refuse(
            "this XLSX workbook cannot be read", path, "Save it again, or as CSV."
        ) from error
    finally:
        book.close()


def _rows(sheet: Any, path: str) -> list[CellRow]:
    sheet.reset_dimensions()  # what the file says of its own size is often wrong
    rows: list[CellRow] = []
    for number, values in enumerate(sheet.iter_rows(values_only=True), start=1):
        if number > MAX_ROWS + 1:
            raise refuse(f"the sheet has more than {MAX_ROWS:,} rows", path)
        if len(values) > MAX_COLUMNS:
            raise refuse(f"the sheet has more than {MAX_COLUMNS:,} columns", path)
        cells = [_cell(v) for v in values]
        while cells and cells[-1] == "":
            cells.pop()
        if any(isinstance(c, str) and len(c) > MAX_CELL for c in cells):
            raise refuse(f"row {number}: a cell has more than {MAX_CELL:,} characters", path)
        rows.append(CellRow(number, number, cells))
    while rows and not rows[-1].cells:
        rows.pop()
    return rows


def _cell(value: Any) -> Cell:
    if value is None:
        return ""
    if isinstance(value, datetime.datetime):
        return value.date()
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    if isinstance(value, (str, bool, int, float, datetime.date)):
        return value
    return str(value)

"""The rows of files as they stand there, each read once for as long as somebody holds it."""

from __future__ import annotations

import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from itgov.importing.cells import MAX_BYTES, CellRow, Fault
from itgov.importing.file_kind import kind_of
from itgov.importing.layout import ERRORS
from itgov.importing.sheets import ERROR, read_sheet
from itgov.importing.text_tables import decode, read_text, separator_of
from itgov.importing.trouble import refuse

if TYPE_CHECKING:
    from itgov.importing.tables import SourceTable, Unsummed

KeyColumns = tuple[tuple[str, ...], ...]
"""Sets of columns, as `header_key` gives them: a row that fills all of one has an id."""


HowRead = tuple[bool, int, bool]
"""Whether the header was looked for, its row, and whether the table is turned."""


class TableSource(Struct, frozen=True):
    """How one file is to be read."""

    encoding: str = "auto"
    delimiter: str | None = None
    sheet: str | None = None
    header_row: int | None = None
    """The row that names the columns; looked for where it is not said."""
    transposed: bool = False
    columns: frozenset[str] = frozenset()
    """The columns that are read, as `header_key` gives them: the row that names them is the header."""

    fill_down: tuple[str, ...] = ()
    keys: KeyColumns = ()
    """The columns that make a row an investment of its own, whatever its figures."""
    headings: str = ""
    """The name of a column with the heading above each row, which the file has not; blank for none."""


class FileRows(Struct, weakref=True):
    """The rows of a file before any of them is taken for its header."""

    rows: list[CellRow]
    encoding: str
    notes: list[str]
    faults: list[Fault]
    serial: str = "serial"
    """The format of days that are shown as numbers."""
    sheet: str = ""
    """The sheet of a workbook that they are on."""
    other_sheets: tuple[str, ...] = ()
    separator: str = ""
    """What separates the cells of a text."""
    unsummed: dict[HowRead, Unsummed] = {}
    """The tables that were made of it with rows of sums."""
    tables: dict[tuple[bool, int, bool, KeyColumns], SourceTable] = {}
    """Those without, by their keys as well."""


_Key = tuple[str, int, int, str, str | None, str | None]
_in_use: weakref.WeakValueDictionary[_Key, FileRows] = weakref.WeakValueDictionary()
"""The files that were read, for as long as somebody holds a table of one."""
_held: list[list[FileRows]] = []


@contextmanager
def files_held() -> Iterator[None]:
    """Hold what is read meanwhile, so that a file which several mappings are tried on is read once."""
    _held.append([])
    try:
        yield
    finally:
        _held.pop()


def file_rows(path: Path, source: TableSource) -> FileRows:
    """Return the rows of a file; one that is in use, and has not changed, is not read again."""
    shown_path = path.as_posix()
    try:
        found = path.stat()
        if found.st_size > MAX_BYTES:
            said = f"the file has {found.st_size:,} bytes; the limit is {MAX_BYTES:,}"
            raise refuse(said, shown_path, "Split it.")
        how = (source.encoding, source.delimiter, source.sheet)
        key = (shown_path, found.st_mtime_ns, found.st_size, *how)
        known = _in_use.get(key)
        raw = path.read_bytes() if known is None else b""
    except OSError as error:
        raise refuse(f"the file cannot be read: {error.strerror or error}", shown_path) from error
    if known is None:
        known = _in_use[key] = _read(path, raw, source)
    for holder in _held:
        holder.append(known)
    return known


def _read(path: Path, raw: bytes, source: TableSource) -> FileRows:
    shown_path = path.as_posix()
    if not raw or raw.isspace():
        raise refuse("the file is empty", shown_path)
    if kind_of(path, raw) == "workbook":
        sheet = read_sheet(raw, shown_path, source.sheet)
        found = FileRows(
            sheet.rows, "xlsx", sheet.notes, sheet.faults, sheet.serial, sheet.name, sheet.others
        )
    else:
        text, encoding, notes = decode(raw, shown_path, source.encoding)
        del raw
        separator = source.delimiter or separator_of(text, shown_path)
        records, more = read_text(text, shown_path, separator)
        found = FileRows(records, encoding, [*notes, *more], [], separator=separator)
    found.faults += _emptied(found.rows)
    return found


def _emptied(records: list[CellRow]) -> list[Fault]:
    """Take out texts of white space, and those that a spreadsheet shows where a formula failed."""
    found: list[Fault] = []
    for record in records:
        cells = record.cells
        for at, cell in enumerate(cells):
            if type(cell) is not str or not (cell[:1] == "#" or cell[:1].isspace()):
                continue
            if cell.isspace():
                cells[at] = ""
            elif cell.strip().casefold() in ERRORS:
                found.append(Fault(record.number, at, cell.strip(), ERROR))
                cells[at] = ""
    return found


def transpose(records: list[CellRow], faults: list[Fault]) -> tuple[list[CellRow], list[Fault]]:
    """Return a table with its columns as rows."""
    width = max((len(r.cells) for r in records), default=0)
    turned = [
        CellRow(at + 1, at + 1, [r.cells[at] if at < len(r.cells) else "" for r in records])
        for at in range(width)
    ]
    return turned, [Fault(f.at + 1, f.row - 1, f.value, f.message) for f in faults]

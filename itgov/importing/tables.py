"""Reading a table: CSV in whatever encoding it has, or a sheet of an XLSX workbook.

A table is a header and rows of cells.  Nothing is interpreted here: a cell of a CSV file is text,
one of a workbook what the workbook says it is (text, number, date, true or false).
"""

from __future__ import annotations

import weakref
from collections.abc import Container
from pathlib import Path

from msgspec import Struct, structs

from itgov.importing.cells import (
    MAX_BYTES,
    MAX_COLUMNS,
    Cell,
    CellRow,
    Fault,
    is_blank,
)
from itgov.importing.day_order import day_order
from itgov.importing.file_kind import kind_of
from itgov.importing.fill_down import filled_down
from itgov.importing.joined_header import joined_header
from itgov.importing.layout import (
    ERRORS,
    Sign,
    decimal_sign,
    find_header,
    other_headers,
)
from itgov.importing.rows_apart import beside, notes_below, second_tables, units_row, unnamed
from itgov.importing.sheets import ERROR, read_sheet
from itgov.importing.text_tables import decode, read_text
from itgov.importing.total_rows import no_records
from itgov.importing.trouble import refuse, shown
from itgov.importing.units import says_unit, unit_in_name
from itgov.importing.values import key_of, one_line
from itgov.model.text import did_you_mean

_SHIFTED = "a separator in a cell without quotes?"


KeyColumns = tuple[tuple[str, ...], ...]
"""Sets of columns, as `header_key` gives them: a row that fills all of one has an id."""


class Unusable(Struct, frozen=True):
    """A row that holds no record, and why."""

    number: int
    reason: str
    row: CellRow | None = None
    """Its cells, where money may stand in them."""
    is_sum: bool = False
    """Whether its money is that of other rows, once more."""


class SourceTable(Struct):
    """One file's table.  `name` is the mapping's name for it, `path` the file as it was given."""

    name: str
    path: str
    headers: list[str]
    rows: list[CellRow]
    unusable: list[Unusable] = []
    encoding: str = ""
    notes: list[str] = []
    index: dict[str, int] = {}
    faults: list[Fault] = []
    """Cells that hold no value though something stands in them."""
    signs: dict[str, Sign] = {}
    orders: dict[str, list[str]] = {}
    scales: dict[str, int] = {}
    header_row: int = 1
    other_headers: dict[int, list[str]] = {}
    """Rows that could name the columns as well, where the row was looked for: number and cells."""
    read: Records | None = None
    """What it was made of, held so that the file need not be read again."""
    found: dict[str, int | None] = {}
    """Where columns stand that were asked for, by their names as they were given."""

    def position(self, column: str) -> int | None:
        """Return where a column stands; its name may differ in case and white space."""
        if column not in self.found:
            self.found[column] = self.index.get(header_key(column))
        return self.found[column]

    def column_cells(self, column: str) -> list[Cell]:
        """Return all cells of a column."""
        return [self.cell(row, column) for row in self.rows]

    def decimal(self, column: str) -> str:
        """Return what separates decimals in a column, told from all its cells, and note it."""
        key = header_key(column)
        if key not in self.signs:
            cells = self.column_cells(column)
            sign = decimal_sign(column, cells)
            if sign.decimal == "." and sign.note and "could be" in sign.note:
                others = {
                    decimal_sign(h, self.column_cells(h)).decimal
                    for h in self.headers
                    if h != column
                }
                sign = decimal_sign(column, cells, "," if "," in others else None)
            self.signs[key] = sign
            if sign.note:
                self.notes.append(sign.note)
        return self.signs[key].decimal

    def dates(self, column: str) -> list[str]:
        """Return the formats that a column's dates are in, told from all its cells, and note it."""
        key = header_key(column)
        if key not in self.orders:
            formats, said = day_order(self.column_cells(column)) if column else ([], "")
            self.orders[key] = formats
            if said:
                self.notes.append(f"column `{shown(column)}`: {said}")
        return self.orders[key]

    def scale(self, column: str) -> int | None:
        """Return what the row of units under the header says that a column's amounts count."""
        return self.scales.get(header_key(column))

    def note_own_unit(self, column: str, cell: Cell, scale: float | None) -> None:
        """Note once of a column that a cell says its unit itself, and so is not multiplied."""
        if scale is None or scale == 1 or not says_unit(cell):
            return
        begins = f"column `{shown(column)}`: a cell says"
        if not any(note.startswith(begins) for note in self.notes):
            self.notes.append(
                f"{begins} its unit itself, `{shown(one_line(cell))}`, and is read so; only cells "
                f"that do not are multiplied by {scale:,.12g}"
            )

    def cell(self, row: CellRow, column: str) -> Cell:
        """Return a cell; blank where the table has no such column or the row is short."""
        at = self.position(column)
        return row.cells[at] if at is not None and at < len(row.cells) else ""


def header_key(name: object) -> str:
    """Return a column's name without differences of case and white space."""
    return key_of(one_line(str(name)))


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


class Records(Struct, weakref=True):
    """The rows of a file before any of them is taken for its header."""

    rows: list[CellRow]
    encoding: str
    notes: list[str]
    faults: list[Fault]
    tables: dict[tuple[int | None, bool, KeyColumns], SourceTable] = {}
    """The tables that were made of it, by header row, whether it was turned, and its keys."""


_Key = tuple[str, int, int, str, str | None, str | None]
_in_use: dict[_Key, weakref.ref[Records]] = {}
"""The file that was read last, for as long as somebody holds a table of it."""


def read_table(name: str, path: Path, source: TableSource) -> SourceTable:
    """Read one file; raise ImportRefused where there is no table in it."""
    read = _records(path, source)
    how = (source.header_row, source.transposed, source.keys)
    if how not in read.tables:
        read.tables[how] = _made(path, source, read)
    made = read.tables[how]
    rows = filled_down(made.rows, list(map(made.position, source.fill_down)))
    return structs.replace(
        made, name=name, rows=rows, notes=list(made.notes), read=read, signs={}, found={}
    )


def _made(path: Path, source: TableSource, read: Records) -> SourceTable:
    """Return the table of a file, under a name to be replaced."""
    records, notes, faults = read.rows, list(read.notes), read.faults
    if source.transposed:
        records, faults = transpose(records, faults)
        notes.append("the table is turned: its columns are read as rows, counted from the left")
    header_row = source.header_row
    others: dict[int, list[str]] = {}
    if header_row is None:
        header_row = find_header(records, source.columns)
        rows = other_headers(records, header_row) if records else []
        others = {r.number: [one_line(c) for c in r.cells] for r in records if r.number in rows}
        if header_row > 1:
            notes.append(f"row {header_row} names the columns; what stands above is not read")
    if (joined := joined_header(records, header_row)) is not None:
        records, header_row = joined
        others = {}
        notes.append(f"rows {header_row - 1} and {header_row} name the columns together")
    table = _table(
        path.as_posix(),
        records,
        header_row=header_row,
        encoding=read.encoding,
        notes=notes,
        keys=source.keys,
    )
    table.header_row, table.other_headers = header_row, others
    table.faults = [f for f in faults if f.row > header_row]
    return table


def _records(path: Path, source: TableSource) -> Records:
    """Return the rows of a file; one that is in use, and has not changed, is not read again."""
    shown_path = path.as_posix()
    try:
        found = path.stat()
        if found.st_size > MAX_BYTES:
            said = f"the file has {found.st_size:,} bytes; the limit is {MAX_BYTES:,}"
            raise refuse(said, shown_path, "Split it.")
        how = (source.encoding, source.delimiter, source.sheet)
        key = (shown_path, found.st_mtime_ns, found.st_size, *how)
        known = _in_use[key]() if key in _in_use else None
        raw = path.read_bytes() if known is None else b""
    except OSError as error:
        raise refuse(f"the file cannot be read: {error.strerror or error}", shown_path) from error
    if known is None:
        known = _read(path, raw, source)
        _in_use.clear()
        _in_use[key] = weakref.ref(known)
    return known


def _read(path: Path, raw: bytes, source: TableSource) -> Records:
    shown_path = path.as_posix()
    if not raw or raw.isspace():
        raise refuse("the file is empty", shown_path)
    if kind_of(path, raw) == "workbook":
        sheet = read_sheet(raw, shown_path, source.sheet)
        found = Records(sheet.rows, "xlsx", sheet.notes, sheet.faults)
    else:
        text, encoding, notes = decode(raw, shown_path, source.encoding)
        del raw
        records, more = read_text(text, shown_path, source.delimiter)
        found = Records(records, encoding, [*notes, *more], [])
    found.faults += _errors(found.rows)
    return found


def transpose(records: list[CellRow], faults: list[Fault]) -> tuple[list[CellRow], list[Fault]]:
    """Return a table with its columns as rows."""
    width = max((len(r.cells) for r in records), default=0)
    turned = [
        CellRow(at + 1, at + 1, [r.cells[at] if at < len(r.cells) else "" for r in records])
        for at in range(width)
    ]
    return turned, [Fault(f.at + 1, f.row - 1, f.value, f.message) for f in faults]


def _errors(records: list[CellRow]) -> list[Fault]:
    """Take out the texts that a spreadsheet shows where a formula failed."""
    found: list[Fault] = []
    for record in records:
        for at, cell in enumerate(record.cells):
            if isinstance(cell, str) and cell[:1] == "#" and cell.strip().casefold() in ERRORS:
                found.append(Fault(record.number, at, cell.strip(), ERROR))
                record.cells[at] = ""
    return found


# -- header and rows -----------------------------------------------------------------------


def _table(
    path: str,
    records: list[CellRow],
    *,
    header_row: int,
    encoding: str,
    notes: list[str],
    keys: KeyColumns,
) -> SourceTable:
    head = next((r for r in records if r.number == header_row), None)
    if head is None:
        said = "the table has no rows" if not records else f"the table has no row {header_row}"
        raise refuse(said, path)
    headers = [one_line(c) for c in head.cells]
    if not any(headers):
        raise refuse(
            f"row {header_row} has no column names", path, "Set `header_row:` in the mapping."
        )
    if len(headers) > MAX_COLUMNS:
        raise refuse(f"the table has {len(headers):,} columns; the limit is {MAX_COLUMNS:,}", path)
    names = list(headers)
    index: dict[str, int] = {}
    for at, header in enumerate(headers):
        key = header_key(header)
        if key and key in index:
            names[at] = _numbered(header, index)
            notes.append(
                f"the column `{shown(header)}` is listed twice; this one is read as "
                f"`{shown(names[at])}`"
            )
            key = header_key(names[at])
        index.setdefault(key, at)
    rows = [row for row in records if row.number > header_row]
    unusable: list[Unusable] = []
    for row in rows:
        while len(row.cells) > len(headers) and is_blank(row.cells[-1]):
            row.cells.pop()
        if all(map(is_blank, row.cells)):
            unusable.append(Unusable(row.number, "blank row"))
    rows = [row for row in rows if not all(map(is_blank, row.cells))]
    scales: dict[str, int] = {}
    if rows and (units := units_row(rows[0].cells)) is not None:
        unusable.append(Unusable(rows[0].number, "the units of the columns"))
        scales = {header_key(names[at]): s for at, s in units.items() if at < len(headers)}
        told = [
            f"`{shown(headers[at])}` times {s:,}" for at, s in units.items() if at < len(headers)
        ]
        if told:
            notes.append(f"row {rows[0].number} gives units: {', '.join(told)}")
        rows = rows[1:]
    are_beside, said = beside(rows, len(headers), encoding == "xlsx")
    notes += [said] if said else []
    for row in rows:
        if len(row.cells) > len(headers) and row.number not in are_beside:
            reason = f"more cells than the header's {len(headers)}: {_SHIFTED}"
            unusable.append(Unusable(row.number, reason, row))
    shifted = {u.number for u in unusable}
    rows = [_within(r, len(headers)) for r in rows if r.number not in shifted]
    rows, apart = second_tables(rows, headers)
    apart += notes_below(rows)
    unusable += [
        Unusable(found.row.number, found.reason, found.row if found.may_hold_money else None)
        for found in apart
    ]
    rows = _without(rows, {found.row.number for found in apart})
    notes += unnamed(rows, headers)
    counts = {at: scales.get(header_key(h)) or unit_in_name(h) for at, h in enumerate(names)}
    places = [[index[c] for c in columns] for columns in keys if all(c in index for c in columns)]
    sums, said = no_records(rows, counts, places)
    notes += [said] if said else []
    unusable += [
        Unusable(row.number, found.reason, row, found.is_sure)
        for row in rows
        if (found := sums.get(row.number)) is not None
    ]
    rows = _without(rows, sums)
    return SourceTable("", path, names, rows, unusable, encoding, notes, index, scales=scales)


def _without(rows: list[CellRow], numbers: Container[int]) -> list[CellRow]:
    return [row for row in rows if row.number not in numbers]


def _within(row: CellRow, width: int) -> CellRow:
    """Return a row without what stands beside the table."""
    return row if len(row.cells) <= width else CellRow(row.number, row.line, row.cells[:width])


def _numbered(header: str, index: dict[str, int]) -> str:
    """Return the name of a column whose name is there already: with the first number that is free."""
    number = 2
    while header_key(f"{header} ({number})") in index:
        number += 1
    return f"{header} ({number})"


def no_column(column: str, table: SourceTable) -> str:
    """Return what to say of a column that a table does not have."""
    known = [h for h in table.headers if h]
    guess = did_you_mean(column, known)
    few = ", ".join(f"`{shown(h)}`" for h in known[:30])
    few += f" and {len(known) - 30:,} more" if len(known) > 30 else ""
    return f"{table.path} has no column `{shown(column)}`{guess}" + (
        "" if guess else f"; it has {few}"
    )

"""Reading a table: CSV in whatever encoding it has, or a sheet of an XLSX workbook.

A table is a header and rows of cells.  Nothing is interpreted here: a cell of a CSV file is text,
one of a workbook what the workbook says it is (text, number, date, true or false).
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from pathlib import Path

from msgspec import Struct

from itgov.importing.cells import (
    MAX_BYTES,
    MAX_CELL,
    MAX_COLUMNS,
    MAX_ROWS,
    Cell,
    CellRow,
    Fault,
    is_blank,
)
from itgov.importing.layout import (
    ERRORS,
    Sign,
    decimal_sign,
    find_header,
    other_headers,
    repeats_header,
    totals,
)
from itgov.importing.sheets import ERROR, read_sheet
from itgov.importing.trouble import ImportProblem, ImportRefused, refuse, shown
from itgov.importing.values import key_of, one_line
from itgov.model.text import did_you_mean

ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "cp1252", "latin-1")
_SEP = re.compile(r'"?sep=(.)"?[,;\t|]*\r?\n', re.IGNORECASE)
_DELIMITERS = ",;\t|"
_SHIFTED = "a separator in a cell without quotes?"


class Unusable(Struct, frozen=True):
    """A row that holds no record, and why."""

    number: int
    reason: str
    row: CellRow | None = None
    """Its cells, where money may stand in them."""


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
    header_row: int = 1
    other_headers: dict[int, list[str]] = {}
    """Rows that could name the columns as well, where the row was looked for: number and cells."""
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


def read_table(name: str, path: Path, source: TableSource) -> SourceTable:
    """Read one file; raise ImportRefused where there is no table in it."""
    shown_path = path.as_posix()
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise refuse(
                f"the file has {size:,} bytes; the limit is {MAX_BYTES:,}", shown_path, "Split it."
            )
        raw = path.read_bytes()
    except OSError as error:
        raise refuse(f"the file cannot be read: {error.strerror or error}", shown_path) from error
    suffix = path.suffix.casefold()
    faults: list[Fault]
    if suffix in (".xlsx", ".xlsm") or raw[:4] == b"PK\x03\x04":
        sheet = read_sheet(raw, shown_path, source.sheet)
        records, notes, faults = sheet.rows, sheet.notes, sheet.faults
        encoding = "xlsx"
    elif suffix in (".xls", ".ods", ".numbers") or raw[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise refuse(
            "this kind of file is not supported", shown_path, "Save it as .xlsx or as CSV."
        )
    else:
        text, encoding, notes = decode(raw, shown_path, source.encoding)
        faults = []
        records, more = _records(text, shown_path, source.delimiter)
        notes += more
    faults += _errors(records)
    if source.transposed:
        records, faults = transpose(records, faults)
        notes.append("the table is turned: its columns are read as rows, counted from the left")
    header_row = source.header_row
    others: dict[int, list[str]] = {}
    if header_row is None:
        header_row = find_header(records)
        rows = other_headers(records, header_row) if records else []
        others = {row: [one_line(c) for c in records[row - 1].cells] for row in rows}
        if header_row > 1:
            notes.append(f"row {header_row} names the columns; what stands above is not read")
    table = _table(name, shown_path, records, header_row=header_row, encoding=encoding, notes=notes)
    table.header_row, table.other_headers = header_row, others
    table.faults = [f for f in faults if f.row > header_row]
    return table


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


# -- text ----------------------------------------------------------------------------------


def decode(raw: bytes, path: str, encoding: str = "auto") -> tuple[str, str, list[str]]:
    """Return the text of a file, the encoding it is in, and what was noticed about it.

    Without a declared encoding: a byte order mark says it, else UTF-8 if the bytes are that, else
    Windows-1252, in which five bytes mean nothing and become U+FFFD.
    """
    if encoding != "auto":
        try:
            return raw.decode("utf-8-sig" if encoding == "utf-8" else encoding), encoding, []
        except UnicodeError as error:
            at = getattr(error, "start", 0)
            line = raw[:at].count(b"\n") + 1
            raise refuse(
                f"line {line} is not {encoding}: byte 0x{raw[at : at + 1].hex()}",
                path,
                "Delete `encoding` to have it detected.",
            ) from error
    if raw[:3] == b"\xef\xbb\xbf":
        return raw.decode("utf-8-sig", errors="replace"), "UTF-8 with BOM", []
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return raw.decode("utf-16", errors="replace"), "UTF-16", []
    try:
        return raw.decode("utf-8"), "UTF-8", []
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")
        lost = text.count("\ufffd")
        notes = [f"{lost} byte{'s' * (lost != 1)} that are not Windows-1252"] if lost else []
        return text, "Windows-1252", notes


def _records(text: str, path: str, delimiter: str | None) -> tuple[list[CellRow], list[str]]:
    notes: list[str] = []
    if (said := _SEP.match(text)) is not None:  # a spreadsheet reads this line and hides it
        delimiter = delimiter or said[1]
        records, notes = _records(text[said.end() :], path, delimiter)
        for record in records:
            record.line += 1
        return records, [*notes, f"the line `sep={shown(delimiter)}` says what separates cells"]
    if delimiter is None:
        delimiter = _delimiter(text)
    try:
        return _parse(text, delimiter, True), notes
    except csv.Error as error:
        if "field limit" in str(error) or "end of data" in str(error):
            raise _broken(text, path, delimiter, str(error)) from error
        notes.append(f"a quote inside a cell is not doubled ({error}); read as it is")
    try:
        return _parse(text, delimiter, False), notes
    except csv.Error as error:
        raise _broken(text, path, delimiter, str(error)) from error


def _parse(text: str, delimiter: str, strict: bool) -> list[CellRow]:
    previous = csv.field_size_limit(MAX_CELL)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=strict)
        rows: list[CellRow] = []
        line = 1
        for cells in reader:
            rows.append(CellRow(len(rows) + 1, line, list(cells)))
            line = reader.line_num + 1
            if len(rows) > MAX_ROWS + 1:
                raise csv.Error(f"more than {MAX_ROWS:,} rows")
        return rows
    finally:
        csv.field_size_limit(previous)


def _broken(text: str, path: str, delimiter: str, why: str) -> Exception:
    """Say at which row a text stops being a table."""
    previous = csv.field_size_limit(MAX_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows, line = 0, 1
    try:
        for _ in reader:
            rows, line = rows + 1, reader.line_num + 1
    except csv.Error:
        pass
    finally:
        csv.field_size_limit(previous)
    words, fix = why, "Split the file."
    if "field limit" in why:
        words, fix = f"a cell has more than {MAX_CELL:,} characters", "Is a quote missing there?"
    elif "end of data" in why:
        words, fix = "a quote opened in this row is never closed", "Close it, or delete it."
    return ImportRefused([ImportProblem(f"row {rows + 1}: {words}", path, line, None, fix)])


def _delimiter(text: str) -> str:
    """Return what separates the cells of the first lines: the character that cuts them alike."""
    best, most = ",", 0
    sample = text[:20_000]
    for candidate in _DELIMITERS:
        if candidate not in sample:
            continue
        try:
            widths = [len(r.cells) for r in _parse(sample, candidate, False)[:20]]
        except csv.Error:
            continue
        common, times = Counter(w for w in widths if w).most_common(1)[0]
        score = common * times if common > 1 else 0
        if score > most:
            best, most = candidate, score
    return best


# -- header and rows -----------------------------------------------------------------------


def _table(
    name: str,
    path: str,
    records: list[CellRow],
    *,
    header_row: int,
    encoding: str,
    notes: list[str],
) -> SourceTable:
    if len(records) < header_row:
        raise refuse(
            "the file has no rows" if not records else f"the file has no row {header_row}", path
        )
    headers = [one_line(c) for c in records[header_row - 1].cells]
    if not any(headers):
        raise refuse(
            f"row {header_row} has no column names", path, "Set `header_row:` in the mapping."
        )
    if len(headers) > MAX_COLUMNS:
        raise refuse(f"the table has {len(headers):,} columns; the limit is {MAX_COLUMNS:,}", path)
    index: dict[str, int] = {}
    for at, header in enumerate(headers):
        key = header_key(header)
        if key and key in index:
            notes.append(f"the column `{shown(header)}` is listed twice; the first is read")
        else:
            index[key] = at
    rows: list[CellRow] = []
    unusable: list[Unusable] = []
    for row in records[header_row:]:
        while len(row.cells) > len(headers) and is_blank(row.cells[-1]):
            row.cells.pop()
        if all(map(is_blank, row.cells)):
            unusable.append(Unusable(row.number, "blank row"))
        elif repeats_header(row.cells, headers):
            unusable.append(Unusable(row.number, "the header once more"))
        elif len(row.cells) > len(headers):
            unusable.append(
                Unusable(
                    row.number, f"more cells than the header's {len(headers)}: {_SHIFTED}", row
                )
            )
        else:
            rows.append(row)
    sums = {found.number: found for found in totals(rows)}
    unusable += [
        Unusable(row.number, found.reason, None if found.is_sure else row)
        for row in rows
        if (found := sums.get(row.number)) is not None
    ]
    rows = [row for row in rows if row.number not in sums]
    return SourceTable(name, path, headers, rows, unusable, encoding, notes, index)


def no_column(column: str, table: SourceTable) -> str:
    """Return what to say of a column that a table does not have."""
    known = [h for h in table.headers if h]
    guess = did_you_mean(column, known)
    few = ", ".join(f"`{shown(h)}`" for h in known[:30])
    return f"{table.path} has no column `{shown(column)}`{guess}" + (
        "" if guess else f"; it has {few}"
    )

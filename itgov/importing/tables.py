"""Reading a table: CSV in whatever encoding it has, or a sheet of an XLSX workbook.

A table is a header and rows of cells.  Nothing is interpreted here: a cell of a CSV file is text,
one of a workbook what the workbook says it is (text, number, date, true or false).
"""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct, structs

from itgov.importing.cells import (
    MAX_COLUMNS,
    Cell,
    CellRow,
    Fault,
    count_filled,
    is_blank,
    letters,
)
from itgov.importing.day_order import day_order
from itgov.importing.fill_down import filled_down, under_headings
from itgov.importing.joined_header import joined_header
from itgov.importing.layout import (
    Sign,
    decimal_sign,
    find_header,
    other_headers,
    records_above,
)
from itgov.importing.rows_apart import (
    amounts_without_name,
    beside,
    headings,
    notes_below,
    repeated_block,
    second_tables,
    units_row,
    unnamed,
    within,
    without,
)
from itgov.importing.table_files import (
    FileRows,
    HowRead,
    KeyColumns,
    TableSource,
    file_rows,
    transpose,
)
from itgov.importing.total_rows import Sums
from itgov.importing.trouble import refuse, shown
from itgov.importing.units import says_unit, unit_in_name
from itgov.importing.values import key_of, one_line

_SHIFTED = "a separator in a cell without quotes?"


class Unusable(Struct, frozen=True):
    """A row that holds no record, and why."""

    number: int
    reason: str
    row: CellRow | None = None
    """Its cells, where money may stand in them."""
    is_sum: bool = False
    """Whether its money is that of other rows, once more."""
    is_too_wide: bool = False
    """Whether it has figures in more cells than the header, so that none stands under a column for sure."""


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
    signs: dict[int | None, Sign] = {}
    """What separates decimals in columns, by their places, once that was asked."""
    said_decimal: str = ""
    """What separates decimals where no cell tells it, once that was answered."""
    orders: dict[int | None, list[str]] = {}
    """The formats of their dates, likewise."""
    scales: dict[int, int] = {}
    """What a row of units under the header says that the amounts of columns count."""
    nameless: list[str] = []
    """What columns of amounts are called here that have no name in the file."""
    headings: dict[int, str] = {}
    """Texts that stand alone in a row and name the rows under it, by the numbers of their rows."""
    header_row: int = 1
    first_header_row: int = 1
    """The first of two rows that name the columns together; else the only one."""
    other_headers: dict[int, list[str]] = {}
    """Rows that could name the columns as well, where the row was looked for: number and cells."""
    other_sheets: list[SourceTable] = []
    """Tables like it on other sheets of its workbook, which nothing reads."""
    read: FileRows | None = None
    """What it was made of, held so that the file need not be read again."""
    found: dict[str, int | None] = {}
    """Where columns stand that were asked for, by their names as they were given."""

    def position(self, column: str) -> int | None:
        """Return where a column stands; its name may differ in case and white space."""
        if column not in self.found:
            self.found[column] = self.index.get(header_key(column))
        return self.found[column]

    def is_same(self, other: SourceTable) -> bool:
        """Say whether a table is this one, read from the same rows in the same way."""
        return self.read is other.read and self.rows is other.rows

    def column_cells(self, column: str) -> list[Cell]:
        """Return all cells of a column."""
        at = self.position(column)
        if at is None:
            return [""] * len(self.rows)
        return [row.cells[at] if at < len(row.cells) else "" for row in self.rows]

    def decimal(self, column: str) -> str:
        """Return what separates decimals in a column, told from all its cells, and note it."""
        return self.decimal_sign(column).decimal

    def decimal_sign(self, column: str) -> Sign:
        """Return the same with what of it is open."""
        at = self.position(column)
        if at not in self.signs:
            cells = self.column_cells(column)
            sign = decimal_sign(column, cells)
            if (either := sign.either) and ("." in either or self.is_by_semicolon):
                others = {decimal_sign(h, self.column_cells(h)).decimal for h in self.headers}
                known = self.said_decimal or ("," if "," in others else "")
                by_separator = "," if "." in either and self.is_by_semicolon else None
                sign = decimal_sign(column, cells, known or by_separator)
                sign = structs.replace(sign, either="" if known else either)
            self.signs[at] = sign
            if sign.note:
                self.notes.append(sign.note)
        return self.signs[at]

    @property
    def is_by_semicolon(self) -> bool:
        """Whether `;` separates the cells, as where the comma separates decimals."""
        return self.read is not None and self.read.separator == ";"

    def take_decimal(self, said: str) -> None:
        """Let an answer say what separates decimals where no cell tells it; blank for none."""
        if said != self.said_decimal:
            self.said_decimal = said
            self.signs.clear()

    def dates(self, column: str) -> list[str]:
        """Return the formats that a column's dates are in, told from all its cells, and note it."""
        at = self.position(column)
        if at not in self.orders:
            serial = self.read.serial if self.read is not None else "serial"
            formats, said = day_order(self.column_cells(column), serial) if column else ([], "")
            self.orders[at] = formats
            if said:
                self.notes.append(f"column `{shown(column)}`: {said}")
        return self.orders[at]

    def scale(self, column: str) -> int | None:
        """Return what the row of units under the header says that a column's amounts count."""
        at = self.position(column)
        return None if at is None else self.scales.get(at)

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


class Unsummed(Struct):
    """A table with the rows that are sums of others still in it."""

    table: SourceTable
    sums: Sums


def read_table(name: str, path: Path, source: TableSource) -> SourceTable:
    """Read one file; raise ImportRefused where there is no table in it."""
    read = file_rows(path, source)
    how = (*_how(source, read), source.keys)
    if how not in read.tables:
        read.tables[how] = _without_sums(_unsummed(path, source, read), source.keys)
    made = read.tables[how]
    rows = filled_down(made.rows, list(map(made.position, source.fill_down)))
    notes = list(made.notes)
    if source.headings:
        rows = under_headings(rows, made.headings, len(made.headers))
        made = _with_column(made, source.headings)
        if not made.headings:
            notes.append(f"no row is a heading, so that `{shown(source.headings)}` is blank")
    return structs.replace(
        made, name=name, rows=rows, notes=notes, read=read, signs={}, orders={}, found={}
    )


def _how(source: TableSource, read: FileRows) -> HowRead:
    """Return what tells the tables of one file apart: the header that is found hangs on the columns
    that are wanted.
    """
    found = source.header_row
    if found is None:
        records = transpose(read.rows, [])[0] if source.transposed else read.rows
        found = find_header(records, source.columns)
    return source.header_row is None, found, source.transposed


def read_names(name: str, path: Path, source: TableSource) -> SourceTable:
    """Read the names of one file's columns, and none of its rows, to see what would read it."""
    read = file_rows(path, source)
    _, _, table = _named(path, source, read)
    table = _with_column(table, source.headings) if source.headings else table
    return structs.replace(table, name=name, read=read)


def _with_column(table: SourceTable, name: str) -> SourceTable:
    """Return a table with one more column, at the end; refuse a name that it has already."""
    if table.position(name) is not None:
        fix = "Give `headings` another name in the mapping."
        raise refuse(f"the table has a column `{shown(name)}` already", table.path, fix)
    index = {**table.index, header_key(name): len(table.headers)}
    return structs.replace(table, headers=[*table.headers, name], index=index, found={})


def _named(
    path: Path, source: TableSource, read: FileRows
) -> tuple[list[CellRow], list[Fault], SourceTable]:
    """Return the rows of a file, the faults in them, and a table that has its columns' names."""
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
    first = header_row
    if (joined := joined_header(records, header_row)) is not None:
        records, header_row = joined
        others, first = {}, header_row - 1
        notes.append(f"rows {header_row - 1} and {header_row} name the columns together")
    table = _with_names(path.as_posix(), records, header_row, read.encoding, notes)
    table.other_headers, table.first_header_row = others, first
    return records, faults, table


def _with_names(
    path: str, records: list[CellRow], header_row: int, encoding: str, notes: list[str]
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
    if (at := repeated_block(headers)) is not None:
        said = (
            f"a second table with the same columns stands beside the first, from {letters(at)} on"
        )
        raise refuse(
            said, path, "Put its rows under those of the first, or on a sheet of their own."
        )
    nameless = amounts_without_name(records, header_row, headers)
    for at in nameless:
        headers[at] = f"column {letters(at)}"
        notes.append(
            f"column {letters(at)} has no name and holds amounts; it is called `{headers[at]}`"
        )
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
    table = SourceTable("", path, names, [], encoding=encoding, notes=notes, index=index)
    table.header_row, table.nameless = header_row, [names[at] for at in nameless]
    return table


def _unsummed(path: Path, source: TableSource, read: FileRows) -> Unsummed:
    """Return the table of a file, under a name to be replaced."""
    how = _how(source, read)
    if how in read.unsummed:
        return read.unsummed[how]
    records, faults, table = _named(path, source, read)
    names, notes, width = table.headers, table.notes, len(table.headers)
    head = next(r for r in records if r.number == table.header_row)
    headers = [one_line(c) for c in head.cells]
    rows: list[CellRow] = []
    above = records_above(records, table.header_row, len(list(filter(None, headers))))
    unusable = [Unusable(r.number, "it stands above the names of the columns", r) for r in above]
    for row in records:
        if row.number <= table.header_row:
            continue
        while len(row.cells) > width and is_blank(row.cells[-1]):
            row.cells.pop()
        if count_filled(row.cells):
            rows.append(row)
        else:
            unusable.append(Unusable(row.number, "blank row"))
    scales: dict[int, int] = {}
    if rows and (units := units_row(rows[0].cells)) is not None:
        unusable.append(Unusable(rows[0].number, "the units of the columns"))
        scales = {at: s for at, s in units.items() if at < width}
        told = [f"`{shown(headers[at])}` times {s:,}" for at, s in units.items() if at < width]
        if told:
            notes.append(f"row {rows[0].number} gives units: {', '.join(told)}")
        rows = rows[1:]
    are_beside, said = beside(rows, width, read.encoding == "xlsx")
    notes += [said] if said else []
    for row in rows:
        if len(row.cells) > width and row.number not in are_beside:
            reason = f"more cells than the header's {width}: {_SHIFTED}"
            has_figures = any(c.isdigit() for cell in row.cells for c in str(cell))
            held = row if has_figures else None
            unusable.append(Unusable(row.number, reason, held, is_too_wide=has_figures))
    shifted = {u.number for u in unusable}
    rows = [within(r, width) for r in rows if r.number not in shifted]
    rows, apart = second_tables(rows, headers)
    over = headings(rows)
    table.headings = {found.row.number: found.heading for found in over}
    apart += [*notes_below(rows), *over]
    unusable += [
        Unusable(found.row.number, found.reason, found.row if found.may_hold_money else None)
        for found in apart
    ]
    table.rows = without(rows, {found.row.number for found in apart})
    notes += unnamed(table.rows, names)
    table.unusable, table.scales = unusable, scales
    table.faults = [f for f in faults if f.row > table.header_row]
    counts = {at: scales.get(at) or unit_in_name(h) for at, h in enumerate(names)}
    made = read.unsummed[how] = Unsummed(table, Sums(table.rows, counts))
    return made


def _without_sums(made: Unsummed, keys: KeyColumns) -> SourceTable:
    """Return a table without the rows that are sums of others."""
    table = made.table
    places = [[table.index[c] for c in cs] for cs in keys if all(c in table.index for c in cs)]
    sums, said = made.sums.no_records(places)
    unusable = [
        Unusable(row.number, found.reason, row, found.is_sure)
        for row in table.rows
        if (found := sums.get(row.number)) is not None
    ]
    return structs.replace(
        table,
        rows=without(table.rows, sums),
        unusable=[*table.unusable, *unusable],
        notes=[*table.notes, *([said] if said else [])],
    )


def _numbered(header: str, index: dict[str, int]) -> str:
    """Return the name of a column whose name is there already: with the first number that is free."""
    number = 2
    while header_key(f"{header} ({number})") in index:
        number += 1
    return f"{header} ({number})"

"""Reading an export that somebody may have edited: its tables, as cells, from whichever format it has."""

from __future__ import annotations

import csv
import datetime
import io
import sqlite3
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Literal

from msgspec import Struct

from itgov.importing.cells import MAX_BYTES, MAX_CELL, MAX_COLUMNS, Cell, letters
from itgov.importing.export.computed import FORMAT, LEFT_OUT, META, RECORDS, SCHEMA, all_tables
from itgov.importing.export.tables import Table
from itgov.importing.export.write_sqlite import MARK
from itgov.importing.export.write_xlsx import unescaped
from itgov.importing.formulas import unguarded
from itgov.importing.sheets import BROKEN, open_workbook
from itgov.importing.text_tables import decode
from itgov.importing.trouble import ImportRefused, refuse, shown
from itgov.model.text import did_you_mean

ExportFormat = Literal["csv", "xlsx", "sqlite"]
MAX_ROWS = 1_100_000
"""Most rows of a table that are read: what a page of a workbook can hold."""
MAX_TEXT = 4_000_000
"""Most bytes of a cell or a row of a database."""
_FEW_PAGES = 4
"""How many pages of a workbook may by chance be called as those of an export."""
_SQLITE = b"SQLite format 3\x00"
_ENDING = ".csv"


def _is_read(table: Table) -> bool:
    """Say whether something is taken from a table: what files say, and what is said of the export."""
    return table.is_taken_back or table.name in (META.name, RECORDS.name, LEFT_OUT.name)


class TakenRow(Struct):
    """One row of a table, as cells by column; a blank cell is an empty text."""

    number: int
    """As a spreadsheet counts it: the header is row 1."""
    cells: dict[str, Cell]


class Exported(Struct):
    """What an export says."""

    format: ExportFormat
    path: str
    meta: dict[str, str]
    tables: dict[str, list[TakenRow]]
    columns: dict[str, list[str]]
    """The columns that are there, by table."""
    notes: list[str]

    def where(self, table: str, column: str | None, number: int) -> str:
        """Return where a row or cell is, as its own program shows it."""
        at = self.columns[table].index(column) if column in self.columns.get(table, []) else None
        if self.format == "xlsx":
            return f"{table}!{letters(at if at is not None else 0)}{number}"
        what = f", column `{column}`" if column is not None else ""
        unit = f"{table}.csv: row" if self.format == "csv" else f"{table}: row"
        return f"{unit} {number}{what}"


def format_of(path: Path) -> ExportFormat | None:
    """Say which format an export at a path has; None where none is there."""
    try:
        if path.is_dir():
            with (path / f"{META.name}.csv").open("rb") as stream:
                return "csv" if FORMAT.encode() in stream.read(2000) else None
        if not path.is_file():  # a pipe is read only once, by whoever reads tables
            return None
        with path.open("rb") as stream:
            head = stream.read(100)
        if head.startswith(_SQLITE):
            return "sqlite" if int.from_bytes(head[68:72], "big") == MARK else None
        if head.startswith(b"PK\x03\x04"):
            return "xlsx" if _is_our_workbook(path) else None
    except OSError:
        pass
    return None


def _is_our_workbook(path: Path) -> bool:
    """Say whether a workbook has the pages of an export, by their names; nothing is unpacked but these."""
    try:
        with zipfile.ZipFile(path) as archive, archive.open("xl/workbook.xml") as part:
            text = part.read(200_000)
    except BROKEN:
        return False
    ours = sum(f'"{name}"'.encode() in text for name in all_tables())
    return f'"{META.name}"'.encode() in text and ours > _FEW_PAGES


def read_export(path: Path) -> Exported:
    """Return what an export says; raise ImportRefused where it is none or cannot be read."""
    found = format_of(path)
    if found is None:
        raise refuse("this is not an export of itgov", path.as_posix())
    exported = Exported(found, path.as_posix(), {}, {}, {}, [])
    if found == "csv":
        _read_folder(path, exported)
    else:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise refuse(
                f"the file has {size:,} bytes; the limit is {MAX_BYTES:,}", path.as_posix()
            )
        if found == "xlsx":
            _read_workbook(path, exported)
        else:
            _read_database(path, exported)
    exported.meta = {
        str(row.cells.get("key", "")): str(row.cells.get("value", ""))
        for row in exported.tables.get(META.name, [])
    }
    if exported.meta.get("format") != FORMAT:
        raise refuse("the table `meta` does not say that this is an export of itgov", exported.path)
    if exported.meta.get("schema") != str(SCHEMA):
        said = shown(exported.meta.get("schema", ""))
        raise refuse(
            f"this export has the schema `{said}`, and {SCHEMA} is read here",
            exported.path,
            "Use the version of itgov that wrote it.",
        )
    missing = [t.name for t in all_tables().values() if t.name not in exported.tables]
    if missing:
        exported.notes.append(
            f"tables that are missing, so nothing of them changes: {', '.join(missing)}"
        )
    return exported


def _take(
    exported: Exported, table: Table, header: list[str], rows: Iterable[tuple[int, list[Cell]]]
) -> None:
    """Take the rows of a table in, by the names of its columns."""
    known = {c.name for c in table.columns}
    names = [" ".join(name.split()) for name in header]
    for name in names:
        if name and name not in known:
            guess = did_you_mean(name, known)
            exported.notes.append(
                f"{table.name}: unknown column `{shown(name)}`{guess}; it was not read"
            )
    twice = sorted({n for n in names if n in known and names.count(n) > 1})
    if twice:
        raise refuse(f"the table `{table.name}` has the column `{twice[0]}` twice", exported.path)
    lacking = [c.name for c in table.columns if c.name not in names]
    if lacking and table.is_taken_back:
        exported.notes.append(f"{table.name}: columns that are missing: {', '.join(lacking)}")
    exported.columns[table.name] = names
    found: list[TakenRow] = []
    for number, cells in rows:
        if len(found) >= MAX_ROWS:
            raise refuse(f"the table `{table.name}` has more than {MAX_ROWS:,} rows", exported.path)
        row = {n: c for n, c in zip(names, cells, strict=False) if n in known}
        if any(c != "" for c in row.values()):
            found.append(TakenRow(number, row))
    exported.tables[table.name] = found


# -- CSV ---------------------------------------------------------------------------------------


def _read_folder(folder: Path, exported: Exported) -> None:
    for table in all_tables().values():
        path = folder / f"{table.name}{_ENDING}"
        if not path.is_file():
            continue
        if not _is_read(table):
            exported.tables[table.name] = []
            continue
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise refuse(
                f"the file has {size:,} bytes; the limit is {MAX_BYTES:,}", path.as_posix()
            )
        text, _, notes = decode(path.read_bytes(), path.as_posix())
        exported.notes += [f"{path.name}: {note}" for note in notes]
        delimiter = max(",;\t", key=text.split("\n", 1)[0].count)
        previous = csv.field_size_limit(MAX_CELL)
        try:
            reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
            header = [unguarded(cell) for cell in next(reader, [])]
            kind = str if delimiter == "," else LocalText
            rows: Iterator[tuple[int, list[Cell]]] = (
                (number, [kind(unguarded(cell)) for cell in row])
                for number, row in enumerate(reader, start=2)
            )
            _take(exported, table, header, rows)
        except csv.Error as error:
            raise refuse(f"this CSV file cannot be read: {error}", path.as_posix()) from error
        finally:
            csv.field_size_limit(previous)
    for path in sorted(folder.glob(f"*{_ENDING}")):
        if path.stem not in all_tables():
            exported.notes.append(f"{path.name} is not part of an export; it was not read")


# -- XLSX --------------------------------------------------------------------------------------


def _read_workbook(path: Path, exported: Exported) -> None:
    book = open_workbook(path.read_bytes(), path.as_posix(), formulas=True)
    tables = all_tables()
    try:
        for sheet in book.worksheets:
            table = tables.get(sheet.title)
            if table is None:
                exported.notes.append(
                    f"the page `{shown(sheet.title)}` is not part of an export; it was not read"
                )
                continue
            if not _is_read(table):
                exported.tables[table.name] = []
                continue
            sheet.reset_dimensions()  # what the file says of its own size is often wrong
            rows = sheet.iter_rows()
            header = [str(_cell(cell)) for cell in next(rows, [])]
            if len(header) > MAX_COLUMNS:
                raise refuse(f"the page `{table.name}` has too many columns", exported.path)
            _take(exported, table, header, _numbered(rows))
    except ImportRefused:
        raise
    except BROKEN as error:
        raise refuse(
            "this XLSX workbook cannot be read", path.as_posix(), "Save it again."
        ) from error
    finally:
        book.close()


def _numbered(rows: Iterable[Any]) -> Iterator[tuple[int, list[Cell]]]:
    for number, cells in enumerate(rows, start=2):
        yield number, [_cell(cell) for cell in cells]


class NoValue(str):
    """A cell in which a formula or an error stands: it says nothing, and is refused."""


class LocalText(str):
    """A text as somebody's spreadsheet wrote it, whose point may separate thousands."""


def _cell(cell: Any) -> Cell:
    value = cell.value
    if value is None:
        return ""
    if cell.data_type in ("e", "f"):
        return NoValue(getattr(value, "text", value))
    if isinstance(value, str):
        return LocalText(unescaped(value))
    if isinstance(value, datetime.datetime):
        return value.date() if value.time() == datetime.time() else value
    if isinstance(value, (bool, int, float, datetime.date)):
        return value
    return str(value)


# -- SQLite ------------------------------------------------------------------------------------


def _read_database(path: Path, exported: Exported) -> None:
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as database:
            database.execute("PRAGMA trusted_schema = OFF")
            database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_TEXT)
            there = dict(
                database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
            )
            for table in all_tables().values():
                if table.name not in there or "virtual" in str(there[table.name]).casefold()[:20]:
                    continue
                if not _is_read(table):
                    exported.tables[table.name] = []
                    continue
                # its name is our own
                rows = database.execute(f'SELECT * FROM "{table.name}"')  # noqa: S608
                header = [str(column[0]) for column in rows.description]
                _take(exported, table, header, _of_database(rows))
    except (sqlite3.Error, UnicodeError) as error:
        raise refuse(f"this database cannot be read: {error}", path.as_posix()) from error


def _of_database(rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[int, list[Cell]]]:
    for number, row in enumerate(rows, start=1):
        yield number, ["" if c is None or isinstance(c, bytes) else c for c in row]

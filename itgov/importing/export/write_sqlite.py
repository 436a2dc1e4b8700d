"""An export as an SQLite database: typed columns, keys, references and indices."""

from __future__ import annotations

import datetime
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

from itgov.importing.export.tables import ColumnKind, Table, Value

_TYPES: dict[ColumnKind, str] = {
    "text": "TEXT", "number": "REAL", "whole": "INTEGER", "day": "DATE", "truth": "BOOLEAN",
}  # fmt: skip
MARK = 0x69746776
"""The application id of the file: `itgv`."""


def write_sqlite(
    path: Path, tables: Iterable[tuple[Table, Iterator[list[Value]]]]
) -> dict[str, int]:
    """Write a database and return how many rows each table has.

    References are declared and not enforced: a portfolio may name somebody whom no file has.
    """
    counts: dict[str, int] = {}
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA journal_mode = OFF")
        database.execute("PRAGMA synchronous = OFF")
        database.execute(f"PRAGMA application_id = {MARK}")
        for table, rows in tables:
            database.execute(create(table))
            marks = ", ".join("?" * len(table.columns))
            before = database.total_changes
            database.executemany(
                f'INSERT INTO "{table.name}" VALUES ({marks})',  # noqa: S608
                ([_cell(v) for v in row] for row in rows),
            )
            counts[table.name] = database.total_changes - before
            for name in (
                c.name for c in table.columns if c.references and table.key[:1] != (c.name,)
            ):
                database.execute(f'CREATE INDEX "{table.name}_{name}" ON "{table.name}" ("{name}")')
        database.commit()
    return counts


def create(table: Table) -> str:
    """Return the statement that makes a table."""
    parts = [f'"{c.name}" {_TYPES[c.kind]}' for c in table.columns]
    if table.key:
        key = ", ".join(f'"{name}"' for name in table.key)
        parts.append(f"PRIMARY KEY ({key})")
    for column in table.columns:
        if column.references is not None:
            other = "person" if column.references == "relationship_managers" else "id"
            parts.append(
                f'FOREIGN KEY ("{column.name}") REFERENCES "{column.references}" ("{other}")'
            )
    body = ",\n  ".join(parts)
    return f'CREATE TABLE "{table.name}" (\n  {body}\n)'


def _cell(value: Value) -> str | float | int | None:
    if isinstance(value, datetime.date):
        return value.isoformat()
    return value  # type: ignore[no-any-return]

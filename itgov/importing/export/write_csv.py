"""An export as a folder of CSV files, one for each table."""

from __future__ import annotations

import csv
import datetime
from collections.abc import Iterable, Iterator
from pathlib import Path

from itgov.importing.export.rows import plain_number
from itgov.importing.export.tables import Table, Value
from itgov.importing.formulas import guarded


def write_csv(
    folder: Path, tables: Iterable[tuple[Table, Iterator[list[Value]]]]
) -> dict[str, int]:
    """Write a file for each table into a folder and return how many rows each has.

    UTF-8 with the mark that tells spreadsheets so; a text that could be a formula has an apostrophe
    before it.
    """
    counts: dict[str, int] = {}
    for table, rows in tables:
        path = folder / f"{table.name}.csv"
        count = 0
        with path.open("w", encoding="utf-8-sig", newline="") as stream:
            writer = csv.writer(stream, lineterminator="\r\n")
            writer.writerow([c.name for c in table.columns])
            for row in rows:
                writer.writerow([csv_cell(value) for value in row])
                count += 1
        counts[table.name] = count
    return counts


def csv_cell(value: Value) -> str:
    """Return a value as a cell of a CSV file."""
    if value is None:
        return ""
    if isinstance(value, str):
        return guarded(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime.date):
        return value.isoformat()
    return plain_number(value)

"""An export as a folder of CSV files, one for each table."""

from __future__ import annotations

import csv
import datetime
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO

from itgov.importing.export.rows import plain_number
from itgov.importing.export.tables import Table, Value
from itgov.importing.formulas import guarded

ENCODING = "utf-8-sig"
"""With the mark that tells spreadsheets that it is UTF-8."""


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
        with path.open("w", encoding=ENCODING, newline="") as stream:
            counts[table.name] = write_table(stream, [c.name for c in table.columns], rows)
    return counts


def write_table(stream: IO[str], titles: Sequence[str], rows: Iterable[Sequence[Value]]) -> int:
    """Write one table to a stream that leaves line ends alone, and return how many rows it has."""
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(titles)
    count = 0
    for count, row in enumerate(rows, start=1):  # noqa: B007 - the last is how many there are
        writer.writerow([v if v.__class__ in _AS_IT_IS else csv_cell(v) for v in row])
    return count


_AS_IT_IS = frozenset((type(None), int))
"""What `csv` writes as `csv_cell` does: most cells."""


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

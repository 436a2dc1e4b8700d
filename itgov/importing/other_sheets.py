"""Sheets of a workbook that hold a table like the one that is read, and are not read themselves."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path

from msgspec import structs

from itgov.importing.table_files import TableSource
from itgov.importing.tables import SourceTable, header_key, read_table
from itgov.importing.trouble import ImportRefused, shown

_YEAR = re.compile(r"(?:19|20)\d\d(?:\W\d\d)?\b")


def is_like(one: SourceTable, other: SourceTable) -> bool:
    """Say whether a table has most columns of another, so that it may as well be the one meant."""
    named = {of_any_year(h) for h in one.headers if h}
    return len(named & {of_any_year(h) for h in other.headers}) * 3 >= 2 * len(named)


def of_any_year(column: str) -> str:
    """Return a column's name without the year that it says: that of each year's sheet is the same."""
    return _YEAR.sub("0", header_key(column))


def like_sheets(
    table: SourceTable, source: TableSource, is_read: Collection[str]
) -> list[SourceTable]:
    """Return the tables like this one on the sheets of its workbook that are not read.

    Each carries its sheet in `path`.
    """
    found: list[SourceTable] = []
    for name in table.read.other_sheets if table.read is not None else ():
        if name in is_read:
            continue
        where = structs.replace(source, sheet=name, header_row=None)
        try:
            other = read_table(table.name, Path(table.path), where)
        except ImportRefused:  # there is no table on it
            continue
        if other.rows and is_like(table, other):
            found.append(structs.replace(other, path=f"{table.path}, sheet {shown(name)}"))
    return found

"""What a worksheet merges and hides, bounded by what a sheet can have."""

from __future__ import annotations

import re

from msgspec import Struct

from itgov.importing.cells import MAX_COLUMNS
from itgov.importing.trouble import refuse

TRUE = ("1", "true")
"""How an attribute of a sheet says yes."""

_RANGE = re.compile(r"([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})")
_COLUMN = re.compile(r"[A-Z]{1,3}")
_MOST_MERGED = 2_000_000
_MOST_HIDDEN = 20_000
"""More columns than a sheet has."""


class Shape(Struct):
    """What a sheet merges downwards, and what it hides."""

    ranges: list[tuple[int, int, int]] = []
    """Merged cells: column from 0, first and last row."""
    rows: int = 0
    hidden_rows: list[int] = []
    """Those in which something stands, as a filter leaves them too."""
    hidden_columns: set[int] = set()
    """From 0."""
    hidden: int = 0
    """How many columns were said to be hidden, those named again too."""

    def add(self, stated: str, path: str) -> None:
        """Note a range such as `A1:A4`."""
        match = _RANGE.fullmatch(stated)
        if match is None or int(match[4]) <= int(match[2]):
            return
        self.rows += int(match[4]) - int(match[2])
        if self.rows > _MOST_MERGED:
            raise refuse("the sheet merges more cells than are read", path, "Unmerge them.")
        self.ranges.append((column_of(match[1]), int(match[2]), int(match[4])))

    def hide(self, attributes: dict[str, str], path: str) -> None:
        """Note the columns that one element describes, where it hides them."""
        first, last = int(attributes.get("min", "0")), int(attributes.get("max", "0"))
        if attributes.get("hidden") in TRUE:
            described = range(max(first, 1) - 1, min(last, MAX_COLUMNS))
            self.hidden += len(described)
            if self.hidden > _MOST_HIDDEN:
                raise refuse("the sheet hides more columns than it can have", path, "Show them.")
            self.hidden_columns.update(described)


def column_of(name: str) -> int:
    """Return a column, from 0, that a spreadsheet calls so; raise ValueError where none is."""
    name = name.upper()
    if _COLUMN.fullmatch(name) is None:
        raise ValueError(name)
    at = 0
    for letter in name:
        at = at * 26 + ord(letter) - 64
    return at - 1

"""A row of cells, as a file has it, and the limits of what is read."""

from __future__ import annotations

import datetime

from msgspec import Struct


class Priced(float):
    """A number that its cell shows with a currency, which its format adds."""

    sign: str = ""


class Percent(float):
    """A number that its cell shows as a percentage: 65 for `65%`."""


Cell = str | int | float | bool | datetime.date

MAX_BYTES = 200 * 1024 * 1024
MAX_ROWS = 200_000
MAX_COLUMNS = 1_000
MAX_CELL = 100_000
MAX_CELLS = 5_000_000
MAX_LINE = 20_000_000
"""Limits of what is read; beyond them the table is refused with a message that names them."""

MOST_BLANK = 1_000
"""Most blank rows between two others that are counted one by one."""


class Fault(Struct, frozen=True):
    """A cell that holds no value though something stands in it: a failed formula, say."""

    row: int
    at: int
    """Its column, from 0."""
    value: str
    message: str

    @property
    def address(self) -> str:
        """Where a spreadsheet shows it, as in `C4`."""
        return f"{letters(self.at)}{self.row}"


def letters(at: int) -> str:
    """Return a column, from 0, as a spreadsheet names it."""
    name = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        name = chr(65 + rest) + name
    return name


def is_blank(cell: Cell) -> bool:
    """Say whether nothing stands in a cell, or only white space."""
    return cell == "" or (isinstance(cell, str) and cell.isspace())


def count_filled(cells: list[Cell]) -> int:
    """Return in how many cells of a row that was read something stands: what is blank is `""`."""
    return len(cells) - cells.count("")


class CellRow(Struct, gc=False):
    """One row: its number as in a spreadsheet, the line where it starts, and its cells."""

    number: int
    line: int
    cells: list[Cell]

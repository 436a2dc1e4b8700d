"""A row of cells, as a file has it, and the limits of what is read."""

from __future__ import annotations

import datetime

from msgspec import Struct

Cell = str | int | float | bool | datetime.date

MAX_BYTES = 200 * 1024 * 1024
MAX_ROWS = 200_000
MAX_COLUMNS = 1_000
MAX_CELL = 100_000
"""Limits of what is read; beyond them the table is refused with a message that names them."""


class CellRow(Struct, gc=False):
    """One row: its number as in a spreadsheet, the line where it starts, and its cells."""

    number: int
    line: int
    cells: list[Cell]

"""Blank cells that mean the cell above: rows under one another that name their unit once."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from itertools import pairwise

from itgov.importing.cells import CellRow, is_blank


def filled_down(rows: list[CellRow], columns: Iterable[int | None]) -> list[CellRow]:
    """Return rows whose blank cells in some columns say what the row above says."""
    known = [at for at in columns if at is not None]
    if not known:
        return rows
    found = [CellRow(row.number, row.line, list(row.cells)) for row in rows]
    for at in known:
        for above, row in pairwise(found):
            if at < len(above.cells) and (at >= len(row.cells) or is_blank(row.cells[at])):
                row.cells += [""] * (at + 1 - len(row.cells))
                row.cells[at] = above.cells[at]
    return found


def under_headings(rows: list[CellRow], headings: dict[int, str], at: int) -> list[CellRow]:
    """Return rows with the heading above them in one more cell; it is blank above the first."""
    numbers = sorted(headings)
    found: list[CellRow] = []
    for row in rows:
        above = bisect_left(numbers, row.number)
        cells = [*row.cells[:at], *([""] * (at - len(row.cells)))]
        cells.append(headings[numbers[above - 1]] if above else "")
        found.append(CellRow(row.number, row.line, cells))
    return found


def names_groups(cells: list[str]) -> bool:
    """Say whether a column names groups once each: the first row is filled, and no name comes again."""
    filled = [cell for cell in cells if cell]
    has_blanks = len(filled) < len(cells)
    return bool(cells and cells[0]) and has_blanks and 1 < len(filled) == len(set(filled))

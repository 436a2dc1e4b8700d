"""Tables for a terminal: drawn by tabulate, made to fit its columns and the letters of the world."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import zip_longest
from typing import Generic, TypeVar

from msgspec import Struct

from itgov.report.plain import cut
from itgov.report.source_line import columns_of

Row = TypeVar("Row")
LEAST = 12
"""Columns to which words are broken before a column of the table is left out."""
_GAP = 2
_TITLE, _HEAD = 40, 8
"""Most characters of a title that is broken, and the least columns of its lines."""
_PAINTED = re.compile(r"(\x1b\[[0-9;]*m)(.*)(\x1b\[0?m)", re.DOTALL)
_PARTS = re.compile(r"[^-]*-+|[^-]+")
_PAINT = re.compile(r"\x1b\[[0-9;]*m")
_FIRST, _FILLER = "\ue000", "\uf8ff"  # of private use: data show those spelt out
_STANDS_IN = re.compile(f"{_FIRST}{_FILLER}*")


class TextColumn(Struct, Generic[Row], frozen=True):
    """A column of a table for a terminal: its title, and what stands in a row's cell, safe to show.

    Where there is no space, the columns with the highest `drop` are left out first; 0 stays.
    """

    title: str
    cell: Callable[[Row], str]
    right: bool = True
    drop: int = 0
    broken: int | None = None
    """Columns from which its words are broken into lines, however much room there is."""

    def lines_of(self, row: Row) -> str:
        """Return a row's cell, in lines where it is to be broken."""
        cell = self.cell(row).strip()
        return cell if self.broken is None else _broken(cell, self.broken)


def draw(
    columns: Sequence[TextColumn[Row]],
    rows: Sequence[Row],
    width: int | None = None,
    *,
    bold: tuple[str, str] = ("", ""),
    whole: bool = False,
) -> list[str]:
    """Return a table's lines; `bold` switches the head's weight on and off.

    Where it is wider than `width`, words on the left side are broken into several lines, and
    columns are left out, which is said below the table.  With `whole`, no cell is broken, and
    columns go without a word.
    """
    cells = [
        [c.title.strip() for c in columns],
        *([c.lines_of(row) for c in columns] for row in rows),
    ]
    shown = list(range(len(columns)))
    if width is not None and _total([_natural(cells, i) for i in shown]) > width:
        shown, space = _fit_widths(columns, cells, width, whole)
        cells = [[_broken(row[i], space[i]) for i in shown] for row in cells]
    sizes = [_natural(cells, i) for i in range(len(shown))]
    rights = [columns[i].right for i in shown]
    parts = [list(zip_longest(*(c.split("\n") for c in row), fillvalue="")) for row in cells]
    lines = _aligned([part for row in parts for part in row], rights)
    head = len(parts[0])
    lines[:head] = [f"{bold[0]}{line}{bold[1]}" for line in lines[:head]]
    lines.insert(head, (" " * _GAP).join("-" * size for size in sizes))
    if len(shown) < len(columns) and not whole:
        left_out = (c.title for i, c in enumerate(columns) if i not in shown)
        lines.append(f"No room here for: {', '.join(left_out)}")
    return lines


def stacked(title: str) -> str:
    """Return a title broken at its words, so that its column is no wider than they make it."""
    words = cut(title, _TITLE).split()
    return _broken(" ".join(words), max(_HEAD, *map(columns_of, words))) if words else ""


def _aligned(rows: Sequence[Sequence[str]], rights: Sequence[bool]) -> list[str]:
    """Return the lines of rows whose cells are of one line each."""
    import tabulate  # costs more than most runs take; only for who reads a table

    put: list[str] = []

    def stand_in(cell: str) -> str:
        """Return what takes as many characters as a cell takes columns: tabulate counts those."""
        if cell.isascii() and cell.isprintable():
            return cell
        put.append(cell)
        return (_FIRST + _FILLER * _width(cell))[: _width(cell)] or _FIRST

    text = tabulate.tabulate(
        [[stand_in(cell) for cell in row] for row in rows],
        tablefmt="plain",
        colalign=["right" if right else "left" for right in rights],
        disable_numparse=True,  # an id such as `1e5` would be read as a number and rewritten
    )
    cells = iter(put)
    return [_STANDS_IN.sub(lambda _: next(cells), line).rstrip() for line in text.split("\n")]


def _natural(cells: Sequence[Sequence[str]], column: int) -> int:
    return max(_width(row[column]) for row in cells)


def _width(cell: str) -> int:
    return max(columns_of(line) for line in _PAINT.sub("", cell).split("\n"))


def _total(widths: Sequence[int]) -> int:
    return sum(widths) + _GAP * (len(widths) - 1)


def _fit_widths(
    columns: Sequence[TextColumn[Row]], cells: Sequence[Sequence[str]], width: int, whole: bool
) -> tuple[list[int], dict[int, int]]:
    """Return which columns are shown, and how wide each is."""
    shown = list(range(len(columns)))
    space: dict[int, int] = {}
    for index in shown:
        words = [cells[0][index]] if whole else cells[0][index].split()
        title = max(map(columns_of, words), default=0)
        space[index] = max(title, *(_width(row[index]) for row in cells[1:]), 1)
    least = {i: w if whole or columns[i].right else min(w, LEAST) for i, w in space.items()}
    for drop in sorted({c.drop for c in columns if c.drop}, reverse=True):
        if _total([least[i] for i in shown]) <= width:
            break
        shown = [i for i in shown if columns[i].drop != drop]
    while _total([space[i] for i in shown]) > width:
        widest = max(shown, key=lambda i: space[i] - least[i])
        if space[widest] <= least[widest]:
            break
        space[widest] -= 1
    return shown, space


def _broken(cell: str, space: int) -> str:
    """Return a cell broken into lines of so many columns, each painted as the whole was."""
    if _width(cell) <= space:
        return cell
    painted = _PAINTED.fullmatch(cell)
    before, text, after = painted.groups() if painted is not None else ("", cell, "")
    lines: list[str] = []
    line = ""
    for word in text.split():
        for piece in _pieces(word, space):
            longer = f"{line} {piece}" if line else piece
            if columns_of(longer) <= space:
                line = longer
            else:
                lines.append(line)
                line = piece
    return "\n".join(f"{before}{_no_command(part)}{after}" for part in (*lines, line))


def _no_command(line: str) -> str:
    """Return a line that no CI runner takes for a command: a break may put one at its start."""
    return f"<U+003A>{line[1:]}" if line.startswith("::") else line


def _pieces(word: str, space: int) -> list[str]:
    """Return the parts of a word that is too long: after its hyphens, else wherever it must be."""
    if columns_of(word) <= space:
        return [word]
    found, piece = [], ""
    for part in _PARTS.findall(word):
        for bit in [part] if columns_of(part) <= space else part:
            if piece and columns_of(piece + bit) > space:
                found.append(piece)
                piece = ""
            piece += bit
    return [*found, piece]

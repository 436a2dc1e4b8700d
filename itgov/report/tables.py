"""Tables for a terminal: drawn by tabulate, made to fit its columns and the letters of the world."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Generic, Literal, TypeVar

from msgspec import Struct

from itgov.report.source import columns_of

Row = TypeVar("Row")
Side = Literal["left", "right"]
LEAST = 12
"""Columns to which words are broken before a column of the table is left out."""
_GAP = 2
_PAINTED = re.compile(r"(\x1b\[[0-9;]*m)(.*)(\x1b\[0?m)", re.DOTALL)
_PARTS = re.compile(r"[^-]*-+|[^-]+")
_PAINT = re.compile(r"\x1b\[[0-9;]*m")
_FILLER, _FIRST = "\uf8ff", 0xE000  # of private use: data show those spelt out


class Drawn(Struct, frozen=True):
    """A table's lines, how many of them are its head, and the columns that had no room."""

    lines: list[str]
    head: int
    left_out: tuple[str, ...]


class TextColumn(Struct, Generic[Row], frozen=True):
    """A column of a table for a terminal: what stands in it, safe to show, and on which side.

    Where there is no room, those with the highest `drop` are left out first; 0 stays.
    """

    title: str
    cell: Callable[[Row], str]
    right: bool = True
    drop: int = 0


def draw_rows(
    columns: Sequence[TextColumn[Row]], rows: Sequence[Row], width: int | None
) -> list[str]:
    """Draw a table with as many of its columns as there is room for, none of them broken."""
    shown = list(columns)
    size = {c.title: max(map(columns_of, (c.title, *map(c.cell, rows)))) for c in columns}
    for column in sorted((c for c in columns if c.drop), key=lambda c: -c.drop):
        if width is None or _total([size[c.title] for c in shown]) <= width:
            break
        shown.remove(column)
    sides: list[Side] = ["right" if c.right else "left" for c in shown]
    cells = ([c.cell(row) for c in shown] for row in rows)
    return draw([c.title for c in shown], cells, sides).lines


def draw(
    headers: Sequence[str],
    rows: Iterable[Sequence[str]],
    sides: Sequence[Side],
    *,
    width: int | None = None,
    spare: Sequence[Sequence[int]] = (),
) -> Drawn:
    """Draw a table; every cell is safe to show already.

    Where it is wider than `width`, words on the left side are broken into several lines, and groups
    of columns of `spare` are left out, the first first, as far as that is needed.
    """
    import tabulate  # costs more than most runs take; only for who reads a table

    cells = [list(headers), *(list(row) for row in rows)]
    shown = list(range(len(headers)))
    if width is not None and _total([_natural(cells, i) for i in shown]) > width:
        shown, room = _room(cells, sides, width, spare)
        cells = [[_broken(row[i], room[i]) for i in shown] for row in cells]
    drawing = _Letters()
    usual = tabulate.MIN_PADDING
    tabulate.MIN_PADDING = 0  # two more columns around each title would be two for nothing
    try:
        # without `disable_numparse` an id such as `1e5` would be read as a number and rewritten
        text = tabulate.tabulate(
            [[drawing.put(c) for c in row] for row in cells[1:]],
            [drawing.put(c) for c in cells[0]],
            tablefmt="simple",
            colalign=[sides[i] for i in shown] if len(cells) > 1 else None,
            disable_numparse=True,
        )
    finally:
        tabulate.MIN_PADDING = usual
    lines = drawing.take(text).split("\n")
    head = next((i for i, line in enumerate(lines) if set(line) <= {"-", " "}), 0)
    left_out = tuple(" ".join(headers[i].split()) for i in range(len(headers)) if i not in shown)
    return Drawn(lines, head, left_out)


def _natural(cells: Sequence[Sequence[str]], column: int) -> int:
    return max(_width(row[column]) for row in cells)


def _width(cell: str) -> int:
    return max(columns_of(line) for line in _PAINT.sub("", cell).split("\n"))


def _total(widths: Sequence[int]) -> int:
    return sum(widths) + _GAP * (len(widths) - 1)


def _room(
    cells: Sequence[Sequence[str]],
    sides: Sequence[Side],
    width: int,
    spare: Sequence[Sequence[int]],
) -> tuple[list[int], dict[int, int]]:
    """Return which columns are shown, and how wide each is."""
    shown = list(range(len(sides)))
    room: dict[int, int] = {}
    for index in shown:
        title = max(columns_of(word) for word in (cells[0][index].split() or [""]))
        room[index] = max(title, *(_width(row[index]) for row in cells[1:]), 1)
    least = {i: min(w, LEAST) if sides[i] == "left" else w for i, w in room.items()}
    for group in spare:
        if _total([least[i] for i in shown]) <= width:
            break
        shown = [i for i in shown if i not in group]
    while _total([room[i] for i in shown]) > width:
        widest = max(shown, key=lambda i: room[i] - least[i])
        if room[widest] <= least[widest]:
            break
        room[widest] -= 1
    return shown, room


def _broken(cell: str, room: int) -> str:
    """Return a cell broken into lines of so many columns, each painted as the whole was."""
    if _width(cell) <= room:
        return cell
    painted = _PAINTED.fullmatch(cell)
    before, text, after = painted.groups() if painted is not None else ("", cell, "")
    lines: list[str] = []
    line = ""
    for word in text.split():
        for piece in _pieces(word, room):
            longer = f"{line} {piece}" if line else piece
            if columns_of(longer) <= room:
                line = longer
            else:
                lines.append(line)
                line = piece
    return "\n".join(f"{before}{part}{after}" for part in (*lines, line))


def _pieces(word: str, room: int) -> list[str]:
    """Return the parts of a word that is too long: after its hyphens, else wherever it must be."""
    if columns_of(word) <= room:
        return [word]
    found, piece = [], ""
    for part in _PARTS.findall(word):
        for bit in [part] if columns_of(part) <= room else part:
            if piece and columns_of(piece + bit) > room:
                found.append(piece)
                piece = ""
            piece += bit
    return [*found, piece]


class _Letters:
    """Letters that take two columns or none, as stand-ins that take as many as they are long."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}

    def put(self, text: str) -> str:
        """Return a text in which every stand-in takes one column."""
        if text.isascii() or columns_of(text) == len(text):
            return text
        found: list[str] = []
        for char in text:
            size = columns_of(char)
            if size == 0 and found:
                found[-1] += char
            else:
                found.append(char)
        return "".join(self._one(letter) for letter in found)

    def _one(self, letter: str) -> str:
        size = columns_of(letter)
        if size == len(letter) or len(self._known) >= ord(_FILLER) - _FIRST:
            return letter
        known = self._known.setdefault(letter, chr(_FIRST + len(self._known)))
        return known + _FILLER * (size - 1)

    def take(self, text: str) -> str:
        """Return a drawing with the letters themselves."""
        if not self._known:
            return text
        return text.translate(
            {ord(s): letter for letter, s in self._known.items()} | {ord(_FILLER): ""}
        )

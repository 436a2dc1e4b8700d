"""How wide the columns of a table are, which there is room for, and how a long name is cut."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from operator import itemgetter

from msgspec import Struct
from rich.cells import cell_len, set_cell_size

from itgov.report.figures import UNKNOWN
from itgov.report.plain import is_harmless
from itgov.tui.widgets.styled_text import Cell, safe, spans, text_of

_NOTHING = frozenset(["", UNKNOWN, "·"])
"""What stands in a cell that says nothing."""
_SHORTEST = 4
"""Columns of a terminal that a column keeps, however narrow the table."""
_REMEMBERED = 16
"""Widths of columns for which the cuts are remembered."""


def says_nothing(text: str) -> bool:
    """Say whether what stands in a cell stands for nothing."""
    return text.strip() in _NOTHING


class Column(Struct, frozen=True):
    """A column: `width` is its least, `flex` its share of what is left over.

    Where the cells were measured, `width` is the least of columns with `flex` only, which are whole up
    to `whole`; the others are as wide as their widest cell.  None is narrower than its title, which
    the room's own columns have space for in a terminal of 80 columns or more.

    Where there is no room, columns are left out, those without anything in any cell first, then
    those with the highest `drop`; 0 stays.
    """

    key: str
    title: str
    width: int
    flex: int = 0
    right: bool = False
    drop: int = 0
    whole: int = 0
    legend: tuple[str, ...] = ()
    """The signs that stand in its cells, each with its word: `("E error", "W warning")`."""


class Measured:
    """The cells of all rows, filtered out or not, column by column: so widths stay while one types.

    Of texts that begin alike, as far as a column is wide, `cut` keeps what tells them apart.
    """

    def __init__(self, cells: Iterable[Iterable[Cell]]) -> None:
        """Take the distinct cells of each column."""
        self._texts = [_texts(column) for column in cells]
        self._measure()

    def _measure(self) -> None:
        self.widths = [max(map(_length(some), some), default=0) for some in self._texts]
        self.empty = [_NOTHING.issuperset(map(str.strip, some)) for some in self._texts]
        self._cuts: dict[tuple[int, int], dict[str, str]] = {}

    def instead(self, index: int, cells: Iterable[Cell]) -> Measured:
        """Return the same with other cells in one column."""
        found = Measured(())
        found._texts = [*self._texts]
        found._texts[index] = _texts(cells)
        found._measure()
        return found

    def cut(self, index: int, text: str, width: int) -> str:
        """Return a text of a column as it stands in `width`: whole where its beginning is enough."""
        if cell_len(text) <= width:
            return text
        cuts = self._cuts.get((index, width))
        if cuts is None:
            if len(self._cuts) >= _REMEMBERED:
                self._cuts.clear()
            cuts = self._cuts[index, width] = _cuts(self._texts[index], width)
        return cuts.get(text, text)

    def shown(self, index: int, cell: Cell, width: int) -> Cell:
        """Return a cell of a column as it stands in `width`.

        Of one in several roles the end is cut, but for the role of what is marked in a name.
        """
        if len({role for _, role in spans(cell)} - {"match"}) > 1:
            return cell
        parts = [(safe(text), role) for text, role in spans(cell)]
        text = "".join(part for part, _ in parts)
        words = self.cut(index, text, width)
        if words == text:
            return cell
        head = _alike(words, text)
        letters = [(letter, role) for part, role in parts for letter in part]
        tail = letters[len(text) - max(len(words) - head - 1, 0) :]
        kept = [*letters[:head], ("…", letters[min(head, len(letters) - 1)][1]), *tail]
        return tuple(
            ("".join(letter for letter, _ in run), role)
            for role, run in groupby(kept, key=itemgetter(1))
        )


def _texts(cells: Iterable[Cell]) -> list[str]:
    """Return what distinct cells say, safe to show: looked at together where that is enough."""
    texts = {text_of(cell) for cell in cells}
    joined = " ".join(texts)
    simple = joined.isascii() and is_harmless(joined) and "::" not in joined
    return list(texts if simple else {safe(text) for text in texts})


def _length(texts: Iterable[str]) -> Callable[[str], int]:
    """Return what tells how many columns of a terminal each of some texts takes."""
    joined = "".join(texts)
    return len if joined.isascii() and joined.isprintable() else cell_len


def _cuts(texts: Iterable[str], width: int) -> dict[str, str]:
    """Return the texts that would look alike when their ends are cut off, each as it is cut instead."""
    groups: dict[str, list[str]] = {}
    for text in texts:
        if cell_len(text) > width:
            groups.setdefault(set_cell_size(text, width - 1), []).append(text)
    found: dict[str, str] = {}
    for group in groups.values():
        if len(group) > 1 and width > _SHORTEST:
            ends = [middle(text, width) for text in group]
            begin = _alike(min(group), max(group))
            parts = [_from(text, begin, width) for text in group]
            best = ends if len(set(ends)) >= len(set(parts)) else parts
            found.update(zip(group, best, strict=True))
    return found


def _alike(first: str, last: str) -> int:
    """Return how many letters two texts begin with alike: of the first and last, those of all between."""
    pairs = enumerate(zip(first, last, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(first), len(last)))


def middle(text: str, width: int) -> str:
    """Return the beginning and the end of a text that is wider than that; nothing where no cell is left."""
    if width < 1:
        return ""
    head = set_cell_size(text, (width - 1) // 2).rstrip()
    tail = ""
    left = width - 1 - cell_len(head)
    for letter in reversed(text):
        left -= cell_len(letter)
        if left < 0:
            break
        tail = letter + tail
    return f"{head}…{tail.lstrip()}"


def _from(text: str, begin: int, width: int) -> str:
    """Return the beginning of a text, and the text again from where it differs from others."""
    head = set_cell_size(text, (width - 1) // 2).rstrip()
    return f"{head}…{text[begin:]}"


def natural_width(column: Column, index: int, measured: Measured, sorted_by: str | None) -> int:
    """Return the width in which every cell of a column is whole, and its head."""
    return max(measured.widths[index], title_width(column, sorted_by))


def title_width(column: Column, sorted_by: str | None) -> int:
    """Return how wide the title of a column is, with the sign where it is sorted by."""
    return cell_len(column.title) + (column.key == sorted_by)


def lay_out(
    columns: Sequence[Column], width: int, measured: Measured | None, sorted_by: str | None
) -> list[tuple[int, int]]:
    """Return which columns there is room for, each with its width; `sorted_by` has a sign in its head."""
    least, whole = [], []
    for index, column in enumerate(columns):
        if measured is None:
            own = natural = column.width
        else:
            own = natural = natural_width(column, index, measured, sorted_by)
            if column.flex:
                head = title_width(column, sorted_by)
                own = min(natural, max(column.width, head, min(column.whole, natural)))
        least.append(own)
        whole.append(natural)
    shown = list(range(len(columns)))

    def spare() -> int:
        return width - sum(least[i] for i in shown) - max(len(shown) - 1, 0)

    def first_to_go(index: int) -> tuple[bool, int]:
        return measured is not None and measured.empty[index], columns[index].drop

    lacking = sum(whole) - sum(least)
    for index in sorted(shown, key=first_to_go, reverse=True):
        says_nothing = measured is not None and measured.empty[index]
        if spare() >= (lacking if says_nothing else 0):
            break
        if columns[index].drop:
            shown.remove(index)
    given = {i: least[i] for i in shown}
    left = _widen(columns, given, whole, spare()) if measured is not None else spare()
    if left > 0:
        flexes = sum(columns[i].flex for i in shown)
        for i in shown:
            given[i] += left * columns[i].flex // flexes if flexes else 0
    while left < 0 and given:  # narrower than even the last columns
        at = max(given, key=lambda i: (bool(columns[i].flex), given[i]))
        less = min(-left, given[at] - _SHORTEST)
        if less <= 0:
            break
        second = max((w for i, w in given.items() if i != at and columns[i].flex), default=0)
        less = min(less, max(given[at] - second, 1))
        given[at] -= less
        left += less
    return [(i, max(given[i], 1)) for i in shown]


def _widen(
    columns: Sequence[Column], given: dict[int, int], whole: Sequence[int], spare: int
) -> int:
    """Give columns what their widest cells lack, by their shares; return what is left over."""
    while spare > 0:
        short = [i for i in given if columns[i].flex and given[i] < whole[i]]
        if not short:
            break
        flexes = sum(columns[i].flex for i in short)
        each = [(i, min(spare * columns[i].flex // flexes, whole[i] - given[i])) for i in short]
        if not any(more for _, more in each):
            each = [(short[0], 1)]
        for i, more in each:
            given[i] += more
            spare -= more
    return spare

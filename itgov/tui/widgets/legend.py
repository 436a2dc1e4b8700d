"""What stands on the borders of a table: its title, and below the signs in it with their words."""

from __future__ import annotations

import sys
from abc import abstractmethod
from collections.abc import Iterable, Sequence
from itertools import islice

from rich.cells import cell_len
from textual.content import Content
from textual.widget import Widget

from itgov.tui.widgets.column_layout import Column, middle
from itgov.tui.widgets.styled_text import safe

_FOLDS = {False: "▸ closed", True: "▾ open"}
_BETWEEN = "  "
_SEEN = 500
"""Rows from the top that are looked at for groups."""
GUTTER = 2
"""Columns before the first cell of a table: the cursor's sign and the mark."""


class LegendBelow(Widget):
    """The part of a table that writes on its borders."""

    columns: tuple[Column, ...]
    marks: set[str]
    sorted_by: tuple[str, bool] | None
    _below = ""
    _spare = ""
    _written = ""
    titles: Sequence[str] = ()
    """What can stand on the upper border, the whole title first."""

    def write_above(self, titles: Sequence[str]) -> None:
        """Write on the upper border the first of some titles that there is room for, or the last."""
        self.titles = titles
        space = self.outer_size.width - 6 if self.outer_size.width else sys.maxsize
        fits = (title for title in map(safe, titles) if cell_len(title) <= space)
        self.border_title = Content(next(fits, safe(titles[-1])))

    def fit_borders(self) -> None:
        """Write on both borders what there is room for in another width."""
        if self.titles:
            self.write_above(self.titles)
        self.write_below()

    def _order(self, shown: Sequence[Column]) -> tuple[str, str]:
        """Return the sign of the sort order with its word; beside it by what, where that has no room."""
        if self.sorted_by is None:
            return "", ""
        column, down = self.sorted_by
        hidden = next((c.title for c in self.columns if c.key == column and c not in shown), "")
        if hidden:
            return "", f"sorted {'down ' if down else ''}by {hidden}"
        return "▼ sorted down" if down else "▲ sorted", ""

    @abstractmethod
    def lay_out_columns(self, space: int, sorted_by: str | None) -> list[tuple[int, int]]:
        """Return which columns there is room for, each with its width."""

    def folds(self) -> Iterable[bool | None]:
        """Return of each row whether it is open; None where there is nothing under it."""
        return ()

    def write_below(self, text: str | None = None, spare: str = "") -> None:
        """Write a text, or that before, and then the signs that are shown, each with its word.

        Of the signs as many as there is room for: that of the sort order, whose arrow stands in a
        heading, goes first.  By what a column without room sorts always stays; the text is cut in
        its middle for it.  What is `spare` stands before all, and only where there is room for it too.
        """
        if text is None and not self.border_title:  # it has no border to write on
            return
        if text is not None:
            self._below, self._spare = text, spare
        shown = self.columns
        if self.size.width:
            order = self.sorted_by[0] if self.sorted_by is not None else None
            width = self.scrollable_content_region.width or self.size.width
            places = self.lay_out_columns(width - GUTTER, order)
            shown = tuple([shown[index] for index, _ in places])
        legend = list(dict.fromkeys(part for column in shown for part in column.legend))
        there = set(islice(self.folds(), _SEEN))
        legend += [sign for opened, sign in _FOLDS.items() if opened in there]
        if self.marks:
            legend.append("✓ marked")
        sign, hidden = self._order(shown)
        space = self.outer_size.width - 6 if self.outer_size.width else sys.maxsize
        tail = [hidden] if hidden else []
        legend += [sign] if sign else []
        while legend and cell_len(_joined(self._below, [*legend, *tail])) > space:
            del legend[-1]
        room = space - (cell_len(hidden) + len(_BETWEEN) if hidden else 0)
        below = middle(self._below, room) if cell_len(self._below) > room else self._below
        words = _joined(below, [*legend, *tail])
        if self._spare and cell_len(f"{self._spare}{_BETWEEN}{words}") <= space:
            words = f"{self._spare}{_BETWEEN}{words}"
        written = safe(words)
        if written != self._written:
            self._written = written
            self.border_subtitle = Content(written)


def _joined(text: str, legend: Sequence[str]) -> str:
    return _BETWEEN.join(part for part in (text, " ".join(legend)) if part)

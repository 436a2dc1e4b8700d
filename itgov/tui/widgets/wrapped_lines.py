"""Lines of text wrapped to a width, of any number: how high each is, and any row of them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

from itgov.report.plain import is_harmless
from itgov.tui.widgets.styled_text import Line, Span, hang_of, wrap


class WrappedLines:
    """Lines as they are wrapped, each under its own beginning; a line is wrapped when it is drawn."""

    def __init__(self, lines: Sequence[Line] = (), width: int = 0) -> None:
        self.lines = lines
        self.width = width
        *self._starts, self.count = accumulate([_height(line, width) for line in lines], initial=0)
        """For each line the row that it begins on, and how many rows there are."""

    def row(self, index: int) -> list[Span]:
        """Return a row, counted from 0."""
        at = bisect_right(self._starts, index) - 1
        line = self.lines[at]
        if not line:
            return []
        return wrap(line, self.width, hang_of(line))[index - self._starts[at]]


def _height(line: Line, width: int) -> int:
    if sum([len(text) for text, _ in line]) <= width and all(
        text.isascii() and is_harmless(text) for text, _ in line
    ):
        return 1  # nearly all lines of a long page, of which few are ever drawn
    return len(wrap(line, width, hang_of(line)))

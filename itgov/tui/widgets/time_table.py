"""A table whose last column is a time axis, drawn for the width that the others leave."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from textual.message import Message

from itgov.tui.widgets.column_layout import Column, lay_out, natural_width
from itgov.tui.widgets.styled_text import Cell, Line, Span
from itgov.tui.widgets.table import Table

_FOLD = 3
"""Columns before the first cell of a tree, for the sign of a group that is open or closed."""


class TimeTable(Table, inherit_bindings=False):
    """A tree of rows with a time axis; left and right move the axis, and groups open by `enter`.

    `draw_axis` returns a row's part of the axis for a width, `axis_heading` the names above it; both
    are set before the first `show`.  `least` returns the width that the axis has in any case, of
    all that there is.  `signs` stand before the first cell of some rows, in two columns.
    """

    class Scrolled(Message):
        """The axis is to be moved by some periods."""

        def __init__(self, by: int) -> None:
            super().__init__()
            self.by = by

    def __init__(
        self,
        columns: Sequence[Column],
        *,
        least: Callable[[int], int],
        empty: str = "Empty.",
        id: str | None = None,
    ) -> None:
        super().__init__(columns, empty=empty, id=id)
        self.least = least
        self.draw_axis: Callable[[str, int], Line] = lambda row, width: ()
        self.signs: Mapping[str, Span] = {}
        self.axis_heading: Callable[[int], str] = lambda width: ""

    def lay_out_columns(self, space: int, sorted_by: str | None) -> list[tuple[int, int]]:
        """Give the other columns what their cells need, and the axis the rest."""
        others, measured = self.columns[:-1], self.measured
        lead = _FOLD if self.is_tree else 0
        found = lay_out(others, space - self.least(space) - 1 - lead, measured, sorted_by)
        if measured is not None:  # no wider than what stands in them
            found = [
                (i, min(width, natural_width(others[i], i, measured, sorted_by)))
                for i, width in found
            ]
        found = [(i, width + (lead if not i else 0)) for i, width in found]
        left = space - sum(width + 1 for _, width in found)
        return [*found, (len(others), max(left, 1))]

    def heading_of(self, index: int, broad: int) -> str:
        """Return what stands above a column: above the axis, its periods."""
        if index == len(self.columns) - 1:
            return self.axis_heading(broad)
        return super().heading_of(index, broad)

    def fold_sign(self, row: str, opened: bool | None) -> Span:
        """Return the sign of a row, else of a group that is open or closed."""
        sign, role = self.signs.get(row) or super().fold_sign(row, opened)
        return sign.ljust(_FOLD), role

    def cell_shown(self, row: str, index: int, cell: Cell, broad: int) -> Cell:
        """Return a cell for a width: of the axis, the row's line."""
        if index == len(self.columns) - 1:
            return self.draw_axis(row, broad)
        return super().cell_shown(row, index, cell, broad)

    def shape_of(self, row: str) -> tuple[int, bool | None]:
        """Return a row's depth: rows of a group lie in it, though they are not set in."""
        depth, opened = super().shape_of(row)
        return depth + (opened is None), opened

    def do_left(self) -> None:
        """Move the axis to earlier periods."""
        self.post_message(self.Scrolled(-1))

    def do_right(self) -> None:
        """Move the axis to later periods."""
        self.post_message(self.Scrolled(1))

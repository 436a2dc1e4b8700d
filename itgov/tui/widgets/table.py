"""A table of any length: it draws the rows that can be seen, and knows rows by their ids.

Textual's own DataTable measures every cell of every row, which takes over a second for ten
thousand rows; this one asks for a row's cells when it is drawn.  Cursor and marks are ids, so that
a filter, a sort or a new reading of the files never moves them to another row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

from rich.segment import Segment
from textual import events
from textual.geometry import Offset, Region, Size
from textual.message import Message
from textual.strip import Strip

from itgov.tui.widgets.column_layout import Column, Measured, lay_out
from itgov.tui.widgets.legend import GUTTER, LegendBelow
from itgov.tui.widgets.line_moves import LineMoves
from itgov.tui.widgets.row_list import RowList
from itgov.tui.widgets.styled_text import Cell, Span, StyledWidget, fit, highlighted, text_of

Cells = Callable[[str], tuple[Cell, ...]]
Shape = Callable[[str], tuple[int, bool | None]]
"""Depth of a row in a tree, and whether it is open; None where there is nothing under it."""


class Table(RowList, StyledWidget, LineMoves, LegendBelow, can_focus=True, inherit_bindings=False):
    """Rows of a list or a tree.

    `show` gives it the rows by id, in order.  It posts `Moved`, `Opened`, `Folded` and `Marked`,
    and `SortAsked` where a heading was clicked.
    """

    DEFAULT_CSS = "Table { height: 1fr; overflow-x: hidden; overflow-y: auto; }"

    class Moved(Message):
        """The cursor is on another row."""

        def __init__(self, table: Table, row: str | None) -> None:
            super().__init__()
            self.table = table
            self.row = row

        @property
        def control(self) -> Table:
            """The table."""
            return self.table

        def can_replace(self, message: Message) -> bool:
            """Only where the cursor is now matters."""
            return isinstance(message, Table.Moved) and message.table is self.table

    class Opened(Moved):
        """A row was chosen."""

    class Folded(Message):
        """A row of a tree is to be opened or closed; all of them where `row` is None."""

        def __init__(self, table: Table, row: str | None, opened: bool) -> None:
            super().__init__()
            self.table = table
            self.row = row
            self.opened = opened

        @property
        def control(self) -> Table:
            """The table."""
            return self.table

    class Marked(Moved):
        """The marks changed."""

    class SortAsked(Moved):
        """A heading was clicked; `row` is the column's key."""

    def __init__(
        self, columns: Sequence[Column], *, empty: str = "Empty.", id: str | None = None
    ) -> None:
        super().__init__(id=id)
        self.columns: tuple[Column, ...] = tuple(columns)
        self.empty = empty
        self.sorted_by: tuple[str, bool] | None = None
        """Column, and whether downwards: shown in the head."""
        self.led = False
        """Whether its cursor is moved from outside: it is drawn as if it had the keys."""
        self._cells: Cells = lambda row: ()
        self._shape: Shape | None = None
        self._wanted: Sequence[str] = ()
        self.measured: Measured | None = None  # how wide the cells are, once `measure` was given it
        self._layout: list[tuple[int, int]] = []
        self._laid_out_for: tuple[int, str | None] = 0, None
        self._strip = lru_cache(maxsize=512)(self._make_strip)

    # -- what is shown -----------------------------------------------------------------------

    def show(
        self,
        rows: Sequence[str],
        cells: Cells,
        *,
        shape: Shape | None = None,
        wanted: Sequence[str] = (),
        cursor: str | None = None,
    ) -> None:
        """Show rows; the cursor stays on its row, or goes to `cursor`, or as near as can be.

        `wanted` are texts in lower case to mark in the cells.
        """
        before = self.position
        self.rows, self._cells, self._shape, self._wanted = rows, cells, shape, wanted
        if self.marks:
            self.marks &= set(rows)
        self.refresh_rows()
        self.virtual_size = Size(self.size.width, max(len(rows), 1) + 1)
        keep = cursor if self.place_of(cursor) is not None else self.cursor
        if self.place_of(keep) is None:
            near = min(before or 0, len(rows) - 1)
            keep = rows[near] if rows else None
        self.set_reactive(Table.cursor, keep)
        self.write_below()
        self.post_message(self.Moved(self, keep))  # the same row may say something else now
        self._follow()

    def set_columns(self, columns: Sequence[Column]) -> None:
        """Show other columns; `show` is to give cells for them."""
        if tuple(columns) != self.columns:
            self.columns = tuple(columns)
            self.measured = None
            self._layout = []
            self.refresh_rows()

    def measure(self, measured: Measured) -> None:
        """Make the columns as wide as what stands in them; `show` is to follow."""
        self.measured = measured
        self._layout = []

    def refresh_rows(self) -> None:
        """Draw again what is shown: its cells, marks or styles have changed."""
        self._strip.cache_clear()
        self.refresh()

    def redraw(self, rows: Iterable[str]) -> None:
        """Draw some rows again, where they can be seen: what stands in them is another."""
        self._strip.cache_clear()
        top = round(self.scroll_offset.y)
        lines = [place - top + 1 for row in rows if (place := self.place_of(row)) is not None]
        seen = [line for line in lines if 0 < line < self.size.height]
        if seen:
            self.refresh(*(Region(0, y, self.size.width, 1) for y in seen))

    @property
    def hidden_columns(self) -> tuple[str, ...]:
        """The keys of the columns that there is no room for."""
        if not self._layout:  # not drawn yet
            return ()
        shown = {index for index, _ in self._layout}
        return tuple(c.key for index, c in enumerate(self.columns) if index not in shown)

    def folds(self) -> Iterable[bool | None]:
        """Return of each row whether it is open."""
        return (self.shape_of(row)[1] for row in self.rows) if self.is_tree else ()

    @property
    def is_tree(self) -> bool:
        """Whether rows can be opened and closed."""
        return self._shape is not None

    def cells_of(self, row: str) -> tuple[Cell, ...]:
        """Return what stands in a row, one for each column, those without room for them too."""
        return self._cells(row)

    def shape_of(self, row: str) -> tuple[int, bool | None]:
        """Return a row's depth in a tree, and whether it is open; None where nothing is under it."""
        return self._shape(row) if self._shape is not None else (0, None)

    def row_text(self, row: str) -> str:
        """Return a row as text, its cells with tabs between them."""
        return "\t".join(map(text_of, self._cells(row)))

    def marks_changed(self) -> None:
        """Say that other rows are marked."""
        self.write_below()
        self.post_message(self.Marked(self, self.cursor))

    def watch_cursor(self, before: str | None, row: str | None) -> None:
        """Follow the cursor, and say where it is."""
        if before == row or self.place_of(row) is None:
            return
        self._follow()
        places = (self.place_of(before), self.place_of(row))
        top = round(self.scroll_offset.y)
        lines = [p - top + 1 for p in places if p is not None and p >= top]
        self.refresh(*(Region(0, y, self.size.width, 1) for y in lines))  # a scroll draws the rest
        self.post_message(self.Moved(self, row))

    def _follow(self) -> None:
        place = self.position
        if place is None or not self.size.height:
            return
        top, height = round(self.scroll_offset.y), self.size.height - 1
        if place < top:
            self.scroll_to(y=place, animate=False)
        elif place >= top + height:
            self.scroll_to(y=place - height + 1, animate=False)
        self._place_terminal_cursor()

    def _place_terminal_cursor(self) -> None:
        """Put the terminal's own cursor on the row, for screen readers and braille lines."""
        place = self.position
        if place is not None and self.has_focus and self.is_mounted:
            row = place - round(self.scroll_offset.y) + 1
            self.app.cursor_position = Offset(self.content_region.x, self.content_region.y + row)

    # -- drawing -----------------------------------------------------------------------------

    def notify_style_update(self) -> None:
        """Draw again in the styles of another theme."""
        self._strip.cache_clear()
        super().notify_style_update()

    def on_resize(self, event: events.Resize) -> None:
        """Lay the columns out for another width."""
        self._layout = []
        self.virtual_size = Size(event.size.width, max(len(self.rows), 1) + 1)
        self._follow()
        self.fit_borders()

    def render_line(self, y: int) -> Strip:
        """Return a line of the screen: the head, then rows from where it is scrolled to."""
        width = self.size.width
        space = self.scrollable_content_region.width or width
        wanted = space, self.sorted_by[0] if self.sorted_by is not None else None
        if not self._layout or wanted != self._laid_out_for:  # a scroll bar comes without a resize
            self._laid_out_for = wanted
            self._layout = self.lay_out_columns(space - GUTTER, wanted[1])
            self._strip.cache_clear()
            self.call_later(self.write_below)  # the signs of the columns that are shown now
        if y == 0:
            return self._head(width)
        index = round(self.scroll_offset.y) + y - 1
        if index >= len(self.rows):
            if not self.rows and y == 1:
                return Strip(
                    self.segments(fit((("  " + self.empty, "muted"),), width)), width
                ).apply_style(self.base_style)
            return Strip.blank(width, self.base_style)
        row = self.rows[index]
        state = (2 if self.has_focus or self.led else 1) if row == self.cursor else 0
        return self._strip(row, width, state, row in self.marks)

    def _head(self, width: int) -> Strip:
        style = self.base_style + self.role_styles.head
        segments = [Segment(" " * GUTTER, style)]
        for index, broad in self._layout:
            parts = fit(self.heading_of(index, broad), broad, self.columns[index].right)
            segments += [Segment(text, style) for text, _ in parts]
            segments.append(Segment(" ", style))
        return Strip(segments).adjust_cell_length(width, style)

    def _make_strip(self, row: str, width: int, state: int, marked: bool) -> Strip:
        base = self.base_style
        if state:
            base += self.role_styles.cursor if state == 2 else self.role_styles.idle
        depth, opened = self._shape(row) if self._shape is not None else (0, None)
        parts: list[Span] = [("▌" if state else " ", ""), ("✓" if marked else " ", "strong")]
        cells = self._cells(row)
        spanned = 0
        for place, (index, width_of) in enumerate(self._layout):
            broad = width_of
            if place <= spanned and place:
                continue
            cell: Cell = cells[index] if index < len(cells) else ""
            shown: list[Span]
            if place == 0 and self._shape is not None:
                spanned, broad = self._span(cells, broad)
                fold, role = self.fold_sign(row, opened)
                lead = "  " * depth + fold
                shown = [(lead, role), *fit(cell, max(broad - len(lead), 1))]
            else:
                cell = self.cell_shown(row, index, cell, broad)
                shown = fit(cell, broad, self.columns[index].right)
            parts += highlighted(shown, self._wanted)
            parts.append((" ", ""))
        return Strip(self.segments(parts, base)).adjust_cell_length(width, base)

    def lay_out_columns(self, space: int, sorted_by: str | None) -> list[tuple[int, int]]:
        """Return which columns there is room for, each with its width."""
        return lay_out(self.columns, space, self.measured, sorted_by)

    def heading_of(self, index: int, broad: int) -> str:
        """Return what stands above a column that is `broad` columns of the terminal wide."""
        column = self.columns[index]
        if self.sorted_by is None or self.sorted_by[0] != column.key:
            return column.title
        return f"{column.title}{'▼' if self.sorted_by[1] else '▲'}"

    def fold_sign(self, row: str, opened: bool | None) -> Span:
        """Return what stands before the first cell of a row of a tree, in two columns."""
        return "  " if opened is None else "▾ " if opened else "▸ ", "muted"

    def cell_shown(self, row: str, index: int, cell: Cell, broad: int) -> Cell:
        """Return a cell whose text keeps what tells it from others that begin like it."""
        if self.measured is None or not self.columns[index].flex:
            return cell
        return self.measured.shown(index, cell, broad)

    def _span(self, cells: tuple[Cell, ...], broad: int) -> tuple[int, int]:
        """Return how far a group's name may reach over empty cells, and its width then."""
        last = 0
        for place, (index, width) in enumerate(self._layout[1:], 1):
            if index < len(cells) and cells[index]:
                break
            last, broad = place, broad + 1 + width
        return last, broad

    # -- keys and mouse ----------------------------------------------------------------------

    def _page_height(self) -> int:
        return max(self.size.height - 2, 1)

    def do_left(self) -> None:
        """Close the row, or go to the one above it."""
        if self._shape is None or self.cursor is None:
            return
        depth, opened = self._shape(self.cursor)
        if opened:
            self.post_message(self.Folded(self, self.cursor, False))
            return
        place = self.position or 0
        for index in range(place - 1, -1, -1):
            if self._shape(self.rows[index])[0] < depth:
                self._go(index)
                return

    def do_right(self) -> None:
        """Open the row, or go to the first one under it."""
        if self._shape is None or self.cursor is None:
            return
        opened = self._shape(self.cursor)[1]
        if opened is False:
            self.post_message(self.Folded(self, self.cursor, True))
        elif opened:
            self._by(1)

    def do_close_all(self) -> None:
        """Close every group."""
        self.post_message(self.Folded(self, None, False))

    def do_open_all(self) -> None:
        """Open every group."""
        self.post_message(self.Folded(self, None, True))

    def do_open(self) -> None:
        """Choose the row; a group opens or closes."""
        if self.cursor is not None:
            self.post_message(self.Opened(self, self.cursor))

    def on_click(self, event: events.Click) -> None:
        """Go to the row that was clicked; a second click opens it, one on the head sorts."""
        offset = event.get_content_offset(self)
        if offset is None:
            return
        if offset.y == 0:
            at = GUTTER
            for index, broad in self._layout:
                if at <= offset.x < at + broad:
                    self.post_message(self.SortAsked(self, self.columns[index].key))
                at += broad + 1
            return
        index = round(self.scroll_offset.y) + offset.y - 1
        if index >= len(self.rows):
            return
        again = self.rows[index] == self.cursor
        self._go(index)
        if again and event.chain > 1:
            self.do_open()

    def on_focus(self) -> None:
        """Show the cursor as the one that keys move."""
        self.refresh()
        self._place_terminal_cursor()

    def on_blur(self) -> None:
        """Show the cursor as one that waits."""
        self.refresh()

    def cursor_region(self) -> Region:
        """Return where the cursor's row is on the screen."""
        place = (self.position or 0) - round(self.scroll_offset.y) + 1
        region = self.content_region
        return Region(region.x, region.y + place, region.width, 1)

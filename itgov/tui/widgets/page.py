"""Text of any length in a pane: wrapped to its width, scrolled by the same keys as a table."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual import events
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from itgov.tui.widgets.line_moves import LineMoves
from itgov.tui.widgets.styled_text import Line, StyledWidget
from itgov.tui.widgets.wrapped_lines import WrappedLines


class Page(ScrollView, StyledWidget, LineMoves, can_focus=True, inherit_bindings=False):
    """Lines of text with roles.

    `show` gives it lines, or what makes them for a width; each is wrapped under its own beginning.
    """

    DEFAULT_CSS = """
    Page { height: 1fr; overflow-x: hidden; overflow-y: auto; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.lines: Sequence[Line] = ()
        self._make: Callable[[int], Sequence[Line]] | None = None
        self._wrapped = WrappedLines()
        self._width = 0

    def show(
        self, lines: Sequence[Line] | Callable[[int], Sequence[Line]], *, top: bool = True
    ) -> None:
        """Show lines, from the first one on unless `top` is False."""
        self._make = lines if callable(lines) else None
        self.lines = () if callable(lines) else lines
        self._wrap(force=True)
        if top:
            self.scroll_to(y=0, animate=False)
        self.refresh()

    @property
    def text(self) -> str:
        """What it says, as plain text."""
        return "\n".join("".join(text for text, _ in line) for line in self.lines)

    def _wrap(self, force: bool = False) -> None:
        for _ in range(2):  # what it takes may call for a scroll bar, beside which it is narrower
            width = self.scrollable_content_region.width or self.size.width
            if width == self._width and not force:
                return
            force = False
            self._width = width
            if not width:  # not shown: what it will be wrapped for is not known yet
                self._wrapped = WrappedLines()
                return
            if self._make is not None:
                self.lines = self._make(width)
            self._wrapped = WrappedLines(self.lines, width)
            self.virtual_size = Size(width, self._wrapped.count)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return how many lines it takes at a width, wrapped ones counted."""
        lines = self._make(width) if self._make is not None else self.lines
        return WrappedLines(lines, width).count

    def on_mount(self) -> None:
        """Wrap anew when a scroll bar takes columns, before it is drawn: the size stays the same."""
        self.watch(self, "show_vertical_scrollbar", self._scroll_bar_changed, init=False)

    def _scroll_bar_changed(self) -> None:
        self._wrap()

    def on_resize(self, event: events.Resize) -> None:
        """Wrap for another width."""
        self._wrap()
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Return a line of the screen."""
        width = self.size.width
        self._wrap()
        index = round(self.scroll_offset.y) + y
        if index >= self._wrapped.count:
            return Strip.blank(width, self.base_style)
        return Strip(self.segments(self._wrapped.row(index))).adjust_cell_length(
            width, self.base_style
        )

    def _by(self, lines: int) -> None:
        self.scroll_to(y=self.scroll_offset.y + lines, animate=False)

    def _to(self, bottom: bool) -> None:
        self.scroll_to(y=self._wrapped.count if bottom else 0, animate=False)

    def _page_height(self) -> int:
        return max(self.size.height - 1, 1)

"""What the tour says, above the view: as many lines as it takes."""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment
from textual import events
from textual.strip import Strip

from itgov.tui.widgets.styled_text import Line, Span, StyledWidget, wrap


class TourPanel(StyledWidget):
    """Shows lines while the tour runs; else it is not there."""

    DEFAULT_CSS = """
    TourPanel { height: 1; background: $panel; display: none; padding: 0 1; }
    TourPanel.-told { display: block; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._lines: Sequence[Line] = ()

    def tell(self, lines: Sequence[Line]) -> None:
        """Show lines, or hide it where there are none."""
        self._lines = lines
        self.set_class(bool(lines), "-told")
        self._take()

    @property
    def text(self) -> str:
        """What it says, as plain text."""
        return "\n".join("".join(text for text, _ in line) for line in self._lines)

    def _rows(self) -> list[list[Span]]:
        width = self.size.width or self.app.size.width - 2
        return [row for line in self._lines for row in wrap(line, width)]

    def _take(self) -> None:
        self.styles.height = max(len(self._rows()), 1)
        self.refresh()

    def on_resize(self, event: events.Resize) -> None:
        """Take as many lines as the text needs at another width."""
        self._take()

    def render_line(self, y: int) -> Strip:
        """Return a line of the screen."""
        rows = self._rows()
        segments = self.segments(rows[y]) if y < len(rows) else [Segment("", self.base_style)]
        return Strip(segments).adjust_cell_length(self.size.width, self.base_style)

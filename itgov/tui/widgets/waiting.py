"""What is there before the portfolio is: how far reading has come, or what keeps it from that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.strip import Strip

from itgov.tui.ink import Inked, Line, fit, wrap

if TYPE_CHECKING:
    from itgov.tui.load import Trouble


class Waiting(Inked):
    """A bar of progress while files are read; then, if it came to that, what is wrong."""

    can_focus = False

    def __init__(self) -> None:
        super().__init__()
        self._doing = "Opening the portfolio"
        self._done = 0.0
        self._lines: list[Line] | None = None

    def progress(self, doing: str, done: float) -> None:
        """Show how far it has come: what is being done, and the share that is, 0 to 1."""
        self._doing, self._done = doing, done
        self.refresh()

    def trouble(self, found: Trouble) -> None:
        """Say what is wrong, where, and what to do."""
        lines: list[Line] = [((found.title, "strong" if found.empty else "error"),), ()]
        lines += [((text, ""),) for text in found.lines[:200]]
        lines += [(), ((found.advice, "accent"),), (), (("R reads again   q quits", "muted"),)]
        self._lines = lines
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Return a line of the screen."""
        width = self.size.width
        if self._lines is not None:
            rows = [row for line in self._lines for row in (wrap(line, width, 2) or [[]])]
            parts = rows[y] if y < len(rows) else []
        elif y == 0:
            parts = fit(((f"{self._doing} …", "strong"),), width)
        elif y == 2:
            broad = max(min(width - 8, 48), 8)
            full = round(broad * self._done)
            parts = [
                ("█" * full, "accent"),
                ("░" * (broad - full), "muted"),
                (f" {self._done:4.0%}", ""),
            ]
        else:
            parts = []
        segments = self.segments(parts) or [Segment("", self.rich_style)]
        return Strip(segments).adjust_cell_length(width, self.rich_style)

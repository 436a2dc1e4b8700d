"""A bar of progress: while files are read, and while long work can still be left."""

from __future__ import annotations

from rich.segment import Segment
from textual.strip import Strip

from itgov.tui.widgets.styled_text import StyledWidget, fit


class ProgressBar(StyledWidget):
    """What is being done, and below it a bar of the share that is."""

    def __init__(self, doing: str) -> None:
        super().__init__()
        self.doing = doing
        self.done = 0.0

    def tell(self, doing: str, done: float) -> None:
        """Show what is being done now, and the share of it that is, 0 to 1."""
        self.doing, self.done = doing, done
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Return a line of the screen."""
        width = self.size.width
        parts = []
        if y == 0:
            parts = fit(((f"{self.doing} …", "strong"),), width)
        elif y == 2:
            broad = max(min(width - 8, 48), 8)
            full = round(broad * self.done)
            parts = [
                ("█" * full, "accent"),
                ("░" * (broad - full), "muted"),
                (f" {self.done:4.0%}", ""),
            ]
        segments = self.segments(parts) or [Segment("", self.base_style)]
        return Strip(segments).adjust_cell_length(width, self.base_style)

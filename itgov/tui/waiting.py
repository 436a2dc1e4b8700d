"""What is there before the portfolio is: how far reading has come, or what keeps it from that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.app import ComposeResult
from textual.containers import Container
from textual.content import Content
from textual.strip import Strip

from itgov.tui.keymap import Keymap
from itgov.tui.widgets.page import Page
from itgov.tui.widgets.styled_text import Line, StyledWidget, fit, safe

if TYPE_CHECKING:
    from itgov.tui.background.reading import Trouble


class Progress(StyledWidget):
    """A bar of progress."""

    def __init__(self) -> None:
        super().__init__()
        self.doing = "Opening the portfolio"
        self.done = 0.0

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


class Waiting(Container):
    """A bar of progress while files are read; then, if it came to that, what is wrong."""

    DEFAULT_CSS = """
    Waiting Progress { height: 1fr; padding: 2 4; }
    Waiting Page { display: none; padding: 1 3; }
    Waiting.-trouble Progress { display: none; }
    Waiting.-trouble Page { display: block; }
    """

    def compose(self) -> ComposeResult:
        """Make the bar and the page."""
        yield Progress()
        page = Page(id="trouble")
        page.add_class("pane")
        yield page

    def progress(self, doing: str, done: float) -> None:
        """Show how far it has come: what is being done, and the share that is, 0 to 1."""
        for bar in self.query(Progress):
            bar.doing, bar.done = doing, done
            bar.refresh()

    def trouble(self, found: Trouble, keys: Keymap) -> None:
        """Say what is wrong, where, and what to do."""
        page = self.query_one(Page)
        page.border_title = Content(safe(found.title))
        page.show(_lines(found, keys))
        self.add_class("-trouble")
        page.focus()


def _lines(found: Trouble, keys: Keymap) -> list[Line]:
    lines: list[Line] = []
    if not found.empty and len(found.lines) > 1:
        lines.append(((f"{len(found.lines):,} places", "muted"),))
    lines += [((text, "" if found.empty else "error"),) for text in found.lines]
    lines += [(), ((found.advice, "strong"),), ()]
    actions = [("reload", "read the files again"), ("quit", "quit")]
    if found.place is not None:
        actions.insert(0, ("editor", "open the first file in your editor"))
    if found.empty:
        actions[:0] = [
            ("init", "start a portfolio here: an organisation with one unit, rules and CI"),
            ("import", "import a table: a CSV or XLSX file that you have"),
            ("sample", "open the sample organisation"),
        ]
    for action, words in actions:
        key = keys.shown(action)
        if key:
            lines.append(((f"{key:>8}  ", "key"), (words, "")))
    return lines

"""Lines to read over the room: problems at the start, a text that could not be copied."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content

from itgov.tui.dialogs.searcher import Overlay
from itgov.tui.widgets.page import Page
from itgov.tui.widgets.styled_text import Line, safe


class Notes(Overlay):
    """Lines that can be scrolled; any key of leaving closes them."""

    def __init__(self, title: str, lines: Sequence[Line]) -> None:
        super().__init__()
        self.heading = title
        self.lines = lines

    def compose(self) -> ComposeResult:
        """Make the page and its foot."""
        with Vertical(classes="box") as box:
            box.border_title = Content(safe(self.heading))
            yield Page()
            yield self.foot(("enter", "close"), ("↑↓", "scroll"))

    def on_mount(self) -> None:
        """Show the lines."""
        page = self.query_one(Page)
        page.show(self.lines)
        page.focus()

    async def on_key(self, event: events.Key) -> None:
        """Scroll by the keys of the room, close by those that leave."""
        keys = self.home.keys
        page = self.query_one(Page)
        if event.key in ("enter", "escape", "q", *keys.of("back")):
            self.dismiss(None)
        else:
            moves = ("down", "up", "top", "bottom", "page-down", "page-up", "half-down", "half-up")
            move = next((m for m in moves if event.key in keys.of(m)), None)
            if move is None:
                return
            getattr(page, f"do_{move.replace('-', '_')}")()
        event.stop()
        event.prevent_default()

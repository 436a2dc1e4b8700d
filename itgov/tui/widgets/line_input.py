"""A line to type in."""

from __future__ import annotations

from textual import events
from textual.widgets import Input


class LineInput(Input):
    """A line to type in, whose cursor stands still; of several lines that are pasted none is lost."""

    def __init__(self, value: str = "", *, placeholder: str = "", id: str | None = None) -> None:
        super().__init__(value, placeholder=placeholder, id=id, compact=True)
        self.cursor_blink = False

    def on_paste(self, event: events.Paste) -> None:
        """Put pasted lines on one."""
        event.stop()
        event.prevent_default()
        self.insert_text_at_cursor(" ".join(event.text.split()))

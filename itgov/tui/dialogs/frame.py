"""The frame of whatever opens over the room: a title, a body, and which keys do what."""

from __future__ import annotations

from typing import TypeVar

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from itgov.tui.dialogs.modal import Modal
from itgov.tui.widgets.page import Page
from itgov.tui.widgets.styled_text import safe
from itgov.tui.widgets.table import Table

Given = TypeVar("Given")

_MOVES = {
    "up": "do_up", "down": "do_down", "pageup": "do_page_up", "pagedown": "do_page_down",
    "ctrl+p": "do_up", "ctrl+n": "do_down", "ctrl+u": "do_half_up", "ctrl+d": "do_half_down",
}  # fmt: skip


class Dialog(Modal[Given | None], inherit_bindings=False):
    """A box over the room.  Escape leaves it with None; its list moves while one types.

    A subclass composes its parts in `body`, and may give `width` and `hint`.
    """

    AUTO_FOCUS = "Input, Table, Page"
    DEFAULT_CSS = """
    Dialog > Vertical {
        width: 76; max-width: 96%; height: auto; max-height: 90%;
        background: $surface; border: round $edge-focus; padding: 0 1;
        border-title-color: $accent; border-title-style: bold;
    }
    Dialog > Vertical:ansi { border: heavy $edge-focus; }
    Dialog Input { border: none; height: 1; padding: 0; margin-bottom: 1; background: $panel; width: 1fr; }
    Dialog Input:focus { border: none; }
    Dialog .hint { color: $ink-muted; height: auto; margin-top: 1; }
    Dialog .problem { color: $error; height: auto; display: none; }
    Dialog .problem.-said { display: block; }
    Dialog Table { max-height: 20; min-height: 3; }
    """
    HINT = "enter chooses   esc leaves"

    def __init__(self, title: str, *, hint: str | None = None) -> None:
        super().__init__()
        self.heading = title
        self.hint = hint if hint is not None else self.HINT

    def compose(self) -> ComposeResult:
        """Make the frame around the body."""
        frame = Vertical(
            *self.body(),
            Static("", classes="problem", markup=False),
            Static(Content(self.hint), classes="hint"),
        )
        frame.border_title = Content(safe(self.heading))
        yield frame

    def body(self) -> list[Widget]:
        """Return the parts of the dialog."""
        return []

    def problem(self, text: str) -> None:
        """Say what is not right yet; nothing takes it away."""
        place = self.query_one(".problem", Static)
        place.update(Content(safe(text)))
        place.set_class(bool(text), "-said")

    def mover(self) -> Table | Page | None:
        """Return what the arrow keys move."""
        tables = self.query(Table)
        if tables:
            return tables.first()
        pages = self.query(Page)
        return pages.first() if pages else None

    def on_key(self, event: events.Key) -> None:
        """Leave, or move the list while the input has the keys."""
        if event.key == "escape":
            event.stop()
            event.prevent_default()
            self.dismiss(None)
            return
        mover = self.mover()
        move = _MOVES.get(event.key)
        if mover is not None and move is not None:
            event.stop()
            event.prevent_default()
            getattr(mover, move)()

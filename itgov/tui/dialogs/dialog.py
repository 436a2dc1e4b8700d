"""The frame of whatever opens over the room: a title, a body, what is wrong, and what the keys do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeVar, cast

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Input, Static

from itgov.tui.textual_private import Framed
from itgov.tui.widgets.bars import Bar, Piece
from itgov.tui.widgets.page import Page
from itgov.tui.widgets.styled_text import safe
from itgov.tui.widgets.table import Table

if TYPE_CHECKING:
    from itgov.tui.room_app import RoomApp

Given = TypeVar("Given")
KeyHint = tuple[str, str]
"""A key, and what it does."""

_FIXED = {
    "up": "up", "down": "down", "pageup": "page-up", "pagedown": "page-down",
    "ctrl+p": "up", "ctrl+n": "down", "ctrl+home": "top", "ctrl+end": "bottom",
}  # fmt: skip
"""The moves of keys that mean the same whatever the user's own keys are."""
_WHILE_TYPING = ("up", "down", "page-up", "page-down")
_MOVES = (*_WHILE_TYPING, "top", "bottom", "half-down", "half-up")


class Dialog(ModalScreen[Given | None], Framed[Given | None], inherit_bindings=False):
    """A box over the room, left with None by escape or a click beside it.

    A subclass returns its parts from `body`.  A `tall` one takes most of the screen, any other as
    much as its parts need; `width` is the most columns that it takes.  Its list or page moves by
    the keys of the room; while something is typed, by those that type nothing.
    """

    AUTO_FOCUS = "Input, Table, Page"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]
    SCOPED_CSS = False
    DEFAULT_CSS = """
    Dialog > .box { width: 96%; height: auto; max-height: 90%; padding: 0 1;
      background: $surface; border: round $edge-focus;
      border-title-color: $accent; border-title-style: bold; }
    Dialog:ansi > .box { border: heavy $edge-focus; }
    Dialog.-tall > .box { height: 84%; padding: 0; }
    Dialog.-narrow.-tall > .box { width: 100%; height: 100%; max-height: 100%; }
    Dialog Input { border: none; height: 1; padding: 0; background: $panel; width: 1fr; }
    Dialog Input:focus { border: none; }
    Dialog Table { height: auto; max-height: 20; min-height: 3; }
    Dialog Page { height: auto; max-height: 70vh; min-height: 2; }
    Dialog.-tall Table, Dialog.-tall Page { height: 1fr; max-height: 100%; }
    Dialog .problem { color: $error; height: auto; display: none; }
    Dialog .problem.-said { display: block; }
    Dialog .keys { height: 1; margin-top: 1; }
    Dialog.-tall .keys { margin-top: 0; background: $head; }
    """
    KEYS: Sequence[KeyHint] = (("enter", "choose"), ("↑↓", "move"), ("esc", "cancel"))

    def __init__(
        self,
        title: str,
        *,
        keys: Sequence[KeyHint] | None = None,
        width: int = 76,
        tall: bool = False,
    ) -> None:
        super().__init__()
        self.heading = title
        self.key_hints = self.KEYS if keys is None else keys
        self.width = width
        self.set_class(tall, "-tall")

    @property
    def home(self) -> RoomApp:
        """The room that this lies over."""
        return cast("RoomApp", self.app)

    def compose(self) -> ComposeResult:
        """Make the frame around the body."""
        keys = Bar()
        keys.add_class("keys")
        keys.show([Piece(((f" {key}", "key"), (f" {does} ", ""))) for key, does in self.key_hints])
        problem = Static("", classes="problem", markup=False)
        box = Vertical(*self.body(), problem, keys, classes="box")
        box.styles.max_width = self.width
        box.border_title = Content(safe(self.heading))
        yield box

    def body(self) -> list[Widget]:
        """Return the parts of the dialog."""
        return []

    def problem(self, text: str) -> None:
        """Say what is wrong, until it is said of nothing."""
        place = self.query_one(".problem", Static)
        place.update(Content(safe(text)))
        place.set_class(bool(text), "-said")

    def leave(self) -> None:
        """Leave it without an answer."""
        self.dismiss(None)

    def take_key(self, event: events.Key) -> bool:
        """Do what a key means here; return whether it means anything."""
        typing = isinstance(self.focused, Input)
        keys = self.home.keys
        if event.key == "escape" or (not typing and event.key in keys.of("back")):
            self.leave()
            return True
        move = _FIXED.get(event.key)
        if move is None and not (typing and event.is_printable):
            moves = _WHILE_TYPING if typing else _MOVES
            move = next((name for name in moves if event.key in keys.of(name)), None)
        mover = next(iter((*self.query(Table), *self.query(Page))), None)
        if move is None or mover is None:
            return False
        getattr(mover, f"do_{move.replace('-', '_')}")()
        return True

    def on_key(self, event: events.Key) -> None:
        """Take a key before the room does."""
        if self.take_key(event):
            event.stop()
            event.prevent_default()

    def on_click(self, event: events.Click) -> None:
        """Leave when what lies around is clicked."""
        if event.widget is self:
            self.leave()

    def on_bar_chosen(self, event: Bar.Chosen) -> None:
        """Do nothing: what is named here are keys."""
        event.stop()

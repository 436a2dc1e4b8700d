"""A short list over the room, to choose one thing of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec import Struct
from textual import events
from textual.app import ComposeResult
from textual.content import Content
from textual.screen import ModalScreen

from itgov.tui.actions import BY_ID
from itgov.tui.ink import Cell, Line, safe
from itgov.tui.widgets.table import Column, Table

if TYPE_CHECKING:
    from itgov.tui.app import ReviewRoom

_MOVES = ("down", "up", "top", "bottom", "page-down", "page-up", "half-down", "half-up", "open")
_COLUMNS = (Column("number", "", 1), Column("name", "", 10, flex=1), Column("note", "", 6))


class Option(Struct, frozen=True):
    """One of the things to choose: what is returned, its name, and a word beside it."""

    key: str
    name: str
    note: Line = ()


class Pick(ModalScreen[str | None], inherit_bindings=False):
    """Options under a title; it ends with the key of one, or with None.

    The keys that move in the room's lists move here too, and a digit chooses at once.
    """

    SCOPED_CSS = False
    DEFAULT_CSS = """
    Pick Table { width: 44; max-width: 90%; max-height: 80%; border: round $edge-focus;
      border-title-color: $accent; border-title-style: bold; border-subtitle-color: $ink-muted; }
    """

    def __init__(self, title: str, options: Sequence[Option], current: str | None = None) -> None:
        super().__init__()
        self._heading = title
        self._options = {option.key: option for option in options}
        self._current = current

    def compose(self) -> ComposeResult:
        """Make the list."""
        yield Table(_COLUMNS, id="pick")

    @property
    def table(self) -> Table:
        """The list."""
        return self.query_one(Table)

    def on_mount(self) -> None:
        """Show the options, the cursor on the current one."""
        table = self.table
        table.border_title = Content(safe(self._heading))
        table.border_subtitle = Content("enter or a digit chooses, esc leaves")
        table.styles.height = len(self._options) + 3
        table.show(list(self._options), self._cells, cursor=self._current)
        table.focus()

    def _cells(self, row: str) -> tuple[Cell, ...]:
        option = self._options[row]
        place = list(self._options).index(row) + 1
        return ((((str(place) if place < 10 else " "), "key"),), option.name, option.note)

    def on_key(self, event: events.Key) -> None:
        """Move, choose or leave, by the keys of the room."""
        event.stop()
        event.prevent_default()
        key = event.key
        if key.isdigit() and 1 <= int(key) <= len(self._options):
            self.dismiss(list(self._options)[int(key) - 1])
            return
        keys = self._home.keys
        if key == "escape" or key in keys.of("back") or key in keys.of("quit"):
            self.dismiss(None)
            return
        for name in _MOVES:
            if key in keys.of(name):
                getattr(self.table, BY_ID[name].method)()
                return

    @property
    def _home(self) -> ReviewRoom:
        from itgov.tui.app import ReviewRoom

        app = self.app
        assert isinstance(app, ReviewRoom)
        return app

    def on_table_opened(self, message: Table.Opened) -> None:
        """End with what was chosen."""
        message.stop()
        self.dismiss(message.row)

"""A short list over the room, to choose one thing of without typing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from msgspec import Struct
from textual import events
from textual.widget import Widget

from itgov.tui.actions import BY_ID
from itgov.tui.dialogs.frame import Dialog
from itgov.tui.widgets.styled_text import Cell, Line
from itgov.tui.widgets.table import Column, Table

if TYPE_CHECKING:
    from itgov.tui.room_app import RoomApp

_MOVES = ("down", "up", "top", "bottom", "page-down", "page-up", "half-down", "half-up", "open")
_COLUMNS = (Column("number", "", 1), Column("name", "", 10, flex=1), Column("note", "", 6))


class Option(Struct, frozen=True):
    """One of the things to choose: what is returned, its name, and a word beside it."""

    key: str
    name: str
    note: Line = ()


class Pick(Dialog[str]):
    """Gives the key of the option that was chosen.

    The keys that move in the room's lists move here too, and a digit chooses at once.
    """

    SCOPED_CSS = False
    DEFAULT_CSS = """
    Pick > Vertical { width: 48; }
    """
    HINT = "enter or a digit chooses   esc leaves"

    def __init__(self, title: str, options: Sequence[Option], current: str | None = None) -> None:
        super().__init__(title)
        self.current = current
        self._options = {option.key: option for option in options}

    def body(self) -> list[Widget]:
        """Return the list."""
        table = Table(_COLUMNS)
        table.styles.height = len(self._options) + 1
        return [table]

    @property
    def table(self) -> Table:
        """The list."""
        return self.query_one(Table)

    def on_mount(self) -> None:
        """Show the options, the cursor on the current one."""
        self.table.show(list(self._options), self._cells, cursor=self.current)

    def _cells(self, row: str) -> tuple[Cell, ...]:
        option = self._options[row]
        place = list(self._options).index(row) + 1
        return ((((str(place) if place < 10 else " "), "key"),), option.name, option.note)

    def on_key(self, event: events.Key) -> None:
        """Move, choose or leave, by the keys of the room."""
        key, keys = event.key, self._home.keys
        if key.isdecimal() and 1 <= int(key) <= len(self._options):
            self.dismiss(list(self._options)[int(key) - 1])
        elif key in keys.of("back") or key == "escape":
            self.dismiss(None)
        else:
            name = next((name for name in _MOVES if key in keys.of(name)), None)
            if name is None:
                return
            getattr(self.table, BY_ID[name].method)()
        event.stop()
        event.prevent_default()

    @property
    def _home(self) -> RoomApp:
        return cast("RoomApp", self.app)

    def on_table_opened(self, message: Table.Opened) -> None:
        """End with what was chosen."""
        message.stop()
        self.dismiss(message.row)

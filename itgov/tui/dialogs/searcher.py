"""A list over the room: type to find, arrows to move, enter to choose, esc to leave."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input, Static

from itgov.tui.dialogs.modal import Modal
from itgov.tui.state.fuzzy import places
from itgov.tui.widgets.bars import Bar, Piece
from itgov.tui.widgets.field import LineInput
from itgov.tui.widgets.styled_text import Cell, Line, Role, Span, safe
from itgov.tui.widgets.table import Column, Table

if TYPE_CHECKING:
    from itgov.tui.room_app import RoomApp

_MOVES = {
    "up": "do_up", "down": "do_down", "pageup": "do_page_up", "pagedown": "do_page_down",
    "ctrl+p": "do_up", "ctrl+n": "do_down", "ctrl+home": "do_top", "ctrl+end": "do_bottom",
}  # fmt: skip


class Overlay(Modal[str | None], inherit_bindings=False):
    """Something over the room, left by esc.  Its answer is the id of what was chosen."""

    SCOPED_CSS = False
    DEFAULT_CSS = """
    Overlay { align: center middle; }
    Overlay > .box { width: 96%; max-width: 132; height: 84%; background: $surface;
      border: round $edge-focus; border-title-color: $accent; border-title-style: bold;
      border-subtitle-color: $ink-muted; padding: 0; }
    Overlay:ansi > .box { border: heavy $edge-focus; }
    .-narrow Overlay > .box, Overlay.-narrow > .box { width: 100%; height: 100%; max-width: 100%; }
    Overlay .ask { height: 1; background: $panel; }
    Overlay .ask Input { border: none; height: 1; padding: 0; background: $panel; width: 1fr; }
    Overlay .ask Input:focus { border: none; }
    Overlay .sign { width: 3; color: $ink-key; text-style: bold; background: $panel; padding: 0 1; }
    Overlay .count { width: auto; max-width: 40%; color: $ink-muted; padding: 0 1; }
    Overlay .note { height: auto; max-height: 3; color: $ink-muted; padding: 0 1; background: $surface; }
    Overlay .foot { height: 1; background: $head; }
    """
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]
    TITLE = ""

    @property
    def home(self) -> RoomApp:
        """The room that this lies over."""
        return cast("RoomApp", self.app)

    def foot(self, *keys: tuple[str, str]) -> Bar:
        """Return a line that names keys and what they do here."""
        bar = Bar()
        bar.add_class("foot")
        bar.show([Piece(((f" {key}", "key"), (f" {words} ", ""))) for key, words in keys])
        return bar

    async def on_bar_chosen(self, event: Bar.Chosen) -> None:
        """Do nothing: what is named here are keys."""
        event.stop()

    def on_click(self, event: events.Click) -> None:
        """Leave when what lies around is clicked."""
        if event.widget is self:
            self.dismiss(None)


class Searcher(Overlay):
    """A dialog with a line to type in and rows to choose from.

    A subclass says which rows fit what is typed, and what stands in them.
    """

    COLUMNS: tuple[Column, ...] = (Column("name", "", 20, flex=1),)
    PLACEHOLDER = "type to find"
    SIGN = ">"
    EMPTY = "Nothing fits; take letters away."

    def __init__(self, typed: str = "") -> None:
        super().__init__()
        self.typed = typed
        self._begun = typed

    # -- for subclasses ----------------------------------------------------------------------

    def find(self, typed: str) -> Sequence[str]:
        """Return the ids of the rows that fit what is typed, best first."""
        raise NotImplementedError

    def cells(self, row: str) -> tuple[Cell, ...]:
        """Return what stands in a row."""
        raise NotImplementedError

    def note(self, row: str | None) -> Line:
        """Return what is to be said of the row that the cursor is on."""
        return ()

    def count(self, shown: int) -> str:
        """Return what stands at the end of the line that is typed in."""
        return f"{shown:,}"

    def choose(self, row: str) -> None:
        """Take a row."""
        self.dismiss(row)

    def keys(self) -> tuple[tuple[str, str], ...]:
        """Return the keys named at the foot."""
        return (("enter", "choose"), ("↑↓", "move"), ("esc", "leave"))

    # -- parts -------------------------------------------------------------------------------

    def compose(self) -> ComposeResult:
        """Make the line, the rows, what is said of one, and the keys."""
        with Vertical(classes="box") as box:
            box.border_title = Content(safe(self.TITLE))
            with Horizontal(classes="ask"):
                yield Static(self.SIGN, classes="sign", markup=False)
                yield LineInput(self._begun, placeholder=self.PLACEHOLDER)
                yield Static("", classes="count", markup=False)
            table = Table(self.COLUMNS, empty=self.EMPTY)
            table.led = True
            table.can_focus = False
            yield table
            yield Static("", classes="note", markup=False)
            yield self.foot(*self.keys())

    @property
    def input(self) -> Input:
        """Where it is typed."""
        return self.query_one(Input)

    @property
    def table(self) -> Table:
        """The rows."""
        return self.query_one(Table)

    def on_mount(self) -> None:
        """Begin with what was given."""
        self.input.focus()
        self.input.cursor_position = len(self._begun)
        self.refill()

    def refill(self) -> None:
        """Show the rows that fit now, the best one chosen."""
        rows = self.find(self.typed)
        self.table.show(rows, self.cells, cursor=rows[0] if rows else None)
        self.query_one(".count", Static).update(Content(safe(self.count(len(rows)))))
        self._say_note()

    def _say_note(self) -> None:
        row = self.table.cursor
        spans = self.note(row if row in self.table.rows else None)
        note = self.query_one(".note", Static)
        note.update(Content(safe("".join(text for text, _ in spans))))
        note.display = bool(spans)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Find as it is typed."""
        event.stop()
        if event.value != self.typed:
            self.typed = event.value
            self.refill()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take the row that the cursor is on."""
        event.stop()
        row = self.table.cursor
        if row is not None and row in self.table.rows:
            self.choose(row)

    def on_table_moved(self, event: Table.Moved) -> None:
        """Say what there is to say of another row."""
        event.stop()
        self._say_note()

    def on_table_opened(self, event: Table.Opened) -> None:
        """Take a row that was clicked twice."""
        event.stop()
        if event.row is not None:
            self.choose(event.row)

    def on_table_sort_asked(self, event: Table.SortAsked) -> None:
        """Nothing is sorted here: the best stands first."""
        event.stop()

    def on_key(self, event: events.Key) -> None:
        """Move among the rows while typing, and leave."""
        move = _MOVES.get(event.key) or self._own_move(event)
        if event.key == "escape":
            self.leave()
        elif move is not None:
            getattr(self.table, move)()
        elif event.key == "tab":
            self.complete()
        elif event.key != "shift+tab":
            return
        event.stop()
        event.prevent_default()

    def _own_move(self, event: events.Key) -> str | None:
        """Return the move of a key that the user has chosen, if it is no letter to be typed."""
        if event.is_printable:
            return None
        keys = self.home.keys
        for action in ("up", "down", "page-up", "page-down"):
            if event.key in keys.of(action):
                return f"do_{action.replace('-', '_')}"
        return None

    def complete(self) -> None:
        """Go to the next row: what tab does where nothing can be completed."""
        self.table.do_down()

    def leave(self) -> None:
        """Take what is typed away, and when there is nothing, leave."""
        self.dismiss(None)


def marked(name: str, typed: str, role: Role = "") -> Cell:
    """Return a name with the letters that were typed marked in it."""
    found = set(places(typed, name))
    if not found:
        return ((name, role),)
    parts: list[Span] = []
    for index, letter in enumerate(name):
        wanted: Role = "match" if index in found else role
        if parts and parts[-1][1] == wanted:
            parts[-1] = (parts[-1][0] + letter, wanted)
        else:
            parts.append((letter, wanted))
    return tuple(parts)

"""Choosing one of many rows: by a few letters of its name, by moving to it, or by a key of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Generic, TypeVar

from msgspec import Struct
from textual import events, getters
from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from itgov.tui.columns import ColumnOf
from itgov.tui.dialogs.dialog import Dialog, KeyHint
from itgov.tui.state.fuzzy import Finder, places
from itgov.tui.widgets.column_layout import Measured
from itgov.tui.widgets.line_input import LineInput
from itgov.tui.widgets.styled_text import Cell, Span, safe, spans
from itgov.tui.widgets.table import Table

Row = TypeVar("Row")


class PickerColumn(ColumnOf[Row], frozen=True):
    """A column of a picker; where it is `found` by, the letters that were typed are marked in it."""

    found: bool = False


class Picker(Dialog[str], Generic[Row]):
    """Gives the id of the row that was chosen.

    `find` returns the ids of the rows that fit what is typed, the best first, and `row` what an id
    stands for.  `note` returns what there is to say of a row, `count` what to say of how many are
    shown, and `able` whether a row can be chosen.  `rows` are all that there are, where the columns
    follow what stands in them, and names that begin alike keep what tells them apart.  `shortcuts` are keys that choose a row at once;
    where there are any, nothing is typed.
    """

    SCOPED_CSS = False
    DEFAULT_CSS = """
    Picker .ask { height: 1; background: $panel; }
    Picker .sign { width: 3; color: $role-key; text-style: bold; background: $panel; padding: 0 1; }
    Picker .count { width: auto; max-width: 40%; color: $role-muted; padding: 0 1; }
    Picker .note { height: auto; max-height: 3; color: $role-muted; padding: 0 1; }
    """
    input = getters.query_one(Input)
    """Where it is typed."""
    table = getters.query_one(Table)
    """The rows."""

    def __init__(
        self,
        title: str,
        columns: Sequence[PickerColumn[Row]],
        row: Callable[[str], Row],
        find: Callable[[str], Sequence[str]],
        *,
        current: str | None = None,
        typed: str = "",
        sign: str = ">",
        placeholder: str = "type to filter",
        empty: str = "No match.",
        note: Callable[[Row], str] | None = None,
        count: Callable[[int, str], str] | None = None,
        able: Callable[[Row], bool] | None = None,
        shortcuts: Mapping[str, str] | None = None,
        keys: Sequence[KeyHint] | None = None,
        width: int = 76,
        tall: bool = False,
        rows: Sequence[Row] | None = None,
    ) -> None:
        super().__init__(title, keys=keys, width=width, tall=tall)
        self.columns = columns
        self.typed = typed
        """What is typed, and was when something was chosen."""
        self._row = row
        self._find = find
        self._current = current
        self._sign = sign
        self._placeholder = placeholder
        self._empty = empty
        self._note = note
        self._count = count
        self._able = able
        self._shortcuts = shortcuts
        self._rows = rows

    def body(self) -> list[Widget]:
        """Return the line that is typed in, the rows, and what there is to say of one."""
        table = Table(self.columns, empty=self._empty)
        if self._rows is not None:
            table.measure(Measured([column.distinct(self._rows) for column in self.columns]))
        table.styles.min_height = self.least_height()
        if self._shortcuts is not None:
            return [table]
        table.led = True
        table.can_focus = False
        ask = Horizontal(
            Static(self._sign, classes="sign", markup=False),
            LineInput(self.typed, placeholder=self._placeholder),
            Static("", classes="count", markup=False),
            classes="ask",
        )
        return [ask, table, Static("", classes="note", markup=False)]

    def least_height(self) -> int:
        """Return lines that the rows take though fewer are found."""
        if self.has_class("-tall"):
            return 3
        return min(max(len(self._find(self.typed)), 1) + 1, 20)  # one for what is said of none

    def on_mount(self) -> None:
        """Begin with what was given."""
        if self._shortcuts is None:
            self.input.focus()
            self.input.cursor_position = len(self.typed)
        self.refill(self._current)

    def refill(self, cursor: str | None = None) -> None:
        """Show the rows that fit now, the best one chosen."""
        self.show_rows(self._find(self.typed), cursor)

    def show_rows(self, rows: Sequence[str], cursor: str | None = None) -> None:
        """Show rows, the cursor on one of them."""
        self.table.show(rows, self._cells, cursor=cursor or (rows[0] if rows else None))
        if self._shortcuts is None:
            count = (
                self._count(len(rows), self.typed) if self._count is not None else f"{len(rows):,}"
            )
            self.query_one(".count", Static).update(Content(safe(count)))
            self._say_note()

    def _cells(self, row: str) -> tuple[Cell, ...]:
        of = self._row(row)
        return tuple(
            [marked(c.cell(of), self.typed) if c.found else c.cell(of) for c in self.columns]
        )

    def _say_note(self) -> None:
        row = self.chosen()
        text = self._note(self._row(row)) if self._note is not None and row is not None else ""
        note = self.query_one(".note", Static)
        note.update(Content(safe(text)))
        note.display = bool(text)

    def chosen(self) -> str | None:
        """Return the row that the cursor is on."""
        row = self.table.cursor
        return row if row in self.table.rows else None

    def choose(self, row: str | None) -> None:
        """End with a row, if it can be chosen."""
        if row is not None and (self._able is None or self._able(self._row(row))):
            self.dismiss(row)

    def enter(self) -> None:
        """Take what enter means: the row that the cursor is on."""
        self.choose(self.chosen())

    def complete(self) -> None:
        """Go to the next row: what tab does where nothing can be completed."""
        self.table.do_down()

    def take_key(self, event: events.Key) -> bool:
        """Choose, complete, move among the rows, or leave."""
        if self._shortcuts is not None:
            row = self._shortcuts.get(event.character or "") or self._shortcuts.get(event.key)
            if row is not None or event.key in ("enter", *self.home.keys.of("open")):
                self.choose(row or self.chosen())
                return True
        elif event.key in ("tab", "shift+tab"):
            if event.key == "tab":
                self.complete()
            return True
        return super().take_key(event)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Find as it is typed."""
        event.stop()
        if event.value != self.typed:
            self.typed = event.value
            self.refill()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Choose."""
        event.stop()
        self.enter()

    def on_table_moved(self, event: Table.Moved) -> None:
        """Say what there is to say of another row."""
        event.stop()
        if self._note is not None:
            self._say_note()

    def on_table_opened(self, event: Table.Opened) -> None:
        """Choose a row that was clicked twice."""
        event.stop()
        self.choose(event.row)


def marked(cell: Cell, typed: str) -> Cell:
    """Return a cell with the letters that were typed marked in its first words."""
    parts = spans(cell)
    found = set(places(typed, parts[0][0])) if typed and parts else ()
    if not found:
        return cell
    name, role = parts[0]
    cut: list[Span] = []
    for index, letter in enumerate(name):
        wanted = "match" if index in found else role
        if cut and cut[-1][1] == wanted:
            cut[-1] = (cut[-1][0] + letter, wanted)
        else:
            cut.append((letter, wanted))
    return (*cut, *parts[1:])


class Choice(Struct, frozen=True):
    """Something to choose: its id, its name, and further names by which it is found."""

    id: str
    name: str
    names: tuple[str, ...] = ()


NAMES: Sequence[PickerColumn[Choice]] = (
    PickerColumn("name", "name", 20, flex=1, cell=lambda c: c.name, found=True),
)
AnyChoice = TypeVar("AnyChoice", bound=Choice)


def choice_picker(
    title: str,
    choices: Sequence[AnyChoice],
    columns: Sequence[PickerColumn[AnyChoice]],
    *,
    current: str | None = None,
    other: AnyChoice | None = None,
    strict: bool = False,
) -> Picker[AnyChoice]:
    """Return the dialog that asks for one of some choices, found by letters of their names.

    Of equally good ones the first given comes first.  `other` stands after whatever is found: the
    way to something that is not listed.  `strict` is that of `Finder`.
    """
    known = {c.id: c for c in choices}
    last = [] if other is None else [other.id]
    if other is not None:
        known[other.id] = other
    named = Finder([(c.name, *c.names) for c in choices], ranked=True, strict=strict)

    def find(typed: str) -> list[str]:
        return [choices[i].id for i in named.find(typed, limit=len(choices))] + last

    return Picker(
        title, columns, known.__getitem__, find, current=current, rows=tuple(known.values()),
    )  # fmt: skip

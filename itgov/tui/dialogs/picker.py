"""Choosing one of many by a few letters of its name."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from textual.widget import Widget
from textual.widgets import Input

from itgov.tui.dialogs.frame import Dialog
from itgov.tui.state.fuzzy import Finder
from itgov.tui.widgets.field import LineInput
from itgov.tui.widgets.styled_text import Cell
from itgov.tui.widgets.table import Column, Table


class Choice(Struct, frozen=True):
    """Something that can be chosen: its id, its cells, and the names by which it is found."""

    id: str
    cells: tuple[Cell, ...]
    names: tuple[str, ...]


NEWCOMER = Choice("+", ("somebody new …", "", "", (("not listed yet", "muted"),)), ())
"""The way to a person who is not among the people yet."""


class Picker(Dialog[str]):
    """Gives the id of what was chosen.

    Of choices that fit what is typed equally well, the first given comes first.
    """

    def __init__(
        self,
        title: str,
        choices: Sequence[Choice],
        *,
        columns: Sequence[Column] = (Column("name", "", 20, flex=1),),
        current: str | None = None,
        hint: str | None = None,
        other: Choice | None = None,
    ) -> None:
        """`other` stands after whatever is found: the way to something that is not listed."""
        super().__init__(title, hint=hint)
        self.other = other
        self.typed = ""
        """What was typed when something was chosen."""
        self.choices = [*choices, other] if other is not None else choices
        self.columns = columns
        self.current = current
        self._known = {c.id: c for c in self.choices}
        self._finder = finder(choices)

    def body(self) -> list[Widget]:
        """Return the input and the list."""
        table = Table(self.columns, empty="Nobody and nothing of that name.")
        table.styles.height = min(len(self.choices) + 1, 20)
        return [LineInput(placeholder="a few letters of the name"), table]

    def on_mount(self) -> None:
        """Show all that can be chosen."""
        self._show("", self.current)

    def _show(self, text: str, cursor: str | None = None) -> None:
        table = self.query_one(Table)
        self.typed = text
        found = self._finder.find(text, limit=len(self.choices))
        rows = [self.choices[index].id for index in found]
        if self.other is not None:
            rows.append(self.other.id)
        first = rows[0] if rows else None
        table.show(
            rows,
            lambda row: self._known[row].cells,
            wanted=[text.lower()] if text else (),
            cursor=cursor or first,
        )

    def on_input_changed(self, event: Input.Changed) -> None:
        """Show what matches, the best first."""
        event.stop()
        self._show(event.value.strip())

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Choose."""
        event.stop()
        self._choose()

    def on_table_opened(self, event: Table.Opened) -> None:
        """Choose what was clicked."""
        event.stop()
        self._choose()

    def _choose(self) -> None:
        row = self.query_one(Table).cursor
        if row is not None:
            self.dismiss(row)


def finder(choices: Sequence[Choice]) -> Finder:
    """Return what finds choices by a few letters of their names."""
    return Finder([c.names for c in choices], ranked=True)

"""Choosing one of many by a few letters of its name."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from textual.fuzzy import Matcher
from textual.widget import Widget
from textual.widgets import Input

from itgov.tui.dialogs.frame import Dialog
from itgov.tui.ink import Cell
from itgov.tui.widgets.field import Field
from itgov.tui.widgets.table import Column, Table

_SHOWN = 200


class Choice(Struct, frozen=True):
    """Something that can be chosen: its id, its cells, and the words by which it is found."""

    id: str
    cells: tuple[Cell, ...]
    words: str


NEWCOMER = Choice("+", ("somebody new …", "", "", (("not listed yet", "muted"),)), "")
"""The way to a person who is not among the people yet."""


class Picker(Dialog[str]):
    """Gives the id of what was chosen.  The order of the choices is kept until one types."""

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

    def body(self) -> list[Widget]:
        """Return the input and the list."""
        table = Table(self.columns, empty="Nobody and nothing of that name.")
        table.styles.height = min(len(self.choices) + 1, 20)
        return [Field(placeholder="a few letters of the name"), table]

    def on_mount(self) -> None:
        """Show all that can be chosen."""
        self._show("", self.current)

    def _show(self, text: str, cursor: str | None = None) -> None:
        table = self.query_one(Table)
        self.typed = text
        rows = matching(text, self.choices)
        if self.other is not None:
            rows = [*(row for row in rows if row != self.other.id), self.other.id]
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


def matching(text: str, choices: Sequence[Choice]) -> list[str]:
    """Return the ids of the choices that a few letters mean, the best first."""
    if not text:
        return [c.id for c in choices]
    lower = text.lower()
    plain = [c for c in choices if lower in c.words.lower()]
    if len(plain) >= _SHOWN:  # enough already: the letters need not be scattered
        return [c.id for c in plain]
    matcher = Matcher(text)
    scored = [(matcher.match(c.words), c) for c in choices]
    ranked = sorted(((s, c) for s, c in scored if s > 0), key=lambda p: -p[0])
    best = {c.id for c in plain}
    at_start = [c.id for c in plain if any(w.startswith(lower) for w in c.words.lower().split())]
    first = dict.fromkeys([*at_start, *(c.id for c in plain)])
    return [*first, *(c.id for _, c in ranked if c.id not in best)]

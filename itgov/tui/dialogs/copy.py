"""What to copy of the selection; a letter or enter does it."""

from __future__ import annotations

from collections.abc import Sequence

from textual.widgets import Input

from itgov.tui.copyable import Copyable
from itgov.tui.dialogs.searcher import Searcher
from itgov.tui.widgets.styled_text import Cell
from itgov.tui.widgets.table import Column

_LETTERS = {
    "marked": "*", "id": "i", "message": "f", "finding-place": "l", "place": "p", "row": "r",
    "yaml": "Y",
}  # fmt: skip


class CopyMenu(Searcher):
    """The texts that can be copied, each beginning as it will be.

    A letter copies at once, and the key of copying again copies the first, as `yy` does elsewhere.
    """

    DEFAULT_CSS = """
    CopyMenu > .box, CopyMenu.-narrow > .box { height: auto; max-height: 80%; }
    CopyMenu Table { height: auto; min-height: 4; max-height: 12; }
    """
    TITLE = "Copy"
    SIGN = "y"
    PLACEHOLDER = "a letter copies at once"
    COLUMNS = (
        Column("letter", "", 1),
        Column("label", "what", 14),
        Column("text", "text", 30, flex=1),
        Column("size", "", 9, right=True),
    )

    def __init__(self, things: Sequence[Copyable]) -> None:
        super().__init__()
        self.things = {thing.id: thing for thing in things}

    def find(self, typed: str) -> Sequence[str]:
        """Return all: a letter chooses, it does not narrow."""
        return list(self.things)

    def cells(self, row: str) -> tuple[Cell, ...]:
        """Return its letter, what it is and how it begins."""
        thing = self.things[row]
        lines = thing.text.count("\n")
        size = f"{lines:,} lines" if lines > 1 else ""
        letter = _LETTERS.get(row, "")
        return (((letter, "key"),), ((thing.label, "strong"),), thing.text, ((size, "muted"),))

    def count(self, shown: int) -> str:
        """Nothing is counted here."""
        return ""

    def on_input_changed(self, event: Input.Changed) -> None:
        """Copy what has the letter."""
        event.stop()
        letter = event.value[-1:]
        first = next(iter(self.things))
        meant = {_LETTERS[i]: i for i in self.things if i in _LETTERS}
        again = dict.fromkeys(self.home.keys.of("copy"), first)
        row = (again | meant).get(letter)
        if row is not None:
            self.choose(row)
        elif event.value:
            self.input.value = ""
            if letter in "jk":  # they copy nothing, so they may move, as everywhere else
                (self.table.do_down if letter == "j" else self.table.do_up)()

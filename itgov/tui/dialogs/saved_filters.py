"""The saved filters: one to use, the present one to save under a name, one to delete."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec import Struct
from textual import events

from itgov.tui.dialogs.picker import Picker, PickerColumn
from itgov.tui.state.fuzzy import Finder

OWN = "your settings"
"""Where a filter of the user's own configuration is kept."""
_NONE = "No saved filter. Set a filter first, then save it here."
_SAVE = "save:"
_USE = "use:"


class SavedFilter(Struct, frozen=True):
    """A filter by its name, and where it is kept."""

    name: str
    text: str
    kept: str


class SavedFilters(Picker[SavedFilter]):
    """Gives `use:NAME`, or `save:NAME` for the present filter, which is saved under what is typed.

    `problem` says what of a filter the view does not understand, and `delete` deletes one of the
    user's own, or says why that cannot be.
    """

    def __init__(
        self,
        read: Callable[[], Mapping[str, SavedFilter]],
        present: str,
        problem: Callable[[str], str | None],
        delete: Callable[[SavedFilter], str | None],
    ) -> None:
        self._read = read
        self._saved = read()
        self._present = present
        self._delete = delete
        columns: tuple[PickerColumn[SavedFilter], ...] = (
            PickerColumn("name", "name", 20, flex=2, cell=self._name_cell, found=True),
            PickerColumn("text", "filter", 20, flex=4, cell=lambda f: f.text),
            PickerColumn("kept", "kept in", 14, cell=lambda f: ((f.kept, "muted"),)),
        )

        def why_not(f: SavedFilter) -> str:
            wrong = problem(f.text) if f.kept else None
            return f"Not in this view: {wrong.partition(';')[0]}" if wrong else ""

        super().__init__(
            "Saved filters", columns, self._of, self._find,
            placeholder="a name, to find or to save" if present else "type to filter",
            note=why_not,
            able=lambda f: not why_not(f),
            keys=(("enter", "use or save"), ("del", "delete"), ("↑↓", "move"), ("esc", "cancel")),
            width=100,
        )  # fmt: skip

    def _name_cell(self, of: SavedFilter) -> str:
        if of.kept:
            return of.name
        return f"+ save as `{self.typed.strip()}`" if self.typed.strip() else "+ save this filter"

    def _of(self, row: str) -> SavedFilter:
        name = row.removeprefix(_USE)
        return SavedFilter("", self._present, "") if row == _SAVE else self._saved[name]

    def _find(self, typed: str) -> list[str]:
        names = list(self._saved)
        finder = Finder([(f.name, f.text) for f in self._saved.values()], ranked=True)
        found = [_USE + names[i] for i in finder.find(typed)]
        return found + ([_SAVE] if self._present else [])

    def choose(self, row: str | None) -> None:
        """End with a filter to use, or with a name for the present one."""
        if row != _SAVE:
            super().choose(row)
        elif not self.typed.strip():
            self.problem("Type a name for the filter first.")
        else:
            self.dismiss(_SAVE + " ".join(self.typed.split()))

    def refill(self, cursor: str | None = None) -> None:
        """Show the filters that fit; what was wrong before is no matter now."""
        self.problem("")
        self.table.empty = "No match." if self._saved else _NONE
        super().refill(cursor)

    def take_key(self, event: events.Key) -> bool:
        """Delete the selected filter, besides what every picker does."""
        row = self.chosen()
        if event.key != "delete" or row is None or row == _SAVE:
            return super().take_key(event)
        wrong = self._delete(self._of(row))
        if wrong is None:
            self._saved = self._read()  # one that it hid is in force again
            self.refill()
        self.problem(wrong or "")
        return True

"""Rows known by their ids: a cursor on one of them, marks on some, and hits to go through."""

from __future__ import annotations

from collections.abc import Sequence

from textual.reactive import var
from textual.scroll_view import ScrollView


class RowList(ScrollView, inherit_bindings=False):
    """The part of a table that marks rows for an edit of many, and finds the filter's hits."""

    cursor: var[str | None] = var(None)

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self.rows: Sequence[str] = ()
        self.marks: set[str] = set()
        self.hits: frozenset[str] | None = None
        """Rows that a filter found, where others are shown around them."""
        self._place: tuple[str, int] = ("", -1)
        self._last_mark: str | None = None

    @property
    def marked(self) -> tuple[str, ...]:
        """The marked rows, in the order in which they are shown."""
        return tuple(row for row in self.rows if row in self.marks) if self.marks else ()

    def marks_changed(self) -> None:
        """Tell whoever wants to know that other rows are marked."""

    @property
    def position(self) -> int | None:
        """The cursor's place among the rows, from 0."""
        return self.place_of(self.cursor)

    def place_of(self, row: str | None) -> int | None:
        """Return a row's place, from 0, or None where it is not shown.

        It is looked for: to know the places of all rows costs more than a filter's letter may.
        """
        if row is None:
            return None
        known, at = self._place
        if known == row and at < len(self.rows) and self.rows[at] == row:
            return at
        try:
            at = self.rows.index(row)
        except ValueError:
            return None
        self._place = row, at
        return at

    def select(self, row: str) -> bool:
        """Put the cursor on a row; return whether it is there."""
        if self.place_of(row) is None:
            return False
        self.cursor = row
        return True

    def _go(self, to: int) -> None:
        if self.rows:
            self.cursor = self.rows[max(0, min(to, len(self.rows) - 1))]

    def _by(self, rows: int) -> None:
        self._go((self.position or 0) + rows)

    def _to(self, bottom: bool) -> None:
        self._go(len(self.rows) - 1 if bottom else 0)

    def _hit(self, step: int) -> None:
        start = self.position or 0
        count = len(self.rows)
        for by in range(1, count + 1):
            index = (start + step * by) % count
            if self.hits is None or self.rows[index] in self.hits:
                self._go(index)
                return

    def do_next_hit(self) -> None:
        """To the next row that the filter found."""
        self._hit(1)

    def do_previous_hit(self) -> None:
        """To the hit before."""
        self._hit(-1)

    def do_mark(self) -> None:
        """Mark the row or take its mark away, and go on to the next."""
        if self.cursor is None:
            return
        self.marks ^= {self.cursor}
        self._last_mark = self.cursor
        self._marked()
        self._by(1)

    def do_mark_range(self) -> None:
        """Mark everything from the last marked row to here."""
        if self.cursor is None:
            return
        here = self.position or 0
        start = self.place_of(self._last_mark or self.cursor)
        first, last = sorted((start if start is not None else here, here))
        self.marks |= set(self.rows[first : last + 1])
        self._marked()

    def do_mark_all(self) -> None:
        """Mark every row, or none where all are."""
        self.marks = set() if len(self.marks) == len(self.rows) else set(self.rows)
        self._marked()

    def clear_marks(self) -> bool:
        """Take every mark away; return whether there was any."""
        if not self.marks:
            return False
        self.marks = set()
        self._marked()
        return True

    def _marked(self) -> None:
        self.refresh()
        self.marks_changed()

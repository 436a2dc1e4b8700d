"""Finding among many rows letter by letter: what one letter found, the next need not look for again."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import Generic, TypeVar

from itgov.model.filter_query import Query, Searchable, Value, Word
from itgov.model.text import without_accents

Key = TypeVar("Key", bound=Hashable)

_MOST = 200
"""Words whose finds are remembered: some minutes of typing."""


class RowFilter(Generic[Key]):
    """Finds the same rows as `Query.select`, among rows that stay what they are.

    It remembers what each word found.  A longer text is looked for only where a shorter one was
    found, and a field's word is tried on each of its values once, however many rows have it.
    """

    def __init__(self, rows: Iterable[tuple[Key, Searchable]]) -> None:
        self._rows = dict(rows)
        self._keys = list(self._rows)
        self._texts = {
            row: without_accents(searchable.text) for row, searchable in self._rows.items()
        }
        self._found: dict[Word, frozenset[Key]] = {}
        self._columns: dict[str, dict[Value, list[Key]]] = {}

    def select(self, query: Query, among: Sequence[Key] | None = None) -> Sequence[Key]:
        """Return the ids that a filter finds: of `among`, in its order, else of all."""
        rows = self._keys if among is None else among
        if not query.any_of:
            return rows
        found: frozenset[Key] = frozenset()
        for words in query.any_of:
            found |= frozenset.intersection(*(self._word(word) for word in words))
        return [row for row in rows if row in found]

    def values(self, field: str) -> dict[Value, int]:
        """Return what stands in a field, and in how many rows."""
        return {value: len(rows) for value, rows in self._column(field).items()}

    def prepare(self, field: str) -> None:
        """Look at a field of every row before it is asked for."""
        self._column(field)

    def _word(self, word: Word) -> frozenset[Key]:
        known = self._found.get(word)
        if known is None:
            if len(self._found) >= _MOST:
                self._found.clear()
            known = self._found[word] = self._look(word)
        return known

    def _look(self, word: Word) -> frozenset[Key]:
        if word.mistaken:
            return frozenset()
        if word.negated:
            return frozenset(self._rows) - self._word(word.turned)
        if word.field is not None:
            by_value = self._column(word.field)
            return frozenset(
                row for value, rows in by_value.items() if word.holds_for(value) for row in rows
            )
        wanted, texts = word.text, self._texts
        for length in range(len(wanted) - 1, 0, -1):
            known = self._found.get(Word(wanted[:length]))
            if known is not None:
                return frozenset([row for row in known if wanted in texts[row]])
        return frozenset([row for row, text in texts.items() if wanted in text])

    def _column(self, field: str) -> dict[Value, list[Key]]:
        column = self._columns.get(field)
        if column is None:
            column = self._columns[field] = {}
            for row, searchable in self._rows.items():
                column.setdefault(searchable.fields.get(field), []).append(row)
        return column

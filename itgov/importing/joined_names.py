"""People whose first and last names stand in two columns."""

from __future__ import annotations

from itgov.importing import values as v
from itgov.importing.languages import other_phrases, plain_words
from itgov.importing.looks import ColumnLook


def join_names(columns: list[ColumnLook]) -> list[ColumnLook]:
    """Return columns with one more for each two that say one person: `Owner first name`, `Owner surname`.

    The two are taken then, so that they are nothing else.
    """
    last = {whose: c for c in columns if (whose := _whose(c, "last_names", "first_names"))}
    found: list[ColumnLook] = []
    for first in columns:
        whose = _whose(first, "first_names", "")
        if not whose or (other := last.get(whose)) is None:
            continue
        firsts, lasts = map(_said, (first, other))
        whole = [at for at in firsts if at in lasts]
        if not whole:
            continue
        first.taken = other.taken = True
        found.append(
            ColumnLook(
                f"{whose.capitalize()} (first and last name)",
                [f"{firsts[at]} {lasts[at]}" for at in whole],
                first.rows,
                places=whole,
                template=f"{{{first.name}}} {{{other.name}}}",
            )
        )
    return [*columns, *found]


def _said(column: ColumnLook) -> dict[int, str]:
    words = {at: v.one_line(cell) for at, cell in column.by_row()}
    return {at: word for at, word in words.items() if not v.is_placeholder(word)}


def _whose(column: ColumnLook, words: str, others: str) -> str:
    """Return the rest of a column's name that says a part of a name; nothing where it does not."""
    name, phrases = plain_words(column.name), other_phrases(words)
    if name not in phrases or (others and name in other_phrases(others)):
        return ""
    return phrases.cut(name)

"""Tables with a row for each kind of amount: a column says whether it is budget, actual or forecast."""

from __future__ import annotations

from msgspec import Struct

from itgov.files.write import text
from itgov.importing import values as v
from itgov.importing.languages import money_phrases, plain_words
from itgov.importing.looks import ENOUGH, ColumnLook
from itgov.importing.money_columns import KINDS

_MOST_WORDS = 8


class KindRows(Struct):
    """The column that says of each row what its amount is, and its words by kind."""

    column: ColumnLook
    words: dict[str, list[str]]

    def where(self, kind: str) -> str:
        """Return the condition on the rows of a kind, as a mapping says it."""
        listed = ", ".join(text(word, True) for word in self.words[kind])
        return f"{{{text(self.column.name, True)}: [{listed}]}}"


def kind_rows(columns: list[ColumnLook]) -> KindRows | None:
    """Return the column whose words are kinds of amounts, at least two of them; None for none."""
    for column in columns:
        different = _first_words(column)
        if column.taken or not 2 <= len(different) <= _MOST_WORDS:
            continue
        found: dict[str, list[str]] = {}
        for word in different:
            if (kind := _kind(word)) is not None:
                found.setdefault(kind, []).append(word)
        known = [w for words in found.values() for w in words]
        if len(found) > 1 and sum(w in known for w in column.words) >= ENOUGH * column.rows:
            return KindRows(
                column, {k: found[k] for k in ("budget", "actual", "forecast") if k in found}
            )
    return None


def _first_words(column: ColumnLook) -> list[str]:
    """Return the different words of a column; of one with too many, the first that are too many."""
    found: dict[str, None] = {}
    for word in column.words:
        found[word] = None
        if len(found) > _MOST_WORDS:
            break
    return list(found)


def _kind(word: str) -> str | None:
    plain = plain_words(word)
    if v.is_placeholder(word) or len(plain.split()) > 3:
        return None
    return next((k for k in KINDS if plain in money_phrases(k).surely), None)

"""Choosing the column of a field: by the words of its name in any language, and by its cells."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from itgov.importing import values as v
from itgov.importing.day_order import are_serials
from itgov.importing.languages import (
    ColumnPhrases,
    column_phrases,
    in_full,
    other_phrases,
    plain_words,
)
from itgov.importing.looks import ENOUGH, ColumnLook, Test, date_formats, date_reader, is_read
from itgov.importing.periods import period_of, years_apart
from itgov.importing.questions import NO_COLUMN, Asked
from itgov.importing.table_questions import DAY_FIRST, MONTH_FIRST, date_order, which_column
from itgov.importing.trouble import shown

_ODD = 12
"""Most texts that are listed as standing in columns of dates and amounts and being neither."""


@lru_cache(maxsize=5000)
def name_forms(name: str) -> tuple[str, ...]:
    """Return the words of a column's name: as it is, and without what stands in brackets and years."""
    whole = years_apart(plain_words(name))
    without = plain_words(re.sub(r"\([^)]*\)|\[[^\]]*\]|[,;:]? in\b.*$", " ", name))
    period = period_of(name)
    short = period_of(re.sub(r"\([^)]*\)|\[[^\]]*\]", " ", name))
    periods = [p for p in (period, short) if p is not None]
    plain = (whole, without, *(p.bare for p in periods))
    forms = (*plain, *(full for form in plain for full in in_full(form)))
    return tuple(dict.fromkeys(f for f in forms if f)) or (whole,)


def rank(column: ColumnLook, phrases: ColumnPhrases, *, perhaps: bool = False) -> int | None:
    """Return how surely a column is named so, 0 for surest; None where it is not."""
    return rank_of_name(column.name, phrases, perhaps=perhaps)


def rank_of_name(name: str, phrases: ColumnPhrases, *, perhaps: bool = False) -> int | None:
    """Return the same of a column's name."""
    forms = name_forms(name)
    if any(form in phrases.never for form in forms):
        return None
    return (phrases.perhaps if perhaps else phrases.surely).rank(*forms)


def why(column: ColumnLook, field: str) -> str:
    """Return by which word of its name a column is taken for a field."""
    phrases, forms = column_phrases(field), name_forms(column.name)
    found = phrases.surely.surest(*forms) or phrases.perhaps.surest(*forms)
    return f"; called `{found[1]}`" if found is not None else ""


def is_remark(column: ColumnLook) -> bool:
    """Say whether a column's name says that it holds remarks."""
    return any(form in other_phrases("remarks") for form in name_forms(column.name))


class ColumnChoice:
    """The columns of one table, what of them is taken, and what is asked about them."""

    def __init__(self, columns: list[ColumnLook], asked: Asked) -> None:
        self.columns = columns
        self.asked = asked
        """What is not sure is asked here: `self.asked.ask(Question(…))` returns answer or proposal."""
        self.odd: list[str] = []
        """What stands in columns of dates and amounts and is neither."""

    def free(self) -> list[ColumnLook]:
        """Return the columns that are no field yet."""
        return [c for c in self.columns if not c.taken and c.cells]

    def ranked(
        self, field: str, test: Test | None = None, *, perhaps: bool = False
    ) -> list[ColumnLook]:
        """Return the free columns that may be a field, the likeliest first.

        Of equal names the one of the latest year comes first: `DCA 2026` before `DCA 2025`.
        """
        found: list[tuple[int, int, int, ColumnLook]] = []
        for at, column in enumerate(self.free()):
            place = rank(column, column_phrases(field), perhaps=perhaps)
            if place is None or (test is not None and column.share(test) < ENOUGH):
                continue
            period = period_of(column.name)
            found.append((place, -period.year if period else 0, at, column))
        return [column for *_, column in sorted(found, key=lambda f: f[:3])]

    def find(self, field: str, test: Test | None = None) -> ColumnLook | None:
        """Take the likeliest column of a field; None where no name says so."""
        return self.take(next(iter(self.ranked(field, test)), None))

    def take(self, column: ColumnLook | None) -> ColumnLook | None:
        """Take a column, so that it is no other field."""
        if column is not None:
            column.taken = True
        return column

    def choose(
        self, field: str, ranked: list[ColumnLook], why: str, *, matters: bool = False
    ) -> ColumnLook | None:
        """Ask which of several columns a field is, the likeliest first; take what is answered."""
        free = self.free()
        answer = self.asked.ask(which_column(field, ranked, free, why, matters=matters))
        return self.take(next((c for c in free if c.name == answer), None))

    def if_answered(self, field: str, ranked: list[ColumnLook], why: str) -> ColumnLook | None:
        """Ask likewise, but take nothing until it is answered."""
        free = self.free()
        answer = self.asked.answered(which_column(field, ranked, free, why))
        return self.take(next((c for c in free if c.name == answer != NO_COLUMN), None))

    def dated(self, field: str) -> tuple[ColumnLook | None, str]:
        """Take the likeliest column of dates of a field, and say what of it is not sure."""
        fitting = [c for c in self.ranked(field) if date_formats(c) is not None]
        if not fitting:
            return self._numbered_days(field)
        column = fitting[0]
        column.taken = True
        wanted = self._in_order(date_formats(column) or [""])
        self.note_odd(column, date_reader(wanted[0]))
        column.formats = wanted[0]
        also = why(column, field)
        also += f"; could also be {wanted[1]}" if len(wanted) > 1 else ""
        if others := [c for c in fitting[1:] if not _is_other_date(c)]:
            also += f"; not {', '.join(f'`{shown(c.name)}`' for c in others[:3])}"
        return column, also

    def _numbered_days(self, field: str) -> tuple[ColumnLook | None, str]:
        """Take the likeliest column of a field whose days are shown as numbers."""
        column = self.take(next((c for c in self.ranked(field) if are_serials(c.cells)), None))
        return column, "; numbers, read as the days that a spreadsheet counts" if column else ""

    def _in_order(self, formats: list[str]) -> list[str]:
        """Return formats that fit alike, where the order of day and month is open the one that is meant."""
        if not _is_open(formats):
            return formats
        order = self.day_order()
        return [f for f in formats if _order(f) == order]

    def day_order(self, names: Sequence[str] = ()) -> str:
        """Return which comes first in dates that leave it open: `DAY_FIRST` or `MONTH_FIRST`.

        `names` are those of columns that say such a date.  Another date of the table may tell it;
        else it is asked.
        """
        every = [f for c in self.columns if c.cells and (f := date_formats(c))]
        told = {_order(f[0]) for f in every if not _is_open(f) and _order(f[0])}
        if len(told) == 1:
            return told.pop()
        open_ones = [c for c in self.columns if c.cells and _is_open(date_formats(c) or [])]
        return self.asked.ask(date_order(open_ones, names)) or DAY_FIRST

    def note_odd(self, column: ColumnLook, reads: Test, *, is_money: bool = False) -> None:
        """Note what stands in a column of dates or amounts and is neither.

        Of money only what denies or withholds an amount: `two million` is one that cannot be read.
        """
        if column.share(reads) == 1:
            return
        for word in dict.fromkeys(v.one_line(c) for c in column.cells if not isinstance(c, bool)):
            if is_read(word, reads) or v.is_placeholder(word):
                continue
            if is_money and not _says_none(word):
                continue
            pattern = word if len(word) <= 30 else f"{word.split()[0]}*"
            if not re.search(r"\d", pattern) and pattern not in self.odd and len(self.odd) < _ODD:
                self.odd.append(pattern)


def _says_none(word: str) -> bool:
    words = plain_words(word)
    return words in other_phrases("denials") or words in other_phrases("withheld")


def _order(wanted: str) -> str:
    """Return which comes first in a format of digits with strokes; nothing where that is clear."""
    found = re.match(r"(DD|MM)[/-](?:DD|MM)", wanted)
    return "" if found is None else DAY_FIRST if found[1] == "DD" else MONTH_FIRST


def _is_open(formats: list[str]) -> bool:
    return len({_order(f) for f in formats} - {""}) > 1


def _is_other_date(column: ColumnLook) -> bool:
    """Say whether a column of dates has a field of its own."""
    return any(rank(column, column_phrases(f)) == 0 for f in ("last_reviewed", "next_review"))

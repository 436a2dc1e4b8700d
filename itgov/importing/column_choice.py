"""Choosing the column of a field: by the words of its name in any language, and by its cells."""

from __future__ import annotations

import re
from functools import lru_cache

from msgspec import Struct

from itgov.importing import values as v
from itgov.importing.day_order import are_serials
from itgov.importing.languages import (
    CUT_SHORT,
    ColumnPhrases,
    column_phrases,
    in_full,
    languages,
    month_names,
    month_of,
    other_phrases,
    plain_words,
)
from itgov.importing.looks import ENOUGH, ColumnLook, Test, date_formats, date_reader, is_read
from itgov.importing.questions import NO_COLUMN, Asked
from itgov.importing.table_questions import DAY_FIRST, MONTH_FIRST, date_order, which_column
from itgov.importing.trouble import shown

_ODD = 12
"""Most texts that are listed as standing in columns of dates and amounts and being neither."""

_SPAN = re.compile(r"\b(?:(20\d\d)|(\d\d)) (\d\d|20\d\d)\b")
_YEAR = re.compile(r"\b(20\d\d)\b")
_SHORT_YEAR = r"\b(?:{0}|(?:{1}) ?[1-4]) (\d\d)\b"


class Period(Struct, frozen=True):
    """The year, or the part of one, that a column's name says its amounts are of."""

    year: int
    is_part: bool
    """Whether it is a quarter, a half or a month."""
    bare: str
    """The words of the name without it."""
    month: int = 0
    """The month that it is; 0 for a year, a half or a quarter."""
    is_until: bool = False
    """Whether it is all until a day, as in `Spend to 31/03/2026`, which lies in that month."""


@lru_cache(maxsize=5000)
def period_of(name: str) -> Period | None:
    """Return the period that a name says: `Budget 2026/27`, `FY26`, `2026 Q1`, `Ist 2025`, `Jan 2026`.

    Of a month or quarter that does not say its year, the year is 0.
    """
    words = _apart(plain_words(name))
    if (until := _day_in(words)) is not None:
        year, month, bare = until
        # a day alone is a month as a spreadsheet keeps it
        return Period(year, not bare, bare, month, bool(bare))
    fiscal = _joined("fiscal")
    year, span = 0, (0, 0)
    for match in _SPAN.finditer(words):
        first = int(match[1] or f"20{match[2]}")
        if first % 100 + 1 == int(match[3]) % 100:
            year, span = first, match.span()
            break
    else:
        if (named := _YEAR.search(words)) is not None:
            year, span = int(named[1]), named.span()
        elif (short := re.search(rf"\b(?:{fiscal}) ?(\d\d)\b", words)) is not None:
            year, span = 2000 + int(short[1]), short.span()
        elif (
            short := re.search(_SHORT_YEAR.format(_months(), _joined("quarter")), words)
        ) is not None:
            year, span = 2000 + int(short[1]), short.span(1)
    kept = words[: span[0]] + words[span[1] :]
    kept = re.sub(rf"\b(?:{fiscal})\b", " ", kept)
    parts = rf"\b(?:{_joined('quarter')}) ?[1-4]\b|\b[1-4] ?(?:{_joined('quarter')})\b"
    parts += rf"|\b(?:{_joined('half')}) ?[12]\b|\b(?:{_months()})\b"
    without = re.sub(parts, " ", kept)
    if not year and without.strip():
        return None
    named = re.search(rf"\b(?:{_months()})\b", kept)
    is_fiscal = re.search(rf"\b(?:{fiscal})(?:\b|\d)", words) or " " in words[span[0] : span[1]]
    month = (month_of(named[0]) or 0) if named is not None and not is_fiscal else 0
    return Period(year, without != kept, " ".join(without.split()), month)


def _day_in(words: str) -> tuple[int, int, str] | None:
    """Return year and month of the day that a name says, and its other words."""
    found = _day_pattern().search(words)
    if found is None:
        return None
    named = found["named"] or found["first_named"]
    month = (month_of(named) or 0) if named else int(found["month"] or found["iso_month"])
    if month > 12:  # it stands before the day: `03/31/2026`
        month = int(found["day"] or 0)
    rest = " ".join((words[: found.start()] + words[found.end() :]).split())
    year = int(found["year"] or found["iso_year"])
    return (year, month, rest) if 1 <= month <= 12 else None


@lru_cache(maxsize=1)
def _day_pattern() -> re.Pattern[str]:
    day = rf"(?P<day>\d\d?) (?:(?P<named>{_months()})\w*|(?P<month>\d\d?))"
    day = rf"(?:{day}|(?P<first_named>{_months()})\w* \d\d?) (?P<year>20\d\d)"
    return re.compile(rf"\b(?:{day}|(?P<iso_year>20\d\d) (?P<iso_month>\d\d) \d\d)\b")


def _apart(words: str) -> str:
    """Return the words of a name with years apart from letters: `FY2026Budget`, `Budget2026`."""
    return re.sub(r"(?<=[a-z])(?=20\d\d)|(?<=20\d\d)(?=[a-z])", " ", words)


@lru_cache(maxsize=20)
def _joined(key: str) -> str:
    found = dict.fromkeys(plain_words(w) for known in languages() for w in getattr(known, key))
    return "|".join(sorted(map(re.escape, found), key=len, reverse=True))


@lru_cache(maxsize=1)
def _months() -> str:
    forms = (n for name, _ in month_names() for n in (name, name[:3], name[:4]) if len(n) >= 3)
    names = dict.fromkeys((*forms, *CUT_SHORT))
    return "|".join(sorted(map(re.escape, names), key=len, reverse=True))


@lru_cache(maxsize=5000)
def name_forms(name: str) -> tuple[str, ...]:
    """Return the words of a column's name: as it is, and without what stands in brackets and years."""
    whole = _apart(plain_words(name))
    without = plain_words(re.sub(r"\([^)]*\)|\[[^\]]*\]|[,;:]? in\b.*$", " ", name))
    period = period_of(name)
    short = period_of(re.sub(r"\([^)]*\)|\[[^\]]*\]", " ", name))
    periods = [p for p in (period, short) if p is not None]
    until = [f"{p.bare} date" for p in periods if p.is_until]  # `Cost to 31/03/2026` is to date
    plain = (whole, without, *(p.bare for p in periods), *until)
    forms = (*plain, *(full for form in plain for full in in_full(form)))
    return tuple(dict.fromkeys(f for f in forms if f)) or (whole,)


def rank(column: ColumnLook, phrases: ColumnPhrases, *, perhaps: bool = False) -> int | None:
    """Return how surely a column is named so, 0 for surest; None where it is not."""
    forms = name_forms(column.name)
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
        """Return formats that fit alike, where the order of day and month is open the one that is meant.

        Another column of the table may tell it; else it is asked.
        """
        if not _is_open(formats):
            return formats
        every = [f for c in self.columns if c.cells and (f := date_formats(c))]
        told = {_order(f[0]) for f in every if not _is_open(f) and _order(f[0])}
        if len(told) == 1:
            order = told.pop()
        else:
            open_ones = [c for c in self.columns if c.cells and _is_open(date_formats(c) or [])]
            order = self.asked.ask(date_order(open_ones)) or DAY_FIRST
        return [f for f in formats if _order(f) == order]

    def note_odd(self, column: ColumnLook, reads: Test) -> None:
        """Note what stands in a column of dates or amounts and is neither."""
        if column.share(reads) == 1:
            return
        for word in dict.fromkeys(v.one_line(c) for c in column.cells if not isinstance(c, bool)):
            if is_read(word, reads) or v.is_placeholder(word):
                continue
            pattern = word if len(word) <= 30 else f"{word.split()[0]}*"
            if not re.search(r"\d", pattern) and pattern not in self.odd and len(self.odd) < _ODD:
                self.odd.append(pattern)


def _order(wanted: str) -> str:
    """Return which comes first in a format of digits with strokes; nothing where that is clear."""
    found = re.match(r"(DD|MM)[/-](?:DD|MM)", wanted)
    return "" if found is None else DAY_FIRST if found[1] == "DD" else MONTH_FIRST


def _is_open(formats: list[str]) -> bool:
    return len({_order(f) for f in formats} - {""}) > 1


def _is_other_date(column: ColumnLook) -> bool:
    """Say whether a column of dates has a field of its own."""
    return any(rank(column, column_phrases(f)) == 0 for f in ("last_reviewed", "next_review"))

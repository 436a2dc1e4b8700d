"""What the texts above a table say: of which day it is, and whose."""

from __future__ import annotations

import datetime
import re

from msgspec import Struct

from itgov.importing import dates
from itgov.importing import values as v
from itgov.importing.languages import month_of, other_phrases, plain_words
from itgov.importing.rows_apart import is_note
from itgov.importing.tables import SourceTable

_A_DAY = re.compile(
    r"\b20\d\d-\d\d-\d\d\b|\b\d{1,2}[./]\d{1,2}[./](?:20)?\d\d\b"
    r"|\b\d{1,2}\.? [^\W\d_]{3,10}\.? 20\d\d\b|\b[^\W\d_]{3,10} \d{1,2}, 20\d\d\b"
)
_A_MONTH = re.compile(
    r"\b[^\W\d_]{3,10} 20\d\d\b|\b(?:0?[1-9]|1[0-2])[./]20\d\d\b|\b20\d\d-(?:0[1-9]|1[0-2])\b"
    r"|\b[QT][1-4][ /-]?20\d\d\b"
)
_A_YEAR = re.compile(r"\b(20\d\d)(?:\s?[/–-]\s?((?:20)?\d\d))?(?![\d/–-])")
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_FORMATS = ["DD.MM.YYYY", "DD/MM/YYYY", "DD.MM.YY", "DD/MM/YY", "MM/DD/YYYY", "MM/YYYY", "MM.YYYY"]
_PARTS = re.compile(r"\s*[:|–—;]\s*|\s+-\s+|,\s+")
_LONGEST = 200


class Title(Struct, frozen=True):
    """The texts above a table."""

    text: str
    """That which says a day, else the first."""
    day: datetime.date | None
    first: str = ""
    organisation: str = ""
    """Whom the first text names."""
    texts: tuple[str, ...] = ()
    year: int = 0
    """The one year that they say beside days, a fiscal year by its first; 0 for none or several."""


def title_of(table: SourceTable) -> Title | None:
    """Return what stands above the header; of several days the last, a month's its last day."""
    texts: list[str] = []
    days: list[tuple[str, datetime.date]] = []
    months: list[tuple[str, datetime.date]] = []
    for row in table.read.rows if table.read is not None else []:
        if row.number >= table.first_header_row:
            break
        for cell in row.cells:
            text = v.one_line(cell)
            if isinstance(cell, datetime.date):
                days.append((text, cell))
            elif isinstance(cell, str) and text:
                texts.append(text[:500])
                days += [(text, day) for day in _found(_A_DAY, text)]
                months += [(text, day) for day in _found(_A_MONTH, text)]
    if not texts and not days:
        return None
    said, day = (days or months)[-1] if days or months else (texts[0], None)
    first, organisation = next(((t, o) for t in texts[:5] if (o := _organisation(t))), ("", ""))
    return Title(said, day, first, organisation, tuple(texts), _year(texts))


def _year(texts: list[str]) -> int:
    found: set[int] = set()
    for text in texts:
        rest = _A_MONTH.sub(_without_days, _A_DAY.sub(_without_days, text[:500]))
        found |= {int(m[1]) for m in _A_YEAR.finditer(rest) if not m[2] or _follows(m[1], m[2])}
    return found.pop() if len(found) == 1 else 0


def _without_days(match: re.Match[str]) -> str:
    return " " if _found(_A_DAY, match[0]) or _found(_A_MONTH, match[0]) else match[0]


def _follows(first: str, second: str) -> bool:
    return (int(first) + 1) % 100 == int(second) % 100


def _found(pattern: re.Pattern[str], text: str) -> list[datetime.date]:
    found: list[datetime.date] = []
    for part in pattern.findall(text[:500].replace(" de ", " ")):  # 31 de marzo de 2026
        try:
            found.append(dates.date(part, _FORMATS, is_end=True))
        except v.BadCell:
            continue
    return found


def _organisation(text: str) -> str:
    """Return whom a title names: what is left of it without the words of a register and days."""
    text = _BRACKETS.sub(" ", text)
    if (
        len(text) > _LONGEST
        or is_note(text)
        or not any(_is_of_register(word) for word in text.split())
    ):
        return ""
    kept: list[str] = []
    for part in _PARTS.split(text):
        words = part.split()
        while words and _is_of_register(words[-1]):
            words.pop()
        while words and _is_of_register(words[0]):
            words.pop(0)
        if words and any(c.isupper() for c in "".join(words)):
            kept.append(" ".join(words))
    return kept[0] if len(kept) == 1 and len(kept[0].split()) <= 6 else ""


def _is_of_register(word: str) -> bool:
    plain = plain_words(word)
    if not plain or any(c.isdigit() for c in plain):
        return True
    if month_of(plain):
        return True
    return any(
        start == 0 and end == len(plain)
        for start, end in other_phrases("register_words").spans(plain)
    )

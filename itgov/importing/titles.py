"""What the texts above a table say: of which day it is, and whose."""

from __future__ import annotations

import datetime
import re

from msgspec import Struct

from itgov.importing import dates
from itgov.importing import values as v
from itgov.importing.languages import month_of, other_phrases, plain_words
from itgov.importing.tables import SourceTable

_A_DAY = re.compile(
    r"\b20\d\d-\d\d-\d\d\b|\b\d{1,2}[./]\d{1,2}[./](?:20)?\d\d\b"
    r"|\b\d{1,2}\.? [^\W\d_]{3,10}\.? 20\d\d\b|\b[^\W\d_]{3,10} \d{1,2}, 20\d\d\b"
)
_A_MONTH = re.compile(
    r"\b[^\W\d_]{3,10} 20\d\d\b|\b(?:0?[1-9]|1[0-2])[./]20\d\d\b|\b20\d\d-(?:0[1-9]|1[0-2])\b"
    r"|\b[QT][1-4][ /-]?20\d\d\b"
)
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


def title_of(table: SourceTable) -> Title | None:
    """Return what stands above the header; of several days the last, a month's its last day."""
    texts: list[str] = []
    days: list[tuple[str, datetime.date]] = []
    months: list[tuple[str, datetime.date]] = []
    for row in table.read.rows if table.read is not None else []:
        if row.number >= table.header_row:
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
    return Title(said, day, first, organisation)


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
    if len(text) > _LONGEST or not any(_is_of_register(word) for word in text.split()):
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

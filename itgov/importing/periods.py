"""The years, quarters, months and days that the names of columns say."""

from __future__ import annotations

import datetime
import re
from functools import lru_cache

from msgspec import Struct

from itgov.importing.languages import (
    CUT_SHORT,
    languages,
    money_phrases,
    month_names,
    month_of,
    plain_words,
)
from itgov.importing.units import without_unit

_SPAN = re.compile(r"\b(?:(20\d\d)|(\d\d)) (\d\d|20\d\d)\b")
_YEAR = re.compile(r"\b(20\d\d)\b")
_BETWEEN = r"\s*([./–-])\s*|_|\s+"
_DAY = re.compile(
    rf"(?<!\d)(?P<first>\d\d?)(?P<one>{_BETWEEN})(?P<second>\d\d?)(?P<two>{_BETWEEN})20\d\d(?!\d)"
    rf"|(?<!\d)20\d\d(?P<iso_one>{_BETWEEN})\d\d(?P<iso_two>{_BETWEEN})\d\d(?!\d)"
)
"""A day in digits as it is written, which shows what stands between them."""

_NEAR = range(-10, 6)
"""Years from the present one that two digits after a month mean; others may as well be days."""


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
    """Whether it says a day beside other words, as in `Spend to 31/03/2026`, which lies in that month."""
    other_month: int = 0
    """The month if it stands before the day, where that is open: `Spend to 03/04/2026`."""


@lru_cache(maxsize=5000)
def period_of(name: str) -> Period | None:
    """Return the period that a name says: `Budget 2026/27`, `FY26`, `2026 Q1`, `Ist 2025`, `Jan 2026`.

    Of a month or quarter that does not say its year, the year is 0.
    """
    words = years_apart(plain_words(name))
    if (day := _day_in(name, words)) is not None:
        return day
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
            short := re.search(rf"\b(?:{_joined('quarter')}) ?[1-4] (\d\d)\b", words)
        ) is not None or (
            (short := re.search(rf"\b(?:{_months()}) (\d\d)\b", words)) is not None
            and _is_near(2000 + int(short[1]))
            and not _other_words(words, short.span())  # `Spend to Sep 30` is rather a day
        ):
            year, span = 2000 + int(short[1]), short.span(1)
    kept = words[: span[0]] + words[span[1] :]
    kept = re.sub(rf"\b(?:{fiscal})\b", " ", kept)
    parts = rf"\b(?:{_joined('quarter')}) ?[1-4]\b|\b[1-4] ?(?:{_joined('quarter')})\b"
    parts += rf"|\b(?:{_joined('half')}) ?[12]\b|\b(?:{_months()})\b"
    without = re.sub(parts, " ", kept)
    if not year and (without.strip() or without == kept):
        return None
    named = re.search(rf"\b(?:{_months()})\b", kept)
    is_fiscal = re.search(rf"\b(?:{fiscal})(?:\b|\d)", words) or " " in words[span[0] : span[1]]
    month = (month_of(named[0]) or 0) if named is not None and not is_fiscal else 0
    return Period(year, without != kept, " ".join(without.split()), month)


def _is_near(year: int) -> bool:
    return year - datetime.date.today().year in _NEAR


def _other_words(words: str, span: tuple[int, int]) -> str:
    """Return what stands beside a part of a name and is no word of what money is."""
    rest = without_unit(words[: span[0]] + words[span[1] :])
    for kind in ("actual", "forecast", "budget", "total", "annual", "parts", "older", "cost"):
        phrases = money_phrases(kind)
        rest = phrases.perhaps.cut(phrases.surely.cut(rest))
    return rest


def _day_in(name: str, words: str) -> Period | None:
    """Return the day that a name says, or the months from one to another: `01-03/2026`."""
    found = _day_pattern().search(words)
    if found is None:
        return None
    named = found["named"] or found["first_named"]
    month = (month_of(named) or 0) if named else int(found["month"] or found["iso_month"])
    day = int(found["day"] or 0)
    other = 0
    is_range = False
    if not named and (written := _DAY.search(name)) is not None:
        one, two = ((written[k] or written[f"iso_{k}"]).strip() for k in ("one", "two"))
        is_range = one != two and one in ("-", "–") and bool(written["one"])
        if one != two and not is_range:
            return None
        other = day if one in ("/", "-") and 1 <= day <= 12 and day != month else 0
    if month > 12 or is_range:  # the month stands first: `03/31/2026`
        month, other = day, 0
    bare = " ".join((words[: found.start()] + words[found.end() :]).split())
    year = int(found["year"] or found["iso_year"])
    if not 1 <= month <= 12 or (is_range and int(found["month"]) > 12):
        return None
    # a day alone is a month as a spreadsheet keeps it
    is_part = is_range or not bare
    return Period(year, is_part, bare, month, not is_part, other)


@lru_cache(maxsize=1)
def _day_pattern() -> re.Pattern[str]:
    day = rf"(?P<day>\d\d?) (?:(?P<named>{_months()})\w*|(?P<month>\d\d?))"
    day = rf"(?:{day}|(?P<first_named>{_months()})\w* \d\d?) (?P<year>20\d\d)"
    return re.compile(rf"\b(?:{day}|(?P<iso_year>20\d\d) (?P<iso_month>\d\d) \d\d)\b")


def years_apart(words: str) -> str:
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

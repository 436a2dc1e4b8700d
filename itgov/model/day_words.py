"""Days as people type them: `2026-12-31`, `+30`, `+2w`, `tomorrow`, `next friday`, `31 mar`.

Nothing is guessed: a day that can be read in two ways, `3/4/2027` or `jan 27`, is no day.
"""

from __future__ import annotations

import calendar
import datetime
import re
from typing import Literal

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SHORT = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = tuple(name.casefold() for name in MONTHS)
_NAMED = {"today": 0, "now": 0, "tomorrow": 1, "yesterday": -1}
_OFFSET = re.compile(r"([+-])\s*(\d{1,5})\s*(d|w|m|y|days?|weeks?|months?|years?)?")
_IN = re.compile(r"in (\d{1,5}) (days?|weeks?|months?|years?)")
_AGO = re.compile(r"(\d{1,5}) (days?|weeks?|months?|years?) ago")
_DAY_FIRST = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[ .-]*([a-z]{3,9})\.?(?:[ ,-]+(\d{4}))?")
_MONTH_FIRST = re.compile(r"([a-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?(?:,? (\d{4}))?")
_END = re.compile(r"end of (month|next month|year|next year)")
_WEEKDAY = re.compile(r"(?:(next|last|this) )?([a-z]{3,9})")
DAY_HINT = "2026-12-31, +30, +2w, next friday, 31 mar"
"""The ways to type a day, for a form."""


def day_of(text: str, today: datetime.date) -> datetime.date | None:
    """Return the day that a text means, seen from a day; None where it means none, or several.

    `friday` and `next friday` are the next one after today, `last friday` the last before it.
    `31 mar` is the next one from today on; with a year, that one.  A month later than the 31st is
    the last day of that month.
    """
    said = " ".join(text.casefold().split())
    try:
        return datetime.date.fromisoformat(said) if said[4:5] == "-" else _meant(said, today)
    except (ValueError, OverflowError):
        return None


def read_back(day: datetime.date, today: datetime.date) -> str:
    """Return a day with its weekday and how far it is: `2027-03-31 Wed, in 128 days`."""
    apart = (day - today).days
    far = {0: "today", 1: "tomorrow", -1: "yesterday"}.get(apart)
    if far is None:
        far = f"in {apart:,} days" if apart > 0 else f"{-apart:,} days ago"
    return f"{day} {_SHORT[day.weekday()]}, {far}"


def _meant(said: str, today: datetime.date) -> datetime.date | None:
    if said in _NAMED:
        return today + datetime.timedelta(_NAMED[said])
    if match := _OFFSET.fullmatch(said):
        return _later(today, int(match[1] + match[2]), (match[3] or "d")[0])
    if match := _IN.fullmatch(said):
        return _later(today, int(match[1]), match[2][0])
    if match := _AGO.fullmatch(said):
        return _later(today, -int(match[1]), match[2][0])
    if match := _END.fullmatch(said):
        return _end_of(match[1], today)
    if match := _DAY_FIRST.fullmatch(said):
        return _in_month(match[1], match[2], match[3], today)
    if match := _MONTH_FIRST.fullmatch(said):
        return _in_month(match[2], match[1], match[3], today)
    if match := _WEEKDAY.fullmatch(said):
        return _weekday(match[1], match[2], today)
    return None


def _later(
    day: datetime.date, count: int, unit: Literal["d", "w", "m", "y"] | str
) -> datetime.date:
    if unit in ("d", "w"):
        return day + datetime.timedelta(count * (7 if unit == "w" else 1))
    months = day.year * 12 + day.month - 1 + count * (12 if unit == "y" else 1)
    year, month = divmod(months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return datetime.date(year, month + 1, min(day.day, last))


def _end_of(period: str, today: datetime.date) -> datetime.date:
    if period.endswith("year"):
        return datetime.date(today.year + period.startswith("next"), 12, 31)
    first = _later(today.replace(day=1), 2 if period.startswith("next") else 1, "m")
    return first - datetime.timedelta(1)


def _in_month(
    number: str, name: str, year: str | None, today: datetime.date
) -> datetime.date | None:
    month = _place_of(name, _MONTHS)
    if month is None:
        return None
    if year is not None:
        return datetime.date(int(year), month + 1, int(number))
    for candidate in range(
        today.year, today.year + 9
    ):  # 29 February comes after eight years at most
        try:
            day = datetime.date(candidate, month + 1, int(number))
        except ValueError:
            continue
        if day >= today:
            return day
    return None


def _weekday(which: str | None, name: str, today: datetime.date) -> datetime.date | None:
    wanted = _place_of(name, _WEEKDAYS)
    if wanted is None:
        return None
    if which == "last":
        return today - datetime.timedelta((today.weekday() - wanted - 1) % 7 + 1)
    return today + datetime.timedelta((wanted - today.weekday() - 1) % 7 + 1)


def _place_of(name: str, known: tuple[str, ...]) -> int | None:
    """Return the place of the one name that a word of three letters or more begins."""
    name = "september" if name == "sept" else name
    found = [i for i, whole in enumerate(known) if whole.startswith(name)]
    return found[0] if len(found) == 1 and len(name) >= 3 else None

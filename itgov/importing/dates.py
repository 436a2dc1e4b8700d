"""From a cell to a date or a year, as people write them in tables."""

from __future__ import annotations

import datetime
import re
from functools import lru_cache

from itgov.importing.cells import Cell
from itgov.importing.languages import month_of
from itgov.importing.values import BadCell, one_line

DATE_FORMATS = (
    "YYYY-MM-DD", "YYYY/MM/DD", "D MMMM YYYY", "D MMM YYYY", "MMMM D, YYYY", "MMM D, YYYY",
    "D-MMM-YYYY", "D-MMM-YY", "D. MMMM YYYY", "MMMM YYYY", "MMM YYYY", "MMM-YYYY", "YYYY-MM",
)  # fmt: skip
"""Formats that can be read in one way only; any other is declared."""

SERIALS = {"serial": datetime.date(1899, 12, 30), "serial 1904": datetime.date(1904, 1, 1)}
"""Formats of days that a spreadsheet shows as the numbers by which it counts them, and day 0 of each."""

_FIRST_SERIAL, _LAST_SERIAL = 20_000, 80_000
"""Numbers that a column of days may hold: those of the years 1954 to 2119."""

_TOKENS = re.compile(r"YYYY|YY|MMMM|MMM|MM|M|DD|D")
_NAME = r"(?P<b>[^\W\d_]+)\.?"
_TOKEN_PATTERNS = {
    "YYYY": r"(?P<Y>\d{4})", "YY": r"(?P<y>\d{2})", "MMMM": _NAME, "MMM": _NAME,
    "MM": r"(?P<m>\d{1,2})", "M": r"(?P<m>\d{1,2})",
    "DD": r"(?P<d>\d{1,2})", "D": r"(?P<d>\d{1,2})",
}  # fmt: skip
_TIME = re.compile(
    r"[T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?( ?[AP]M)?(Z|[+-]\d{2}:?\d{2})?$", re.IGNORECASE
)
_QUARTERS = (
    re.compile(r"(?:Q|T)\s?(?P<q>[1-4])[\s/.,-]*(?:CY\s?)?(?P<Y>\d{4})\Z", re.IGNORECASE),
    re.compile(r"(?P<Y>\d{4})[\s/.,-]*(?:Q|T)\s?(?P<q>[1-4])\Z", re.IGNORECASE),
    re.compile(r"(?P<q>[1-4])\s?\.?\s?(?:Q|quartal|er trimestre|[eè]me? trimestre|(?:st|nd|rd|th) quarter)[\s/.,-]*(?P<Y>\d{4})\Z", re.IGNORECASE),
)  # fmt: skip


_MAY_BE_CLEAR = re.compile(
    r"\s*(?:\d{4}[\s/.,-]*[\dCQT]|\d{1,2}[\s.-]*[^\W\d_]|[^\W\d_]{2,}\.?[\s-]+\d|[QT]\s?[1-4])",
    re.IGNORECASE,
)


def may_be_clear_date(text: str) -> bool:
    """Say whether a text begins as dates do that can be read in one way only."""
    return _MAY_BE_CLEAR.match(_bare(text)) is not None


def _bare(text: str) -> str:
    """Return a date without its time and without the `de` of `3 de marzo de 2026`."""
    return _TIME.sub("", text).replace(" de ", " ")


def date(cell: Cell, formats: list[str], is_end: bool = False) -> datetime.date:
    """Return a date written in one of the formats (`DD.MM.YY`, `MMMM D, YYYY` …) or a clear one.

    A month or quarter is its first day; where `is_end`, the last.
    """
    if isinstance(cell, datetime.date):
        return _in_range(cell)
    if isinstance(cell, (bool, float)):
        raise BadCell("is not a date")
    text = _bare(one_line(cell))
    impossible = False
    for wanted in [*formats, *DATE_FORMATS]:
        if wanted in SERIALS:
            if is_serial(cell):
                return SERIALS[wanted] + datetime.timedelta(int(text))
            continue
        match = date_pattern(wanted).match(text)
        if match is None:
            continue
        try:
            found = match.groupdict()
            months = 0 if "d" in found else 12 if "b" not in found and "m" not in found else 1
            return _in_range(_last(_compose(found), months if is_end else 0))
        except ValueError:
            impossible = True
    for pattern in _QUARTERS:
        if (match := pattern.match(text)) is not None:
            first = datetime.date(int(match["Y"]), int(match["q"]) * 3 - 2, 1)
            return _in_range(_last(first, 3 if is_end else 0))
    if impossible:
        raise BadCell("is a date that does not exist")
    known = f" in the formats {', '.join(formats)}" if formats else ""
    hint = _date_hint(text) if not formats else ""
    raise BadCell(f"is not a date{known}{hint}")


def is_serial(cell: Cell) -> bool:
    """Say whether a cell may be the number of a day."""
    text = "" if isinstance(cell, (bool, float)) else one_line(cell)
    return len(text) == 5 and text.isdecimal() and _FIRST_SERIAL <= int(text) <= _LAST_SERIAL


def _last(first: datetime.date, months: int) -> datetime.date:
    """Return the last day of so many months from the first one's on; the day itself for none."""
    if not months:
        return first
    after = first.month - 1 + months
    return datetime.date(first.year + after // 12, after % 12 + 1, 1) - datetime.timedelta(days=1)


def _date_hint(text: str) -> str:
    if re.match(r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}$", text):
        mark = text[re.search(r"\D", text).start()]  # type: ignore[union-attr]
        year = "YYYY" if len(re.split(r"\D", text)[-1]) == 4 else "YY"
        ways = " or ".join(
            f"`formats: [{mark.join(w)}]`" for w in (("DD", "MM", year), ("MM", "DD", year))
        )
        return f"; it can be read in two ways, use {ways}"
    return "; use `formats:` as in `DD.MM.YY` or `MMMM D, YYYY`"


@lru_cache(maxsize=200)
def date_pattern(wanted: str) -> re.Pattern[str]:
    """Return the pattern for a date format; raise ValueError where it is none."""
    found = _TOKENS.findall(wanted)
    letters = [t[0] for t in found]
    if sorted(letters) not in (["D", "M", "Y"], ["M", "Y"], ["Y"]) or re.search(
        r"[A-Za-z]", _TOKENS.sub("", wanted)
    ):
        raise ValueError(wanted)
    parts, at = [], 0
    for token in _TOKENS.finditer(wanted):
        parts += [
            re.escape(wanted[at : token.start()]).replace(r"\ ", r"\s+"),
            _TOKEN_PATTERNS[token[0]],
        ]
        at = token.end()
    parts.append(re.escape(wanted[at:]))
    return re.compile("".join(parts) + r"\Z")


def _compose(parts: dict[str, str]) -> datetime.date:
    if (name := parts.get("b")) is not None:
        month = month_of(name) or 0
        if not month:
            raise ValueError(name)
    else:
        month = int(parts.get("m", "1"))
    year = (
        int(parts["Y"])
        if "Y" in parts
        else int(parts["y"]) + (1900 if int(parts["y"]) >= 70 else 2000)
    )
    return datetime.date(year, month, int(parts.get("d", "1")))


def _in_range(day: datetime.date) -> datetime.date:
    if not 1900 <= day.year <= 2200:
        raise BadCell("is a date outside 1900 to 2200")
    return day


def year(cell: Cell) -> int:
    """Return the year of `2019`, `2019-20`, `2019/2020`, `FY2019` or `FY19`: the first one named."""
    short = re.fullmatch(r"FY\s?(\d\d)(?:\s?[-/\u2013]\s?\d\d)?", one_line(cell), re.IGNORECASE)
    if short is not None:
        return 2000 + int(short[1])
    match = re.match(
        r"(?:FY|CY)?\s?(\d{4})(?:\.0+)?(?:\s?[-/\u2013]\s?(?:\d{2}|\d{4}))?$",
        one_line(cell),
        re.IGNORECASE,
    )
    if match is None or not 1900 <= int(match[1]) <= 2200:
        raise BadCell("is not a year (use 2019 or 2019-20)")
    return int(match[1])

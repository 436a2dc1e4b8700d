"""From a cell to a value: texts, dates, money and numbers as people write them in tables."""

from __future__ import annotations

import datetime
import hashlib
import re
import unicodedata
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from itgov.files.write import CONTROL
from itgov.importing.cells import Cell
from itgov.importing.languages import month_of, plain_words, words_for_nothing
from itgov.model.one_form import one_form

DATE_FORMATS = (
    "YYYY-MM-DD", "YYYY/MM/DD", "D MMMM YYYY", "D MMM YYYY", "MMMM D, YYYY", "MMM D, YYYY",
    "D-MMM-YYYY", "D-MMM-YY", "D. MMMM YYYY", "MMMM YYYY", "MMM YYYY", "MMM-YYYY", "YYYY-MM",
)  # fmt: skip
"""Formats that can be read in one way only; any other is declared."""

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
_CURRENCY = re.compile(r"^(?:[A-Z]{1,3}\s?)?[£$€¥₹]|^[A-Z]{3}(?=[\s\d(-])|[£$€¥₹]$|\s?[A-Z]{3}$")
_POWERS = {
    3: "k thousand tsd t tausend mille",
    6: "m mn million millions mio million mill millionen",
    9: "bn b billion billions mrd md milliarde milliarden milliard milliards",
}
_FACTORS = {word: power for power, words in _POWERS.items() for word in words.split()}
_SUFFIX = re.compile(
    rf"\s?({'|'.join(sorted(_FACTORS, key=len, reverse=True))})\.?$", re.IGNORECASE
)
_PLAIN = re.compile(r"\d+(\.\d+)?$|\.\d+$|\d+(\.\d+)?[eE][-+]?\d{1,2}$")
_USUAL = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})*(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?")
"""How most amounts are written, which needs no closer look."""
_GROUPED = re.compile(r"\d{1,3}(,\d{2,3})*,\d{3}(\.\d+)?$")
_MOJIBAKE = re.compile("â€.|Ã[^\\s]|Â[\xa0-\xbf]")
_BULLET = re.compile(r"(?:[-•·*▪]|\d{1,2}[.)])\s")


_LONGEST_NOTHING = 40
"""Longer texts say something."""


class BadCell(Exception):
    """A cell that does not hold what is expected of it; the text says what it should be."""


# -- text ----------------------------------------------------------------------------------


def one_line(cell: Cell) -> str:
    """Return a cell's text on one line, without control characters and doubled spaces."""
    if type(cell) is str and cell.isprintable():  # its only white space is blanks
        if "  " not in cell and cell[:1] != " " and cell[-1:] != " ":
            return cell
        return " ".join(cell.split())
    return " ".join(_plain(cell).split())


def paragraphs(cell: Cell) -> str:
    """Return a cell's text with its paragraphs and list items, but not its other line breaks.

    A line break stays where a sentence ends before it or a list item starts after it; the rest
    come from the width of somebody's page.
    """
    lines = [
        " ".join(line.split()) for line in re.split(r"\r\n|[\r\n\x85\u2028\u2029]", _plain(cell))
    ]
    kept: list[str] = []
    for line in lines:
        if not line:
            if kept and kept[-1]:
                kept.append("")
        elif kept and kept[-1] and not _BULLET.match(line) and kept[-1][-1] not in ".!?:;":
            kept[-1] += " " + line
        else:
            kept.append(line)
    return "\n".join(k for k in kept if k)


def _plain(cell: Cell) -> str:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return repr(cell)
    return CONTROL.sub("", str(cell))


def repaired(text: str) -> str:
    """Return a text whose UTF-8 was once taken for Windows-1252 (`Ã©` for `é`) as it was meant."""
    if text.isascii():
        return text

    def mend(match: re.Match[str]) -> str:
        try:
            return b"".join(_byte(c) for c in match[0]).decode("utf-8")
        except UnicodeError:
            return match[0]

    return _MOJIBAKE.sub(mend, text)


def _byte(character: str) -> bytes:
    try:
        return character.encode("cp1252")
    except UnicodeEncodeError:
        return character.encode("latin-1")


def key_of(text: str) -> str:
    """Return a text without differences of case, white space and unseen characters, for comparing."""
    if text.isascii():
        return " ".join(text.split()).lower()
    return " ".join(one_form(text).split()).casefold()


def is_placeholder(text: str) -> bool:
    """Say whether a text means "nothing" where a date, number, rating or the like is expected."""
    if len(text) > _LONGEST_NOTHING or text[:1].isdigit():  # a figure is never nothing
        return False
    known = words_for_nothing()
    if text.isascii() and text.isalnum():
        return text.casefold() in known
    return key_of(text) in known or plain_words(text) in known


def slug(text: str, most: int = 80, joint: str = "-") -> str:
    """Return a text as an identifier: lower case, words joined by hyphens.

    A longer one is cut at a word and told apart by six characters made from the whole.
    """
    plain = text.replace("&", " and ").replace("\u2019", "").replace("'", "")
    if not plain.isascii():
        decomposed = unicodedata.normalize("NFKD", plain)
        plain = unicodedata.normalize(
            "NFC", "".join(c for c in decomposed if not "\u0300" <= c <= "\u036f")
        )
    words = [w for w in re.split(r"[\W_]+", plain.casefold()) if w]
    whole = joint.join(words)
    if len(whole) <= most:
        return whole
    short = whole[: most - 7]
    short = short.rsplit(joint, 1)[0] if joint in short else short
    return f"{short}{joint}{hashlib.sha1(whole.encode()).hexdigest()[:6]}"


def identifier(text: str) -> str:
    """Return a published number as an identifier: as it is, but for spaces and slashes."""
    return re.sub(r"[\s/\\]+", "-", one_line(text)).strip("-")[:200]


# -- numbers -------------------------------------------------------------------------------


def number(cell: Cell, decimal: str = ".", scale: int | float = 1) -> int | float:
    """Return a number; thousands may be separated by commas, blanks or (German) points."""
    return _finish(_decimal(cell, decimal, False), scale)


def money(cell: Cell, decimal: str = ".", scale: int | float = 1) -> int | float:
    """Return an amount: currency signs, thousands, `(1)` for minus one, times `scale`.

    One that says itself what it counts (`£1.2m`) is not multiplied.
    """
    own = isinstance(cell, str) and own_power(cell) is not None
    return _finish(_decimal(cell, decimal, True), 1 if own else scale)


def own_power(cell: str) -> int | None:
    """Return the power of ten that an amount says itself: 6 for `£1.2m`; None where it says none."""
    text = one_line(cell)
    if not text or (not text[-1].isalpha() and text[-1] not in ".)-€£$"):
        return None
    text = _CURRENCY.sub("", _bracketed(text)[0]).strip()
    found = _SUFFIX.search(_bracketed(text)[0])
    if found is None or not re.search(r"\d", text):
        return None
    has_words = any(c.isalpha() for c in text[: found.start()])
    return None if has_words else _FACTORS[found[1].casefold()]


def percent(cell: Cell, decimal: str = ".", scale: int | float = 1) -> int | float:
    """Return `45 %` as 45."""
    if isinstance(cell, str):
        cell = cell.strip().removesuffix("%").strip()
    return number(cell, decimal, scale)


def _decimal(cell: Cell, decimal: str, is_money: bool) -> Decimal:
    if isinstance(cell, (bool, datetime.date)):
        raise BadCell("is not a number")
    if isinstance(cell, (int, float)):
        return Decimal(repr(cell)) if isinstance(cell, float) else Decimal(cell)
    if decimal == "." and _USUAL.fullmatch(cell):
        return Decimal(cell.replace(",", ""))
    text = one_line(cell).replace("\u2212", "-").replace("\u2013", "-")
    text, negative = _bracketed(text)
    sign, text = _sign(text)
    power = 0
    if is_money:
        text, inside = _bracketed(_CURRENCY.sub("", text).strip())
        negative = negative or inside
        if sign == 0:
            sign, text = _sign(text)
        if (suffix := _SUFFIX.search(text)) is not None:
            power, text = _FACTORS[suffix[1].casefold()], text[: suffix.start()]
    text = re.sub(r"(?<=\d)[ '\u2019\u02bc`](?=\d{3}(?!\d))", "", text)
    if decimal == ",":
        text = text.replace(",", "\0").replace(".", ",").replace("\0", ".")
    if not _PLAIN.match(text) and not _GROUPED.match(text):
        hint = _number_hint(text, decimal, is_money)
        raise BadCell(f"is not {'an amount' if is_money else 'a number'}{hint}")
    try:
        value = Decimal(text.replace(",", "")).scaleb(power)
    except InvalidOperation as error:
        raise BadCell("is not a number") from error
    return -value if negative or sign < 0 else value


def _bracketed(text: str) -> tuple[str, bool]:
    """Return what stands in brackets, as accountants write what is below zero."""
    if text.startswith("(") and text.endswith(")"):
        return text[1:-1].strip(), True
    return text, False


def _sign(text: str) -> tuple[int, str]:
    if text[:1] in "+-" and text[:1]:
        return (-1 if text[0] == "-" else 1), text[1:].strip()
    if text.endswith("-"):
        return -1, text[:-1].strip()
    return 0, text


def _number_hint(text: str, decimal: str, is_money: bool) -> str:
    if decimal == "." and re.match(r"\d{1,3}(\.\d{3})*,\d+$|\d{1,3}(\.\d{3}){2,}$", text):
        return '; if the comma separates decimals, say `decimal: ","`'
    if decimal == "," and re.match(r"[\d.,]+$", text):
        return "; in the mapping the comma separates decimals"
    if text.endswith("%"):
        return "; say `as: percent`"
    return "; add `as: money`" if not is_money and re.search(r"[£$€]", text) else ""


def _finish(value: Decimal, scale: int | float) -> int | float:
    try:
        value = value * Decimal(repr(scale))
    except InvalidOperation as error:
        raise BadCell("is out of range") from error
    if not abs(value) < 9 * 10**18:
        raise BadCell("is out of range")
    whole = value.to_integral_value()
    return int(whole) if value == whole else float(value)


# -- dates ---------------------------------------------------------------------------------

_QUARTERS = (
    re.compile(r"(?:Q|T)\s?(?P<q>[1-4])[\s/.,-]*(?:CY\s?)?(?P<Y>\d{4})\Z", re.IGNORECASE),
    re.compile(r"(?P<Y>\d{4})[\s/.,-]*(?:Q|T)\s?(?P<q>[1-4])\Z", re.IGNORECASE),
    re.compile(r"(?P<q>[1-4])\s?\.?\s?(?:Q|quartal|er trimestre|[eè]me? trimestre|(?:st|nd|rd|th) quarter)[\s/.,-]*(?P<Y>\d{4})\Z", re.IGNORECASE),
)  # fmt: skip


def date(cell: Cell, formats: list[str], is_end: bool = False) -> datetime.date:
    """Return a date written in one of the formats (`DD.MM.YY`, `MMMM D, YYYY` …) or a clear one.

    A month or quarter is its first day; where `is_end`, the last.
    """
    if isinstance(cell, datetime.date):
        return _in_range(cell)
    if isinstance(cell, (bool, float)):
        raise BadCell("is not a date")
    text = _TIME.sub("", one_line(cell))
    impossible = False
    for wanted in [*formats, *DATE_FORMATS]:
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

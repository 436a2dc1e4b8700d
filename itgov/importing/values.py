"""From a cell to a value: texts, money and numbers as people write them in tables."""

from __future__ import annotations

import datetime
import hashlib
import re
import unicodedata
from decimal import Decimal, InvalidOperation
from functools import cache

from itgov.files.write import CONTROL
from itgov.importing.cells import Cell, Percent, Priced
from itgov.importing.languages import plain_words, words_for_nothing
from itgov.model.one_form import one_form

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
_WHOLE = re.compile(r"[0-9]{1,3}(?:,[0-9]{3}){0,2}|[0-9]{1,9}")
"""How most whole ones are."""
_LEAST_LOST = Decimal("0.005")
"""How much of an amount may be lost by the digits that a number keeps: less than half a cent."""
_USUAL_SCALES = (1, 1_000, 1_000_000)
_GROUPED = re.compile(r"\d{1,3}(,\d{2,3})*,\d{3}(\.\d+)?$")
_NEVER_AN_AMOUNT = re.compile(r"\D*(?:\Z|[a-z]{2})")
"""No digit, or two small letters before the first: currencies are capitals, and words for thousands
and millions stand after the figure."""
_ROUND = re.compile(r"(?<=\d)([.,])--?(?=$|[ )£$€])")
"""A dash in place of decimals: `1.200,- €`, `1'200.--`."""
_THOUSANDS = re.compile(r"(?<=\d)[ '\u2019\u02bc`](?=\d{3}(?!\d))")
"""What stands between thousands beside commas and points."""
_NO_AMOUNT = re.compile(
    r"(?:(?:[A-Z]{3}|[A-Z]{0,2}[£$€¥₹]) ?)?\(?[-–—\u2212]{1,3}\)?(?: ?(?:[A-Z]{3}|[£$€¥₹]))?"
)
"""How accounting formats show a cell without an amount: `- €`, `$-`."""
_MOJIBAKE = re.compile("â€.|Ã[^\\s]|Â[\xa0-\xbf]")
_BULLET = re.compile(r"(?:[-•·*▪]|\d{1,2}[.)])\s")


_LONGEST_NOTHING = 40
"""Longer texts say something."""

_NO_LETTERS = str.maketrans("", "", "".join(c for c in map(chr, range(128)) if not c.isalnum()))


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
    if isinstance(cell, Priced):
        return f"{cell.sign} {_digits(cell)}"
    if isinstance(cell, Percent):
        return _digits(cell)
    if isinstance(cell, float):
        return repr(cell)
    return CONTROL.sub("", str(cell))


def _digits(number: float) -> str:
    return str(int(number)) if number.is_integer() else repr(number)


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
    if _NO_AMOUNT.fullmatch(text):
        return True
    if text.isascii() and (bare := text.translate(_NO_LETTERS)) and bare.lower() not in _bare():
        return False  # it differs from all of them in more than marks and white space
    known = words_for_nothing()
    return key_of(text) in known or plain_words(text) in known


@cache
def _bare() -> frozenset[str]:
    """Return the letters of what means nothing, without what stands between them."""
    forms = {form for word in words_for_nothing() for form in (word, plain_words(word))}
    return frozenset("".join(c for c in form if c.isalnum()) for form in forms)


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
    if type(cell) is str and decimal == "." and _WHOLE.fullmatch(cell) and scale in _USUAL_SCALES:
        return int(cell.replace(",", "")) * int(scale)
    own = isinstance(cell, str) and own_power(cell) is not None
    return _finish(_decimal(cell, decimal, True), 1 if own else scale)


def may_be_amount(text: str) -> bool:
    """Say whether `money` may read a text, which costs less than to read it; most texts it cannot."""
    return _NEVER_AN_AMOUNT.match(text) is None


def own_power(cell: str) -> int | None:
    """Return the power of ten that an amount says itself: 6 for `£1.2m`; None where it says none."""
    if cell[-1:].isdecimal():
        return None
    text = one_line(cell)
    if not text or (not text[-1].isalpha() and text[-1] not in ".)-€£$"):
        return None
    text = _unmarked(text, True)[0]
    found = _SUFFIX.search(text)
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
    text, is_negative = _unmarked(_ROUND.sub(r"\g<1>00", text), is_money)
    power = 0
    if is_money and (suffix := _SUFFIX.search(text)) is not None:
        power, text = _FACTORS[suffix[1].casefold()], text[: suffix.start()]
    text = _THOUSANDS.sub("", text)
    if decimal == ",":
        text = text.replace(",", "\0").replace(".", ",").replace("\0", ".")
    if not _PLAIN.match(text) and not _GROUPED.match(text):
        hint = _number_hint(text, decimal, is_money)
        raise BadCell(f"is not {'an amount' if is_money else 'a number'}{hint}")
    try:
        value = Decimal(text.replace(",", "")).scaleb(power)
    except InvalidOperation as error:
        raise BadCell("is not a number") from error
    return -value if is_negative else value


def _unmarked(text: str, is_money: bool) -> tuple[str, bool]:
    """Return an amount without currency, sign and brackets, in whatever order they stand about it.

    The second says whether it is below zero.
    """
    sign, is_bracketed, before = 0, False, ""
    while text != before:
        before = text
        text, inside = _bracketed(_CURRENCY.sub("", text).strip() if is_money else text)
        is_bracketed = is_bracketed or inside
        if sign == 0:
            sign, text = _sign(text)
    return text, is_bracketed or sign < 0


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
        value = +value if scale == 1 else value * Decimal(repr(scale))  # both keep 28 digits
    except InvalidOperation as error:
        raise BadCell("is out of range") from error
    if not abs(value) < 9 * 10**18:
        raise BadCell("is out of range")
    whole = value.to_integral_value()
    if value == whole:
        return int(whole)
    found = float(value)
    if abs(Decimal(found) - value) >= _LEAST_LOST:
        raise BadCell("has more digits than can be kept; round it")
    return found

"""Where a table stands in its file: its header, and rows that are no records.

Above a header stand titles, between and under the rows sums of them and the header once more.
"""

from __future__ import annotations

import calendar
import datetime
import re
from itertools import islice

from msgspec import Struct

from itgov.importing.cells import Cell, CellRow, count_filled, is_blank
from itgov.importing.trouble import shown
from itgov.importing.values import BadCell, key_of, money, one_line

_LOOKED_AT = 50
"""Rows among which a header is looked for."""

_UNDER = 20
"""Rows under it that say which columns there are."""

ERRORS = frozenset(
    [
        "#ref!",
        "#name?",
        "#value!",
        "#div/0!",
        "#num!",
        "#null!",
        "#n/a",
        "#nv",
        "#spill!",
        "#calc!",
        "#field!",
        "#blocked!",
        "#connect!",
        "#getting_data",
        "#bezug!",
        "#wert!",
        "#zahl!",
        "#null!",
        "#überlauf!",
        "#nom?",
        "#valeur!",
        "#nombre!",
        "#nul!",
        "#¡ref!",
        "#¡valor!",
        "#¿nombre?",
        "#¡div/0!",
        "#¡num!",
        "#¡nulo!",
        "#n/d",
        "#verw!",
        "#naam?",
        "#waarde!",
        "#deel/0!",
        "#getal!",
        "#leeg!",
        "#n/b",
        "#valor!",
        "#nome?",
        "#núm!",
        "#nulo!",
    ]
)
"""What a spreadsheet shows where a formula failed, in the languages that are known."""


def find_header(records: list[CellRow], wanted: frozenset[str] = frozenset()) -> int:
    """Return the row (from 1) that names the columns: words over nearly every filled column.

    Where there is none, the first row; but where another row has more of the names that are
    `wanted`, that one.
    """
    found = _worded_header(records)
    if not wanted:
        return found
    has = {
        record.number: len(wanted & {key_of(one_line(c)) for c in record.cells})
        for record in records[:_LOOKED_AT]
    }
    best = max(has, key=lambda number: has[number], default=found)
    is_better = has.get(best, 0) > has.get(found, 0) and has[best] * 2 >= len(wanted)
    return best if is_better else found


def _worded_header(records: list[CellRow]) -> int:
    early = 0
    for at, record in enumerate(records[:_LOOKED_AT]):
        under = _under(records, at + 1)
        if not under:
            break
        width = max(map(len, under))
        columns = [
            c for c in range(width) if sum(_is_filled(r, c) for r in under) * 2 >= len(under)
        ]
        filled = [c for c in record.cells if one_line(c)]
        wordy = sum(is_word(c) or is_period(c) for c in filled)
        covered = sum(_is_filled(record.cells, c) for c in columns)
        if len(filled) == 2 and any(map(is_day, filled)) and _all_words(under[0]):
            continue  # `valid until | 2026-12-31` above the names of two columns
        if len(filled) < min(2, len(columns)) or wordy * 2 < len(filled) or not filled:
            continue
        if covered >= 0.8 * len(columns):
            return early or record.number
        if wordy == len(filled) and len(filled) >= 3 and covered * 2 >= len(columns):
            early = early or record.number
    return early or 1


def _under(records: list[CellRow], start: int) -> list[list[Cell]]:
    """Return the first rows from a place on that may hold records: titles and notes of one cell do not.

    Where all rows have one or two cells, those with one hold records too.
    """
    each = ((r.cells, count_filled(r.cells)) for r in islice(records, start, None))
    counted = list(islice(((row, count) for row, count in each if count), _LOOKED_AT))
    least = 2 if any(count > 2 for _, count in counted) else 1
    return [row for row, count in counted if count >= least][:_UNDER]


def records_above(records: list[CellRow], header_row: int, width: int) -> list[CellRow]:
    """Return the rows above a header that fill most of its columns, some with figures."""
    return [
        row
        for row in records
        if row.number < header_row
        and 3 <= 0.8 * width <= sum(one_line(c) != "" for c in row.cells)
        and any(_is_amount(c) and not is_period(c) for c in row.cells)
    ]


def _is_amount(cell: Cell) -> bool:
    try:
        money(cell)
    except BadCell:
        return False
    return True


def other_headers(records: list[CellRow], found: int) -> list[int]:
    """Return the rows that could name the columns as well as the row that was found.

    Above it those of as many words as half its own; below it the next row of words, where the
    found one has gaps or says a name twice, as headings over several columns do, or where figures
    begin only under the next.
    """
    at = next((i for i, record in enumerate(records) if record.number == found), 0)
    named = [key_of(one_line(c)) for c in records[at].cells if one_line(c)]
    others: list[int] = []
    for record in records[:at]:
        filled = [c for c in record.cells if one_line(c)]
        if len(filled) >= max(3, len(named) / 2) and _all_words(filled):
            others.append(record.number)
    under = [r for r in records[at + 1 : at + 10] if not all(map(is_blank, r.cells))][:2]
    if len(under) == 2:
        below, after = under
        words = {key_of(one_line(c)) for c in below.cells if one_line(c)}
        has_more = len(words) > len(set(named))
        is_before_figures = len(words) == len(set(named)) and not _all_words(after.cells)
        if _all_words(below.cells) and (has_more or is_before_figures):
            others.append(below.number)
    return others


def _all_words(cells: list[Cell]) -> bool:
    return all(is_word(c) for c in cells if one_line(c))


def is_word(cell: Cell) -> bool:
    """Say whether a cell is a text that could name something: no number, amount or date."""
    if not isinstance(cell, str) or not re.search(r"[^\W\d_]", cell):
        return False
    try:
        money(cell)
    except BadCell:
        return len(cell) <= 300
    return False


_PERIOD = re.compile(
    r"(?:(?:FY|GJ|HJ|EJ)\s?'?)?20\d\d(?:\s?[/\u2013-]\s?(?:20)?\d\d)?|(?:FY|GJ|HJ)\s?'?\d\d",
    re.IGNORECASE,
)


def is_period(cell: Cell) -> bool:
    """Say whether a cell is a year or month, which may name a column: `2026`, `2026/27`, `FY26`.

    A workbook keeps a month as its first day, or its last.
    """
    if isinstance(cell, datetime.date):
        last = calendar.monthrange(cell.year, cell.month)[1]
        return 2000 <= cell.year < 2100 and cell.day in (1, last)
    return isinstance(cell, (str, int)) and _PERIOD.fullmatch(one_line(cell)) is not None


_DAY = re.compile(
    r"20\d\d([./-])\d{1,2}\1\d{1,2}|\d{1,2}([./-])\d{1,2}\2(?:20)?\d\d"
    r"|\d{1,2}\.?[\s-]+(?:de )?[^\W\d_]{3,}\.?[\s-]+(?:de )?20\d\d|[^\W\d_]{3,}\.?\s+\d{1,2},?\s+20\d\d"
)


def is_day(cell: Cell) -> bool:
    """Say whether a cell is one day, as a note beside a table says it: `2026-12-31`, `31 May 2026`."""
    if isinstance(cell, datetime.date):
        return True
    return isinstance(cell, str) and _DAY.fullmatch(one_line(cell)) is not None


def _is_filled(cells: list[Cell], at: int) -> bool:
    return at < len(cells) and not is_blank(cells[at])


# -- rows that are no records --------------------------------------------------------------


def repeats_header(cells: list[Cell], headers: list[str]) -> bool:
    """Say whether a row is the header once more."""
    same = 0
    for cell, header in zip(cells, headers, strict=False):
        if is_blank(cell):
            continue
        if key_of(one_line(cell)) != key_of(header):
            return False
        same += 1
    return same >= 2


# -- decimals ------------------------------------------------------------------------------

_COMMA = re.compile(
    r"\d{1,3}(?:\.\d{3})+,\d+|\d+,\d{1,2}|\d+,\d{4,}|0,\d+|\d{1,3}(?:\.\d{3}){2,}|\d{4,},\d{3}"
)
_POINT = re.compile(
    r"\d{1,3}(?:,\d{2,3})+\.\d+|\d*\.\d{1,2}|\d*\.\d{4,}|0\.\d+|\d{1,3}(?:,\d{2,3}){2,}"
    r"|\d{4,}\.\d{3}"
)
_EXPONENT = re.compile(r"(?<=\d)[eE][+-]?\d+\s*\Z")
_EITHER = re.compile(r"\d{1,3}[.,]\d{3}")


class Sign(Struct, frozen=True):
    """What separates decimals in a column, and what of that has to be said."""

    decimal: str
    note: str = ""
    either: str = ""
    """A cell that could be a thousand or a fraction, where no cell of the table tells."""


def decimal_sign(name: str, cells: list[Cell], others: str | None = None) -> Sign:
    """Tell from all cells of a column whether a point or a comma separates its decimals.

    `others` is what is known beside, from the other columns, for a column that leaves it open.
    """
    comma = point = 0
    either = ""
    for cell in cells:
        if not isinstance(cell, str) or not ("," in cell or "." in cell):
            continue
        bare = _EXPONENT.sub("", cell) if "E" in cell or "e" in cell else cell
        text = re.sub(r"[^\d.,]", "", bare).strip(".,") if len(cell) <= 40 else ""
        if _EITHER.fullmatch(text) and not text.startswith("0"):
            either = either or text
        elif _COMMA.fullmatch(text):
            comma += 1
        elif _POINT.fullmatch(text):
            point += 1
    column = f"column `{shown(name)}`"
    if comma and point:
        sign = "," if comma > point else "."
        word = "comma" if sign == "," else "point"
        return Sign(
            sign,
            f"{column}: {comma:,} cells have a decimal comma, {point:,} a decimal point; the "
            f"{word} is read as decimal",
        )
    if comma:
        return Sign(",", f"{column}: the comma separates decimals, as its cells show")
    if point or not either:
        return Sign(".")
    sign = others or "."
    is_thousand = (sign == ".") == ("," in either)
    number = re.sub(r"[.,]", "", either) if is_thousand else either.replace(",", ".")
    if others is None and "," in either:
        return Sign(sign, either=either)
    return Sign(
        sign,
        f"{column}: `{either}` could be a thousand or a fraction and is read as {number}; "
        "say `decimal` if that is wrong",
        either if others is None else "",
    )

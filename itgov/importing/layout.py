"""Where a table stands in its file: its header, and rows that are no records.

Above a header stand titles, between and under the rows sums of them and the header once more.
"""

from __future__ import annotations

import re

from msgspec import Struct

from itgov.importing.cells import Cell, CellRow, is_blank
from itgov.importing.trouble import shown
from itgov.importing.values import BadCell, key_of, money, one_line, own_power

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
    ]
)
"""What a spreadsheet shows where a formula failed, in English, German and French."""

_TOTAL = re.compile(
    r"(?:grand|sub|overall|column|net)?[\s-]*(?:total|totals|totaal|totaux)\b.{0,60}"
    r"|sum(?: of)?(?: all)?\b.{0,30}|suma\b.{0,40}|somme\b.{0,40}|ensemble"
    r"|(?:zwischen|gesamt|end)?summe\b.{0,40}|(?:ins)?gesamt\b.{0,40}|sous[\s-]total\b.{0,40}"
    r"|.{1,60}\b(?:sub)?(?:total|totals|gesamt|summe)",
    re.IGNORECASE,
)

_HINT = re.compile("tot|sum|som|ensemble|gesamt", re.IGNORECASE)
"""What every one of these words has in it."""

_DIGIT = re.compile(r"\d")


class NoRecord(Struct, frozen=True):
    """Why a row is no record."""

    number: int
    reason: str
    is_sure: bool
    """Whether it holds no money of its own."""


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
        under = [r.cells for r in records[at + 1 :] if not all(map(is_blank, r.cells))][:_UNDER]
        if not under:
            break
        width = max(map(len, under))
        columns = [
            c for c in range(width) if sum(_is_filled(r, c) for r in under) * 2 >= len(under)
        ]
        filled = [c for c in record.cells if one_line(c)]
        wordy = sum(is_word(c) for c in filled)
        covered = sum(_is_filled(record.cells, c) for c in columns)
        if len(filled) < min(2, len(columns)) or wordy * 2 < len(filled) or not filled:
            continue
        if covered >= 0.8 * len(columns):
            return early or record.number
        if wordy == len(filled) and len(filled) >= 3 and covered * 2 >= len(columns):
            early = early or record.number
    return early or 1


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


def totals(rows: list[CellRow], counts: dict[int, int] | None = None) -> list[NoRecord]:
    """Return the rows that are sums of other rows: by their words, by their figures, or both.

    A row that says so in words is one where its figures are the sum of rows above it, or where it
    has much fewer cells than the others; a row without words only where its figures are.  `counts`
    is what the amounts of each column count, for cells that say another unit themselves.
    """
    filled = [_count(r.cells) for r in rows]
    usual = sorted(filled)[len(filled) // 2] if filled else 0
    labels = {
        r.number: label
        for r in rows
        if _HINT.search("\n".join(c for c in r.cells if type(c) is str))
        and (label := _label(r.cells))
    }
    few = {
        r.number
        for r, count in zip(rows, filled, strict=True)
        if count * 2 <= usual and not any(map(is_word, r.cells))
    }
    if not few and not labels:
        return []
    signs = _signs(
        rows, {c for r in rows if r.number in few or r.number in labels for c in _numeric(r.cells)}
    )
    found: list[NoRecord] = []
    whole: dict[int, float] = {}
    since: dict[int, float] = {}
    counted: dict[int, bool] = {}  # whether a column holds anything but years
    summed = 0
    for row, count in zip(rows, filled, strict=True):
        figures = _figures(row.cells, signs, counts or {})
        label = labels.get(row.number, "")
        if summed and (label or row.number in few):
            sums = [
                (a, [part[c] for part in (whole, since) if c in part]) for c, a in figures.items()
            ]
            meets = [any(_same(a, s) for s in candidates) for a, candidates in sums]
            years = [not counted.get(c, True) for c in figures]
            if all(years):  # a column of amounts that all look like years
                years = [False] * len(years)
            is_sum = any(m and not y for m, y in zip(meets, years, strict=True)) and all(
                m or y for m, y in zip(meets, years, strict=True)
            )
            has_few = count * 3 <= usual * 2
            if (is_sum and (label or summed > 1)) or (label and has_few):
                said = f"a total, `{shown(label)}`" if label else "a total without a word"
                wrong = "" if is_sum or not figures else _mismatch(sums, years)
                found.append(NoRecord(row.number, f"{said}{wrong}", is_sum or not figures))
                since.clear()
                continue
        summed += 1
        for column, amount in figures.items():
            whole[column] = whole.get(column, 0) + amount
            since[column] = since.get(column, 0) + amount
            is_year = amount.is_integer() and 1900 <= amount <= 2200
            counted[column] = counted.get(column, False) or not is_year
    return found


def _label(cells: list[Cell]) -> str:
    for cell in cells:
        if isinstance(cell, str) and len(cell) <= 120 and _TOTAL.fullmatch(text := one_line(cell)):
            return text.rstrip(":")
    return ""


def _count(cells: list[Cell]) -> int:
    return sum(not is_blank(cell) for cell in cells)


def _numeric(cells: list[Cell]) -> list[int]:
    """Return where in a row a figure may stand."""
    return [at for at, cell in enumerate(cells) if _may_be_figure(cell)]


def _may_be_figure(cell: Cell) -> bool:
    if isinstance(cell, str):
        return len(cell) <= 40 and _DIGIT.search(cell) is not None
    return isinstance(cell, (int, float)) and not isinstance(cell, bool)


def _signs(rows: list[CellRow], columns: set[int]) -> dict[int, str]:
    """Return what separates decimals in each of the columns."""
    return {
        at: decimal_sign("", [r.cells[at] for r in rows if at < len(r.cells)]).decimal
        for at in sorted(columns)
    }


def _figures(cells: list[Cell], signs: dict[int, str], counts: dict[int, int]) -> dict[int, float]:
    """Return the amounts of a row, by column, in what the column counts."""
    found: dict[int, float] = {}
    for at, sign in signs.items():
        if at >= len(cells) or not _may_be_figure(cell := cells[at]):
            continue
        if isinstance(cell, (int, float)):
            found[at] = float(cell)
            continue
        for decimal in (sign, "," if sign == "." else "."):
            try:
                unit = counts.get(at, 1) if own_power(str(cell)) is not None else 1
                found[at] = float(money(cell, decimal)) / unit
            except BadCell:
                continue
            break
    return found


def _same(one: float, other: float) -> bool:
    return abs(one - other) <= max(0.011, abs(one) * 1e-6)


def _mismatch(sums: list[tuple[float, list[float]]], years: list[bool]) -> str:
    """Say by which figures a total differs from the rows that it stands under."""
    wrong = [
        f"{a:,.12g}, but the rows above sum to {' or '.join(f'{s:,.12g}' for s in dict.fromkeys(found))}"
        for (a, found), is_year in zip(sums, years, strict=True)
        if found and not is_year and not any(_same(a, s) for s in found)
    ]
    return f", which says {'; '.join(wrong)}" if wrong else ""


# -- decimals ------------------------------------------------------------------------------

_COMMA = re.compile(
    r"\d{1,3}(?:\.\d{3})+,\d+|\d+,\d{1,2}|\d+,\d{4,}|0,\d+|\d{1,3}(?:\.\d{3}){2,}|\d{4,},\d{3}"
)
_POINT = re.compile(
    r"\d{1,3}(?:,\d{2,3})+\.\d+|\d*\.\d{1,2}|\d*\.\d{4,}|0\.\d+|\d{1,3}(?:,\d{2,3}){2,}"
    r"|\d{4,}\.\d{3}"
)
_EITHER = re.compile(r"\d{1,3}[.,]\d{3}")


class Sign(Struct, frozen=True):
    """What separates decimals in a column, and what of that has to be said."""

    decimal: str
    note: str = ""


def decimal_sign(name: str, cells: list[Cell], others: str | None = None) -> Sign:
    """Tell from all cells of a column whether a point or a comma separates its decimals.

    `others` is what the other columns of the file say, for a column that leaves it open.
    """
    comma = point = 0
    either = ""
    for cell in cells:
        if not isinstance(cell, str) or not ("," in cell or "." in cell):
            continue
        text = re.sub(r"[^\d.,]", "", cell).strip(".,") if len(cell) <= 40 else ""
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
        return Sign(sign)
    return Sign(
        sign,
        f"{column}: `{either}` could be a thousand or a fraction and is read as {number}; "
        "say `decimal` if that is wrong",
    )

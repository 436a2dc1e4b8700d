"""Rows and cells around a table that are none of its records.

A row of units under the header, notes below, cells beside it, and a second table on the same sheet.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache

from msgspec import Struct

from itgov.importing.cells import Cell, CellRow, count_filled, is_blank, letters
from itgov.importing.currencies import CODES
from itgov.importing.dates import date
from itgov.importing.layout import is_word, repeats_header
from itgov.importing.trouble import rows_text, shown
from itgov.importing.values import BadCell, key_of, money, one_line

_SCALE = (
    (1_000, r"k|tsd\.?|'?000s?|thousands?|tausend|milliers|t"),
    (1_000_000, r"m|mn|mio\.?|millions?|millionen"),
    (1_000_000_000, r"bn|mrd\.?|md|billions?|milliarden|milliards"),
)
_CURRENCY = rf"(?:[£$€¥]|(?:US|CA|A|NZ)\$|{'|'.join(sorted(CODES))}|euros?|pounds?|dollars?)"
_SCALES = tuple(
    (scale, re.compile(rf"(?:in )?(?:{_CURRENCY}\s?)?(?:{word})(?:\s?{_CURRENCY})?", re.IGNORECASE))
    for scale, word in _SCALE
)
_AMOUNT = re.compile(rf"(?:in )?{_CURRENCY}", re.IGNORECASE)
_UNIT = re.compile(
    r"%|percent|days?|months?|years?|tage|monate|jahre|jours|mois|ans|fte|text|date|datum|number|n/a|-"
    r"|yes/no|dd[./-]mm[./-]yy(?:yy)?|mm[./-]dd[./-]yy(?:yy)?|yyyy-mm-dd|yyyy|r/a/g|rag|name|id|#",
    re.IGNORECASE,
)
_NOTE = re.compile(
    r"\*|(?:source|notes?|legend|prepared|status as|as (?:at|of)|quelle|hinweis|anmerkung|legende|stand"
    r"|remarque|légende|état au|\d+\)|\(\d+\))\b",
    re.IGNORECASE,
)
_LOOKED_AT = 200
_LARGE = 1_000
"""Numbers of a column without a name that reach it are no marks and no numbers of rows."""

_USUAL = 3
"""Fewest cells that rows of a table usually fill for a row of one cell to be a note."""


class Apart(Struct, frozen=True):
    """A row that is no record."""

    row: CellRow
    reason: str
    may_hold_money: bool = False
    heading: str = ""
    """What it says of the rows under it."""


def units_row(cells: list[Cell]) -> dict[int, int] | None:
    """Return how much the columns count, by column, where a row says nothing but units; else None."""
    found: dict[int, int] = {}
    is_money = False
    for at, cell in enumerate(cells):
        text = one_line(cell).strip("()[]")
        if not text:
            continue
        scale = next((s for s, pattern in _SCALES if pattern.fullmatch(text)), 0)
        if scale:
            found[at] = scale
        elif not _AMOUNT.fullmatch(text) and not _UNIT.fullmatch(text):
            return None
        is_money = is_money or bool(scale) or _AMOUNT.fullmatch(text) is not None
    return found if is_money else None


def is_note(text: str) -> bool:
    """Say whether a text begins as notes do: *Source: …*, *Prepared by …*."""
    return _NOTE.match(text) is not None


def notes_below(rows: list[CellRow]) -> list[Apart]:
    """Return the rows at the end of a table that hold one text each: sources, remarks."""
    counts = sorted(count_filled(row.cells) for row in rows)
    if not counts or counts[len(counts) // 2] < _USUAL:
        return []
    found: list[Apart] = []
    for at in range(len(rows) - 1, -1, -1):
        row = rows[at]
        texts = [one_line(c) for c in row.cells if not is_blank(c)]
        if len(texts) != 1 or not is_word(texts[0]):
            break
        after_blank = at > 0 and row.number > rows[at - 1].number + 1
        if is_note(texts[0]) or after_blank or len(texts[0].split()) > 12:
            found += [
                Apart(r, f"a note below the table, `{shown(one_line(_first(r)))}`")
                for r in rows[at : len(rows) - len(found)]
            ]
    return found


def headings(rows: list[CellRow]) -> list[Apart]:
    """Return the rows that hold one text, and name the rows under them: of a programme, say.

    Only in a column that those rows fill as well: in one that they leave blank it may be their unit.
    """
    counts = sorted(count_filled(row.cells) for row in rows)
    if not counts or counts[len(counts) // 2] < _USUAL:
        return []
    found: list[Apart] = []
    waiting: list[CellRow] = []
    filled: dict[int, bool] = {}
    for row in rows:
        if count_filled(row.cells) == 1:
            waiting.append(row)
            continue
        for heading in waiting:
            at = next(at for at, cell in enumerate(heading.cells) if cell != "")
            if at not in filled:
                filled[at] = _is_usual(rows, at)
            if is_word(heading.cells[at]) and filled[at]:
                word = one_line(heading.cells[at])
                said = f"a heading of the rows under it, `{shown(word)}`"
                found.append(Apart(heading, said, may_hold_money=True, heading=word))
        waiting.clear()
    return found


def _is_usual(rows: list[CellRow], at: int) -> bool:
    """Say whether most rows of more than one cell fill a column."""
    others = [row.cells for row in rows if count_filled(row.cells) > 1]
    return sum(at < len(cells) and cells[at] != "" for cells in others) * 2 > len(others)


def second_tables(rows: list[CellRow], headers: list[str]) -> tuple[list[CellRow], list[Apart]]:
    """Return the rows of the table, with those of tables below it that have the same columns.

    Where the columns of a table below stand in another order, its cells are put under the names of
    the first; where it names other columns, its rows are none of this table.
    """
    keys = {key_of(h): at for at, h in enumerate(headers) if h}
    figured = _figured(rows, len(headers))
    kept: list[CellRow] = []
    apart: list[Apart] = []
    order: list[int | None] | None = None
    begins: int | None = None
    for row in rows:
        named: list[str] = []
        if key_of(one_line(_first(row))) in keys or not any(
            _is_figure(row.cells[at]) for at in figured if at < len(row.cells)
        ):
            named = [key_of(one_line(c)) for c in row.cells]
        filled = [n for n in named if n]
        known = [n for n in filled if n in keys]
        if named and repeats_header(row.cells, headers):
            order, begins = None, None
            apart.append(Apart(row, "the header once more"))
        elif len(filled) >= 2 and len(known) == len(filled) == len(set(filled)):
            order = [keys[n] if n else None for n in named]
            begins = None
            apart.append(Apart(row, "the header once more"))
        elif named and kept and _is_other_header(row.cells, known, figured):
            begins, order = row.number, None
            said = f"the header of another table, which names `{shown(one_line(_first(row)))}`"
            apart.append(Apart(row, said))
        elif begins is not None:
            said = f"a row of another table, whose header is row {begins}"
            apart.append(Apart(row, said, may_hold_money=True))
        elif order is not None:
            cells: list[Cell] = [""] * len(headers)
            beyond = False
            for at, cell in enumerate(row.cells):
                to = order[at] if at < len(order) else None
                if to is not None:
                    cells[to] = cell
                beyond = beyond or (to is None and not is_blank(cell))
            if beyond:
                apart.append(
                    Apart(row, "it has cells that the header above it does not name", True)
                )
            else:
                kept.append(CellRow(row.number, row.line, cells))
        else:
            kept.append(row)
    return kept, apart


def _is_other_header(cells: list[Cell], known: list[str], figured: set[int]) -> bool:
    """Say whether words stand where a table has amounts and dates, and nowhere anything else."""
    filled = [(at, c) for at, c in enumerate(cells) if not is_blank(c)]
    if len(filled) < _USUAL or not all(is_word(c) and len(one_line(c)) <= 40 for _, c in filled):
        return False
    over = sum(at in figured for at, _ in filled)
    return over >= 2 or (over == 1 and len(known) * 2 >= len(filled))


def _figured(rows: list[CellRow], width: int) -> set[int]:
    """Return the columns of which most cells are amounts or dates."""
    found: set[int] = set()
    for at in range(width):
        cells = [r.cells[at] for r in rows[:200] if at < len(r.cells) and not is_blank(r.cells[at])]
        if len(cells) >= 2 and sum(map(_is_figure, cells)) * 4 >= len(cells) * 3:
            found.add(at)
    return found


def _is_figure(cell: Cell) -> bool:
    return _reads_as_figure(cell) if isinstance(cell, str) else True


@lru_cache(maxsize=10_000)
def _reads_as_figure(cell: str) -> bool:
    if not any(c.isdigit() for c in cell):
        return False
    for reads in (money, lambda c: money(c, ","), lambda c: date(c, ["DD/MM/YYYY", "DD.MM.YYYY"])):
        try:
            reads(cell)
        except BadCell:
            continue
        return True
    return False


def beside(rows: list[CellRow], width: int, is_sheet: bool) -> tuple[set[int], str]:
    """Return the rows with cells beside the table that are no shift of their own, and what to say.

    In a sheet no cell is shifted by a separator; in a text a blank cell has to stand between.
    """
    found: set[int] = set()
    columns: dict[int, list[int]] = {}
    for row in rows:
        extra = [at for at in range(width, len(row.cells)) if not is_blank(row.cells[at])]
        if extra and (is_sheet or extra[0] > width):
            found.add(row.number)
            for at in extra:
                columns.setdefault(at, []).append(row.number)
    if not found:
        return set(), ""
    places = [f"{letters(at)} (rows {rows_text(columns[at], None)})" for at in sorted(columns)]
    said = f"cells beside the table that no column names are not read: {', '.join(places)}"
    return found, said


def within(row: CellRow, width: int) -> CellRow:
    """Return a row without what stands beside the table."""
    return row if len(row.cells) <= width else CellRow(row.number, row.line, row.cells[:width])


def without(rows: list[CellRow], numbers: Collection[int]) -> list[CellRow]:
    """Return the rows that do not have some numbers."""
    return [row for row in rows if row.number not in numbers] if numbers else rows


def repeated_block(headers: list[str]) -> int | None:
    """Return where the names of the columns come once more after a blank one; None where they do not."""
    names = [key_of(h) for h in headers]
    for at in range(3, len(names) - 2):
        again = [n for n in names[at:] if n]
        if names[at] and not names[at - 1] and len(again) >= 3:
            block = [n for n in names[:at] if n]
            if block == again[: len(block)]:
                return at
    return None


def amounts_without_name(records: list[CellRow], header_row: int, headers: list[str]) -> list[int]:
    """Return the columns without a name, between such that have one, whose cells are amounts."""
    under = [r.cells for r in records[:_LOOKED_AT] if r.number > header_row]
    last = max((at for at, name in enumerate(headers) if name), default=0)
    return [at for at in range(1, last) if not headers[at] and _are_amounts(under, at)]


def _are_amounts(rows: list[list[Cell]], at: int) -> bool:
    cells = [row[at] for row in rows if at < len(row) and not is_blank(row[at])]
    found = [_amount(cell) for cell in cells]
    known = [abs(amount) for amount in found if amount is not None]
    return len(known) * 2 > len(rows) and len(known) == len(cells) and max(known) >= _LARGE


def _amount(cell: Cell) -> float | None:
    try:
        return money(cell)
    except BadCell:
        return None


def unnamed(rows: list[CellRow], headers: list[str]) -> list[str]:
    """Say which columns without a name hold something."""
    said: list[str] = []
    for at, header in enumerate(headers):
        if header:
            continue
        filled = [r.number for r in rows if at < len(r.cells) and not is_blank(r.cells[at])]
        if filled:
            where = rows_text(filled, None)
            said.append(f"column {letters(at)} has no name and is not read (rows {where})")
    return said


def _first(row: CellRow) -> Cell:
    return next((c for c in row.cells if not is_blank(c)), "")

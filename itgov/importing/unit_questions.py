"""What a draft asks about the unit in which amounts are counted: pounds, thousands or millions."""

from __future__ import annotations

import re

from msgspec import Struct

from itgov.importing import values as v
from itgov.importing.cells import is_blank
from itgov.importing.languages import plain_words
from itgov.importing.looks import ColumnLook, decimal_of, says_scale
from itgov.importing.questions import EXAMPLES, Choice, Question, examples
from itgov.importing.tables import SourceTable
from itgov.importing.trouble import shown
from itgov.importing.units import says_unit, unit_in_name, without_unit

SMALL = 100_000
"""Below it a portfolio's largest amount may well be counted in thousands or millions."""

_APART = 200
"""By how much the largest amounts of two columns differ that may be counted differently."""

_UNITS = (("1", "as they stand"), ("1000", "thousands"), ("1000000", "millions"))
_LONGEST = 200
_OF_AMOUNTS = re.compile(
    r"\b(?:in|all|figures|amounts|values|costs|money|unless|alle|angaben|betr[aä]ge|werte|en|montants"
    r"|chiffres|valeurs)\b",
    re.IGNORECASE,
)


class SaidUnit(Struct, frozen=True):
    """What a text above or below a table says that its amounts count."""

    text: str
    scale: int


def said_unit(table: SourceTable) -> SaidUnit | None:
    """Return what a title or a note of a table says of its amounts; None where they differ."""
    records = {row.number for row in table.rows}
    found: dict[int, SaidUnit] = {}
    for row in table.read.rows if table.read is not None else []:
        if row.number == table.header_row or row.number in records:
            continue
        filled = [cell for cell in row.cells if not is_blank(cell)]
        if len(filled) > 2:
            continue
        for text in (v.one_line(c) for c in filled if isinstance(c, str)):
            scale = unit_in_name(text) if len(text) <= _LONGEST else 1
            if scale != 1 and _is_of_amounts(text) and not re.search(r"\d\s?m", text):
                found.setdefault(scale, SaidUnit(text, scale))
    return next(iter(found.values())) if len(found) == 1 else None


def _is_of_amounts(text: str) -> bool:
    """Say whether a text says a unit of all amounts: `figures in £m`, `Capital programme (£000)`."""
    return _OF_AMOUNTS.search(text) is not None or any(
        unit_in_name(inside) != 1 and not without_unit(plain_words(inside))
        for inside in re.findall(r"[(\[]([^()\[\]]*)[)\]]", text)
    )


def which_decimal(columns: list[ColumnLook]) -> Question | None:
    """Ask whether `10.000` is ten thousand where every cell of a table can be read as either.

    A point before three digits is a fraction of millions, a comma a thousand, where nothing speaks
    against it.
    """
    for column in columns:
        either = column.sign().either if column.sign is not None else ""
        is_millions = unit_in_name(column.name) >= 1_000_000
        if "," in either and not (column.is_by_semicolon and is_millions):
            continue
        if not either or ("." in either and is_millions and not column.is_by_semicolon):
            continue
        mark = "," if "," in either else "."
        other = "." if mark == "," else ","
        thousand = Choice(other, f"no, it is {re.sub(r'[.,]', '', either)}")
        fraction = Choice(mark, f"yes, it is {either.replace(',', '.')}")
        proposal = thousand if column.is_by_semicolon and not is_millions else None
        why = f"no cell of `{shown(column.name)}` tells"
        if proposal is not None:
            why += "; `;` separates the cells, as where the comma separates decimals"
        return Question(
            "decimal",
            f"Does the {'comma' if mark == ',' else 'point'} in `{either}` separate decimals?",
            proposal,
            tuple(c for c in (thousand, fraction) if c is not proposal),
            why,
            examples=examples(column.cells),
            explains="The answer holds for all amounts of the table.",
            matters=True,
        )
    return None


class _Plain(Struct):
    """A column's amounts that do not say their unit themselves."""

    column: ColumnLook
    amounts: list[tuple[float, str]]

    @property
    def most(self) -> float:
        return max((amount for amount, _ in self.amounts), default=0.0)


def unsure_of_unit(columns: list[ColumnLook]) -> list[ColumnLook]:
    """Return the columns of money of which nothing says what they count, and which may be counted."""
    plain = [_plain(column) for column in columns]
    said = [p for p in plain if says_scale(p.column) and p.amounts]
    silent = [p for p in plain if not says_scale(p.column) and p.most > 0]
    small = [p for p in silent if p.most < SMALL]
    if said:
        written = max(p.most for p in said)
        return [p.column for p in silent if p in small or p.most <= 10 * written]
    most = max((p.most for p in silent), default=0)
    return [p.column for p in small if most < SMALL or p.most * _APART <= most]


def money_unit(
    unsure: list[ColumnLook], others: list[ColumnLook], said: SaidUnit | None
) -> Question:
    """Ask in which unit the amounts of columns are counted that say nothing of it.

    There is a proposal only where a text beside the table says it: a guess would be wrong by a
    thousand.
    """
    found = sorted((a for c in unsure for a in _plain(c).amounts), key=lambda pair: -pair[0])
    most = found[0][0]
    names = ", ".join(f"`{shown(column.name)}`" for column in unsure)
    offered = [Choice(answer, f"{words} ({most * int(answer):,.12g})") for answer, words in _UNITS]
    why = f"neither {names} nor a cell says the unit"
    stated = next((c for c in others if says_scale(c)), None)
    if stated is not None:
        why += f", as `{shown(stated.name)}` does"
    elif others:
        why += ", and other columns hold far larger amounts"
    proposal = None
    if said is not None:
        proposal = next((c for c in offered if c.answer == str(said.scale)), None)
        why += f"; a text beside the table does, `{shown(said.text)}`"
    whose = f" of {names}" if others else ""
    return Question(
        "scale",
        f"The largest amount{whose} is {most:,.12g}: is that so, or counted in thousands or "
        "millions?",
        proposal,
        tuple(c for c in offered if c is not proposal),
        why,
        examples=examples(cell for _, cell in found[: EXAMPLES * 20]),
        explains="Every amount of these columns is multiplied by it."
        if others
        else "Every amount of the table is multiplied by it.",
        matters=True,
    )


def _plain(column: ColumnLook) -> _Plain:
    if column.plain is not None:
        return _Plain(column, column.plain)
    sign = decimal_of(column) or "."
    found: list[tuple[float, str]] = []
    for cell, _ in column.counted():
        if says_unit(cell):
            continue
        try:
            found.append((abs(v.money(cell, sign)), v.one_line(cell)))
        except v.BadCell:
            continue
    column.plain = found
    return _Plain(column, found)

"""What the columns of amounts mean: a year's budget, actual or forecast, or none of them.

Scores, changes, variances, percentages and counts are no money; a whole-life cost and a benefit are
money, but not a year's.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from fractions import Fraction

from msgspec import Struct

from itgov.importing import values as v
from itgov.importing.cells import Cell, Percent
from itgov.importing.column_choice import is_remark, name_forms, rank
from itgov.importing.languages import column_phrases, money_phrases, other_phrases
from itgov.importing.looks import (
    MOST,
    ColumnLook,
    date_formats,
    decimal_of,
    has_scale,
    is_code,
    is_score,
    says_scale,
)
from itgov.importing.periods import Period, period_of
from itgov.importing.table_questions import says_currency
from itgov.importing.units import without_unit

KINDS = ("actual", "forecast", "budget")
"""What a year's money is; a name that says two of them is the first."""

_LARGE = 10_000
"""Numbers of a column without a name of money that are at least this may be amounts."""

_SMALL = 100
"""Numbers that are all below it are rather counts and marks."""

_GROUPED = re.compile(r"-?\d{1,3}(?:[.,' \u2019\u202f\xa0]\d{3})+(?:[.,]\d{1,2})?")
_EQUAL = 0.95
"""Share of the rows in which one amount must be the sum of others to be their total."""


class Money(Struct):
    """A column of amounts, and what of a year's money it is."""

    column: ColumnLook
    kind: str
    """`budget`, `actual`, `forecast`; `whole_life`, `benefit`; `year`, named by a year alone;
    `unknown`, money by its sign, or spent or planned; or `""`."""
    rank: int = 0
    period: Period | None = None
    is_perhaps: bool = False
    is_never: bool = False
    """Whether its name says that it is a score, a change, a count or the like."""

    @property
    def why(self) -> str:
        """By which word of its name it is what it is."""
        if self.kind not in KINDS:
            return ""
        phrases, forms = money_phrases(self.kind), name_forms(self.column.name)
        found = phrases.surely.surest(*forms) or phrases.perhaps.surest(*forms)
        return f"{self.kind} called `{found[1]}`" if found is not None else ""

    @property
    def is_total(self) -> bool:
        """Whether its name says that it is a total."""
        return _named("total", self.column)

    @property
    def is_part(self) -> bool:
        """Whether its name says that it is a part: a quarter's, or capital beside revenue."""
        return bool(self.period and self.period.is_part) or _named("parts", self.column)

    @property
    def is_annual(self) -> bool:
        """Whether its name says that it is for each year."""
        return _named("annual", self.column)

    @property
    def is_older(self) -> bool:
        """Whether its name says that another amount has replaced it."""
        return _named("older", self.column)


def _named(key: str, column: ColumnLook) -> bool:
    return any(form in money_phrases(key).surely for form in name_forms(column.name))


def money_of(column: ColumnLook) -> Money | None:
    """Return what a column's amounts are; None where it holds none.

    What is spent in a year that is still to come was not spent: what it is, has to be asked.
    """
    found = _money_of(column)
    if found is None or found.kind != "actual" or found.period is None:
        return found
    if found.period.year <= datetime.date.today().year:
        return found
    return Money(column, "unknown", found.rank, found.period, True)


def _money_of(column: ColumnLook) -> Money | None:
    if not column.cells and not column.faults:
        return None
    kind, place = _kind(column)
    if column.cells and not _holds_amounts(column, kind in KINDS):
        return None
    name = column.name
    if "%" in name or _named("never", column) or is_remark(column):
        return Money(column, "", is_never=True)
    period = period_of(name)
    if period is not None and period.bare:  # `2025/26 (£m)` is named by its year alone
        period = period_of(re.sub(r"\([^)]*\)|\[[^\]]*\]", " ", name)) or period
    likely = rank(column, money_phrases("actual"), perhaps=True)
    until = period.bare if period is not None and period.is_until else ""
    is_open = not kind and likely is not None
    if until and (is_open or (kind in ("", "budget") and _is_cost_until(until))):
        is_spent = _is_only_cost(until)
        return Money(column, "actual" if is_spent else "unknown", 0, period, not is_spent)
    if kind:
        return Money(column, kind, place, period)
    if likely is not None:
        is_spent = any(map(_is_only_cost, name_forms(name)))
        return Money(column, "actual" if is_spent else "unknown", likely, period, True)
    if _is_spent_later(column):
        return Money(column, "unknown", 0, period, True)
    likely = rank(column, money_phrases("budget"), perhaps=True)
    if likely is not None and not is_score(column):
        return Money(column, "budget", likely, period, True)
    if period is not None and _is_only_total(period.bare):
        return Money(column, "year", 0, period)
    if column.cells and (says_currency(column) or has_scale(column) or _is_grouped(column)):
        return Money(column, "unknown", 0, period)
    return Money(column, "", 0, period)


def _is_spent_later(column: ColumnLook) -> bool:
    """Say whether a name of what was spent says as well that it was not: *approved spend*."""
    spent, forms = money_phrases("actual"), name_forms(column.name)
    return any(form in spent.never for form in forms) and any(
        form in spent.surely or form in spent.perhaps for form in forms
    )


def _is_cost_until(words: str) -> bool:
    """Say whether words beside a day say that it is the last of a cost: `Kosten bis`."""
    return words in money_phrases("cost").surely and words in other_phrases("until")


def _is_only_total(words: str) -> bool:
    """Say whether words beside a year say nothing but a unit (`Q1 26/27 £k`), or that it is a total."""
    return not without_unit(words) or words in money_phrases("total").surely


def _is_only_cost(words: str) -> bool:
    """Say whether words of a cost say no more of it, as that it is planned or committed."""
    for phrases in (money_phrases("cost").surely, money_phrases("total").surely):
        words = phrases.cut(words)
    return not without_unit(other_phrases("until").cut(words))


def _kind(column: ColumnLook) -> tuple[str, int]:
    """Return what the name says, and how surely."""
    for kind in ("whole_life", "benefit", *KINDS):
        place = rank(column, money_phrases(kind))
        if place is not None:
            return kind, place
    return "", 0


def _holds_amounts(column: ColumnLook, is_named: bool) -> bool:
    """Say whether cells are amounts; those of a column named so may be written oddly."""
    if _is_percent(column):
        return False
    if decimal_of(column) is not None:
        return not is_score(column) or is_named or says_scale(column)
    digits = sum(bool(re.search(r"\d", w)) for w in column.words)
    return is_named and digits * 4 >= len(column.words) and amounts(column) != {}


def _is_grouped(column: ColumnLook) -> bool:
    """Say whether most cells are large numbers with their thousands apart, as amounts are written."""
    grouped = sum(bool(_GROUPED.fullmatch(w)) for w in column.words)
    return (
        grouped * 2 > len(column.words)
        and max(map(abs, amounts(column).values()), default=0) >= _LARGE
    )


def _is_percent(column: ColumnLook) -> bool:
    shown = sum(w.endswith("%") for w in column.words)
    shown += sum(isinstance(cell, Percent) for cell in column.cells)
    return shown * 2 > len(column.words)


def amounts(column: ColumnLook) -> dict[int, Fraction]:
    """Return a column's amounts by row."""
    sign = decimal_of(column) or "."
    found: dict[int, Fraction] = {}
    for at, cell in column.by_row():
        try:
            found[at] = Fraction(repr(v.money(cell, sign)))
        except v.BadCell:
            continue
    return found


def total_of(group: list[Money]) -> Money | None:
    """Return the column of a group that is the sum of the others in nearly every row."""
    if len(group) < 3:
        return None
    by_row = [amounts(m.column) for m in group]
    whole = {
        at: sum((a.get(at, Fraction(0)) for a in by_row), Fraction(0)) for a in by_row for at in a
    }
    for money, own in zip(group, by_row, strict=True):
        if money.period is not None and money.period.is_part:
            continue
        same = sum(
            abs(2 * a - whole[at]) <= abs(a) / 10**6 + Fraction(11, 1000) for at, a in own.items()
        )
        if own and any(own.values()) and same >= _EQUAL * len(whole):
            return money
    return None


def is_same(one: Money, other: Money) -> bool:
    """Say whether two columns hold the same amounts."""
    return amounts(one.column) == amounts(other.column)


def by_year(columns: list[Money]) -> Iterator[tuple[tuple[int, str], list[Money]]]:
    """Yield columns that are of one year (0 for none) and one kind, the surest first."""
    groups: dict[tuple[int, str], list[Money]] = {}
    for money in columns:
        year = money.period.year if money.period is not None else 0
        groups.setdefault((year, money.kind), []).append(money)
    for key, group in groups.items():
        yield key, sorted(group, key=lambda m: (m.is_older, m.rank))


def measures(money: Money) -> bool:
    """Say whether a column's name says that it holds the figures of a measure."""
    return _is_called(money.column, ("target", "baseline"))


def named_by_years(found: list[Money]) -> list[Money]:
    """Where no name is one of money, take numbers for it whose names say a year: `total 2026`."""
    years = [m for m in found if m.period is not None and not m.is_never and not measures(m)]
    totals = [m for m in years if m.is_total]
    for money in totals or years:
        money.kind = "year"
    return found


def may_be_money(money: Money) -> bool:
    """Say whether numbers of no kind may be amounts: neither years nor ids, nor small without a unit."""
    found = [abs(a) for a in amounts(money.column).values()]
    says_so = says_scale(money.column) or says_currency(money.column)
    return (
        (max(found, default=Fraction(0)) >= _SMALL or (says_so and any(found)))
        and not all(a.denominator == 1 and 1900 <= a <= 2200 for a in found)
        and not _is_called(money.column, ("id", "year", "start", "end", "target", "baseline"))
    )


def perhaps_money(column: ColumnLook) -> bool:
    """Say whether a column that is no field may hold money all the same.

    It holds figures, and its name does not say that they are anything else; or its name says that
    they are money, and they cannot be read.
    """
    if (
        ((is_score(column) and not says_scale(column)) or _is_percent(column) or is_code(column))
        or ("%" in column.name or _named("never", column) or is_remark(column))
        or (date_formats(column) is not None or _is_called(column, _DAYS))
    ):
        return False
    money = money_of(column)
    if money is not None:
        return (
            bool(column.cells) and may_be_money(money) and not any(map(_CODE.match, column.words))
        )
    reads = _with_digits if _kind(column)[0] else _figure
    return column.share(reads) > MOST


_DAYS = ("start", "end", "last_reviewed", "next_review", "as_of")
_FIGURE = re.compile(
    r"[^\w%]*(?:[A-Z]{3}\s)?[^\w%]*\d[\d\s.,'\u2019\u2013-]*[^\w%]*(?:[A-Z]{3}|[A-Za-z]{1,3}\.?)?[^\w%]*"
)
"""A number with any signs about it, a currency, or a word such as *Mio*."""


_CODE = re.compile(r"0\d")
"""How a number begins that is none to count with."""
_EFFORT = re.compile(r"(?:\s*\d+(?:[.,]\d+)?\s?[wdhm]\b)+")
"""Work as ticket systems note it: `2d 4h`."""


def _figure(cell: Cell) -> None:
    """Accept a cell that is a figure."""
    if not isinstance(cell, (int, float)) and not _FIGURE.fullmatch(v.one_line(cell)):
        raise v.BadCell("is no figure")


def _with_digits(cell: Cell) -> None:
    """Accept a cell in which there is a digit, and no time that work takes."""
    word = v.one_line(cell)
    if not re.search(r"\d", word) or _EFFORT.fullmatch(word):
        raise v.BadCell("has no digit")


def _is_called(column: ColumnLook, fields: tuple[str, ...]) -> bool:
    return any(rank(column, column_phrases(field)) is not None for field in fields)

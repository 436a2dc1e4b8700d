"""What a draft asks of the years of a table: which they are, and what a fiscal year is called."""

from __future__ import annotations

import re

from itgov.importing.looks import ColumnLook
from itgov.importing.questions import Choice, Question, examples
from itgov.importing.table_questions import amounts_of
from itgov.importing.trouble import shown
from itgov.model.day_words import MONTHS

BY_START, BY_END = "begins", "ends"
"""The answers on the calendar year that a fiscal year is called by."""

WHOLE = "total"
"""The answer that amounts are the whole budget of an investment, and not one year's."""

_FISCAL_YEARS = {"GBP": 4, "CAD": 4, "INR": 4, "JPY": 4, "NZD": 7, "AUD": 7}
"""The month in which a government's fiscal year begins, by its currency; else January."""

_SPAN = re.compile(r"(?:19|20)?\d\d\s?[-/–]\s?(?:19|20)?\d\d")
_NAMED_SPAN = re.compile(r"20\d\d\s?[-/–]\s?(?:20)?(?:1[3-9]|[2-9]\d)(?!\d)")
"""Two years in the name of a column, and not a year with its month."""


def fiscal_year(
    currency: str | None, years: ColumnLook | None, columns: list[ColumnLook]
) -> Question:
    """Ask in which month a fiscal year begins; `columns` are those of money."""
    spans = [w for w in years.words if _SPAN.search(w)] if years is not None else []
    spans += [c.name for c in columns if _NAMED_SPAN.search(c.name)]
    usual = _FISCAL_YEARS.get(currency or "", 4 if spans else 1)
    if spans:
        why = f"`{shown(spans[0])}` spans two calendar years, and no cell says the month"
    else:
        why = "no cell says it"
    if currency in _FISCAL_YEARS:
        why += f"; {MONTHS[usual - 1]} is usual where amounts are in {currency}"
    months = [m for m in (1, 4, 7, 10) if m != usual]
    return Question(
        "fiscal_year_start",
        "In which month does the fiscal year begin?",
        Choice(str(usual), MONTHS[usual - 1]),
        tuple(Choice(str(m), MONTHS[m - 1]) for m in months),
        why,
        examples=examples(years.cells) if years is not None else amounts_of(columns),
        takes="month",
        explains="A year of the table is recorded as the fiscal year that begins in it: with April, "
        "2026 is April 2026 to March 2027. A span such as 2026-27 is 2026.",
    )


def year_of(
    columns: list[ColumnLook], year: int, stated: int = 0, is_annual: bool = False
) -> Question:
    """Ask of which year amounts are whose table has no year.

    One that a title states is proposed; this one, where each amount is for a year.
    """
    whole = Choice(WHOLE, f"no one year: each is the whole budget (recorded once, under {year})")
    years = [Choice(str(y)) for y in dict.fromkeys([stated or year, year, year - 1])][:2]
    proposal, *others = [*years, whole] if stated or is_annual else [whole, *years]
    why = "neither a column nor a name of one says the year"
    return Question(
        "year",
        "Of which fiscal year are the amounts? The calendar year in which it begins",
        proposal,
        tuple(others),
        f"{why}; a title says {stated}" if stated else why,
        examples=amounts_of(columns),
        takes="year",
        explains="Amounts are recorded by fiscal year. A whole budget stands in one row, which the "
        "next table replaces.",
    )


def year_named(words: list[str], month: int) -> Question | None:
    """Ask by which of its two calendar years a fiscal year is called; None where a word says both."""
    if not words or any(_SPAN.search(word) for word in words):
        return None
    found = next((m for w in words if (m := re.search(r"\d{4}|\d\d\b", w))), None)
    if found is None:
        return None
    word, year = found.string, int(found[0]) + (2000 if len(found[0]) == 2 else 0)
    begins = Choice(BY_START, f"the year in which it begins: from {MONTHS[month - 1]} {year}")
    ends = Choice(BY_END, f"the year in which it ends: from {MONTHS[month - 1]} {year - 1}")
    is_fy = any(re.search(r"\bFY|fiscal|financial", w, re.IGNORECASE) for w in words)
    first, other = (ends, begins) if is_fy else (begins, ends)
    return Question(
        "year_named",
        f"Which fiscal year is `{shown(word)}`?",
        first,
        (other,),
        "it is called by one calendar year and lies in two",
        examples=examples(words),
        explains="A year is recorded as the calendar year in which it begins.",
    )


def year_again(columns: list[ColumnLook], last: int) -> Question:
    """Ask of which year amounts are whose mapping says the year of an earlier table."""
    return Question(
        "year",
        "Of which fiscal year are the amounts? The calendar year in which it begins",
        others=(
            Choice(str(last), f"{last}, as the mapping says"),
            Choice(str(last + 1), f"{last + 1}, the next"),
        ),
        why=f"no cell says it, and the mapping was made for {last}",
        examples=amounts_of(columns),
        takes="year",
        explains="Amounts of a year that is there already are replaced.",
        matters=True,
    )

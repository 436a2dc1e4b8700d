"""What a draft asks of a table as a whole: whose it is, and in what its money and years are counted."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from msgspec import structs

from itgov.importing import values as v
from itgov.importing.looks import ColumnLook, read_date
from itgov.importing.questions import (
    ALL,
    EXAMPLES,
    NO_COLUMN,
    ONLY,
    Choice,
    Question,
    examples,
    values,
)
from itgov.importing.table_day import day_in_name, day_of_change
from itgov.importing.titles import Title
from itgov.importing.trouble import shown
from itgov.model.day_words import MONTHS
from itgov.model.fields import described, label
from itgov.model.text import plural
from itgov.model.types import Investment, Outcome, Spend

DAY_FIRST, MONTH_FIRST = "day", "month"
"""The answers on the order in dates."""

_SIGNS = {
    "CA$": "CAD",
    "NZ$": "NZD",
    "US$": "USD",
    "A$": "AUD",
    "HK$": "HKD",
    "MX$": "MXN",
    "R$": "BRL",
    "£": "GBP",
    "€": "EUR",
    "₹": "INR",
    "zł": "PLN",
}
"""What stands for one currency only; the longer first, since `CA$` holds `A$`."""

_SHARED_SIGNS = {"$": ("USD", "AUD", "CAD"), "¥": ("JPY", "CNY"), "kr": ("SEK", "NOK", "DKK")}
"""What stands for several, the one with most users first."""

_CODES = re.compile(
    r"\b(?:AUD|BRL|CAD|CHF|CNY|CZK|DKK|EUR|GBP|HUF|INR|JPY|MXN|NOK|NZD|PLN|SEK|SGD|USD|ZAR)\b"
)
_MOST_CODES = 20
"""Most currencies of one table."""
_COMMON = ("EUR", "GBP", "USD")


def whose(stem: str, units: ColumnLook, above: Title | None = None) -> Question:
    """Ask whose portfolio a table is: whom its title names is proposed, else the file's name."""
    named = above.organisation if above is not None else ""
    return Question(
        "organisation",
        "Whose portfolio is it? The name of the organisation",
        Choice(named or stem),
        (Choice(stem),) if named and named != stem else (),
        why=f"the title says `{shown(above.first)}`"
        if named and above is not None
        else "no cell says so; the name of the file is proposed",
        examples=examples(units.cells),
        takes="text",
        explains="It names the organisation in organisation.yaml, with an id made of it.",
    )


def currency_of(
    columns: list[ColumnLook],
    titles: ColumnLook,
    named: ColumnLook | None = None,
    beside: str = "",
) -> str | Question:
    """Return the currency that columns of money say in their names or cells, else ask for it.

    Their amounts stand beside the question, and where they have none, whose rows they are.
    `named` is the column that says each row's currency; what the texts `beside` the table say is
    proposed.
    """
    codes = Counter(_CODES.findall(" ".join(named.words))) if named is not None else Counter[str]()
    if len(codes) == 1:
        return next(iter(codes))
    if len(codes) > 1 and named is not None:
        return _several(codes, named)
    said = [c.name for c in columns] + [w for c in columns for w in dict.fromkeys(c.words[:200])]
    sample = " ".join(said)
    found = _codes_in(sample)
    own = [sign for sign, code in _SIGNS.items() if code in found]
    rest = re.sub("|".join(map(re.escape, own)), "", sample) if own else sample
    is_mixed = len(found) == 1 and "$" in rest and found[0] not in _SHARED_SIGNS["$"]
    if len(found) == 1 and not is_mixed:
        return found[0]
    shared = next(
        (
            c
            for s, c in _SHARED_SIGNS.items()
            if s in sample and (s != "kr" or _has_word(s, sample))
        ),
        (),
    )
    stated = _codes_in(beside) if not found and not shared else []
    likely = found or list(shared) or (stated if len(stated) == 1 else [])
    others = [c for c in (*likely, *_COMMON) if not likely or c != likely[0]]
    why = (
        f"the table says {' and '.join([*likely, *(['$'] if is_mixed else [])])}"
        if found
        else f"its sign is used for {', '.join(likely)} and others"
        if shared
        else "neither the names of the columns nor their cells say it"
        + ("; a text beside the table does" if likely else "")
    )
    return Question(
        "currency",
        "In which currency are the amounts?",
        Choice(likely[0]) if likely and not is_mixed else None,
        tuple(Choice(code) for code in dict.fromkeys([*likely[:is_mixed], *others])),
        why,
        examples=amounts_of(columns) or examples(titles.cells),
        takes="currency",
        explains="All amounts of the portfolio are in this currency. Nothing is converted.",
        matters=not likely or is_mixed,
    )


def _codes_in(text: str) -> list[str]:
    """Return the currencies whose code, or own sign, stands in a text."""
    found = [code for sign, code in _SIGNS.items() if sign in text]
    if "CA$" in text and "AUD" in found and not re.search(r"(?<!C)A\$", text):
        found.remove("AUD")
    return list(dict.fromkeys([*_CODES.findall(text), *found]))


def _several(codes: Counter[str], named: ColumnLook) -> Question:
    """Ask for the currency of a table whose rows have several: none is proposed."""
    said = " and ".join(f"{code} in {plural(n, 'row')}" for code, n in codes.most_common())
    most = [code for code, _ in codes.most_common()]
    return Question(
        "currency",
        "In which currency are the amounts?",
        others=(
            *(Choice(f"{c}{ONLY}", f"{c}; rows in others are left out") for c in most[:4]),
            *(Choice(f"{c}{ALL}", f"{c}, all of them: added up as they stand") for c in most[:4]),
        ),
        why=f"`{shown(named.name)}` says {said}, and nothing is converted",
        examples=examples(named.cells),
        explains="To have all, convert the amounts in the table first. What is left out is named.",
        matters=True,
    )


def are_codes(column: ColumnLook) -> bool:
    """Say whether the cells of a column are codes of currencies, whatever it is called."""
    words = {w for w, _ in column.counted() if isinstance(w, str)}
    return (
        bool(words)
        and len(words) <= _MOST_CODES
        and all(_CODES.fullmatch(w.strip()) for w in words)
    )


def says_currency(column: ColumnLook) -> bool:
    """Say whether a column's name or cells hold the sign or code of a currency."""
    found = currency_of([column], column)
    return isinstance(found, str) or found.proposal is not None


def _has_word(word: str, text: str) -> bool:
    return re.search(rf"(?<![A-Za-z]){word}(?![A-Za-z])", text) is not None


def amounts_of(columns: list[ColumnLook]) -> tuple[str, ...]:
    """Return the first amounts of the columns of money as they stand in the table."""
    return examples(cell for column in columns for cell in column.cells[:200])


def day_of(
    path: Path, dated: list[ColumnLook], titles: ColumnLook, above: Title | None = None
) -> Question:
    """Ask of which day a table is: that of its title is proposed, of the file's name, of its change.

    Its latest dates stand beside the question, and where it has none, whose rows they are.
    """
    named = day_in_name(path.stem)
    if above is not None and above.day is not None:
        proposal, why = above.day, f"no column says it; the title does, `{shown(above.text)}`"
    elif named is not None:
        proposal, why = named, f"no column says it; the name of the file does, {shown(path.name)}"
    else:
        proposal, why = (
            day_of_change(path),
            "no column says it; the file was last changed on that day",
        )
    is_said = named is not None or (above is not None and above.day is not None)
    latest = sorted({d for c in dated for d in _days(c)}, reverse=True)
    return Question(
        "as_of",
        "Of which day is the table? A later table replaces what an earlier one says",
        Choice(proposal.isoformat()),
        why=why,
        examples=tuple(day.isoformat() for day in latest[:EXAMPLES]) or examples(titles.cells),
        takes="day",
        explains="When a later table is imported, what it says replaces what this one says; an older "
        "table replaces nothing.",
        is_assumed=not is_said,
    )


def _days(column: ColumnLook) -> set[datetime.date]:
    found: set[datetime.date] = set()
    for cell in set(column.cells):
        try:
            found.add(read_date(column.formats, cell))
        except v.BadCell:
            continue
    return found


def explained(field: str) -> str:
    """Return what a field of an investment holds, as its schema says."""
    for record in (Investment, Spend, Outcome):
        if (known := described(record).get(field)) is not None:
            return f"{label(field).capitalize()}: {known.words.rstrip('.')}." if known.words else ""
    return ""


def date_order(columns: list[ColumnLook], heads: Sequence[str] = ()) -> Question:
    """Ask whether the day or the month comes first in dates that can be read as either.

    `heads` are names of columns of money that say such a date, on which hangs of which year it is.
    """
    written = (re.search(r"\d\d?\s*[/-]\s*\d\d?\s*[/-]\s*\d{4}", name) for name in heads)
    cells = ["".join(found[0].split()) for found in written if found is not None]
    cells += [w for c in columns for w in c.words if re.search(r"\d[/-]\d", w)]
    one = next(
        (w for w in cells if not re.match(r"0?(\d+)[/-]0?\1\b", w)), cells[0] if cells else ""
    )
    names = ", ".join(f"`{shown(name)}`" for name in [*heads, *(c.name for c in columns)][:3])
    day, month = (int(part) for part in re.split(r"[/-]", one)[:2]) if one else (1, 2)
    return Question(
        "date_order",
        "In dates, which comes first?",
        Choice(DAY_FIRST, f"the day: `{one}` is {day} {MONTHS[month - 1]}"),
        (Choice(MONTH_FIRST, f"the month: `{one}` is {MONTHS[day - 1]} {month}"),),
        f"all dates of {names} can be read either way",
        examples=examples(cells),
        explains="The answer holds for all columns of dates in the table, and for days in names of columns.",
        matters=bool(heads),
    )


_ASKED_AS = {
    "unit": "business unit",
    "statement": "outcome that the money is for",
    "value": "value a year of that outcome",
}


def which_column(
    field: str,
    ranked: list[ColumnLook],
    columns: list[ColumnLook],
    why: str,
    *,
    matters: bool = False,
) -> Question:
    """Ask which column a field is read from: the likeliest is proposed, any other may be named."""
    offered = [Choice(c.name, f"column `{shown(c.name)}`", examples(c.cells)) for c in ranked[:4]]
    return Question(
        field,
        f"Which column is the {_ASKED_AS.get(field) or label(field)}?",
        offered[0] if offered else None,
        (*offered[1:], Choice(NO_COLUMN, "no column")),
        why,
        takes="column",
        explains=f"{explained(field)} Type the name of any column, or its number.".strip(),
        matters=matters,
        columns=tuple(c.name for c in columns),
    )


NO_UNIT = Choice(NO_COLUMN, "no column: all go into one unit")


def are_units(over: ColumnLook, columns: list[ColumnLook]) -> Question:
    """Ask whether the headings above the rows are the units, where no column is called so.

    Nothing is proposed where headings stand under headings: the upper ones are above no row then.
    """
    question = which_column("unit", [over], columns, "")
    words = tuple(dict.fromkeys(over.words))
    if over.headings > len(words):
        why = f"{over.headings} headings stand above rows, some above other headings"
        others = (*question.choices[:1], NO_UNIT)
        return structs.replace(question, why=why, proposal=None, others=others, matters=True)
    why = (
        f"no column is called so; {values(examples(words))} stand alone in their rows above others"
    )
    return structs.replace(question, why=why, others=(NO_UNIT,))

"""Whether the day or the month comes first in the dates of a column."""

from __future__ import annotations

import re

from itgov.importing.cells import Cell
from itgov.importing.dates import date, is_serial
from itgov.importing.values import is_placeholder, one_line

_ORDERED = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})\Z")


def are_serials(cells: list[Cell]) -> bool:
    """Say whether all cells that say something may be the numbers of days."""
    said = [c for c in cells if not is_placeholder(one_line(c))]
    return bool(said) and all(map(is_serial, said))


def day_order(cells: list[Cell], serial: str = "serial") -> tuple[list[str], str]:
    """Tell from all cells of a column whether the day or the month comes first in `03/04/2026`.

    Return the formats, none where the cells do not tell or contradict each other, and what to say.
    `serial` is that of days which are shown as numbers.
    """
    if are_serials(cells):
        first = next(one_line(c) for c in cells if is_serial(c))
        day = date(first, [serial])
        return [serial], f"its numbers are read as days, `{first}` as {day} (`formats: [{serial}]`)"
    marks: dict[str, None] = {}
    day_first = month_first = 0
    example = ""
    for cell in cells:
        if not isinstance(cell, str) or len(cell) > 40:
            continue
        match = _ORDERED.match(one_line(cell).split(" ")[0])
        if match is None:
            continue
        example = example or match[0]
        marks[match[2] + ("YYYY" if len(match[4]) == 4 else "YY")] = None
        day_first += int(match[1]) > 12
        month_first += int(match[3]) > 12
    if not example or (day_first and month_first) or not (day_first or month_first):
        return [], ""
    order = ("DD", "MM") if day_first else ("MM", "DD")
    word = "day" if day_first else "month"
    return (
        [f"{order[0]}{mark[0]}{order[1]}{mark}" for mark in marks],
        f"the {word} comes first in `{example}`, as other cells of the column show",
    )

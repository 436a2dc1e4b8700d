"""Names of columns that stand in two rows: a year or a heading over several columns, names under it."""

from __future__ import annotations

import re
from collections import Counter

from itgov.importing.cells import CellRow
from itgov.importing.layout import is_day, is_period, is_word
from itgov.importing.rows_apart import units_row
from itgov.importing.values import key_of, one_line

_LONGEST = 40
_YEAR = re.compile(r"\b(?:20\d\d|(?:FY|GJ|HJ)\s?'?\d\d)\b", re.IGNORECASE)


def joined_header(records: list[CellRow], header_row: int) -> tuple[list[CellRow], int] | None:
    """Return the rows with a header made of two, and its lower row; None where it is only one.

    The upper row may be the one above that which was found, or that one itself.
    """
    at = next((i for i, r in enumerate(records) if r.number == header_row), None)
    if at is None:
        return None
    for upper in (at - 1, at):
        if not 0 <= upper < len(records) - 1:
            continue
        top, bottom = records[upper], records[upper + 1]
        if bottom.number != top.number + 1 or units_row(bottom.cells) is not None:
            continue
        names = _joined(_texts(top), _texts(bottom), upper == at)
        if names is not None:
            made = CellRow(bottom.number, bottom.line, list(names))
            return [*records[: upper + 1], made, *records[upper + 2 :]], bottom.number
    return None


def _texts(row: CellRow) -> list[str]:
    return [one_line(c) for c in row.cells]


def _joined(top: list[str], bottom: list[str], is_below: bool) -> list[str] | None:
    """Return the names that two rows make together; None where they do not.

    `is_below` says that the lower row may be the first of the records.
    """
    width = max(len(top), len(bottom))
    top, bottom = top + [""] * (width - len(top)), bottom + [""] * (width - len(bottom))
    filled = [name for name in bottom if name]
    words = sum(map(is_word, filled))
    if len(filled) < 2 or sum(map(bool, top)) < 2:
        return None
    if not all(is_word(name) or is_period(name) for name in filled):
        return None
    if words == 1:  # nothing but years may stand under the names of columns
        return None
    times = Counter(map(key_of, filled))
    names: list[str] = []
    label, prefixed = "", 0
    for above, name in zip(top, bottom, strict=True):
        if not name:
            label = ""
            names.append(above)
            continue
        if above:
            is_own = key_of(above) == key_of(name)
            label = "" if is_own or len(above) > _LONGEST else above
        if label and (times[key_of(name)] > 1 or _is_year(label) or not words):
            names.append(f"{label} {name}")
            prefixed += 1
        elif above and is_below and key_of(above) != key_of(name):
            return None  # a record under its names
        else:
            names.append(name)
    has_gaps = any(a and not b for a, b in zip(top, bottom, strict=True))
    is_clearer = len(set(map(key_of, filter(None, names)))) > len(times)
    if prefixed < 2 or (is_below and not has_gaps and not is_clearer):
        return None
    return names if is_clearer or any(map(_says_year, top)) else None


def _is_year(label: str) -> bool:
    return _says_year(label) and len(label.split()) <= 3


def _says_year(label: str) -> bool:
    """Say whether a heading says a year; a day stands beside a note, and over no columns."""
    return _YEAR.search(label) is not None and not is_day(label)

"""What somebody typed into a cell of a table of ours: days and numbers, if they can be read one way."""

from __future__ import annotations

import contextlib
import datetime
import re
from collections.abc import Sequence
from typing import Any

from itgov.importing.dates import date as read_date
from itgov.importing.values import BadCell
from itgov.importing.values import number as read_number
from itgov.model.text import did_you_mean

CLEAR = "(clear)"
"""What somebody writes into a cell to say that its value goes: a blank one changes nothing."""

_SHORTENED = re.compile(r"-?\d+([.,]\d+)?[eE][+-]?\d+\Z")
"""How a spreadsheet writes a long number into a CSV file: what it does not show is gone."""
_TWO_WAYS = re.compile(r"-?[1-9]\d{0,2}\.\d{3}\Z")
"""A thousand and more, or a fraction, as the country has it."""
_NUMBERS = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})")


def typed_day(value: Any) -> datetime.date:
    """Return the day that a cell holds; raise BadCell where it holds none, or one of two."""
    cell = value.date() if isinstance(value, datetime.datetime) else value
    if isinstance(cell, datetime.date):
        return cell
    if isinstance(cell, str):
        cell = cell.strip()
        if (numbers := _NUMBERS.fullmatch(cell)) is not None:
            return _one_way(*map(int, numbers.groups()))
    if not isinstance(cell, str):
        raise BadCell("is not a date (use 2026-03-31)")
    try:
        return read_date(cell, [])
    except BadCell as error:
        why = str(error).partition(";")[0]
        raise BadCell(f"{why} (use 2026-03-31)") from error


def _one_way(one: int, two: int, year: int) -> datetime.date:
    """Return the day that two numbers and a year mean, if they can be read in one way only."""
    ways = []
    for day, month in {(one, two), (two, one)}:
        with contextlib.suppress(ValueError):
            ways.append(datetime.date(year, month, day))
    if not ways:
        raise BadCell("is a date that does not exist")
    if len(ways) > 1:
        said = " or ".join(day.isoformat() for day in sorted(ways))
        raise BadCell(f"can be read in two ways; write {said}")
    return ways[0]


def check_one_number(text: str) -> None:
    """Raise BadCell for the text of a number that lost digits, or that can be read in two ways."""
    if _SHORTENED.match(text):
        raise BadCell("is a long number that was shortened; write all its digits")
    if _TWO_WAYS.match(text):
        raise BadCell(f"can be read in two ways; write {text.replace('.', '')} or {text}0")


def typed_number(value: Any) -> int | float:
    """Return the number that a cell holds; raise BadCell where it holds none."""
    if isinstance(value, (bool, datetime.date)):
        raise BadCell("is not a number")
    if isinstance(value, str):
        check_one_number(value.strip())
    try:
        return read_number(value.strip() if isinstance(value, str) else value)
    except (BadCell, ValueError) as error:
        why = str(error).partition(";")[0] if isinstance(error, BadCell) else "is not a number"
        raise BadCell(f"{why} (use 1234.5)") from error


def typed_choice(choices: Sequence[str], text: str) -> str:
    """Return the choice that a text means, whatever its case and dashes; raise BadCell where none."""
    known = {_one_way_written(choice): choice for choice in choices}
    word = known.get(_one_way_written(text))
    if word is None:
        said = did_you_mean(text.strip().casefold(), choices)
        raise BadCell(f"is not one of {', '.join(choices)}{said}")
    return word


def _one_way_written(text: str) -> str:
    return " ".join(text.casefold().replace("_", " ").replace("-", " ").split())

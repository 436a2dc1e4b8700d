"""From what somebody typed into a cell to a value: people, dates, numbers, words."""

from __future__ import annotations

import datetime
import re
from typing import Any

from itgov.files.write import CONTROL, Plain
from itgov.importing.typed import typed_choice, typed_day, typed_number
from itgov.importing.values import BadCell
from itgov.sheets.layout import BETWEEN, canonical
from itgov.sheets.names import PeopleByName
from itgov.sheets.pages import SheetColumn

MAX_TEXT = 10_000


def told(value: Any) -> str:
    """Return a cell's content as text without blanks around it; dates and numbers canonical."""
    if isinstance(value, datetime.datetime):
        value = value.date() if value.time() == datetime.time() else value
    if isinstance(value, str):
        text = value.replace("_x000D_", "") or value  # how workbooks write a carriage return
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        return text.replace("\xa0", " ").strip()
    if isinstance(value, bool):
        return "true" if value else "false"
    return canonical(value)


def entered(column: SheetColumn, value: Any, people: PeopleByName, cell: str = "") -> str:
    """Return a filled cell's value in canonical form; raise BadCell where it is none."""
    text = told(value)
    if len(text) > MAX_TEXT:
        raise BadCell(f"has more than {MAX_TEXT:,} characters")
    if column.form == "person":
        return people.named(text, cell)
    if column.form == "people":
        return people.several(text, cell)
    if column.form == "date":
        return typed_day(value if not isinstance(value, str) else text).isoformat()
    if column.form == "number":
        return canonical(typed_number(value if isinstance(value, (int, float)) else text))
    if column.form == "choice":
        return typed_choice(column.choices, text)
    if CONTROL.search(text):
        raise BadCell("contains control characters")
    return text


def plain_value(column: SheetColumn, text: str) -> Plain:
    """Return a canonical value as it is written into a file."""
    if column.form == "date":
        return datetime.date.fromisoformat(text)
    if column.form == "number":
        return float(text) if re.search(r"[.eEn]", text) else int(text)
    if column.form == "people":
        return list(text.split(BETWEEN))
    return text


def shown_value(column: SheetColumn, text: str, people: PeopleByName) -> Any:
    """Return a canonical value as a cell shows it."""
    if not text:
        return ""
    if column.form in ("person", "people"):
        return BETWEEN.join(map(people.label, text.split(BETWEEN)))
    return plain_value(column, text)

"""A cell of an export that came back: whether it says what the file says, else what it says now."""

from __future__ import annotations

import contextlib
import datetime
import json
import re
from typing import Any

from itgov.importing.cells import Cell
from itgov.importing.export.read import LocalText, NoValue
from itgov.importing.export.rows import plain_number
from itgov.importing.export.tables import Column, Value
from itgov.importing.typed import check_one_number, typed_choice, typed_day, typed_number
from itgov.importing.values import BadCell
from itgov.model.one_form import one_form

_PLAIN = re.compile(r"-?\d+(\.\d+)?\Z")
_ISO = re.compile(r"\d{4}-\d\d-\d\d\Z")
_CLOSE = 1e-14
"""How far a number may be off, as a share, that a spreadsheet wrote down again."""


def text_of(cell: Cell) -> str:
    """Return a cell as text: what a spreadsheet took for a number or a day, as we write it."""
    if isinstance(cell, str):
        return str(cell)
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, datetime.datetime):
        return cell.date().isoformat() if cell.time() == datetime.time() else cell.isoformat(" ")
    if isinstance(cell, datetime.date):
        return cell.isoformat()
    return plain_number(cell)


def is_blank(cell: Cell) -> bool:
    """Say whether a cell says nothing."""
    return isinstance(cell, str) and not isinstance(cell, NoValue) and not cell.strip()


def is_same(column: Column, cell: Cell, value: Value) -> bool:
    """Say whether a cell says what the file says."""
    if isinstance(cell, NoValue):
        return False
    if value is None:
        return is_blank(cell)
    if isinstance(value, str):
        text = text_of(cell)
        return text == value or _bare(text) == _bare(value)
    if isinstance(cell, str):
        shown = value.isoformat() if isinstance(value, datetime.date) else plain_number(value)
        if cell.strip() == shown:
            return True
    try:
        return _close(typed(column, cell), value)
    except BadCell:
        return False


def _bare(text: str) -> str:
    """Return a text as a program may have saved it: other line ends, no blanks at its ends."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def _close(one: Value, other: Value) -> bool:
    if isinstance(one, (int, float)) and isinstance(other, (int, float)):
        return one == other or abs(one - other) <= _CLOSE * max(abs(one), abs(other))
    return bool(one == other)


def typed(column: Column, cell: Cell) -> Value:
    """Return the value of a filled cell; raise BadCell where it does not fit its column."""
    if isinstance(cell, NoValue):
        raise BadCell("is a formula or an error; write its value")
    if column.kind == "day":
        if isinstance(cell, str) and _ISO.match(cell.strip()):
            with contextlib.suppress(ValueError):  # said below, in words
                return datetime.date.fromisoformat(cell.strip())
        return typed_day(cell)
    if column.kind in ("number", "whole"):
        number: int | float
        if isinstance(cell, LocalText):
            check_one_number(cell.strip().replace(",", "."))
        if isinstance(cell, str) and _PLAIN.match(cell.strip()):
            number = float(cell) if "." in cell else int(cell)
        else:
            number = typed_number(cell)
        if column.kind == "whole" and number != int(number):
            raise BadCell("is not a whole number")
        return int(number) if number == int(number) and abs(number) < 2**53 else number
    text = text_of(cell)
    choices = column.field.choices if column.field is not None else ()
    if choices:
        return typed_choice(choices, text)
    return one_form(text) if column.references else text


def typed_custom(text: str, form: str) -> Any:
    """Return a value of somebody's own; raise BadCell where it is none of its form."""
    form = form.strip() or "text"
    if form == "text":
        return text
    if form == "number" and _PLAIN.match(text.strip()):
        return float(text) if "." in text else int(text)
    if form == "truth" and text.strip().casefold() in ("true", "false"):
        return text.strip().casefold() == "true"
    if form == "json":
        try:
            return json.loads(text)
        except ValueError:
            raise BadCell("is not JSON") from None
    raise BadCell(f"is no value of the form `{form}` (text, number, truth, json)")

"""What a row of a table states of one field, and of one amount."""

from __future__ import annotations

import datetime

from msgspec import Struct

from itgov.importing.cells import CellRow
from itgov.importing.tables import SourceTable

Value = str | int | float | bool | datetime.date | list[str]


class Stated(Struct, frozen=True, gc=False):
    """What a row says of a field: a value, or that it is withheld and why.  Blank says nothing."""

    value: Value | None = None
    withheld: str | None = None
    column: str = ""
    """The column that the value was read from."""


class TableRow(Struct, frozen=True, gc=False):
    """A row of a table."""

    table: SourceTable
    row: CellRow


class CellAmount(Struct, frozen=True):
    """What a cell says of an amount."""

    amount: int | float | None = None
    is_unread: bool = False
    is_filled: bool = False
    is_withheld: bool = False

"""What a filled-in sheet says, before it is compared with the portfolio."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from itgov.importing.intake import RefusedCell
from itgov.model.errors import ItgovError
from itgov.sheets.layout import Worksheet

KeyOf = tuple[str, str, str]
"""Page, id and field: what a cell is about."""


class SheetRefused(ItgovError):
    """The whole sheet cannot be used; the text says why and what to do."""


class Entered(Struct, frozen=True):
    """A filled cell, with what it held when the sheet was written."""

    page: Worksheet
    id: str
    field: str
    value: Any
    cell: str
    base: str = ""


class NewResult(Struct, frozen=True):
    """A row with a new measurement of an outcome."""

    id: str
    cells: tuple[Entered, ...]


class Incoming(Struct):
    """Everything that a sheet says."""

    organisation: str
    cells: list[Entered] = []
    results: list[NewResult] = []
    blanked: list[str] = []
    """Cells that were filled when the sheet was written and are blank now."""
    refused: list[RefusedCell] = []
    notes: list[str] = []

    def seen(self, entry: Entered, filled: bool) -> None:
        """Take a cell; a blank one says nothing."""
        if filled:
            self.cells.append(entry)
        elif entry.base:
            self.blanked.append(entry.cell)

    def drop_twins(self) -> None:
        """Keep one of several cells about the same thing; refuse those that say another."""
        first: dict[KeyOf, Entered] = {}
        kept: list[Entered] = []
        for entry in self.cells:
            key = (entry.page.name, entry.id, entry.field)
            twin = first.setdefault(key, entry)
            if twin is entry:
                kept.append(entry)
            elif twin.value != entry.value:
                self.refused.append(
                    RefusedCell(
                        entry.cell, f"the row of {entry.id} is listed twice; see {twin.cell}"
                    )
                )
        self.cells = kept


Bases = dict[KeyOf, str]
"""Each cell's value when the sheet was written."""

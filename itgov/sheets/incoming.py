"""What a filled-in sheet says, before it is compared with the portfolio."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from itgov.importing.intake import RefusedCell
from itgov.model.errors import ItgovError
from itgov.sheets.entries import told
from itgov.sheets.pages import PAGE, Worksheet

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


class NewRow(Struct, frozen=True):
    """A row of something that the sheet did not have: a further record, or a measurement."""

    page: Worksheet
    id: str
    """As it was written; often empty."""
    cells: tuple[Entered, ...]
    """What is filled in, by fields of the page; the parent's cell has its title for a field."""
    where: str
    """The address of its first cell."""

    def at(self, field: str) -> Entered | None:
        """Return the cell of a field."""
        return next((c for c in self.cells if c.field == field), None)


class Incoming(Struct):
    """Everything that a sheet says."""

    organisation: str
    """The id of the organisation whose sheet it is; empty for a blank template."""
    cells: list[Entered] = []
    rows: list[NewRow] = []
    blanked: list[str] = []
    """Cells that were filled when the sheet was written and are blank now."""
    refused: list[RefusedCell] = []
    notes: list[str] = []

    @property
    def is_template(self) -> bool:
        """Whether it was written as a blank template, of no organisation."""
        return not self.organisation

    def seen(self, entry: Entered, filled: bool) -> None:
        """Take a cell; a blank one says nothing."""
        if filled:
            self.cells.append(entry)
        elif entry.base:
            self.blanked.append(entry.cell)

    def drop_twins(self) -> None:
        """Keep one of several cells about the same thing.

        Where two rows of one id say different things, the changed cells of both are refused: whose
        they are cannot be told, as where somebody wrote over an id.
        """
        first: dict[KeyOf, Entered] = {}
        twins: dict[tuple[str, str], str] = {}
        kept: list[Entered] = []
        for entry in self.cells:
            twin = first.setdefault((entry.page.name, entry.id, entry.field), entry)
            if twin is entry:
                kept.append(entry)
            elif twin.value != entry.value:
                twins.setdefault((entry.page.name, entry.id), f"{twin.cell} and {entry.cell}")
        if not twins:
            self.cells = kept
            return
        for entry in self.cells:
            where = twins.get((entry.page.name, entry.id))
            if where is not None and told(entry.value) != entry.base:
                why = f"the row of {entry.id} is listed twice and says two things; see {where}"
                self.refused.append(RefusedCell(entry.cell, why))
        self.cells = [e for e in kept if (e.page.name, e.id) not in twins]


class Bases(Struct):
    """What the cells held when the sheet was written, by page, id and field."""

    values: dict[KeyOf, str] = {}
    ids: dict[str, dict[str, None]] = {}
    """The ids of each page's rows, in their order."""

    def add(self, page: str, id_: str, fields: list[str], values: list[str]) -> None:
        """Take what one row held."""
        self.ids.setdefault(page, {})[id_] = None
        for field, value in zip(fields, values, strict=False):
            self.values[page, id_, field] = value

    def of(self, page: str, id_: str, field: str) -> str:
        """Return what a cell held."""
        return self.values.get((page, id_, field), "")

    def rows_gone(self, seen: set[tuple[str, str]]) -> list[str]:
        """Return a note for each page of which rows are no more there."""
        notes = []
        for page, ids in self.ids.items():
            gone = [id_ for id_ in ids if (page, id_) not in seen]
            if gone and page in PAGE:
                shown = ", ".join(gone[:5]) + (f" and {len(gone) - 5:,} more" if gone[5:] else "")
                count = f"{len(gone):,} row{'s' if len(gone) > 1 else ''}"
                notes.append(
                    f"{page}: {count} missing from the sheet ({shown}): nothing was deleted; "
                    "delete records in the files"
                )
        return notes

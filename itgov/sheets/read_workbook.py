"""A filled-in XLSX workbook: as Excel, LibreOffice and openpyxl save it."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from itgov.importing.cells import MAX_CELL, MAX_CELLS, MAX_COLUMNS, MAX_ROWS, letters
from itgov.importing.intake import RefusedCell
from itgov.importing.sheet_rows import rows
from itgov.importing.sheets import BROKEN, open_workbook
from itgov.model.one_form import one_form
from itgov.model.text import did_you_mean
from itgov.sheets.entries import told
from itgov.sheets.incoming import Bases, Entered, Incoming, NewRow, SheetRefused
from itgov.sheets.pages import PAGE, RESULTS, Worksheet
from itgov.sheets.template import EXAMPLE, example_of
from itgov.sheets.write_workbook import FIELDS, HIDDEN, INSTRUCTIONS, MARK

_PLAIN = (str, bool, int, float, datetime.date)
_HINTS = 100
"""Rows of unknown ids for which the nearest known id is looked for."""


def read_workbook(raw: bytes, path: str) -> Incoming:
    """Return what a workbook says; raise SheetRefused or ImportRefused where it is not part of this sheet."""
    book = open_workbook(raw, path)
    try:
        incoming, bases = _known(book)
        seen: set[tuple[str, str]] = set()
        for worksheet in book.worksheets:
            name = worksheet.title.casefold()
            if name in PAGE:
                _Reading(PAGE[name], bases, incoming, seen).read(book, worksheet)
            elif name not in (HIDDEN, INSTRUCTIONS):
                incoming.notes.append(
                    f"the worksheet `{worksheet.title}` is not part of this sheet"
                )
        incoming.notes += bases.rows_gone(seen)
    except BROKEN as error:
        raise SheetRefused("this workbook cannot be read; save it again") from error
    finally:
        book.close()
    incoming.drop_twins()
    return incoming


def _known(book: Any) -> tuple[Incoming, Bases]:
    """Return who wrote the workbook and what its cells held."""
    found = _rows(book, book[HIDDEN]) if HIDDEN in book.sheetnames else iter(())
    first = _texts(next(found, (0, {}))[1])
    if first[:1] != [MARK]:
        raise SheetRefused(
            "this workbook was not written by this version of `itgov sheet out`, or has lost its "
            f"hidden worksheet `{HIDDEN}`; write a new one and fill that in"
        )
    bases = Bases()
    fields: dict[str, list[str]] = {}
    for _, row in found:
        name, id_, *values = (*_texts(row), "", "")
        if name == FIELDS:
            fields[id_] = values
        else:
            bases.add(name, one_form(id_), fields.get(name, []), values)
    return Incoming(first[1] if len(first) > 1 else ""), bases


class _Cell(Struct, gc=False):
    """A filled cell: its value or formula, and which of them it is."""

    value: Any
    data_type: str


_Row = dict[int, _Cell]
"""The filled cells of a row, by their columns from 0."""


def _rows(book: Any, worksheet: Any) -> Iterator[tuple[int, _Row]]:
    """Yield the rows in which something stands, by number; raise SheetRefused for too many."""
    last = filled = count = 0
    for number, cells in rows(book, worksheet):
        if number <= last:
            raise SheetRefused(
                f"row {number} of `{worksheet.title}` is out of order; save it again"
            )
        row = {
            cell.at: _Cell(cell.formula or cell.value, "f" if cell.formula else cell.kind)
            for cell in cells
        }
        if not row:
            continue
        last, filled, count = number, filled + len(row), count + 1
        if count > MAX_ROWS + 1 or max(row) >= MAX_COLUMNS or filled > MAX_CELLS:
            raise SheetRefused(f"the worksheet `{worksheet.title}` is too large")
        yield number, row


class _Reading:
    """One page of a workbook, while it is read."""

    def __init__(
        self, page: Worksheet, bases: Bases, incoming: Incoming, seen: set[tuple[str, str]]
    ) -> None:
        self.page = page
        self.bases = bases
        self.incoming = incoming
        self.seen = seen
        self.hints = 0
        self.columns: dict[str, int] = {}
        """Where each field of the page stands, whatever the order of the columns."""
        self.about: dict[str, int] = {}
        """Where each title stands that says what a row is about, by the field it is known under."""
        self.rows_about: dict[tuple[str, ...], str] | None = None
        """Ids by what their rows' grey cells held, once some were changed."""

    def read(self, book: Any, worksheet: Any) -> None:
        """Take every row."""
        found = _rows(book, worksheet)
        self._header(next(found, (0, {}))[1])
        at_id = self.columns.pop("id", None)
        if at_id is None:
            self._refuse(f"{self.page.name}!A1", "there is no column `id`")
            return
        ids = self.bases.ids.get(self.page.name, {})
        for number, row in found:
            id_ = one_form(told(row[at_id].value)) if at_id in row else ""
            where = self._cell(at_id, number)
            if id_ == EXAMPLE and self.incoming.is_template:
                self._example(number, row)
            elif at_id in row and row[at_id].data_type == "f":
                self._refuse(where, "contains a formula; write its value")
            elif id_ in ids and id_:
                self._known_row(id_, number, row)
            else:
                self._new_row(id_, number, row, where)

    # -- rows ------------------------------------------------------------------------------

    def _known_row(self, id_: str, number: int, row: _Row) -> None:
        name = self.page.name
        self.seen.add((name, id_))
        if (other := self._about_another(id_, row)) is not None:
            self._refuse(
                self._cell(0, number),
                f"the grey cells are those of {other}, and the id is {id_}: nothing of the row was "
                "taken; sort and copy whole rows only",
            )
            return
        entries = []
        for field, at in self.columns.items():
            cell = self._cell(at, number)
            base = self.bases.of(name, id_, field)
            entry = Entered(self.page, id_, field, _value(row, at), cell, base)
            if not _is_filled(row, at):
                self.incoming.seen(entry, filled=False)
            elif self._is_sound(row[at], cell):
                entries.append(entry)
        for field, at in self.about.items():
            base = self.bases.of(name, id_, field)
            if _is_filled(row, at) and told(row[at].value) != base:
                self.incoming.notes.append(
                    f"{self._cell(at, number)}: changed in a grey cell; it was not read"
                )
        if self.page is not RESULTS:
            self.incoming.cells += entries
        elif entries:
            where = entries[0].cell
            self.incoming.rows.append(NewRow(self.page, id_, tuple(entries), where))

    def _about_another(self, id_: str, row: _Row) -> str | None:
        """Return the id of another row whose grey cells stand in a row that says something new."""
        name, fields = self.page.name, tuple(self.about)
        own = tuple(self.bases.of(name, id_, field) for field in fields)
        said = tuple(told(row[at].value) if at in row else "" for at in self.about.values())
        if said == own:
            return None
        if self.rows_about is None:
            self.rows_about = {
                tuple(self.bases.of(name, other, field) for field in fields): other
                for other in reversed(self.bases.ids.get(name, {}))
            }
        other = self.rows_about.get(said)
        if other is None or not any(
            _is_filled(row, at) and told(row[at].value) != self.bases.of(name, id_, field)
            for field, at in self.columns.items()
        ):
            return None
        return other

    def _new_row(self, id_: str, number: int, row: _Row, where: str) -> None:
        page, entries, sound = self.page, [], True
        for field, at in {**self.about, **self.columns}.items():
            if _is_filled(row, at):
                cell = self._cell(at, number)
                sound = self._is_sound(row[at], cell) and sound
                entries.append(Entered(page, id_, field, row[at].value, cell))
        if not entries:
            if id_:
                self._refuse(where, f"`{id_}` was not on this page{self._hint(id_)}")
            return
        given = {entry.field for entry in entries}
        if "/" not in id_ and not all(page.about_field(t) in given for t in page.asked):
            asked = " and ".join(f"its {title}" for title in page.asked)
            why = f"`{id_}` was not on this page{self._hint(id_)}" if id_ else "the row has no id"
            self._refuse(where, f"{why.removesuffix('?')}; a new row needs {asked}")
        elif sound:
            self.incoming.rows.append(NewRow(page, id_, tuple(entries), where))

    def _example(self, number: int, row: _Row) -> None:
        """Leave the example out, unless somebody filled in their own over it."""
        known = example_of(self.page)
        for field, at in {**self.about, **self.columns}.items():
            if _is_filled(row, at) and told(row[at].value) != known.get(field):
                self._refuse(
                    self._cell(at, number),
                    f"this is the row of the example; delete `{EXAMPLE}` in the column id to have "
                    "the row taken in",
                )
                return

    # -- cells -----------------------------------------------------------------------------

    def _is_sound(self, cell: Any, where: str) -> bool:
        """Say whether a cell holds a value; refuse it where it holds a formula or an error."""
        value = cell.value
        if cell.data_type == "f" or not isinstance(value, _PLAIN):
            why = "contains a formula; write its value"
        elif cell.data_type == "e":
            why = f"contains a spreadsheet error, {value}"
        elif isinstance(value, str) and len(value) > MAX_CELL:
            why = f"has more than {MAX_CELL:,} characters"
        else:
            return True
        self._refuse(where, why)
        return False

    def _refuse(self, cell: str, why: str) -> None:
        self.incoming.refused.append(RefusedCell(cell, why))

    def _hint(self, id_: str) -> str:
        """Return which id may be meant, for the first rows: looking for it takes long."""
        self.hints += 1
        known = self.bases.ids.get(self.page.name, {})
        return did_you_mean(id_, known) if id_ and self.hints <= _HINTS else ""

    def _cell(self, at: int, number: int) -> str:
        return f"{self.page.name}!{letters(at)}{number}"

    def _header(self, header: _Row) -> None:
        """Note where each field stands."""
        page, notes = self.page, self.incoming.notes
        fields = {"id": "id", **{c.title.casefold(): c.field for c in page.columns}}
        about = {title.casefold(): page.about_field(title) for title in page.about}
        for at, cell in sorted(header.items()):
            title = " ".join(told(cell.value).split()).casefold()
            where = self._cell(at, 1)
            known, field = (
                (self.columns, fields[title]) if title in fields else (self.about, about.get(title))
            )
            if field in known:
                self._refuse(where, f"the column `{title}` is listed twice")
            elif field is not None:
                known[field] = at
            elif title:
                guess = did_you_mean(title, fields)
                notes.append(f"{where}: unknown column `{title}`{guess}; it was not read")
        for title, field in fields.items():
            if field not in self.columns and field != "id":
                notes.append(f"{page.name}: the column `{title}` is missing")


def _texts(row: _Row) -> list[str]:
    """Return the texts of a row up to its last filled cell."""
    return [told(row[at].value) if at in row else "" for at in range(max(row, default=-1) + 1)]


def _value(row: _Row, at: int) -> Any:
    return row[at].value if at in row else None


def _is_filled(row: _Row, at: int) -> bool:
    return at in row and told(row[at].value) != ""

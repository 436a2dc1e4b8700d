"""Whole records put together from the rows of several tables."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from msgspec import Struct

from itgov.files.write import CONTROL
from itgov.importing.cells import Cell
from itgov.importing.export.cells import is_blank, text_of, typed, typed_custom
from itgov.importing.export.read import Exported, TakenRow
from itgov.importing.export.tables import (
    FIELD,
    ITEM,
    ROOTS,
    Column,
    Home,
    Root,
    Table,
    is_keyed,
    record_tables,
)
from itgov.importing.intake import RefusedCell
from itgov.importing.values import BadCell
from itgov.model.fields import fields_of
from itgov.model.one_form import one_form

Data = dict[str, Any]
"""A record as files say it."""
PersonOf = Callable[[str], str]
"""Returns the id of the person whom a cell names; raises BadCell."""


class HeldRow(Struct):
    """A row of a list, with the record that holds it."""

    table: Table
    home: Home
    row: TakenRow
    holder: str
    anew: bool = False

    @property
    def steps(self) -> tuple[str, ...]:
        """The keys of the lists that lead to it."""
        return tuple(field.key for field in self.home.steps)

    @property
    def whole_id(self) -> str:
        """The id of a record of a list as tables have it: after that of its holder."""
        start = f"{self.holder}/"
        return self.key if self.key.startswith(start) or not self.key else f"{start}{self.key}"

    @property
    def key(self) -> str:
        """What tells it from the others of its record: its id, field or number; empty where it has none."""
        cells = self.row.cells
        if self.home.steps[-1].kind == "mapping":
            return text_of(cells.get(FIELD, ""))
        if "id" in self.table.key:
            text = text_of(cells.get("id", ""))
            return text if self.anew else text.strip()
        return text_of(cells.get(ITEM, "")).strip()


class Rows:
    """The rows of an export, by the record that they belong to."""

    def __init__(self, exported: Exported, person: PersonOf, *, anew: bool = False) -> None:
        self.exported = exported
        self.person = person
        self.anew = anew
        """Whether cells are taken as they are: blanks at their ends stay, and what no file may hold
        goes; else blanks go, and what no file may hold is refused."""
        self.cleaned: list[str] = []
        """Cells of which something was taken out."""
        self.refused: list[RefusedCell] = []
        self.roots: dict[str, list[tuple[str, TakenRow]]] = {r.table: [] for r in ROOTS}
        """The rows of records that stand by themselves, with their ids."""
        self.lists: dict[str, list[HeldRow]] = {}
        """The rows of lists, by table."""
        self._held: dict[tuple[str, tuple[str, ...], str], list[HeldRow]] = {}
        for table in record_tables().values():
            for row in exported.tables.get(table.name, []):
                self._sort_in(table, row)

    def refuse(self, table: Table, column: str | None, row: TakenRow, why: str) -> None:
        """Note a cell, or a row, that is not taken."""
        self.refused.append(RefusedCell(self.exported.where(table.name, column, row.number), why))

    def _sort_in(self, table: Table, row: TakenRow) -> None:
        if not table.homes[0].steps:
            root = table.homes[0].root
            id_ = self._id(row.cells.get(root.key, ""))
            self.roots[table.name].append((id_, row))
            return
        named = [
            (home, text)
            for home in table.homes
            if (text := self._id(row.cells.get(home.column, "")))
        ]
        if len(named) != 1:
            columns = ", ".join(f"`{home.column}`" for home in table.homes)
            why = f"the row names {'no' if not named else 'more than one'} record ({columns})"
            self.refuse(table, None, row, why)
            return
        home, holder = named[0]
        key = (home.root.table, tuple(f.key for f in home.steps), holder)
        held = HeldRow(table, home, row, holder, self.anew)
        self._held.setdefault(key, []).append(held)
        self.lists.setdefault(table.name, []).append(held)

    def _id(self, cell: Cell) -> str:
        text = text_of(cell)
        return text if self.anew else one_form(text.strip())

    def drop(self, table: Table, numbers: Collection[int]) -> None:
        """Let rows of a table go, by their numbers."""
        if not numbers:
            return
        if table.name in self.roots:
            kept = [each for each in self.roots[table.name] if each[1].number not in numbers]
            self.roots[table.name] = kept
        if table.name in self.lists:
            lists = self.lists[table.name]
            gone = [held for held in lists if held.row.number in numbers]
            self.lists[table.name] = [held for held in lists if held.row.number not in numbers]
            for held in gone:
                self._held[held.home.root.table, held.steps, held.holder].remove(held)

    def held(self, root: Root, steps: tuple[str, ...], holder: str) -> list[HeldRow]:
        """Return the rows of one list of a record, in the order of their numbers; new ones last."""
        found = self._held.get((root.table, steps, holder), [])
        return sorted(found, key=_number)

    # -- values --------------------------------------------------------------------------------

    def value(self, table: Table, column: Column, row: TakenRow) -> Any:
        """Return the value of a filled cell; raise BadCell where it does not fit."""
        value = typed(column, row.cells[column.name])
        if isinstance(value, str) and not self.anew:
            value = value.strip()
        if isinstance(value, str) and CONTROL.search(value):
            value = self._without_control(table, column, row, value)
        field = column.field
        if field is not None and field.kind == "person":
            return self.person(value)
        if field is not None and field.kind == "objective":
            unit = self._id(row.cells.get("business_unit", ""))
            return value.removeprefix(f"{unit}/")
        return value

    def _without_control(self, table: Table, column: Column, row: TakenRow, value: str) -> str:
        if not self.anew:
            raise BadCell("contains control characters")
        self.cleaned.append(self.exported.where(table.name, column.name, row.number))
        return CONTROL.sub("", value)

    def record(self, root: Root, id_: str, row: TakenRow) -> Data:
        """Return a record that stands by itself, with all that its rows say."""
        data = self._own(record_tables()[root.table], row)
        if root.kind != "engagement":
            data[root.key] = id_
        self._lists(data, root, root.type, (), id_)
        return data

    def item(self, held: HeldRow) -> Any:
        """Return an item of a list with all that its rows say; raise BadCell where it is none."""
        home, row, table = held.home, held.row, held.table
        field = home.steps[-1]
        if table.form == "value":
            return self.value(table, table.column(field.key), row)
        if table.form == "custom":
            form = text_of(row.cells.get("form", ""))
            return typed_custom(text_of(row.cells.get("value", "")), form)
        if table.form == "withheld":
            reason = text_of(row.cells.get("reason", ""))
            return reason if self.anew else reason.strip()
        data = self._own(table, row)
        record: Any = field.record
        if is_keyed(record):
            own = held.key.removeprefix(f"{held.holder}/")
            data["id"] = own
            steps = tuple(f.key for f in home.steps)
            self._lists(data, home.root, record, steps, f"{held.holder}/{own}")
        return data

    def _own(self, table: Table, row: TakenRow) -> Data:
        """Return what a row says of the fields of its own record; cells that do not fit are refused."""
        data: Data = {}
        for column in table.columns:
            cell: Cell = row.cells.get(column.name, "")
            if not column.keys or is_blank(cell) or column.name == "id":
                continue
            try:
                value = self.value(table, column, row)
            except BadCell as error:
                self.refuse(table, column.name, row, f"`{text_of(cell)[:60]}` {error}")
                continue
            inner = data
            for key in column.keys[:-1]:
                inner = inner.setdefault(key, {})
            inner[column.keys[-1]] = value
        return data

    def _lists(
        self, data: Data, root: Root, record: Any, steps: tuple[str, ...], holder: str
    ) -> None:
        for field in fields_of(record):
            if not field.many and field.kind != "mapping":
                continue
            rows = self.held(root, (*steps, field.key), holder)
            items = [(row, each) for row in rows if (each := self._item_or_none(row)) is not None]
            if field.kind == "mapping":
                found: Any = {row.key: each.value for row, each in items}
            else:
                found = [each.value for _, each in items]
            if found:
                data[field.key] = found

    def _item_or_none(self, row: HeldRow) -> _Item | None:
        try:
            return _Item(self.item(row))
        except BadCell as error:
            self.refuse(row.table, None, row.row, str(error))
            return None


class _Item(Struct):
    """A value, which may itself be none."""

    value: Any


def _number(row: HeldRow) -> tuple[bool, float]:
    text = text_of(row.row.cells.get(ITEM, "")).strip()
    try:
        return False, float(text)
    except ValueError:
        return True, 0.0

"""An export taken back into the portfolio that it came from: what was edited, as minimal edits.

Each record is known by a hash of what it said when it was exported.  Where the file says something
else by now, nothing of the record is taken, so that nobody's change is lost.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from itgov.files.document import Route
from itgov.files.linked import Linked
from itgov.files.new_values import check_references, checked_values, written
from itgov.files.proposal import Proposal
from itgov.files.save import EditRefused
from itgov.files.write import Plain
from itgov.importing.cells import Cell
from itgov.importing.export.assemble import Data, HeldRow, Rows
from itgov.importing.export.cells import is_blank, is_same, text_of
from itgov.importing.export.clashes import (
    Place,
    RowKey,
    drop_renamed,
    drop_repeated,
    incoming,
    is_named,
    new_places,
)
from itgov.importing.export.computed import RECORDS, digest
from itgov.importing.export.edits import TableEdit, What, as_proposal
from itgov.importing.export.fit import KIND_OF, fitted_field, fitted_item, value_at
from itgov.importing.export.new_records import new_records
from itgov.importing.export.read import Exported, TakenRow
from itgov.importing.export.rows import Entry, entries, placed_rows, twins_of
from itgov.importing.export.tables import (
    ITEM,
    ROOTS,
    Column,
    Home,
    Table,
    Value,
    record_tables,
)
from itgov.importing.intake import Intake, RefusedCell, Taken
from itgov.importing.trouble import refuse, shown
from itgov.importing.typed import CLEAR
from itgov.importing.values import BadCell
from itgov.model.fields import Kind, keys
from itgov.model.person_names import KnownPerson, NotOnePerson, PersonNames
from itgov.model.text import plural

_ROOT = {root.table: root for root in ROOTS}
_MOVED = "is another business unit; move the record from one file to the other by hand"
_HELD = "says what the row is of, and stays"
_ITEM_STAYS = "is one item of a list; delete it in the file"


class _There(Struct):
    """A row as the files have it."""

    home: Home
    entry: Entry
    route: Route
    values: list[Value]


def take_back(linked: Linked, exported: Exported) -> Intake:
    """Return the edits that an export asks for, and the cells that are not taken, with the reason.

    Raises ImportRefused where it is of another portfolio.
    """
    ours = linked.portfolio.organisation.record.id
    theirs = exported.meta.get("organisation", "")
    if theirs != ours:
        raise refuse(
            f"the export is of the organisation `{shown(theirs)}`, and this is `{shown(ours)}`",
            exported.path,
        )
    unit = exported.meta.get("unit") or None
    if unit is not None and unit not in linked.portfolio.units:
        raise refuse(
            f"the export is of the business unit `{shown(unit)}`, which is gone", exported.path
        )
    return _TakingBack(linked, exported, unit).run()


class _TakingBack:
    def __init__(self, linked: Linked, exported: Exported, unit: str | None) -> None:
        self.linked, self.exported, self.unit = linked, exported, unit
        self.portfolio = linked.portfolio
        people = [e.record for e in self.portfolio.people.values()]
        self.names = PersonNames(
            [KnownPerson(p.id, p.name, (p.email or "", *p.formerly)) for p in people]
        )
        self.rows = Rows(exported, self.person)
        self.base = {
            (text_of(row.cells.get("kind", "")), text_of(row.cells.get("id", ""))): text_of(
                row.cells.get("digest", "")
            )
            for row in exported.tables.get(RECORDS.name, [])
        }
        self.edits: dict[tuple[str, str], list[TableEdit]] = {}
        self.more: list[tuple[TableEdit, Taken]] = []
        """Cells beside the first that an edit is made of."""
        self.entries: dict[tuple[str, str], Entry] = {}
        self.holders: dict[Place, tuple[Entry, Route]] = {}
        self.blanked: list[str] = []
        self.notes = list(exported.notes)
        self.unchanged = 0
        self.twins = twins_of(self.portfolio)
        for root in ROOTS:
            for entry in entries(self.portfolio, unit, root):
                self.entries[root.table, entry[1]] = entry
                self.holders[root.table, (), entry[1]] = (entry, ())
        for table in record_tables().values():
            if table.homes[0].steps and table.key == ("id",):
                for place, there in self._current(table):
                    self.holders[place[0], place[1], place[3]] = (there.entry, there.route)
        self.fresh: set[Place] = set()
        self.repeated, same = drop_repeated(self.rows)
        self.notes += same
        for table in filter(is_named, record_tables().values()):
            come = [(key[0], key[1], key[3]) for key, *_ in incoming(self.rows, table)]
            if any(place not in self.holders for place in come):
                self._drop_renamed(table, dict(self._current(table)))
        self.fresh = new_places(self.rows, self.holders)
        self.added: set[tuple[Kind, str]] = set()
        for name, steps, id_ in self.fresh:
            kind: Any = "outcome" if steps == ("outcomes",) else _ROOT[name].kind
            self.added.add((kind, id_))

    def _drop_renamed(self, table: Table, current: dict[RowKey, _There]) -> None:
        values = {key: there.values for key, there in current.items()}
        holders = self.fresh | self.holders.keys()
        drop_renamed(self.rows, table, values, self.repeated.get(table.name, ()), holders)

    def person(self, text: str) -> str:
        """Return the id of the person whom a cell names."""
        if ("people", (), text) in self.fresh:
            return text
        try:
            return self.names.named(text)
        except NotOnePerson as problem:
            raise BadCell(problem.says) from problem

    # -- rows ----------------------------------------------------------------------------------

    def run(self) -> Intake:
        """Compare every table, and return what follows."""
        for table in record_tables().values():
            if table.name in self.exported.tables:
                self._table(table)
        edits: list[TableEdit] = []
        for which, group in self.edits.items():
            edits += self._guarded(self.entries[which], group)
        more, files = new_records(self.linked, self.rows, self.fresh, self.base, self.added)
        intake = Intake(
            Proposal("Nothing"), [], self.rows.refused, self.blanked, self.notes, self.unchanged
        )
        as_proposal(self.linked, [*edits, *more], files, intake)
        cells = {t.cell for t in intake.taken}
        intake.taken += [taken for edit, taken in self.more if edit.taken.cell in cells]
        return intake

    def _current(self, table: Table) -> Iterator[tuple[RowKey, _There]]:
        names = [c.name for c in table.columns]
        key_at = names.index(table.key[-1] if table.key else ITEM)
        for home, entry, route, values in placed_rows(table, self.portfolio, self.unit, self.twins):
            holder = values[names.index(home.column)] if home.steps else entry[1]
            key = (home.root.table, steps_of(home), str(holder), str(values[key_at]))
            yield key, _There(home, entry, route, values)

    def _table(self, table: Table) -> None:
        current = dict(self._current(table))
        if not is_named(table):
            self._drop_renamed(table, current)  # after new records are known
        seen = set(self.repeated.get(table.name, ()))
        for key, row, held in incoming(self.rows, table):
            seen.add(key)
            there = current.get(key)
            if there is not None:
                self._compare(table, there, row)
            elif held is not None:
                self._new_item(held)
        if kept := len(current.keys() - seen):
            self.notes.append(
                f"{table.name}: {plural(kept, 'row')} of the files that the table does not have; "
                "nothing was deleted"
            )

    def _compare(self, table: Table, there: _There, row: TakenRow) -> None:
        """Take the cells of a row that say something else than the files."""
        if table.form == "custom":
            self._compare_custom(table, there, row)
            return
        for column, value in zip(table.columns, there.values, strict=True):
            cell = row.cells.get(column.name)
            if cell is None or column.name in table.key:
                continue
            if is_same(column, cell, value) or (value is None and _is_clear(cell)):
                self.unchanged += value is not None
                continue
            where = self.exported.where(table.name, column.name, row.number)
            if is_blank(cell):
                if column.field is None or value != column.field.default:
                    self.blanked.append(where)
                continue
            try:
                self._edit(table, there, column, row, where)
            except (BadCell, EditRefused) as error:
                self.rows.refuse(table, column.name, row, f"`{text_of(cell)[:60]}` {error}")

    def _compare_custom(self, table: Table, there: _There, row: TakenRow) -> None:
        old, form = str(there.values[2]), str(there.values[3])
        cell: Cell = row.cells.get("value", old)
        told: Cell = row.cells.setdefault("form", form)
        if text_of(cell) == old and text_of(told) == form:
            self.unchanged += 1
            return
        where = self.exported.where(table.name, "value", row.number)
        if is_blank(cell) and old:
            self.blanked.append(where)
            return
        entry = there.entry
        said = (where, there.values[1], old, text_of(cell))
        if _is_clear(cell) and form != "text":
            self._add(entry, there.route, "remove", None, *said)
            return
        try:
            value = self.rows.item(HeldRow(table, there.home, row, there.values[0]))
            self._add(entry, there.route, "set", value, *said)
        except BadCell as error:
            self.rows.refuse(table, "value", row, f"`{text_of(cell)[:60]}` {error}")

    def _edit(self, table: Table, there: _There, column: Column, row: TakenRow, where: str) -> None:
        """Take one cell.  Raises BadCell and EditRefused."""
        cell = row.cells[column.name]
        old = there.values[[c.name for c in table.columns].index(column.name)]
        is_item = table.form in ("value", "withheld") and column.name not in table.key
        if not column.keys and not is_item:
            raise BadCell(_MOVED if column.name == "business_unit" else _HELD)
        said = (where, column.name, _shown(old), _shown(cell))
        if _is_clear(cell):
            if table.form == "value":
                raise BadCell(_ITEM_STAYS)
            if column.field is not None and column.field.required:
                raise BadCell("is required; it can be changed, not cleared")
            self._add(there.entry, (*there.route, *column.keys), "remove", None, *said)
            return
        value = self.rows.value(table, column, row)
        home, entry, portfolio = there.home, there.entry, self.portfolio
        if value_at(entry[2], (*there.route, *column.keys)) == value:
            self.unchanged += 1  # said in other words: a person by name
            return
        if is_item:
            key = str(there.route[-1])
            fitted = fitted_item(portfolio, home, entry, key, value, self.added)
        elif len(column.keys) > 1 and not self._is_written(entry, (*there.route, column.keys[0])):
            self._nested(table, there, column, value, said)
            return
        else:
            fitted = fitted_field(
                portfolio, home, entry, there.route, column.keys, value, self.added
            )
        self._add(entry, (*there.route, *column.keys), "set", fitted, *said)

    def _is_written(self, entry: Entry, route: Route) -> bool:
        source = entry[3]
        return self.linked.documents[source.path].find((*source.route, *route)) is not None

    def _nested(
        self,
        table: Table,
        there: _There,
        column: Column,
        value: Value,
        said: tuple[str, str, str, str],
    ) -> None:
        """Take a cell of a record in a record that the file does not have yet: its cells make it."""
        outer, inner = column.keys
        route = (*there.route, outer)
        edits = self.edits.get((there.entry[0].table, there.entry[1]), [])
        before = next((e for e in edits if e.route == (*there.entry[3].route, *route)), None)
        held: Data = (
            dict(before.value) if before is not None and isinstance(before.value, dict) else {}
        )
        kind = KIND_OF[table.type]
        good: Any = checked_values(kind, {outer: {**held, inner: value}}, there.entry[1])
        check_references(self.portfolio, kind, {outer: {inner: value}}, None, self.added)
        if before is not None:
            before.value = good[outer]
            where, name, _, new = said
            self.more.append((before, Taken(where, kind, there.entry[1], name, "", new)))
            return
        self._add(there.entry, route, "set", good[outer], *said)

    def _new_item(self, held: HeldRow) -> None:
        """Take a row that no list has yet."""
        home, row, table = held.home, held.row, held.table
        place = (home.root.table, held.steps[:-1], held.holder)
        if place in self.fresh:
            return  # it comes with its new record
        found = self.holders.get(place)
        if found is None:
            words = home.holder.replace("_", " ")
            self.rows.refuse(table, None, row, f"there is no {words} `{shown(held.holder)}`")
            return
        entry, route = found
        field = home.steps[-1]
        before = len(self.rows.refused)
        try:
            value = self.rows.item(held)
            if len(self.rows.refused) > before:
                return  # a row is taken whole or not at all
            fitted = fitted_item(self.portfolio, home, entry, held.key, value, self.added)
        except (BadCell, EditRefused) as error:
            self.rows.refuse(table, None, row, str(error))
            return
        there = value_at(entry[2], (*route, field.key)) if field.many else None
        if any(written(each) == fitted for each in there or ()):
            self.unchanged += 1  # it was taken before
            return
        where = self.exported.where(table.name, None, row.number)
        said = ", ".join(_shown(c) for c in row.cells.values() if not is_blank(c))
        at: Route = (*route, field.key)
        if field.kind != "mapping":
            self._add(entry, at, "add", fitted, where, table.name, "", said)
            return
        if self._is_written(entry, at):
            self._add(entry, (*at, held.key), "set", fitted, where, table.name, "", said)
            return
        edits = self.edits.get((entry[0].table, entry[1]), [])
        whole = next((e for e in edits if e.route == (*entry[3].route, *at)), None)
        if whole is not None and isinstance(whole.value, dict):
            whole.value[held.key] = fitted
            self.more.append((whole, Taken(where, entry[0].kind, entry[1], table.name, "", said)))
            return
        self._add(entry, at, "set", {held.key: fitted}, where, table.name, "", said)

    # -- edits ---------------------------------------------------------------------------------

    def _add(
        self, entry: Entry, route: Route, what: What, value: Plain,
        where: str, field: str, old: str, new: str,
    ) -> None:  # fmt: skip
        root, id_, record, source, _ = entry
        holder = value_at(record, route[:-1])
        order = keys(type(holder)) if isinstance(holder, Struct) else ()
        taken = Taken(where, root.kind, id_, field, old, new)
        edit = TableEdit(source.path, (*source.route, *route), what, value, order, taken)
        self.edits.setdefault((root.table, id_), []).append(edit)

    def _guarded(self, entry: Entry, edits: list[TableEdit]) -> list[TableEdit]:
        """Return the edits of a record that says what it said when it was exported; else refuse them."""
        root, id_ = entry[0], entry[1]
        if (root.table, (), id_, id_) in self.repeated.get(root.table, ()):
            why = f"the table `{root.table}` has several rows of {id_}: nothing of it is taken"
            self.rows.refused += [RefusedCell(e.taken.cell, why) for e in edits]
            return []
        known = self.base.get((root.kind, id_))
        if known == digest(entry[2]):
            return edits
        for taken in (edit.taken for edit in edits):
            now = (
                f"the file says `{shown(taken.old)}`"
                if taken.old
                else "the file says nothing there"
            )
            why = f"{entry[1]} was changed since the export; {now}: compare both"
            if known is None:
                why = f"the table `{RECORDS.name}` has no row of {entry[1]}: nothing of it is taken"
            self.rows.refused.append(RefusedCell(taken.cell, f"`{shown(taken.new)}`: {why}"))
        return []


def steps_of(home: Home) -> tuple[str, ...]:
    """Return the keys of the lists that lead to a table's rows."""
    return tuple(field.key for field in home.steps)


def _is_clear(cell: Cell) -> bool:
    return isinstance(cell, str) and cell.strip().casefold() == CLEAR


def _shown(value: Value) -> str:
    return "" if value is None else text_of(value)

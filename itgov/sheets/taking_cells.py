"""Cells of records that are there: as written, as filled in and as the file has it now, compared."""

from __future__ import annotations

from typing import Any

from itgov.files.changes import clearing, field_changes
from itgov.files.edit import Change, Remove, Set
from itgov.files.investment_changes import with_ended
from itgov.files.new_values import checked_values
from itgov.files.save import EditRefused
from itgov.files.write import Plain
from itgov.importing.intake import Moved, Taken
from itgov.importing.typed import CLEAR
from itgov.importing.values import BadCell
from itgov.model.fields import keys
from itgov.sheets.entries import entered, plain_value, told
from itgov.sheets.incoming import Entered, KeyOf
from itgov.sheets.layout import BETWEEN, value_of
from itgov.sheets.pages import ENGAGEMENTS, INVESTMENTS, SheetColumn, Worksheet
from itgov.sheets.places import Target
from itgov.sheets.state import State, short
from itgov.sheets.steps import Step


def take_cells(state: State) -> None:
    """Take the cells that say something new; of two for one value that differ the later is refused."""
    first: dict[KeyOf, Entered] = {}
    kept: list[Entered] = []
    for cell in state.cells:
        twin = first.setdefault((cell.page.name, cell.id, cell.field), cell)
        if twin is cell:
            kept.append(cell)
        elif told(twin.value) != told(cell.value):
            state.refuse(
                cell.cell,
                f"two rows are of {cell.id}: {twin.cell} says `{short(told(twin.value))}`, "
                f"this `{short(told(cell.value))}`",
            )
    cells = _Cells(state)
    for group in _groups(kept):
        cells.take(group)


class _Cells:
    def __init__(self, state: State) -> None:
        self.state = state

    def take(self, group: list[Entered]) -> None:
        """Take the cells of one edit that say something new."""
        page, id_ = group[0].page, group[0].id
        try:
            target = self.state.places.target(page, id_)
        except EditRefused as error:
            for cell in group:
                if not self._is_as_it_was(cell):
                    self.state.refuse(cell.cell, str(error))
            return
        fresh: list[tuple[Entered, SheetColumn, str, str]] = []
        for cell in group:
            column = page.column(cell.field)
            found = self._fresh(target, column, cell) if column is not None else None
            if column is not None and found is not None:
                fresh.append((cell, column, *found))
        if not fresh:
            return
        taken = [
            Taken(cell.cell, page.kind, id_, column.field, old, new)
            for cell, column, old, new in fresh
        ]
        cleared = [column.field for _, column, _, new in fresh if not new]
        values = {column.field: plain_value(column, new) for _, column, _, new in fresh if new}
        note = ""
        if page is INVESTMENTS and not target.below:
            today = self.state.linked.portfolio.today
            values, note = with_ended(self.state.linked, target.at, values, today)
            cleared += [field for field, value in values.items() if value is None]
            values = {field: value for field, value in values.items() if value is not None}
        if "satisfaction.score" in cleared:
            cleared, values = ["satisfaction"], {}
        try:
            changes = self._changes(target, page, values, cleared)
        except EditRefused as error:
            self.state.refuse(taken[0].cell, str(error))
            return
        if note:
            self.state.incoming.notes.append(f"{taken[0].cell}: {id_}: {note}")
        self.state.steps.append(Step(target.at.path, changes, taken, taken[0].cell))

    def _changes(
        self, target: Target, page: Worksheet, values: dict[str, Plain], cleared: list[str]
    ) -> list[Change]:
        if not target.below:
            found = [c for field in cleared for c in clearing(self.state.open, target.at, field)]
            return [*found, *(field_changes(self.state.open, target.at, values) if values else [])]
        name, mark = str(target.below[0]), keys(type(target.record))[0]
        item: Any = {mark: getattr(target.record, mark), **values}
        good: Any = checked_values(page.kind, {name: [item]}, target.at.subject.id)
        route, order = target.route(self.state.open), keys(type(target.record))
        written = {field: good[name][0][field] for field in values}
        return [
            *(Remove((*route, field)) for field in cleared if value_of(target.record, field)),
            *(Set((*route, field), value, order) for field, value in written.items()),
        ]

    def _is_as_it_was(self, cell: Entered) -> bool:
        column = cell.page.column(cell.field)
        return column is not None and _same(column, cell.value, cell.base)

    def _fresh(self, target: Target, column: SheetColumn, cell: Entered) -> tuple[str, str] | None:
        """Return the old and the new value of a cell that says something new; "" takes it away."""
        ours = told(value_of(target.record, column.field))
        is_same = _same(column, cell.value, cell.base)
        if is_same and cell.base == ours:
            self.state.unchanged += 1
            return None
        unit = target.at.unit.record.id if target.at.unit is not None else ""
        try:
            base = cell.base if cell.base == ours else self._base(column, cell)
            if told(cell.value).casefold() == CLEAR:
                theirs = ""
            else:
                theirs = base if is_same else self.state.entered(column, cell, unit)
        except BadCell as error:
            self.state.refuse(cell.cell, f"`{short(told(cell.value))}` {error}")
            return None
        if theirs in (base, ours):
            self.state.unchanged += 1
            if ours != base and theirs == base:
                self.state.moved.append(Moved(cell.cell, base, ours))
            return None
        if ours != base:
            self.state.refuse(cell.cell, _both(base, theirs, ours))
            return None
        return ours, theirs

    def _base(self, column: SheetColumn, cell: Entered) -> str:
        """Return what a cell held in canonical form; what it held need not be right."""
        if not cell.base:
            return ""
        try:
            if column.form in ("person", "people"):
                found = [self.state.people.find(text) for text in cell.base.split(BETWEEN)]
                return BETWEEN.join(f for f in found if f) or cell.base
            return entered(column, cell.base, self.state.people)
        except BadCell:
            return cell.base


def _groups(cells: list[Entered]) -> list[list[Entered]]:
    """Return the cells that are judged together: those of a satisfaction, else each alone."""
    groups: list[list[Entered]] = []
    joint: dict[str, list[Entered]] = {}
    for cell in cells:
        whole = cell.page is ENGAGEMENTS and cell.field.startswith("satisfaction.")
        if whole and cell.id in joint:
            joint[cell.id].append(cell)
            continue
        groups.append([cell])
        if whole:
            joint[cell.id] = groups[-1]
    return groups


def _both(base: str, theirs: str, ours: str) -> str:
    """Say that a value was changed on both sides, with both values."""

    def words(value: str) -> str:
        return f"`{short(value)}`" if value else "nothing"

    return (
        f"was changed on both sides: the sheet says {words(theirs)}, the file says {words(ours)} now "
        f"(it said {words(base)}); compare both"
    )


def _same(column: SheetColumn, value: Any, base: str) -> bool:
    """Say whether a cell is as it was, though its person may be gone by now."""
    text = told(value)
    if text == base:
        return True
    if not base:
        return False
    if column.form == "number" and isinstance(value, (int, float)):
        return f"{float(value):.15g}" == f"{float(base):.15g}"  # what a spreadsheet keeps of it
    if column.form == "person":
        return text.endswith(f"({base})")
    if column.form == "people":
        shown, ids = text.split(BETWEEN), base.split(BETWEEN)
        return len(shown) == len(ids) and all(
            s.endswith(f"({i})") or s == i for s, i in zip(shown, ids, strict=True)
        )
    return False

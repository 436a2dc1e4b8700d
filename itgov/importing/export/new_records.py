"""Records that an export has and the files have not: added to their files, or written anew."""

from __future__ import annotations

import contextlib
import datetime
import os
from collections.abc import Collection, Mapping
from typing import Any

import msgspec

from itgov.files.linked import Linked
from itgov.files.new_values import TYPES, check_references, checked_values, written
from itgov.files.save import EditRefused
from itgov.files.write import Plain, document
from itgov.importing.cells import Cell
from itgov.importing.edits import free_unit_name
from itgov.importing.export.assemble import Data, Rows
from itgov.importing.export.cells import is_blank, text_of
from itgov.importing.export.edits import NewFile, TableEdit
from itgov.importing.export.fit import Added
from itgov.importing.export.read import TakenRow
from itgov.importing.export.tables import ROOTS, Root, record_tables
from itgov.importing.intake import Taken
from itgov.importing.trouble import shown
from itgov.importing.values import slug
from itgov.model.fields import keys
from itgov.model.types import OrganisationFile, UnitFile

_LISTS = {
    "person": "people", "relationship_manager": "relationship_managers",
    "investment": "investments", "engagement": "engagements",
}  # fmt: skip


class NewUnit:
    """A business unit's file that is to be written."""

    def __init__(self, id_: str) -> None:
        self.data: dict[str, Plain] = {"business_unit": {"id": id_}}
        self.taken: list[Taken] = []

    def add(self, name: str, record: Plain) -> None:
        """Add a record to one of its lists."""
        self.data.setdefault(name, [])
        held: Any = self.data[name]
        held.append(record)

    def text(self) -> str:
        """Return the file's text, in the order of its type."""
        return document({k: self.data[k] for k in keys(UnitFile) if k in self.data}, "portfolio")


def new_records(
    linked: Linked,
    rows: Rows,
    fresh: Collection[tuple[str, tuple[str, ...], str]],
    base: Mapping[tuple[str, str], str],
    added: Added,
) -> tuple[list[TableEdit], list[NewFile]]:
    """Return what adds the records that are new to a portfolio: edits of its files, and new files."""
    portfolio = linked.portfolio
    edits: list[TableEdit] = []
    units: dict[str, NewUnit] = {}
    for root in ROOTS:
        table = record_tables()[root.table]
        for id_, row in rows.roots[root.table]:
            if (root.table, (), id_) not in fresh:
                continue
            if (why := _why_not(root, id_, base)) is not None:
                rows.refuse(table, None, row, why)
                continue
            before = len(rows.refused)
            data = rows.record(root, id_, row)
            unit_id = text_of(row.cells.get("business_unit", "")).strip()
            unit = portfolio.units.get(unit_id) if root.in_unit else None
            try:
                if root.in_unit and unit is None and unit_id not in units:
                    raise EditRefused(f"there is no business unit `{shown(unit_id)}`")
                record = _fitted(root, id_, data)
                check_references(portfolio, root.kind, record, unit, added)
            except EditRefused as error:
                rows.refuse(table, None, row, str(error))
                continue
            if len(rows.refused) > before:
                rows.refuse(table, None, row, "it was not added: a cell of it is refused")
                continue
            taken = Taken(
                rows.exported.where(table.name, None, row.number), root.kind, id_, table.name, "", _said(row)
            )  # fmt: skip
            if root.kind == "business_unit":
                units[id_] = NewUnit(id_)
                units[id_].data["business_unit"] = record
                units[id_].taken.append(taken)
            elif root.in_unit and unit is None:
                units[unit_id].add(_LISTS[root.kind], record)
                units[unit_id].taken.append(taken)
            else:
                place = _home(linked, root, unit_id)
                if place is None:
                    rows.refuse(table, None, row, "no file has a list that it could be added to")
                    continue
                order = keys(UnitFile if root.in_unit else OrganisationFile)
                edits.append(TableEdit(place, (_LISTS[root.kind],), "add", record, order, taken))
    folder = _folder(linked)
    names = {os.path.normcase(path) for path in linked.documents}
    files: list[NewFile] = []
    for id_, new in units.items():
        path = free_path(folder, id_, names)
        files.append(NewFile(path, new.text(), new.taken))
    return edits, files


def _why_not(root: Root, id_: str, base: Mapping[tuple[str, str], str]) -> str | None:
    if root.kind == "organisation":
        return "the organisation is another one; change its id in the file"
    if not id_:
        return "the row has no id"
    if (root.kind, id_) in base:
        return f"`{shown(id_)}` was deleted since the export; it was not added again"
    return None


def _fitted(root: Root, id_: str, data: Data) -> dict[str, Plain]:
    """Return a record as it is written, its keys in the order of its type.  Raises EditRefused."""
    good = checked_values(root.kind, data, id_)
    record = _in_order(root, good)
    try:
        msgspec.convert(record, TYPES[root.kind])
    except msgspec.ValidationError as error:
        raise EditRefused(f"{id_}: {error}") from error
    return record


def _in_order(root: Root, record: Data) -> dict[str, Plain]:
    return {k: record[k] for k in keys(TYPES[root.kind]) if k in record}


def all_anew(rows: Rows, folder: str) -> list[NewFile]:
    """Return the files of a whole portfolio: one of the organisation, one for each business unit."""
    whole: dict[str, Plain] = {}
    about: list[Taken] = []
    units: dict[str, NewUnit] = {}
    for root in ROOTS:
        table = record_tables()[root.table]
        for id_, row in rows.roots[root.table]:
            record = _written_anew(rows, root, id_, row)
            if record is None:
                continue
            where = rows.exported.where(table.name, None, row.number)
            taken = Taken(where, root.kind, id_, table.name, "", "")
            unit = id_
            if root.in_unit:
                unit = text_of(row.cells.get("business_unit", ""))
                if not unit.strip():
                    rows.refuse(table, "business_unit", row, "the row names no business unit")
                    continue
            if root.kind == "business_unit" or root.in_unit:
                new = units.setdefault(unit, NewUnit(unit))
                new.taken.append(taken)
                if root.in_unit:
                    new.add(_LISTS[root.kind], record)
                else:
                    new.data["business_unit"] = record
                continue
            about.append(taken)
            if root.kind == "organisation":
                whole["organisation"] = record
            else:
                held: Any = whole.setdefault(_LISTS[root.kind], [])
                held.append(record)
    files: list[NewFile] = []
    if whole:
        text = document({k: whole[k] for k in keys(OrganisationFile) if k in whole}, "organisation")
        files.append(NewFile(f"{folder}/organisation.yaml", text, about))
    names: set[str] = set()
    for id_, new in units.items():
        files.append(NewFile(free_path(folder, id_, names), new.text(), new.taken))
    return files


def _written_anew(rows: Rows, root: Root, id_: str, row: TakenRow) -> dict[str, Plain] | None:
    """Return a record as it is written; None, and the row refused, where it fits no type."""
    table = record_tables()[root.table]
    data = rows.record(root, id_, row)
    try:
        told: Any = written(msgspec.convert(data, TYPES[root.kind]))
    except msgspec.ValidationError as error:
        rows.refuse(table, None, row, str(error))
        return None
    record = dict(told)
    if "custom" in record:
        record["custom"] = _with_days(record["custom"])
    return record


def _with_days(value: Plain) -> Plain:
    """Return what is somebody's own with its days as days, so that they are written without quotes.

    They are read as the same text.
    """
    if isinstance(value, dict):
        return {key: _with_days(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_with_days(each) for each in value]
    if isinstance(value, str) and len(value) == len("2026-03-31"):
        with contextlib.suppress(ValueError):
            day = datetime.date.fromisoformat(value)
            return day if day.isoformat() == value else value
    return value


def _home(linked: Linked, root: Root, unit: str) -> str | None:
    """Return the file to which a new record is added."""
    portfolio = linked.portfolio
    sources: list[str] = []
    if root.kind == "investment":
        sources = [e.source.path for e in portfolio.units[unit].investments]
    elif root.kind == "engagement":
        sources = [e.source.path for e in portfolio.units[unit].engagements]
    elif root.kind == "person":
        sources = [e.source.path for e in portfolio.people.values()]
    elif root.kind == "relationship_manager":
        sources = [e.source.path for e in portfolio.managers.values()]
    if root.in_unit:
        sources = [*portfolio.units[unit].paths[:1], *sources]
    else:
        sources = [portfolio.organisation.source.path, *sources]
    path = sources[-1] if sources else ""
    return path if path in linked.documents else None


def _folder(linked: Linked) -> str:
    """Return the folder of the portfolio's first file of a unit, else that of the organisation's."""
    for unit in linked.portfolio.units.values():
        for path in unit.paths:
            return path.split("/")[0]
    return linked.portfolio.organisation.source.path.rpartition("/")[0] or "portfolios"


def free_path(folder: str, id_: str, taken: set[str]) -> str:
    """Return the path of a business unit's new file, and count it as taken."""
    name = free_unit_name(
        slug(id_) or "unit", lambda name: os.path.normcase(f"{folder}/{name}") in taken
    )
    path = f"{folder}/{name}"
    taken.add(os.path.normcase(path))
    return path


def _said(row: TakenRow) -> str:
    cells: list[Cell] = [cell for cell in row.cells.values() if not is_blank(cell)]
    return ", ".join(text_of(cell) for cell in cells)

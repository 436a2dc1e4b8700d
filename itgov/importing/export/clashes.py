"""Rows of an export that stand twice, or whose id was changed: what they say is nobody's, and not taken."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping

from itgov.importing.cells import Cell
from itgov.importing.export.assemble import HeldRow, Rows
from itgov.importing.export.cells import is_blank, text_of
from itgov.importing.export.read import TakenRow
from itgov.importing.export.tables import ITEM, Table, Value, record_tables
from itgov.importing.trouble import shown
from itgov.importing.values import key_of
from itgov.model.fields import keys

Place = tuple[str, tuple[str, ...], str]
"""A record that can hold rows: its root's table, the lists that lead to it, its id."""
RowKey = tuple[str, tuple[str, ...], str, str]
"""A row: the root's table, the lists that lead to it, its record, and its id, field or number."""
_LABELS = ("title", "name", "statement")
"""Columns by which people know a record, best first."""


def incoming(rows: Rows, table: Table) -> Iterator[tuple[RowKey, TakenRow, HeldRow | None]]:
    """Yield the rows of a table with what tells each from the others."""
    if not table.homes[0].steps:
        for id_, row in rows.roots[table.name]:
            yield (table.homes[0].root.table, (), id_, id_), row, None
        return
    for held in rows.lists.get(table.name, []):
        last = held.whole_id if table.key == ("id",) else held.key
        yield (held.home.root.table, held.steps, held.holder, last), held.row, held


def drop_repeated(rows: Rows) -> tuple[dict[str, set[RowKey]], list[str]]:
    """Refuse rows that are of one record and differ, by table, and read once those that are the same.

    Which of two rows is meant cannot be told: where somebody wrote over an id, or a spreadsheet
    took `0007` for 7, the first is as likely to be another record's as the second.
    """
    found: dict[str, set[RowKey]] = {}
    notes: list[str] = []
    for table in record_tables().values():
        groups: dict[RowKey, list[TakenRow]] = {}
        for key, row, _ in incoming(rows, table):
            if key[3]:
                groups.setdefault(key, []).append(row)
        gone: set[int] = set()
        for key, group in groups.items():
            if len(group) == 1:
                continue
            numbers = ", ".join(str(row.number) for row in group)
            if all(_texts(row) == _texts(group[0]) for row in group[1:]):
                gone |= {row.number for row in group[1:]}
                notes.append(f"{table.name}: rows {numbers} are the same; they were read once")
                continue
            gone |= {row.number for row in group}
            found.setdefault(table.name, set()).add(key)
            for row in group:
                rows.refuse(table, None, row, f"{_called(key)} is in rows {numbers}{_hint(table)}")
        rows.drop(table, gone)
    return found, notes


def drop_renamed(
    rows: Rows,
    table: Table,
    there: Mapping[RowKey, list[Value]],
    refused: Iterable[RowKey],
    holders: Container[Place],
) -> None:
    """Refuse new rows that say the same as a record that the table does not have.

    Its id was changed in the table, or the id of what holds it; as a new one it would count twice.
    """
    if not is_named(table) and not _has_money(table):
        return
    come = {key: row for key, row, _ in incoming(rows, table)}
    missing = there.keys() - come.keys() - set(refused)
    fresh = [key for key in come if key not in there]
    if not missing or not fresh:
        return
    names = [c.name for c in table.columns]
    by_label: dict[tuple[str, str], RowKey] = {}
    by_all: dict[tuple[str, ...], dict[str, RowKey]] = {}
    label = next((n for n in _LABELS if n in names), None)
    if table.name == "relationship_managers":
        label = None  # the title is that of the post
    for key in sorted(missing):
        said = dict(zip(names, there[key], strict=True))
        cells = {n: "" if v is None else text_of(v) for n, v in said.items()}
        if label is not None and cells[label].strip():
            by_label.setdefault((_holder(key), key_of(cells[label])), key)
        by_all.setdefault(_others(table, cells), {}).setdefault(_holder(key), key)
    gone: set[int] = set()
    for key in fresh:
        row = come[key]
        cells = {n: text_of(row.cells.get(n, "")) for n in names}
        same = by_all.get(_others(table, cells), {})
        if not any(_others(table, cells)):  # blank ones of different records say nothing
            same = {holder: old for holder, old in same.items() if holder == _holder(key)}
        if not is_named(table) and (_holder(key) in same or _place(key) not in holders):
            continue  # it was taken before, or there is nothing that holds it
        old = same.get(_holder(key)) or next(iter(same.values()), None)
        if label is not None and cells[label].strip():
            old = old or by_label.get((_holder(key), key_of(cells[label])))
        if old is None:
            continue
        formerly = table.type is not None and "formerly" in keys(table.type)
        line = f", with `formerly: [{shown(old[3])}]`" if formerly else ""
        rows.refuse(
            table, table.columns[0].name, row,
            f"{_called(key)} says the same as {_called(old)}, which the table does not have, "
            f"and would count twice; change an id in its file{line}",
        )  # fmt: skip
        gone.add(row.number)
    rows.drop(table, gone)


def new_places(rows: Rows, holders: Container[Place]) -> set[Place]:
    """Return the records that the tables have and the files have not, with what holds them."""
    found: set[Place] = set()
    for name, roots in rows.roots.items():
        found |= {(name, (), id_) for id_, _ in roots if (name, (), id_) not in holders}
    lists = [held for name, held in rows.lists.items() if is_named(record_tables()[name])]
    for held in sorted((each for rows in lists for each in rows), key=lambda r: len(r.steps)):
        root = held.home.root.table
        place, holder = (root, held.steps, held.whole_id), (root, held.steps[:-1], held.holder)
        if place not in holders and (holder in holders or holder in found):
            found.add(place)
    return found


def is_named(table: Table) -> bool:
    """Say whether its rows are records with ids of their own."""
    return not table.homes[0].steps or table.key == ("id",)


def _has_money(table: Table) -> bool:
    return any(c.field is not None and c.field.kind == "money" for c in table.columns)


def _place(key: RowKey) -> Place:
    return key[0], key[1][:-1], key[2]


def _holder(key: RowKey) -> str:
    return key[2] if key[1] else ""


def _others(table: Table, cells: Mapping[str, str]) -> tuple[str, ...]:
    """Return what a row says beside its id, its number and what holds it."""
    own = {*table.key, ITEM, *(home.column for home in table.homes)}
    return tuple(key_of(cells[c.name]) for c in table.columns if c.name not in own)


def _texts(row: TakenRow) -> dict[str, str]:
    cells: dict[str, Cell] = row.cells
    return {name: text_of(cell) for name, cell in cells.items() if not is_blank(cell)}


def _called(key: RowKey) -> str:
    if not key[1] or key[3].startswith(f"{key[2]}/"):
        return f"`{shown(key[3])}`"
    which = f"`{shown(key[3])}`" if key[3] else "of a new row"
    return f"`{shown(key[2])}`, {key[1][-1]} {which}"


def _hint(table: Table) -> str:
    numbered = not is_named(table) and any(c.name == ITEM for c in table.columns)
    more = "; leave `item` blank in a new row" if numbered else ""
    return f", which differ: none is taken{more}"

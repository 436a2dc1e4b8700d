"""The edits of a sheet, gathered by file: each file is edited once, and what it refuses is found."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from msgspec import Struct

from itgov.files.document import Document, Route
from itgov.files.edit import Add, Change, Set, apply
from itgov.files.proposal import FileEdit, Proposal
from itgov.files.reader import read
from itgov.files.save import EditRefused
from itgov.files.write import Plain
from itgov.importing.intake import Added, RefusedCell, Taken


class Step(Struct):
    """What one cell, or one new row, changes in one file."""

    path: str
    changes: list[Change]
    cells: list[Taken]
    where: str
    """The cell that is named where the file cannot be edited so."""
    added: Added | None = None
    fresh: bytes | None = None
    """The content of a file that is to be new."""


class Made(Struct):
    """What became of steps: the files as they would be, the steps in them, and what was refused."""

    proposal: Proposal
    steps: list[Step]
    refused: list[RefusedCell]


def make(steps: Iterable[Step], documents: dict[str, Document]) -> Made:
    """Return the edits that steps make together, each from the documents as they are."""
    by_path: dict[str, list[Step]] = {}
    for step in steps:
        by_path.setdefault(step.path, []).append(step)
    files: list[FileEdit] = []
    done: list[Step] = []
    refused: list[RefusedCell] = []
    for path, own in by_path.items():
        new = next((s.fresh for s in own if s.fresh is not None), None)
        if new is not None:
            files.append(FileEdit(path, None, new))
            done += own
            continue
        sound, edit = _edited(path, documents[path].raw, own, refused)
        done += sound
        files += [edit] if edit is not None else []
    return Made(Proposal("", tuple(files)), done, refused)


def _edited(
    path: str, raw: bytes, steps: list[Step], refused: list[RefusedCell]
) -> tuple[list[Step], FileEdit | None]:
    """Return the steps that a file takes together: halves are tried until the others are found."""
    _, data, problems = read(path, raw)
    kept: list[Step] = []
    edit: FileEdit | None = None
    waiting = [steps]
    while waiting:
        part = waiting.pop()
        changes = _in_order(data, [*kept, *part])
        try:
            after = apply(raw, changes, path)
        except EditRefused as error:
            if len(part) > 1 and not problems:
                middle = len(part) // 2
                waiting += [part[middle:], part[:middle]]
                continue
            refused += [RefusedCell(step.where, str(error)) for step in part]
            continue
        kept += part
        edit = FileEdit(path, raw, after, tuple(changes))
    return kept, edit


def _in_order(data: Any, steps: Iterable[Step]) -> list[Change]:
    """Return the changes of steps so that each route holds when its turn comes, in few rounds.

    Values first, in the order of the record's keys; then what is added to lists: from the back
    to the front, and all items of a list that is new as one.
    """
    values: list[tuple[tuple[str, ...], int, Change]] = []
    added: dict[Route, list[Add]] = {}
    for change in (c for step in steps for c in step.changes):
        if isinstance(change, Add):
            added.setdefault(change.route, []).append(change)
            continue
        order = change.order if isinstance(change, Set) else ()
        last = str(change.route[-1])
        rank = order.index(last) if last in order else len(order)
        values.append((tuple(str(step).zfill(9) for step in change.route[:-1]), rank, change))
    values.sort(key=lambda each: each[:2])
    rounds: list[list[Change]] = []
    for route, items in added.items():
        for number, change in enumerate(_placed(data, route, items)):
            if number == len(rounds):
                rounds.append([])
            rounds[number].append(change)
    return [*(change for *_, change in values), *(c for each in rounds for c in each)]


def _placed(data: Any, route: Route, items: list[Add]) -> list[Change]:
    """Return the changes that put items into one list."""
    items = sorted(items, key=lambda item: _mark(item.value))
    if not _has_items(data, route):
        return [Set(route, [item.value for item in items], items[0].order)]
    inside = [item for item in items if item.index is not None]
    inside.sort(key=lambda item: item.index or 0)
    return [*reversed(inside), *(item for item in items if item.index is None)]


def _has_items(data: Any, route: Route) -> bool:
    """Say whether a list of a file, as it was read, has anything in it."""
    for step in route:
        if isinstance(data, dict):
            data = data.get(str(step))
        elif isinstance(data, list) and isinstance(step, int) and step < len(data):
            data = data[step]
        else:
            return False
    return bool(data)


def _mark(value: Plain) -> tuple[str, ...]:
    """Return what the items of a list are ordered by: a day or a year, where they begin with one."""
    if isinstance(value, dict):
        for key in ("date", "year"):
            found = value.get(key)
            if isinstance(found, (int, datetime.date)):
                return (str(found),)
    return ()

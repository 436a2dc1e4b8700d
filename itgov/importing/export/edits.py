"""Edits that an export asks for, made into one proposal: what a file does not take is refused."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from msgspec import Struct

from itgov.files.document import Route
from itgov.files.edit import Add, Change, Remove, Set, apply
from itgov.files.linked import Linked
from itgov.files.proposal import FileEdit, Proposal
from itgov.files.save import EditRefused
from itgov.files.subjects import text_route
from itgov.files.write import Plain
from itgov.importing.intake import Intake, RefusedCell, Taken
from itgov.model.text import plural

What = Literal["set", "remove", "add"]


class TableEdit(Struct):
    """One edit of a file, and the cell that asks for it."""

    path: str
    route: Route
    """As the record's types have it, from the top of the file."""
    what: What
    value: Plain
    order: tuple[str, ...]
    taken: Taken


class NewFile(Struct):
    """A file that is to be new, and the rows that ask for it."""

    path: str
    text: str
    taken: list[Taken]


def as_proposal(
    linked: Linked, edits: Sequence[TableEdit], files: Sequence[NewFile], intake: Intake
) -> None:
    """Put the edits that files take into an intake as one proposal, and refuse the others' cells."""
    by_path: dict[str, list[TableEdit]] = {}
    for edit in edits:
        by_path.setdefault(edit.path, []).append(edit)
    found: list[FileEdit] = []
    for path, wanted in by_path.items():
        made = _made(linked, path, wanted, intake.refused)
        if made is not None:
            found.append(made[0])
            intake.taken += made[1]
    for new in files:
        found.append(FileEdit(new.path, None, new.text.encode()))
        intake.taken += new.taken
    title = f"Take {plural(len(intake.taken), 'cell')} of an export back"
    intake.proposal = Proposal(title, tuple(found))


def _made(
    linked: Linked, path: str, edits: list[TableEdit], refused: list[RefusedCell]
) -> tuple[FileEdit, list[Taken]] | None:
    """Return a file's edits as one; where they do not go together, those that go alone."""
    raw = linked.documents[path].raw
    while edits:
        changes = [_change(linked, edit) for edit in edits]
        try:
            after = apply(raw, changes, path)
        except EditRefused as error:
            whole = edits
            edits = [edit for edit in edits if _goes(linked, raw, edit, refused)]
            if len(edits) == len(whole):  # each goes, and not all together
                refused += [RefusedCell(edit.taken.cell, str(error)) for edit in edits]
                return None
            continue
        return FileEdit(path, raw, after, tuple(changes)), [edit.taken for edit in edits]
    return None


def _goes(linked: Linked, raw: bytes, edit: TableEdit, refused: list[RefusedCell]) -> bool:
    try:
        apply(raw, [_change(linked, edit)], edit.path)
    except EditRefused as error:
        refused.append(RefusedCell(edit.taken.cell, str(error)))
        return False
    return True


def _change(linked: Linked, edit: TableEdit) -> Change:
    route = text_route(linked.documents[edit.path], edit.route)
    if edit.what == "remove":
        return Remove(route)
    if edit.what == "add":
        return Add(route, edit.value, None, edit.order)
    return Set(route, edit.value, edit.order)

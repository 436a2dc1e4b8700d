"""Proposals: edits of files that are worked out, can be shown and are not yet written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Literal

from msgspec import Struct, structs

from itgov.files.document import Route
from itgov.files.edit import Add, Change, Insert, apply
from itgov.files.hunks import Hunk, hunks, is_binary, lines_of
from itgov.files.parallel import Progress, untold
from itgov.files.save import EditRefused
from itgov.files.sources import RawFile, Version, WithChanges

if TYPE_CHECKING:
    from itgov.files.repository import Repository

CONTEXT = 3
"""Lines shown around each change."""


class DiffLine(Struct, frozen=True):
    """A line of a diff with its number before and after; a `gap` stands for lines left out.

    `text` is the file's own: whoever shows it takes control characters out.
    """

    kind: Literal["added", "removed", "context", "gap"]
    text: str
    old: int | None = None
    new: int | None = None


class FileDiff(Struct, frozen=True):
    """What changes in one file."""

    path: str
    lines: tuple[DiffLine, ...]
    note: str = ""
    """What becomes of the file as a whole, where it comes or goes, or is no text."""

    @property
    def added(self) -> int:
        """Number of lines added."""
        return sum(line.kind == "added" for line in self.lines)

    @property
    def removed(self) -> int:
        """Number of lines removed."""
        return sum(line.kind == "removed" for line in self.lines)


class FileEdit(Struct, frozen=True):
    """One file as it was read and as it is to be.

    `before` is None where it is to be new, `after` where it is to be deleted.

    `path` is relative to the repository's root, with forward slashes.  `changes` say how the one
    came from the other, where it was by minimal edits.
    """

    path: str
    before: bytes | None
    after: bytes | None
    changes: tuple[Change, ...] = ()


class Proposal(Struct, frozen=True):
    """Edits of one or more files, with a title in words: "Set the stage of RET-001 to live"."""

    title: str
    files: tuple[FileEdit, ...] = ()
    parts: tuple[str, ...] = ()
    """The titles of what was combined into this one."""
    scenario: str | None = None
    """The id of the scenario that it carries out."""
    note: str = ""
    """What is left as it is, where more was asked for: "12 of 40 have it already"."""

    @property
    def is_empty(self) -> bool:
        """Say whether nothing would change."""
        return all(f.before == f.after for f in self.files)

    def diff(self, context: int = CONTEXT, progress: Progress = untold) -> list[FileDiff]:
        """Return what changes, file by file, with `context` lines around each change."""
        changing = [f for f in self.files if f.before != f.after]
        found = []
        for number, file in enumerate(changing):
            progress("Comparing", number / len(changing))
            states = [s for s in (file.before, file.after) if s is not None]
            notes = ["new"] * (file.before is None) + ["deleted"] * (file.after is None)
            if any(is_binary(state) for state in states):
                sizes = " → ".join(f"{len(state):,} bytes" for state in states)
                found.append(FileDiff(file.path, (), ", ".join([*notes, f"binary: {sizes}"])))
                continue
            lines = tuple(diff_of(file.before or b"", file.after or b"", context))
            found.append(FileDiff(file.path, lines, ", ".join(notes)))
        return found


def propose(title: str, path: str, raw: bytes, changes: Sequence[Change]) -> Proposal:
    """Return the proposal that makes changes in one file; raise EditRefused if it cannot be."""
    return Proposal(title, (FileEdit(path, raw, apply(raw, changes, path), tuple(changes)),))


def combine(proposals: Iterable[Proposal], title: str | None = None) -> Proposal:
    """Return one proposal that does what all of them do, in their order.

    Those that touch one file must have been made from the same bytes of it, or each from what the
    one before it left.  Raise EditRefused where they do not go together.
    """
    given = [p for p in proposals if not p.is_empty]
    edits: dict[str, list[FileEdit]] = {}
    for proposal in given:
        for file in proposal.files:
            if file.before != file.after:
                edits.setdefault(file.path, []).append(file)
    parts = tuple(part for p in given for part in (p.parts or (p.title,)))
    if title is None:
        title = parts[0] if len(parts) == 1 else f"{len(parts)} edits" if parts else "Nothing"
    return Proposal(title, tuple(_joined(same) for same in edits.values()), parts)


def changed_files(proposal: Proposal) -> list[RawFile]:
    """Return the files as they would be, for the caller to read and check again; none that go."""
    return [
        RawFile(f.path, f.after)
        for f in proposal.files
        if f.before != f.after and f.after is not None
    ]


def version_after(repository: Repository, proposal: Proposal) -> Version[Any]:
    """Return a repository as it would be after a proposal."""
    gone = [f.path for f in proposal.files if f.after is None]
    return repository.version(WithChanges(repository.tree, changed_files(proposal), gone))


# -- several edits of one file ---------------------------------------------------------------


def _joined(edits: list[FileEdit]) -> FileEdit:
    """Return one edit for several of one file: made side by side, or one on top of the other."""
    if len(edits) == 1:
        return edits[0]
    first = edits[0]
    base, known = first.before, first.after
    side: list[Change] = list(first.changes)  # what is made from `base`
    changes: list[Change] = []
    pending = False
    for edit in edits[1:]:
        if edit.before == base and edit.changes and side:
            side += [_moved(c, side) for c in edit.changes]
            pending = True
            continue
        if pending:
            known, pending = apply(base or b"", side, first.path), False
        if edit.before != known:
            raise EditRefused(
                f"{edit.path}: two edits were made from different states of the file; "
                "read it again and repeat the second edit"
            )
        changes += side
        base, known, side = edit.before, edit.after, list(edit.changes)
    if pending:
        known = apply(base or b"", side, first.path)
    whole = all(e.changes for e in edits)
    return FileEdit(first.path, first.before, known, (*changes, *side) if whole else ())


def _moved(change: Change, earlier: Iterable[Change]) -> Change:
    """Return a change with its route as it is once the earlier ones have put items in."""
    for other in earlier:
        if not isinstance(other, (Insert, Add)) or other.index is None:
            continue
        depth = len(other.route)
        route = change.route
        if route[:depth] != other.route:
            continue
        if len(route) > depth and isinstance(step := route[depth], int) and step >= other.index:
            moved: Route = (*route[:depth], step + 1, *route[depth + 1 :])
            change = structs.replace(change, route=moved)
        elif (
            isinstance(change, (Insert, Add))
            and route == other.route
            and change.index is not None
            and change.index >= other.index
        ):
            change = structs.replace(change, index=change.index + 1)
    return change


# -- the diff --------------------------------------------------------------------------------


def diff_of(
    before: bytes, after: bytes, context: int = CONTEXT, found: Iterable[Hunk] | None = None
) -> Iterator[DiffLine]:
    """Yield what differs between two states of a file, with `context` lines around each change.

    `found` are its changes, where they are known.
    """
    old = lines_of(before)
    shown = tail = shift = 0
    for hunk in _joined_hunks(hunks(before, after) if found is None else found):
        end = min(tail, hunk.old)  # of what is shown below the change before
        yield from _context(old[shown:end], shown, shift)
        start = max(shown, end)
        if hunk.old - context > start:
            yield DiffLine("gap", "")
            start = hunk.old - context
        yield from _context(old[start : hunk.old], start, shift)
        for at, line in enumerate(hunk.removed, hunk.old + 1):
            yield DiffLine("removed", _text(line), at)
        for at, line in enumerate(hunk.added, hunk.new + 1):
            yield DiffLine("added", _text(line), None, at)
        shown = hunk.old + len(hunk.removed)
        tail, shift = shown + context, hunk.new + len(hunk.added) - shown
    yield from _context(old[shown:tail], shown, shift)


def _joined_hunks(found: Iterable[Hunk]) -> Iterator[Hunk]:
    """Yield changes with those that follow one another at once as one."""
    last: Hunk | None = None
    for hunk in found:
        if last is None:
            last = hunk
        elif hunk.old == last.old + len(last.removed) and hunk.new == last.new + len(last.added):
            removed, added = (*last.removed, *hunk.removed), (*last.added, *hunk.added)
            last = Hunk(last.old, last.new, removed, added)
        else:
            yield last
            last = hunk
    if last is not None:
        yield last


def _context(lines: Sequence[bytes], start: int, shift: int) -> Iterator[DiffLine]:
    for at, line in enumerate(lines, start + 1):
        yield DiffLine("context", _text(line), at, at + shift)


def _text(line: bytes) -> str:
    return line.decode("utf-8", errors="replace").rstrip("\r\n")

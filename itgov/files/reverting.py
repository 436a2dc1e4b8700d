"""Taking uncommitted changes back: whole files, or one change in a file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from itgov.files.changed_texts import ChangedText, content_at, is_behind_link
from itgov.files.git_changes import ChangedFile
from itgov.files.hunks import Hunk, hunks, without
from itgov.files.proposal import FileEdit, Proposal
from itgov.files.reader import read
from itgov.files.save import EditRefused


def revert_files(root: Path, files: Sequence[ChangedFile], to: str) -> Proposal:
    """Return the proposal that gives files the content that the commit compared with has.

    What is new is deleted, what was deleted or renamed is written again.  `to` says what that commit
    is.  Raises EditRefused, and `GitError` where git lacks a content here.
    """
    edits: list[FileEdit] = []
    for file in files:
        if file.is_link or file.state == "conflict":
            why = "is in conflict" if file.state == "conflict" else "is a symbolic link"
            raise EditRefused(f"{file.path} {why}: it is reverted by git only")
        before = content_at(root, file.blob) if file.blob is not None else None
        now = _now(root, file.path)
        if file.was is not None:
            edits.append(FileEdit(file.was, _now(root, file.was), before))
            before = None
        if now != before:
            edits.append(FileEdit(file.path, now, before))
    name = files[0].path if len(files) == 1 else f"{len(files):,} files"
    return Proposal(f"Revert {name} to {to}", tuple(edits))


def revert_hunk(root: Path, text: ChangedText, hunk: Hunk, name: str) -> Proposal:
    """Return the proposal that takes one change in a file back; `name` says which it is.

    Where the file has changed meanwhile, the same change is looked for.  Raises EditRefused where it
    is no longer there, or the file would be no sound YAML without it.
    """
    path = text.file.path
    now = _now(root, path)
    if now is None:
        raise EditRefused(f"{path} is gone: mark or select the file to revert it whole")
    if now != text.after:
        same = [
            h
            for h in hunks(text.before or b"", now)
            if (h.removed, h.added) == (hunk.removed, hunk.added)
        ]
        if not same:
            raise EditRefused(f"{path} was changed meanwhile, and this change is no longer there")
        hunk = min(same, key=lambda h: abs(h.old - hunk.old))
    made = without(now, hunk, path)
    if path.endswith((".yaml", ".yml")):
        problems = read(path, made)[2]
        if problems and not read(path, now)[2]:
            raise EditRefused(
                f"{path} would be no sound YAML without just this change ({problems[0].message}); "
                "revert the changes around it as well, by reverting the file"
            )
    return Proposal(f"Revert {name} in {path}", (FileEdit(path, now, made),))


def _now(root: Path, path: str) -> bytes | None:
    """Return what a file holds now; None where there is none.  Raises EditRefused."""
    if is_behind_link(root, path):
        raise EditRefused(f"{path}: its folder is a symbolic link; put the folder back first")
    try:
        return (root / path).read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise EditRefused(f"{path}: cannot be read: {error.strerror or error}") from error

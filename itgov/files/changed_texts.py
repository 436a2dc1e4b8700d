"""What changed in each changed file: both states of it, and the changes from one to the other."""

from __future__ import annotations

import os
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Literal

from itgov.files.git import Git
from itgov.files.git_changes import ChangedFile
from itgov.files.git_objects import Objects
from itgov.files.hunks import Hunk, hunks, is_binary
from itgov.files.reader import MAX_BYTES

Kind = Literal["text", "binary", "large", "unread"]


class ChangedText:
    """A changed file with what it held and holds; `before` is None where it is new, `after` where gone.

    Only of text both are kept.
    """

    def __init__(
        self, file: ChangedFile, before: bytes | None, after: bytes | None, kind: Kind
    ) -> None:
        self.file = file
        self.before = before
        self.after = after
        self.kind = kind

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ChangedText) and self._all == other._all

    __hash__ = object.__hash__

    @property
    def _all(self) -> tuple[object, ...]:
        return self.file, self.before, self.after, self.kind

    @cached_property
    def hunks(self) -> list[Hunk]:
        """Every change, in order; none where it is no text."""
        if self.kind != "text":
            return []
        return hunks(self.before or b"", self.after or b"")

    @cached_property
    def added(self) -> int:
        """Number of lines added."""
        return sum(len(hunk.added) for hunk in self.hunks)

    @cached_property
    def removed(self) -> int:
        """Number of lines removed."""
        return sum(len(hunk.removed) for hunk in self.hunks)


def changed_text(root: Path, file: ChangedFile, objects: Objects) -> ChangedText:
    """Return what a changed file held and holds; its changes are worked out too."""
    before = objects.get(file.blob) if file.blob is not None else None
    if file.blob is not None and before is None:
        return ChangedText(file, None, None, "unread")
    try:
        after = current(root, file.path)
    except OSError:
        return ChangedText(file, None, None, "unread")
    states = [s for s in (before, after) if s is not None]
    if any(len(state) > MAX_BYTES for state in states):
        return ChangedText(file, None, None, "large")
    if any(is_binary(state) for state in states):
        return ChangedText(file, None, None, "binary")
    if before is not None and after is not None:
        before = with_line_ends_of(after, before)
    made = ChangedText(file, before, after, "text")
    _ = made.added, made.removed
    return made


def content_at(root: Path, blob: str) -> bytes | None:
    """Return the whole content of one of git's files, of any size; None where git lacks it here."""
    git = Git(root)
    return git.read("cat-file", "blob", blob)


def is_behind_link(root: Path, path: str) -> bool:
    """Say whether one of the folders of a path below a root is a symbolic link."""
    return any((root / folder).is_symlink() for folder in list(PurePosixPath(path).parents)[:-1])


def current(root: Path, path: str) -> bytes | None:
    """Return what a file holds now, up to a little more than may be read; None where there is none.

    Of a symbolic link, where it leads; nothing lies behind a folder that is one.  Raises OSError.
    """
    if is_behind_link(root, path):
        return None
    full = root / path
    if full.is_symlink():
        return os.fsencode(os.readlink(full))
    if not full.is_file():
        return None
    with open(full, "rb") as handle:
        return handle.read(MAX_BYTES + 1)


def with_line_ends_of(after: bytes, before: bytes) -> bytes:
    r"""Return an earlier content with the line ends of the later one, where all of them are others.

    Git may write `\r\n` into the work tree for what it keeps with `\n`.
    """
    ends, crlf = after.count(b"\n"), after.count(b"\r\n")
    if ends and ends == crlf and b"\r\n" not in before:
        return before.replace(b"\n", b"\r\n")
    if not crlf and before.count(b"\n") == before.count(b"\r\n"):
        return before.replace(b"\r\n", b"\n")
    return before

"""Git's objects as they are: their bytes by id, each compared with the name it is kept under."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from itgov.files.git import Git, GitError
from itgov.files.git_dir import FETCH
from itgov.files.object_ids import object_id
from itgov.files.reader import MAX_BYTES

if TYPE_CHECKING:
    from subprocess import Popen


AHEAD = 500
"""Objects to ask for ahead: their ids fit into what a pipe holds, so that git waits for no reader."""


class TreeEntry(NamedTuple):
    """What a folder holds under one name: mode and object id as git has them."""

    mode: str
    id: str


def not_here(what: str) -> GitError:
    """Return the error for what a partial clone left out, with the fetch that brings it."""
    return GitError(
        f"git does not have {what} here: in a partial clone `{FETCH}` fetches what is left out"
    )


class Objects:
    """Git's objects by id, from one `git cat-file` for each process that asks."""

    def __init__(self, git: Git) -> None:
        self.git = git
        self._process: Popen[bytes] | None = None
        self._owner = 0
        self._trees: dict[str, dict[str, TreeEntry]] = {}
        self._ahead: dict[str, bytes | None] = {}
        """What was asked for ahead and not taken yet."""
        self._lacking: set[str] | None = None
        """What a partial clone left out; None until it is met."""

    def get(self, identifier: str) -> bytes | None:
        """Return the content of an object, or None where git does not have it here.

        Of a file larger than any portfolio file may be, only enough to see that is returned.
        """
        if identifier in self._ahead:
            return self._ahead.pop(identifier)
        if self._lacking is not None and identifier in self._lacking:
            return None
        self._ask([identifier])
        return self._answer(identifier)

    def ask_ahead(self, identifiers: Iterable[str]) -> None:
        """Ask at once for objects that `get` and `tree` will be asked for, one after the other.

        To be answered one by one takes git ten times as long.  What the last call brought and
        nobody asked for is forgotten.
        """
        self._ahead.clear()
        wanted = [i for i in dict.fromkeys(identifiers) if i not in self._trees]
        if self._lacking is not None:
            wanted = [i for i in wanted if i not in self._lacking]
        self._ask(wanted)
        for identifier in wanted:
            self._ahead[identifier] = self._answer(identifier)
            if self._process is None:
                return  # git ended: the others are asked for one by one

    def has_ahead(self, identifier: str) -> bool:
        """Say whether an object was brought, ahead or as a folder."""
        return identifier in self._trees or self._ahead.get(identifier) is not None

    def largest_ahead(self) -> int:
        """Return the bytes of the largest object that was brought ahead."""
        return max((len(data) for data in self._ahead.values() if data is not None), default=0)

    def forget_trees(self) -> None:
        """Forget the folders that were listed."""
        self._trees.clear()

    def _ask(self, identifiers: Sequence[str]) -> None:
        process = self._started()
        assert process.stdin is not None
        try:
            process.stdin.write("".join(f"{i}\n" for i in identifiers).encode())
            process.stdin.flush()
        except OSError as error:
            raise GitError(f"git ended before it had answered: {error.strerror}") from None

    def _answer(self, identifier: str) -> bytes | None:
        process = self._process
        assert process is not None
        assert process.stdout is not None
        try:
            header = process.stdout.readline().split()
            if len(header) != 3:  # `missing`: a partial or damaged clone
                if not header:
                    self._ended(identifier)
                return None
            size = int(header[2])
            data = process.stdout.read(min(size, MAX_BYTES + 1))
            rest = size - len(data)
            while rest > 0:
                rest -= len(process.stdout.read(min(rest, 1 << 20)))
            process.stdout.read(1)
        except OSError as error:
            raise GitError(f"git ended before it had answered: {error.strerror}") from None
        if size <= MAX_BYTES and identifier != object_id(header[1], data, len(identifier)):
            return None
        return data

    def tree(self, identifier: str) -> dict[str, TreeEntry]:
        """Return what a folder holds, by name.

        Raises `GitError` where git does not have it here: to say that it is empty would be a guess.
        """
        found = self._trees.get(identifier)
        if found is None:
            data = self.get(identifier)
            if data is None:
                raise not_here(f"the list of a folder (`{identifier[:10]}`)")
            found = self._trees[identifier] = dict(_entries(data, len(identifier) // 2))
        return found

    def close(self) -> None:
        """End git's process."""
        self._ahead.clear()
        process, self._process = self._process, None
        if process is not None and self._owner == os.getpid():
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.close()
            process.stdout.close()
            process.wait()

    def _ended(self, identifier: str) -> None:
        """Let the next object start git anew, where it ended at one that a partial clone lacks."""
        self.close()
        try:
            self.git.read("cat-file", "-e", identifier)
        except GitError:
            if self._lacking is None:  # told all at once, so that git does not end at each
                told = self.git.read("rev-list", "--objects", "--all", "--missing=print")
                lines = told.decode("ascii", "replace").split("\n")
                self._lacking = {line[1:] for line in lines if line.startswith("?")}
            return
        raise GitError("git ended before it had answered")

    def _started(self) -> Popen[bytes]:
        if self._process is None or self._owner != os.getpid():
            # a forked worker must not share its parent's pipes
            self._process = self.git.batch()
            self._owner = os.getpid()
        return self._process


def _entries(data: bytes, width: int) -> Iterator[tuple[str, TreeEntry]]:
    """Take a tree object apart: mode, name and binary id, entry after entry."""
    at = 0
    while at < len(data):
        space, end = data.index(b" ", at), data.index(b"\0", at)
        mode = data[at:space].decode()
        name = data[space + 1 : end].decode("utf-8", "surrogateescape")
        at = end + 1 + width
        yield name, TreeEntry(mode, data[end + 1 : at].hex())

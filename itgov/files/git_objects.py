"""Git's objects as they are: their bytes by id, each compared with the name it is kept under."""

from __future__ import annotations

import hashlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from itgov.files.git import GitError
from itgov.files.reader import MAX_BYTES


class TreeEntry(NamedTuple):
    """What a folder holds under one name: mode and object id as git has them."""

    mode: str
    id: str


class Objects:
    """Git's objects by id, from one `git cat-file` for each process that asks."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0
        self._trees: dict[str, dict[str, TreeEntry]] = {}

    def get(self, identifier: str) -> bytes | None:
        """Return the content of an object, or None where git does not have it here.

        Of a file larger than any portfolio file may be, only enough to see that is returned.
        """
        process = self._started()
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(identifier.encode() + b"\n")
            process.stdin.flush()
            header = process.stdout.readline().split()
            if len(header) != 3:  # `missing`: a partial or damaged clone
                if not header:
                    raise GitError("git ended before it had answered")
                return None
            size = int(header[2])
            data = process.stdout.read(min(size, MAX_BYTES + 1))
            rest = size - len(data)
            while rest > 0:
                rest -= len(process.stdout.read(min(rest, 1 << 20)))
            process.stdout.read(1)
        except OSError as error:
            raise GitError(f"git ended before it had answered: {error.strerror}") from None
        if size <= MAX_BYTES and not _is_named(identifier, header[1], data):
            return None
        return data

    def tree(self, identifier: str) -> dict[str, TreeEntry]:
        """Return what a folder holds, by name; empty where git does not have it here."""
        found = self._trees.get(identifier)
        if found is None:
            data = self.get(identifier) or b""
            found = self._trees[identifier] = dict(_entries(data, len(identifier) // 2))
        return found

    def close(self) -> None:
        """End git's process."""
        process, self._process = self._process, None
        if process is not None and self._owner == os.getpid():
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.close()
            process.stdout.close()
            process.wait()

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._owner != os.getpid():
            # a forked worker must not share its parent's pipes
            self._process = subprocess.Popen(
                command(self.root, "cat-file", "--batch"),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment(),
            )
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


def _is_named(identifier: str, kind: bytes, data: bytes) -> bool:
    """Say whether an object's content is what its id says."""
    make = hashlib.sha256 if len(identifier) == 64 else hashlib.sha1
    state = make(kind + b" %d\0" % len(data), usedforsecurity=False)
    state.update(data)
    return state.hexdigest() == identifier


def blob_id(data: bytes) -> str:
    """Return the id that git gives to a file's content, in the usual (SHA-1) repository."""
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def environment() -> dict[str, str]:
    """Return the environment git runs in: nothing of the caller's repository, no prompt, no locks."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    return kept | {
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "LC_ALL": "C",
    }


def command(root: Path, *arguments: str) -> list[str]:
    """Return the words that run git in a folder, without its file watcher."""
    return ["git", "-c", "core.fsmonitor=false", "-C", str(root), *arguments]


def ask(root: Path, *arguments: str) -> bytes:
    """Run git without hooks, prompts or a shell, and return what it prints."""
    try:
        done = subprocess.run(
            command(root, *arguments), capture_output=True, env=environment(), check=False
        )
    except FileNotFoundError:
        raise GitError("git is not installed") from None
    if done.returncode:
        raise GitError(done.stderr.decode(errors="replace").strip() or "git failed")
    return done.stdout

"""Every version of a folder's files that git's history holds, however it has been changed since."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from msgspec import Struct

from itgov.files.git_commit import NoCommit, run_git

_FORMAT = "--format=%x01%H%x00%an%x00%as"


class Version(Struct, frozen=True):
    """A file as some commit has it."""

    path: str
    """Relative to the folder asked from, with forward slashes."""
    raw: bytes
    commit: str
    author: str
    day: str


def versions(root: Path, folder: str, suffix: str) -> Iterator[Version]:
    """Yield each version of a folder's files that HEAD's history holds, but not as they are on disk.

    Nothing where `root` is not in git, or has no commit yet.
    """
    try:
        listed = run_git(
            root, "-c", "core.quotePath=false", "log", "--raw", "--no-abbrev", "--no-renames",
            "--relative", _FORMAT, "--", folder,
        )  # fmt: skip
    except NoCommit:
        return
    seen: set[str] = set()
    for entry in os.fsdecode(listed).split("\x01")[1:]:
        head, _, lines = entry.partition("\n")
        commit, author, day = head.split("\0")
        for line in lines.split("\n"):
            if not line.startswith(":"):
                continue
            about, _, path = line.partition("\t")
            blob = about.split(" ")[3]
            if not path.endswith(suffix) or blob in seen or not blob.strip("0"):
                continue
            seen.add(blob)
            if blob != _blob(root / path, len(blob)):
                raw = run_git(root, "cat-file", "blob", blob)
                yield Version(path, raw, commit, author, day)


class Told(Struct, frozen=True):
    """What a commit says of itself."""

    day: str
    author: str
    title: str


def told(root: Path, commits: Iterable[str]) -> dict[str, Told]:
    """Return what commits say of themselves, by the ids asked for; nothing of unknown ones."""
    wanted = list(dict.fromkeys(commits))
    found: dict[str, Told] = {}
    if not wanted:
        return found
    try:
        said = run_git(root, "log", "--no-walk", "--format=%H%x00%an%x00%as%x00%s", *wanted, "--")
    except NoCommit:
        return found
    for line in said.decode(errors="replace").split("\n"):
        if line:
            commit, author, day, title = line.split("\0", 3)
            found |= {w: Told(day, author, title) for w in wanted if commit.startswith(w)}
    return found


def _blob(path: Path, digits: int) -> str | None:
    """Return the name that git would give a file's content."""
    try:
        raw = path.read_bytes()
    except OSError:
        return None
    kind = hashlib.sha1 if digits == 40 else hashlib.sha256
    return kind(b"blob %d\0" % len(raw) + raw, usedforsecurity=False).hexdigest()

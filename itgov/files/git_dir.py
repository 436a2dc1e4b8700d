"""Where git keeps a folder's history, and what HEAD is, without asking git.

A start that finds no git, or what it kept of the same commit, need not start a process.  What is
kept in a way that is not known here is None: git itself is asked then.
"""

from __future__ import annotations

import os

FETCH = "git fetch --refetch --no-filter"
"""What brings all that a partial clone left out."""


class GitDir:
    """The git repository around a folder."""

    def __init__(self, top: str, own: str, common: str) -> None:
        self.top = top
        """The folder that holds `.git`."""
        self.own = own
        """Where HEAD is: another folder than `common` in a linked work tree."""
        self.common = common

    def head(self) -> str | None:
        """Return the id of the commit that HEAD names, or None where that is not plain to see."""
        name = read_text(os.path.join(self.own, "HEAD"))
        for _ in range(5):
            if name is None or not name.startswith("ref: "):
                break
            ref = name[5:].strip()
            if os.path.isabs(ref) or ".." in ref.split("/"):
                return None
            name = next(
                (
                    t
                    for folder in (self.own, self.common)
                    if (t := read_text(os.path.join(folder, *ref.split("/")))) is not None
                ),
                None,
            ) or self._packed(ref)
        return name if name is not None and _is_id(name) else None

    @property
    def shallow(self) -> bool:
        """Whether git has only the newer part of the history here."""
        return bool(read_text(os.path.join(self.common, "shallow")))

    @property
    def partial(self) -> bool:
        """Whether git may have left files of the history out here."""
        return bool(self._promised())

    @property
    def reach(self) -> str:
        """A text that changes when git is given more of the history, or less: where a shallow clone
        was cut off, and the packs that a partial clone has fetched."""
        cut = read_text(os.path.join(self.common, "shallow")) or ""
        return " ".join([cut, *self._promised()])

    def _promised(self) -> list[str]:
        """Return the packs of which a remote promised to send what is not in them."""
        try:
            packs = os.listdir(os.path.join(self.common, "objects", "pack"))
        except OSError:
            return []
        return sorted(name for name in packs if name.endswith(".promisor"))

    def state(self) -> str:
        """Return a text that changes when HEAD names another commit or the history is fetched."""
        head = self.head()
        if head is None:
            head = "".join(
                f"{name} {_age(os.path.join(folder, name))};"
                for name in ("HEAD", "packed-refs", os.path.join("reftable", "tables.list"))
                for folder in {self.own, self.common}
            )
        return f"{self.top}\0{head}\0{self.reach}"

    def _packed(self, ref: str) -> str | None:
        text = read_text(os.path.join(self.common, "packed-refs"))
        for line in (text or "").splitlines():
            identifier, _, name = line.partition(" ")
            if name == ref:
                return identifier
        return None


def prefix_of(folder: str | os.PathLike[str]) -> str:
    """Return a folder's path below the top of its git repository, with forward slashes.

    Empty for the top, and where there is no git repository.
    """
    found = find_git_dir(os.fspath(folder))
    if found is None:
        return ""
    below = os.path.relpath(os.path.realpath(folder), found.top)
    return "" if below == "." else below.replace(os.sep, "/")


def find_git_dir(path: str) -> GitDir | None:
    """Return the git repository that a folder lies in, or None where there is none."""
    folder = os.path.realpath(path)
    while True:
        inside = os.path.join(folder, ".git")
        if os.path.isdir(inside):
            if os.path.exists(os.path.join(inside, "HEAD")):
                return GitDir(folder, inside, inside)
        elif os.path.isfile(inside):
            link = read_text(inside) or ""
            if link.startswith("gitdir: "):
                own = os.path.normpath(os.path.join(folder, link[8:].strip()))
                common = read_text(os.path.join(own, "commondir"))
                shared = os.path.normpath(os.path.join(own, common)) if common else own
                return GitDir(folder, own, shared)
        above = os.path.dirname(folder)
        if above == folder:
            return None
        folder = above


def left_by_link(path: str) -> str | None:
    """Return the top of a git repository that a path names a place in and a link leads out of, or None.

    The path is followed as it is written: a folder above it that is a link counts where it stands.
    """
    real = os.path.realpath(path)
    folder = os.path.dirname(os.path.abspath(path))
    while True:
        if os.path.lexists(os.path.join(folder, ".git")):
            top = os.path.realpath(folder)
            if os.path.commonpath([top, real]) != top:
                return folder
        above = os.path.dirname(folder)
        if above == folder:
            return None
        folder = above


def read_text(path: str) -> str | None:
    """Return what a file says, bytes that are no text kept apart, or None where it cannot be read."""
    if not os.path.isfile(path):  # opening a named pipe would wait for somebody who writes
        return None
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as handle:
            return handle.read(1 << 24).strip()
    except OSError:
        return None


def _age(path: str) -> str:
    try:
        stat = os.stat(path)
    except OSError:
        return "-"
    return f"{stat.st_mtime_ns} {stat.st_size}"


def _is_id(text: str) -> bool:
    return len(text) in (40, 64) and all(c in "0123456789abcdef" for c in text)

"""Which files of a work tree differ from a commit, without running anything that git is told to run.

`git status` would run the filters that a repository's configuration names.  Here git lists what a
commit and its index hold, and the files themselves are read and hashed as git hashes them.
"""

from __future__ import annotations

import hashlib
import os
import stat
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Literal, get_args

from msgspec import Struct, structs

from itgov.files.git import Git, GitError
from itgov.files.git_branch import head_of
from itgov.files.git_objects import Objects
from itgov.files.object_ids import blob_id

State = Literal["conflict", "modified", "renamed", "new", "deleted"]
STATES: tuple[State, ...] = get_args(State)
Staged = Literal["no", "yes", "partly"]
"""`partly`: git's index holds something else than both the commit and the file.

A file that was only announced (`git add -N`) is not staged.
"""

_LINK, _SUBMODULE = "120000", "160000"
_ATTRIBUTES = ("filter", "text", "eol", "working-tree-encoding", "ident")
_MOST_COMPARED = 2_000_000
"""Bytes up to which files are looked at for what makes one the successor of another."""
_MOST_PAIRS = 2_500
_SETTLED = 2.0
"""Seconds after which a file's times tell it from a later content of the same size."""


class ChangedFile(Struct, frozen=True):
    """One file that differs from the commit that it is compared with.

    Paths are relative to the root.  `blob` is git's id of the content there, None where it is new;
    `was` its path there, where that is another.  `note` says what else has to be known.
    """

    path: str
    state: State
    staged: Staged = "no"
    blob: str | None = None
    was: str | None = None
    note: str = ""
    is_link: bool = False
    """Whether it is or was a symbolic link."""

    @property
    def paths(self) -> tuple[str, ...]:
        """All paths that a commit of the change takes."""
        return (self.path,) if self.was is None else (self.was, self.path)


class Changed(Struct, frozen=True):
    """What differs from a commit, and what of the work tree could not be compared."""

    files: tuple[ChangedFile, ...]
    notes: tuple[str, ...] = ()


class _Entry(Struct, frozen=True):
    """A file as a commit, the index or the disk has it: mode and id of its content."""

    mode: str
    id: str


class SeenFiles:
    """Remembers ids of files by their times and sizes, so that each is read once while it stands."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, int], tuple[tuple[int, int, int, int], str]] = {}

    def id_of(self, path: str, status: os.stat_result, digits: int) -> str:
        """Return the id that git would give a regular file's content.  Raises OSError."""
        mark = (status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino)
        known = self._known.get((path, digits))
        if known is not None and known[0] == mark:
            return known[1]
        state = hashlib.new("sha256" if digits == 64 else "sha1", usedforsecurity=False)
        state.update(b"blob %d\0" % status.st_size)
        with open(path, "rb") as handle:
            while part := handle.read(1 << 20):
                state.update(part)
        if time.time() - max(status.st_mtime, status.st_ctime) > _SETTLED:
            self._known[path, digits] = mark, state.hexdigest()
        return state.hexdigest()


def changed_files(root: Path, base: str | None = None, seen: SeenFiles | None = None) -> Changed:
    """Return the files below a root that differ from the commit `base`, or else from HEAD.

    What git ignores is left out.  Whether a change is staged is told where it is compared with HEAD.
    Raises `GitError`.
    """
    return _Comparison(root, base, seen or SeenFiles()).changed()


class _Comparison:
    """One look at commit, index and disk."""

    def __init__(self, root: Path, base: str | None, seen: SeenFiles) -> None:
        self.git = Git(root)
        self.root = os.path.realpath(root)
        self.head = head_of(self.git)
        self.base = base or self.head
        self.seen = seen
        self.notes: list[str] = []
        self.digits = len(self.head or "") or 40
        self._inside = [f"{self.git.prefix}/"] if self.git.prefix else []
        self._announced: set[str] = set()
        self._folders: dict[str, bool] = {}
        self._filters: dict[str, bool] = {}

    def changed(self) -> Changed:
        """Return what differs."""
        there = self._tree(self.base)
        index, conflicts, skipped = self._index()
        self._announced = self._only_announced(there, index)
        names = [*dict.fromkeys([*there, *index, *self._untracked()])]
        found: list[ChangedFile] = []
        doubtful: dict[str, ChangedFile] = {}
        for path in names:
            before, staged = there.get(path), index.get(path)
            if path in conflicts:
                found.append(
                    ChangedFile(path, "conflict", blob=before.id if before else None,
                                note="in conflict: git has several versions of it")
                )  # fmt: skip
                continue
            if _SUBMODULE in {e.mode for e in (before, staged) if e}:
                self.notes.append(f"{path} is a git submodule and is not compared")
                continue
            if path in skipped and before == staged:
                continue  # a sparse checkout leaves it out
            one = self._one(path, before, staged)
            if one is None:
                continue
            if one.state == "modified":
                doubtful[path] = one
            else:
                found.append(one)
        found += self._really(doubtful)
        found = self._renamed(found)
        if self.git.prefix:
            self.notes.append("Files of the git repository outside this folder are not listed")
        return Changed(tuple(sorted(found, key=lambda f: f.path)), tuple(self.notes))

    # -- what git has --------------------------------------------------------------------------

    def _own(self, path: bytes) -> str:
        name = os.fsdecode(path)
        return name.removeprefix(self._inside[0]) if self._inside else name

    def _tree(self, commit: str | None) -> dict[str, _Entry]:
        if commit is None:
            return {}
        told = self.git.read("ls-tree", "-r", "-z", commit, "--", *self._inside)
        found = {}
        for line in told.split(b"\0"):
            head, tab, path = line.partition(b"\t")
            if tab:
                mode, _, identifier = head.decode().split(" ")
                found[self._own(path)] = _Entry(mode, identifier)
        return found

    def _index(self) -> tuple[dict[str, _Entry], set[str], set[str]]:
        """Return what is staged, what is in conflict, and what git was told not to check out."""
        told = self.git.read("ls-files", "-t", "--stage", "-z", "--", *self._inside)
        found: dict[str, _Entry] = {}
        conflicts, skipped = set(), set()
        for line in told.split(b"\0"):
            head, tab, path = line.partition(b"\t")
            if not tab:
                continue
            tag, mode, identifier, stage = head.decode().split(" ")
            name = self._own(path)
            if stage != "0":
                conflicts.add(name)
            if tag == "S":
                skipped.add(name)
            found[name] = _Entry(mode, identifier)
        return found, conflicts, skipped

    def _only_announced(self, there: Mapping[str, _Entry], index: Mapping[str, _Entry]) -> set[str]:
        """Return the files that are in the index without a content, which looks like an empty one."""
        nothing = blob_id(b"", self.digits)
        some = {path for path, e in index.items() if e.id == nothing and path not in there}
        if not some:
            return some
        told = self.git.read(
            "diff", "--cached", "--name-only", "--no-renames", "--ita-invisible-in-index", "-z",
            "--", *self._inside,
        )  # fmt: skip
        return some - {self._own(path) for path in told.split(b"\0")}

    def _untracked(self) -> Iterator[str]:
        told = self.git.read(
            "ls-files", "--others", "--exclude-standard", "-z", "--", *self._inside
        )
        for path in told.split(b"\0"):
            if path.endswith(b"/"):
                self.notes.append(
                    f"{self._own(path)} is a git repository of its own and is not compared"
                )
            elif path:
                yield self._own(path)

    # -- one file ------------------------------------------------------------------------------

    def _one(self, path: str, before: _Entry | None, staged: _Entry | None) -> ChangedFile | None:
        try:
            now = self._on_disk(path, before or staged)
        except OSError as error:
            why = f"cannot be read: {error.strerror or error}"
            return ChangedFile(path, "deleted" if before else "new", blob=_id(before), note=why)
        only_announced = path in self._announced and now is not None
        mark = "no" if only_announced else self._staged(before, staged, now)
        links = _LINK in {e.mode for e in (before, now) if e is not None}
        if now == before:
            if mark == "no":
                return None
            why = "only git's index differs, the file does not: `git restore --staged` it"
            return ChangedFile(path, "modified", mark, _id(before), note=why)
        state: State = "new" if before is None else "deleted" if now is None else "modified"
        if now is None and before is None:  # staged, and then deleted
            return ChangedFile(path, "deleted", mark, note="only git's index has it")
        if before is not None and now is not None and before.id == now.id:
            return ChangedFile(path, state, mark, before.id, note="only its mode differs")
        why = "a symbolic link" if links else ""
        return ChangedFile(path, state, mark, _id(before), note=why, is_link=links)

    def _staged(self, before: _Entry | None, staged: _Entry | None, now: _Entry | None) -> Staged:
        if self.base != self.head or staged == before:
            return "no"
        return "yes" if staged == now else "partly"

    def _on_disk(self, path: str, like: _Entry | None) -> _Entry | None:
        """Return a file as it is now, None where there is none.  Raises OSError."""
        if not self._is_here(os.path.dirname(path)):
            return None
        full = os.path.join(self.root, path)
        try:
            status = os.lstat(full)
        except (FileNotFoundError, NotADirectoryError):
            return None
        if stat.S_ISLNK(status.st_mode):
            return _Entry(_LINK, blob_id(os.fsencode(os.readlink(full)), self.digits))
        if not stat.S_ISREG(status.st_mode):
            return None
        mode = "100755" if status.st_mode & 0o100 else "100644"
        if like is not None and like.mode != _LINK and not self.modes_count:
            mode = like.mode
        return _Entry(mode, self.seen.id_of(full, status, self.digits))

    def _is_here(self, folder: str) -> bool:
        """Say whether a folder is one itself, and lies behind no link."""
        known = self._folders.get(folder)
        if known is None:
            full = os.path.normpath(os.path.join(self.root, folder))
            known = self._folders[folder] = os.path.realpath(full) == full
        return known

    # -- what only looks changed -----------------------------------------------------------------

    def _really(self, doubtful: Mapping[str, ChangedFile]) -> Iterator[ChangedFile]:
        """Yield the files that are still other ones once git's conversions are taken into account."""
        attributes = self._attributes(doubtful)
        converts = bool(doubtful) and self._config("core.autocrlf") in ("true", "input")
        filtered = []
        for path, file in doubtful.items():
            said = attributes.get(path, {})
            if file.note:
                yield file
            elif self._is_converted(said):
                filtered.append(path)
            elif not self._same_but_for_line_ends(path, file, said, converts):
                yield file
        if filtered:
            self.notes.append(
                f"{len(filtered):,} of the files are converted by git (.gitattributes), which runs programs, and are "
                f"not compared: {', '.join(filtered[:5])}{' …' if len(filtered) > 5 else ''}"
            )

    def _is_converted(self, said: Mapping[str, str]) -> bool:
        """Say whether git keeps another content than the file has, by a program or in its own way."""
        if any(said.get(name, "unset") != "unset" for name in ("working-tree-encoding", "ident")):
            return True
        name = said.get("filter", "unset")
        if name in ("unset", "set"):
            return False
        if name not in self._filters:
            keys = (f"filter.{name}.{way}" for way in ("clean", "process"))
            self._filters[name] = any(map(self._config, keys))
        return self._filters[name]

    @cached_property
    def modes_count(self) -> bool:
        """Whether a file's mode is its own: some disks show every file as a program."""
        said = self._config("core.fileMode").casefold()
        return os.name != "nt" and said not in ("false", "no", "off", "0")

    def _config(self, key: str) -> str:
        try:
            return self.git.read("config", "--get", key).decode("utf-8", "replace").strip()
        except GitError:
            return ""

    def _attributes(self, paths: Iterable[str]) -> dict[str, dict[str, str]]:
        feed = b"".join(os.fsencode(self.git.below_top(p)) + b"\0" for p in paths)
        if not feed:
            return {}
        told = self.git.read("check-attr", "-z", "--stdin", *_ATTRIBUTES, feed=feed)
        fields = told.split(b"\0")
        found: dict[str, dict[str, str]] = {}
        for at in range(0, len(fields) - 2, 3):
            path, name, value = (
                self._own(fields[at]),
                fields[at + 1],
                fields[at + 2].decode("utf-8", "replace"),
            )
            if value != "unspecified":
                found.setdefault(path, {})[name.decode()] = value
        return found

    def _same_but_for_line_ends(
        self, path: str, file: ChangedFile, said: Mapping[str, str], converts: bool
    ) -> bool:
        if said.get("text") == "unset" or not (converts or "text" in said or "eol" in said):
            return False
        with open(os.path.join(self.root, path), "rb") as handle:
            raw = handle.read()
        return blob_id(raw.replace(b"\r\n", b"\n"), self.digits) == file.blob

    # -- renames -------------------------------------------------------------------------------

    def _renamed(self, found: Sequence[ChangedFile]) -> list[ChangedFile]:
        """Return the files with those that only have another name now as one change each."""
        gone = [f for f in found if f.state == "deleted" and f.blob is not None and not f.note]
        new = [f for f in found if f.state == "new" and not f.note]
        if not gone or not new:
            return list(found)
        if len(gone) * len(new) > _MOST_PAIRS:
            self.notes.append(
                f"{len(gone):,} deleted and {len(new):,} new files: too many to tell which were renamed"
            )
            return list(found)
        objects = Objects(self.git)
        try:
            olds = {f.path: _lines(objects.get(f.blob or "")) for f in gone}
        finally:
            objects.close()
        pairs = []
        for file in new:
            try:
                with open(os.path.join(self.root, file.path), "rb") as handle:
                    lines = _lines(handle.read(_MOST_COMPARED + 1))
            except OSError:
                continue
            pairs += [(_alike(olds[old.path], lines), file, old) for old in gone]
        taken: dict[str, ChangedFile] = {}
        for alike, file, old in sorted(pairs, key=lambda p: (-p[0], p[1].path, p[2].path)):
            if alike >= 0.5 and file.path not in taken and old.path not in taken:
                mark: Staged = file.staged if file.staged == old.staged else "partly"
                taken[file.path] = structs.replace(
                    file, state="renamed", was=old.path, blob=old.blob, staged=mark
                )
                taken[old.path] = old
        return [taken.get(f.path, f) for f in found if f.path not in taken or f.state == "new"]


def _id(entry: _Entry | None) -> str | None:
    return entry.id if entry is not None else None


def _lines(raw: bytes | None) -> Counter[bytes]:
    if raw is None or len(raw) > _MOST_COMPARED:
        return Counter()
    return Counter(line for line in raw.split(b"\n") if line.strip())


def _alike(one: Counter[bytes], other: Counter[bytes]) -> float:
    """Return which share of the longer one's lines both have."""
    return sum((one & other).values()) / max(sum(one.values()), sum(other.values()), 1)

"""Where the files of a repository come from: the work tree, a git revision, either with changes.

All give the same thing, a list of raw files, so that everything above reads any of them alike.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from functools import cached_property, partial
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from msgspec import Struct

from itgov.files.file_names import (
    MAX_FOLDERS,
    NOT_SETTINGS,
    is_open_in_an_editor,
    is_passed_over,
    is_read,
)
from itgov.files.git_dir import find_git_dir
from itgov.files.problem import Problem
from itgov.files.reader import MAX_BYTES
from itgov.files.regular_files import RegularFiles

TOO_DEEP = f"folders are nested more than {MAX_FOLDERS} deep, and this one is not read"

NO_FOLDER = "this is no folder"
NOT_CHECKED_OUT = (
    "this is a git submodule that is not checked out",
    "Put the files themselves into the repository: a submodule is not governed with it.",
)


class RawFile(Struct, frozen=True):
    """The bytes of one file, or why they cannot be had.

    `path` is relative to the repository's root, with forward slashes.
    """

    path: str
    data: bytes
    problem: Problem | None = None


class FoundFile:
    """A file that was found, and is not in memory before it is asked for; equal to one that is as it was."""

    def __init__(
        self, path: str, read: Callable[[], RawFile], size: int = 0, changed: int = 0
    ) -> None:
        self.path = path
        self.read = read
        self.size = size
        """Bytes; 0 where it cannot be read."""
        self._changed = changed

    def __eq__(self, other: object) -> bool:
        return isinstance(other, FoundFile) and self._told == other._told

    def __hash__(self) -> int:
        return hash(self.path)

    @property
    def _told(self) -> tuple[str, int, int]:
        return self.path, self.size, self._changed

    @classmethod
    def of(cls, raw: RawFile) -> FoundFile:
        """Take a file that is in memory."""
        return cls(raw.path, lambda: raw, len(raw.data))


def plain_folder(folder: str) -> str:
    """Return a folder of the repository without `.`, doubled or trailing slashes; empty: the root."""
    return "/".join(part for part in folder.split("/") if part not in ("", "."))


class FileTree(Protocol):
    """A set of files that can be listed by folder."""

    commit: str | None = None
    """The id of the commit whose files these are, or None for those on disk."""
    passed_over: set[str]
    """Paths that `files` came by and did not read, and that could be taken for ones that it reads."""

    def files(self, folder: str) -> list[RawFile]:
        """Return the YAML files under `folder`, sorted by path; empty where there are none."""

    def file(self, path: str) -> RawFile | None:
        """Return one file, or None where there is no such file."""

    def come_by(self, folder: str) -> None:
        """Note what `files` would pass over in a folder, and read no more than that takes."""
        self.files(folder)

    def has_file(self, path: str) -> bool:
        """Say whether a file of any kind is at a path, inside the repository; it is not opened."""


def holds_any(folder: str, separator: str, seen: set[str]) -> bool:
    """Say whether a folder is one of those already read, or lies around one of them."""
    inside = folder + separator if folder else ""
    return folder in seen or any(read.startswith(inside) for read in seen)


class WorkTree(FileTree):
    """The files as they are on disk under `root`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.passed_over = set()
        self._regular = RegularFiles(os.fspath(root))
        self._real_root = self._regular.root
        self.asked: dict[str, bool] = {}
        """Paths that `has_file` was asked for, and its answers."""

    def files(self, folder: str) -> list[RawFile]:
        """Return the YAML files under `folder`, hidden ones left out."""
        return [file.read() for file in self.listed(folder)]

    def listed(self, folder: str) -> list[FoundFile]:
        """Return what `files` would, nothing of it read."""
        found: list[FoundFile] = []
        relative = plain_folder(folder)
        top = os.path.join(self._real_root, relative)
        if not os.path.isdir(top):
            return (
                [FoundFile.of(self._refused(relative, NO_FOLDER))]
                if os.path.lexists(top)
                else found
            )
        real = os.path.realpath(top)
        if not self._regular.holds(real):
            said = "the folder is a link that leaves the repository"
            return [FoundFile.of(self._refused(relative, said))]
        empty: list[str] = []
        self._walk(top, relative, found, {real}, empty)
        if empty:
            refused = [self._refused(path, *NOT_CHECKED_OUT) for path in self._submodules(empty)]
            found += map(FoundFile.of, refused)
        found.sort(key=lambda f: f.path)
        return found

    def file(self, path: str) -> RawFile | None:
        """Return one file of the work tree."""
        full = os.path.join(self._real_root, path)
        return self._read(full, path) if os.path.lexists(full) else None

    def has_file(self, path: str) -> bool:
        """Say whether a regular file is at a path; a link counts where it stays inside."""
        found = self.asked[path] = self._regular.has(path)
        return found

    def _submodules(self, empty: Iterable[str]) -> list[str]:
        """Return which of some empty folders are submodules of the commit that is checked out."""
        if find_git_dir(self._real_root) is None:
            return []
        from itgov.files.git import GitError
        from itgov.files.git_history import History  # few repositories have an empty folder

        try:
            with History(Path(self._real_root)) as history:
                snapshot = history.snapshot(history.resolve("HEAD"))
                return [path for path in empty if snapshot.is_submodule(path)]
        except GitError:
            return []

    def _walk(
        self,
        folder: str,
        relative: str,
        found: list[FoundFile],
        seen: set[str],
        empty: list[str],
        depth: int = 0,
    ) -> None:
        """Add the files of a folder and of those below it to `found`, and folders of nothing to `empty`."""
        if depth > MAX_FOLDERS:
            refused = self._refused(relative, TOO_DEEP, "Move what it holds further up.")
            found.append(FoundFile.of(refused))
            return
        try:
            entries = sorted(os.scandir(folder), key=lambda e: e.name)
        except OSError as error:
            refused = self._refused(relative, f"the folder cannot be read: {error.strerror}")
            found.append(FoundFile.of(refused))
            return
        if not entries:
            empty.append(relative)
        links = []
        for entry in entries:
            path = f"{relative}/{entry.name}" if relative else entry.name
            try:
                is_folder = entry.is_dir()
            except OSError:  # a symbolic link to itself
                is_folder = False
            if entry.name.startswith("."):
                if (is_folder and entry.name != ".git") or (
                    is_passed_over(entry.name) and not is_open_in_an_editor(entry.path)
                ):
                    self.passed_over.add(path)
            elif is_folder:
                if entry.is_symlink():
                    links.append((entry, path))  # after the folders that are really here
                elif (real := os.path.realpath(entry.path)) in seen:
                    said = "the folder is reached by a link a second time"
                    found.append(FoundFile.of(self._refused(path, said)))
                else:
                    seen.add(real)
                    self._walk(entry.path, path, found, seen, empty, depth + 1)
            elif is_read(entry.name):
                found.append(self._found(entry, path))
            elif is_passed_over(entry.name):
                self.passed_over.add(path)
        for entry, path in links:
            real = os.path.realpath(entry.path)
            if not self._regular.holds(real):
                said = "the folder is a link that leaves the repository"
                found.append(FoundFile.of(self._refused(path, said)))
            elif holds_any(real, os.sep, seen):
                said = "the folder is a link to one that is already read"
                found.append(FoundFile.of(self._refused(path, said)))
            else:
                seen.add(real)
                self._walk(entry.path, path, found, seen, empty, depth + 1)

    def _found(self, entry: os.DirEntry[str], path: str) -> FoundFile:
        read = partial(self._read, entry.path, path)
        try:
            state = entry.stat()
        except OSError:  # a link that leads nowhere
            return FoundFile(path, read)
        return FoundFile(path, read, state.st_size, state.st_mtime_ns)

    def _read(self, full: str, path: str) -> RawFile:
        if os.path.islink(full):
            real = os.path.realpath(full)
            if os.path.islink(real):
                return self._refused(path, "the file is a link to itself")
            if not self._regular.holds(real):
                return self._refused(path, "the file is a link that leaves the repository")
            if not os.path.isfile(real):
                return self._refused(path, "the file is a link that leads nowhere")
        try:
            if not os.path.isfile(full):
                return self._refused(path, "this is not a regular file")
            with open(full, "rb") as handle:
                return RawFile(path, handle.read(MAX_BYTES + 1))
        except OSError as error:
            return self._refused(path, f"the file cannot be read: {error.strerror}")

    @staticmethod
    def _refused(
        path: str,
        why: str,
        fix: str = "Put the file itself into the repository, and make it readable.",
    ) -> RawFile:
        return RawFile(path, b"", Problem("YML-011", why, fix=fix))


class WithChanges(FileTree):
    """The files of another source, some of them as they would be: edited and not saved, new, gone."""

    def __init__(
        self, unchanged: FileTree, changes: Iterable[RawFile], gone: Iterable[str] = ()
    ) -> None:
        self.unchanged = unchanged
        self.passed_over = unchanged.passed_over
        self.changes = {file.path: file for file in changes}
        self.gone = frozenset(gone)
        self.asked: dict[str, bool] = {}
        """Paths that `has_file` was asked for, and its answers."""

    def files(self, folder: str) -> list[RawFile]:
        """Return the YAML files under `folder`, those that are changed as they would be."""
        plain = plain_folder(folder)
        inside = f"{plain}/" if plain else ""
        found = {f.path: f for f in self.unchanged.files(folder) if f.path not in self.gone}
        for path, file in self.changes.items():
            if path in found or (path.startswith(inside) and is_read(path.rpartition("/")[2])):
                found[path] = file
        return sorted(found.values(), key=lambda f: f.path)

    def come_by(self, folder: str) -> None:
        """Note what is passed over in a folder."""
        self.unchanged.come_by(folder)

    def has_file(self, path: str) -> bool:
        """Say whether a file is at a path, or would be."""
        found = path in self.changes or (path not in self.gone and self.unchanged.has_file(path))
        self.asked[path] = found
        return found

    def file(self, path: str) -> RawFile | None:
        """Return one file, as it would be where it is changed."""
        return self.changes.get(path) or (None if path in self.gone else self.unchanged.file(path))


AnySource = TypeVar("AnySource", bound=FileTree)


_USUAL = ("portfolios", "rules", "reviews", "scenarios")


def is_inside(path: str, folders: Iterable[str]) -> bool:
    """Say whether a path lies in one of some folders, named plainly; the root is none of them."""
    return any(path.startswith(f"{folder}/") for folder in folders)


class Version(Generic[AnySource]):
    """A repository as it is at one source: its files, and the folders that they are in.

    Each folder is read once, when its files are first asked for.
    """

    def __init__(
        self,
        source: AnySource,
        portfolios: str,
        rules: Iterable[str],
        reviews: str,
        scenarios: str,
    ) -> None:
        self.source = source
        self.portfolios = portfolios
        self.rules = tuple(rules)
        self.reviews = reviews
        self.scenarios = scenarios

    def load(self) -> None:
        """Read all but the rules now, while their source can be asked."""
        _ = self.portfolio_files, self.minutes_files, self.scenario_files, self.passed_over

    @cached_property
    def found_files(self) -> list[FoundFile]:
        """The portfolio files, sorted by path; of those on disk none is read."""
        if isinstance(self.source, WorkTree):
            return self.source.listed(self.portfolios)
        return [FoundFile.of(raw) for raw in self.portfolio_files]

    @cached_property
    def portfolio_files(self) -> list[RawFile]:
        """The portfolio files, sorted by path."""
        if "found_files" in self.__dict__:
            return [file.read() for file in self.found_files]
        return self.source.files(self.portfolios)

    @cached_property
    def rule_files(self) -> list[RawFile]:
        """The rule files, folder after folder."""
        return [file for folder in self.rules for file in self.source.files(folder)]

    @cached_property
    def passed_over(self) -> list[str]:
        """What lies in the folders and is not read, though it could be taken for what is."""
        _ = self.found_files, self.minutes_files, self.scenario_files
        for folder in self.rules:
            self.source.come_by(folder)
        found = set(self.source.passed_over)
        found |= {name for name in NOT_SETTINGS if self.source.file(name) is not None}
        own = [
            plain_folder(f) for f in (self.portfolios, *self.rules, self.reviews, self.scenarios)
        ]
        for usual in _USUAL:  # what lies there looks governed, where `paths` names another folder
            if usual not in own:
                found |= {f.path for f in self.source.files(usual) if not is_inside(f.path, own)}
        return sorted(found)

    @cached_property
    def minutes_files(self) -> list[RawFile]:
        """The minutes of closed review sessions, sorted by path."""
        return self.source.files(self.reviews)

    @cached_property
    def scenario_files(self) -> list[RawFile]:
        """The scenarios that are being weighed, sorted by path."""
        return self.source.files(self.scenarios)

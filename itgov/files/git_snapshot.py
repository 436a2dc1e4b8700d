"""The files of a portfolio as they were at one commit, listed as the work tree would list them."""

from __future__ import annotations

import posixpath

from itgov.files.file_names import MAX_FOLDERS, is_passed_over, is_read
from itgov.files.git import GitError
from itgov.files.git_objects import Objects, TreeEntry, not_here
from itgov.files.problem import Problem
from itgov.files.sources import FileTree, RawFile, holds_any, plain_folder

_LINK = "120000"
TREE = "40000"
_SUBMODULE = "160000"
_MOST_LINKS = 10


class Snapshot(FileTree):
    """The files under a repository's root as they were at one commit."""

    def __init__(self, objects: Objects, tree: str | None, commit: str | None = None) -> None:
        self.objects = objects
        self.passed_over = set()
        self.lacking: set[str] = set()
        """Paths whose content git does not have here: what a partial clone left out."""
        self.tree = tree
        """The id of the root's own folder, or None where the commit has no such folder."""
        self.commit = commit
        self.submodules: set[str] = set()
        """Paths in the folders that were listed whose files are in a repository of their own."""
        self._linked = False

    def inside(self, folder: str) -> Snapshot:
        """Return the files of the same commit with one of its folders as the root."""
        if not folder:
            return self
        _, entry = self._find(folder)
        tree = entry.id if entry is not None and entry.mode == TREE else None
        return Snapshot(self.objects, tree, self.commit)

    def files(self, folder: str) -> list[RawFile]:
        """Return the YAML files under `folder` as they were."""
        found = [self.read(path, blob) for path, blob in self.listing(folder)]
        shown = plain_folder(folder)
        return [self.read(shown, None)] if not found and self._is_broken_link(shown) else found

    def file(self, path: str) -> RawFile | None:
        """Return one file as it was."""
        _, entry = self._find(path)
        if entry is not None and entry.mode.startswith("100"):
            return self.read(path, entry.id)
        return self.read(path, None) if self._is_broken_link(path) else None

    def _is_broken_link(self, path: str) -> bool:
        """Say whether a link is at a path that leads to nothing inside the root."""
        folder, _, name = path.rpartition("/")
        _, around = self._find(folder)
        named = self.objects.tree(around.id).get(name) if around is not None else None
        return named is not None and named.mode == _LINK and self._find(path)[1] is None

    def listing(self, folder: str) -> list[tuple[str, str | None]]:
        """Return path and blob of every YAML file under `folder`, hidden ones left out.

        The blob is None for a submodule, and a link that leaves the repository or leads nowhere.
        Raises `GitError` where the folder itself is a submodule.
        """
        self._linked = False
        shown = plain_folder(folder)
        real, entry = self._find(shown)
        found: list[tuple[str, str | None]] = []
        if entry is not None and entry.mode == _SUBMODULE:
            raise GitError(
                f"`{shown}` is a git submodule: its files and their history are in a repository of their own"
            )
        if entry is not None and entry.mode != TREE:
            return [(shown, None)]
        if entry is not None:
            self._walk(shown, real, entry.id, found, {real})
        return sorted(found, key=lambda f: f[0])

    def come_by(self, folder: str) -> None:
        """Note what `files` would pass over in a folder."""
        self.listing(folder)

    def has_file(self, path: str) -> bool:
        """Say whether the commit has a file at a path; a link counts where it stays inside."""
        _, entry = self._find(path)
        return entry is not None and entry.mode.startswith("100")

    def is_submodule(self, path: str) -> bool:
        """Say whether a path is the folder of a git submodule."""
        _, entry = self._find(path)
        return entry is not None and entry.mode == _SUBMODULE

    def identity(self, folder: str) -> str:
        """Return a text that is the same only for the same files under `folder`."""
        _, entry = self._find(plain_folder(folder))
        self.listing(folder)
        if self._linked:  # what a link leads to may lie anywhere below the root
            return f"root {self.tree}"
        return f"folder {entry.id}" if entry is not None else "nothing"

    def read(self, path: str, blob: str | None) -> RawFile:
        """Return the file with the content of a blob."""
        if blob is None:
            why = (
                "a submodule, no folder where one is expected, a folder nested too deep, or a link that leaves the repository, leads nowhere, "
                "or leads to a file that is read already"
            )
            return RawFile(path, b"", Problem("YML-011", why))
        data = self.objects.get(blob)
        if data is None:
            self.lacking.add(path)
            return RawFile(path, b"", Problem("YML-011", str(not_here("this file"))))
        return RawFile(path, data)

    def _walk(
        self,
        shown: str,
        real: str,
        tree: str,
        found: list[tuple[str, str | None]],
        seen: set[str],
        depth: int = 0,
    ) -> None:
        """List a folder as the work tree does: each real folder once, links after what is here."""
        if depth > MAX_FOLDERS:
            found.append((shown, None))
            return
        links: list[str] = []
        for name, entry in self.objects.tree(tree).items():
            path = f"{shown}/{name}" if shown else name
            if name.startswith("."):
                if entry.mode in (TREE, _SUBMODULE) or is_passed_over(name):
                    self.passed_over.add(path)
                continue
            inside = f"{real}/{name}" if real else name
            if entry.mode == _LINK:
                links.append(name)
            elif entry.mode == _SUBMODULE:
                self.submodules.add(path)
                found.append((path, None))
            elif entry.mode == TREE:
                if inside in seen:
                    found.append((path, None))
                else:
                    seen.add(inside)
                    self._walk(path, inside, entry.id, found, seen, depth + 1)
            elif is_read(name):
                found.append((path, entry.id if entry.mode.startswith("100") else None))
            elif is_passed_over(name):
                self.passed_over.add(path)
        for name in links:
            self._linked = True
            path = f"{shown}/{name}" if shown else name
            target, linked = self._find(f"{real}/{name}" if real else name)
            if linked is not None and linked.mode == TREE:
                if holds_any(target, "/", seen):
                    found.append((path, None))
                else:
                    seen.add(target)
                    self._walk(path, target, linked.id, found, seen, depth + 1)
            elif is_read(name):
                is_file = linked is not None and linked.mode.startswith("100")
                found.append((path, linked.id if linked is not None and is_file else None))

    def _find(self, path: str, links: int = 0) -> tuple[str, TreeEntry | None]:
        """Return where a path really leads below the root, and the entry there."""
        if self.tree is None:
            return path, None
        entry = TreeEntry(TREE, self.tree)
        steps = [s for s in path.split("/") if s not in ("", ".")]
        for depth, step in enumerate(steps):
            child = self.objects.tree(entry.id).get(step) if entry.mode == TREE else None
            if child is None:
                return path, None
            if child.mode == _LINK:
                link = (self.objects.get(child.id) or b"").decode("utf-8", "surrogateescape")
                target = posixpath.normpath(
                    posixpath.join("/".join(steps[:depth]), link, *steps[depth + 1 :])
                )
                outside = target.startswith(("/", "../")) or target == ".."
                if not link or outside or links >= _MOST_LINKS:
                    return path, None
                return self._find("" if target == "." else target, links + 1)
            entry = child
        return "/".join(steps), entry

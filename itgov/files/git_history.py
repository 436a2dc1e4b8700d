"""The history that git keeps: its commits, tags and months, and the files as they were at each.

Everything is read from git's objects; nothing is checked out and nothing is written.  A branch's
history is its first-parent line: what its readers saw, so a merge is one step, with the state
after it.  Every object is compared with its own name, which is the hash of its content, so that
what is kept under that name may be trusted.
"""

from __future__ import annotations

import datetime
import posixpath
from pathlib import Path

from msgspec import Struct

from itgov.files.git import GitError
from itgov.files.git_objects import Objects, TreeEntry, ask
from itgov.files.problem import Problem
from itgov.files.sources import SUFFIXES, RawFile, Source, holds_any, plain_folder

_LINK = "120000"
_TREE = "40000"
_MOST_LINKS = 10


class Commit(Struct, frozen=True, gc=False):
    """One commit: its ids, the time of its committing in UTC, and the first line of its message."""

    id: str
    tree: str
    time: datetime.datetime
    title: str

    @property
    def date(self) -> datetime.date:
        """The day of its committing in UTC: the as-of date of all that is said of it."""
        return self.time.date()


class Tag(Struct, frozen=True, gc=False):
    """A tag that names a commit."""

    name: str
    commit: Commit


class Snapshot(Source):
    """The files under a repository's root as they were at one commit."""

    def __init__(self, objects: Objects, tree: str | None) -> None:
        self.objects = objects
        self.tree = tree
        """The id of the root's own folder, or None where the commit has no such folder."""
        self._linked = False

    def files(self, folder: str) -> list[RawFile]:
        """Return the YAML files under `folder` as they were."""
        return [self.read(path, blob) for path, blob in self.listing(folder)]

    def file(self, path: str) -> RawFile | None:
        """Return one file as it was."""
        _, entry = self._find(path)
        if entry is None or not entry.mode.startswith("100"):
            return None
        return self.read(path, entry.id)

    def listing(self, folder: str) -> list[tuple[str, str | None]]:
        """Return path and blob of every YAML file under `folder`, hidden ones left out.

        The blob is None for a link that leaves the repository or leads nowhere.
        """
        self._linked = False
        shown = plain_folder(folder)
        real, entry = self._find(shown)
        found: list[tuple[str, str | None]] = []
        if entry is not None and entry.mode == _TREE:
            self._walk(shown, real, entry.id, found, {real})
        return sorted(found, key=lambda f: f[0])

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
            why = "a link that leaves the repository, leads nowhere, or to what is already read"
            return RawFile(path, b"", Problem("YML-011", why))
        data = self.objects.get(blob)
        if data is None:
            return RawFile(path, b"", Problem("YML-011", "git does not have this file here"))
        return RawFile(path, data)

    def _walk(
        self,
        shown: str,
        real: str,
        tree: str,
        found: list[tuple[str, str | None]],
        seen: set[str],
    ) -> None:
        """List a folder as the work tree does: each real folder once, links after what is here."""
        links: list[str] = []
        for name, entry in self.objects.tree(tree).items():
            if name.startswith("."):
                continue
            path = f"{shown}/{name}" if shown else name
            inside = f"{real}/{name}" if real else name
            if entry.mode == _LINK:
                links.append(name)
            elif entry.mode == _TREE:
                if inside in seen:
                    found.append((path, None))
                else:
                    seen.add(inside)
                    self._walk(path, inside, entry.id, found, seen)
            elif name.endswith(SUFFIXES):
                found.append((path, entry.id if entry.mode.startswith("100") else None))
        for name in links:
            self._linked = True
            path = f"{shown}/{name}" if shown else name
            target, linked = self._find(f"{real}/{name}" if real else name)
            if linked is not None and linked.mode == _TREE:
                if holds_any(target, "/", seen):
                    found.append((path, None))
                else:
                    seen.add(target)
                    self._walk(path, target, linked.id, found, seen)
            elif name.endswith(SUFFIXES):
                is_file = linked is not None and linked.mode.startswith("100")
                found.append((path, linked.id if linked is not None and is_file else None))

    def _find(self, path: str, links: int = 0) -> tuple[str, TreeEntry | None]:
        """Return where a path really leads below the root, and the entry there."""
        if self.tree is None:
            return path, None
        entry = TreeEntry(_TREE, self.tree)
        steps = [s for s in path.split("/") if s not in ("", ".")]
        for depth, step in enumerate(steps):
            child = self.objects.tree(entry.id).get(step) if entry.mode == _TREE else None
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


class History:
    """The history of a repository, as seen from the folder `root` inside it.

    Raises `GitError` where there is no git repository.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        try:
            told = ask(root, "rev-parse", "--is-shallow-repository", "--show-prefix")
        except GitError as error:
            if "not a git repository" in str(error):
                raise GitError(f"`{root}` is not in a git repository") from None
            raise
        shallow, _, prefix = told.decode("utf-8", "surrogateescape").partition("\n")
        self.shallow = shallow == "true"
        """Whether git has only the newer part of the history here."""
        self.prefix = prefix.removesuffix("\n").strip("/")
        """The root's own folder inside git's repository; empty for all of it."""
        self.objects = Objects(root)

    def resolve(self, revision: str) -> Commit:
        """Return the commit that a revision names.  Raises `GitError`."""
        if revision.startswith("-") or "\0" in revision:
            raise GitError(f"`{revision}` is not a revision")
        try:
            name = f"{revision}^{{commit}}"
            found = ask(
                self.root, "rev-parse", "--verify", "--quiet", "--end-of-options", name
            ).decode()
        except GitError:
            if revision == "HEAD":
                raise GitError("this git repository has no commit yet") from None
            shallow = "; this is a shallow clone, which has only newer ones" if self.shallow else ""
            raise GitError(
                f"there is no revision `{revision}` in this repository{shallow}"
            ) from None
        return self._commits("--no-walk", found.strip())[0]

    def merge_base(self, first: Commit, second: Commit) -> Commit:
        """Return the commit from which two lines of history parted.  Raises `GitError`."""
        try:
            found = ask(self.root, "merge-base", first.id, second.id).decode().split()
        except GitError:
            found = []
        if not found:
            shallow = " that this shallow clone has" if self.shallow else ""
            raise GitError(
                f"`{first.id[:10]}` and `{second.id[:10]}` have no common history{shallow}"
            )
        return self._commits("--no-walk", found[0])[0]

    def line(self, head: Commit, after: Commit | None = None) -> list[Commit]:
        """Return the first-parent line that leads to `head`, oldest first.

        With `after`, only commits that `after` does not have in its own history.
        """
        not_of = [f"^{after.id}"] if after is not None else []
        return self._commits("--first-parent", head.id, *not_of)[::-1]

    def contains(self, head: Commit, earlier: Commit) -> bool:
        """Say whether `earlier` is `head` or in its history."""
        return not ask(self.root, "rev-list", "-n", "1", earlier.id, f"^{head.id}")

    def tags(self, head: Commit) -> list[Tag]:
        """Return the tags in the history of `head`, by the time of their commits."""
        form = "%(objectname) %(objecttype) %(*objectname) %(*objecttype) %(refname:strip=2)"
        listed = ask(
            self.root, "for-each-ref", f"--format={form}", "--merged", head.id, "refs/tags"
        )
        named: list[tuple[str, str]] = []
        for line in listed.decode("utf-8", "replace").splitlines():
            own, kind, target, target_kind, name = line.split(" ", 4)
            commit = own if kind == "commit" else target if target_kind == "commit" else None
            if commit is not None:
                named.append((name, commit))
        wanted = sorted({commit for _, commit in named})
        known = {c.id: c for c in self._commits("--no-walk", *wanted)} if wanted else {}
        tags = [Tag(name, known[commit]) for name, commit in named if commit in known]
        return sorted(tags, key=lambda t: (t.commit.time, t.name))

    def is_boundary(self, commit: Commit) -> bool:
        """Say whether a shallow clone has cut the history off before this commit."""
        if not self.shallow:
            return False
        data = self.objects.get(commit.id) or b""
        has_parent = any(
            line.startswith(b"parent ") for line in data.split(b"\n\n", 1)[0].split(b"\n")
        )
        return has_parent and len(ask(self.root, "rev-list", "-n", "2", commit.id).split()) == 1

    def snapshot(self, commit: Commit, folder: str | None = None) -> Snapshot:
        """Return the files under the root, or another folder of git's repository, at a commit."""
        prefix = self.prefix if folder is None else folder
        whole = Snapshot(self.objects, commit.tree)
        if not prefix:
            return whole
        _, entry = whole._find(prefix)
        tree = entry.id if entry is not None and entry.mode == _TREE else None
        return Snapshot(self.objects, tree)

    def close(self) -> None:
        """End git's process."""
        self.objects.close()

    def _commits(self, *arguments: str) -> list[Commit]:
        told = ask(self.root, "rev-list", "--format=%T %ct %s", *arguments)
        lines = iter(told.decode("utf-8", "replace").split("\n"))
        found = []
        for line in lines:
            if line.startswith("commit "):
                tree, seconds, title = next(lines).split(" ", 2)
                found.append(Commit(line[7:].split()[0], tree, _time(seconds), title))
        return found


def _time(seconds: str) -> datetime.datetime:
    try:
        return datetime.datetime.fromtimestamp(int(seconds), datetime.UTC)
    except (ValueError, OverflowError, OSError):  # no clock was ever there
        return datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)

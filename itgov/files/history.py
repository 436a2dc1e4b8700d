"""The history that git keeps: its commits, tags and months, and the files as they were at each.

Everything is read from git's objects; nothing is checked out and nothing is written.  A branch's
history is its first-parent line: what its readers saw, so a merge is one step, with the state
after it.  Every object is compared with its own name, which is the hash of its content, so that
what is kept under that name may be trusted.
"""

from __future__ import annotations

import datetime
import hashlib
import os
import posixpath
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from msgspec import Struct

from itgov.files.git import GitError
from itgov.files.problem import Problem
from itgov.files.reader import MAX_BYTES
from itgov.files.sources import SUFFIXES, RawFile, Source

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
                _command(self.root, "cat-file", "--batch"),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=_environment(),
            )
            self._owner = os.getpid()
        return self._process


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
        entry = self._find(path)
        return None if entry is None else self.read(path, entry.id)

    def listing(self, folder: str) -> list[tuple[str, str | None]]:
        """Return path and blob of every YAML file under `folder`, hidden ones left out.

        The blob is None for a link that leaves the repository or leads nowhere.
        """
        self._linked = False
        folder = folder.strip("/")
        entry = self._find(folder)
        found: list[tuple[str, str | None]] = []
        if entry is not None and entry.mode == _TREE:
            self._walk(folder, entry.id, found, (entry.id,))
        return sorted(found, key=lambda f: f[0])

    def identity(self, folder: str) -> str:
        """Return a text that is the same only for the same files under `folder`."""
        entry = self._find(folder.strip("/"))
        self.listing(folder)
        if self._linked:  # what a link leads to may lie anywhere below the root
            return f"root {self.tree}"
        return f"folder {entry.id}" if entry is not None else "nothing"

    def read(self, path: str, blob: str | None) -> RawFile:
        """Return the file with the content of a blob."""
        if blob is None:
            why = "the file is a link that leaves the repository, or leads nowhere"
            return RawFile(path, b"", Problem("YML-011", why))
        data = self.objects.get(blob)
        if data is None:
            return RawFile(path, b"", Problem("YML-011", "git does not have this file here"))
        return RawFile(path, data)

    def _walk(
        self,
        folder: str,
        tree: str,
        found: list[tuple[str, str | None]],
        above: tuple[str, ...],
    ) -> None:
        for name, listed in self.objects.tree(tree).items():
            if name.startswith("."):
                continue
            path = f"{folder}/{name}"
            entry: TreeEntry | None = listed
            if listed.mode == _LINK:
                self._linked = True
                entry = self._find(path)
            if entry is not None and entry.mode == _TREE:
                if entry.id not in above:
                    self._walk(path, entry.id, found, (*above, entry.id))
            elif name.endswith(SUFFIXES):
                is_file = entry is not None and entry.mode.startswith("100")
                found.append((path, entry.id if entry is not None and is_file else None))

    def _find(self, path: str, links: int = 0) -> TreeEntry | None:
        """Return the entry at a path, following links that stay below the root."""
        if self.tree is None:
            return None
        entry = TreeEntry(_TREE, self.tree)
        steps = [s for s in path.split("/") if s not in ("", ".")]
        for depth, step in enumerate(steps):
            child = self.objects.tree(entry.id).get(step) if entry.mode == _TREE else None
            if child is None:
                return None
            if child.mode == _LINK:
                link = (self.objects.get(child.id) or b"").decode("utf-8", "surrogateescape")
                target = posixpath.normpath(
                    posixpath.join("/".join(steps[:depth]), link, *steps[depth + 1 :])
                )
                outside = target.startswith(("/", "../")) or target in ("..", ".")
                if not link or outside or links >= _MOST_LINKS:
                    return None
                return self._find(target, links + 1)
            entry = child
        return entry


class History:
    """The history of a repository, as seen from the folder `root` inside it.

    Raises `GitError` where there is no git repository.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        try:
            told = _ask(root, "rev-parse", "--is-shallow-repository", "--show-prefix")
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
            found = _ask(
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
            found = _ask(self.root, "merge-base", first.id, second.id).decode().split()
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
        return not _ask(self.root, "rev-list", "-n", "1", earlier.id, f"^{head.id}")

    def tags(self, head: Commit) -> list[Tag]:
        """Return the tags in the history of `head`, by the time of their commits."""
        form = "%(objectname) %(objecttype) %(*objectname) %(*objecttype) %(refname:strip=2)"
        listed = _ask(
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
        return has_parent and len(_ask(self.root, "rev-list", "-n", "2", commit.id).split()) == 1

    def snapshot(self, commit: Commit, folder: str | None = None) -> Snapshot:
        """Return the files under the root, or another folder of git's repository, at a commit."""
        prefix = self.prefix if folder is None else folder
        whole = Snapshot(self.objects, commit.tree)
        if not prefix:
            return whole
        entry = whole._find(prefix)
        tree = entry.id if entry is not None and entry.mode == _TREE else None
        return Snapshot(self.objects, tree)

    def close(self) -> None:
        """End git's process."""
        self.objects.close()

    def _commits(self, *arguments: str) -> list[Commit]:
        told = _ask(self.root, "rev-list", "--format=%T %ct %s", *arguments)
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


def _environment() -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    return kept | {
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "LC_ALL": "C",
    }


def _command(root: Path, *arguments: str) -> list[str]:
    return ["git", "-c", "core.fsmonitor=false", "-C", str(root), *arguments]


def _ask(root: Path, *arguments: str) -> bytes:
    """Run git without hooks, prompts or a shell, and return what it prints."""
    try:
        done = subprocess.run(
            _command(root, *arguments), capture_output=True, env=_environment(), check=False
        )
    except FileNotFoundError:
        raise GitError("git is not installed") from None
    if done.returncode:
        raise GitError(done.stderr.decode(errors="replace").strip() or "git failed")
    return done.stdout

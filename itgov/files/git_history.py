"""The history that git keeps: its commits, tags and months, and the files as they were at each.

Everything is read from git's objects; nothing is checked out and nothing is written.  A branch's
history is its first-parent line: what its readers saw, so a merge is one step, with the state
after it.  Every object is compared with its own name, which is the hash of its content, so that
what is kept under that name may be trusted.
"""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from msgspec import Struct

from itgov.files.git import Git, GitError
from itgov.files.git_objects import Objects, blob_id
from itgov.files.git_snapshot import Snapshot

_LOG_FORMAT = "--format=%x01%H%x00%an%x00%as"


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


class History:
    """The history of a repository, as seen from the folder `root` inside it.

    Raises `GitError` where there is no git repository.
    """

    def __init__(self, root: Path) -> None:
        self.git = Git(root)
        try:
            told = self.git.read("rev-parse", "--is-shallow-repository", "--show-prefix")
        except GitError as error:
            if "not a git repository" in str(error):
                raise GitError(f"`{root}` is not in a git repository") from None
            raise
        shallow, _, prefix = told.decode("utf-8", "surrogateescape").partition("\n")
        self.shallow = shallow == "true"
        """Whether git has only the newer part of the history here."""
        self.prefix = prefix.removesuffix("\n").strip("/")
        """The root's own folder inside git's repository; empty for all of it."""
        self.objects = Objects(self.git)

    def resolve(self, revision: str) -> Commit:
        """Return the commit that a revision names.  Raises `GitError`."""
        if revision.startswith(("-", "^")) or "\0" in revision or not revision.strip():
            raise GitError(f"`{revision}` is not a revision")
        try:
            name = f"{revision}^{{commit}}"
            found = self.git.read(
                "rev-parse", "--verify", "--quiet", "--end-of-options", name
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
            found = self.git.read("merge-base", first.id, second.id).decode().split()
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
        return not self.git.read("rev-list", "-n", "1", earlier.id, f"^{head.id}")

    def tags(self, head: Commit) -> list[Tag]:
        """Return the tags in the history of `head`, by the time of their commits."""
        form = "%(objectname) %(objecttype) %(*objectname) %(*objecttype) %(refname:strip=2)"
        listed = self.git.read("for-each-ref", f"--format={form}", "--merged", head.id, "refs/tags")
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
        return has_parent and len(self.git.read("rev-list", "-n", "2", commit.id).split()) == 1

    def snapshot(self, commit: Commit, folder: str | None = None) -> Snapshot:
        """Return the files under the root, or another folder of git's repository, at a commit."""
        prefix = self.prefix if folder is None else folder
        return Snapshot(self.objects, commit.tree, commit.id).inside(prefix)

    def __enter__(self) -> History:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End git's process."""
        self.objects.close()

    def _commits(self, *arguments: str) -> list[Commit]:
        told = self.git.read("rev-list", "--format=%T %ct %s", *arguments)
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


# -- what commits hold and say ---------------------------------------------------------------


class FileVersion(Struct, frozen=True):
    """A file as some commit has it."""

    path: str
    """Relative to the folder asked from, with forward slashes."""
    raw: bytes
    commit: str
    author: str
    day: str


def versions(root: Path, folder: str, suffix: str) -> Iterator[FileVersion]:
    """Yield each version of a folder's files that HEAD's history holds, but not as they are on disk.

    Nothing where `root` is not in git, or has no commit yet.
    """
    try:
        listed = Git(root).read(
            "-c", "core.quotePath=false", "log", "--raw", "--no-abbrev", "--no-renames",
            "--relative", _LOG_FORMAT, "--", folder,
        )  # fmt: skip
    except GitError:
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
            if blob != _on_disk(root / path, len(blob)):
                raw = Git(root).read("cat-file", "blob", blob)
                yield FileVersion(path, raw, commit, author, day)


class CommitDetails(Struct, frozen=True):
    """What a commit says of itself."""

    day: str
    author: str
    title: str


def commit_details(root: Path, commits: Iterable[str]) -> dict[str, CommitDetails]:
    """Return what commits say of themselves, by the ids asked for; nothing of unknown ones."""
    wanted = list(dict.fromkeys(commits))
    found: dict[str, CommitDetails] = {}
    if not wanted:
        return found
    try:
        said = Git(root).read("log", "--no-walk", "--format=%H%x00%an%x00%as%x00%s", *wanted, "--")
    except GitError:
        return found
    for line in said.decode(errors="replace").split("\n"):
        if line:
            commit, author, day, title = line.split("\0", 3)
            found |= {w: CommitDetails(day, author, title) for w in wanted if commit.startswith(w)}
    return found


def _on_disk(path: Path, digits: int) -> str | None:
    """Return the id that git would give a file's content now."""
    try:
        return blob_id(path.read_bytes(), digits)
    except OSError:
        return None

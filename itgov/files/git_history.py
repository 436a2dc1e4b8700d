"""The history that git keeps: its commits, tags and months, and the files as they were at each.

Everything is read from git's objects; nothing is checked out and nothing is written.  A branch's
history is its first-parent line: what its readers saw, so a merge is one step, with the state
after it.  Every object is compared with its own name, which is the hash of its content, so that
what is kept under that name may be trusted.
"""

from __future__ import annotations

import datetime
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from msgspec import Struct

from itgov.files.git import Git, GitError
from itgov.files.git_objects import Objects
from itgov.files.git_snapshot import Snapshot
from itgov.files.object_ids import blob_id

_ID = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_NAME = re.compile(r"[^\s~^:@?*\[\\]+")
"""The name of a tag or a branch in a revision such as `main~2`."""
_ID = re.compile(r"[0-9a-f]{4,64}")


class Commit(Struct, frozen=True, gc=False):
    """One commit: its ids, the time of its committing in UTC, the first line of its message, its author."""

    id: str
    tree: str
    time: datetime.datetime
    title: str
    author: str = ""
    email: str = ""

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
        self.shallow = self.git.read("rev-parse", "--is-shallow-repository").strip() == b"true"
        """Whether git has only the newer part of the history here."""
        self.prefix = self.git.prefix
        """The root's own folder inside git's repository; empty for all of it."""
        self.objects = Objects(self.git)

    def resolve(self, revision: str) -> Commit:
        """Return the commit that a revision names.  Raises `GitError`."""
        if revision.startswith(("-", "^")) or "\0" in revision or not revision.strip():
            raise GitError(f"`{revision}` is not a revision")
        self._refuse_two_meanings(revision)
        try:
            name = f"{revision}^{{commit}}"
            found = self.git.read(
                "rev-parse", "--verify", "--quiet", "--end-of-options", name
            ).decode()
        except GitError:
            if revision == "HEAD":
                raise GitError("this git repository has no commit yet") from None
            shallow = (
                "; this is a shallow clone, which has only newer ones: `git fetch --unshallow`"
                if self.shallow
                else ""
            )
            raise GitError(
                f"there is no revision `{revision}` in this repository{shallow}"
            ) from None
        return self._commits("--no-walk", found.strip())[0]

    def _refuse_two_meanings(self, revision: str) -> None:
        """Raise `GitError` for a name that is a tag and a branch: git would take the tag."""
        named = _NAME.match(revision)
        if named is None or _ID.fullmatch(named.group()):  # git takes a whole id for nothing else
            return
        places = [f"refs/{kind}/{named.group()}" for kind in ("tags", "heads", "remotes")]
        tag, *branches = _commits_of(self.git, [p.encode("utf-8", "replace") for p in places])
        if tag is not None and any(branches):
            branch = next(p for p, found in zip(places[1:], branches, strict=True) if found)
            raise GitError(f"`{revision}` is a tag and a branch: write `{branch}` or `{places[0]}`")

    def merge_bases(self, first: Commit, second: Commit) -> list[Commit]:
        """Return the commits from which two lines of history parted, git's first choice first.

        Lines that were merged into each other both ways have several.  Raises `GitError`.
        """
        try:
            found = self.git.read("merge-base", "--all", first.id, second.id).decode().split()
        except GitError:
            found = []
        if not found:
            shallow = (
                " that this shallow clone has: `git fetch --unshallow`" if self.shallow else ""
            )
            raise GitError(
                f"`{first.id[:10]}` and `{second.id[:10]}` have no common history{shallow}"
            )
        return [self._commits("--no-walk", name)[0] for name in found]

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
        listed = self.git.read("rev-parse", "--symbolic-full-name", "--tags").splitlines()
        named = [
            (ref.decode("utf-8", "replace").removeprefix("refs/tags/"), commit)
            for ref, commit in zip(listed, _commits_of(self.git, listed), strict=True)
            if commit is not None  # else a tag of something else
        ]
        wanted = sorted({commit for _, commit in named})
        if wanted:
            feed = "\n".join([*wanted, f"^{head.id}", ""]).encode()
            outside = set(self.git.read("rev-list", "--stdin", feed=feed).decode().split())
            wanted = [commit for commit in wanted if commit not in outside]
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
        told = self.git.read("rev-list", "--format=%T %ct %s%n%an%n%ae", *arguments)
        lines = iter(told.decode("utf-8", "replace").split("\n"))
        found = []
        for line in lines:
            if line.startswith("commit "):
                tree, seconds, title = next(lines).split(" ", 2)
                author, email = next(lines), next(lines)
                identifier = line[7:].split()[0]
                found.append(Commit(identifier, tree, _time(seconds), title, author, email))
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
    git = Git(root)
    where = git.below_top(folder)
    try:
        told = git.read("rev-list", "HEAD", "--", where)
        details = commit_details(root, told.decode().split())
        listed = git.read(
            "diff-tree", "--stdin", "-r", "--root", "--raw", "--no-abbrev", "--no-renames", "-z",
            "--", where, feed=told,
        )  # fmt: skip
    except GitError:
        return
    seen: set[str] = set()
    fields = iter(os.fsdecode(listed).split("\0"))
    commit = ""
    for field in fields:
        if not field.startswith(":"):  # the commit whose files follow
            commit = field.strip() or commit
            continue
        blob, path = field.split(" ")[3], next(fields)
        if not path.endswith(suffix) or blob in seen or not blob.strip("0"):
            continue
        seen.add(blob)
        shown = path.removeprefix(f"{git.prefix}/") if git.prefix else path
        if blob != _on_disk(root / shown, len(blob)):
            said = details[commit]
            yield FileVersion(
                shown, git.read("cat-file", "blob", blob), commit, said.author, said.day
            )


class CommitDetails(Struct, frozen=True):
    """What a commit says of itself."""

    day: str
    author: str
    title: str


def commit_details(root: Path, commits: Iterable[str]) -> dict[str, CommitDetails]:
    """Return what commits say of themselves, by the ids asked for; nothing of unknown ones."""
    wanted = list(dict.fromkeys(commits))
    if not wanted:
        return {}
    try:
        git = Git(root)
        ids = [w.encode() if _ID.fullmatch(w) else b"" for w in wanted]
        full = dict(zip(wanted, _commits_of(git, ids), strict=True))
        feed = "".join(f"{commit}\n" for commit in full.values() if commit is not None)
        form = "--format=%H%x00%an%x00%as%x00%s"
        said = git.read("rev-list", "--no-walk", "--stdin", form, feed=feed.encode())
    except GitError:
        return {}
    known: dict[str | None, CommitDetails] = {}
    for line in said.decode(errors="replace").split("\n"):
        if "\0" in line:
            commit, author, day, title = line.split("\0", 3)
            known[commit] = CommitDetails(day, author, title)
    return {asked: known[commit] for asked, commit in full.items() if commit in known}


def _commits_of(git: Git, names: Sequence[bytes]) -> list[str | None]:
    """Return the id of the commit that each name leads to, or None where it leads to none."""
    if not names:
        return []
    told = git.read("cat-file", "--batch-check", feed=b"".join(n + b"^{commit}\n" for n in names))
    answers = [line.decode("utf-8", "replace").split(" ") for line in told.splitlines()]
    return [a[0] if len(a) == 3 and a[1] == "commit" else None for a in answers]


def _on_disk(path: Path, digits: int) -> str | None:
    """Return the id that git would give a file's content now."""
    try:
        return blob_id(path.read_bytes(), digits)
    except OSError:
        return None

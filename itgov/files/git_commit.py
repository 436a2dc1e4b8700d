"""Committing a few files and nothing else, whatever else is staged or changed.

The commit is made by `git commit` itself, from an index of its own that holds HEAD and just these
files: hooks run, identity and signing are the person's own, and what is staged stays staged.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from itgov.files.git import Git, GitError

_BUSY = {
    "MERGE_HEAD": ("a merge", "git merge --continue", "git merge --abort"),
    "CHERRY_PICK_HEAD": ("a cherry-pick", "git cherry-pick --continue", "git cherry-pick --abort"),
    "REVERT_HEAD": ("a revert", "git revert --continue", "git revert --abort"),
    "rebase-merge": ("a rebase", "git rebase --continue", "git rebase --abort"),
    "rebase-apply": ("a rebase", "git rebase --continue", "git rebase --abort"),
}
_FEW = 500
"""Paths that a command is given as arguments."""


class Committed(Struct, frozen=True):
    """A commit that was made."""

    id: str
    branch: str | None
    """None where HEAD is detached: no branch holds the commit."""
    note: str | None = None
    """What is left to be done, if anything."""


def committed(folder: Path, path: str) -> bytes | None:
    """Return what HEAD has of a file, or None where it has no such file."""
    try:
        git = Git(folder)
        return git.read("cat-file", "blob", f"HEAD:{git.below_top(path)}")
    except GitError:
        return None


def may_commit(folder: Path) -> str | None:
    """Return the branch that a commit would go to; None for a detached HEAD.  Raises `GitError`."""
    git = Git(folder)
    if git.top is None:
        raise GitError("this is not in a git repository")
    where = Path(os.fsdecode(git.read("rev-parse", "--absolute-git-dir").strip()))
    for name, (what, go_on, give_up) in _BUSY.items():
        if (where / name).exists():
            raise GitError(
                f"git is in the middle of {what}: finish it (`{go_on}`) or give it up (`{give_up}`) "
                "first, then commit"
            )
    if (where / "index.lock").exists():
        raise GitError(
            f"another git command is running here (`{where.name}/index.lock`); wait for it, or, if "
            "none is running, delete that file"
        )
    try:
        git.check("var", "GIT_AUTHOR_IDENT")
        git.check("var", "GIT_COMMITTER_IDENT")
    except GitError:
        raise GitError(
            "git has no identity for you: set it with `git config --global user.name` and `user.email`"
        ) from None
    try:
        name = os.fsdecode(git.read("symbolic-ref", "--quiet", "--short", "HEAD").strip())
    except GitError:
        return None
    return name or None


def commit(folder: Path, paths: Sequence[str], message: str) -> Committed:
    """Commit these files as they are on disk, or that they are gone, with the person's own identity.

    `paths` are relative to `folder`.  What is staged of them has to be just that.  Raises `GitError`;
    the files stay as they are then.
    """
    git = Git(folder)
    branch = may_commit(folder)
    paths = [git.below_top(path) for path in paths]
    ignored = _ignored(git, paths)
    if ignored:
        raise GitError(f"git ignores {', '.join(ignored)} (.gitignore)")
    with tempfile.TemporaryDirectory(prefix="itgov-") as scratch:
        own = {"GIT_INDEX_FILE": os.path.join(scratch, "index")}
        born = _has_commit(git)
        git.check("read-tree", *(["HEAD"] if born else ["--empty"]), environment=own)
        feed = b"".join(os.fsencode(path) + b"\0" for path in paths)
        git.check("update-index", "--add", "--remove", "-z", "--stdin", feed=feed, environment=own)
        staged = _staged_otherwise(git, paths, own)
        if staged:
            raise GitError(
                f"{', '.join(staged)} has staged changes of its own; commit or unstage them"
            )
        done = git.run("commit", "--quiet", "--file=-", feed=message.encode(), environment=own)
    if done.returncode:
        said = (done.stderr + done.stdout).decode(errors="replace").strip()
        raise GitError(f"git refused the commit:\n{said}" if said else "git refused the commit")
    made = git.read("rev-parse", "HEAD").decode().strip()
    from_file = ["--pathspec-from-file=-", "--pathspec-file-nul"]  # what Git 2.25 brought
    few = len(paths) <= _FEW
    again = git.run("reset", "--quiet", *(["--", *paths] if few else from_file), feed=feed)
    if again.returncode:
        named = " ".join(paths[:_FEW])
        note = f"git's index could not be brought up to the commit: run `git reset -- {named}`"
        return Committed(made, branch, note)
    return Committed(made, branch)


def _ignored(git: Git, paths: Sequence[str]) -> list[str]:
    """Return those of the paths that git ignores and does not know yet."""
    feed = b"\0".join(os.fsencode(f"./{path}") for path in paths)
    plain = {"GIT_LITERAL_PATHSPECS": "0"}  # which this command does not know
    done = git.run("check-ignore", "--stdin", "-z", feed=feed, environment=plain)
    return [os.fsdecode(p).removeprefix("./") for p in done.stdout.split(b"\0") if p]


def _staged_otherwise(git: Git, paths: Sequence[str], own: dict[str, str]) -> list[str]:
    """Return those of the paths whose entry in the index is neither HEAD's nor what is committed."""
    some = ["--", *paths] if len(paths) <= _FEW else []  # else all, for a command line has an end
    listed = git.check("diff", "--cached", "--name-only", "--no-renames", "-z", *some)
    mine, theirs = _entries(git, some, own), _entries(git, some, None)
    staged = {os.fsdecode(p) for p in listed.split(b"\0") if p}
    return [path for path in paths if path in staged and mine.get(path) != theirs.get(path)]


def _entries(git: Git, some: Sequence[str], index: dict[str, str] | None) -> dict[str, bytes]:
    """Return mode, id and stage of the paths in an index, all or some."""
    told = git.check("ls-files", "--stage", "-z", *some, environment=index)
    lines = (line.partition(b"\t") for line in told.split(b"\0") if line)
    return {os.fsdecode(path): entry for entry, _, path in lines}


def _has_commit(git: Git) -> bool:
    return git.run("rev-parse", "--verify", "--quiet", "HEAD").returncode == 0

"""Committing a few files and nothing else, whatever else is staged or changed.

The commit is made by `git commit` itself, from an index of its own that holds HEAD and just these
files: hooks run, identity and signing are the person's own, and what is staged stays staged.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

_BUSY = {
    "MERGE_HEAD": ("a merge", "git merge --continue", "git merge --abort"),
    "CHERRY_PICK_HEAD": ("a cherry-pick", "git cherry-pick --continue", "git cherry-pick --abort"),
    "REVERT_HEAD": ("a revert", "git revert --continue", "git revert --abort"),
    "rebase-merge": ("a rebase", "git rebase --continue", "git rebase --abort"),
    "rebase-apply": ("a rebase", "git rebase --continue", "git rebase --abort"),
}
_KEPT = ("GIT_AUTHOR_", "GIT_COMMITTER_", "GIT_CONFIG", "GIT_SSH")


class NoCommit(Exception):
    """Nothing was committed; the text says why and what to do.  It may quote a hook's own words."""


class Committed(Struct, frozen=True):
    """A commit that was made."""

    id: str
    branch: str | None
    """None where HEAD is detached: no branch holds the commit."""
    note: str | None = None
    """What is left to be done, if anything."""


def repository_top(folder: Path) -> Path | None:
    """Return the top of the git work tree that a folder lies in, or None."""
    try:
        found = run_git(folder, "rev-parse", "--show-toplevel")
    except NoCommit:
        return None
    return Path(os.fsdecode(found.removesuffix(b"\n"))) if found.strip() else None


def committed(folder: Path, path: str) -> bytes | None:
    """Return what HEAD has of a file, or None where it has no such file."""
    try:
        return run_git(folder, "cat-file", "blob", f"HEAD:./{path}")
    except NoCommit:
        return None


def may_commit(folder: Path) -> str | None:
    """Return the branch that a commit would go to; None for a detached HEAD.  Raises `NoCommit`."""
    if repository_top(folder) is None:
        raise NoCommit("this is not in a git repository")
    where = Path(os.fsdecode(run_git(folder, "rev-parse", "--absolute-git-dir").strip()))
    for name, (what, go_on, give_up) in _BUSY.items():
        if (where / name).exists():
            raise NoCommit(
                f"git is in the middle of {what}: finish it (`{go_on}`) or give it up (`{give_up}`) "
                "first, then commit"
            )
    if (where / "index.lock").exists():
        raise NoCommit(
            f"another git command is at work here (`{where.name}/index.lock`); wait for it, or, if "
            "none is, delete that file"
        )
    try:
        run_git(folder, "var", "GIT_AUTHOR_IDENT")
        run_git(folder, "var", "GIT_COMMITTER_IDENT")
    except NoCommit:
        raise NoCommit(
            "git does not know who you are: `git config --global user.name` and `user.email` tell it"
        ) from None
    try:
        name = os.fsdecode(run_git(folder, "symbolic-ref", "--quiet", "--short", "HEAD").strip())
    except NoCommit:
        return None
    return name or None


def commit(folder: Path, paths: Sequence[str], message: str) -> Committed:
    """Commit these files as they are on disk, with the person's own identity.

    `paths` are relative to `folder`.  Raises `NoCommit`; the files stay as they are then.
    """
    branch = may_commit(folder)
    staged = _staged(folder, paths)
    if staged:
        raise NoCommit(f"{', '.join(staged)} has staged changes of its own; commit or unstage them")
    ignored = _ignored(folder, paths)
    if ignored:
        raise NoCommit(f"git is told to ignore {', '.join(ignored)} (.gitignore)")
    with tempfile.TemporaryDirectory(prefix="itgov-") as scratch:
        own = {"GIT_INDEX_FILE": os.path.join(scratch, "index")}
        born = _answer(folder, "rev-parse", "--verify", "--quiet", "HEAD").returncode == 0
        run_git(folder, "read-tree", *(["HEAD"] if born else ["--empty"]), environment=own)
        run_git(folder, "update-index", "--add", "--", *paths, environment=own)
        done = _answer(
            folder, "commit", "--quiet", "--file=-", feed=message.encode(), environment=own
        )
    if done.returncode:
        said = (done.stderr + done.stdout).decode(errors="replace").strip()
        raise NoCommit(f"git refused the commit:\n{said}" if said else "git refused the commit")
    made = run_git(folder, "rev-parse", "HEAD").decode().strip()
    again = _answer(folder, "reset", "--quiet", "--", *paths)
    if again.returncode:
        return Committed(
            made,
            branch,
            "git's index could not be brought up to the commit: "
            f"run `git reset -- {' '.join(paths)}`",
        )
    return Committed(made, branch)


def _ignored(folder: Path, paths: Sequence[str]) -> list[str]:
    """Return those of the paths that git is told to ignore and does not know yet."""
    feed = b"\0".join(os.fsencode(f"./{path}") for path in paths)
    plain = {"GIT_LITERAL_PATHSPECS": "0"}  # which this command does not know
    done = _answer(folder, "check-ignore", "--stdin", "-z", feed=feed, environment=plain)
    return [os.fsdecode(p).removeprefix("./") for p in done.stdout.split(b"\0") if p]


def _staged(folder: Path, paths: Sequence[str]) -> list[str]:
    """Return those of the paths whose entry in the index is not HEAD's."""
    born = _answer(folder, "rev-parse", "--verify", "--quiet", "HEAD").returncode == 0
    if not born:
        listed = run_git(folder, "ls-files", "-z", "--", *paths)
        return [os.fsdecode(p) for p in listed.split(b"\0") if p]
    listed = run_git(folder, "diff", "--cached", "--name-only", "-z", "--relative", "--", *paths)
    return [os.fsdecode(p) for p in listed.split(b"\0") if p]


def run_git(folder: Path, *arguments: str, environment: dict[str, str] | None = None) -> bytes:
    """Return what git says, without asking anybody anything.  Raises `NoCommit` where it fails."""
    done = _answer(folder, *arguments, environment=environment)
    if done.returncode:
        raise NoCommit(done.stderr.decode(errors="replace").strip() or "git failed")
    return done.stdout


def _answer(
    folder: Path,
    *arguments: str,
    feed: bytes = b"",
    environment: dict[str, str] | None = None,
) -> subprocess.CompletedProcess[bytes]:
    """Run git without a shell and without asking anybody anything."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("GIT_") or k.startswith(_KEPT)}
    kept |= {"GIT_TERMINAL_PROMPT": "0", "GIT_LITERAL_PATHSPECS": "1", "GIT_EDITOR": "true"}
    command = ["git", "-C", str(folder), *arguments]
    try:
        return subprocess.run(
            command, input=feed, capture_output=True, env=kept | (environment or {}), check=False
        )
    except FileNotFoundError:
        raise NoCommit("git is not installed") from None

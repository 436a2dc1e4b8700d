"""The one place that starts git: one command, one environment, one kind of error.

What is read comes from git's objects; the work tree is never touched.  `run` is for a commit that
a person makes: with their identity, their signing and the repository's hooks.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from itgov.model.errors import ItgovError

_COMMAND = ("git", "-c", "core.fsmonitor=false")
"""A file watcher is a program that the repository's configuration may name."""

_READING = ("GIT_CONFIG",)
"""`safe.directory` of a container comes this way."""
_COMMITTING = (*_READING, "GIT_AUTHOR_", "GIT_COMMITTER_", "GIT_SSH")

_NO_QUESTIONS = {"GIT_TERMINAL_PROMPT": "0", "GIT_LITERAL_PATHSPECS": "1"}
_READ_ONLY = {
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "LC_ALL": "C",
}


class GitError(ItgovError):
    """Git could not do it; the text says why, for people.  It may quote a hook's own words."""


class Git:
    """Git, run in the repository that a folder lies in."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def read(self, *arguments: str) -> bytes:
        """Return what a command that only reads prints.  Raises `GitError` where it fails."""
        return _checked(self._done(arguments, b"", _environment(_READING) | _READ_ONLY))

    def batch(self) -> subprocess.Popen[bytes]:
        """Start `git cat-file --batch`, which answers each object id with the object."""
        return subprocess.Popen(
            self._command(("cat-file", "--batch")),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(_READING) | _READ_ONLY,
        )

    def run(
        self, *arguments: str, feed: bytes = b"", environment: dict[str, str] | None = None
    ) -> subprocess.CompletedProcess[bytes]:
        """Run a command as the person who asks for a commit, and return how it ended."""
        own = {"GIT_EDITOR": "true", **(environment or {})}
        return self._done(arguments, feed, _environment(_COMMITTING) | own)

    def check(self, *arguments: str, environment: dict[str, str] | None = None) -> bytes:
        """Run a command as `run` does, and return what it prints.  Raises `GitError`."""
        return _checked(self.run(*arguments, environment=environment))

    def top(self) -> Path | None:
        """Return the top of the work tree that the folder lies in, or None."""
        try:
            found = self.read("rev-parse", "--show-toplevel")
        except GitError:
            return None
        return Path(os.fsdecode(found.removesuffix(b"\n"))) if found.strip() else None

    def _command(self, arguments: tuple[str, ...]) -> list[str]:
        return [*_COMMAND, "-C", str(self.folder), *arguments]

    def _done(
        self, arguments: tuple[str, ...], feed: bytes, environment: dict[str, str]
    ) -> subprocess.CompletedProcess[bytes]:
        try:
            return subprocess.run(
                self._command(arguments),
                input=feed,
                capture_output=True,
                env=environment,
                check=False,
            )
        except FileNotFoundError:
            raise GitError("git is not installed") from None


def _environment(kept: tuple[str, ...]) -> dict[str, str]:
    """Return the caller's environment without what would lead git to another repository."""
    plain = {k: v for k, v in os.environ.items() if not k.startswith("GIT_") or k.startswith(kept)}
    return plain | _NO_QUESTIONS


def _checked(done: subprocess.CompletedProcess[bytes]) -> bytes:
    if done.returncode:
        raise GitError(done.stderr.decode(errors="replace").strip() or "git failed")
    return done.stdout

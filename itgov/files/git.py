"""The one place that starts git: one command, one environment, one kind of error.

Which repository it is, is found here and not by git: plain files called `HEAD`, `config`,
`objects` and `refs` that somebody committed are a bare repository to git, whose `config` may name
programs.  What is read comes from git's objects, by commands that run no program that a
configuration names; the work tree is never touched.  `run` is for a commit that a person makes: with
their identity, their signing and the repository's hooks.
"""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from itgov.files.git_dir import find_git_dir, prefix_of
from itgov.model.errors import ItgovError

if TYPE_CHECKING:
    import subprocess  # 8 ms, where a kept log tells all

_COMMAND = ("git", "--no-pager", "-c", "core.fsmonitor=false", "-c", "safe.bareRepository=explicit")
"""A file watcher is a program that the repository's configuration may name."""

_READING = ("GIT_CONFIG",)
"""`safe.directory` of a container comes this way."""
_COMMITTING = (*_READING, "GIT_AUTHOR_", "GIT_COMMITTER_", "GIT_SSH")

_NO_QUESTIONS = {"GIT_TERMINAL_PROMPT": "0", "GIT_LITERAL_PATHSPECS": "1"}
_READ_ONLY = {
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "none",  # what a partial clone lacks is not fetched by older git either
    "LC_ALL": "C",
}


class GitError(ItgovError):
    """Git could not do it; the text says why, for people.  It may quote a hook's own words."""


class Git:
    """Git, run at the top of the repository that a folder lies in.

    Every method raises `GitError` where the folder lies in none, or git takes another folder for
    its top.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        found = find_git_dir(str(folder))
        self.top = found.top if found is not None else None
        """The folder that holds `.git`, or None where there is none."""
        self.prefix = prefix_of(folder)
        """The folder's own path below the top, with forward slashes; empty for the top."""

    def below_top(self, path: str) -> str:
        """Return a path below the folder as a path below the top."""
        return f"{self.prefix}/{path}" if self.prefix else path

    def read(self, *arguments: str, feed: bytes = b"") -> bytes:
        """Return what a command that only reads prints.  Raises `GitError` where it fails."""
        return _checked(_done(self._command(arguments), feed, _reading()))

    def batch(self) -> subprocess.Popen[bytes]:
        """Start `git cat-file --batch`, which answers each object id with the object."""
        import subprocess

        return subprocess.Popen(
            self._command(("cat-file", "--batch")),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_reading(),
        )

    def run(
        self, *arguments: str, feed: bytes = b"", environment: dict[str, str] | None = None
    ) -> subprocess.CompletedProcess[bytes]:
        """Run a command as the person who asks for a commit, and return how it ended."""
        own = {"GIT_EDITOR": "true", **(environment or {})}
        return _done(self._command(arguments), feed, _environment(_COMMITTING) | own)

    def check(
        self, *arguments: str, feed: bytes = b"", environment: dict[str, str] | None = None
    ) -> bytes:
        """Run a command as `run` does, and return what it prints.  Raises `GitError`."""
        return _checked(self.run(*arguments, feed=feed, environment=environment))

    def _command(self, arguments: tuple[str, ...]) -> list[str]:
        if self.top is None:
            raise GitError(f"`{self.folder}` is not in a git repository")
        _confirm(self.top)
        return [*_COMMAND, "-C", self.top, *arguments]


@lru_cache(maxsize=64)
def _confirm(top: str) -> None:
    """Raise `GitError` unless git too takes this folder for the top of its repository."""
    told = _checked(_done([*_COMMAND, "-C", top, "rev-parse", "--show-toplevel"], b"", _reading()))
    taken = os.fsdecode(told.removesuffix(b"\n"))
    if not taken or not os.path.samefile(taken, top):
        raise GitError(
            f"git takes `{taken or 'no folder'}` for the top of the repository at `{top}`: its `.git` is not "
            "sound, or its configuration names another work tree"
        )


def _done(
    command: list[str], feed: bytes, environment: dict[str, str]
) -> subprocess.CompletedProcess[bytes]:
    import subprocess

    try:
        return subprocess.run(
            command, input=feed, capture_output=True, env=environment, check=False
        )
    except FileNotFoundError:
        raise GitError("git is not installed") from None


def _reading() -> dict[str, str]:
    return _environment(_READING) | _READ_ONLY


def _environment(kept: tuple[str, ...]) -> dict[str, str]:
    """Return the caller's environment without what would lead git to another repository."""
    plain = {k: v for k, v in os.environ.items() if not k.startswith("GIT_") or k.startswith(kept)}
    return plain | _NO_QUESTIONS


def _checked(done: subprocess.CompletedProcess[bytes]) -> bytes:
    if done.returncode:
        raise GitError(done.stderr.decode(errors="replace").strip() or "git failed")
    return done.stdout

"""What git knows, read from its objects; the work tree is never touched."""

from __future__ import annotations

import os
import posixpath
import subprocess
from pathlib import Path

from itgov.files.problem import Problem
from itgov.files.sources import SUFFIXES, RawFile, Source

_LINK = "120000"


class GitError(Exception):
    """Git could not answer; the text says why, for people."""


def _git(folder: Path, *arguments: str, feed: bytes | None = None) -> bytes:
    """Run git without hooks, prompts or a shell, and return what it prints."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    environment |= {"GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
    command = ["git", "-c", "core.fsmonitor=false", "-C", str(folder), *arguments]
    try:
        done = subprocess.run(
            command, input=feed, capture_output=True, env=environment, check=False
        )
    except FileNotFoundError:
        raise GitError("git is not installed") from None
    if done.returncode:
        raise GitError(done.stderr.decode(errors="replace").strip() or "git failed")
    return done.stdout


class Revision(Source):
    """The files under `root` as they were at a git revision.

    Raises `GitError` where there is no git repository or no such revision.
    """

    def __init__(self, root: Path, revision: str) -> None:
        self.root = root
        if revision.startswith("-") or "\0" in revision:
            raise GitError(f"`{revision}` is not a revision")
        try:
            top = _git(root, "rev-parse", "--show-toplevel").decode().strip()
        except GitError as error:
            if "not a git repository" in str(error):
                raise GitError(f"`{root}` is not in a git repository") from None
            raise
        try:
            found = _git(
                root,
                "rev-parse",
                "--verify",
                "--quiet",
                "--end-of-options",
                f"{revision}^{{commit}}",
            )
        except GitError:
            raise GitError(f"there is no revision `{revision}` in this repository") from None
        self.commit = found.decode().strip()
        self._prefix = Path(os.path.realpath(root)).relative_to(os.path.realpath(top)).as_posix()
        self._blobs = self._list()

    def _list(self) -> dict[str, tuple[str, str]]:
        blobs: dict[str, tuple[str, str]] = {}
        prefix = "" if self._prefix == "." else self._prefix + "/"
        for row in _git(self.root, "ls-tree", "-r", "-z", "--full-tree", self.commit).split(b"\0"):
            if not row:
                continue
            meta, _, name = row.partition(b"\t")
            mode, kind, blob = meta.decode().split()
            path = name.decode("utf-8", errors="surrogateescape")
            if kind == "blob" and path.startswith(prefix):
                blobs[path[len(prefix) :]] = (mode, blob)
        return blobs

    def files(self, folder: str) -> list[RawFile]:
        """Return the YAML files under `folder` as they were."""
        start = folder.strip("/") + "/"
        wanted = [
            path
            for path in sorted(self._blobs)
            if path.startswith(start)
            and path.endswith(SUFFIXES)
            and not any(part.startswith(".") for part in path[len(start) :].split("/"))
        ]
        return self._read(wanted)

    def file(self, path: str) -> RawFile | None:
        """Return one file as it was."""
        return self._read([path])[0] if path in self._blobs else None

    def _read(self, paths: list[str]) -> list[RawFile]:
        if not paths:
            return []
        targets = [self._target(path) for path in paths]
        feed = "".join(f"{blob}\n" for blob in targets if blob).encode()
        data = _git(self.root, "cat-file", "--batch", feed=feed)
        files, at = [], 0
        for path, blob in zip(paths, targets, strict=True):
            if blob is None:
                files.append(
                    RawFile(
                        path,
                        b"",
                        Problem("YML-011", "the file is a link that leaves the repository"),
                    )
                )
                continue
            end = data.index(b"\n", at)
            header = data[at:end].split()
            if header[-1] == b"missing":  # a partial clone
                files.append(
                    RawFile(path, b"", Problem("YML-011", "git does not have this file here"))
                )
                at = end + 1
                continue
            size = int(header[2])
            files.append(RawFile(path, data[end + 1 : end + 1 + size]))
            at = end + 2 + size
        return files

    def _target(self, path: str) -> str | None:
        """Return the blob of a file, following links that stay inside the repository."""
        for _ in range(10):
            entry = self._blobs.get(path)
            if entry is None:
                return None
            mode, blob = entry
            if mode != _LINK:
                return blob
            link = _git(self.root, "cat-file", "blob", blob).decode(errors="replace")
            path = posixpath.normpath(posixpath.join(posixpath.dirname(path), link))
        return None

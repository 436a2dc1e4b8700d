"""What git knows, read from its objects; the work tree is never touched."""

from __future__ import annotations

import os
import posixpath
import subprocess
from collections.abc import Iterable
from pathlib import Path

from itgov.files.problem import Problem
from itgov.files.sources import SUFFIXES, RawFile, Source, plain_folder

_LINK = "120000"


class GitError(Exception):
    """Git could not answer; the text says why, for people."""


def _git(folder: Path, *arguments: str, feed: bytes | None = None) -> bytes:
    """Run git without hooks, prompts or a shell, and return what it prints."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    environment |= {
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_NO_LAZY_FETCH": "1",
        "LC_ALL": "C",
    }
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
        if revision.startswith(("-", "^")) or "\0" in revision or not revision.strip():
            raise GitError(f"`{revision}` is not a revision")
        try:
            top = os.fsdecode(_git(root, "rev-parse", "--show-toplevel").removesuffix(b"\n"))
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
        self.commit: str = found.decode().strip()
        self._prefix = Path(os.path.realpath(root)).relative_to(os.path.realpath(top)).as_posix()
        self._blobs = self._list()
        self._folders = _folders_of(self._blobs)

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
        """Return the YAML files under `folder` as they were, as the work tree would list them."""
        relative = plain_folder(folder)
        real = self._resolve(relative)
        if real is None or real not in self._folders:
            outside = relative in self._blobs and real is None
            return (
                [_refused(relative, "the folder is a link that leaves the repository")]
                if outside
                else []
            )
        wanted: dict[str, str] = {}
        refused: list[RawFile] = []
        self._walk(real, relative, wanted, refused, {real})
        files = self._read([(path, blob) for path, blob in sorted(wanted.items())])
        return sorted([*files, *refused], key=lambda f: f.path)

    def _walk(
        self, real: str, shown: str, wanted: dict[str, str], refused: list[RawFile], seen: set[str]
    ) -> None:
        links: list[tuple[str, str]] = []
        for name in sorted(self._folders[real]):
            if name.startswith("."):
                continue
            inside = f"{real}/{name}" if real else name
            path = f"{shown}/{name}" if shown else name
            if inside in self._folders:
                if inside in seen:
                    said = "the folder is reached by a link a second time"
                    refused.append(_refused(path, said))
                else:
                    seen.add(inside)
                    self._walk(inside, path, wanted, refused, seen)
            elif self._blobs[inside][0] == _LINK:
                links.append((inside, path))
            elif name.endswith(SUFFIXES):
                wanted[path] = self._blobs[inside][1]
        for inside, path in links:
            target = self._resolve(inside)
            if target in self._folders and target is not None:
                if target in seen:
                    refused.append(
                        _refused(path, "the folder is a link to one that is already read")
                    )
                else:
                    seen.add(target)
                    self._walk(target, path, wanted, refused, seen)
            elif path.endswith(SUFFIXES):
                if target is not None and target in self._blobs:
                    wanted[path] = self._blobs[target][1]
                else:
                    refused.append(
                        _refused(path, "the file is a link that leads nowhere in the repository")
                    )

    def _resolve(self, path: str) -> str | None:
        """Return what a path really is, following links inside the repository; None outside it."""
        for _ in range(40):
            steps = path.split("/") if path else []
            for depth in range(1, len(steps) + 1):
                head = "/".join(steps[:depth])
                entry = self._blobs.get(head)
                if entry is not None and entry[0] == _LINK:
                    link = os.fsdecode(_git(self.root, "cat-file", "blob", entry[1]))
                    if link.startswith("/"):
                        return None
                    joined = posixpath.join(posixpath.dirname(head), link, *steps[depth:])
                    path = posixpath.normpath(joined)
                    break
            else:
                return path
            if path == ".." or path.startswith("../"):
                return None
            path = "" if path == "." else path
        return None

    def file(self, path: str) -> RawFile | None:
        """Return one file as it was."""
        if path not in self._blobs:
            return None
        target = self._resolve(path)
        if target is None or target not in self._blobs:
            return _refused(path, "the file is a link that leads nowhere in the repository")
        return self._read([(path, self._blobs[target][1])])[0]

    def _read(self, wanted: list[tuple[str, str]]) -> list[RawFile]:
        if not wanted:
            return []
        feed = "".join(f"{blob}\n" for _, blob in wanted).encode()
        data = _git(self.root, "cat-file", "--batch", feed=feed)
        files, at = [], 0
        for path, _ in wanted:
            end = data.index(b"\n", at)
            header = data[at:end].split()
            if header[-1] == b"missing":  # a partial clone
                files.append(_refused(path, "git does not have this file here"))
                at = end + 1
                continue
            size = int(header[2])
            files.append(RawFile(path, data[end + 1 : end + 1 + size]))
            at = end + 2 + size
        return files


def _refused(path: str, why: str) -> RawFile:
    fix = "Put the file itself into the repository."
    return RawFile(path, b"", Problem("YML-011", why, fix=fix))


def _folders_of(paths: Iterable[str]) -> dict[str, set[str]]:
    """Return the names directly under each folder; the root is the empty text."""
    folders: dict[str, set[str]] = {"": set()}
    for path in paths:
        inside = path
        while inside:
            inside, _, name = inside.rpartition("/")
            known = folders.setdefault(inside, set())
            if name in known:
                break
            known.add(name)
    return folders

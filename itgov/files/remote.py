"""A portfolio repository that an address names, copied to this machine for as long as it is read.

What is read is copied; of every other file its name alone, since evidence may be the path of any file.
git's own files are left out: a copy has no history.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from itgov.files.file_names import is_read
from itgov.files.git_dir import find_git_dir
from itgov.files.reader import MAX_BYTES
from itgov.model.errors import ItgovError

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

_PROTOCOLS = ("s3", "gs", "gcs", "abfs", "abfss", "az", "file", "memory")
"""Where files simply lie: others wrap one in another, or run programs."""
_AT_ONCE = 64 * 1024 * 1024
"""Bytes that are fetched at a time."""
_OF_PATTERNS = frozenset("*?[")
"""What makes fsspec take the name of a file for a pattern, where it is given several."""


class RemoteError(ItgovError):
    """A repository cannot be fetched; the text says why and what to do."""


@contextmanager
def local_copy(address: str) -> Iterator[Path]:
    """Give the folder at an address: itself, where it is on this machine, else a copy.

    Raises `RemoteError`.
    """
    protocol = address.partition("://")[0]
    if protocol not in _PROTOCOLS:
        raise RemoteError(f"`{protocol}://` cannot be read (use {', '.join(_PROTOCOLS)})")
    try:
        from fsspec.core import url_to_fs
    except ImportError:
        raise RemoteError(
            f"`{protocol}://` needs the extra `cluster`: pip install 'itgov[cluster]'"
        ) from None
    try:
        files, top = url_to_fs(address)
    except (ImportError, ValueError) as error:
        raise RemoteError(f"`{address}` cannot be read: {error}") from None
    if protocol == "file":
        yield Path(top)
        return
    import tempfile

    with tempfile.TemporaryDirectory(prefix="itgov-") as folder:
        if find_git_dir(folder) is not None:
            raise RemoteError(
                f"`{folder}` lies in a git repository, whose history is not the portfolio's: let TMPDIR name"
                " another folder"
            )
        _copy(files, top, Path(folder), address)
        yield Path(folder)


def _copy(files: AbstractFileSystem, top: str, folder: Path, address: str) -> None:
    try:
        there: Mapping[str, Mapping[str, Any]] = files.find(top, detail=True)
        start = len(top.rstrip("/")) + 1
        names = {path: path[start:] for path in there if not _is_left_out(path[start:])}
        if not any(n == "itgov.yaml" or n.startswith("portfolios/") for n in names.values()):
            raise RemoteError(
                f"no portfolio found: `{address}` has neither `portfolios/` nor `itgov.yaml`"
            )
        wanted = [path for path, name in names.items() if is_read(name.rpartition("/")[2])]
        sizes = [min(int(there[path].get("size") or 0), MAX_BYTES + 1) for path in wanted]
        for part in _batches(wanted, sizes):
            found = _fetched(files, part, there)
            for path in part:
                name = names.pop(path)
                if path not in found:
                    raise RemoteError(
                        f"`{name}` of `{address}` is listed and was not sent: try again"
                    )
                _write(folder, name, found[path])
        for name in names.values():
            _write(folder, name, b"")
    except ItgovError:
        raise
    except Exception as error:  # each kind of storage has errors of its own
        what = str(error) or type(error).__name__
        raise RemoteError(f"`{address}` cannot be fetched: {what}") from error


def _is_left_out(name: str) -> bool:
    """Say whether a name is that of a folder, or of git's own."""
    return not name or name.endswith("/") or ".git" in name.casefold().split("/")


def _fetched(
    files: AbstractFileSystem, paths: Sequence[str], there: Mapping[str, Mapping[str, Any]]
) -> dict[str, bytes]:
    large = {path for path in paths if int(there[path].get("size") or 0) > MAX_BYTES}
    like_patterns = {path for path in paths if not _OF_PATTERNS.isdisjoint(path)}
    apart = large | like_patterns
    together = [path for path in paths if path not in apart]
    found: dict[str, bytes] = dict(files.cat(together)) if together else {}
    for path in large:  # no more than tells that it is too large
        found[path] = files.cat_file(path, start=0, end=MAX_BYTES + 1)
    for path in like_patterns - large:
        found[path] = files.cat_file(path)
    return found


def _batches(paths: Sequence[str], sizes: Sequence[int]) -> Iterator[list[str]]:
    batch: list[str] = []
    total = 0
    for path, size in zip(paths, sizes, strict=True):
        if batch and total + size > _AT_ONCE:
            yield batch
            batch, total = [], 0
        batch.append(path)
        total += size
    if batch:
        yield batch


def _write(folder: Path, name: str, data: bytes) -> None:
    """Write a file that no other has the name of, also where names differ in case alone."""
    parts = name.split("/")
    if any(p in ("", ".", "..") or "\0" in p or (os.sep != "/" and os.sep in p) for p in parts):
        raise RemoteError(f"`{name}` is no name that a file can have: rename it")
    path = folder.joinpath(*parts)
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "xb") as file:
        file.write(data)

"""What the cache holds, kind by kind, and taking all of it away."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress

from msgspec import Struct

from itgov.files.cache import KINDS, MAGIC, MOST_BYTES, place


class KindKept(Struct):
    """How much is kept of one kind."""

    kind: str
    holds: str
    """In words; empty for a kind that another version kept."""
    entries: int
    bytes: int


class CacheContents(Struct):
    """Where the cache is, and what it holds."""

    folder: str
    unused: str
    """Why nothing is taken from it or kept there; empty where it is in use."""
    kinds: list[KindKept]
    most_bytes: int = MOST_BYTES
    """Bytes of one kind from which those go that were used least recently."""

    @property
    def entries(self) -> int:
        """How many results are kept."""
        return sum(k.entries for k in self.kinds)

    @property
    def bytes(self) -> int:
        """How many bytes these take."""
        return sum(k.bytes for k in self.kinds)


def cache_contents() -> CacheContents:
    """Look at what is kept now, also where it is not used.  Raises OSError."""
    folder, unused = place()
    kept = {kind: KindKept(kind, words, 0, 0) for kind, words in KINDS.items()}
    for kind, _, size in _entries(folder):
        found = kept.setdefault(kind, KindKept(kind, "", 0, 0))
        found.entries += 1
        found.bytes += size
    return CacheContents(folder, unused, list(kept.values()))


def clear_cache() -> CacheContents:
    """Delete all that is kept, and return what it was.  Raises OSError.

    Nothing else is touched: no link is followed, and a file that is no entry stays.
    """
    before = cache_contents()
    for _, path, _ in _entries(before.folder):
        with suppress(FileNotFoundError):  # another process has
            os.unlink(path)
    return before


def _entries(folder: str) -> Iterator[tuple[str, str, int]]:
    """Yield kind, path and size of every entry, of other versions as well."""
    for kind in _listed(folder) if os.path.isabs(folder) else ():
        if not kind.is_dir(follow_symlinks=False):
            continue
        for entry in _listed(kind.path):
            with suppress(FileNotFoundError):
                if entry.is_file(follow_symlinks=False) and _is_ours(entry.path):
                    yield kind.name, entry.path, entry.stat(follow_symlinks=False).st_size


def _listed(folder: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda e: e.name)
    except FileNotFoundError:
        return []


_START = MAGIC[: MAGIC.rindex(b"-") + 1]
"""What the entries of every version begin with."""


def _is_ours(path: str) -> bool:
    with open(path, "rb") as handle:
        return handle.read(len(_START)) == _START

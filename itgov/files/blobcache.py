"""Work kept by its content: what was computed from the same bytes is never computed again.

Entries live in the user's cache folder, one file each: a checksum and msgpack of typed records,
never anything that could run.  The key holds the program's own state, so that a newer program
reads nothing of an older one.  What is cut short, touched or of another shape counts as missing.
`ITGOV_CACHE=off` switches it off; the folder can be deleted at any time.
"""

from __future__ import annotations

import os
import sys
import time
import zlib
from functools import lru_cache
from hashlib import blake2b

MAGIC = b"itgov-kept-1\n"
MOST_BYTES = 256 * 1024 * 1024
MOST_ENTRIES = 50_000
_LARGEST = 64 * 1024 * 1024
_DAY = 86_400


class Store:
    """Bytes kept by key in the folder `name` of the cache; the least used go when it is full."""

    def __init__(self, name: str) -> None:
        self.folder = cache_folder(name)
        self.hits = 0
        self.misses = 0
        self.kept = 0

    def key(self, *parts: str | bytes) -> str:
        """Return the key of what follows from `parts` and from the program itself."""
        state = blake2b(digest_size=20)
        for part in (program(), *parts):
            data = part if isinstance(part, bytes) else part.encode("utf-8", "surrogateescape")
            state.update(f"{len(data)}:".encode())
            state.update(data)
        return state.hexdigest()

    def get(self, key: str) -> bytes | None:
        """Return what was kept under a key, or None."""
        found = self._read(key)
        if found is None:
            self.misses += 1
        else:
            self.hits += 1
        return found

    def _read(self, key: str) -> bytes | None:
        if self.folder is None:
            return None
        path = os.path.join(self.folder, key)
        try:
            with open(path, "rb") as handle:
                stored = handle.read(_LARGEST)
                age = time.time() - os.fstat(handle.fileno()).st_mtime
            if age > _DAY:
                os.utime(path)  # used: not among the first to go
        except OSError:
            return None
        head = len(MAGIC) + 16
        if stored[: len(MAGIC)] != MAGIC or stored[len(MAGIC) : head] != _checksum(stored[head:]):
            return None
        try:
            return zlib.decompress(stored[head:])
        except zlib.error:
            return None

    def put(self, key: str, data: bytes) -> None:
        """Keep `data` under a key; a cache that cannot be written is no reason to fail."""
        if self.folder is None or len(data) > _LARGEST:
            return
        packed = zlib.compress(data, 1)
        path = os.path.join(self.folder, key)
        temporary = f"{path}.{os.getpid()}"
        try:
            os.makedirs(self.folder, mode=0o700, exist_ok=True)
            with open(temporary, "wb") as handle:
                handle.write(MAGIC + _checksum(packed) + packed)
            os.replace(temporary, path)
            self.kept += 1
        except OSError:
            return

    def tidy(self) -> None:
        """Delete what was used least recently, where the store has outgrown its bounds."""
        if self.folder is None:
            return
        try:
            with os.scandir(self.folder) as entries:
                stats = [(e.stat(), e.path) for e in entries if e.is_file(follow_symlinks=False)]
            total = sum(s.st_size for s, _ in stats)
            if total <= MOST_BYTES and len(stats) <= MOST_ENTRIES:
                return
            left = len(stats)
            for stat, path in sorted(stats, key=lambda s: s[0].st_mtime_ns):
                if total <= MOST_BYTES * 0.8 and left <= MOST_ENTRIES * 0.8:
                    return
                os.unlink(path)
                total, left = total - stat.st_size, left - 1
        except OSError:
            return


def cache_folder(name: str) -> str | None:
    """Return a folder of the user's cache, or None where it is switched off or has no place."""
    if os.environ.get("ITGOV_CACHE", "").lower() in ("off", "0", "no"):
        return None
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return os.path.join(base, "itgov", name) if os.path.isabs(base) else None


@lru_cache(maxsize=1)
def program() -> str:
    """Return what tells one state of the program from another: version, Python, its own files."""
    import itgov

    here = os.path.dirname(os.path.abspath(itgov.__file__))
    newest = 0
    for folder, folders, names in os.walk(here):
        folders[:] = [f for f in folders if f != "__pycache__"]
        for name in names:
            newest = max(newest, os.stat(os.path.join(folder, name)).st_mtime_ns)
    return "\0".join((itgov.__version__, sys.version, here, str(newest)))


def _checksum(data: bytes) -> bytes:
    return blake2b(data, digest_size=16).digest()

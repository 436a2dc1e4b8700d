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
from collections.abc import Callable
from functools import lru_cache
from hashlib import blake2b

import msgspec
from msgspec import structs

from itgov.files.document import Document
from itgov.files.load import ReadFile, read_file
from itgov.files.problem import Problem
from itgov.files.sources import RawFile
from itgov.model.finding import Place
from itgov.model.types import OrganisationFile, UnitFile

MAGIC = b"itgov-kept-1\n"
MOST_BYTES = 256 * 1024 * 1024
MOST_ENTRIES = 50_000
_LARGEST = 64 * 1024 * 1024
_DAY = 86_400


class Cache:
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


class _Organisational(msgspec.Struct, array_like=True, tag="organisation"):
    kept: OrganisationFile


class _Unitary(msgspec.Struct, array_like=True, tag="unit"):
    kept: UnitFile


class _Entry(msgspec.Struct, array_like=True):
    """What one file says, without its text; `spans` are the places of its problems."""

    content: _Organisational | _Unitary | None
    problems: list[Problem]
    spans: list[tuple[int, int, Place]]
    tells_people: bool = False

    def of(self, path: str) -> ReadFile:
        """Return it as the file at a path."""
        content = self.content.kept if self.content is not None else None
        return ReadFile(Placeless(path, self.spans), content, self.problems, self.tells_people)


class Placeless(Document):
    """A file whose text is not at hand: it knows the places of its problems and no others."""

    __slots__ = ("spans",)

    def __init__(self, path: str, spans: list[tuple[int, int, Place]]) -> None:
        super().__init__(path, b"")
        self.spans = spans

    def span(self, start: int, end: int) -> Place:
        """Return the place from `start` to `end`, or the file's first line if it is not known."""
        for known_start, known_end, place in self.spans:
            if (known_start, known_end) == (start, end):
                return Place(self.path, place.line, place.column, place.end_line, place.end_column)
        return Place(self.path)


class ParsedFiles:
    """Portfolio files by the id of their blob, each parsed once ever.

    What is returned holds no text: findings on it have their file, and problems of the file itself
    their line as well.
    """

    MOST = 4_000
    """Files held in memory; the store has the others."""

    def __init__(self) -> None:
        self.store = Cache("files")
        self.parsed = 0
        self._memory: dict[str, _Entry] = {}

    def read(self, path: str, blob: str | None, load: Callable[[], RawFile]) -> ReadFile:
        """Return what a file says; `load` is only asked where its blob was never parsed."""
        if blob is None:
            return read_file(load())
        found = self.find(path, blob)
        if found is not None:
            return found
        raw = load()
        file = read_file(raw)
        self.parsed += 1
        if raw.problem is None:
            self.keep(path, blob, file)
        return file

    def find(self, path: str, blob: str) -> ReadFile | None:
        """Return what a file says if its blob was ever parsed, else None."""
        for key in self._keys(path, blob):
            kept = self._memory.get(key) or self._recall(key)
            if kept is not None:
                return kept.of(path)
        return None

    def keep(self, path: str, blob: str, file: ReadFile) -> None:
        """Keep what a file says under its blob."""
        clean = file.content not in (None, OrganisationFile()) and not file.problems
        self._keep(self._keys(path, blob)[0 if clean else 1], file)

    def _keys(self, path: str, blob: str) -> list[str]:
        # a file's name tells only of one that is wrong or empty what it was meant to be
        return [self.store.key("file", blob), self.store.key("file", blob, _stem(path))]

    def _recall(self, key: str) -> _Entry | None:
        packed = self.store.get(key)
        if packed is None:
            return None
        try:
            entry = self._memory[key] = _decoder.decode(packed)
        except (msgspec.DecodeError, ValueError):
            return None
        return entry

    def _keep(self, key: str, file: ReadFile) -> None:
        content, document = file.content, file.document
        offsets = {(p.start, p.end) for p in file.problems}
        offsets |= {(p.other, p.other + 1) for p in file.problems if p.other is not None}
        spans = [
            (start, end, structs.replace(document.span(start, end), path=""))
            for start, end in sorted(offsets)
        ]
        boxed: _Organisational | _Unitary | None = None
        if isinstance(content, OrganisationFile):
            boxed = _Organisational(content)
        elif isinstance(content, UnitFile):
            boxed = _Unitary(content)
        if len(self._memory) >= self.MOST:
            self._memory.clear()
        entry = self._memory[key] = _Entry(boxed, file.problems, spans, file.tells_people)
        self.store.put(key, _encoder.encode(entry))


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(_Entry)


def _stem(path: str) -> str:
    return path.rsplit("/", 1)[-1].rsplit(".", 1)[0]


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

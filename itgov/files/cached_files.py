"""Reading the files on disk again and again: what was ever parsed is not parsed once more."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from itgov.files.cache import Cache, ParsedFiles
from itgov.files.document import Document, Route
from itgov.files.git_objects import blob_id
from itgov.files.load import ReadFile, read_file, read_files
from itgov.files.reader import MAX_BYTES
from itgov.files.sources import RawFile

_ARRAYS = ("starts", "values", "ends", "sizes")
_POSITIONS = frozenset(["keys", *_ARRAYS, "kept", "blanks", "has_blocks"])


class LazyDocument(Document):
    """A file whose text is at hand, and whose positions are looked up when one is first wanted."""

    __slots__ = ("_store",)

    def __init__(self, path: str, raw: bytes, store: Cache) -> None:
        self.path = path
        self.raw = raw
        self._text = None
        self._lines = None
        self._children = {}
        self._indexes = {}
        self._store = store

    def __getattr__(self, name: str) -> Any:
        # only ever called for a slot that is still empty
        if name not in _POSITIONS:
            raise AttributeError(name)
        packed = self._store.get(_key(self._store, self.path, self.raw))
        if packed is None or not _unpack(packed, self):
            found = read_file(RawFile(self.path, self.raw)).document
            for slot in _POSITIONS:
                setattr(self, slot, getattr(found, slot))
        return object.__getattribute__(self, name)


class CachedReader:
    """Reads portfolio files, on one reading after another.

    A file that is as it was gives the very same result; one whose content was ever parsed, here or
    in an earlier run, is not parsed.  `ITGOV_CACHE=off` leaves only the first.
    """

    def __init__(self) -> None:
        self.parsed = 0
        """How many files were parsed."""
        self._kept = ParsedFiles()
        self._places = Cache("places")
        self._last: dict[str, tuple[RawFile, ReadFile]] = {}

    def missing(self, files: Sequence[RawFile]) -> int:
        """Return how many bytes of these files would have to be parsed."""
        return sum(len(f.data) for f in files if self._known(f) is None)

    def read(
        self, files: Sequence[RawFile], progress: Callable[[str, float], None] | None = None
    ) -> list[ReadFile]:
        """Read files; `progress` is told "Reading" and the share that is done."""
        found = {f.path: self._known(f) for f in files}
        missing = [f for f in files if found[f.path] is None]
        for raw, file in zip(missing, read_files(missing, progress), strict=True):
            self.parsed += 1
            self._keep(raw, file)
            found[raw.path] = file
        if missing:
            self._places.tidy()
        self._last = {f.path: (f, one) for f in files if (one := found[f.path]) is not None}
        return [self._last[f.path][1] for f in files]

    def _known(self, raw: RawFile) -> ReadFile | None:
        last = self._last.get(raw.path)
        if last is not None and last[0] == raw:
            return last[1]
        if self._kept.store.folder is None or raw.problem is not None or len(raw.data) > MAX_BYTES:
            return None
        found = self._kept.find(raw.path, blob_id(raw.data))
        if found is None:
            return None
        found.document = LazyDocument(raw.path, raw.data, self._places)
        self._last[raw.path] = raw, found
        return found

    def _keep(self, raw: RawFile, file: ReadFile) -> None:
        if self._kept.store.folder is None or raw.problem is not None or len(raw.data) > MAX_BYTES:
            return
        try:
            self._kept.keep(raw.path, blob_id(raw.data), file)
            self._places.put(_key(self._places, raw.path, raw.data), _pack(file.document))
        except UnicodeEncodeError:  # half a surrogate, written as an escape
            return


def _key(store: Cache, path: str, raw: bytes) -> str:
    return store.key("places", path.rsplit("/", 1)[-1], blob_id(raw))


def _pack(document: Document) -> bytes:
    arrays = [getattr(document, name).tobytes() for name in _ARRAYS]
    return msgspec.msgpack.encode([document.keys, *arrays, list(document.kept.items())])


class _Packed(msgspec.Struct, array_like=True):
    keys: list[str | int]
    starts: bytes
    values: bytes
    ends: bytes
    sizes: bytes
    kept: list[tuple[Route, list[int]]]


_decoder = msgspec.msgpack.Decoder(_Packed)


def _unpack(packed: bytes, into: Document) -> bool:
    """Give a document the positions that were kept; return whether they are sound."""
    try:
        found = _decoder.decode(packed)
        for name in _ARRAYS:
            positions = array("I", getattr(found, name))
            if len(positions) != len(found.keys):
                return False
            setattr(into, name, positions)
    except (msgspec.DecodeError, ValueError):
        return False
    into.keys, into.kept = found.keys, dict(found.kept)
    into.blanks, into.has_blocks = [], False
    return True

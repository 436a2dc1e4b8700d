"""Reading portfolio files again and again: what was ever parsed is not parsed once more."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import structs

from itgov.files.document import Document, Route
from itgov.files.kept_positions import ARRAYS, Positions
from itgov.files.load import Organisational, ReadFile, Unitary, boxed, read_file, read_files
from itgov.files.parallel import Progress
from itgov.files.places import locate
from itgov.files.problem import Problem
from itgov.files.reader import MAX_BYTES
from itgov.files.sources import RawFile
from itgov.files.typed_cache import TypedCache
from itgov.model.fields import Kind
from itgov.model.finding import Place
from itgov.model.portfolio import Source
from itgov.model.types import OrganisationFile

if TYPE_CHECKING:
    from itgov.files.parallel import Executor

_POSITIONS = frozenset(["keys", *ARRAYS, "original_indexes", "blanks", "blank_items", "has_blocks"])

UNIT: Route = ("business_unit",)
"""Where a file's business unit stands in it."""


class _Entry(msgspec.Struct, array_like=True):
    """What one file says, without its text; `spans` are the places of its problems.

    `unit` is the place of the business unit in it, which every view of health shows.
    """

    content: Organisational | Unitary | None
    problems: list[Problem]
    spans: list[tuple[int, int, Place]]
    mentions: str = ""
    named: dict[Kind, list[str]] | None = None
    unit: Place | None = None

    def of(self, path: str) -> ReadFile:
        """Return it as the file at a path."""
        content = self.content.content if self.content is not None else None
        document = TextlessDocument(path, self.spans, self.unit)
        return ReadFile(document, content, self.problems, self.mentions, self.named)


class TextlessDocument(Document):
    """A file whose text is not at hand: it knows the places of its problems and no others."""

    __slots__ = ("spans", "unit")

    def __init__(self, path: str, spans: list[tuple[int, int, Place]], unit: Place | None) -> None:
        super().__init__(path, b"")
        self.spans = spans
        self.unit = unit

    def span(self, start: int, end: int) -> Place:
        """Return the place from `start` to `end`, or the file's first line if it is not known."""
        for known_start, known_end, place in self.spans:
            if (known_start, known_end) == (start, end):
                return Place(self.path, place.line, place.column, place.end_line, place.end_column)
        return Place(self.path)


class ParsedFiles:
    """Portfolio files by an id of their content, each parsed once ever.

    The id is git's for what a commit has, which is not loaded then, else `id_of` the bytes.
    What is returned holds no text: findings on it have their file, and problems of the file itself
    their line as well.
    """

    MOST = 4_000
    """Files held in memory; the cache on disk has the others."""

    def __init__(self) -> None:
        self.cache = TypedCache("files", _Entry)
        self.parsed = 0
        self._memory: dict[str, _Entry] = {}

    def id_of(self, data: bytes) -> str:
        """Return an id that the author of a file cannot know, nor give to another content."""
        return self.cache.key("content", data)

    def read(self, path: str, blob: str | None, load: Callable[[], RawFile]) -> ReadFile:
        """Return what a file says; `load` is only asked where its blob was never parsed."""
        if blob is None:
            return read_file(load())
        found = self.find(path, blob)
        if found is not None:
            return found
        raw = load()
        file = self.find(path, self.id_of(raw.data)) if raw.problem is None else None
        if file is None:
            file = read_file(raw)
            self.parsed += 1
        if raw.problem is None:
            self.keep(path, blob, file)
        return file

    def find(self, path: str, content: str) -> ReadFile | None:
        """Return what a file says if the content with this id was ever parsed, else None."""
        for key in self._keys(path, content):
            kept = self._memory.get(key) or self._recall(key)
            if kept is not None:
                return kept.of(path)
        return None

    def keep(self, path: str, content: str, file: ReadFile, *, later: bool = False) -> None:
        """Keep what a file says by the id of its content; with `later` until the cache is written."""
        clean = file.content not in (None, OrganisationFile()) and not file.problems
        self._keep(self._keys(path, content)[0 if clean else 1], file, later)

    def _keys(self, path: str, content: str) -> list[str]:
        # a file's name tells only of one that is wrong or empty what it was meant to be
        return [self.cache.key("file", content), self.cache.key("file", content, _stem(path))]

    def _recall(self, key: str) -> _Entry | None:
        entry = self.cache.recall(key)
        if entry is not None:
            self._memory[key] = entry
        return entry

    def _keep(self, key: str, file: ReadFile, later: bool) -> None:
        content, document = file.content, file.document
        offsets = {(p.start, p.end) for p in file.problems}
        offsets |= {(p.other, p.other + 1) for p in file.problems if p.other is not None}
        spans = [
            (start, end, structs.replace(document.span(start, end), path=""))
            for start, end in sorted(offsets)
        ]
        if len(self._memory) >= self.MOST:
            self._memory.clear()
        unit = locate({"": document}, Source("", UNIT), None)
        entry = self._memory[key] = _Entry(
            boxed(content), file.problems, spans, file.mentions, file.named,
            structs.replace(unit, path=""),
        )  # fmt: skip
        self.cache.keep(key, entry, later=later)


def _stem(path: str) -> str:
    return path.rsplit("/", 1)[-1].rsplit(".", 1)[0]


# -- with the text at hand ------------------------------------------------------------------


class LazyDocument(Document):
    """A file whose text is at hand, and whose positions are looked up when one is first wanted."""

    __slots__ = ("_key", "_places", "_unit")

    def __init__(
        self,
        path: str,
        raw: bytes,
        places: TypedCache[Positions],
        key: str,
        unit: Place | None = None,
    ) -> None:
        self.path = path
        self.raw = raw
        self._text = None
        self._lines = None
        self._children = {}
        self._indexes = {}
        self._last = ((), 0)
        self._places = places
        self._key = key
        self._unit = unit

    def known_place(self, route: Route) -> Place | None:
        """Return the place of the business unit, for which no position is to be looked up."""
        if route != UNIT or self._unit is None:
            return None
        return structs.replace(self._unit, path=self.path)

    def __getattr__(self, name: str) -> Any:
        # only ever called for a slot that is still empty
        if name not in _POSITIONS:
            raise AttributeError(name)
        known = self._places.recall(self._key)
        if known is None or not known.give(self):
            found = read_file(RawFile(self.path, self.raw)).document
            for slot in _POSITIONS:
                setattr(self, slot, getattr(found, slot))
        return object.__getattribute__(self, name)


class CachedReader:
    """Reads portfolio files, on one reading after another.

    A file that is as it was gives the very same result; one whose content was ever parsed, here or
    in an earlier run, is not parsed.  `ITGOV_CACHE=off` leaves only the first.  `executor` is as in
    `read_files`.
    """

    def __init__(self, executor: Executor | None = None) -> None:
        self.parsed = 0
        """How many files were parsed."""
        self._executor = executor
        self._parsed = ParsedFiles()
        self._places = TypedCache("places", Positions)
        self._last: dict[str, tuple[RawFile, ReadFile]] = {}
        self._ids: dict[str, tuple[bytes, str]] = {}

    def missing(self, files: Sequence[RawFile]) -> int:
        """Return how many bytes of these files would have to be parsed."""
        return sum(len(f.data) for f in files if self._known(f) is None)

    def read(self, files: Sequence[RawFile], progress: Progress | None = None) -> list[ReadFile]:
        """Read files; `progress` is told "Reading" and the share that is done."""
        found = self.read_some(files, progress)
        self._last = dict(zip((f.path for f in files), zip(files, found, strict=True), strict=True))
        return found

    def read_some(
        self, files: Sequence[RawFile], progress: Progress | None = None
    ) -> list[ReadFile]:
        """Read some of the files; what was read of others is still remembered."""
        found = {f.path: self._known(f) for f in files}
        missing = [f for f in files if found[f.path] is None]
        made = read_files(missing, progress, self._executor)
        for raw, file in zip(missing, made, strict=True):
            self.parsed += 1
            self._keep(raw, file)
            self._last[raw.path] = raw, file
            found[raw.path] = file
        return [one for f in files if (one := found[f.path]) is not None]

    def _known(self, raw: RawFile) -> ReadFile | None:
        last = self._last.get(raw.path)
        if last is not None and last[0] == raw:
            return last[1]
        if self._places.folder is None or raw.problem is not None or len(raw.data) > MAX_BYTES:
            return None
        content = self.id_of(raw)
        found = self._parsed.find(raw.path, content)
        if found is None:
            return None
        key = self._places_key(raw.path, content)
        kept = found.document
        unit = kept.unit if isinstance(kept, TextlessDocument) else None
        found.document = LazyDocument(raw.path, raw.data, self._places, key, unit)
        self._last[raw.path] = raw, found
        return found

    def id_of(self, raw: RawFile) -> str:
        """Return an id of a file's content: see `ParsedFiles.id_of`."""
        known = self._ids.get(raw.path)
        if known is None or known[0] is not raw.data:
            known = self._ids[raw.path] = raw.data, self._parsed.id_of(raw.data)
        return known[1]

    def _keep(self, raw: RawFile, file: ReadFile) -> None:
        if self._places.folder is None or raw.problem is not None or len(raw.data) > MAX_BYTES:
            return
        content = self.id_of(raw)
        self._parsed.keep(raw.path, content, file, later=True)
        positions = Positions.of(file.document)
        self._places.keep(self._places_key(raw.path, content), positions, later=True)

    def _places_key(self, path: str, content: str) -> str:
        return self._places.key("places", path.rsplit("/", 1)[-1], content)

    def save(self) -> None:
        """Keep for a later run what was read."""
        self._parsed.cache.write()
        self._places.write()

"""The files of a portfolio that is checked part by part: each is read when it is wanted, and let go."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from itgov.files.document import Document
from itgov.files.load import ORGANISATION_KEYS, kind_of
from itgov.files.reader import without_positions
from itgov.files.sources import FoundFile, RawFile
from itgov.model.types import OrganisationFile


class PartFiles(Sequence[RawFile]):
    """Files that are read when they are wanted, and sent to a worker as what they hold then."""

    def __init__(self, found: Sequence[FoundFile]) -> None:
        self.found = found

    def __len__(self) -> int:
        return len(self.found)

    def __getitem__(self, at: Any) -> Any:
        return self.found[at].read()

    def __iter__(self) -> Iterator[RawFile]:
        return (file.read() for file in self.found)

    def __reduce__(self) -> tuple[Any, ...]:
        return list, (list(self),)


class LazyDocuments(Mapping[str, Document]):
    """The documents of found files, without positions: one at a time is in memory."""

    def __init__(self, files: Iterable[FoundFile], others: Mapping[str, Document]) -> None:
        self._files = {file.path: file for file in files}
        self._others = others
        self._last: Document | None = None

    def __getitem__(self, path: str) -> Document:
        if path in self._others:
            return self._others[path]
        if self._last is None or self._last.path != path:
            self._last = without_positions(path, self._files[path].read().data)
        return self._last

    def __iter__(self) -> Iterator[str]:
        yield from {**dict.fromkeys(self._files), **dict.fromkeys(self._others)}

    def __len__(self) -> int:
        return len(self._files.keys() | self._others.keys())


def is_organisational(file: FoundFile) -> bool:
    """Say whether a file looks as if it were about the organisation."""
    if kind_of(file.path, None) is OrganisationFile:
        return True
    data = b"\n" + file.read().data
    return any(f"\n{key}:".encode() in data for key in ORGANISATION_KEYS)


def cut(files: Sequence[FoundFile], size: int) -> list[list[FoundFile]]:
    """Return files in parts of about a size, each of files that lie beside each other."""
    parts: list[list[FoundFile]] = [[]]
    held = 0
    for file in files:
        if parts[-1] and held + file.size > size:
            parts.append([])
            held = 0
        parts[-1].append(file)
        held += file.size
    return [part for part in parts if part]


def batches(groups: Iterable[list[FoundFile]], size: int) -> list[list[FoundFile]]:
    """Return groups in parts of about a size; none is cut."""
    parts: list[list[FoundFile]] = [[]]
    held = 0
    for group in groups:
        own = sum(file.size for file in group)
        if parts[-1] and held + own > size:
            parts.append([])
            held = 0
        parts[-1] += group
        held += own
    return [sorted(part, key=lambda file: file.path) for part in parts]

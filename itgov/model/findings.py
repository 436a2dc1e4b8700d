"""Many findings in their order, of which some stay packed until somebody reads them."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from operator import attrgetter
from typing import TypeAlias, overload

import msgspec
from msgspec import Struct

from itgov.model.finding import Finding, Severity, fingerprints, sort_key

Kind: TypeAlias = tuple[str, str, Severity, bool]
"""Rule, path, severity, and whether it is waived."""
Key: TypeAlias = tuple[str, int, int, str, str]

_kind: Callable[[Finding], Kind] = attrgetter("rule", "path", "severity", "waived")
_DIGITS = 16
"""Of a fingerprint, that tell whether two may be alike."""


class PackedFindings(Struct, array_like=True):
    """Findings in their order as bytes, with what is asked of many at once.  There is one at least."""

    packed: bytes
    kinds: list[tuple[Kind, int]]
    """How many there are of each kind."""
    marks: bytes
    """Of each finding in its order what `marks_of` tells."""
    first: Key
    last: Key

    @classmethod
    def of(cls, findings: list[Finding]) -> PackedFindings:
        """Pack findings that are sorted and have their fingerprints.

        Raises `UnicodeEncodeError`: a file name may be no UTF-8.
        """
        kinds = list(Counter(map(_kind, findings)).items())
        first, last = sort_key(findings[0]), sort_key(findings[-1])
        return cls(_encode(findings), kinds, marks_of(findings).tobytes(), first, last)

    def unpack(self) -> list[Finding]:
        """Return the findings."""
        return _decode(self.packed)


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(list[Finding]).decode
Part: TypeAlias = list[Finding] | PackedFindings


def marks_of(part: Part) -> array[int]:
    """Return a number for each finding: those with the same fingerprint have the same."""
    found = array("Q")
    if isinstance(part, PackedFindings):
        found.frombytes(part.marks)
    else:
        digits = "".join(f[:_DIGITS] for f in fingerprints(part))
        found.frombytes(bytes.fromhex(digits))
    return found


def ends_of(part: Part) -> tuple[Key, Key]:
    """Return the sort keys of the first finding and the last."""
    if isinstance(part, PackedFindings):
        return part.first, part.last
    return sort_key(part[0]), sort_key(part[-1])


class FindingList(Sequence[Finding]):
    """Sorted parts of findings one after the other; what is packed is unpacked once it is reached."""

    def __init__(self, parts: Iterable[Part]) -> None:
        self._parts = list(parts)
        self._kinds: Counter[Kind] | None = None
        self._size: int | None = None

    def kinds(self) -> Counter[Kind]:
        """Return how many findings of each kind there are."""
        if self._kinds is None:
            self._kinds = Counter()
            for part in self._parts:
                if isinstance(part, PackedFindings):
                    for kind, count in part.kinds:
                        self._kinds[kind] += count
                else:
                    self._kinds.update(map(_kind, part))
        return self._kinds

    def _unpacked(self) -> Iterator[list[Finding]]:
        for at, part in enumerate(self._parts):
            found = part.unpack() if isinstance(part, PackedFindings) else part
            self._parts[at] = found
            yield found

    def __len__(self) -> int:
        if self._size is None:
            self._size = self.kinds().total()
        return self._size

    def __iter__(self) -> Iterator[Finding]:
        return chain.from_iterable(self._unpacked())

    @overload
    def __getitem__(self, at: int) -> Finding: ...
    @overload
    def __getitem__(self, at: slice) -> list[Finding]: ...
    def __getitem__(self, at: int | slice) -> Finding | list[Finding]:
        if len(self._parts) > 1:
            self._parts = [list(self)]
        whole = next(self._unpacked(), [])
        return whole[at]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]


def kinds_of(findings: Sequence[Finding]) -> Counter[Kind]:
    """Return how many findings of each kind there are."""
    return findings.kinds() if isinstance(findings, FindingList) else Counter(map(_kind, findings))

"""What judging takes in and gives back where the work is shared: small and serialisable."""

from __future__ import annotations

from functools import partial
from typing import Any

import msgspec
from msgspec import Struct

from itgov.files.document import Document
from itgov.files.shared_work import Form
from itgov.model.finding import Finding
from itgov.model.findings import PackedFindings, Part
from itgov.model.portfolio import Source, UnitEntry
from itgov.rules.verdicts import Verdicts


class JudgedPart(Struct, array_like=True):
    """What was found on some units, or beside them; small and serialisable."""

    packed: list[PackedFindings]
    """What another process found, or an earlier run: a list for each unit."""
    fresh: list[list[Finding]]
    """What was found here: a sorted list for each unit."""
    verdicts: list[Verdicts]

    @property
    def findings(self) -> list[Part]:
        """All that was found."""
        return [*self.packed, *self.fresh]

    def small(self) -> JudgedPart:
        """Return it with all findings packed.  Raises `UnicodeEncodeError`: a file name may be no UTF-8."""
        fresh = [PackedFindings.of(some) for some in self.fresh if some]
        return JudgedPart([*self.packed, *fresh], [], self.verdicts)


class UnitApart(Struct, array_like=True):
    """What was found on one unit, and by whom it may change: whom its rules look up among people.

    `around` is a digest of what they see of these; empty where there is none.
    """

    asked: dict[str, list[str]]
    around: bytes
    part: JudgedPart

    def small(self) -> UnitApart:
        """Return it with all findings packed, as `JudgedPart.small` does."""
        return UnitApart(self.asked, self.around, self.part.small())


class UnitFiles(Struct):
    """A business unit, and the documents that its records stand in."""

    unit: UnitEntry
    documents: dict[str, Document]

    @classmethod
    def of(cls, unit: UnitEntry, documents: dict[str, Document]) -> UnitFiles:
        """Take a unit's documents from those of its portfolio."""
        paths = dict.fromkeys(s.path for s in sources_of(unit))
        return cls(unit, {p: documents[p] for p in paths if p in documents})

    def __reduce__(self) -> tuple[Any, ...]:  # a document alone is sent without its text
        return _unit_files, (self.unit, self.documents, [d.raw for d in self.documents.values()])


def _unit_files(unit: UnitEntry, documents: dict[str, Document], texts: list[bytes]) -> UnitFiles:
    for document, raw in zip(documents.values(), texts, strict=True):
        document.raw = raw
    return UnitFiles(unit, documents)


def sources_of(unit: UnitEntry) -> list[Source]:
    """Return where the records of a unit stand."""
    inner = [e.source for e in unit.investments] + [e.source for e in unit.engagements]
    return [unit.source, *inner]


def as_bytes(found: JudgedPart | list[UnitApart]) -> bytes:
    """Return what was found as another process sends it.

    Raises `UnicodeEncodeError`: a file name may be no UTF-8.
    """
    small = found.small() if isinstance(found, JudgedPart) else [one.small() for one in found]
    return _encoder.encode(small)


_encoder = msgspec.msgpack.Encoder()
# without decoders: to make them takes longer than most starts need any
PART: Form[JudgedPart] = Form(as_bytes, partial(msgspec.msgpack.decode, type=JudgedPart))
UNITS_APART: Form[list[UnitApart]] = Form(
    as_bytes,
    partial(msgspec.msgpack.decode, type=list[UnitApart]),
    lambda units, found: len(units) == len(found),
)

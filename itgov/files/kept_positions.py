"""Positions of a document as bytes, to be kept beside what its file says."""

from __future__ import annotations

from array import array

import msgspec

from itgov.files.document import Document, Route

ARRAYS = ("starts", "values", "ends", "sizes")


class Positions(msgspec.Struct, array_like=True):
    """Where the values of a document are in its text."""

    keys: list[str | int]
    starts: bytes
    values: bytes
    ends: bytes
    sizes: bytes
    original_indexes: list[tuple[Route, list[int]]]

    @classmethod
    def of(cls, document: Document) -> Positions:
        """Return the positions of a document."""
        starts, values, ends, sizes = (getattr(document, name).tobytes() for name in ARRAYS)
        return cls(
            document.keys, starts, values, ends, sizes, list(document.original_indexes.items())
        )

    def give(self, document: Document) -> bool:
        """Give them to a document; return whether they are sound."""
        for name in ARRAYS:
            try:
                positions = array("I", getattr(self, name))
            except ValueError:
                return False
            if len(positions) != len(self.keys):
                return False
            setattr(document, name, positions)
        document.keys, document.original_indexes = self.keys, dict(self.original_indexes)
        document.blanks, document.has_blocks = [], False
        document.blank_items, document.long_texts = array("I"), array("I")
        return True

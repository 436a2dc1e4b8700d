"""Positions of a document as bytes, to be kept beside what its file says."""

from __future__ import annotations

from array import array

import msgspec

from itgov.files.document import Document, Route

ARRAYS = ("starts", "values", "ends", "sizes")


class Positions(msgspec.Struct, array_like=True):
    """Where the values of a document are in its text."""

    names: list[str | int]
    """Each key once: a few words make up all of a file's."""
    keys: bytes
    """Which of them each entry has."""
    starts: bytes
    values: bytes
    ends: bytes
    sizes: bytes
    original_indexes: list[tuple[Route, list[int]]]

    @classmethod
    def of(cls, document: Document) -> Positions:
        """Return the positions of a document."""
        starts, values, ends, sizes = (getattr(document, name).tobytes() for name in ARRAYS)
        numbers = {name: number for number, name in enumerate(dict.fromkeys(document.keys))}
        keys = array("I", map(numbers.__getitem__, document.keys)).tobytes()
        indexes = list(document.original_indexes.items())
        return cls(list(numbers), keys, starts, values, ends, sizes, indexes)

    def give(self, document: Document) -> bool:
        """Give them to a document; return whether they are sound."""
        try:
            document.keys = [self.names[number] for number in array("I", self.keys)]
            for name in ARRAYS:
                positions = array("I", getattr(self, name))
                if len(positions) != len(document.keys):
                    return False
                setattr(document, name, positions)
        except (ValueError, IndexError):
            return False
        document.original_indexes = dict(self.original_indexes)
        document.blanks, document.has_blocks = [], False
        document.blank_items, document.long_texts = array("I"), array("I")
        return True

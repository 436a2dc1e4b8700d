"""A text file and where each of its keys and values stands.

Positions are kept as three flat arrays of character offsets, one entry for each key of a mapping
and each item of a list, in the order of the text: cheap to fill for a million entries, cheap to
send from one process to another, and turned into lines and columns only for what is shown.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from codecs import BOM_UTF8
from collections.abc import Iterator
from itertools import accumulate
from typing import Any

import msgspec

from itgov.model.finding import Place
from itgov.model.lazy_patterns import lazy_pattern

QUOTED = lazy_pattern(r"""\"(?:\\.|[^\"\\])*\"|'(?:''|[^'])*'""", re.DOTALL)

Route = tuple[str | int, ...]
"""The way to a value: keys of mappings and indices of lists, from the top."""


_MANY = 400
"""Entries under a mapping from which its keys are looked up in an index."""


class Document:
    """The text of one file with the positions of everything in it.

    `path` is relative to the root of the repository, with forward slashes.
    """

    __slots__ = (
        "_children",
        "_indexes",
        "_last",
        "_lines",
        "_text",
        "blank_items",
        "blanks",
        "ends",
        "has_blocks",
        "keys",
        "long_texts",
        "original_indexes",
        "path",
        "raw",
        "sizes",
        "starts",
        "values",
    )

    def __init__(self, path: str, raw: bytes) -> None:
        self.path = path
        self.raw = raw
        self._text: str | None = None
        self.keys: list[str | int] = [""]
        self.starts = array("I", [0])
        """Offset at which the key (or the list item) starts."""
        self.values = array("I", [0])
        """Offset at which the value starts."""
        self.ends = array("I", [0])
        """Offset just after the value."""
        self.sizes = array("I", [1])
        """How many entries lie under this one, itself included."""
        self.original_indexes: dict[Route, list[int]] = {}
        """For a list that lost unusable items: the original index of each item that was kept."""
        self._lines: array[int] | None = None
        self.blanks: list[tuple[dict[str, Any], str]] = []
        """Keys that were left out because their value is blank, with the mapping of each."""
        self.blank_items = array("I")
        """Offsets of the items of lists that were left out because they are blank."""
        self.long_texts = array("I")
        """Entries of texts that were left out because they are too long."""
        self.has_blocks = False
        """Whether a text stands as a block (`|`, `>`), which ends in a line end."""
        self._children: dict[int, list[int]] = {}
        self._indexes: dict[int, dict[str | int, int]] = {}
        self._last: tuple[Route, int | None] = ((), 0)

    @property
    def text(self) -> str:
        """The text, without a byte order mark; what is no UTF-8 is shown as U+FFFD."""
        if self._text is None:
            self._text = self.raw.removeprefix(BOM_UTF8).decode(errors="replace")
        return self._text

    def __getstate__(self) -> tuple[object, ...]:
        keys = msgspec.msgpack.encode(self.keys)
        return (
            self.path,
            keys,
            self.starts,
            self.values,
            self.ends,
            self.sizes,
            self.original_indexes,
        )

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        self.path, keys, self.starts, self.values, self.ends, self.sizes, self.original_indexes = (
            state
        )
        self.keys = msgspec.msgpack.decode(keys)
        self.raw = b""  # the process that sent it has the bytes
        self._text = None
        self._lines = None
        self.blanks = []
        self.blank_items = array("I")
        self.long_texts = array("I")
        self.has_blocks = False
        self._children = {}
        self._indexes = {}
        self._last = ((), 0)

    # -- entries ---------------------------------------------------------------------------

    def children(self, entry: int) -> list[int]:
        """Return the entries directly under `entry`, in the order of the text."""
        found = self._children.get(entry)
        if found is None:
            found = self._children[entry] = list(self._iterate(entry))
        return found

    def _iterate(self, entry: int) -> Iterator[int]:
        sizes = self.sizes
        child, end = entry + 1, entry + sizes[entry]
        while child < end:
            yield child
            child += sizes[child]

    def route_to(self, entry: int) -> Route:
        """Return the route to an entry."""
        route: list[str | int] = []
        at = 0
        while at != entry:
            at = next(c for c in self._iterate(at) if c <= entry < c + self.sizes[c])
            route.append(self.keys[at])
        return tuple(route)

    def find(self, route: Route) -> int | None:
        """Return the entry at `route`, or None where the text has no such thing."""
        return self._find(route, 0, 0)

    def known_place(self, route: Route) -> Place | None:
        """Return the place of a record where it is known without its position."""
        return None

    def find_record(self, route: Route) -> int | None:
        """Return the entry at the route of a record, whose findings are located one after another."""
        if self._last[0] is not route:
            self._last = (route, self.find(route))
        return self._last[1]

    def find_field(self, entry: int, route: Route, field: Route) -> int | None:
        """Return the entry of a field of the record at `route`, whose entry is known."""
        return self._find((*route, *field), len(route), entry)

    def _find(self, route: Route, first: int, entry: int) -> int | None:
        for depth, wanted in enumerate(route[first:], first):
            step = wanted
            if isinstance(step, int):
                indexes = (
                    self.original_indexes.get(route[:depth]) if self.original_indexes else None
                )
                if indexes is not None:
                    if step >= len(indexes):
                        return None
                    step = indexes[step]
                children = self.children(entry)
                if step >= len(children):
                    return None
                entry = children[step]
            else:
                if self.sizes[entry] > _MANY:
                    found = self.fields(entry).get(step)
                    if found is None:
                        return None
                    entry = found
                    continue
                # inlined: this runs for every field of every finding
                keys, sizes = self.keys, self.sizes
                child, end = entry + 1, entry + sizes[entry]
                while child < end and keys[child] != step:
                    child += sizes[child]
                if child >= end:
                    return None
                entry = child
        return entry

    def fields(self, entry: int) -> dict[str | int, int]:
        """Return the entries directly under a mapping by key, the first of each."""
        known = self._indexes.get(entry)
        if known is None:
            known = {}
            keys, sizes = self.keys, self.sizes
            child, end = entry + 1, entry + sizes[entry]
            while child < end:
                known.setdefault(keys[child], child)
                child += sizes[child]
            if sizes[entry] > _MANY:
                self._indexes[entry] = known
        return known

    # -- places ----------------------------------------------------------------------------

    @property
    def lines(self) -> array[int]:
        """The offset of the first character of each line; lines end as editors end them."""
        if self._lines is None:
            text = self.text
            starts = array("I", [0])
            if "\r" in text:
                starts.extend(m.end() for m in re.finditer(r"\r\n?|\n", text))
            else:
                starts.extend(accumulate([len(line) + 1 for line in text.split("\n")]))
                starts.pop()  # no line begins after the last line end
            self._lines = starts
        return self._lines

    def position(self, offset: int) -> tuple[int, int]:
        """Return line and column, both from 1, of the character at `offset`."""
        lines = self.lines
        line = bisect_right(lines, offset)
        return line, offset - lines[line - 1] + 1

    def line_text(self, line: int) -> str:
        """Return the text of a line, counted from 1, without its line end."""
        lines = self.lines
        if not 1 <= line <= len(lines):
            return ""
        end = lines[line] if line < len(lines) else len(self.text)
        return self.text[lines[line - 1] : end].rstrip("\r\n")

    def span(self, start: int, end: int) -> Place:
        """Return the place from `start` to `end`, cut at the end of the first line."""
        lines, text = self.lines, self.text
        line = bisect_right(lines, start)
        column = start - lines[line - 1] + 1
        limit = lines[line] if line < len(lines) else len(text)
        width = len(text[start : min(end, limit)].rstrip())
        return Place(self.path, line, column, line, column + (width or 1))

    def offsets(self, route: Route, key: bool = False) -> tuple[int, int]:
        """Return the offsets of the value (or the key) at `route`, or of what holds it.

        Where the text has no such thing, the nearest thing above it that is there.
        """
        while (entry := self.find(route)) is None:
            route = route[:-1]
        if key and isinstance(self.keys[entry], str) and entry:
            return self._key_offsets(entry)
        start, end = self.values[entry], self.ends[entry]
        if entry and self.sizes[entry] == 1 and start == end:
            return self.starts[entry], end
        return start, end

    def place(self, route: Route, key: bool = False) -> Place:
        """Return the place of the value (or the key) at `route`, or of what holds it."""
        return self.span(*self.offsets(route, key))

    def _key_offsets(self, entry: int) -> tuple[int, int]:
        start = self.starts[entry]
        quoted = QUOTED.match(self.text, start)
        return start, quoted.end() if quoted else start + len(str(self.keys[entry]))

    def key_place(self, entry: int) -> Place:
        """Return the place of a key, or of the start of a list item."""
        if isinstance(self.keys[entry], int) or entry == 0:
            return self.span(self.starts[entry], self.ends[entry])
        return self.span(*self._key_offsets(entry))

    def entry_place(self, entry: int) -> Place:
        """Return the place of a key together with its value, as far as its first line goes."""
        if entry == 0 or isinstance(self.keys[entry], int):
            return self.span(self.starts[entry], self.ends[entry])
        if self.sizes[entry] > 1 and self.text[self.values[entry] : self.values[entry] + 1] not in (
            "[",
            "{",
        ):
            return self.key_place(entry)
        return self.span(self.starts[entry], self.ends[entry])

"""Edits made by cutting the text itself, at the positions that our own reader found.

Whatever lies outside a cut stays byte for byte.  What a cut makes of the data is not proved here:
`itgov.files.edit` reads the result and compares.  `Unsure` says that the text stands in a way that
cannot be cut.
"""

from __future__ import annotations

import re
from bisect import bisect_left, insort_right
from collections.abc import Iterable

from msgspec import Struct

from itgov.files.document import QUOTED, Document, Route
from itgov.files.reader import read
from itgov.files.write import Line, Plain, entry_lines, item_lines, key_text, scalar, styled

_PROPERTIES = re.compile(r"(?:&[^\s,\[\]{}]+|![^\s,\[\]{}]*)\s+")
_ALIAS = re.compile(r"\s*:?\s*(\*[^\s,\[\]{}]+)")
_REST_OF_LINE = re.compile(r"[ \t]*(?P<comma>,?)[ \t]*(?P<comment>(?<=[ \t])#[^\r\n]*)?(?=\r?\n)")
_BLOCK_HEADER = re.compile(r"[|>][-+0-9]*")
_DASH = re.compile(r"[ \t]*-[ \t]+\Z")
_LINE_STYLE = 160
"""The longest item that is put on one line because its neighbours stand on one line."""


class Unsure(Exception):
    """The text stands in a way that cannot be cut."""


class Set(Struct, frozen=True):
    """Give the key at `route` a value; a new key goes where `order` has it, else to the end."""

    route: Route
    value: Plain
    order: tuple[str, ...] = ()


class Insert(Struct, frozen=True):
    """Put an item into the list at `route`, before the one at `index`; None for the end."""

    route: Route
    value: Plain
    index: int | None = None


class Add(Struct, frozen=True):
    """Put an item into the list at `route`, as `Insert` does; the list is made if there is none."""

    route: Route
    value: Plain
    index: int | None = None
    order: tuple[str, ...] = ()


class Remove(Struct, frozen=True):
    """Take out the key at `route`."""

    route: Route


Change = Set | Insert | Add | Remove


class _Cut(Struct, frozen=True):
    """A piece of the text and what stands there instead."""

    start: int
    end: int
    text: str

    def is_apart(self, other: _Cut) -> bool:
        """Say whether neither changes what the other replaces."""
        return self.end <= other.start or other.end <= self.start


def edited(document: Document, changes: Iterable[Change]) -> str:
    """Return the document's text with the changes made one after the other; raise `Unsure`."""
    batch = _Batch(document)
    for change in changes:
        if not batch.takes(change):
            batch = _Batch(batch.reread())
            if not batch.takes(change):
                raise Unsure(f"nothing can be cut for {change.route}")
    return batch.text()


class _Batch:
    """Changes whose cuts do not touch each other: they are made in one go."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.cutter = _Cutter(document)
        self.cuts: list[_Cut] = []
        self.taken: dict[int, _Group] = {}
        """Where something is put in, and what belongs together there."""
        self.settled: dict[Route, bool] = {}
        """Routes below which nothing means what it meant; whether only ends were added to it."""
        self.passed: set[Route] = set()
        """Every route above one that is settled."""

    def takes(self, change: Change) -> bool:
        """Add a change, if it does not depend on those before it."""
        route = change.route
        ends = isinstance(change, (Insert, Add)) and change.index is None
        goes_on = ends and self.settled.get(route, False) and _has_items(self.document, route)
        if not goes_on and (
            route in self.passed or any(route[:n] in self.settled for n in range(len(route) + 1))
        ):
            return False
        cuts, group = self.cutter.cuts(change), _group(change)
        for cut in cuts:
            before = self.taken.get(cut.start)
            if before is not None and not before.goes_before(group):
                return False
        if any(not c.is_apart(o) for c in cuts for o in self._near(c)):
            return False
        for cut in cuts:
            insort_right(self.cuts, cut, key=lambda c: c.start)
        self.taken |= {c.start: group for c in cuts}
        self.settled[route] = ends
        self.passed |= {route[:n] for n in range(len(route))}
        return True

    def _near(self, cut: _Cut) -> list[_Cut]:
        found = bisect_left(self.cuts, cut.start, key=lambda c: c.start)
        return self.cuts[max(found - 1, 0) : found + 2]

    def text(self) -> str:
        """Return the text with the cuts made."""
        parts: list[str] = []
        at = 0
        text = self.document.text
        for cut in self.cuts:
            parts += [text[at : cut.start], cut.text]
            at = cut.end
        return "".join([*parts, text[at:]])

    def reread(self) -> Document:
        """Return the edited text as a document."""
        document, data, problems = read(self.document.path, self.text().encode())
        if data is None or problems:
            raise Unsure("an edit leaves a text that cannot be read")
        return document


class _Group(Struct, frozen=True):
    """What a change that puts something in belongs to: the ends of a list, a mapping's new keys."""

    of: Route
    rank: int

    def goes_before(self, other: _Group) -> bool:
        """Say whether the other may follow at the same place."""
        return self.rank >= 0 and self.of == other.of and self.rank <= other.rank


def _group(change: Change) -> _Group:
    if isinstance(change, (Insert, Add)):
        return _Group(change.route, 0 if change.index is None else -1)
    if isinstance(change, Remove):
        return _Group(change.route, -1)
    key, order = change.route[-1], change.order
    return _Group(change.route[:-1], order.index(str(key)) if key in order else len(order))


def _has_items(document: Document, route: Route) -> bool:
    entry = document.find(route)
    return entry is not None and document.sizes[entry] > 1


class _Cutter:
    """Works out the cuts of one change."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.source = document.text
        self.line_end = "\r\n" if "\r\n" in self.source[:10_000] else "\n"

    def cuts(self, change: Change) -> list[_Cut]:
        route = change.route
        if isinstance(change, (Insert, Add)):
            entry = self.document.find(route)
            if entry is not None and self.document.sizes[entry] > 1:
                return [self._insert(entry, change.value, change.index)]
            if isinstance(change, Insert):
                raise Unsure("there is no list")
            return self._set(route, [change.value], change.order)
        if isinstance(change, Remove):
            return [self._remove(route)]
        return self._set(route, change.value, change.order)

    # -- what stands there -----------------------------------------------------------------

    def _children(self, entry: int) -> list[int]:
        return list(self.document.children(entry))

    def _value(self, entry: int) -> int:
        """Return where a value starts, after its anchor or tag."""
        at = self.document.values[entry]
        while match := _PROPERTIES.match(self.source, at):
            at = match.end()
        return at

    def _is_flow(self, entry: int) -> bool:
        at = self._value(entry)
        return self.source[at : at + 1] in ("{", "[")

    def _key_end(self, entry: int) -> int:
        start = self.document.starts[entry]
        quoted = QUOTED.match(self.source, start)
        return quoted.end() if quoted else start + len(str(self.document.keys[entry]))

    def _end(self, entry: int) -> int:
        """Return where the content of an entry ends: no comment and no blank after it counts."""
        document, source = self.document, self.source
        if document.sizes[entry] > 1 and not self._is_flow(entry):
            return max(self._end(child) for child in self._children(entry))
        start, end = document.values[entry], document.ends[entry]
        if start < document.starts[entry]:  # an alias: the value stands at its anchor
            alias = _ALIAS.match(source, self._key_end(entry))
            if alias is None or isinstance(document.keys[entry], int):
                raise Unsure("an alias stands there")
            return alias.end()
        header = _BLOCK_HEADER.match(source, self._value(entry))
        if header is not None and document.sizes[entry] == 1:
            if "+" in header.group():
                return end
            return start + len(source[start:end].rstrip())
        return end

    def _line_end(self, offset: int) -> int:
        """Return where the line of an offset ends, before its line end."""
        found = self.source.find("\n", offset)
        end = len(self.source) if found < 0 else found
        return end - 1 if end > offset and self.source[end - 1] == "\r" else end

    def _line_start(self, offset: int) -> int:
        return self.source.rfind("\n", 0, offset) + 1

    def _after(self, offset: int, lines: Iterable[str]) -> _Cut:
        """Return the cut that puts lines below the one at which content ends."""
        joined = self.line_end.join(lines)
        if offset and self.source[offset - 1] == "\n":  # a text that keeps its last line ends
            return _Cut(offset, offset, joined + self.line_end)
        at = self._line_end(offset)
        rest = self.source[offset:at].lstrip()
        if rest and not rest.startswith("#"):
            raise Unsure("something else stands on the line")
        return _Cut(at, at, self.line_end + joined)

    def _columns(self, offset: int) -> int:
        return offset - self._line_start(offset)

    # -- keys ------------------------------------------------------------------------------

    def _set(self, route: Route, value: Plain, order: tuple[str, ...]) -> list[_Cut]:
        parent = self.document.find(route[:-1])
        if parent is None or not isinstance(route[-1], str):
            raise Unsure("there is no mapping")
        entry = self.document.find(route)
        if entry is not None:
            return self._replace(parent, entry, value)
        return self._new_key(parent, route[-1], value, order)

    def _new_key(self, parent: int, key: str, value: Plain, order: tuple[str, ...]) -> list[_Cut]:
        children = self._children(parent)
        if not children:
            return [self._first_key(parent, key, value)]
        before = order[: order.index(key)] if key in order else order
        names = {self.document.keys[c]: c for c in children}
        after = next((names[k] for k in reversed(before) if k in names), children[-1])
        if self._is_flow(parent):
            return self._in_braces(after, f"{key_text(key, True)}: {scalar(value, True)}")
        indent = self._columns(self.document.starts[children[0]])
        return [self._after(self._end(after), entry_lines(key, value, indent))]

    def _in_braces(self, after: int, told: str) -> list[_Cut]:
        """Return what puts an entry after another in braces: on a line of its own after such a one."""
        at, start = self._end(after), self.document.starts[after]
        rest = _REST_OF_LINE.match(self.source, at)
        if rest is None or self.source[self._line_start(start) : start].strip():
            return [_Cut(at, at, f", {told}")]
        below = self.line_end + " " * self._columns(start) + told
        if rest["comma"]:
            return [_Cut(rest.end(), rest.end(), below + ",")]
        if not rest["comment"]:
            return [_Cut(at, at, "," + below)]
        return [_Cut(at, at, ","), _Cut(rest.end(), rest.end(), below)]

    def _first_key(self, parent: int, key: str, value: Plain) -> _Cut:
        at, end = self._value(parent), self.document.ends[parent]
        if self.source[at : at + 1] != "{" or self.source[at + 1 : end - 1].strip():
            raise Unsure("the mapping is empty in a way of its own")
        return _Cut(at + 1, end - 1, f"{key_text(key, True)}: {scalar(value, True)}")

    def _replace(self, parent: int, entry: int, value: Plain) -> list[_Cut]:
        document, source = self.document, self.source
        key_end = self._key_end(entry)
        start, end = document.values[entry], self._end(entry)
        if source[end - 1] == "\n":  # blank lines that the old text kept
            end = start + len(source[start:end].rstrip())
        colon = re.compile(r"\s*:").match(source, key_end)
        if self._is_flow(parent):
            told = scalar(value, True)
            if start < document.starts[entry]:
                start = end - len(source[:end].rpartition("*")[2]) - 1
            elif colon is None:
                return [_Cut(key_end, key_end, f": {told}")]
            elif start == end:
                return [_Cut(colon.end(), colon.end(), f" {told}")]
            return [_Cut(start, end, styled(source[start : start + 1], value, told))]
        if colon is None:
            raise Unsure("the key has no colon")
        nested = isinstance(value, (list, dict)) and bool(value)
        indent = self._columns(document.starts[entry])
        key = source[document.starts[entry] : key_end]
        first, *rest = entry_lines(str(document.keys[entry]), value, indent)
        told = first[indent + len(key_text(str(document.keys[entry]))) + 1 :]
        simple = document.sizes[entry] == 1 and start >= colon.end()
        if simple and start < end and "\n" not in source[start:end] and not rest and not nested:
            line = styled(source[start : start + 1], value, told.lstrip())
            if len(key) + indent + len(line) < 140:
                return [_Cut(start, end, line)]
        at = colon.end()
        if document.sizes[entry] == 1 and "#" in source[at:start] and not rest:
            at, told = start, told.lstrip()  # a comment stands between the key and its value
        cut = [_Cut(at, end, told)]
        if not rest:
            return cut
        return [*cut, self._after(end, rest)]

    def _remove(self, route: Route) -> _Cut:
        parent, entry = self.document.find(route[:-1]), self.document.find(route)
        if parent is None or entry is None or not isinstance(route[-1], str):
            raise Unsure("there is no such key")
        start, end = self.document.starts[entry], self._end(entry)
        children = self._children(parent)
        index = children.index(entry)
        if self._is_flow(parent):
            return self._remove_from_braces(children, index, start, end)
        line = self._line_start(start)
        if self.source[line:start].strip():
            if len(children) == 1:
                raise Unsure("nothing would be left on the line")
            following = self.document.starts[children[index + 1]]
            if "#" in self.source[self._line_end(end) : following]:
                raise Unsure("a comment would be lost")
            return _Cut(start, following, "")
        if end and self.source[end - 1] == "\n":
            return _Cut(line, end, "")
        stop = self._line_end(end)
        stop += len(self.line_end) if self.source.startswith(self.line_end, stop) else 0
        return _Cut(line, stop, "")

    def _remove_from_braces(self, children: list[int], index: int, start: int, end: int) -> _Cut:
        if index + 1 < len(children):
            following = self.document.starts[children[index + 1]]
            if "#" in self.source[end:following] or "\n" in self.source[end:following]:
                comma = self.source.find(",", end)
                if comma < 0 or self.source[end:comma].strip():
                    raise Unsure("there is no comma")
                return _Cut(start, comma + 1, "")
            return _Cut(start, following, "")
        if index:
            return _Cut(self._end(children[index - 1]), end, "")
        trailing = re.compile(r"\s*,").match(self.source, end)
        return _Cut(start, trailing.end() if trailing else end, "")

    # -- lists -----------------------------------------------------------------------------

    def _insert(self, entry: int, value: Plain, index: int | None) -> _Cut:
        children = self._children(entry)
        at = len(children) if index is None else min(index, len(children))
        if self._is_flow(entry):
            if at == 0:
                start = self.document.starts[children[0]]
                return _Cut(start, start, f"{scalar(value, True)}, ")
            end = self._end(children[at - 1])
            return _Cut(end, end, f", {scalar(value, True)}")
        start = self.document.starts[children[0]]
        line = self._line_start(start)
        if _DASH.match(self.source[line:start]) is None:
            raise Unsure("the list stands in a way of its own")
        indent = self.source[line:start].index("-")
        near = children[max(at - 1, 0)]
        if isinstance(value, dict) and self._is_flow(near):
            flat = Line(value)
            if indent + len(scalar(flat)) <= _LINE_STYLE:
                value = flat
        lines = item_lines(value, indent)
        if at:
            return self._after(self._end(children[at - 1]), lines)
        return _Cut(line, line, "".join(text + self.line_end for text in lines))

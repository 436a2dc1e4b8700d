"""The syntax tree of an expression: decoded from CEL's own serialisation, and composed for it.

CEL hands out its tree as a protocol buffer (cel.expr.ParsedExpr and CheckedExpr); the few messages
that make it up are decoded here.  What has been decoded can be put together to larger expressions
without parsing again: the functions at the end return serialised nodes, made of those of others.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from typing import Any, Literal

from msgspec import Struct

Kind = Literal["constant", "name", "select", "call", "list", "map", "comprehension"]

RENAMED = {"_*_": b"mul", "_-_": b"sub", "_/_": b"div", "_%_": b"rem", "_+_": b"add"} | {
    "matches": b"re2find"
}
"""Calls that are made to functions of ours; see `itgov.rules.cel`.  The names are as long."""

GATHERED = "@result"
"""The name under which the loops that macros become gather their result."""


class Node(Struct):
    """One node of an expression.

    `offset` is the character offset in the expression, -1 where unknown.  For a call, `text` is
    the function as written (`_&&_`, `_?_:_`, `days_since`); for a select its field; for a constant
    its value as text, with `value` the value itself: text, number, truth, bytes or None (whose union
    msgspec does not decode).  `arguments` are in the order of the source; a
    method's target comes first.
    """

    kind: Kind = "constant"
    text: str = ""
    value: Any = None
    arguments: list[Node] = []
    id: int = 0
    offset: int = -1
    start: int = 0
    """Where the node begins in the bytes of its tree."""
    end: int = 0
    accumulator: str = ""
    variable: str = ""

    def walk(self) -> Iterator[Node]:
        """Yield this node and all below it, outermost first."""
        stack = [self]
        while stack:
            node = stack.pop()
            yield node
            stack.extend(reversed(node.arguments))


class Tree(Struct):
    """An expression's tree.  Macros (`all`, `map`) stand in it as the loops they become."""

    root: Node
    data: bytes
    """The serialised nodes, with calls renamed."""

    def raw(self, node: Node) -> bytes:
        """Return a node as `call`, `items` and the like take it."""
        return self.data[node.start : node.end]


# -- decoding ------------------------------------------------------------------------------


def decode(data: bytes, offsets: bool = False) -> Tree:
    """Return the tree of a serialised expression; with `offsets` of its nodes, where wanted."""
    # it comes wrapped in a google.protobuf.Any: the name of the message, then its bytes
    (_, _, name_start, name_end), (_, _, first, last) = _fields(data, 0, len(data))[:2]
    checked = data[name_start:name_end].endswith(b"CheckedExpr")
    root_field, info_field = (4, 5) if checked else (2, 3)
    fields = {number: (start, end) for number, _, start, end in _fields(data, first, last)}
    patched = bytearray(data)
    root = _Decoder(data, patched).node(*fields[root_field]) if root_field in fields else Node()
    if offsets and info_field in fields:
        positions: dict[int, int] = {}
        for inner, _, left, right in _fields(data, *fields[info_field]):
            if inner == 4:
                pair = {n: v for n, v, *_ in _fields(data, left, right)}
                positions[pair.get(1, 0)] = pair.get(2, 0)
        for node in root.walk():
            node.offset = positions.get(node.id, -1)
    return Tree(root, bytes(patched))


Field = tuple[int, int, int, int]
"""Number, value (of a varint), start and end (of bytes) of one field of a message."""


def _fields(data: bytes, at: int, end: int) -> list[Field]:
    found = []
    while at < end:
        tag = data[at]
        at += 1
        if tag >= 0x80:
            tag, at = _varint(data, at - 1)
        wire = tag & 7
        if wire == 2:
            size = data[at]
            at += 1
            if size >= 0x80:
                size, at = _varint(data, at - 1)
            found.append((tag >> 3, 0, at, at + size))
            at += size
        elif wire == 0:
            value, at = _varint(data, at)
            found.append((tag >> 3, value, at, at))
        else:
            size = 8 if wire == 1 else 4
            found.append((tag >> 3, 0, at, at + size))
            at += size
    return found


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = data[at]
    if value < 0x80:
        return value, at + 1
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7


class _Decoder:
    def __init__(self, data: bytes, patched: bytearray) -> None:
        self.data = data
        self.patched = patched

    def text(self, start: int, end: int) -> str:
        return self.data[start:end].decode("utf-8", errors="replace")

    def node(self, start: int, end: int) -> Node:
        data, identifier, at = self.data, 0, start
        if at < end and data[at] == 0x10:
            identifier, at = data[at + 1], at + 2
            if identifier >= 0x80:
                identifier, at = _varint(data, at - 1)
        node = Node("constant", "", None, [], identifier, -1, start, end)
        if at < end:
            number = data[at] >> 3  # an expression is of one kind
            size, at = data[at + 1], at + 2
            if size >= 0x80:
                size, at = _varint(data, at - 1)
            self._READ[number](self, node, at, at + size)
        return node

    def name(self, node: Node, start: int, end: int) -> None:
        node.kind = "name"
        size, at = _varint(self.data, start + 1)
        node.text = self.text(at, at + size)

    def items(self, node: Node, start: int, end: int) -> None:
        node.kind = "list"
        node.arguments = [
            self.node(a, b) for n, _, a, b in _fields(self.data, start, end) if n == 1
        ]

    def entries(self, node: Node, start: int, end: int) -> None:
        node.kind = "map"
        for number, _, a, b in _fields(self.data, start, end):
            if number == 2:
                entry = _fields(self.data, a, b)
                node.arguments += [self.node(p, q) for m, _, p, q in entry if m in (3, 4)]

    def constant(self, node: Node, start: int, end: int) -> None:
        for number, value, a, b in _fields(self.data, start, end):
            if number == 2:
                node.value = bool(value)
            elif number in (3, 4):
                node.value = value - (1 << 64) if value >> 63 else value
            elif number == 5:
                node.value = struct.unpack("<d", self.data[a:b])[0]
            elif number == 6:
                node.value = self.text(a, b)
            elif number == 7:
                node.value = self.data[a:b]
            if number == 4:  # `3u`: no other tells it from 3
                node.text = f"{node.value}u"
        node.text = node.text or str(node.value)

    def select(self, node: Node, start: int, end: int) -> None:
        node.kind = "select"
        only_asked = False
        for number, value, a, b in _fields(self.data, start, end):
            if number == 1:
                node.arguments.append(self.node(a, b))
            elif number == 2:
                node.text = self.text(a, b)
            else:
                only_asked = bool(value)
        if only_asked:  # has(x.y)
            field = Node("select", node.text, arguments=node.arguments, id=node.id)
            node.kind, node.text, node.arguments = "call", "has", [field]

    def call(self, node: Node, start: int, end: int) -> None:
        node.kind = "call"
        at = 0
        for number, _, a, b in _fields(self.data, start, end):
            if number == 2:
                node.text, at = self.text(a, b), a
            else:
                node.arguments.append(self.node(a, b))
        new = RENAMED.get(node.text)
        # in a loop that a macro became, `+` gathers, and must stay what it is
        if new is not None and not (node.text == "_+_" and node.arguments[0].text == GATHERED):
            self.patched[at : at + len(new)] = new

    def comprehension(self, node: Node, start: int, end: int) -> None:
        node.kind = "comprehension"
        parts: dict[int, Node] = {}
        for number, _, a, b in _fields(self.data, start, end):
            if number == 1:
                node.variable = self.text(a, b)
            elif number == 3:
                node.accumulator = self.text(a, b)
            elif number in (2, 4, 5, 6, 7):
                parts[number] = self.node(a, b)
        node.arguments = [parts[n] for n in sorted(parts)]

    _READ = {3: constant, 4: name, 5: select, 6: call, 7: items, 8: entries, 9: comprehension}


# -- composing -----------------------------------------------------------------------------


def whole(expression: bytes) -> bytes:
    """Return an expression in the form that CEL takes back."""
    name = b"type.googleapis.com/cel.expr.ParsedExpr"
    return _field(1, name) + _field(2, _field(2, expression))


def name(text: str) -> bytes:
    """Return a variable."""
    return _field(4, _field(1, text.encode()))


def select(value: bytes, field: str) -> bytes:
    """Return a field of a value."""
    return _field(5, _field(1, value) + _field(2, field.encode()))


def number(value: int) -> bytes:
    """Return a whole number."""
    return _field(3, b"\x18" + _length(value))


def truth(value: bool) -> bytes:
    """Return true or false."""
    return _field(3, b"\x10" + bytes([value]))


NULL = b"\x1a\x02\x08\x00"


def items(values: Iterable[bytes]) -> bytes:
    """Return a list."""
    return _field(7, b"".join(_field(1, v) for v in values))


def call(function: str, *arguments: bytes) -> bytes:
    """Return a call; operators are `_&&_`, `_?_:_` and the like."""
    return _field(6, _field(2, function.encode()) + b"".join(_field(3, a) for a in arguments))


def mapped(values: bytes, variable: str, body: bytes) -> bytes:
    """Return the list of what `body` says of each of some values: `values.map(variable, body)`."""
    gathered = name(GATHERED)
    parts = [
        _field(1, variable.encode()),
        _field(2, values),
        _field(3, GATHERED.encode()),
        _field(4, items(())),
        _field(5, truth(True)),
        _field(6, call("_+_", gathered, items([body]))),
        _field(7, gathered),
    ]
    return _field(9, b"".join(parts))


def _field(number: int, data: bytes) -> bytes:
    return bytes([number << 3 | 2]) + _length(len(data)) + data


def _length(value: int) -> bytes:
    found = bytearray()
    while value >= 0x80:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    found.append(value)
    return bytes(found)

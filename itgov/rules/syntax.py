"""The syntax tree of an expression, decoded from CEL's own serialisation.

CEL hands out its tree as a protocol buffer (cel.expr.CheckedExpr and ParsedExpr); the few
messages that make it up are decoded here.  The tree says which parts a condition has, which
fields it reads and where a null can reach an operator.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Literal

from msgspec import Struct

Kind = Literal["constant", "name", "select", "call", "list", "map", "comprehension"]


class Node(Struct):
    """One node of an expression.

    `offset` is the character offset in the expression, -1 where unknown.  For a call, `text` is
    the function (`_&&_`, `_?_:_`, `days_since`); for a select its field; for a constant its value
    as text, with `value` the value itself.  `arguments` are in the order of the source; a method's
    target comes first.
    """

    id: int
    kind: Kind
    text: str = ""
    value: str | int | float | bool | bytes | None = None
    arguments: list[Node] = []
    offset: int = -1
    name_at: int = -1
    """Where in the bytes the function's name stands."""
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


Field = tuple[int, int, int, int]
"""Number, value (of a varint), start and end (of bytes) of one field of a message."""


def _fields(data: bytes, start: int, end: int) -> Iterator[Field]:
    at = start
    while at < end:
        tag, at = _varint(data, at)
        number, wire = tag >> 3, tag & 7
        if wire == 0:
            value, at = _varint(data, at)
            yield number, value, at, at
        elif wire == 2:
            size, at = _varint(data, at)
            yield number, 0, at, at + size
            at += size
        elif wire == 1:
            yield number, 0, at, at + 8
            at += 8
        else:
            yield number, 0, at, at + 4
            at += 4


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7


def decode(data: bytes) -> Tree:
    """Return the tree of a serialised expression, checked or only parsed."""
    # both come wrapped in a google.protobuf.Any: the name of the message, then its bytes
    (_, _, name_start, name_end), (_, _, first, last) = list(_fields(data, 0, len(data)))[:2]
    checked = data[name_start:name_end].endswith(b"CheckedExpr")
    fields = list(_fields(data, first, last))
    root_field, info_field = (4, 5) if checked else (2, 3)
    positions: dict[int, int] = {}
    root = Node(0, "constant")
    for number, _, start, end in fields:
        if number == root_field:
            root = _expression(data, start, end)
        elif number == info_field:
            for inner, _, left, right in _fields(data, start, end):
                if inner == 4:
                    pair = {n: v for n, v, *_ in _fields(data, left, right)}
                    positions[pair.get(1, 0)] = pair.get(2, 0)
    for node in root.walk():
        node.offset = positions.get(node.id, -1)
    return Tree(root)


def _text(data: bytes, start: int, end: int) -> str:
    return data[start:end].decode("utf-8", errors="replace")


def _expression(data: bytes, start: int, end: int) -> Node:
    node = Node(0, "constant", arguments=[])
    for number, value, a, b in _fields(data, start, end):
        if number == 2:
            node.id = value
        elif number == 3:
            _constant(node, data, a, b)
        elif number == 4:
            node.kind = "name"
            node.text = next(
                (_text(data, x, y) for n, _, x, y in _fields(data, a, b) if n == 1), ""
            )
        elif number == 5:
            node.kind = "select"
            only_asked = False
            for n, value_of, x, y in _fields(data, a, b):
                if n == 1:
                    node.arguments.append(_expression(data, x, y))
                elif n == 2:
                    node.text = _text(data, x, y)
                elif n == 3:
                    only_asked = bool(value_of)
            if only_asked:  # has(x.y)
                field = Node(node.id, "select", node.text, arguments=node.arguments)
                node.kind, node.text, node.arguments = "call", "has", [field]
        elif number == 6:
            node.kind = "call"
            for n, _, x, y in _fields(data, a, b):
                if n == 2:
                    node.text, node.name_at = _text(data, x, y), x
                else:
                    node.arguments.append(_expression(data, x, y))
        elif number == 7:
            node.kind = "list"
            node.arguments = [
                _expression(data, x, y) for n, _, x, y in _fields(data, a, b) if n == 1
            ]
        elif number == 8:
            node.kind = "map"
            for n, _, x, y in _fields(data, a, b):
                if n == 2:
                    node.arguments.extend(
                        _expression(data, p, q) for m, _, p, q in _fields(data, x, y) if m in (3, 4)
                    )
        elif number == 9:
            _comprehension(node, data, a, b)
    return node


def _constant(node: Node, data: bytes, start: int, end: int) -> None:
    node.value = None
    for number, value, a, b in _fields(data, start, end):
        if number == 2:
            node.value = bool(value)
        elif number in (3, 4):
            node.value = value - (1 << 64) if value >> 63 else value
        elif number == 5:
            node.value = struct.unpack("<d", data[a:b])[0]
        elif number == 6:
            node.value = _text(data, a, b)
        elif number == 7:
            node.value = data[a:b]
    node.text = str(node.value)


def _comprehension(node: Node, data: bytes, start: int, end: int) -> None:
    node.kind = "comprehension"
    parts: dict[int, Node] = {}
    for number, _, a, b in _fields(data, start, end):
        if number == 1:
            node.variable = _text(data, a, b)
        elif number == 3:
            node.accumulator = _text(data, a, b)
        elif number in (2, 4, 5, 6, 7):
            parts[number] = _expression(data, a, b)
    node.arguments = [parts[n] for n in sorted(parts)]


def rename_calls(data: bytes, names: dict[str, bytes]) -> bytes:
    """Return the serialised tree with calls of some functions renamed, to names as long."""
    patched = bytearray(data)
    for node in decode(data).root.walk():
        if node.kind == "call" and node.text in names:
            new = names[node.text]
            patched[node.name_at : node.name_at + len(new)] = new
    return bytes(patched)

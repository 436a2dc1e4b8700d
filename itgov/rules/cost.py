"""How much an expression can build: an upper bound of its values' bytes, from its syntax tree.

CEL bounds the steps of an evaluation, 10,000, and not the size of what they build: joined to itself
thirty times, a list of three items has three thousand million.  Sizes are as if every value were
written out, for so are they where they are compared, joined or handed out.  What a portfolio holds
is of unknown size; it counts as a text of some length and as a list of some items, and what really
comes of it is counted when texts and lists are joined (`Built`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from itgov.rules.syntax import Node

MOST = 50_000_000
"""Bytes that an expression may build."""

PARTS = 3_000
"""Parts of an expression: CEL makes it ready in time that grows with their square."""

STEPS = 10_000
"""Steps that CEL allows an evaluation."""

_BYTES = 1_000
"""What a value of a portfolio counts as, in bytes."""
_ITEM = 100
"""What one of its items, or fields below, counts as."""
_ITEMS = 100
"""How many items a list of a portfolio counts as."""
_PLAIN = 16
"""Bytes of a number, a truth, or a place in a list."""
_LIST = 64
"""Bytes of a list beside its places."""


class _Size(Struct, frozen=True):
    """A bound of a value: its bytes written out, its items, the bytes of the largest of them."""

    total: float = _PLAIN
    count: float = 0
    item: _Size | None = None

    def __or__(self, other: _Size) -> _Size:
        """Return a bound of either."""
        item = self.item | other.item if self.item and other.item else self.item or other.item
        return _Size(max(self.total, other.total), max(self.count, other.count), item)


_NUMBER = _Size()
_RECORDED = _Size(_BYTES, _ITEMS)
"""A value of the portfolio."""
_HANDED_OUT = 20
"""What a byte costs that is handed out, as a message's value: Python makes objects of all of it."""

_SAME = frozenset(["dyn", "string", "bytes", "type"])
"""Calls that return as much as they take."""
_READ_IN_PLACE = frozenset(["size", "has", "_&&_", "_||_", "!_", "@not_strictly_false"])
"""Calls that do not look at all of a value."""


_COMPARISONS = frozenset(["_==_", "_!=_", "_<_", "_<=_", "_>_", "_>=_"])
_COMPARED = 0.1
"""What a byte costs that is compared: it takes time, and no memory."""


def cost_of(root: Node) -> float:
    """Return how many bytes an expression may build, look at and hand out."""
    walk = _Walk()
    result = walk.size(root, {}, 1)
    return walk.cost + result.total * _HANDED_OUT


def refusal(root: Node) -> str | None:
    """Return why an expression is not evaluated, or None where it is."""
    parts = sum(1 for _ in root.walk())
    if parts > PARTS:
        return f"this has {parts:,} parts; the limit is {PARTS:,}"
    cost = cost_of(root)
    if cost <= MOST:
        return None
    size = f"{cost / 1e6:,.0f} MB" if cost < 1e12 else "more than a million MB"
    return f"this can build {size} of texts and lists; the limit is {MOST / 1e6:,.0f} MB"


class Built:
    """Counts what one evaluation joins, which may be more than a tree tells."""

    def __init__(self) -> None:
        self.bytes = 0

    def add(self, first: Any, second: Any) -> Any:
        """Return a sum, or two texts or lists joined.  Raises `ValueError` where that is too much."""
        if isinstance(first, (str, list)):
            self.bytes += (len(first) + len(second)) * (1 if isinstance(first, str) else _PLAIN)
            if self.bytes > MOST:
                raise ValueError(f"it joins more than {MOST / 1e6:,.0f} MB of texts and lists")
        return first + second


class _Walk:
    def __init__(self) -> None:
        self.cost = 0.0

    def size(self, node: Node, scope: Mapping[str, _Size], times: float) -> _Size:
        """Return a bound of a node's value, adding what it costs when it is evaluated so often."""
        if node.kind == "constant":
            return _Size(_PLAIN + len(node.text))
        if node.kind == "name":
            return scope.get(node.text, _RECORDED)
        if node.kind == "select":
            return _below(self.size(node.arguments[0], scope, times))
        if node.kind == "comprehension":
            return self.loop(node, scope, times)
        parts = [self.size(a, scope, times) for a in node.arguments]
        if node.kind in ("list", "map"):
            self.cost += times * (_LIST + _PLAIN * len(parts))
            return _listed(parts)
        return self.call(node.text, parts, times)

    def call(self, name: str, parts: list[_Size], times: float) -> _Size:
        """Return a bound of what a call returns."""
        if name == "_[_]":
            return _below(parts[0])
        if name == "_?_:_":
            return parts[1] | parts[2]
        if name in _READ_IN_PLACE:
            return _NUMBER
        looked_at = sum(p.total for p in parts)
        if name in _COMPARISONS:
            self.cost += times * min(p.total for p in parts) * _COMPARED
            return _NUMBER
        self.cost += times * looked_at
        if name == "_+_":
            either = parts[0] | parts[1]
            return _Size(looked_at, sum(p.count for p in parts), either.item)
        return parts[0] if name in _SAME and parts else _NUMBER

    def loop(self, node: Node, scope: Mapping[str, _Size], times: float) -> _Size:
        """Return a bound of what a loop gathers: CEL's macros are such."""
        values, start, condition, step, result = node.arguments
        given = self.size(values, scope, times)
        rounds = min(given.count, max(STEPS / times, 1))
        often = times * max(rounds, 1)
        before = self.size(start, scope, times)
        # a macro adds to what it has gathered, and never joins that to itself
        inner = {**scope, node.variable: _below(given), node.accumulator: _NOTHING}
        self.size(condition, inner, often)
        added = self.size(step, inner, often)
        total = before.total + rounds * added.total
        item = before.item | added.item if before.item and added.item else before.item or added.item
        gathered = _Size(total, before.count + rounds * added.count, item)
        return self.size(result, {**inner, node.accumulator: gathered}, times)


_NOTHING = _Size(0, 0)


def _below(value: _Size) -> _Size:
    """Return a bound of an item, or of a field, of a value."""
    return value.item or _Size(min(value.total, _ITEM), _ITEMS)


def _listed(parts: list[_Size]) -> _Size:
    item = parts[0] if parts else None
    for part in parts[1:]:
        item = item | part if item else part
    return _Size(_LIST + sum(p.total + _PLAIN for p in parts), len(parts), item)

"""Minimal edits of a YAML file: a few values change, every other line stays as it is.

`yaml-edit` makes the edit in a lossless syntax tree; its parser is lenient, so our own reader
judges the text before and after: the new data must be the old data with exactly the changes asked
for, and every line outside the changed entries must still be there, in order.
"""

from __future__ import annotations

import re
from copy import deepcopy
from typing import Any

import yaml_edit
from msgspec import Struct

from itgov.files.document import Document, Route
from itgov.files.reader import read
from itgov.files.save import EditRefused
from itgov.files.write import Plain, document

_LINE_END = re.compile(r"\r\n?|\n")


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


class Remove(Struct, frozen=True):
    """Take out the key at `route`."""

    route: Route


Change = Set | Insert | Remove


def apply(raw: bytes, changes: list[Change], path: str = "") -> bytes:
    """Return the file's bytes with the changes made; raise EditRefused where that is not sure.

    Changes are made one after the other: a route names where a thing is after those before it.
    """
    if not changes:
        return raw
    before, data, problems = read(path, raw)
    if problems or not isinstance(data, dict):
        raise EditRefused(
            f"{path}: the file has problems of its own; mend them first (`itgov check`)"
        )
    mark = "\ufeff" if raw.startswith(b"\xef\xbb\xbf") else ""
    wanted = deepcopy(data)
    try:
        tree = _Tree(before.text)
        for change in changes:
            tree.edit(change)
            _carry_out(wanted, change)
        text = str(tree.document)
    except (
        yaml_edit.YamlError,
        KeyError,
        IndexError,
        TypeError,
        AttributeError,
        ValueError,
    ) as error:
        raise EditRefused(
            f"{path}: the file cannot be edited in place ({type(error).__name__}: {error})"
        ) from error
    if "\r\n" in before.text:
        text = text.replace("\r\n", "\n").replace("\n", "\r\n")
    result = (mark + text).encode()
    _, found, problems = read(path, result)
    if problems or found != _as_read(wanted):
        raise EditRefused(
            f"{path}: an edit in place would change more than was asked for; nothing was written"
        )
    if not _keeps_lines(before, text, changes):
        raise EditRefused(f"{path}: an edit in place would touch other lines; nothing was written")
    return result


def _as_read(data: Any) -> Any:
    """Return data as the reader would give it: by way of our own writer."""
    return read("", document(data).encode())[1]


# -- the edit in the syntax tree ------------------------------------------------------------


class _Tree:
    """A file's syntax tree.  The top lists' items are looked up once: a long list is slow."""

    def __init__(self, text: str) -> None:
        self.document = yaml_edit.Document.parse(text)
        self.items: dict[str | int, list[Any]] = {}

    def edit(self, change: Change) -> None:
        route = change.route
        if isinstance(change, Insert):
            self._insert(change)
            return
        holder = self._descend(route[:-1])
        parent = holder if len(route) == 1 else holder.as_mapping()
        key = str(route[-1])
        if isinstance(change, Remove):
            del parent[key]
            return
        node = _node(change.value, len(route))
        after = None if parent.contains_key(key) else _before(parent, key, change.order)
        if after is None:
            parent.set(key, node)
        else:
            parent.insert_after(after, key, node)
        if len(route) == 1:
            self.items.pop(key, None)

    def _insert(self, change: Insert) -> None:
        items = self._descend(change.route).as_sequence()
        node = _node(change.value, len(change.route), in_list=True)
        if change.index is None or change.index >= len(items):
            items.append(node)
        else:
            items.insert(change.index, node)
        if len(change.route) == 1:
            self.items.pop(change.route[0], None)

    def _descend(self, route: Route) -> Any:
        node: Any = self.document
        for depth, step in enumerate(route):
            if depth == 1 and isinstance(step, int):
                if route[0] not in self.items:
                    self.items[route[0]] = list(node.as_sequence())
                node = self.items[route[0]][step]
            elif isinstance(step, int):
                node = node.as_sequence()[step]
            else:
                node = (node if depth == 0 else node.as_mapping())[step]
        return node


def _before(parent: Any, key: str, order: tuple[str, ...]) -> str | None:
    """Return the nearest key that comes before a new one in the order of the type."""
    before = order[: order.index(key)] if key in order else order
    return next((k for k in reversed(before) if parent.contains_key(k)), None)


def _node(value: Plain, depth: int, in_list: bool = False) -> Any:
    """Return a value as a piece of syntax, in the style of our own writer at that depth."""
    wrapped: Plain = [value] if in_list else value
    for _ in range(depth):
        wrapped = {"v": wrapped}
    node: Any = yaml_edit.Document.parse(document({"v": wrapped}))["v"]
    for _ in range(depth):
        node = node.as_mapping()["v"]
    if in_list:
        node = node.as_sequence()[0]
    if node.is_mapping():
        return node.as_mapping()
    return node.as_sequence() if node.is_sequence() else node


# -- the proof -----------------------------------------------------------------------------


def _carry_out(data: Any, change: Change) -> None:
    target = data
    for step in change.route if isinstance(change, Insert) else change.route[:-1]:
        target = target[step]
    if isinstance(change, Insert):
        target.insert(len(target) if change.index is None else change.index, change.value)
    elif isinstance(change, Remove):
        del target[change.route[-1]]
    else:
        target[change.route[-1]] = change.value


def _keeps_lines(before: Document, text: str, changes: list[Change]) -> bool:
    """Say whether every line outside the changed entries is still there, in its order."""
    open_lines: set[int] = set()
    for change in changes:
        open_lines.update(_touched(before, change))
    after = iter(_LINE_END.split(text))
    for number, line in enumerate(_LINE_END.split(before.text), start=1):
        if number not in open_lines and line not in after:
            return False
    return True


def _touched(before: Document, change: Change) -> range:
    """Return the lines of the entry that a change replaces, or of the flow list it adds to."""
    route = change.route
    entry = before.find(route)
    if entry is None:  # a new key touches only a line that holds its whole mapping
        entry = before.find(route[:-1])
        if entry is None or before.text[before.values[entry] : before.values[entry] + 1] != "{":
            return range(0)
    elif (
        isinstance(change, Insert)
        and before.text[before.values[entry] : before.values[entry] + 1] != "["
    ):
        return range(0)
    first, _ = before.position(before.starts[entry])
    last, _ = before.position(
        max(before.starts[entry], *(before.ends[e] - 1 for e in _leaves(before, entry)))
    )
    return range(first, last + 1)


def _leaves(before: Document, entry: int) -> list[int]:
    block = range(entry, entry + before.sizes[entry])
    return [e for e in block if before.sizes[e] == 1] or [entry]

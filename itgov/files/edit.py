"""Minimal edits of a YAML file: a few values change, every other line stays as it is.

The text is cut at our own reader's positions, so that everything else stays byte for byte; where it
cannot be cut, `yaml-edit` makes the edit in a lossless syntax tree.  Either way our own reader
judges the result: the new data must be the old data with exactly the changes asked for, and what
the tree made must still have every line outside the changed entries, in order.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from copy import deepcopy
from functools import lru_cache
from typing import Any

import msgspec
import yaml_edit

from itgov.files.document import Document, Route
from itgov.files.problem import Problem
from itgov.files.reader import read
from itgov.files.save import EditRefused
from itgov.files.slices import Add, Change, Insert, Remove, Set, Unsure, edited
from itgov.files.write import Plain, document

__all__ = ["Add", "Change", "Insert", "Remove", "Set", "apply"]

_CANNOT = (
    yaml_edit.YamlError,
    KeyError,
    IndexError,
    TypeError,
    AttributeError,
    ValueError,
)
_LINE_END = re.compile(r"\r\n?|\n")


def apply(raw: bytes, changes: Sequence[Change], path: str = "") -> bytes:
    """Return the file's bytes with the changes made; raise EditRefused where that is not sure.

    Changes are made one after the other: a route names where a thing is after those before it.
    """
    if not changes:
        return raw
    before, data, problems = _as_it_is(path, raw)
    if problems or not isinstance(data, dict):
        raise EditRefused(
            f"{path}: the file has problems of its own; mend them first (`itgov check`)"
        )
    mark = "\ufeff" if raw.startswith(b"\xef\xbb\xbf") else ""
    wanted = _wanted(data, changes, path)
    try:
        result = (mark + edited(before, changes)).encode()
        if _says(path, result, wanted):
            return result
    except Unsure:
        pass
    text = _by_tree(before, changes, path)
    result = (mark + text).encode()
    if not _says(path, result, wanted):
        raise EditRefused(
            f"{path}: an edit in place would change more than was asked for; nothing was written"
        )
    if not _keeps_lines(before, text, changes):
        raise EditRefused(f"{path}: an edit in place would touch other lines; nothing was written")
    return result


@lru_cache(maxsize=2)
def _as_it_is(path: str, raw: bytes) -> tuple[Document, Any, list[Problem]]:
    """Read a file once for many edits that are made side by side; nothing changes what it gives."""
    return read(path, raw)


def _says(path: str, raw: bytes, wanted: Any) -> bool:
    """Say whether a file would be read as exactly this: a text is no number, 1 is not 1.0."""
    _, found, problems = read(path, raw)
    return not problems and _exact(found) == _exact(wanted)


def _exact(data: Any) -> bytes:
    return msgspec.json.encode(data, order="sorted")


# -- the edit in the syntax tree ------------------------------------------------------------


def _by_tree(before: Document, changes: Sequence[Change], path: str) -> str:
    try:
        tree = _Tree(before.text)
        for change in changes:
            tree.edit(change)
        text = str(tree.document)
    except _CANNOT as error:
        raise _refused(path, error) from error
    if "\r\n" in before.text:
        text = text.replace("\r\n", "\n").replace("\n", "\r\n")
    return text


def _refused(path: str, error: Exception) -> EditRefused:
    missing = isinstance(error, (KeyError, IndexError))
    why = f"there is no {error}" if missing else "its values stand in a way of their own"
    return EditRefused(
        f"{path}: the file cannot be edited in place: {why}; edit it by hand, without aliases (`*`)"
    )


class _Tree:
    """A file's syntax tree.  The top lists' items are looked up once: a long list is slow."""

    def __init__(self, text: str) -> None:
        self.document = yaml_edit.Document.parse(text)
        self.items: dict[str | int, list[Any]] = {}

    def edit(self, change: Change) -> None:
        route = change.route
        if isinstance(change, (Insert, Add)):
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

    def _insert(self, change: Insert | Add) -> None:
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


def _wanted(data: Any, changes: Sequence[Change], path: str) -> Any:
    """Return the data with the changes made, as the reader would give it."""
    wanted = deepcopy(data)
    try:
        for change in changes:
            _carry_out(wanted, change)
    except _CANNOT as error:
        raise _refused(path, error) from error
    return wanted


def _carry_out(data: Any, change: Change) -> None:
    route = change.route
    if isinstance(change, Remove):
        _taken_out(data, route)
        return
    value = _as_read(change.value, "custom" in route)
    if isinstance(change, Add) and route[-1] not in _at(data, route[:-1]):
        _at(data, route[:-1])[route[-1]] = [value]
    elif isinstance(change, (Insert, Add)):
        target = _at(data, route)
        if value is None and "custom" not in route:
            raise ValueError("a list holds no blanks")
        target.insert(len(target) if change.index is None else change.index, value)
    elif value is None and "custom" not in route[:-1]:
        _at(data, route[:-1]).pop(route[-1], None)
    else:
        _at(data, route[:-1])[route[-1]] = value


def _at(data: Any, route: Route) -> Any:
    for step in route:
        data = data[step]
    return data


def _taken_out(data: Any, route: Route) -> None:
    """Take a key out, and what is left blank by that: the reader leaves blanks out."""
    parent = _at(data, route[:-1])
    if route[-1] in parent:
        del parent[route[-1]]
    elif "custom" in route[:-1]:
        raise KeyError(route[-1])
    is_value = len(route) > 1 and isinstance(route[-2], str) and "custom" not in route[:-2]
    if not parent and is_value:
        _taken_out(data, route[:-1])


def _as_read(value: Plain, keeps_blanks: bool) -> Any:
    """Return a value as the reader would give it: by way of our own writer."""
    key = "custom" if keeps_blanks else "v"
    holder = {key: {"v": value}} if keeps_blanks else {key: value}
    found = read("", document(holder).encode())[1] or {}
    return found.get(key, {}).get("v") if keeps_blanks else found.get(key)


def _keeps_lines(before: Document, text: str, changes: Sequence[Change]) -> bool:
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
        isinstance(change, (Insert, Add))
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

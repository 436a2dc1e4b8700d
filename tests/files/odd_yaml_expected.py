"""What an edit should make of the data, and of the text around it, worked out by PyYAML alone."""

from __future__ import annotations

import json
import re
from typing import Any, NamedTuple

import yaml

from itgov.files.edit import Add, Change, Insert, Remove, Set

from .odd_yaml import value_at

_SWAP = {0x85: "\ue001", 0x2028: "\ue002", 0x2029: "\ue003"}
_BACK = {ord(new): chr(old) for old, new in _SWAP.items()}


def loaded(text: str) -> Any:
    """Return what PyYAML reads, blanks left out but under `custom`; NEL, LS and PS end no line."""
    return _clean(yaml.load(text.translate(_SWAP), Loader=yaml.CSafeLoader), False)


def _clean(value: Any, keep: bool) -> Any:
    if isinstance(value, dict):
        made = {}
        for key, held in value.items():
            below = _clean(held, keep or (key == "custom" and isinstance(held, dict)))
            if keep or (not _is_blank(below) and below not in ({}, [])):
                made[key.translate(_BACK) if isinstance(key, str) else str(key)] = below
        return made
    if isinstance(value, list):
        return [v for v in (_clean(v, keep) for v in value) if keep or not _is_blank(v)]
    return value.translate(_BACK) if isinstance(value, str) else value


def _is_blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def expected(data: Any, change: Change) -> Any:
    """Return the data as they are to be after an edit, worked out in memory."""
    data = json_copy(data)
    *above, last = change.route
    holder = value_at(data, tuple(above)) if change.route else None
    if isinstance(change, Remove):
        del holder[last]
    elif isinstance(change, Set):
        holder[last] = json_copy(change.value)
    else:
        value = json_copy(change.value)
        made = isinstance(change, Add) and isinstance(holder, dict)
        items = holder.setdefault(last, []) if made else holder[last]
        items.insert(len(items) if change.index is None else change.index, value)
    return _clean(data, False)


def json_copy(data: Any) -> Any:
    if isinstance(data, dict):
        return {k: json_copy(v) for k, v in data.items()}
    return [json_copy(v) for v in data] if isinstance(data, list) else data


def exact(data: Any) -> str:
    """Return data as a text in which 1, 1.0, true and "1" differ."""
    return json.dumps(data, sort_keys=True, default=lambda day: day.isoformat())


# -- where things stand --------------------------------------------------------------------------


class Node(NamedTuple):
    """A value and where it is; `end` is where its content ends, whatever comments follow."""

    start: int
    end: int
    children: dict[str | int, tuple[int, Node]]
    """Under each key or index: where the key or the item begins, and the value."""


def tree(text: str) -> Node:
    """Return where everything in a text stands, from PyYAML's events."""
    events = yaml.parse(text.translate(_SWAP), Loader=yaml.CSafeLoader)
    event = next(events)
    while not isinstance(event, yaml.NodeEvent):
        event = next(events)
    return _node(event, events, False)


def _node(event: Any, events: Any, keep: bool) -> Node:
    start, end = event.start_mark.index, event.end_mark.index
    children: dict[str | int, tuple[int, Node]] = {}
    if isinstance(event, yaml.MappingStartEvent):
        while not isinstance(key := next(events), yaml.MappingEndEvent):
            name = key.value.translate(_BACK) if isinstance(key, yaml.ScalarEvent) else "*"
            value = _node(next(events), events, keep or name == "custom")
            children[name] = (key.start_mark.index, value)
            end = max(end, key.end_mark.index, value.end)
        end = key.end_mark.index if event.flow_style else end
    elif isinstance(event, yaml.SequenceStartEvent):
        index = 0
        while not isinstance(item := next(events), yaml.SequenceEndEvent):
            node = _node(item, events, keep)
            end = max(end, node.end)
            if isinstance(item, yaml.ScalarEvent) and not keep:
                said = item.value.strip()
                if not said or (said == "~" and item.implicit[0]):
                    continue
            children[index] = (node.start, node)
            index += 1
        end = item.end_mark.index if event.flow_style else end
    return Node(start, end, children)


def touched_elsewhere(before: str, after: str, change: Change) -> str:
    """Return what an edit has touched that is none of its business; empty if nothing."""
    start, end, replaced = _region(before, change)
    for comment in re.findall(r"#c\d+[^.\n]*\.", before):
        at = before.index(comment)
        if not any(first <= at < last for first, last in replaced) and comment not in after:
            return f"the comment {comment}"
    if before[:start] != after[:start]:
        return "what stands before"
    behind = before[end:]
    if not after[start:].endswith(behind):
        return "what stands behind"
    rest = iter(after[start : len(after) - len(behind)])
    if not replaced and not all(c in rest for c in before[start:end]):
        return "what something was only to be put beside"
    return ""


def _region(text: str, change: Change) -> tuple[int, int, list[tuple[int, int]]]:
    """Return from where to where an edit may touch a text, and what may go from it."""
    parent = tree(text)
    for step in change.route[:-1]:
        parent = parent.children[step][1]
    found = parent.children.get(change.route[-1])
    if found is None:
        gone = [] if parent.children else [(parent.start, parent.end)]
        return parent.start, _line_end(text, parent.end), gone
    start, node = found
    if isinstance(change, Remove):
        before = [n.end for _, n in parent.children.values() if n.end <= start]
        first = max(
            [text.rfind("\n", 0, start), 0] if not before else [len(text[: max(before)].rstrip())]
        )
        return (
            first,
            max(_line_end(text, node.end), parent.end + 2),
            [(start, _line_end(text, node.end))],
        )
    puts_in = isinstance(change, (Insert, Add)) and node.children
    return start, _line_end(text, node.end), [] if puts_in else [(node.start, node.end)]


def _line_end(text: str, at: int) -> int:
    found = text.find("\n", at)
    return len(text) if found < 0 else found + 1

"""Odd YAML documents, random edits of them, and what an edit should make of the data.

Nothing here uses the reader or the edit engine: what is expected comes from PyYAML alone.
"""

from __future__ import annotations

import datetime
import json
import re
from random import Random
from typing import Any, NamedTuple

import yaml

from itgov.files.edit import Add, Change, Insert, Remove, Set
from itgov.files.write import FlowMapping, Plain

Route = tuple[str | int, ...]
KEYS = ["a", "bb", "id", "title", "na me", "x-y", "ä", "custom", "10"]
WORDS = ["one", "two words", "wörld", "it's", 'a "b"', "x: y", "a #b", "- c", "{d}", "[e", "no"]
WORDS += [
    "12:30",
    "0777",
    "2026-01-01",
    "1e5",
    "~",
    "&x",
    "*y",
    "a,b",
    "n\xa0b",
    "?",
    "a\\b",
    "=" * 9,
]
PLAIN = ["one", "two words", "3", "4.5", "true", "2026-01-01", "wörld", "a,b", "c]d", "x#y", "é:z"]
PLAIN += ["it's", 'a"b', "next\x85line", "ls\u2028ps\u2029", "http://x.y/z#f"]


class OddYaml:
    """Writes one document; every comment in it is unique."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.comments = 0
        self.anchors: list[str] = []
        self.named = 0

    def one_in(self, n: int) -> bool:
        return self.random.randrange(n) == 0

    def document(self) -> str:
        lines = ["--- # the start"] if self.one_in(12) else []
        lines += self.mapping(0, 0)
        if self.one_in(8):
            lines += [f"# the end{self.comment()}"]
        if self.one_in(25):
            lines += ["..."]
        text = "\n".join(lines) + ("" if self.one_in(6) else "\n")
        if self.one_in(10):
            text += "\n\n"
        if self.one_in(5):
            text = text.replace("\n", "\r\n")
        return text

    def comment(self) -> str:
        self.comments += 1
        odd = self.random.choice(["", "", "\t", " \x85 ", " \u2028", ": - {[", "'\""])
        return f"#c{self.comments}{odd}."

    def behind(self) -> str:
        """A comment at the end of a line, or blanks, or nothing."""
        if self.one_in(4):
            return self.random.choice([" ", "   ", "\t", " \t"]) + self.comment()
        return " " if self.one_in(15) else ""

    def between(self, indent: int) -> list[str]:
        found = []
        if self.one_in(6):
            found.append(" " * self.random.choice([indent, 0, indent + 3]) + self.comment())
        if self.one_in(10):
            found.append("" if self.one_in(2) else "  ")
        return found

    # -- block style --------------------------------------------------------------------------

    def mapping(self, indent: int, depth: int) -> list[str]:
        lines: list[str] = []
        space = " " * indent
        for key in self.random.sample(KEYS, self.random.randint(1, 4)):
            written = self.key(key)
            value = self.value(indent, depth)
            if self.one_in(12):
                lines += [f"{space}? {written}{self.behind()}", *self.between(indent)]
                if value[0].strip() or len(value) > 1:
                    lines += [f"{space}:{value[0]}", *value[1:]]
            else:
                lines += [
                    f"{space}{written}{' ' if self.one_in(12) else ''}:{value[0]}",
                    *value[1:],
                ]
            lines += self.between(indent)
        return lines

    def key(self, key: str) -> str:
        if key == "10" or self.one_in(12):
            return f"'{key}'" if self.one_in(2) else f'"{key}"'
        return key

    def value(self, indent: int, depth: int) -> list[str]:
        """What stands after a colon: the rest of its line, and the lines below."""
        kind = self.random.randrange(14 if depth < 3 else 9)
        if kind <= 3:
            return self.scalar(indent)
        if kind == 4:
            return [self.behind()] if self.one_in(3) else [f" ~{self.behind()}"]
        if kind <= 6:
            return self.flow_lines(indent, depth)
        if kind == 7 and self.anchors:
            return [f" *{self.random.choice(self.anchors)}{self.behind()}"]
        if kind <= 8:
            return self.scalar(indent)
        name = ""
        if self.one_in(8):
            self.named += 1
            name = f" &n{self.named}"
        step = self.random.choice([2, 2, 2, 4, 1])
        if kind <= 11:
            rest = self.mapping(indent + step, depth + 1)
        else:
            rest = self.sequence(indent + self.random.choice([0, 2, 2, 3]), depth + 1)
        lines = [name + self.behind(), *self.between(indent + step), *rest]
        if name:
            self.anchors.append(name[2:])
        return lines

    def sequence(self, indent: int, depth: int) -> list[str]:
        lines: list[str] = []
        space = " " * indent
        same = self.random.randrange(5)
        for _ in range(self.random.randint(1, 3)):
            form = same if self.one_in(2) else self.random.randrange(6)
            if form <= 1 and depth < 4:  # compact
                gap = self.random.choice([1, 1, 1, 3])
                inner = self.mapping(indent + 1 + gap, depth + 1)
                while inner and not inner[0].strip(" ").strip():
                    inner.pop(0)
                if inner[0].lstrip().startswith("#"):
                    lines += [f"{space}-", *inner]
                else:
                    lines += [f"{space}-{' ' * gap}{inner[0].lstrip(' ')}", *inner[1:]]
            elif form == 2 and depth < 4:  # the dash alone
                more = self.random.choice([1, 2, 2, 4])
                lines += [f"{space}-{self.behind()}", *self.between(indent + more)]
                lines += self.mapping(indent + more, depth + 1)
            elif form == 3 and depth < 3:
                inner = self.sequence(indent + 2, depth + 1)
                lines += [f"{space}- {inner[0].lstrip(' ')}", *inner[1:]]
            elif form == 4:
                value = self.flow_lines(indent, depth)
                lines += [f"{space}-{value[0]}", *value[1:]]
            else:
                value = self.scalar(indent)
                lines += [f"{space}-{value[0]}", *value[1:]]
            lines += self.between(indent)
        return lines

    def scalar(self, indent: int) -> list[str]:
        inside = " " * (indent + self.random.choice([1, 2, 4]))
        kind = self.random.randrange(12)
        if kind <= 4:
            return [f" {'  ' if self.one_in(8) else ''}{self.random.choice(PLAIN)}{self.behind()}"]
        if kind == 5:
            lines = [" some words", f"{inside}and more", f"{inside}at the end{self.behind()}"]
            return lines if self.one_in(2) else [" some", "", f"{inside}more{self.behind()}"]
        if kind == 6:
            return [self.behind(), *self.between(len(inside)), f"{inside}below{self.behind()}"]
        if kind <= 8:
            word = self.random.choice(WORDS)
            quoted = json.dumps(word, ensure_ascii=False) if self.one_in(2) else _single(word)
            return [f" {quoted}{self.behind()}"]
        if kind == 9:
            return [' "in two', f"{inside}lines # not one\\", f'{inside}it is"{self.behind()}']
        step = self.random.choice([1, 2, 4])
        head = self.random.choice("|>") + self.random.choice(["", "", "-", "+"])
        extra = ""
        if self.one_in(3):
            head += str(step)
            extra = self.random.choice(["", " "])
        block = " " * (indent + step)
        lines = [f" {head}{self.behind()}", f"{block}{extra}a text", "", f"{block}  # no comment"]
        lines += [""] * self.random.randrange(3)
        return lines

    # -- flow style ---------------------------------------------------------------------------

    def flow_lines(self, indent: int, depth: int) -> list[str]:
        text = self.flow(" " * (indent + self.random.choice([1, 2, 3])), depth, self.one_in(3))
        return f" {text}{self.behind()}".split("\n")

    def flow(self, inside: str, depth: int, over_lines: bool) -> str:
        is_map = self.one_in(2)
        parts = []
        for key in self.random.sample(KEYS, self.random.randint(0, 3)):
            if depth < 3 and self.one_in(5):
                told = self.flow(inside + " ", depth + 1, over_lines)
            elif self.one_in(3):
                told = json.dumps(self.random.choice(WORDS), ensure_ascii=False)
            elif is_map and self.one_in(8):
                told = ""
            else:
                told = self.random.choice(["one", "two words", "3", "4.5", "true", "2026-01-01"])
            if is_map:
                told = self.key(key) + (f": {told}" if told else self.random.choice([":", ""]))
            parts.append(told)
        opening, closing = "{}" if is_map else "[]"
        if not over_lines:
            trailing = "," if parts and self.one_in(8) else ""
            pad = " " if self.one_in(5) else ""
            return f"{opening}{pad}{', '.join(parts)}{trailing}{pad}{closing}"
        text = opening + (f"  {self.comment()}" if self.one_in(6) else "")
        for number, part in enumerate(parts):
            last = number == len(parts) - 1
            comma = "" if last and not self.one_in(3) else ","
            blank = " " if comma and self.one_in(8) else ""
            text += f"\n{inside}{part}{blank}{comma}"
            text += f"  {self.comment()}" if self.one_in(4) else ""
        return text + f"\n{inside}{closing}"


def _single(word: str) -> str:
    return "'" + word.replace("'", "''") + "'"


# -- edits ---------------------------------------------------------------------------------------


def some_value(random: Random, depth: int = 0) -> Plain:
    kind = random.randrange(12 if depth < 2 else 7)
    if kind <= 2:
        return random.choice([*WORDS, *PLAIN, "word " * 30 + "end", "two\nlines", "l\x85s\u2028p"])
    if kind <= 6:
        day = datetime.date(2026, 3, 1)
        return random.choice([1, -7, 2.5, 1e15, 1e-7, True, False, day, None, "", " "])
    if kind <= 9:
        made = {k: some_value(random, depth + 1) for k in random.sample(KEYS, random.randint(1, 3))}
        return FlowMapping(made) if kind == 9 else made
    return [some_value(random, depth + 1) for _ in range(random.randint(1, 3))]


def some_change(random: Random, data: Any) -> Change | None:
    """Return a random edit of data as they are read, or None where there is no place for one."""
    routes = list(_routes(data, ()))
    kind = random.randrange(6)
    order = tuple(random.sample(KEYS, len(KEYS))) if random.randrange(2) else ()
    mappings = [r for r in routes if isinstance(_at(data, r), dict)]
    keyed = [r for r in routes if r and isinstance(r[-1], str)]
    lists = [r for r in routes if isinstance(_at(data, r), list)]
    value = some_value(random)
    is_blank = value is None or (isinstance(value, str) and not value.strip())
    if kind <= 1 and keyed:
        return Set(random.choice(keyed), value, order)
    if kind == 2:
        route = (*random.choice(mappings), random.choice(KEYS))
        return Set(route, value, order)
    if kind == 3 and keyed:
        return Remove(random.choice(keyed))
    value = "x" if is_blank else value  # a list holds no blanks
    if not lists:
        return Add((*random.choice(mappings), "new"), value, None, order)
    route = random.choice(lists)
    index = random.choice([None, random.randint(0, len(_at(data, route)))])
    return Insert(route, value, index) if kind == 4 else Add(route, value, index, order)


def _routes(data: Any, route: Route) -> Any:
    yield route
    if isinstance(data, dict):
        for key, value in data.items():
            yield from _routes(value, (*route, key))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from _routes(value, (*route, index))


def _at(data: Any, route: Route) -> Any:
    for step in route:
        data = data[step]
    return data


# -- what is expected ----------------------------------------------------------------------------

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
    holder = _at(data, tuple(above)) if change.route else None
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

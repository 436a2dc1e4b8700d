"""Odd YAML documents, and random edits of them."""

from __future__ import annotations

import datetime
import json
from random import Random
from typing import Any

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
    mappings = [r for r in routes if isinstance(value_at(data, r), dict)]
    keyed = [r for r in routes if r and isinstance(r[-1], str)]
    lists = [r for r in routes if isinstance(value_at(data, r), list)]
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
        above = random.choice(mappings)
        # an earlier edit may have put a text there
        name = "more" if "new" in value_at(data, above) else "new"
        return Add((*above, name), value, None, order)
    route = random.choice(lists)
    index = random.choice([None, random.randint(0, len(value_at(data, route)))])
    return Insert(route, value, index) if kind == 4 else Add(route, value, index, order)


def _routes(data: Any, route: Route) -> Any:
    yield route
    if isinstance(data, dict):
        for key, value in data.items():
            yield from _routes(value, (*route, key))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from _routes(value, (*route, index))


def value_at(data: Any, route: Route) -> Any:
    for step in route:
        data = data[step]
    return data

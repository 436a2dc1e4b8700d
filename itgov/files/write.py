"""Writing YAML that people like to read.

Block style, the order of the types, a line for a year's spend or a result, quotes only where they
are needed, for readers of YAML 1.1 as well.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

import yaml
from msgspec import Struct

from itgov.model.fields import fields_of
from itgov.model.minutes import ItemSubject
from itgov.model.types import Gate, Result, Spend

Plain = str | int | float | bool | datetime.date | None | list["Plain"] | dict[str, "Plain"]

WIDTH = 98
HEADER = "# yaml-language-server: $schema=../schema/{}.schema.json\n"
_FLOW_RECORDS: tuple[type[Struct], ...] = (Spend, Result, Gate, ItemSubject)
"""Records that stand on a line of their own."""

_NUMBER = re.compile(
    r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z|0[xo][0-9a-fA-F]+\Z|[-+]?\.(inf|nan)\Z",
    re.IGNORECASE,
)
_WORD = re.compile(r"(y|n|yes|no|on|off|true|false|null|~|=|<<)\Z", re.IGNORECASE)
_INDICATOR = re.compile(r"[-?:](\s|\Z)|[,\[\]{}#&*!|>'\"%@`]|---|\.\.\.")
_INSIDE = re.compile(r":(\s|\Z)|\s#")
_FLOW = re.compile(r"[,\[\]{}:]|\A[-?]")
_SAFE = re.compile(r"[A-Za-z]([A-Za-z0-9 _./-]*[A-Za-z0-9_/-])?\Z")
"""Texts that are read as themselves unless they are one of the words above."""
_DIRECTIONS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""What turns the direction of a line, so that it reads as something else than it says."""
_BREAKS = re.compile(rf"[\n\r\t\x85\u2028\u2029\xa0\ufffe\uffff{_DIRECTIONS}]")
_ESCAPES = {
    '"': '\\"',
    "\\": "\\\\",
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
    "\x85": "\\N",
    "\u2028": "\\L",
    "\u2029": "\\P",
    "\xa0": "\\_",
    **{c: f"\\u{ord(c):04X}" for c in _DIRECTIONS},
}


CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u200b\u2060\ufeff\ufffe\uffff\ud800-\udfff]"
)
"""What no YAML file may hold, or what no reader can see."""


_SCALARS = frozenset((str, int, float, bool, datetime.date))


class FlowMapping(dict[str, Plain]):
    """A mapping that is written on one line, in braces."""


def plain(record: Struct) -> dict[str, Plain]:
    """Return a record as a mapping in the order of its type, without what it leaves out."""
    result: dict[str, Plain] = FlowMapping() if isinstance(record, _FLOW_RECORDS) else {}
    for field in fields_of(type(record)):
        value = getattr(record, field.name)
        if value is None or value == field.default or (not value and value in ([], {})):
            continue
        result[field.key] = _plain(value)
    return result


def _plain(value: Any) -> Plain:
    if type(value) in _SCALARS:  # most are
        return value  # type: ignore[no-any-return]
    if isinstance(value, Struct):
        return plain(value)
    if isinstance(value, list):
        return [_plain(v) for v in value]
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items()}
    return value  # type: ignore[no-any-return]


def document(data: Mapping[str, Plain], schema: str | None = None) -> str:
    """Return a whole file's text."""
    lines: list[str] = []
    _mapping(lines, data, 0)
    return (HEADER.format(schema) if schema else "") + "\n".join([*lines, ""])


def scalar(value: Plain, flow: bool = False) -> str:
    """Return a single value as it is written on a line."""
    if isinstance(value, str):
        return text(value, flow)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _float(value)
    if isinstance(value, datetime.date):
        return value.isoformat()[:10]
    return (
        _flow(value) if isinstance(value, (dict, list)) else "null" if value is None else str(value)
    )


def _float(value: float) -> str:
    shown = repr(value)
    if "e" in shown and "." not in shown:  # 1e+22 is a text to readers of YAML 1.1
        return shown.replace("e", ".0e")
    return shown


def text(value: str, flow: bool = False) -> str:
    """Return a text on one line, quoted where it would not be read as itself."""
    if _SAFE.match(value) and not _WORD.match(value):
        return value
    value = clean(value)
    if not value.isprintable() and _BREAKS.search(value):
        return '"' + "".join(_ESCAPES.get(c, c) for c in value) + '"'
    if not needs_quotes(value, flow):
        return value
    if '"' in value or "\\" in value:
        return "'" + value.replace("'", "''") + "'"
    return f'"{value}"'


def clean(value: str) -> str:
    """Return a text without the control characters that no YAML file may hold."""
    return value if value.isprintable() else CONTROL.sub("", value)


def needs_quotes(value: str, flow: bool = False) -> bool:
    """Say whether a plain text would be read as something else, by YAML 1.1 or 1.2."""
    if _SAFE.match(value):
        return _WORD.match(value) is not None
    if not value or value != value.strip() or _WORD.match(value) or _NUMBER.match(value):
        return True
    if _INDICATOR.match(value) or _INSIDE.search(value) or (flow and _FLOW.search(value)):
        return True
    resolvers = yaml.SafeLoader.yaml_implicit_resolvers
    return any(
        pattern.match(value)
        for _, pattern in [*resolvers.get(value[0], []), *resolvers.get(None, [])]
    )


def styled(old: str, value: Plain, told: str) -> str:
    """Return a text in the quotes that the old one begins with, where they do for it.

    `told` is how it is written without regard to the old one.
    """
    if isinstance(value, datetime.date):
        value = value.isoformat()
    if old not in ('"', "'") or not isinstance(value, str) or not value.isprintable():
        return told
    if needs_quotes(value) and told[:1] in ('"', "'") and ("'" in value or '"' in value):
        return told
    if old == "'":
        return "'" + value.replace("'", "''") + "'"
    return told if '"' in value or "\\" in value else f'"{value}"'


def _flow(value: Plain) -> str:
    if isinstance(value, dict):
        return (
            "{"
            + ", ".join(f"{key_text(k, True)}: {scalar(v, True)}" for k, v in value.items())
            + "}"
        )
    if isinstance(value, list):
        return "[" + ", ".join(scalar(v, True) for v in value) + "]"
    return scalar(value, True)


@lru_cache(maxsize=2_000, typed=True)
def key_text(key: str, flow: bool = False) -> str:
    """Return a key as it is written."""
    return text(str(key), flow)


def entry_lines(key: str, value: Plain, indent: int) -> list[str]:
    """Return the lines of a key with its value, `indent` blanks in."""
    lines: list[str] = []
    _entry(lines, key_text(key), value, indent)
    return lines


def item_lines(value: Plain, indent: int) -> list[str]:
    """Return the lines of one item of a list, its dash `indent` blanks in."""
    lines: list[str] = []
    _items(lines, [value], indent)
    return lines


def _mapping(lines: list[str], data: Mapping[str, Plain], indent: int) -> None:
    for key, value in data.items():
        _entry(lines, key_text(key), value, indent)


def _entry(lines: list[str], key: str, value: Plain, indent: int) -> None:
    space = " " * indent
    if isinstance(value, str):
        lines += _text_lines(f"{space}{key}: ", clean(value), indent + 2)
    elif isinstance(value, dict) and value and not isinstance(value, FlowMapping):
        if indent >= 6 and _short(value, indent + len(key)):
            lines.append(f"{space}{key}: {_flow(value)}")
        else:
            lines.append(f"{space}{key}:")
            _mapping(lines, value, indent + 2)
    elif isinstance(value, list) and value:
        if not any(isinstance(v, (dict, list)) for v in value) and _short(value, indent + len(key)):
            lines.append(f"{space}{key}: {_flow(value)}")
        else:
            lines.append(f"{space}{key}:")
            _items(lines, value, indent + 2)
    else:
        lines.append(f"{space}{key}: {scalar(value)}")


def _short(value: Plain, used: int) -> bool:
    """Say whether a collection of a few scalars stands well on its key's line."""
    parts = (
        list(value.values())
        if isinstance(value, dict)
        else value
        if isinstance(value, list)
        else []
    )
    if isinstance(value, dict) and len(parts) > 3:
        return False
    if any(isinstance(p, (dict, list)) or (isinstance(p, str) and len(p) > 40) for p in parts):
        return False
    return used + len(_flow(value)) + 2 <= 80


def _items(lines: list[str], values: list[Plain], indent: int) -> None:
    space = " " * indent
    for value in values:
        if isinstance(value, dict) and value and not isinstance(value, FlowMapping):
            first = len(lines)
            _mapping(lines, value, indent + 2)
            lines[first] = f"{space}- {lines[first][indent + 2 :]}"
        elif isinstance(value, str):
            lines += _text_lines(f"{space}- ", clean(value), indent + 2)
        else:
            lines.append(f"{space}- {scalar(value)}")


# -- long texts ----------------------------------------------------------------------------


def _text_lines(start: str, value: str, indent: int) -> list[str]:
    """Return a text after its key: on the line, folded if it is long, literal if it has lines."""
    line = text(value)
    if (len(start) + len(line) <= WIDTH and "\n" not in value) or not _block_safe(value):
        return [start + line]
    space = " " * indent
    lines = value.split("\n")
    if all(len(part) <= WIDTH - indent for part in lines) and len(lines) > 1:
        return [start + "|-", *(space + part if part else "" for part in lines)]
    found = [start + ">-"]
    for number, part in enumerate(lines):
        if number:
            found.append("")
        if part:
            found += (space + piece for piece in _wrapped(part, WIDTH - indent))
    return found


def _block_safe(value: str) -> bool:
    """Say whether a text survives as a block: no blanks at the ends of lines, no odd breaks."""
    if not value or value != value.strip() or _BREAKS.search(value.replace("\n", "")):
        return False
    return all(part == part.strip() and part.isprintable() for part in value.split("\n"))


def _wrapped(line: str, width: int) -> Iterator[str]:
    """Yield a line's pieces, broken only at single blanks, so that folding gives it back."""
    while len(line) > width:
        at = next((i for i in _breaks(line, width)), None)
        if at is None:
            break
        yield line[:at]
        line = line[at + 1 :]
    yield line


def _breaks(line: str, width: int) -> Iterator[int]:
    for i in [*range(width, 0, -1), *range(width + 1, len(line) - 1)]:
        if line[i] == " " and not line[i - 1].isspace() and not line[i + 1].isspace():
            yield i

"""JSON as text that is safe to print, and unchanged for whoever reads it."""

from __future__ import annotations

from msgspec import json

_HASHES = "##"


def pretty(value: object) -> str:
    """Return `value`, whose texts have been through `plain`, as indented JSON with a line end."""
    return harmless(json.format(json.encode(value), indent=2).decode()) + "\n"


def harmless(text: str) -> str:
    r"""Escape in a JSON text what must not reach a terminal or a CI runner's log.

    JSON lets control characters above U+007E, bidirectional overrides and the like stand as they
    are; a reader of the JSON gets the same value from their `\\u` escapes.
    """
    if text.isascii() and "\x7f" not in text and _HASHES not in text:
        return text
    return "\n".join(
        line if line.isprintable() and _HASHES not in line else _escaped(line)
        for line in text.split("\n")
    )


def _escaped(line: str) -> str:
    line = line.replace(_HASHES, "#\\u0023")
    return "".join(char if char.isprintable() else _escape(char) for char in line)


def _escape(char: str) -> str:
    code = ord(char)
    if code < 0x10000:
        return f"\\u{code:04x}"
    code -= 0x10000
    return f"\\u{0xD800 + (code >> 10):04x}\\u{0xDC00 + (code & 0x3FF):04x}"

"""JSON as text that is safe to print, and unchanged for whoever reads it."""

from __future__ import annotations

import re

from msgspec import json

_HASHES = "##"
_MEASURES = (
    "score|score_before|count|coverage|evidence|enough_evidence|measured|lost|points"
    "|uncapped_points|ratio|per_spend|per_full_time|dedication|progress"
)
_WHOLE = re.compile(
    rf'^(\s*(?:"(?!(?:{_MEASURES})")(?:[^"\\]|\\.)*": )?-?\d+)\.0(,?)$', re.MULTILINE
)
"""A line of indented JSON whose value is a whole number with a needless fraction.

What is measured keeps it, so that a reader who asks for the type of a score gets one answer.
"""


def pretty(value: object) -> str:
    """Return `value`, whose texts have been through `plain`, as indented JSON with a line end."""
    return indented(json.encode(value))


def indented(raw: bytes) -> str:
    """Return JSON as indented text that is safe to print, with amounts as people write them."""
    return harmless(_WHOLE.sub(r"\1\2", json.format(raw, indent=2).decode())) + "\n"


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

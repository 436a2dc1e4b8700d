"""JSON as text that is safe to print, and unchanged for whoever reads it."""

from __future__ import annotations

import re
from typing import Any

import msgspec

_HASHES = "##"
_MEASURES = (
    "score|score_before|count|coverage|evidence|enough_evidence|measured|lost|points"
    "|uncapped_points|ratio|realised_ratio|holding|counted_share|share|per_spend|per_full_time|dedication|progress"
)
_WHOLE = re.compile(
    rf'^(\s*(?:"(?!(?:{_MEASURES})")(?:[^"\\]|\\.)*": )?-?\d+)\.0(,?)$', re.MULTILINE
)
"""A line of indented JSON whose value is a whole number with a needless fraction.

What is measured keeps it, so that a reader who asks for the type of a score gets one answer.
"""


def json_text(value: object) -> str:
    """Return a value as indented JSON that is safe to print, with amounts as people write them.

    Every verb's JSON but that of `check`, which is written line by line, goes through here.
    """
    text = msgspec.json.format(encoded(value), indent=2).decode()
    return harmless(_WHOLE.sub(r"\1\2", text)) + "\n"


def encoded(value: object) -> bytes:
    """Return a value as JSON; a lone surrogate (a file name that is not UTF-8) is spelt out."""
    try:
        return msgspec.json.encode(value)
    except UnicodeEncodeError:
        return msgspec.json.encode(spelt(value))


def spelt(value: object) -> Any:
    """Return a value as JSON has it, with every lone surrogate spelt out."""
    return _spelt(msgspec.to_builtins(value))


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


def _spelt(value: Any) -> Any:
    if isinstance(value, str):
        return "".join(f"<U+{ord(c):04X}>" if "\ud800" <= c <= "\udfff" else c for c in value)
    if isinstance(value, dict):
        return {_spelt(k): _spelt(v) for k, v in value.items()}
    return [_spelt(v) for v in value] if isinstance(value, (list, tuple)) else value

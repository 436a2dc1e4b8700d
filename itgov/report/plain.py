"""Making text from data harmless before it is shown.

Titles, messages, ids, paths and source lines come from files that anybody may have edited.  Shown
as they are, they could move the cursor, recolour the terminal, reorder the line for a reader
(bidirectional overrides), hide letters (zero-width characters), or be taken by a CI runner for a
command of its own (`::stop-commands::`, `##[add-mask]`).
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from itgov.model.lazy_patterns import lazy_pattern

RUNNER_COMMAND = lazy_pattern(r"##(?=\w*\[)")
"""What GitHub, Azure and TeamCity take for a command anywhere in a line of a job's log; its
second character is the one to break."""

# Letters and marks by category, so `str.isprintable` lets them through, but they draw nothing.
_BLANK = lazy_pattern("[\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0]")


@lru_cache(maxsize=4096)
def shown(char: str) -> str:
    """Return what stands for one character of data: itself, a space, or its code (`<U+202E>`)."""
    if char in "\t\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029":
        return " "
    if (char.isprintable() and not _BLANK.match(char)) or unicodedata.category(char) == "Zs":
        return char
    return f"<U+{ord(char):04X}>"


def is_harmless(text: str) -> bool:
    """Say whether `plain` would return `text` as it is."""
    return (
        text.isprintable()
        and (text.isascii() or _BLANK.search(text) is None)
        and ("##" not in text or RUNNER_COMMAND.search(text) is None)
        and ("::" not in text or not text.lstrip().startswith("::"))
    )


def plain(text: str) -> str:
    """Return `text` as one line that is safe to show in a terminal, a log or a report.

    Line ends and tabs become spaces.  Control and format characters (escape sequences,
    bidirectional overrides, zero-width characters), lone surrogates and characters that cannot be
    drawn are spelt out: `<U+202E>`.  The start of a CI runner's command is broken the same way.
    """
    if is_harmless(text):
        return text
    safe = "".join(map(shown, text))
    safe = RUNNER_COMMAND.sub("#<U+0023>", safe)
    bare = safe.lstrip()
    if bare.startswith("::"):
        safe = safe[: len(safe) - len(bare)] + "<U+003A>" + bare[1:]
    return safe


def cut(text: str, limit: int) -> str:
    """Return `text`, shortened to `limit` characters with a final "…" where it is longer."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def cut_bytes(text: str, limit: int) -> str:
    """Return `text`, shortened to `limit` bytes of UTF-8 with a final "…" where it is longer."""
    raw = text.encode("utf-8", "replace")
    if len(raw) <= limit:
        return text
    return raw[: limit - 3].decode("utf-8", "ignore") + "…"

"""From a place inside a text value to its place in the file that the value was read from."""

from __future__ import annotations

import re

from itgov.files.document import Document, Route


def offset_in_file(document: Document, route: Route, value: str, line: int, column: int) -> int:
    """Return the character offset in the file of line and column (from 1) of the text at `route`.

    The value may stand plain, quoted, folded or as a block; its characters are followed through
    what the file says, spaces and line ends being worth each other.
    """
    entry = document.find(route)
    if entry is None:
        return 0
    start, end = document.values[entry], document.ends[entry]
    rows = value.split("\n")
    wanted = sum(len(r) + 1 for r in rows[: line - 1]) + column - 1
    wanted = min(max(wanted, 0), len(value))
    text = document.text
    anchor = _ANCHOR.match(text, start)
    at = start = anchor.end() if anchor else start
    escaped = text[at : at + 1] == '"'
    if text[at : at + 1] in "|>":
        at = text.find("\n", at, end) + 1 or end
    elif text[at : at + 1] in "'\"":
        at += 1
    for char in value[:wanted]:
        at = _follow_escaped(text, at, end, char) if escaped else _follow(text, at, end, char)
    if escaped:
        at = _past_continuation(text, at)
    # stand on the character itself, not on the indentation before it
    if wanted < len(value) and not value[wanted].isspace():
        while at < end and text[at].isspace():
            at += 1
    return min(at, max(end - 1, start))


def _follow(text: str, at: int, end: int, char: str) -> int:
    """Return the offset just after the file's version of `char`."""
    if char.isspace():
        if at < end and text[at].isspace():
            newline = "\n" in text[at : at + 2]
            at += 1
            if newline:
                while at < end and text[at] in " \r\n":
                    at += 1
        return at
    while at < end and text[at].isspace():
        at += 1
    if at < end and text[at] == char:
        at += 1
        if char == "'" and text[at : at + 1] == "'":
            at += 1  # a quote doubled inside single quotes
        return at
    return at + 1


_ANCHOR = re.compile(r"&[\w-]+\s+")
_ESCAPE = re.compile(r"\\(?:x..|u.{4}|U.{8}|.)", re.DOTALL)
_CONTINUATION = re.compile(r"\\\r?\n[ \t]*")


def _past_continuation(text: str, at: int) -> int:
    """Return the offset after a line end that a backslash takes out of double quotes."""
    while (match := _CONTINUATION.match(text, at)) is not None:
        at = match.end()
    return at


def _follow_escaped(text: str, at: int, end: int, char: str) -> int:
    """Return the offset just after the file's version of `char` inside double quotes."""
    at = _past_continuation(text, at)
    escape = _ESCAPE.match(text, at)
    return escape.end() if escape is not None else _follow(text, at, end, char)

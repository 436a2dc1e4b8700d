"""From a place inside a text value to its place in the file that the value was read from."""

from __future__ import annotations

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
    at = start
    if text[at : at + 1] in "|>":
        at = text.find("\n", at, end) + 1 or end
    elif text[at : at + 1] in "'\"":
        at += 1
    for char in value[:wanted]:
        at = _follow(text, at, end, char)
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
    if at < end and text[at] == "\\":
        return at + 2
    return at + 1

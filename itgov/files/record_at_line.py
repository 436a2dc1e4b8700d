"""Which record and field a line of a file belongs to, by the ids that the file gives them."""

from __future__ import annotations

from itgov.files.document import Document

_NAMES = ("id", "person", "date", "year", "rule", "on", "what")
"""What tells an item of a list from others, the first that it has."""
_LISTS = ("investments", "people", "relationship_managers", "engagements", "rules")
"""Lists whose items need no word for what they are an item of."""


def record_at_line(document: Document, line: int) -> tuple[str, str]:
    """Return the record that a line (from 1) belongs to, and the field in it, both in words.

    "RET-001" and "outcomes claim-cycle-time target"; nothing where the line belongs to none.
    """
    lines = document.lines
    if not 1 <= line <= len(lines):
        return "", ""
    start = lines[line - 1]
    end = lines[line] if line < len(lines) else len(document.text)
    words: list[str] = []
    entry = 0
    while not words or document.text[document.values[entry] : document.values[entry] + 1] not in (
        "{",
        "[",
    ):
        inside = [
            c for c in document.children(entry) if document.starts[c] < end and _end(document, c) > start
        ]  # fmt: skip
        if not inside:
            break
        entry = inside[-1]
        key = document.keys[entry]
        if isinstance(key, int):
            words.append(_name(document, entry) or str(key + 1))
        elif key not in _LISTS or words:
            words.append(key.replace("_", " "))
    return (words[0], " ".join(words[1:])) if words else ("", "")


def _end(document: Document, entry: int) -> int:
    return max(document.ends[entry], document.starts[entry] + 1)


def _name(document: Document, entry: int) -> str:
    """Return what an item of a list is called."""
    if document.sizes[entry] == 1:
        return ""
    children = {document.keys[c]: c for c in document.children(entry)}
    for name in _NAMES:
        child = children.get(name)
        if child is not None and document.sizes[child] == 1:
            return document.text[document.values[child] : document.ends[child]].strip("\"' ")
    return ""

"""Where the marks of YAML's syntax stand around a key or an item: dash, colon, end of the content.

The reader's positions say where keys and values start; the rest is looked up in the text beside
them.  What stands in a way that cannot be cut is refused with its place.
"""

from __future__ import annotations

import re

from itgov.files.document import QUOTED, Document
from itgov.files.save import EditRefused

_SPACE = re.compile(r"(?:[ \t\r\n]+|(?<=[ \t\r\n])#[^\r\n]*)*")
_PROPERTIES = re.compile(r"(?:&[^\s,\[\]{}]+|![^\s,\[\]{}]*)\s+")
_ALIAS = re.compile(r"\*[^\s,\[\]{}]+")
_BLOCK_HEADER = re.compile(r"[|>][-+0-9]*")
_INDENT = re.compile(r"\n( *)(?=[^ \r\n])")
_BLANKS = re.compile(r" +")
_QUESTION = re.compile(r"(?:\A|\n)[ \t]*(?:[-:][ \t]+)*(\?)[ \t]+\Z")
_DASH = re.compile(r"[ \t]*(?:[-?:][ \t]+)*(-)[ \t]*(?:(?<=[ \t])#.*)?\r?\n?\Z")
_EMPTY_LINE = re.compile(r"[ \t]*(?:#.*)?\r?\n?\Z")


class Syntax:
    """The marks in one document."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.source = document.text
        self._may_alias = "*" in self.source
        self._aliases: dict[int, set[int]] = {}

    def refusal(self, offset: int, why: str) -> EditRefused:
        """Return the error that says why an edit is not made, and where it would have been."""
        line, _ = self.document.position(min(max(offset, 0), len(self.source)))
        return EditRefused(
            f"{self.document.path}:{line}: the file cannot be edited in place: {why}; "
            "edit it by hand there"
        )

    # -- lines -----------------------------------------------------------------------------

    def line_start(self, offset: int) -> int:
        """Return where the line of an offset starts."""
        return self.source.rfind("\n", 0, offset) + 1

    def line_end(self, offset: int) -> int:
        """Return where the line of an offset ends, before its line end."""
        found = self.source.find("\n", offset)
        end = len(self.source) if found < 0 else found
        return end - 1 if end > offset and self.source[end - 1] == "\r" else end

    def newline(self, offset: int) -> str:
        """Return how the line of an offset ends; of the last line, how the one before it does."""
        found = self.source.find("\n", offset)
        if found < 0:
            found = self.source.rfind("\n")
        return "\r\n" if found > 0 and self.source[found - 1] == "\r" else "\n"

    def next_line(self, offset: int) -> int:
        """Return where the line after that of an offset starts, or the end of the text."""
        return self.source.find("\n", offset) + 1 or len(self.source)

    def column(self, offset: int) -> int:
        """Return how many characters stand before an offset on its line."""
        return offset - self.line_start(offset)

    # -- keys and items --------------------------------------------------------------------

    def begin(self, entry: int) -> int:
        """Return where a key starts, with the `?` before it."""
        start = self.document.starts[entry]
        line = self.line_start(start)
        question = _QUESTION.search(self.source[max(line - 1, 0) : start])
        return max(line - 1, 0) + question.start(1) if question else start

    def key_end(self, entry: int) -> int:
        """Return where the text of a key ends, its quotes included."""
        start = self._after_properties(self.document.starts[entry])
        quoted = QUOTED.match(self.source, start)
        if quoted:
            return quoted.end()
        key = str(self.document.keys[entry])
        if not self.source.startswith(key, start):
            raise self.refusal(start, f"the key `{key}` is an alias or spans several lines")
        return start + len(key)

    def colon(self, entry: int) -> int | None:
        """Return where the colon after a key stands; None where there is none, as in `? key`."""
        at = self.after_space(self.key_end(entry))
        return at if self.source[at : at + 1] == ":" else None

    def dash(self, item: int) -> int:
        """Return where the dash of a block list's item stands: before it, or on a line above."""
        end = self.document.starts[item]
        line = self.line_start(end)
        while True:
            found = _DASH.match(self.source, line, end)
            if found is not None:
                return found.start(1)
            if not line or _EMPTY_LINE.match(self.source, line, end) is None:
                raise self.refusal(end, "the dash of a list's item is not found")
            line, end = self.line_start(line - 1), line

    # -- values ----------------------------------------------------------------------------

    def value(self, entry: int) -> int:
        """Return where a value starts, after its anchor."""
        return self._after_properties(self.document.values[entry])

    def is_flow(self, entry: int) -> bool:
        """Say whether a value stands in brackets or braces."""
        return self.source.startswith(("{", "["), self.value(entry))

    def is_alias(self, parent: int, entry: int) -> bool:
        """Say whether a value is an alias: its positions are those of what the alias stands for."""
        if not self._may_alias:
            return False
        known = self._aliases.get(parent)
        if known is None:
            known = self._aliases[parent] = self._find_aliases(parent)
        return entry in known

    def _find_aliases(self, parent: int) -> set[int]:
        """Return the entries under a parent that stand before what they follow."""
        document = self.document
        found = set()
        floor = document.values[parent]
        for entry in document.children(parent):
            is_key = isinstance(document.keys[entry], str)
            if document.values[entry] < (document.starts[entry] if is_key else floor):
                found.add(entry)
            floor = max(floor, document.ends[entry])
        return found

    def alias(self, parent: int, entry: int) -> re.Match[str]:
        """Return the alias that stands for a value."""
        if isinstance(self.document.keys[entry], str):
            colon = self.colon(entry)
            at = self.after_space(self.key_end(entry) if colon is None else colon + 1)
        else:
            items = self.document.children(parent)
            index = items.index(entry)
            at = self.end(parent, items[index - 1]) if index else self.value(parent)
            at = self.after_space(at)
            while self.source.startswith(("-", ",", "["), at):
                at = self.after_space(at + 1)
        found = _ALIAS.match(self.source, at)
        if found is None:
            raise self.refusal(at, "an alias (`*`) is not found")
        return found

    def end(self, parent: int, entry: int) -> int:
        """Return where the content of an entry ends: no comment and no blank after it counts."""
        document, source = self.document, self.source
        if self.is_alias(parent, entry):
            return self.alias(parent, entry).end()
        start, end = document.values[entry], document.ends[entry]
        if self.is_flow(entry):
            return end
        if document.sizes[entry] > 1:
            return self.end(entry, document.children(entry)[-1])
        if start == end and isinstance(document.keys[entry], str):
            colon = self.colon(entry)
            return self.key_end(entry) if colon is None else colon + 1
        header = _BLOCK_HEADER.match(source, self.value(entry))
        return self._block_end(start, end, header.group()) if header else end

    def _block_end(self, start: int, end: int, header: str) -> int:
        """Return where a block's text ends: after its last line, or after the blanks it keeps."""
        held = self.source[start:end]
        text = held.rstrip(" \r\n")
        indents = [len(found) for found in _INDENT.findall(held)]
        blanks = max(map(len, _BLANKS.findall(held, len(text))), default=0)
        if "+" in header or blanks > (0 if header.strip("|>+-") else min(indents, default=0)):
            return end
        return start + len(text)

    def after_space(self, offset: int) -> int:
        """Return what follows blanks, line ends and comments."""
        found = _SPACE.match(self.source, offset)
        return found.end() if found else offset

    def _after_properties(self, offset: int) -> int:
        while found := _PROPERTIES.match(self.source, offset):
            offset = found.end()
        return offset

"""The rows of a worksheet that hold nothing but values, read from its XML by one expression.

Most rows of most sheets are so.  What holds anything else (a formula, an entity, rich text), or is
written in another way, is left in the XML for the parser, which takes three times as long for it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

_NAMESPACE = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_ENCODED = re.compile(rb"""<\?xml[^>]*encoding=["'](?!utf-8["'])""", re.IGNORECASE)
_TEXT = r"[^<&\x00-\x08\x0b-\x1f]*"
_CELL = re.compile(
    r'<c r="([A-Z]{1,3})\d{1,7}"(?: s="(\d{1,9})")?(?: t="(\w+)")?>'
    rf'(?:<v>({_TEXT})</v>|<is><t(?: xml:space="preserve")?>({_TEXT})</t></is>)</c>'
)
_ROW = re.compile(rb'<row r="(\d{1,7})"(?: [\w:]+="[^"<&]*")*>')
_HIDDEN = re.compile(rb' hidden="(?:1|true)"')
_BEGIN, _END = b"<row ", b"</row>"
_MOST_KEPT = 4 * 1024 * 1024

PlainCell = tuple[str, str, str, str, str]
"""The letters of its column, its style, its type, its value, and the text that stands in it."""


class PlainRows:
    """The XML of a sheet in pieces, without the rows that are plain: these are `ready` after each."""

    def __init__(
        self, pieces: Iterable[bytes], take: Callable[[int, bool, list[PlainCell]], None]
    ) -> None:
        """Begin with the XML in pieces; `take` is called with each plain row, and whether it is hidden."""
        self._pieces = pieces
        self._take = take
        self._kept = b""
        self._is_known: bool | None = None
        """Whether the sheet is written in the way that is read here; None until its rows begin."""

    def __iter__(self) -> Iterator[bytes]:
        """Yield what the parser has to read before the plain rows that are taken next."""
        for piece in self._pieces:
            text = self._kept + piece
            self._kept = b""
            if self._is_known is None and (begin := text.find(b"<sheetData>")) >= 0:
                head = text[:begin]
                self._is_known = _NAMESPACE in head and not _ENCODED.search(head)
            if b"<!" in text:  # a comment can hold what looks like a row
                self._is_known = False
            if not self._is_known:
                yield text
                continue
            end = text.rfind(_END) + len(_END)
            if end < len(_END):
                if len(text) > _MOST_KEPT:
                    yield text
                else:
                    self._kept = text
                continue
            self._kept = text[end:]
            yield from self._split(text[:end])
        yield self._kept

    def _split(self, text: bytes) -> Iterator[bytes]:
        at = before = 0
        while (end := text.find(_END, before)) >= 0:
            begin = text.rfind(_BEGIN, before, end)
            before = end + len(_END)
            row = _ROW.match(text, begin) if begin >= 0 else None
            cells = _cells(text[row.end() : end]) if row is not None else None
            if row is None or cells is None:
                continue
            if begin > at:
                yield text[at:begin]
            at = before
            self._take(int(row[1]), _HIDDEN.search(row[0]) is not None, cells)
        yield text[at:]


def _cells(xml: bytes) -> list[PlainCell] | None:
    """Return the cells of a row; None where it holds anything but plain ones."""
    text = xml.decode()
    found: list[PlainCell] = _CELL.findall(text)
    texts = text.count("<is>")
    return found if text.count("<") == 4 * len(found) + 2 * texts else None

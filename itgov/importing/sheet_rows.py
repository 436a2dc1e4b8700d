"""The cells of a worksheet, as openpyxl's reader of its XML gives them, row by row.

Blank styled cells, which reach to the end of many sheets, are cut from the XML before it is read:
they hold nothing, and a million rows of them would take a minute.
"""

from __future__ import annotations

import importlib
import re
import zipfile
from collections.abc import Iterator
from typing import IO, Any

from msgspec import Struct

from itgov.importing.cells import MAX_CELL
from itgov.importing.trouble import refuse

_CHUNK = 1 << 18
_MOST_WITHOUT_TAG = 4 * 1024 * 1024
"""Most bytes between two tags; a cell's text is far shorter."""

_MOST_TEXTS = 1_000_000
_MOST_PART = 50 * 1024 * 1024

_BLANK = re.compile(rb"<c(?:\s[^<>]*)?/>|<c(?:\s[^<>]*)?></c>")
_BLANK_ROW = re.compile(rb'<row\s(?=[^<>]*?\br=")[^<>]*?(?:/>|>\s*</row>)')
_FORMULA = re.compile(rb"<(?:\w+:)?f[ />]")
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]{0,80}?ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')
_MOST_MERGED = 2_000_000


class Marks(Struct):
    """What a first look over the XML of a sheet tells."""

    has_formulas: bool = False
    merged: list[tuple[int, int, int]] = []
    """Cells that are merged downwards: column from 0, first and last row."""


def marks(book: Any, sheet: Any, path: str) -> Marks:
    """Look over a sheet for formulas and merged cells."""
    found = Marks()
    rest = b""
    with _source(book, sheet) as source:
        while chunk := source.read(1 << 20):
            text = rest + chunk
            found.has_formulas = found.has_formulas or _FORMULA.search(text) is not None
            end = 0
            for match in _MERGED.finditer(text):
                end = match.end()
                first, below = int(match[2]), int(match[4])
                if below > first:
                    found.merged.append((_column(match[1]), first, below))
            rest = text[max(end, len(text) - 200) :]
    if sum(below - first for _, first, below in found.merged) > _MOST_MERGED:
        raise refuse("the sheet merges more cells than are read", path, "Unmerge them.")
    return found


def rows(book: Any, sheet: Any) -> Iterator[tuple[int, list[dict[str, Any]]]]:
    """Yield each row that the XML has: its number, and openpyxl's record of each cell in it."""
    reader: Any = importlib.import_module("openpyxl.worksheet._reader")
    with _source(book, sheet) as source:
        parser = reader.WorkSheetParser(
            _Slim(source),
            sheet._shared_strings,
            data_only=book.data_only,
            epoch=book.epoch,
            date_formats=book._date_formats,
            timedelta_formats=book._timedelta_formats,
        )
        yield from parser.parse()


def _source(book: Any, sheet: Any) -> IO[bytes]:
    source: IO[bytes] = book._archive.open(sheet._worksheet_path)
    return source


def check_parts(archive: zipfile.ZipFile, path: str) -> None:
    """Refuse a workbook whose parts beside the sheets are larger than any real one's."""
    for part in archive.infolist():
        if part.filename.casefold().endswith("sharedstrings.xml"):
            _check_texts(archive, part, path)
        elif "worksheets/" not in part.filename and part.file_size > _MOST_PART:
            said = f"`{part.filename}` in the workbook unpacks to {part.file_size:,} bytes"
            raise refuse(f"{said}; the limit is {_MOST_PART:,}", path)


def _check_texts(archive: zipfile.ZipFile, part: zipfile.ZipInfo, path: str) -> None:
    texts = since = 0
    with archive.open(part) as source:
        while chunk := source.read(1 << 20):
            texts += chunk.count(b"<si>") + chunk.count(b"<si ")
            since = 0 if b"<" in chunk else since + len(chunk)
            if since > _MOST_WITHOUT_TAG:
                raise refuse(f"a cell has more than {MAX_CELL:,} characters", path)
            if texts > _MOST_TEXTS:
                said = f"the workbook has more than {_MOST_TEXTS:,} different texts"
                raise refuse(said, path, "Split it.")


class _Slim:
    """The XML of a sheet without its blank cells; read in pieces that end between two tags."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self._rest = b""

    def read(self, size: int = -1) -> bytes:
        """Return the next piece, whatever its size; nothing at the end."""
        while chunk := self._source.read(_CHUNK):
            text = self._rest + chunk
            # a blank cell is cut whole: what follows the last row or cell that begins waits
            end = max(text.rfind(b"<c"), text.rfind(b"<row"))
            if end <= 0 and len(text) > _MOST_WITHOUT_TAG and (end := text.rfind(b"<")) <= 0:
                raise ValueError("4 MB of a sheet without a tag")
            if end <= 0:
                self._rest = text
                continue
            self._rest = text[end:]
            if piece := _slim(text[:end]):
                return piece
        piece, self._rest = _slim(self._rest), b""
        return piece


def _slim(xml: bytes) -> bytes:
    return _BLANK_ROW.sub(b"", _BLANK.sub(b"", xml))


def _column(letters: bytes) -> int:
    at = 0
    for letter in letters:
        at = at * 26 + letter - 64
    return at - 1

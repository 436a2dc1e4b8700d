"""The cells of a worksheet and the texts that they share, read from the XML as it comes, by expat.

openpyxl makes an object of each element that it reads, which takes longer for a sheet of 20,000 rows
than everything that is done with them; it reads the rest of a workbook.
"""

from __future__ import annotations

import importlib
import re
import zipfile
from collections.abc import Iterable, Iterator
from typing import IO, Any
from xml.parsers import expat

from msgspec import Struct

from itgov.importing.cells import MAX_CELL, MAX_COLUMNS, letters
from itgov.importing.plain_rows import PlainCell, PlainRows
from itgov.importing.sheet_shape import TRUE, Shape, column_of
from itgov.importing.trouble import refuse

_CHUNK = 1 << 18
_MOST_WITHOUT_TAG = 4 * 1024 * 1024
"""Most bytes between two tags; a cell's text is far shorter."""

_MOST_TEXTS = 1_000_000
_MOST_PART = 50 * 1024 * 1024

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main "
_ROW, _CELL, _VALUE, _FORMULA, _TEXT, _SOUNDS, _MERGE, _COLUMNS, _SHARED = (
    _MAIN + name for name in ("row", "c", "v", "f", "t", "rPh", "mergeCell", "col", "si")
)
_BLANK = re.compile(rb"<c(?:\s[^<>]*)?/>|<c(?:\s[^<>]*)?></c>")
_BLANK_ROW = re.compile(rb'<row\s(?=[^<>]*?\br=")[^<>]*?(?:/>|>\s*</row>)')


class XmlCell(Struct, gc=False):
    """A cell in which something stands."""

    at: int
    """Its column, from 0."""
    kind: str
    """What its value is: `n` number, `s` text, `b` truth value, `d` date, `e` error."""
    style: int
    value: Any = None
    """The saved one; None for a formula without."""
    formula: str = ""
    """A formula as it is shown, from `=` on."""


def rows(
    book: Any, sheet: Any, shape: Shape | None = None, path: str = ""
) -> Iterator[tuple[int, list[XmlCell]]]:
    """Yield each row in which something stands: its number, and its cells.

    A blank cell that only has a style is none: a million rows of them reach to the end of many
    sheets.  `shape` is filled with what the sheet merges and hides.
    """
    reader = _Reader(_Values(book, sheet), shape, path)
    parser = _parser(reader.start, reader.end, reader.parts)
    with _source(book, sheet) as source:
        pieces = PlainRows(_in_pieces(_Slim(source)), reader.take)
        for _ in _fed(parser, pieces, reader.parts):
            yield from reader.done
            reader.done.clear()


class _Reader:
    """Takes the elements of a sheet one by one, and puts rows together."""

    def __init__(self, values: _Values, shape: Shape | None, path: str) -> None:
        self.values, self.shape, self.path = values, shape, path
        self.done: list[tuple[int, list[XmlCell]]] = []
        self.parts: list[str] = []
        """What stands since the last element began that holds text."""
        self._columns: dict[str, int] = {}
        self._cells: list[XmlCell] = []
        self._number, self._at, self._is_hidden = 0, -1, False
        self._kind, self._style, self._value = "n", 0, ""
        self._texts: list[str] = []
        self._formula: str | None = None
        self._of_formula: dict[str, str] = {}
        self._sounds = False
        """Whether what comes is how the text is spoken, which is none of it."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take the begin of an element."""
        if name == _CELL:
            self._kind = attributes.get("t", "n")
            self._style = int(attributes["s"]) if "s" in attributes else 0
            self._at = self._place(attributes["r"]) if "r" in attributes else self._at + 1
            self._value, self._formula = "", None
            self._texts.clear()
        elif name in (_VALUE, _TEXT):
            self.parts.clear()
        elif name == _ROW:
            self._number = _row_number(attributes["r"]) if "r" in attributes else self._number + 1
            self._cells, self._at = [], -1
            self._is_hidden = attributes.get("hidden") in TRUE
        elif name == _FORMULA:
            self.parts.clear()
            self._of_formula = attributes
        elif name == _SOUNDS:
            self._sounds = True
        elif name == _MERGE and self.shape is not None:
            self.shape.add(attributes.get("ref", ""), self.path)
        elif name == _COLUMNS and self.shape is not None:
            self.shape.hide(attributes, self.path)

    def end(self, name: str) -> None:
        """Take the end of an element."""
        if name == _VALUE:
            self._value = "".join(self.parts)
        elif name == _TEXT:
            if not self._sounds:
                self._texts.append("".join(self.parts))
        elif name == _CELL:
            self._add()
        elif name == _ROW:
            self._keep(self._cells)
        elif name == _FORMULA:
            said, place = "".join(self.parts), f"{letters(self._at)}{self._number}"
            self._formula = self.values.formula(said, self._of_formula, place)
        elif name == _SOUNDS:
            self._sounds = False

    def take(self, number: int, is_hidden: bool, cells: list[PlainCell]) -> None:
        """Take a row that was read without the parser."""
        self._number, self._is_hidden = number, is_hidden
        self._cells = found = []
        values, columns = self.values, self._columns
        for name, style, kind, value, text in cells:
            if name not in columns:
                columns[name] = column_of(name)
            at, styled = columns[name], int(style or 0)
            if kind == "inlineStr":
                found.append(XmlCell(at, "s", styled, text))
            elif value:
                found.append(values.cell(at, kind or "n", styled, value))
        self._keep(found)

    def _keep(self, cells: list[XmlCell]) -> None:
        """Keep a row in which something stands."""
        if not cells:
            return
        self.done.append((self._number, cells))
        if self._is_hidden and self.shape is not None:
            self.shape.hidden_rows.append(self._number)

    def _place(self, address: str) -> int:
        name = address.rstrip("0123456789")
        if name not in self._columns:
            self._columns[name] = column_of(name)
        return self._columns[name]

    def _add(self) -> None:
        """Keep a cell in which something stands."""
        if self._at >= MAX_COLUMNS and (self._value or self._texts):
            raise refuse(f"the sheet has more than {MAX_COLUMNS:,} columns", self.path)
        formula = self._formula or ""
        if self._kind == "inlineStr":
            if self._texts or formula:
                text = "".join(self._texts)
                self._cells.append(XmlCell(self._at, "s", self._style, text, formula))
        elif self._value or formula:
            cell = self.values.cell(self._at, self._kind, self._style, self._value)
            cell.formula = formula
            self._cells.append(cell)


class _Values:
    """What the texts in the XML of a sheet mean by the workbook that it stands in."""

    def __init__(self, book: Any, sheet: Any) -> None:
        self.texts: list[str] = sheet._shared_strings
        self.dates: set[int] = book._date_formats
        self.spans: set[int] = book._timedelta_formats
        self.epoch = book.epoch
        self.times: Any = importlib.import_module("openpyxl.utils.datetime")
        self.formulas: dict[str, tuple[str, str]] = {}
        """Formulas that several cells share: as the first of them has it, and where that stands."""

    def cell(self, at: int, kind: str, style: int, text: str) -> XmlCell:
        """Return a cell with its value; what is no such value raises ValueError or IndexError."""
        if not text:  # a formula that was saved without a value, or with an empty text
            return XmlCell(at, "s" if kind == "str" else kind, style, "" if kind == "str" else None)
        value: Any = text
        if kind == "s":
            place = int(text)
            if place < 0:
                raise IndexError(place)
            value = self.texts[place]
        elif kind == "n":
            value = float(text) if "." in text or "E" in text or "e" in text else int(text)
            if style in self.dates:
                try:
                    value = self.times.from_excel(value, self.epoch, timedelta=style in self.spans)
                    kind = "d"
                except (OverflowError, ValueError):
                    kind, value = "e", "#VALUE!"
        elif kind == "b":
            value = bool(int(text))
        elif kind == "str":
            kind = "s"
        elif kind == "d":
            value = self.times.from_ISO8601(text)
        return XmlCell(at, kind, style, value)

    def formula(self, text: str, attributes: dict[str, str], place: str) -> str:
        """Return a formula; one that is shared as it reads in this cell."""
        shown = f"={text}"
        if attributes.get("t") != "shared":
            return shown
        known = attributes.get("si", "")
        if known in self.formulas:
            first, origin = self.formulas[known]
            translate: Any = importlib.import_module("openpyxl.formula.translate")
            return str(translate.Translator(first, origin).translate_formula(place))
        if text:
            self.formulas[known] = (shown, place)
        return shown


def shared_texts(source: IO[bytes]) -> list[str]:
    """Return the texts that the cells of a workbook share, in their order."""
    found: list[str] = []
    parts: list[str] = []
    texts: list[str] = []
    sounds = False

    def start(name: str, _: dict[str, str]) -> None:
        nonlocal sounds
        if name == _TEXT:
            parts.clear()
        elif name == _SHARED:
            texts.clear()
        elif name == _SOUNDS:
            sounds = True

    def end(name: str) -> None:
        nonlocal sounds
        if name == _TEXT:
            if not sounds:
                texts.append("".join(parts))
        elif name == _SHARED:
            found.append("".join(texts).replace("x005F_", ""))
        elif name == _SOUNDS:
            sounds = False

    for _ in _fed(_parser(start, end, parts), _in_pieces(source), parts):
        pass
    return found


def _parser(start: Any, end: Any, parts: list[str]) -> expat.XMLParserType:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = parts.append
    parser.StartDoctypeDeclHandler = _no_doctype
    return parser


def _no_doctype(*_: object) -> None:
    raise ValueError("a part of a workbook has no document type: its entities could unfold")


def _fed(parser: expat.XMLParserType, pieces: Iterable[bytes], parts: list[str]) -> Iterator[None]:
    """Feed a parser piece by piece; raise ValueError where the XML is none, or has no tags."""
    fed = 0
    try:
        for chunk in pieces:
            parser.Parse(chunk, False)
            fed += len(chunk)
            # what is no text waits as a whole for its end, and is looked at anew with each piece
            if fed - parser.CurrentByteIndex > _MOST_WITHOUT_TAG:
                raise ValueError("4 MB of a workbook without a tag")
            if len(parts) > 1 and sum(map(len, parts)) > _MOST_WITHOUT_TAG:
                raise ValueError("4 MB of text without a tag")
            yield
        parser.Parse(b"", True)
        yield
    except expat.ExpatError as error:
        raise ValueError(str(error)) from error


def _in_pieces(source: IO[bytes] | _Slim) -> Iterator[bytes]:
    while chunk := source.read(_CHUNK):
        yield chunk


def _row_number(stated: str) -> int:
    try:
        return int(stated)
    except ValueError:
        if not (number := float(stated)).is_integer():
            raise
        return int(number)


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

"""Reading text as rows of cells: its encoding, what separates its cells, and the rows."""

from __future__ import annotations

import csv
import io
import math
import re
from collections import Counter
from collections.abc import Iterator

from itgov.importing.cells import (
    MAX_CELL,
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_LINE,
    MAX_ROWS,
    MOST_BLANK,
    Cell,
    CellRow,
    is_blank,
)
from itgov.importing.trouble import ImportProblem, ImportRefused, refuse, rows_text, shown

ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "cp1252", "latin-1")
_SEP = re.compile(r'"?sep=(.)"?[,;\t|]*\r?\n', re.IGNORECASE)
_DELIMITERS = ",;\t|"
_PIECE = 1 << 20
_ENDS = re.compile(r"[\r\n]+")
_NO_TEXT = bytes(b for b in range(32) if b not in b"\t\n\r\x0b\x0c\x1a\x1b")
_QUOTE = "Is a quote missing there?"


def decode(raw: bytes, path: str, encoding: str = "auto") -> tuple[str, str, list[str]]:
    """Return the text of a file, the encoding it is in, and what was noticed about it.

    Without a declared encoding: a byte order mark says it, else UTF-8 if the bytes are that, else
    Windows-1252, in which five bytes mean nothing and become U+FFFD.
    """
    if encoding != "auto":
        try:
            return raw.decode("utf-8-sig" if encoding == "utf-8" else encoding), encoding, []
        except UnicodeError as error:
            at = getattr(error, "start", 0)
            line = raw[:at].count(b"\n") + 1
            raise refuse(
                f"line {line} is not {encoding}: byte 0x{raw[at : at + 1].hex()}",
                path,
                "Delete `encoding` to have it detected.",
            ) from error
    if raw[:3] == b"\xef\xbb\xbf":
        return raw.decode("utf-8-sig", errors="replace"), "UTF-8 with BOM", []
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return raw.decode("utf-16", errors="replace"), "UTF-16", []
    start = raw[:_PIECE]
    if (nuls := start.count(0)) > 0.3 * len(start):  # every second byte of plain UTF-16
        order = "utf-16-le" if start[1::2].count(0) * 2 > nuls else "utf-16-be"
        if min(start[1::2].count(0), start[::2].count(0)) * 10 < nuls:
            return raw.decode(order, errors="replace"), "UTF-16", []
    if len(start.translate(None, _NO_TEXT)) < 0.98 * len(start):
        raise refuse(
            "this is no text: it is full of bytes that no text has", path, "Save it as CSV."
        )
    try:
        return raw.decode("utf-8"), "UTF-8", []
    except UnicodeDecodeError:
        return _not_utf8(raw)


def _not_utf8(raw: bytes) -> tuple[str, str, list[str]]:
    """Decode bytes that are not all UTF-8: as Windows-1252, but for lines that are UTF-8."""
    lines: list[str] = []
    utf8: list[int] = []
    for number, line in enumerate(raw.split(b"\n"), start=1):
        try:
            lines.append(line.decode("utf-8"))
            if not line.isascii():
                utf8.append(number)
        except UnicodeDecodeError:
            lines.append(line.decode("cp1252", errors="replace"))
    text = "\n".join(lines)
    lost = text.count("\ufffd")
    notes = [f"{lost} byte{'s' * (lost != 1)} that are not Windows-1252"] if lost else []
    if not utf8:
        return text, "Windows-1252", notes
    notes.append(f"some lines are UTF-8, the others Windows-1252 (UTF-8: {rows_text(utf8, None)})")
    return text, "UTF-8 and Windows-1252", notes


def separator_of(text: str, path: str) -> str:
    """Return what separates the cells of a text: as its first line says, else as its lines are cut."""
    said = _SEP.match(text)
    return said[1] if said is not None else _delimiter(text.rstrip(" ,;\t\r\n"), path)


def read_text(text: str, path: str, delimiter: str | None) -> tuple[list[CellRow], list[str]]:
    """Return the rows of a text, and what was noticed; raise ImportRefused."""
    notes: list[str] = []
    if (said := _SEP.match(text)) is not None:  # a spreadsheet reads this line and hides it
        delimiter = delimiter or said[1]
        records, notes = read_text(text[said.end() :], path, delimiter)
        for record in records:
            record.line += 1
        return records, [*notes, f"the line `sep={shown(delimiter)}` says what separates cells"]
    text = text.rstrip(" ,;\t\r\n")  # blank rows, and blank cells of the last row
    if delimiter is None:
        delimiter = _delimiter(text, path)
    try:
        return _parse(text, path, delimiter, True), notes
    except csv.Error as error:
        if "field limit" in str(error) or "end of data" in str(error):
            raise _broken(text, path, delimiter, str(error)) from error
        notes.append(f"a quote inside a cell is not doubled ({error}); read as it is")
    try:
        return _parse(text, path, delimiter, False), notes
    except csv.Error as error:
        raise _broken(text, path, delimiter, str(error)) from error


class _Lines:
    """The lines of a text with their ends, a piece of it at a time."""

    def __init__(self, text: str, path: str) -> None:
        self._text, self._path = text, path
        self._mark = "\n" if "\n" in text else "\r"
        self._piece, self._begin, self._end = io.StringIO(), 0, 0
        self.skipped = 0
        """How many blank lines were passed over, and not given."""

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if line := self._piece.readline():
            return line
        text, at = self._text, self._end
        if at >= len(text):
            raise StopIteration
        end = text.find(self._mark, at + _PIECE) + 1 or len(text)
        if end - at > MAX_LINE:
            line_number = text.count(self._mark, 0, at + _PIECE) + 1
            raise ImportRefused(
                [
                    ImportProblem(
                        f"a line has more than {MAX_LINE:,} characters",
                        self._path,
                        line_number,
                        None,
                        _QUOTE,
                    )
                ]
            )
        self._piece, self._begin, self._end = io.StringIO(text[at:end], newline=""), at, end
        return self._piece.readline()

    def skip_blank(self) -> int:
        """Pass over the blank lines that come next; return how many they are."""
        at = self._begin + self._piece.tell()
        match = _ENDS.match(self._text, at)
        if match is None:
            return 0
        self._piece, self._begin, self._end = io.StringIO(), match.end(), match.end()
        found = match[0].count(self._mark)
        self.skipped += found
        return found


def _parse(text: str, path: str, delimiter: str, strict: bool) -> list[CellRow]:
    previous = csv.field_size_limit(MAX_CELL)
    try:
        lines = _Lines(text, path)
        reader = csv.reader(lines, delimiter=delimiter, strict=strict)
        rows: list[CellRow] = []
        line, number, blank, filled = 1, 0, 0, 0
        for read in reader:
            number += 1
            cells: list[Cell] = list(read)
            if not any(cells):
                blank += 1
                if blank == MOST_BLANK:
                    skipped = lines.skip_blank()
                    number, blank = number + skipped, blank + skipped
            else:
                if len(cells) > MAX_COLUMNS:
                    while is_blank(cells[-1]):
                        cells.pop()
                rows += [
                    CellRow(number - n, line - n, []) for n in range(min(blank, MOST_BLANK), 0, -1)
                ]
                rows.append(CellRow(number, line, cells))
                blank, filled = 0, filled + len(cells)
                _check_size(path, number, len(rows), len(cells), filled)
            line = reader.line_num + lines.skipped + 1
        return rows
    finally:
        csv.field_size_limit(previous)


def _check_size(path: str, number: int, rows: int, columns: int, cells: int) -> None:
    """Refuse a table that is larger than what is read."""
    said = ""
    if rows > MAX_ROWS + 1:
        said = f"the table has more than {MAX_ROWS:,} rows"
    elif columns > MAX_COLUMNS:
        said = f"row {number} has {columns:,} columns; the limit is {MAX_COLUMNS:,}"
    elif cells > MAX_CELLS:
        said = f"the table has more than {MAX_CELLS:,} cells"
    if said:
        raise refuse(said, path, "Split the file.")


def _broken(text: str, path: str, delimiter: str, why: str) -> Exception:
    """Say at which row a text stops being a table."""
    previous = csv.field_size_limit(MAX_CELL)
    reader = csv.reader(_Lines(text, path), delimiter=delimiter, strict=True)
    rows, line = 0, 1
    try:
        for _ in reader:
            rows, line = rows + 1, reader.line_num + 1
    except csv.Error:
        pass
    finally:
        csv.field_size_limit(previous)
    words, fix = why, "Split the file."
    if "field limit" in why:
        words, fix = f"a cell has more than {MAX_CELL:,} characters", _QUOTE
    elif "end of data" in why:
        words, fix = "a quote opened in this row is never closed", "Close it, or delete it."
    return ImportRefused([ImportProblem(f"row {rows + 1}: {words}", path, line, None, fix)])


def _delimiter(text: str, path: str) -> str:
    """Return what separates the cells of the first lines: the character that cuts them alike."""
    best, most = ",", (0, 0)
    sample = text[:20_000]
    for candidate in _DELIMITERS:
        if candidate not in sample:
            continue
        try:
            widths = [len(r.cells) for r in _parse(sample, path, candidate, False)[:20]]
        except (csv.Error, ImportRefused):
            continue
        alike = Counter(w for w in widths if w > 1)
        score = max(((times, cells) for cells, times in alike.items()), default=(0, 0))
        if score[0] < min(2, len(widths)) or math.prod(score) <= widths.count(1):
            continue  # texts that hold the character, not lines that it cuts
        if score > most:
            best, most = candidate, score
    return best

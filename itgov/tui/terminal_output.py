"""What is written to the terminal: only cells that change, with styles named only where they change.

Textual writes whole lines of every pane of which something has changed, and Rich names every
attribute of every piece of text and takes all of them away after it: of what a move of the cursor
wrote, one byte in eight says anything new.  What is shown is the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct
from rich.cells import cell_len

_PARTS = re.compile(r"\x1b\[([0-9;]*)m|\x1b\[(\d+);(\d+)H|\n")
_COLOR = re.compile(r"[34]8;(?:2;\d+;\d+;\d+|5;\d+)|\d+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_KEEPS_CELLS = re.compile(r"(?:\x1b\[\?2026[hl]|\x1b\]52;[^\x07]*\x07|\x07)*")
"""Other sequences that change nothing on the screen: a frame's begin and end, a copy, the bell."""
_ONE_COLUMN = re.compile(
    "[ -~\xa1-\xac\xae-\u024f\u0370-\u0377\u0384-\u03ff\u0400-\u0482\u048a-\u052f\u2010-\u2027"
    "\u2030-\u203b\u20a0-\u20bf\u2190-\u2193\u2200-\u22ff\u2500-\u25a9\u25b2-\u25b5\u25b7-\u25bf"
    "\u25c1-\u25fa\u2713\u2800-\u28ff]*"
)
"""Letters and signs that every terminal draws in one column."""
_UNKNOWN = "\0"
"""Stands for the letter in a column of which nothing is known."""
_RUN = re.compile(rb"(.)\1*", re.DOTALL)
_MOST_LOOKS = 256
_ON_BLANKS = frozenset(("4", "7", "9", "21", "51", "52", "53"))
"""Attributes that are seen where no letter stands: underlines, frames, and reversed colours."""
_REVERSED = "7"
_STEP = 4
"""Cells that are written again rather than stepped over: to step takes as many bytes."""


class _Look(Struct, frozen=True):
    """The attributes of a text: its colours, and all that is neither of them."""

    fore: str = ""
    back: str = ""
    more: tuple[str, ...] = ()


_PLAIN = _Look()


class _Stretch(Struct):
    """Texts that stand beside each other in a line: where they begin, and the look of each column.

    `unsure` says that terminals may draw its one text in another width than is thought.
    """

    y: int
    x: int
    text: str = ""
    looks: bytes = b""
    unsure: bool = False

    @property
    def end(self) -> int:
        """The column after it."""
        return self.x + len(self.looks)


class _Row:
    """A line of the screen: the letter in each column, and its look."""

    def __init__(self) -> None:
        self.letters = ""
        self.looks = b""

    def put(self, stretch: _Stretch) -> list[tuple[int, int]]:
        """Have texts stand in the line; return from where to where it changes."""
        x, end = stretch.x, stretch.end
        lacking = end - len(self.letters)
        if lacking > 0:
            self.letters += _UNKNOWN * lacking
            self.looks += bytes(lacking)
        if stretch.unsure:  # it may have written over what follows
            self.letters = self.letters[:x] + _UNKNOWN * (len(self.letters) - x)
            return [(x, end)]
        letters, looks = self.letters[x:end], self.looks[x:end]
        if letters == stretch.text and looks == stretch.looks:
            return []
        self.letters = self.letters[:x] + stretch.text + self.letters[end:]
        self.looks = self.looks[:x] + stretch.looks + self.looks[end:]
        if letters.count(_UNKNOWN) == len(letters):
            return [(x, end)]
        cells = zip(letters, stretch.text, looks, stretch.looks, strict=True)
        found: list[tuple[int, int]] = []
        for at, (letter, new, look, new_look) in enumerate(cells, x):
            if letter == new and look == new_look:
                continue
            if found and found[-1][1] == at:
                found[-1] = found[-1][0], at + 1
            else:
                found.append((at, at + 1))
        return found


class TerminalOutput:
    """What stands on a terminal, so that only what is new is written to it."""

    def __init__(self) -> None:
        self._size: tuple[int, int] | None = None
        self._rows: dict[int, _Row] = {}
        self._looks: dict[_Look, int] = {}
        """Each look that was met with its number, from 0."""

    def forget(self) -> None:
        """Write everything again, as it comes: the terminal may show anything."""
        self._rows.clear()
        self._looks.clear()

    def changes(self, output: str, size: tuple[int, int] | None = None) -> str:
        """Return what shows the same as `output` in fewer bytes; both begin and end unstyled.

        An output over the whole screen is written whole, so that nothing stays of what another
        program may have written there; and all is written again on a terminal of another size.
        """
        if size != self._size:
            self._size = size
            self.forget()
        if _KEEPS_CELLS.fullmatch(output):
            return output
        stretches = self._stretches(output)
        if stretches is None:
            self.forget()
            return output
        covered = sum(len(stretch.looks) for stretch in stretches)
        if covered >= sum(len(row.letters) for row in self._rows.values()):
            self._rows.clear()
        return "".join(self._written(stretches))

    def _stretches(self, output: str) -> list[_Stretch] | None:
        """Return the texts of an output with their places, or None where it holds anything else.

        The last one may be the cursor's place alone.
        """
        parts = _PARTS.split(output)
        found: list[_Stretch] = []
        look = _PLAIN
        placed = False
        for at in range(0, len(parts), 4):
            if at:
                codes, y, x = parts[at - 3 : at]
                if codes is not None:
                    look = _with(look, codes)
                else:
                    placed = y is not None
                    if placed:
                        found.append(_Stretch(int(y) - 1, int(x) - 1))
            text = parts[at]
            if not text:
                continue
            if not placed:
                return None
            number = self._number(look)
            blank = self._number(_of_blanks(look))
            if number is None or blank is None:
                return None
            last = found[-1]
            if _ONE_COLUMN.fullmatch(text):
                if last.unsure:
                    last = _Stretch(last.y, last.end)
                    found.append(last)
                last.text += text
                last.looks += text.encode("latin-1", "replace").translate(_numbers(number, blank))
                continue
            width = cell_len(text)
            if not width or _CONTROL.search(text):
                return None
            found.append(_Stretch(last.y, last.end, text, bytes([number]) * width, True))
        return found

    def _number(self, look: _Look) -> int | None:
        """Return the number of a look, or None where there are too many."""
        if look not in self._looks:
            if len(self._looks) == _MOST_LOOKS:
                return None
            self._looks[look] = len(self._looks)
        return self._looks[look]

    def _written(self, stretches: list[_Stretch]) -> Iterator[str]:
        """Yield what brings the terminal up to date."""
        numbered = list(self._looks)
        now = _PLAIN
        place: tuple[int, int] | None = None
        for stretch in stretches:
            y = stretch.y
            row = self._rows.setdefault(y, _Row())
            for begin, end in _joined(row, row.put(stretch), numbered):
                if place is None or place[0] != y or place[1] > begin:
                    yield _move(y, begin)
                elif place[1] < begin:
                    yield f"\x1b[{begin - place[1]}C"
                place = None if stretch.unsure else (y, end)
                for run in _RUN.finditer(stretch.looks if stretch.unsure else row.looks[begin:end]):
                    wanted = numbered[run[1][0]]
                    text = stretch.text
                    if not stretch.unsure:
                        text = row.letters[begin + run.start() : begin + run.end()]
                    if not text.strip(" "):
                        wanted = _on_blanks(now, wanted)
                    if wanted != now:
                        yield _change(now, wanted)
                        now = wanted
                    yield text
        if now != _PLAIN:
            yield _change(now, _PLAIN)
        if stretches:
            yield _move(stretches[-1].y, stretches[-1].end)


def _joined(
    row: _Row, changed: list[tuple[int, int]], numbered: list[_Look]
) -> list[tuple[int, int]]:
    """Return what changes in a line, with cells between that are better written than stepped over."""
    joined = changed[:1]
    for begin, end in changed[1:]:
        last = joined[-1][1]
        look = numbered[row.looks[last - 1]]
        if begin - last <= _STEP and all(
            numbered[row.looks[at]] == look
            or (row.letters[at] == " " and _on_blanks(look, numbered[row.looks[at]]) == look)
            for at in range(last, begin)
        ):
            joined[-1] = joined[-1][0], end
        else:
            joined.append((begin, end))
    return joined


@lru_cache(maxsize=4096)
def _numbers(look: int, blank: int) -> bytes:
    """Return a table from letters to the number of their look: blanks have one of their own."""
    return bytes(blank if letter == 32 else look for letter in range(256))


def _move(y: int, x: int) -> str:
    return f"\x1b[{y + 1};{x + 1}H"


@lru_cache(maxsize=4096)
def _with(look: _Look, codes: str) -> _Look:
    """Return a look after codes of a terminal."""
    fore, back, more = look.fore, look.back, look.more
    for code in _COLOR.findall(codes or "0"):
        first = code.partition(";")[0]
        number = int(first)
        if number == 0:
            fore, back, more = "", "", ()
        elif number in (38, 39) or 30 <= number <= 37 or 90 <= number <= 97:
            fore = "" if number == 39 else code
        elif number in (48, 49) or 40 <= number <= 47 or 100 <= number <= 107:
            back = "" if number == 49 else code
        else:
            more = (*(m for m in more if m != code), code)
    return _Look(fore, back, tuple(sorted(more)))


@lru_cache(maxsize=4096)
def _of_blanks(look: _Look) -> _Look:
    """Return how blanks are seen in a look."""
    return look if not _ON_BLANKS.isdisjoint(look.more) else _Look(back=look.back)


@lru_cache(maxsize=4096)
def _on_blanks(now: _Look, wanted: _Look) -> _Look:
    """Return the look nearest to the one that is on, in which blanks look as they are wanted to."""
    if _REVERSED in wanted.more or _REVERSED in now.more:
        return wanted
    if _ON_BLANKS.isdisjoint(wanted.more) and _ON_BLANKS.isdisjoint(now.more):
        return _Look(now.fore, wanted.back, now.more)
    return wanted


@lru_cache(maxsize=4096)
def _change(now: _Look, wanted: _Look) -> str:
    """Return what turns one look into another."""
    codes: list[str] = []
    if not set(now.more) <= set(wanted.more):  # which code takes one away, terminals disagree on
        codes, now = ["0"], _PLAIN
    codes += [m for m in wanted.more if m not in now.more]
    if now.fore != wanted.fore:
        codes.append(wanted.fore or "39")
    if now.back != wanted.back:
        codes.append(wanted.back or "49")
    return f"\x1b[{';'.join(codes)}m" if codes != ["0"] else "\x1b[0m"

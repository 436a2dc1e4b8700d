"""What is written to the terminal, with styles named only where they change.

Rich names every attribute of every piece of text and takes all of them away after it: at 120 columns
four fifths of what a key writes.  What is shown is the same.
"""

from __future__ import annotations

import re
from functools import lru_cache

from msgspec import Struct

_PARTS = re.compile(r"\x1b\[([0-9;]*)m|(\x1b\[\d+;\d+H)")
_MOVE = re.compile(r"\x1b\[\d+;\d+H")
_COLOR = re.compile(r"[34]8;(?:2;\d+;\d+;\d+|5;\d+)|\d+")
_ON_BLANKS = frozenset(("4", "7", "9", "21", "51", "52", "53"))
"""Attributes that are seen where no letter stands: underlines, frames, and reversed colours."""
_REVERSED = "7"


class _Look(Struct, frozen=True):
    """The attributes of a text: its colours, and all that is neither of them."""

    fore: str = ""
    back: str = ""
    more: tuple[str, ...] = ()


_PLAIN = _Look()


def shortened(output: str) -> str:
    """Return output that shows the same as `output` in fewer bytes; it begins and ends unstyled."""
    pieces = _PARTS.split(output)
    if len(pieces) == 1:
        return output
    written: list[str] = []
    now = wanted = _PLAIN
    for at in range(0, len(pieces), 3):
        text = pieces[at]
        if at:
            codes, move = pieces[at - 2], pieces[at - 1]
            if move:
                while written and (written[-1] == "\n" or _MOVE.fullmatch(written[-1])):
                    written.pop()  # the last move goes there from anywhere
                written.append(move)
            else:
                wanted = _with(wanted, codes)
        if not text:
            continue
        if text != "\n" and now != wanted:
            looks = _on_blanks(now, wanted) if not text.strip(" ") else wanted
            if now != looks:
                written.append(_change(now, looks))
                now = looks
        written.append(text)
    if now != wanted:
        written.append(_change(now, wanted))
    return "".join(written)


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

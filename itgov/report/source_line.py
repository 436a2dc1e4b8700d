"""A source line with the marks under it, in terminal columns."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from itgov.report.plain import RUNNER_COMMAND, is_harmless, shown

_TAB = 4
_JAMO = range(0x1160, 0x1200)  # vowels and finals that join the syllable before them


@lru_cache(maxsize=4096)
def _cell(char: str) -> tuple[str, int]:
    """Return what stands for one character, and how many columns it takes."""
    if char == "\t":
        return " " * _TAB, _TAB
    safe = shown(char)
    if safe != char:
        return safe, len(safe)
    if unicodedata.category(char) in ("Mn", "Me") or ord(char) in _JAMO:
        return char, 0
    return char, 2 if unicodedata.east_asian_width(char) in "WF" else 1


def _is_narrow(text: str) -> bool:
    """Say whether each character of a harmless text takes one column."""
    # Below U+0300 there are neither wide characters nor combining ones.
    return text.isascii() or all(_cell(char)[1] == 1 for char in set(text) if char >= "\u0300")


def columns_of(text: str) -> int:
    """Return how many columns of a terminal a text takes that is safe to show."""
    return len(text) if text.isascii() else sum(_cell(char)[1] for char in text)


def underline(text: str, column: int, end_column: int, limit: int) -> tuple[str, str]:
    """Return a source line as it is shown, and the line of carets that goes under it.

    `column` and `end_column` count characters from 1, the end excluded; an empty span, and one
    past the line's end, gets one caret.  What is longer than `limit` columns is cut around the
    span, the cuts marked with "…".
    """
    start = min(max(column, 1) - 1, len(text))
    end = min(max(end_column - 1, start), len(text))
    # Most lines of most files: each character is drawn as it is, in one column.
    if len(text) <= limit and is_harmless(text) and _is_narrow(text):
        return text, " " * start + "^" * max(1, end - start)
    # A line may be a megabyte long; no more of it than can be shown is looked at.
    first, last = max(0, start - limit), min(len(text), min(end, start + limit) + limit)
    cells = [_cell(char) for char in text[first:last]]
    for command in RUNNER_COMMAND.finditer(text, first, last):
        cells[command.start() + 1 - first] = ("<U+0023>", 8)
    left, right = _window(cells, start - first, end - first, limit, (first > 0, last < len(text)))
    before = "…" if first + left > 0 else ""
    after = "…" if first + right < len(text) else ""
    line = before + "".join(drawn for drawn, _ in cells[left:right]) + after
    indent = len(before) + sum(width for _, width in cells[left : start - first])
    span = sum(width for _, width in cells[start - first : min(end - first, right)])
    return line, " " * indent + "^" * max(1, span)


def _window(
    cells: list[tuple[str, int]], start: int, end: int, limit: int, more: tuple[bool, bool]
) -> tuple[int, int]:
    """Return which cells to show so that they fit into `limit` columns around `start:end`."""
    if not any(more) and sum(width for _, width in cells) <= limit:
        return 0, len(cells)
    space = limit - 2  # for the two "…"
    right, used = start, 0
    while right < end and used + cells[right][1] <= space:
        used += cells[right][1]
        right += 1
    left = start
    # What is before the span explains it better than what is after: two columns to one.
    context = used + (space - used) * 2 // 3
    while left > 0 and used + cells[left - 1][1] <= context:
        left -= 1
        used += cells[left][1]
    while right < len(cells) and used + cells[right][1] <= space:
        used += cells[right][1]
        right += 1
    while left > 0 and used + cells[left - 1][1] <= space:
        left -= 1
        used += cells[left][1]
    # A mark without the letter that it belongs to would settle on the "…".
    while left < start and cells[left][1] == 0:
        left += 1
    return left, right

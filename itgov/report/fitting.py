"""Text in parts, so short that a comment or a summary takes it: what is left out is counted."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

COMMENT_BYTES = 65_000
"""GitHub refuses a comment or a check summary of more than 65,535 characters."""
_LEFT_OUT = 50
"""Bytes kept for a word on what is left out."""


class Part(Struct):
    """What is always there of a part, and rows of which as many are written as have space."""

    lines: list[str]
    rows: list[str] = []
    total: int = 0
    """How many rows there are, where not all of them are to be written."""
    more: str = "\n{:,} more not shown."
    newest: bool = False
    """Whether the last rows are the ones to keep."""

    def text(self, count: int | None = None) -> str:
        """Return the part with so many of its rows, or with all that are to be written."""
        shown = len(self.rows) if count is None else count
        rows = self.rows[len(self.rows) - shown :] if self.newest else self.rows[:shown]
        left_out = max(self.total, len(self.rows)) - shown
        return "\n".join([*self.lines, *rows, *([self.more.format(left_out)] if left_out else [])])

    def fitting(self, space: int) -> int:
        """Return how many rows there is space for; -1 where there is none even without rows."""
        if not self.rows:
            return 0
        space -= len(self.text(0).encode()) + _LEFT_OUT
        if space < 0:
            return -1
        for count, row in enumerate(reversed(self.rows) if self.newest else self.rows):
            space -= len(row.encode()) + 1
            if space < 0:
                return count
        return len(self.rows)


def fitted(parts: Sequence[Part], most: int) -> str:
    """Return parts one below the other in at most so many bytes; the longest give way first."""
    counts = [0] * len(parts)
    # the short ones first: what they do not need is the others'
    order = sorted(range(len(parts)), key=lambda i: (bool(parts[i].rows), len(parts[i].text())))
    for left, index in zip(range(len(parts), 0, -1), order, strict=True):
        count = counts[index] = parts[index].fitting(most // left)
        most -= len(parts[index].text(count).encode()) + 2 if count >= 0 else 0
    texts = [part.text(count) for part, count in zip(parts, counts, strict=True) if count >= 0]
    if len(texts) < len(parts):
        texts.append(f"{len(parts) - len(texts):,} more sections not shown.")
    return "\n\n".join(texts) + "\n"

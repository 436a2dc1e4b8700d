"""A line that is typed: what was entered before, and what it can go on as."""

from __future__ import annotations

from collections.abc import Callable, Sequence


class EarlierLines:
    """Goes through what was entered before, the last of it first; the line being typed stays the newest."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = [*lines, ""]
        self._at = len(lines)

    def step(self, typed: str, step: int) -> str | None:
        """Return the line `step` lines later, or earlier where it is negative; None where there is none."""
        if self._at == len(self._lines) - 1:
            self._lines[-1] = typed
        at = self._at + step
        if not 0 <= at < len(self._lines):
            return None
        self._at = at
        return self._lines[at]


class Completer:
    """Goes through what a line can go on as, until something else is typed."""

    def __init__(self, find: Callable[[str], Sequence[str]]) -> None:
        self._find = find
        self.lines: Sequence[str] = ()
        self.at: int | None = None
        """Which of the lines stands there; None where none was chosen."""

    def typed(self, text: str) -> Sequence[str]:
        """Return what a line can go on as: what was found before where it is one of several of these."""
        if self.at is None or len(self.lines) == 1 or text != self.lines[self.at]:
            self.lines, self.at = self._find(text), None
        return self.lines

    def step(self, text: str, step: int = 1) -> str | None:
        """Return the next line, or the one before it; None where the line cannot go on."""
        lines = self.typed(text)
        if not lines:
            return None
        before = self.at if self.at is not None else -1 if step > 0 else 0
        self.at = (before + step) % len(lines)
        return lines[self.at]

"""Talking to the terminal: colours, width, progress, words on stderr."""

from __future__ import annotations

import os
import sys
import time
from typing import TextIO


def wants_color(stream: TextIO) -> bool:
    """Say whether to write colours: `NO_COLOR` and `FORCE_COLOR` decide, else a terminal does."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream is not None and stream.isatty() and os.environ.get("TERM") != "dumb"


def width() -> int | None:
    """Return the columns of the terminal, or None where output goes elsewhere."""
    return columns() if sys.stdout is not None and sys.stdout.isatty() else None


def columns() -> int:
    """Return the columns of the terminal: `COLUMNS`, else what the system tells, else 80.

    As `shutil.get_terminal_size`, with which all that packs archives would be imported.
    """
    try:
        found = int(os.environ["COLUMNS"])
    except (KeyError, ValueError):
        found = 0
    if found <= 0 and sys.__stdout__ is not None:
        try:
            found = os.get_terminal_size(sys.__stdout__.fileno()).columns
        except (OSError, ValueError):  # no terminal, or closed
            found = 0
    return found if found > 0 else 80


_said: list[str] = []


def has_said() -> bool:
    """Say whether anything was said on stderr in this run."""
    return bool(_said)


def say(text: str) -> None:
    """Write a line of talk to stderr, harmless whatever it holds."""
    from itgov.report.plain import plain

    _said.append(text)
    if sys.stderr is None:  # closed by whoever started us
        return
    print("\n".join(plain(line) for line in text.split("\n")), file=sys.stderr)


def fail(text: str) -> int:
    """Say why the work cannot be done, and return the exit code for it."""
    say(f"itgov: {text}")
    return 2


def write(text: str) -> None:
    """Write data to stdout as UTF-8, whatever the locale."""
    write_bytes(text.encode("utf-8", errors="replace"))


def write_bytes(data: bytes) -> None:
    """Write to stdout.  A reader who has seen enough (`| head`) changes nothing of the result."""
    stream = sys.stdout
    if stream is None:
        raise OSError("standard output is closed, so nothing was written")
    if not hasattr(stream, "buffer"):  # a test's own stream
        stream.write(data.decode())
        return
    try:
        stream.flush()
        stream.buffer.write(data)
        stream.buffer.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class ProgressBar:
    """A bar on stderr, shown only on a terminal and only for what takes over a second."""

    SHOW_AFTER = 1.0

    def __init__(self) -> None:
        self._started = time.monotonic()
        self._last = 0.0
        self._shown = False
        self._active = (
            sys.stderr is not None and sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
        )

    def __call__(self, label: str, done: float) -> None:
        """Show how much of a step is done, 0 to 1."""
        if not self._active:
            return
        now = time.monotonic()
        if now - self._started < self.SHOW_AFTER or now - self._last < 0.05:
            return
        self._last, self._shown = now, True
        filled = round(min(max(done, 0.0), 1.0) * 30)
        bar = "━" * filled + "╌" * (30 - filled)
        sys.stderr.write(f"\r{label:<10} {bar} {done:4.0%}")
        sys.stderr.flush()

    def __enter__(self) -> ProgressBar:
        return self

    def __exit__(self, *_: object) -> None:
        self.clear()

    def clear(self) -> None:
        """Take the bar away."""
        if self._shown:
            sys.stderr.write("\r\x1b[2K")
            sys.stderr.flush()
            self._shown = False

"""A program on a terminal of its own: what it draws, when, and what it answers to a key."""

from __future__ import annotations

import os
import re
import select
import signal
import struct
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from measure import family

QUIET = 0.12
"""Seconds without output after which a screen counts as drawn."""
_ESCAPES = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[()][A-Z0-9]|.)")


class Terminal:
    """Runs a program on a pty of 120 x 40 and reads along; the time counts from its start."""

    def __init__(self, command: Sequence[str], folder: Path, environment: dict[str, str]) -> None:
        import fcntl
        import pty
        import termios

        self.began = time.perf_counter()
        self.pid, self.handle = pty.fork()
        if not self.pid:
            os.chdir(folder)
            kept = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "TMUX", "STY")}
            kept |= {"TERM": "xterm-256color", "COLORTERM": "truecolor", **environment}
            os.execvpe(command[0], list(command), kept)
        size = struct.pack("HHHH", 40, 120, 0, 0)
        fcntl.ioctl(self.handle, termios.TIOCSWINSZ, size)
        self.last = self.began
        """When it wrote last."""
        self.written = 0
        """How many bytes it has written."""

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        os.kill(self.pid, signal.SIGKILL)
        os.close(self.handle)
        os.waitpid(self.pid, 0)

    def _read(self, seconds: float) -> bytes:
        ready, _, _ = select.select([self.handle], [], [], seconds)
        if not ready:
            return b""
        try:
            part = os.read(self.handle, 1 << 20)
        except OSError:
            sys.exit("the program on the terminal has ended")
        self.last = time.perf_counter()
        self.written += len(part)
        return part

    def wait_for(self, text: str, seconds: float = 60) -> float:
        """Read until a text was drawn; return how long that was after the start."""
        wanted, seen, until = text.encode(), b"", time.perf_counter() + seconds
        while time.perf_counter() < until:
            seen += self._read(0.5)
            if wanted in _ESCAPES.sub(b"", seen):
                return self.last - self.began
        sys.exit(f"{text!r} was not drawn: {_ESCAPES.sub(b'', seen)[-400:]!r}")

    def settle(self, seconds: float = QUIET) -> None:
        """Read until nothing more is drawn."""
        while self._read(seconds):
            pass

    def type(self, keys: bytes) -> None:
        """Press keys without waiting for what they draw."""
        os.write(self.handle, keys)

    def press(self, keys: bytes) -> float | None:
        """Press a key; return how long it took until it was drawn, None where nothing was."""
        pressed = time.perf_counter()
        self.type(keys)
        if not self._read(2):
            return None
        self.settle()
        return self.last - pressed

    def processor(self) -> float:
        """Return the processor seconds that the program and its children have used."""
        ticks = os.sysconf("SC_CLK_TCK")
        return sum(_ticks(pid) for pid in family(self.pid)) / ticks


def _ticks(pid: int) -> int:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    except OSError:
        return 0
    return int(fields[11]) + int(fields[12])

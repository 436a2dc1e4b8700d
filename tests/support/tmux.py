"""The room in tmux: a terminal that other people have too, and whose line can break."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

HAS_TMUX = shutil.which("tmux") is not None
_LONGEST = 300.0
"""Seconds that only a fault takes, on however busy a machine."""


class TmuxRoom:
    """A room over a repository, in a session of tmux on a server of its own."""

    def __init__(self, server: str, name: str, repository: Path, size: tuple[int, int]) -> None:
        self.server, self.name = server, name
        command = [sys.executable, "-m", "itgov", str(repository), "--as-of", "2026-11-23"]
        environment = {k: v for k, v in os.environ.items() if k not in ("TMUX", "NO_COLOR")}
        subprocess.run(
            ["tmux", "-L", server, "-f", os.devnull, "new-session", "-d", "-s", name,
             "-x", str(size[0]), "-y", str(size[1]), *command],
            check=True, env={**environment, "TERM": "xterm-256color"},
        )  # fmt: skip
        self.until("business unit")

    def _tmux(self, *arguments: str) -> str:
        done = subprocess.run(
            ["tmux", "-L", self.server, *arguments], check=True, capture_output=True, text=True
        )
        return done.stdout

    def screen(self) -> str:
        """Return what stands on the screen."""
        return self._tmux("capture-pane", "-p", "-t", self.name)

    def press(self, *keys: str) -> None:
        """Press keys by the names that tmux has for them."""
        for key in keys:
            self._tmux("send-keys", "-t", self.name, key)

    def type(self, text: str) -> None:
        """Type a text."""
        self._tmux("send-keys", "-t", self.name, "-l", text)

    def until(self, text: str) -> str:
        """Wait until a text stands on the screen; return the screen."""
        end = time.monotonic() + _LONGEST
        while text not in (shown := self.screen()):
            assert time.monotonic() < end, f"{text!r} never came:\n{shown}"
            time.sleep(0.1)
        return shown

    def break_line(self) -> None:
        """Break the connection: the room is hung up on, as by a terminal that is gone."""
        self._tmux("kill-session", "-t", self.name)

    def leave(self) -> None:
        """Leave the room by its own key, and wait until it is gone."""
        self.press("q")
        end = time.monotonic() + _LONGEST
        while self.is_there():
            assert time.monotonic() < end, "it does not leave"
            time.sleep(0.1)

    def is_there(self) -> bool:
        """Say whether the session is still there."""
        found = subprocess.run(
            ["tmux", "-L", self.server, "has-session", "-t", self.name],
            check=False,
            capture_output=True,
        )
        return found.returncode == 0

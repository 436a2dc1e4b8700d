"""Where there is nothing yet: starting a portfolio, or looking at the sample first."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from itgov.tui.room_app import RoomApp
    from itgov.tui.widgets.styled_text import Line


class FirstActions:
    """The actions of an empty repository."""

    def __init__(self, home: RoomApp) -> None:
        self.home = home

    def do_init(self) -> None:
        """Start a portfolio in the empty repository, by the verb that does it."""
        home = self.home
        root = home.path if home.path is not None else Path()
        command = [sys.executable, "-P", "-m", "itgov", "init", str(root)]
        done = subprocess.run(
            command, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        said: list[Line] = [
            ((line, ""),) for line in done.stdout.decode("utf-8", "replace").splitlines()
        ]
        if done.returncode:
            home.tell("`itgov init` failed", said)
            return
        home.updates.do_reload()
        home.tell(f"A portfolio was started in {os.fspath(root.absolute())}", said)

    def do_sample(self) -> None:
        """Look at the sample instead."""
        self.home.updates.read_sample()

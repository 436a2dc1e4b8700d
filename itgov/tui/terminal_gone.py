"""Leaving when what shows the room has gone, even where no signal says so."""

from __future__ import annotations

import os
import select
import sys
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.app import App

_PATIENCE = 3.0
"""Seconds for an orderly end, with nothing left to draw on."""
HUNG_UP = 129
"""The exit code of a program that its terminal left."""


def leave_with_the_terminal(app: App[int]) -> None:
    """End the app when its terminal hangs up.

    As a rule the system ends it by SIGHUP; started under `nohup` and the like it would stay, and
    read the end of its input for ever.  Nothing is lost: what was acknowledged is on the disk.
    """
    if not hasattr(select, "poll") or not sys.platform.startswith("linux"):
        return  # elsewhere terminals cannot be asked this way
    _leave_at_hangup(app)


def leave_with_the_server(app: App[int]) -> None:
    """End the app when the process that passes on its input has gone, also where that was killed."""
    if hasattr(select, "poll"):  # Windows ends a process with its pipes
        _leave_at_hangup(app)


def _leave_at_hangup(app: App[int]) -> None:
    try:
        source = sys.stdin.fileno()
    except (OSError, ValueError):
        return
    threading.Thread(target=_wait, args=(app, source), daemon=True, name="hangup").start()


def _wait(app: App[int], source: int) -> None:
    poll = select.poll()
    poll.register(source, 0)  # nothing is asked for: hanging up is told all the same
    if not poll.poll():
        return
    end = threading.Timer(_PATIENCE, lambda: os._exit(HUNG_UP))
    end.daemon = True  # an orderly end waits for nothing
    end.start()
    with suppress(RuntimeError):  # it has not begun, or has ended by itself
        app.call_from_thread(app.exit, HUNG_UP, HUNG_UP)

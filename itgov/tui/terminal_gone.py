"""Leaving when what shows the room has gone, or when the system asks for it, in good order."""

from __future__ import annotations

import os
import select
import signal
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
TERMINATED = 143
"""The exit code of a program that SIGTERM ended."""


def leave_when_terminated(app: App[int]) -> None:
    """End the app at SIGTERM as `q` does, so that the terminal is as it was before.

    Nothing else restores it: without a handler the process ends at once, and leaves the shell behind
    it with the alternate screen, the mouse and no echo.
    """
    if threading.current_thread() is threading.main_thread():  # others may not set handlers
        signal.signal(signal.SIGTERM, lambda *_: _end_at_signal(app))


def _end_at_signal(app: App[int]) -> None:
    """End from a thread of its own: the handler runs in the one that the app's loop is in."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # a second one ends at once
    if not app.is_running:
        os.kill(os.getpid(), signal.SIGTERM)
        return
    threading.Thread(target=_end, args=(app, TERMINATED), daemon=True, name="terminated").start()


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
    _end(app, HUNG_UP)


def _end(app: App[int], code: int) -> None:
    end = threading.Timer(_PATIENCE, lambda: os._exit(code))
    end.daemon = True  # an orderly end waits for nothing
    end.start()
    with suppress(RuntimeError):  # it has not begun, or has ended by itself
        app.call_from_thread(app.exit, code, code)

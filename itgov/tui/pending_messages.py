"""Telling when everything that was set off has been through."""

from __future__ import annotations

import asyncio
from time import monotonic
from typing import Any

from textual.app import App

_TURNS = 25
"""How often everything is given its turn before patience counts: one turn may be long."""
_QUIET = 2
"""Turns in a row without a message after which no more are to come."""


async def wait_for_pending_messages(app: App[Any], patience: float) -> None:
    """Wait until no part of an app has a message to work on, or for some seconds.

    What is worked on may send messages in turn, through several parts one after the other: nothing
    but an empty queue everywhere says that it is at its end.
    """
    until = monotonic() + patience
    screens = app.screen_stack
    pumps = [app, *screens, *(part for screen in screens for part in screen.walk_children())]
    turns = quiet = 0
    while quiet < _QUIET and (turns < _TURNS or monotonic() < until):
        await asyncio.sleep(0)
        turns += 1
        quiet = 0 if any(pump.message_queue_size for pump in pumps) else quiet + 1

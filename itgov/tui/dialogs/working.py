"""Long work that can be left: how far it is stands in a dialog, and escape stops it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from threading import Event
from time import monotonic
from typing import TYPE_CHECKING, TypeVar

from textual import events
from textual.widget import Widget

from itgov.files.parallel import Progress, Stopped
from itgov.tui.background.reading import gc_disabled
from itgov.tui.dialogs.dialog import Dialog
from itgov.tui.widgets.progress_bar import ProgressBar

if TYPE_CHECKING:
    from itgov.tui.room_app import RoomApp

Made = TypeVar("Made")

_MOMENT = 0.2
"""Seconds in which work may end without a dialog; keys wait as long."""
_STEP = 0.1
"""Seconds between two reports of progress."""


class _Bar(ProgressBar, can_focus=True):
    """It has the keys, so that none that is typed meanwhile goes to the room."""


class Working(Dialog[None]):
    """Says how far long work is, until it is done or left."""

    AUTO_FOCUS = "_Bar"
    KEYS = (("esc", "cancel"),)
    DEFAULT_CSS = """
    Working _Bar { height: 3; }
    """

    def __init__(self, title: str) -> None:
        super().__init__(title)
        self._bar = _Bar("Working")

    def body(self) -> list[Widget]:
        """Return the bar."""
        return [self._bar]

    def tell(self, doing: str, done: float) -> None:
        """Show how far it is."""
        self._bar.tell(doing, done)

    def take_key(self, event: events.Key) -> bool:
        """Leave by the keys of quitting too: the work first, the room another time."""
        if event.key in self.home.keys.of("quit"):
            self.leave()
            return True
        return super().take_key(event)

    def close(self) -> None:
        """Leave it as the work is done; nothing happens where it was left already."""
        if self.is_current:
            self.dismiss(None)


async def with_progress(home: RoomApp, title: str, work: Callable[[Progress], Made]) -> Made | None:
    """Do work in a thread and return what it gives, or None where escape stopped it.

    What it is given to tell its progress raises `Stopped` once nobody wants it any more, so it is to
    tell it often.  Raises what the work raises.  To be awaited in a worker of the app.
    """
    stop = Event()
    dialog = Working(title)
    told = 0.0

    def progress(doing: str, done: float) -> None:
        nonlocal told
        if stop.is_set():
            raise Stopped
        if monotonic() - told >= _STEP:
            told = monotonic()
            home.call_later(dialog.tell, doing, done)

    def run() -> Made | None:
        try:
            with gc_disabled():
                return work(progress)
        except Stopped:
            return None

    task = asyncio.create_task(asyncio.to_thread(run))
    try:
        await asyncio.wait({task}, timeout=_MOMENT)
        if not task.done():
            task.add_done_callback(lambda _: home.call_later(dialog.close))
            await home.push_screen_wait(dialog)
            stop.set()
        return await task  # until it has stopped: what was written is put back by then
    finally:
        stop.set()

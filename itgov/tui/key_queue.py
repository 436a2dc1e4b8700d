"""Typing ahead: keys are taken one after the other, so that none goes where it was not meant to.

A key may open a line or a dialog to type in, which takes a moment; the keys that follow belong
there, not to the list that still has the focus.  So the next key waits until all that the one
before set off has been through and, if a dialog is opening, until that has the focus.
"""

from __future__ import annotations

import asyncio
from collections import deque
from time import monotonic

from textual import events
from textual.app import App
from textual.message import Message
from textual.screen import ModalScreen

from itgov.tui.background.idle_tasks import IdleTasks
from itgov.tui.pending_messages import wait_for_pending_messages

_PATIENCE = 1.0
"""Seconds after which the next key is taken whatever has become of the one before."""
_OPENING = 5.0
"""The same where something to type in is on its way: a key that comes too early may do harm."""
_LOOK = 0.01


class KeyQueue(App[int], inherit_bindings=False):
    """An app that takes its keys in turn."""

    class Through(Message):
        """All that the key before set off has been through."""

    def __init__(self, *, ansi_color: bool | None = None) -> None:
        super().__init__(ansi_color=ansi_color)
        self.idle_tasks = IdleTasks(
            self, lambda: self._busy_since is not None or self._is_opening()
        )
        self._held: deque[events.Key] = deque()
        self._busy_since: float | None = None
        self._key_task: asyncio.Task[None] | None = None
        """Waits until the key before is through; held here, for a loop forgets its tasks."""

    async def on_event(self, event: events.Event) -> None:
        """Keep a key back while the one before is not through."""
        if not isinstance(event, events.Key) or event.is_forwarded:
            await super().on_event(event)
            return
        self.idle_tasks.key()
        self._held.append(event)
        if self._busy_since is None:
            await self._take_next()

    async def _take_next(self) -> None:
        if not self._held:
            self._busy_since = None
            return
        self._busy_since = monotonic()
        await super().on_event(self._held.popleft())
        self._key_task = asyncio.create_task(self._until_through(), name="key")

    async def _until_through(self) -> None:
        await wait_for_pending_messages(self, _PATIENCE)
        self.post_message(self.Through())  # the app itself may still be at it

    async def on_key_queue_through(self, message: Through) -> None:
        """Take the next key, unless something to type in is on its way."""
        message.stop()
        since = monotonic() - (self._busy_since or 0.0)
        if since < _OPENING and self._is_opening():
            self.set_timer(_LOOK, lambda: self.post_message(self.Through()))
        else:
            await self._take_next()

    def _is_opening(self) -> bool:
        """Say whether something to type in is on its way."""
        top = self.screen_stack[-1] if self.screen_stack else None  # none while the room is left
        if isinstance(top, ModalScreen):
            return top.focused is None
        return any(w.group == "edit" and w.is_running for w in self.workers)

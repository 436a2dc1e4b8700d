"""Typing ahead: keys are taken one after the other, so that none goes where it was not meant to.

A key may open a line or a dialog to type in, which takes a moment; the keys that follow belong
there, not to the list that still has the focus.  So the next key waits until all that the one
before set off has been through and, if a dialog is opening, until that has the focus.  A key that
means a list which is still being read waits for it, and so do all behind it.  Text that is pasted
waits as a key does.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Any

from textual import events
from textual.app import App
from textual.screen import ModalScreen

from itgov.tui.pending_messages import wait_for_pending_messages

Input = events.Key | events.Paste
"""What is typed: a key, or a text that is pasted."""
_PATIENCE = 1.0
"""Seconds after which the next key is taken whatever has become of the one before."""
_OPENING = 5.0
"""The same where something to type in is on its way: a key that comes too early may do harm."""
_LOOK = 0.01
"""Seconds between two looks at whether it has opened."""


class KeyQueue:
    """The keys and pasted texts that an app has not taken yet; `deliver` is given one after the other.

    `is_early` says of the next one whether it has to wait until `go_on` is called.
    """

    def __init__(
        self,
        app: App[Any],
        deliver: Callable[[Input], Awaitable[None]],
        is_early: Callable[[Input], bool],
    ) -> None:
        self._app = app
        self._deliver = deliver
        self._is_early = is_early
        self._waiting: deque[Input] = deque()
        self._busy_since: float | None = None
        self._key_task: asyncio.Task[None] | None = None
        """Waits until the key before is through; held here, for a loop forgets its tasks."""

    async def add(self, key: Input) -> None:
        """Deliver a key once the one before is through; ctrl+c does not wait for what is read."""
        if isinstance(key, events.Key) and key.key == "ctrl+c":
            self.drop_early()
        self._waiting.append(key)
        await self.go_on()

    async def go_on(self) -> None:
        """Deliver what waited for something that is there now."""
        if self._busy_since is None:
            await self._deliver_next()

    def drop_early(self) -> bool:
        """Forget what waits for something that never came; return whether anything did."""
        early = bool(self._waiting) and self._busy_since is None
        if early:
            self._waiting.clear()
        return early

    def is_busy(self) -> bool:
        """Say whether a key is being worked on, or something to type in is on its way."""
        return self._busy_since is not None or self._is_opening()

    async def _deliver_next(self) -> None:
        if not self._waiting or self._is_early(self._waiting[0]):
            self._busy_since = None
            return
        self._busy_since = monotonic()
        await self._deliver(self._waiting.popleft())
        self._key_task = asyncio.create_task(self._until_through(), name="key")

    async def _until_through(self) -> None:
        await wait_for_pending_messages(self._app, _PATIENCE)
        self._app.call_later(self._through)  # the app itself may still be at it

    async def _through(self) -> None:
        """Deliver the next key, unless something to type in is on its way."""
        since = monotonic() - (self._busy_since or 0.0)
        if since < _OPENING and self._is_opening():
            self._app.set_timer(_LOOK, lambda: self._app.call_later(self._through))
        else:
            await self._deliver_next()

    def _is_opening(self) -> bool:
        stack = self._app.screen_stack  # empty while the room is being left
        if stack and isinstance(stack[-1], ModalScreen):
            return stack[-1].focused is None
        return any(w.group == "edit" and w.is_running for w in self._app.workers)

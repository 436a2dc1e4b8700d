"""Typing ahead: keys are taken one after the other, so that none goes where it was not meant to.

A key may open a line or a dialog to type in, which takes a moment; the keys that follow belong
there, not to the list that still has the focus.  So the next key waits until the one before has
been through everything that could take it and, if a dialog is opening, until that has the focus.
"""

from __future__ import annotations

from collections import deque
from time import monotonic

from textual import events
from textual.app import App
from textual.message import Message
from textual.screen import ModalScreen

from itgov.tui.tempo import Chores

_ROUNDS = 3
"""How often a mark follows a key: what a key sets off may itself send a message or two."""
_PATIENCE = 1.0
"""Seconds after which the next key is taken whatever has become of the one before."""
_OPENING = 5.0
"""The same where something to type in is on its way: a key that comes too early may do harm."""
_LOOK = 0.01


class TypeAhead(App[int], inherit_bindings=False):
    """An app that takes its keys in turn."""

    class Through(Message):
        """What was sent before this to the same pane has been through everything."""

        def __init__(self, left: int) -> None:
            super().__init__()
            self.left = left

    def __init__(self, *, ansi_color: bool | None = None) -> None:
        super().__init__(ansi_color=ansi_color)
        self.chores = Chores(self, lambda: self._busy_since is not None or self._is_opening())
        self._held: deque[events.Key] = deque()
        self._busy_since: float | None = None

    async def on_event(self, event: events.Event) -> None:
        """Keep a key back while the one before is not through."""
        if not isinstance(event, events.Key) or event.is_forwarded:
            await super().on_event(event)
            return
        self.chores.key()
        if self._is_busy():
            self._held.append(event)
            if len(self._held) == 1:  # should a mark be lost with its pane, nothing is stuck
                self.set_timer(_PATIENCE, self._go_on)
            return
        self._held.append(event)
        await self._take_next()

    async def _take_next(self) -> None:
        if not self._held:
            self._busy_since = None
            return
        self._busy_since = monotonic()
        target = self.focused or self.screen
        await super().on_event(self._held.popleft())
        target.post_message(self.Through(_ROUNDS))

    async def on_type_ahead_through(self, message: Through) -> None:
        """Send the mark round again, or take the next key."""
        message.stop()
        if message.left > 1:
            (self.focused or self.screen).post_message(self.Through(message.left - 1))
        else:
            await self._go_on()

    async def _go_on(self) -> None:
        since = self._busy_since
        if since is None:
            return
        if self._is_opening() and monotonic() - since < _OPENING:
            self.set_timer(_LOOK, self._go_on)
            return
        await self._take_next()

    def _is_busy(self) -> bool:
        """Say whether the key before is still being worked on."""
        if self._busy_since is None:
            return False
        since = monotonic() - self._busy_since
        return since < _PATIENCE or (since < _OPENING and self._is_opening())

    def _is_opening(self) -> bool:
        """Say whether something to type in is on its way."""
        if isinstance(self.screen, ModalScreen):
            return self.screen.focused is None
        return any(w.group == "edit" and w.is_running for w in self.workers)

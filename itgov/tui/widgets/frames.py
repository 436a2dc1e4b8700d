"""Drawing once for each key: when everything that the key set off has been through.

Textual draws at most so many times a second, at the beat of a timer, whatever is under way then: a
key waits for the beat, what it sets off is drawn half done, and a change of layout is drawn before
the panes know their new sizes and once more after.  On a large terminal each drawing can be felt.
Here a frame begins as soon as something is to be drawn: while there are messages it waits, lays out
without drawing, waits for what that sets off in turn, and draws.
"""

from __future__ import annotations

import asyncio
from time import monotonic
from typing import TypeVar

from textual import constants, events
from textual.screen import Screen

from itgov.tui.pending_messages import wait_for_pending_messages

Result = TypeVar("Result")

_PATIENCE = 0.04
"""Seconds after which a frame is drawn although there are still messages."""
_SPACING = 1 / constants.MAX_FPS
"""Seconds between two frames at least: `TEXTUAL_FPS`, for lines that cannot take more."""
_LAYOUTS = 4
"""How often one frame is laid out: a size may follow from another size."""


class Framed(Screen[Result], inherit_bindings=False):
    """A screen that is drawn when nothing more is to come.

    It leans on what Textual 8.2 keeps to itself: `_on_timer_update()` lays out and draws what is
    marked, `_compositor_refresh()` puts it on the terminal, `_callbacks` holds what is to follow.
    """

    _frame: asyncio.Task[None] | None = None
    _drawn_at = 0.0
    _due = False
    """Whether something was laid out or marked that is not on the terminal yet."""

    async def on_idle(self, event: events.Idle) -> None:
        """Begin a frame where there is something to draw."""
        event.prevent_default()  # not at the beat of Textual's timer
        shown = self.is_current and not self.app._batch_count
        if shown and (self._due or self._is_marked):
            self._begin_frame()
        elif self._frame is None:
            await self._invoke_and_clear_callbacks()

    @property
    def _is_marked(self) -> bool:
        return bool(
            self._layout_required
            or self._scroll_required
            or self._repaint_required
            or self._recompose_required
            or self._dirty_widgets
        )

    def _compositor_refresh(self) -> None:
        """Take note that there is something to put on the terminal."""
        self._due = True
        self._begin_frame()

    def _begin_frame(self) -> None:
        if self._frame is None:
            self._frame = asyncio.create_task(self._draw(), name="frame")
            self._frame.add_done_callback(self._frame_ended)

    async def _draw(self) -> None:
        early = self._drawn_at + _SPACING - monotonic()
        if early > 0:
            await asyncio.sleep(early)
        for _ in range(_LAYOUTS):
            await wait_for_pending_messages(self.app, _PATIENCE)
            if not self._lay_out():
                break
        if self._due and self.is_current and not self.app._batch_count:
            self._due = False
            super()._compositor_refresh()
            self._drawn_at = monotonic()

    def _frame_ended(self, frame: asyncio.Task[None]) -> None:
        self._frame = None
        if frame.cancelled():
            return
        error = frame.exception()
        if isinstance(error, Exception):
            self.app._handle_exception(error)  # as for a timer of Textual's: it ends the app
            return
        if not self.is_current:  # it may have been the last one
            return
        if self._callbacks:
            self.call_next(self._invoke_and_clear_callbacks)
        if self.app.screen is self and (self._is_marked or self._due):
            self.check_idle()  # it was drawn although there were messages

    def _lay_out(self) -> bool:
        """Do what is marked, all but the drawing; return whether places or sizes may be others."""
        if not self._is_marked:
            return False
        moved = self._layout_required or self._scroll_required
        later, self._callbacks = self._callbacks, []
        self._on_timer_update()
        self._callbacks[:0] = later
        return moved

    async def _message_loop_exit(self) -> None:
        if self._frame is not None:
            self._frame.cancel()
        await super()._message_loop_exit()

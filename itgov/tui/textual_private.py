"""What the room takes of Textual 8.2 that Textual keeps to itself: nowhere else.

Measured on the mix of keys of `benchmarks/run.py --parts room` at 10,000 investments, on two cores
on which all keys take 41 ms at the 95th percentile:

- `Framed` saves 26 ms of these; a view shown for the first time takes 44 ms, not 105, and a letter
  of a filter 35 ms, not 59.
- `Terminal` saves nothing of them but 100 to 200 ms at each escape, which leaves a filter or a dialog.
  It also writes only cells that change, and each style only where it changes: a tenth of the bytes of
  a key, for one to two milliseconds.

What was tried and saves less than 20 ms: the room under a dialog darkened once for each style
(4 ms), a list that lays out nothing but its scroll bar (16 ms), other thresholds of the garbage
collector (2 ms).  `tests/tui/test_textual_private.py` says which name is gone when Textual moves one.
"""

from __future__ import annotations

import asyncio
import os
import selectors
import sys
from codecs import getincrementaldecoder
from time import monotonic
from typing import Any, Protocol, TypeVar, cast

from textual import constants, events
from textual._xterm_parser import XTermParser
from textual.app import App
from textual.driver import Driver
from textual.screen import Screen

from itgov.tui.pending_messages import wait_for_pending_messages
from itgov.tui.terminal_output import TerminalOutput

Result = TypeVar("Result")

_PATIENCE = 0.04
"""Seconds after which a frame is drawn although there are still messages."""
_SPACING = 1 / constants.MAX_FPS
"""Seconds between two frames at least: `TEXTUAL_FPS`, for lines that cannot take more."""
_LAYOUTS = 8
"""How often one frame is laid out: a size may follow from another size."""


class Framed(Screen[Result], inherit_bindings=False):
    """A screen that is drawn once for each key, when all that the key set off has been through.

    Textual draws at the beat of a timer, whatever is under way: a key waits for the beat, what it
    sets off is drawn half done, and a change of layout is drawn before the panes know their new
    sizes and once more after.  Here a frame begins as soon as something is to be drawn: while there
    are messages it waits, lays out without drawing, waits for what that sets off, and draws.

    `_on_timer_update()` lays out and draws what is marked, `_compositor_refresh()` puts it on the
    terminal, `_callbacks` holds what is to follow.
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


if sys.platform != "win32":
    from textual.drivers.linux_driver import LinuxDriver

    _LOOK = 0.1
    """Seconds between two looks at whether the room was left."""

    class _OnTerminal(Protocol):
        terminal: Driver | None

    class Terminal(LinuxDriver):
        """A terminal of Linux or macOS, which tells escape from the beginning of another key at once.

        Both begin with the same byte.  Textual looks whether more has come ten times a second, whatever
        `ESCDELAY` says (how many milliseconds an escape may take).
        """

        def __init__(self, app: App[Any], **options: Any) -> None:
            super().__init__(app, **options)
            self._output = TerminalOutput()
            cast(_OnTerminal, app).terminal = self

        def write(self, data: str) -> None:
            """Write to the terminal, in as few bytes as show the same."""
            try:
                size = os.get_terminal_size(self.fileno)
            except OSError:
                size = None
            super().write(self._output.changes(data, size))

        def run_input_thread(self) -> None:
            """Hand on what is typed until the room is left."""
            parser = XTermParser(self._debug)
            decode = getincrementaldecoder("utf-8")("replace").decode
            with selectors.SelectSelector() as selector:
                selector.register(self.fileno, selectors.EVENT_READ)
                while not self.exit_event.is_set():
                    begun = parser._timeout_time is not None  # a key may be half read
                    if selector.select(constants.ESCAPE_DELAY if begun else _LOOK):
                        read = os.read(self.fileno, 4096)
                        if not read:  # nobody will type any more
                            self.exit_event.wait(_LOOK)
                        text = decode(read)
                        # empty within a character of several bytes; `feed("")` means the input's end
                        if text:
                            for event in parser.feed(text):
                                self.process_message(event)
                    for event in parser.tick():
                        self.process_message(event)

"""Work that waits until nobody waits for a key, a piece at a time."""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from inspect import isawaitable
from time import monotonic

from textual.app import App
from textual.timer import Timer

_BEAT = 0.05
"""Seconds between two tasks."""
_LULL = 0.4
"""Seconds without a key after which a task may begin: it may take as long as a few frames."""

IdleTask = Callable[[], Awaitable[object] | object]


class IdleTasks:
    """What is done while no key is pressed.

    `busy` says whether an earlier key is still being worked on.
    """

    def __init__(self, app: App[int], busy: Callable[[], bool]) -> None:
        self._app = app
        self._busy = busy
        self._waiting: deque[IdleTask] = deque()
        self._key = 0.0
        self._timer: Timer | None = None

    def replace(self, tasks: Iterable[IdleTask]) -> None:
        """Have tasks done, in turn, in place of those that still wait."""
        self._waiting = deque(tasks)
        if self._timer is None:
            self._timer = self._app.set_interval(_BEAT, self._go_on, pause=True)
        self._timer.resume()

    def key(self) -> None:
        """Take note that a key was pressed."""
        self._key = monotonic()

    async def _go_on(self) -> None:
        if not self._app.is_running or self._busy():
            return  # timers run on while the room is left and its views are taken down
        if self._waiting and monotonic() - self._key > _LULL:
            done = self._waiting.popleft()()
            if isawaitable(done):
                await done
        if self._timer is not None and not self._waiting:
            self._timer.pause()  # it would fire twenty times a second for nothing

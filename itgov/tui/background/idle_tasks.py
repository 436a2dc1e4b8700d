"""Keeping what can wait away from the moments in which somebody waits for a key."""

from __future__ import annotations

import gc
import sys
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from inspect import isawaitable
from time import monotonic

from textual.app import App
from textual.timer import Timer

YOUNG, SOME, MANY = 200_000, 20, 1_000
"""Thresholds of the garbage collector, out of reach of one key's work: a look through what is new
takes as long as half a frame and one through everything as long as several, so `IdleTasks` has both
done when nobody waits."""
SWITCH = 0.001
"""Seconds after which a thread beside the screen gives way to it (Python's own 5 ms add up)."""

_BEAT = 0.05
_DRAWN = 0.08
"""Seconds after a key in which what it did is drawn."""
_LULL = 0.4
"""Seconds without a key after which a task may begin: it may take as long as a few frames."""
_REST, _BREATH = 60.0, 5.0
"""Seconds without a key after which everything is looked through for garbage: a fifth of a second at
10,000 investments.  The shorter one is for those who hardly ever rest."""
_KEYS, _MANY_KEYS = 200, 2_000
"""Keys after which that is worth its while, and after which it is time."""

IdleTask = Callable[[], Awaitable[object] | object]


def give_way_to_keys() -> None:
    """Set the interpreter up for a program that answers keys."""
    gc.set_threshold(YOUNG, SOME, MANY)
    gc.enable()
    sys.setswitchinterval(SWITCH)


def _look_through_everything() -> None:
    """Collect all garbage: of what was frozen, too, for a dialog may have been open then."""
    frozen = gc.get_freeze_count()
    gc.unfreeze()
    gc.collect()
    if frozen:
        gc.freeze()


class IdleTasks:
    """What is done while no key is pressed, a piece at a time: what was asked for, and tidying up.

    `busy` says whether an earlier key is still being worked on.
    """

    def __init__(self, app: App[int], busy: Callable[[], bool]) -> None:
        self._app = app
        self._busy = busy
        self._waiting: deque[IdleTask] = deque()
        self._key = 0.0
        self._young = False
        """Whether there may be new garbage."""
        self._old = 0
        """How many keys may have left garbage that is not new any more."""
        self._timer: Timer | None = None
        self._rest: Timer | None = None

    def add(self, tasks: Iterable[IdleTask]) -> None:
        """Have tasks done, in turn, in place of those that still wait."""
        self._waiting = deque(tasks)
        self._wake()

    def key(self) -> None:
        """Take note that a key was pressed."""
        self._key = monotonic()
        self._young = True
        self._old += 1
        if self._rest is not None:
            self._rest.stop()
            self._rest = None
        self._wake()

    def _wake(self) -> None:
        if self._timer is None:
            self._timer = self._app.set_interval(_BEAT, self._go_on, pause=True)
        self._timer.resume()

    async def _go_on(self) -> None:
        if not self._app.is_running or self._busy():
            return  # timers run on while the room is left and its views are taken down
        still = monotonic() - self._key
        if self._young and still > _DRAWN:
            self._young = False
            gc.collect(1)
        elif self._waiting and still > _LULL:
            done = self._waiting.popleft()()
            if isawaitable(done):
                await done
        if self._timer is not None and not (self._young or self._waiting):
            self._timer.pause()  # nothing is done twenty times a second for nobody
            if self._old > _KEYS and self._rest is None:
                rest = _REST if self._old < _MANY_KEYS else _BREATH
                self._rest = self._app.set_timer(rest, self._rested)

    def _rested(self) -> None:
        self._rest = None
        self._old = 0
        _look_through_everything()

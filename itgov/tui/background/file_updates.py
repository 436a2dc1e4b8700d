"""Keeping a portfolio up to date with its files, beside the screen: read, watched, read again."""

from __future__ import annotations

import asyncio
import datetime
from collections.abc import Awaitable, Callable
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

from textual.app import App
from textual.worker import get_current_worker

from itgov.files.parallel import Stopped

if TYPE_CHECKING:
    from itgov.files.proposal import Proposal
    from itgov.insight.diff_changes import Diff
    from itgov.tui.background.reading import Loader, Trouble
    from itgov.tui.background.watching import Places, Watch
    from itgov.tui.state.room import Room

_STEP = 0.05
"""Seconds between two reports of progress."""


class FileUpdates:
    """Reads the portfolio at `path` as of `today`, and again where files have changed.

    `show` is given what was read, in the app's own turn; `progress` what is being read and the
    share of it that is done, 0 to 1.  `watching` lets it notice changes by itself, and read with a
    process that may use every core.
    """

    def __init__(
        self,
        app: App[Any],
        path: Path | None,
        today: datetime.date | None,
        *,
        watching: bool,
        show: Callable[[Room | Trouble], Awaitable[None]],
        progress: Callable[[str, float], object],
        say: Callable[..., object],
        sample: bool = False,
    ) -> None:
        self._app = app
        self._path = path
        self._today = today
        self._watching = watching
        self._show = show
        self._progress = progress
        self._say = say
        self._sample = sample
        self._room: Room | None = None
        """What was read last."""
        self._loader: Loader | None = None
        self._loading = False
        self._again = False
        """Whether something may have changed since reading began."""
        self._asked = False
        """Whether somebody wants to know that nothing has changed."""
        self._readers: list[asyncio.Future[None]] = []
        """Who waits until everything is read."""
        self._watch: Watch | None = None

    # -- reading -----------------------------------------------------------------------------

    def reload(self) -> None:
        """Read what has changed, beside the screen; where nothing has, nothing happens."""
        if self._loading:
            self._again = True
            return
        self._loading = True
        self._app.run_worker(self._load, group="load", thread=True)

    async def read_now(self) -> None:
        """Read what has changed, and wait until it is shown."""
        self.reload()
        await self.until_read()

    async def until_read(self) -> bool:
        """Wait until what is being read is shown; return whether anything was."""
        if not self._loading:
            return False
        read: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._readers.append(read)
        await read
        return True

    def do_reload(self) -> None:
        """Read the files again."""
        self._asked = True
        self.reload()

    def read_sample(self) -> None:
        """Read the sample in place of an empty repository."""
        self._sample = True
        self.do_reload()

    def _load(self) -> None:
        from itgov.tui.background.reading import Loader

        worker = get_current_worker()
        last = 0.0

        def progress(doing: str, done: float) -> None:
            nonlocal last
            if worker.is_cancelled:
                raise Stopped
            if monotonic() - last >= _STEP:
                last = monotonic()
                self._app.call_later(self._progress, doing, done)

        if self._loader is None or self._loader.sample != self._sample:
            helper = _fill_cache if self._watching else None
            self._loader = Loader(self._path, self._today, helper, sample=self._sample)
        try:
            found = self._loader.load(progress)
        except Stopped:
            return
        self._app.call_later(self._received, found)

    async def _received(self, found: Room | Trouble) -> None:
        """Show what was read, or why nothing could be; read again where that is asked for."""
        from itgov.tui.state.room import Room

        self._loading = False
        asked, self._asked = self._asked, False
        before = self._room
        if isinstance(found, Room):
            self._room = found
        await self._show(found)
        if found is before and asked:
            self._say("No changes")
        if self._room is not before and self._loader is not None:
            settle = self._loader.settle
            self._app.run_worker(settle, group="settle", thread=True, exit_on_error=False)
        self._watch_places()
        if self._again:
            self._again = False
            self.reload()
            return
        for waiting in self._readers:
            waiting.set_result(None)
        self._readers.clear()

    def effect(
        self, room: Room, proposal: Proposal, progress: Callable[[str, float], None]
    ) -> Diff:
        """Return what a proposal does to a room's findings and figures; for a thread of its own.

        `progress` may raise to stop it.  Raises `ItgovError`.
        """
        assert self._loader is not None  # it read the room
        return self._loader.effect(room, proposal, progress)

    # -- watching ----------------------------------------------------------------------------

    def _watch_places(self) -> None:
        room = self._room
        if not self._watching or (room is not None and room.sample):
            return
        from itgov.tui.background.watching import Watch, places_at, places_of

        places: Places = (
            places_of(room.repository) if room is not None else places_at(self._path or Path("."))
        )
        if self._watch is not None:
            if self._watch.places == places:
                return
            self._watch.stop()
        self._watch = Watch(
            places,
            lambda: self._app.call_later(self.reload),
            lambda reason: self._app.call_later(self._not_watched, reason),
        )
        self._watch.start()

    def _not_watched(self, reason: str) -> None:
        self._say(f"Changes by others are not noticed ({reason}); R reads again", "warning")

    def stop(self) -> None:
        """Watch no more."""
        if self._watch is not None:
            self._watch.stop()


def _fill_cache(root: Path, day: datetime.date, progress: object) -> None:
    """Fill the cache of what is parsed and judged from a process that may use every core."""
    from itgov.files.cache import is_off
    from itgov.tui.background.worker import BackgroundJob, Failed

    if is_off():
        return
    assert callable(progress)
    try:
        BackgroundJob("warm", root, day.isoformat()).run(progress)
    except Failed:
        return  # it is all done here, then

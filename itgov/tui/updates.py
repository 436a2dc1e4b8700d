"""What the room does while keys are answered: reading the files, watching them, measuring the history."""

from __future__ import annotations

import asyncio
import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from textual import events, work
from textual.message import Message
from textual.worker import Worker, WorkerState, get_current_worker

from itgov.tui.key_queue import KeyQueue
from itgov.tui.widgets.bars import Tone

if TYPE_CHECKING:
    from itgov.insight.trend_points import Period, Trend
    from itgov.rules.book import RuleBook
    from itgov.tui.background.reading import Loader, Trouble
    from itgov.tui.background.watching import Places, Watch
    from itgov.tui.background.worker import BackgroundJob
    from itgov.tui.state.room import Room

IDLE = 1.0
"""Seconds after the portfolio is shown, in which nobody is made to wait for the history."""


class Stopped(Exception):
    """The work is no longer wanted."""


class Updates(KeyQueue, inherit_bindings=False):
    """An app that keeps its room up to date with the files and knows their history.

    `watching` lets it notice changes by itself and measure the history before anybody asks.
    """

    class Progress(Message):
        """Reading has come further."""

        def __init__(self, doing: str, done: float) -> None:
            super().__init__()
            self.doing = doing
            self.done = done

        def can_replace(self, message: Message) -> bool:
            """Only how far it is now matters."""
            return isinstance(message, Updates.Progress)

    class FilesChanged(Message):
        """Files were changed by somebody."""

        def __init__(self, paths: frozenset[str]) -> None:
            super().__init__()
            self.paths = paths

    class NotWatched(Message):
        """Changes of files cannot be noticed."""

        def __init__(self, reason: str) -> None:
            super().__init__()
            self.reason = reason

    class HistoryProgress(Message):
        """Measuring the history has come further, or ended."""

        def __init__(self, by: Period, done: float) -> None:
            super().__init__()
            self.by = by
            self.done = done

        def can_replace(self, message: Message) -> bool:
            """Only how far it is now matters."""
            return isinstance(message, Updates.HistoryProgress) and message.by == self.by

    path: Path | None
    asked_today: datetime.date | None
    room: Room | None
    watching: bool
    sample_root: Path | None = None
    """The sample, where somebody asked to see it instead of an empty repository."""

    def __init__(self, *, ansi_color: bool | None = None) -> None:
        super().__init__(ansi_color=ansi_color)
        self.trends: dict[Period, Trend] = {}
        """The history by each period that was measured."""
        self.trend_troubles: dict[Period, str] = {}
        """Why the history by a period could not be measured."""
        self.measuring: Period | None = None
        self.measured_share = 0.0
        """How much of what is being measured is done, 0 to 1."""
        self._current: set[Period] = set()
        self._run = 0
        self._measured_for: tuple[str, RuleBook] | None = None
        self._background: BackgroundJob | None = None
        self._loader: Loader | None = None
        self._loading = False
        self._again = False
        self._readers: list[asyncio.Future[None]] = []
        """Who waits until everything is read."""
        self._asked = False
        self._watch: Watch | None = None
        self._written: set[tuple[str, str | None]] = set()

    async def receive(self, found: Room | Trouble | None) -> None:
        """Show a room, or say what keeps one from being shown."""
        raise NotImplementedError

    def say(self, text: str, tone: Tone = "") -> None:
        """Say something on the last line, for a few seconds."""
        raise NotImplementedError

    def history_arrived(self) -> None:
        """Show what is known of the history now."""
        raise NotImplementedError

    # -- reading -----------------------------------------------------------------------------

    def reload(self) -> None:
        """Read what has changed, beside the screen; where nothing has, nothing happens."""
        if self._loading:
            self._again = True
            return
        self._loading = True
        self._load()

    async def read_now(self) -> None:
        """Read what has changed, and wait until it is shown."""
        read: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._readers.append(read)
        self.reload()
        await read

    def do_reload(self) -> None:
        """Read the files again."""
        self._asked = True
        self.reload()

    @work(thread=True, group="load", exit_on_error=False)
    def _load(self) -> Room | Trouble | None:
        from itgov.tui.background.reading import Loader

        worker = get_current_worker()
        last = 0.0

        def progress(doing: str, done: float) -> None:
            nonlocal last
            from time import monotonic

            if worker.is_cancelled:
                raise Stopped
            if monotonic() - last >= 0.05:
                last = monotonic()
                self.post_message(self.Progress(doing, done))

        sample = self.sample_root is not None
        if self._loader is None or self._loader.sample != sample:
            helper = _helped if self.watching else None
            self._loader = Loader(self.path, self.asked_today, helper, sample=sample)
        try:
            return self._loader.load(progress)
        except Stopped:
            return None

    async def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Show what was read, or why nothing could be."""
        if event.worker.group != "load":
            return
        if event.state is WorkerState.ERROR:
            error = event.worker.error
            assert error is not None
            raise error  # a fault of ours: end, and be told so
        if event.state not in (WorkerState.SUCCESS, WorkerState.CANCELLED):
            return
        self._loading = False
        if event.state is WorkerState.SUCCESS:
            await self._received(event.worker.result)
        if self._again:
            self._again = False
            self.reload()
            return
        for waiting in self._readers:
            waiting.set_result(None)
        self._readers.clear()

    async def _received(self, found: Room | Trouble | None) -> None:
        from itgov.tui.state.room import Room

        asked, self._asked = self._asked, False
        same = found is self.room
        if isinstance(found, Room) and not same and "month" in self.trends:
            found.take_trend(self.trends["month"])
        await self.receive(found)
        if same and asked:
            self.say("Nothing has changed")
        if isinstance(found, Room) and not same:
            self._settle()
            self._forget_history(found)
        self._watch_places()

    @work(thread=True, group="settle", exit_on_error=False)
    def _settle(self) -> None:
        if self._loader is not None:
            self._loader.settle()

    # -- watching ----------------------------------------------------------------------------

    def wrote(self, path: Path, digest: str) -> None:
        """Remember that this room wrote a file, so that nobody is told of a change by others.

        Whoever writes reloads, too.
        """
        import os

        self._written.add((os.path.realpath(path), digest))

    def _watch_places(self) -> None:
        if not self.watching or (self.room is not None and self.room.sample):
            return
        from itgov.tui.background.watching import Watch, places_at, places_of

        room = self.room
        places: Places = (
            places_of(room.repository) if room is not None else places_at(self.path or Path("."))
        )
        if self._watch is not None:
            if self._watch.places == places:
                return
            self._watch.stop()
        self._watch = Watch(
            places,
            lambda paths: self.post_message(self.FilesChanged(paths)),
            lambda reason: self.post_message(self.NotWatched(reason)),
        )
        self._watch.start()

    def on_updates_files_changed(self, message: FilesChanged) -> None:
        """Read what somebody else has changed."""
        from itgov.tui.background.watching import digests_of

        found = set(digests_of(sorted(message.paths)).items()) if self._written else set()
        ours = {(path, digest) for path, digest in found if (path, digest) in self._written}
        if not message.paths or len(ours) < len(message.paths):
            self.reload()
        self._written -= ours

    def on_updates_not_watched(self, message: NotWatched) -> None:
        """Say that changes are not noticed."""
        self.say(f"Changes by others are not noticed ({message.reason}); R reads again", "warning")

    def on_app_focus(self, event: events.AppFocus) -> None:
        """Look whether something changed while the terminal was not looked at."""
        if self.watching and self.room is not None:
            self.reload()

    def on_unmount(self) -> None:
        """Leave nothing running."""
        if self._watch is not None:
            self._watch.stop()
        if self._background is not None:
            self._background.stop()

    # -- the history -------------------------------------------------------------------------

    def _forget_history(self, room: Room) -> None:
        """Measure the history anew where the commits or the rules are others."""
        if not room.git:
            return
        before, self._measured_for = self._measured_for, (room.head, room.book)
        if before is not None and before[0] == room.head and before[1] is room.book:
            return
        self.trend_troubles.clear()
        self._current.clear()  # what was measured is shown until it is measured again
        self.stop_measuring()
        self.history_arrived()
        if self.watching and self.measuring is None:
            self.set_timer(IDLE, self._measure_months)

    def _measure_months(self) -> None:
        if self.wants_history("month"):
            self.measure("month")

    def wants_history(self, by: Period) -> bool:
        """Say whether the history by a period has to be measured, and nothing keeps it from that."""
        room = self.room
        return (
            room is not None
            and room.git
            and by not in self._current
            and by not in self.trend_troubles
            and self.measuring != by
        )

    def measure(self, by: Period) -> None:
        """Measure the history by a period, beside the screen; another that runs is stopped."""
        if self.measuring == by or self.room is None or not self.room.git:
            return
        self.stop_measuring()
        self.measuring, self.measured_share = by, 0.0
        self._measure(by, self.room, self._run)

    def stop_measuring(self) -> None:
        """Measure no longer."""
        self.measuring = None
        if self._background is not None:
            self._background.stop()
            self._background = None
        self._run += 1

    @work(thread=True, group="trend", exit_on_error=False)
    def _measure(self, by: Period, room: Room, run: int) -> None:
        from itgov.tui.background.history import measured

        worker = get_current_worker()

        def go_on() -> None:
            if worker.is_cancelled or run != self._run:
                raise Stopped

        def progress(done: float) -> None:
            go_on()
            self.post_message(self.HistoryProgress(by, done))

        def started(job: BackgroundJob) -> None:
            self._background = job
            go_on()

        try:
            go_on()
            found = measured(room, by, progress, started)
            go_on()
        except Stopped:
            return
        self.call_from_thread(self._take, by, found, run)

    def _take(self, by: Period, found: Trend | str, run: int) -> None:
        if run == self._run:
            self.receive_trend(by, found)

    def receive_trend(self, by: Period, found: Trend | str) -> None:
        """Take the history by a period, or why there is none; what is shown follows."""
        self.measuring = None
        self._background = None
        if isinstance(found, str):
            self.trends.pop(by, None)
            self.trend_troubles[by] = found
        else:
            self.trends[by] = found
            self._current.add(by)
            if by == "month" and self.room is not None:
                self.room.take_trend(found)
        self.history_arrived()
        if self.watching:
            self._measure_months()


def _helped(root: Path, day: datetime.date, progress: object) -> None:
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

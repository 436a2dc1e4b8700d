"""The history of a portfolio in git, measured beside the screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from textual.app import App
from textual.worker import get_current_worker

if TYPE_CHECKING:
    from itgov.insight.trend_points import Period, Trend
    from itgov.rules.book import RuleBook
    from itgov.tui.background.worker import BackgroundJob
    from itgov.tui.state.room import Room

IDLE = 1.0
"""Seconds after the portfolio is shown, in which nobody is made to wait for the history."""


class _Stopped(Exception):
    """What is being measured is no longer wanted."""


class MeasuredHistory:
    """What was measured of the history, by period; measures one period at a time.

    `changed` is called when there is more or less of it to show, `progress` while it is measured.
    `watching` lets it measure the months before anybody asks.
    """

    def __init__(
        self,
        app: App[Any],
        *,
        watching: bool,
        changed: Callable[[], object],
        progress: Callable[[float], object],
    ) -> None:
        self._app = app
        self._watching = watching
        self._changed = changed
        self._progress = progress
        self.trends: dict[Period, Trend] = {}
        """The history by each period that was measured."""
        self.troubles: dict[Period, str] = {}
        """Why the history by a period could not be measured."""
        self.measuring: Period | None = None
        self.share = 0.0
        """How much of what is being measured is done, 0 to 1."""
        self._room: Room | None = None
        self._current: set[Period] = set()
        """What was measured of the commits and by the rules that the room has now."""
        self._run = 0
        """Counts what was measured: what an earlier one finds is no longer wanted."""
        self._measured_for: tuple[str, RuleBook] | None = None
        self._job: BackgroundJob | None = None

    def follow(self, room: Room) -> None:
        """Tell a room that was read its history; measure anew where commits or rules are others."""
        self._room = room
        if "month" in self.trends:
            room.take_trend(self.trends["month"])
        if not room.git:
            return
        before, self._measured_for = self._measured_for, (room.head, room.book)
        if before is not None and before[0] == room.head and before[1] is room.book:
            return
        self.troubles.clear()
        self._current.clear()  # what was measured is shown until it is measured again
        self.stop()
        self._app.call_later(self._changed)  # once the room is shown
        if self._watching:
            self._app.set_timer(IDLE, self._measure_months)

    def _measure_months(self) -> None:
        if self.measuring is None and self.wants("month"):
            self.measure("month")

    def wants(self, by: Period) -> bool:
        """Say whether the history by a period has to be measured, and nothing keeps it from that."""
        return (
            self._room is not None
            and self._room.git
            and by not in self._current
            and by not in self.troubles
            and self.measuring != by
        )

    def measure(self, by: Period) -> None:
        """Measure the history by a period, beside the screen; another that runs is stopped."""
        room = self._room
        if self.measuring == by or room is None or not room.git:
            return
        self.stop()
        self.measuring, self.share = by, 0.0
        run = self._run
        self._app.run_worker(
            lambda: self._measure(by, room, run), group="trend", thread=True, exit_on_error=False
        )

    def stop(self) -> None:
        """Measure no longer."""
        self.measuring = None
        if self._job is not None:
            self._job.stop()
            self._job = None
        self._run += 1

    def _measure(self, by: Period, room: Room, run: int) -> None:
        from itgov.tui.background.history import measured

        worker = get_current_worker()

        def go_on() -> None:
            if worker.is_cancelled or run != self._run:
                raise _Stopped

        def progress(done: float) -> None:
            go_on()
            self._app.call_later(self._report, done, run)

        def started(job: BackgroundJob) -> None:
            self._job = job
            go_on()

        try:
            go_on()
            found = measured(room, by, progress, started)
        except _Stopped:
            return
        self._app.call_later(self._take, by, found, run)

    def _report(self, done: float, run: int) -> None:
        if run == self._run:
            self.share = done
            self._progress(done)

    def _take(self, by: Period, found: Trend | str, run: int) -> None:
        if run != self._run:
            return
        self.measuring = None
        self._job = None
        if isinstance(found, str):
            self.trends.pop(by, None)
            self.troubles[by] = found
        else:
            self.trends[by] = found
            self._current.add(by)
            if by == "month" and self._room is not None:
                self._room.take_trend(found)
        self._changed()
        if self._watching:
            self._measure_months()

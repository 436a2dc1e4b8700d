"""The history of a portfolio in git, measured beside the screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from textual.app import App
from textual.worker import get_current_worker

from itgov.files.parallel import Stopped

if TYPE_CHECKING:
    from itgov.insight.diff_changes import Diff
    from itgov.insight.trend_points import Period, Trend
    from itgov.rules.catalogue import RuleBook
    from itgov.tui.background.worker import BackgroundJob
    from itgov.tui.state.room import Room

Found = TypeVar("Found")

IDLE = 1.0
"""Seconds after the portfolio is shown, in which nobody is made to wait for the history."""


class Beside(Generic[Found]):
    """One thing at a time that is worked out beside the screen; what was stopped is never told."""

    def __init__(self, app: App[Any], group: str) -> None:
        self._app = app
        self._group = group
        self._job: BackgroundJob | None = None
        self._run = 0
        """Counts what was begun or stopped: what an earlier one finds is no longer wanted."""

    def start(
        self,
        work: Callable[[Callable[[float], None], Callable[[BackgroundJob], None]], Found],
        done: Callable[[Found], object],
        progress: Callable[[float], object] = lambda share: None,
    ) -> None:
        """Stop what is being worked out, and work something else out.

        `work` is given what to call with the share that is done, and with what can be stopped.
        """
        self.stop()
        run = self._run

        def told(call: Callable[..., object], *arguments: object) -> None:
            if run == self._run:
                call(*arguments)

        def begin() -> None:
            worker = get_current_worker()

            def go_on() -> None:
                if worker.is_cancelled or run != self._run:
                    raise Stopped

            def report(share: float) -> None:
                go_on()
                self._app.call_later(told, progress, share)

            def started(job: BackgroundJob) -> None:
                go_on()
                self._job = job

            try:
                found = work(report, started)
            except Stopped:
                return
            self._app.call_later(told, done, found)

        self._app.run_worker(begin, group=self._group, thread=True)

    def stop(self) -> None:
        """Work nothing out any longer."""
        if self._job is not None:
            self._job.stop()
            self._job = None
        self._run += 1


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
        self._measured_for: tuple[str, RuleBook] | None = None
        self._measurement: Beside[Trend | str] = Beside(app, "trend")
        self._comparison: Beside[Diff | str] = Beside(app, "diff")

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
        from itgov.tui.background.history_jobs import measured

        self.measuring, self.share = by, 0.0
        self._measurement.start(
            lambda progress, started: measured(room, by, progress, started),
            lambda found: self._take(by, found),
            self._report,
        )

    def stop(self) -> None:
        """Measure no longer."""
        self.measuring = None
        self._measurement.stop()

    def _report(self, done: float) -> None:
        self.share = done
        self._progress(done)

    def _take(self, by: Period, found: Trend | str) -> None:
        self.measuring = None
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

    # -- what changed between two commits ------------------------------------------------------

    def compare(
        self, room: Room, older: str, newer: str, show: Callable[[Diff | str], object]
    ) -> None:
        """Show what changed between two commits, or why that cannot be told, once it is known."""
        from itgov.tui.background.history_jobs import compared

        self._comparison.start(
            lambda progress, started: compared(room, older, newer, progress, started), show
        )

    def stop_comparing(self) -> None:
        """Compare no longer."""
        self._comparison.stop()

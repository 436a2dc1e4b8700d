"""Health and line of sight over the git history: a plot, its points, and what changed at each."""

from __future__ import annotations

from typing import ClassVar

from textual import getters
from textual.app import ComposeResult

from itgov.insight.diff_changes import Diff
from itgov.insight.trend_points import PERIODS, Period, Point, Trend
from itgov.model.filter_query import Searchable
from itgov.tui.state.room import Room
from itgov.tui.state.row_filter import RowFilter
from itgov.tui.state.selection import ALL, Selection, Target
from itgov.tui.views.base import View
from itgov.tui.views.diff_lines import diff_lines
from itgov.tui.views.trend_figures import (
    FIGURES,
    Figure,
    remarks,
    scale,
    unread_lines,
)
from itgov.tui.views.trend_rows import POINTS, UNITS, PointLine, UnitLine, point_searchable
from itgov.tui.views.turning import Turning
from itgov.tui.widgets.page import Page
from itgov.tui.widgets.panes import SideBySide, Stacked
from itgov.tui.widgets.plot import Plot, Series
from itgov.tui.widgets.styled_text import Cell, Line
from itgov.tui.widgets.table import Table

_NO_GIT: tuple[Line, ...] = (
    (("No history", "strong"),),
    (),
    (("This folder is not in a git repository.", ""),),
    (("`git init`, `git add` and `git commit` start its history; R reads again.", "accent"),),
)
_SAMPLE: tuple[Line, ...] = (
    (("The sample has no history", "strong"),),
    (),
    (("Start your own with `itgov init`; its git history is shown here.", "accent"),),
)


class TrendView(Turning, View):
    """Units beside the plot of one figure, its points below, and what changed at one of them."""

    NAME: ClassVar[str] = "trend"
    FILTERED = "trend-points"
    FIELDS = POINTS.fields
    SCOPED_CSS = False  # its rules name classes of the screen around it

    DEFAULT_CSS = """
    TrendView #trend-course { height: 1fr; min-height: 11; }
    TrendView #trend-units { width: 46; height: auto; max-height: 100%; }
    TrendView #trend-plot { width: 1fr; height: 1fr; }
    TrendView #trend-points { height: auto; max-height: 50%; min-height: 5; }
    TrendView #trend-change { display: none; height: 1fr; }
    .-narrow TrendView #trend-units { width: 36; }
    .-broad TrendView #trend-units { width: 56; }
    TrendView.-reading #trend-course { display: none; }
    TrendView.-reading #trend-change { display: block; }
    .-low TrendView.-reading #trend-points { display: none; }
    """
    units = getters.query_one("#trend-units", Table)
    points = getters.query_one("#trend-points", Table)
    plot = getters.query_one(Plot)
    change = getters.query_one("#trend-change", Page)
    """The page of what changed at a point."""

    def __init__(self) -> None:
        super().__init__()
        self.by: Period = "month"
        self.figure: Figure = FIGURES[0]
        self._trend: Trend | None = None
        self._index: dict[str, int] = {}
        self._rows: list[tuple[str, Searchable]] = []
        self._values: tuple[float | None, ...] = ()
        self._shown: tuple[object, ...] = ()

    def compose(self) -> ComposeResult:
        """Make the list, the plot, the table and the page."""
        with Stacked():
            with SideBySide(id="trend-course"):
                yield Table(UNITS.shown, empty="", id="trend-units").add_class("pane")
                yield Plot(id="trend-plot").add_class("pane")
            yield Table(POINTS.shown, empty="", id="trend-points").add_class("pane")
            yield Page(id="trend-change").add_class("pane")

    @property
    def unit(self) -> str | None:
        """The selected unit; None for all."""
        row = self.units.cursor
        return None if row in (None, ALL) else row

    # -- rows --------------------------------------------------------------------------------

    def fill(self, room: Room) -> None:
        """Show what is known of the history; begin to measure it where nothing is."""
        home = self.home
        if home.history.wants(self.by):
            home.history.measure(self.by)
        trend = home.history.trends.get(self.by)
        if not room.git or trend is None or not trend.points:
            self._trend = None
            self.units.show([], lambda row: ())
            self.points.show([], lambda row: ())
            self.found = None
            self._tell(room)
            return
        if trend is not self._trend:
            self._trend = trend
            ids = [f"{p.label} {p.commit}" for p in trend.points]
            self._index = {row: n for n, row in enumerate(ids)}
            self._rows = [
                (row, point_searchable(PointLine(p, self.figure)))
                for row, p in zip(ids, trend.points, strict=True)
            ][::-1]
        self._shown = ()
        names = trend.units()
        self.units.measure(UNITS.measured(self._unit_line(trend, names, r) for r in [ALL, *names]))
        self.units.show([ALL, *names], lambda row: UNITS.cells(self._unit_line(trend, names, row)))
        # the first view judges today, a point of the history its own day: the two may differ
        self.title(self.units, "Business units", f"last: {trend.points[-1].as_of}")
        self._fill_points(trend)

    def _fill_points(self, trend: Trend) -> None:
        key = (id(trend), self.unit, self.figure.key, self.filter_text)
        if key == self._shown:
            return
        self._shown = key
        self._values = tuple(self.figure.of(p, self.unit) for p in trend.points)
        rows = self.sought.select(self._rows)
        self.found = (len(rows), len(self._rows))
        lines = (self._point_line(trend, row) for row, _ in self._rows)
        self.points.measure(POINTS.measured(lines))
        self.points.show(
            rows,
            lambda row: POINTS.cells(self._point_line(trend, row)),
            wanted=self.sought.highlights,
        )
        below = self.filter_words if self.filter_text else next(iter(trend.notes), "")
        each = f"by {self.by}, newest first"
        points = "point" if len(rows) == 1 else "points"
        self.title(self.points, f"{len(rows):,} {points} {each}", below)
        low, top = scale(self._values, self.figure)
        marks = ((trend.healthy, "healthy"), (trend.attention, "attention"))
        series = Series(
            self._values,
            tuple(p.label for p in trend.points),
            top,
            lambda value: self.figure.written(value).removesuffix(".0"),
            marks if self.figure.key == "score" else (),
            low=low,
        )
        self.plot.show(series, self._index.get(self.points.cursor or ""))
        self._title_plot(trend)

    def _title_plot(self, trend: Trend) -> None:
        name = trend.units().get(self.unit, self.unit) if self.unit else "All units"
        mean = "mean " if self.figure.key == "score" and self.unit is None else ""
        at = f"{FIGURES.index(self.figure) + 1} of {len(FIGURES)}"
        course = "".join(text for text, _ in self.figure.course(self._values))
        since = f"{course} since {self._since(trend)}" if course else ""
        below = "  ".join(filter(None, (since, "● selected", remarks(trend))))
        self.title(self.plot, f"{name}: {mean}{self.figure.title} ({at})", below)

    def _since(self, trend: Trend) -> str:
        """Return the first point whose value is known."""
        known = zip(trend.points, self._values, strict=True)
        return next((point.label for point, value in known if value is not None), "")

    def _tell(self, room: Room) -> None:
        """Say why there is nothing to plot, or how far measuring is."""
        self.title(self.points, "Points")
        self.title(self.units, "Business units")
        self.title(self.plot, f"Trend by {self.by}", "")
        home = self.home
        if room.sample or not room.git:
            self.plot.tell(_SAMPLE if room.sample else _NO_GIT)
        elif home.history.measuring == self.by:
            self.history_progress(home.history.share)
        else:
            why = home.history.troubles.get(self.by, "")
            head: Line = (("The history cannot be shown", "strong"),)
            self.plot.tell([head, (), ((why, ""),), (("R try again", "accent"),)])

    def history_progress(self, done: float) -> None:
        """Show how far measuring is."""
        if self._trend is None and self.home.history.measuring == self.by:
            full = round(done * 24)
            self.plot.tell(
                (
                    ((f"Measuring the history by {self.by} …", "strong"),),
                    (),
                    (("█" * full, "accent"), ("░" * (24 - full), "muted"), (f" {done:4.0%}", "")),
                    (),
                    (("esc stop · all other keys work meanwhile", "muted"),),
                )
            )

    def show_history(self) -> None:
        """Show the history that has arrived, or that it is measured again."""
        if self.room is not None:
            self.fill(self.room)
            self.post_message(self.Changed())

    def _unit_line(self, trend: Trend, names: dict[str, str], row: str) -> UnitLine:
        unit = None if row == ALL else row
        values = tuple(self.figure.of(p, unit) for p in trend.points[-40:])
        name: Cell = (("All units", "strong"),) if unit is None else names.get(row) or row
        return UnitLine(name, self.figure, values)

    def _point_line(self, trend: Trend, row: str) -> PointLine:
        at = self._index[row]
        before = next((v for v in reversed(self._values[:at]) if v is not None), None)
        return PointLine(trend.points[at], self.figure, self._values[at], before, at == 0)

    # -- selection ---------------------------------------------------------------------------

    def searched(self) -> RowFilter[str] | None:
        """Return the points."""
        return RowFilter(self._rows)

    def selection(self) -> Selection:
        """Return the unit or the point that the cursor is on."""
        room = self.room
        if room is None or self._trend is None:
            return Selection()
        if self.units.has_focus:
            unit = self.unit
            if unit is None:
                return Selection()
            known = unit if unit in room.portfolio.units else None
            return Selection(kind="business_unit", id=unit, unit=known)
        return Selection(id=self.points.cursor, unit=self.unit)

    def go_to(self, target: Target) -> bool:
        """Select a unit or a point."""
        if target.kind == "business_unit":
            return self.units.select(target.id)
        return self.points.select(target.id)

    def first(self) -> Table:
        """Begin with the points."""
        return self.points

    def on_table_moved(self, message: Table.Moved) -> None:
        """Plot another unit, or mark another point."""
        message.stop()
        if self._trend is None:
            return
        if message.table is self.units:
            self._fill_points(self._trend)
        else:
            self.plot.select(self._index.get(message.row or ""))
        self.post_message(self.Changed())

    def on_table_opened(self, message: Table.Opened) -> None:
        """Go to a unit's points, or show what changed at a point."""
        message.stop()
        if message.table is self.units:
            self.points.focus()
        elif self._trend is not None and message.row is not None:
            self._open(self._trend, self._index[message.row])

    def turn(self, step: int) -> None:
        """Show the next figure, or the figure before."""
        self.figure = FIGURES[(FIGURES.index(self.figure) + step) % len(FIGURES)]
        if self.room is not None:
            self.fill(self.room)

    def do_period(self) -> None:
        """Show the history by the next period."""
        self.by = PERIODS[(PERIODS.index(self.by) + 1) % len(PERIODS)]
        if self.room is not None:
            self.fill(self.room)
            self.home.say(f"by {self.by}")

    def do_reload(self) -> None:
        """Read the files again, and measure again what could not be measured."""
        self.home.history.troubles.pop(self.by, None)
        self.home.updates.do_reload()
        if self.room is not None:
            self.fill(self.room)

    def do_back(self) -> bool:
        """From the page to the points; else stop measuring."""
        if self.has_class("-reading"):
            self.home.history.stop_comparing()
            self.remove_class("-reading")
            self.points.focus()
            return True
        if self._trend is None and self.home.history.measuring == self.by:
            self.home.history.stop()
            self.home.history.troubles[self.by] = "Measuring was stopped."
            self.show_history()
            return True
        return super().do_back()

    # -- what changed at a point -------------------------------------------------------------

    def _open(self, trend: Trend, at: int) -> None:
        point, room = trend.points[at], self.room
        assert room is not None
        self.home.history.stop_comparing()
        self.add_class("-reading")
        self.change.focus()
        self.title(self.change, f"What changed: {point.label} {point.title}")
        older = trend.points[at - 1] if at else None
        if older is None or older.commit == point.commit:
            why = "This is the first point." if older is None else "No commit in this period."
            self.change.show([((why, ""),), *unread_lines(point)])
            return
        self.change.show([(("Comparing …", "muted"),)])
        notes = trend.notes if at == 1 else ()
        self.home.history.compare(
            room, older.commit, point.commit, lambda found: self._show_change(found, point, notes)
        )

    def _show_change(self, found: Diff | str, point: Point, notes: tuple[str, ...]) -> None:
        if isinstance(found, str):
            self.change.show([(("No comparison: ", "error"), (found, ""))])
        else:
            self.change.show(diff_lines(found, notes, unread_lines(point)))

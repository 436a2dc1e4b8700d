"""The columns of the history: business units beside the plot, its points below."""

from __future__ import annotations

from msgspec import Struct

from itgov.insight.trend_points import Point
from itgov.model.filter_query import Searchable
from itgov.tui.columns import ColumnOf, Columns
from itgov.tui.views.formatting import MOVED_LEGEND, sparkline
from itgov.tui.views.trend_figures import Figure, scale
from itgov.tui.widgets.styled_text import Cell


class UnitLine(Struct, frozen=True):
    """A business unit as a row: its name, and its latest values of a figure, the last at the end."""

    name: Cell
    figure: Figure
    values: tuple[float | None, ...]


def _spark(u: UnitLine) -> Cell:
    """Return the course of the values; nothing where it would be flat, for the change says more then."""
    low, top = scale(u.values, u.figure)
    drawn = sparkline(u.values, 10, top, low)
    return drawn if len(set(drawn.replace(" ", ""))) > 1 else ""


UNITS: Columns[UnitLine] = Columns(
    ColumnOf("unit", "business unit", 14, flex=1, cell=lambda u: u.name),
    ColumnOf("figure", "last", 6, right=True, cell=lambda u: u.figure.written(u.values[-1])),
    ColumnOf(
        "change",
        "change",
        9,
        right=True,
        drop=1,
        legend=MOVED_LEGEND,
        cell=lambda u: u.figure.course(u.values),
    ),
    ColumnOf("spark", "trend", 10, drop=2, cell=_spark),
)


class PointLine(Struct, frozen=True):
    """A point of the history as a row: its value of a figure, and the one before it."""

    point: Point
    figure: Figure
    value: float | None = None
    before: float | None = None
    first: bool = False


def _title(r: PointLine) -> Cell:
    return (("no commit in this period", "muted"),) if r.point.carried else r.point.title


POINTS: Columns[PointLine] = Columns(
    ColumnOf("point", "point", 10, cell=lambda r: r.point.label, find=lambda r: r.point.label.lower()),
    ColumnOf(
        "date", "date", 10, drop=4, cell=lambda r: r.point.as_of.isoformat(),
        find=lambda r: r.point.as_of.isoformat(), holds="day",
    ),
    ColumnOf(
        "commit", "commit", 8, drop=3, cell=lambda r: r.point.commit[:8],
        find=lambda r: r.point.commit[:10].lower(),
    ),
    ColumnOf("title", "title", 12, flex=1, drop=2, cell=_title, find=lambda r: r.point.title.lower()),
    ColumnOf("figure", "figure", 7, right=True, cell=lambda r: r.figure.written(r.value)),
    ColumnOf(
        "change", "change", 7, right=True, legend=("· unchanged",),
        cell=lambda r: () if r.first else r.figure.change(r.before, r.value),
    ),
    ColumnOf(
        "read", "files", 9, drop=1,
        cell=lambda r: "" if r.point.figures.state == "whole" else (("incomplete", "warning"),),
    ),
)  # fmt: skip


def point_searchable(line: PointLine) -> Searchable:
    """Return what a filter looks at in a point."""
    words = "\n".join(str(find(line)) for find in POINTS.finds.values())
    return POINTS.searchable(line, words)

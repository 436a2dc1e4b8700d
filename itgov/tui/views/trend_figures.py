"""The figures of the trend view: what each is of a unit or of all, how it is written, how plotted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import ceil, floor, log10

from msgspec import Struct

from itgov.insight.trend_points import Point, Trend
from itgov.model.reach import IMPROVED, Reach
from itgov.report.figures import UNKNOWN, score_change
from itgov.tui.views.figures import money, percent, score
from itgov.tui.widgets.styled_text import Line, Role


class Figure(Struct, frozen=True):
    """One figure over time.  `of` is asked for a unit, or for all where that is None."""

    key: str
    title: str
    of: Callable[[Point, str | None], float | None]
    write: Callable[[float], str]
    top: float | None = None
    """The upper end of its scale; None where that follows from the values."""
    better: int = 0
    """1 where more is better, -1 where less is, 0 where neither."""
    write_change: Callable[[float, float], str] | None = None
    """How what lies between two values is written, where not as the figure itself."""

    def written(self, value: float | None) -> str:
        """Return a value as people write it."""
        return UNKNOWN if value is None else self.write(value)

    def change(self, before: float | None, value: float | None) -> Line:
        """Return a difference, with its sign."""
        if before is None or value is None:
            return ((UNKNOWN, "muted"),) if before is not None or value is not None else ()
        apart = value - before
        write = self.write_change or (lambda a, b: self.write(abs(b - a)))
        said = write(before, value)
        if said == write(value, value):
            return (("·", "muted"),)
        role: Role = "" if not self.better else "ok" if apart * self.better > 0 else "error"
        return ((f"{'+' if apart > 0 else '-'}{said}", role),)

    def course(self, values: Sequence[float | None]) -> Line:
        """Return the change from the first known value to the last, with an arrow; nothing where there is none."""
        known = [v for v in values if v is not None]
        if len(known) < 2 or values[-1] is None:
            return ()
        words = self.change(known[0], known[-1])
        ((said, role),) = words
        if said == "·":
            return (("no change", "muted"),)
        return ((f"{'▲' if said.startswith('+') else '▼'} {said}", role),)


def _score(point: Point, unit: str | None) -> float | None:
    if unit is not None:
        found = point.unit(unit)
        return found.score if found is not None else None
    scores = [u.score for u in point.figures.units if u.score is not None]
    return sum(scores) / len(scores) if scores else None


def _counted(severity: str) -> Callable[[Point, str | None], float | None]:
    def of(point: Point, unit: str | None) -> float | None:
        counts = point.findings_of(unit)
        return float(getattr(counts, severity)) if counts is not None else None

    return of


def _shared(*reaches: Reach) -> Callable[[Point, str | None], float | None]:
    def of(point: Point, unit: str | None) -> float | None:
        budget = point.budget_of(unit)
        return budget.share(*reaches) if budget is not None else None

    return of


def _of_value(name: str) -> Callable[[Point, str | None], float | None]:
    def of(point: Point, unit: str | None) -> float | None:
        value = point.value_of(unit)
        found: float | None = getattr(value, name) if value is not None else None
        return found

    return of


def _in_points(before: float, after: float) -> str:
    return f"{abs(after - before) * 100:.1f}pt"


def _score_apart(before: float, after: float) -> str:
    return score_change(before, after).lstrip("+-")


def _whole(value: float) -> str:
    return f"{value:,.0f}"


def _total(point: Point, unit: str | None) -> float | None:
    budget = point.budget_of(unit)
    return budget.total if budget is not None else None


FIGURES: tuple[Figure, ...] = (
    Figure("score", "health", _score, score, 100.0, 1, _score_apart),
    Figure("errors", "errors", _counted("error"), _whole, None, -1),
    Figure("warnings", "warnings", _counted("warning"), _whole, None, -1),
    Figure("none", "budget with no outcome", _shared("none"), percent, 1.0, -1, _in_points),
    Figure("improved", "budget improved", _shared(*IMPROVED), percent, 1.0, 1, _in_points),
    Figure("budget", "budget", _total, money),
    Figure(
        "realised",
        "realised of what is due",
        _of_value("realised_ratio"),
        percent,
        1.0,
        1,
        _in_points,
    ),
    Figure("holding", "holding", _of_value("holding"), percent, 1.0, 1, _in_points),
)


def nice_top(values: tuple[float | None, ...]) -> float:
    """Return a round number that no value lies above."""
    most = max((v for v in values if v is not None), default=0.0)
    return _nice(most) if most > 0 else 1.0


def _nice(amount: float) -> float:
    """Return a round number that is at least an amount above 0."""
    size = 10.0 ** (ceil(log10(amount)) - 1)
    return next((size * n for n in (1, 1.5, 2, 3, 4, 5, 6, 8, 10) if size * n >= amount), amount)


def scale(values: Sequence[float | None], figure: Figure) -> tuple[float, float]:
    """Return round numbers between which all values lie, as close as their changes can be seen well.

    Whole figures have whole numbers at the ends and in the middle.
    """
    known = [v for v in values if v is not None]
    if not known:
        return 0.0, figure.top or 1.0
    least, most = min(known), max(known)
    whole = figure.write is _whole
    step = _nice(max((most - least) / 2, most / 20, 1.0 if whole else 1e-9))
    if whole:
        step = float(ceil(step))
    low = floor(least / step) * step
    top = ceil(most / step) * step
    if top <= low:
        top = low + step
    if whole and (top - low) % 2:
        top += step if step % 2 else 0.0
    return low, min(top, figure.top) if figure.top is not None else top


def remarks(trend: Trend) -> str:
    """Return what does not stand for all that its commit holds, in a few words, or nothing."""
    states: list[str] = [p.figures.state for p in trend.points]
    parts = []
    for state, said in (
        ("partly read", "partly read"),
        ("rules broken", "with broken rules"),
        ("no portfolio", "without a portfolio"),
    ):
        if states.count(state):
            parts.append(f"{states.count(state):,} {said}")
    return f"! {', '.join(parts)}" if parts else ""


def unread_lines(point: Point) -> list[Line]:
    """Return which files could not be read at a point, and why."""
    return [
        (("! ", "warning"), (f"{u.path}:{u.line}:{u.column}: ", "muted"), (u.message, ""))
        for u in point.figures.unread
    ]

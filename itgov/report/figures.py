"""Numbers and tables as health, value and managers write them down."""

from __future__ import annotations

import datetime
from math import copysign, floor, isfinite
from typing import TYPE_CHECKING, Protocol

from itgov.model.finding import Place
from itgov.model.reach import MARKS, REACH_WORDS, Reach
from itgov.report.plain import cut, plain

if TYPE_CHECKING:
    from itgov.insight.health_types import UnitHealth
    from itgov.insight.trend_points import Point

UNKNOWN = "-"
"""Stands where there is nothing to show."""


def money(amount: float) -> str:
    """Return an amount as people say it: 1.2bn, 34.5m, 120k."""
    if not isfinite(amount):
        return UNKNOWN
    large = abs(amount)  # what it is too large for is not tried
    if large < 1e3 and abs(whole := half_up(amount)) < 1000:
        return f"{whole:.0f}"
    for size, letter in ((1e3, "k"), (1e6, "m")):
        if large < 1000 * size and abs(shown := half_up(amount / size, 1)) < 1000:
            return f"{shown:.1f}{letter}"
    return f"{half_up(amount / 1e9, 1):,.1f}bn"


def signed(amount: float) -> str:
    """Return by how much an amount differs: +1.2m, -120.0k, 0."""
    text = money(abs(amount))
    return text if not amount or text == UNKNOWN else f"{'+' if amount > 0 else '-'}{text}"


def half_up(value: float, places: int = 0) -> float:
    """Return a number rounded as people do: 15.35 is 15.4, though no binary number is 15.35."""
    scale = 10.0**places
    return copysign(floor(abs(value) * scale + 0.5 + 1e-6) / scale, value) + 0.0


def percent(share: float | None) -> str:
    """Return a share as a whole percentage; only all is 100%, and only nothing is 0%."""
    if share is None or not isfinite(share):
        return UNKNOWN
    value = 100 * share
    if 0 < value < 1:
        return "<1%"
    if 99 < value < 100:
        return "99%"
    return f"{round(value)}%"


def part(amount: float, whole: float) -> str:
    """Return what part of a whole an amount is; unknown of nothing."""
    return percent(amount / whole) if whole else UNKNOWN


class Marked(Protocol):
    """An outcome with its marks."""

    @property
    def overdue(self) -> bool: ...  # noqa: D102
    @property
    def faded(self) -> bool: ...  # noqa: D102
    @property
    def stale(self) -> bool: ...  # noqa: D102


def marks_of(outcome: Marked) -> list[str]:
    """Return the marks of an outcome, which stand beside its line of sight."""
    return [mark for mark in MARKS if getattr(outcome, mark)]


def with_marks(words: str, outcome: Marked) -> str:
    """Return what is said of an outcome, with its marks."""
    return ", ".join((words, *marks_of(outcome)))


def met_words(met: bool | None, reach: Reach | None) -> str:
    """Return whether an outcome's target is met, or what its chain lacks for that to be told."""
    if met is None:
        return REACH_WORDS[reach].lower() if reach else UNKNOWN
    return "target met" if met else "target not met"


def score(value: float | None) -> str:
    """Return a score with one decimal, never rounded up into the next band."""
    return UNKNOWN if value is None else f"{tenths(value) / 10:.1f}"


def tenths(value: float) -> int:
    """Return a score in whole tenths, as it is shown."""
    return floor(value * 10 + 1e-6)


def score_before(unit: UnitHealth, before: Point | None) -> float | None:
    """Return a unit's score at an earlier point; None where it is not known."""
    was = before.unit(unit.id) if before is not None else None
    return was.score if was is not None else None


def change_of(unit: UnitHealth, before: Point | None) -> float | None:
    """Return how much a unit's score has changed since; None where one of the two is not known."""
    was = score_before(unit, before)
    if was is None or unit.score is None:
        return None
    return round(unit.score - was, 9) + 0.0


def since(before: Point) -> str:
    """Return since when a change is: "since 2026-08-25 (commit 1a2b3c4d5e), by today's rules"."""
    return f"since {before.as_of} (commit {before.commit[:10]}), by today's rules"


def score_change(before: float | None, after: float | None) -> str:
    """Return what lies between two scores as they are shown: "+2.4", "-0.3", "=" for nothing."""
    if before is None or after is None:
        return UNKNOWN
    apart = tenths(after) - tenths(before)
    return f"{apart / 10:+.1f}" if apart else "="


def day(value: datetime.date | None) -> str:
    """Return a day as it is written everywhere."""
    return UNKNOWN if value is None else value.isoformat()


def lost(value: float | None) -> str:
    """Return points that something costs: "9.4"."""
    return f"{half_up(value, 1):.1f}" if value is not None else UNKNOWN


def per_one(value: float | None) -> str:
    """Return what comes of each 1 spent: "1.25"; only nothing is 0.00."""
    if value is not None and 0 < value < 0.005:
        return "<0.01"
    return f"{value:.2f}" if value is not None else UNKNOWN


def per_post(value: float | None) -> str:
    """Return how many items a full-time post would have: "12.5"."""
    return f"{value:.1f}" if value is not None else UNKNOWN


def points(value: float) -> str:
    """Return points that come back: "+2.4"."""
    return f"+{half_up(value, 1):.1f}" if value >= 0.05 or value == 0 else "+<0.1"


def number(value: float | None) -> str:
    """Return a measured value without needless decimals."""
    if value is None or not isfinite(value):
        return UNKNOWN
    return f"{value:,.0f}" if value == int(value) else f"{value:,.10g}"


def at(place: Place) -> str:
    """Return a place as a terminal makes a link of it."""
    return f"{plain(place.path)}:{place.line}"


def short(text: str, limit: int = 60) -> str:
    """Return a text of data that is safe to show, on one line and not endless."""
    return cut(plain(text), limit)

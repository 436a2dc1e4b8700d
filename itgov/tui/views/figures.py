"""Figures in the cells of tables: shown as documents write them, and kept as the numbers they are."""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite
from typing import TypeVar

from itgov.report import figures
from itgov.tui.widgets.styled_text import Exact

Number = TypeVar("Number", bound=float | None)


def exact(shown: str, number: float | None) -> Exact:
    """Return a number as it is shown, which keeps the number; None and infinite ones are nothing."""
    return Exact(shown, number if number is not None and isfinite(number) else None)


def _kept(write: Callable[[Number], str]) -> Callable[[Number], Exact]:
    return lambda number: exact(write(number), number)


money = _kept(figures.money)
percent = _kept(figures.percent)
score = _kept(figures.score)
points = _kept(figures.points)
lost = _kept(figures.lost)
number = _kept(figures.number)
per_one = _kept(figures.per_one)
per_post = _kept(figures.per_post)


def part(amount: float, whole: float) -> Exact:
    """Return what part of a whole an amount is; unknown of nothing."""
    return percent(amount / whole if whole else None)


def count(items: int) -> Exact:
    """Return how many there are."""
    return Exact(f"{items:,}", items)

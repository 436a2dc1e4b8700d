"""Money over time as SVG: the plan as a line, what was realised, is expected and fades as bars."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from math import isfinite

from itgov.insight.value_curve import CurvePoint
from itgov.report.figures import money
from itgov.report.html_elements import Html, h
from itgov.report.svg_shapes import amount_words, n, path, round_amounts, text

WIDTH = 440
_LEFT, _RIGHT = 52, 8
_TOP = 44
"""Room above, for the names of what is drawn."""
_HIGH = 150
_LABELS = 6
"""Periods that are named at most."""
HEIGHT = _TOP + _HIGH + 24
_LEAST = 1e-6

_Amount = Callable[[CurvePoint], float]
_REALISED, _EXPECTED, _FADING = "is-improved", "is-uncounted", "is-unlinked"


def has_shape(points: Sequence[CurvePoint]) -> bool:
    """Say whether there is money to draw, and all of it finite."""
    low, high = _range(points)
    return isfinite(high - low) and isfinite(_HIGH * (high - low)) and high - low > _LEAST


def _range(points: Sequence[CurvePoint]) -> tuple[float, float]:
    found = [0.0]
    for p in points:
        stacked = (p.realised, p.realised + p.expected)
        found += [p.planned, p.fading, p.planned_at_approval or 0.0, *stacked]
    return min(found), max(found)


def curve(points: Sequence[CurvePoint]) -> Iterator[Html]:
    """Yield the shapes of a curve that has some."""
    low, high = _range(points)
    wide = (WIDTH - _LEFT - _RIGHT) / len(points)

    def down(amount: float) -> float:
        return _TOP + _HIGH * (high - amount) / (high - low)

    def across(index: int) -> float:
        return _LEFT + wide * (index + 0.5)

    for tick in round_amounts(high) if high > _LEAST else [0.0]:
        kind = "grid" if tick else "base"
        yield path(f"M{n(_LEFT)} {n(down(tick))}H{n(WIDTH - _RIGHT)}", kind)
        yield text(amount_words(tick), _LEFT - 6, down(tick), "name")
    if low < 0:
        yield text(money(low), _LEFT - 6, down(low), "name")
    every = max(1, -(-len(points) // _LABELS))
    for index, point in enumerate(points):
        middle = across(index)
        left, size = middle - wide * 0.36, wide * 0.44
        yield from _bar(left, size, down(0), down(point.realised), _REALISED)
        top = down(point.realised + point.expected)
        yield from _bar(left, size, down(point.realised), top, _EXPECTED)
        yield from _bar(left + size, wide * 0.22, down(0), down(point.fading), _FADING)
        if index % every == 0:
            yield text(point.label, middle, _TOP + _HIGH + 14, "tick")
    lines: list[tuple[str, _Amount]] = [("plan", lambda p: p.planned)]
    then = any(p.planned_at_approval is not None for p in points)
    if then:
        lines.append(("then", lambda p: p.planned_at_approval or 0.0))
    for kind, amount in lines:
        way = "L".join(f"{n(across(i))} {n(down(amount(p)))}" for i, p in enumerate(points))
        yield path(f"M{way}", kind)
        if len(points) == 1:
            yield h("circle", cx=n(across(0)), cy=n(down(amount(points[0]))), r=3, class_="dot")
    yield from _legend(then)


def _bar(left: float, wide: float, one: float, other: float, kind: str) -> Iterator[Html]:
    top, tall = min(one, other), abs(one - other)
    if tall > 0:
        yield h("rect", x=n(left), y=n(top), width=n(wide), height=n(tall), class_=kind)


def _legend(then: bool) -> Iterator[Html]:
    """Yield a sign and the name of each series, as the table beside names its columns."""
    signs = [("planned", "plan"), ("realised", _REALISED), ("expected", _EXPECTED), ("fading", _FADING)]  # fmt: skip
    if then:
        signs.append(("at approval", "then"))
    for index, (name, kind) in enumerate(signs):
        x, y = 4 + 84 * index, 10
        if kind in ("plan", "then"):
            yield path(f"M{n(x)} {n(y)}H{n(x + 16)}", kind)
        else:
            yield h("rect", x=n(x), y=n(y - 6), width=16, height=12, class_=kind)
        yield text(name, x + 21, y, "key")

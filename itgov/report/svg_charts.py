"""Charts as SVG: bars, stacked bars and a line; the page's style sheet colours them.

Every text goes through `h`, which escapes it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from math import isfinite

from itgov.insight.value_types import Buckets
from itgov.model.reach import REACH_GROUPS
from itgov.report.blocks import Chart
from itgov.report.figures import number, percent, score
from itgov.report.html_elements import Html, h
from itgov.report.plain import cut, plain
from itgov.report.source_line import columns_of
from itgov.report.svg_curve import HEIGHT, curve, has_shape
from itgov.report.svg_shapes import amount_words, n, path, round_amounts, text

_WIDTH = 440
_ROW = 26
_NAME = 24
"""Columns of a name at the side."""
_LETTER = 7.2
"""About how wide a letter is; a part of a bar has its name inside where that has room."""
_RIGHT = 40
"""Room at the right side, for the figure of a bar that is full."""
_FOOT = 24
"""Room below, for the scale."""
_LEAST = 1e-6
"""Money from which there is something to draw."""
_COURSE = 7 * _ROW
"""Height of a line chart."""

Bars = Sequence[tuple[str, float | None]]


def draw(chart: Chart, name: str) -> Html | None:
    """Return a chart whose ids begin with `name`; None where there is nothing to draw."""
    match chart.kind:
        case "reaches":
            most = max((buckets.total for _, buckets in chart.stacks), default=0)
            if not (most > _LEAST and isfinite(most)):
                return None
            shapes, rows = _stacks(chart.stacks, most), len(chart.stacks)
            height = rows * _row(rows) + _FOOT
        case "course":
            shapes, height = _line(chart.bars, chart.bounds), _COURSE + _FOOT
        case "curve":
            if not has_shape(chart.points):
                return None
            shapes, height = curve(chart.points), HEIGHT
        case "scores" | "shares":
            if not chart.bars:
                return None
            whole, words, scale = (
                (100, score, number) if chart.kind == "scores" else (1, percent, percent)
            )
            shapes, rows = _bars(chart.bars, whole, words, scale), len(chart.bars)
            height = rows * _row(rows) + _FOOT
    return h(
        "svg",
        h("title", chart.title, id=f"{name}-title"),
        h("desc", chart.description, id=f"{name}-desc"),
        shapes,
        class_=f"chart {chart.kind}",
        role="img",
        viewBox=f"0 0 {_WIDTH} {height}",
        aria_labelledby=f"{name}-title {name}-desc",
    )


def _bars(
    bars: Bars,
    whole: int,
    words: Callable[[float | None], str],
    scale: Callable[[float | None], str],
) -> Iterator[Html]:
    """Yield a bar from nothing to `whole` for each row; one that is not known says so."""
    names = [_name(name) for name, _ in bars]
    left, row = _left(names), _row(len(bars))
    span = _WIDTH - _RIGHT - left
    ticks = [(left + span * step / 4, scale(whole * step / 4)) for step in range(5)]
    yield from _scale(ticks, row * len(bars))
    for index, (name, (_, value)) in enumerate(zip(names, bars, strict=True)):
        middle = row * (index + 0.5)
        length = span * min(max(value or 0, 0), whole) / whole
        yield text(name, left - 8, middle, "name")
        if length:
            yield _rect(left, middle, length, row, "bar")
        said = "unknown" if value is None else words(value)
        yield text(said, left + length + 5, middle, "figure")


def _stacks(stacks: Sequence[tuple[str, Buckets]], most: float) -> Iterator[Html]:
    """Yield a bar for each row, stacked of its amounts by reach."""
    names = [_name(name) for name, _ in stacks]
    left, row = _left(names), _row(len(stacks))
    span = _WIDTH - _RIGHT - left
    ticks = [
        (left + span * (amount / most), amount_words(amount)) for amount in round_amounts(most)
    ]
    yield from _scale(ticks, row * len(stacks))
    for index, (name, (_, buckets)) in enumerate(zip(names, stacks, strict=True)):
        middle = row * (index + 0.5)
        yield text(name, left - 8, middle, "name")
        at: float = left
        inside = []
        for group in REACH_GROUPS:
            length = span * (buckets.sum(*group.reaches) / most)
            if length > 0:
                yield _rect(at, middle, length, row, f"is-{group.key}")
            if length > _LETTER * (columns_of(group.title) + 1):
                at_middle = at + length / 2
                inside.append(text(group.title, at_middle, middle, f"inside in-{group.key}"))
            at += length
        yield from inside


def _line(points: Bars, bounds: Sequence[float]) -> Iterator[Html]:
    """Yield scores over time, 0 to 100, broken where one is not known, and a line at each bound."""
    left, right, height = 40, _WIDTH - 20, _COURSE - 12
    places = [left + (right - left) * i / max(len(points) - 1, 1) for i in range(len(points))]

    def down(value: float) -> float:
        return 12 + height * (1 - min(max(value, 0), 100) / 100)

    for tick in (0, 25, 50, 75, 100):
        yield path(f"M{n(left)} {n(down(tick))}H{n(right)}", "base" if tick == 0 else "grid")
        yield text(number(tick), left - 8, down(tick), "name")
    for bound in bounds:
        yield path(f"M{n(left)} {n(down(bound))}H{n(right)}", "bound")
    way, before = "", False
    for place, (_, value) in zip(places, points, strict=True):
        if value is not None:
            way += f"{'L' if before else 'M'}{n(place)} {n(down(value))}"
        before = value is not None
    yield path(way, "course-line")
    every = max(1, (len(points) + 4) // 5)
    for index, (place, (label, value)) in enumerate(zip(places, points, strict=True)):
        if value is not None:
            yield h("circle", cx=n(place), cy=n(down(value)), r=3, class_="dot")
        if index % every == 0:
            yield text(label, place, _COURSE + 14, "tick")


# -- shapes --------------------------------------------------------------------------------


def _scale(ticks: Sequence[tuple[float, str]], height: float) -> Iterator[Html]:
    for index, (place, words) in enumerate(ticks):
        yield path(f"M{n(place)} 0V{n(height)}", "grid" if index else "base")
        yield text(words, place, height + 14, "tick")


def _rect(left: float, middle: float, length: float, row: int, kind: str) -> Html:
    size = 0.6 * row
    return h(
        "rect", x=n(left), y=n(middle - size / 2), width=n(length), height=n(size), class_=kind
    )


def _row(rows: int) -> int:
    return _ROW if rows > 2 else 2 * _ROW


def _left(names: Sequence[str]) -> float:
    return 12 + _LETTER * max(map(columns_of, names), default=0)


def _name(words: str) -> str:
    name = plain(words)
    most = _NAME
    while columns_of(cut(name, most)) > _NAME:
        most -= 1
    return cut(name, most)

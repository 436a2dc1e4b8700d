"""A plot in the terminal: lines of dots over time, as large as its pane."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import cycle

from msgspec import Struct
from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip

from itgov.report.trend_plot import sampled
from itgov.tui.widgets.styled_text import Line, Role, Span, StyledWidget, fit, safe, wrap

_LEFT = 7
"""Columns of the figures at the left, the axis among them."""
_DOTS = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))
"""The bit of each dot of a braille character: by column, then by row from above."""


class Pattern(Struct, frozen=True):
    """How a line is drawn, so that lines differ without colours too: dots that are there, then are not."""

    sign: str
    there: int = 1
    missing: int = 0

    def shows(self, dot: int) -> bool:
        """Say whether a dot of the line is there, by its number on the line."""
        return dot % (self.there + self.missing) < self.there


_SOLID = Pattern("─")
_PATTERNS = (Pattern("╌", 4, 4), Pattern("·", 1, 3), Pattern("╼", 7, 3))
"""Of the lines behind the first, in their order."""


class Beside(Struct, frozen=True):
    """Another line of the same plot, behind the first."""

    name: str
    values: tuple[float | None, ...]
    role: Role


class Series(Struct, frozen=True):
    """What is plotted: a value at each point of time, None where it is not known."""

    values: tuple[float | None, ...]
    labels: tuple[str, ...]
    top: float
    """The value at the upper edge."""
    written: Callable[[float], str]
    marks: tuple[tuple[float, str], ...] = ()
    """Levels with a name, drawn across the plot."""
    name: str = ""
    """What the line is, where there are others."""
    beside: tuple[Beside, ...] = ()
    """Other lines; the names of all stand below."""
    low: float = 0.0
    """The value at the lower edge."""

    def level(self, value: float, high: int) -> int:
        """Return at which of so many steps from above a value is."""
        share = (value - self.low) / (self.top - self.low) if self.top > self.low else 0.0
        return round((1 - min(max(share, 0.0), 1.0)) * (high - 1))


class Plot(StyledWidget):
    """A line of dots between two axes; the selected point is marked by a sign of its own."""

    can_focus = False

    DEFAULT_CSS = """
    Plot { height: 1fr; background: $surface; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.series: Series | None = None
        self.selected: int | None = None
        self._message: Sequence[Line] = ()
        self._drawn: tuple[Series, int, int] | None = None
        self._cells: list[list[str]] = []
        self._behind: list[tuple[list[list[str]], Role]] = []

    def show(self, series: Series, selected: int | None) -> None:
        """Plot a series."""
        self.series, self.selected, self._message = series, selected, ()
        self.refresh()

    def select(self, selected: int | None) -> None:
        """Mark another point."""
        if selected != self.selected:
            self.selected = selected
            self.refresh()

    def tell(self, lines: Sequence[Line]) -> None:
        """Say something in place of a plot."""
        self.series, self._message = None, lines
        self.refresh()

    # -- drawing -----------------------------------------------------------------------------

    def render_line(self, y: int) -> Strip:
        """Return a line of the screen."""
        parts = self.parts(y, self.size.width, self.size.height)
        segments = self.segments(parts) or [Segment("", self.base_style)]
        return Strip(segments).adjust_cell_length(self.size.width, self.base_style)

    def parts(self, y: int, width: int, height: int) -> list[Span]:
        """Return what stands in a line of the plot, drawn for a size."""
        series = self.series
        if series is None or width < _LEFT + 4 or height < 4:
            said = [row for line in self._message for row in (wrap(line, width - 2, 0) or [[]])]
            return [(" ", ""), *said[y]] if y < len(said) else []
        rows = height - 2 - bool(series.beside)
        self._draw(series, width - _LEFT - 1, rows)
        if y < rows:
            return self._row(series, y, width, rows)
        if y == rows:
            return [(" " * (_LEFT - 1) + "└" + "─" * (width - _LEFT - 1), "muted")]
        return self._axis(series, width) if y == rows + 1 else _names(series, width)

    def _draw(self, series: Series, columns: int, rows: int) -> None:
        if self._drawn == (series, columns, rows):
            return
        self._drawn = (series, columns, rows)
        self._cells = _dots(series, series.values, columns, rows, _SOLID)
        self._behind = [
            (_dots(series, other.values, columns, rows, pattern), other.role)
            for other, pattern in zip(series.beside, cycle(_PATTERNS), strict=False)
        ]

    def _row(self, series: Series, y: int, width: int, rows: int) -> list[Span]:
        shown = {0: series.top, rows - 1: series.low}
        if rows >= 7:
            middle = (series.low + series.top) / 2
            shown[series.level(middle, rows)] = middle
        label = series.written(shown[y]) if y in shown else ""
        columns = width - _LEFT - 1
        marks = {
            series.level(level, rows): name
            for level, name in series.marks
            if series.low <= level <= series.top
        }
        under = self._under(safe(marks[y]), y, columns) if y in marks else " " * columns
        at = self._column(series, columns)
        chosen = series.values[self.selected] if self.selected is not None else None
        parts: list[Span] = [(f"{label[: _LEFT - 2]:>{_LEFT - 2}} │", "muted")]
        text, role = "", "muted"
        for x, cell in enumerate(self._cells[y]):
            if x == at and chosen is not None and series.level(chosen, rows * 4) // 4 == y:
                sign, kind = "●", "key"
            elif cell != " ":
                sign, kind = cell, "accent"
            elif behind := next(((c[y][x], r) for c, r in self._behind if c[y][x] != " "), None):
                sign, kind = behind
            elif x == at:
                sign, kind = "┊", "muted"
            else:
                sign, kind = under[x : x + 1] or " ", "muted"
            if kind != role and text:
                parts.append((text, role))  # type: ignore[arg-type]
                text = ""
            text, role = text + sign, kind
        parts.append((text, role))  # type: ignore[arg-type]
        return parts

    def _under(self, name: str, y: int, columns: int) -> str:
        """Return a level drawn across the plot, its name where the line of dots is not."""
        said, row = f"╌╌ {name} ╌╌", self._cells[y]
        last = columns - len(said)
        free = (at for at in range(last + 1) if all(c == " " for c in row[at : at + len(said)]))
        at = next(free, None)
        return "╌" * columns if at is None else ("╌" * at + said).ljust(columns, "╌")

    def _column(self, series: Series, columns: int) -> int | None:
        if self.selected is None:
            return None
        count, wide = len(series.values), columns * 2
        at = self.selected
        if count > wide:
            at, count = at * wide // count, wide
        return _spread(at, count, wide) // 2

    def _axis(self, series: Series, width: int) -> list[Span]:
        columns = width - _LEFT
        first, last = safe(series.labels[0]), safe(series.labels[-1])
        line = [" "] * columns
        placed: list[tuple[int, str]] = [(0, first)]
        if len(series.labels) > 1:
            placed.append((columns - cell_len(last) - 1, last))
        at = self._column(series, columns - 1)
        if self.selected is not None and at is not None:
            label = safe(series.labels[self.selected])
            placed.insert(0, (max(0, min(at - len(label) // 2, columns - len(label) - 1)), label))
        taken: list[tuple[int, int]] = []
        for start, label in placed:
            end = start + cell_len(label)
            near = any(start < e + 1 and s - 1 < end for s, e in taken)
            if start < 0 or near or (taken and len(series.labels) == 1):
                continue
            taken.append((start, end))
            line[start : start + len(label)] = label
        return [(" " * _LEFT, ""), *fit((("".join(line), "muted"),), columns)]


def plot_lines(series: Series, width: int, height: int) -> list[Line]:
    """Return a plot as lines of a page."""
    plot = Plot()
    plot.series = series
    return [tuple(plot.parts(y, width, height)) for y in range(height)]


def _dots(
    series: Series, values: Sequence[float | None], columns: int, rows: int, pattern: Pattern
) -> list[list[str]]:
    """Return the characters of a line through some values, on the scale of a series."""
    bits = [[0] * columns for _ in range(rows)]
    wide, high = columns * 2, rows * 4
    shown = sampled(values, wide)
    before: tuple[int, int] | None = None
    drawn = 0
    for index, value in enumerate(shown):
        if value is None:
            before = None
            continue
        x, y = _spread(index, len(shown), wide), series.level(value, high)
        if before is None:
            before = (x, y)
        for px, py in _between(before, (x, y))[1 if before != (x, y) else 0 :]:
            if pattern.shows(drawn):
                bits[py // 4][px // 2] |= _DOTS[px % 2][py % 4]
            drawn += 1
        before = (x, y)
    return [[chr(0x2800 + b) if b else " " for b in row] for row in bits]


def _names(series: Series, width: int) -> list[Span]:
    """Return the names of the lines, each in its colour and with the sign of its pattern."""
    named: list[Span] = [(f"{_SOLID.sign}{safe(series.name)}", "accent")]
    named += [
        (f" {pattern.sign}{safe(other.name)}", other.role)
        for other, pattern in zip(series.beside, cycle(_PATTERNS), strict=False)
    ]
    return [(" " * _LEFT, ""), *fit(tuple(named), width - _LEFT)]


def _spread(index: int, count: int, wide: int) -> int:
    return round(index * (wide - 1) / (count - 1)) if count > 1 else wide // 2


def _between(one: tuple[int, int], other: tuple[int, int]) -> list[tuple[int, int]]:
    """Return every dot on the way from one to the other."""
    steps = max(abs(other[0] - one[0]), abs(other[1] - one[1]), 1)
    return [
        (
            round(one[0] + (other[0] - one[0]) * n / steps),
            round(one[1] + (other[1] - one[1]) * n / steps),
        )
        for n in range(steps + 1)
    ]

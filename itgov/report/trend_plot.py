"""Plots made of characters: what they mean never hangs on colour alone."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

_BLOCKS = "▁▂▃▄▅▆▇█"
_ASCII = "_.-=+*#@"
NOT_KNOWN = "?"
"""Stands where a plot of areas has nothing to draw."""


class Glyphs(Struct, frozen=True):
    """The characters to draw with: Unicode blocks, or plain ASCII where those cannot be shown."""

    levels: str
    gap: str
    dot: str
    line: str
    fills: str
    arrow: str
    axis: str
    corner: str
    rule: str


UNICODE = Glyphs(_BLOCKS, "·", "●", "─", "█▒· ", "→", "│", "└", "─")
ASCII = Glyphs(_ASCII, " ", "o", "-", "#=. ", "->", "|", "+", "-")


def spark(
    values: Sequence[float | None], most: int, low: float, high: float, glyphs: Glyphs
) -> str:
    """Return one character for each value, or for each stretch of values if there are over `most`.

    A stretch shows its last value; what is None is a gap.
    """
    drawn = []
    for value in sampled(values, most):
        if value is None:
            drawn.append(glyphs.gap)
        else:
            share = (value - low) / (high - low) if high > low else 0.0
            step = round(min(max(share, 0.0), 1.0) * (len(glyphs.levels) - 1))
            drawn.append(glyphs.levels[step])
    return "".join(drawn)


def sampled(values: Sequence[float | None], most: int) -> list[float | None]:
    """Return at most `most` values: the last known one of each of as many equal stretches."""
    count = len(values)
    if count <= most:
        return list(values)
    found = []
    for index in range(most):
        part = values[index * count // most : (index + 1) * count // most]
        found.append(next((v for v in reversed(part) if v is not None), None))
    return found


def line_plot(
    values: Sequence[float | None],
    marks: Sequence[tuple[float, str]],
    columns: int,
    glyphs: Glyphs,
    rows: int = 11,
) -> list[str]:
    """Return a plot of values from 0 to 100, with named levels drawn across it."""
    shown = sampled(values, columns)
    step = max(1, min(columns // max(len(shown), 1), 6))
    width = step * len(shown)
    named = {_row_of(level, rows): name for level, name in marks}
    lines = []
    for row in range(rows):
        cells = [glyphs.line if row in named else " "] * width
        for index, value in enumerate(shown):
            if value is not None and _row_of(value, rows) == row:
                cells[index * step + step // 2] = glyphs.dot
        label = f"{100 - row * 100 / (rows - 1):>5.0f} " if row % 2 == 0 else " " * 6
        lines.append(f"{label}{glyphs.axis}{''.join(cells)} {named.get(row, '')}".rstrip())
    lines.append(" " * 6 + glyphs.corner + glyphs.rule * width)
    return lines


def _row_of(value: float, rows: int) -> int:
    return round((100 - min(max(value, 0.0), 100.0)) * (rows - 1) / 100)


def area_plot(
    shares: Sequence[Sequence[float] | None], columns: int, glyphs: Glyphs, rows: int = 10
) -> list[str]:
    """Return stacked shares, each adding up to 1, drawn from the bottom in order of `glyphs.fills`.

    Where there are none, `NOT_KNOWN` stands on the ground.
    """
    chosen = sampled([float(i) for i in range(len(shares))], columns)
    picked = [shares[int(i)] for i in chosen if i is not None]
    step = max(1, min(columns // max(len(picked), 1), 6))
    grid = [[" "] * rows for _ in picked]
    for column, part in zip(grid, picked, strict=True):
        if part is None:
            column[0] = NOT_KNOWN
            continue
        total, drawn = 0.0, 0
        for fill, share in zip(glyphs.fills, part, strict=True):
            total += share
            upto = min(round(total * rows), rows)
            for row in range(drawn, upto):
                column[row] = fill
            drawn = max(drawn, upto)
    lines = []
    for row in reversed(range(rows)):
        label = f"{(row + 1) / rows:>5.0%} " if (row + 1) % 5 == 0 else " " * 6
        lines.append(label + glyphs.axis + "".join(column[row] * step for column in grid))
    lines.append(" " * 6 + glyphs.corner + glyphs.rule * (step * len(grid)))
    return lines


def time_axis(labels: Sequence[str], columns: int) -> str:
    """Return the first and last label under a plot of `columns`."""
    first, last = labels[0], labels[-1]
    gap = columns - len(first) - len(last)
    return " " * 7 + (first if first == last else f"{first}{' ' * max(gap, 1)}{last}")


def columns_of(count: int, columns: int) -> int:
    """Return how many columns a plot of `count` values takes."""
    shown = min(count, columns)
    return shown * max(1, min(columns // max(shown, 1), 6))

"""`trend --format text`: a table of the points, and what moved, as a person reads it."""

from __future__ import annotations

from collections.abc import Sequence

from itgov.insight.trend_points import Money, Point, SeverityCounts, Trend, UnitPoint
from itgov.model.facts import REACHES
from itgov.report.insight_words import percent, score, score_change
from itgov.report.plain import cut, plain
from itgov.report.tables import Drawn, Side, draw
from itgov.report.text import Paint, paint
from itgov.report.trend_plot import (
    ASCII,
    NOT_KNOWN,
    UNICODE,
    Ink,
    area_plot,
    columns_of,
    line_plot,
    spark,
    time_axis,
)

_EACH = {"commit": "each commit", "tag": "each tag", "month": "the end of each month"}
_UNREADABLE = "!"
_SPARK = 32
_FILE_WIDTH = 160
_LEGEND = 80
_WORDS = {
    "none": "no outcome",
    "outcome": "outcome without measure",
    "measure": "measure without baseline or target",
    "target": "no result yet",
    "result": "result without evidence",
    "proven": "proven",
}


def render(
    trend: Trend, *, color: bool = False, width: int | None = None, ascii_only: bool = False
) -> str:
    """Write a trend down for a terminal of `width` columns, or for a file where it is None."""
    colours, ink = paint(color), ASCII if ascii_only else UNICODE
    units = trend.units()
    first, last = trend.points[0], trend.points[-1]
    lines = [f"{colours.bold}{_title(trend)}{colours.off}", _under(trend, ink), ""]
    lines += _points(trend, list(units), width)
    lines += _remarks(trend)
    if units:
        lines += ["", f"{colours.bold}Engagement health, 0 to 100{colours.off}", ""]
        lines += _units(trend, units, colours, ink, width)
    room = min((width or 100) - 10, 90)
    labels = [first.label, last.label]
    if trend.unit is not None and units:
        scores = [u.score if u is not None else None for u in _of(trend, trend.unit)]
        marks = [(trend.healthy, "healthy"), (trend.attention, "attention")]
        plot = line_plot(scores, marks, room - 10, ink)
        axis = time_axis(labels, columns_of(len(scores), room - 10))
        lines += ["", f"{colours.bold}{plain(units[trend.unit])}: health{colours.off}", "", *plot]
        lines += [axis]
    shares = [_shares(money_of(trend, point)) for point in trend.points]
    if any(s is not None for s in shares):
        lines += ["", f"{colours.bold}Budget by how far it can be followed{colours.off}", ""]
        lines += area_plot(shares, room, ink)
        lines += [time_axis(labels, columns_of(len(shares), room)), *_legend(ink, None in shares)]
    return "\n".join(lines) + "\n"


def money_of(trend: Trend, point: Point) -> Money:
    """Return the budget at a point: of the one unit asked for, or of all."""
    if trend.unit is None:
        return point.figures.budget
    unit = point.unit(trend.unit)
    return unit.budget if unit is not None else Money()


def counts_of(trend: Trend, point: Point) -> SeverityCounts | None:
    """Return the findings at a point, or None where nothing was judged."""
    if point.figures.state in ("no portfolio", "rules broken"):
        return None
    if trend.unit is None:
        return point.figures.findings
    unit = point.unit(trend.unit)
    return unit.findings if unit is not None else None


def score_text(unit: UnitPoint | None) -> str:
    """Return a unit's score; "?" without enough evidence, "-" where the unit is not there."""
    if unit is None or unit.band == "not judged":
        return "-"
    return "?" if unit.score is None else score(unit.score)


def remarks(trend: Trend) -> list[str]:
    """Return what a reader must know: where the history ends, and what could not be read when."""
    found = list(trend.notes)
    seen: set[str] = set()
    for point in trend.points:
        figures = point.figures
        if point.commit in seen or figures.state == "whole":
            continue
        seen.add(point.commit)
        at = (
            f"{point.label} ({point.commit[:10]})"
            if point.label != point.commit[:10]
            else point.label
        )
        if figures.state == "no portfolio":
            found.append(f"{at}: no portfolio file at this commit.")
            continue
        what = (
            "its rules are broken, so nothing was judged"
            if figures.state == "rules broken"
            else "could not be read whole"
        )
        found.append(f"{at}: {what}:")
        found += [f"  {u.path}:{u.line}:{u.column}: {u.message}" for u in figures.unread]
    return found


def _title(trend: Trend) -> str:
    name = next(
        (p.figures.organisation for p in reversed(trend.points) if p.figures.organisation), ""
    )
    of = f" of {trend.units().get(trend.unit, trend.unit)}" if trend.unit is not None else ""
    return plain(f"{name or 'Portfolio'}: trend{of} at {_EACH[trend.by]}")


def _under(trend: Trend, ink: Ink) -> str:
    first, last = trend.points[0], trend.points[-1]
    rules = "each commit's own rules" if trend.rules_then else "today's rules"
    count = len(trend.points)
    return plain(
        f"{first.label} {ink.arrow} {last.label}, {count:,} point{'s' * (count != 1)}, by {rules}; "
        "each as of the day of its commit"
    )


def _points(trend: Trend, units: Sequence[str], width: int | None) -> list[str]:
    headers = [trend.by, "as of", "errors", "warnings", "infos", "waived", "no outcome", "proven"]
    rows = [_row(trend, point) for point in trend.points]
    if trend.by != "commit":
        headers.insert(1, "commit")
        for row, point in zip(rows, trend.points, strict=True):
            row.insert(1, point.commit[:10] + (" (carried)" if point.carried else ""))
    plain_width = 14 * len(headers) - 8
    fits = plain_width + sum(max(len(u), 4) + 2 for u in units) <= (width or _FILE_WIDTH)
    if fits:
        headers += [plain(unit) for unit in units]
        for row, point in zip(rows, trend.points, strict=True):
            row += [score_text(point.unit(unit)) for unit in units]
    if trend.by == "commit":
        headers.append("what")
        for row, point in zip(rows, trend.points, strict=True):
            row.append(cut(plain(point.title), 50))
    left = 2 if trend.by == "commit" else 3
    sides: list[Side] = ["left"] * left
    sides += ["right"] * (len(headers) - left - (trend.by == "commit"))
    sides += ["left"] * (trend.by == "commit")
    spare = [[headers.index(name)] for name in ("commit", "infos", "waived") if name in headers]
    return _told(draw(headers, rows, sides, width=width, spare=spare))


def _told(drawn: Drawn) -> list[str]:
    if not drawn.left_out:
        return drawn.lines
    return [*drawn.lines, f"No room here for: {', '.join(drawn.left_out)}"]


def _row(trend: Trend, point: Point) -> list[str]:
    counts, money = counts_of(trend, point), money_of(trend, point)
    state = point.figures.state
    mark = "" if state == "whole" else f" {_UNREADABLE}"
    cells = [plain(point.label) + mark, point.as_of.isoformat()]
    if counts is None:
        cells += ["-"] * 4
    else:
        cells += [f"{n:,}" for n in (counts.error, counts.warning, counts.info, counts.waived)]
    return [*cells, percent(money.share("none")), percent(money.share("proven"))]


def _remarks(trend: Trend) -> list[str]:
    found = [
        plain(line) if not line.startswith("  ") else f"  {plain(line[2:])}"
        for line in remarks(trend)
    ]
    if not found:
        return []
    return ["", *found]


def _units(
    trend: Trend, units: dict[str, str], colours: Paint, ink: Ink, width: int | None
) -> list[str]:
    rows = []
    for identifier, name in units.items():
        points = _of(trend, identifier)
        known = [u.score for u in points if u is not None and u.score is not None]
        last = points[-1]
        rows.append(
            [
                cut(plain(name), 40),
                score(known[0] if known else None),
                score_text(last),
                score_change(known[0], known[-1]) if len(known) > 1 else "-",
                score(min(known, default=None)),
                score(max(known, default=None)),
                last.band if last is not None else "not there",
                spark([u.score if u is not None else None for u in points], _SPARK, 0, 100, ink),
            ]
        )
    first, last_label = trend.points[0].label, trend.points[-1].label
    headers = [
        "business unit", "first", "last", "change", "lowest", "highest", "now",
        plain(f"{first} {ink.arrow} {last_label}"),
    ]  # fmt: skip
    sides: list[Side] = ["left", *["right"] * 5, "left", "left"]  # type: ignore[list-item]
    drawn = draw(headers, rows, sides, width=width, spare=((4, 5), (1,)))
    low, high = ink.levels[0], ink.levels[-1]
    key = f"{low} is 0, {high} is 100, {ink.gap if ink.gap != ' ' else 'a blank'} is no score; ? is insufficient evidence."
    return [*_told(drawn), f"{colours.dim}{key}{colours.off}"]


def _of(trend: Trend, identifier: str) -> list[UnitPoint | None]:
    return [point.unit(identifier) for point in trend.points]


def _shares(money: Money) -> list[float] | None:
    total = money.total
    return [money.of(r) / total for r in reversed(REACHES)] if total > 0 else None


def _legend(ink: Ink, gaps: bool) -> list[str]:
    marks = zip(ink.fills, reversed(REACHES), strict=True)
    said = [f"{'blank' if fill == ' ' else fill} {_WORDS[reach]}" for fill, reach in marks]
    said += [f"{NOT_KNOWN} nothing to follow"] * gaps
    lines = [" " * 7 + said[0]]
    for words in said[1:]:
        longer = f"{lines[-1]}, {words}"
        if len(longer) < _LEGEND:
            lines[-1] = longer
        else:
            lines[-1] += ","
            lines.append(" " * 7 + words)
    return lines

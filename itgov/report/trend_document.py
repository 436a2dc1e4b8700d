"""`itgov trend` laid out: a table of the points, each unit's health, and plots over time."""

from __future__ import annotations

from collections.abc import Iterator

from itgov.insight.trend_points import Point, Trend, UnitPoint, ValuePoint
from itgov.insight.value_types import Buckets
from itgov.model.reach import IMPROVED, REACH_GROUPS
from itgov.model.text import plural
from itgov.report.blocks import (
    Block,
    Column,
    Drawing,
    Heading,
    Id,
    Lines,
    Opening,
    Para,
    Table,
    Words,
)
from itgov.report.figures import UNKNOWN, percent, score, score_change
from itgov.report.tables import stacked
from itgov.report.trend_manager_document import manager_blocks
from itgov.report.trend_plot import (
    NOT_KNOWN,
    UNICODE,
    Glyphs,
    area_plot,
    columns_of,
    line_plot,
    spark,
    time_axis,
)

_EACH = {"commit": "each commit", "tag": "each tag", "month": "the end of each month"}
_NOT_WHOLE = "!"
_SPARK = 32
_FILE_WIDTH = 160
_LEGEND = 80


def trend_document(
    trend: Trend, *, glyphs: Glyphs = UNICODE, width: int | None = None
) -> Iterator[Block]:
    """Lay a trend out; the points have a column for each unit where all have room in `width`."""
    units = trend.units()
    yield Opening(_title(trend), below=[_below(trend, glyphs)])
    yield _points(trend, units, width)
    if found := remarks(trend):
        yield Lines(found)
    if trend.manager is not None:
        yield from manager_blocks(trend, trend.manager)
    if units:
        yield Heading("Engagement health, 0 to 100", everywhere=True)
        yield _units(trend, units, glyphs)
        yield Para(_key(glyphs), "quiet")
    labels = [trend.points[0].label, trend.points[-1].label]
    if trend.unit is not None and units:
        scores = _scores(trend, trend.unit)
        marks = [(trend.healthy, "healthy"), (trend.attention, "attention")]

        def health(columns: int) -> list[str]:
            axis = time_axis(labels, columns_of(len(scores), columns - 10))
            return [*line_plot(scores, marks, columns - 10, glyphs), axis]

        yield Heading(f"{units[trend.unit]}: health", everywhere=True)
        yield Drawing(health)
    shares = [_shares(point.budget_of(trend.unit)) for point in trend.points]
    if any(s is not None for s in shares):

        def budget(columns: int) -> list[str]:
            axis = time_axis(labels, columns_of(len(shares), columns))
            return [*area_plot(shares, columns, glyphs), axis, *_legend(glyphs, None in shares)]

        yield Heading("Budget by line of sight", everywhere=True)
        yield Drawing(budget)


def score_text(unit: UnitPoint | None) -> str:
    """Return a unit's score; "?" without enough evidence, "-" where the unit is not there."""
    if unit is None or unit.band == "not judged":
        return UNKNOWN
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
            "its rule files have errors, so nothing was judged"
            if figures.state == "rules broken"
            else "could not be read completely"
        )
        found.append(f"{at}: {what}:")
        found += [f"  {u.path}:{u.line}:{u.column}: {u.message}" for u in figures.unread]
    return found


def _title(trend: Trend) -> str:
    name = next(
        (p.figures.organisation for p in reversed(trend.points) if p.figures.organisation), ""
    )
    of = f" of {trend.units().get(trend.unit, trend.unit)}" if trend.unit is not None else ""
    return f"{name or 'Portfolio'}: trend{of} at {_EACH[trend.by]}"


def _below(trend: Trend, glyphs: Glyphs) -> str:
    first, last = trend.points[0], trend.points[-1]
    rules = "each commit's own rules" if trend.rules_then else "today's rules"
    count = len(trend.points)
    return (
        f"{first.label} {glyphs.arrow} {last.label}, {plural(count, 'point')}, by {rules}; "
        "each as of the day of its commit"
    )


def _points(trend: Trend, units: dict[str, str], width: int | None) -> Table:
    by_commit = trend.by == "commit"
    columns = [Column(trend.by)] if by_commit else [Column(trend.by), Column("commit")]
    figures = (
        "errors", "warnings", "infos", "waived", "no outcome", "improved", "realised", "holding",
    )  # fmt: skip
    columns += [Column("as of"), *(Column(title, "number") for title in figures)]
    heads = [max(map(len, stacked(name).split("\n"))) for name in units.values()]
    wanted = 14 * len(columns) - 8 + sum(max(head, 4) + 2 for head in heads)
    shown = units if wanted <= (width or _FILE_WIDTH) else {}
    columns += [Column(name, "named") for name in shown.values()]
    if by_commit:
        columns.append(Column("what", narrow=50))
    rows = []
    for point in trend.points:
        label = point.label + ("" if point.figures.state == "whole" else f" {_NOT_WHOLE}")
        commit = point.commit[:10] + (" (carried)" if point.carried else "")
        row: list[Words] = [Id(label)] if by_commit else [label, Id(commit)]
        row += [point.as_of.isoformat(), *_figures(trend, point)]
        row += [score_text(point.unit(unit)) for unit in shown]
        rows.append([*row, point.title] if by_commit else row)
    titles = [c.title for c in columns]
    spare = [
        [titles.index(name)]
        for name in ("commit", "infos", "waived", "holding", "realised")
        if name in titles[1:]
    ]
    return Table(columns, rows, spare, newest=True)


def _figures(trend: Trend, point: Point) -> list[str]:
    counts = point.findings_of(trend.unit)
    money = point.budget_of(trend.unit) or Buckets()
    cells = [UNKNOWN] * 4
    if counts is not None:
        cells = [f"{n:,}" for n in (counts.error, counts.warning, counts.info, counts.waived)]
    value = point.value_of(trend.unit) or ValuePoint()
    shares = (money.share("none"), money.share(*IMPROVED), value.realised_ratio, value.holding)
    return [*cells, *map(percent, shares)]


def _units(trend: Trend, units: dict[str, str], glyphs: Glyphs) -> Table:
    rows: list[list[Words]] = []
    for identifier, name in units.items():
        scores = _scores(trend, identifier)
        known = [s for s in scores if s is not None]
        last = trend.points[-1].unit(identifier)
        rows.append(
            [
                name,
                score(known[0] if known else None),
                score_text(last),
                score_change(known[0], known[-1]) if len(known) > 1 else UNKNOWN,
                score(min(known, default=None)),
                score(max(known, default=None)),
                last.band if last is not None else "does not exist",
                Id(spark(scores, _SPARK, 0, 100, glyphs)),
            ]
        )
    first, last_label = trend.points[0].label, trend.points[-1].label
    figures = ("first", "last", "change", "lowest", "highest")
    columns = [
        Column("business unit", narrow=40),
        *(Column(title, "number") for title in figures),
        Column("band"),
        Column(f"{first} {glyphs.arrow} {last_label}"),
    ]
    return Table(columns, rows, ((4, 5), (1,)))


def _key(glyphs: Glyphs) -> str:
    low, high = glyphs.levels[0], glyphs.levels[-1]
    gap = glyphs.gap if glyphs.gap != " " else "a blank"
    return f"{low} is 0, {high} is 100, {gap} is no score; ? is insufficient evidence."


def _scores(trend: Trend, identifier: str) -> list[float | None]:
    units = (point.unit(identifier) for point in trend.points)
    return [u.score if u is not None else None for u in units]


def _shares(money: Buckets | None) -> list[float] | None:
    if money is None or money.total <= 0:
        return None
    return [money.sum(*g.reaches) / money.total for g in reversed(REACH_GROUPS)]


def _legend(glyphs: Glyphs, gaps: bool) -> list[str]:
    marks = zip(glyphs.fills, reversed(REACH_GROUPS), strict=True)
    said = [f"{'blank' if fill == ' ' else fill} {group.title.lower()}" for fill, group in marks]
    said += [f"{NOT_KNOWN} no budget"] * gaps
    lines = [" " * 7 + said[0]]
    for words in said[1:]:
        longer = f"{lines[-1]}, {words}"
        if len(longer) < _LEGEND:
            lines[-1] = longer
        else:
            lines[-1] += ","
            lines.append(" " * 7 + words)
    return lines

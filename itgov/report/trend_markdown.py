"""`trend --format markdown`: tables for a wiki, a job summary or an issue."""

from __future__ import annotations

from collections.abc import Iterable

from itgov.insight.trend_points import Trend
from itgov.report.insight_words import percent, score, score_change
from itgov.report.markup import code, escape, table_head, table_row
from itgov.report.trend_plot import UNICODE, spark
from itgov.report.trend_text import counts_of, money_of, remarks, score_text

MOST_CHARACTERS = 60_000
_MOST_POINTS = 200
_MOST_REMARKS = 40


def render(trend: Trend) -> str:
    """Write a trend down in Markdown; of a long one, the newest points, and how many more."""
    units = trend.units()
    name = next(
        (p.figures.organisation for p in reversed(trend.points) if p.figures.organisation), ""
    )
    rules = "each commit's own rules" if trend.rules_then else "today's rules"
    lines = [
        f"## {escape(name) or 'Portfolio'}: trend by {trend.by}",
        "",
        f"{escape(trend.points[0].label)} to {escape(trend.points[-1].label)}, by {rules}, "
        "each point as of the day of its commit.",
    ]
    if units:
        lines += ["", "### Engagement health", ""]
        titles = ("Business unit", "Band", "", "First", "Last", "Change", "Lowest", "Highest")
        lines += table_head(titles, range(3, 8))
    for identifier, unit_name in units.items():
        points = [point.unit(identifier) for point in trend.points]
        scores = [u.score if u is not None else None for u in points]
        known = [s for s in scores if s is not None]
        last = points[-1]
        lines.append(
            table_row(
                (
                    escape(unit_name, 100),
                    last.band if last is not None else "not there",
                    f"`{spark(scores, 24, 0, 100, UNICODE)}`",
                    score(known[0] if known else None),
                    score_text(last),
                    score_change(known[0], known[-1]) if len(known) > 1 else "-",
                    score(min(known, default=None)),
                    score(max(known, default=None)),
                )
            )
        )
    lines += ["", "### Findings and line of sight", ""]
    titles = (
        trend.by.capitalize(),
        "Commit",
        "Errors",
        "Warnings",
        "Infos",
        "Waived",
        "No outcome",
        "Proven",
    )
    lines += table_head(titles, range(2, len(titles)))
    ending = ["", *(f"- {escape(r.strip(), 300)}" for r in remarks(trend)[:_MOST_REMARKS])]
    room = MOST_CHARACTERS - _size(lines) - _size(ending) - 100
    rows: list[str] = []
    for point in reversed(trend.points):
        counts, money = counts_of(trend, point), money_of(trend, point)
        numbers = ["-"] * 4
        if counts is not None:
            numbers = [f"{n:,}" for n in (counts.error, counts.warning, counts.info, counts.waived)]
        label = (code if trend.by == "commit" else escape)(point.label, 100)
        label += "" if point.figures.state == "whole" else f" ({point.figures.state})"
        row = table_row(
            (
                label,
                code(point.commit[:10]),
                *numbers,
                percent(money.share("none")),
                percent(money.share("proven")),
            )
        )
        room -= len(row) + 1
        if room < 0 or len(rows) >= _MOST_POINTS:
            break
        rows.append(row)
    lines += reversed(rows)
    if len(rows) < len(trend.points):
        lines += ["", f"{len(trend.points) - len(rows):,} earlier points not shown."]
    return "\n".join([*lines, *ending] if len(ending) > 1 else lines) + "\n"


def _size(lines: Iterable[str]) -> int:
    return sum(len(line) + 1 for line in lines)

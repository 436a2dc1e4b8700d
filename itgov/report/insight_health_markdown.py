"""`itgov health --format markdown`: for a wiki, a job summary or a comment."""

from __future__ import annotations

from collections.abc import Sequence

from itgov.insight.healthtypes import CostlyFinding, HealthReport, UnitHealth, WeightMove
from itgov.insight.trend_points import Point
from itgov.report.insight_health_text import worst_first
from itgov.report.insight_words import (
    change,
    change_of,
    markdown_table,
    marked,
    number,
    percent,
    points,
    score,
    since,
)
from itgov.report.markup import code

_MOST = 50
_CHANGE = ["Change"]


def render(
    report: HealthReport,
    units: Sequence[UnitHealth],
    moves: Sequence[WeightMove] | None,
    before: Point | None = None,
    *,
    detail: bool = False,
) -> str:
    """Write some units of a report down in GitHub's and GitLab's Markdown."""
    lines = [
        "## Engagement health",
        "",
        f"{marked(report.organisation)}, as of {report.as_of}. "
        f"Healthy from {number(report.settings.healthy)}, "
        f"attention from {number(report.settings.attention)}, at risk below; "
        f"no score under {percent(report.settings.enough_evidence)} coverage.",
        "",
    ]
    ordered = worst_first(units)
    if not ordered:
        return "\n".join([*lines, "No business unit."]) + "\n"
    names = [marked(d.id) for d in ordered[0].dimensions]
    headers = ["Business unit", "Band", "Score", *_CHANGE[: before is not None], "Coverage", *names]
    lines += [*markdown_table(headers, (_row(unit, before) for unit in ordered), 2), ""]
    if before is not None:
        lines += [f"The change is {marked(since(before))}.", ""]
    for unit in ordered[:_MOST]:
        lines += _unit(unit, detail)
    if len(ordered) > _MOST:
        lines += [f"{len(ordered) - _MOST:,} more units are in the table only.", ""]
    if moves is not None:
        lines += _moves(report, moves)
    return "\n".join(lines).rstrip("\n") + "\n"


def _row(unit: UnitHealth, before: Point | None) -> list[str]:
    cap = f" (capped at {number(unit.capped_by.at_most)})" if unit.capped_by else ""
    shares = [percent(d.score) for d in unit.dimensions]
    moved = [change(change_of(unit, before))] if before is not None else []
    lead = [marked(unit.name), f"**{unit.band}**{cap}", score(unit.score), *moved]
    return [*lead, percent(unit.coverage), *shares]


def _unit(unit: UnitHealth, detail: bool) -> list[str]:
    steps = unit.findings if detail else unit.next_steps
    unknown = [f"{marked(d.id)} ({marked(d.unknown)})" for d in unit.dimensions if d.unknown]
    if not steps and not unit.caps and not unknown:
        return []
    lines = [f"### {marked(unit.name)}", ""]
    lines += [
        f"- **At most {number(cap.at_most)}**: {marked(cap.because)}"
        f" ({code(f'{cap.place.path}:{cap.place.line}')})"
        for cap in unit.caps
    ]
    if unknown:
        lines.append(f"- Not known: {', '.join(unknown)}")
    lines += [_step(c) for c in steps]
    return [*lines, ""]


def _step(costly: CostlyFinding) -> str:
    f = costly.finding
    waived = " (waived)" if f.waived else ""
    uncapped = ""
    if costly.points < costly.uncapped:
        uncapped = f" ({points(costly.uncapped)} uncapped)"
    place = code(f"{f.path}:{f.line}")
    return f"- {points(costly.points)}{uncapped} {place} {code(f.rule)} {marked(f.message)}{waived}"


def _moves(report: HealthReport, moves: Sequence[WeightMove]) -> list[str]:
    names = {u.id: u.name for u in report.units}
    rows = []
    for move in moves:
        weight = f"{number(move.weight_before)} → {number(move.weight)}"
        if not move.units:
            rows.append([marked(move.dimension), weight, "nothing changes"])
            continue
        told = [
            f"{marked(names[u.id], 40)}: {u.rank_before or '-'} → {u.rank or '-'}"
            + (f" ({u.band_before} → {u.band})" if u.band != u.band_before else "")
            for u in move.units[:_MOST]
        ]
        if len(move.units) > _MOST:
            told.append(f"and {len(move.units) - _MOST:,} more")
        rows.append([marked(move.dimension), weight, "; ".join(told)])
    headers = ["Dimension", "Weight", "Rank"]
    return [
        "### If a weight were half less or half more",
        "",
        *markdown_table(headers, rows, 3),
        "",
    ]

"""`itgov health --format markdown`: for a wiki, a job summary or a comment."""

from __future__ import annotations

from collections.abc import Sequence

from itgov.insight.healthtypes import CostlyFinding, HealthReport, UnitHealth, WeightMove
from itgov.insight.trend_points import Point
from itgov.report.insight_health_text import worst_first
from itgov.report.insight_words import (
    number,
    percent,
    points,
    score,
    score_before,
    score_change,
    since,
)
from itgov.report.markup import LABEL, code, escape, table

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
        f"{escape(report.organisation, LABEL)}, as of {report.as_of}. "
        f"Healthy from {number(report.settings.healthy)}, "
        f"attention from {number(report.settings.attention)}, at risk below; "
        f"no score under {percent(report.settings.enough_evidence)} coverage.",
        "",
    ]
    ordered = worst_first(units)
    if not ordered:
        return "\n".join([*lines, "No business unit."]) + "\n"
    names = [escape(d.id, LABEL) for d in ordered[0].dimensions]
    headers = ["Business unit", "Band", "Score", *_CHANGE[: before is not None], "Coverage", *names]
    lines += [*table(headers, (_row(unit, before) for unit in ordered), range(2, len(headers))), ""]
    if before is not None:
        lines += [f"The change is {escape(since(before), LABEL)}.", ""]
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
    moved = [score_change(score_before(unit, before), unit.score)] if before is not None else []
    lead = [escape(unit.name, LABEL), f"**{unit.band}**{cap}", score(unit.score), *moved]
    return [*lead, percent(unit.coverage), *shares]


def _unit(unit: UnitHealth, detail: bool) -> list[str]:
    steps = unit.findings if detail else unit.next_steps
    unknown = [
        f"{escape(d.id, LABEL)} ({escape(d.unknown, LABEL)})" for d in unit.dimensions if d.unknown
    ]
    if not steps and not unit.caps and not unknown:
        return []
    lines = [f"### {escape(unit.name, LABEL)}", ""]
    lines += [
        f"- **At most {number(cap.at_most)}**: {escape(cap.because, LABEL)}"
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
    return f"- {points(costly.points)}{uncapped} {place} {code(f.rule)} {escape(f.message, LABEL)}{waived}"


def _moves(report: HealthReport, moves: Sequence[WeightMove]) -> list[str]:
    names = {u.id: u.name for u in report.units}
    rows = []
    for move in moves:
        weight = f"{number(move.weight_before)} → {number(move.weight)}"
        if not move.units:
            rows.append([escape(move.dimension, LABEL), weight, "nothing changes"])
            continue
        told = [
            f"{escape(names[u.id], 40)}: {u.rank_before or '-'} → {u.rank or '-'}"
            + (f" ({u.band_before} → {u.band})" if u.band != u.band_before else "")
            for u in move.units[:_MOST]
        ]
        if len(move.units) > _MOST:
            told.append(f"and {len(move.units) - _MOST:,} more")
        rows.append([escape(move.dimension, LABEL), weight, "; ".join(told)])
    headers = ["Dimension", "Weight", "Rank"]
    return [
        "### If a weight were half less or half more",
        "",
        *table(headers, rows),
        "",
    ]

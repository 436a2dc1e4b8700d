"""`itgov health` laid out: what the text and the Markdown of the verb both say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from itgov.insight.health_types import (
    Band,
    CostlyFinding,
    DimensionHealth,
    HealthReport,
    Settings,
    UnitHealth,
    WeightMove,
    unit_key,
)
from itgov.insight.scoring import band_of
from itgov.insight.trend_points import Point
from itgov.model.text import plural
from itgov.report.blocks import (
    Block,
    Code,
    Column,
    Legend,
    Listing,
    Listings,
    Para,
    Step,
    Strong,
    Table,
    Title,
    Tone,
    Words,
)
from itgov.report.figures import (
    UNKNOWN,
    lost,
    number,
    percent,
    points,
    score,
    score_before,
    score_change,
    short,
    since,
)
from itgov.report.health_words import (
    bands_words,
    cap_effect,
    decided_words,
    dimension_titles,
    rank_words,
    scale_words,
    settings_words,
    weights,
)
from itgov.report.imported_words import imported_words
from itgov.report.points_lost import points_lost

_MOST_MOVED = 12
"""Units that are listed under a weight."""
_WORTH_SAYING = 1.0
"""Points lost from which a dimension that has no findings is named."""
_NAMED = 8
"""Dimensions up to which each has its title above its column; more have the number of the legend."""
_NAME = 32
_TONES: dict[Band, Tone] = {
    "healthy": "good",
    "attention": "warning",
    "at risk": "error",
    "insufficient evidence": "quiet",
}


def health_document(
    report: HealthReport,
    units: Sequence[UnitHealth],
    moves: Sequence[WeightMove] | None,
    before: Point | None = None,
    *,
    detail: bool = False,
) -> Iterator[Block]:
    """Lay some units of a report out: a table, what to fix first, and what follows from weights.

    With `detail`, each unit's dimensions and every finding that costs it points.
    """
    yield Title("engagement health", report.organisation, report.as_of, _counts(units))
    ordered = sorted(units, key=unit_key)
    if ordered:
        yield _table(ordered, before)
        yield _legend(ordered[0].dimensions, before)
    if detail:
        for unit in ordered:
            yield from _detail(report, unit)
    elif listings := [_next_steps(u) for u in ordered if _is_listed(u)]:
        advice = (Code("itgov health --unit UNIT"), " explains any of them.")
        yield Listings(listings, "unit", advice)
    if moves is not None:
        yield Listing("Sensitivity to weights", lines=list(_moves(report, moves)))
    yield Para(f"{scale_words(report.settings)}. {settings_words(report.settings)}")


def _counts(units: Sequence[UnitHealth]) -> str:
    return (
        f"{plural(len(units), 'business unit')}: {bands_words(units)}"
        if units
        else "No business unit."
    )


def _band(band: Band) -> Strong:
    return Strong(band, _TONES[band])


# -- the table -----------------------------------------------------------------------------


def _table(units: Sequence[UnitHealth], before: Point | None) -> Table:
    """Return the table of all units; where there is little room, dimensions are numbered, and then
    take no more room than their figures."""
    dimensions = units[0].dimensions
    change = [Column("change", "number")] if before is not None else []
    first = [Column("business unit", narrow=_NAME), Column("band"), Column("score", "number")]
    lead = [*first, *change, Column("coverage", "number")]
    rows = [[*_lead(u, before, _capped_band(u)), *_shares(u)] for u in units]
    packed = [
        *lead[:-1],
        Column("cover-\nage", "number"),
        Column(_packed(_numbers(dimensions)), "number"),
    ]
    packed_rows = [
        [*_lead(u, before, (_band(u.band),)), _packed(s.rstrip("%") for s in _shares(u))]
        for u in units
    ]
    last = len(packed) - 1
    narrowest = Table(packed, packed_rows, ((last,), (last - 1,)))
    numbered = [Column(n, "number") for n in _numbers(dimensions)]
    narrower = Table([*lead, *numbered], rows, narrower=narrowest, most=len(rows))
    if len(dimensions) > _NAMED:
        return narrower
    named = [Column(d.title, "named") for d in dimensions]
    return Table([*lead, *named], rows, narrower=narrower, most=len(rows))


def _lead(unit: UnitHealth, before: Point | None, band: Words) -> list[Words]:
    was = score_before(unit, before)
    change = [score_change(was, unit.score)] if before is not None else []
    return [unit.name, band, score(unit.score), *change, percent(unit.coverage)]


def _capped_band(unit: UnitHealth) -> Words:
    cap = f" (capped at {number(unit.capped_by.at_most)})" if unit.capped_by else ""
    return (_band(unit.band), cap)


def _shares(unit: UnitHealth) -> list[str]:
    return [percent(d.score) if d.unknown is None else UNKNOWN for d in unit.dimensions]


def _numbers(dimensions: Sequence[DimensionHealth]) -> list[str]:
    return [str(number) for number in range(1, len(dimensions) + 1)]


def _packed(figures: Iterable[str]) -> str:
    return " ".join(f"{figure:>3}" for figure in figures)


def _legend(dimensions: Sequence[DimensionHealth], before: Point | None) -> Legend:
    lines = [
        f"Shares are weighted by spend; {UNKNOWN} is unknown and in no total; "
        "coverage is the share of weight that could be judged."
    ]
    if before is not None:
        lines.append(f"The change is {since(before)}.")
    named = zip(dimensions, weights(dimensions), strict=True)
    return Legend(lines, [(d.title, weight, d.id) for d, weight in named])


# -- what to fix ---------------------------------------------------------------------------


def _is_listed(unit: UnitHealth) -> bool:
    unknown = unit.score is None or any(d.unknown for d in unit.dimensions)
    return bool(unit.next_steps or unit.caps or unknown or imported_words(unit.imported))


def _next_steps(unit: UnitHealth) -> Listing:
    return Listing(_headline(unit), list(map(_step, unit.next_steps)), _said(unit), whole=True)


def _headline(unit: UnitHealth) -> Words:
    shown = f", {score(unit.score)}, " if unit.score is not None else ", "
    return (Strong(short(unit.name)), shown, _band(unit.band))


def _said(unit: UnitHealth) -> list[Words]:
    """Return what stands beside the score: caps, what is decided, and what is not known."""
    lines: list[Words] = [(f"{cap_effect(unit, cap)}  ", cap.place) for cap in unit.caps]
    lines += decided_words(unit.dimensions)
    lines += imported_words(unit.imported)
    unknown = [f"{d.title} ({d.unknown})" for d in unit.dimensions if d.unknown]
    if unknown:
        lines.append(f"Unknown: {', '.join(unknown)}")
    costs = points_lost(unit).dimensions
    recorded = [d for d in unit.dimensions if d.place is not None and d.lost >= _WORTH_SAYING]
    if recorded:
        figures = ", ".join(f"{d.title} {lost(costs[d.id])}" for d in recorded)
        lines.append(f"Points lost without a finding: {figures}")
    if unit.score is None and unit.next_steps:
        lines.append("Best next steps, for the part that could be judged:")
    return lines


def _step(costly: CostlyFinding) -> Step:
    f = costly.finding
    gain = points(costly.points)
    if costly.points < costly.uncapped:
        gain += f" ({points(costly.uncapped)} uncapped)"
    return Step(gain, f.place, f.rule, f.message, f.waived)


def _detail(report: HealthReport, unit: UnitHealth) -> Iterator[Block]:
    coverage = (f"Coverage {percent(unit.coverage)}  ", unit.place)
    yield Listing(_headline(unit), lines=[coverage, *_said(unit)])
    yield dimension_table(unit, report.settings)
    if hidden := sum(d.without_spend for d in unit.dimensions):
        judgements = plural(hidden, "judgement")
        yield Para(f"{judgements} on items without spend: only the count shows them.")
    if unit.findings:
        title = f"{plural(len(unit.findings), 'finding')} with points lost"
        yield Listing(title, list(map(_step, unit.findings)), whole=True)


_FIGURES = ("weight", "share", "by count", "evidence", "passed", "waived", "points lost")


def dimension_table(unit: UnitHealth, settings: Settings) -> Table:
    """Return how each dimension of a unit's health stands, and the points that it costs."""
    columns = [Column("dimension"), Column("status"), *(Column(f, "number") for f in _FIGURES)]
    costs = points_lost(unit).dimensions
    weighed = zip(unit.dimensions, weights(unit.dimensions), strict=True)
    rows = [_dimension(settings, d, weight, costs.get(d.id)) for d, weight in weighed]
    return Table(columns, rows, ((7,), (5,), (4,)))


def _dimension(
    settings: Settings, d: DimensionHealth, weight: str, costs: float | None
) -> list[Words]:
    tally = d.tally
    counted = tally.passed + tally.failed + tally.waived
    return [
        d.title,
        f"unknown: {d.unknown or UNKNOWN}" if d.score is None else band_of(100 * d.score, settings),
        weight,
        percent(d.score),
        percent(d.count),
        percent(d.evidence),
        f"{tally.passed:,} of {counted:,}" if counted else UNKNOWN,
        f"{tally.waived:,}",
        lost(costs if d.score is not None else None),
    ]


# -- weights -------------------------------------------------------------------------------


def _moves(report: HealthReport, moves: Sequence[WeightMove]) -> Iterator[str]:
    names = {u.id: u.name for u in report.units}
    titles = dimension_titles(report)
    yield "One weight at a time, halved or raised by half; rank 1 is the highest score."
    for move in moves:
        head = (
            f"{short(titles[move.dimension])} {number(move.weight_before)} → {number(move.weight)}:"
        )
        if not move.units:
            yield f"{head} no rank and no band changes"
            continue
        yield f"{head} {plural(len(move.units), 'unit')} of {len(names):,} move"
        for unit in move.units[:_MOST_MOVED]:
            rank = f"rank {rank_words(unit.rank_before, unit.rank)}"
            band = f", {unit.band_before} → {unit.band}" if unit.band != unit.band_before else ""
            scores = f"{score(unit.score_before)} → {score(unit.score)}"
            yield f"  {short(names[unit.id], _NAME)}: {rank}, {scores}{band}"
        if len(move.units) > _MOST_MOVED:
            yield f"  and {len(move.units) - _MOST_MOVED:,} more"

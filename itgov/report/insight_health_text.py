"""`itgov health --format text`: what a person reads in a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from itgov.insight.healthtypes import (
    BANDS,
    Band,
    CapInForce,
    CostlyFinding,
    DimensionHealth,
    HealthReport,
    UnitHealth,
    WeightMove,
)
from itgov.insight.scoring import band_of
from itgov.insight.trend_points import Point
from itgov.report.insight_words import (
    UNKNOWN,
    at,
    number,
    percent,
    points,
    score,
    score_before,
    score_change,
    short,
    since,
    table,
)
from itgov.report.plain import plain
from itgov.report.source import columns_of
from itgov.report.text import Paint, paint
from itgov.report.words import plural

MOST_TOLD = 12
"""Units whose next steps are printed; `--unit` prints those of any other."""
WORTH_SAYING = 1.0
"""Points lost from which a dimension that has no findings is named."""
_NAME = 32


def render(
    report: HealthReport,
    units: Sequence[UnitHealth],
    moves: Sequence[WeightMove] | None,
    before: Point | None = None,
    *,
    detail: bool = False,
    color: bool = False,
    width: int | None = None,
) -> str:
    """Write some units of a report down: a table, and what to mend first.

    With `detail`, each unit's dimensions and every finding that costs it points.
    """
    paints = paint(color)
    title = f"{plain(report.organisation)}: engagement health as of {report.as_of}"
    lines = [f"{paints.bold}{title}{paints.off}", _counts(units), ""]
    ordered = sorted(units, key=_worst_first)
    if units:
        lines += [*_table(ordered, paints, width, before), ""]
        lines += [*_legend(units[0].dimensions, paints, before), ""]
    if detail:
        for unit in ordered:
            lines += [*_detail(report, unit, paints, width), ""]
    else:
        lines += _steps(ordered, paints)
    if moves is not None:
        lines += [*_moves(report, moves, paints), ""]
    lines.append(_scale(report))
    return "\n".join(lines) + "\n"


def worst_first(units: Sequence[UnitHealth]) -> list[UnitHealth]:
    """Return units with the lowest score first, and those without a score last."""
    return sorted(units, key=_worst_first)


def _worst_first(unit: UnitHealth) -> tuple[int, float, str]:
    return (BANDS.index(unit.band), unit.score or 0.0, unit.id)


def _counts(units: Sequence[UnitHealth]) -> str:
    found = Counter(u.band for u in units)
    told = ", ".join(f"{found[b]} {b}" for b in BANDS if found[b])
    return f"{plural(len(units), 'business unit')}: {told}" if units else "No business unit."


def _hue(band: Band, paints: Paint) -> tuple[str, str]:
    hues = {
        "healthy": paints.good,
        "attention": paints.severity["warning"],
        "at risk": paints.severity["error"],
    }
    hue = hues.get(band, paints.dim)
    return hue, paints.off


# -- the table -----------------------------------------------------------------------------


def _table(
    units: Sequence[UnitHealth], paints: Paint, width: int | None, before: Point | None
) -> list[str]:
    dimensions = units[0].dimensions
    names = [plain(d.id).replace("-", "\n", 1) for d in dimensions]
    numbers = [str(i) for i in range(1, len(dimensions) + 1)]
    for titles in (names, numbers):
        if width is None or _widest(_drawn(units, titles, paint(False), before)) <= width:
            return _drawn(units, titles, paints, before)
    return _packed(units, numbers, paints, width, before)


def _widest(lines: Sequence[str]) -> int:
    return max(map(columns_of, lines))


def _drawn(
    units: Sequence[UnitHealth], names: list[str], paints: Paint, before: Point | None
) -> list[str]:
    rows = []
    for unit in units:
        hue, off = _hue(unit.band, paints)
        cap = f" (capped at {number(unit.capped_by.at_most)})" if unit.capped_by else ""
        band = f"{hue}{unit.band}{off}{cap}"
        cells = [short(unit.name, _NAME), band, score(unit.score), *_change(unit, before)]
        rows.append([*cells, percent(unit.coverage), *_shares(unit)])
    headers = [*_head(before), *names]
    return table(headers, rows, 2, (paints.bold, paints.off))


def _packed(
    units: Sequence[UnitHealth],
    numbers: list[str],
    paints: Paint,
    width: int | None,
    before: Point | None,
) -> list[str]:
    """Return the table for a narrow terminal: a dimension takes no more than its figures."""
    rows = []
    for unit in units:
        hue, off = _hue(unit.band, paints)
        shares = " ".join(f"{cell.rstrip('%'):>3}" for cell in _shares(unit))
        cells = [short(unit.name, _NAME), f"{hue}{unit.band}{off}", score(unit.score)]
        rows.append([*cells, *_change(unit, before), percent(unit.coverage), shares])
    headers = [*_head(before)[:-1], "cover-\nage", " ".join(f"{n:>3}" for n in numbers)]
    last = len(headers) - 1
    spare = ((last,), (last - 1,))
    return table(headers, rows, 2, (paints.bold, paints.off), width=width, spare=spare)


def _head(before: Point | None) -> list[str]:
    change = ["change"] if before is not None else []
    return ["business unit", "band", "score", *change, "coverage"]


def _change(unit: UnitHealth, before: Point | None) -> list[str]:
    return [score_change(score_before(unit, before), unit.score)] if before is not None else []


def _shares(unit: UnitHealth) -> list[str]:
    return [percent(d.score) if d.unknown is None else UNKNOWN for d in unit.dimensions]


def _legend(
    dimensions: Sequence[DimensionHealth], paints: Paint, before: Point | None
) -> list[str]:
    whole = sum(d.weight for d in dimensions)
    lines = [
        f"{paints.dim}Shares are weighted by spend; {UNKNOWN} is unknown and in no total; "
        f"coverage is the share of weight that could be judged.{paints.off}"
    ]
    if before is not None:
        lines.append(f"{paints.dim}The change is {since(before)}.{paints.off}")
    for index, d in enumerate(dimensions, start=1):
        weight = percent(d.weight / whole) if whole else number(d.weight)
        lines.append(
            f"{paints.dim}{index:>3} {plain(d.id):<18} {weight:>4}  {short(d.title, 90)}{paints.off}"
        )
    return lines


def _scale(report: HealthReport) -> str:
    s = report.settings
    return (
        f"Healthy from {number(s.healthy)}, attention from {number(s.attention)}, at risk below; "
        f"no score under {percent(s.enough_evidence)} coverage. Weights, bands and caps are this "
        "organisation's own (rules/health.yaml)."
    )


# -- what to mend --------------------------------------------------------------------------


def _steps(units: Sequence[UnitHealth], paints: Paint) -> list[str]:
    lines = []
    told = [u for u in units if u.next_steps or u.caps or u.score is None]
    for unit in told[:MOST_TOLD]:
        lines += [_headline(unit, paints), *(f"  {w}" for w in _said(unit))]
        lines += [_step(c) for c in unit.next_steps]
        lines.append("")
    if len(told) > MOST_TOLD:
        more = plural(len(told) - MOST_TOLD, "unit")
        lines += [f"{more} more; `itgov health --unit UNIT` explains any of them.", ""]
    return lines


def _headline(unit: UnitHealth, paints: Paint) -> str:
    hue, off = _hue(unit.band, paints)
    told = f", {score(unit.score)}" if unit.score is not None else ""
    return f"{paints.bold}{short(unit.name)}{paints.off}{told}, {hue}{unit.band}{off}"


def _said(unit: UnitHealth) -> list[str]:
    """Return what stands beside the score: caps, and what is not known."""
    lines = [_cap(unit, cap) for cap in unit.caps]
    unknown = [f"{plain(d.id)} ({plain(d.unknown)})" for d in unit.dimensions if d.unknown]
    if unknown:
        lines.append(f"not known: {', '.join(unknown)}")
    lost = [d for d in unit.dimensions if d.place is not None and d.lost >= WORTH_SAYING]
    if lost:
        told = ", ".join(f"{plain(d.id)} {d.lost:.1f}" for d in lost)
        lines.append(f"points lost to what is recorded, not to a finding: {told}")
    if unit.score is None and unit.next_steps:
        lines.append("of the part that could be judged, these give most back:")
    return lines


def _cap(unit: UnitHealth, cap: CapInForce) -> str:
    holds = unit.capped_by is not None and cap == unit.capped_by
    limit = number(cap.at_most)
    words = f"capped at {limit}" if holds else f"could not pass {limit}"
    gives = f", {points(cap.points)} without it" if cap.points else ""
    doubt = f" (could not be decided: {plain(cap.unevaluated)})" if cap.unevaluated else ""
    return f"{words}: {plain(cap.because)}{doubt}{gives}  {at(cap.place)}"


def _step(costly: CostlyFinding) -> str:
    f = costly.finding
    waived = " (waived)" if f.waived else ""
    gives = points(costly.points)
    if costly.points < costly.uncapped:
        gives += f" ({points(costly.uncapped)} uncapped)"
    place = f"{plain(f.path)}:{f.line}"
    return f"  {gives:>6}  {place}  {plain(f.rule)} {short(f.message, 120)}{waived}"


def _detail(report: HealthReport, unit: UnitHealth, paints: Paint, width: int | None) -> list[str]:
    lines = [_headline(unit, paints), f"  coverage {percent(unit.coverage)}  {at(unit.place)}"]
    lines += [f"  {w}" for w in _said(unit)]
    rows = [_dimension(report, d) for d in unit.dimensions]
    headers = ["dimension", "stands", "weight", "share", "by count", "holds", "waived", "costs"]
    room = None if width is None else width - 2
    drawn = table(headers, rows, 2, (paints.bold, paints.off), width=room, spare=((6,), (4,)))
    lines += ["", *(f"  {line}" for line in drawn)]
    hidden = sum(d.without_spend for d in unit.dimensions)
    if hidden:
        lines.append(
            f"  {plural(hidden, 'judgement')} on items without spend: only the count shows them."
        )
    lines.append("")
    if unit.findings:
        lines.append(f"  {plural(len(unit.findings), 'finding')} cost points:")
    lines += [_step(c) for c in unit.findings]
    return lines


def _dimension(report: HealthReport, d: DimensionHealth) -> list[str]:
    ended = d.tally
    counted = ended.passed + ended.failed + ended.waived
    stands = "unknown" if d.score is None else band_of(100 * d.score, report.settings)
    holds = f"{ended.passed:,} of {counted:,}" if counted else UNKNOWN
    return [
        plain(d.id), stands, number(d.weight), percent(d.score), percent(d.count), holds,
        f"{ended.waived:,}" if ended.waived else UNKNOWN,
        f"{d.lost:.1f}" if d.lost else UNKNOWN,
    ]  # fmt: skip


# -- weights -------------------------------------------------------------------------------


def _moves(report: HealthReport, moves: Sequence[WeightMove], paints: Paint) -> list[str]:
    names = {u.id: u.name for u in report.units}
    lines = [
        f"{paints.bold}If a weight were half less or half more{paints.off}",
        f"{paints.dim}One weight at a time; rank 1 is the highest score.{paints.off}",
    ]
    for move in moves:
        head = f"  {plain(move.dimension)} {number(move.weight_before)} → {number(move.weight)}:"
        if not move.units:
            lines.append(f"{head} no rank and no band changes")
            continue
        lines.append(f"{head} {plural(len(move.units), 'unit')} of {len(names):,} move")
        for unit in move.units[:MOST_TOLD]:
            rank = f"rank {_rank(unit.rank_before)} → {_rank(unit.rank)}"
            band = f", {unit.band_before} → {unit.band}" if unit.band != unit.band_before else ""
            scores = f"{score(unit.score_before)} → {score(unit.score)}"
            lines.append(f"    {short(names[unit.id], _NAME)}: {rank}, {scores}{band}")
        if len(move.units) > MOST_TOLD:
            lines.append(f"    and {len(move.units) - MOST_TOLD:,} more")
    return lines


def _rank(rank: int | None) -> str:
    return UNKNOWN if rank is None else str(rank)

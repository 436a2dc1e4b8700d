"""Engagement health as rows: what a filter finds in them, and what stands in their cells."""

from __future__ import annotations

from collections.abc import Iterator
from math import floor

from itgov.insight.healthtypes import (
    CapInForce,
    CostlyFinding,
    DimensionHealth,
    HealthReport,
    RankMove,
    UnitHealth,
    WeightMove,
)
from itgov.insight.scoring import band_of
from itgov.insight.sensitivity import sensitivity
from itgov.report.insight_words import UNKNOWN, at, number, percent, points, score
from itgov.report.words import plural
from itgov.tui.state.query import Query, Searchable
from itgov.tui.state.room import Room
from itgov.tui.views.formatting import SEVERITY_ROLES, SEVERITY_SIGNS, band, bar
from itgov.tui.widgets.styled_text import Cell, Span

HEALTH_FIELDS = (
    "unit", "band", "score", "coverage", "cap", "rule", "severity", "id", "message", "dimension",
    "path", "points", "uncapped", "waived",
)  # fmt: skip
"""What a filter can name: fields of a business unit, then those of the findings that cost it points."""

ALL, WEIGHTS = "*", "weights"
"""The first and the last of the ways to see a unit's health: all of it, and what hangs on weights."""
_BAR = 14
_IF_MOVED: Cell = (("if weights moved", "strong"),)


class _Fields:
    """The fields of a unit, or of a finding that costs it points, by name."""

    __slots__ = ("costly", "unit")

    def __init__(self, unit: UnitHealth, costly: CostlyFinding | None = None) -> None:
        self.unit = unit
        self.costly = costly

    def get(self, name: str) -> str | float | None:
        unit = self.unit
        match name:
            case "unit":
                return f"{unit.id}\n{unit.name}".lower()
            case "band":
                return unit.band
            case "score":
                return unit.score
            case "coverage":
                return unit.coverage
            case "cap":
                return "\n".join(c.because for c in unit.caps).lower()
        return self._of_finding(name)

    def _of_finding(self, name: str) -> str | float | None:
        if self.costly is None:
            return None
        found = self.costly.finding
        match name:
            case "id":
                return found.subject.id.lower()
            case "dimension":
                return "\n".join(self.costly.dimensions).lower()
            case "points":
                return self.costly.points
            case "uncapped":
                return self.costly.uncapped
            case "waived":
                return "yes" if found.waived else ""
        return str(getattr(found, name)).lower()


class HealthRows:
    """The health of one room's units, ready to be searched."""

    def __init__(self, room: Room, report: HealthReport) -> None:
        self.room = room
        self.report = report
        self.units = {u.id: u for u in report.units}
        self.costly: dict[str, dict[str, CostlyFinding]] = {}
        self.weights = tuple(sensitivity(report))
        self._search: dict[str, tuple[Searchable, list[tuple[str, Searchable]]]] = {}
        for unit in report.units:
            words = f"{unit.id}\n{unit.name}\n{unit.band}".lower()
            caps = "\n".join(c.because for c in unit.caps).lower()
            found = {c.finding.fingerprint: c for c in unit.findings}
            self.costly[unit.id] = found
            rows = [(row, _searchable(unit, words, c)) for row, c in found.items()]
            own = Searchable(f"{words}\n{caps}", _Fields(unit))  # type: ignore[arg-type]
            self._search[unit.id] = own, rows

    @property
    def total(self) -> int:
        """How many findings cost points, over all units."""
        return sum(len(c) for c in self.costly.values())

    def matching(self, sought: Query) -> dict[str, list[str]]:
        """Return the units that a filter finds, each with the findings it finds in it.

        A unit is found where it, or one of its findings, is.
        """
        result = {}
        for unit, (own, rows) in self._search.items():
            found = sought.select(rows)
            if found or sought.matches(own):
                result[unit] = found
        return result


def _searchable(unit: UnitHealth, words: str, costly: CostlyFinding) -> Searchable:
    f = costly.finding
    text = f"{words}\n{f.rule}\n{f.name}\n{f.message}\n{f.subject.id}\n{f.path}".lower()
    return Searchable(text, _Fields(unit, costly))  # type: ignore[arg-type]


# -- points ------------------------------------------------------------------------------------


def lost_points(unit: UnitHealth) -> dict[str, float]:
    """Return what each dimension, and the cap that holds, costs, to one decimal.

    The figures add up, as they are shown, to what the shown score is short of 100.
    """
    base = unit.score if unit.score is not None else unit.measured
    if base is None:
        return {}
    exact = {dimension_row(d): 10 * d.lost for d in unit.dimensions}
    if unit.capped_by is not None and unit.measured is not None and unit.score is not None:
        exact[cap_row(unit.caps.index(unit.capped_by))] = 10 * (unit.measured - unit.score)
    missing = 1000 - floor(base * 10 + 1e-6)
    tenths = {row: floor(value + 1e-6) for row, value in exact.items()}
    rest = missing - sum(tenths.values())
    by_rest = sorted((r for r in exact if exact[r] > 0), key=lambda r: tenths[r] - exact[r])
    for row in by_rest[: max(rest, 0)]:
        tenths[row] += 1
    return {row: value / 10 for row, value in tenths.items()}


def dimension_row(dimension: DimensionHealth) -> str:
    """Return the row of a dimension."""
    return f"d:{dimension.id}"


def cap_row(index: int) -> str:
    """Return the row of a unit's cap."""
    return f"c:{index}"


def ways(unit: UnitHealth) -> list[str]:
    """Return the rows that a unit's health opens to: all, caps, dimensions, weights."""
    caps = [cap_row(i) for i in range(len(unit.caps))]
    return [ALL, *caps, *(dimension_row(d) for d in unit.dimensions), WEIGHTS]


def cap_of(unit: UnitHealth, row: str) -> CapInForce | None:
    """Return the cap of a row."""
    kind, _, index = row.partition(":")
    if kind != "c" or not index.isdigit() or int(index) >= len(unit.caps):
        return None
    return unit.caps[int(index)]


def dimension_of(unit: UnitHealth, row: str) -> DimensionHealth | None:
    """Return the dimension of a row."""
    return next((d for d in unit.dimensions if dimension_row(d) == row), None)


# -- cells -------------------------------------------------------------------------------------


def unit_cells(unit: UnitHealth) -> tuple[Cell, ...]:
    """Return a unit's cells: name, band, score, coverage, cap, the step that gives most back."""
    cap: Cell = ""
    if unit.caps:
        holds = unit.capped_by is not None
        cap = ((f"≤{number(unit.caps[0].at_most)}", "error" if holds else "muted"),)
    return (
        unit.name, band(unit.band), score(unit.score), percent(unit.coverage), cap,
        _step(unit),
    )  # fmt: skip


def _step(unit: UnitHealth) -> Cell:
    cap, step = unit.capped_by, unit.next_steps[0] if unit.next_steps else None
    if cap is not None and (step is None or cap.points > step.points):
        gain = f"{points(cap.points)} without" if cap.points else "under"
        return ((f"{gain} the cap: ", "strong"), (cap.because, ""))
    if step is None:
        return (("·", "muted"),)
    f = step.finding
    return (
        (f"{points(step.points)} ", "strong"),
        (f"{SEVERITY_SIGNS[f.severity]} {f.rule} ", SEVERITY_ROLES[f.severity]),
        (f.message, ""),
    )


def way_cells(report: HealthReport, unit: UnitHealth, row: str) -> tuple[Cell, ...]:
    """Return the cells of all, a cap, a dimension, or the weights."""
    lost = lost_points(unit)
    if row == ALL:
        share = unit.score / 100 if unit.score is not None else None
        words = _missing(unit, lost)
        return (
            (("everything", "strong"),), band(unit.band),
((bar(share, _BAR), "accent"),), score(unit.score), "",
            "", _lost(round(sum(lost.values()), 1)), percent(unit.coverage), ((words, "muted"),),
        )  # fmt: skip
    if row == WEIGHTS:
        return _IF_MOVED, "", "", "", "", "", "", "", _swing(report)
    cap = cap_of(unit, row)
    if cap is not None:
        holds = cap == unit.capped_by
        stands: Cell = (("holds", "error"),) if holds else (("not reached", "muted"),)
        limit: Cell = ((f"cap at {number(cap.at_most)}", "error" if holds else ""),)
        return limit, stands, "", "", "", "", _lost(lost.get(row)), "", cap_words(unit, cap)
    dimension = dimension_of(unit, row)
    return _dimension(report, dimension, lost.get(row)) if dimension is not None else ()


def _dimension(report: HealthReport, d: DimensionHealth, lost: float | None) -> tuple[Cell, ...]:
    weights = sum(each.weight for each in report.units[0].dimensions) if report.units else 0
    weight = percent(d.weight / weights) if weights else number(d.weight)
    if d.score is None:
        return (
            d.id, (("? unknown", "muted"),), ((bar(None, _BAR), "muted"),), UNKNOWN, UNKNOWN,
            weight, UNKNOWN, ((percent(0.0), "muted"),), ((f"not known: {d.unknown}", "muted"),),
        )  # fmt: skip
    return (
        d.id, band(band_of(100 * d.score, report.settings)), ((bar(d.score, _BAR), "accent"),),
        percent(d.score), percent(d.count), weight, _lost(lost),
        ((percent(d.evidence), "" if d.evidence >= 1 else "warning"),), d.title,
    )  # fmt: skip


def _lost(value: float | None) -> Cell:
    return f"{value:.1f}" if value else ((UNKNOWN, "muted"),)


def _missing(unit: UnitHealth, lost: dict[str, float]) -> str:
    if unit.measured is None:
        return "nothing could be judged"
    gone = f"{sum(lost.values()):.1f} of 100 points are missing"
    return gone if unit.score is not None else f"too little is known for a score; of that, {gone}"


def _swing(report: HealthReport) -> Cell:
    return ((f"how far the ranks of {plural(len(report.units), 'unit')} hang on weights", "muted"),)


def cap_words(unit: UnitHealth, cap: CapInForce) -> str:
    """Return what a cap does, why, and what the score gains without it."""
    holds = cap == unit.capped_by
    words = f"{'capped at' if holds else 'could not pass'} {number(cap.at_most)}: {cap.because}"
    doubt = f" (could not be decided: {cap.unevaluated})" if cap.unevaluated else ""
    return f"{words}{doubt}{f', {points(cap.points)} without it' if cap.points else ''}"


def way_words(unit: UnitHealth, row: str, shown: int, whole: int) -> str:
    """Return a line over the findings of a way to see a unit's health."""
    told = (
        f"{shown:,} of {plural(whole, 'finding')}" if shown != whole else plural(whole, "finding")
    )
    cap = cap_of(unit, row)
    if cap is not None:
        return f"{unit.name}: {cap_words(unit, cap)}"
    d = dimension_of(unit, row)
    if d is None:
        cost = "costs" if shown == whole == 1 else "cost"
        return f"{unit.name}: {told} {cost} points"
    if d.unknown is not None:
        return f"{d.id}: not known: {d.unknown}"
    if d.place is not None:
        return f"{d.id}: from what is recorded, not from findings ({at(d.place)})"
    ended = d.tally
    counted = ended.passed + ended.failed + ended.waived
    waived = f", {ended.waived:,} waived" if ended.waived else ""
    bare = f", {d.without_spend:,} without spend" if d.without_spend else ""
    return f"{d.id}: {ended.passed:,} of {counted:,} hold{waived}{bare}; {told}"


def scale_words(report: HealthReport) -> str:
    """Return where the bands begin, and how much has to be known for a score."""
    s = report.settings
    return (
        f"healthy from {number(s.healthy)}, attention from {number(s.attention)}; "
        f"no score under {percent(s.enough_evidence)} coverage"
    )


def costly_cells(unit: UnitHealth, costly: CostlyFinding) -> tuple[Cell, ...]:
    """Return a finding's cells: its turn, points, rule, subject, message, dimensions, place."""
    f = costly.finding
    steps = [s.finding.fingerprint for s in unit.next_steps]
    turn: Cell = ""
    if f.fingerprint in steps:
        turn = ((f"{steps.index(f.fingerprint) + 1}.", "key"),)
    if f.waived:
        rule: tuple[Span, ...] = ((f"waived {f.rule}", "muted"),)
    else:
        sign = (f"{SEVERITY_SIGNS[f.severity]} ", SEVERITY_ROLES[f.severity])
        rule = (sign, (f.rule, "strong"))
    return (
        turn, points(costly.points),
        points(costly.uncapped) if costly.points < costly.uncapped else (("·", "muted"),), rule,
        f.subject.id, f.message, ", ".join(costly.dimensions), f"{f.path}:{f.line}",
    )  # fmt: skip


# -- weights -----------------------------------------------------------------------------------


def move_rows(rows: HealthRows, opened: set[str]) -> Iterator[str]:
    """Yield a row for each weight that is tried, and under an open one those of its units."""
    for index, move in enumerate(rows.weights):
        key = move_key(index, move)
        yield key
        if key in opened:
            yield from (f"{key}\n{unit.id}" for unit in move.units)


def move_key(index: int, move: WeightMove) -> str:
    """Return the row of a weight that is tried."""
    return f"{index}:{move.dimension}"


def move_of(rows: HealthRows, row: str) -> tuple[WeightMove | None, RankMove | None]:
    """Return what a row of the weights says: the weight, and the unit if it is one's."""
    key, _, unit = row.partition("\n")
    index = key.partition(":")[0]
    if not index.isdigit() or int(index) >= len(rows.weights):
        return None, None
    move = rows.weights[int(index)]
    return move, next((u for u in move.units if u.id == unit), None)


def move_cells(rows: HealthRows, row: str, selected: str | None) -> tuple[Cell, ...]:
    """Return the cells of a weight, or of a unit that it moves."""
    move, unit = move_of(rows, row)
    if move is None:
        return ()
    if unit is not None:
        bands = unit.band_before, unit.band
        return (
            rows.units[unit.id].name, "", f"{_rank(unit.rank_before)} → {_rank(unit.rank)}",
            f"{score(unit.score_before)} → {score(unit.score)}",
            ((f"{bands[0]} → {bands[1]}", "warning"),) if bands[0] != bands[1] else "",
        )  # fmt: skip
    changed = sum(u.band != u.band_before for u in move.units)
    here = next((u for u in move.units if u.id == selected), None)
    own: Cell = (("stays", "muted"),)
    if here is not None:
        own = f"rank {_rank(here.rank_before)} → {_rank(here.rank)}"
    told = f"{len(move.units):,} of {plural(len(rows.units), 'unit')} move"
    return (
        move.dimension, f"{number(move.weight_before)} → {number(move.weight)}",
        told if move.units else (("none moves", "muted"),), own,
        ((f"{plural(changed, 'band')} changes" if changed == 1 else f"{changed:,} bands change", "warning"),)
        if changed
        else "",
    )  # fmt: skip


def _rank(rank: int | None) -> str:
    return UNKNOWN if rank is None else str(rank)

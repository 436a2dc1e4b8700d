"""Engagement health as rows: what a filter finds in them, and what stands in their cells."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

from msgspec import Struct

from itgov.insight.health_types import (
    CapInForce,
    CostlyFinding,
    DimensionHealth,
    HealthReport,
    UnitHealth,
    unit_key,
)
from itgov.insight.scoring import band_of
from itgov.insight.sensitivity import sensitivity
from itgov.model.filter_query import Query, Searchable, Value
from itgov.model.finding import Finding
from itgov.model.text import plural
from itgov.report.figures import UNKNOWN, at
from itgov.report.health_words import cap_effect, weights
from itgov.report.points_lost import points_lost
from itgov.tui.columns import ColumnOf, Columns, filter_only
from itgov.tui.state.room import Room
from itgov.tui.state.row_filter import RowFilter
from itgov.tui.views.figures import exact, lost, number, percent, points, score
from itgov.tui.views.formatting import SEVERITY_LEGEND, SEVERITY_ROLES, SEVERITY_SIGNS, band, bar
from itgov.tui.widgets.styled_text import Cell

ALL, WEIGHTS = "*", "weights"
"""The first and the last row of the parts of a score: all of it, and its sensitivity to weights."""
_BAR = 14


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
            caps = _because(unit)
            found = {c.finding.fingerprint: c for c in unit.findings}
            self.costly[unit.id] = found
            rows = [(row, _searchable(unit, words, c)) for row, c in found.items()]
            own = UNITS.searchable(unit, f"{words}\n{caps}")
            self._search[unit.id] = own, rows

    @cached_property
    def row_filter(self) -> RowFilter[int]:
        """Return what a filter looks through: the units and the findings that cost points."""
        searched = [s for own, rows in self._search.values() for s in (own, *(r for _, r in rows))]
        return RowFilter(enumerate(searched))

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
    return COSTLY.searchable(CostlyRow(unit, costly), text)


# -- rows --------------------------------------------------------------------------------------


def dimension_row(dimension: DimensionHealth) -> str:
    """Return the row of a dimension."""
    return f"d:{dimension.id}"


def cap_row(index: int) -> str:
    """Return the row of a unit's cap."""
    return f"c:{index}"


def score_parts(unit: UnitHealth) -> list[str]:
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


def _because(unit: UnitHealth) -> str:
    return "\n".join(c.because for c in unit.caps).lower()


def _cap(unit: UnitHealth) -> Cell:
    if not unit.caps:
        return ""
    limit = number(unit.caps[0].at_most)
    if unit.capped_by is None:
        return ((f"({limit})", "muted"),)  # it would hold only above this score
    return ((number(unit.capped_by.at_most), "error"),)


def best_step(unit: UnitHealth) -> CapInForce | CostlyFinding | None:
    """Return what gives a unit most points: the cap that holds, to be lifted, or a finding to fix."""
    cap, step = unit.capped_by, unit.next_steps[0] if unit.next_steps else None
    return cap if cap is not None and (step is None or cap.points > step.points) else step


def _step(unit: UnitHealth) -> Cell:
    step = best_step(unit)
    if isinstance(step, CapInForce):
        cap = step
        gain = f"{points(cap.points)} without" if cap.points else "under"
        return ((f"{gain} the cap: ", "strong"), (cap.because, ""))
    if step is None:
        return (("·", "muted"),)
    return ((f"{points(step.points)} ", "strong"), (step.finding.message, ""))


UNITS: Columns[UnitHealth] = Columns(
    ColumnOf(
        "unit", "business unit", 16, flex=2, cell=lambda u: u.name, sort=lambda u: u.name.lower(),
        find=lambda u: f"{u.id}\n{u.name}".lower(),
    ),
    ColumnOf(
        "band", "band", 11, cell=lambda u: band(u.band), find=lambda u: u.band,
        sort=unit_key,
    ),
    ColumnOf(
        "score", "score", 6, right=True, cell=lambda u: score(u.score),
        sort=lambda u: u.score or -1.0, find=lambda u: u.score, holds="amount",
    ),
    ColumnOf(
        "coverage", "coverage", 8, right=True, drop=2, cell=lambda u: percent(u.coverage),
        sort=lambda u: u.coverage, find=lambda u: u.coverage, holds="amount",
    ),
    ColumnOf(
        "cap", "cap", 6, drop=3, cell=_cap, find=_because,
        sort=lambda u: min((c.at_most for c in u.caps), default=101.0),
    ),
    ColumnOf(
        "step", "best next step", 22, flex=5, drop=1, cell=_step,
        sort=lambda u: -max((s.uncapped for s in u.next_steps), default=0.0),
    ),
)  # fmt: skip


class ScorePart(Struct, frozen=True, kw_only=True):
    """A part of a unit's score as a row: all of it, a cap, a dimension, or its weights."""

    name: Cell
    status: Cell = ""
    bar: Cell = ""
    share: str = ""
    count: str = ""
    weight: str = ""
    lost: Cell = ""
    evidence: Cell = ""
    more: Cell = ""


SCORE_PARTS: Columns[ScorePart] = Columns(
    ColumnOf("name", "dimension", 19, flex=6, cell=lambda w: w.name),
    ColumnOf("status", "status", 11, cell=lambda w: w.status),
    ColumnOf("bar", "0 to 100%", _BAR, drop=4, cell=lambda w: w.bar),
    ColumnOf("share", "share", 5, right=True, cell=lambda w: w.share),
    ColumnOf("count", "by count", 8, right=True, drop=3, cell=lambda w: w.count),
    ColumnOf("weight", "weight", 6, right=True, drop=2, cell=lambda w: w.weight),
    ColumnOf("lost", "lost", 5, right=True, cell=lambda w: w.lost),
    ColumnOf("evidence", "evidence", 8, right=True, drop=5, cell=lambda w: w.evidence),
    ColumnOf("more", "notes", 20, flex=3, drop=9, cell=lambda w: w.more),
)


def score_part(report: HealthReport, unit: UnitHealth, row: str) -> ScorePart:
    """Return the part of a unit's score that a row stands for."""
    missing = points_lost(unit)
    if row == WEIGHTS:
        return ScorePart(name=(("sensitivity", "strong"),), more=_swing(report))
    cap, dimension = cap_of(unit, row), dimension_of(unit, row)
    if cap is not None:
        holds = cap == unit.capped_by
        return ScorePart(
            name=((f"cap at {number(cap.at_most)}", "error" if holds else ""),),
            status=(("applied", "error"),) if holds else (("not applied", "muted"),),
            lost=_lost(missing.cap if holds else None), more=cap_effect(unit, cap),
        )  # fmt: skip
    if dimension is not None:
        shown = weights(unit.dimensions)[unit.dimensions.index(dimension)]
        whole = sum(d.weight for d in unit.dimensions)
        weight = exact(shown, dimension.weight / whole if whole else dimension.weight)
        return _dimension(report, dimension, weight, missing.dimensions.get(dimension.id))
    share = unit.score / 100 if unit.score is not None else None
    return ScorePart(
        name=(("everything", "strong"),), status=band(unit.band),
        bar=((bar(share, _BAR), "accent"),), share=score(unit.score),
        lost=_lost(missing.total), evidence=percent(unit.coverage),
        more=((_missing(unit, missing.total), "muted"),),
    )  # fmt: skip


def _dimension(
    report: HealthReport, d: DimensionHealth, weight: str, costs: float | None
) -> ScorePart:
    if d.score is None:
        return ScorePart(
            name=d.title, status=(("? unknown", "muted"),), bar=((bar(None, _BAR), "muted"),),
            share=UNKNOWN, count=UNKNOWN, weight=weight, lost=UNKNOWN,
            evidence=((percent(0.0), "muted"),), more=((f"unknown: {d.unknown}", "muted"),),
        )  # fmt: skip
    return ScorePart(
        name=d.title, status=band(band_of(100 * d.score, report.settings)),
        bar=((bar(d.score, _BAR), "accent"),), share=percent(d.score),
        count=percent(d.count), weight=weight, lost=_lost(costs),
        evidence=((percent(d.evidence), "" if d.evidence >= 1 else "warning"),),
        more=((d.because, "error"),),
    )  # fmt: skip


def _lost(value: float | None) -> Cell:
    return ((lost(value), "" if value else "muted"),)


def _missing(unit: UnitHealth, points_missing: float) -> str:
    if unit.measured is None:
        return "nothing could be judged"
    gone = f"{points_missing:.1f} of 100 points are missing"
    return gone if unit.score is not None else f"too little evidence for a score; {gone}"


def _swing(report: HealthReport) -> Cell:
    return ((f"ranks of {plural(len(report.units), 'unit')} with other weights", "muted"),)


def part_words(unit: UnitHealth, row: str, shown: int, whole: int) -> str:
    """Return a line over the findings of a part of a unit's score."""
    told = (
        f"{shown:,} of {plural(whole, 'finding')}" if shown != whole else plural(whole, "finding")
    )
    cap = cap_of(unit, row)
    if cap is not None:
        return f"{unit.name}: {cap_effect(unit, cap)}"
    d = dimension_of(unit, row)
    if d is None:
        return f"{unit.name}: {told} with points lost"
    if d.unknown is not None:
        return f"{d.title}: unknown: {d.unknown}"
    if d.place is not None:
        return f"{d.title}: points lost without a finding ({at(d.place)})"
    ended = d.tally
    counted = ended.passed + ended.failed + ended.waived
    waived = f", {ended.waived:,} waived" if ended.waived else ""
    bare = f", {d.without_spend:,} without spend" if d.without_spend else ""
    return f"{d.title}: {ended.passed:,} of {counted:,} passed{waived}{bare}; {told}"


class CostlyRow(Struct, frozen=True):
    """A finding that costs a unit points, as a row."""

    unit: UnitHealth
    costly: CostlyFinding

    @property
    def finding(self) -> Finding:
        """The finding."""
        return self.costly.finding

    @property
    def titles(self) -> list[str]:
        """The titles of the dimensions that lose points by it."""
        return [d.title for d in self.unit.dimensions if d.id in self.costly.dimensions]


def _turn(c: CostlyRow) -> Cell:
    steps = [s.finding.fingerprint for s in c.unit.next_steps]
    at = c.finding.fingerprint
    return ((f"{steps.index(at) + 1}.", "key"),) if at in steps else ""


def _uncapped(c: CostlyRow) -> Cell:
    held = c.costly.points < c.costly.uncapped
    return points(c.costly.uncapped) if held else (("·", "muted"),)


def _rule(c: CostlyRow) -> Cell:
    f = c.finding
    if f.waived:
        return ((f"waived {f.rule}", "muted"),)
    return ((f"{SEVERITY_SIGNS[f.severity]} ", SEVERITY_ROLES[f.severity]), (f.rule, "strong"))


def _of_unit(key: str, find: Callable[[UnitHealth], Value]) -> ColumnOf[CostlyRow]:
    return filter_only(key, lambda c: find(c.unit), UNITS.fields[key])


COSTLY: Columns[CostlyRow] = Columns(
    *(_of_unit(key, find) for key, find in UNITS.finds.items()),
    ColumnOf("turn", "#", 2, cell=_turn),
    ColumnOf(
        "points", "gained", 6, right=True,
        cell=lambda c: points(c.costly.points), find=lambda c: c.costly.points, holds="amount",
    ),
    ColumnOf(
        "uncapped", "uncapped", 8, right=True, drop=1, legend=("· as gained",),
        cell=_uncapped, find=lambda c: c.costly.uncapped, holds="amount",
    ),
    ColumnOf("rule", "rule", 10, legend=SEVERITY_LEGEND, cell=_rule, find=lambda c: c.finding.rule.lower()),
    filter_only("severity", lambda c: c.finding.severity),
    ColumnOf(
        "id", "subject", 9, flex=1, drop=3,
        cell=lambda c: c.finding.subject.id, find=lambda c: c.finding.subject.id.lower(),
    ),
    ColumnOf(
        "message", "finding", 24, flex=5,
        cell=lambda c: c.finding.message, find=lambda c: c.finding.message.lower(),
    ),
    ColumnOf(
        "dimension", "dimension", 14, drop=5, cell=lambda c: ", ".join(c.titles),
        find=lambda c: "\n".join((*c.costly.dimensions, *c.titles)).lower(),
    ),
    ColumnOf(
        "path", "where", 27, flex=1, drop=4, cell=lambda c: f"{c.finding.path}:{c.finding.line}",
        find=lambda c: c.finding.path.lower(),
    ),
    filter_only("waived", lambda c: "yes" if c.finding.waived else ""),
)  # fmt: skip
"""A filter names what there is to know of the unit too."""

"""How the ranking of the units moves when one weight does: how much it hangs on our choices."""

from __future__ import annotations

from collections.abc import Mapping

from itgov.insight.health_types import Band, HealthReport, RankMove, UnitHealth, WeightMove
from itgov.insight.scoring import band_of, part_of, score_of, total

FACTORS = (0.5, 1.5)
"""Each weight is tried at half less and half more."""


def sensitivity(report: HealthReport) -> tuple[WeightMove, ...]:
    """Return what follows when each dimension's weight is halved, and raised by half."""
    if not report.units:
        return ()
    before = {unit.id: unit.score for unit in report.units}
    places = ranks(before)
    found = []
    for index, dimension in enumerate(report.units[0].dimensions):
        if not dimension.weight:
            continue
        for factor in FACTORS:
            weight = dimension.weight * factor
            after = {unit.id: _rescored(report, unit, index, weight) for unit in report.units}
            moved = ranks(after)
            changes = []
            for unit in report.units:
                score = after[unit.id]
                band: Band = band_of(score, report.settings)
                if moved.get(unit.id) != places.get(unit.id) or band != unit.band:
                    changes.append(
                        RankMove(
                            id=unit.id,
                            score=score,
                            band=band,
                            rank=moved.get(unit.id),
                            score_before=unit.score,
                            band_before=unit.band,
                            rank_before=places.get(unit.id),
                        )
                    )
            found.append(WeightMove(dimension.id, weight, dimension.weight, tuple(changes)))
    return tuple(found)


def _rescored(report: HealthReport, unit: UnitHealth, changed: int, weight: float) -> float | None:
    parts = (
        part_of(d, weight if index == changed else None) for index, d in enumerate(unit.dimensions)
    )
    at_most = min((cap.at_most for cap in unit.caps), default=None)
    return score_of(total(parts), at_most, report.settings)


def ranks(scores: Mapping[str, float | None]) -> dict[str, int]:
    """Return the place of each unit that has a score, the best first; equal scores share one."""
    ordered = sorted((s for s in scores.values() if s is not None), reverse=True)
    first: dict[float, int] = {}
    for place, score in enumerate(ordered, start=1):
        first.setdefault(score, place)
    return {unit: first[s] for unit, s in scores.items() if s is not None}

"""What each dimension of a score costs, in figures that add up as they are shown."""

from __future__ import annotations

from math import floor

from msgspec import Struct

from itgov.insight.health_types import UnitHealth
from itgov.report.figures import tenths

_CAP = ""  # no dimension has this id


class PointsLost(Struct, frozen=True):
    """The points that a unit lacks to 100, to one decimal: what each dimension costs, and the cap."""

    dimensions: dict[str, float]
    cap: float

    @property
    def total(self) -> float:
        """What the shown score is short of 100."""
        return round(sum(self.dimensions.values()) + self.cap, 1)


def points_lost(unit: UnitHealth) -> PointsLost:
    """Return what each dimension, and the cap in force, costs.

    Tenths left over by rounding down go to the figures that lost most by it.
    """
    base = unit.score if unit.score is not None else unit.measured
    if base is None:
        return PointsLost({}, 0)
    exact = {d.id: 10 * d.lost for d in unit.dimensions}
    if unit.capped_by is not None and unit.measured is not None and unit.score is not None:
        exact[_CAP] = 10 * (unit.measured - unit.score)
    found = {key: floor(value + 1e-6) for key, value in exact.items()}
    rest = 1000 - tenths(base) - sum(found.values())
    by_rest = sorted((k for k in exact if exact[k] > 0), key=lambda k: found[k] - exact[k])
    for key in by_rest[: max(rest, 0)]:
        found[key] += 1
    cap = found.pop(_CAP, 0)
    return PointsLost({key: value / 10 for key, value in found.items()}, cap / 10)

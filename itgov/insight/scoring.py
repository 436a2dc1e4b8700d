"""The arithmetic of a score: weights, evidence, caps, bands.  Pure, and small enough to check.

    score    = 100 × Σ weight × held / Σ weight × counted, at most the lowest cap in force
    coverage =       Σ weight × evidence / Σ weight

`held` is the share of what a dimension applies to that holds, `evidence` the share of it that
could be judged at all.  That much of it is `counted`; all of it where a decisive rule fails: then
nothing holds, whatever could not be judged.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from itgov.insight.health_types import Band, DimensionHealth, Settings

PRECISION = 9
"""Decimals kept of a score, so that 75 is 75 whatever the order of a sum."""


class DimensionPart(Struct, gc=False):
    """What one dimension brings to the total."""

    weight: float
    held: float
    evidence: float
    counted: float


class Total(Struct, frozen=True, gc=False):
    """A score before it is banded."""

    measured: float | None
    """Of the part that could be judged, before caps; None where nothing could be."""
    coverage: float


def part_of(dimension: DimensionHealth, weight: float | None = None) -> DimensionPart:
    """Return what a dimension brings to the total, perhaps with another weight."""
    held = (dimension.score or 0.0) * dimension.evidence
    return DimensionPart(
        dimension.weight if weight is None else weight,
        held,
        dimension.evidence,
        1.0 if dimension.decided_by else dimension.evidence,
    )


def total(parts: Iterable[DimensionPart]) -> Total:
    """Return score and coverage of some parts."""
    held = counted = judged = weight = 0.0
    for part in parts:
        held += part.weight * part.held
        counted += part.weight * part.counted
        judged += part.weight * part.evidence
        weight += part.weight
    if counted <= 0:
        return Total(None, 0.0)
    return Total(tidy(100 * held / counted), min(tidy(judged / weight), 1.0))


def tidy(value: float) -> float:
    """Return a number between 0 and 100 without the noise of a sum."""
    within = value if 0.0 <= value <= 100.0 else min(max(value, 0.0), 100.0)
    return round(within, PRECISION)


def capped(measured: float, at_most: float | None) -> float:
    """Return a score with the lowest cap in force applied."""
    return measured if at_most is None else min(measured, at_most)


def score_of(found: Total, at_most: float | None, settings: Settings) -> float | None:
    """Return the score, or None where there is not enough evidence for one."""
    if found.measured is None or found.coverage + 1e-9 < settings.enough_evidence:
        return None
    return capped(found.measured, at_most)


def band_of(score: float | None, settings: Settings) -> Band:
    """Return the word for a score."""
    if score is None:
        return "insufficient evidence"
    if score >= settings.healthy:
        return "healthy"
    return "attention" if score >= settings.attention else "at risk"

"""What engagement health says in words, the same on a screen and in every format."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from itgov.insight.health_types import (
    BANDS,
    CapInForce,
    DimensionHealth,
    HealthReport,
    Settings,
    UnitHealth,
)
from itgov.report.figures import UNKNOWN, half_up, number, percent, points


def cap_effect(unit: UnitHealth, cap: CapInForce) -> str:
    """Return what a cap does, why, and what the score gains without it."""
    limit = number(cap.at_most)
    words = f"Capped at {limit}" if cap == unit.capped_by else f"Would be capped at {limit}"
    doubt = f" (not evaluated: {cap.unevaluated})" if cap.unevaluated else ""
    gain = f", {points(cap.points)} points without it" if cap.points else ""
    return f"{words}: {cap.because}{doubt}{gain}"


def reason_words(unit: UnitHealth) -> str:
    """Return why a unit is in its band: the cap that holds, or where it loses the most points, and how many."""
    if unit.capped_by is not None:
        return unit.capped_by.because
    if unit.score is None:
        return f"{percent(unit.coverage)} of the weight could be judged"
    most = max(unit.dimensions, key=lambda d: d.lost, default=None)
    if most is None or not most.lost:
        return "no points lost"
    return f"{most.title} −{half_up(most.lost, 1):.1f}"


def bands_words(units: Sequence[UnitHealth], short: bool = False) -> str:
    """Return how many units are in each band: "1 at risk, 3 attention"; `short`: in one word less."""
    found = Counter(u.band for u in units)
    words = ", ".join(f"{found[b]:,} {b}" for b in BANDS if found[b])
    return words.replace("insufficient evidence", "insufficient") if short else words


def rank_words(before: int | None, after: int | None) -> str:
    """Return how a rank changes with a weight."""
    ranks = (UNKNOWN if rank is None else str(rank) for rank in (before, after))
    return " → ".join(ranks)


def decided_words(dimensions: Sequence[DimensionHealth]) -> list[str]:
    """Return which dimensions count nothing because a decisive rule fails, and what is wrong."""
    return [f"{d.title} counts 0: {d.because}" for d in dimensions if d.decided_by]


def dimension_titles(report: HealthReport) -> dict[str, str]:
    """Return the titles of the dimensions of engagement health by id."""
    return {d.id: d.title for unit in report.units[:1] for d in unit.dimensions}


def weights(dimensions: Sequence[DimensionHealth]) -> list[str]:
    """Return the weight of each dimension, as a share of all of them."""
    whole = sum(d.weight for d in dimensions)
    return [percent(d.weight / whole) if whole else number(d.weight) for d in dimensions]


def scale_words(s: Settings) -> str:
    """Return where the bands begin, and how much has to be known for a score."""
    return (
        f"Healthy from {number(s.healthy)}, attention from {number(s.attention)}; "
        f"no score under {percent(s.enough_evidence)} coverage"
    )


def settings_words(s: Settings) -> str:
    """Return whose weights, bands and caps these are."""
    if s.own_file is None:
        return "Standard weights, bands and caps; set your own in rules/health.yaml."
    return f"Weights, bands and caps are this organisation's own ({s.own_file})."

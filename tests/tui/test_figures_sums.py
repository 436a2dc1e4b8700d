"""What is shown adds up, whatever the figures are."""

from __future__ import annotations

from math import floor

from hypothesis import given
from hypothesis import strategies as st

from itgov.insight.health_types import CapInForce, DimensionHealth, UnitHealth
from itgov.insight.value_types import Buckets
from itgov.model.finding import Place
from itgov.model.reach import REACH_GROUPS, REACHES
from itgov.model.rulebook import Tally
from itgov.report.figures import UNKNOWN
from itgov.report.points_lost import points_lost
from itgov.tui.views.value_cells import GLYPHS, reach_bar

shares = st.floats(0, 1)
weights = st.floats(0.1, 100)


def unit_of(parts: list[tuple[float, float]], cap: float | None) -> UnitHealth:
    """Return a unit that scores as its dimensions say, under a cap perhaps."""
    whole = sum(weight for weight, _ in parts)
    measured = 100 * sum(weight * share for weight, share in parts) / whole
    dimensions = tuple(
        DimensionHealth(
            str(i), "", weight, share, share, 1.0, Tally(), lost=100 * weight * (1 - share) / whole
        )
        for i, (weight, share) in enumerate(parts)
    )
    caps = (CapInForce(cap, "", Place("a"), 0.0),) if cap is not None else ()
    holds = cap is not None and cap < measured
    return UnitHealth(
        "a", "A", Place("a"), cap if holds else measured, "attention", 1.0, measured,
        caps[0] if holds else None, caps, dimensions, (), (),
    )  # fmt: skip


@given(st.lists(st.tuples(weights, shares), min_size=1, max_size=9), st.none() | st.floats(0, 100))
def test_the_points_lost_as_shown_add_up_to_what_the_shown_score_is_short_of(
    parts: list[tuple[float, float]], cap: float | None
) -> None:
    unit = unit_of(parts, cap)
    assert unit.score is not None
    shown = floor(unit.score * 10 + 1e-6)
    lost = points_lost(unit)
    figures = [*lost.dimensions.values(), lost.cap]
    assert sum(round(10 * value) for value in figures) == round(10 * lost.total) == 1000 - shown
    assert all(value >= 0 for value in figures)


@given(st.lists(st.floats(0, 1e12), min_size=8, max_size=8), st.integers(8, 60))
def test_a_bar_of_reach_is_as_wide_as_asked_and_shows_every_group_there_is(
    amounts: list[float], width: int
) -> None:
    buckets = Buckets(*amounts)
    drawn = "".join(text for text, _ in reach_bar(buckets, width))
    if buckets.total <= 0:
        assert drawn == UNKNOWN
        return
    assert len(drawn) == width
    for group in REACH_GROUPS:
        amount = sum(a for r, a in zip(REACHES, amounts, strict=True) if r in group.reaches)
        assert (GLYPHS[group.key][0] in drawn) is (amount > 0)

"""What the trend draws and says: scales that fit the values, and changes as an arrow and a number."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itgov.tui.views.trend_figures import FIGURES, Figure, scale

SCORES = st.lists(st.none() | st.floats(0, 100), max_size=30)


@given(SCORES, st.sampled_from([f for f in FIGURES if f.top == 100.0]))
def test_a_plot_is_as_high_as_its_values_need(values: list[float | None], figure: Figure) -> None:
    low, top = scale(values, figure)
    assert 0 <= low < top <= 100
    known = [v for v in values if v is not None]
    if known:
        assert low <= min(known)
        assert max(known) <= top
        assert top - low <= max(4 * (max(known) - min(known)), max(known) * 0.2, 1e-8)


@given(st.lists(st.none() | st.integers(0, 5_000).map(float), max_size=30))
def test_counts_have_whole_numbers_on_their_scale(values: list[float | None]) -> None:
    figure = next(f for f in FIGURES if f.key == "errors")
    low, top = scale(values, figure)
    known = [v for v in values if v is not None]
    if known:
        assert low <= min(known) <= max(known) <= top
        assert low == int(low)
        assert ((low + top) / 2).is_integer()


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ((70.0, None, 72.5), "▲ +2.5"), ((72.5, 70.0), "▼ -2.5"), ((70.0, 70.0), "no change"),
        ((None, 70.0), ""), ((70.0, None), ""), ((), ""),
    ],
)  # fmt: skip
def test_a_course_is_an_arrow_and_a_number(values: tuple[float | None, ...], said: str) -> None:
    assert "".join(text for text, _ in FIGURES[0].course(values)) == said

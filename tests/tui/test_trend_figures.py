"""What the trend draws and says: scales that fit the values, and changes as an arrow and a number."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itgov.report.figures import UNKNOWN
from itgov.tui.views.formatting import score_moved
from itgov.tui.views.trend_figures import FIGURES, Figure, scale
from itgov.tui.views.trend_rows import UNITS, UnitLine
from itgov.tui.widgets.styled_text import text_of

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


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (70.0, 72.46, "▲ +2.4"), (72.4, 70.0, "▼ -2.4"), (70.01, 70.04, "= 0.0"),
        (None, 70.0, UNKNOWN), (70.0, None, UNKNOWN),
    ],
)  # fmt: skip
def test_a_units_change_is_an_arrow_and_a_number(
    before: float | None, after: float | None, said: str
) -> None:
    assert text_of(score_moved(before, after)) == said


@pytest.mark.parametrize(
    ("values", "drawn"),
    [((70.0, 70.0, 70.2), ""), ((50.0, 60.0, 75.0), "▂▅█"), ((None, 70.0), "")],
)
def test_a_course_is_drawn_only_where_it_is_not_flat(
    values: tuple[float | None, ...], drawn: str
) -> None:
    line = UnitLine("Retail", FIGURES[0], values)
    spark = next(c for c in UNITS.shown if c.key == "spark")
    assert text_of(spark.cell(line)) == drawn

"""Amounts and points as people round them."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itgov.report.figures import lost, money


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        (0, "0"), (999, "999"), (999.6, "1.0k"), (956_000, "956.0k"), (999_940, "999.9k"), (999_960, "1.0m"),
        (15_350_000, "15.4m"), (1_150_000, "1.2m"), (3_050_000, "3.1m"), (-3_050_000, "-3.1m"),
        (999_960_000, "1.0bn"), (2_500_000_000_000, "2,500.0bn"),
    ],
)  # fmt: skip
def test_an_amount_is_in_the_unit_in_which_it_is_below_a_thousand(
    amount: float, shown: str
) -> None:
    assert money(amount) == shown


@given(st.integers(1_000, 999_949_999))
def test_an_amount_is_rounded_as_on_paper(amount: int) -> None:
    shown = money(amount)
    size = {"k": 1_000, "m": 1_000_000}[shown[-1]]
    wanted = (Decimal(amount) / size).quantize(Decimal("0.1"), ROUND_HALF_UP)
    assert Decimal(shown[:-1]) == wanted
    assert 1 <= wanted < 1000


@pytest.mark.parametrize(("points", "shown"), [(1.25, "1.3"), (3.75, "3.8"), (0.04, "0.0")])
def test_points_are_rounded_alike(points: float, shown: str) -> None:
    assert lost(points) == shown

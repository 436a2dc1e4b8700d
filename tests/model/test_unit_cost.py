"""What one unit of a service costs, by closed fiscal year."""

from __future__ import annotations

from typing import Any

from itgov.model.types import Investment, Spend, Volume
from itgov.model.unit_cost import unit_costs


def service(spend: list[tuple[int, Any, Any]], volumes: list[tuple[int, str, float]]) -> Investment:
    return Investment(
        id="S", title="S", type="service",
        spend=[Spend(year=y, budget=b, actual=a) for y, b, a in spend],
        volumes=[Volume(year=y, unit=u, count=c) for y, u, c in volumes],
    )  # fmt: skip


def test_a_units_cost_is_the_years_spend_by_its_count_and_has_a_trend():
    found = unit_costs(
        service(
            [(2023, None, 900), (2024, 1000, 1000), (2025, 1200, None), (2026, 5, 5)],
            [(2025, "claim", 100), (2023, "claim", 90), (2024, "claim", 100), (2026, "claim", 1)],
        ),
        2026,
    )
    assert [(c.year, c.cost, c.from_budget) for c in found] == [
        (2023, 10, False), (2024, 10, False), (2025, 12, True),
    ]  # fmt: skip
    assert [c.change for c in found] == [None, 0, 12 / 10 - 1]


def test_each_unit_has_the_whole_spend_and_rows_of_a_year_add_up():
    found = unit_costs(
        service(
            [(2025, None, 60), (2025, None, 40)],
            [(2025, "claim", 3), (2025, "letter", 50), (2025, " claim ", 2)],
        ),
        2026,
    )
    assert [(c.unit, c.count, c.cost) for c in found] == [("claim", 5, 20), ("letter", 50, 2)]


def test_nothing_served_no_money_and_a_gap_give_no_cost_or_no_trend():
    found = unit_costs(
        service(
            [(2022, None, 1), (2023, None, 1), (2025, None, 2)],
            [(2022, "claim", 1), (2023, "claim", 0), (2024, "claim", 1), (2025, "claim", 1)],
        ),
        2026,
    )
    assert [(c.year, c.change) for c in found] == [(2022, None), (2025, None)]
    investment = Investment(id="I", title="I", volumes=[Volume(year=2025, unit="x", count=1)])
    assert unit_costs(investment, 2026) == []

"""Who speaks for a unit, and how much of its spend promises nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

ITEM = "investments: [{id: A, title: A, stage: %s, spend: [{year: 2026, budget: 100}], outcomes: [%s]}]"
MEASURED = "{id: m%d, measure: Days, baseline: 9, target: 5}"
MONEY = "{id: v%d, value: 10}"
WORDS = "{id: w%d, statement: Better service}"


@pytest.mark.parametrize(
    ("managers", "people", "wanted"),
    [
        ("[{person: lena, serves: [u]}]", "{id: lena, name: L}", True),
        ("[{person: lena, serves: [u, v]}]", "{id: lena, name: L, left: 2026-11-24}", True),
        ("[{person: lena, serves: [u]}]", "{id: lena, name: L, left: 2026-11-23}", False),
        ("[{person: lena, serves: [v]}]", "{id: lena, name: L}", False),
        ("[{person: lena}]", "{id: lena, name: L}", False),
        ("[]", "{id: lena, name: L}", False),
        ("[{person: tbd, serves: [u]}]", "{id: tbd, name: L}", False),
        ("[{person: lena, serves: [u]}]", "{id: other, name: L}", False),
        (
            "[{person: tbd, serves: [u]}, {person: lena, serves: [u]}]",
            "{id: lena, name: L}",
            True,
        ),
    ],
)
def test_who_speaks_for_a_unit_is_listed_serves_it_and_has_not_left(
    portfolio: Callable[..., Any], managers: str, people: str, wanted: bool
) -> None:
    found = portfolio(
        "business_unit: {id: u, relationship_manager: lena}\n",
        people=f"people: [{people}]\nrelationship_managers: {managers}\n",
        v="business_unit: {id: v}\n",
        sound=False,
    )
    assert found.units["u"].facts.has_manager is wanted


def test_who_may_be_listed_in_a_broken_file_is_unknown(portfolio: Callable[..., Any]) -> None:
    found = portfolio(
        "business_unit: {id: u}\n", organisation="people: [{\n", people="", sound=False
    )
    assert found.units["u"].facts.has_manager is None


@pytest.mark.parametrize(
    ("stage", "outcomes", "live", "nothing"),
    [
        ("live", MEASURED % 1, 100, 0),
        ("live", MONEY % 1, 100, 0),
        ("live", WORDS % 1, 100, 100),
        ("live", "", 100, 100),
        ("delivering", ", ".join([MONEY % 1, *(WORDS % n for n in (1, 2, 3))]), 100, 75),
        ("live", "{id: x, measure: Days, baseline: 9}", 100, 100),
        ("live", "{id: x, value: 0}", 100, 100),
        ("live", "{id: x, value: -5}", 100, 100),
        ("live", "{id: x, profile: [{year: 2027, value: 5}]}", 100, 0),
        ("proposed", WORDS % 1, 0, 0),
        ("stopped", WORDS % 1, 0, 0),
        ("retired", WORDS % 1, 0, 0),
    ],
)
def test_what_promises_neither_money_nor_a_measured_outcome(
    unit: Callable[..., Any], stage: str, outcomes: str, live: int, nothing: int
) -> None:
    facts = unit(ITEM % (stage, outcomes))
    assert (facts.spend_live, facts.spend_without_promise) == (live, nothing)


def test_outcomes_that_are_withheld_are_not_judged(unit: Callable[..., Any]) -> None:
    facts = unit(
        "investments: [{id: A, title: A, stage: live, spend: [{year: 2026, budget: 100}],"
        " withheld: {outcomes: Commercially sensitive}}]"
    )
    assert (facts.spend_live, facts.spend_without_promise) == (0, 0)

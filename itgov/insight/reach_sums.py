"""Sums of money by how far its chains reach, exact: an item's money is divided among its outcomes.

Amounts are added as whole millionths of the currency.  What does not divide equally goes to the
later steps, so that the parts of every amount add up to it.
"""

from __future__ import annotations

from typing import NamedTuple

from itgov.insight.value_types import Buckets, Pair
from itgov.model.portfolio import InvestmentEntry
from itgov.model.reach import RANK, REACHES

_PARTS = 1_000_000


def parts_of(amount: float) -> int:
    """Return an amount in millionths, the nearest whole number of them."""
    return round(amount * _PARTS)


class Split(NamedTuple):
    """How the money of an item is divided: how many of its outcomes reach each step."""

    steps: tuple[tuple[int, int], ...]
    """Rank of a step, and the number of outcomes that reach just that or less."""
    of: int
    least: int
    """The rank that all outcomes reach."""
    overdue: int
    """Number of outcomes that are overdue."""


def split_of(entry: InvestmentEntry) -> Split:
    """Return how the money of an item is divided among its outcomes."""
    outcomes = entry.outcomes
    if len(outcomes) < 2:  # most have one
        rank = RANK[entry.facts.line_of_sight]
        return Split(((rank, 1),), 1, rank, int(bool(outcomes) and outcomes[0].facts.overdue))
    ranks = sorted([RANK[outcome.facts.line_of_sight] for outcome in outcomes])
    steps = {rank: upto for upto, rank in enumerate(ranks, 1)}
    overdue = sum([outcome.facts.overdue for outcome in outcomes])
    return Split(tuple(steps.items()), len(ranks), ranks[0], overdue)


class ReachSum:
    """A budget and what was spent, by reach, while items are added to it."""

    __slots__ = ("actual", "budget", "least", "overdue_actual", "overdue_budget")

    def __init__(self) -> None:
        self.budget = [0] * len(REACHES)
        self.actual = [0] * len(REACHES)
        self.least = [0] * len(REACHES)
        """Budget of whole items by the step that all of their outcomes reach."""
        self.overdue_budget = self.overdue_actual = 0

    def add(self, split: Split, budget: int, actual: int) -> None:
        """Add amounts of an item, in millionths."""
        steps, of, least, overdue = split
        self.least[least] += budget
        if len(steps) == 1:
            self.budget[least] += budget
            self.actual[least] += actual
        else:
            before_budget = before_actual = 0
            for rank, count in steps:
                upto_budget, upto_actual = budget * count // of, actual * count // of
                self.budget[rank] += upto_budget - before_budget
                self.actual[rank] += upto_actual - before_actual
                before_budget, before_actual = upto_budget, upto_actual
        if overdue:
            self.overdue_budget += budget * overdue // of
            self.overdue_actual += actual * overdue // of

    def add_sum(self, other: ReachSum) -> None:
        """Add all that another sum holds."""
        for mine, others in (
            (self.budget, other.budget),
            (self.actual, other.actual),
            (self.least, other.least),
        ):
            mine[:] = map(int.__add__, mine, others)
        self.overdue_budget += other.overdue_budget
        self.overdue_actual += other.overdue_actual

    @property
    def budgets(self) -> Buckets:
        """The budget by reach."""
        return _buckets(self.budget)

    @property
    def actuals(self) -> Buckets:
        """What was spent, by reach."""
        return _buckets(self.actual)

    @property
    def budget_whole(self) -> Buckets:
        """By step, the budget of the items all of whose outcomes reach it."""
        found, upto = [], 0
        for amount in reversed(self.least):
            upto += amount
            found.append(upto)
        return _buckets(found[::-1])

    @property
    def overdue(self) -> Pair:
        """The part of the money whose outcomes are overdue."""
        return Pair(self.overdue_budget / _PARTS, self.overdue_actual / _PARTS)


def _buckets(parts: list[int]) -> Buckets:
    return Buckets(*[amount / _PARTS for amount in parts])

"""Computing the facts of a business unit that the caps of engagement health ask for."""

from __future__ import annotations

from itgov.model.nobody import is_named
from itgov.model.portfolio import InvestmentEntry, OutcomeEntry, Portfolio, UnitEntry
from itgov.model.reach import RANK


def derive_caps(unit: UnitEntry, portfolio: Portfolio) -> None:
    """Fill in who speaks for a unit, and how much of its spend promises nothing.

    The facts of its items, and `relationship_managers`, are known already.
    """
    facts = unit.facts
    served = any(_is_here(person, portfolio) for person in facts.relationship_managers)
    facts.has_manager = served or (None if portfolio.lost.people else False)
    for entry in unit.investments:
        if is_under_way(entry) and not (
            entry.record.withheld.get("outcomes") or entry.facts.spend_total <= 0
        ):
            facts.spend_live += entry.facts.spend_total
            empty = sum(not promises(outcome) for outcome in entry.outcomes)
            share = empty / len(entry.outcomes) if entry.outcomes else 1
            facts.spend_without_promise += entry.facts.spend_total * share


def _is_here(person: str, portfolio: Portfolio) -> bool:
    """Say whether a relationship manager is somebody who is known and has not left."""
    known = portfolio.people.get(person)
    return is_named(person) and known is not None and known.facts.is_active


def is_under_way(entry: InvestmentEntry) -> bool:
    """Say whether an item is neither proposed, retired nor stopped."""
    return entry.facts.is_active and entry.record.stage != "proposed"


def promises(outcome: OutcomeEntry) -> bool:
    """Say whether an outcome promises money, or a measure with baseline and target."""
    record = outcome.record
    money = (record.value or 0) > 0 or any(year.value > 0 for year in record.profile)
    return money or RANK[outcome.facts.line_of_sight] >= RANK["target"]

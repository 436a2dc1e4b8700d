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
        live = live_spend(entry)
        facts.spend_live += live
        if live:
            facts.spend_without_promise += _unpromised(entry, live)


def live_spend(entry: InvestmentEntry) -> float:
    """Return the spend of an item that is under way and does not withhold its outcomes."""
    if not is_under_way(entry) or entry.record.withheld.get("outcomes"):
        return 0
    return max(entry.facts.spend_total, 0)


def unpromised_spend(entry: InvestmentEntry) -> float:
    """Return what of that is of outcomes that promise nothing, the spend divided equally among them."""
    return _unpromised(entry, live_spend(entry))


def _unpromised(entry: InvestmentEntry, live: float) -> float:
    if not live or not entry.outcomes:
        return live
    return live * (sum([not promises(o) for o in entry.outcomes]) / len(entry.outcomes))


def improved_spend(entry: InvestmentEntry) -> float:
    """Return what of an item's spend is of outcomes that are improved or at their target."""
    if not entry.facts.outcomes_improved:
        return 0
    return entry.facts.spend_total * entry.facts.outcomes_improved / len(entry.outcomes)


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

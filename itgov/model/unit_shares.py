"""What the facts of people, relationship managers and the organisation take from each business unit.

The facts of a unit and of what lies in it follow from its own records and from what it is tied to
(`itgov.model.ties`).  These follow from all units, and of each a small share is enough.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from itgov.model.after_left import after_left_beside, after_left_in, name_after_left
from itgov.model.engagements import Holders
from itgov.model.nobody import is_said
from itgov.model.portfolio import InvestmentEntry, PlacedSign, Portfolio, UnitEntry
from itgov.model.signs import Measured, derive_signs, signs_in
from itgov.model.types import Number

_ROLES = ("heads", "owns", "manages", "sponsors", "delivers")


class Roles(Struct, array_like=True):
    """How often one business unit names somebody for what: the active items, and the unit itself."""

    heads: int = 0
    owns: int = 0
    manages: int = 0
    sponsors: int = 0
    delivers: int = 0


class Served(Struct, array_like=True):
    """The active items of one business unit that name a relationship manager."""

    investment_count: int = 0
    spend_total: Number = 0.0


class UnitTotals(Struct, frozen=True, array_like=True):
    """What the sums of the whole organisation take from one business unit."""

    unit: str
    investment_count: int
    spend_total: Number
    spend_without_outcome: Number
    run: Number
    """Spend whose purpose is run."""
    classified: Number
    """Spend with a purpose."""


class UnitShare(Struct, array_like=True):
    """What facts beyond one business unit take from it."""

    totals: UnitTotals
    manager: str | None
    """Whom its post of relationship manager names."""
    roles: dict[str, Roles]
    """By the ids of everybody whom it names."""
    served: dict[str, Served]
    """By the ids of relationship managers whom its active items name."""
    signs: dict[str, list[PlacedSign]]
    """What it tells of every relationship manager who serves it."""
    measured: dict[str, Measured]
    """Its outcomes that appraise a relationship manager, by `<investment>/<outcome>`."""
    after_left: dict[str, list[str]]
    """Where it names somebody for a day after they left."""


def shares_of(
    portfolio: Portfolio, holders: Holders, items: Mapping[str, InvestmentEntry]
) -> list[UnitShare]:
    """Return the share of every unit, once all facts of the units are known; `items` are all, by their ids."""
    wanted = {name for m in portfolio.managers.values() for name in m.record.measured_by}
    has_left = any(p.record.has_left(portfolio.today) for p in portfolio.people.values())
    return [
        UnitShare(
            totals_of(unit),
            unit.record.relationship_manager,
            roles_in(unit),
            served_in(unit, portfolio),
            signs_in(unit, portfolio, holders, items) if portfolio.managers else {},
            _measured(unit, wanted) if wanted else {},
            after_left_in(unit, portfolio) if has_left else {},
        )
        for unit in portfolio.units.values()
    ]


def derive_beyond(portfolio: Portfolio, shares: Iterable[UnitShare]) -> None:
    """Fill in what follows from the shares of all units, whichever of them the portfolio has.

    What follows from the records of people, relationship managers and the organisation alone is known.
    """
    for person in portfolio.people.values():
        for role in _ROLES:
            setattr(person.facts, role, 0)
    for manager in portfolio.managers.values():
        manager.facts.investment_count, manager.facts.spend_total = 0, 0.0
    measured: dict[str, Measured] = {}
    signs: dict[str, dict[str, list[PlacedSign]]] = {}
    serving: list[tuple[str, str | None, Iterable[str]]] = []
    after_left = [after_left_beside(portfolio)]
    totals: list[UnitTotals] = []
    for share in shares:  # once: they may be unpacked one after the other
        _add(share, portfolio)
        unit = share.totals.unit
        serving.append((unit, share.manager, list(share.served)))
        measured |= share.measured
        if share.signs:
            signs[unit] = share.signs
        if share.after_left:
            after_left.append(share.after_left)
        totals.append(share.totals)
    serve(portfolio, serving)
    for manager in portfolio.managers.values():
        known = [measured[n] for n in set(manager.record.measured_by) if n in measured]
        served = set(manager.facts.business_units) if known else ()
        manager.facts.measured_by_served = sum(each.unit in served for each in known)
        manager.facts.measured_by_met = sum(each.is_met for each in known)
    derive_signs(portfolio, signs, measured)
    name_after_left(portfolio, after_left)
    _organisation(portfolio, totals)


def _add(share: UnitShare, portfolio: Portfolio) -> None:
    people, managers = portfolio.people, portfolio.managers
    for name, roles in share.roles.items():
        if (known := people.get(name)) is not None:
            facts = known.facts
            facts.heads += roles.heads
            facts.owns += roles.owns
            facts.manages += roles.manages
            facts.sponsors += roles.sponsors
            facts.delivers += roles.delivers
    for name, served in share.served.items():
        if (manager := managers.get(name)) is not None:
            manager.facts.investment_count += served.investment_count
            manager.facts.spend_total += served.spend_total


def serve(portfolio: Portfolio, units: Iterable[tuple[str, str | None, Iterable[str]]]) -> None:
    """Say which units each relationship manager serves: those listed, and those that name them.

    Of every unit is given whom its own post names, and whom its active items name.
    """
    found: dict[str, set[str]] = {
        name: set(manager.record.serves) for name, manager in portfolio.managers.items()
    }
    for unit, own, others in units:
        for name in (own, *others):
            if name in found:
                found[name].add(unit)
    for name, served in found.items():
        portfolio.managers[name].facts.business_units = sorted(served)


def served_in(unit: UnitEntry, portfolio: Portfolio) -> dict[str, Served]:
    """Return what a unit's active items bring to the relationship managers whom they name."""
    found: dict[str, Served] = {}
    for entry in unit.investments:
        name = entry.record.relationship_manager
        if name in portfolio.managers and entry.facts.is_active:
            served = found.setdefault(name, Served())
            served.investment_count += 1
            served.spend_total += entry.facts.spend_total
    return found


def roles_in(unit: UnitEntry) -> dict[str, Roles]:
    """Return the roles of everybody whom a unit names, by their ids."""
    found: dict[str, Roles] = defaultdict(Roles)
    if unit.record.head:
        found[unit.record.head].heads += 1
    for entry in unit.investments:
        if entry.facts.is_active:
            record = entry.record
            if record.outcome_owner:
                found[record.outcome_owner].owns += 1
            if record.relationship_manager:
                found[record.relationship_manager].manages += 1
            if record.sponsor:
                found[record.sponsor].sponsors += 1
            if record.delivery_lead:
                found[record.delivery_lead].delivers += 1
    return found


def _measured(unit: UnitEntry, wanted: set[str]) -> dict[str, Measured]:
    found = {}
    for entry in unit.investments:
        for outcome in entry.outcomes:
            name = f"{entry.record.id}/{outcome.record.id}"
            if name in wanted:
                met = outcome.facts.met is True
                found[name] = Measured(unit.record.id, is_said(outcome.record.measure), met)
    return found


# -- the whole -----------------------------------------------------------------------------


def totals_of(unit: UnitEntry) -> UnitTotals:
    """Return what the organisation's sums take from a unit, once its own facts are known."""
    run = classified = 0.0
    for entry in unit.investments:
        if entry.record.purpose is not None:
            classified += entry.facts.spend_total
            run += entry.facts.spend_total if entry.record.purpose == "run" else 0
    facts, name = unit.facts, unit.record.id
    # of no amounts a sum is the integer 0, which what is kept gives back as 0.0
    spend, unmatched = float(facts.spend_total), float(facts.spend_without_outcome)
    return UnitTotals(name, len(unit.investments), spend, unmatched, run, classified)


def _organisation(portfolio: Portfolio, totals: Sequence[UnitTotals]) -> None:
    facts = portfolio.organisation.facts
    facts.business_units = [each.unit for each in totals]
    facts.grace_days = portfolio.grace_days
    facts.investment_count = sum(each.investment_count for each in totals)
    facts.people_count = len(portfolio.people)
    facts.relationship_manager_count = len(portfolio.managers)
    titles = {m.record.title for m in portfolio.managers.values()}
    facts.relationship_manager_titles = sorted(t for t in titles if t is not None)
    facts.spend_total = sum(each.spend_total for each in totals)
    facts.spend_without_outcome = sum(each.spend_without_outcome for each in totals)
    classified = sum(each.classified for each in totals)
    facts.run_share = sum(each.run for each in totals) / classified if classified else None

"""A portfolio as it would be with other records: nothing of the one that it is made from changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from msgspec import structs

from itgov.model.derive import derive
from itgov.model.portfolio import (
    EngagementEntry,
    InvestmentEntry,
    ManagerEntry,
    OrganisationEntry,
    OutcomeEntry,
    PersonEntry,
    Portfolio,
    UnitEntry,
)
from itgov.model.types import Investment

Whole = TypeVar("Whole", OrganisationEntry, PersonEntry, ManagerEntry, EngagementEntry)


def replaced(portfolio: Portfolio, records: Mapping[str, Investment]) -> Portfolio:
    """Return the portfolio with other investments and services in place of those of the same id.

    Every fact is derived anew.  What git knows of a record is known of the one in its place.
    """
    found = structs.replace(
        portfolio,
        organisation=_underived(portfolio.organisation),
        people={name: _underived(entry) for name, entry in portfolio.people.items()},
        managers={name: _underived(entry) for name, entry in portfolio.managers.items()},
        units={name: _unit(unit, records) for name, unit in portfolio.units.items()},
        claims=[],
    )
    derive(found)
    return found


def _underived(entry: Whole) -> Whole:
    """Return an entry that is not replaced without its facts; what git knows of it stays."""
    return structs.replace(entry, facts=type(entry.facts)())


def _unit(unit: UnitEntry, records: Mapping[str, Investment]) -> UnitEntry:
    return UnitEntry(
        unit.record,
        type(unit.facts)(),
        unit.source,
        [_item(entry, records.get(entry.record.id)) for entry in unit.investments],
        [_underived(entry) for entry in unit.engagements],
        unit.paths,
        unit.history,
    )


def _item(entry: InvestmentEntry, record: Investment | None) -> InvestmentEntry:
    record = record or entry.record
    changed = {outcome.id: outcome for outcome in record.outcomes}
    outcomes = [
        OutcomeEntry(changed[o.record.id], type(o.facts)(), o.source, o.history)
        for o in entry.outcomes
        if o.record.id in changed
    ]
    return InvestmentEntry(
        record, type(entry.facts)(), entry.source, outcomes, entry.history,
        plan_then=entry.plan_then, approval_cut=entry.approval_cut,
    )  # fmt: skip

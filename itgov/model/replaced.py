"""A portfolio as it would be with other records: nothing of the one that it is made from changes."""

from __future__ import annotations

from collections.abc import Mapping

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


def replaced(portfolio: Portfolio, records: Mapping[str, Investment]) -> Portfolio:
    """Return the portfolio with other investments and services in place of those of the same id.

    Every fact is derived anew.  What git knows of a record is known of the one in its place.
    """
    whole = portfolio.organisation
    found = structs.replace(
        portfolio,
        organisation=OrganisationEntry(whole.record, type(whole.facts)(), whole.source),
        people={
            name: PersonEntry(e.record, type(e.facts)(), e.source)
            for name, e in portfolio.people.items()
        },
        managers={
            name: ManagerEntry(e.record, type(e.facts)(), e.source)
            for name, e in portfolio.managers.items()
        },
        units={name: _unit(unit, records) for name, unit in portfolio.units.items()},
        claims=[],
    )
    derive(found)
    return found


def _unit(unit: UnitEntry, records: Mapping[str, Investment]) -> UnitEntry:
    return UnitEntry(
        unit.record,
        type(unit.facts)(),
        unit.source,
        [_item(entry, records.get(entry.record.id)) for entry in unit.investments],
        [EngagementEntry(e.id, e.record, type(e.facts)(), e.source) for e in unit.engagements],
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
    return InvestmentEntry(record, type(entry.facts)(), entry.source, outcomes, entry.history)

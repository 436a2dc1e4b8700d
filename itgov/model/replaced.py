"""A portfolio as it would be with other records: nothing of the one that it is made from changes."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import structs

from itgov.model.derive import derive
from itgov.model.facts import OutcomeFacts
from itgov.model.portfolio import InvestmentEntry, OutcomeEntry, Portfolio, UnitEntry
from itgov.model.types import Investment


def replaced(portfolio: Portfolio, records: Mapping[str, Investment]) -> Portfolio:
    """Return the portfolio with other investments and services in place of those of the same id.

    Every fact is derived anew.  What git knows of a record is known of the one in its place.
    """
    organisation = portfolio.organisation
    found = structs.replace(
        portfolio,
        organisation=structs.replace(organisation, facts=type(organisation.facts)()),
        people={n: structs.replace(e, facts=type(e.facts)()) for n, e in portfolio.people.items()},
        managers={
            n: structs.replace(e, facts=type(e.facts)()) for n, e in portfolio.managers.items()
        },
        units={name: _unit(unit, records) for name, unit in portfolio.units.items()},
    )
    derive(found)
    return found


def _unit(unit: UnitEntry, records: Mapping[str, Investment]) -> UnitEntry:
    return structs.replace(
        unit,
        facts=type(unit.facts)(),
        investments=[_item(entry, records.get(entry.record.id)) for entry in unit.investments],
        engagements=[structs.replace(e, facts=type(e.facts)()) for e in unit.engagements],
    )


def _item(entry: InvestmentEntry, record: Investment | None) -> InvestmentEntry:
    record = record or entry.record
    outcomes = {outcome.id: outcome for outcome in record.outcomes}
    return structs.replace(
        entry,
        record=record,
        facts=type(entry.facts)(),
        outcomes=[
            OutcomeEntry(outcomes[o.record.id], OutcomeFacts(), o.source, o.history)
            for o in entry.outcomes
            if o.record.id in outcomes
        ],
    )

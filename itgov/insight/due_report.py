"""What is due up to a day, of whom, with the place of each date: what `itgov due` prints."""

from __future__ import annotations

import datetime
from collections.abc import Collection

from itgov.files.linked import Linked
from itgov.files.places import locate
from itgov.insight.due import all_dues
from itgov.insight.due_types import Due, DueReport, PlacedDue
from itgov.insight.items import name_of
from itgov.insight.unread import unread
from itgov.model.portfolio import Portfolio


def due_report(
    linked: Linked,
    until: datetime.date | None,
    units: Collection[str] = (),
    people: Collection[str] = (),
) -> DueReport:
    """Return what is due up to a day, overdue things included; of all where nothing is named."""
    portfolio = linked.portfolio
    wanted = [
        due
        for due in all_dues(portfolio)
        if (not units or not _units_of(due, portfolio).isdisjoint(units))
        and (not people or due.person in people)
    ]
    shown = [due for due in wanted if until is None or due.day <= until]
    record = portfolio.organisation.record
    placed = [
        PlacedDue(
            due,
            locate(linked.documents, due.source, due.field),
            name_of(due.person, portfolio.people),
            portfolio.units[due.unit].name if due.unit in portfolio.units else due.unit or "",
        )
        for due in shown
    ]
    return DueReport(
        portfolio.today, record.name or record.id, until, tuple(units), tuple(people),
        tuple(placed), len(wanted) - len(shown), unread(linked),
    )  # fmt: skip


def _units_of(due: Due, portfolio: Portfolio) -> set[str | None]:
    """Return the business units that something is due for: a manager's, all that are served."""
    if due.subject.kind == "relationship_manager":
        return set(portfolio.managers[due.subject.id].facts.business_units)
    return {due.unit}

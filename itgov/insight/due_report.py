"""What is due up to a day, of whom, with the place of each date: what `itgov due` prints."""

from __future__ import annotations

import datetime
from collections.abc import Collection

from itgov.files.linked import Linked
from itgov.files.places import locate
from itgov.insight.due import all_dues
from itgov.insight.due_types import DueReport, PlacedDue
from itgov.insight.items import name_of
from itgov.insight.unread import unread


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
        if (not units or due.unit in units) and (not people or due.person in people)
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

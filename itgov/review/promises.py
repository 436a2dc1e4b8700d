"""Actions that are written in engagements and not done yet, each with an id to call it by."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from msgspec import Struct

from itgov.model.portfolio import Portfolio, UnitEntry
from itgov.model.types import Action


class Promise(Struct, frozen=True):
    """An open action of an engagement."""

    id: str
    """`<unit>/<day of the engagement>/<number>`, counted from 1."""
    unit: str
    engagement: str
    index: int
    action: Action


def promises_of(unit: UnitEntry, today: datetime.date) -> Iterator[Promise]:
    """Yield the actions of a unit's engagements that are not done on a day."""
    for entry in unit.engagements:
        for index, action in enumerate(entry.record.actions):
            if action.is_open(today):
                name = f"{entry.id}/{index + 1}"
                yield Promise(name, unit.record.id, entry.id, index, action)


def all_promises(portfolio: Portfolio) -> Iterator[Promise]:
    """Yield the open actions of every unit's engagements."""
    for unit in portfolio.units.values():
        yield from promises_of(unit, portfolio.today)

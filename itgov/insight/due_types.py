"""What is due, as the room, the command line and documents know it."""

from __future__ import annotations

import datetime
from typing import Literal, get_args

from msgspec import Struct

from itgov.model.finding import Place, Subject
from itgov.model.portfolio import Source

DueKind = Literal["review", "outcome", "result", "waiver", "action", "step", "position"]
DUE_KINDS: tuple[DueKind, ...] = get_args(DueKind)
DUE_WORDS: dict[DueKind, str] = {
    "review": "next review", "outcome": "outcome due", "result": "next result", "waiver": "waiver ends",
    "action": "action", "step": "step to the business team", "position": "part of the business team",
}  # fmt: skip
"""What is due, in words."""


class Due(Struct, frozen=True, gc=False):
    """Something that is due on a day and not done.

    `late` is what rules call overdue: an outcome only after the grace, a waiver never, for on the day
    after its last one the finding itself is back.
    """

    day: datetime.date
    kind: DueKind
    late: bool
    subject: Subject
    what: str
    unit: str | None
    """The business unit that it belongs to; None where it belongs to none, or to several."""
    person: str | None
    """The id of the person who is asked, as recorded."""
    source: Source
    field: str
    """The field that has the day, in the record at `source`."""


class PlacedDue(Struct, frozen=True):
    """Something that is due, with the place of its day and the name of who is asked."""

    due: Due
    place: Place
    name: str
    """Empty where nobody is recorded."""
    unit_name: str


class DueReport(Struct, frozen=True):
    """What is due up to a day, of some units and people where these are asked for."""

    as_of: datetime.date
    organisation: str
    until: datetime.date | None
    """The last day; None for all days."""
    units: tuple[str, ...]
    people: tuple[str, ...]
    dues: tuple[PlacedDue, ...]
    """The first due first."""
    later: int
    """How many are due after the last day."""
    unread: tuple[Place, ...]
    """The first place in each file of which something could not be used."""

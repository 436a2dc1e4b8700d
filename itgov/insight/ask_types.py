"""Decisions that are asked of a board or of a unit's head, before anybody words them."""

# No postponed annotations here: msgspec would compile each of them anew at every start.

import datetime
from typing import Literal

from msgspec import Struct

from itgov.insight.scenario_types import Weighed
from itgov.model.finding import Finding

Post = Literal["outcome owner", "relationship manager", "head"]
TOLD_TO_BOARD = 6
"""Sentences under one heading of the board's page; the appendix has all."""
TOLD_TO_HEAD = 2
"""Of escalations, of scenarios and of ended exceptions, on the page of a unit's head."""
NAMES_TOLD = 4
"""Names in one sentence, of items or laws."""
UNITS_TOLD = 3
"""Names of units beside a finding."""


class TopFinding(Struct, frozen=True):
    """A finding that matters, by what it takes from the health of how much money."""

    finding: Finding
    units: tuple[str, ...]
    """Names of the units that lose points by it."""
    points: float
    """Points that the unit hit hardest gets back when it is fixed, caps set aside."""
    money: float
    """Spend of what it is about: of the investment, else of the units concerned."""


class Escalation(Struct, frozen=True):
    """What the last session that decided on something handed upwards."""

    on: datetime.date
    name: str
    unit: str | None
    by: str | None
    reason: str | None


class Vacancy(Struct, frozen=True):
    """A post that nobody is named for: of items of one unit, or of the unit itself."""

    post: Post
    unit: str
    names: tuple[str, ...]
    """The items, what needs attention most first; none: the unit's own post."""
    money: float
    """Spend of all of them, or of the unit."""


class EndedWaiver(Struct, frozen=True):
    """An exception that is over, without a new end or a removal."""

    name: str
    unit: str | None
    exempted: str
    """What it allowed, by the title of its rule."""
    until: datetime.date | None
    """None: no end was ever recorded, so it never held."""
    approver: str | None
    reason: str | None


class ScenarioAsk(Struct, frozen=True):
    """A scenario that is filed, and what would follow from it."""

    title: str
    units: frozenset[str]
    """The units of what it changes."""
    changes: int
    weighed: Weighed | None
    """None where it cannot be laid over the portfolio as it is."""
    problem: str = ""


class AttentionAsk(Struct, frozen=True):
    """The finding on something that needs attention most."""

    top: TopFinding
    also: int
    """How many other findings there are on the same record."""


class Asks(Struct, frozen=True):
    """Decisions asked for; each list is in the order in which it is told."""

    escalations: tuple[Escalation, ...]
    scenarios: tuple[ScenarioAsk, ...]
    vacancies: tuple[Vacancy, ...]
    ended: tuple[EndedWaiver, ...]
    attention: tuple[AttentionAsk, ...]
    """The first records that need attention for anything else, infos and waived findings apart."""
    attention_whole: int
    """How many of these records there are."""

"""What follows from scenarios, set beside today."""

# No postponed annotations here: msgspec would compile each of them anew at every start.

import datetime

from msgspec import Struct

from itgov.insight.health_types import Band
from itgov.model.finding import Finding
from itgov.model.scenario import Change


class ChangeLine(Struct, frozen=True):
    """One change, and what it changes."""

    change: Change
    investment: str
    title: str
    says: str
    """What it does, people by their names."""
    freed: float
    """Money freed over all years; negative: added."""
    moved: float
    """Money that is spent in another year."""


class YearMoney(Struct, frozen=True):
    """Spend of one fiscal year that is freed, and spend that is added."""

    year: int
    freed: float
    added: float


class YearValue(Struct, frozen=True):
    """Planned value of one fiscal year that is lost, and that is gained."""

    year: int
    lost: float
    gained: float


class Orphaned(Struct, frozen=True):
    """What is left without an investment or service."""

    outcomes: tuple[str, ...]
    """Outcomes of what is stopped: `<investment>/<outcome>`."""
    objectives: tuple[str, ...]
    """Objectives that nothing active is for any more: `<unit>/<objective>`."""


class Requirement(Struct, frozen=True):
    """A law or contract that leaves no choice about something that is stopped."""

    investment: str
    required_by: str


class UnitThen(Struct, frozen=True):
    """The engagement health of a business unit, today and then; None: insufficient evidence."""

    unit: str
    name: str
    now: float | None
    then: float | None
    band_now: Band
    band_then: Band


class LoadThen(Struct, frozen=True):
    """What a relationship manager carries, today and then: active items and their spend."""

    person: str
    name: str
    items_now: int
    items_then: int
    spend_now: float
    spend_then: float


class FindingsThen(Struct, frozen=True):
    """Findings that would go, and findings that would come; waived ones are in neither."""

    fixed: int
    new: int


class Weighed(Struct, frozen=True):
    """One scenario, and what would follow from it."""

    id: str
    title: str | None
    path: str
    changes: tuple[ChangeLine, ...]
    money: tuple[YearMoney, ...]
    money_moved: float
    """Of what is freed in one year and added in another, of the same items."""
    value: tuple[YearValue, ...]
    """Up to the last day of `WhatIf.horizon`; nothing before the day after the as-of date."""
    value_moved: float
    """Of what is lost in one year and gained in another, by the same outcomes."""
    value_undated: float
    """Planned value a year of what is stopped, that no day begins: in no figure."""
    orphaned: Orphaned
    dependants: tuple[str, ...]
    """Ids of active items that depend on what is stopped, directly or through others."""
    required: tuple[str, ...]
    """Ids of what is stopped although a law or contract requires it."""
    requirements: tuple[Requirement, ...]
    managers: tuple[LoadThen, ...]
    """Those whose load differs."""
    health: tuple[UnitThen, ...]
    """Units for which anything differs."""
    findings: FindingsThen
    new_findings: tuple[Finding, ...]
    notes: tuple[str, ...]
    """What is not known, or is assumed."""

    @property
    def freed(self) -> float:
        """Money freed over all years."""
        return sum(y.freed for y in self.money)

    @property
    def added(self) -> float:
        """Money added over all years."""
        return sum(y.added for y in self.money)

    @property
    def lost(self) -> float:
        """Planned value lost over all years up to the horizon."""
        return sum(y.lost for y in self.value)

    @property
    def gained(self) -> float:
        """Planned value gained over all years up to the horizon."""
        return sum(y.gained for y in self.value)


class WhatIf(Struct, frozen=True):
    """Scenarios side by side."""

    as_of: datetime.date
    organisation: str
    currency: str | None
    fiscal_year: int
    """That of the as-of date, from which money counts."""
    horizon: datetime.date
    """The last day that value counts to: the end of the third fiscal year after that one."""
    scenarios: tuple[Weighed, ...]


class Dependency(Struct, frozen=True):
    """An item that cannot do without another; an id that is not there has no title."""

    investment: str
    title: str
    depends_on: str
    depends_on_title: str
    circle: bool
    """Whether the two depend on each other, directly or through others."""


class Dependencies(Struct, frozen=True):
    """Everything that depends on something."""

    as_of: datetime.date
    organisation: str
    dependencies: tuple[Dependency, ...]


class Candidate(Struct, frozen=True):
    """Something that could be stopped, what that would free in one year, and what it would cost."""

    investment: str
    title: str
    unit: str
    freed: float
    lost: float | None
    """Planned value lost up to the horizon; None: unknown."""
    running: float = 0
    """What this and all candidates before it free."""
    why: str = ""
    """Why it is not ranked."""


class FreeMoney(Struct, frozen=True):
    """What would free an amount in one fiscal year, the least value lost for it first."""

    as_of: datetime.date
    organisation: str
    currency: str | None
    year: int
    on: datetime.date
    """The day from which everything would be stopped."""
    amount: float
    horizon: datetime.date
    ranked: tuple[Candidate, ...]
    without_spend: int
    """Active items that have no spend recorded in that year: in no list."""
    enough: int | None
    """How many of the ranked free the amount; None: all of them do not."""
    apart: tuple[Candidate, ...]
    """Required, depended on, or of unknown value: never ranked."""

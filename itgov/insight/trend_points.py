"""What a trend says: the same figures at one point of the history after another."""

# No postponed annotations here: msgspec would compile each of them anew at every start.

import datetime
from typing import Literal

from msgspec import Struct, field

from itgov.insight.trend_managers import Followed, ManagerPoint
from itgov.insight.value_types import Buckets

Period = Literal["commit", "tag", "month"]
PERIODS: tuple[Period, ...] = ("commit", "tag", "month")

State = Literal["whole", "partly read", "no portfolio", "rules broken"]
"""Whether a point's figures stand for all that its commit holds.

`partly read`: a file could not be read, and what it says is in no figure.  `no portfolio`: there
is no portfolio file at the commit.  `rules broken`: the commit's own rules could not be used.
"""


class Unread(Struct, frozen=True, gc=False):
    """A file that could not be read at a commit, and why."""

    path: str
    line: int
    column: int
    message: str


class SeverityCounts(Struct, frozen=True, gc=False):
    """Findings by severity, the waived ones apart."""

    error: int = 0
    warning: int = 0
    info: int = 0
    waived: int = 0


class ValuePoint(Struct, frozen=True, gc=False):
    """Planned and realised money as of the day of one point."""

    planned_to_date: float = 0
    realised_to_date: float = 0
    realised_confirmed: float = 0
    unmeasured_to_date: float = 0
    realised_ratio: float | None = None
    """How much of the value due by then was realised."""
    holding: float | None = None
    planned_to_come: float = 0
    expected_to_come: float = 0
    fading_to_come: float = 0


class UnitPoint(Struct, frozen=True, gc=False):
    """One business unit at one point."""

    id: str
    name: str
    score: float | None
    band: str
    coverage: float
    capped_by: str | None
    findings: SeverityCounts
    budget: Buckets
    actual: Buckets
    value: ValuePoint | None = None


class CommitFigures(Struct, frozen=True, gc=False):
    """What is said of the files of one commit, by some rules, as of one day: pure, and kept."""

    state: State
    unread: tuple[Unread, ...] = ()
    findings: SeverityCounts = SeverityCounts()
    budget: Buckets = field(default_factory=Buckets)
    actual: Buckets = field(default_factory=Buckets)
    investments: int = 0
    files: int = 0
    units: tuple[UnitPoint, ...] = ()
    organisation: str = ""
    currency: str = ""
    value: ValuePoint | None = None
    managers: tuple[ManagerPoint, ...] = ()
    """Everybody who held the post of relationship manager, where that was asked."""


class Point(Struct, frozen=True, gc=False):
    """The figures at one commit, tag or end of a month.

    `carried` says that the period has no commit of its own: the figures are the last one's.
    """

    label: str
    commit: str
    time: datetime.datetime
    as_of: datetime.date
    title: str
    carried: bool
    figures: CommitFigures

    def unit(self, identifier: str) -> UnitPoint | None:
        """Return a business unit at this point, or None where it is not there."""
        return next((u for u in self.figures.units if u.id == identifier), None)

    def findings_of(self, unit: str | None) -> SeverityCounts | None:
        """Return the findings on a unit, or on all; None where nothing was judged."""
        if self.figures.state in ("no portfolio", "rules broken"):
            return None
        of = self.figures if unit is None else self.unit(unit)
        return of.findings if of is not None else None

    def budget_of(self, unit: str | None) -> Buckets | None:
        """Return the budget of a unit, or of all; None where there is none to be followed."""
        if self.figures.state == "no portfolio":
            return None
        of = self.figures if unit is None else self.unit(unit)
        return of.budget if of is not None else None

    def value_of(self, unit: str | None) -> ValuePoint | None:
        """Return the planned and realised money of a unit, or of all; None where it is not known."""
        of = self.figures if unit is None else self.unit(unit)
        return of.value if of is not None else None


class Trend(Struct, frozen=True):
    """Points in order of time, and what was not to be had."""

    by: Period
    rules_then: bool
    head: str
    shallow: bool
    unit: str | None
    """The one business unit that was asked for."""
    manager: Followed | None
    """The one relationship manager that was asked for."""
    points: tuple[Point, ...]
    healthy: float
    attention: float
    notes: tuple[str, ...] = ()
    """What a reader must know of the whole: where the history ends, say."""

    def units(self) -> dict[str, str]:
        """Return id and latest name of every unit of any point, in the latest order."""
        found: dict[str, str] = {}
        for point in reversed(self.points):
            for unit in point.figures.units:
                found.setdefault(unit.id, unit.name)
        if self.unit is not None:
            return {k: v for k, v in found.items() if k == self.unit}
        return found

"""What a comparison of two states of a portfolio says, in the portfolio's own words."""

# No postponed annotations here: msgspec would compile each of them anew at every start.

import datetime
from typing import Any, Literal, get_args

from msgspec import Struct, field

from itgov.model.finding import Finding, Subject

Kind = Literal["added", "removed", "stopped", "retired", "left", "moved", "renumbered", "changed"]
"""What became of a subject.  `renumbered`: the same thing under another id."""

KINDS: tuple[Kind, ...] = get_args(Kind)


class Step(Struct, frozen=True):
    """One field, or one item of a list, that differs.

    `field` is a dotted path with ids for items: `outcomes.claim-cycle-time.target`.  `before` and
    `after` are as recorded; None where there was nothing.
    """

    field: str
    before: Any
    after: Any
    text: str
    """The difference as people say it, without its subject: "stage delivering → live"."""


class SubjectChange(Struct, frozen=True):
    """What happened to one subject."""

    kind: Kind
    subject: Subject
    label: str
    """What people call it: a title, a name."""
    unit: str | None = field(name="business_unit")
    """The business unit it belongs to now, or belonged to."""
    unit_before: str | None = field(name="business_unit_before")
    """For what moved: the unit it left."""
    text: str
    """What it is, for what was added or removed; from where, for what moved; else empty."""
    steps: tuple[Step, ...] = field(name="fields")


class End(Struct, frozen=True):
    """One of the two states that are compared; the work tree has no commit."""

    label: str
    commit: str | None
    date: datetime.date | None
    title: str | None
    investments: int
    budget: float
    findings: int
    """How many stand, not waived."""
    unread: tuple[str, ...] = ()
    """Files that could not be read whole, and why."""


class ScoreBand(Struct, frozen=True):
    """A business unit's health on one side; no score without enough evidence."""

    score: float | None
    band: str


class UnitMove(Struct, frozen=True):
    """A business unit's health before and after; None where it was not there."""

    id: str
    name: str
    before: ScoreBand | None
    after: ScoreBand | None


class YearMoved(Struct, frozen=True):
    """By how much budget and planned value differ in one fiscal year, in the currency."""

    year: int
    budget: float
    planned: float


class Diff(Struct, frozen=True):
    """Everything that differs between two states of a portfolio, judged by the newer's rules."""

    before: End
    after: End
    as_of: datetime.date
    currency: str
    unit: str | None
    """The one business unit that was asked for."""
    unit_names: dict[str, str]
    changes: tuple[SubjectChange, ...]
    introduced: tuple[Finding, ...]
    mended: tuple[Finding, ...]
    waived: tuple[Finding, ...]
    """Findings that stood before and are waived now."""
    gone: tuple[Finding, ...]
    """Findings that went with what was removed."""
    units: tuple[UnitMove, ...]
    notes: tuple[str, ...] = ()
    money: tuple[YearMoved, ...] = ()
    """Years in which money or its plan differs."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing differs that anybody would want to know."""
        return not (self.changes or self.introduced or self.mended or self.waived or self.gone)

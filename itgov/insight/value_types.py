"""How far each amount of spend reaches towards value, and what value came back."""

# No postponed annotations here: msgspec would compile each of them anew at every start.

import datetime
from math import fsum

from msgspec import Struct, field

from itgov.model.finding import Place
from itgov.model.reach import GRACE_DAYS, IMPROVED, REACHES, Reach


class Buckets(Struct, gc=False):
    """Money by how far the chain from spend to value reaches."""

    none: float = 0
    outcome: float = 0
    measure: float = 0
    target: float = 0
    result: float = 0
    evidence: float = 0
    moved: float = 0
    met: float = 0

    def of(self, reach: Reach) -> float:
        """Return what a bucket holds."""
        amount: float = getattr(self, reach)
        return amount

    @property
    def total(self) -> float:
        """The sum of all buckets."""
        return self.sum(*REACHES)

    @property
    def improved(self) -> float:
        """What outcomes hold that are better than their baseline, or at their target."""
        return self.sum(*IMPROVED)

    def sum(self, *reaches: Reach) -> float:
        """Return what some buckets hold; their millionths add up as whole numbers."""
        return round(fsum(self.of(reach) for reach in reaches), 6)

    def share(self, *reaches: Reach) -> float | None:
        """Return the share that reaches exactly one of `reaches`, or None of nothing."""
        total = self.total
        return self.sum(*reaches) / total if total > 0 else None


class Pair(Struct):
    """An amount as approved and as spent."""

    budget: float = 0
    actual: float = 0


class ReachCounts(Struct):
    """How many investments and services there are by the step that all of their outcomes reach."""

    none: int = 0
    outcome: int = 0
    measure: int = 0
    target: int = 0
    result: int = 0
    evidence: int = 0
    moved: int = 0
    met: int = 0

    def add(self, reach: Reach) -> None:
        """Count one more."""
        setattr(self, reach, getattr(self, reach) + 1)


class Withheld(Struct):
    """What is not published: it counts as present, and is shown apart.

    `spend_items` have no published spend, so that their money is in no bucket (whatever part of it
    is published is).  `outcome_items` have outcomes that are not published; their money is in the
    bucket `outcome`, and `outcomes` says how much.
    """

    spend_items: int = 0
    outcome_items: int = 0
    outcomes: Pair = field(default_factory=Pair)


class Benefits(Struct):
    """What value was planned and what came, each claim counted once.

    Planned values are money a year.  A due outcome is one whose `due` day has come.
    """

    planned: float = 0
    realised: float = 0
    planned_due: float = 0
    realised_due: float = 0
    """Realised of the due outcomes, each at most what was planned."""
    twice_planned: float = 0
    """Planned value taken out, because another investment claims the same."""
    twice_realised: float = 0
    spent: float = 0
    """Actual spend to date of everything counted here."""

    @property
    def ratio(self) -> float | None:
        """Realised over planned value of what is due; None where nothing is."""
        return self.realised_due / self.planned_due if self.planned_due > 0 else None

    @property
    def per_spend(self) -> float | None:
        """Value realised for each unit of currency spent to date; None where nothing was spent."""
        return self.realised / self.spent if self.spent > 0 else None


class MoneyLine(Struct):
    """The money of one unit, purpose, objective or year, or of all."""

    id: str
    name: str
    items: int = 0
    budget: Buckets = field(default_factory=Buckets)
    actual: Buckets = field(default_factory=Buckets)
    budget_whole: Buckets = field(default_factory=Buckets)
    """By step, the budget of the items all of whose outcomes reach it."""
    overdue: Pair = field(default_factory=Pair)
    """The part whose outcomes are overdue: due longer ago than the grace, without a result."""
    withheld: Withheld = field(default_factory=Withheld)
    benefits: Benefits | None = None
    """None where a figure is for a single year: results carry no fiscal year of their own."""
    counts: ReachCounts = field(default_factory=ReachCounts)


class NoSight(Struct, frozen=True, gc=False):
    """An investment or service whose spend leads to no outcome at all."""

    id: str
    title: str
    unit: str
    place: Place
    budget: float
    actual: float


class Claim(Struct, frozen=True):
    """A benefit that more than one investment claims: the one that counts, and the others."""

    counted: str
    others: tuple[str, ...]
    measure: str
    value: float


class ValueReport(Struct):
    """Line of sight of the whole portfolio."""

    as_of: datetime.date
    organisation: str
    currency: str | None
    fiscal_year: int
    """The fiscal year of the as-of date; `to_date` ends with it."""
    total: MoneyLine
    to_date: MoneyLine
    units: list[MoneyLine]
    purposes: list[MoneyLine]
    objectives: list[MoneyLine]
    years: list[MoneyLine]
    without: list[NoSight]
    """Spend with no line of sight, the most first."""
    claims: list[Claim]
    unread: tuple[Place, ...]
    grace_days: int = GRACE_DAYS
    """Days after its due day from which an outcome without a result is overdue."""


class ResultNode(Struct, frozen=True):
    """A dated measurement."""

    date: datetime.date
    actual: float | None
    value: float | None
    evidence: str | None
    counts: bool
    """Whether its evidence is some: a web link, or a file of the repository."""
    ahead: bool
    """Dated after the as-of date, so that it does not count yet."""


class OutcomeNode(Struct, frozen=True):
    """An outcome with its results."""

    id: str
    measure: str | None
    unit: str | None
    baseline: float | None
    target: float | None
    due: datetime.date | None
    overdue: bool
    faded: bool
    stale: bool
    reach: Reach
    met: bool | None
    value: float | None
    results: tuple[ResultNode, ...]


class ItemNode(Struct, frozen=True):
    """An investment or service with its outcomes."""

    id: str
    title: str
    place: Place
    reach: Reach
    """How far the chains of all its outcomes reach."""
    budget: float
    actual: float
    withheld: tuple[str, ...]
    outcomes: tuple[OutcomeNode, ...]


class UnitNode(Struct, frozen=True):
    """A business unit with what is spent for it: the root of one tree."""

    id: str
    name: str
    budget: float
    actual: float
    items: tuple[ItemNode, ...]

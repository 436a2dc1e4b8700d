"""How far each amount of spend reaches towards value, and what value came back."""

# No postponed annotations here: msgspec would compile each of them anew at every start.

import datetime
from math import fsum
from typing import Annotated

from msgspec import Struct, field

from itgov.insight.approval_types import ItemAtApproval, PlanAtApproval, Sides
from itgov.insight.imported_marks import ImportedMarks
from itgov.model.claims import Claim
from itgov.model.fields import doc
from itgov.model.filtered import Filtered
from itgov.model.finding import Place
from itgov.model.plan import PARTS, LeftOutReason
from itgov.model.reach import GRACE_DAYS, IMPROVED, REACHES, Reach
from itgov.model.unit_cost import UnitCost
from itgov.model.value_sums import ValueSum


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


class ValueFigures(Struct):
    """Planned and realised money as of a day; each benefit counts once.  See `docs/value.md`."""

    as_of: datetime.date
    until: datetime.date
    """The last day of what is to come."""
    judged_before: datetime.date
    """Plans that begin before this day are old enough to judge."""
    planned_to_date: float = 0
    realised_to_date: float = 0
    realised_confirmed: float = 0
    unmeasured_to_date: float = 0
    early: Annotated[float, doc("Money realised before the first planned day.")] = 0
    unplanned: Annotated[
        float, doc("Money realised of outcomes that promise no money from any day on.")
    ] = 0
    judged: Annotated[
        Sides, doc("Of plans that are old enough, each realised at most as planned.")
    ] = field(default_factory=Sides)
    held: Annotated[
        Sides,
        doc("Of the last twelve measured months of each plan that was measured within a year."),
    ] = field(default_factory=Sides)
    planned_undated: Annotated[float, doc("Money promised a year, from no day on.")] = 0
    planned_to_come: float = 0
    expected_to_come: float = 0
    expected_assumed: Annotated[float, doc("What of the expected money rests on no forecast.")] = 0
    expected_unplanned: Annotated[
        float,
        doc(
            "Money forecast up to the same day for fiscal years for whose days to come nothing is planned."
        ),
    ] = 0
    fading_to_come: float = 0
    spend_to_date: float = 0
    spend_from_budget: Annotated[
        float, doc("What of the spend to date is budget, because the year has no actual.")
    ] = 0
    budget_after_end: Annotated[
        float,
        doc("What of the spend to date is budget of days after an item was stopped or retired."),
    ] = 0
    spend_promising_none: float = 0
    spend_stopped_without_value: Annotated[
        float,
        doc(
            "What of the spend to date went into what was stopped, of each item beyond the value "
            "realised of it."
        ),
    ] = 0
    spend_stopped: Annotated[
        float, doc("What of the spend to date went into what was stopped.")
    ] = 0
    realised_stopped: Annotated[float, doc("Money realised of what was stopped.")] = 0
    twice: Annotated[Sides, doc("Left out, because it counts elsewhere.")] = field(
        default_factory=Sides
    )
    twice_to_come: Annotated[
        float, doc("Money planned to come that is left out, because it counts elsewhere.")
    ] = 0
    plans: Annotated[int, doc("Number of outcomes with a dated plan.")] = 0
    plans_from_due: Annotated[
        int, doc("Number of those that begin at `due`, because `value_from` is not recorded.")
    ] = 0
    plans_open: Annotated[int, doc("Number of those without a last day.")] = 0
    unforecast: Annotated[
        int, doc("Number of those with money to come that no forecast covers.")
    ] = 0
    undated: Annotated[int, doc("Number of plans without any day.")] = 0
    plans_stale: Annotated[
        int, doc("Number of plans whose last measured day is over a year ago.")
    ] = 0
    end_unknown: Annotated[
        int, doc("Number of plans of what was stopped or retired on a day that nobody knows.")
    ] = 0
    left_out: Annotated[int, doc("Number of values that are in no sum.")] = 0

    @property
    def realised_on_plan(self) -> float:
        """What was realised from the first planned day on of outcomes with a dated plan."""
        return round(self.realised_to_date - self.early - self.unplanned, 6)

    @property
    def forecast_to_come(self) -> float:
        """What of the expected money is forecast by its owners."""
        return round(self.expected_to_come - self.expected_assumed, 6)

    @property
    def realised_ratio(self) -> float | None:
        """How much of the value due by now was realised; None where nothing is old enough."""
        return self.judged.ratio

    @property
    def holding(self) -> float | None:
        """How much of the plan holds; None where nothing was measured within a year."""
        return self.held.ratio

    @property
    def spend_promising(self) -> float:
        """What was spent on items that promise money."""
        return round(self.spend_to_date - self.spend_promising_none, 6)

    @property
    def per_spend(self) -> float | None:
        """Judged value realised for each 1 spent on items that promise money; None of nothing."""
        spent = self.spend_promising
        return max(0.0, self.judged.realised) / spent if spent > 0 and self.judged.planned else None


_SIDES = {
    "judged_planned": "judged", "judged_realised": "judged", "held_planned": "held",
    "held_realised": "held", "twice_planned": "twice", "twice_realised": "twice",
}  # fmt: skip
_COUNTS = frozenset(
    (
        "plans", "plans_from_due", "plans_open", "unforecast", "undated", "plans_stale", "end_unknown",
        "left_out",
    )
)  # fmt: skip


def figures_of(
    sums: ValueSum, as_of: datetime.date, until: datetime.date, grace_days: int
) -> ValueFigures:
    """Return sums in millionths as money; plans are judged `grace_days` after their first day."""
    judged_before = datetime.date.fromordinal(max(1, as_of.toordinal() - grace_days))
    found = ValueFigures(as_of, until, judged_before)
    for name in sums.__struct_fields__:
        amount = getattr(sums, name)
        if name in _COUNTS:
            setattr(found, name, amount)
        elif name in _SIDES:
            setattr(getattr(found, _SIDES[name]), name.rpartition("_")[2], amount / PARTS)
        else:
            setattr(found, name, amount / PARTS)
    return found


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
    imported: ImportedMarks = field(default_factory=ImportedMarks)
    value: ValueFigures | None = None
    """None where a line is of single years of spend."""
    at_approval: PlanAtApproval | None = None
    """None where git was not asked, or knows no approval."""
    counts: ReachCounts = field(default_factory=ReachCounts)


class NoSight(Struct, frozen=True, gc=False):
    """An investment or service whose spend leads to no outcome at all."""

    id: str
    title: str
    unit: str
    place: Place
    budget: float
    actual: float


class ValueReport(Struct):
    """Line of sight of the whole portfolio."""

    as_of: datetime.date
    organisation: str
    currency: str | None
    fiscal_year: int
    """The fiscal year of the as-of date; `to_date` ends with it."""
    horizon: datetime.date
    """The last day of figures to come."""
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
    filtered: Filtered | None = None
    """The items that it is of, where it is not of all."""


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
    value_from: datetime.date | None
    """The first day of its value, as recorded or by default; None without a value that counts."""
    confirmed: bool
    left_out: LeftOutReason | None
    """Why its value is in no sum."""


class NodeValue(Struct, frozen=True):
    """Planned and realised money of an item or an outcome, whoever else claims the same."""

    planned_to_date: float
    realised_to_date: float
    realised_confirmed: float
    unmeasured_to_date: float
    early: float
    judged: Sides
    realised_ratio: float | None
    holding: float | None
    plans_stale: int
    """Number of plans whose last measured day is over a year ago."""
    planned_undated: float
    planned_to_come: float
    expected_to_come: float
    expected_assumed: float
    expected_unplanned: float
    fading_to_come: float
    counted_share: float
    """How much of it counts in sums; under 1 where the same benefit is claimed elsewhere too."""


class OutcomeNode(Struct, frozen=True):
    """An outcome with its results."""

    id: str
    statement: str | None
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
    """Planned money a year; with a profile, the mean of the years it names."""
    plan_from: datetime.date | None
    """The first planned day."""
    plan_until: datetime.date | None
    from_due: bool
    """Whether the plan begins at `due`, because `value_from` is not recorded."""
    money: NodeValue
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
    money: NodeValue
    unit_costs: tuple[UnitCost, ...]
    """Of a service, what one unit of what it serves cost in closed fiscal years, oldest first."""
    volumes_without_cost: tuple[str, ...]
    """What is counted in closed fiscal years and has no unit cost, and why."""
    at_approval: ItemAtApproval | None
    """None where git was not asked, does not know it, or the item was not approved."""
    spend_to_date: float
    end_unknown: bool
    """Whether it was stopped or retired on a day that nobody knows."""
    outcomes: tuple[OutcomeNode, ...]


class UnitNode(Struct, frozen=True):
    """A business unit with what is spent for it: the root of one tree."""

    id: str
    name: str
    budget: float
    actual: float
    items: tuple[ItemNode, ...]

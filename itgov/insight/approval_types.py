"""Planned against realised money, and the plan at approval beside today's."""

# No postponed annotations here: msgspec would compile each of them anew at every start.

import datetime
from collections.abc import Sequence

from msgspec import Struct, field

from itgov.model.plan import PARTS
from itgov.model.plan_then import Basis, PlanThen


class Sides(Struct, gc=False):
    """Both sides of a ratio of realised over planned money."""

    planned: float = 0
    realised: float = 0

    @property
    def ratio(self) -> float | None:
        """Realised over planned, never below 0; None of nothing planned."""
        return max(0.0, self.realised) / self.planned if self.planned > 0 else None


class ItemAtApproval(Struct, frozen=True):
    """The plan of an item when it was approved, as git knew it."""

    basis: Basis
    on: datetime.date
    commit: str
    planned_to_date: float
    planned_to_come: float
    judged: Sides
    realised_ratio: float | None
    changed: tuple[str, ...]
    """The outcomes whose plan is another today, by id."""
    deleted: tuple[str, ...]
    """Those of them that are not there any more, or promise nothing any more."""


class PlanAtApproval(Struct):
    """Money planned when items were approved, as git knew it, and what was realised of it."""

    planned_to_date: float = 0
    planned_to_come: float = 0
    judged: Sides = field(default_factory=Sides)
    """Of plans that are old enough, each realised at most as planned."""
    changed: int = 0
    """Number of outcomes whose plan is another today, deleted ones too."""
    changed_since_first_commit: int = 0
    """Of `changed`, those of items whose first commit stands for their approval: HIS-016 leaves them out."""
    deleted: int = 0
    """Number of outcomes that are not there any more, or promise nothing any more."""
    business_case: int = 0
    """Number of items by the day of their business-case gate."""
    approved: int = 0
    """Number of items by the commit that made them approved."""
    first_commit: int = 0
    """Number of items by their first commit."""
    deleted_items: int = 0
    """Number of items that were deleted whole; of a unit, those that were in its files last."""
    deleted_items_planned: float = 0
    """What they planned to date."""
    deleted_items_budget: float = 0
    """What they were to cost up to the current fiscal year, which is in no figure of spend."""
    unknown: int = 0
    """Number of items whose approval a shallow clone has cut off: they are in no figure here."""

    @property
    def items(self) -> int:
        """Number of items whose plan at approval is known."""
        return self.business_case + self.approved + self.first_commit

    @property
    def realised_ratio(self) -> float | None:
        """How much of the plan at approval was realised; None where nothing is old enough."""
        return self.judged.ratio


def at_approval(
    plans: Sequence[PlanThen], unknown: int = 0, gone: Sequence[PlanThen] = ()
) -> PlanAtApproval | None:
    """Return the plans of some items at their approval together; None where git knows of none.

    `unknown` items have one that a shallow clone has cut off; `gone` are those of items that were deleted.
    """
    if not plans and not unknown and not gone:
        return None
    found = PlanAtApproval(unknown=unknown, deleted_items=len(gone))
    found.deleted_items_planned = sum(p.sums.planned_to_date for p in gone) / PARTS
    found.deleted_items_budget = sum(p.budget for p in gone) / PARTS
    plans = [*plans, *gone]
    sums = [p.sums for p in plans]
    found.planned_to_date = sum(s.planned_to_date for s in sums) / PARTS
    found.planned_to_come = sum(s.planned_to_come for s in sums) / PARTS
    found.judged.planned = sum(s.judged_planned for s in sums) / PARTS
    found.judged.realised = sum(s.judged_realised for s in sums) / PARTS
    found.changed = sum(s.changed for s in sums)
    found.deleted = sum(s.deleted for s in sums)
    found.changed_since_first_commit = sum(
        p.sums.changed for p in plans if p.basis == "first commit"
    )
    for plan in plans:
        name = plan.basis.replace(" ", "_")
        setattr(found, name, getattr(found, name) + 1)
    return found

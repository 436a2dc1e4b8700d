"""The relationship managers' scorecard: how each stands, and the value for money of what they serve."""

# No postponed annotations here: msgspec would compile each of them anew at every start.

import datetime
from typing import Literal

from msgspec import Struct

from itgov.insight.value_types import Buckets, ValueFigures
from itgov.model.finding import Finding, Place
from itgov.model.people_facts import SignName
from itgov.model.reach import Reach
from itgov.model.types import Experience, Position, Represents, Side

Expectation = Literal["arrived", "overdue", "ahead", "not agreed"]


class HeldExperience(Struct, frozen=True, gc=False):
    """A recorded experience."""

    record: Experience
    with_evidence: bool
    """Whether what stands as its evidence is some, as the rules judge it."""


class CardSign(Struct, frozen=True):
    """A sign of which side a relationship manager stands on, and where what it rests on stands."""

    sign: SignName
    unit: str | None
    """The unit that it is about; None: the person."""
    side: Represents
    declared: bool
    """Declared by the person, rather than observed."""
    says: str
    items: tuple[str, ...]
    """The investments and services concerned."""
    place: Place


class Appraisal(Struct, frozen=True):
    """An outcome that a relationship manager is appraised by, and how it stands."""

    outcome: str
    known: bool
    """Whether there is such an outcome."""
    served: bool = False
    """Whether it belongs to a unit that they serve."""
    business_unit: str | None = None
    measure: str | None = None
    reach: Reach | None = None
    met: bool | None = None
    progress: float | None = None
    due: datetime.date | None = None
    overdue: bool = False
    """Due longer ago than the grace, and there is no result."""
    faded: bool = False
    stale: bool = False
    planned: float | None = None
    """Money a year."""
    planned_to_date: float = 0
    realised: float = 0


class Load(Struct, frozen=True):
    """What a relationship manager carries: active investments and services only."""

    units: tuple[str, ...]
    """Those recorded in `serves`, and those that name the person."""
    items: int
    inherited: int
    """How many of the items name nobody themselves and fall to their unit's manager."""
    spend: float
    dedication: float | None
    per_full_time: float | None
    """Items for each full-time post: items divided by dedication; None if that is not stated."""
    serves: tuple[str, ...] = ()
    """The units that the person's own record says."""
    also_named_in: tuple[str, ...] = ()
    """Those of `units` that it does not say: they, or items of theirs, name the person."""


class Standing(Struct, frozen=True):
    """Where a relationship manager stands between the two sides, and for how long."""

    represents: Represents | None
    position: Position | None
    since: datetime.date | None
    days: int | None
    native_by: datetime.date | None
    expectation: Expectation
    """Against the agreed date to be part of the business team."""
    days_overdue: int | None
    """Days past that date; negative while it lies ahead, None where none is agreed."""
    breaks: tuple[str, ...]
    """The organisation's own rules, by id, that this breaks: a bridge for too long, say."""
    reports_to: str | None
    reports_to_name: str | None
    reports_to_side: Side | None


class Scorecard(Struct, frozen=True):
    """One relationship manager."""

    person: str
    name: str
    title: str | None
    title_agreed: bool | None
    side: Side | None
    left: bool
    """Whether the person is no longer here."""
    place: Place
    load: Load
    standing: Standing
    signs: tuple[CardSign, ...]
    speaks_for_observed: Represents | None
    """The side that the business last named, or that most observed signs speak for."""
    disagrees: bool
    """Whether what is observed contradicts what is declared."""
    appraised_by: tuple[Appraisal, ...]
    experience: tuple[HeldExperience, ...]
    """Of the post and of the person."""
    evidenced_services: bool
    evidenced_investments: bool
    """With evidence, and from the customer's side."""
    engagements_last_year: int
    """Those that count in which they took part."""
    budget: Buckets
    """Budget of all they serve, active or not, by reach."""
    budget_whole: Buckets
    """Of it, by step, that of the items all of whose outcomes reach it."""
    actual: Buckets
    value: ValueFigures
    """Value for money of all they serve, active or not; each claim counted once."""
    findings: tuple[Finding, ...]
    """What the rules say of the person as a relationship manager; waived ones among them."""

    @property
    def against(self) -> tuple[CardSign, ...]:
        """The signs that do not speak for the customer."""
        return tuple(sign for sign in self.signs if sign.side != "customer")


class ManagersReport(Struct, frozen=True):
    """All relationship managers, and who else is named as one."""

    as_of: datetime.date
    organisation: str
    currency: str | None
    managers: tuple[Scorecard, ...]
    unlisted: tuple[str, ...]
    """Ids named as relationship manager of a unit or an item, but not listed as one."""
    uncovered: int
    """Active investments and services that fall to no listed relationship manager."""
    uncovered_spend: float
    unread: tuple[Place, ...]
    unit_names: dict[str, str]
    """Names of the business units by id."""

    def unit_name(self, identifier: str) -> str:
        """Return a unit's name as people say it, or its id where it is not known."""
        return self.unit_names.get(identifier, identifier)

"""What is credited to whoever held a post: of an item the money, of a unit the relationship."""

# No postponed annotations here: msgspec would compile each of them anew at every start.

import datetime
from collections.abc import Iterable

from msgspec import Struct, field

from itgov.insight.manager_types import HeldExperience
from itgov.model.finding import Place
from itgov.model.tenure import Gap, TenureSource
from itgov.model.types import HeldRole, OpportunityState, Side


class Amounts(Struct, gc=False):
    """Money planned, realised and spent on some days, in millionths, so that days add up."""

    planned: int = 0
    realised: int = 0
    spend: int = 0

    def add(self, other: "Amounts") -> None:
        """Add those of other days."""
        self.planned += other.planned
        self.realised += other.realised
        self.spend += other.spend

    def __bool__(self) -> bool:
        """Say whether there is any money."""
        return bool(self.planned or self.realised or self.spend)


class TenurePart(Struct, frozen=True, gc=False):
    """Days of a tenure that are told by one source, and the money of these days."""

    from_: datetime.date | None
    """None: from the beginning."""
    to: datetime.date | None
    """None: up to the as-of date, and still."""
    source: TenureSource
    amounts: Amounts


class ItemTenure(Struct, frozen=True, gc=False):
    """One person's days in a row as the holder of a post of an investment or service."""

    subject: str
    title: str
    business_unit: str
    role: HeldRole
    parts: tuple[TenurePart, ...]
    inherited: Amounts
    """Of all days before."""
    outcomes: int
    """Number of its outcomes."""
    improved_then: int
    """Number of those that were better than their baseline on the day before the first."""
    improved_now: int
    """The same on the last day."""

    @property
    def from_(self) -> datetime.date | None:
        """The first day."""
        return self.parts[0].from_

    @property
    def to(self) -> datetime.date | None:
        """The last day; None: still."""
        return self.parts[-1].to

    @property
    def amounts(self) -> Amounts:
        """The money of all of its days."""
        return total_of(p.amounts for p in self.parts)

    @property
    def assumed(self) -> Amounts:
        """The money of the days of which nothing tells whose they were."""
        return total_of(p.amounts for p in self.parts if p.source == "assumed")


class Relationship(Struct, frozen=True, gc=False):
    """How the relationship with a unit stood at the end of a day, as far as recorded."""

    on: datetime.date
    level_business: int | None = None
    level_it: int | None = None
    satisfaction: float | None = None
    """The business side's latest score."""
    actions_open: int = 0
    actions_overdue: int = 0
    opportunities_open: int = 0


class Promises(Struct, gc=False):
    """Actions that were due on some days."""

    due: int = 0
    kept: int = 0
    """Number of those done by the day they were due."""
    own_due: int = 0
    """Number of those due that the holder of the post was to do."""
    own_kept: int = 0


class Came(Struct, gc=False):
    """What happened in the relationship with a unit on some days."""

    engagements: int = 0
    """Number of those in which both sides took part."""
    not_counted: int = 0
    """Number of the others."""
    satisfaction: float | None = None
    """The mean of the business side's scores."""
    scores: int = 0
    promises: Promises = field(default_factory=Promises)
    raised: int = 0
    """Number of opportunities that were raised."""
    realised: int = 0
    """Number of opportunities that were realised, whoever's time they were raised in."""
    realised_value: float = 0
    """Money a year that those could bring, where it is recorded."""
    dropped: int = 0


class PostTenure(Struct, frozen=True, gc=False):
    """One person's days in a row as the relationship manager of a unit."""

    business_unit: str
    name: str
    from_: datetime.date | None
    to: datetime.date | None
    assumed_to: datetime.date | None
    """The last day of which nothing tells whose it was; None: all are told."""
    inherited: Relationship | None
    """None where it begins before all that is recorded."""
    came: Came
    now: Relationship
    """On the last day, or the as-of date."""


class OpportunityRow(Struct, frozen=True, gc=False):
    """One opportunity, followed from the engagement that raised it."""

    id: str
    business_unit: str
    statement: str | None
    raised_on: datetime.date
    raised_by: str | None
    raised_under: str | None
    """Who was the unit's relationship manager when it was raised; None: nobody, or nobody knows."""
    state: OpportunityState
    mentioned: datetime.date
    """The day of the last engagement that has it."""
    quiet: bool
    """Open, and not mentioned for over 180 days."""
    ended: datetime.date | None
    """The day it was realised or dropped."""
    ended_under: str | None
    investment: str | None
    value: float | None
    """Money a year that it could bring."""
    realised: float | None
    """Money that its investment has realised since it was raised; None without an investment."""


class TenureCard(Struct):
    """All posts that one person held."""

    person: str
    name: str
    side: Side | None = None
    left: bool = False
    """Whether the person is no longer here."""
    place: Place | None = None
    """Where the person is listed; None where nobody lists them."""
    experience: tuple[HeldExperience, ...] = ()
    items: list[ItemTenure] = []
    """As relationship manager, by unit and item, then by time."""
    owned: list[ItemTenure] = []
    """As outcome owner."""
    posts: list[PostTenure] = []
    opportunities: list[OpportunityRow] = []
    """Those that were raised, or ended, in the person's time as the unit's relationship manager."""
    amounts: Amounts = field(default_factory=Amounts)
    """The money of the days as relationship manager."""
    assumed: Amounts = field(default_factory=Amounts)
    """What of it falls on days of which nothing tells whose they were."""
    inherited: Amounts = field(default_factory=Amounts)
    """Of the items, the money of all days before the person first held them."""

    @property
    def is_manager(self) -> bool:
        """Whether the person ever was relationship manager of anything."""
        return bool(self.items or self.posts)

    @property
    def as_owner(self) -> Amounts:
        """The money of the days as outcome owner."""
        return total_of(item.amounts for item in self.owned)


class Uncredited(Struct, frozen=True, gc=False):
    """Days of a post of an item that are nobody's, and their money."""

    subject: str
    business_unit: str
    role: HeldRole
    from_: datetime.date | None
    to: datetime.date | None
    gap: Gap
    amounts: Amounts


class TenureReport(Struct):
    """Everything that came up to the as-of date, by who held the post then."""

    cards: dict[str, TenureCard]
    uncredited: list[Uncredited]
    """What is credited to nobody as relationship manager, where there is any money."""
    people: dict[str, TenureCard]
    """Everybody who is listed and held no post: with experience they might take one."""
    opportunities: list[OpportunityRow] = []
    """Of all units, in the order in which they were raised."""
    notes: tuple[str, ...] = ()
    """What a reader must know: how much git could tell, say."""

    def card(self, person: str) -> TenureCard | None:
        """Return the posts of somebody; None of a person whom nobody lists and who held none."""
        return self.cards.get(person) or self.people.get(person)

    def name(self, person: str) -> str:
        """Return somebody's name, or the id where there is none."""
        card = self.card(person)
        return card.name if card is not None else person


def total_of(amounts: Iterable[Amounts]) -> Amounts:
    """Return the sums of some amounts."""
    found = Amounts()
    for each in amounts:
        found.add(each)
    return found

"""The linked portfolio: every record with its facts and the place it comes from."""

import datetime
from collections.abc import Iterable, Iterator
from itertools import chain
from operator import attrgetter
from typing import TYPE_CHECKING, Literal

from msgspec import Struct, field

from itgov.model.facts import InvestmentFacts, OutcomeFacts
from itgov.model.people_facts import EngagementFacts, PersonFacts, RelationshipManagerFacts, Sign
from itgov.model.plan import NOTHING, OutcomeMoney
from itgov.model.reach import GRACE_DAYS
from itgov.model.types import (
    BusinessUnit,
    Engagement,
    Investment,
    Organisation,
    Outcome,
    Person,
    RelationshipManager,
)
from itgov.model.unit_facts import BusinessUnitFacts, OrganisationFacts
from itgov.model.value_sums import ValueSum

if TYPE_CHECKING:  # only where git is asked: nine types more cost every start
    from itgov.model.history_facts import (
        BusinessUnitHistory,
        EngagementHistory,
        InvestmentHistory,
        OutcomeHistory,
        RelationshipManagerHistory,
    )

if TYPE_CHECKING:
    from itgov.model.claims import Claim
    from itgov.model.plan_then import PlanThen
    from itgov.model.unit_shares import UnitShare

if TYPE_CHECKING:  # few portfolios have any, and nothing is converted to these types
    from itgov.model.minutes import Minutes
    from itgov.model.scenario import Scenario

Route = tuple[str | int, ...]


class Source(Struct, frozen=True, gc=False):
    """Where a record stands: a file of the repository, and the way to the record inside it."""

    path: str
    route: Route


class MinutesEntry(Struct, gc=False):
    """The minutes of a closed review session in their place."""

    record: "Minutes"
    """As it was sealed."""
    source: Source
    renamed: "Minutes | None" = None
    """The same with the ids that people have now, where it names somebody by an earlier one."""

    @property
    def as_now(self) -> "Minutes":
        """What it says of the people of today: a person whose id changed is the same person."""
        return self.renamed if self.renamed is not None else self.record


class ScenarioEntry(Struct, gc=False):
    """A scenario in its place."""

    record: "Scenario"
    source: Source


class OutcomeEntry(Struct, gc=False):
    """An outcome in its place."""

    record: Outcome
    facts: OutcomeFacts
    source: Source
    history: "OutcomeHistory | None" = None
    """What git knows of it; None where nothing asked, or it knows nothing."""
    money: OutcomeMoney = NOTHING
    """Its plan and what came of it, over days."""
    sums: ValueSum = field(default_factory=ValueSum)
    """What these come to as of the day, whoever else claims the same."""
    counted: float = 1.0
    """How much of it counts in sums: less than 1 where the same benefit is claimed elsewhere too."""


class InvestmentEntry(Struct, gc=False):
    """An investment or service in its place."""

    record: Investment
    facts: InvestmentFacts
    source: Source
    outcomes: list[OutcomeEntry]
    history: "InvestmentHistory | None" = None
    sums: ValueSum = field(default_factory=ValueSum)
    """Its planned and realised money, each benefit counted once, and its spend to date."""
    plan_then: "PlanThen | None" = None
    """Its plan at approval; None where git was not asked, does not know it, or it was not approved."""
    approval_cut: bool = False
    """Whether its approval may lie before the first commit of a shallow clone: not known."""


class EngagementEntry(Struct, gc=False):
    """An engagement in its place.  `id` is `<unit>/<date>`, numbered where a day has several."""

    id: str
    record: Engagement
    facts: EngagementFacts
    source: Source
    history: "EngagementHistory | None" = None


class UnitEntry(Struct, gc=False):
    """A business unit with all that its files say of it."""

    record: BusinessUnit
    facts: BusinessUnitFacts
    source: Source
    investments: list[InvestmentEntry]
    engagements: list[EngagementEntry]
    paths: list[str]
    """Every file that adds to the unit, the one with the unit's own record first."""
    history: "BusinessUnitHistory | None" = None
    sums: ValueSum = field(default_factory=ValueSum)

    @property
    def name(self) -> str:
        """Its name, or its id where it has none."""
        return self.record.name or self.record.id


def held_by(unit: UnitEntry) -> Iterator[UnitEntry | InvestmentEntry]:
    """Yield all that has posts in a unit: the unit itself, and its investments and services."""
    yield unit
    yield from unit.investments


def unit_stub(identifier: str, source: Source) -> UnitEntry:
    """Return a unit of which only the parts are known."""
    return UnitEntry(BusinessUnit(id=identifier), BusinessUnitFacts(), source, [], [], [])


class PersonEntry(Struct, gc=False):
    """A person in their place."""

    record: Person
    facts: PersonFacts
    source: Source

    @property
    def name(self) -> str:
        """What the person is called: the name, with the id where others have the same one."""
        name = self.record.name
        return f"{name} ({self.record.id})" if self.facts.same_name else name


class PlacedSign(Struct, frozen=True, gc=False):
    """A sign of which side a relationship manager stands on, and the place of what it rests on."""

    sign: Sign
    source: Source


class ManagerEntry(Struct, gc=False):
    """A relationship manager in their place."""

    record: RelationshipManager
    facts: RelationshipManagerFacts
    source: Source
    signs: list[PlacedSign] = []
    history: "RelationshipManagerHistory | None" = None


class OrganisationEntry(Struct, gc=False):
    """The organisation in its place."""

    record: Organisation
    facts: OrganisationFacts
    source: Source


Blind = Literal["no git", "no commit", "too new", "git failed", "submodule"]


class Evidence(Struct, gc=False):
    """How much git could tell of a portfolio."""

    blind: Blind | None = None
    """Why it could tell nothing, or None."""
    since: datetime.date | None = None
    """The day of the first commit that has the portfolio."""
    shallow: bool = False
    """Whether a shallow clone has cut the history off."""
    unread: int = 0
    """Times that a file could not be read at a commit."""
    later: int = 0
    """How many commits are dated after the as-of day."""
    by_clock: bool = False
    """Whether these count, as made on the as-of day, because that is the clock's."""
    partial: bool = False
    """Whether this is a partial clone, which may lack files of the history."""
    reason: str = ""
    """What git said, where it failed."""
    is_ahead: bool = False
    """Whether what is not committed follows on commits that are dated after the as-of day."""
    renumbered: dict[str, str] = {}
    """Items that got another id in what is not committed, the new one by the old: what git knows of an
    item may follow from a file that another unit's item went from."""


class GitName(Struct, frozen=True, gc=False):
    """Whom commits named for a post from one day on; None: nobody."""

    day: datetime.date
    person: str | None
    commit: str = ""
    """The commit of that day, by its first ten digits; empty where nothing asked."""


class Lost(Struct, frozen=True, gc=False):
    """What files that cannot be read may have said: it is unknown, not absent."""

    people: bool = False
    """Whether people and relationship managers."""
    units: frozenset[str] = frozenset()
    """The ids of business units of which parts are lost."""
    any_unit: bool = False
    """Whether parts of any unit, and units of which nothing else is known."""

    values: dict[str, list[tuple[int, frozenset[str]]]] = {}
    """By file, where a value could not be used, and the keys that lead to it."""

    @classmethod
    def of_all(
        cls,
        some: Iterable["Lost"],
        values: dict[str, list[tuple[int, frozenset[str]]]] | None = None,
    ) -> "Lost":
        """Return what any of some may have said; of values, those that are given."""
        lost = list(some)
        return cls(
            any(each.people for each in lost),
            frozenset(unit for each in lost for unit in each.units),
            any(each.any_unit for each in lost),
            values or {},
        )

    def of_unit(self, unit: str) -> bool:
        """Say whether parts of a unit may be lost."""
        return self.any_unit or unit in self.units

    def of_units(self) -> bool:
        """Say whether parts of any unit at all may be lost."""
        return self.any_unit or bool(self.units)


class Portfolio(Struct, gc=False):
    """All files of a repository as one: what rules judge and every view shows."""

    today: datetime.date
    """The as-of date for which all facts hold."""
    organisation: OrganisationEntry
    people: dict[str, PersonEntry]
    managers: dict[str, ManagerEntry]
    units: dict[str, UnitEntry]
    evidence: Evidence | None = None
    """How much git could tell of it; None where nothing asked."""
    named: dict[str, dict[str, tuple[GitName, ...]]] = {}
    """By `i:<investment>` or `u:<unit>` and by role, whom git knows to have been named, oldest first;
    only where that ever changed."""
    minutes: list[MinutesEntry] = []
    """Minutes of closed review sessions, in the order of their files."""
    scenarios: list[ScenarioEntry] = []
    """What is being weighed, in the order of its files."""
    lost: Lost = Lost()
    """What could not be read."""
    evidence_files: frozenset[str] | None = None
    """Evidence of results that names a file of the repository; None: there is no repository."""
    grace_days: int = GRACE_DAYS
    """Days after a due day, or after `value_from`, in which nothing is asked of an outcome yet."""
    claims: "list[Claim]" = []
    """Benefits that more than one outcome claims."""
    shares: "list[UnitShare]" = []
    """What facts beyond each unit take from it, in the order of the units."""
    plans_gone: "dict[str, PlanThen]" = {}
    """The plans at approval of items that were deleted whole, by the item's last id."""

    @property
    def investment_count(self) -> int:
        """Number of investments and services."""
        return sum(len(u.investments) for u in self.units.values())

    def investments(self) -> Iterator[InvestmentEntry]:
        """Yield every investment and service, unit by unit."""
        return chain.from_iterable(map(attrgetter("investments"), self.units.values()))

    def outcomes(self) -> Iterator[OutcomeEntry]:
        """Yield the outcomes of every investment and service."""
        return chain.from_iterable(map(attrgetter("outcomes"), self.investments()))

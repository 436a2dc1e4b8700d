"""What a board is told, before anybody writes it down."""

# No postponed annotations here: msgspec would compile each of them anew at every start.

import datetime

from msgspec import Struct

from itgov.insight.ask_types import Asks, TopFinding
from itgov.insight.health_types import HealthProblem, HealthReport, UnitHealth
from itgov.insight.manager_types import Scorecard
from itgov.insight.trend_points import Trend
from itgov.insight.value_curve import Curve, Step
from itgov.insight.value_types import ItemNode, MoneyLine, NoSight
from itgov.model.finding import Finding, Place
from itgov.model.minutes import Decision, MinutesItem
from itgov.model.rulebook import RuleInfo
from itgov.model.types import Side, Waiver


class PackCommit(Struct, frozen=True):
    """The git commit that a pack was made of."""

    id: str
    changed: bool
    """Whether portfolio or rule files differ from those of the commit."""


class HeldWaiver(Struct, frozen=True):
    """A waiver that is in force on the as-of date."""

    waiver: Waiver
    subject: str
    name: str
    """What it is on, as people say it."""
    unit: str | None
    approver: str
    place: Place


class BoardItem(Struct, frozen=True):
    """An investment or service, with who answers for it."""

    node: ItemNode
    type: str
    stage: str | None
    owner: str | None
    manager: str | None
    inherited: bool
    """Whether the manager is the unit's, because the item names none."""
    lead: str | None
    """The delivery lead."""
    end: datetime.date | None
    findings: tuple[Finding, ...]
    """What the rules say of it and its outcomes; waived ones among them."""


class Promise(Struct, frozen=True):
    """An action that is open on the as-of day, of an engagement or of a review session."""

    what: str
    owner: str | None
    """The name of whoever promised it; None: nobody is named."""
    side: Side | None
    """The side that this person is on; None: not known."""
    due: datetime.date | None
    late: bool


class BoardUnit(Struct, frozen=True):
    """One business unit's page."""

    health: UnitHealth
    line: MoneyLine
    head: str | None
    manager: str | None
    engagements: int
    """Those up to the as-of day that count, and beside them those that do not."""
    engagements_not_counted: int
    items: tuple[BoardItem, ...]
    findings: tuple[Finding, ...]
    """All findings of the unit, in the order of attention; waived ones last."""
    promises: tuple[Promise, ...]
    """Open actions, the one that is due first before the others."""
    asks: Asks
    curve: Curve


class TakenDecision(Struct, frozen=True):
    """What a review session decided on one item of its agenda."""

    on: datetime.date
    session: str
    item: MinutesItem
    decision: Decision
    place: Place


class OpenAction(Struct, frozen=True):
    """An action that a session agreed and that nobody has said done."""

    on: datetime.date
    item: MinutesItem
    decision: Decision
    late: bool


class Decisions(Struct):
    """What the review sessions of the year up to the as-of date came to."""

    since: datetime.date
    """The sessions are those after this day."""
    sessions: int = 0
    items: int = 0
    decided: int = 0
    taken: list[TakenDecision] = []
    """The latest session first, each in the order of its agenda."""
    actions: list[OpenAction] = []
    """Of any session, the one that is due first before the others."""
    names: dict[str, str] = {}
    """People's names by id."""

    def of_unit(self, unit: str) -> "Decisions":
        """Return those on one business unit."""
        return Decisions(
            since=self.since,
            taken=[t for t in self.taken if t.item.business_unit == unit],
            actions=[a for a in self.actions if a.item.business_unit == unit],
            names=self.names,
        )


class BoardReport(Struct, frozen=True):
    """The board pack, before anybody writes it down."""

    as_of: datetime.date
    organisation: str
    currency: str | None
    commit: PackCommit | None
    files: int
    health: HealthReport
    total: MoneyLine
    without: tuple[NoSight, ...]
    units: tuple[BoardUnit, ...]
    managers: tuple[Scorecard, ...]
    top: tuple[TopFinding, ...]
    others: tuple[Finding, ...]
    """Findings on what has no page: the organisation, people, files; in the order of attention."""
    counts: dict[str, int]
    """Findings by severity, and those `waived`."""
    rules: tuple[RuleInfo, ...]
    rule_titles: dict[str, str]
    """What is wrong where a rule fails, by the rule's id; without ids that an item has as well."""
    horizon: datetime.date
    """The last day of figures to come."""
    waivers: tuple[HeldWaiver, ...]
    decisions: Decisions
    asks: Asks
    """What the board is asked to decide."""
    step: Step
    """Of money over time."""
    curve: Curve | None
    """Planned and realised money over time; None where the pack is limited to some units."""
    problems: tuple[HealthProblem, ...]
    unread: tuple[Place, ...]
    only: tuple[str, ...] = ()
    """The units that the pack is limited to, if it is."""
    trend: Trend | None = None

    def unit_name(self, identifier: str) -> str:
        """Return a unit's name as people say it, or its id where it is not known."""
        return next((u.name for u in self.health.units if u.id == identifier), identifier)

"""What a board is told, before anybody writes it down."""

# No postponed annotations here: msgspec would compile each of them anew at every start.

import datetime

from msgspec import Struct

from itgov.insight.healthtypes import HealthProblem, HealthReport, UnitHealth
from itgov.insight.managertypes import Scorecard
from itgov.insight.trend_points import Trend
from itgov.insight.valuetypes import ItemNode, Line, NoSight
from itgov.model.finding import Finding, Place
from itgov.model.rulebook import RuleInfo
from itgov.model.types import Waiver


class Commit(Struct, frozen=True):
    """The git commit that a pack was made of."""

    id: str
    changed: bool
    """Whether portfolio or rule files differ from those of the commit."""


class TopFinding(Struct, frozen=True):
    """A finding that matters, by what it takes from the health of how much money."""

    finding: Finding
    units: tuple[str, ...]
    """Names of the units that lose points by it."""
    points: float
    """Points that the unit hit hardest gets back when it is mended, caps set aside."""
    money: float
    """Spend of what it is about: of the investment, else of the units concerned."""


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
    findings: tuple[Finding, ...]
    """What the rules say of it and its outcomes; waived ones among them."""


class BoardUnit(Struct, frozen=True):
    """One business unit's page."""

    health: UnitHealth
    line: Line
    head: str | None
    manager: str | None
    items: tuple[BoardItem, ...]
    findings: tuple[Finding, ...]
    """All findings of the unit, waived ones among them."""


class BoardReport(Struct, frozen=True):
    """The board pack, before anybody writes it down."""

    as_of: datetime.date
    organisation: str
    currency: str | None
    commit: Commit | None
    files: int
    health: HealthReport
    total: Line
    without: tuple[NoSight, ...]
    units: tuple[BoardUnit, ...]
    managers: tuple[Scorecard, ...]
    top: tuple[TopFinding, ...]
    counts: dict[str, int]
    """Findings by severity, and those `waived`."""
    rules: tuple[RuleInfo, ...]
    waivers: tuple[HeldWaiver, ...]
    problems: tuple[HealthProblem, ...]
    unread: tuple[Place, ...]
    only: tuple[str, ...] = ()
    """The units that the pack is limited to, if it is."""
    trend: Trend | None = None

    def unit_name(self, identifier: str) -> str:
        """Return a unit's name as people say it, or its id where it is not known."""
        return next((u.name for u in self.health.units if u.id == identifier), identifier)

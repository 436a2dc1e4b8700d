"""What is known of a finding, and of findings that belong together.  Nothing here knows Textual."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

from msgspec import Struct

from itgov.insight.attention import AttentionKey
from itgov.insight.health_types import CostlyFinding
from itgov.insight.items import FindingCounts, Item
from itgov.model.filter_query import exactly
from itgov.model.finding import Finding

if TYPE_CHECKING:
    from itgov.tui.state.selection import Selection

Grouping = Literal["rule", "unit", "owner", "severity"]
GROUPINGS: tuple[Grouping, ...] = get_args(Grouping)

NO_ITEM = "-"
"""The group of findings that are not about an investment or service."""


class FindingRow:
    """A finding as a row of a list."""

    __slots__ = ("cost", "finding", "id", "item", "place", "text", "unit_name")

    def __init__(
        self,
        identifier: str,
        finding: Finding,
        item: Item | None,
        unit_name: str,
        cost: CostlyFinding | None,
        place: AttentionKey,
    ) -> None:
        self.id = identifier
        self.finding = finding
        self.item = item
        self.unit_name = unit_name
        self.cost = cost
        """Of the unit that it costs most."""
        self.place = place
        """Its place in the order of attention."""
        f = finding
        words = [
            f.rule,
            f.name,
            f.severity,
            unit_name,
            f.subject.id,
            f.path,
            f.field or "",
            f.message,
        ]
        if item is not None:
            words += (item.title, item.owner, item.manager)
        self.text = "\n".join(words).lower()

    @property
    def points(self) -> float | None:
        """Points of its unit's health that come back when it is fixed; None where unknown."""
        return self.cost.points if self.cost is not None else None

    @property
    def is_capped(self) -> bool:
        """Whether fixing it gains points only once a cap is lifted."""
        cost = self.cost
        capped = cost is not None and cost.points < 0.05 <= cost.uncapped
        return capped and not self.finding.waived

    @property
    def owner(self) -> str:
        """The id of the outcome owner of its investment; empty where nobody is named."""
        return (self.item.entry.record.outcome_owner or "") if self.item is not None else NO_ITEM

    @property
    def subject(self) -> str:
        """What it is about, as short as can be."""
        return self.finding.subject.id


def answering(found: FindingRow) -> list[str]:
    """Return the ids of those whose finding it is: the outcome owner, or the person it is about."""
    f = found.finding
    if found.item is not None:
        return [found.owner] if found.owner else []
    if f.subject.kind in ("person", "relationship_manager"):
        return [f.subject.id]
    return []


class FindingGroup(Struct):
    """Findings that belong together; `key` is the rule, unit, owner or severity they share."""

    key: str
    title: str
    rows: list[str]
    counts: FindingCounts
    points: float
    grouping: Grouping
    place: tuple[bool, float]
    """Its place in the order of attention."""
    capped: bool
    """Whether one of them gains points only once a cap is lifted."""

    @property
    def id(self) -> str:
        """The group as a row of a list: no finding's id begins like that."""
        return f"={self.key}"


def filter_on(chosen: Selection) -> str:
    """Return the filter that leaves the findings on what is selected."""
    if chosen.kind in ("person", "relationship_manager") and chosen.id:
        return exactly("person", chosen.id)
    if chosen.investment:
        return exactly("item", chosen.investment)
    if chosen.unit:
        return exactly("unit", chosen.unit)
    if chosen.finding is not None:
        return exactly("id", chosen.finding.subject.id)
    return exactly("person", chosen.person) if chosen.person else ""

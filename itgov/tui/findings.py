"""Every finding as a row that can be grouped, sorted and filtered.  Nothing here knows Textual."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Literal, get_args

from msgspec import Struct

from itgov.insight.healthtypes import CostlyFinding
from itgov.model.finding import SEVERITIES, Finding
from itgov.tui.query import Query, Searchable, Value, exactly
from itgov.tui.room import FindingCounts, Item, Room, item_of
from itgov.tui.sieve import Sieve

if TYPE_CHECKING:
    from itgov.tui.views.base import Selection

Grouping = Literal["rule", "unit", "owner", "severity"]
GROUPINGS: tuple[Grouping, ...] = get_args(Grouping)

FINDING_FIELDS = (
    "rule", "severity", "unit", "owner", "manager", "person", "item", "id", "kind", "path", "line",
    "field", "message", "waived", "points",
)  # fmt: skip
"""The fields of a finding that a filter can name."""

NO_ITEM = "-"
"""The group of findings that are not about an investment or service."""
_WORST = {s: n for n, s in enumerate(SEVERITIES)}


class FindingRow:
    """A finding as a row of a list."""

    __slots__ = ("cost", "finding", "id", "item", "text", "unit_name")

    def __init__(
        self,
        identifier: str,
        finding: Finding,
        item: Item | None,
        unit_name: str,
        cost: CostlyFinding | None,
    ) -> None:
        self.id = identifier
        self.finding = finding
        self.item = item
        self.unit_name = unit_name
        self.cost = cost
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
    def search(self) -> Searchable:
        """What a filter looks at: made anew, for what is made of it here would go round in a ring."""
        return Searchable(self.text, _Fields(self))  # type: ignore[arg-type]

    @property
    def points(self) -> float | None:
        """Points of its unit's health that come back when it is mended; None where unknown."""
        return self.cost.points if self.cost is not None else None

    @property
    def owner(self) -> str:
        """The id of the outcome owner of its investment; empty where nobody is named."""
        return (self.item.entry.record.outcome_owner or "") if self.item is not None else NO_ITEM

    @property
    def subject(self) -> str:
        """What it is about, as short as can be."""
        return self.finding.subject.id


class _Fields:
    """The fields of a finding by name, worked out when a filter first asks for one."""

    __slots__ = ("found",)

    def __init__(self, found: FindingRow) -> None:
        self.found = found

    def get(self, name: str) -> Value:
        found, f, item = self.found, self.found.finding, self.found.item
        match name:
            case "rule":
                return f"{f.rule}\n{f.name}".lower()
            case "severity":
                return f.severity
            case "unit":
                return f"{f.business_unit}\n{found.unit_name}".lower() if f.business_unit else None
            case "owner":
                return item.owner_value if item is not None else None
            case "manager":
                return item.manager_value if item is not None else None
            case "person":
                return "\n".join(answering(found)).lower()
            case "item":
                return f"{item.id}\n{item.title}".lower() if item is not None else None
            case "id":
                return f.subject.id.lower()
            case "kind":
                return f.subject.kind
            case "path":
                return f"{f.path}\n{f.path}:{f.line}".lower()
            case "line":
                return float(f.line)
            case "field":
                return f.field.lower() if f.field else None
            case "message":
                return f.message.lower()
            case "waived":
                return "yes" if f.waived else "no"
            case "points":
                return found.points
        return None


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

    @property
    def id(self) -> str:
        """The group as a row of a list: no finding's id begins like that."""
        return f"={self.key}"


class Findings:
    """All findings of a room, by id."""

    def __init__(self, room: Room) -> None:
        self.room = room
        units = room.portfolio.units
        names = {key: entry.record.name or key for key, entry in units.items()}
        costs = {
            cost.finding.fingerprint: cost
            for unit in room.health_of.values()
            for cost in unit.findings
        }
        self.rows: dict[str, FindingRow] = {}
        for finding in room.findings:
            key = finding.fingerprint
            item = room.items.get(item_of(finding.subject) or "")
            unit = finding.business_unit or ""
            self.rows[key] = FindingRow(key, finding, item, names.get(unit, unit), costs.get(key))

        self._sieve = Sieve((key, row.search) for key, row in self.rows.items())
        self._ordered: dict[tuple[bool, tuple[str, bool]], list[str]] = {}
        self._keys: dict[Grouping, dict[str, str]] = {}

    def select(self, sought: Query, waived: bool, sort: tuple[str, bool]) -> Sequence[str]:
        """Return the ids of the findings that a filter finds, in order by a column.

        Waived ones are only among them on request.
        """
        order = self._ordered.get((waived, sort))
        if order is None:
            column, down = sort
            order = [r.id for r in self.rows.values() if waived or not r.finding.waived]
            order.sort(key=lambda row: _ROW_SORTS[column](self.rows[row]), reverse=down)
            self._ordered[waived, sort] = order
        return self._sieve.select(sought, order)

    def key_of(self, row: str, grouping: Grouping) -> str:
        """Return the group that a finding belongs to."""
        found = self.rows[row]
        match grouping:
            case "rule":
                return found.finding.rule
            case "unit":
                return found.finding.business_unit or ""
            case "owner":
                return found.owner
            case "severity":
                return found.finding.severity

    def title_of(self, key: str, grouping: Grouping) -> str:
        """Return what a group is called."""
        room = self.room
        match grouping:
            case "rule":
                rule = room.rules.get(key)
                return rule.summary if rule is not None else ""
            case "unit":
                unit = room.portfolio.units.get(key)
                return (unit.record.name or key) if unit is not None else key or room.name
            case "owner":
                if key == NO_ITEM:
                    return "Not about an investment"
                return room.person(key) or "Nobody is named"
            case "severity":
                return {"error": "Errors", "warning": "Warnings", "info": "Information"}[key]

    def groups(
        self, rows: Sequence[str], grouping: Grouping, sort: tuple[str, bool]
    ) -> list[FindingGroup]:
        """Return findings, which are in order, in groups: the worst first unless `sort` asks otherwise."""
        keys = self._keys.get(grouping)
        if keys is None:
            keys = self._keys[grouping] = {row: self.key_of(row, grouping) for row in self.rows}
        found: dict[str, list[str]] = {}
        for row in rows:
            found.setdefault(keys[row], []).append(row)
        groups = []
        for key, members in found.items():
            some = [self.rows[row] for row in members]
            groups.append(
                FindingGroup(
                    key,
                    self.title_of(key, grouping),
                    members,
                    self.room.counts_of(r.finding for r in some),
                    sum(r.points or 0 for r in some if not r.finding.waived),
                )
            )
        order = _GROUP_SORTS.get(sort[0], _GROUP_SORTS["what"])
        groups.sort(key=order, reverse=sort[1])
        return groups


def _worst(found: FindingRow) -> tuple[object, ...]:
    f = found.finding
    return (f.waived, _WORST[f.severity], -(found.points or 0), f.path, f.line, f.rule)


_ROW_SORTS: dict[str, Callable[[FindingRow], tuple[object, ...]]] = {
    "findings": _worst,
    "what": lambda r: (r.finding.message.lower(), *_worst(r)),
    "points": lambda r: (-(r.points or 0), *_worst(r)),
    "rule": lambda r: (r.finding.rule, *_worst(r)),
    "about": lambda r: (r.subject.lower(), *_worst(r)),
    "unit": lambda r: (r.unit_name.lower(), *_worst(r)),
    "owner": lambda r: (r.item is None, r.item.owner.lower() if r.item else "", *_worst(r)),
    "place": lambda r: r.finding.sort_key(),
}
_GROUP_SORTS: dict[str, Callable[[FindingGroup], tuple[object, ...]]] = {
    "findings": lambda g: (*(-g.counts[s] for s in SEVERITIES), -g.counts["waived"], g.key),
    "points": lambda g: (-g.points, g.key),
    "what": lambda g: (g.title.lower(), g.key),
    "rule": lambda g: (g.key,),
}


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

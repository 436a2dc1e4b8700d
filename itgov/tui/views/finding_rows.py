"""Every finding as a row that can be grouped, sorted and filtered: its columns, and their order."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from itgov.insight.attention import AttentionKey
from itgov.insight.items import FindingCounts, counts_of
from itgov.model.fields import field
from itgov.model.filter_query import Query, Value
from itgov.model.finding import SEVERITIES, item_of, sort_key
from itgov.model.types import Investment
from itgov.tui.columns import ColumnOf, Columns, filter_only
from itgov.tui.state.findings import NO_ITEM, FindingGroup, FindingRow, Grouping, answering
from itgov.tui.state.room import Room
from itgov.tui.state.row_filter import RowFilter
from itgov.tui.views.figures import points
from itgov.tui.views.formatting import (
    SEVERITY_LEGEND,
    SEVERITY_ROLES,
    SEVERITY_SIGNS,
    counts,
    named,
)
from itgov.tui.widgets.column_layout import Measured
from itgov.tui.widgets.styled_text import Cell, Line


class Findings:
    """All findings of a room, by id."""

    def __init__(self, room: Room) -> None:
        self.room = room
        units = room.portfolio.units
        names = {key: entry.name for key, entry in units.items()}
        self.rows: dict[str, FindingRow] = {}
        for finding in room.findings:
            key = finding.fingerprint
            item = room.items.get(item_of(finding.subject) or "")
            unit = finding.business_unit or ""
            costs = [costly for _, costly in room.attention.stake(finding).costs]
            most = max(costs, key=lambda c: (c.points, c.uncapped), default=None)
            name, place = names.get(unit, unit), room.attention.key(finding)
            self.rows[key] = FindingRow(key, finding, item, name, most, place)

        self.row_filter = RowFilter(
            (key, FINDINGS.searchable(row, row.text)) for key, row in self.rows.items()
        )
        self._ordered: dict[tuple[bool, tuple[str, bool]], list[str]] = {}
        self._measured: dict[Grouping, Measured] = {}
        self._keys: dict[Grouping, dict[str, str]] = {}

    def select(self, sought: Query, waived: bool, sort: tuple[str, bool]) -> Sequence[str]:
        """Return the ids of the findings that a filter finds, in order by a column.

        Waived ones are only among them on request.
        """
        order = self._ordered.get((waived, sort))
        if order is None:
            column, down = sort
            order = [r.id for r in self.rows.values() if waived or not r.finding.waived]
            by = FINDINGS.sorts[column]
            order.sort(key=lambda row: by(self.rows[row]), reverse=down)
            self._ordered[waived, sort] = order
        return self.row_filter.select(sought, order)

    def measured(self, grouping: Grouping) -> Measured:
        """Return how wide the cells of all findings, waived or not, and of their groups are.

        Of the messages just the longest is measured: what there is no room for is cut anyway.
        """
        known = self._measured.get(grouping)
        if known is None:
            rows = self.rows.values()
            longest = max(rows, key=lambda r: len(r.finding.message), default=None)
            counted: dict[str, FindingCounts] = {}
            for key, row in self.rows.items():
                found = row.finding
                counts_there = counted.setdefault(self.key_of(key, grouping), FindingCounts())
                counts_there["waived" if found.waived else found.severity] += 1
            cells: list[set[Cell]] = []
            for column in columns_beside(grouping):
                if column.key == "what":
                    cells.append({column.cell(longest)} if longest is not None else set())
                elif column.key == "findings":
                    cells.append({counts(c) for c in counted.values()})
                else:
                    cells.append({column.cell(row) for row in rows})
            known = self._measured[grouping] = Measured(cells)
        return known

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
                return rule.heading if rule is not None else ""
            case "unit":
                unit = room.portfolio.units.get(key)
                return unit.name if unit is not None else key or room.name
            case "owner":
                if key == NO_ITEM:
                    return "No investment"
                return room.person(key) or "No owner"
            case "severity":
                return {"error": "Errors", "warning": "Warnings", "info": "Information"}[key]

    def groups(
        self, rows: Sequence[str], grouping: Grouping, sort: tuple[str, bool]
    ) -> list[FindingGroup]:
        """Return findings, which are in order, in groups: that which needs attention most first, unless `sort` asks otherwise."""
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
                    counts_of(r.finding for r in some),
                    sum(r.points or 0 for r in some if not r.finding.waived),
                    grouping,
                    self.room.attention.together(r.finding for r in some),
                    any(r.is_capped for r in some),
                )
            )
        groups.sort(key=_GROUPS[sort[0]].group_sort, reverse=sort[1])
        return groups


def _first(found: FindingRow) -> AttentionKey:
    return found.place


def _by_title(group: FindingGroup) -> tuple[object, ...]:
    return (group.title.lower(), group.key)


def _no_cell(_: FindingGroup) -> Cell:
    return ""


class FindingColumn(ColumnOf[FindingRow], frozen=True):
    """A column of findings and of their groups: `group` is a group's cell."""

    group: Callable[[FindingGroup], Cell] = _no_cell
    group_sort: Callable[[FindingGroup], tuple[object, ...]] = _by_title


def _what(found: FindingRow) -> Cell:
    f = found.finding
    if f.waived:
        return (("waived ", "muted"), (f.message, "muted"))
    return ((f"{SEVERITY_SIGNS[f.severity]} ", SEVERITY_ROLES[f.severity]), (f.message, ""))


def _name(group: FindingGroup) -> Cell:
    name: Line = ((group.title, "strong"),)
    if group.grouping == "rule":
        name = ((f"{group.key} ", "strong"), (group.title, ""))
    elif group.grouping == "owner" and not group.key:
        name = ((group.title, "error"),)
    waived = group.counts["waived"]
    return (*name, (f"  {waived:,} waived", "muted")) if waived else name


def _points(value: float, capped: bool) -> Cell:
    if value < 0.05:
        return (("capped", "muted"),) if capped else ""
    return ((points(value), "ok"),)


def _unit(found: FindingRow) -> Value:
    unit = found.finding.business_unit
    return f"{unit}\n{found.unit_name}".lower() if unit else None


_ROWS: tuple[ColumnOf[FindingRow], ...] = (
    FindingColumn(
        "what", "finding", 20, flex=6, legend=SEVERITY_LEGEND, cell=_what, group=_name,
        sort=lambda r: (r.finding.message.lower(), *r.place),
    ),
    FindingColumn(
        "rule", "rule", 8, drop=6, cell=lambda r: r.finding.rule,
        sort=lambda r: (r.finding.rule, *r.place), group_sort=lambda g: (g.key,),
        find=lambda r: f"{r.finding.rule}\n{r.finding.name}".lower(),
    ),
    filter_only("severity", lambda r: r.finding.severity),
    FindingColumn(
        "about", "about", 9, flex=1, drop=5, cell=lambda r: r.subject,
        sort=lambda r: (r.subject.lower(), *r.place),
    ),
    FindingColumn(
        "unit", "unit", 12, flex=1, drop=6, cell=lambda r: r.unit_name, find=_unit,
        sort=lambda r: (r.unit_name.lower(), *r.place),
    ),
    FindingColumn(
        "owner", field(Investment, "outcome_owner").label, 10, flex=1,
        cell=lambda r: named(r.item.owner) if r.item else "",
        sort=lambda r: (r.item is None, r.item.owner.lower() if r.item else "", *r.place),
        find=lambda r: r.item.holder("outcome_owner") if r.item else None,
    ),
    FindingColumn(
        "manager", "manager", 10, flex=1,
        cell=lambda r: named(r.item.manager) if r.item else "",
        sort=lambda r: (r.item is None, r.item.manager.lower() if r.item else "", *r.place),
        find=lambda r: r.item.holder("relationship_manager") if r.item else None,
    ),
    filter_only("person", lambda r: "\n".join(answering(r)).lower()),
    filter_only("item", lambda r: f"{r.item.id}\n{r.item.title}".lower() if r.item else None),
    filter_only("id", lambda r: r.subject.lower()),
    filter_only("kind", lambda r: r.finding.subject.kind),
    FindingColumn(
        "place", "place", 20, flex=1, drop=7, sort=lambda r: sort_key(r.finding),
        cell=lambda r: f"{r.finding.path.rpartition('/')[2]}:{r.finding.line}",
    ),
    filter_only("path", lambda r: f"{r.finding.path}\n{r.finding.path}:{r.finding.line}".lower()),
    filter_only("line", lambda r: float(r.finding.line), holds="amount"),
    filter_only("field", lambda r: r.finding.field.lower() if r.finding.field else None),
    filter_only("message", lambda r: r.finding.message.lower()),
    filter_only("waived", lambda r: "yes" if r.finding.waived else "no"),
    FindingColumn(
        "findings", "findings", 10, right=True, sort=_first, group=lambda g: counts(g.counts),
        group_sort=lambda g: (*g.place, *(-g.counts[s] for s in SEVERITIES), g.key),
    ),
    FindingColumn(
        "points", "points", 7, right=True, drop=3, find=lambda r: r.points,
        cell=lambda r: _points(0 if r.finding.waived else r.points or 0, r.is_capped),
        sort=lambda r: (-(r.points or 0), *r.place),
        group=lambda g: _points(g.points, g.capped), group_sort=lambda g: (-g.points, g.key), holds="amount",
    ),
)  # fmt: skip
FINDINGS: Columns[FindingRow] = Columns(*_ROWS)
_GROUPS = {c.key: c for c in _ROWS if isinstance(c, FindingColumn)}


def columns_beside(grouping: Grouping) -> tuple[ColumnOf[FindingRow], ...]:
    """Return the columns but that which the groups stand for."""
    return tuple(c for c in FINDINGS.shown if c.key != grouping)


def cells_of(row: FindingRow | FindingGroup, grouping: Grouping) -> tuple[Cell, ...]:
    """Return what stands in the columns of a finding or of a group."""
    columns = columns_beside(grouping)
    if isinstance(row, FindingGroup):
        return tuple(_GROUPS[c.key].group(row) for c in columns)
    return tuple(c.cell(row) for c in columns)

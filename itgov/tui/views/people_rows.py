"""The columns of people, and of what one of them answers for."""

from __future__ import annotations

from itgov.model.fields import choice_words, field
from itgov.model.filter_query import Value
from itgov.model.finding import SEVERITIES
from itgov.model.types import BusinessUnit, Investment, Person
from itgov.report.figures import UNKNOWN
from itgov.tui.columns import ColumnOf, Columns, filter_only
from itgov.tui.state.people import Answering, Duty
from itgov.tui.views.figures import count, money
from itgov.tui.views.formatting import COUNTS_LEGEND, counts
from itgov.tui.views.item_page import unlisted
from itgov.tui.views.person_page import due
from itgov.tui.widgets.styled_text import Cell, Role

_STATES = {"left": 0, "unknown": 1, "nobody": 2, "": 3, "gone": 4}
_NONE: Cell = (("·", "muted"),)


def _worst(p: Answering) -> tuple[object, ...]:
    found = p.findings
    late = p.actions[1]
    return (_STATES[p.state], -found["error"], -found["warning"], -late, p.name.lower(), p.id)


def _standing(p: Answering) -> Cell:
    """Return the side of a person, or why the person cannot hold a role."""
    match p.state:
        case "left":
            return ((f"left {p.left}", "error"),)
        case "gone":
            return ((f"left {p.left}", "muted"),)
        case "unknown" | "nobody":
            return ((unlisted(p.id), "error"),)
    side = p.entry.record.side if p.entry is not None else None
    return choice_words(side) if side else ((UNKNOWN, "muted"),)


def _actions(p: Answering) -> Cell:
    """Return how many actions are open, and how many of them are overdue."""
    some, late = p.actions
    if not some:
        return _NONE
    overdue = "all overdue" if late == some else f"{late:,} overdue"
    return ((f"{some:,}", ""), (f", {overdue}" if late else "", "warning"))


def _unit(p: Answering) -> Value:
    unit = p.entry.record.business_unit if p.entry is not None else None
    return f"{unit}\n{p.unit_name}".lower() if unit else None


def _written(p: Answering, key: str) -> Value:
    value = getattr(p.entry.record, field(Person, key).name) if p.entry is not None else None
    return value.lower() if value else None


def _counted(key: str, width: int, role: str, drop: int = 0) -> ColumnOf[Answering]:
    """Return the column of how often a person has a role."""
    return ColumnOf(
        key, key, width, right=True, drop=drop,
        cell=lambda p: count(p.count(role)) if p.count(role) else _NONE,
        sort=lambda p: (-p.count(role), *_worst(p)), find=lambda p: float(p.count(role)),
        holds="amount",
    )  # fmt: skip


PEOPLE: Columns[Answering] = Columns(
    filter_only("id", lambda p: p.id.lower()),
    ColumnOf(
        "name", "person", 16, flex=3,
        cell=lambda p: ((p.name, "muted" if p.state == "gone" else ""),),
        sort=lambda p: (p.name.lower(), p.id), find=lambda p: p.name.lower(),
    ),
    filter_only("email", lambda p: _written(p, "email")),
    ColumnOf("standing", "status", 15, cell=_standing, sort=_worst),
    filter_only("side", lambda p: _written(p, "side")),
    ColumnOf(
        "unit", "unit", 14, flex=2, drop=7, cell=lambda p: p.unit_name,
        sort=lambda p: (not p.unit_name, p.unit_name.lower(), *_worst(p)), find=_unit,
    ),
    filter_only("role", lambda p: "\n".join({duty.role for duty in p.duties if duty.active})),
    _counted("owns", 5, field(Investment, "outcome_owner").short_label),
    _counted("sponsors", 8, field(Investment, "sponsor").short_label, drop=3),
    _counted("manages", 7, field(Investment, "relationship_manager").short_label, drop=4),
    _counted("delivers", 8, field(Investment, "delivery_lead").short_label, drop=6),
    _counted("heads", 5, field(BusinessUnit, "head").label, drop=5),
    ColumnOf(
        "actions", "actions", 14, right=True, drop=2,
        cell=_actions, sort=lambda p: (-p.actions[1], -p.actions[0], *_worst(p)),
    ),
    filter_only("open", lambda p: float(p.actions[0]), holds="amount"),
    filter_only("overdue", lambda p: float(p.actions[1]), holds="amount"),
    ColumnOf(
        "findings", "findings", 10, right=True, drop=1, cell=lambda p: counts(p.findings), legend=COUNTS_LEGEND,
        sort=lambda p: (-p.findings["error"], -p.findings["warning"], *_worst(p)),
        find=lambda p: float(sum(p.findings[s] for s in SEVERITIES)), holds="amount",
    ),
    filter_only("errors", lambda p: float(p.findings["error"]), holds="amount"),
    filter_only("left", lambda p: p.left.isoformat() if p.left is not None else None, holds="day"),
    filter_only("state", lambda p: p.state),
)  # fmt: skip


def _role(duty: Duty) -> Role:
    return "" if duty.active else "muted"


def _when(duty: Duty) -> Cell:
    if duty.action is not None:
        return due(duty)
    if duty.waiver is not None:
        return ((f"until {duty.day or 'no end'}", "" if duty.active else "warning"),)
    return ((duty.item.stage or UNKNOWN, _role(duty)),) if duty.item is not None else ""


def _spend(duty: Duty) -> Cell:
    item = duty.item if duty.waiver is None else None
    if item is None:
        return ""
    return ((money(item.spend) if item.entry.record.spend else UNKNOWN, _role(duty)),)


DUTIES: Columns[Duty] = Columns(
    ColumnOf("role", "role", 14, cell=lambda d: ((d.role, _role(d)),)),
    ColumnOf("about", "about", 9, flex=1, cell=lambda d: ((d.about, _role(d)),)),
    ColumnOf("title", "what", 16, flex=5, cell=lambda d: ((d.title, _role(d)),)),
    ColumnOf("when", "stage / day", 16, drop=2, cell=_when),
    ColumnOf("spend", "spend", 7, right=True, drop=3, cell=_spend),
    ColumnOf(
        "findings", "findings", 9, right=True, drop=1, legend=COUNTS_LEGEND,
        cell=lambda d: counts(d.findings) if d.findings is not None else "",
    ),
)  # fmt: skip

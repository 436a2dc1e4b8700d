"""The relationship managers' scorecards as rows, and their columns."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from itgov.insight.manager_types import ManagersReport, Scorecard
from itgov.model.fields import choices, field
from itgov.model.filter_query import Searchable, Value, person_value
from itgov.model.text import plural
from itgov.model.types import RelationshipManager
from itgov.report.figures import UNKNOWN
from itgov.report.manager_words import (
    EXPECTATION_TONES,
    IN_TEAM,
    appraised_words,
    expectation_words,
    position_words,
)
from itgov.tui.columns import ColumnOf, Columns, filter_only
from itgov.tui.state.room import Room
from itgov.tui.views.figures import count, money, per_one, per_post, percent
from itgov.tui.views.formatting import TONES
from itgov.tui.widgets.column_layout import Measured
from itgov.tui.widgets.styled_text import Cell

NOBODY = "nobody"
"""The row of what no listed relationship manager serves."""
_LISTED, _NAMED = "m\n", "x\n"
_ORDER = {expectation: place for place, expectation in enumerate(EXPECTATION_TONES)}
_POSITIONS = {p: n for n, p in enumerate(choices(RelationshipManager, "position"))}


class ManagerRow(Struct, frozen=True):
    """A scorecard as a row, with the names of the business units served."""

    card: Scorecard
    units: tuple[str, ...]


class ManagerRows:
    """The scorecards of one room, and who else is named or missing."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.report: ManagersReport = room.managers
        self.cards: dict[str, Scorecard] = {f"{_LISTED}{c.person}": c for c in self.report.managers}
        self.unlisted = {f"{_NAMED}{person}": person for person in self.report.unlisted}
        self.served = {
            key: ManagerRow(card, tuple(room.unit_name(u) for u in card.load.units))
            for key, card in self.cards.items()
        }
        self.search: dict[str, Searchable] = {
            key: MANAGERS.searchable(row, _words(row)) for key, row in self.served.items()
        }
        for key, person in self.unlisted.items():
            text = f"{person}\n{room.person(person)}\nnot listed".lower()
            self.search[key] = Searchable(text, {"person": text})
        if self.report.uncovered:
            spend = float(self.report.uncovered_spend)
            fields: dict[str, str | float | None] = {
                "items": float(self.report.uncovered), "spend": spend, "person": "",
            }  # fmt: skip
            self.search[NOBODY] = Searchable("nobody", fields)

    def uncovered(self) -> list[str]:
        """Return the active investments and services that nobody listed serves."""
        items = self.room.items.values()
        return [i.id for i in items if i.served_by is None and i.entry.facts.is_active]

    def naming(self, person: str) -> tuple[list[str], list[str]]:
        """Return the business units and the items that name somebody as relationship manager."""
        units = [
            u.record.id
            for u in self.room.portfolio.units.values()
            if u.record.relationship_manager == person
        ]
        items = self.room.items.values()
        return units, [i.id for i in items if i.entry.record.relationship_manager == person]


def row_of(person: str) -> str:
    """Return the row of a relationship manager."""
    return f"{_LISTED}{person}"


def row_of_unlisted(person: str) -> str:
    """Return the row of somebody who is named as relationship manager, but not listed as one."""
    return f"{_NAMED}{person}"


def against_order(row: ManagerRow) -> tuple[int, int, int, str, str]:
    """Return what puts those first who have most signs for another side, then those overdue."""
    card = row.card
    standing = card.standing
    late = standing.days_overdue or 0 if standing.expectation == "overdue" else 0
    return (-len(card.against), -late, -len(standing.breaks), card.name.lower(), card.person)


def _units_text(row: ManagerRow) -> str:
    ids = row.card.load.units
    return "\n".join(f"{u}\n{name}" for u, name in zip(ids, row.units, strict=True))


def _words(row: ManagerRow) -> str:
    card, units = row.card, _units_text(row)
    signs = "\n".join(s.says for s in card.against)
    standing = card.standing
    return (
        f"{card.person}\n{card.name}\n{card.title or ''}\n{units}\n{signs}\n"
        f"{standing.represents or ''}\n{standing.position or ''}\n{standing.reports_to_name or ''}"
    ).lower()


# -- cells -------------------------------------------------------------------------------------


def _speaks(m: ManagerRow) -> Cell:
    side = m.card.standing.represents
    return ((side or "not recorded", "" if side == "customer" else "warning"),)


def _title_of(m: ManagerRow) -> Cell:
    title = m.card.title
    if m.card.title_agreed is False and title:
        return ((title, ""), (", not agreed", "warning"))
    return title or ((UNKNOWN, "muted"),)


def _serves(m: ManagerRow) -> Cell:
    load = m.card.load
    names = dict(zip(load.units, m.units, strict=True))
    told = ", ".join(names.get(u, u) for u in load.serves)
    also = ", ".join(names[u] for u in load.also_named_in)
    return (
        (told or "not recorded", "" if told else "warning"),
        (f"; also named in {also}" if also else "", "warning"),
    )


def _against_count(m: ManagerRow) -> Cell:
    count = len(m.card.against)
    return ((plural(count, "sign"), "error"),) if count else (("none", "muted"),)


def _in_business(m: ManagerRow) -> Cell:
    standing = m.card.standing
    return ((expectation_words(standing), TONES[EXPECTATION_TONES[standing.expectation]]),)


def _appraised(m: ManagerRow) -> Cell:
    appraised = m.card.appraised_by
    return ((appraised_words(appraised), "" if appraised else "warning"),)


def _met(m: ManagerRow) -> int:
    return sum(a.met is True for a in m.card.appraised_by)


def _share_met(m: ManagerRow) -> float:
    """Return the share of outcomes met; of nothing is worst."""
    count = len(m.card.appraised_by)
    return _met(m) / count if count else -1.0


def _late(m: ManagerRow) -> Value:
    standing = m.card.standing
    return float(standing.days_overdue or 0) if standing.expectation == "overdue" else None


def _reports(m: ManagerRow) -> Value:
    standing = m.card.standing
    return f"{standing.reports_to or ''}\n{standing.reports_to_name or ''}".strip().lower()


def _native(m: ManagerRow) -> Value:
    day = m.card.standing.native_by
    return day.isoformat() if day else ""


class WithoutCard(Struct, frozen=True, kw_only=True):
    """Who is named as relationship manager and not listed, or what nobody listed serves, as a row."""

    name: Cell
    units: Cell
    items: int
    status: Cell = ""
    spend: str = ""


class ManagerColumn(ColumnOf[ManagerRow], frozen=True, kw_only=True):
    """A column of scorecards that says something of a row without one as well."""

    without_card: Callable[[WithoutCard], Cell]


MANAGERS: Columns[ManagerRow] = Columns(
    ManagerColumn(
        "person", "manager", 17, flex=2, without_card=lambda w: w.name,
        cell=lambda m: ((m.card.name, ""), *((("  left", "error"),) if m.card.left else ())),
        sort=lambda m: m.card.name.lower(), find=lambda m: person_value(m.card.person, m.card.name),
    ),
    ColumnOf(
        "against", "other side", 10, right=True,
        cell=_against_count, sort=against_order, find=lambda m: float(len(m.card.against)), holds="amount",
    ),
    filter_only("sign", lambda m: "\n".join(f"{s.sign}\n{s.side}\n{s.says}" for s in m.card.against).lower()),
    filter_only("observed", lambda m: m.card.speaks_for_observed),
    ManagerColumn(
        "native", IN_TEAM, 21, cell=_in_business, find=_native,
        without_card=lambda w: w.status,
        sort=lambda m: (_ORDER[m.card.standing.expectation], -(m.card.standing.days_overdue or 0)), holds="day",
    ),
    filter_only("overdue", _late, holds="amount"),
    ColumnOf(
        "position", field(RelationshipManager, "position").label, 19, drop=5,
        cell=lambda m: position_words(m.card.standing), find=lambda m: m.card.standing.position,
        sort=lambda m: (_POSITIONS.get(m.card.standing.position or "", 9), -(m.card.standing.days or 0)),
    ),
    ColumnOf(
        "represents", field(RelationshipManager, "represents").label, 10, cell=_speaks,
        sort=lambda m: m.card.standing.represents or "", find=lambda m: m.card.standing.represents,
    ),
    filter_only("side", lambda m: m.card.side),
    filter_only("reports", _reports),
    ManagerColumn(
        "unit", field(RelationshipManager, "serves").label, 12, flex=3, drop=1,
        without_card=lambda w: w.units,
        cell=_serves,
        sort=lambda m: m.card.load.units, find=lambda m: _units_text(m).lower(),
    ),
    ManagerColumn(
        "items", "items", 5, right=True, drop=2, without_card=lambda w: count(w.items),
        cell=lambda m: count(m.card.load.items),
        sort=lambda m: -m.card.load.items, find=lambda m: float(m.card.load.items), holds="amount",
    ),
    ManagerColumn(
        "spend", "spend", 7, right=True, drop=3, without_card=lambda w: w.spend,
        cell=lambda m: money(m.card.load.spend),
        sort=lambda m: -m.card.load.spend, find=lambda m: float(m.card.load.spend), holds="amount",
    ),
    ColumnOf(
        "dedication", "dedication", 10, right=True, drop=6, cell=lambda m: percent(m.card.load.dedication),
        sort=lambda m: m.card.load.dedication or 0.0, find=lambda m: m.card.load.dedication, holds="amount",
    ),
    ColumnOf(
        "load", "per post", 8, right=True, drop=7, legend=("per post: items per full-time post",), cell=lambda m: per_post(m.card.load.per_full_time),
        sort=lambda m: -(m.card.load.per_full_time or 0.0), find=lambda m: m.card.load.per_full_time, holds="amount",
    ),
    ColumnOf(
        "appraised", "appraised", 11, drop=4, cell=_appraised, sort=_share_met,
        find=lambda m: "\n".join(a.outcome for a in m.card.appraised_by).lower(),
    ),
    filter_only("met", lambda m: float(_met(m)), holds="amount"),
    ColumnOf(
        "value", "per 1 spent", 11, right=True, drop=8, legend=("per 1 spent: value realised",), cell=lambda m: per_one(m.card.value.per_spend),
        sort=lambda m: m.card.value.per_spend or 0.0, find=lambda m: m.card.value.per_spend, holds="amount",
    ),
    filter_only("findings", lambda m: float(sum(not f.waived for f in m.card.findings)), holds="amount"),
    filter_only("engagements", lambda m: float(m.card.engagements_last_year), holds="amount"),
    filter_only("rule", lambda m: "\n".join(f.rule for f in m.card.findings).lower()),
    ColumnOf(
        "title", field(RelationshipManager, "title").label, 16, flex=2, drop=9, cell=_title_of,
        sort=lambda m: (m.card.title or "").lower(), find=lambda m: (m.card.title or "").lower(),
    ),
)  # fmt: skip


def cells(rows: ManagerRows, row: str) -> tuple[Cell, ...]:
    """Return a scorecard's cells, or what there is to say of who has none."""
    served = rows.served.get(row)
    if served is not None:
        return MANAGERS.cells(served)
    rest = _without_card(rows, row)
    return tuple(
        [c.without_card(rest) if isinstance(c, ManagerColumn) else "" for c in MANAGERS.shown]
    )


def measured(rows: ManagerRows) -> Measured:
    """Return how wide the cells of all scorecards, and of who has none, are."""
    listed = [cells(rows, row) for row in rows.search]
    return Measured([{row[index] for row in listed} for index in range(len(MANAGERS.shown))])


def _without_card(rows: ManagerRows, row: str) -> WithoutCard:
    report = rows.report
    if row == NOBODY:
        return WithoutCard(
            name=(("no manager", "error"),), units=(("no listed manager", "error"),),
            items=report.uncovered, spend=money(report.uncovered_spend),
        )  # fmt: skip
    person = rows.unlisted.get(row, "")
    units, items = rows.naming(person)
    return WithoutCard(
        name=rows.room.person(person), status=(("not listed", "error"),),
        units=", ".join(rows.room.unit_name(u) for u in units), items=len(items),
    )  # fmt: skip

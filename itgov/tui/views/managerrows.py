"""The relationship managers' scorecards as rows and as pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from itgov.insight.managertypes import Appraisal, Expectation, ManagersReport, Scorecard
from itgov.report.insight_manager_words import (
    appraisal_words,
    appraised_words,
    expectation_words,
    experience_words,
    position_words,
    reach_words,
    side_words,
)
from itgov.report.insight_value_text import value_words
from itgov.report.insight_words import UNKNOWN, at, money, percent
from itgov.report.words import plural
from itgov.tui.ink import Cell, Line, Role, Span
from itgov.tui.query import Searchable
from itgov.tui.room import Room
from itgov.tui.views.details import field, heading
from itgov.tui.words import bar, finding_line

MANAGER_FIELDS = (
    "person", "title", "unit", "items", "spend", "dedication", "load", "represents", "position",
    "side", "reports", "native", "overdue", "conflict", "conflicts", "appraised", "met", "value",
    "findings", "engagements", "rule",
)  # fmt: skip
"""The fields of a scorecard that a filter can name."""

NOBODY = "nobody"
"""The row of what no listed relationship manager serves."""
_LISTED, _NAMED = "m\n", "x\n"
_EXPECTED: dict[Expectation, Role] = {
    "overdue": "error", "not agreed": "warning", "ahead": "", "arrived": "ok",
}  # fmt: skip
_MET: dict[bool | None, Span] = {
    True: ("  ● ", "ok"), False: ("  ○ ", "warning"), None: ("  ? ", "muted"),
}  # fmt: skip
_NO_SUCH: Span = ("  ✗ ", "error")


class ManagerRows:
    """The scorecards of one room, and who else is named or missing."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.report: ManagersReport = room.managers
        self.cards: dict[str, Scorecard] = {f"{_LISTED}{c.person}": c for c in self.report.managers}
        self.unlisted = {f"{_NAMED}{person}": person for person in self.report.unlisted}
        self.search: dict[str, Searchable] = {
            key: Searchable(_words(room, card), _Fields(card, room))  # type: ignore[arg-type]
            for key, card in self.cards.items()
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


def worst_first(card: Scorecard) -> tuple[int, int, int, str, str]:
    """Return what puts those first whose post pulls them to two sides, then those overdue."""
    standing = card.standing
    late = standing.days_overdue or 0 if standing.expectation == "overdue" else 0
    return (-len(card.conflicts), -late, -len(standing.breaks), card.name.lower(), card.person)


def _words(room: Room, card: Scorecard) -> str:
    units = "\n".join(f"{u}\n{_unit(room, u)}" for u in card.load.units)
    conflicts = "\n".join(c.words for c in card.conflicts)
    standing = card.standing
    return (
        f"{card.person}\n{card.name}\n{card.title or ''}\n{units}\n{conflicts}\n"
        f"{standing.represents or ''}\n{standing.position or ''}\n{standing.reports_to_name or ''}"
    ).lower()


def _unit(room: Room, identifier: str) -> str:
    entry = room.portfolio.units.get(identifier)
    return (entry.record.name or identifier) if entry is not None else identifier


class _Fields:
    """The fields of a scorecard by name."""

    __slots__ = ("card", "room")

    def __init__(self, card: Scorecard, room: Room) -> None:
        self.card = card
        self.room = room

    def get(self, name: str) -> str | float | None:
        return _FIELDS[name](self.card, self.room)


_Value = str | float | None
_FIELDS: Mapping[str, Callable[[Scorecard, Room], _Value]] = {
    "person": lambda c, _: f"{c.person}\n{c.name}".lower(),
    "title": lambda c, _: (c.title or "").lower(),
    "unit": lambda c, room: "\n".join(f"{u}\n{_unit(room, u)}" for u in c.load.units).lower(),
    "items": lambda c, _: float(c.load.items),
    "spend": lambda c, _: float(c.load.spend),
    "dedication": lambda c, _: c.load.dedication,
    "load": lambda c, _: c.load.per_full_time,
    "represents": lambda c, _: c.standing.represents,
    "position": lambda c, _: c.standing.position,
    "side": lambda c, _: c.side,
    "reports": lambda c, _: f"{c.standing.reports_to or ''}\n{c.standing.reports_to_name or ''}".strip().lower(),
    "native": lambda c, _: c.standing.native_by.isoformat() if c.standing.native_by else "",
    "overdue": lambda c, _: float(c.standing.days_overdue or 0) if c.standing.expectation == "overdue" else None,
    "conflict": lambda c, _: "\n".join(f"{k.kind}\n{k.words}" for k in c.conflicts).lower(),
    "conflicts": lambda c, _: float(len(c.conflicts)),
    "appraised": lambda c, _: "\n".join(a.outcome for a in c.appraised_by).lower(),
    "met": lambda c, _: float(sum(a.met is True for a in c.appraised_by)),
    "value": lambda c, _: c.benefits.per_spend,
    "findings": lambda c, _: float(sum(not f.waived for f in c.findings)),
    "engagements": lambda c, _: float(c.engagements_last_year),
    "rule": lambda c, _: "\n".join(f.rule for f in c.findings).lower(),
}  # fmt: skip


# -- cells -------------------------------------------------------------------------------------


def cells(rows: ManagerRows, row: str) -> tuple[Cell, ...]:
    """Return a scorecard's cells, the most telling first."""
    card = rows.cards.get(row)
    if card is None:
        return _left_over(rows, row)
    standing, load = card.standing, card.load
    count = len(card.conflicts)
    gone: tuple[Span, ...] = (("  left", "error"),) if card.left else ()
    speaks: Role = "" if standing.represents == "customer" else "warning"
    full = f"{load.per_full_time:.1f}" if load.per_full_time is not None else UNKNOWN
    title: Cell = card.title or ((UNKNOWN, "muted"),)
    if card.title_agreed is False and card.title:
        title = ((card.title, ""), (" !", "warning"))
    per = card.benefits.per_spend
    return (
        ((card.name, ""), *gone),
        ((f"{count} ✗", "error"),) if count else (("·", "muted"),),
        ((expectation_words(standing), _EXPECTED[standing.expectation]),),
        position_words(standing),
        ((standing.represents or "not said", speaks),),
        ", ".join(_unit(rows.room, u) for u in load.units) or (("nobody", "warning"),),
        f"{load.items:,}", money(load.spend), percent(load.dedication), full,
        ((appraised_words(card.appraised_by), "" if card.appraised_by else "warning"),),
        f"{per:.2f}" if per is not None else UNKNOWN, title,
    )  # fmt: skip


def _left_over(rows: ManagerRows, row: str) -> tuple[Cell, ...]:
    report = rows.report
    if row == NOBODY:
        items, spend = f"{report.uncovered:,}", money(report.uncovered_spend)
        head: Cell = (("nobody", "error"),)
        return head, "", "", "", "", (("no listed manager", "error"),), items, spend
    person = rows.unlisted.get(row, "")
    units, items_ = rows.naming(person)
    told: Cell = ((", ".join(_unit(rows.room, u) for u in units), ""),)
    return (
        rows.room.person(person),
        "",
        (("not listed", "error"),),
        "",
        "",
        told,
        f"{len(items_):,}",
    )


# -- in full -----------------------------------------------------------------------------------


def lines(rows: ManagerRows, row: str | None) -> list[Line]:
    """Return a scorecard in full, or what there is to say of who has none."""
    card = rows.cards.get(row or "")
    if card is not None:
        return [
            *_title(card), *_conflicts(rows, card), *_standing(rows, card), *_value(card),
            *_rest(card),
        ]  # fmt: skip
    if row == NOBODY:
        return _nobody(rows)
    person = rows.unlisted.get(row or "")
    if person is not None:
        return _unlisted(rows, person)
    return [] if rows.report.managers else list(_HOW_TO_LIST)


_HOW_TO_LIST: tuple[Line, ...] = (
    (("Nobody is listed under `relationship_managers`", "error"),),
    (("List who stands between the business and IT in organisation.yaml:", ""),),
    (("  relationship_managers:", "accent"),),
    (("    - {person: a.person, serves: [a-unit], represents: customer}", "accent"),),
)


def _title(card: Scorecard) -> Iterator[Line]:
    yield ((at(card.place), "muted"),)
    odd: Span = ("  not the agreed title", "warning") if card.title_agreed is False else ("", "")
    yield field(
        "title", card.title or "none", odd, ("  no longer here" if card.left else "", "error")
    )


def _standing(rows: ManagerRows, card: Scorecard) -> Iterator[Line]:
    standing, load = card.standing, card.load
    yield ()
    units = ", ".join(_unit(rows.room, u) for u in load.units)
    yield field("serves", units or ("no business unit", "warning"))
    through = f", {load.inherited:,} through their unit" if load.inherited else ""
    spend = f"{money(load.spend)} {rows.room.currency}".rstrip()
    yield field("carries", f"{plural(load.items, 'active item')}{through}, {spend}")
    full = f", {load.per_full_time:.1f} items for a full-time post" if load.per_full_time else ""
    yield field("dedication", f"{percent(load.dedication)}{full}")
    speaks: Role = "" if standing.represents == "customer" else "warning"
    yield field("represents", (standing.represents or "not declared", speaks))
    since = f", since {standing.since}" if standing.since else ""
    yield field("position", f"{position_words(standing)}{since}")
    agreed = f"  agreed: {standing.native_by}" if standing.native_by else ""
    role = _EXPECTED[standing.expectation]
    yield field("in the business", (expectation_words(standing), role), (agreed, "muted"))
    yield field("reports to", f"{standing.reports_to_name or 'nobody'}{side_words(standing)}")
    yield field("experience", experience_words(card))
    yield field("engagements", f"{card.engagements_last_year:,} led in the last 365 days")


def _conflicts(rows: ManagerRows, card: Scorecard) -> Iterator[Line]:
    if not card.conflicts:
        yield field("conflicts", "none")
        return
    yield heading("Conflicts of loyalty", f"{len(card.conflicts)}")
    for conflict in card.conflicts:
        yield (("  ✗ ", "error"), (f"{card.name} {conflict.words}", ""))
        for item in conflict.items:
            known = rows.room.items.get(item)
            yield ((f"      {item}  ", "muted"), (known.title if known else "", ""))


def _value(card: Scorecard) -> Iterator[Line]:
    yield ()
    yield heading("Value for money of all they serve")
    ratio = card.benefits.ratio
    if ratio is not None:
        yield ((f"  {bar(ratio, 24)} ", "accent"), (f"{percent(ratio)} of what is due", ""))
    for words in value_words(card.benefits):
        yield ((f"  {words}", ""),)
    yield ((f"  {reach_words(card.budget)}", ""),)
    yield ()
    yield heading("Appraised by", appraised_words(card.appraised_by))
    for appraisal in card.appraised_by:
        yield from _appraisal(appraisal)


def _appraisal(a: Appraisal) -> Iterator[Line]:
    sign = _MET[a.met] if a.known else _NO_SUCH
    yield (sign, (appraisal_words(a), ""))
    if a.measure:
        yield (("      ", ""), (a.measure, "muted"))


def _rest(card: Scorecard) -> Iterator[Line]:
    if not card.findings:
        return
    yield ()
    yield heading("Findings", f"{len(card.findings)}")
    for f in card.findings:
        yield (("  ", ""), *finding_line(f))
        yield ((f"      {f.path}:{f.line}", "muted"),)
        if f.fix and not f.waived:
            yield (("      fix: ", "muted"), (f.fix, "muted"))


def _nobody(rows: ManagerRows) -> list[Line]:
    report = rows.report
    spend = f"{money(report.uncovered_spend)} {rows.room.currency}".rstrip()
    found: list[Line] = [] if report.managers else [*_HOW_TO_LIST, ()]
    count = plural(report.uncovered, "active item")
    found += [
        ((f"{count} with spend of {spend} ", "error"),
         ("without a listed relationship manager, even through the unit:", "")),
        (),
    ]  # fmt: skip
    for identifier in rows.uncovered():
        item = rows.room.items[identifier]
        found.append((
            (f"  {item.id}  ", "muted"), (item.title, ""), (f"  {_unit(rows.room, item.unit)}", "muted"),
            (f"  {money(item.spend)}", ""),
        ))  # fmt: skip
    return found


def _unlisted(rows: ManagerRows, person: str) -> list[Line]:
    units, items = rows.naming(person)
    found: list[Line] = [
        ((f"{rows.room.person(person)} is named as relationship manager, but is not listed as one.", "error"),),
        (("List them under `relationship_managers` in organisation.yaml, or name somebody who is.", ""),),
        (),
    ]  # fmt: skip
    found += [field("unit", _unit(rows.room, u)) for u in units]
    for identifier in items:
        found.append(((f"  {identifier}  ", "muted"), (rows.room.items[identifier].title, "")))
    return found

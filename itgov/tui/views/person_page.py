"""One person in full: what they answer for, by role, and how that stands."""

from __future__ import annotations

from collections.abc import Iterator

from itgov.model.fields import choice_words
from itgov.model.finding import Place
from itgov.report.figures import UNKNOWN, money, percent
from itgov.tui.state.people import APPRAISER, LINE_MANAGER, ROLES, Answering, Duty
from itgov.tui.state.room import Room
from itgov.tui.views.formatting import band, counts_in_words, finding_line
from itgov.tui.views.item_page import field, heading
from itgov.tui.views.tenure_lines import tenure_lines
from itgov.tui.widgets.styled_text import Line, Role, Span

_MANY = 40
"""No more lines than this in a part; the list beside the page has them all."""


def due(duty: Duty) -> Line:
    """Return when an action is due, or was done."""
    assert duty.action is not None
    if duty.action.done is not None:
        return ((f"done {duty.action.done}", "ok"),)
    if duty.day is None:
        return (("no date", "muted"),)
    return ((f"due {duty.day}{', overdue' if duty.late else ''}", "warning" if duty.late else ""),)


def person_lines(room: Room, person: Answering) -> list[Line]:
    """Return a person in full."""
    lines: list[Line] = list(_about(person))
    by_role: dict[str, list[Duty]] = {}
    for duty in sorted_duties(person):
        by_role.setdefault(duty.role, []).append(duty)
    if not by_role:
        lines += [(), (("No role in any file.", "muted"),)]
    lines += _posts(room, by_role.get("post", ()))
    lines += _units(room, "Head of", by_role.get("head", ()))
    lines += _units(room, "Relationship manager of the unit", by_role.get("unit's manager", ()))
    for duties in (by_role[role] for role in sorted(by_role, key=_place)):
        if duties[0].item is not None and duties[0].waiver is None:
            lines += _items(room, f"{duties[0].field.label.capitalize()} of", duties)
    lines += _actions(by_role.get("action", ()))
    lines += _rest("Line manager of", by_role.get(LINE_MANAGER, ()))
    lines += _rest("Appraiser of", by_role.get(APPRAISER, ()))
    lines += _waivers(by_role.get("waiver", ()))
    lines += _past(room, person.id)
    lines += _findings(person)
    return lines


def _past(room: Room, person: str) -> Iterator[Line]:
    """Yield what came in the time of somebody who was relationship manager and is not listed as one."""
    card = room.tenure.cards.get(person)
    if card is not None and card.is_manager and person not in room.portfolio.managers:
        yield from tenure_lines(room, card)


def sorted_duties(person: Answering) -> list[Duty]:
    """Return what a person answers for: what is in force first, then by role, worst first."""
    return sorted(person.duties, key=_rank)


def _rank(duty: Duty) -> tuple[object, ...]:
    item = duty.item
    worst = (-item.findings["error"], -item.findings["warning"], -item.spend) if item else (0, 0, 0)
    day = duty.day.isoformat() if duty.day is not None else "9999"
    return (not duty.active, _place(duty.role), *worst, day, duty.about, duty.key)


def _place(role: str) -> int:
    return ROLES.index(role) if role in ROLES else len(ROLES)


def _about(person: Answering) -> Iterator[Line]:
    yield field("id", person.id)
    if person.entry is None:
        said = (
            "is a placeholder, not a person"
            if person.state == "nobody"
            else "is not listed under `people` in organisation.yaml"
        )
        yield ((f"`{person.id}` {said}.", "error"),)
    else:
        record = person.entry.record
        if record.email:
            yield field("email", record.email)
        yield field("side", choice_words(record.side) if record.side else (UNKNOWN, "muted"))
        if record.business_unit:
            yield field("unit", person.unit_name)
    if person.left is not None:
        rest: Span = ("  still named for the items below", "error") if person.holds else ("", "")
        yield field("left", (str(person.left), "error" if person.holds else "muted"), rest)
    yield field("findings", *counts_in_words(person.findings))


def _posts(room: Room, duties: list[Duty] | tuple[()]) -> Iterator[Line]:
    for duty in duties:
        if duty.manager is None:
            continue
        record, facts = duty.manager.record, duty.manager.facts
        yield ()
        yield heading(record.title or "Relationship manager")
        names = [room.unit_name(u) for u in record.serves]
        yield field("  serves", ", ".join(names) or ("not recorded", "warning"))
        also = [room.unit_name(u) for u in facts.business_units if u not in record.serves]
        if also:
            yield field("  also named in", (", ".join(also), "warning"))
        since = f", since {record.position_since}" if record.position_since else ""
        yield field("  position", f"{record.position or 'not recorded'}{since}")
        yield field("  represents", record.represents or "not recorded")
        if record.dedication is not None:
            yield field("  dedication", percent(record.dedication))
        if record.reports_to:
            yield field("  reports to", room.person(record.reports_to))


def _units(room: Room, title: str, duties: list[Duty] | tuple[()]) -> Iterator[Line]:
    if duties:
        yield ()
        yield heading(title, f"{len(duties):,}")
    for duty in duties:
        health = room.health_of.get(duty.unit or "")
        shown = band(health.band if health is not None else None)
        parts = ((shown, ""),) if isinstance(shown, str) else shown
        found = counts_in_words(room.counts_in(duty.unit))
        yield ((f"  {duty.title}  ", ""), *parts, ("  ", ""), *found)


def _items(room: Room, title: str, duties: list[Duty]) -> Iterator[Line]:
    active = [d for d in duties if d.active]
    spend = sum(d.item.spend for d in active if d.item is not None)
    over = f", and {len(duties) - len(active):,} ended" if len(active) < len(duties) else ""
    yield ()
    yield heading(title, f"{len(active):,}, spend {money(spend)} {room.currency}{over}")
    for duty in duties[:_MANY]:
        item = duty.item
        if item is None:
            continue
        role: Role = "" if duty.active else "muted"
        yield (
            (f"  {item.id} ", "strong" if duty.active else "muted"),
            (item.title, role),
            (f"  {item.stage or 'no stage'}", "muted"),
            (f"  {money(item.spend)}  " if item.entry.record.spend else "  no spend  ", role),
            *counts_in_words(item.findings),
        )
    yield from _more(len(duties))


def _more(number: int) -> Iterator[Line]:
    if number > _MANY:
        yield ((f"  and {number - _MANY:,} more, in the list", "muted"),)


def _actions(duties: list[Duty] | tuple[()]) -> Iterator[Line]:
    if not duties:
        return
    late = sum(d.late for d in duties)
    said = f"{sum(d.active for d in duties):,} open"
    yield ()
    yield heading("Actions", f"{said}, {late:,} of them overdue" if late else said)
    for duty in duties[:_MANY]:
        role: Role = "" if duty.active else "muted"
        yield (("  ", ""), *due(duty), (f"  {duty.title}", role), (f"  {duty.about}", "muted"))
    yield from _more(len(duties))


def _rest(title: str, duties: list[Duty] | tuple[()]) -> Iterator[Line]:
    if duties:
        yield ()
        yield heading(title, f"{len(duties):,}")
    for duty in duties:
        yield ((f"  {duty.about}", ""), (f"  {duty.title}", "muted"))


def _waivers(duties: list[Duty] | tuple[()]) -> Iterator[Line]:
    if duties:
        yield ()
        yield heading("Waivers approved", f"{sum(d.active for d in duties):,} in force")
    for duty in duties[:_MANY]:
        yield (
            (f"  {duty.about} ", "strong" if duty.active else "muted"),
            (f"until {duty.day or 'no end'}", "" if duty.active else "muted"),
            ("" if duty.active else " (ended)", "warning"),
            (f"  {duty.title}", "muted"),
        )


def _findings(person: Answering) -> Iterator[Line]:
    own = [
        f
        for f in person.findings.found
        if f.subject.kind in ("person", "relationship_manager") and f.subject.id == person.id
    ]
    if own:
        yield ()
        yield heading("Findings on the person", f"{len(own):,}")
    for found in own:
        yield finding_line(found)
        yield ((f"    {Place(found.path, found.line).path}:{found.line}", "muted"),)

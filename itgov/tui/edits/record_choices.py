"""Which records a new one can belong to, and which can be changed, from what is selected in the room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from itgov.model.fields import fields_of, label
from itgov.model.finding import Subject, SubjectKind

if TYPE_CHECKING:
    from itgov.tui.state.room import Room
    from itgov.tui.state.selection import Selection


def unit_of(room: Room, subject: Subject | None) -> str | None:
    """Return the business unit that a subject belongs to."""
    if subject is None:
        return None
    if subject.kind == "business_unit":
        return subject.id
    if subject.kind == "engagement":
        return subject.id.rpartition("/")[0]
    if subject.kind in ("investment", "outcome"):
        item = room.items.get(subject.id.partition("/")[0])
        return item.unit if item is not None else None
    manager = room.portfolio.managers.get(subject.id)
    served = manager.facts.business_units if manager is not None else []
    return served[0] if len(served) == 1 else None


def parents(room: Room, kind: SubjectKind, selection: Selection | None) -> dict[str, str]:
    """Return the subjects of a kind that a new record can belong to, the selected one alone if it
    is one, and how each is called."""
    chosen = selection
    portfolio = room.portfolio
    unit = chosen.unit if chosen is not None else None
    units = [portfolio.units[unit]] if unit in portfolio.units else list(portfolio.units.values())
    if kind == "business_unit":
        return {u.record.id: u.name for u in units}
    if kind == "engagement":
        past = [e for u in units for e in u.engagements if e.record.date <= room.today]
        past.sort(key=lambda e: e.record.date, reverse=True)
        return {e.id: e.record.summary or e.record.kind or "" for e in past}
    if kind == "relationship_manager":
        managers = portfolio.managers
        person = chosen.person if chosen is not None and chosen.unit is None else None
        if person in managers:
            return {person: room.person(person)}
        mine = [m for m, e in managers.items() if unit in e.facts.business_units] or list(managers)
        return {m: room.person(m) for m in mine}
    item = chosen.investment if chosen is not None else None
    entries = (
        [room.items[item].entry]
        if item in room.items
        else [i for u in units for i in u.investments]
    )
    if kind == "investment":
        return {e.record.id: e.record.title for e in entries}
    outcomes = {
        f"{e.record.id}/{o.record.id}": o.record.statement or o.record.measure or ""
        for e in entries
        for o in e.outcomes
    }
    if chosen is not None and chosen.kind == "outcome" and chosen.id in outcomes:
        return {chosen.id: outcomes[chosen.id]}
    return outcomes


def subject_words(room: Room, subject: Subject) -> str:
    """Return what a subject is called in a heading: its id, a business unit's after its name."""
    return room.unit_label(subject.id) if subject.kind == "business_unit" else subject.id


Changeable = dict[str, tuple[str, Subject, tuple[str | int, ...]]]
"""By a key: how a record is called, the subject that it lies in, and the way to it in there."""


def changeable(room: Room, selection: Selection) -> Changeable:
    """Return the records that can be changed from what is selected: it, its unit, and what lies in both."""
    from itgov.files.save import EditRefused
    from itgov.files.subjects import find_record

    subjects: list[Subject] = []
    portfolio = room.portfolio
    if selection.investment in room.items:
        subjects.append(Subject("investment", selection.investment or ""))
    elif selection.kind in ("person", "relationship_manager") and selection.person:
        if selection.person in portfolio.managers:
            subjects.append(Subject("relationship_manager", selection.person))
        subjects.append(Subject("person", selection.person))
    if selection.unit in portfolio.units:
        entry = portfolio.units[selection.unit or ""]
        subjects.append(Subject("business_unit", entry.record.id))
        newest = sorted(entry.engagements, key=lambda e: e.record.date, reverse=True)
        subjects += [Subject("engagement", e.id) for e in newest]
    found: Changeable = {}
    for subject in subjects:
        try:
            record = find_record(room.governed.linked, subject).record
        except EditRefused:
            continue
        words = f"{subject.kind.replace('_', ' ')} {subject_words(room, subject)}"
        for path, called in _within(record, (), words):
            found[f"{words} {path}"] = (called, subject, path)
    return found


def _within(
    record: Struct, path: tuple[str | int, ...], called: str
) -> list[tuple[tuple[str | int, ...], str]]:
    found = [(path, called)]
    for field in fields_of(type(record)):
        if field.record is None or not field.many:
            continue
        for index, item in enumerate(getattr(record, field.name)):
            first = getattr(item, fields_of(field.record)[0].name)
            more = getattr(item, "state", None) or ""
            words = f"{called}: {label(field.key)} {first} {more}".rstrip()
            found += _within(item, (*path, field.key, index), words)
    return found

"""The people of a portfolio to choose from: columns, order, and who is not listed yet."""

from __future__ import annotations

from collections.abc import Sequence

from itgov.model.fields import choice_words
from itgov.tui.dialogs.picker import Choice, Picker, PickerColumn, choice_picker
from itgov.tui.state.room import Room


class PersonChoice(Choice, frozen=True):
    """A person to choose."""

    side: str = ""
    unit: str = ""
    note: str = ""
    left: bool = False
    formerly: tuple[str, ...] = ()


PEOPLE: tuple[PickerColumn[PersonChoice], ...] = (
    PickerColumn("name", "name", 22, flex=2, cell=lambda p: p.name, found=True),
    PickerColumn("side", "side", 9, cell=lambda p: ((choice_words(p.side), "muted"),)),
    PickerColumn("unit", "unit", 12, flex=1, drop=2, cell=lambda p: ((p.unit, "muted"),)),
    PickerColumn(
        "note",
        "post",
        14,
        flex=1,
        drop=1,
        cell=lambda p: ((p.note, "error" if p.left else "muted"),),
    ),
)
NEWCOMER = PersonChoice("+", "add a person …", note="not listed yet")
"""The way to a person who is not among the people yet."""


def person_picker(
    title: str,
    choices: Sequence[PersonChoice],
    *,
    current: str | None = None,
    other: PersonChoice | None = None,
) -> Picker[PersonChoice]:
    """Return the dialog that asks for one of some people; letters that begin no word find nobody."""
    return choice_picker(title, choices, PEOPLE, current=current, other=other, strict=True)


def people(room: Room, unit: str | None, managers_first: bool = False) -> list[PersonChoice]:
    """Return all people: those of the business and the unit first, who left at the end.

    With `managers_first`, relationship managers come first, the unit's before the others.
    """
    portfolio = room.portfolio

    def rank(person: str) -> tuple[bool, int, bool, str]:
        record = portfolio.people[person].record
        gone = record.has_left(room.today)
        manager = portfolio.managers.get(person)
        if managers_first:
            serves = manager is not None and unit in manager.facts.business_units
            first = 0 if serves else 1 if manager is not None else 2
        else:
            first = 0 if record.side == "business" else 1 if record.side is None else 2
        return gone, first, record.business_unit != unit, record.name.lower()

    return [_choice(room, person) for person in sorted(portfolio.people, key=rank)]


def _choice(room: Room, person: str) -> PersonChoice:
    entry = room.portfolio.people[person]
    record = entry.record
    gone = record.has_left(room.today)
    manager = room.portfolio.managers.get(person)
    post = manager.record.title or "relationship manager" if manager is not None else ""
    return PersonChoice(
        person, entry.name, (person, record.email or "", record.name), side=record.side or "",
        unit=room.unit_name(record.business_unit or ""), note=f"left {record.left}" if gone else post, left=gone,
        formerly=tuple(record.formerly),
    )  # fmt: skip

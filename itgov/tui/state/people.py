"""Who answers for what: everything that the files ask of each person.  Nothing here knows Textual."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterator, Sequence

from msgspec import Struct

from itgov.insight.items import FindingCounts, Item, counts_of
from itgov.model.fields import Field, fields_of, holders
from itgov.model.fields import field as field_of
from itgov.model.finding import Finding
from itgov.model.nobody import is_named
from itgov.model.portfolio import ManagerEntry, PersonEntry, Source
from itgov.model.text import plural
from itgov.model.types import Action, BusinessUnit, Investment, Waiver
from itgov.tui.state.room import Room

POST, UNIT_MANAGER, LINE_MANAGER, APPRAISER, ACTION, WAIVER = (
    "post", "unit's manager", "line manager", "appraiser", "action", "waiver",
)  # fmt: skip


def _role_in_unit(field: Field) -> str:
    return UNIT_MANAGER if field.key == "relationship_manager" else field.label


ROLES: tuple[str, ...] = (
    POST,
    *(_role_in_unit(f) for f in holders(BusinessUnit)),
    *(f.short_label for f in holders(Investment)),
    LINE_MANAGER, APPRAISER, ACTION, WAIVER,
)  # fmt: skip
"""The roles in which somebody can be named, in the order in which a person's page has them."""


class Duty(Struct, frozen=True):
    """One thing that a person answers for.

    `investment`, `unit` and `manager` say where it is shown; `active` is False for what is over.
    """

    key: str
    role: str
    about: str
    title: str
    source: Source
    field: Field
    """Which field of the record at `source` names the person."""
    unit: str | None = None
    item: Item | None = None
    manager: ManagerEntry | None = None
    action: Action | None = None
    waiver: Waiver | None = None
    active: bool = True
    day: datetime.date | None = None
    """When it is due, or ends."""
    late: bool = False
    findings: FindingCounts | None = None
    """Those on the investment or the unit, where the person answers for all of it."""


class Answering:
    """A person as a row of a list, with everything they answer for.

    `entry` is None where an id is named in a role and is not among the people.
    """

    __slots__ = (
        "_late", "_tally", "duties", "entry", "findings", "id", "name", "today",
        "unit_name",
    )  # fmt: skip

    def __init__(self, identifier: str, entry: PersonEntry | None, today: datetime.date) -> None:
        self.id = identifier
        self.entry = entry
        self.name = entry.name if entry is not None else identifier
        self.today = today
        self.unit_name = ""
        self.duties: list[Duty] = []
        self.findings = FindingCounts()
        self._tally: Counter[str] = Counter()
        self._late = 0

    def add(self, duty: Duty) -> None:
        """Make the person answer for one thing more."""
        self.duties.append(duty)
        if duty.active:
            self._tally[duty.role] += 1
            self._late += duty.late

    def count(self, role: str) -> int:
        """Return how many active duties there are in a role."""
        return self._tally[role]

    @property
    def left(self) -> datetime.date | None:
        """The day the person left, where that has come."""
        record = self.entry.record if self.entry is not None else None
        return record.left if record is not None and record.has_left(self.today) else None

    @property
    def holds(self) -> bool:
        """Whether they hold any role that is not over."""
        return bool(self._tally)

    @property
    def state(self) -> str:
        """What is wrong with the person as such: left, unknown, nobody; empty where nothing is."""
        if self.entry is None:
            return "unknown" if is_named(self.id) else "nobody"
        if self.left is not None:
            return "left" if self.holds else "gone"
        return ""

    @property
    def actions(self) -> tuple[int, int]:
        """How many actions are open, and how many of these are overdue."""
        return self._tally[ACTION], self._late

    @property
    def text(self) -> str:
        """All its words in lower case, for a filter that names no field."""
        record = self.entry.record if self.entry is not None else None
        words = [self.id, self.name, self.unit_name, self.state]
        if record is not None:
            words += (record.email or "", record.side or "")
        return "\n".join(words).lower()


class People:
    """Everybody who is listed or named in a role, by id."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.rows: dict[str, Answering] = {}
        known = room.portfolio
        for identifier in known.people:
            self._row(identifier)
        for person, duty in _duties(room):
            self._row(person).add(duty)
        found: dict[str, list[Finding]] = {}
        for item in room.items.values():
            owner = item.entry.record.outcome_owner
            if owner and item.findings.found:
                found.setdefault(owner, []).extend(item.findings.found)
        for finding in room.findings:
            if finding.subject.kind in ("person", "relationship_manager"):
                found.setdefault(finding.subject.id, []).append(finding)
        for identifier, some in found.items():
            self._row(identifier).findings = counts_of(some)

    def _row(self, identifier: str) -> Answering:
        row = self.rows.get(identifier)
        if row is None:
            entry = self.room.portfolio.people.get(identifier)
            row = self.rows[identifier] = Answering(identifier, entry, self.room.today)
            unit = entry.record.business_unit if entry is not None else None
            if unit:
                found = self.room.portfolio.units.get(unit)
                row.unit_name = found.name if found is not None else unit
        return row

    def count_words(self) -> str:
        """Return how many are listed, and how many more are only named."""
        states = Counter(row.state for row in self.rows.values())
        told = f"{len(self.room.portfolio.people):,}"
        if unknown := states["unknown"]:
            told += f", {unknown:,} not listed"
        if nobody := states["nobody"]:
            told += f", {plural(nobody, 'placeholder')}"
        return told

    def holding(self) -> Sequence[Answering]:
        """Return those who left and still hold a role, and those who are not among the people."""
        return [row for row in self.rows.values() if row.state in ("left", "unknown", "nobody")]


def _duties(room: Room) -> Iterator[tuple[str, Duty]]:
    known, today = room.portfolio, room.today
    organisation = known.organisation
    for identifier, manager in known.managers.items():
        record, source = manager.record, manager.source
        name, title = room.person(identifier), record.title or "Relationship manager"
        serves = ", ".join(record.serves) or "no recorded unit"
        for field in fields_of(type(record)):
            person = getattr(record, field.name) if field.kind == "person" else None
            if person and field.meaning.holder:
                post = Duty(f"post:{identifier}", POST, title, f"serves {serves}", source, field, manager=manager)  # fmt: skip
                yield person, post
            elif person:
                role = APPRAISER if field.key == "appraised_by" else LINE_MANAGER
                key = f"{field.key}:{identifier}"
                yield person, Duty(key, role, name, title, source, field, manager=manager)
        yield from _waivers(record.waivers, f"post:{identifier}", name, source, today, manager=manager)  # fmt: skip
    yield from _waivers(organisation.record.waivers, "org", room.name, organisation.source, today)
    for key, unit in known.units.items():
        name = unit.name
        found = room.counts_in(key)
        for field in holders(type(unit.record)):
            if person := getattr(unit.record, field.name):
                role = _role_in_unit(field)
                yield person, Duty(f"unit:{field.key}:{key}", role, key, name, unit.source, field, unit=key, findings=found)  # fmt: skip
        yield from _waivers(unit.record.waivers, f"unit:{key}", key, unit.source, today, unit=key)
        for entry in unit.engagements:
            for number, action in enumerate(entry.record.actions):
                if action.owner:
                    late = action.is_overdue(today)
                    yield (
                        action.owner,
                        Duty(
                            f"action:{entry.id}:{number}", ACTION, key, action.what,
                            Source(entry.source.path, (*entry.source.route, "actions", number)),
                            field_of(Action, "owner"), unit=key, action=action,
                            active=action.done is None, day=action.due, late=late,
                        ),
                    )  # fmt: skip
    for item in room.items.values():
        investment, source = item.entry.record, item.entry.source
        active = item.entry.facts.is_active
        for field in holders(type(investment)):
            if person := getattr(investment, field.name):
                yield (
                    person,
                    Duty(
                        f"{field.key}:{item.id}", field.short_label, item.id, item.title, source,
                        field, unit=item.unit, item=item, active=active, findings=item.findings,
                    ),
                )  # fmt: skip
        if investment.waivers:
            yield from _waivers(investment.waivers, item.id, item.id, source, today, unit=item.unit, item=item)  # fmt: skip


def _waivers(
    waivers: Sequence[Waiver],
    key: str,
    about: str,
    source: Source,
    today: datetime.date,
    *,
    unit: str | None = None,
    item: Item | None = None,
    manager: ManagerEntry | None = None,
) -> Iterator[tuple[str, Duty]]:
    fields = [f for f in fields_of(Waiver) if f.kind == "person"]
    for number, waiver in enumerate(waivers):
        for field in fields:
            if person := getattr(waiver, field.name):
                ended = waiver.has_ended(today)
                yield (
                    person,
                    Duty(
                        f"waiver:{key}:{number}:{field.key}", WAIVER, about, f"{waiver.rule}: {waiver.reason or 'no reason'}",
                        Source(source.path, (*source.route, "waivers", number)), field, unit=unit,
                        item=item, manager=manager, waiver=waiver, active=not ended, day=waiver.until,
                    ),
                )  # fmt: skip

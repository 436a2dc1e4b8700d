"""Where the subjects of a sheet's rows stand, and which of them a new row means; looked up once."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import Any

from msgspec import Struct

from itgov.files.document import Route
from itgov.files.linked import Linked
from itgov.files.save import EditRefused
from itgov.files.subjects import FoundRecord, find_record, record_of, text_route
from itgov.importing.values import BadCell, key_of
from itgov.model.finding import Subject
from itgov.model.portfolio import Source, UnitEntry
from itgov.model.types import Record
from itgov.sheets.pages import SPEND, PageName, Worksheet

_Entry = tuple[Record, Source, UnitEntry | None]
_PARTS: dict[PageName, tuple[str, str]] = {
    "objectives": ("objectives", "id"),
    "spend": ("spend", "year"),
}
"""Pages whose rows are items of a list of a record: the list, and what tells its items apart."""
_INDEXED = ("investment", "outcome", "engagement")
_HINTS = 100
"""Unknown ids of which the nearest known one is said."""


class Target(Struct, frozen=True):
    """The record of a row: a subject's own, or an item in one of its lists."""

    at: FoundRecord
    record: Any
    below: Route = ()
    """The way from the subject's record, as the types have it."""

    def route(self, linked: Linked) -> Route:
        """Return where the record stands in the text."""
        document = linked.documents[self.at.path]
        return text_route(document, (*self.at.typed, *self.below))


class Places:
    """The subjects of a portfolio by page and id, and by what people call them."""

    def __init__(self, linked: Linked) -> None:
        self.linked = linked
        self._targets: dict[tuple[PageName, str], Target] = {}
        self._misses = 0

    def target(self, page: Worksheet, id_: str) -> Target:
        """Return the record of a row.  Raises EditRefused where there is none."""
        known = self._targets.get((page.name, id_))
        if known is None:
            known = self._targets[page.name, id_] = self._target(page, id_)
        return known

    def _target(self, page: Worksheet, id_: str) -> Target:
        if page.name not in _PARTS:
            at = self.found(Subject(page.kind, id_))
            return Target(at, at.record)
        parent, _, mark = id_.rpartition("/")
        at = self.found(Subject(page.kind, parent))
        name, key = _PARTS[page.name]
        items = getattr(at.record, name)
        for index, item in enumerate(items):
            if str(getattr(item, key)) == mark:
                return Target(at, item, (name, index))
        raise EditRefused(
            f"{parent} has no {'spend of' if page is SPEND else 'objective'} `{mark}`"
        )

    def found(self, subject: Subject) -> FoundRecord:
        """Return a subject's record.  Raises EditRefused where there is none."""
        entry = self._entries.get((subject.kind, subject.id))
        if entry is not None:
            return record_of(self.linked, subject, *entry)
        if subject.kind in _INDEXED:
            self._misses += 1
            if self._misses > _HINTS:  # to look for the nearest id takes long
                raise EditRefused(f"there is no {subject.kind} `{subject.id}`")
        return find_record(self.linked, subject)

    @cached_property
    def _entries(self) -> dict[tuple[str, str], _Entry]:
        found: dict[tuple[str, str], _Entry] = {}
        for unit in self.linked.portfolio.units.values():
            for entry in unit.investments:
                own = entry.record.id
                found.setdefault(("investment", own), (entry.record, entry.source, unit))
                for outcome in entry.outcomes:
                    id_ = f"{own}/{outcome.record.id}"
                    found.setdefault(("outcome", id_), (outcome.record, outcome.source, unit))
            for meeting in unit.engagements:
                found.setdefault(("engagement", meeting.id), (meeting.record, meeting.source, unit))
        return found

    def has(self, page: Worksheet, id_: str) -> bool:
        """Say whether there is a record of a row."""
        portfolio = self.linked.portfolio
        if page.name in _PARTS:
            parent, _, mark = id_.rpartition("/")
            name, key = _PARTS[page.name]
            if page is SPEND:
                entry = self._entries.get(("investment", parent))
                record: Any = entry[0] if entry is not None else None
            else:
                record = portfolio.units[parent].record if parent in portfolio.units else None
            return any(str(getattr(i, key)) == mark for i in getattr(record, name, ()))
        if page.kind in _INDEXED:
            return (page.kind, id_) in self._entries
        return id_ in (portfolio.people if page.kind == "person" else portfolio.units)

    # -- by name ---------------------------------------------------------------------------

    def named(self, page: PageName, text: str, within: str | None = None) -> str | None:
        """Return the id of the unit, investment or outcome that a text means, by id or by name.

        `within` is the unit it must be of.  Returns None where there is none, raises BadCell where
        there are several.
        """
        ids, names = self._called[page]
        if text in ids:
            return text
        found = [i for i in names.get(key_of(text), ()) if within in (None, ids[i])]
        if len(found) > 1:
            shown = ", ".join(found[:4]) + (" …" if found[4:] else "")
            raise BadCell(f"can mean {shown}; write the id")
        return found[0] if found else None

    def part_named(self, page: Worksheet, parent: str, name: str) -> str | None:
        """Return the id of the outcome or objective of a parent that says the same."""
        return self._statements.get((page.name, parent, key_of(name)))

    def engagements_on(self, unit: str, day: str) -> list[str]:
        """Return the ids of a unit's engagements of a day."""
        return self._days.get((unit, day), [])

    @cached_property
    def _called(self) -> dict[str, tuple[dict[str, str], dict[str, list[str]]]]:
        """By page: of each id its unit, and the ids of each name."""
        units: tuple[dict[str, str], dict[str, list[str]]] = ({}, defaultdict(list))
        investments: tuple[dict[str, str], dict[str, list[str]]] = ({}, defaultdict(list))
        outcomes: tuple[dict[str, str], dict[str, list[str]]] = ({}, defaultdict(list))
        for id_, unit in self.linked.portfolio.units.items():
            units[0][id_] = id_
            units[1][key_of(unit.name)].append(id_)
            for entry in unit.investments:
                investments[0][entry.record.id] = id_
                investments[1][key_of(entry.record.title)].append(entry.record.id)
                for outcome in entry.outcomes:
                    own = f"{entry.record.id}/{outcome.record.id}"
                    outcomes[0][own] = id_
                    outcomes[1][key_of(outcome.record.statement or outcome.record.id)].append(own)
        return {"units": units, "investments": investments, "outcomes": outcomes}

    @cached_property
    def _statements(self) -> dict[tuple[str, str, str], str]:
        found: dict[tuple[str, str, str], str] = {}
        for id_, unit in self.linked.portfolio.units.items():
            for goal in unit.record.objectives:
                if goal.statement:
                    key = ("objectives", id_, key_of(goal.statement))
                    found.setdefault(key, f"{id_}/{goal.id}")
            for entry in unit.investments:
                own = entry.record.id
                for outcome in entry.outcomes:
                    if outcome.record.statement:
                        key = ("outcomes", own, key_of(outcome.record.statement))
                        found.setdefault(key, f"{own}/{outcome.record.id}")
        return found

    @cached_property
    def _days(self) -> dict[tuple[str, str], list[str]]:
        found: dict[tuple[str, str], list[str]] = defaultdict(list)
        for id_, unit in self.linked.portfolio.units.items():
            for meeting in unit.engagements:
                found[id_, meeting.record.date.isoformat()].append(meeting.id)
        return found

"""The variables around the subjects that rules are judged on."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import msgspec

from itgov.model.history_fact_names import HISTORY_FACTS
from itgov.model.portfolio import (
    Portfolio,
    UnitEntry,
)
from itgov.rules.vocabulary import record_of, with_history


class Around:
    """The variables around the subjects of a unit, no larger than its rules can see.

    CEL converts a whole map before the first look-up, so a unit is given only the people and
    relationship managers that its records, or the rules themselves, can name.
    """

    def __init__(self, portfolio: Portfolio, words: frozenset[str], sources: list[str]) -> None:
        self.words = words
        text = "\n".join(sources)
        self.whole_people = _needs_whole(text, "people")
        self.whole_managers = _needs_whole(text, "relationship_managers")
        self.past = not words.isdisjoint(HISTORY_FACTS)
        self.move_to(portfolio)

    def move_to(self, portfolio: Portfolio) -> None:
        """Surround the subjects of another portfolio from now on."""
        self.portfolio = portfolio
        self._people: dict[str, Any] | None = None
        self._managers: dict[str, Any] | None = None
        self.organisation = self._view(portfolio.organisation)

    def _view(self, entry: Any) -> dict[str, Any]:
        return {k: v for k, v in record_of(entry).items() if k in self.words}

    @property
    def people(self) -> dict[str, Any]:
        """Every person, by id."""
        if self._people is None:
            self._people = {k: self._view(p) for k, p in self.portfolio.people.items()}
        return self._people

    @property
    def managers(self) -> dict[str, Any]:
        """Every relationship manager, by person."""
        if self._managers is None:
            self._managers = {k: self._view(m) for k, m in self.portfolio.managers.items()}
        return self._managers

    def of_everything(self) -> dict[str, Any]:
        """Return what surrounds subjects of no unit."""
        return {
            "organisation": self.organisation,
            "people": self.people,
            "relationship_managers": self.managers,
            "today": self.portfolio.today.isoformat(),
        }

    def of_unit(self, unit: UnitEntry) -> dict[str, Any]:
        """Return what surrounds the subjects of a unit."""
        found = self.of_everything()
        known = with_history("business_unit", record_of(unit)) if self.past else record_of(unit)
        found["business_unit"] = {k: v for k, v in known.items() if k in self.words}
        if not self.whole_people or not self.whole_managers:
            names = self._names(unit)
            size = -1
            while size != len(names):  # whom a manager reports to may be a manager too
                size = len(names)
                for person in tuple(names):
                    manager = self.portfolio.managers.get(person)
                    if manager is not None and manager.record.reports_to is not None:
                        names.add(manager.record.reports_to)
            if not self.whole_managers:
                found["relationship_managers"] = {
                    k: v for k, v in self.managers.items() if k in names
                }
            if not self.whole_people:
                found["people"] = {k: v for k, v in self.people.items() if k in names}
        return found

    def _names(self, unit: UnitEntry) -> set[str]:
        """Return every text of a unit's records that could be the id of a person."""
        names = set(_texts(msgspec.to_builtins(unit.record)))
        names.update(unit.facts.relationship_managers)
        for entry in unit.investments:
            record = entry.record
            names.update(
                n for n in (record.outcome_owner, record.relationship_manager, record.sponsor, record.delivery_lead, record.confidence_by)
                if n is not None
            )  # fmt: skip
            names.update(g.approved_by for g in record.gates if g.approved_by is not None)
            names.update(w.approved_by for w in record.waivers if w.approved_by is not None)
            if record.custom:
                names.update(_texts(record.custom))
        for engagement in unit.engagements:
            names.update(_texts(msgspec.to_builtins(engagement.record)))
        return names


_PERSON_FIELDS = (
    "outcome_owner|relationship_manager|sponsor|delivery_lead|confidence_by|approved_by|head|by"
    "|owner|reports_to|person"
)
_NAMES_A_PERSON = re.compile(rf"\s*\w[\w.]*\.(?:{_PERSON_FIELDS})\s*\Z")
_OPERAND = re.compile(r"([\w.]+)\s+in\s*\Z")
_ATTENDEE = re.compile(r"\bengagement\.with\.(?:all|exists|exists_one|filter)\(\s*(\w+)\s*,")


def _needs_whole(text: str, name: str) -> bool:
    """Say whether a map is used otherwise than to look up somebody whom a record names.

    Only keys of which it is sure that they are among the names that a unit's records hold allow a
    smaller map: `people[investment.sponsor]`, `p in people` over `engagement.with`.
    """
    attendees = set(_ATTENDEE.findall(text))
    for match in re.finditer(rf"\b{name}\b", text):
        if text[max(0, match.start() - 20) : match.start()].rstrip().endswith("."):
            continue  # `business_unit.relationship_managers` is another thing
        after = text[match.end() :].lstrip()
        if after.startswith("["):
            key = after[1 : after.find("]")]
        else:
            asked = _OPERAND.search(text[max(0, match.start() - 200) : match.start()])
            if asked is None:
                return True
            key = asked[1]
        if not _NAMES_A_PERSON.match(key) and key.strip() not in attendees:
            return True
    return False


def _texts(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)

"""The variables around the subjects that rules are judged on."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import msgspec

from itgov.model.portfolio import (
    Portfolio,
    UnitEntry,
)
from itgov.rules.vocabulary import record_of


class Around:
    """The variables around the subjects of a unit, no larger than its rules can see.

    CEL converts a whole map before the first look-up, so a unit is given only the people and
    relationship managers that its records, or the rules themselves, can name.
    """

    def __init__(self, portfolio: Portfolio, words: frozenset[str], sources: list[str]) -> None:
        self.portfolio = portfolio
        self.words = words
        self._people: dict[str, Any] | None = None
        self._managers: dict[str, Any] | None = None
        text = "\n".join(sources)
        self.whole_people = _needs_whole(text, "people")
        self.whole_managers = _needs_whole(text, "relationship_managers")
        self.text = text
        self.organisation = self._view(portfolio.organisation)

    def _view(self, entry: Any) -> dict[str, Any]:
        return {k: v for k, v in record_of(entry).items() if k in self.words}

    @property
    def people(self) -> dict[str, Any]:
        if self._people is None:
            self._people = {k: self._view(p) for k, p in self.portfolio.people.items()}
        return self._people

    @property
    def managers(self) -> dict[str, Any]:
        if self._managers is None:
            self._managers = {k: self._view(m) for k, m in self.portfolio.managers.items()}
        return self._managers

    def of_everything(self) -> dict[str, Any]:
        return {
            "organisation": self.organisation,
            "people": self.people,
            "relationship_managers": self.managers,
            "today": self.portfolio.today.isoformat(),
        }

    def of_unit(self, unit: UnitEntry) -> dict[str, Any]:
        found = self.of_everything()
        found["business_unit"] = self._view(unit)
        if not self.whole_people or not self.whole_managers:
            names = self._names(unit)
            if not self.whole_managers:
                found["relationship_managers"] = {
                    k: v for k, v in self.managers.items() if k in names
                }
            for manager in self.portfolio.managers.values():
                if manager.record.person in found["relationship_managers"]:
                    names.update(_texts(msgspec.to_builtins(manager.record)))
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
        names.update(k for k in self.portfolio.people if k in self.text)
        return names


def _needs_whole(text: str, name: str) -> bool:
    """Say whether a map is used otherwise than to look up a name that a record holds."""
    for match in re.finditer(rf"\b{name}\b", text):
        before = text[: match.start()].rstrip()
        after = text[match.end() :].lstrip()
        looked_up = after.startswith("[") and "+" not in after[: after.find("]") + 1]
        asked = before.endswith(" in") or before.endswith("\nin")
        a_field = before.endswith(".")  # `business_unit.relationship_managers` is another thing
        if not (looked_up or asked or a_field):
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

"""Who and what is the same in two states of a portfolio under another id."""

from __future__ import annotations

from typing import Any, TypeVar

from msgspec import Struct, structs

from itgov.model.fields import Kind, with_ids
from itgov.model.finding import Subject
from itgov.model.portfolio import Portfolio, UnitEntry
from itgov.model.same_records import same_investments, same_outcomes, same_people

AnyEntry = TypeVar("AnyEntry", bound=Any)


class NewIds(Struct):
    """The new id by the old one, of units, investments, outcomes (`<investment>/<outcome>`) and people.

    Outcomes are those that have another id in their investment.
    """

    units: dict[str, str]
    investments: dict[str, str]
    outcomes: dict[str, str]
    people: dict[str, str]

    def of_subject(self, kind: str, identifier: str) -> str:
        """Return the id that a finding's subject has now."""
        first, slash, rest = identifier.partition("/")
        if kind in ("person", "relationship_manager"):
            return self.people.get(identifier, identifier)
        if kind == "outcome" and identifier in self.outcomes:
            return self.outcomes[identifier]
        return self.investments.get(first, self.units.get(first, first)) + slash + rest

    def of(self, subject: Subject) -> Subject:
        """Return a subject under the id that it has now."""
        return Subject(subject.kind, self.of_subject(subject.kind, subject.id))

    def __bool__(self) -> bool:
        return bool(self.units or self.investments or self.outcomes or self.people)


def new_ids(before: Portfolio, after: Portfolio) -> NewIds:
    """Find what got another id between two states."""
    old = {e.record.id: e.record for e in before.investments()}
    new = {e.record.id: e.record for e in after.investments()}
    investments = same_investments(old, new)
    outcomes: dict[str, str] = {}
    for identifier, record in old.items():
        now = investments.get(identifier, identifier)
        if now in new:
            theirs = ({o.id: o for o in r.outcomes} for r in (record, new[now]))
            outcomes |= {
                f"{identifier}/{o}": f"{now}/{n}" for o, n in same_outcomes(*theirs).items()
            }
    people = same_people(
        {k: e.record for k, e in before.people.items()},
        {k: e.record for k, e in after.people.items()},
    )
    return NewIds(_renamed_units(before, after), investments, outcomes, people)


def with_new_ids(portfolio: Portfolio, ids: NewIds) -> Portfolio:
    """Return an earlier state whose records refer to what they name by the ids of now.

    Records keep their own ids, and facts are as they were.
    """
    if not ids:
        return portfolio
    kinds: tuple[tuple[Kind, dict[str, str]], ...] = (
        ("business_unit", ids.units),
        ("investment", ids.investments),
        ("outcome", ids.outcomes),
        ("person", ids.people),
    )
    now = {(kind, old): new for kind, renamed in kinds for old, new in renamed.items()}

    def as_now(entry: AnyEntry) -> AnyEntry:
        return structs.replace(entry, record=with_ids(entry.record, now))

    def unit_as_now(entry: UnitEntry) -> UnitEntry:
        return structs.replace(
            as_now(entry),
            investments=[as_now(e) for e in entry.investments],
            engagements=[as_now(e) for e in entry.engagements],
        )

    managers = [as_now(e) for e in portfolio.managers.values()]
    return structs.replace(
        portfolio,
        people={k: as_now(e) for k, e in portfolio.people.items()},
        managers={e.record.person: e for e in managers},
        units={k: unit_as_now(e) for k, e in portfolio.units.items()},
    )


def _renamed_units(before: Portfolio, after: Portfolio) -> dict[str, str]:
    old, new = before.units, after.units
    gone = {k: u for k, u in old.items() if k not in new}
    come = {k: u for k, u in new.items() if k not in old}
    found: dict[str, str] = {}
    for identifier, unit in gone.items():
        mine = {e.record.id for e in unit.investments}
        for other, candidate in come.items():
            theirs = {e.record.id for e in candidate.investments}
            same_name = unit.record.name is not None and unit.record.name == candidate.record.name
            shared = len(mine & theirs)
            if other not in found.values() and (
                same_name or (shared and shared * 2 >= max(len(mine), len(theirs)))
            ):
                found[identifier] = other
                break
    return found

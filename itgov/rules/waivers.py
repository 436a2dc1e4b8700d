"""Waivers: which hold, which findings they excuse, and what is wrong with them.

A waiver holds up to and including its end date.  Without an end date, or without an approver, it
holds nothing.  Waived findings stay visible and are counted apart.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from itgov.files.document import Document
from itgov.files.places import locate
from itgov.model.builtins import BUILT_IN
from itgov.model.fields import holders_in
from itgov.model.finding import Finding, Subject
from itgov.model.nobody import is_named
from itgov.model.portfolio import (
    InvestmentEntry,
    ManagerEntry,
    OrganisationEntry,
    OutcomeEntry,
    Portfolio,
    Source,
    UnitEntry,
)
from itgov.model.rulebook import RuleInfo
from itgov.model.text import did_you_mean
from itgov.model.types import Waiver


class _Use(Struct):
    waiver: Waiver
    index: int
    holds: bool
    used: bool = False
    undecided: bool = False


class UnitWaivers:
    """The waivers on the subjects of one unit, and which of them were needed."""

    def __init__(
        self, unit: UnitEntry | None, today: datetime.date, people: Mapping[str, Any]
    ) -> None:
        self.today = today
        self.people = people
        self.unit = unit
        self.uses: dict[Source, list[_Use]] = {}
        self.owners: dict[
            Source, InvestmentEntry | UnitEntry | ManagerEntry | OrganisationEntry
        ] = {}
        if unit is not None:
            self._take(unit)
            for entry in unit.investments:
                self._take(entry)

    def _take(
        self, entry: InvestmentEntry | UnitEntry | ManagerEntry | OrganisationEntry
    ) -> list[_Use]:
        uses = [
            _Use(
                w,
                i,
                not w.has_ended(self.today) and self._is_somebody(w.approved_by),
            )
            for i, w in enumerate(entry.record.waivers)
        ]
        if uses:
            self.uses[entry.source] = uses
            self.owners[entry.source] = entry
        return uses

    def _is_somebody(self, name: str | None) -> bool:
        # where nobody is listed, nobody can be missing from the list
        return is_named(name) and (name in self.people or not self.people)

    def take_whole(self, portfolio: Portfolio) -> None:
        """Take the waivers of the organisation and of the relationship managers."""
        self._take(portfolio.organisation)
        for manager in portfolio.managers.values():
            self._take(manager)

    def _of(self, entry: Any) -> list[_Use]:
        if isinstance(entry, OutcomeEntry):  # an investment's waivers cover its outcomes
            return self.uses.get(Source(entry.source.path, entry.source.route[:2]), [])
        if hasattr(entry.record, "waivers"):
            return self.uses.get(entry.source, [])
        return self.uses.get(self.unit.source, []) if self.unit is not None else []

    def waiver(self, entry: Any, rule: str) -> Waiver | None:
        """Return the waiver that excuses a rule on a subject, and remember that it was needed."""
        found = None
        for use in self._of(entry):
            if use.waiver.rule == rule:
                use.used = True
                if use.holds and found is None:
                    found = use.waiver
        return found

    def undecided(self, entry: Any, rule: str) -> None:
        """Remember that it is not known whether a waiver is needed."""
        for use in self._of(entry):
            use.undecided = use.undecided or use.waiver.rule == rule


def waiver_findings(
    waivers: UnitWaivers,
    unit: str | None,
    known: Mapping[str, RuleInfo],
    documents: dict[str, Document],
    portfolio: Portfolio,
) -> list[Finding]:
    """Return what is wrong with the waivers, once all subjects were judged."""
    found: list[Finding] = []
    for source, uses in waivers.uses.items():
        owner = waivers.owners[source]
        for use in uses:
            for code, field, message in _wrong(use, owner, known, waivers.today, portfolio):
                at = Source(source.path, (*source.route, "waivers", use.index))
                place = locate(documents, at, field)
                subject = Subject("waiver", f"{_name(owner)}/{use.waiver.rule}")
                found.append(
                    Finding.of(
                        BUILT_IN[code], subject, place, message, business_unit=unit, field=field
                    )
                )
    return found


_COVERED: dict[type, tuple[str, ...]] = {
    InvestmentEntry: ("investment", "outcome"),
    UnitEntry: ("business_unit", "engagement"),
    ManagerEntry: ("relationship_manager",),
    OrganisationEntry: ("organisation",),
}
"""The kinds of subject that a waiver on a record covers."""


def _unused(rule: str, name: str, owner: Any, info: RuleInfo) -> str:
    if info.subject not in _COVERED[type(owner)]:
        kind = info.subject.replace("_", " ")
        return f"the waiver of {rule} for {name} has no effect: the rule is for every {kind}"
    return f"the waiver of {rule} for {name} is no longer needed: no finding needs it"


def _a_year_after(day: datetime.date) -> datetime.date:
    try:
        return day.replace(year=day.year + 1)
    except ValueError:  # 29 February
        return day.replace(year=day.year + 1, month=3, day=1)


def _name(owner: Any) -> str:
    return str(getattr(owner.record, "id", None) or owner.record.person)


def _wrong(
    use: _Use, owner: Any, known: Mapping[str, RuleInfo], today: datetime.date, portfolio: Portfolio
) -> list[tuple[str, str, str]]:
    waiver, name = use.waiver, _name(owner)
    rule = waiver.rule
    info = known.get(rule)
    if info is None:
        return [
            (
                "WVR-002",
                "rule",
                f"{name} waives {rule}, which is not a rule in force{did_you_mean(rule, known)}",
            )
        ]
    if not info.waivable:
        return [("WVR-007", "rule", f"{name} waives {rule}, which cannot be waived")]
    found: list[tuple[str, str, str]] = []
    ended = waiver.has_ended(today)
    if waiver.until is None:
        found.append(
            (
                "WVR-001",
                "until",
                f"the waiver of {rule} for {name} has no valid end date, so it has ended",
            )
        )
    elif ended:
        found.append(
            ("WVR-001", "until", f"the waiver of {rule} for {name} ended on {waiver.until}")
        )
    elif waiver.until > _a_year_after(today):
        found.append(
            (
                "WVR-005",
                "until",
                f"the waiver of {rule} for {name} lasts over a year, until {waiver.until}",
            )
        )
    if not is_named(waiver.approved_by):
        found.append(
            (
                "WVR-004",
                "approved_by",
                f"the waiver of {rule} for {name} has no approver, so it has no effect",
            )
        )
    elif waiver.approved_by is not None and waiver.approved_by in holders_in(owner.record):
        person = portfolio.people.get(waiver.approved_by)
        who = person.record.name if person else waiver.approved_by
        found.append(
            (
                "WVR-006",
                "approved_by",
                f"{who} approved the waiver of {rule} for {name}, and benefits from it",
            )
        )
    if waiver.reason is None:
        found.append(("WVR-008", "reason", f"the waiver of {rule} for {name} has no reason"))
    if not ended and not use.used and not use.undecided:
        found.append(
            (
                "WVR-003",
                "rule",
                _unused(rule, name, owner, info),
            )
        )
    return found

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
    """The waivers of one rule on one record."""

    holding: Waiver | None = None
    """The first of them that holds."""
    used: bool = False
    undecided: bool = False


class _Given(Struct):
    """One waiver, at its place in its record."""

    waiver: Waiver
    index: int
    use: _Use


class UnitWaivers:
    """The waivers on the subjects of one unit, and which of them were needed."""

    def __init__(
        self, unit: UnitEntry | None, today: datetime.date, people: Mapping[str, Any]
    ) -> None:
        self.today = today
        self.people = people
        self.unit = unit
        self.given: dict[Source, list[_Given]] = {}
        self.owners: dict[
            Source, InvestmentEntry | UnitEntry | ManagerEntry | OrganisationEntry
        ] = {}
        self._uses: dict[Source, dict[str, _Use]] = {}
        if unit is not None:
            self._take(unit)
            for entry in unit.investments:
                self._take(entry)

    def _take(self, entry: InvestmentEntry | UnitEntry | ManagerEntry | OrganisationEntry) -> None:
        if not entry.record.waivers:
            return
        given, uses = [], self._uses.setdefault(entry.source, {})
        for index, waiver in enumerate(entry.record.waivers):
            use = uses.setdefault(waiver.rule, _Use())
            given.append(_Given(waiver, index, use))
            holds = not waiver.has_ended(self.today) and self._is_somebody(waiver.approved_by)
            if use.holding is None and holds:
                use.holding = waiver
        self.given[entry.source] = given
        self.owners[entry.source] = entry

    def _is_somebody(self, name: str | None) -> bool:
        # where nobody is listed, nobody can be missing from the list
        return is_named(name) and (name in self.people or not self.people)

    def take_whole(self, portfolio: Portfolio) -> None:
        """Take the waivers of the organisation and of the relationship managers."""
        self._take(portfolio.organisation)
        for manager in portfolio.managers.values():
            self._take(manager)

    def _of(self, entry: Any, rule: str) -> _Use | None:
        if not self._uses:
            return None
        source = entry.source
        if isinstance(entry, OutcomeEntry):  # an investment's waivers cover its outcomes
            source = Source(source.path, source.route[:2])
        elif not hasattr(entry.record, "waivers"):
            if self.unit is None:
                return None
            source = self.unit.source
        uses = self._uses.get(source)
        return uses.get(rule) if uses is not None else None

    def waiver(self, entry: Any, rule: str) -> Waiver | None:
        """Return the waiver that excuses a rule on a subject, and remember that it was needed."""
        use = self._of(entry, rule)
        if use is None:
            return None
        use.used = True
        return use.holding

    def undecided(self, entry: Any, rule: str) -> None:
        """Remember that it is not known whether a waiver is needed."""
        use = self._of(entry, rule)
        if use is not None:
            use.undecided = True


def waiver_findings(
    waivers: UnitWaivers,
    unit: str | None,
    known: Mapping[str, RuleInfo],
    documents: dict[str, Document],
    portfolio: Portfolio,
) -> list[Finding]:
    """Return what is wrong with the waivers, once all subjects were judged."""
    found: list[Finding] = []
    for source, given in waivers.given.items():
        owner = waivers.owners[source]
        for one in given:
            for code, field, message in _wrong(one, owner, known, waivers.today, portfolio):
                at = Source(source.path, (*source.route, "waivers", one.index))
                place = locate(documents, at, field)
                subject = Subject("waiver", f"{_name(owner)}/{one.waiver.rule}")
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
    if day.year == datetime.MAXYEAR:
        return datetime.date.max
    try:
        return day.replace(year=day.year + 1)
    except ValueError:  # 29 February
        return day.replace(year=day.year + 1, month=3, day=1)


def _name(owner: Any) -> str:
    return str(getattr(owner.record, "id", None) or owner.record.person)


def _wrong(
    given: _Given,
    owner: Any,
    known: Mapping[str, RuleInfo],
    today: datetime.date,
    portfolio: Portfolio,
) -> list[tuple[str, str, str]]:
    waiver, use, name = given.waiver, given.use, _name(owner)
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

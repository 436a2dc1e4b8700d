"""Whom commits named for the posts of items and units, and where `held` says otherwise."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from itgov.model.change_log import UNCOMMITTED, FieldChange, Life, Log, PersonRenamed, Value
from itgov.model.history_facts import HeldContradiction
from itgov.model.portfolio import GitName, InvestmentEntry, Portfolio, UnitEntry
from itgov.model.tenure import HELD_ROLES, Tenures
from itgov.model.types import HeldRole


def derive_holders(portfolio: Portfolio, log: Log, days: Sequence[int | None]) -> None:
    """Keep who was named for which post, where that ever changed, and compare it with `held`.

    `days` are those on which the commits of the log count; the histories of all records are known.
    """
    made = _Holders(portfolio, log, days)
    for unit in portfolio.units.values():
        made.keep(f"u:{unit.record.id}", unit, unit)
        for entry in unit.investments:
            made.keep(f"i:{entry.record.id}", entry, unit)


def commit_name(log: Log, at: int) -> str:
    """Return how the commit at a place is called: its first ten digits, or `uncommitted`."""
    identifier = log.commits[at].id
    return identifier if identifier == UNCOMMITTED else identifier[:10]


class _Holders:
    def __init__(self, portfolio: Portfolio, log: Log, days: Sequence[int | None]) -> None:
        self.portfolio = portfolio
        self.log = log
        self.days = days
        self.tenures = Tenures(portfolio)
        self.renamed: dict[str, list[PersonRenamed]] = {}
        """By the id they had, people who got another, oldest first."""
        for renamed in log.renamed:
            self.renamed.setdefault(renamed.old, []).append(renamed)

    def keep(self, key: str, entry: InvestmentEntry | UnitEntry, unit: UnitEntry) -> None:
        """Keep who was named for the posts of one record, and what contradicts it."""
        life, found = self.log.lives.get(key), entry.history
        if life is None or found is None or found.history_days is None:
            return
        is_told = bool(entry.record.held or unit.record.held)
        found.held_contradicted_seen = False
        for role in HELD_ROLES:
            changes = [c for c in life.changes if c.field == role and c.at < len(self.days)]
            if not changes and not is_told:
                continue
            named = self._named(life, role, changes, entry)
            if changes:
                self.portfolio.named.setdefault(key, {})[role] = named
            if not is_told or found.held_contradicted_seen:
                continue
            if (other := self.tenures.contradiction(entry, unit, role, named)) is not None:
                found.held_contradicted_seen = True
                found.held_contradiction = HeldContradiction(
                    role=role.replace("_", " "), held=other.held, git=other.git,
                    first=other.first.isoformat(), last=other.last.isoformat(), commit=other.commit,
                )  # fmt: skip

    def _named(
        self,
        life: Life,
        role: HeldRole,
        changes: Sequence[FieldChange],
        entry: InvestmentEntry | UnitEntry,
    ) -> tuple[GitName, ...]:
        """Return whom git knows to have been named, by present ids; the last commit of a day counts."""
        born = next(d for d in self.days[life.born :] if d is not None)
        own = getattr(entry.record, role, None)
        first = self._now(changes[0].old, changes[0].at) if changes else own
        found = {
            born: GitName(datetime.date.fromordinal(born), first, commit_name(self.log, life.born))
        }
        for change in changes:
            day = self.days[change.at]
            if day is not None:
                name = self._now(change.new, change.at)
                found[day] = GitName(
                    datetime.date.fromordinal(day), name, commit_name(self.log, change.at)
                )
        return tuple(found.values())

    def _now(self, person: Value, at: int) -> str | None:
        """Return the present id of whom the commit at place `at` named."""
        if not isinstance(person, str):
            return None
        while True:
            after = next(
                (r for r in self.renamed.get(person, ()) if at < r.at < len(self.days)), None
            )
            if after is None:
                return person
            person, at = after.new, after.at

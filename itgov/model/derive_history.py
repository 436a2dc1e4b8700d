"""Computing the facts of `itgov.model.history_facts` from a log, as of a day.

Only what was committed up to that day counts, so the same question gets the same answer for ever.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterable, Sequence
from typing import Any

from msgspec import Struct

from itgov.model.change_log import (
    BUDGET,
    ROLES,
    UNCOMMITTED,
    UNIT_ROLES,
    FieldChange,
    Life,
    Log,
)
from itgov.model.derive_authors import derive_authors
from itgov.model.derive_holders import commit_name, derive_holders
from itgov.model.derive_value import derive_value
from itgov.model.engagements import Holders, derive_again
from itgov.model.history_facts import (
    BusinessUnitHistory,
    InvestmentCommits,
    InvestmentDays,
    InvestmentHistory,
    OutcomeCommits,
    OutcomeDays,
    OutcomeHistory,
    UndecidedChange,
    UnitCommits,
    UnitDays,
)
from itgov.model.plan_then import derive_plans_then, ended_days
from itgov.model.portfolio import (
    Evidence,
    InvestmentEntry,
    OutcomeEntry,
    Portfolio,
    UnitEntry,
    held_by,
)
from itgov.model.types import Investment
from itgov.model.unit_shares import derive_beyond, shares_of

WINDOW = 730
"""Days that changes are counted over: 24 months."""

DECISION_DAYS = 31
"""Days before or after a change within which a gate counts as the decision for it."""


def derive_history(
    portfolio: Portfolio,
    log: Log,
    evidence: Evidence,
    length: int | None = None,
    by_clock: bool = False,
) -> None:
    """Fill in every fact that git can tell of a portfolio, and say how much that was.

    With `length`, only the first commits of the log count.  Commits of a later day than the portfolio's
    do not count; but `by_clock`, where that day is the clock's and no commit can be later, they count as
    made on it.
    """
    portfolio.evidence = evidence
    length = len(log.commits) if length is None else length
    derivation = _Derivation(portfolio, log, length, by_clock)
    if portfolio.minutes:
        from itgov.model.derive_reviews import approvals  # few portfolios have any

        derivation.approved = approvals(portfolio)
    if derivation.since is None:
        known = log.first is not None and log.commits[log.first].id != UNCOMMITTED
        evidence.blind = "too new" if known else "no commit"
        return
    evidence.later, evidence.by_clock = derivation.later, by_clock
    if log.commits[-1].id == UNCOMMITTED:
        evidence.renumbered, evidence.is_ahead = log.renumbered, derivation.later > 0
    evidence.since = datetime.date.fromordinal(derivation.since)
    for unit in portfolio.units.values():
        unit.history = derivation.unit(unit)
        for entry in unit.investments:
            entry.history = derivation.investment(entry)
            for outcome in entry.outcomes:
                outcome.history = derivation.outcome(outcome, entry)
    derive_holders(portfolio, log, derivation.days)
    ended = ended_days(portfolio, log, derivation.days)
    is_held = any(e.record.held for unit in portfolio.units.values() for e in held_by(unit))
    if ended or portfolio.named or is_held:  # what `held` leaves open, git may know
        derive_value(portfolio, ended)
    derive_plans_then(portfolio, log, derivation.days)
    derive_authors(portfolio, log, derivation.length, 1 if evidence.shallow else 0)
    again = [u for n, u in portfolio.units.items() if u.record.held or f"u:{n}" in portfolio.named]
    if again:  # who held their posts is known better than it was
        holders = Holders(portfolio)
        for unit in again:
            derive_again(unit, holders, portfolio)
        entries = {e.record.id: e for e in portfolio.investments()}
        portfolio.shares = shares_of(portfolio, holders, entries)
        derive_beyond(portfolio, portfolio.shares)


class _Derivation:
    def __init__(self, portfolio: Portfolio, log: Log, length: int, by_clock: bool) -> None:
        self.approved: dict[str, list[datetime.date]] = {}
        """Days on which review sessions approved an investment."""
        self.log = log
        self.length = length
        self.today = portfolio.today.toordinal()
        commits = log.commits[:length]
        committed = effective_days([c.day for c in commits if c.id != UNCOMMITTED], self.today)
        uncommitted: list[int | None] = [self.today] * (len(commits) - len(committed))  # the last
        self.days = [*committed, *uncommitted]
        self.since: int | None = None
        self.later = 0
        """How many commits of the portfolio are of a later day."""
        if log.first is not None:
            self.since = next((d for d in committed[log.first :] if d is not None), None)
            self.later = committed[log.first :].count(None)
        if by_clock and self.since is not None:
            self.days = [self.today if day is None else day for day in self.days]

    # -- records ---------------------------------------------------------------------------

    def investment(self, entry: InvestmentEntry) -> InvestmentHistory:
        record = entry.record
        life = self.log.lives.get(f"i:{record.id}")
        found = InvestmentHistory()
        if life is None or (known := self._known(life, record.start)) is None:
            return found
        found.history_days = known.days
        found.days_since_change, found.changed_by = self._ages(
            life, known, InvestmentDays, InvestmentCommits
        )
        for role in ROLES:
            seen = self._role_changes(life, role)
            setattr(found, f"{role}_changes_seen", seen)
            setattr(found, f"{role}_changes", seen if known.enough else None)
        raises = [c for c in self._undecided(life, BUDGET, record) if _raised(c, record)]
        found.budget_raised_silently = _verdict(raises, known)
        found.budget_raise = self._told(raises, lambda c: _total(c, record))
        moves = self._undecided(life, "end", record)
        found.end_moved_silently = _verdict(moves, known)
        found.end_move = self._told(moves, lambda c: (str(c.old), str(c.new)))
        self._confidence(found, life, known, record)
        return found

    def outcome(self, entry: OutcomeEntry, around: InvestmentEntry) -> OutcomeHistory:
        life = self.log.lives.get(f"o:{around.record.id}/{entry.record.id}")
        found = OutcomeHistory()
        if life is None or (known := self._known(life, around.record.start)) is None:
            return found
        found.history_days = known.days
        found.days_since_change, found.changed_by = self._ages(
            life, known, OutcomeDays, OutcomeCommits
        )
        for field in ("target", "baseline"):
            changes = self._undecided(life, field, around.record)
            setattr(found, f"{field}_changed_silently", _verdict(changes, known))
            told = self._told(changes, lambda c: (_plain(c.old), _plain(c.new)))
            setattr(found, f"{field}_change", told)
        jumps = [_factor(c.old, c.new) for c in self._standing(life, "target") if not c.planning]
        found.target_jump_seen = max(jumps, default=1.0)
        found.target_jump = found.target_jump_seen if known.enough else None
        return found

    def unit(self, entry: UnitEntry) -> BusinessUnitHistory:
        life = self.log.lives.get(f"u:{entry.record.id}")
        found = BusinessUnitHistory()
        if life is None or (known := self._known(life, None)) is None:
            return found
        found.history_days = known.days
        found.days_since_change, found.changed_by = self._ages(life, known, UnitDays, UnitCommits)
        for role in UNIT_ROLES:
            seen = self._role_changes(life, role)
            setattr(found, f"{role}_changes_seen", seen)
            setattr(found, f"{role}_changes", seen if known.enough else None)
        return found

    # -- what is asked of one --------------------------------------------------------------

    def _known(self, life: Life, start: datetime.date | None) -> _Known | None:
        born = self.days[life.born]
        if born is None:  # it came with a commit of a later day, whatever is not committed since
            return None
        # one that was entered long after it began has a past that no commit shows
        whole = life.is_certain and (start is None or start.toordinal() >= born - DECISION_DAYS)
        days = self.today - born
        return _Known(days, whole, whole or days >= WINDOW)

    def _happened(self, life: Life) -> Iterable[tuple[int, FieldChange]]:
        for change in life.changes:
            if change.at >= self.length:
                break
            day = self.days[change.at]
            if day is not None:
                yield day, change

    def _ages(self, life: Life, known: _Known, days: Any, commits: Any) -> tuple[Any, Any]:
        last: dict[str, int] = {}
        if known.whole:
            last = dict.fromkeys(days.__struct_fields__, life.born)
        for _, change in self._happened(life):
            last[change.field] = change.at
        ages, by = {}, {}
        for field, at in last.items():
            day = self.days[at]
            if field in days.__struct_fields__ and day is not None:
                ages[field] = self.today - day
                by[field] = self._name(at)
        return days(**ages), commits(**by)

    def _name(self, at: int) -> str:
        return commit_name(self.log, at)

    def _role_changes(self, life: Life, role: str) -> int:
        return sum(
            c.field == role and None not in (c.old, c.new) and c.old != c.new
            for day, c in self._happened(life)
            if self.today - day <= WINDOW
        )

    def _standing(self, life: Life, field: str) -> list[FieldChange]:
        """Return the changes of a field within the window that nobody has taken back."""
        standing: list[FieldChange] = []
        for _, change in self._happened(life):
            if change.field != field or None in (change.old, change.new):
                continue
            if change.old == change.new:
                continue
            back = next((i for i, c in enumerate(standing) if c.old == change.new), None)
            if back is None:
                standing.append(change)
            else:
                del standing[back:]
        return [c for c in standing if self.today - (self.days[c.at] or 0) <= WINDOW]

    def _undecided(self, life: Life, field: str, record: Investment) -> list[FieldChange]:
        decisions = decision_days(record, self.approved.get(record.id, ()))
        return [
            c
            for c in self._standing(life, field)
            if not c.planning
            and not c.decided
            and not any(abs(d - (self.days[c.at] or 0)) <= DECISION_DAYS for d in decisions)
        ]

    def _told(self, changes: Sequence[FieldChange], words: Any) -> UndecidedChange | None:
        if not changes:
            return None
        last = changes[-1]
        day = datetime.date.fromordinal(self.days[last.at] or 1)
        before, after = words(last)
        return UndecidedChange(
            on=day.isoformat(), commit=self._name(last.at), before=before, after=after
        )

    def _confidence(
        self, found: InvestmentHistory, life: Life, known: _Known, record: Investment
    ) -> None:
        if record.confidence is None:
            return
        since, sure, given = self.today - known.days, known.enough, life.born
        happened = list(self._happened(life))
        for day, change in happened:
            if change.field == "confidence" and change.old != change.new:
                since, sure, given = day, True, change.at
        repeats = sum(c.field == "confidence_on" and c.at > given for _, c in happened)
        found.confidence_repeats_seen = repeats
        found.confidence_unchanged_days_seen = self.today - since
        if sure:
            found.confidence_repeats = repeats
            found.confidence_unchanged_days = self.today - since


class _Known(Struct):
    """How much of a record's life git knows."""

    days: int
    whole: bool
    """From its first day on."""
    enough: bool
    """All of its life, or all of the window."""


def effective_days(days: Sequence[int], today: int) -> list[int | None]:
    """Return the day on which each commit of a line counts; None for one that is yet to come.

    Clocks are wrong and dates can be forged: a commit is no later than those that follow it, and
    no earlier than those before it.
    """
    found: list[int | None] = [None] * len(days)
    after: int | None = None
    for index in range(len(days) - 1, -1, -1):
        if days[index] <= today:
            after = days[index]
        found[index] = after
    latest = 0
    for index, day in enumerate(found):
        if day is not None:
            latest = max(latest, day)
            found[index] = latest
    return found


def decision_days(record: Investment, approved: Sequence[datetime.date] = ()) -> list[int]:
    """Return the days of all recorded decisions on an investment: of its gates, and of the review
    sessions that approved it."""
    gates = [gate.on for gate in record.gates if gate.on is not None]
    return [day.toordinal() for day in (*gates, *approved)]


def _verdict(changes: Sequence[FieldChange], known: _Known) -> bool | None:
    return True if changes else False if known.enough else None


def _years(value: object) -> dict[str, float]:
    pairs = (part.partition("=") for part in str(value).split(";"))
    return {year: float(amount) for year, _, amount in pairs}


def _raised(change: FieldChange, record: Investment) -> bool:
    """Say whether more money is budgeted: in all, or for a service in a year that had a budget."""
    before, after = _years(change.old), _years(change.new)
    if record.type == "service":
        return any(after.get(year, 0) > amount for year, amount in before.items())
    return sum(after.values()) > sum(before.values())


def _total(change: FieldChange, record: Investment) -> tuple[str, str]:
    before, after = _years(change.old), _years(change.new)
    if record.type == "service":  # a further year is no raise
        after = {year: amount for year, amount in after.items() if year in before}
    return _plain(sum(before.values())), _plain(sum(after.values()))


def _plain(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.15g}" if math.isfinite(value) else str(value)
    return str(value)


def _factor(old: object, new: object) -> float:
    """Return how many times larger or smaller a number became; 1 where that means nothing."""
    if not isinstance(old, float) or not isinstance(new, float) or old * new <= 0:
        return 1.0
    larger, smaller = max(abs(old), abs(new)), min(abs(old), abs(new))
    return larger / smaller

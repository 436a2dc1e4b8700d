"""How much each subject weighs in a unit's health, and how much of a rule's weight holds.

Every kind of subject stands for the unit's whole spend, divided among its members: an investment
carries its own, an outcome its investment's divided among the outcomes; the unit itself carries
all, and its engagements that count, relationship managers and people share that equally; an
engagement that does not count weighs as much as one that does.  Where no item has any spend, each
counts as one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import compress
from math import isfinite

from msgspec import Struct, field

from itgov.model.portfolio import Portfolio, UnitEntry
from itgov.model.rulebook import Tally
from itgov.rules.language import SubjectName
from itgov.rules.verdicts import FAIL, NOT_APPLICABLE, PASS, UNEVALUATED, WAIVED


def _mask(*verdicts: int) -> bytes:
    return bytes(1 if v in verdicts else 0 for v in range(256))


_PASSED = _mask(PASS)
_JUDGED = _mask(PASS, FAIL, WAIVED)
_APPLIES = _mask(PASS, FAIL, WAIVED, UNEVALUATED)


class PassedShare(Struct, gc=False):
    """How a rule, or all rules of a dimension, ended on a unit's subjects, by weight."""

    passed: float = 0
    judged: float = 0
    applies: float = 0
    tally: Tally = field(default_factory=Tally)
    without_spend: int = 0

    def add(self, other: PassedShare) -> None:
        """Add what another rule found."""
        self.passed += other.passed
        self.judged += other.judged
        self.applies += other.applies
        self.without_spend += other.without_spend
        mine, theirs = self.tally, other.tally
        self.tally = Tally(
            mine.passed + theirs.passed,
            mine.failed + theirs.failed,
            mine.waived + theirs.waived,
            mine.not_applicable + theirs.not_applicable,
            mine.unevaluated + theirs.unevaluated,
        )


def held(column: bytes, weights: Sequence[float]) -> PassedShare:
    """Return how a rule ended on subjects of the given weights; one byte of `column` for each."""
    tally = Tally(
        column.count(PASS),
        column.count(FAIL),
        column.count(WAIVED),
        column.count(NOT_APPLICABLE),
        column.count(UNEVALUATED),
    )
    if not tally.applicable:
        return PassedShare(tally=tally)
    passed = sum(compress(weights, column.translate(_PASSED)))
    judged = applies = passed
    if tally.passed < tally.applicable:
        judged = applies = sum(compress(weights, column.translate(_JUDGED)))
    if tally.unevaluated:
        applies = sum(compress(weights, column.translate(_APPLIES)))
    missing = 0
    if 0 in weights:
        missing = sum(w == 0 for w in compress(weights, column.translate(_APPLIES)))
    return PassedShare(passed, judged, applies, tally, missing)


class UnitWeights:
    """The weights of all subjects that speak for one unit."""

    def __init__(self, unit: UnitEntry, portfolio: Portfolio) -> None:
        spends = [max(float(e.facts.spend_total), 0.0) for e in unit.investments]
        whole = sum(spends)
        if whole <= 0 or not isfinite(whole):
            spends = [1.0] * len(spends)
            whole = float(len(spends)) or 1.0
        self.whole = whole
        self.unit = unit
        self.portfolio = portfolio
        self.investments = spends
        self._made: dict[SubjectName, list[float]] = {}
        self._held: dict[tuple[SubjectName, bytes], PassedShare] = {}
        self._by_subject: dict[SubjectName, dict[str, float]] = {}

    def of(self, kind: SubjectName, subjects: Sequence[str]) -> list[float]:
        """Return the weights of the unit's subjects of a kind, in the order of its verdicts."""
        found = self._made.get(kind)
        if found is None:
            found = self._made[kind] = self._make(kind, len(subjects))
        return found

    def _make(self, kind: SubjectName, count: int) -> list[float]:
        if kind == "investment":
            return self.investments
        if kind == "outcome":
            return [
                spend / len(entry.outcomes)
                for entry, spend in zip(self.unit.investments, self.investments, strict=True)
                for _ in entry.outcomes
            ]
        # one that does not count takes no weight from the others
        among = max(self.unit.facts.engagement_count, 1) if kind == "engagement" else count
        return [self.whole / among] * count

    def held(self, kind: SubjectName, column: bytes, subjects: Sequence[str]) -> PassedShare:
        """Return how a rule ended on the unit's subjects of a kind; not to be added to."""
        found = self._held.get((kind, column))  # many rules end alike: on all, or on none
        if found is None:
            found = self._held[kind, column] = held(column, self.of(kind, subjects))
        return found

    def by_subject(
        self, kind: SubjectName, subjects: Callable[[], Sequence[str]]
    ) -> Mapping[str, float]:
        """Return the weight of each subject of a kind; `subjects` names all of them when asked."""
        known = self._by_subject.get(kind)
        if known is None:
            names = subjects()
            known = self._by_subject[kind] = dict(zip(names, self.of(kind, names), strict=False))
        return known

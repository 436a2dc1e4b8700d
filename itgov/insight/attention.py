"""The one order of what needs attention: in the room, `health`, agendas and the board pack.

A broken mandatory rule comes first, then what costs most: the points of engagement health that a
finding costs, caps set aside, times the unit's share of all spend, added up over the units that lose
them.  What costs no points follows by severity, then by the spend that it is about; waived last.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeAlias

from msgspec import Struct

from itgov.insight.health_types import CostlyFinding, HealthReport, UnitHealth
from itgov.model.finding import Finding, severity_rank, sort_key
from itgov.model.portfolio import Portfolio
from itgov.rules.language import MANDATORY

AttentionRank: TypeAlias = tuple[bool, bool, float, int, float]
AttentionKey: TypeAlias = tuple[AttentionRank, tuple[str, int, int, str, str]]
_DECIMALS = 9
"""Of what a finding costs, so that the noise of a sum decides no order."""


class Stake(Struct, frozen=True):
    """What a finding costs."""

    costs: tuple[tuple[UnitHealth, CostlyFinding], ...] = ()
    """The units that lose points by it, with how many."""
    weight: float = 0.0
    """Points, caps set aside, times the unit's share of all spend, added up."""
    money: float = 0.0
    """Spend of what it is about: of the investment, else of the units concerned."""

    @property
    def points(self) -> float:
        """Points that the unit hit hardest gains when it is fixed, caps set aside."""
        return max((costly.uncapped for _, costly in self.costs), default=0.0)


def attention_key(finding: Finding, weight: float, money: float = 0.0) -> AttentionKey:
    """Return the place of a finding in the order, by what it costs and the spend it is about."""
    return attention_rank(finding, weight, money), sort_key(finding)


def attention_rank(finding: Finding, weight: float, money: float = 0.0) -> AttentionRank:
    """Return the place of a finding among those that are sorted by their own places already."""
    return (
        finding.waived,
        finding.rule not in MANDATORY,
        -round(weight, _DECIMALS),
        severity_rank(finding.severity),
        -money,
    )


class Attention:
    """What each finding of a portfolio costs, and the order that follows from it.

    Without health (its file is broken) nothing is known to cost points.
    """

    def __init__(
        self, portfolio: Portfolio, health: HealthReport | None, units: Sequence[UnitHealth] = ()
    ) -> None:
        """Weigh the findings on some units of a portfolio, or on all."""
        self._items = {e.record.id: e.facts.spend_total for e in portfolio.investments()}
        self._spend = {i: max(u.facts.spend_total, 0.0) for i, u in portfolio.units.items()}
        whole = sum(self._spend.values())
        self._costs: dict[str, list[tuple[UnitHealth, CostlyFinding]]] = {}
        self._weights: dict[str, float] = {}
        for unit in units or (health.units if health is not None else ()):
            share = self._spend.get(unit.id, 0.0) / whole if whole > 0 else 1 / len(self._spend)
            for costly in unit.findings:
                mark = costly.finding.fingerprint
                self._costs.setdefault(mark, []).append((unit, costly))
                weight = self._weights.get(mark, 0.0)
                self._weights[mark] = weight + max(costly.uncapped, 0.0) * share

    def stake(self, finding: Finding) -> Stake:
        """Return what a finding costs."""
        mark = finding.fingerprint
        costs = tuple(self._costs.get(mark, ()))
        return Stake(costs, self._weights.get(mark, 0.0), self._money(finding))

    def key(self, finding: Finding) -> AttentionKey:
        """Return the place of a finding in the order."""
        weight = self._weights.get(finding.fingerprint, 0.0)
        return attention_key(finding, weight, self._money(finding))

    def ordered(self, findings: Iterable[Finding]) -> list[Finding]:
        """Return findings, what needs attention most first."""
        return sorted(findings, key=self.key)

    def together(self, findings: Iterable[Finding]) -> tuple[bool, float]:
        """Return the place of what several findings are on; waived ones add nothing."""
        there = [f for f in findings if not f.waived]
        weight = sum(self._weights.get(f.fingerprint, 0.0) for f in there)
        return not any(f.rule in MANDATORY for f in there), -round(weight, _DECIMALS)

    def _money(self, finding: Finding) -> float:
        kind, name = finding.subject.kind, finding.subject.id
        if kind in ("investment", "outcome", "waiver"):
            return self._items.get(name if kind == "investment" else name.rpartition("/")[0], 0.0)
        costs = self._costs.get(finding.fingerprint)
        if costs:
            return sum(self._spend.get(unit.id, 0.0) for unit, _ in costs)
        return self._spend.get(finding.business_unit or "", 0.0)

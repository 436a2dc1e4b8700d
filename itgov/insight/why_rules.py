"""How rules ended on a unit's subjects, dimension by dimension, and where each is written."""

from __future__ import annotations

from itgov.files.document import Route
from itgov.insight.governed import Governed
from itgov.insight.health import shares_of_rules
from itgov.insight.health_cel import fields_of
from itgov.insight.shares import PassedShare
from itgov.model.finding import Place
from itgov.model.portfolio import UnitEntry
from itgov.rules.language import Dimension


class RuleShares:
    """What the dimensions of health are made of."""

    def __init__(self, governed: Governed) -> None:
        self.governed = governed
        self.dimensions = {d.id: d for d in governed.book.health.dimensions}
        self._shares: dict[str, dict[str, PassedShare]] = {}
        self._places: dict[str, Place | None] | None = None

    def of(self, unit: UnitEntry, dimension: str) -> dict[str, PassedShare]:
        """Return how each rule of a dimension that is in force ended on a unit's subjects."""
        name = unit.record.id
        found = self._shares.get(name)
        if found is None:
            governed = self.governed
            found = shares_of_rules(governed.linked, governed.judged, governed.book, unit)
            self._shares[name] = found
        rules = dict.fromkeys(self.dimensions[dimension].rules)
        return {rule: found[rule] for rule in rules if rule in found}

    def rule_place(self, rule: str) -> Place | None:
        """Return where a rule is written."""
        if self._places is None:
            self._places = {name: info.place for name, info in self.governed.book.info().items()}
        return self._places.get(rule)

    def expression(self, dimension: str) -> str | None:
        """Return the expression that scores a dimension, if one does."""
        return self.dimensions[dimension].score

    def fields_read(self, dimension: str) -> list[str]:
        """Return the fields and facts of a unit that the expression of a dimension reads."""
        text = self.dimensions[dimension].score
        return list(dict.fromkeys(fields_of(text, lambda _name: True))) if text else []

    def route(self, dimension: str) -> Route:
        """Return where a dimension stands in health.yaml."""
        known: list[Dimension] = list(self.governed.book.health.dimensions)
        return ("dimensions", next(i for i, d in enumerate(known) if d.id == dimension))


def amount_of(share: PassedShare, side: str, by_count: bool) -> float:
    """Return the weight of what passed, was judged or applies; by count where nothing has spend."""
    tally = share.tally
    counts = {
        "passed": tally.passed,
        "judged": tally.passed + tally.failed + tally.waived,
        "applies": tally.applicable,
    }
    amount: float = getattr(share, side)
    return float(counts[side]) if by_count else amount

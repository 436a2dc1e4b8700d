"""How much of the figures imports have marked: what the register no longer has, and older amounts."""

# No postponed annotations here: msgspec would compile each of them anew at every start.

from msgspec import Struct, field

from itgov.model.imported import older_amounts
from itgov.model.portfolio import InvestmentEntry


class MarkedMoney(Struct):
    """Money of what is marked, as approved and as spent."""

    budget: float = 0
    actual: float = 0


class ImportedMarks(Struct):
    """What imports have marked. All of it counts in every figure all the same."""

    gone_items: int = 0
    """Items that a later table of their register no longer has."""
    gone_active: int = 0
    """Those of them that are neither retired nor stopped."""
    gone: MarkedMoney = field(default_factory=MarkedMoney)
    older_items: int = 0
    """Items with amounts of an older table that a newer one leaves blank."""
    older: MarkedMoney = field(default_factory=MarkedMoney)

    def add(self, entry: InvestmentEntry) -> None:
        """Count an item."""
        facts = entry.facts
        if facts.gone_since is not None:
            self.gone_items += 1
            self.gone_active += facts.is_active
            self.gone.budget += facts.budget_total
            self.gone.actual += facts.actual_total
        if facts.spend_of_older_tables:
            self.older_items += 1
            for amount in older_amounts(entry.record):
                if amount.field != "forecast":
                    held = getattr(self.older, amount.field)
                    setattr(self.older, amount.field, held + amount.amount)


def marks_of(entries: list[InvestmentEntry]) -> ImportedMarks:
    """Return what imports have marked of some items."""
    found = ImportedMarks()
    for entry in entries:
        found.add(entry)
    return found

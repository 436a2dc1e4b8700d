"""What imports have noted with an investment: that the register no longer has it, and amounts of older tables."""

# No postponed annotations here: msgspec would compile each of them anew at every start.

import datetime
from typing import Annotated, Any

from msgspec import Struct

from itgov.model.derivation import reads, sum_of
from itgov.model.fact_base import MoneyFacts
from itgov.model.fields import doc
from itgov.model.types import GONE, IMPORTED, OLDER, Investment, Number


class ImportedFacts(MoneyFacts):
    """What an import has noted with an item."""

    gone_since: Annotated[
        str | None,
        doc(
            "Day of the first imported table that no longer has it; null where none is known.",
            reads("custom.imported.gone"),
        ),
    ] = None
    spend_of_older_tables: Annotated[
        Number,
        doc(
            "Budgets, actuals and forecasts of older tables that a newer one leaves blank.",
            sum_of("custom.imported.older"),
        ),
    ] = 0


class OlderAmount(Struct, frozen=True):
    """An amount of a year that only an older table states."""

    index: int
    """Its row of spend."""
    year: int
    field: str
    amount: Number


def _noted(record: Investment) -> dict[str, Any]:
    found = record.custom.get(IMPORTED)
    return found if isinstance(found, dict) else {}


def gone_since(record: Investment) -> str | None:
    """Return the day of the first imported table that no longer has an investment."""
    noted = _noted(record).get(GONE)
    try:
        return datetime.date.fromisoformat(str(noted)).isoformat() if noted else None
    except ValueError:
        return None


def older_amounts(record: Investment) -> list[OlderAmount]:
    """Return the amounts of an investment that only older tables state."""
    noted = _noted(record).get(OLDER)
    if not isinstance(noted, dict):
        return []
    return [
        OlderAmount(index, row.year, field, amount)
        for index, row in enumerate(record.spend)
        for field in ("budget", "actual", "forecast")
        if (amount := getattr(row, field)) is not None and f"spend.{row.year}.{field}" in noted
    ]


def derive_imported(record: Investment, facts: ImportedFacts) -> None:
    """Fill in the facts."""
    noted = _noted(record)
    if GONE in noted:
        facts.gone_since = gone_since(record)
    if OLDER in noted:
        facts.spend_of_older_tables = sum(a.amount for a in older_amounts(record))

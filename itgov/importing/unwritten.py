"""Money that tables bring and that the portfolio's files do not take: it must not count as imported."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from itgov.importing.amounts import Amount, Fate
from itgov.importing.draft import Import
from itgov.importing.existing import Known, Record


def leave_out(imported: Import, fate: Fate) -> bool:
    """Let no money of an investment count as imported, and say why; False where it has none."""
    found = [amount for amount in imported.amounts if amount.fate == "imported"]
    for amount in found:
        amount.fate = fate
    return bool(found)


def leave_out_unwritten(known: Known, imported: Import) -> bool:
    """Find what an investment that is there keeps in place of the tables' money.

    A newer report that is in the file already stays, and so does a whole budget that was split by
    hand.  Return whether any amount is not written.
    """
    is_older = (
        known.as_of is not None and imported.as_of is not None and imported.as_of < known.as_of
    )
    spend = known.record.get("spend")
    rows = [row for row in spend if isinstance(row, dict)] if isinstance(spend, list) else []
    is_kept = imported.is_total and bool(rows)
    own = {"year", *(a.field for a in imported.amounts)}
    is_split = is_kept and not is_older and not (len(rows) == 1 and set(rows[0]) <= own)
    found = False
    for amount in imported.amounts:
        if amount.fate != "imported":
            continue
        if not amount.fills:
            row = next((r for r in rows if str(r.get("year")) == str(amount.year)), {})
            kept = row.get(amount.field)
            fate: Fate | None = None
            if is_split and kept != amount.value:
                fate = "edited"
            elif is_older and (kept is not None or is_kept or _is_withheld(known, "spend")):
                fate = "there"
        else:
            kept = _kept(known.record, amount)
            is_there = kept is not None or _is_withheld(known, ".".join(amount.fills[:2]))
            fate = "there" if is_older and is_there else None
        if fate is not None and kept != amount.value:
            amount.fate, found = fate, True
    return found


def _is_withheld(known: Known, name: str) -> bool:
    withheld = known.record.get("withheld")
    return isinstance(withheld, dict) and name in withheld


def _kept(record: Record, amount: Amount) -> Any:
    """Return what an investment says in the place that an amount would fill; None for nothing."""
    kind, *names = amount.fills
    if kind in ("custom", "rows"):
        custom = record.get("custom")
        return custom.get(names[0]) if isinstance(custom, dict) else None
    outcome = _one(record.get("outcomes"), "id", names[0])
    if kind == "result":
        outcome = _one(outcome.get("results"), "date", names[1])
    return outcome.get("value")


def _one(records: object, key: str, wanted: str) -> Record:
    listed: Iterator[Record] = iter(
        [r for r in records if isinstance(r, dict)] if isinstance(records, list) else []
    )
    return next((r for r in listed if str(r.get(key)) == wanted), {})

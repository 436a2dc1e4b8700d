"""Amounts that a newer table leaves blank: they stay, with the day of the table that has them.

Fields are named as in `custom.imported.older`: `spend.2026.budget`, `custom.total_cost`.  Of a whole
budget, whose year is that of its table, a blank is one of any year: `spend.*.budget`.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator

from itgov.importing.draft import Draft, Import
from itgov.importing.existing import Known
from itgov.model.fiscal import fiscal_year_of
from itgov.model.types import IMPORTED, OLDER, Investment


def amounts_of(record: dict[str, object]) -> Iterator[str]:
    """Yield the fields of a record, as a file has it, that hold amounts."""
    spend, custom = record.get("spend"), record.get("custom")
    for row in spend if isinstance(spend, list) else []:
        if isinstance(row, dict):
            yield from (f"spend.{row.get('year')}.{f}" for f in _SPEND if f in row)
    if isinstance(custom, dict):
        yield from (f"custom.{name}" for name, value in custom.items() if _is_number(value))


_SPEND = ("budget", "actual", "forecast")


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def is_blank(field: str, blank: Iterable[str]) -> bool:
    """Say whether a table leaves a field blank."""
    kind, *names = field.split(".", 2)
    return field in blank or (kind == "spend" and f"spend.*.{names[1]}" in blank)


def stated_amounts(draft: Draft) -> set[str]:
    """Return the fields of a row that hold amounts."""
    spend = {f"spend.{a.year}.{a.field}" for a in draft.amounts if a.year is not None}
    return spend | {f"custom.{n}" for n, s in draft.custom.items() if _is_number(s.value)}


def note_blanks(found: Import, drafts: list[Draft]) -> None:
    """Note what the newest rows of an investment leave blank, and what older ones say of it."""
    newest = [d for d in drafts if d.as_of == found.as_of]
    stated = {f for d in newest for f in stated_amounts(d)}
    whole = {f"spend.*.{f.rpartition('.')[2]}" for f in stated if f.startswith("spend.")}
    found.blank = frozenset({b for d in newest for b in d.blank} - stated - whole)
    if not found.blank or len(newest) == len(drafts):
        return
    held = set(_fields(found.record))
    for draft in drafts:  # newest first
        if draft.as_of is not None and draft.as_of != found.as_of:
            for field in sorted(stated_amounts(draft) & held):
                if is_blank(field, found.blank):
                    found.older.setdefault(field, draft.as_of)
    if found.older:
        found.record.custom[IMPORTED][OLDER] = {f: found.older[f] for f in sorted(found.older)}


def _fields(record: Investment) -> Iterator[str]:
    for row in record.spend:
        yield from (f"spend.{row.year}.{f}" for f in _SPEND if getattr(row, f) is not None)
    yield from (f"custom.{name}" for name, value in record.custom.items() if _is_number(value))


def older_after(
    known: Known, imported: Import, is_older: bool, start_month: int
) -> dict[str, datetime.date | str]:
    """Return which amounts of an investment that is there are of an older table, after an import.

    What an older table fills in is marked where the newer one should have said it: a whole budget, what
    stands under `custom`, and amounts of its own year or a later one.
    """
    there = set(amounts_of(known.record))
    mine = set(_fields(imported.record))
    found: dict[str, datetime.date | str] = {
        field: day
        for field, day in known.older.items()
        if field in there and (is_older or field not in mine)
    }
    if is_older:
        year = fiscal_year_of(known.as_of, start_month) if known.as_of is not None else 0
        has_spend = any(field.startswith("spend.") for field in there)
        for field in mine - there:
            names = field.split(".")
            if names[0] == "spend" and imported.is_total and has_spend:
                continue  # the whole budget that is there stays the only one
            is_due = names[0] == "spend" and int(names[1]) >= year
            if imported.as_of is not None and (
                is_due or (imported.is_total and names[0] == "spend")
            ):
                found.setdefault(field, imported.as_of)
        return found
    for field in there:
        is_told = field in mine or field in imported.record.withheld
        if is_blank(field, imported.blank) and not is_told:
            found.setdefault(field, known.as_of or "unknown")
    return {**found, **imported.older}

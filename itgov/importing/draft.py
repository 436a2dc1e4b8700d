"""What the rows of the tables say of one investment, and how several rows become one."""

from __future__ import annotations

import datetime
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from itgov.files.write import Plain
from itgov.importing.fields import Stated, TableRow
from itgov.importing.mapping import Investments
from itgov.importing.values import key_of
from itgov.model.fields import fields_of
from itgov.model.types import IMPORTED, Investment, Outcome, Result, Spend

RECORDED = IMPORTED
"""The key under `custom` that says which mapping brought an investment in, and as of when."""

R = TypeVar("R", Spend, Outcome)

WITH_CONFIDENCE = ("confidence_on", "confidence_by")
"""Who rated, and when: they go with the rating that they are of."""


class Draft(Struct):
    """What one row says."""

    place: TableRow
    source: Investments
    id: str
    keys: list[str]
    unit: str
    unit_name: str | None
    as_of: datetime.date | None
    stated: dict[str, Stated] = {}
    custom: dict[str, Stated] = {}
    custom_rows: dict[str, Plain] = {}
    spend: list[Spend] = []
    spend_withheld: str | None = None
    is_total: bool = False
    outcomes: list[Outcome] = []
    outcomes_withheld: str | None = None


class Import(Struct):
    """One investment as the tables have it."""

    record: Investment
    unit: str
    unit_name: str | None
    as_of: datetime.date | None
    keys: list[str]
    stated: frozenset[str]
    """Fields that its rows state, with a value or as withheld."""
    is_total: bool
    """Whether its spend is a whole budget in a single row."""
    places: list[TableRow]


class InvestmentRows(Struct):
    """The rows that are about one investment, newest first."""

    drafts: list[Draft]

    def clashes(self, draft: Draft, key: str) -> bool:
        """Say whether a row that shares only a lesser key is another investment all the same.

        Two rows of one report that carry different first keys (numbers) are two, whatever their
        names.
        """
        if not draft.keys or draft.keys[0] == key:
            return False
        return any(
            d.as_of == draft.as_of and d.keys[:1] != draft.keys[:1] for d in self.drafts if d.keys
        )


def grouped(drafts: list[Draft]) -> list[InvestmentRows]:
    """Return the rows by investment: those that share an id or a key; newest rows first."""
    groups: list[InvestmentRows] = []
    index: dict[str, InvestmentRows] = {}
    for draft in sorted(drafts, key=lambda d: d.as_of or datetime.date.min, reverse=True):
        own = f"id {key_of(draft.id)}"
        group = index.get(own)
        for key in draft.keys:
            if (
                group is None
                and (found := index.get(key)) is not None
                and not found.clashes(draft, key)
            ):
                group = found
        if group is None:
            group = InvestmentRows([])
            groups.append(group)
        group.drafts.append(draft)
        for key in (own, *draft.keys):
            index.setdefault(key, group)
    return groups


def merged(group: InvestmentRows, mapping: str, taken: set[str]) -> Import:
    """Return one investment from its rows: of each field, the latest row that states it holds."""
    newest = group.drafts[0]
    stated: dict[str, Stated] = {}
    custom: dict[str, Stated] = {}
    rows: dict[str, Plain] = {}
    spend: dict[int, Spend] = {}
    outcomes: dict[str, Outcome] = {}
    withheld: dict[str, str] = {}
    is_total = False
    for draft in reversed(group.drafts):
        stated.update(_scalars(draft, stated))
        custom.update(draft.custom)
        rows.update(draft.custom_rows)
        if draft.spend or draft.spend_withheld:
            withheld.pop("spend", None)
            is_total = draft.is_total
        if draft.spend and draft.is_total:
            spend = {}
        for row in draft.spend:
            spend[row.year] = _over(spend.get(row.year), row)
        if draft.spend_withheld:
            withheld["spend"] = draft.spend_withheld
        if draft.outcomes or draft.outcomes_withheld:
            withheld.pop("outcomes", None)
        for outcome in draft.outcomes:
            outcomes[outcome.id] = _over(outcomes.get(outcome.id), outcome)
        if draft.outcomes_withheld:
            withheld["outcomes"] = draft.outcomes_withheld
    withheld = {
        **{n: s.withheld for n, s in stated.items() if s.withheld},
        **withheld,
        **{f"custom.{n}": s.withheld for n, s in custom.items() if s.withheld},
    }
    keys = list(dict.fromkeys(k for d in group.drafts for k in d.keys))
    record = Investment(
        id=_unique(newest.id, taken),
        spend=sorted(spend.values(), key=lambda s: s.year),
        outcomes=list(outcomes.values()),
        withheld=withheld,
        custom={
            **{n: s.value for n, s in custom.items() if s.value is not None},
            **rows,
            RECORDED: recorded(mapping, newest.as_of, keys),
        },
        **{n: _value(s) for n, s in stated.items() if s.value is not None},
    )
    places = [d.place for d in group.drafts]
    return Import(
        record,
        newest.unit,
        newest.unit_name,
        newest.as_of,
        keys,
        frozenset(stated),
        is_total,
        places,
    )


def _scalars(draft: Draft, before: dict[str, Stated]) -> dict[str, Stated]:
    """Return what a row states over older rows; who rated, and when, goes with its own rating."""
    fields = dict(draft.stated)
    rating = fields.get("confidence")
    for name in WITH_CONFIDENCE:
        if rating is None:
            fields.pop(name, None)
        elif rating != before.get("confidence"):
            before.pop(name, None)
    return fields


def recorded(mapping: str, as_of: datetime.date | None, keys: list[str]) -> dict[str, Plain]:
    """Return what `custom.imported` says: the mapping, the as-of date, and the keys to match by."""
    result: dict[str, Plain] = {"from": mapping}
    if as_of is not None:
        result["as_of"] = as_of
    if keys:
        result["keys"] = list(keys)
    return result


def _value(stated: Stated) -> Any:
    return stated.value


def _over(older: R | None, newer: R) -> R:
    """Return the newer record with what only the older one has; results are joined by date."""
    if older is None:
        return newer
    changes: dict[str, object] = {}
    for info in fields_of(type(newer)):
        before: Any = getattr(older, info.name)
        after: Any = getattr(newer, info.name)
        if info.name == "results":
            by_date: dict[datetime.date, Result] = {r.date: r for r in [*before, *after]}
            changes["results"] = [by_date[d] for d in sorted(by_date)]
        elif after is None and before is not None:
            changes[info.name] = before
    return msgspec.structs.replace(newer, **changes)


def _unique(identifier: str, taken: set[str]) -> str:
    """Return an id that no other investment has, by a number at its end."""
    found, number = identifier, 1
    while key_of(found) in taken:
        number += 1
        found = f"{identifier}-{number}"
    taken.add(key_of(found))
    return found

"""What the rows of the tables say of one investment, and how several rows become one."""

from __future__ import annotations

import datetime
from typing import Any

import msgspec
from msgspec import Struct

from itgov.files.write import Plain
from itgov.importing.amounts import Amount, Filled, total
from itgov.importing.mapping import Investments
from itgov.importing.stated import Stated, TableRow
from itgov.importing.trouble import shown
from itgov.importing.values import key_of
from itgov.model.fields import fields_of
from itgov.model.types import IMPORTED, Investment, Outcome, Result, Spend

RECORDED = IMPORTED
"""The key under `custom` that says which mapping brought an investment in, and as of when."""


WITH_CONFIDENCE = ("confidence_on", "confidence_by")
"""Who rated, and when: they go with the rating that they are of."""


class Conflict(Struct, frozen=True):
    """Rows of one report that are one investment and say different things of one field."""

    id: str
    field: str
    path: str
    kept_row: int
    kept: str
    row: int
    value: str
    other_path: str = ""

    def __str__(self) -> str:
        other = f"{self.other_path} " if self.other_path not in ("", self.path) else ""
        return (
            f"{shown(self.id)}: {self.field}: {self.path}: row {self.kept_row} says "
            f"`{shown(self.kept)}`, which is kept; {other}row {self.row} says `{shown(self.value)}`"
        )


class Draft(Struct):
    """What one row says."""

    place: TableRow
    source: Investments
    id: str
    keys: list[str]
    unit: str
    unit_name: str | None
    as_of: datetime.date | None
    is_assumed: bool = False
    """Whether only the file's own date says of which day it is."""
    blank: set[str] = set()
    """Amounts that the mapping reads and the row leaves blank: see `older.py`."""
    stated: dict[str, Stated] = {}
    custom: dict[str, Stated] = {}
    custom_rows: dict[str, Plain] = {}
    amounts: list[Amount] = []
    """Of its spend."""
    other_money: list[Amount] = []
    """Values of outcomes and results, and money under `custom`."""
    spend_withheld: str | None = None
    is_total: bool = False
    outcomes: list[Outcome] = []
    outcomes_withheld: str | None = None


class ReportedRow(Struct, frozen=True):
    """A row that an investment is in: its file, its unit and its day."""

    path: str
    unit: str
    day: datetime.date


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
    conflicts: list[Conflict] = []
    amounts: list[Amount] = []
    """All money that its rows state."""
    is_assumed: bool = False
    """Whether its day is only that of a file's last change."""
    reports: list[ReportedRow] = []
    """Where and as of when its rows are."""
    seen: datetime.date | None = None
    """The day of the latest report that it is in."""
    gone: datetime.date | None = None
    """The day of the first report that it is not in any more."""
    blank: frozenset[str] = frozenset()
    """Amounts that its newest rows leave blank."""
    older: dict[str, datetime.date] = {}
    """Those of them that an older row states, and its day."""


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
    spend = _Held()
    filled = Filled()
    outcomes: dict[str, Outcome] = {}
    withheld: dict[str, str] = {}
    is_total = False
    for draft in reversed(group.drafts):
        stated.update(_scalars(draft, stated))
        custom.update(draft.custom)
        rows.update(draft.custom_rows)
        if draft.amounts or draft.spend_withheld:
            withheld.pop("spend", None)
            is_total = draft.is_total
        spend.take(draft)
        filled.take(draft.as_of, draft.other_money, _emptied(draft))
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
        spend=spend.rows(),
        outcomes=list(outcomes.values()),
        withheld=withheld,
        custom={
            **{n: s.value for n, s in custom.items() if s.value is not None},
            **rows,
            RECORDED: recorded(mapping, newest.as_of, keys, newest.is_assumed),
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
        _conflicts(group, record.id),
        [a for d in group.drafts for a in (*d.amounts, *d.other_money)],
        newest.is_assumed,
        [
            ReportedRow(d.place.table.path, d.unit, d.as_of)
            for d in group.drafts
            if d.as_of is not None
        ],
    )


def _emptied(draft: Draft) -> list[tuple[str, ...]]:
    """Return the places under `custom` for which a row states something, money or not."""
    return [*(("custom", name) for name in draft.custom), *(("rows", n) for n in draft.custom_rows)]


class _Held:
    """The amounts that hold, by year and field, while rows are taken from the oldest on."""

    def __init__(self) -> None:
        self.amounts: dict[tuple[int, str], list[tuple[Draft, Amount]]] = {}

    def take(self, draft: Draft) -> None:
        """Let the amounts of a row hold, and say of those that they replace why."""
        stated = [a for a in draft.amounts if a.year is not None]
        is_sum = draft.source.merge.spend == "sum"
        if stated and draft.is_total:
            for key in [
                k for k, found in self.amounts.items() if not (is_sum and _one(draft, found))
            ]:
                self._replace(self.amounts.pop(key), draft)
        for amount in stated:
            key = (amount.year or 0, amount.field)
            found = self.amounts.get(key, [])
            if not (is_sum and found and _one(draft, found)):
                self._replace(found, draft)
                found = []
            self.amounts[key] = [*found, (draft, amount)]

    def _replace(self, found: list[tuple[Draft, Amount]], draft: Draft) -> None:
        for older, amount in found:
            if older.as_of != draft.as_of:
                amount.fate = "newer"
            else:
                amount.fate = "other" if older is draft or _differing(older, draft) else "same"

    def rows(self) -> list[Spend]:
        """Return the rows of spend, by year."""
        rows: dict[int, dict[str, Any]] = {}
        for (year, field), found in sorted(self.amounts.items()):
            rows.setdefault(year, {})[field] = total(a.value for _, a in found)
        return [Spend(year=year, **fields) for year, fields in rows.items()]


def _one(draft: Draft, found: list[tuple[Draft, Amount]]) -> bool:
    """Say whether a row is of the same report as those that hold."""
    return all(older.as_of == draft.as_of for older, _ in found)


def _differing(one: Draft, other: Draft) -> list[tuple[str, str, str]]:
    """Return what both rows state, differently: field and both values."""
    mine, theirs = _said(one), _said(other)
    return [(n, mine[n], theirs[n]) for n in mine if n in theirs and mine[n] != theirs[n]]


def _said(draft: Draft) -> dict[str, str]:
    said = {n: _words(s) for n, s in draft.stated.items()}
    said |= {f"custom.{n}": _words(s) for n, s in draft.custom.items()}
    said |= {f"custom.{n}": str(rows) for n, rows in draft.custom_rows.items()}
    for amount in draft.amounts:
        said.setdefault(f"spend {amount.year or 'of no year'} {amount.field}", str(amount.value))
    for outcome in draft.outcomes:
        for info in fields_of(Outcome):
            value: Any = getattr(outcome, info.name)
            if value not in (None, [], ""):
                said[f"outcome {outcome.id} {info.name}"] = str(value)
    return said


def _words(stated: Stated) -> str:
    return f"withheld: {stated.withheld}" if stated.withheld else str(stated.value)


def _conflicts(group: InvestmentRows, identifier: str) -> list[Conflict]:
    """Return what rows of one report say differently; the row first in the file is kept."""
    if len(group.drafts) == 1:
        return []
    found: list[Conflict] = []
    kept: dict[tuple[datetime.date | None, str], tuple[Draft, str]] = {}
    for draft in group.drafts:
        is_sum = draft.source.merge.spend == "sum"
        for name, value in _said(draft).items():
            first, other = kept.setdefault((draft.as_of, name), (draft, value))
            if other == value or (is_sum and name.startswith("spend ")):
                continue
            found.append(
                Conflict(
                    identifier,
                    name,
                    first.place.table.path,
                    first.place.row.number,
                    other,
                    draft.place.row.number,
                    value,
                    draft.place.table.path,
                )
            )
    return found


def _scalars(draft: Draft, before: dict[str, Stated]) -> dict[str, Stated]:
    """Return what a row states over older rows; who rated, and when, goes with its own rating."""
    fields = dict(draft.stated)
    rating = fields.get("confidence")
    for name in WITH_CONFIDENCE:
        if rating is None:
            fields.pop(name, None)
        elif rating.value != (Stated() if (b := before.get("confidence")) is None else b).value:
            before.pop(name, None)
    return fields


def recorded(
    mapping: str, as_of: datetime.date | None, keys: list[str], is_assumed: bool = False
) -> dict[str, Plain]:
    """Return what `custom.imported` says: the mapping, the as-of date, and the keys to match by."""
    result: dict[str, Plain] = {"from": mapping}
    if as_of is not None:
        result["as_of"] = as_of
    if is_assumed:
        result["as_of_assumed"] = True
    if keys:
        result["keys"] = list(keys)
    return result


def _value(stated: Stated) -> Any:
    return stated.value


def _over(older: Outcome | None, newer: Outcome) -> Outcome:
    """Return the newer record with what only the older one has; results are joined by date."""
    if older is None:
        return newer
    changes: dict[str, object] = {}
    for info in fields_of(type(newer)):
        before: Any = getattr(older, info.name)
        after: Any = getattr(newer, info.name)
        if info.name == "results":
            by_date: dict[datetime.date, Result] = {r.date: r for r in before}
            by_date |= {r.date: _filled_up(r, by_date.get(r.date)) for r in after}
            changes["results"] = [by_date[d] for d in sorted(by_date)]
        elif after is None and before is not None:
            changes[info.name] = before
    return msgspec.structs.replace(newer, **changes)


def _filled_up(newer: Result, older: Result | None) -> Result:
    """Return a day's result with what only an older report says of it."""
    if older is None:
        return newer
    missing = {
        f.name: getattr(older, f.name) for f in fields_of(Result) if getattr(newer, f.name) is None
    }
    return msgspec.structs.replace(newer, **missing)


def _unique(identifier: str, taken: set[str]) -> str:
    """Return an id that no other investment has, by a number at its end."""
    found, number = identifier, 1
    while key_of(found) in taken:
        number += 1
        found = f"{identifier}-{number}"
    taken.add(key_of(found))
    return found

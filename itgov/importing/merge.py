"""Bringing a later table into investments that are there already: only what the mapping provides
changes, and what people have added stays."""

from __future__ import annotations

import datetime
from typing import Any

from msgspec import Struct, structs

from itgov.files.document import Route
from itgov.importing.draft import RECORDED, Import, recorded
from itgov.importing.existing import Known, Record
from itgov.importing.update import Change, Insert, Remove, Set
from itgov.importing.write import Plain, clean, plain
from itgov.model.types import BusinessUnit, Investment, Outcome, Result, Spend, UnitFile

_APART = ("id", "spend", "outcomes", "withheld", "custom", "gates", "waivers")


def order_of(kind: type[Struct]) -> tuple[str, ...]:
    """Return the keys of a type in its order."""
    return tuple(f.encode_name for f in structs.fields(kind))


INVESTMENT, OUTCOME, SPEND, RESULT = (order_of(k) for k in (Investment, Outcome, Spend, Result))
UNIT_FILE, UNIT = order_of(UnitFile), order_of(BusinessUnit)


class Update(Struct):
    """What an import changes in one investment that is there."""

    changes: list[Change] = []
    """In the order in which they are made: replacements first, insertions after."""
    fields: list[str] = []
    notes: list[str] = []

    def add(self, field: str, *changes: Change) -> None:
        """Add changes of one field."""
        if changes:
            self.changes.extend(changes)
            if field not in self.fields:
                self.fields.append(field)


def update(known: Known, imported: Import, mapping: str) -> Update:
    """Return what changes in an investment that is there.

    Values of an older table never replace those of a newer one: they only fill what is missing.
    """
    is_older = known.as_of is not None and imported.as_of is not None and imported.as_of < known.as_of
    route: Route = ("investments", known.index)
    result = Update()
    new = plain(imported.record)
    _scalars(result, known.record, imported, new, route, is_older)
    _withheld(result, known.record, imported, route, is_older)
    _spend(result, known.record, imported, route, is_older)
    _outcomes(result, known.record, new, route, is_older)
    _custom(result, known, imported, new, route, is_older, mapping)
    return result


def _scalars(result: Update, old: Record, imported: Import, new: dict[str, Plain], route: Route, is_older: bool) -> None:
    for name in INVESTMENT:
        if name in _APART or name not in imported.stated:
            continue
        value = new.get(name, getattr(imported.record, name))
        if value is None or value == []:  # stated as withheld
            if name in old and not is_older:
                result.add(name, Remove((*route, name)))
        elif name not in old:
            if not (is_older and _is_said(old, name, new)) and (name, value) != ("type", "investment"):
                result.add(name, Set((*route, name), value, INVESTMENT))
        elif not is_older and not same(value, old[name]):
            result.add(name, Set((*route, name), value, INVESTMENT))
    dated = "confidence_on" in old and "confidence_on" not in imported.stated
    if dated and "confidence" in old and "confidence" in result.fields:
        result.add("confidence_on", Remove((*route, "confidence_on")))


def _is_said(old: Record, name: str, new: dict[str, Plain]) -> bool:
    """Say whether a newer table has already spoken of a field that is missing here.

    It has if it withheld it, or, for the date of a rating, if its rating is another one.
    """
    withheld = old.get("withheld") or {}
    if name in ("confidence_on", "confidence_by"):
        return "confidence" in withheld or ("confidence" in old and not same(new.get("confidence"), old["confidence"]))
    return name in withheld


def _withheld(result: Update, old: Record, imported: Import, route: Route, is_older: bool) -> None:
    before = old.get("withheld") or {}
    new = imported.record.withheld
    present = {n for n in imported.stated if n not in new}
    present |= {n for n in ("spend", "outcomes") if getattr(imported.record, n) and n not in new}
    present |= {f"custom.{n}" for n in imported.record.custom}
    if is_older:
        custom = old.get("custom") or {}
        after = dict(before)
        for name, reason in new.items():
            holder, key = (custom, name.removeprefix("custom.")) if name.startswith("custom.") else (old, name)
            if key not in holder:
                after.setdefault(name, reason)
    else:
        after = {n: r for n, r in before.items() if n not in present} | new
    if same(after, before):
        return
    if not before or not after:
        change: Change = Set((*route, "withheld"), dict(after), INVESTMENT) if after else Remove((*route, "withheld"))
        result.add("withheld", change)
        return
    for name in before:
        if name not in after:
            result.add("withheld", Remove((*route, "withheld", name)))
    for name, reason in after.items():
        if not same(reason, before.get(name)):
            result.add("withheld", Set((*route, "withheld", name), reason))


def _spend(result: Update, old: Record, imported: Import, route: Route, is_older: bool) -> None:
    rows = imported.record.spend
    before = old.get("spend") or []
    if not rows:
        return
    if not before:
        if not (is_older and imported.is_total and "spend" in (old.get("withheld") or {})):
            result.add("spend", Set((*route, "spend"), [plain(r) for r in rows], INVESTMENT))
        return
    if imported.is_total:
        if is_older:
            return
        new = plain(rows[-1])
        if len(before) != 1 or not set(before[0]) <= set(new):
            if not any(same(new, row) for row in before):
                result.notes.append("its spend has been worked on by hand and was left alone")
            return
        result.add("spend", *(Set((*route, "spend", 0, k), v, SPEND) for k, v in new.items() if not same(v, before[0].get(k))))
        return
    result.add("spend", *_rows((*route, "spend"), before, [plain(r) for r in rows], "year", SPEND, is_older))


def _rows(route: Route, before: list[Record], rows: list[dict[str, Plain]], key: str, order: tuple[str, ...], is_older: bool) -> list[Change]:
    """Merge rows that a key (year, date) tells apart into a list that is in the key's order."""
    changes: list[Change] = []
    present = [str(r.get(key)) for r in before]
    added: list[dict[str, Plain]] = []
    for row in rows:
        name = str(row[key])
        if name not in present:
            added.append(row)
            continue
        at = present.index(name)
        for field, value in row.items():
            if field != key and not same(value, before[at].get(field)) and not (is_older and field in before[at]):
                changes.append(Set((*route, at, field), value, order))
    for row in added:
        later = [at for at, name in enumerate(present) if name > str(row[key])]
        index = later[0] if later else len(present)
        changes.append(Insert(route, row, index))
        present.insert(index, str(row[key]))
    return changes


def _outcomes(result: Update, old: Record, new: dict[str, Plain], route: Route, is_older: bool) -> None:
    outcomes: Any = new.get("outcomes") or []
    before = old.get("outcomes") or []
    if not outcomes:
        return
    if not before:
        result.add("outcomes", Set((*route, "outcomes"), outcomes, INVESTMENT))
        return
    present = [str(o.get("id")) for o in before]
    inserted: list[Change] = []
    for outcome in outcomes:
        if outcome["id"] not in present:
            inserted.append(Insert((*route, "outcomes"), outcome))
            continue
        at = present.index(outcome["id"])
        here: Route = (*route, "outcomes", at)
        for name, value in outcome.items():
            if name in ("id", "results") or same(value, before[at].get(name)) or (is_older and name in before[at]):
                continue
            result.add("outcomes", Set((*here, name), value, OUTCOME))
        results = outcome.get("results") or []
        if results and not before[at].get("results"):
            result.add("outcomes", Set((*here, "results"), results, OUTCOME))
        elif results:
            result.add("outcomes", *_rows((*here, "results"), before[at]["results"], results, "date", RESULT, is_older))
    result.add("outcomes", *inserted)


def _custom(result: Update, known: Known, imported: Import, new: dict[str, Plain], route: Route, is_older: bool, mapping: str) -> None:
    custom: Any = new.get("custom") or {}
    before = known.record.get("custom") or {}
    if not before:
        result.add("custom", Set((*route, "custom"), custom, INVESTMENT))
        return
    withheld = known.record.get("withheld") or {}
    if not is_older:
        for name in [n.removeprefix("custom.") for n in imported.record.withheld if n.startswith("custom.")]:
            if name in before:
                result.add("custom", Remove((*route, "custom", name)))
    order = (*(k for k in before if k != RECORDED), *(k for k in custom if k != RECORDED), RECORDED)
    for name, value in custom.items():
        if name == RECORDED or same(value, before.get(name)):
            continue
        if not is_older or (name not in before and f"custom.{name}" not in withheld):
            result.add("custom", Set((*route, "custom", name), value, order))
    as_of = max((d for d in (known.as_of, imported.as_of) if d is not None), default=None)
    keys = list(dict.fromkeys([*imported.keys, *known.keys] if not is_older else [*known.keys, *imported.keys]))
    marker = recorded(mapping, as_of, keys)
    if not same(sorted(keys), sorted(known.keys)) or not same({**marker, "keys": []}, {**known.imported, "keys": []}):
        result.add("custom", Set((*route, "custom", RECORDED), marker, order))


def same(new: object, old: object) -> bool:
    """Say whether a value to be written is what a file already says."""
    return _said(new) == old


def _said(value: object) -> object:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, dict):
        return {k: _said(v) for k, v in value.items()}
    return [_said(v) for v in value] if isinstance(value, list) else value



"""Bringing a later table into investments that are there already.

Only what the mapping provides changes, and what people have added stays.
"""

from __future__ import annotations

import datetime
from typing import Any

from msgspec import Struct, field

from itgov.files.document import Route
from itgov.files.edit import Change, Insert, Remove, Set
from itgov.files.write import Plain, clean, plain
from itgov.importing.draft import RECORDED, WITH_CONFIDENCE, Import, recorded
from itgov.importing.existing import Known, Record
from itgov.importing.older import older_after
from itgov.model.fields import keys
from itgov.model.stages import OVER
from itgov.model.types import GONE, OLDER, PERHAPS, SEEN, Investment, Outcome, UnitFile

INVESTMENT, OUTCOME, UNIT_FILE = (keys(k) for k in (Investment, Outcome, UnitFile))


class Update(Struct):
    """What an import changes in one investment that is there."""

    changes: list[Change] = []
    """In the order in which they are made: replacements first, insertions after."""
    fields: list[str] = []
    notes: list[str] = []
    is_older: bool = False
    """Whether newer values are there, so that nothing is replaced."""
    kept: str = ""
    """Amounts that the newer table leaves blank, and their days."""

    def add(self, field: str, *changes: Change) -> None:
        """Add changes of one field."""
        if changes:
            self.changes.extend(changes)
            if field not in self.fields:
                self.fields.append(field)


def update(known: Known, imported: Import, mapping: str, start_month: int = 1) -> Update:
    """Return what changes in an investment that is there.

    Values of an older table never replace those of a newer one: they only fill what is missing.
    """
    older = known.as_of is not None and imported.as_of is not None and imported.as_of < known.as_of
    route: Route = ("investments", known.index)
    merge = _Merge(known, imported, mapping, route, older, known.record, plain(imported.record))
    merge.start_month = start_month
    merge.scalars()
    merge.withheld()
    merge.spend()
    merge.outcomes()
    merge.custom()
    merge.result.is_older = older
    return merge.result


class _Merge(Struct):
    """One investment that is there (`old`) and what the tables say of it (`new`)."""

    known: Known
    imported: Import
    mapping: str
    route: Route
    is_older: bool
    old: Record
    new: dict[str, Plain]
    start_month: int = 1
    result: Update = field(default_factory=Update)

    def set(self, field: str, value: Plain, *below: str | int) -> None:
        """Give a field of the investment, or something below it, a value."""
        order = () if below else INVESTMENT
        self.result.add(field, Set((*self.route, field, *below), value, order))

    def scalars(self) -> None:
        for name in INVESTMENT:
            if name not in self.imported.stated:
                continue
            value = self.new.get(name, getattr(self.imported.record, name))
            if value is None or value == []:  # stated as withheld
                if name in self.old and not self.is_older:
                    self.result.add(name, Remove((*self.route, name)))
            elif name in self.old:
                if not self.is_older and not same(value, self.old[name]):
                    self.set(name, value)
            elif not self._is_said(name) and (name, value) != ("type", "investment"):
                self.set(name, value)
        dated = "confidence_on" in self.old and "confidence_on" not in self.imported.stated
        if dated and "confidence" in self.old and "confidence" in self.result.fields:
            self.result.add("confidence_on", Remove((*self.route, "confidence_on")))

    def _is_said(self, name: str) -> bool:
        """Say whether a newer table has already spoken of a field that is missing here.

        It has if it withheld it, or, for who rated and when, if its rating is another one.
        """
        if not self.is_older:
            return False
        withheld = self.old.get("withheld") or {}
        if name not in WITH_CONFIDENCE:
            return name in withheld
        rating = self.old.get("confidence")
        return "confidence" in withheld or (
            rating is not None and not same(self.new.get("confidence"), rating)
        )

    def withheld(self) -> None:
        before: dict[str, str] = self.old.get("withheld") or {}
        after = self._older_withheld(before) if self.is_older else self._newer_withheld(before)
        if after and not before:
            self.set("withheld", dict(after))
        elif before and not after:
            self.result.add("withheld", Remove((*self.route, "withheld")))
        else:
            for name, reason in after.items():
                if not same(reason, before.get(name)):
                    self.set("withheld", reason, name)
            for name in before:  # last: a mapping that was left empty meanwhile would be gone
                if name not in after:
                    self.result.add("withheld", Remove((*self.route, "withheld", name)))

    def _newer_withheld(self, before: dict[str, str]) -> dict[str, str]:
        record = self.imported.record
        stated = {*self.imported.stated, *(f"custom.{n}" for n in record.custom)}
        stated |= {n for n in ("spend", "outcomes") if getattr(record, n)}
        return {n: r for n, r in before.items() if n not in stated} | record.withheld

    def _older_withheld(self, before: dict[str, str]) -> dict[str, str]:
        custom = {f"custom.{n}" for n in self.old.get("custom") or {}}
        new = self.imported.record.withheld
        return {n: r for n, r in new.items() if n not in self.old and n not in custom} | before

    def spend(self) -> None:
        rows = [plain(r) for r in self.imported.record.spend]
        before = self.old.get("spend") or []
        withheld = "spend" in (self.old.get("withheld") or {})
        if not rows:
            return
        if not before:
            if not (self.is_older and self.imported.is_total and withheld):
                self.set("spend", list(rows))
        elif not self.imported.is_total:
            self.result.add("spend", *self._rows(("spend",), before, rows, "year"))
        elif not self.is_older:
            self._total(before, rows[-1])

    def _total(self, before: list[Record], row: dict[str, Plain]) -> None:
        """Replace the one row that holds the whole budget; leave alone what people have split."""
        if len(before) == 1 and set(before[0]) <= set(row):
            for name, value in row.items():
                if not same(value, before[0].get(name)):
                    self.set("spend", value, 0, name)
        elif not any(same(row, r) for r in before):
            self.result.notes.append("its spend has been edited by hand and was not changed")

    def _rows(
        self, below: Route, before: list[Record], rows: list[dict[str, Plain]], key: str
    ) -> list[Change]:
        """Merge rows that a key (year, date) tells apart into a list that is in the key's order."""
        route: Route = (*self.route, *below)
        changes: list[Change] = []
        present = [str(r.get(key)) for r in before]
        added = [row for row in rows if str(row[key]) not in present]
        for row in rows:
            if row in added:
                continue
            at = present.index(str(row[key]))
            for name, value in row.items():
                if name != key and self._differs(value, before[at], name):
                    changes.append(Set((*route, at, name), value, tuple(row)))
        for row in added:
            later = [at for at, name in enumerate(present) if name > str(row[key])]
            index = later[0] if later else len(present)
            changes.append(Insert(route, row, index))
            present.insert(index, str(row[key]))
        return changes

    def _differs(self, value: Plain, old: Record, field: str) -> bool:
        """Say whether a value is to be written over what is there."""
        return not same(value, old.get(field)) and not (self.is_older and field in old)

    def outcomes(self) -> None:
        outcomes: Any = self.new.get("outcomes") or []
        before: list[Record] = self.old.get("outcomes") or []
        if outcomes and not before:
            self.set("outcomes", outcomes)
            return
        present = [str(o.get("id")) for o in before]
        inserted: list[Change] = []
        for outcome in outcomes:
            if outcome["id"] in present:
                self._outcome(present.index(outcome["id"]), before, outcome)
            else:
                inserted.append(Insert((*self.route, "outcomes"), outcome))
        self.result.add("outcomes", *inserted)

    def _outcome(self, at: int, before: list[Record], outcome: Record) -> None:
        old = before[at]
        here: Route = (*self.route, "outcomes", at)
        for name, value in outcome.items():
            if name not in ("id", "results") and self._differs(value, old, name):
                self.result.add("outcomes", Set((*here, name), value, OUTCOME))
        results = outcome.get("results")
        if results and not old.get("results"):
            self.result.add("outcomes", Set((*here, "results"), results, OUTCOME))
        elif results:
            below: Route = ("outcomes", at, "results")
            self.result.add("outcomes", *self._rows(below, old["results"], results, "date"))

    def custom(self) -> None:
        custom: Any = self.new.get("custom") or {}
        before: Record = self.old.get("custom") or {}
        if not before:
            self.set("custom", custom)
            return
        route: Route = (*self.route, "custom")
        own = dict.fromkeys((*before, *custom))
        order = (*(k for k in own if k != RECORDED), RECORDED)
        withheld = self.imported.record.withheld
        for name in before:
            if f"custom.{name}" in withheld and not self.is_older:
                self.result.add("custom", Remove((*route, name)))
        hidden = self.old.get("withheld") or {}
        for name, value in custom.items():
            blocked = self.is_older and f"custom.{name}" in hidden
            if name != RECORDED and not blocked and self._differs(value, before, name):
                self.result.add("custom", Set((*route, name), value, order))
        marker = self._marker()
        if not self._is_recorded(marker):
            self.result.add("custom", Set((*route, RECORDED), marker, order))

    def _marker(self) -> dict[str, Plain]:
        known, imported = self.known, self.imported
        newest: Known | Import = known if self.is_older or imported.as_of is None else imported
        newer, older = imported.keys, known.keys
        if self.is_older:
            newer, older = older, newer
        keys = list(dict.fromkeys([*newer, *older]))
        marker = recorded(self.mapping, newest.as_of, keys, newest.is_assumed)
        seen, gone = imported.seen, self._gone()
        if seen is not None and newest.as_of is not None and seen > newest.as_of:
            marker[SEEN] = seen
        if gone is not None:
            marker[GONE] = gone
        if known.perhaps is not None:
            marker[PERHAPS] = known.perhaps
        if kept := older_after(known, imported, self.is_older, self.start_month):
            marker[OLDER] = {field: kept[field] for field in sorted(kept)}
            new = [f"{f} (as of {kept[f]})" for f in sorted(kept) if f not in known.older]
            self.result.kept = ", ".join(new)
        return marker

    def _gone(self) -> datetime.date | None:
        """Return since when it is missing; a report that has it again makes it come back."""
        known, imported = self.known, self.imported
        days = [d for d in (imported.gone, known.gone) if d is not None]
        gone = min((d for d in days if imported.seen is None or d > imported.seen), default=None)
        if known.gone is not None and gone is None:
            said = f"it is back in the tables; it was gone since {known.gone}"
            stage = self.old.get("stage")
            if stage in OVER and "stage" not in imported.stated:
                said += f", and its stage is still {stage}"
            self.result.notes.append(said)
        return gone

    def _is_recorded(self, marker: dict[str, Plain]) -> bool:
        """Say whether a marker is there, but for the order of its keys.

        The same table on another day, by its file's date alone, says nothing new.
        """
        before = dict(self.known.imported)
        if set(self.known.keys) == {*self.imported.keys, *self.known.keys}:
            marker = {**marker, "keys": before.get("keys", [])}
            before.setdefault("keys", [])
        is_idle = self.imported.is_assumed and self.known.is_assumed and not self.result.changes
        if is_idle:
            marker = {k: v for k, v in marker.items() if k != SEEN} | {
                k: before[k] for k in ("as_of", SEEN) if k in before
            }
        return same(marker, before)


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

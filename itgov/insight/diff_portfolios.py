"""Two portfolios compared by the ids of what they hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct, structs

from itgov.insight.diff_changes import Kind, Step, SubjectChange
from itgov.insight.diff_identity import new_ids, with_new_ids
from itgov.insight.diff_records import steps, without
from itgov.insight.diff_words import Words, number, short
from itgov.model.fields import choice_words
from itgov.model.finding import Subject, SubjectKind
from itgov.model.portfolio import EngagementEntry, InvestmentEntry, Portfolio, UnitEntry
from itgov.model.stages import OVER

_ENDED: dict[str | None, Kind] = {stage: stage for stage in OVER}


class State(Struct):
    """A portfolio, the files it was read from, and those of which nothing could be read."""

    portfolio: Portfolio
    paths: set[str]
    unreadable: set[str]

    def hides(self, path: str) -> bool:
        """Say whether what another state has in a file may be in one that cannot be read here."""
        if path in self.unreadable:
            return True
        return path not in self.paths and bool(self.unreadable)


def _items(count: int) -> str:
    return "1 investment or service" if count == 1 else f"{count:,} investments and services"


class Comparison:
    """Everything that differs between two states of a portfolio."""

    def __init__(self, before: State, after: State) -> None:
        self.words = Words(before.portfolio, after.portfolio)
        self.ids = new_ids(before.portfolio, after.portfolio)
        self.before = structs.replace(before, portfolio=with_new_ids(before.portfolio, self.ids))
        self.after = after
        self.renamed = self.ids.units

    def changes(self) -> list[SubjectChange]:
        """Return every change, unit by unit, then of people and of the whole."""
        return [
            *self._units(),
            *self._investments(),
            *self._engagements(),
            *self._people(),
            *self._managers(),
            *self._organisation(),
        ]

    # -- units -----------------------------------------------------------------------------

    def _units(self) -> Iterator[SubjectChange]:
        old, new = self.before.portfolio.units, self.after.portfolio.units
        for identifier, unit in new.items():
            former = next((o for o, n in self.renamed.items() if n == identifier), identifier)
            known = old.get(former)
            name = unit.name
            if known is None:
                if not self.before.hides(unit.source.path):
                    text = _items(len(unit.investments))
                    yield self._change("added", "business_unit", identifier, name, identifier, text)
                continue
            found = [s for s in steps(known.record, unit.record, self.words) if s.field != "id"]
            if former != identifier:
                text = f"id changed from {former} to {identifier}"
                yield self._change(
                    "renumbered", "business_unit", identifier, name, identifier, text, found
                )
            elif found:
                yield self._change(
                    "changed", "business_unit", identifier, name, identifier, "", found
                )
        for identifier, unit in old.items():
            gone = identifier not in new and identifier not in self.renamed
            if gone and not self.after.hides(unit.source.path):
                text = f"had {_items(len(unit.investments))}"
                name = unit.name
                yield self._change("removed", "business_unit", identifier, name, identifier, text)

    # -- investments -----------------------------------------------------------------------

    def _investments(self) -> Iterator[SubjectChange]:
        old = {e.record.id: e for e in self.before.portfolio.investments()}
        new = {e.record.id: e for e in self.after.portfolio.investments()}
        gone = {k: e for k, e in old.items() if k not in new}
        numbers = {now: was for was, now in self.ids.investments.items()}
        for identifier, entry in new.items():
            former = numbers.get(identifier, identifier)
            known = old.get(former)
            if known is not None:
                yield from self._investment(former, known, entry)
            elif not self.before.hides(entry.source.path):
                yield self._of_investment("added", entry, self._about(entry))
        for identifier, entry in gone.items():
            if identifier in self.ids.investments or self.after.hides(entry.source.path):
                continue
            yield self._of_investment("removed", entry, f"was {self._about(entry)}")

    def _investment(
        self, former: str, before: InvestmentEntry, after: InvestmentEntry
    ) -> Iterator[SubjectChange]:
        found = [s for s in steps(before.record, after.record, self.words) if s.field != "id"]
        if after.record.id != former:
            yield self._of_investment("renumbered", after, f"id changed from {former}")
        was, now = before.facts.business_unit, after.facts.business_unit
        if self.renamed.get(was, was) != now:
            text = f"moved from {self.words.unit(was)} to {self.words.unit(now)}"
            moved = self._of_investment("moved", after, text)
            yield structs.replace(moved, unit_before=was)
        if before.record.stage != after.record.stage and after.record.stage in _ENDED:
            text = f"{after.record.stage} (was {before.record.stage or 'without a stage'})"
            told = {"stage"}
            if after.record.ended is not None:
                text += f", ended {after.record.ended}"
                told.add("ended")
            of_end = [s for s in found if s.field in told]
            found = [s for s in found if s.field not in told]
            yield self._of_investment(_ENDED[after.record.stage], after, text, of_end)
        if found:
            yield self._of_investment("changed", after, "", found)

    def _of_investment(
        self, kind: Kind, entry: InvestmentEntry, text: str, found: Sequence[Step] = ()
    ) -> SubjectChange:
        record = entry.record
        return self._change(
            kind, "investment", record.id, record.title, entry.facts.business_unit, text, found
        )

    def _about(self, entry: InvestmentEntry) -> str:
        record = entry.record
        parts: list[str | None] = [record.type, record.stage]
        if entry.facts.spend_total:
            parts.append(f"{number(entry.facts.spend_total)} {self.words.currency}".strip())
        parts.append(f"outcome owner {self.words.person(record.outcome_owner)}")
        parts.append(f"relationship manager {self.words.person(record.relationship_manager)}")
        count = len(record.outcomes)
        parts.append(f"{count} outcome{'s' * (count != 1)}" if count else "no outcome")
        return ", ".join(p for p in parts if p)

    # -- engagements -----------------------------------------------------------------------

    def _engagements(self) -> Iterator[SubjectChange]:
        old, new = self.before.portfolio.units, self.after.portfolio.units
        renamed = {n: o for o, n in self.renamed.items()}
        for identifier, unit in new.items():
            known = old.get(renamed.get(identifier, identifier))
            yield from self._of_unit(identifier, known, unit)
        for identifier, unit in old.items():
            if identifier not in new and identifier not in self.renamed:
                yield from self._of_unit(identifier, unit, None)

    def _of_unit(
        self, identifier: str, before: UnitEntry | None, after: UnitEntry | None
    ) -> Iterator[SubjectChange]:
        old = before.engagements if before is not None else []
        new = after.engagements if after is not None else []
        for was, now in _paired(old, new):
            entry = now or was
            assert entry is not None
            label = f"{entry.record.kind or 'engagement'} of {entry.record.date}"
            if was is not None and now is not None:
                found = steps(was.record, now.record, self.words)
                yield self._change("changed", "engagement", entry.id, label, identifier, "", found)
            elif now is not None and not self.before.hides(entry.source.path):
                met = self._met(entry)
                yield self._change("added", "engagement", entry.id, label, identifier, met)
            elif was is not None and not self.after.hides(entry.source.path):
                met = self._met(entry)
                yield self._change("removed", "engagement", entry.id, label, identifier, met)

    def _met(self, entry: EngagementEntry) -> str:
        record = entry.record
        present = ", ".join(self.words.person(p) for p in record.with_)
        parts = [
            f"{self.words.person(record.by)} with {present or 'no one named'}",
            short(record.summary) if record.summary else "",
        ]
        return ": ".join(p for p in parts if p)

    # -- people and the whole --------------------------------------------------------------

    def _people(self) -> Iterator[SubjectChange]:
        def about(entry: Any) -> str:
            record = entry.record
            side = f"{choice_words(record.side)} side" if record.side else ""
            unit = self.words.unit(record.business_unit) if record.business_unit else ""
            return ", ".join(p for p in (side, unit) if p)

        new = self.after.portfolio.people
        renamed = self.ids.people
        old = {renamed.get(k, k): e for k, e in self.before.portfolio.people.items()}
        for was, now in renamed.items():
            name, text = new[now].record.name, f"id changed from {was} to {now}"
            yield self._change("renumbered", "person", now, name, None, text)
        for change in self._keyed("person", old, new, lambda e: e.record.name, about):
            leaving = next((s for s in change.steps if s.field == "left" and s.after), None)
            if leaving is None:
                yield change
                continue
            others = tuple(s for s in change.steps if s is not leaving)
            text = f"left on {leaving.after}"
            yield structs.replace(change, kind="left", text=text, steps=(leaving,))
            if others:
                yield structs.replace(change, steps=others)

    def _managers(self) -> Iterator[SubjectChange]:
        def about(entry: Any) -> str:
            record = entry.record
            served = ", ".join(self.words.unit(u) for u in record.serves) or "no unit"
            parts = [
                record.title,
                record.position,
                f"represents {record.represents or 'not recorded'}",
            ]
            return ", ".join([*(p for p in parts if p), f"serves {served}"])

        old, new = self.before.portfolio.managers, self.after.portfolio.managers
        name = self.words.person
        yield from self._keyed(
            "relationship_manager", old, new, lambda e: name(e.record.person), about
        )

    def _organisation(self) -> Iterator[SubjectChange]:
        before, after = self.before.portfolio.organisation, self.after.portfolio.organisation
        if before.source.path and after.source.path:
            found = list(steps(before.record, after.record, self.words))
            if found:
                name = after.record.name or after.record.id
                yield self._change(
                    "changed", "organisation", after.record.id, name, None, "", found
                )

    def _keyed(
        self,
        kind: SubjectKind,
        old: Mapping[str, Any],
        new: Mapping[str, Any],
        name: Callable[[Any], str],
        about: Callable[[Any], str],
    ) -> Iterator[SubjectChange]:
        for identifier, entry in new.items():
            known = old.get(identifier)
            if known is None:
                if not self.before.hides(entry.source.path):
                    yield self._change("added", kind, identifier, name(entry), None, about(entry))
                continue
            found = [s for s in steps(known.record, entry.record, self.words) if s.field != "id"]
            if found:
                yield self._change("changed", kind, identifier, name(entry), None, "", found)
        for identifier, entry in old.items():
            if identifier not in new and not self.after.hides(entry.source.path):
                yield self._change("removed", kind, identifier, name(entry), None, about(entry))

    @staticmethod
    def _change(
        kind: Kind,
        subject: SubjectKind,
        identifier: str,
        label: str,
        unit: str | None,
        text: str,
        found: Iterable[Step] = (),
    ) -> SubjectChange:
        about = Subject(subject, identifier)
        return SubjectChange(kind, about, label, unit, None, text, tuple(found))


def _paired(
    old: Sequence[EngagementEntry], new: Sequence[EngagementEntry]
) -> Iterator[tuple[EngagementEntry | None, EngagementEntry | None]]:
    """Return engagements that differ, in pairs: of one day, or else of one summary."""
    left, right = _differing(old, new), _differing(new, old)
    for alike in (_alike_by_day, _alike_by_summary):
        for entry in list(left):
            other = next((e for e in right if alike(entry, e)), None)
            if other is not None:
                left.remove(entry)
                right.remove(other)
                yield entry, other
    yield from ((None, e) for e in right)
    yield from ((e, None) for e in left)


def _differing(
    entries: Sequence[EngagementEntry], others: Sequence[EngagementEntry]
) -> list[EngagementEntry]:
    """Return the entries whose record has no equal one among the others."""
    wanted = Counter(
        id(r) for r in without([e.record for e in entries], [e.record for e in others])
    )
    return [e for e in entries if wanted[id(e.record)]]


def _alike_by_day(one: EngagementEntry, other: EngagementEntry) -> bool:
    return one.record.date == other.record.date


def _alike_by_summary(one: EngagementEntry, other: EngagementEntry) -> bool:
    return one.record.summary is not None and one.record.summary == other.record.summary

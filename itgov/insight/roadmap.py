"""The dates of an investment or service: its start and end, what lies between, what it waits for."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from typing import Literal, get_args

from msgspec import Struct

from itgov.insight.due_types import DUE_WORDS, Due, DueKind
from itgov.model.portfolio import InvestmentEntry

MarkKind = Literal["gate", "reviewed", "review", "outcome", "result", "waiver", "dependency"]
MARK_KINDS: tuple[MarkKind, ...] = get_args(MarkKind)
_OF_DUE: dict[DueKind, MarkKind] = {
    "review": "review", "outcome": "outcome", "result": "result", "waiver": "waiver",
}  # fmt: skip
"""The dates of an item that can come due; the others are of units and people."""


class Mark(Struct, frozen=True, gc=False):
    """Something that happened or is due on a day."""

    day: datetime.date
    kind: MarkKind
    late: bool
    words: str


class Dependency(Struct, frozen=True, gc=False):
    """Another item that one depends on, and what is wrong with that in time."""

    id: str
    problem: str = ""
    """In words; empty where nothing is wrong, or nothing is known."""
    unknown: str = ""
    """The date that is missing to tell, in words."""
    day: datetime.date | None = None
    """When the problem begins for the item that depends."""


class ItemDates(Struct, frozen=True, gc=False):
    """All dates of an item."""

    start: datetime.date | None
    end: datetime.date | None
    marks: tuple[Mark, ...]
    """The earliest first."""

    @property
    def is_reversed(self) -> bool:
        """Whether it ends before its start."""
        return self.start is not None and self.end is not None and self.end < self.start

    @property
    def is_dated(self) -> bool:
        """Whether there is any date at all."""
        return bool(self.start or self.end or self.marks)

    @property
    def days(self) -> Iterator[datetime.date]:
        """All of its days."""
        yield from (day for day in (self.start, self.end) if day is not None)
        yield from (mark.day for mark in self.marks)


def dates_of(
    entry: InvestmentEntry, dues: tuple[Due, ...], entries: Mapping[str, InvestmentEntry]
) -> ItemDates:
    """Return the dates of an item, of which `dues` are due; `entries` has all items by id."""
    record = entry.record
    marks = [Mark(g.on, "gate", False, f"gate {g.gate}") for g in record.gates if g.on is not None]
    if record.last_reviewed is not None:
        marks.append(Mark(record.last_reviewed, "reviewed", False, "last review"))
    for due in dues:
        words = "" if due.kind == "review" else f": {due.what}"
        marks.append(Mark(due.day, _OF_DUE[due.kind], due.late, f"{DUE_WORDS[due.kind]}{words}"))
    marks += [
        Mark(needed.day, "dependency", True, needed.problem)
        for needed in (dependency_problems(entry, entries) if record.depends_on else ())
        if needed.problem and needed.day is not None
    ]
    marks.sort(key=lambda mark: (mark.day, MARK_KINDS.index(mark.kind)))
    return ItemDates(record.start, record.last_day, tuple(marks))


def dependency_problems(
    entry: InvestmentEntry, entries: Mapping[str, InvestmentEntry]
) -> list[Dependency]:
    """Return what an item depends on, in the order of its file, each once.

    An investment is to end before what depends on it starts; a service is to last as long as that.
    """
    names = dict.fromkeys(entry.record.depends_on)
    return [_dependency(name, entry, entries.get(name)) for name in names]


def _dependency(name: str, entry: InvestmentEntry, needed: InvestmentEntry | None) -> Dependency:
    record = entry.record
    if needed is None:
        return Dependency(name, unknown="not in the portfolio")
    end, start, last = needed.record.last_day, record.start, record.last_day
    if not entry.facts.is_active:
        return Dependency(name)
    if not needed.facts.is_active:
        since = f" since {end}" if end is not None else ""
        return Dependency(name, f"{name} is {needed.record.stage}{since}", day=end)
    if needed.record.type == "service":
        if end is not None and (last is None or end < last):
            until = (
                f"before {record.id} ends ({last})" if last else f"and {record.id} has no end date"
            )
            return Dependency(name, f"{name} ends {end}, {until}", day=end)
        return Dependency(name)
    if start is None or end is None:
        missing = f"end date of {name}" if end is None else f"start date of {record.id}"
        return Dependency(name, unknown=f"the {missing} is not recorded")
    if end > start:
        return Dependency(name, f"{name} ends {end}, after {record.id} starts ({start})", day=start)
    return Dependency(name)

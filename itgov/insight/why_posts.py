"""What came of the relationship with a unit in the time of one of its managers, taken apart."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from msgspec import Struct, structs

from itgov.insight.tenure_types import OpportunityRow, PostTenure
from itgov.insight.why_paths import PathReader, plain_value
from itgov.insight.why_types import Figure, Parts, Value, WhyInput
from itgov.model.derivation import How
from itgov.model.portfolio import EngagementEntry, UnitEntry
from itgov.model.tenure import Tenures

_GROUPS = {
    "inherited": "at the end of the day before",
    "came": "in the time of the post",
    "now": "at the end of the last day, or today",
}


class PostFigures:
    """Takes one person's time as the relationship manager of a unit apart."""

    def __init__(
        self,
        reader: PathReader,
        tenures: Tenures,
        person: str,
        post: PostTenure,
        followed: Sequence[OpportunityRow],
    ) -> None:
        self.reader = reader
        self.tenures = tenures
        self.person = person
        self.post = post
        self.followed = followed
        """The opportunities of the unit."""
        self.unit: UnitEntry = reader.portfolio.units[post.business_unit]
        self.first = post.from_ or datetime.date.min
        self.last = min(post.to or reader.today, reader.today)

    def figures(self, prefix: str) -> Iterator[Figure]:
        """Yield what was inherited, what came, and what stands now."""
        days = f"{self.post.from_ or 'the beginning'} to {self.post.to or 'today'}"
        for group, when in _GROUPS.items():
            record: Struct | None = getattr(self.post, group)
            if record is None:
                continue
            for name, value in _leaves(structs.asdict(record)):
                said = name.replace("_", " ").replace(".", ", ").capitalize()
                parts: Callable[[], Parts] = self._standing
                if group == "came":
                    parts = partial(self._came, name)
                yield Figure(f"{prefix}.{group}.{name}", value, f"{said}: {when}, {days}.", parts)

    def _assumed(self) -> list[str]:
        until = self.post.assumed_to
        return [f"the days up to {until} are assumed to be theirs"] if until else []

    def _came(self, name: str) -> Parts:
        how: How = "count"
        match name:
            case "engagements" | "not_counted":
                found = [
                    self.reader.input_of(e, e.id, str(e.record.date), "date")
                    for e in self._engagements()
                    if e.facts.counts == (name == "engagements")
                ]
            case "scores" | "satisfaction":
                how = "mean" if name == "satisfaction" else "count"
                found = [
                    self.reader.input_of(e, e.id, e.record.satisfaction.score, "satisfaction")
                    for e in self._engagements()
                    if e.facts.satisfaction_counts and e.record.satisfaction is not None
                ]
            case "raised" | "realised" | "dropped" | "realised_value":
                how = "sum" if name == "realised_value" else "count"
                found = list(self._opportunities(name))
            case _:
                found = list(self._promises(own=".own_" in name, kept=name.endswith("kept")))
        return Parts(how, found, assumed=self._assumed())

    def _engagements(self) -> Iterator[EngagementEntry]:
        for entry in self.unit.engagements:
            if self.first <= entry.record.date <= self.last:
                yield entry

    def _promises(self, *, own: bool, kept: bool) -> Iterator[WhyInput]:
        """Yield the actions that were due on these days, and done or missed."""
        today = self.reader.today
        for entry in self.unit.engagements:
            if entry.record.date > today:
                continue
            for place, action in enumerate(entry.record.actions):
                due, done = action.due, action.done
                if due is None or not self.first <= due <= self.last:
                    continue
                in_time = done is not None and done <= due
                is_own = self.tenures.person(action.owner) == self.person
                if (in_time or (not kept and due < today)) and (is_own or not own):
                    says, told = f"{entry.id}: {action.what}", f"due {due}, done {done or 'never'}"
                    yield self.reader.input_of(entry, says, told, "actions", place, "due")

    def _opportunities(self, name: str) -> Iterator[WhyInput]:
        for row in self.followed:
            day = row.raised_on if name == "raised" else row.ended
            wanted = name == "raised" or (row.state == "realised") == (name != "dropped")
            if day is not None and wanted and self.first <= day <= self.last:
                value: Value = row.value if name == "realised_value" else f"{row.state} {day}"
                yield self._opportunity(row, value)

    def _opportunity(self, row: OpportunityRow, value: Value) -> WhyInput:
        for entry in self.unit.engagements:
            if entry.record.date == row.raised_on:
                for place, said in enumerate(entry.record.opportunities):
                    if said.id == row.id:
                        return self.reader.input_of(entry, row.id, value, "opportunities", place)
        return self.reader.input_of(self.unit, row.id, value)

    def _standing(self) -> Parts:
        """Return what is said of a day: levels, scores, actions and opportunities up to then."""
        reader = self.reader
        levels = [
            found
            for side in ("business", "it")
            for found in reader.read(self.unit, f"relationship_levels[on<=today].{side}")
        ]
        meetings = [
            reader.input_of(e, e.id, str(e.record.date), "date")
            for e in self.unit.engagements
            if e.record.date <= self.last
        ]
        return Parts("words", [*levels, *meetings], assumed=self._assumed())


def _leaves(record: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Value]]:
    """Yield the numbers and days of a record by their path."""
    for name, value in record.items():
        if isinstance(value, Struct):
            yield from _leaves(structs.asdict(value), f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", plain_value(value)

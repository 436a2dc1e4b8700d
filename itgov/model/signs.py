"""Signs: recorded facts that speak for which side a relationship manager really stands on.

`derive_signs` makes the one list of each relationship manager that rules, scorecards and health ask.
What is not recorded gives no sign, and nobody's own word is the business's.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from itgov.model.engagements import (
    YEAR_DAYS,
    Holders,
    OpportunityStory,
    is_business,
    opportunities_of,
    participants,
)
from itgov.model.fiscal import first_day, fiscal_year_of
from itgov.model.people_facts import Sign, SignName
from itgov.model.portfolio import (
    InvestmentEntry,
    ManagerEntry,
    PlacedSign,
    Portfolio,
    Source,
    UnitEntry,
)
from itgov.model.types import RelationshipManager, Represents, SeenBy

SIDES: tuple[Represents, ...] = ("supplier", "middle", "customer")
"""The least favourable first."""
_DECLARED: dict[Represents, str] = {
    "customer": "declares to speak for the customer",
    "supplier": "declares to speak for the supplier",
    "middle": "declares to stand in the middle",
}
_HEARD: dict[Represents, str] = {
    "customer": "speaks for the customer",
    "supplier": "speaks for the supplier",
    "middle": "stands in the middle",
}
_ENOUGH = 2
"""Observed signs of one other side that contradict what is declared."""


class _Meeting(Struct, gc=False):
    """An engagement of the last year in which the business took part."""

    source: Source
    managers: set[str]
    """Who was relationship manager of its unit on that day."""
    present: set[str]


class Measured(Struct, frozen=True, array_like=True, gc=False):
    """An outcome that appraises somebody."""

    unit: str
    """The id of its business unit."""
    has_measure: bool
    is_met: bool


UnitSigns = Mapping[str, Sequence[PlacedSign]]
"""What one business unit tells of everybody who serves it as relationship manager."""


def derive_signs(
    portfolio: Portfolio, told: Mapping[str, UnitSigns], measured: Mapping[str, Measured]
) -> None:
    """Fill in the signs of every relationship manager, and the facts that follow from them.

    `told` is `signs_in` every unit, by its id; `measured` are the outcomes that appraise anybody, by name.
    The units that everybody serves must be known.
    """
    made = _Signs(portfolio, told, measured)
    for entry in portfolio.managers.values():
        entry.signs = list(made.of(entry))
        _conclude(entry, made)


class _Signs:
    def __init__(
        self, portfolio: Portfolio, told: Mapping[str, UnitSigns], measured: Mapping[str, Measured]
    ) -> None:
        self.portfolio = portfolio
        self.told = told
        self.measured = measured

    def of(self, entry: ManagerEntry) -> Iterator[PlacedSign]:
        yield from self._declared(entry)
        yield from self._seen(entry)
        yield from self._lines(entry)
        yield from self._measures(entry)
        for name in entry.facts.business_units:
            yield from self.told.get(name, {}).get(entry.record.person, ())
        yield from self._steps(entry)

    # -- the person ------------------------------------------------------------------------

    def _declared(self, entry: ManagerEntry) -> Iterator[PlacedSign]:
        side = entry.record.represents
        if side is not None:
            sign = Sign(sign="represents", side=side, declared=True, says=_DECLARED[side])
            yield _at(sign, entry, "represents")

    def answers(self, record: RelationshipManager) -> Iterator[tuple[int, SeenBy]]:
        """Yield the answers up to today that are the business's, with their places."""
        for index, answer in enumerate(record.represents_seen_by):
            past = answer.on <= self.portfolio.today
            if past and self._is_business(answer.by, record, answer.on):
                yield index, answer

    def _is_business(
        self, person: str | None, record: RelationshipManager, day: datetime.date
    ) -> bool:
        return person != record.person and is_business(person, self.portfolio, day)

    def _seen(self, entry: ManagerEntry) -> Iterator[PlacedSign]:
        """Yield the latest word of each unit served; of others of the business, the latest of all."""
        last: dict[str | None, tuple[int, SeenBy, Represents]] = {}
        for index, answer in self.answers(entry.record):
            if answer.says is None:
                continue
            person = self.portfolio.people[answer.by or ""].record
            unit = person.business_unit
            if unit not in entry.facts.business_units:
                unit = None
            if unit not in last or answer.on >= last[unit][1].on:
                last[unit] = index, answer, answer.says
        for unit, (index, answer, side) in last.items():
            name = self.portfolio.people[answer.by or ""].record.name
            says = f"{_HEARD[side]}: said by {name} on {answer.on}"
            sign = Sign(sign="seen-by-business", unit=unit, side=side, says=says)
            yield _at(sign, entry, "represents_seen_by", index)

    def _lines(self, entry: ManagerEntry) -> Iterator[PlacedSign]:
        record, facts = entry.record, entry.facts
        lines: tuple[tuple[SignName, str, str | None], ...] = (
            ("reports-to", "reports_to", record.reports_to),
            ("appraised-by", "appraised_by", record.appraised_by),
        )
        for name, field, person in lines:
            known = self.portfolio.people.get(person or "")
            if known is None or known.record.side is None or person == record.person:
                continue
            side: Represents = "customer" if known.record.side == "business" else "supplier"
            if name == "reports-to" and side == "supplier":
                days = facts.days_in_position
                side = "supplier" if days is not None and days > YEAR_DAYS else "middle"
            where = "business" if known.record.side == "business" else "IT"
            verb = "reports to" if name == "reports-to" else "is appraised by"
            says = f"{verb} {known.record.name} ({where} side)"
            yield _at(Sign(sign=name, side=side, says=says), entry, field)

    def _measures(self, entry: ManagerEntry) -> Iterator[PlacedSign]:
        named = list(dict.fromkeys(entry.record.measured_by))
        known = [self.measured[name] for name in named if name in self.measured]
        served = [m.has_measure for m in known if m.unit in entry.facts.business_units]
        side: Represents | None = None
        if known and not served:
            side, says = "supplier", "is measured only by outcomes of units they do not serve"
        elif known and len(served) == len(named) and all(served):
            side, says = "customer", "is measured by outcomes of the units they serve"
        if side is not None:
            yield _at(Sign(sign="measured-by", side=side, says=says), entry, "measured_by")

    def steps(self, record: RelationshipManager) -> tuple[list[int], list[int], int, int]:
        """Return the places of steps overdue and unconfirmed, and how many others were
        confirmed on time and late, as of today."""
        overdue, unconfirmed, on_time, late = [], [], 0, 0
        today = self.portfolio.today
        for index, step in enumerate(record.steps):
            if step.is_overdue(today):
                overdue.append(index)
            elif step.done is None or step.is_open(today):
                continue
            elif not self._is_business(step.confirmed_by, record, step.done):
                unconfirmed.append(index)
            elif step.due is None or step.done <= step.due:
                on_time += 1
            else:
                late += 1
        return overdue, unconfirmed, on_time, late

    def _steps(self, entry: ManagerEntry) -> Iterator[PlacedSign]:
        overdue, unconfirmed, on_time, late = self.steps(entry.record)
        if overdue or unconfirmed:
            parts = [(overdue, "overdue"), (unconfirmed, "not confirmed by the business")]
            told = " and ".join(f"{len(found)} {words}" for found, words in parts if found)
            says = f"steps to the business team: {told}"
            sign = Sign(sign="steps", side="middle", says=says)
            yield _at(sign, entry, "steps", min([*overdue, *unconfirmed]))
        elif on_time and not late:
            says = f"steps to the business team confirmed on time by the business: {on_time}"
            yield _at(Sign(sign="steps", side="customer", says=says), entry, "steps", 0)


def _at(sign: Sign, entry: ManagerEntry, *steps: str | int) -> PlacedSign:
    source = entry.source
    return PlacedSign(sign, Source(source.path, (*source.route, *steps)))


# -- one unit ------------------------------------------------------------------------------


def signs_in(
    unit: UnitEntry, portfolio: Portfolio, holders: Holders, items: Mapping[str, InvestmentEntry]
) -> dict[str, list[PlacedSign]]:
    """Return what a business unit tells of every relationship manager who serves it.

    `managed_by` of every item must be known; `items` are all that pursue its opportunities, by their ids.
    """
    serving = holders.serving(unit.record.id)
    if not serving:
        return {}
    made = _OfUnit(unit, portfolio, holders, items)
    return {person: signs for person in serving if (signs := list(made.of(person)))}


class _OfUnit:
    def __init__(
        self,
        unit: UnitEntry,
        portfolio: Portfolio,
        holders: Holders,
        items: Mapping[str, InvestmentEntry],
    ) -> None:
        self.unit = unit
        self.portfolio = portfolio
        self.items = items
        self.governed: dict[str | None, list[InvestmentEntry]] = {}
        """The active items that each relationship manager looks after."""
        for entry in unit.investments:
            if entry.facts.is_active:
                self.governed.setdefault(entry.facts.managed_by, []).append(entry)
        self.meetings = [
            _Meeting(e.source, holders.on(unit, e.record.date), set(participants(e.record)))
            for e in sorted(unit.engagements, key=lambda e: e.record.date)
            if 0 <= e.facts.days_ago <= YEAR_DAYS and e.facts.business_present
        ]
        self.stories = opportunities_of(unit, portfolio.today)

    def of(self, person: str) -> Iterator[PlacedSign]:
        yield from self._roles(person)
        yield from self._presence(person)
        yield from self._opportunities(person)

    def _roles(self, person: str) -> Iterator[PlacedSign]:
        governed = self.governed.get(person, ())
        roles: tuple[tuple[SignName, str, Represents], ...] = (
            ("delivers", "delivery_lead", "supplier"),
            ("owns-outcome", "outcome_owner", "middle"),
        )
        for name, field, side in roles:
            items = [i for i in governed if getattr(i.record, field) == person]
            if items:
                says = f"is also the {field.replace('_', ' ')} of what they govern"
                source = items[0].source
                sign = Sign(
                    sign=name, unit=self.unit.record.id, side=side, says=says,
                    items=[i.record.id for i in items],
                )  # fmt: skip
                yield PlacedSign(sign, Source(source.path, (*source.route, field)))

    def _presence(self, person: str) -> Iterator[PlacedSign]:
        """Yield whether they took part in the engagements of the days on which they served it."""
        taken: list[_Meeting] = []
        missed: list[_Meeting] = []
        for meeting in self.meetings:
            if person in meeting.managers:
                (taken if person in meeting.present else missed).append(meeting)
        count = len(taken) + len(missed)
        side: Represents | None = None
        if count and 4 * len(taken) >= 3 * count:
            side, source = "customer", taken[-1].source
        elif 2 * len(taken) < count:
            side, source = "supplier", missed[-1].source
        if side is not None:
            says = f"took part in {len(taken)} of {count} engagements of {self.unit.name} in a year"
            sign = Sign(sign="takes-part", unit=self.unit.record.id, side=side, says=says)
            yield PlacedSign(sign, source)

    def _opportunities(self, person: str) -> Iterator[PlacedSign]:
        judged: dict[bool, list[OpportunityStory]] = {True: [], False: []}
        for story in self.stories:
            if story.raised_by == person:
                adds = self._adds_spend(story)
                if adds is not None:
                    judged[adds].append(story)
        adding, keeping = judged[True], judged[False]
        count = len(adding) + len(keeping)
        side: Represents | None = None
        if count and 2 * len(keeping) >= count:
            side, first, words = "customer", keeping[0], "cut or keep"
        elif 4 * len(adding) > 3 * count:
            side, first, words = "supplier", adding[0], "add"
        if side is not None:
            number = len(keeping) if side == "customer" else len(adding)
            says = f"of {count} opportunities raised in {self.unit.name}, {number} {words} spend"
            source = first.raised_in.source
            sign = Sign(sign="opportunities", unit=self.unit.record.id, side=side, says=says)
            route = (*source.route, "opportunities", first.place)
            yield PlacedSign(sign, Source(source.path, route))

    def _adds_spend(self, story: OpportunityStory) -> bool | None:
        """Say whether what pursues an opportunity ends with more spend a year than before it.

        Its last recorded year is held against the year before the one in which the opportunity was
        raised.  None where no item pursues it, or its spend of these years is not recorded.
        """
        entry = self.items.get(story.investment or "")
        if entry is None or entry.record.withheld.get("spend"):
            return None
        record = entry.record
        start = self.portfolio.organisation.record.fiscal_year_start
        raised = fiscal_year_of(story.raised_in.record.date, start)
        years: dict[int, float] = {}
        for row in record.spend:
            years[row.year] = years.get(row.year, 0) + row.weight
        before = years.get(raised - 1)
        if before is None:
            began = record.start
            if began is None or began < datetime.date.fromordinal(first_day(raised, start)):
                return None
            before = 0
        if not entry.facts.is_active:
            return False
        later = [year for year in years if year >= raised]
        return years[max(later)] > before if later else None


# -- what follows --------------------------------------------------------------------------


def _conclude(entry: ManagerEntry, made: _Signs) -> None:
    """Fill in what follows from the signs of one relationship manager."""
    record, facts = entry.record, entry.facts
    signs = [placed.sign for placed in entry.signs]
    facts.signs = signs
    facts.delivers = _items(signs, "delivers")
    facts.owns = _items(signs, "owns-outcome")
    heard = {s.side for s in signs if s.sign == "seen-by-business"}
    facts.heard_as = [side for side in SIDES if side in heard]
    facts.speaks_for_observed = observed_side(signs)
    if record.represents is not None:
        facts.disagrees = contradicts(record.represents, signs)
    overdue, unconfirmed, _, _ = made.steps(record)
    facts.steps_overdue, facts.steps_unconfirmed = len(overdue), len(unconfirmed)
    given = sum(a.on <= made.portfolio.today for a in record.represents_seen_by)
    facts.answers_not_from_business = given - sum(1 for _ in made.answers(record))


def _items(signs: Iterable[Sign], name: SignName) -> int:
    return sum(len(s.items) for s in signs if s.sign == name)


def observed_side(signs: Sequence[Sign]) -> Represents | None:
    """Return the side that the business last named, the least favourable where its units differ;
    else the one that most observed signs speak for, two at the least and more than for any other."""
    for side in SIDES:
        if any(s.sign == "seen-by-business" and s.side == side for s in signs):
            return side
    counts = {side: sum(not s.declared and s.side == side for s in signs) for side in SIDES}
    most = max(counts.values())
    leading = [side for side, count in counts.items() if count == most]
    return leading[0] if most >= _ENOUGH and len(leading) == 1 else None


def contradicts(declared: Represents, signs: Sequence[Sign]) -> bool:
    """Say whether observed signs contradict what is declared: the business's latest word of any
    unit, or two signs of one other side."""
    others = [s for s in signs if not s.declared and s.side != declared]
    if any(s.sign == "seen-by-business" for s in others):
        return True
    return any(sum(s.side == side for s in others) >= _ENOUGH for side in SIDES)

"""Who held a post of an item or a unit on which day, and what tells so.

A day is told by the first of these that knows it: the item's `held`, its unit's `held`, git, and
else by an assumption.  `held` knows every day from its first `from` to its last `to`: a day in
between that it gives to nobody is vacant, and one that it gives to two people is an overlap; both
are nobody's.  Git knows every day from the first commit that has the record.  Days before that, back
to the day after the last `to`, are assumed to be those of the first holder that git knows, or,
without git, of the one named today.  Days before the first `from` that git does not know either are
nobody's: whose they were is not recorded.

An item that names nobody follows its unit for the post of relationship manager.

Somebody who left holds nothing after that day, whatever tells so: their later days are vacant.
"""

from __future__ import annotations

import datetime
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby, islice, pairwise
from typing import Literal, TypeAlias

from msgspec import Struct

from itgov.model.nobody import is_named
from itgov.model.portfolio import GitName, InvestmentEntry, Portfolio, UnitEntry, held_by
from itgov.model.types import Held, HeldRole

TenureSource = Literal["held", "git", "assumed"]
"""What tells who held a post: the files, a commit that named somebody, or nothing but a guess."""
Gap = Literal["vacant", "overlap", "not recorded"]
"""Why a day is nobody's."""
HELD_ROLES: tuple[HeldRole, ...] = ("relationship_manager", "outcome_owner")

MOST_ROWS = 200
"""Rows of `held` for one post that are looked at; more are an error, and left out."""
_MOST_FAULTS = 5
LATE_DAYS = 31
"""Days by which a commit may follow a handover without contradicting it."""

_BEGINNING = datetime.date.min.toordinal()
_FOREVER = datetime.date.max.toordinal()


class Span(Struct, frozen=True, gc=False):
    """Days in a row on which one person held a post, or nobody did.

    `from_` is None where they begin before all that is recorded, `to` where they have not ended by the
    as-of day.
    """

    person: str | None
    from_: datetime.date | None
    to: datetime.date | None
    source: TenureSource
    gap: Gap | None = None
    """Why it is nobody's; None where `person` is somebody."""

    def days(self, today: datetime.date) -> tuple[datetime.date, datetime.date]:
        """Return the first and the last day, up to the as-of day."""
        return self.from_ or datetime.date.min, self.to or today


Spans: TypeAlias = tuple[Span, ...]
"""All days up to the as-of day, each in exactly one span, in order of time."""


def holder_on(spans: Spans, day: datetime.date) -> str | None:
    """Return who held a post on a day; None: nobody, or nobody knows."""
    place = bisect_left(spans, day, key=lambda span: span.to or datetime.date.max)
    return spans[place].person


class Contradiction(Struct, frozen=True, gc=False):
    """Days on which git names another person for a post than `held` does."""

    role: HeldRole
    held: str
    git: str
    first: datetime.date
    last: datetime.date
    commit: str


class _Days(Struct, frozen=True, gc=False):
    """Days in a row, as ordinals, both ends among them, and whose they are."""

    first: int
    last: int
    person: str | None
    source: TenureSource
    gap: Gap | None = None


class Tenures:
    """Who held the posts of one portfolio, as of its as-of date."""

    def __init__(self, portfolio: Portfolio) -> None:
        self.portfolio = portfolio
        self._today = portfolio.today.toordinal()
        self._now = same_person(portfolio)
        self._units: dict[tuple[str, HeldRole], Spans] = {}
        self._plain: dict[tuple[str, int | None], Spans] = {}

    def person(self, name: str | None) -> str | None:
        """Return the present id of whoever a name means; None where it names nobody."""
        return self._now.get(name, name) if name is not None and is_named(name) else None

    def of_unit(self, unit: UnitEntry, role: HeldRole) -> Spans:
        """Return who held a post of a unit."""
        key = unit.record.id, role
        found = self._units.get(key)
        if found is None:
            named = self._git(f"u:{unit.record.id}", _born(unit), role, self._own(unit, role))
            held = [self._held(unit.record.held, role)]
            found = self._units[key] = self._spans(held, named, self._own(unit, role))
        return found

    def of_item(self, entry: InvestmentEntry, unit: UnitEntry, role: HeldRole) -> Spans:
        """Return who held a post of an investment or service."""
        own = self._own(entry, role)
        key = f"i:{entry.record.id}"
        born = _born(entry)
        if (
            own is not None
            and not (entry.record.held or unit.record.held)
            and (role not in self.portfolio.named.get(key, ()))
        ):  # most items: one holder, whose days git knows from one day on
            plain = self._plain.get((own, born))
            if plain is None:
                plain = self._spans([], self._git(key, born, role, own), own)
                self._plain[own, born] = plain
            return plain
        named = self._git(key, born, role, own)
        held = [self._held(e.record.held, role) for e in (entry, unit)]
        if role == "relationship_manager" and (own is None or any(n.person is None for n in named)):
            if not held[0] and own is None and all(n.person is None for n in named):
                return self.of_unit(unit, role)
            return self._spans(held, named, own, self.of_unit(unit, role))
        return self._spans(held, named, own)

    def contradiction(
        self,
        entry: InvestmentEntry | UnitEntry,
        unit: UnitEntry,
        role: HeldRole,
        named: Sequence[GitName],
    ) -> Contradiction | None:
        """Return the first days, more than `LATE_DAYS` in a row, on which git names another person
        than `held` does: the record's own, or its unit's."""
        rows = [entry.record.held] if entry is unit else [entry.record.held, unit.record.held]
        layers = [layer for each in rows if (layer := self._held(each, role))]
        for days in _laid(layers) if named else ():
            for place, name in enumerate(named):
                after = named[place + 1].day.toordinal() if place + 1 < len(named) else _FOREVER
                first, last = max(days.first, name.day.toordinal()), min(days.last, after - 1)
                person = self.person(name.person)
                if person is None or days.person == person or days.gap == "overlap":
                    continue
                if last - first + 1 > LATE_DAYS:
                    between = (datetime.date.fromordinal(first), datetime.date.fromordinal(last))
                    holder = days.person or "nobody"
                    return Contradiction(role, holder, person, *between, name.commit)
        return None

    # -- what is told ------------------------------------------------------------------------

    def _own(self, entry: InvestmentEntry | UnitEntry, role: HeldRole) -> str | None:
        return self.person(getattr(entry.record, role, None))

    def _held(self, rows: Iterable[Held], role: HeldRole) -> list[_Days]:
        """Return the days that `held` knows, those of nobody among them."""
        mine = islice((row for row in rows if row.role == role), MOST_ROWS)
        given = [
            (first, last, self.person(row.person))
            for row in mine
            if (first := _first(row)) <= (last := min(_last(row, self._today), self._today))
        ]
        return list(_joined(given))

    def _git(
        self, key: str, born: int | None, role: HeldRole, own: str | None
    ) -> Sequence[GitName]:
        """Return whom git knows to have been named, from which day on."""
        if born is None:
            return ()
        day = datetime.date.fromordinal(self._today - born)
        told = self.portfolio.named.get(key, {}).get(role) or (GitName(day, own),)
        return [GitName(n.day, self.person(n.person), n.commit) for n in told]

    # -- put together ------------------------------------------------------------------------

    def _spans(
        self,
        held: Sequence[Sequence[_Days]],
        named: Sequence[GitName],
        own: str | None,
        unit: Spans = (),
    ) -> Spans:
        """Lay what is told in layers, the first above the others; `unit` is told for nobody's days."""
        in_git: list[_Days] = []
        for place, name in enumerate(named):
            last = named[place + 1].day.toordinal() - 1 if place + 1 < len(named) else self._today
            in_git += _or_unit(name.day.toordinal(), last, name.person, "git", unit)
        born = in_git[0].first if in_git else None
        first = named[0].person if named else own
        found: list[_Days] = []
        free = _BEGINNING
        for each in _laid([layer for layer in (*held, in_git) if layer]):
            if each.first > free and each.first == born:
                found += _or_unit(free, each.first - 1, first, "assumed", unit)
            elif each.first > free:
                found.append(_Days(free, each.first - 1, None, "assumed", "not recorded"))
            found.append(each)
            free = each.last + 1
        found += _or_unit(free, self._today, first, "assumed", unit)
        return _as_spans([part for days in found for part in self._until_left(days)], self._today)

    def _until_left(self, days: _Days) -> Iterator[_Days]:
        """Yield the days up to the one on which the holder left, and those after it as nobody's."""
        known = self.portfolio.people.get(days.person or "")
        left = known.record.left if known is not None else None
        if left is None or left.toordinal() >= days.last:
            yield days
            return
        if left.toordinal() >= days.first:
            yield _Days(days.first, left.toordinal(), days.person, days.source)
        after = max(days.first, left.toordinal() + 1)
        yield _Days(after, days.last, None, days.source, "vacant")


def same_person(portfolio: Portfolio) -> dict[str, str]:
    """Return the present id of people by each earlier one."""
    people = portfolio.people
    return {
        old: person.record.id
        for person in people.values()
        for old in person.record.formerly
        if old not in people
    }


# -- what contradicts itself ---------------------------------------------------------------------


def derive_held(portfolio: Portfolio) -> None:
    """Find what contradicts itself in the `held` of every record."""
    now = same_person(portfolio)
    for unit in portfolio.units.values():
        for entry in held_by(unit):
            if entry.record.held:
                own = {role: getattr(entry.record, role, None) for role in HELD_ROLES}
                entry.facts.held_faults = held_faults(entry.record.held, own, now, portfolio.today)


def held_faults(
    rows: Sequence[Held],
    own: Mapping[HeldRole, str | None],
    now: Mapping[str, str],
    today: datetime.date,
) -> list[str]:
    """Return what contradicts itself in `held`, in words; each row is named once at the most.

    An end before its beginning, a holder without an end who is not the one named (`own`), and days
    that two people are given.  `now` has the present id of people by their earlier ones.
    """
    found = []
    for role in HELD_ROLES:
        words, named = role.replace("_", " "), own.get(role)
        rows_of_role = [row for row in rows if row.role == role]
        if len(rows_of_role) > MOST_ROWS:
            found.append(
                f"{words} has {len(rows_of_role):,} rows, those after {MOST_ROWS} left out"
            )
        mine = []
        for row in rows_of_role[:MOST_ROWS]:
            person = now.get(row.person, row.person)
            if row.from_ is not None and row.to is not None and row.to < row.from_:
                found.append(f"{words} {person} from {row.from_} to {row.to}")
                continue
            mine.append((_first(row), _FOREVER if row.to is None else row.to.toordinal(), person))
            if row.to is None and named not in (None, person) and _first(row) <= today.toordinal():
                found.append(f"{words} {person} without an end, but {named} is named now")
        found += [f"{words} {told}" for told in _overlaps(sorted(mine))]
    more = len(found) - _MOST_FAULTS
    return [*found[:_MOST_FAULTS], f"{more:,} more"] if more > 0 else found


def _overlaps(rows: Iterable[tuple[int, int, str]]) -> Iterator[str]:
    """Yield the days that two people are given; each row with the other that ends last before it."""
    latest: list[tuple[int, str]] = []  # of two different people, the one that ends last first
    for first, last, person in rows:
        other = next(((end, name) for end, name in latest if name != person), None)
        if other is not None and other[0] >= first:
            days = f"{_day_words(first, 'the beginning')} to {_day_words(min(other[0], last), 'today')}"
            yield f"{other[1]} and {person} from {days}"
        mine = max([last, *(end for end, name in latest if name == person)])
        others = [each for each in latest if each[1] != person]
        latest = sorted([(mine, person), *others], reverse=True)[:2]


def _day_words(day: int, else_: str) -> str:
    if day in (_BEGINNING, _FOREVER):
        return else_
    return datetime.date.fromordinal(day).isoformat()


# -- days ----------------------------------------------------------------------------------------


def _first(row: Held) -> int:
    return _BEGINNING if row.from_ is None else row.from_.toordinal()


def _last(row: Held, today: int) -> int:
    return today if row.to is None else row.to.toordinal()


def _born(entry: InvestmentEntry | UnitEntry) -> int | None:
    return entry.history.history_days if entry.history is not None else None


def _joined(given: Sequence[tuple[int, int, str | None]]) -> Iterator[_Days]:
    """Yield the days between the first and the last that are given, by how many people hold them."""
    starts: dict[int, list[tuple[int, str | None]]] = {}
    for first, last, person in given:
        starts.setdefault(first, []).append((1, person))
        starts.setdefault(last + 1, []).append((-1, person))
    holding: dict[str | None, int] = {}
    edges = sorted(starts)
    for edge, following in pairwise(edges):
        for step, person in starts[edge]:
            holding[person] = holding.get(person, 0) + step
            if not holding[person]:
                del holding[person]
        people = [p for p in holding if p is not None]
        person = people[0] if len(people) == 1 else None
        gap: Gap | None = "overlap" if len(people) > 1 else None if person else "vacant"
        yield _Days(edge, following - 1, person, "held", gap)


def _or_unit(
    first: int, last: int, person: str | None, source: TenureSource, unit: Spans
) -> Iterator[_Days]:
    """Yield days of somebody named; of nobody's, what is told of the unit."""
    if last < first:
        return
    if person is not None or not unit:
        yield _Days(first, last, person, source, None if person is not None else "vacant")
        return
    for span in unit:
        begin = max(first, _BEGINNING if span.from_ is None else span.from_.toordinal())
        end = last if span.to is None else min(last, span.to.toordinal())
        if begin <= end:
            yield _Days(begin, end, span.person, span.source, span.gap)


def _laid(layers: Sequence[Sequence[_Days]]) -> list[_Days]:
    """Return the days of all layers, of each day what the first layer that has it says.

    Each layer has every day from its first to its last.
    """
    found: list[_Days] = []
    covered: list[tuple[int, int]] = []
    for layer in layers:
        for days in layer:
            found += _outside(days, covered)
        covered = sorted([*covered, (layer[0].first, layer[-1].last)])
    return sorted(found, key=lambda days: days.first)


def _outside(days: _Days, covered: Sequence[tuple[int, int]]) -> Iterator[_Days]:
    """Yield the parts of some days that lie outside of others."""
    free = days.first
    for first, last in covered:
        if first > free and first <= days.last:
            yield _Days(free, first - 1, days.person, days.source, days.gap)
        if first <= days.last:
            free = max(free, last + 1)
    if free <= days.last:
        yield _Days(free, days.last, days.person, days.source, days.gap)


def _as_spans(days: Sequence[_Days], today: int) -> Spans:
    found: list[Span] = []
    for (person, source, gap), group in groupby(days, lambda d: (d.person, d.source, d.gap)):
        run = list(group)
        first, last = run[0].first, run[-1].last
        found.append(
            Span(
                person,
                None if first == _BEGINNING else datetime.date.fromordinal(first),
                None if last >= today else datetime.date.fromordinal(last),
                source,
                gap,
            )
        )
    return tuple(found)

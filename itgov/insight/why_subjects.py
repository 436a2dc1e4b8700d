"""Whose figures are asked for: a subject by its id, or by its name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import cached_property

from itgov.insight.why_paths import Entry, PathReader
from itgov.insight.why_types import Kind, WhySubject
from itgov.model.claims import name_of
from itgov.model.errors import ItgovError
from itgov.model.finding import Subject
from itgov.model.one_form import one_form
from itgov.model.person_names import NotOnePerson, names_in
from itgov.model.portfolio import (
    EngagementEntry,
    InvestmentEntry,
    ManagerEntry,
    OutcomeEntry,
    ScenarioEntry,
    UnitEntry,
)
from itgov.model.text import did_you_mean

_PREFIXES: dict[str, Kind] = {
    "organisation": "organisation",
    "unit": "business_unit",
    "investment": "investment",
    "outcome": "outcome",
    "engagement": "engagement",
    "person": "person",
    "scenario": "scenario",
}
"""What may stand before an id or a name that several subjects have."""
_NAMED = 5
"""How many of them are named."""


class NoFigure(ItgovError):
    """There is no such subject, or it has no such figure."""


class Subjects:
    """Finds whom or what a word means."""

    def __init__(self, reader: PathReader) -> None:
        self.reader = reader
        self.portfolio = reader.portfolio

    def named(self, word: str) -> WhySubject:
        """Return the subject of an id, or of a name; `unit:retail` says of which kind.

        People are meant as everywhere: by an earlier id or the beginning of a name as well, where that
        fits one of them and nothing else has that name.  Raises `NoFigure`.
        """
        prefix, _, rest = word.partition(":")
        kind = _PREFIXES.get(prefix) if rest else None
        word = rest if kind is not None else word
        found = [s for s in self._found(word) if kind in (None, s.kind)]
        if not found and kind in (None, "person"):
            found = self._person(word)
        if not found:
            known = [n for s in self._named for n in (s.id, s.name) if kind in (None, s.kind)]
            what = prefix if kind is not None else "unit, investment, outcome, person or scenario"
            raise NoFigure(f"there is no {what} `{word}`{did_you_mean(word, known)}")
        if len(found) > 1:
            prefixes = {kind: prefix for prefix, kind in _PREFIXES.items()}
            which = ", ".join(f"`{prefixes[s.kind]}:{s.id}`" for s in found[:_NAMED])
            more = f" and {len(found) - _NAMED:,} more" if len(found) > _NAMED else ""
            raise NoFigure(f"`{word}` is more than one: {which}{more}; say which")
        return found[0]

    def of(self, subject: Subject) -> WhySubject:
        """Return the subject that a finding or a row names.  Raises `NoFigure`."""
        kind = "person" if subject.kind == "relationship_manager" else subject.kind
        for found in self._by_id(subject.id):
            if found.kind == kind:
                return found
        raise NoFigure(f"there are no figures of {subject.kind.replace('_', ' ')} `{subject.id}`")

    def same(self, subject: WhySubject) -> WhySubject:
        """Return a subject of another state of the files in this one.  Raises `NoFigure`."""
        identifier = subject.id
        if subject.kind == "person" and identifier not in self.portfolio.people:
            with suppress(NotOnePerson):  # a person whose id changed is the same person
                identifier = names_in(self.portfolio).named(subject.name)
        for found in self._by_id(identifier):
            if found.kind == subject.kind:
                return found
        raise NoFigure(f"there was no {subject.kind.replace('_', ' ')} `{subject.id}`")

    def _found(self, word: str) -> list[WhySubject]:
        return (
            list(self._by_id(word))
            or list(self._by_id(one_form(word)))
            or [s for s in self._named if s.name.casefold() == word.casefold()]
        )

    def _person(self, word: str) -> list[WhySubject]:
        if not self.portfolio.people:
            return []
        try:
            person = names_in(self.portfolio).named(word)
        except NotOnePerson as wrong:
            if wrong.candidates:
                raise NoFigure(str(wrong)) from None
            return []
        return [self.subject("person", person, self.portfolio.people[person])]

    def _by_id(self, identifier: str) -> Iterator[WhySubject]:
        portfolio = self.portfolio
        if portfolio.organisation.record.id == identifier:
            yield self.subject("organisation", identifier, portfolio.organisation)
        if (unit := portfolio.units.get(identifier)) is not None:
            yield self.subject("business_unit", identifier, unit)
        if (item := self.reader.items.get(identifier)) is not None:
            yield self.subject("investment", identifier, item)
        if (outcome := self.outcome(identifier)) is not None:
            yield self.subject("outcome", identifier, outcome)
        if (engagement := self.engagement(identifier)) is not None:
            yield self.subject("engagement", identifier, engagement)
        person = portfolio.people.get(identifier) or portfolio.managers.get(identifier)
        if person is not None:
            yield self.subject("person", identifier, person)
        if (scenario := self.scenario(identifier)) is not None:
            yield self._of_scenario(scenario)

    @cached_property
    def _named(self) -> list[WhySubject]:
        portfolio = self.portfolio
        whole = portfolio.organisation
        return [
            self.subject("organisation", whole.record.id, whole),
            *(self.subject("business_unit", i, u) for i, u in portfolio.units.items()),
            *(self.subject("investment", i, e) for i, e in self.reader.items.items()),
            *(self.subject("outcome", name_of(o), o) for o in portfolio.outcomes()),
            *(self.subject("person", i, p) for i, p in portfolio.people.items()),
            *(self._of_scenario(s) for s in portfolio.scenarios),
        ]

    def outcome(self, identifier: str) -> OutcomeEntry | None:
        """Return the outcome `<investment>/<outcome>`."""
        investment, _, name = identifier.partition("/")
        item = self.reader.items.get(investment)
        known = item.outcomes if item is not None else []
        return next((o for o in known if o.record.id == name), None)

    def engagement(self, identifier: str) -> EngagementEntry | None:
        """Return the engagement `<unit>/<date>`."""
        unit = self.portfolio.units.get(identifier.partition("/")[0])
        known = unit.engagements if unit is not None else []
        return next((e for e in known if e.id == identifier), None)

    def scenario(self, identifier: str) -> ScenarioEntry | None:
        """Return the scenario of an id."""
        return next((s for s in self.portfolio.scenarios if s.record.id == identifier), None)

    def unit_of(self, subject: WhySubject) -> str | None:
        """Return the unit that a subject is or belongs to; None of people, scenarios and the whole."""
        for entry in self.entries(subject):
            if isinstance(entry, UnitEntry):
                return entry.record.id
            if isinstance(entry, InvestmentEntry | OutcomeEntry | EngagementEntry):
                return entry.facts.business_unit
        return None

    def _of_scenario(self, entry: ScenarioEntry) -> WhySubject:
        name, record = entry.record.id, entry.record
        place = self.reader.place_of(entry.source)
        return WhySubject("scenario", name, record.title or name, place)

    def subject(self, kind: Kind, identifier: str, entry: Entry) -> WhySubject:
        """Return an entry as a subject."""
        record = entry.record
        name = getattr(record, "title", None) or getattr(record, "name", None)
        if isinstance(entry, OutcomeEntry):
            name = entry.record.measure or entry.record.statement
        elif isinstance(entry, ManagerEntry):
            name = entry.facts.name
        return WhySubject(kind, identifier, name or identifier, self.reader.place(entry))

    def entries(self, subject: WhySubject) -> Iterable[Entry]:
        """Return what is known of a subject: of a person, the post of relationship manager too."""
        portfolio, identifier = self.portfolio, subject.id
        found: list[Entry | None] = []
        match subject.kind:
            case "organisation":
                found = [portfolio.organisation]
            case "business_unit":
                found = [portfolio.units.get(identifier)]
            case "investment":
                found = [self.reader.items.get(identifier)]
            case "outcome":
                found = [self.outcome(identifier)]
            case "engagement":
                found = [self.engagement(identifier)]
            case "person":
                found = [portfolio.managers.get(identifier), portfolio.people.get(identifier)]
        return [entry for entry in found if entry is not None]

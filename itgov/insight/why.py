"""Any figure taken apart: of a unit, an item, an outcome, a person or the organisation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

from itgov.insight.flow import Governed
from itgov.insight.tenure import measure_tenure
from itgov.insight.trend_points import Point
from itgov.insight.unread import unread
from itgov.insight.why_curve import PREFIX, curve_figures
from itgov.insight.why_facts import fact_figures
from itgov.insight.why_findings import FindingFigures
from itgov.insight.why_health import HealthFigures
from itgov.insight.why_managers import ManagerFigures
from itgov.insight.why_money import MoneyReader
from itgov.insight.why_paths import Entry, PathReader
from itgov.insight.why_recorded import cost_figures, recorded_figures
from itgov.insight.why_rules import RuleShares
from itgov.insight.why_sources import SOURCES
from itgov.insight.why_types import Explanation, Figure, Kind, WhySubject
from itgov.insight.why_value import ValueLines
from itgov.model.claims import name_of
from itgov.model.errors import ItgovError
from itgov.model.finding import Subject
from itgov.model.one_form import one_form
from itgov.model.portfolio import (
    EngagementEntry,
    InvestmentEntry,
    ManagerEntry,
    OrganisationEntry,
    OutcomeEntry,
    PersonEntry,
    UnitEntry,
)
from itgov.model.tenure import HELD_ROLES
from itgov.model.text import did_you_mean

_PREFIXES: dict[str, Kind] = {
    "organisation": "organisation",
    "unit": "business_unit",
    "investment": "investment",
    "outcome": "outcome",
    "engagement": "engagement",
    "person": "person",
}
"""What may stand before an id or a name that several subjects have."""
_NAMED = 5
"""How many of them are named."""


class NoFigure(ItgovError):
    """There is no such subject, or it has no such figure."""


class Why:
    """Takes the figures of a judged portfolio apart."""

    def __init__(self, governed: Governed, before: Point | None = None) -> None:
        self.governed = governed
        self.before = before
        """The scores of an earlier day, where they were measured."""
        self.portfolio = governed.linked.portfolio
        book = governed.book
        own = None if book.health_shipped else book.health_document
        self.reader = PathReader(governed.linked, SOURCES, own)
        self._figures: dict[WhySubject, dict[str, Figure]] = {}
        self._curves: dict[WhySubject, dict[str, Figure]] = {}

    # -- subjects --------------------------------------------------------------------------

    def subject(self, word: str) -> WhySubject:
        """Return the subject of an id, or of a name; `unit:retail` says of which kind.

        Raises `NoFigure`.
        """
        prefix, _, rest = word.partition(":")
        kind = _PREFIXES.get(prefix)
        if kind is not None and rest:
            found = [s for s in self._found(rest) if s.kind == kind]
        else:
            found = self._found(word)
        if not found:
            known = [n for s in self._named for n in (s.id, s.name)]
            raise NoFigure(
                f"there is no unit, investment, outcome or person `{word}`{did_you_mean(word, known)}"
            )
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

    def _found(self, word: str) -> list[WhySubject]:
        return (
            list(self._by_id(word))
            or list(self._by_id(one_form(word)))
            or [s for s in self._named if s.name.casefold() == word.casefold()]
        )

    def _by_id(self, identifier: str) -> Iterator[WhySubject]:
        portfolio = self.portfolio
        if portfolio.organisation.record.id == identifier:
            yield self._subject("organisation", identifier, portfolio.organisation)
        if (unit := portfolio.units.get(identifier)) is not None:
            yield self._subject("business_unit", identifier, unit)
        if (item := self.reader.items.get(identifier)) is not None:
            yield self._subject("investment", identifier, item)
        if (outcome := self.outcome(identifier)) is not None:
            yield self._subject("outcome", identifier, outcome)
        if (engagement := self.engagement(identifier)) is not None:
            yield self._subject("engagement", identifier, engagement)
        person = portfolio.people.get(identifier) or portfolio.managers.get(identifier)
        if person is not None:
            yield self._subject("person", identifier, person)

    @cached_property
    def _named(self) -> list[WhySubject]:
        portfolio = self.portfolio
        whole = portfolio.organisation
        return [
            self._subject("organisation", whole.record.id, whole),
            *(self._subject("business_unit", i, u) for i, u in portfolio.units.items()),
            *(self._subject("investment", i, e) for i, e in self.reader.items.items()),
            *(self._subject("outcome", name_of(o), o) for o in portfolio.outcomes()),
            *(self._subject("person", i, p) for i, p in portfolio.people.items()),
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

    def _subject(self, kind: Kind, identifier: str, entry: Entry) -> WhySubject:
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

    # -- figures ---------------------------------------------------------------------------

    def figures(self, subject: WhySubject) -> dict[str, Figure]:
        """Return every figure of a subject by its name."""
        found = self._figures.get(subject)
        if found is None:
            found = self._figures[subject] = {}
            for entry in self.entries(subject):
                for figure in self._of(entry):
                    found.setdefault(figure.name, figure)
        return found

    def _curve(self, entry: Entry) -> Iterator[Figure]:
        if isinstance(entry, OrganisationEntry | UnitEntry | InvestmentEntry | OutcomeEntry):
            yield from curve_figures(self.reader, self._money, entry)

    def _of(self, entry: Entry) -> Iterator[Figure]:
        match entry:
            case OutcomeEntry():
                yield from self._money.of_outcome(entry)
            case InvestmentEntry():
                yield from self._money.of_item(entry)
                yield from self._lines.of_item(entry)
                yield from cost_figures(self.reader, entry)
            case UnitEntry():
                yield from self._lines.of_unit(entry)
                if not self.governed.book.health_errors:
                    yield from self._health.of_unit(entry)
            case ManagerEntry():
                yield from self._managers.of_manager(entry)
                yield from self._managers.of_person(entry.record.person)
            case PersonEntry():
                yield from self._managers.of_person(entry.record.id)
            case OrganisationEntry():
                yield from self._lines.of_whole(entry)
                if not self.governed.book.health_errors:
                    yield from self._health.of_whole(entry)
                yield from self._managers.of_whole(entry)
        if isinstance(entry, OrganisationEntry | UnitEntry | InvestmentEntry):
            yield from self._findings.of(entry)
        yield from fact_figures(self.reader, entry)
        yield from recorded_figures(self.reader, entry)

    @cached_property
    def _money(self) -> MoneyReader:
        return MoneyReader(self.reader)

    @cached_property
    def _findings(self) -> FindingFigures:
        return FindingFigures(self.governed.judged.findings)

    @cached_property
    def _health(self) -> HealthFigures:
        return HealthFigures(
            self.reader, self.governed.health, RuleShares(self.governed), self.before
        )

    @cached_property
    def _managers(self) -> ManagerFigures:
        governed = self.governed
        tenure = measure_tenure(governed.linked, HELD_ROLES)
        return ManagerFigures(self.reader, self._lines, governed.managers, tenure)

    @cached_property
    def _lines(self) -> ValueLines:
        return ValueLines(self.reader, self._money, self.governed.value)

    def named(self, subject: WhySubject, word: str) -> list[Figure]:
        """Return the figure of a name; without one, all whose names have the word as a part.

        Raises `NoFigure` where there is none.
        """
        figures = self.figures(subject)
        if word.partition(".")[0] == PREFIX:  # many, and slow to make of 10,000 investments
            if subject not in self._curves:
                made = (f for entry in self.entries(subject) for f in self._curve(entry))
                self._curves[subject] = {f.name: f for f in made}
            figures = self._curves[subject]
        if word in figures:
            return [figures[word]]
        part = f".{word}."
        found = [f for name, f in figures.items() if part in f".{name}."]
        if not found:
            broken = "".join(f" ({said})" for said in self._health_errors)
            near = did_you_mean(word, figures, ".")
            raise NoFigure(
                f"`{subject.id}` has no figure `{word}`{broken}{near} "
                f"`itgov why {subject.id}` lists them."
            )
        return found

    def explain(self, subject: WhySubject, figure: Figure) -> Explanation:
        """Return a figure taken apart."""
        return Explanation(
            self.portfolio.today, subject, figure.name, figure.value, figure.words, figure.parts()
        )

    @cached_property
    def unread(self) -> list[str]:
        """What is in no figure because it could not be read."""
        found = [
            f"{p.path}:{p.line}: something here cannot be used and is in no figure"
            for p in unread(self.governed.linked)
        ]
        return [*found, *self._health_errors]

    @property
    def _health_errors(self) -> list[str]:
        book = self.governed.book
        said = f"{book.health_path} has errors: there are no figures of health"
        return [said] if book.health_errors else []

"""Taking records into one portfolio, and finding which of them do not fit together."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property

from msgspec import Struct

from itgov.files.document import Route
from itgov.files.file_findings import (
    file_finding,
    hides,
    lost_records,
    owner_of,
    unit_by_path,
    unusable_values,
)
from itgov.files.link_checks import (
    Known,
    Misfit,
    earlier_ids,
    id_within,
    known_ids,
    look_alike_ids,
    naming_only,
)
from itgov.files.linked import SUGGESTIONS, Elsewhere
from itgov.files.load import ReadFile
from itgov.files.problem import field_of
from itgov.model.builtins import BUILT_IN
from itgov.model.facts import InvestmentFacts, OutcomeFacts
from itgov.model.fields import Kind, references
from itgov.model.finding import Finding, Place, Subject
from itgov.model.nobody import is_named, use_role_titles
from itgov.model.one_form import one_form
from itgov.model.people_facts import EngagementFacts, PersonFacts, RelationshipManagerFacts
from itgov.model.portfolio import (
    EngagementEntry,
    InvestmentEntry,
    Lost,
    ManagerEntry,
    MinutesEntry,
    OrganisationEntry,
    OutcomeEntry,
    PersonEntry,
    Portfolio,
    ScenarioEntry,
    Source,
    UnitEntry,
    unit_stub,
)
from itgov.model.text import did_you_mean
from itgov.model.types import BusinessUnit, Organisation, OrganisationFile, UnitFile
from itgov.model.unit_facts import BusinessUnitFacts, OrganisationFacts

UNKNOWN_CODES: dict[Kind, str] = {
    "person": "REF-001",
    "business_unit": "REF-002",
    "outcome": "REF-003",
    "objective": "REF-004",
    "investment": "REF-005",
}
"""The rule that an id breaks which nobody has defined."""
OWN_KINDS: frozenset[Kind] = frozenset(["person", "objective"])
"""What ids name that other units have none of."""


class Linker:
    """A portfolio in the making: its parts are taken in one after the other, organisation first."""

    def __init__(
        self,
        files: list[ReadFile],
        others: list[ReadFile],
        today: datetime.date,
        elsewhere: Elsewhere,
    ) -> None:
        self.files = files
        self.others = others
        self.documents = {f.document.path: f.document for f in (*files, *others)}
        self.contents = {f.document.path: f.content for f in (*files, *others)}
        self.named = {f.document.path: f.named for f in files}
        self.complete: frozenset[str] = frozenset()
        """Paths of files in which every id is known."""
        self.unknown = 0
        self.unknown_elsewhere = False  # whether such a name may mean something of another unit
        self.elsewhere = elsewhere
        self.engagement_ids: dict[tuple[str, int], str] = {}
        self.findings: list[Finding] = []
        empty = OrganisationEntry(
            Organisation(id="organisation"), OrganisationFacts(), Source("", ())
        )
        self.portfolio = Portfolio(today, empty, {}, {}, {})
        self.is_told = elsewhere.organisation is not None  # all that concerns nobody's unit
        self.defined: defaultdict[str, dict[str, Source]] = defaultdict(dict)
        self.hiding: dict[tuple[str, Place], frozenset[str]] = {}
        lost = [elsewhere.lost]
        for file in files:
            for problem in file.problems:
                told = file_finding(file, problem)
                self.findings.append(told)
                if (hidden := hides(problem)) is not None:
                    self.hiding[told.rule, told.place] = hidden
            # a name may be defined in the part of a broken file that could not be read
            lost.append(lost_records(file))
        unusable = {f.document.path: found for f in files if (found := unusable_values(f))}
        self.lost = self.portfolio.lost = Lost.of_all(lost, unusable)
        for file in others:
            self.findings.extend(file_finding(file, problem) for problem in file.problems)

    # -- what is there ---------------------------------------------------------------------

    @cached_property
    def former(self) -> dict[str, str]:
        """The id that a person has now, by each earlier one."""
        people = self.portfolio.people.values()
        return {old: p.record.id for p in people for old in p.record.formerly}

    def organisation(self) -> None:
        """Take in the organisation, people and relationship managers, and how they call their roles."""
        if (told := self.elsewhere.organisation) is None:
            self._read_organisation()
        else:
            own = self.portfolio
            own.organisation, own.people = told.organisation, told.people
            own.managers, own.minutes = told.managers, told.minutes
        titles = self.portfolio.organisation.record.vocabulary
        use_role_titles(t for f in titles.__struct_fields__ if (t := getattr(titles, f)))

    def _read_organisation(self) -> None:
        portfolio = self.portfolio
        for file in self.files:
            content = file.content
            if not isinstance(content, OrganisationFile):
                continue
            path = file.document.path
            if content.organisation is not None:
                source = Source(path, ("organisation",))
                if portfolio.organisation.source.path:
                    self._twice(
                        "organisation",
                        content.organisation.id,
                        source,
                        portfolio.organisation.source,
                    )
                else:
                    portfolio.organisation = OrganisationEntry(
                        content.organisation, OrganisationFacts(), source
                    )
            for index, person in enumerate(content.people):
                source = Source(path, ("people", index))
                if self._once("person", person.id, source):
                    portfolio.people[person.id] = PersonEntry(person, PersonFacts(), source)
            for index, manager in enumerate(content.relationship_managers):
                source = Source(path, ("relationship_managers", index))
                if self._once("relationship_manager", manager.person, source):
                    portfolio.managers[manager.person] = ManagerEntry(
                        manager, RelationshipManagerFacts(), source
                    )

    def units(self) -> None:
        """Take in business units, each with what any file adds to it."""
        units = self.portfolio.units
        contents = [
            (f.document.path, f.content) for f in self.files if isinstance(f.content, UnitFile)
        ]
        for path, content in contents:
            if isinstance(content.business_unit, BusinessUnit):
                unit = content.business_unit
                source = Source(path, ("business_unit",))
                if self._once("business_unit", unit.id, source):
                    units[unit.id] = UnitEntry(unit, BusinessUnitFacts(), source, [], [], [path])
                for index, objective in enumerate(unit.objectives):
                    at = Source(path, ("business_unit", "objectives", index))
                    self._once("objective", id_within(unit.id, objective.id), at, objective.id)
        for path, content in contents:
            added = content.business_unit
            if added == "":  # the file names no unit; its path may
                home = unit_by_path(path, units)
                if home is None:
                    continue
                added = home
                units.setdefault(home, unit_stub(home, Source(path, ("business_unit",))))
            if isinstance(added, BusinessUnit):
                if path not in units[added.id].paths:
                    units[added.id].paths.append(path)
            else:
                if added not in units:
                    if not self.lost.of_unit(added):
                        known = dict.fromkeys(self.elsewhere.ids.get("business_unit", ())) | units
                        self._unknown("business_unit", added, known, path, ("business_unit",))
                    units[added] = unit_stub(added, Source(path, ("business_unit",)))
                units[added].paths.append(path)
            self._fill(units[added if isinstance(added, str) else added.id], path, content)

    def beside(self) -> None:
        """Take in minutes and scenarios."""
        if not self.others:
            return
        from itgov.model.minutes import Minutes  # few repositories have any
        from itgov.model.scenario import ScenarioFile

        for file in self.others:
            content, path = file.content, file.document.path
            if isinstance(content, Minutes):
                source = Source(path, ("review",))
                if self._once("review", content.review.id, source):
                    self.portfolio.minutes.append(MinutesEntry(content, source))
            elif isinstance(content, ScenarioFile):
                source = Source(path, ("scenario",))
                if self._once("scenario", content.scenario.id, source):
                    self.portfolio.scenarios.append(ScenarioEntry(content.scenario, source))

    def _fill(self, unit: UnitEntry, path: str, content: UnitFile) -> None:
        for index, investment in enumerate(content.investments):
            source = Source(path, ("investments", index))
            if not self._once("investment", investment.id, source):
                continue
            outcomes: list[OutcomeEntry] = []
            for number, outcome in enumerate(investment.outcomes):
                at = Source(path, ("investments", index, "outcomes", number))
                if self._once("outcome", f"{investment.id}/{outcome.id}", at, outcome.id):
                    outcomes.append(OutcomeEntry(outcome, OutcomeFacts(), at))
            unit.investments.append(
                InvestmentEntry(investment, InvestmentFacts(), source, outcomes)
            )
        known = {e.id for e in unit.engagements}
        used: dict[str, int] = {}
        for index, engagement in enumerate(content.engagements):
            identifier = base = f"{unit.record.id}/{engagement.date.isoformat()}"
            number = used.get(base, 2)
            while identifier in known:
                identifier, number = f"{base}#{number}", number + 1
            known.add(identifier)
            used[base] = number
            entry = EngagementEntry(
                identifier, engagement, EngagementFacts(), Source(path, ("engagements", index))
            )
            unit.engagements.append(entry)
            self.engagement_ids[path, index] = identifier

    def _once(self, kind: str, identifier: str, source: Source, said: str | None = None) -> bool:
        first = self.defined[kind].setdefault(identifier, source)
        if first is source:
            return True
        self._twice(kind, said or identifier, source, first)
        return False

    def _twice(self, kind: str, identifier: str, source: Source, first: Source) -> None:
        key: Route = ("person",) if kind == "relationship_manager" else ("id",)
        place = self.documents[first.path].place((*first.route, *key))
        if kind == "investment":  # the second one is judged by no rule
            own = self.documents[source.path].place((*source.route, *key))
            self.hiding["REF-006", own] = frozenset()
        self._add(
            "REF-006",
            f"{kind.replace('_', ' ')} `{identifier}` is already defined in {place.path}:{place.line}",
            source.path,
            (*source.route, *key),
            related=(place,),
        )

    def references(self) -> None:
        """Find names that are nobody's, and ids that are not told from others."""
        people = {} if self.is_told else self.portfolio.people
        self.add_all(earlier_ids(people, "person", self.documents))
        items = {e.record.id: e for e in self.portfolio.investments()}
        self.add_all(earlier_ids(items, "investment", self.documents))
        self.add_all(look_alike_ids(self.defined, self.documents))
        portfolio = self.portfolio
        known = known_ids(portfolio, self.defined, self.elsewhere)
        self.complete = naming_only(self.named, known)
        entries: list[OrganisationEntry | PersonEntry | ManagerEntry] = []
        if not self.is_told:
            entries = [
                portfolio.organisation,
                *portfolio.people.values(),
                *portfolio.managers.values(),
            ]
        for entry in entries:
            self._names(entry.record, entry.source, known)
        for unit in portfolio.units.values():
            self._names(unit.record, unit.source, known)
            known["objective"] = {o.id: None for o in unit.record.objectives}
            self.complete = naming_only({p: self.named.get(p) for p in unit.paths}, known)
            is_stub = unit.record.id not in self.defined["business_unit"]
            for investment in unit.investments:
                self._names(investment.record, investment.source, known, is_stub)
            for engagement in unit.engagements:
                self._names(engagement.record, engagement.source, known)
                for index, opportunity in enumerate(engagement.record.opportunities):
                    at = Source(
                        engagement.source.path, (*engagement.source.route, "opportunities", index)
                    )
                    identifier = id_within(engagement.id, opportunity.id)
                    self._once("opportunity", identifier, at, opportunity.id)

    def references_beside(self) -> None:
        """Find names in minutes and scenarios that are nobody's, and give minutes today's ids of people."""
        portfolio = self.portfolio
        known = known_ids(portfolio, self.defined, self.elsewhere)
        for scenario in portfolio.scenarios:
            self._names(scenario.record, scenario.source, known)
        # units and investments that minutes name may be gone since; people stay listed
        listed = portfolio.people | self.former if portfolio.minutes else {}
        for minutes in portfolio.minutes:
            source = Source(minutes.source.path, ())
            self._names(minutes.record, source, {"person": listed})
            if self.former:
                from itgov.model.minutes import with_people_now

                renamed = with_people_now(minutes.record, self.former)
                minutes.renamed = renamed if renamed is not minutes.record else None

    def _names(self, record: Struct, source: Source, known: Known, is_stub: bool = False) -> None:
        """Find what a record names that is not there, each field by what its type says of it."""
        if source.path in self.complete:
            return
        for field, name, route in references(record):
            ids = known.get(field.kind)
            if ids is None or name in ids or one_form(name) in ids:  # minutes stay as they were
                continue
            if field.meaning.mandatory and not is_named(name):
                continue  # a placeholder is left to the mandatory rules
            blind = self.lost.people if field.kind == "person" else self.lost.of_units()
            if field.kind == "objective":
                blind = blind and is_stub
            if not blind:
                self._unknown(field.kind, name, ids, source.path, (*source.route, *route))

    def _unknown(
        self, kind: Kind, name: str, known: Iterable[str], path: str, route: Route
    ) -> None:
        self.unknown += 1
        self.unknown_elsewhere |= kind not in OWN_KINDS
        guess = ""
        if kind == "person" and name in self.former:
            guess = f"; that person's id is now `{self.former[name]}`"
        elif self.unknown <= SUGGESTIONS:  # finding a likely name is slow, and hundreds need none
            guess = did_you_mean(name, known)
        words = kind.replace("_", " ")
        self._add(
            UNKNOWN_CODES[kind], f"there is no {words} `{name}`{guess}", path, route, names=name
        )

    def add_all(self, misfits: Iterable[Misfit]) -> None:
        """Add a finding for each thing that does not fit."""
        for m in misfits:
            self._add(m.code, m.message, m.path, m.route, m.related)

    def _add(
        self,
        code: str,
        message: str,
        path: str,
        route: Route,
        related: tuple[Place, ...] = (),
        names: str | None = None,
    ) -> None:
        subject, unit = owner_of(
            self.contents[path],
            Subject("file", path),
            route,
            self.portfolio.organisation.record.id,
            lambda index: self.engagement_ids[path, index],
        )
        place = self.documents[path].place(route)
        self.findings.append(
            Finding.of(
                BUILT_IN[code],
                subject,
                place,
                message,
                business_unit=unit,
                field=field_of(route),
                related=related,
                names=names,
            )
        )

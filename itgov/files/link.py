"""Link: from the records of many files to one portfolio, and what does not fit together."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from itgov.files.document import Route
from itgov.files.filefindings import file_finding, home_of, lost_by, owner_of, people_in
from itgov.files.linked import Linked
from itgov.files.load import ReadFile
from itgov.files.misfits import field_of
from itgov.model.builtins import BUILT_IN
from itgov.model.derive import derive
from itgov.model.facts import (
    BusinessUnitFacts,
    EngagementFacts,
    InvestmentFacts,
    OrganisationFacts,
    OutcomeFacts,
    PersonFacts,
    RelationshipManagerFacts,
)
from itgov.model.finding import Finding, Place, Subject
from itgov.model.portfolio import (
    EngagementEntry,
    InvestmentEntry,
    ManagerEntry,
    MinutesEntry,
    OrganisationEntry,
    OutcomeEntry,
    PersonEntry,
    Portfolio,
    Source,
    UnitEntry,
    unit_stub,
)
from itgov.model.text import did_you_mean, is_named
from itgov.model.types import BusinessUnit, Organisation, OrganisationFile, UnitFile, Waiver

SUGGESTIONS = 100
"""How many unknown names of a run are given a likely one."""


def link(
    files: Iterable[ReadFile], today: datetime.date, minutes: Iterable[ReadFile] = ()
) -> Linked:
    """Join what the files say into one portfolio, with every fact derived for `today`.

    `minutes` are those of closed review sessions, read by `read_minutes`.

    Findings are those of the files themselves (YML, MOD) and of references (REF).
    """
    linker = _Linker(list(files), list(minutes), today)
    linker.organisation()
    linker.units()
    linker.minutes()
    linker.references()
    derive(linker.portfolio)
    unread = [path for path, content in linker.contents.items() if content is None]
    return Linked(linker.portfolio, linker.documents, linker.findings, unread, len(linker.files))


class _Linker:
    def __init__(
        self, files: list[ReadFile], minutes: list[ReadFile], today: datetime.date
    ) -> None:
        self.files = files
        self.sessions = minutes
        self.documents = {f.document.path: f.document for f in (*files, *minutes)}
        self.contents = {f.document.path: f.content for f in (*files, *minutes)}
        self.suggested = 0
        self.engagement_ids: dict[tuple[str, int], str] = {}
        self.findings: list[Finding] = []
        empty = OrganisationEntry(
            Organisation(id="organisation"), OrganisationFacts(), Source("", ())
        )
        self.portfolio = Portfolio(today, empty, {}, {}, {})
        self.defined: dict[tuple[str, str], Source] = {}
        self.blind_people = False
        self.blind_units = False
        for file in files:
            for problem in file.problems:
                self.findings.append(file_finding(file, problem))
            # what a broken file would have defined cannot be told from what nobody did
            people, units = lost_by(file)
            self.blind_people = self.blind_people or people
            self.blind_units = self.blind_units or units
        for file in minutes:
            self.findings.extend(file_finding(file, problem) for problem in file.problems)

    # -- what is there ---------------------------------------------------------------------

    def organisation(self) -> None:
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
                    self._once(
                        "objective",
                        f"{unit.id}/{objective.id}",
                        Source(path, ("business_unit", "objectives", index)),
                        objective.id,
                    )
        for path, content in contents:
            added = content.business_unit
            if added == "":  # it should have said which; where it lies may tell
                home = home_of(path, units)
                if home is None:
                    continue
                added = home
                units.setdefault(home, unit_stub(home, Source(path, ("business_unit",))))
            if isinstance(added, BusinessUnit):
                if path not in units[added.id].paths:
                    units[added.id].paths.append(path)
            else:
                if added not in units:
                    self._unknown(
                        "REF-002",
                        "business unit",
                        added,
                        units,
                        path,
                        ("business_unit",),
                        self.blind_units,
                    )
                    units[added] = unit_stub(added, Source(path, ("business_unit",)))
                units[added].paths.append(path)
            self._fill(units[added if isinstance(added, str) else added.id], path, content)

    def minutes(self) -> None:
        for file in self.sessions:
            content = file.content
            if content is not None and not isinstance(content, (OrganisationFile, UnitFile)):
                source = Source(file.document.path, ("review",))
                if self._once("review", content.review.id, source):
                    self.portfolio.minutes.append(MinutesEntry(content, source))

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
        for index, engagement in enumerate(content.engagements):
            identifier = base = f"{unit.record.id}/{engagement.date.isoformat()}"
            number = 2
            while identifier in known:
                identifier, number = f"{base}#{number}", number + 1
            known.add(identifier)
            entry = EngagementEntry(
                identifier, engagement, EngagementFacts(), Source(path, ("engagements", index))
            )
            unit.engagements.append(entry)
            self.engagement_ids[path, index] = identifier

    def _once(self, kind: str, identifier: str, source: Source, said: str | None = None) -> bool:
        first = self.defined.setdefault((kind, identifier), source)
        if first is source:
            return True
        self._twice(kind, said or identifier, source, first)
        return False

    def _twice(self, kind: str, identifier: str, source: Source, first: Source) -> None:
        word = kind.replace("_", " ")
        key: Route = ("person",) if kind == "relationship_manager" else ("id",)
        place = self.documents[first.path].place((*first.route, *key))
        self._add(
            "REF-006",
            f"{word} `{identifier}` is already defined in {place.path}:{place.line}",
            source.path,
            (*source.route, *key),
            related=(place,),
        )

    def references(self) -> None:
        self._organisation_references()
        portfolio = self.portfolio
        investments = {key[1] for key in self.defined if key[0] == "investment"}
        for unit in portfolio.units.values():
            record, source = unit.record, unit.source
            at = source.route
            self._waivers(record.waivers, source.path, at)
            self._person(record.head, source.path, (*at, "head"))
            self._person(record.relationship_manager, source.path, (*at, "relationship_manager"))
            objectives = {o.id for o in record.objectives}
            is_stub = ("business_unit", record.id) not in self.defined
            for entry in unit.investments:
                self._investment(entry, objectives, blind=is_stub and self.blind_units)
            for engagement in unit.engagements:
                self._engagement(engagement, investments)
        for minutes in portfolio.minutes:
            for name, route in people_in(minutes.record):
                self._person(name, minutes.source.path, route)

    def _organisation_references(self) -> None:
        portfolio = self.portfolio
        whole = portfolio.organisation
        self._waivers(whole.record.waivers, whole.source.path, whole.source.route)
        for person in portfolio.people.values():
            path, at = person.source.path, person.source.route
            self._unit(person.record.business_unit, path, (*at, "business_unit"))
        for manager in portfolio.managers.values():
            record, path, at = manager.record, manager.source.path, manager.source.route
            self._person(record.person, path, (*at, "person"))
            self._person(record.reports_to, path, (*at, "reports_to"))
            self._waivers(record.waivers, path, at)
            for index, unit in enumerate(record.serves):
                self._unit(unit, path, (*at, "serves", index))
            for index, measure in enumerate(record.measured_by):
                if ("outcome", measure) not in self.defined:
                    self._unknown(
                        "REF-003",
                        "outcome",
                        measure,
                        (key[1] for key in self.defined if key[0] == "outcome"),
                        path,
                        (*at, "measured_by", index),
                        self.blind_units,
                    )

    def _unit(self, name: str | None, path: str, route: Route) -> None:
        if name is not None and name not in self.portfolio.units:
            self._unknown(
                "REF-002",
                "business unit",
                name,
                self.portfolio.units,
                path,
                route,
                self.blind_units,
            )

    def _person(self, name: str | None, path: str, route: Route) -> None:
        if name is not None and name not in self.portfolio.people:
            self._unknown(
                "REF-001", "person", name, self.portfolio.people, path, route, self.blind_people
            )

    def _investment(self, entry: InvestmentEntry, objectives: set[str], blind: bool) -> None:
        record, path, at = entry.record, entry.source.path, entry.source.route
        people = self.portfolio.people
        for field in ("outcome_owner", "relationship_manager"):
            name: str | None = getattr(record, field)
            if name is not None and name not in people and is_named(name):
                # a placeholder is left to the mandatory rules, which no file can switch off
                self._person(name, path, (*at, field))
        for field in ("sponsor", "delivery_lead", "confidence_by"):
            self._person(getattr(record, field), path, (*at, field))
        if record.objective is not None and record.objective not in objectives:
            self._unknown(
                "REF-004",
                "objective",
                record.objective,
                objectives,
                path,
                (*at, "objective"),
                blind,
            )
        for index, gate in enumerate(record.gates):
            self._person(gate.approved_by, path, (*at, "gates", index, "approved_by"))
        self._waivers(record.waivers, path, at)

    def _waivers(self, waivers: list[Waiver], path: str, at: Route) -> None:
        for index, waiver in enumerate(waivers):
            self._person(waiver.approved_by, path, (*at, "waivers", index, "approved_by"))

    def _engagement(self, entry: EngagementEntry, investments: set[str]) -> None:
        record, path, at = entry.record, entry.source.path, entry.source.route
        self._person(record.by, path, (*at, "by"))
        for index, name in enumerate(record.with_):
            self._person(name, path, (*at, "with", index))
        if record.satisfaction is not None:
            self._person(record.satisfaction.by, path, (*at, "satisfaction", "by"))
        for index, action in enumerate(record.actions):
            self._person(action.owner, path, (*at, "actions", index, "owner"))
        for index, opportunity in enumerate(record.opportunities):
            here = Source(path, (*at, "opportunities", index))
            self._once("opportunity", f"{entry.id}/{opportunity.id}", here, opportunity.id)
            pursued_by = opportunity.investment
            if pursued_by is not None and pursued_by not in investments:
                self._unknown(
                    "REF-005",
                    "investment",
                    pursued_by,
                    investments,
                    path,
                    (*at, "opportunities", index, "investment"),
                    self.blind_units,
                )

    def _unknown(
        self,
        code: str,
        kind: str,
        name: str,
        known: Iterable[str],
        path: str,
        route: Route,
        blind: bool,
    ) -> None:
        if blind:
            return
        guess = ""
        if self.suggested < SUGGESTIONS:  # looking for a likely name is slow; a flood needs none
            self.suggested += 1
            guess = did_you_mean(name, known)
        self._add(code, f"there is no {kind} `{name}`{guess}", path, route)

    def _add(
        self, code: str, message: str, path: str, route: Route, related: tuple[Place, ...] = ()
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
            )
        )

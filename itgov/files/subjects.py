"""The record of a subject: found by kind and id, with its file and its route in there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from itgov.files.document import Document, Route
from itgov.files.linked import Linked
from itgov.files.save import EditRefused
from itgov.model.finding import Subject
from itgov.model.portfolio import EngagementEntry, InvestmentEntry, Portfolio, Source, UnitEntry
from itgov.model.text import did_you_mean, plural
from itgov.model.types import Record

CARRIES_WAIVERS = ("organisation", "business_unit", "investment", "relationship_manager")


class FoundRecord(Struct, frozen=True):
    """A subject's record, its file and its place in there."""

    subject: Subject
    record: Record
    path: str
    route: Route
    """As the text has it: items that did not fit the types are counted."""
    typed: Route
    """As the record's types have it."""
    raw: bytes
    unit: UnitEntry | None = None
    """The business unit it belongs to."""


def find_record(linked: Linked, subject: Subject) -> FoundRecord:
    """Return a subject's record with its place; raise EditRefused where there is none of that id."""
    try:
        record, source, unit = _entry(linked.portfolio, subject)
    except _Nowhere as refused:
        raise _or_unread(refused, linked) from None
    return record_of(linked, subject, record, source, unit)


def investment_records(linked: Linked, identifiers: Sequence[str]) -> list[FoundRecord]:
    """Return the records of several investments, found in one pass; raise as `find_record` does."""
    known = {e.record.id: (e, u) for e, u in reversed(list(_with_units(linked.portfolio)))}
    found = []
    for identifier in identifiers:
        subject = Subject("investment", identifier)
        if identifier not in known:
            raise _or_unread(_nobody(subject, known), linked)
        entry, unit = known[identifier]
        found.append(record_of(linked, subject, entry.record, entry.source, unit))
    return found


def record_of(
    linked: Linked, subject: Subject, record: Record, source: Source, unit: UnitEntry | None
) -> FoundRecord:
    """Return a record of a subject with its place in the text, known by its place in the types."""
    document = linked.documents.get(source.path)
    entry = None if document is None else document.find(source.route)
    if document is None or entry is None or document.sizes[entry] == 1:  # a unit known by its id
        raise EditRefused(f"no file has the record of {words(subject)}; add it first")
    return FoundRecord(
        subject,
        record,
        source.path,
        text_route(document, source.route),
        source.route,
        document.raw,
        unit,
    )


def text_route(document: Document, route: Route) -> Route:
    """Return a route as the text has it, where a list lost items that did not fit the types."""
    if not document.original_indexes:
        return route
    result: list[str | int] = []
    for depth, step in enumerate(route):
        indexes = document.original_indexes.get(route[:depth])
        known = indexes is not None and isinstance(step, int) and step < len(indexes)
        result.append(indexes[step] if known and indexes and isinstance(step, int) else step)
    return tuple(result)


def words(subject: Subject) -> str:
    """Return a subject as a sentence names it: "the investment RET-001"."""
    return f"the {subject.kind.replace('_', ' ')} {subject.id}"


def waiver_carrier(portfolio: Portfolio, subject: Subject) -> Subject:
    """Return the subject on whose record a waiver for `subject` must stand.

    Those of an outcome stand on its investment, those of an engagement on its business unit.
    Raise EditRefused where no record can carry it.
    """
    if subject.kind in CARRIES_WAIVERS:
        return subject
    if subject.kind == "outcome":
        for entry in portfolio.investments():
            if any(f"{entry.record.id}/{o.record.id}" == subject.id for o in entry.outcomes):
                return Subject("investment", entry.record.id)
        raise _nobody(subject, ())
    if subject.kind == "engagement":
        return Subject("business_unit", find_engagement(portfolio, subject.id)[1].record.id)
    raise EditRefused(
        f"{words(subject)} cannot have a waiver; waivers belong to the organisation, a business "
        "unit, an investment or a relationship manager"
    )


def find_engagement(portfolio: Portfolio, identifier: str) -> tuple[EngagementEntry, UnitEntry]:
    """Return the engagement `<unit>/<date>` with its unit."""
    unit = portfolio.units.get(identifier.rpartition("/")[0])
    if unit is None:
        raise _nobody(Subject("engagement", identifier), ())
    for entry in unit.engagements:
        if entry.id == identifier:
            return entry, unit
    raise _nobody(Subject("engagement", identifier), (e.id for e in unit.engagements))


def _entry(portfolio: Portfolio, subject: Subject) -> tuple[Record, Source, UnitEntry | None]:
    kind, identifier = subject.kind, subject.id
    if kind == "organisation":
        whole = portfolio.organisation
        if not whole.source.path or whole.record.id != identifier:
            raise _nobody(subject, [whole.record.id])
        return whole.record, whole.source, None
    if kind == "business_unit":
        unit = portfolio.units.get(identifier)
        if unit is None:
            raise _nobody(subject, portfolio.units)
        return unit.record, unit.source, unit
    if kind == "engagement":
        engagement, unit = find_engagement(portfolio, identifier)
        return engagement.record, engagement.source, unit
    if kind == "investment":
        investment, unit = _investment(portfolio, identifier)
        return investment.record, investment.source, unit
    if kind == "outcome":
        known = []
        for investment, unit in _with_units(portfolio):
            if identifier.startswith(f"{investment.record.id}/"):
                for outcome in investment.outcomes:
                    known.append(f"{investment.record.id}/{outcome.record.id}")
                    if known[-1] == identifier:
                        return outcome.record, outcome.source, unit
        raise _nobody(subject, known)
    if kind == "person":
        person = portfolio.people.get(identifier)
        if person is None:
            raise _nobody(subject, portfolio.people)
        return person.record, person.source, None
    if kind == "relationship_manager":
        manager = portfolio.managers.get(identifier)
        if manager is None:
            raise _nobody(subject, portfolio.managers)
        return manager.record, manager.source, None
    raise EditRefused(f"{words(subject)} is not edited this way")


def _investment(portfolio: Portfolio, identifier: str) -> tuple[InvestmentEntry, UnitEntry]:
    for entry, unit in _with_units(portfolio):
        if entry.record.id == identifier:
            return entry, unit
    known = (e.record.id for e in portfolio.investments())
    raise _nobody(Subject("investment", identifier), known)


def _with_units(portfolio: Portfolio) -> Iterator[tuple[InvestmentEntry, UnitEntry]]:
    for unit in portfolio.units.values():
        for entry in unit.investments:
            yield entry, unit


class _Nowhere(EditRefused):
    """There is no such record in the files that can be read."""


def _nobody(subject: Subject, known: Iterable[str]) -> _Nowhere:
    kind = subject.kind.replace("_", " ")
    return _Nowhere(f"there is no {kind} `{subject.id}`{did_you_mean(subject.id, known)}")


def _or_unread(refused: EditRefused, linked: Linked) -> EditRefused:
    """Return a refusal that names the file the record may be in, where one cannot be read."""
    if not linked.unread:
        return refused
    first, *others = linked.unread
    where = f"{first} and {plural(len(others), 'other file')}" if others else first
    return EditRefused(f"{refused}; {where} cannot be read, correct that first")

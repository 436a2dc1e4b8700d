"""What a portfolio excuses, keeps back or says of people that was not agreed before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from msgspec import structs

from itgov.files.document import Document
from itgov.files.places import locate
from itgov.insight.diff_identity import NewIds, new_ids
from itgov.insight.flow import ApartJudge
from itgov.insight.governed import Governed
from itgov.model.drawn_texts import drawn
from itgov.model.finding import Finding, Place, Subject
from itgov.model.portfolio import InvestmentEntry, Portfolio, Source
from itgov.model.replaced import replaced
from itgov.model.types import (
    BusinessUnit,
    Investment,
    Organisation,
    Person,
    RelationshipManager,
    Waiver,
)
from itgov.rules.policy import policy_finding

Waived: TypeAlias = Organisation | RelationshipManager | BusinessUnit | Investment
"""A record that may hold waivers."""


def record_changes(agreed: Portfolio, governed: Governed) -> Iterator[Finding]:
    """Yield what a portfolio excuses, keeps back or adds that the agreed one does not have."""
    now, documents = governed.linked.portfolio, governed.linked.documents
    ids = new_ids(agreed, now)
    yield from _waivers(agreed, now, ids, documents)
    yield from _withheld(agreed, governed, ids)
    yield from _people(agreed, now, ids, documents)


def _waivers(
    agreed: Portfolio, now: Portfolio, ids: NewIds, documents: dict[str, Document]
) -> Iterator[Finding]:
    earlier = {ids.of(s): record.waivers for s, _, record in _waivable(agreed)}
    for subject, source, record in _waivable(now):
        others = earlier.get(subject, [])
        for index, waiver in enumerate(record.waivers):
            if not any(_covers(other, waiver, ids.people) for other in others):
                at = Source(source.path, (*source.route, "waivers", index))
                yield _of_waiver(agreed, waiver, locate(documents, at, "rule"), subject)


def _withheld(agreed: Portfolio, governed: Governed, ids: NewIds) -> Iterator[Finding]:
    """Yield each field that is newly withheld, an error where a rule would fail with one for want of it."""
    former = {new: old for old, new in ids.investments.items()}
    known = {e.record.id: e.record.withheld for e in agreed.investments()}
    new: list[tuple[InvestmentEntry, dict[str, str]]] = []
    for entry in governed.linked.portfolio.investments():
        record = entry.record
        was = known.get(former.get(record.id, record.id), {})
        if record.withheld.keys() - was.keys():
            new.append((entry, {k: v for k, v in record.withheld.items() if k in was}))
    silenced = _silenced(governed, new) if new else {}
    for entry, kept in new:
        identifier = entry.record.id
        subject = Subject("investment", identifier)
        rules = silenced.get(identifier, [])
        for field in entry.record.withheld.keys() - kept.keys():
            said = f"{identifier} withholds `{field}`, which was not agreed before"
            if rules:
                said += f"; without what it newly withholds {_listed(rules)} would fail"
            place = locate(governed.linked.documents, entry.source, f"withheld.{field}")
            yield policy_finding("POL-007" if rules else "POL-004", said, place, subject)


def _silenced(
    governed: Governed, new: list[tuple[InvestmentEntry, dict[str, str]]]
) -> dict[str, list[str]]:
    """Return the rules that would fail with an error if nothing were newly withheld, by investment."""
    linked = governed.linked
    records = {e.record.id: structs.replace(e.record, withheld=kept) for e, kept in new}
    published = structs.replace(linked, portfolio=replaced(linked.portfolio, records))
    (as_is, then), _ = ApartJudge().judge([linked, published], governed.book)
    known = {f.fingerprint for f in as_is.judged.findings if not f.waived}
    found: dict[str, list[str]] = {}
    for f in then.judged.findings:
        if f.severity != "error" or f.waived or f.fingerprint in known:
            continue
        item = f.subject.id.partition("/")[0]
        of_unit = [e.record.id for e, _ in new if f.business_unit in (None, e.facts.business_unit)]
        for identifier in [item] if item in records else of_unit:
            rules = found.setdefault(identifier, [])
            if f.rule not in rules:
                rules.append(f.rule)
    return found


def _listed(rules: list[str]) -> str:
    more = f" and {len(rules) - 5:,} more rules" if len(rules) > 5 else ""
    return ", ".join(rules[:5]) + more


def _people(
    agreed: Portfolio, now: Portfolio, ids: NewIds, documents: dict[str, Document]
) -> Iterator[Finding]:
    """Yield people, earlier ids, names and sides that the agreed portfolio does not have."""
    former = {new: old for old, new in ids.people.items()}
    called = {drawn(p.record.name): i for i, p in agreed.people.items() if i in now.people}
    claimed = {old for e in agreed.people.values() for old in e.record.formerly}
    for identifier, entry in now.people.items():
        person, subject = entry.record, Subject("person", identifier)
        earlier = agreed.people.get(identifier) or agreed.people.get(former.get(identifier, ""))
        if identifier not in agreed.people:
            said = f"{person.name} (`{identifier}`) is a new person"
            if same := called.get(drawn(person.name)):
                said += f", called as `{same}` is"
            yield policy_finding("POL-005", said, locate(documents, entry.source, "id"), subject)
        for index, old in enumerate(person.formerly):
            if old not in claimed:
                said = f"`{identifier}` is said to have been `{old}` before"
                place = locate(documents, entry.source, f"formerly.{index}")
                yield policy_finding("POL-005", said, place, subject)
        if earlier is not None:
            for rule, field, said in _changed(earlier.record, person):
                place = locate(documents, entry.source, field)
                yield policy_finding(rule, f"`{identifier}` {said}", place, subject)


_SIDES = {"business": "of the business side", "it": "of the IT side", None: "of no side on record"}


def _changed(was: Person, person: Person) -> Iterator[tuple[str, str, str]]:
    """Yield rule, field and words for what a person is now said to be.

    Another side, or none, decides what a person may own, confirm and approve: that is weaker.
    """
    if person.side != was.side:
        said = f"is {_SIDES[person.side]}, and was {_SIDES[was.side]}"
        yield "POL-001" if was.side is not None else "POL-005", "side", said
    if person.name != was.name:
        yield "POL-005", "name", f"is called {person.name}, and was called {was.name}"


def _waivable(portfolio: Portfolio) -> Iterator[tuple[Subject, Source, Waived]]:
    """Yield every record that may hold waivers."""
    whole = portfolio.organisation
    yield Subject("organisation", whole.record.id), whole.source, whole.record
    for manager in portfolio.managers.values():
        person = manager.record.person
        yield Subject("relationship_manager", person), manager.source, manager.record
    for unit in portfolio.units.values():
        yield Subject("business_unit", unit.record.id), unit.source, unit.record
        for entry in unit.investments:
            yield Subject("investment", entry.record.id), entry.source, entry.record


def _covers(agreed: Waiver, waiver: Waiver, people: Mapping[str, str]) -> bool:
    """Say whether a waiver excuses no more than an agreed one does."""
    approver = people.get(agreed.approved_by or "", agreed.approved_by)
    if agreed.rule != waiver.rule or approver != waiver.approved_by:
        return False
    return waiver.until is None or (agreed.until is not None and waiver.until <= agreed.until)


def _of_waiver(agreed: Portfolio, waiver: Waiver, place: Place, subject: Subject) -> Finding:
    approver = agreed.people.get(waiver.approved_by or "")
    sound = approver is not None and approver.record.side == "business"
    until = f" until {waiver.until}" if waiver.until is not None else ""
    said = f"a new or longer waiver of {waiver.rule} for {subject.id}{until}"
    if sound:
        return policy_finding(
            "POL-002", f"{said}, approved by {waiver.approved_by}", place, subject
        )
    why = (
        "nobody approved it"
        if waiver.approved_by is None
        else f"`{waiver.approved_by}`, who approved it, was not listed on the business side before"
    )
    return policy_finding("POL-003", f"{said}: {why}", place, subject)

"""Judging a work tree by the policy of a git revision, and what the two differ in."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TypeAlias

from msgspec import Struct

from itgov.files.git import GitError
from itgov.files.git_history import Commit, History
from itgov.files.git_objects import not_here
from itgov.files.linked import Linked
from itgov.files.places import locate
from itgov.files.repository import BrokenConfig, Repository, config_of
from itgov.files.sources import WorkTree
from itgov.insight.diff_identity import new_ids
from itgov.insight.flow import Flow, refuse_broken_rules
from itgov.model.finding import Finding, Place, Subject
from itgov.model.nobody import drawn, use_own_words
from itgov.model.portfolio import Portfolio, Source
from itgov.model.types import BusinessUnit, Investment, Organisation, RelationshipManager, Waiver
from itgov.rules.book import load_rules
from itgov.rules.policy import (
    Policy,
    config_changes,
    health_changes,
    policy_finding,
    rule_changes,
)

Waived: TypeAlias = Organisation | RelationshipManager | BusinessUnit | Investment
"""A record that may hold waivers."""


class AgreedPolicy(Struct):
    """The policy of a git revision, and the portfolio that it was agreed beside."""

    revision: Commit
    repository: Repository
    """The work tree, governed as the revision says: its folders, what fails, who is nobody."""
    policy: Policy
    portfolio: Portfolio
    standard: bool
    """Whether the revision has no rules of its own, so that the standard pack holds."""


def agreed_policy(root: Path, revision: str, today: datetime.date) -> AgreedPolicy:
    """Return the policy of a revision.

    Raises `GitError` where git does not have all of it, `BrokenConfig` and `BrokenRules` where it
    cannot be used.
    """
    with History(root) as history:
        try:
            commit = history.resolve(revision)
        except GitError as error:
            raise GitError(f"{error}; fetch it: `git fetch origin {revision}`") from None
        snapshot = history.snapshot(commit)
        document, config = config_of(snapshot, root)
        use_own_words(frozenset(config.placeholders))
        repository = Repository(root, config)
        version = repository.version(snapshot)
        book = load_rules(snapshot, version.rules)
        linked = Flow(repository).linked(today, version, empty=True)
        standard = not version.rule_files
        if snapshot.lacking:
            raise not_here(f"{min(snapshot.lacking)} at {commit.id[:10]}")
    refuse_broken_rules(book)
    return AgreedPolicy(
        commit, repository, Policy(config, document, book), linked.portfolio, standard
    )


def differences(agreed: AgreedPolicy, linked: Linked) -> list[Finding]:
    """Return a finding for each way in which a work tree's policy, and what its records excuse, is
    another than agreed.  A policy of the work tree that cannot be used is a finding."""
    root = agreed.repository.root
    tree = WorkTree(root)
    found: list[Finding] = []
    try:
        document, config = config_of(tree, root)
    except BrokenConfig as broken:
        found += [_broken(p.message, p.place(broken.document)) for p in broken.problems]
        document, config = broken.document, agreed.policy.config
    book = load_rules(tree, Repository(root, config).rule_folders)
    found += [_broken(f.message, f.place) for f in book.errors]
    now = Policy(config, document, book)
    found += config_changes(agreed.policy, now)
    if not book.broken:
        found += rule_changes(agreed.policy, now)
    if not book.health_errors:
        found += health_changes(agreed.policy, now)
    return [*found, *record_changes(agreed.portfolio, linked)]


def _broken(message: str, place: Place) -> Finding:
    return policy_finding("POL-006", message, place)


def record_changes(agreed: Portfolio, linked: Linked) -> Iterator[Finding]:
    """Yield what a portfolio excuses or adds that the agreed one does not have."""
    now, documents = linked.portfolio, linked.documents
    ids = new_ids(agreed, now)
    earlier_waivers = {ids.of(s): record.waivers for s, _, record in _waivable(agreed)}
    for subject, source, record in _waivable(now):
        others = earlier_waivers.get(subject, [])
        for index, waiver in enumerate(record.waivers):
            if not any(_covers(other, waiver, ids.people) for other in others):
                place = locate(documents, source, f"waivers.{index}")
                yield _of_waiver(agreed, waiver, place, subject)
    former = {new: old for old, new in ids.investments.items()}
    known = {e.record.id: e.record for e in agreed.investments()}
    for entry in now.investments():
        record, subject = entry.record, Subject("investment", entry.record.id)
        earlier = known.get(former.get(record.id, record.id))
        for field in record.withheld:
            if earlier is None or field not in earlier.withheld:
                said = f"{record.id} withholds `{field}`, which was not agreed before"
                place = locate(documents, entry.source, f"withheld.{field}")
                yield policy_finding("POL-004", said, place, subject)
    people = agreed.people
    called = {drawn(p.record.name): i for i, p in people.items() if i in now.people}
    claimed = {old for e in people.values() for old in e.record.formerly}
    for identifier, person in now.people.items():
        subject = Subject("person", identifier)
        if identifier not in people:
            said = f"{person.record.name} (`{identifier}`) is a new person"
            if same := called.get(drawn(person.record.name)):
                said += f", called as `{same}` is"
            yield policy_finding("POL-005", said, locate(documents, person.source, "id"), subject)
        for old in person.record.formerly:
            if old not in claimed:
                said = f"`{identifier}` is said to have been `{old}` before"
                place = locate(documents, person.source, "formerly")
                yield policy_finding("POL-005", said, place, subject)


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

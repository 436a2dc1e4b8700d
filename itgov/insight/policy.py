"""Judging a work tree by the policy of a git revision, and what the two differ in."""

from __future__ import annotations

import datetime
from pathlib import Path

from msgspec import Struct

from itgov.files.git import GitError
from itgov.files.git_history import Commit, History
from itgov.files.git_objects import not_here
from itgov.files.repository import BrokenConfig, Repository, config_of
from itgov.files.sources import WorkTree
from itgov.insight.flow import Flow, Governed, refuse_broken_rules
from itgov.insight.policy_records import record_changes
from itgov.model.finding import Finding, Place
from itgov.model.nobody import use_own_words
from itgov.model.portfolio import Portfolio
from itgov.rules.book import load_rules
from itgov.rules.policy import (
    Policy,
    config_changes,
    health_changes,
    policy_finding,
    rule_changes,
)


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


def differences(agreed: AgreedPolicy, governed: Governed) -> list[Finding]:
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
    return [*found, *record_changes(agreed.portfolio, governed)]


def _broken(message: str, place: Place) -> Finding:
    return policy_finding("POL-006", message, place)

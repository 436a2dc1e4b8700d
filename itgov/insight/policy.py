"""Judging a work tree by the policy of a git revision, and what the two differ in."""

from __future__ import annotations

import datetime
from pathlib import Path

from msgspec import Struct, structs

from itgov.files.git import GitError
from itgov.files.git_history import Commit, History
from itgov.files.git_objects import not_here
from itgov.files.repository import BrokenConfig, Paths, Repository, config_of
from itgov.files.sources import WorkTree
from itgov.insight.flow import Flow, refuse_broken_rules
from itgov.insight.governed import Governed
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
    moved: tuple[tuple[str, str], ...] = ()
    """Folders that the revision names and that are gone, each with the one that is judged in its place."""


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
        moved = _moved(root, config.paths)
        paths = structs.replace(config.paths, **{field: now for field, _, now in moved})
        judged = Repository(root, structs.replace(config, paths=paths))
        if snapshot.lacking:
            raise not_here(f"{min(snapshot.lacking)} at {commit.id[:10]}")
    refuse_broken_rules(book)
    return AgreedPolicy(
        commit,
        judged,
        Policy(config, document, book),
        linked.portfolio,
        standard,
        tuple((was, now) for _, was, now in moved),
    )


def _moved(root: Path, agreed: Paths) -> list[tuple[str, str, str]]:
    """Return which folders of the portfolio are gone from where they were agreed, by the field of `paths`,
    the folder, and the one that the work tree names and has.

    A move that is agreed has to be judged where it leads; that `paths` is another is a finding.
    """
    tree = WorkTree(root)
    try:
        now = config_of(tree, root)[1].paths
    except BrokenConfig:
        return []
    found = []
    for field in ("portfolios", "reviews", "scenarios"):
        was, new = getattr(agreed, field), getattr(now, field)
        if was != new and tree.files(new) and not tree.files(was):
            found.append((field, was, new))
    return found


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

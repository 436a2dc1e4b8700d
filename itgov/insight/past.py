"""The portfolio at a commit of its git history, judged as of that commit's day."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from functools import partial
from pathlib import Path

from msgspec import Struct

from itgov.files.commit_folders import FolderFinder
from itgov.files.git import GitError
from itgov.files.git_history import Commit, History
from itgov.files.repository import NoRepository, Repository
from itgov.insight.diff import Differ, open_sides
from itgov.insight.flow import Flow
from itgov.insight.governed import Governed
from itgov.insight.trend_periods import is_day, span_of, stops_of
from itgov.rules.catalogue import RuleBook


class PastState(Struct, frozen=True):
    """What was judged, and the commit that its files are of."""

    commit: Commit
    governed: Governed


class Earlier(Struct, frozen=True):
    """What gives earlier states of the files."""

    root: Path
    state_at: Callable[[str], PastState] | None = None
    """Takes a month, a date, a tag or a commit.  Raises `GitError`."""
    differ: Callable[[], Differ] | None = None
    """The two states that are compared.  Raises `GitError`.

    Where these are None, lines have their commits and there are no figures of earlier states: to judge
    one takes as long as to judge today's.
    """


def earlier_states(
    repository: Repository, book: RuleBook, revisions: str | None, as_of: datetime.date | None
) -> Earlier:
    """Return what gives earlier states of a repository; `revisions` are those of a diff."""
    differ = partial(open_sides, repository, revisions, as_of)
    return Earlier(repository.root, partial(state_at, repository, book), differ)


def state_at(repository: Repository, book: RuleBook, label: str) -> PastState:
    """Return the portfolio at a point of a trend: a month, a date, a tag or a commit.

    It is judged by the rules of a book as of the day of the commit, and git is asked.
    Raises `GitError` where git cannot answer, or no portfolio was there.
    """
    history = History(repository.root)
    try:
        by = "month" if is_day(label) else "commit"
        span = span_of(history, label if by == "month" else None, label)
        commit = stops_of(history, "month", span)[-1].commit if by == "month" else span.head
        version = FolderFinder(history, repository.config).of(commit)
        version.load()
    finally:
        history.close()
    try:
        governed = Flow(repository, workers=False).at(commit.date, book, version, history=True)
    except NoRepository:
        raise GitError(f"there was no portfolio at {label}") from None
    return PastState(commit, governed)

"""Trend: health, line of sight and findings at one point of the git history after another.

Nothing is checked out.  The as-of date of a point is the day of its commit, in UTC, so a trend can
be reproduced at any time.  What was computed of the same files by the same rules as of the same
day is kept, and never computed again.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import msgspec
from msgspec import Struct

from itgov.files.blake2 import blake2b
from itgov.files.cache import Cache
from itgov.files.commit_folders import FolderFinder
from itgov.files.git_history import Commit, History
from itgov.files.git_snapshot import Snapshot
from itgov.files.parallel import Progress, share
from itgov.files.repository import Repository
from itgov.files.shared_work import Tick
from itgov.files.shipped import standard_root
from itgov.files.sources import Version, WorkTree
from itgov.files.typed_cache import TypedCache
from itgov.insight.flow import asks_for_history
from itgov.insight.trend_figures import FigureMaker
from itgov.insight.trend_managers import Followed, follow
from itgov.insight.trend_periods import TrendStop, is_day, span_of, stops_of
from itgov.insight.trend_points import CommitFigures, Period, Point, Trend
from itgov.model.nobody import own_words
from itgov.rules.catalogue import RuleBook

WORTH_SHARING = 12
"""Commits from which a second process pays for its start."""


class TrendQuery(Struct, frozen=True):
    """What is asked of the history."""

    by: Period = "month"
    since: str | None = None
    until: str | None = None
    unit: str | None = None
    rules_then: bool = False
    manager: str | None = None
    """The id or name of a relationship manager, past ones too."""


class _Job(Struct, frozen=True):
    """One commit that has to be measured, and the key under which its figures are kept."""

    key: str
    version: Version[Snapshot]
    day: datetime.date
    commit: str


def measure_trend(
    repository: Repository, book: RuleBook, query: TrendQuery, progress: Progress | None = None
) -> Trend:
    """Return the trend of a repository.  Raises `GitError` where git cannot answer.

    `progress` is told "History" and the share that is done.
    """
    history = History(repository.root)
    try:
        span = span_of(history, query.since, query.until)
        stops = stops_of(history, query.by, span)
        rules = None if query.rules_then else book
        asks = query.manager is not None
        figures = _figures(repository, history, stops, rules, asks, progress)
        points = [
            Point(
                label=stop.label,
                commit=stop.commit.id,
                time=stop.commit.time,
                as_of=stop.commit.date,
                title=stop.commit.title,
                carried=stop.carried,
                figures=figures[stop.commit.id],
            )
            for stop in stops
        ]
        return Trend(
            by=query.by,
            rules_then=query.rules_then,
            head=span.head.id,
            shallow=history.shallow,
            unit=query.unit,
            manager=_followed(query.manager, points),
            points=tuple(points),
            healthy=book.health.bands.healthy,
            attention=book.health.bands.attention,
            notes=tuple(_notes(history, span.head, stops, span.since is None)),
        )
    finally:
        history.close()


def _followed(word: str | None, points: Sequence[Point]) -> Followed | None:
    return follow(word, [p.figures.managers for p in points]) if word is not None else None


def measure_before(
    repository: Repository, book: RuleBook, then: str, progress: Progress | None = None
) -> Point | None:
    """Return the figures of a day, of a month's end or of a revision, by the rules of today.

    None where there was no portfolio yet.  Raises `GitError` where git cannot answer.
    """
    by: Period = "month" if is_day(then) else "commit"
    point = measure_trend(repository, book, TrendQuery(by, then, then), progress).points[-1]
    return point if point.figures.state != "no portfolio" else None


def _notes(
    history: History, head: Commit, stops: Sequence[TrendStop], open_start: bool
) -> list[str]:
    if not history.shallow or not open_start:
        return []
    first = history.line(head)[0]
    if not history.is_boundary(first) or stops[0].commit.time > first.time:
        return []
    return [
        f"This is a shallow clone: the history before {first.date} (commit {first.id[:10]}) is missing. "
        "Fetch it with `git fetch --unshallow`."
    ]


def _figures(
    repository: Repository,
    history: History,
    stops: Sequence[TrendStop],
    book: RuleBook | None,
    managers: bool,
    progress: Progress | None,
) -> dict[str, CommitFigures]:
    """Return the figures of every commit, by its id: those that were kept, and the others made."""
    cache = TypedCache("trend", CommitFigures)
    digest = _digest(book)
    sites = FolderFinder(history, repository.config)
    maker = FigureMaker(repository, book, managers)
    facts = maker.flow.git
    git = facts if managers or book is None or asks_for_history(book) else None
    found: dict[str, CommitFigures] = {}
    jobs: dict[str, _Job] = {}
    keys: dict[str, str] = {}
    for stop in reversed(stops):  # the newest first: older ones may have been elsewhere
        commit = stop.commit
        if commit.id in keys:
            continue
        version = sites.of(commit)
        folders = [version.portfolios, version.reviews]
        if book is None:
            folders += version.rules
        named = [f"{folder} {version.source.identity(folder)}" for folder in folders]
        named.append(f"evidence {version.source.tree}")  # a path may lie anywhere below the root
        named.append(facts.reach if facts is not None else "")
        if git is not None:  # what came before a commit is part of what is said of it
            named.append(commit.id)
        kind = "figures and managers" if managers else "figures"
        key = keys[commit.id] = cache.key(kind, digest, commit.date.isoformat(), *named)
        if key in jobs:
            continue
        kept = cache.recall(key)
        if kept is not None:
            found[key] = kept
        else:
            jobs[key] = _Job(key, version, commit.date, commit.id)
    history.close()  # a worker must not share the pipes
    if git is not None and jobs:
        newest = stops[-1].commit.id
        git.prepare([newest, *(job.commit for job in jobs.values())])
    for key, made in _made(list(jobs.values())[::-1], maker, progress):
        found[key] = made
        cache.keep(key, made)
    if jobs:
        cache.tidy()
        Cache("files").tidy()
    return {commit: found[key] for commit, key in keys.items()}


def _made(
    jobs: list[_Job], maker: FigureMaker, progress: Progress | None
) -> list[tuple[str, CommitFigures]]:
    if not jobs:
        return []

    def tick(done: float) -> None:
        if progress is not None:
            progress("History", done)

    def work(part: Sequence[_Job], tick: Tick) -> bytes:
        made = []
        for index, job in enumerate(part):
            tick(index / len(part))
            made.append((job.key, maker.figures(job.version, job.day)))
        return _encoder.encode(made)

    parts = share(work, jobs, [1] * len(jobs), WORTH_SHARING, tick)
    return [pair for part in parts for pair in _list_decoder.decode(part)]


_encoder = msgspec.msgpack.Encoder()
_list_decoder = msgspec.msgpack.Decoder(list[tuple[str, CommitFigures]])


def _digest(book: RuleBook | None) -> bytes:
    """Return a digest of the rules of a book, or of the standard pack that others may extend."""
    state = blake2b("\n".join(own_words()).encode("utf-8", "replace"), digest_size=20)
    if book is not None:
        state.update(_encoder.encode([(r.rule, r.shipped) for r in book.rules]))
        state.update(_encoder.encode(book.health))
    else:
        for file in WorkTree(standard_root()).files("rules"):
            state.update(f"{file.path}\0{len(file.data)}\0".encode())
            state.update(file.data)
    return state.digest()

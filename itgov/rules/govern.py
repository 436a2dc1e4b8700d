"""The flow that every face shares: read the files, link them, judge the portfolio."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence

from msgspec import Struct

from itgov.files.link import link
from itgov.files.linked import Linked
from itgov.files.load import ReadFile, read_files, read_minutes
from itgov.files.repository import NoRepository, Repository
from itgov.files.sources import RawFile, Source
from itgov.model.portfolio import Evidence
from itgov.rules.book import RuleBook, load_rules
from itgov.rules.judge import judge
from itgov.rules.verdicts import Judged
from itgov.rules.vocabulary import reads_history

Progress = Callable[[str, float], None]
"""Told what is being done and how much of it is done, 0 to 1."""


class Governed(Struct):
    """A repository, read, linked and judged."""

    linked: Linked
    judged: Judged
    files: int
    """Number of portfolio files."""


def rules_of(repository: Repository, source: Source | None = None, check: bool = True) -> RuleBook:
    """Return the rules in force in a repository, on disk or as another source has them."""
    return load_rules(source or repository.tree, repository.rule_folders, check)


def minutes_of(repository: Repository, source: Source | None = None) -> list[ReadFile]:
    """Return what the minutes of a repository's closed review sessions say, file by file."""
    files = (source or repository.tree).files(repository.config.paths.reviews)
    return [read_minutes(raw) for raw in files]


def govern(
    repository: Repository,
    book: RuleBook,
    today: datetime.date,
    source: Source | None = None,
    progress: Progress | None = None,
) -> Governed:
    """Read, link and judge the portfolio of a repository by a rule book.

    Raises `NoRepository` where there is no portfolio file: nothing checked is never green.
    """
    folder = repository.config.paths.portfolios
    raw = (source or repository.tree).files(folder)
    if not raw:
        raise NoRepository(f"no portfolio file found in `{folder}/`; start one with `itgov init`")
    read = read_files(raw, progress)
    linked = link(read, today, minutes_of(repository, source))
    look_back(repository, book, linked, source.commit if source is not None else None, raw, read)
    return Governed(linked, judge(linked, book, progress=progress), len(raw))


def look_back(
    repository: Repository,
    book: RuleBook,
    linked: Linked,
    commit: str | None,
    raw: Sequence[RawFile],
    read: Sequence[ReadFile],
) -> None:
    """Fill in what git knows of a portfolio at a commit, or on disk, where any rule asks for it.

    `raw` and `read` are the files on disk.
    """
    if not asks_for_history(book):
        return
    from itgov.files.git_dir import find_git_dir

    git = find_git_dir(str(repository.root))
    if git is None:
        linked.portfolio.evidence = Evidence("no git")
        return
    from itgov.files.git_facts import GitFacts

    past = GitFacts(repository, git)
    if commit is not None:
        past.tell(linked.portfolio, commit)
        past.close()
    else:
        past.tell_work_tree(linked.portfolio, raw, read)


def asks_for_history(book: RuleBook) -> bool:
    """Say whether any rule in force, or how health is scored, reads what only git can tell."""
    health = book.health
    sources = [
        *(t for r in book.rules for t in (r.rule.when, r.rule.assert_, r.rule.message) if t),
        *(cap.when for cap in health.caps),
        *(d.score for d in health.dimensions if d.score),
    ]
    return reads_history(sources)

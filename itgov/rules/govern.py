"""The flow that every face shares: read the files, link them, judge the portfolio."""

from __future__ import annotations

import datetime
from collections.abc import Callable

from msgspec import Struct

from itgov.files.link import Linked, link
from itgov.files.load import read_files
from itgov.files.repository import NoRepository, Repository
from itgov.files.sources import Source
from itgov.rules.book import RuleBook, load_rules
from itgov.rules.judge import judge
from itgov.rules.verdicts import Judged

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
    linked = link(read_files(raw, progress), today)
    return Governed(linked, judge(linked, book, progress=progress), len(raw))

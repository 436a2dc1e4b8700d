"""`itgov managers`: whom the relationship managers serve, and their position."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence

from itgov.cli.figures import (
    add_options,
    day_of,
    judged,
    open_repository,
    show,
    warn_of_unread,
    written,
)
from itgov.cli.options import Parser, Stop
from itgov.insight.manager_types import ManagersReport, Scorecard
from itgov.model.one_form import one_form
from itgov.model.text import did_you_mean

DESCRIPTION = """\
The relationship managers: units and spend served, load, position and time in it, whom they
represent and report to, what appraises them, conflicts of loyalty, experience, and
the value for money of what they serve.

PERSON is the id of a relationship manager, to show the whole card; several may be given.
PATH is a repository (default: here, or the nearest folder above with portfolios/).

Exit codes: 0 whatever the cards say; 2 the work could not be done.
"""


def run(arguments: list[str]) -> int:
    """Run the verb and return the exit code."""
    parser = Parser("itgov managers", DESCRIPTION)
    parser.add_argument(
        "words", nargs="*", metavar="PERSON|PATH", help="whose card, and the repository"
    )
    add_options(parser)
    _managers(parser.parse_args(arguments))
    return 0


def _managers(options: argparse.Namespace) -> None:
    paths = [word for word in options.words if _is_path(word)]
    people = [word for word in options.words if not _is_path(word)]
    if len(paths) > 1:
        raise Stop(f"`{paths[0]}` and `{paths[1]}` are two repositories; use one of them")
    repository, book = open_repository(paths[0] if paths else None)
    governed = judged(repository, book, day_of(options))
    report = governed.managers
    chosen = _chosen(report, people)
    warn_of_unread(report.unread)
    detail = bool(people)

    def write_as(name: str, color: bool, width: int | None) -> str:
        if name == "json":
            from itgov.report.managers_json import managers_json

            return managers_json(report, chosen)
        from itgov.report.managers_document import managers_document

        return written(managers_document(report, chosen, detail=detail), name, color, width)

    show(options, write_as)


def _is_path(word: str) -> bool:
    return word.startswith((".", os.sep)) or os.path.exists(word)


def _chosen(report: ManagersReport, people: Sequence[str]) -> list[Scorecard]:
    if not people:
        return list(report.managers)
    known = {m.person: m for m in report.managers}
    by_name = {m.name.casefold(): m for m in report.managers}
    found = []
    for word in people:
        card = known.get(one_form(word)) or by_name.get(word.casefold())
        if card is None:
            raise Stop(f"there is no relationship manager `{word}`{did_you_mean(word, known)}")
        if card not in found:
            found.append(card)
    return found

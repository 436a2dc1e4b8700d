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
from itgov.cli.options import Parser, Stop, outputs_of
from itgov.cli.remembered import RememberedAnswer
from itgov.insight.manager_types import ManagersReport, Scorecard
from itgov.insight.tenure import measure_tenure
from itgov.insight.tenure_types import TenureCard, TenureReport
from itgov.model.person_names import names_in
from itgov.model.portfolio import Portfolio
from itgov.model.tenure import HELD_ROLES
from itgov.model.text import did_you_mean

DESCRIPTION = """\
The relationship managers: units and spend served, load, position and time in it, whom they
represent and report to, what appraises them, signs of whom they speak for, experience, and
the value for money of what they serve.

PERSON is the id of a relationship manager, the name, or the beginning of one, to show the whole card:
what was inherited, what came in the time of the post and what stands now as well; several may be given,
and people who once held the post.
PATH is a repository (default: here, or the nearest folder above with portfolios/).

Exit codes: 0 whatever the cards say; 2 the work could not be done.
"""


def run(arguments: list[str], remembered: RememberedAnswer | None = None) -> int:
    """Run the verb and return the exit code."""
    parser = Parser("itgov managers", DESCRIPTION)
    parser.add_argument(
        "words", nargs="*", metavar="PERSON|PATH", help="whose card, and the repository"
    )
    parser.add_argument(
        "--compare",
        nargs=2,
        metavar="PERSON",
        help="two people side by side, also people who might take the post",
    )
    add_options(parser)
    _managers(parser.parse_args(arguments), remembered)
    return 0


def _managers(options: argparse.Namespace, remembered: RememberedAnswer | None) -> None:
    paths = [word for word in options.words if _is_path(word)]
    people = [word for word in options.words if not _is_path(word)]
    if len(paths) > 1:
        raise Stop(f"`{paths[0]}` and `{paths[1]}` are two repositories; use one of them")
    if people and options.compare:
        raise Stop("give either PERSON or --compare, not both")
    asked = [*people, *(options.compare or ())]
    repository, book = open_repository(paths[0] if paths else None, remembered)
    # the table alone says nothing of who held a post before: git is not asked
    past = bool(asked) or any(output.format == "json" for output in outputs_of(options))
    governed = judged(repository, book, day_of(options), remembered, history=past)
    report = governed.managers
    warn_of_unread(report.unread)
    tenure = measure_tenure(governed.linked, HELD_ROLES) if past else None
    cards, others = _chosen(governed.linked.portfolio, report, tenure, asked)

    def write_as(name: str, color: bool, width: int | None) -> str:
        if name == "json" and tenure is not None:
            from itgov.report.managers_json import managers_json

            return managers_json(report, cards, tenure, others)
        if options.compare and tenure is not None:
            from itgov.report.compare_document import compare_document

            document = compare_document(report, cards, tenure, others)
        else:
            from itgov.report.managers_document import managers_document

            document = managers_document(report, cards, tenure if asked else None, others)
        return written(document, name, color, width)

    show(options, write_as, remembered)


def _is_path(word: str) -> bool:
    return word.startswith((".", os.sep)) or os.path.exists(word)


def _chosen(
    portfolio: Portfolio,
    report: ManagersReport,
    tenure: TenureReport | None,
    words: Sequence[str],
) -> tuple[list[Scorecard], list[TenureCard]]:
    """Return the scorecards of some people, and the tenure of those who have none.

    Without words: all scorecards, and everybody else who held the post.  Raises `NotOnePerson`.
    """
    listed = {m.person: m for m in report.managers}
    past = tenure.cards if tenure is not None else {}
    if not words or tenure is None:
        others = [c for c in past.values() if c.person not in listed and c.is_manager]
        return list(report.managers), others
    others_known = {c.person: c.name for c in past.values()} | {m.person: m.name for m in listed.values()}  # fmt: skip
    names = names_in(portfolio, others_known)
    cards: dict[str, Scorecard] = {}
    found: dict[str, TenureCard] = {}
    for word in words:
        person = names.named(word)
        card = tenure.card(person)
        if person in listed:
            cards[person] = listed[person]
        elif card is not None:
            found[person] = card
        else:
            raise Stop(f"there is no relationship manager `{word}`{did_you_mean(word, listed)}")
    return list(cards.values()), list(found.values())

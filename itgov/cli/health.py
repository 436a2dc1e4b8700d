"""`itgov health`: how well IT and each business unit work together, and what to fix first."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from itgov.cli.figures import (
    TREND_DAYS,
    add_options,
    day_of,
    judged,
    open_repository,
    scores_before,
    show,
    warn_of_unread,
    written,
)
from itgov.cli.options import Parser, Stop, require_unit
from itgov.cli.remembered import RememberedAnswer
from itgov.cli.sharing import add_sharing, at_hand, shared
from itgov.cli.terminal import say
from itgov.insight.flow import refuse_broken_health
from itgov.insight.health_types import HealthReport, UnitHealth

DESCRIPTION = """\
Engagement health of each business unit, 0 to 100, and the best next steps: broken mandatory
rules first, then most points gained.

PATH is a repository (default: here, or the nearest folder above with portfolios/), or the
address of one elsewhere: s3://bucket/folder.
rules/health.yaml says how it is scored; without one the standard settings apply.

Exit codes: 0 whatever the scores are; 2 the work could not be done.
"""


def run(arguments: list[str], remembered: RememberedAnswer | None = None) -> int:
    """Run the verb and return the exit code."""
    parser = Parser("itgov health", DESCRIPTION)
    parser.add_argument("path", nargs="?", metavar="PATH", help="the repository")
    parser.add_argument(
        "--unit",
        action="append",
        metavar="UNIT",
        default=[],
        help="only this unit, with every finding that loses points; may be repeated",
    )
    parser.add_argument(
        "--sensitivity",
        action="store_true",
        help="sensitivity to weights: the ranking with each weight halved, or raised by half",
    )
    parser.add_argument(
        "--trend",
        metavar="SINCE",
        help="how each score has changed since this date, month or git revision (default: since"
        f" {TREND_DAYS} days before the as-of date, where the git history reaches that far)",
    )
    parser.add_argument(
        "--no-trend", action="store_true", help="do not compare with earlier scores from git"
    )
    add_options(parser)
    add_sharing(parser)
    options = parser.parse_args(arguments)
    with at_hand(options, remembered) as remembering:
        _health(options, remembering)
    return 0


def _health(options: argparse.Namespace, remembered: RememberedAnswer | None) -> None:
    if options.trend is not None and options.no_trend:
        raise Stop("--trend and --no-trend exclude each other")
    repository, book = open_repository(options.path, remembered)
    refuse_broken_health(book)
    day = day_of(options)
    with shared(options) as executor:
        governed = judged(repository, book, day, remembered, executor)
    report = governed.health
    before = None if options.no_trend else scores_before(repository, book, day, options.trend)
    units = _chosen(report, options.unit)
    moves = None
    if options.sensitivity:
        from itgov.insight.sensitivity import sensitivity

        moves = sensitivity(report)
    warn_of_unread(report.unread)
    for problem in report.problems:
        say(f"{problem.place.path}:{problem.place.line}:{problem.place.column}: {problem.message}")
    detail = bool(options.unit)

    def write_as(name: str, color: bool, width: int | None) -> str:
        if name == "json":
            from itgov.report.health_json import health_json

            return health_json(report, units, moves, before)
        from itgov.report.health_document import health_document

        document = health_document(report, units, moves, before, detail=detail)
        return written(document, name, color, width)

    show(options, write_as, remembered)


def _chosen(report: HealthReport, wanted: Sequence[str]) -> list[UnitHealth]:
    known = {unit.id: unit for unit in report.units}
    for name in wanted:
        require_unit(name, known)
    return [unit for unit in report.units if not wanted or unit.id in wanted]

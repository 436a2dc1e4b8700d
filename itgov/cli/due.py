"""`itgov due`: what comes due, of whom, and what is overdue."""

from __future__ import annotations

import argparse
from pathlib import Path

from itgov.cli.figures import day_of, linked, show, warn_of_unread, written
from itgov.cli.options import Parser, Stop, add_formats, as_of, require_unit
from itgov.files.repository import find_repository
from itgov.insight.due import this_quarter
from itgov.insight.due_report import due_report
from itgov.model.person_names import names_in

DESCRIPTION = """\
What is overdue and what comes due: reviews, outcomes and their next results, waivers that end,
actions, and the steps and dates of relationship managers. Nothing is due of what was stopped or
retired.

PATH is a repository (default: here, or the nearest folder above with portfolios/).

Exit codes: 0 whatever is due; 2 the work could not be done.
"""
FORMATS = ("text", "json", "markdown", "ics")


def run(arguments: list[str]) -> int:
    """Run the verb and return the exit code."""
    parser = Parser("itgov due", DESCRIPTION)
    parser.add_argument("path", nargs="?", metavar="PATH", help="the repository")
    parser.add_argument(
        "--until", type=as_of, metavar="DATE",
        help="the last day (default: the last day of this fiscal quarter)",
    )  # fmt: skip
    parser.add_argument("--all", action="store_true", help="all days")
    parser.add_argument(
        "--unit", action="append", metavar="UNIT", default=[],
        help="only what belongs to this business unit; may be repeated",
    )  # fmt: skip
    parser.add_argument(
        "--person", action="append", metavar="PERSON", default=[],
        help="only what this person is asked for: an id, a name or the beginning of one; may be repeated",
    )  # fmt: skip
    add_formats(parser, FORMATS)
    parser.add_as_of("what is due as of this day (default: today)")
    parser.add_no_cache()
    _due(parser.parse_args(arguments))
    return 0


def _due(options: argparse.Namespace) -> None:
    if options.all and options.until is not None:
        raise Stop("--all and --until exclude each other")
    found = linked(find_repository(Path(options.path or ".")), day_of(options))
    portfolio = found.portfolio
    for unit in options.unit:
        require_unit(unit, portfolio.units)
    people = [names_in(portfolio).named(word) for word in options.person]
    until = None if options.all else options.until or this_quarter(portfolio)[1]
    report = due_report(found, until, options.unit, people)
    warn_of_unread(report.unread)

    def write_as(name: str, color: bool, width: int | None) -> str:
        if name == "json":
            from itgov.report.due_json import due_json

            return due_json(report)
        if name == "ics":
            from itgov.report.due_calendar import due_calendar

            return due_calendar(report)
        from itgov.report.due_document import due_document

        return written(due_document(report), name, color, width)

    show(options, write_as)

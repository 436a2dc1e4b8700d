"""`itgov report`: the board pack, as one HTML file or as Markdown."""

from __future__ import annotations

import argparse
import datetime
import os
from pathlib import Path

from itgov.cli.figures import day_of, judged, open_repository, warn_of_unread
from itgov.cli.options import Parser, Stop, require_unit, say_not_done, write_file
from itgov.cli.sharing import add_sharing, at_hand, shared
from itgov.cli.terminal import ProgressBar, say, write
from itgov.files.git import GitError
from itgov.files.repository import Repository
from itgov.insight.board import commit_of, measure_board
from itgov.insight.flow import refuse_broken_health
from itgov.insight.trend_points import Trend
from itgov.report.board.pack import board_pack
from itgov.rules.catalogue import RuleBook

DESCRIPTION = """\
The board pack: the decisions asked of the board, a page in sentences for the head of each business
unit, and the words used; then, as an appendix, all figures and findings of units and relationship
managers, the decisions taken, the rules and waivers in force.

--html writes one file that needs no network and no script; it prints, and reads on a phone.
--markdown writes the same for a wiki.  - stands for stdout.

PATH is a repository (default: here, or the nearest folder above with portfolios/), or the
address of one elsewhere: s3://bucket/folder.

Exit codes: 0 whatever the figures are; 2 the work could not be done.
"""


def run(arguments: list[str]) -> int:
    """Run the verb and return the exit code."""
    parser = Parser("itgov report", DESCRIPTION)
    parser.add_argument("path", nargs="?", metavar="PATH", help="the repository")
    parser.results |= {"--html", "--markdown"}
    parser.add_argument("--html", metavar="FILE", help="write the pack as HTML")
    parser.add_argument("--markdown", metavar="FILE", help="write the pack as Markdown")
    parser.add_as_of("the figures of this day (default: today)")
    parser.add_no_cache()
    parser.add_argument(
        "--unit",
        action="append",
        metavar="UNIT",
        default=[],
        help="only this business unit, its page first, and who serves it; may be repeated",
    )
    parser.add_argument(
        "--trend",
        metavar="SINCE",
        help="scores month by month since this date, month or git revision (default: two years"
        " before the as-of date, where git knows that far)",
    )
    parser.add_argument(
        "--curve",
        choices=("quarter", "year"),
        default="year",
        help="money over time by fiscal quarter or by year (default: year)",
    )
    add_sharing(parser)
    options = parser.parse_args(arguments)
    with at_hand(options):
        _report(options)
    return 0


def _report(options: argparse.Namespace) -> None:
    places = [p for p in (options.html, options.markdown) if p is not None]
    if not places:
        raise Stop("name what to write: --html FILE, --markdown FILE, or both")
    if len({os.path.abspath(p) if p != "-" else p for p in places}) < len(places):
        raise Stop("--html and --markdown would be written to the same place")
    for place in places:
        if place != "-":
            say_not_done(Path(place))
    repository, book = open_repository(options.path)
    refuse_broken_health(book)
    day = day_of(options)
    with shared(options) as executor:
        governed = judged(repository, book, day, None, executor)
    units = governed.linked.portfolio.units
    for unit in options.unit:
        require_unit(unit, units)
    trend = _trend(repository, book, day, options.trend)
    report = measure_board(
        governed,
        only=options.unit,
        commit=commit_of(repository),
        trend=trend,
        step=options.curve,
    )
    warn_of_unread(report.unread)
    pack = board_pack(report)
    if options.html is not None:
        from itgov.report.write_html import html

        _write(options.html, html(pack))
    if options.markdown is not None:
        from itgov.report.write_markdown import markdown_pack

        _write(options.markdown, markdown_pack(pack))
    files = [p for p in places if p != "-"]
    if files:
        say(f"Written to {', '.join(files)}.")


def _write(place: str, text: str) -> None:
    if place == "-":
        write(text)
    else:
        write_file(Path(place), text)


def _trend(
    repository: Repository, book: RuleBook, day: datetime.date, since: str | None
) -> Trend | None:
    """Return the scores month by month; None where git has none and nobody asked for them."""
    from itgov.insight.trend import TrendQuery, measure_trend

    query = TrendQuery(since=since or f"{day.year - 2:04d}-{day.month:02d}", until=str(day))
    try:
        with ProgressBar() as progress:
            return measure_trend(repository, book, query, progress)
    except GitError as error:
        if since is not None:
            raise Stop(f"--trend {since}: {error}") from None
        return None

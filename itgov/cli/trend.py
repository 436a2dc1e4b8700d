"""`itgov trend`: health, line of sight and findings over the git history."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from itgov.cli.figures import written
from itgov.cli.options import Parser, Stop, add_formats, outputs_of, write_outputs
from itgov.cli.terminal import ProgressBar, say, wants_color, width
from itgov.files.repository import find_repository
from itgov.insight.flow import Flow
from itgov.insight.trend_points import PERIODS, Trend
from itgov.model.text import did_you_mean

FORMATS = ("text", "json", "markdown")

DESCRIPTION = """\
Health per business unit, line of sight of the money, and findings by severity at the end of
each month (or at each commit, or tag) of the git history.  Nothing is checked out.  Each point
is as of the day of its commit, so that it can be reproduced.

--since and --until take a date (2026-03-31), a month (2026-03) or a git revision; both ends
count as inside.  A merge is one commit: the history of the branch itself is followed.

Exit codes: 0; 2 the work could not be done: no git repository, no such revision, no portfolio
in that stretch of the history, a broken rule file, a bad argument.
"""


def _parser() -> Parser:
    parser = Parser("itgov trend", DESCRIPTION)
    parser.add_argument("path", nargs="?", default=".", metavar="PATH", help="the repository")
    parser.add_argument(
        "--by",
        choices=PERIODS,
        default="month",
        metavar="PERIOD",
        help="month (default), commit or tag",
    )
    parser.add_argument("--since", metavar="DATE|REV", help="from here on")
    parser.add_argument("--until", metavar="DATE|REV", help="up to here (default: HEAD)")
    parser.add_argument("--unit", metavar="ID", help="only this business unit")
    parser.add_argument(
        "--manager", metavar="PERSON", help="what came in the time of this relationship manager"
    )
    parser.add_argument(
        "--rules-then",
        action="store_true",
        help="judge each commit by its own rules, not by today's",
    )
    parser.add_argument(
        "--ascii", action="store_true", help="plot with ASCII characters (default where need be)"
    )
    add_formats(parser, FORMATS)
    parser.add_no_cache()
    return parser


def run(arguments: list[str]) -> int:
    """Run the verb and return the exit code."""
    options = _parser().parse_args(arguments)
    from itgov.insight.trend import TrendQuery, measure_trend

    outputs = outputs_of(options)
    repository = find_repository(Path(options.path))
    flow = Flow(repository)
    book = flow.rules() if options.rules_then else flow.sound_rules()
    if book.health_errors and not options.rules_then:
        say(
            f"{book.health_path} has errors: `itgov rules check` lists them. Scores may be missing."
        )
    query = TrendQuery(
        options.by, options.since, options.until, options.unit, options.rules_then, options.manager
    )
    with ProgressBar() as progress:
        trend = measure_trend(repository, book, query, progress)
    _must_hold_something(trend)
    if options.manager is not None and trend.manager is None:
        raise Stop("nobody was a relationship manager in this part of the history")
    ascii_only = options.ascii or not _draws_blocks()
    write_outputs(outputs, lambda name, stdout: _render(trend, name, stdout, ascii_only))
    return 0


def _must_hold_something(trend: Trend) -> None:
    if all(p.figures.state == "no portfolio" for p in trend.points):
        raise Stop("there is no portfolio file at any commit of this part of the history")
    if trend.unit is not None and not trend.units():
        known = {u.id for p in trend.points for u in p.figures.units}
        raise Stop(f"there is no business unit `{trend.unit}`{did_you_mean(trend.unit, known)}")


def _render(trend: Trend, name: str, stdout: bool, ascii_only: bool) -> str:
    if name == "json":
        from itgov.report.trend_json import render as as_json

        return as_json(trend)
    from itgov.report.trend_document import trend_document
    from itgov.report.trend_plot import ASCII, UNICODE

    columns = width() if stdout and name == "text" else None
    glyphs = ASCII if ascii_only and name == "text" else UNICODE
    color = stdout and name == "text" and wants_color(sys.stdout)
    document = trend_document(trend, glyphs=glyphs, width=columns)
    return written(document, name, color, columns, comment=True)


def _draws_blocks() -> bool:
    """Say whether the terminal can be expected to draw block characters."""
    if not sys.stdout.isatty():
        return True
    if os.environ.get("TERM") in ("dumb", "vt100"):
        return False
    return (sys.stdout.encoding or "").lower().replace("-", "") in ("utf8", "utf8sig")

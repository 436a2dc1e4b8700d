"""`itgov why`: any figure taken apart."""

from __future__ import annotations

import argparse
import os

from itgov.cli.figures import (
    add_options,
    day_of,
    open_repository,
    scores_before,
    show,
    warn_of_unread,
    written,
)
from itgov.cli.options import Parser, Stop
from itgov.cli.terminal import ProgressBar
from itgov.insight.flow import Flow
from itgov.insight.past import earlier_states
from itgov.insight.unread import unread
from itgov.insight.why import Why
from itgov.insight.why_subjects import NoFigure

_TREND = ("trend", "trend.score", "trend.change")
"""Figures of the scores of some time ago."""
DESCRIPTION = """\
Any figure taken apart: its value, the formula in words, what it is made of with file, line and the
commit that last changed it, what was assumed or capped, and what is left out or counts elsewhere.

SUBJECT is the id or name of a business unit, an investment or service, a person, a scenario or the
organisation, or an outcome as INVESTMENT/OUTCOME. Without FIGURE: every figure of the subject with its
value. A part of a name lists the figures that have it: `itgov why retail loyalty`.

Some are made only when asked for: `curve.2026-Q3` or `curve.2026`, money of a fiscal quarter or year;
`trend.2026-10.score`, any figure at a month, tag or commit; `diff.2027.budget`, what moved since --since;
`free.2027.freed`, what stopping an item would free.

PATH is a repository, written with a `/` or `.` at its start (default: here, or the nearest folder
above with portfolios/).

Exit codes: 0 whatever the figure is; 2 there is no such subject or figure, or the work could not be
done.
"""


def run(arguments: list[str]) -> int:
    """Run the verb and return the exit code."""
    parser = Parser("itgov why", DESCRIPTION)
    parser.add_argument(
        "words", nargs="*", metavar="SUBJECT [FIGURE] [PATH]", help="what to explain"
    )
    parser.add_argument(
        "--since",
        metavar="REV1..REV2",
        help="of figures of `diff`: what to compare (default: HEAD with the work tree)",
    )
    add_options(parser)
    _why(parser.parse_args(arguments))
    return 0


def _why(options: argparse.Namespace) -> None:
    paths = [word for word in options.words if word.startswith((".", os.sep))]
    words = [word for word in options.words if word not in paths]
    if not words:
        raise Stop(
            "say whose figure: `itgov why SUBJECT [FIGURE]`, such as `itgov why retail score`"
        )
    if len(words) > 2 or len(paths) > 1:
        raise Stop("at most a subject, a figure and a repository; a path begins with `.` or `/`")
    repository, book = open_repository(paths[0] if paths else None)
    day = day_of(options)
    progress = ProgressBar()
    with progress:
        flow = Flow(repository, progress=progress)
        governed = flow.at(day, book, history=True, when_asked=True)
    warn_of_unread(unread(governed.linked))
    trend = words[1:] and words[1] in _TREND  # measuring it takes as long again
    before = scores_before(repository, book, day, None) if trend else None
    why = Why(governed, before, earlier_states(repository, book, options.since, options.as_of))
    try:
        with progress:  # of many figures nothing has to be judged
            subject = why.subject(words[0])
            figures = why.named(subject, words[1] if words[1:] else "")
    except NoFigure as wrong:
        raise Stop(str(wrong)) from None
    as_of = why.portfolio.today

    def write_as(name: str, color: bool, width: int | None) -> str:
        if len(figures) == 1:
            if name == "json":
                from itgov.report.why_json import explanation_json

                explanation = why.explain(subject, figures[0])
                return explanation_json(explanation, why.unread(subject))
            from itgov.report.why_document import MOST, explanation_document

            explanation = why.explain(subject, figures[0], MOST)
            return written(
                explanation_document(explanation, why.unread(subject)), name, color, width
            )
        if name == "json":
            from itgov.report.why_json import figures_json

            return figures_json(subject, figures, as_of.isoformat())
        from itgov.report.why_document import figures_document

        return written(figures_document(subject, figures, as_of), name, color, width)

    show(options, write_as)

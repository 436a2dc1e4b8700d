"""`itgov value`: how far each amount of spend reaches towards value, and the spend with none."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from itgov.cli.figures import (
    add_options,
    day_of,
    judged,
    linked,
    open_repository,
    show,
    warn_of_unread,
    written,
)
from itgov.cli.filtering import add_filter, found_items, share_of
from itgov.cli.options import Parser, Stop, require_unit
from itgov.cli.remembered import RememberedAnswer
from itgov.cli.sharing import add_sharing, at_hand, shared
from itgov.files.linked import Linked
from itgov.insight.unread import unread
from itgov.insight.value import measure_value, value_tree
from itgov.insight.value_types import MoneyLine, ValueReport
from itgov.model.reach import REACH_WORDS

_STEPS = "\n".join(f"{reach:<9} {words}" for reach, words in REACH_WORDS.items())
DESCRIPTION = f"""\
Value promised, realised and expected; and line of sight from spend to value: how far the chain of
each outcome reaches, in money and share, and the spend that has no outcome at all. The money of an investment or service is divided equally
among its outcomes.

{_STEPS}

Evidence is a web link, which is not opened, or the path of a file in the repository.

PATH is a repository (default: here, or the nearest folder above with portfolios/), or the
address of one elsewhere: s3://bucket/folder.

Exit codes: 0 whatever the figures are; 2 the work could not be done.
"""
VIEWS = ("unit", "purpose", "objective", "year")
_STANDARD = ("unit", "purpose", "year")


def run(arguments: list[str], remembered: RememberedAnswer | None = None) -> int:
    """Run the verb and return the exit code."""
    parser = Parser("itgov value", DESCRIPTION)
    parser.add_argument("path", nargs="?", metavar="PATH", help="the repository")
    parser.add_argument(
        "--by",
        action="append",
        choices=VIEWS,
        metavar="VIEW",
        help=f"a table by {', '.join(VIEWS)}; may be repeated (default: {', '.join(_STANDARD)})",
    )
    parser.add_argument(
        "--tree",
        action="store_true",
        help="every chain instead: spend, investment, outcome, result",
    )
    parser.add_argument(
        "--unit", action="append", metavar="UNIT", help="only this unit's chains, with --tree"
    )
    parser.add_argument(
        "--curve",
        choices=("quarter", "year"),
        help="planned, realised and expected money by fiscal quarter or year instead",
    )
    parser.add_argument(
        "--of",
        action="append",
        metavar="ID",
        help="the curve of a unit, an item or an outcome (ITEM/OUTCOME); may be repeated (default: all)",
    )
    add_filter(parser)
    add_options(parser)
    add_sharing(parser)
    options = parser.parse_args(arguments)
    with at_hand(options, remembered) as remembering:
        _value(options, remembering)
    return 0


def _value(options: argparse.Namespace, remembered: RememberedAnswer | None) -> None:
    if options.unit and not options.tree:
        raise Stop("--unit needs --tree")
    if options.of and not options.curve:
        raise Stop("--of needs --curve")
    if options.curve and (options.tree or options.by):
        raise Stop("--curve stands alone, without --tree and --by")
    if options.curve and options.filter is not None:
        raise Stop("--curve takes no --filter; name the items with --of")
    repository, book = open_repository(options.path, remembered)
    items = None
    with shared(options) as executor:
        day = day_of(options)
        if options.filter is None:
            found = linked(repository, day, remembered, executor, history=True)
        else:  # a filter can ask for findings
            governed = judged(repository, book, day, remembered, executor, history=True)
            found, items = governed.linked, found_items(governed, options.filter)
    for unit in options.unit or ():
        require_unit(unit, found.portfolio.units)
    if options.curve:
        _curve(options, found, remembered)
        return
    report = measure_value(found, items)
    warn_of_unread(report.unread)
    views = [(view, _lines(report, view)) for view in options.by or _STANDARD]

    def write_as(name: str, color: bool, width: int | None) -> str:
        tree = value_tree(found, options.unit, items) if options.tree else None
        if name == "json":
            from itgov.report.value_json import value_json

            return value_json(report, tree)
        if tree is not None:
            from itgov.report.value_tree import value_tree_document

            told = report.filtered
            if items is not None:
                told = share_of(found.portfolio, options.filter, items.ids, options.unit or ())
            return written(value_tree_document(tree, told), name, color, width)
        from itgov.report.value_document import value_document

        return written(value_document(report, views), name, color, width)

    show(options, write_as, remembered)


def _curve(options: argparse.Namespace, found: Linked, remembered: RememberedAnswer | None) -> None:
    from itgov.insight.value_curve import NoCurve, names_of, value_curves

    portfolio = found.portfolio
    warn_of_unread(unread(found))
    try:
        curves = value_curves(portfolio, options.curve, options.of or ())
    except NoCurve as wrong:
        from itgov.model.text import did_you_mean

        [name] = wrong.args
        like = did_you_mean(name, list(names_of(portfolio)))
        raise Stop(f"there is no unit, item or outcome `{name}`{like}") from None

    def write_as(name: str, color: bool, width: int | None) -> str:
        if name == "json":
            from itgov.report.value_json import curves_json

            return curves_json(curves)
        from itgov.report.value_curve_document import curves_document

        return written(curves_document(curves), name, color, width)

    show(options, write_as, remembered)


def _lines(report: ValueReport, view: str) -> Sequence[MoneyLine]:
    from itgov.report.value_document import objectives_of

    lines: dict[str, Sequence[MoneyLine]] = {
        "unit": report.units,
        "purpose": report.purposes,
        "objective": objectives_of(report) if view == "objective" else (),
        "year": report.years,
    }
    return lines[view]

"""`--filter`: the items that a filter of the review room finds, on the command line."""

from __future__ import annotations

from itgov.cli.options import Parser, Stop
from itgov.files.repository import Repository
from itgov.insight.flow import Governed
from itgov.model.filtered import Filtered, FoundItems


def add_filter(parser: Parser) -> None:
    """Add the option."""
    parser.add_argument(
        "--filter",
        metavar="FILTER",
        help="only the items that this filter of the review room finds: "
        "'owner:- or review:<today'; fields in docs/room.md",
    )


def found_items(repository: Repository, governed: Governed, text: str | None) -> FoundItems | None:
    """Return the items that a filter finds; None without a filter.

    Raises `Stop` for a filter that says nothing or cannot be meant.
    """
    if text is None:
        return None
    from itgov.tui.state.query import parse
    from itgov.tui.state.room import Room
    from itgov.tui.views.portfolio_rows import ITEMS

    portfolio = governed.linked.portfolio
    sought = parse(text, ITEMS.fields, portfolio.today)
    if sought.problem is not None:
        raise Stop(f"--filter: {sought.problem}")
    if not sought.any_of:
        raise Stop(f"--filter: `{text}` names nothing to find (use stage:live)")
    room = Room(repository, governed)
    rows = ((i.id, ITEMS.searchable(i, i.text)) for i in room.items.values())
    ids = frozenset(sought.select(rows))
    items = sum(entry.record.id in ids for entry in portfolio.investments())
    return FoundItems(Filtered(text, items, portfolio.investment_count), ids)

"""`--filter`: the items that a filter of the review room finds, on the command line."""

from __future__ import annotations

from collections.abc import Collection, Set

from itgov.cli.options import Parser, Stop
from itgov.insight.governed import Governed
from itgov.model.filtered import Filtered, FoundItems
from itgov.model.portfolio import Portfolio


def add_filter(parser: Parser) -> None:
    """Add the option."""
    parser.add_argument(
        "--filter",
        metavar="FILTER",
        help="only the items that this filter of the review room finds: "
        "'owner:- or review:<today'; fields in docs/room.md",
    )


def found_items(
    governed: Governed, text: str | None, units: Collection[str] = ()
) -> FoundItems | None:
    """Return the items that a filter finds, of some units where they are given; None without a filter.

    Raises `Stop` for a filter that says nothing or cannot be meant.
    """
    if text is None:
        return None
    from itgov.insight.items import ITEM_FIELDS, items_of
    from itgov.model.filter_query import parse

    portfolio = governed.linked.portfolio
    sought = parse(text, ITEM_FIELDS.kinds, portfolio.today)
    if sought.problem is not None:
        raise Stop(f"--filter: {sought.problem}")
    if not sought.any_of:
        raise Stop(f"--filter: `{text}` names nothing to find (use stage:live)")
    items = items_of(portfolio, governed.judged.findings)
    rows = ((i.id, ITEM_FIELDS.searchable(i, i.text)) for i in items.values())
    ids = frozenset(sought.select(rows))
    return FoundItems(share_of(portfolio, text, ids, units), ids)


def share_of(
    portfolio: Portfolio, text: str, ids: Set[str], units: Collection[str] = ()
) -> Filtered:
    """Return how many of the items, or of those of some units, a filter found."""
    among = [
        entry.record.id
        for unit in portfolio.units.values()
        if not units or unit.record.id in units
        for entry in unit.investments
    ]
    return Filtered(text, sum(item in ids for item in among), len(among))

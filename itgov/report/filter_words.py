"""What figures say where a filter chose their items."""

from __future__ import annotations

from collections.abc import Iterator

from itgov.model.filtered import Filtered
from itgov.report.blocks import Block, Para
from itgov.report.figures import short


def filter_note(filtered: Filtered | None) -> Iterator[Block]:
    """Yield what share of the items the figures of value are of, where a filter chose them."""
    if filtered is not None:
        yield Para(
            f"{filtered.share}: filter `{short(filtered.filter, 100)}`. Deleted items are left out; "
            "what several outcomes claim counts as in the whole portfolio."
        )

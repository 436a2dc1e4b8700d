"""A part of the items of a portfolio, as a filter finds it."""

from __future__ import annotations

from collections.abc import Set

from msgspec import Struct

from itgov.model.text import plural


class Filtered(Struct, frozen=True):
    """The items that a filter finds: figures and findings are of these only."""

    filter: str
    """As it was typed."""
    items: int
    of: int
    """How many items there are."""

    @property
    def share(self) -> str:
        """How many of all: "12 of 61 items"."""
        return f"{self.items:,} of {plural(self.of, 'item')}"


class FoundItems(Struct, frozen=True):
    """What a filter finds, and the ids of it."""

    told: Filtered
    ids: Set[str]

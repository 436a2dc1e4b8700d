"""What is assumed in a figure that is taken apart, and what is in no figure, in words."""

from __future__ import annotations

from itgov.insight.why_types import Parts
from itgov.report.value_words import assumed_in, assumed_spend, beside_words


def assumed_words(parts: Parts) -> list[str]:
    """Return what was assumed, guessed or capped."""
    if parts.money is None:
        return list(parts.assumed)
    spent = [f"Spent to date: {words}" for words in assumed_spend(parts.money)]
    return [*parts.assumed, *assumed_in(parts.money), *spent]


def left_out_words(parts: Parts) -> list[str]:
    """Return what counts elsewhere, or in no figure."""
    money = list(beside_words(parts.money)) if parts.money is not None else []
    return [*parts.left_out, *money]

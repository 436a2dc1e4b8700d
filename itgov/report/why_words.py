"""What is assumed in a figure that is taken apart, and what is in no figure, in words."""

from __future__ import annotations

from itgov.insight.why_types import Parts
from itgov.report.value_words import assumed_in, beside_words


def assumed_words(parts: Parts) -> list[str]:
    """Return what was assumed, guessed or capped."""
    money = list(assumed_in(parts.money)) if parts.money is not None else []
    return [*parts.assumed, *money]


def left_out_words(parts: Parts) -> list[str]:
    """Return what counts elsewhere, or in no figure."""
    money = list(beside_words(parts.money)) if parts.money is not None else []
    return [*parts.left_out, *money]

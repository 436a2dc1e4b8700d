"""The shapes and scales that every chart is made of."""

from __future__ import annotations

from math import floor, log10

from itgov.report.figures import money
from itgov.report.html_elements import Html, h


def path(way: str, kind: str) -> Html:
    """Return a line."""
    return h("path", d=way, class_=kind)


def text(words: str, x: float, middle: float, kind: str) -> Html:
    """Return words whose middle is at a height."""
    return h("text", words, x=n(x), y=n(middle + 4), class_=kind)


def n(value: float) -> str:
    """Return a coordinate."""
    return f"{value:.1f}".removesuffix(".0")


def amount_words(amount: float) -> str:
    """Return an amount at a scale."""
    return money(amount).replace(".0", "")


def round_amounts(most: float) -> list[float]:
    """Return round amounts from nothing to `most`, some four of them."""
    rough = most / 4
    power = 10.0 ** floor(log10(rough))
    step = next(power * m for m in (1, 2, 2.5, 5, 10) if power * m >= rough * 0.999)
    return [step * i for i in range(int(most / step * 1.0001) + 1)]

"""How a figure follows from others: written beside each derived fact, for `itgov why` to take it apart.

A path says what is read, from the subject on: `spend.budget` is the budget of every row of spend,
`investments.spend_total` a fact of every item of a unit.  `budget|actual` is the first of them that is
there.  In brackets stand conditions, all of which must hold:

    is_active          true, or there and not empty; `!is_active`: not so; of a record also what a
                       method says of the as-of date: `is_open`
    stage=live|retired one of these texts, `!=` none of them; `me` is the subject's own id
    date<=today        compared with a number or a name: `today`, `this_year` (the fiscal year),
                       `end_year` (the fiscal year of `ended`, else `end`)
    serves~me          a list that has the subject's id

From any subject lead `business_unit`, `investment` and `organisation` to what it belongs to; `today` is
the as-of date, `grace_days` that of health.yaml, `minutes` the closed review sessions and `git` the
history, `signs` those of a manager, `opportunities.open` (`quiet`, `realised`) those followed in a unit,
`custom.imported.gone` and `.older` what imports have marked, `named.after_left` the places that name a person for a day after they left;
`itgov.insight.why_sources` has all of these.
`people`, `managers`, `units` and `items` are all of the organisation.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

How = Literal[
    "sum", "count", "ratio", "mean", "least", "greatest", "days since", "words"
]  # fmt: skip
"""What is made of the inputs; `words`: more than these forms say, so the sentence says it."""


class Derivation(Struct, frozen=True, gc=False):
    """What a figure is made of, and how."""

    how: How
    reads: tuple[str, ...]
    over: tuple[str, ...] = ()
    """Of a ratio: what the sum of `reads` is divided by the sum of."""


def reads(*paths: str) -> Derivation:
    """Return what a figure is made of in a way that its sentence says."""
    return Derivation("words", paths)


def sum_of(*paths: str) -> Derivation:
    """Return a sum of everything that is read."""
    return Derivation("sum", paths)


def count_of(*paths: str) -> Derivation:
    """Return how many there are of what is read."""
    return Derivation("count", paths)


def ratio_of(part: str, whole: str) -> Derivation:
    """Return a sum over a sum."""
    return Derivation("ratio", (part,), (whole,))


def mean_of(*paths: str) -> Derivation:
    """Return the mean of everything that is read."""
    return Derivation("mean", paths)


def least_of(*paths: str) -> Derivation:
    """Return the smallest of everything that is read."""
    return Derivation("least", paths)


def greatest_of(*paths: str) -> Derivation:
    """Return the largest of everything that is read."""
    return Derivation("greatest", paths)


def days_since(*paths: str) -> Derivation:
    """Return the days from the latest day that is read to the as-of date."""
    return Derivation("days since", paths)

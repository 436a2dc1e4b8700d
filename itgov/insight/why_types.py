"""A figure taken apart: what it is, what it is made of, and where that stands."""

# No postponed annotations here: msgspec would compile each of them anew at every start.

import datetime
from collections.abc import Callable, Sequence
from typing import Literal, TypeAlias

from msgspec import Struct

from itgov.insight.value_types import ValueFigures
from itgov.model.derivation import How
from itgov.model.finding import Place, Subject

Value: TypeAlias = float | int | bool | str | list[str] | None
"""What a figure is; None: there is nothing to make it from."""
Kind = Literal[
    "organisation", "business_unit", "investment", "outcome", "engagement", "person", "scenario"
]  # fmt: skip


class WhyInput(Struct, frozen=True):
    """One thing that a figure is made of."""

    says: str
    """What it is: `spend 2026: budget`, `RET-001: spend_total`."""
    value: Value
    place: Place | None = None
    """Where it stands; of what is derived, where the record of its subject stands."""
    commit: str | None = None
    """The commit that last changed it, by its first ten digits, or `uncommitted`; None: unknown."""
    figure: tuple[str, str] | None = None
    """The subject and the figure to ask for next, where it is derived itself."""
    of: Subject | None = None
    """The record that it stands in."""


class Parts(Struct, frozen=True):
    """What a figure is made of, and how."""

    how: How
    inputs: Sequence[WhyInput]
    over: Sequence[WhyInput] = ()
    """Of a ratio: what the sum of the inputs is divided by the sum of."""
    assumed: Sequence[str] = ()
    left_out: Sequence[str] = ()
    money: ValueFigures | None = None
    """The figures whose assumptions, and whose money that counts elsewhere, are to be said beside."""


class Figure(Struct, frozen=True):
    """A figure of a subject."""

    name: str
    value: Value
    words: str
    """The formula in words."""
    parts: Callable[[], Parts]
    elsewhere: bool = False
    """Whether its inputs stand in an earlier state of the files, and have their commits."""


class WhySubject(Struct, frozen=True):
    """What figures are of."""

    kind: Kind
    id: str
    name: str
    place: Place


class Explanation(Struct, frozen=True):
    """A figure taken apart."""

    as_of: datetime.date
    subject: WhySubject
    figure: str
    value: Value
    formula: str
    parts: Parts


def largest(inputs: Sequence[WhyInput], how: How) -> Sequence[WhyInput]:
    """Return inputs with the largest first, where they are added up."""
    if how not in ("sum", "ratio", "mean"):
        return inputs
    return sorted(inputs, key=lambda i: -abs(i.value) if isinstance(i.value, int | float) else 0.0)

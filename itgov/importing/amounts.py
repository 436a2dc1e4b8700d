"""Amounts of money that rows state: where each comes from, what it fills, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Context, Decimal
from typing import Literal, TypeGuard

from msgspec import Struct

from itgov.files.document import Route
from itgov.importing import mapping as m
from itgov.importing.tables import header_key
from itgov.importing.walk import uses, value_columns

Fate = Literal[
    "imported", "newer", "same", "other", "no year", "needs", "no id", "there", "edited", "twice",
    "refused",
]  # fmt: skip
_MERGED: dict[Fate, str] = {
    "newer": "a newer report says otherwise",
    "same": "the same row once more",
    "there": "a newer report is in the file already",
}
_LEFT_OUT: dict[Fate, str] = {
    "needs": "no outcome is made of a row that lacks a field of `needs`",
}
_LOST: dict[Fate, str] = {
    "other": "another row of the same report and key is kept",
    "no year": "no year is stated for it",
    "no id": "its outcome has no id",
    "edited": "the spend in the file was split by hand and is left as it is",
    "twice": "another record of these tables is the same investment in the file",
    "refused": "the file could not be edited",
}

SPEND = ("budget", "actual", "forecast")
_DIGITS = Context(prec=400)
"""As many as any sum of amounts has, so that none is rounded."""


class Amount(Struct, gc=False):
    """An amount of money that a row states, and what became of it."""

    path: str
    row: int
    column: str
    """The column it was read from; blank where the mapping itself says the amount."""
    field: str
    value: int | float
    fills: tuple[str, ...] = ()
    """Which place of the investment it is for; a later report's amount for it takes that place."""
    year: int | None = None
    fate: Fate = "imported"

    @property
    def part(self) -> Literal["imported", "merged", "skipped", "lost"]:
        """The part of a control total that it counts in."""
        if self.fate == "imported":
            return "imported"
        if self.fate in _MERGED:
            return "merged"
        return "skipped" if self.fate in _LEFT_OUT else "lost"

    @property
    def reason(self) -> str:
        """Why it is not imported."""
        return (_MERGED | _LEFT_OUT | _LOST).get(self.fate, "")


class MoneyUse(Struct, frozen=True):
    """A field of the mapping that reads money."""

    field: str
    key: str
    """How the mapping calls the field."""
    table: str
    spec: m.Field


def money_uses(mapping: m.Mapping) -> Iterator[MoneyUse]:
    """Yield every field that reads money: spend, values of outcomes and results, and custom ones."""
    for use in uses(mapping):
        if (name := _named(use.route, use.field, use.spec)) is not None:
            yield MoneyUse(name, use.field, use.table, use.spec)


def kept_money(mapping: m.Mapping) -> dict[tuple[str, str], MoneyUse]:
    """Return how money is kept under `custom`, by the table and the column's name as it is compared."""
    kept = [use for use in money_uses(mapping) if use.key == "custom"]
    return {(use.table, header_key(c)): use for use in kept for c in value_columns(use.spec)}


def _named(route: Route, field: str, spec: m.Field) -> str | None:
    kind = spec.as_ if isinstance(spec, m.Spec) else None
    if field in SPEND and "spend" in route:
        return field
    if field == "value":
        return "result value" if "results" in route else "outcome value"
    if field == "custom" and kind == "money":
        return f"custom.{route[3]}"
    if (field == "each" and kind == "money") or (field == "sum" and kind != "number"):
        return f"custom.{route[3]}.{route[5]}"
    return None


def is_kept_money(spec: m.Field, field: str) -> bool:
    """Say whether what is kept under `custom` is money."""
    kind = spec.as_ if isinstance(spec, m.Spec) else None
    return kind == "money" or (field == "sum" and kind is None)


def is_amount(value: object) -> TypeGuard[int | float]:
    """Say whether a value is a number; true and false are none."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def total(amounts: Iterable[int | float]) -> int | float:
    """Return a sum of amounts as they are written: 0.1 is a tenth, and nothing is rounded."""
    whole, broken = 0, []
    for amount in amounts:
        if isinstance(amount, int):
            whole += amount
        else:
            broken.append(amount)
    if not broken:
        return whole
    if len(broken) == 1 and not whole and not broken[0].is_integer():
        return broken[0]
    rest = Decimal(0)
    for amount in broken:
        rest = _DIGITS.add(rest, Decimal(repr(amount)))
    found = _DIGITS.add(rest, whole)
    return int(found) if found == found.to_integral_value() else float(found)


class Filled:
    """The amounts beside spend that hold, by the place that they fill, from the oldest row on."""

    def __init__(self) -> None:
        self._held: dict[tuple[str, ...], tuple[object, list[Amount]]] = {}

    def take(
        self, of: object, amounts: Iterable[Amount], emptied: Iterable[tuple[str, ...]]
    ) -> None:
        """Let the amounts of a row hold over those of rows before it.

        `of` is the day that the row is of.  `emptied` are places for which it states something else
        than money: that it is withheld, or rows without an amount.
        """
        mine: dict[tuple[str, ...], list[Amount]] = {place: [] for place in emptied}
        for amount in amounts:
            if amount.fate == "imported":
                mine.setdefault(amount.fills, []).append(amount)
        for place, found in mine.items():
            if place[0] != "rows":  # one amount fills it; rows are added up
                for amount in found[:-1]:
                    amount.fate = "same" if amount.value == found[-1].value else "other"
                del found[:-1]
            day, before = self._held.get(place, (of, []))
            for amount in before:
                equal = bool(found) and amount.value == found[-1].value
                amount.fate = "newer" if day != of else "same" if equal else "other"
            self._held[place] = (of, found)

"""Figures that are written in files as they are, and the unit costs of services."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from functools import partial

from msgspec import Struct

from itgov.insight.why_paths import Entry, PathReader, plain_value
from itgov.insight.why_types import Figure, Parts, WhyInput
from itgov.model.fields import described, distinctive, fields_of
from itgov.model.fiscal import fiscal_year_of
from itgov.model.portfolio import InvestmentEntry, Route
from itgov.model.unit_cost import UnitCost, unit_costs

_SHOWN = frozenset(("money", "measured", "share", "number", "day", "choice", "truth"))
"""What a recorded figure can be; ids and prose are none."""
_OWN = frozenset(("outcomes", "waivers", "custom"))
"""Lists whose records have figures of their own, or none."""


def recorded_figures(reader: PathReader, entry: Entry) -> Iterator[Figure]:
    """Yield every number, day and choice that a record states, rows by what tells them apart."""
    yield from _of(reader, entry, entry.record, (), "")


def _of(
    reader: PathReader, entry: Entry, record: Struct, route: Route, prefix: str
) -> Iterator[Figure]:
    said = described(type(record))
    for known in fields_of(type(record)):
        value = getattr(record, known.name)
        if value is None or known.key in _OWN:
            continue
        name, at = f"{prefix}{known.key}", (*route, known.key)
        if known.kind in _SHOWN and not known.many:
            words = said[known.key].words or "The fiscal year."
            shown = plain_value(value)
            row = partial(reader.input_of, entry, name, shown, *at)
            yield Figure(name, shown, words, partial(_alone, row))
        elif known.record is not None and isinstance(value, list):
            for index, item in enumerate(value):
                yield from _of(reader, entry, item, (*at, index), f"{name}.{_row(item, index)}.")
        elif isinstance(value, Struct):
            yield from _of(reader, entry, value, at, f"{name}.")


def _alone(row: partial[WhyInput]) -> Parts:
    return Parts("words", [row()])


def _row(item: Struct, index: int) -> str:
    key = distinctive(type(item))
    value = getattr(item, key.name) if key is not None else None
    return str(value) if isinstance(value, int | datetime.date) else str(index + 1)


# -- unit costs ------------------------------------------------------------------------------


def cost_figures(reader: PathReader, entry: InvestmentEntry) -> Iterator[Figure]:
    """Yield what one unit of what a service serves cost in each closed fiscal year."""
    year = fiscal_year_of(reader.today, reader.portfolio.organisation.record.fiscal_year_start)
    for cost in unit_costs(entry.record, year):
        words = f"Spend of {cost.year}, divided by how many of `{cost.unit}` were served."
        made = partial(_cost, reader, entry, cost)
        yield Figure(f"unit_cost.{cost.unit}.{cost.year}", cost.cost, words, made)


def _cost(reader: PathReader, entry: InvestmentEntry, cost: UnitCost) -> Parts:
    field = "budget" if cost.from_budget else "actual"
    above = [
        reader.input_of(entry, f"spend {row.year}: {field}", getattr(row, field), "spend", n, field)
        for n, row in enumerate(entry.record.spend)
        if row.year == cost.year and getattr(row, field) is not None
    ]
    below = [
        reader.input_of(entry, f"{row.unit} {row.year}", row.count, "volumes", n, "count")
        for n, row in enumerate(entry.record.volumes)
        if row.year == cost.year and " ".join(row.unit.split()) == cost.unit
    ]
    assumed = ["the budget, because the year has no actual"] if cost.from_budget else []
    return Parts("ratio", above, below, assumed=assumed)

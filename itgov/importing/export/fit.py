"""Whether the value of a cell fits the record that it is for, and how it is written there."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from itgov.files.document import Route
from itgov.files.new_values import TYPES, check_references, checked_values, written
from itgov.files.write import Plain
from itgov.importing.export.rows import Entry
from itgov.importing.export.tables import Home, Value
from itgov.model.fields import Kind, field
from itgov.model.finding import SubjectKind
from itgov.model.portfolio import Portfolio

KIND_OF: dict[Any, SubjectKind] = {record: kind for kind, record in TYPES.items()}  # type: ignore[misc]
"""What a record is, by its type, where it is a subject of its own."""
Added = Collection[tuple[Kind, str]]
"""Ids that are not there yet and come with the same tables."""


def value_at(record: Any, route: Route) -> Any:
    """Return what stands at a way in a record, as its types have it; None where nothing does."""
    for step in route:
        if isinstance(record, (dict, list)):
            record = record[step]  # type: ignore[index]
        else:
            kind: Any = type(record)
            record = getattr(record, field(kind, str(step)).name)
        if record is None:
            return None
    return record


def fitted_field(
    portfolio: Portfolio,
    home: Home,
    entry: Entry,
    route: Route,
    steps: Route,
    value: Value,
    added: Added,
) -> Plain:
    """Return the value of a field as it is written.  Raises EditRefused where it does not fit.

    `route` leads to the record, `steps` from there to the field, over one record in it at the most.
    """
    record = value_at(entry[2], route)
    full, only = value, value
    if len(steps) > 1:
        held = value_at(record, steps[:1])
        full, only = (
            {**(_written(held) if held is not None else {}), steps[1]: value},
            {steps[1]: value},
        )
    key = str(steps[0])
    kind = KIND_OF.get(type(record))
    if kind is not None:
        good: Any = _checked(portfolio, kind, entry, {key: full}, {key: only}, added)
    else:
        outer = home.steps[-1].key
        item = {**_written(record), key: full}
        held_kind: Any = home.holder
        told: Any = _checked(
            portfolio, held_kind, entry, {outer: [item]}, {outer: [{key: only}]}, added
        )
        good = told[outer][0]
    found = good[key]
    return found[steps[1]] if len(steps) > 1 else found  # type: ignore[no-any-return]


def fitted_item(
    portfolio: Portfolio, home: Home, entry: Entry, key: str, value: Value, added: Added
) -> Plain:
    """Return an item of a list, or what stands under a key of a mapping, as it is written.

    Raises EditRefused where it does not fit.
    """
    outer = home.steps[-1]
    whole = {outer.key: {key: value} if outer.kind == "mapping" else [value]}
    kind: Any = home.holder
    good: Any = _checked(portfolio, kind, entry, whole, whole, added)
    return good[outer.key][key if outer.kind == "mapping" else 0]  # type: ignore[no-any-return]


def _checked(
    portfolio: Portfolio, kind: SubjectKind, entry: Entry, full: Any, only: Any, added: Added
) -> dict[str, Plain]:
    good = checked_values(kind, full, entry[1])
    unit = portfolio.units.get(entry[4]) if entry[4] is not None else None
    check_references(portfolio, kind, only, unit, added)
    return good


def _written(record: Any) -> dict[str, Any]:
    told: Any = written(record)
    return dict(told)

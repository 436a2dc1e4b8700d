"""Ids, titles and keys as they are compared, put into the data of a file before it gets its types."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import msgspec

from itgov.files.document import Document, Route
from itgov.files.problem import Problem, Problems
from itgov.model.fields import Field, fields_of
from itgov.model.one_form import one_form, unseen_in


def use_one_form(document: Document, data: Any, kind: type[msgspec.Struct]) -> list[Problem]:
    """Write ids, titles and the keys of one's own fields in one form into `data`.

    Return a problem for each that holds characters which nobody sees.
    """
    problems = Problems()
    if not document.text.isascii() or "\\" in document.text:  # what is escaped counts as well
        _record(document, data, kind, (), problems)
    return problems.closed()


def _record(
    document: Document, data: Any, kind: type[msgspec.Struct], at: Route, problems: list[Problem]
) -> None:
    if not isinstance(data, dict):
        return
    for known in _compared(kind):
        value = data.get(known.key)
        if value is None:
            continue
        route = (*at, known.key)
        if known.record is not None:
            for item, where in _items(value, route) if known.many else [(value, route)]:
                _record(document, item, known.record, where, problems)
        elif known.key == "custom":
            data[known.key] = _keys(value)
        if known.meaning.one_form or (known.record is not None and isinstance(value, str)):
            data[known.key] = _in_one_form(document, value, route, problems)


@lru_cache(maxsize=100)
def _compared(kind: type[msgspec.Struct]) -> tuple[Field, ...]:
    """Return the fields of a record type in which, or below which, something is compared."""
    return tuple(
        f
        for f in fields_of(kind)
        if f.meaning.one_form or f.key == "custom" or (f.record is not None and _compared(f.record))
    )


def _items(value: Any, route: Route) -> list[tuple[Any, Route]]:
    return [(v, (*route, i)) for i, v in enumerate(value)] if isinstance(value, list) else []


def _in_one_form(document: Document, value: Any, route: Route, problems: list[Problem]) -> Any:
    """Return a text, or the texts of a list, in one form; anything else as it is."""
    if isinstance(value, list):
        return [_in_one_form(document, v, where, problems) for v, where in _items(value, route)]
    if not isinstance(value, str):
        return value
    told = one_form(value)
    unseen = unseen_in(value)
    if unseen and told != value:
        said = f"`{told}` is written with {', '.join(unseen)}, which nobody sees, and read without"
        problems.append(Problem.at(document, route, "YML-013", said, "Delete the character."))
    return told


def _keys(value: Any) -> Any:
    if isinstance(value, list):
        return [_keys(v) for v in value]
    if isinstance(value, dict):
        return {one_form(k): _keys(v) for k, v in value.items()}
    return value

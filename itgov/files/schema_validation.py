"""Validating data against the JSON Schema of a type, in parts whose errors take little memory.

An error holds about two kilobytes, and a file of a megabyte can have hundreds of thousands.
"""

from __future__ import annotations

import datetime
from collections import deque
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import msgspec

from itgov.files.document import Route
from itgov.model.lazy_patterns import lazy_pattern

LARGEST = 1_000
"""Items of one list that are validated at a time."""


@lru_cache(maxsize=32)
def strict_schema(kind: Any) -> dict[str, Any]:
    """Return the JSON Schema of a type in the form that gives the plainest errors.

    Blanks are gone from the data before it is used, so no alternative to null is needed; numbers
    with bounds are one type; no `anyOf` is left where one kind of value is meant.
    """
    return _plain(msgspec.json.schema(kind))  # type: ignore[no-any-return]


def _plain(node: Any) -> Any:
    if isinstance(node, list):
        return [_plain(n) for n in node]
    if not isinstance(node, dict):
        return node
    options = node.get("anyOf")
    if options is not None:
        options = [o for o in options if o != {"type": "null"}]
        rest = {k: v for k, v in node.items() if k not in ("anyOf", "default")}
        if len(options) == 1:
            return _plain({**rest, **options[0]})
        return {**rest, "anyOf": _plain(options)}
    if "enum" in node and None in node["enum"]:
        node = {**node, "enum": [e for e in node["enum"] if e is not None]}
    return {k: _plain(v) if k != "default" else v for k, v in node.items()}


_DATE = lazy_pattern(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")


def is_date(value: str) -> bool:
    """Say whether a text is an ISO date that exists, `2026-02-28`."""
    try:
        return bool(_DATE.match(value) and datetime.date.fromisoformat(value))
    except ValueError:
        return False


@lru_cache(maxsize=32)
def _validator(kind: Any) -> Any:
    import jsonschema_rs  # only needed once something is wrong

    schema = strict_schema(kind)
    return jsonschema_rs.Draft202012Validator(
        schema, validate_formats=True, formats={"date": is_date}
    )


def schema_errors(data: Any, kind: Any) -> Iterator[tuple[Route, Any]]:
    """Yield each error of the schema of `kind`, with the route to the value that it is about.

    The data may be changed once all errors were taken.
    """
    validator = _validator(kind)
    parts: deque[_Part] = deque()
    rest = _without_long_lists(data, (), parts)
    for error in validator.iter_errors(rest):
        yield from _flat(error)
    while parts:
        part = parts.popleft()
        for error in validator.iter_errors(part.wrapped(parts)):
            yield from part.own(_flat(error))


def _flat(error: Any) -> Iterator[tuple[Route, Any]]:
    """Yield an error, or the errors of the alternative that its value was meant to be."""
    here: Route = tuple(error.instance_path)
    if error.kind.name == "anyOf":
        for branch in error.kind.context:
            if all(e.kind.name != "type" or tuple(e.instance_path) != here for e in branch):
                for one in branch:
                    yield from _flat(one)
                return
    yield here, error


class _Part(msgspec.Struct):
    """Some consecutive items of a long list."""

    route: Route
    """To the list."""
    first: int
    """The index of the first item."""
    items: list[Any]

    def wrapped(self, parts: deque[_Part]) -> Any:
        """Return data that holds no more than these items, at their depth."""
        place: Any = [
            _without_long_lists(item, (*self.route, self.first + n), parts)
            for n, item in enumerate(self.items)
        ]
        for step in reversed(self.route):
            place = {step: place} if isinstance(step, str) else [place]
        return place

    def own(self, errors: Iterator[tuple[Route, Any]]) -> Iterator[tuple[Route, Any]]:
        """Yield the errors that are about the items, with their routes in the whole data."""
        depth = len(self.route)
        for here, error in errors:
            if len(here) > depth:
                index = here[depth]
                assert isinstance(index, int)
                yield (*self.route, self.first + index, *here[depth + 1 :]), error


def _without_long_lists(value: Any, route: Route, parts: deque[_Part]) -> Any:
    """Return data with long lists made empty, and add their parts; what has none is not copied."""
    if isinstance(value, list):
        if len(value) > LARGEST:
            parts.extend(
                _Part(route, first, value[first : first + LARGEST])
                for first in range(0, len(value), LARGEST)
            )
            return []
        found = [_without_long_lists(item, (*route, n), parts) for n, item in enumerate(value)]
        return found if any(a is not b for a, b in zip(found, value, strict=True)) else value
    if isinstance(value, dict):
        changed = {
            key: short
            for key, item in value.items()
            if isinstance(item, (list, dict))
            and (short := _without_long_lists(item, (*route, key), parts)) is not item
        }
        return value | changed if changed else value
    return value

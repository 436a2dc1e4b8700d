"""Every field of a mapping: where it stands, what it may be read as, and which columns it reads."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct, structs

from itgov.files.document import Route
from itgov.importing import mapping as m
from itgov.importing.tables import header_key
from itgov.model import fields, types

_WORDS: tuple[m.Kind, ...] = ("text", "line")
_LINE: tuple[m.Kind, ...] = ("line", "text")
_NUMBER: tuple[m.Kind, ...] = ("number", "money", "percent")
_MONEY: tuple[m.Kind, ...] = ("money", "number")
_ANY = (*_WORDS, "date", *_NUMBER, "bool", "list", "slug", "id", "year", "fiscal_year")
_OF_KIND: dict[fields.Kind, tuple[m.Kind, ...]] = {
    "person": ("person",),
    "day": ("date",),
    "choice": ("choice",),
    "money": _MONEY,
    "measured": _NUMBER,
    "prose": _WORDS,
    "text": _LINE,
}
_RECORDS = (types.Investment, types.Outcome, types.Result, types.Spend)

KINDS: dict[str, tuple[m.Kind, ...]] = {
    **{
        f.key: _OF_KIND[f.kind] for r in _RECORDS for f in fields.fields_of(r) if f.kind in _OF_KIND
    },
    "id": ("id", "slug", "line"),
    "match": ("slug", "id", "line"),
    "name": _LINE,
    "as_of": ("date", "year"),
    "year": ("year", "fiscal_year"),
    "confidence": ("rating",),
    "direction": ("direction",),
    "measure": _WORDS,
    "business_changes": ("list",),
    "custom": _ANY,
    "each": _ANY,
    "sum": _MONEY,
}
"""For each field, what it may be read `as`; the first is meant where nothing is said."""


class Use(Struct, frozen=True):
    """A field of the mapping: where it stands, what it is, and the table it reads."""

    route: Route
    field: str
    table: str
    spec: m.Field


def table_of(mapping: m.Mapping, source: m.Investments) -> str:
    """Return the name of the table whose rows are investments; the first where none is said."""
    return source.table or next(iter(mapping.tables), "")


def uses(mapping: m.Mapping) -> Iterator[Use]:
    """Yield every field of the mapping that reads cells."""
    for i, source in enumerate(mapping.investments):
        route: Route = ("investments", i)
        table = table_of(mapping, source)
        yield from _fields(source, route, table)
        for name in ("id", "name"):
            if (spec := getattr(source.unit, name)) is not None:
                yield from _use((*route, "unit", name), name, table, spec)
        for j, key in enumerate(source.match):
            yield from _use((*route, "match", j), "match", table, key)
        for j, row in enumerate(source.spend):
            yield from _fields(row, (*route, "spend", j), table)
        for name, spec in source.custom.items():
            yield from _use((*route, "custom", name), "custom", table, spec)
        for j, outcome in enumerate(source.outcomes):
            yield from _outcome(outcome, (*route, "outcomes", j), table)
        for name, rows in source.custom_rows.items():
            for part in ("each", "sum"):
                for key, spec in getattr(rows, part).items():
                    yield from _use(
                        (*route, "custom_rows", name, part, key), part, rows.table, spec
                    )


def _outcome(outcome: m.Outcomes, route: Route, table: str) -> Iterator[Use]:
    yield from _fields(outcome, route, outcome.table or table)
    if outcome.results is not None:
        yield from _fields(outcome.results, (*route, "results"), outcome.results.table)


def _fields(record: Struct, route: Route, table: str) -> Iterator[Use]:
    for info in structs.fields(record):
        spec = getattr(record, info.name)
        if info.name in KINDS and info.name != "custom" and isinstance(spec, (str, m.Spec)):
            yield from _use((*route, info.name), info.name, table, spec)


def _use(route: Route, field: str, table: str, spec: m.Field | None) -> Iterator[Use]:
    while spec is not None:
        yield Use(route, field, table, spec)
        spec = spec.else_ if isinstance(spec, m.Spec) else None
        route = (*route, "else")


def value_columns(spec: m.Field) -> list[str]:
    """Return the columns whose cells become the value of a field, each by itself."""
    if isinstance(spec, str):
        return [spec]
    return [spec.column] if spec.column is not None else spec.columns


def columns_of(spec: m.Field) -> list[tuple[Route, str]]:
    """Return the columns that a field reads, each with the way to its name inside the field."""
    if isinstance(spec, str):
        return [((), spec)]
    found: list[tuple[Route, str]] = []
    if spec.column is not None:
        found.append((("column",), spec.column))
    found += [(("columns", i), c) for i, c in enumerate(spec.columns)]
    found += [(("largest", k, i), c) for k, cs in spec.largest.items() for i, c in enumerate(cs)]
    if spec.template is not None:
        found += [(("template",), c) for c in template_columns(spec.template)]
    if spec.explained_by is not None:
        found.append((("explained_by",), spec.explained_by))
    return found


def key_columns(mapping: m.Mapping, table: str) -> tuple[tuple[str, ...], ...]:
    """Return which columns, filled together, make a row of a table an investment of its own.

    Those of the id that are no names; where the id is made of names, those of title and unit, too.
    """
    found: dict[tuple[str, ...], None] = {}
    for source in mapping.investments:
        if table_of(mapping, source) != table:
            continue
        title = _all_columns(source.title)
        unit = {c for spec in (source.unit.id, source.unit.name) for c in _all_columns(spec)}
        spec: m.Field | None = source.id
        while spec is not None:
            columns = {header_key(c) for _, c in columns_of(spec)}
            if own := columns - title - unit:
                found[tuple(sorted(own))] = None
            elif title - unit and unit - title:
                found[tuple(sorted(columns | title | unit))] = None
            spec = spec.else_ if isinstance(spec, m.Spec) else None
    return tuple(found)


def _all_columns(spec: m.Field | None) -> set[str]:
    """Return the columns that a field reads, also where the first is blank."""
    found: set[str] = set()
    while spec is not None:
        found |= {header_key(c) for _, c in columns_of(spec)}
        spec = spec.else_ if isinstance(spec, m.Spec) else None
    return found


def template_columns(template: str) -> list[str]:
    """Return the columns named in a template like `{department}-{project}`."""
    return re.findall(r"\{([^{}]+)\}", template)


def other_columns(mapping: m.Mapping) -> Iterator[tuple[Route, str, str]]:
    """Yield the columns read for joining, skipping and looking up: way, table, column."""
    for i, source in enumerate(mapping.investments):
        route: Route = ("investments", i)
        table = table_of(mapping, source)
        yield from _skips(source.skip, route, table)
        for j, outcome in enumerate(source.outcomes):
            here = (*route, "outcomes", j)
            yield from _skips(outcome.skip, here, outcome.table or table)
            if outcome.table is not None:
                yield from _join(outcome.on, here, outcome.table, table)
            if outcome.results is not None:
                there = (*here, "results")
                yield from _join(
                    outcome.results.on, there, outcome.results.table, outcome.table or table
                )
                yield from _skips(outcome.results.skip, there, outcome.results.table)
        for name, rows in source.custom_rows.items():
            here = (*route, "custom_rows", name)
            yield from _join(rows.on, here, rows.table, table)
            yield from _skips(rows.skip, here, rows.table)
            for key, column in rows.filled.items():
                yield (*here, "filled", key), rows.table, column
    for use in uses(mapping):
        if isinstance(use.spec, m.Spec) and use.spec.lookup is not None:
            found = use.spec.lookup
            yield (*use.route, "lookup", "key"), found.table, found.key
            yield (*use.route, "lookup", "take"), found.table, found.take
        for column in use.spec.where if isinstance(use.spec, m.Spec) else ():
            yield (*use.route, "where", column), use.table, column


def _skips(skips: list[m.Skip], route: Route, table: str) -> Iterator[tuple[Route, str, str]]:
    for k, skip in enumerate(skips):
        yield (*route, "skip", k, "column"), table, skip.column


def _join(
    on: list[str] | dict[str, str], route: Route, child: str, parent: str
) -> Iterator[tuple[Route, str, str]]:
    for theirs, ours in pairs(on):
        step: Route = ("on", theirs) if isinstance(on, dict) else ("on",)
        yield (*route, *step), child, theirs
        yield (*route, *step), parent, ours


def pairs(on: list[str] | dict[str, str]) -> list[tuple[str, str]]:
    """Return a join's columns as (column of the joined table, column of this one)."""
    return list(on.items()) if isinstance(on, dict) else [(c, c) for c in on]


@lru_cache(maxsize=200)
def compiled(pattern: str) -> re.Pattern[str]:
    """Return the compiled regular expression of a `pattern`."""
    return re.compile(pattern)

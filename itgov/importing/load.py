"""Reading a mapping file and finding everything that is wrong with it, each at its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import get_args

from msgspec import Struct, structs

from itgov.files.document import Document, Route
from itgov.files.reader import read
from itgov.files.shape import fit, offsets
from itgov.importing import mapping as m
from itgov.importing.tables import ENCODINGS, Table, no_column
from itgov.importing.trouble import ImportRefused, Trouble, located, refuse
from itgov.importing.values import date_pattern
from itgov.model import types
from itgov.model.text import did_you_mean

MAPPINGS = Path(__file__).parent / "mappings"

CHOICES: dict[str, tuple[str, ...]] = {
    "type": get_args(types.InvestmentType),
    "purpose": get_args(types.Purpose),
    "stage": get_args(types.Stage),
}
"""Fields that take one of a few words."""

_DATE: tuple[m.Kind, ...] = ("date",)
_AMOUNT: tuple[m.Kind, ...] = ("number", "money", "percent")
_WORDS: tuple[m.Kind, ...] = ("text", "line")
_ANY: tuple[m.Kind, ...] = ("text", "line", "date", "money", "number", "percent", "bool", "list", "slug", "id", "year", "fiscal_year")
KINDS: dict[str, tuple[m.Kind, ...]] = {
    "id": ("id", "slug", "line"), "title": ("line", "text"), "name": ("line", "text"), "as_of": ("date", "year"),
    "match": ("slug", "id", "line"), "type": ("choice",), "purpose": ("choice",), "stage": ("choice",),
    "summary": _WORDS, "statement": _WORDS, "measure": _WORDS, "unit": ("line", "text"), "evidence": ("line", "text"),
    "confidence": ("rating",), "direction": ("direction",), "business_changes": ("list",),
    **dict.fromkeys(("outcome_owner", "relationship_manager", "sponsor", "delivery_lead", "confidence_by"), ("person",)),
    **dict.fromkeys(("confidence_on", "start", "end", "last_reviewed", "next_review", "due", "date"), _DATE),
    **dict.fromkeys(("budget", "actual", "forecast"), ("money", "number")),
    **dict.fromkeys(("baseline", "target"), _AMOUNT), "value": ("money", "number"), "year": ("year", "fiscal_year"),
    "custom": _ANY, "each": _ANY, "sum": ("money", "number"),
}  # fmt: skip
"""For each field, what it may be read `as`; the first is meant where nothing is said."""


class Loaded(Struct):
    """A mapping and the file it was read from."""

    mapping: m.Mapping
    document: Document

    def at(self, route: Route, message: str, fix: str = "", key: bool = False) -> Trouble:
        """Return a trouble at the place of `route` in the mapping file."""
        start, _ = offsets(self.document, route, key=key)
        line, column = self.document.position(start)
        return Trouble(message, self.document.path, line, column, fix)


class Use(Struct, frozen=True):
    """A field of the mapping: where it stands, what it is, and the table it reads."""

    route: Route
    field: str
    table: str
    spec: m.Field


def ready_mappings() -> dict[str, Path]:
    """Return the mappings that come with the package, by name."""
    return {p.stem: p for p in sorted(MAPPINGS.glob("*.yaml"))}


def load_mapping(which: m.Mapping | Path | str) -> Loaded:
    """Read a mapping: a file, or one of the package's by its name; raise ImportRefused."""
    if isinstance(which, m.Mapping):
        return Loaded(which, Document("mapping", b""))
    ready = ready_mappings()
    path = Path(which)
    if isinstance(which, str) and which in ready and not path.is_file():
        path = ready[which]
    if not path.is_file():
        names = ", ".join(f"`{n}`" for n in ready)
        raise refuse(f"there is no mapping `{which}`{did_you_mean(str(which), ready)}", fix=f"Give a mapping file, or one of {names}.")
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise refuse(f"the mapping cannot be read: {error.strerror}", path.as_posix()) from error
    return parse_mapping(path.as_posix(), raw)


def parse_mapping(path: str, raw: bytes) -> Loaded:
    """Read the bytes of a mapping file; raise ImportRefused with all that is wrong."""
    document, data, problems = read(path, raw)
    if problems:
        raise ImportRefused([located(document, p) for p in problems])
    if not isinstance(data, dict):
        raise refuse("this is no mapping file", path, "Start it with `mapping:`, or draft one with `itgov import --guess FILE`.")
    fitted, problems = fit(document, data, m.Mapping)
    if problems or fitted is None:
        raise ImportRefused([located(document, p) for p in problems] or [Trouble("this is no mapping file", path)])
    loaded = Loaded(fitted, document)
    troubles = list(_check(loaded))
    if troubles:
        raise ImportRefused(sorted(troubles, key=lambda t: (t.line or 0, t.column or 0)))
    return loaded


# -- every field of a mapping --------------------------------------------------------------


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
                    yield from _use((*route, "custom_rows", name, part, key), part, rows.table, spec)


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
                yield from _join(outcome.results.on, there, outcome.results.table, outcome.table or table)
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


def _skips(skips: list[m.Skip], route: Route, table: str) -> Iterator[tuple[Route, str, str]]:
    for k, skip in enumerate(skips):
        yield (*route, "skip", k, "column"), table, skip.column


def _join(on: list[str] | dict[str, str], route: Route, child: str, parent: str) -> Iterator[tuple[Route, str, str]]:
    for theirs, ours in pairs(on):
        step: Route = ("on", theirs) if isinstance(on, dict) else ("on",)
        yield (*route, *step), child, theirs
        yield (*route, *step), parent, ours


def pairs(on: list[str] | dict[str, str]) -> list[tuple[str, str]]:
    """Return a join's columns as (column of the joined table, column of this one)."""
    return list(on.items()) if isinstance(on, dict) else [(c, c) for c in on]


# -- what can be wrong ---------------------------------------------------------------------


def _check(loaded: Loaded) -> Iterator[Trouble]:
    mapping = loaded.mapping
    if not mapping.tables:
        yield loaded.at(("tables",), "no table is named", "Add one: `tables: {projects: {files: [\"*.csv\"]}}`.")
        return
    if not mapping.investments:
        yield loaded.at(("investments",), "nothing says what the investments are", "Add `investments:` with `id`, `title` and `unit`.")
    for name, table in mapping.tables.items():
        if table.encoding != "auto" and table.encoding not in ENCODINGS:
            fix = f"Write auto, {', '.join(ENCODINGS)}."
            yield loaded.at(("tables", name, "encoding"), f"`{table.encoding}` is no encoding that is read{did_you_mean(table.encoding, ENCODINGS)}", fix)
    yield from _formats(loaded, ("reading", "formats"), mapping.reading.formats)
    for route, table_name in _tables_named(mapping):
        if table_name not in mapping.tables:
            yield loaded.at(
                route, f"there is no table `{table_name}`{did_you_mean(table_name, mapping.tables)}", f"Tables here: {', '.join(mapping.tables)}."
            )
    for i, source in enumerate(mapping.investments):
        if source.unit.id is None and source.unit.name is None:
            yield loaded.at(("investments", i, "unit"), "`unit` names neither `id` nor `name`", "Say which column names the unit.")
    for use in uses(mapping):
        if isinstance(use.spec, m.Spec):
            yield from _check_spec(loaded, use, use.spec)


def _tables_named(mapping: m.Mapping) -> Iterator[tuple[Route, str]]:
    for i, source in enumerate(mapping.investments):
        route: Route = ("investments", i)
        if source.table is not None:
            yield (*route, "table"), source.table
        for j, outcome in enumerate(source.outcomes):
            if outcome.table is not None:
                yield (*route, "outcomes", j, "table"), outcome.table
            if outcome.results is not None:
                yield (*route, "outcomes", j, "results", "table"), outcome.results.table
        for name, rows in source.custom_rows.items():
            yield (*route, "custom_rows", name, "table"), rows.table
    for use in uses(mapping):
        if isinstance(use.spec, m.Spec) and use.spec.lookup is not None:
            yield (*use.route, "lookup", "table"), use.spec.lookup.table


def _check_spec(loaded: Loaded, use: Use, spec: m.Spec) -> Iterator[Trouble]:
    given = [n for n in ("column", "columns", "template", "value", "largest") if getattr(spec, n) not in (None, [], {})]
    if len(given) != 1:
        said = "says nothing of where it is read from" if not given else f"says both `{given[0]}` and `{given[1]}`"
        yield loaded.at(use.route, f"`{use.field}` {said}", "Give one of column, columns, template, value, largest.")
    allowed = KINDS[use.field]
    if spec.as_ is not None and spec.as_ not in allowed:
        yield loaded.at((*use.route, "as"), f"`{use.field}` cannot be read as {spec.as_}", f"Leave `as` out, or write {', '.join(allowed)}.")
    if spec.template is not None and not template_columns(spec.template):
        yield loaded.at((*use.route, "template"), "the template names no column", "Write columns in braces: `{department}-{project}`.")
    yield from _formats(loaded, (*use.route, "formats"), spec.formats)
    if spec.pattern is not None:
        try:
            compiled(spec.pattern)
        except re.error as error:
            yield loaded.at((*use.route, "pattern"), f"the pattern is no regular expression: {error.msg}", "Mend it, or leave it out.")


def _formats(loaded: Loaded, route: Route, formats: list[str]) -> Iterator[Trouble]:
    for i, wanted in enumerate(formats):
        try:
            date_pattern(wanted)
        except ValueError:
            fix = "Use D or DD, M, MM, MMM or MMMM, and YY or YYYY: `DD.MM.YY`, `MMMM D, YYYY`."
            yield loaded.at((*route, i), f"`{wanted}` is no date format", fix)


@lru_cache(maxsize=200)
def compiled(pattern: str) -> re.Pattern[str]:
    """Return the compiled regular expression of a `pattern`."""
    return re.compile(pattern)


def check_columns(loaded: Loaded, tables: list[Table], report: Callable[[Trouble], None]) -> None:
    """Report every column that the mapping reads and a table does not have."""
    mapping = loaded.mapping
    named = [((*u.route, *inner), u.table, column) for u in uses(mapping) for inner, column in columns_of(u.spec)]
    for route, name, column in [*named, *other_columns(mapping)]:
        optional = {c.casefold() for c in mapping.tables[name].optional}
        for table in tables:
            if table.name == name and table.position(column) is None and column.casefold() not in optional:
                fix = f"Name a column that is there, or list it under `tables: {name}: optional:`."
                report(loaded.at(route, no_column(column, table), fix))

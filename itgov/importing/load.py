"""Reading a mapping file and finding everything that is wrong with it, each at its place."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from msgspec import Struct

from itgov.files.convert import convert
from itgov.files.document import Document, Route
from itgov.files.reader import read
from itgov.importing import mapping as m
from itgov.importing.dates import SERIALS, date_pattern
from itgov.importing.tables import SourceTable
from itgov.importing.text_tables import ENCODINGS
from itgov.importing.trouble import ImportProblem, ImportRefused, located, refuse, shown
from itgov.importing.walk import (
    KINDS,
    Use,
    columns_of,
    compiled,
    other_columns,
    template_columns,
    uses,
)
from itgov.model.text import did_you_mean

MAPPINGS = Path(__file__).parent / "mappings"


class Loaded(Struct):
    """A mapping and the file it was read from."""

    mapping: m.Mapping
    document: Document

    def at(self, route: Route, message: str, fix: str = "", key: bool = False) -> ImportProblem:
        """Return a trouble at the place of `route` in the mapping file."""
        place = self.document.place(route, key)
        return ImportProblem(message, place.path, place.line, place.column, fix)


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
        raise refuse(
            f"there is no mapping `{which}`{did_you_mean(str(which), ready)}",
            fix=f"Name a mapping file, or one of {names}.",
        )
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise refuse(f"the mapping cannot be read: {error.strerror}", path.as_posix()) from error
    return parse_mapping(path.as_posix(), _from_utf_16(raw))


def _from_utf_16(raw: bytes) -> bytes:
    """Return a file as UTF-8 that is UTF-16 by its mark, as Windows PowerShell's `>` writes."""
    if raw[:2] not in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return raw
    try:
        return raw.decode("utf-16").encode()
    except UnicodeError:
        return raw


def parse_mapping(path: str, raw: bytes) -> Loaded:
    """Read the bytes of a mapping file; raise ImportRefused with all that is wrong."""
    document, data, problems = read(path, raw)
    if problems:
        raise ImportRefused([located(document, p) for p in problems])
    if not isinstance(data, dict):
        raise refuse(
            "this is no mapping file",
            path,
            "Start it with `mapping:`, or draft one with `itgov import --guess FILE`.",
        )
    fitted, problems = convert(document, data, m.Mapping)
    if problems or fitted is None:
        raise ImportRefused(
            [located(document, p) for p in problems]
            or [ImportProblem("this is no mapping file", path)]
        )
    loaded = Loaded(fitted, document)
    troubles = list(_check(loaded))
    if troubles:
        raise ImportRefused(sorted(troubles, key=lambda t: (t.line or 0, t.column or 0)))
    return loaded


# -- what can be wrong ---------------------------------------------------------------------


def _check(loaded: Loaded) -> Iterator[ImportProblem]:
    mapping = loaded.mapping
    if not mapping.tables:
        yield loaded.at(
            ("tables",), "no table is named", 'Add one: `tables: {projects: {files: ["*.csv"]}}`.'
        )
        return
    if not mapping.investments:
        yield loaded.at(
            ("investments",),
            "the mapping does not say what the investments are",
            "Add `investments:` with `id`, `title` and `unit`.",
        )
    for name, table in mapping.tables.items():
        if table.encoding != "auto" and table.encoding not in ENCODINGS:
            fix = f"Write auto, {', '.join(ENCODINGS)}."
            yield loaded.at(
                ("tables", name, "encoding"),
                f"`{table.encoding}` is no encoding that is read"
                + did_you_mean(table.encoding, ENCODINGS),
                fix,
            )
        yield from _formats(loaded, ("tables", name, "formats"), table.formats)
    yield from _formats(loaded, ("reading", "formats"), mapping.reading.formats)
    for route, table_name in _tables_named(mapping):
        if table_name not in mapping.tables:
            yield loaded.at(
                route,
                f"there is no table `{table_name}`{did_you_mean(table_name, mapping.tables)}",
                f"Tables here: {', '.join(mapping.tables)}.",
            )
    for i, source in enumerate(mapping.investments):
        if source.unit.id is None and source.unit.name is None:
            yield loaded.at(
                ("investments", i, "unit"),
                "`unit` names neither `id` nor `name`",
                "Say which column names the unit.",
            )
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


def _check_spec(loaded: Loaded, use: Use, spec: m.Spec) -> Iterator[ImportProblem]:
    given = [
        n
        for n in ("column", "columns", "template", "value", "largest")
        if getattr(spec, n) not in (None, [], {})
    ]
    if len(given) != 1:
        said = (
            "does not say where it is read from"
            if not given
            else f"says both `{given[0]}` and `{given[1]}`"
        )
        yield loaded.at(
            use.route,
            f"`{use.field}` {said}",
            "Give one of column, columns, template, value, largest.",
        )
    allowed = KINDS[use.field]
    if spec.as_ is not None and spec.as_ not in allowed:
        yield loaded.at(
            (*use.route, "as"),
            f"`{use.field}` cannot be read as {spec.as_}",
            f"Leave `as` out, or write {', '.join(allowed)}.",
        )
    if spec.template is not None and not template_columns(spec.template):
        yield loaded.at(
            (*use.route, "template"),
            "the template names no column",
            "Write columns in braces: `{department}-{project}`.",
        )
    yield from _formats(loaded, (*use.route, "formats"), spec.formats)
    if spec.pattern is not None:
        try:
            compiled(spec.pattern)
        except re.error as error:
            yield loaded.at(
                (*use.route, "pattern"),
                f"the pattern is no regular expression: {error.msg}",
                "Correct it, or delete it.",
            )


def _formats(loaded: Loaded, route: Route, formats: list[str]) -> Iterator[ImportProblem]:
    for i, wanted in enumerate(formats):
        try:
            if wanted not in SERIALS:
                date_pattern(wanted)
        except ValueError:
            fix = "Use D or DD, M, MM, MMM or MMMM, and YY or YYYY: `DD.MM.YY`, `MMMM D, YYYY`; or `serial`."
            yield loaded.at((*route, i), f"`{wanted}` is not a date format", fix)


def check_columns(
    loaded: Loaded, tables: list[SourceTable], report: Callable[[ImportProblem], None]
) -> None:
    """Report every column that the mapping reads and a table does not have.

    One that the mapping calls optional is noted with the table: what it would say is left out.
    """
    mapping = loaded.mapping
    named = [
        ((*u.route, *inner), u.table, column)
        for u in uses(mapping)
        for inner, column in columns_of(u.spec)
    ]
    for route, name, column in [*named, *other_columns(mapping)]:
        optional = {c.casefold() for c in mapping.tables[name].optional}
        for table in tables:
            if table.name != name or table.position(column) is not None:
                continue
            if column.casefold() in optional:
                note = f"no column `{shown(column)}`: what the mapping reads from it is left out"
                if note not in table.notes:
                    table.notes.append(note)
            else:
                fix = f"Name a column that is there, or list it under `tables: {name}: optional:`."
                report(loaded.at(route, _no_column(column, table), fix))
    for name, spec in mapping.tables.items():
        theirs = [table for table in tables if table.name == name]
        optional = {c.casefold() for c in spec.optional}
        for i, column in enumerate(spec.perhaps_money):
            if column.casefold() in optional or any(t.position(column) is not None for t in theirs):
                continue
            if theirs:  # one file of several may be without it: then its money is not missing
                fix = "Name a column that is there, or take it out."
                there = ("tables", name, "perhaps_money", i)
                report(loaded.at(there, _no_column(column, theirs[0]), fix))


def _no_column(column: str, table: SourceTable) -> str:
    """Return what to say of a column that a table does not have."""
    known = [h for h in table.headers if h]
    guess = did_you_mean(column, known)
    few = ", ".join(f"`{shown(h)}`" for h in known[:30])
    few += f" and {len(known) - 30:,} more" if len(known) > 30 else ""
    return f"{table.path} has no column `{shown(column)}`{guess}" + (
        "" if guess else f"; it has {few}"
    )

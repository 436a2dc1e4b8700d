"""The mapping file: which table and column is which field, and how the cells are read.

Every field of an investment takes a column's name, or a mapping that says more: a `Spec`.  The
words of this file are documented for users in `docs/import.md`.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, Literal

from msgspec import Meta, Struct, defstruct, field, structs

from itgov.model.fields import Field as ModelField
from itgov.model.fields import fields_of
from itgov.model.types import Investment

Scalar = str | int | float | bool
Kind = Literal[
    "text", "line", "date", "money", "number", "percent", "rating", "direction", "choice",
    "bool", "list", "slug", "id", "year", "fiscal_year", "person",
]  # fmt: skip

Decimals = Literal[".", ","]
Month = Annotated[int, Meta(ge=1, le=12)]


class Entry(
    Struct,
    kw_only=True,
    forbid_unknown_fields=True,
    rename={"as_": "as", "else_": "else", "is_": "is", "from_": "from"},
):
    """A record of the mapping file; unknown keys are refused."""


class Lookup(Entry):
    """Another table in which the cell is looked up: `key` is its column to find, `take` to read."""

    table: str
    key: str
    take: str


class Spec(Entry):
    """How one field is read.  Exactly one of the first five says what it is read from."""

    column: str | None = None
    columns: list[str] = []
    template: str | None = None
    value: Scalar | None = None
    largest: dict[str, list[str]] = {}
    as_: Kind | None = None
    values: dict[str, Scalar] = {}
    missing: list[Scalar] = []
    withheld: dict[str, str] = {}
    explained_by: str | None = None
    pattern: str | None = None
    lookup: Lookup | None = None
    formats: list[str] = []
    decimal: Decimals | None = None
    scale: int | float | None = None
    plus: int | None = None
    separator: str | None = None
    max: Annotated[int, Meta(ge=8, le=200)] | None = None
    where: dict[str, list[Scalar]] = {}
    """Columns and what they must be one of for the field to be read from a row."""
    else_: str | Spec | None = None


Field = str | Spec


class Skip(Entry):
    """Rows that are left out: those whose cell in `column` is one of `is`; `missing` is a blank one."""

    column: str
    is_: list[Scalar]
    because: str | None = None


class Unit(Entry):
    """The business unit (department, agency) that a row belongs to."""

    id: Field | None = None
    name: Field | None = None


class SpendRow(Entry):
    """One year's money.  `total` says that it is the whole budget, not one year's."""

    year: Field
    budget: Field | None = None
    actual: Field | None = None
    forecast: Field | None = None
    total: bool = False


class Merge(Entry):
    """What rows of one report that are one investment become: `spend: sum` adds their money."""

    spend: Literal["first", "sum"] = "first"


class Joined(Entry):
    """Rows of another table that belong to a row: the columns in `on` are equal in both."""

    table: str
    on: list[str] | dict[str, str]
    skip: list[Skip] = []


class Results(Joined, kw_only=True):
    """Dated results of an outcome, from a table of their own."""

    date: Field
    actual: Field | None = None
    value: Field | None = None
    evidence: Field | None = None


class Outcomes(Entry):
    """Outcomes: of a table of their own, or, without `table`, one from the investment's row."""

    id: Field
    table: str | None = None
    on: list[str] | dict[str, str] = []
    skip: list[Skip] = []
    needs: list[str] = []
    statement: Field | None = None
    measure: Field | None = None
    unit: Field | None = None
    direction: Field | None = None
    baseline: Field | None = None
    target: Field | None = None
    due: Field | None = None
    value: Field | None = None
    value_from: Field | None = None
    value_until: Field | None = None
    results: Results | None = None


class CustomRows(Joined, kw_only=True):
    """Rows of another table kept under `custom`: each with some fields, or only in sum."""

    each: dict[str, Field] = {}
    filled: dict[str, str] = {}
    sum: dict[str, Field] = {}


class _Rows(Entry):
    id: Field
    title: Field
    unit: Unit
    table: str | None = None
    as_of: Field | None = None
    match: list[Field] = []
    skip: list[Skip] = []


def stated_fields() -> tuple[ModelField, ...]:
    """Return the fields of an investment that one row can state: single values, and lists of words."""
    return tuple(
        f
        for f in fields_of(Investment)
        if f.key not in ("id", "title", "formerly") and _is_stated(f)
    )


def stated(source: Investments) -> list[tuple[str, str, Field]]:
    """Return what a mapping reads of a row beside id, spend and the like: key, kind and how."""
    title = next(f for f in fields_of(Investment) if f.key == "title")
    found = ((f.key, f.kind, getattr(source, f.key)) for f in (title, *stated_fields()))
    return [(key, kind, spec) for key, kind, spec in found if spec is not None]


def read_by(entry: type[Struct], record: type[Struct]) -> tuple[str, ...]:
    """Return the fields of a record that an entry of a mapping says how to read, but for its id."""
    said = {f.name for f in structs.fields(entry)} - {"id", "results"}
    return tuple(f.name for f in fields_of(record) if f.name in said)


def given(entry: Struct, fields: Iterable[str]) -> list[tuple[str, Field]]:
    """Return those of some fields that an entry of a mapping says how to read."""
    found = ((name, getattr(entry, name)) for name in fields)
    return [(name, field) for name, field in found if field is not None]


def _is_stated(field: ModelField) -> bool:
    if field.many:
        return field.kind == "text"
    return field.kind in ("choice", "day", "person", "prose", "text")


if TYPE_CHECKING:
    _StatedRows = _Rows
else:
    _StatedRows = defstruct(
        "_StatedRows", [(f.key, Field | None, None) for f in stated_fields()], bases=(_Rows,)
    )


class Investments(_StatedRows):
    """Investments and services: one for each row of `table`, or for rows that `match`."""

    spend: list[SpendRow] = []
    merge: Merge = field(default_factory=Merge)
    outcomes: list[Outcomes] = []
    custom: dict[str, Field] = {}
    custom_rows: dict[str, CustomRows] = {}


class Reading(Entry):
    """How cells are read wherever a field does not say otherwise."""

    formats: list[str] = []
    decimal: Decimals | None = None
    missing: list[Scalar] = []
    withheld: dict[str, str] = {}


class TableSpec(Entry):
    """A table: the files it is in, and how they are read."""

    files: list[str] = []
    optional: list[str] = []
    may_be_absent: bool = False
    encoding: str = "auto"
    delimiter: Annotated[str, Meta(min_length=1, max_length=1)] | None = None
    sheet: str | None = None
    header_row: Annotated[int, Meta(ge=1, le=1000)] | None = None
    transposed: bool = False
    days: dict[str, datetime.date] = {}
    """Of which day a file is, by its name, where its rows do not say so."""
    formats: list[str] = []
    decimal: Decimals | None = None
    scale: int | float | None = None
    fill_down: list[str] = []
    """Columns of which a blank cell means what the row above says."""
    headings: str = ""
    """What the column is called that holds the heading above each row: a text alone in its row."""
    perhaps_money: list[str] = []
    """Columns of figures that may be money and are not imported as such: control totals name them."""


class About(Entry):
    """What the mapping is: its name marks what it imported."""

    name: Annotated[str, Meta(min_length=1, max_length=80)]
    summary: str | None = None
    source: str | None = None
    licence: str | None = None
    scope: Literal["units", "whole"] = "units"
    """Whether what no later table has is gone of the units that the tables speak of, or of all."""


class Organisation(Entry):
    """The organisation that the tables are about."""

    id: str
    name: str | None = None
    currency: str | None = None
    fiscal_year_start: Month = 1


class Mapping(Entry):
    """A mapping file."""

    mapping: About
    organisation: Organisation
    tables: dict[str, TableSpec]
    investments: list[Investments]
    reading: Reading = field(default_factory=Reading)
    unanswered: list[str] = []
    """Questions of the draft that matter and that nobody answered: nothing is written until then."""

"""The tables of an export and their columns, as the types of the model give them.

A record type is a table; each list of records or values in it is a further one, whose rows name the
record that they belong to.  Single records in a record are columns of it.  What is computed
(findings, health) has its columns in `computed.py`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from functools import lru_cache
from operator import attrgetter
from typing import Any, Literal, TypeAlias

from msgspec import Struct, structs

from itgov.model.fields import Field, Kind, described, distinctive, fields_of
from itgov.model.finding import SubjectKind
from itgov.model.types import (
    BusinessUnit,
    Engagement,
    Investment,
    Organisation,
    Person,
    Record,
    RelationshipManager,
)

ColumnKind = Literal["text", "number", "whole", "day", "truth"]
Value: TypeAlias = Any
"""What stands in a cell: a text, a number, a day, true or false, or None."""
Read: TypeAlias = Callable[[Any], Value]
Form = Literal["record", "value", "withheld", "custom"]
"""What a row is made of: a record, one item of a list of values, one key of a mapping."""

ITEM = "item"
FIELD = "field"
_NUMBERS = ("money", "measured", "share", "number")
_TABLES: dict[Kind, str] = {
    "person": "people", "business_unit": "business_units", "investment": "investments",
    "outcome": "outcomes", "objective": "objectives",
}  # fmt: skip
"""The table that has the record which an id names."""
_OWN_NAMES = ("spend", "outcomes", "results", "objectives", "opportunities", "actions")
"""Lists whose table is called as they are; those that several records have are so, too."""
_SHORT = {"relationship_manager": "manager", "business_unit": "unit"}
"""What stands for a record in the name of a table, which a spreadsheet limits to 31 characters."""


class Column(Struct, frozen=True):
    """One column: what stands in it, and the field of the record that it is."""

    name: str
    kind: ColumnKind
    says: str
    references: str | None = None
    """The table whose key it holds."""
    keys: tuple[str, ...] = ()
    """The way to the field in the record, as files call it; empty where it is no field."""
    read: Read | None = None
    """Returns its value from a row's record."""
    field: Field | None = None


class Root(Struct, frozen=True):
    """A record that stands by itself in a file, and the table of these."""

    table: str
    kind: SubjectKind
    type: type[Record]
    key: str = "id"
    in_unit: bool = False


class Home(Struct, frozen=True):
    """Where rows of a table stand: in which records, and by which lists in there."""

    root: Root
    steps: tuple[Field, ...] = ()
    holder: str = ""
    """What kind of record holds them."""
    column: str = ""
    """The column that names it."""


class Table(Struct, frozen=True):
    """One table: its columns, and where its rows stand in the files."""

    name: str
    says: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    homes: tuple[Home, ...] = ()
    form: Form = "record"
    type: type[Record] | None = None

    @property
    def is_taken_back(self) -> bool:
        """Say whether it holds what files say, and not what follows from that."""
        return bool(self.homes)

    def column(self, name: str) -> Column:
        """Return a column by its name."""
        return next(c for c in self.columns if c.name == name)


ROOTS = (
    Root("organisation", "organisation", Organisation),
    Root("business_units", "business_unit", BusinessUnit),
    Root("people", "person", Person),
    Root("relationship_managers", "relationship_manager", RelationshipManager, "person"),
    Root("investments", "investment", Investment, in_unit=True),
    Root("engagements", "engagement", Engagement, in_unit=True),
)
_UNIT = Column("business_unit", "text", "The business unit that it belongs to.", "business_units")
ENGAGEMENT_ID = "The unit and the day: `<unit>/<date>`, numbered where a day has several."


@lru_cache(maxsize=1)
def record_tables() -> dict[str, Table]:
    """Return the tables of what files say, by name: investments and what belongs to them first."""
    found = [_root_table(root) for root in ROOTS]
    lists: dict[str, list[tuple[Home, Field]]] = {}
    every = [(home, field) for root in ROOTS for home, field in _lists(Home(root), root.type)]
    shared = Counter(field.key for _, field in every if field.record is not None)
    for home, field in every:
        own = field.key in _OWN_NAMES or shared[field.key] > 1
        holder = _SHORT.get(home.holder, home.holder)
        lists.setdefault(field.key if own else f"{holder}_{field.key}", []).append((home, field))
    found += [_list_table(name, homes) for name, homes in lists.items()]
    first = ("investments", "spend", "outcomes", "results", "people", "relationship_managers",
             "engagements", "business_units", "objectives")  # fmt: skip
    order = {name: at for at, name in enumerate(first)}
    found.sort(key=lambda t: order.get(t.name, len(order)))
    return {table.name: table for table in found}


def _root_table(root: Root) -> Table:
    columns = [*_columns(root.type)]
    if root.kind == "engagement":
        columns.insert(0, Column("id", "text", ENGAGEMENT_ID))
    if root.in_unit:
        columns.insert(1, _UNIT)
    return Table(
        root.table, _says(root.type), (root.key,), tuple(columns), (Home(root),), type=root.type
    )


def _lists(home: Home, record: type[Struct]) -> Iterator[tuple[Home, Field]]:
    """Yield the lists and mappings of a record type and of the records in it, with their homes."""
    holder = home.root.kind if not home.steps else record.__name__.casefold()
    for field in fields_of(record):
        if not field.many and field.kind != "mapping":
            continue
        below = Home(home.root, (*home.steps, field), holder)
        yield below, field
        if field.record is not None:
            yield from _lists(below, field.record)


def _list_table(name: str, found: list[tuple[Home, Field]]) -> Table:
    homes, fields = zip(*found, strict=True)
    field: Field = fields[0]
    taken = {f.key for f in fields_of(field.record)} if field.record is not None else {}
    homes = tuple(
        structs.replace(h, column=f"of_{h.holder}" if h.holder in taken else h.holder)
        for h in homes
    )
    holders = [_holder(home) for home in homes]
    several = len(holders) > 1
    says = described(_owner(homes[0]))[field.key].words
    number = Column(ITEM, "whole", "Its number in the list, from 1; blank in a new row.")
    if field.kind == "mapping":
        is_custom = field.key == "custom"
        named = Column(FIELD, "text", "The key." if is_custom else "The field.")
        value = Column("value" if is_custom else "reason", "text", says)
        form = Column("form", "text", "text, number, truth or json: what the value is.")
        columns = [*holders, named, value, *([form] if is_custom else [])]
        key = (holders[0].name, FIELD)
        return Table(name, says, key, tuple(columns), homes, "custom" if is_custom else "withheld")
    record: Any = field.record
    if record is None:
        item = Column(field.key, column_kind(field), says, _TABLES.get(field.kind), (), None, field)
        key = (holders[0].name, ITEM)
        return Table(name, says, key, (holders[0], number, item), homes, "value")
    columns = [*holders, *_columns(record)]
    if is_keyed(record):
        columns = [*_columns(record, f"<{holders[0].name}>/"), *holders]
        columns[1:] = [*holders, *columns[1 : -len(holders)]]
        columns.append(number)
        return Table(name, says, ("id",), tuple(columns), homes, type=record)
    columns.insert(len(holders), number)
    unique: tuple[str, ...] = () if several else (holders[0].name, ITEM)
    return Table(name, says, unique, tuple(columns), homes, type=record)


def is_keyed(record: type[Struct]) -> bool:
    """Say whether records of a list have ids of their own."""
    known = distinctive(record)
    return known is not None and known.key == "id"


def _holder(home: Home) -> Column:
    kind: Kind = "person" if home.holder == "relationship_manager" else home.holder  # type: ignore[assignment]
    table = _TABLES.get(kind) or next(r.table for r in ROOTS if r.kind == home.holder)
    if home.holder == "relationship_manager":
        table = "relationship_managers"
    words = home.holder.replace("_", " ")
    return Column(home.column, "text", f"The {words} that it belongs to.", table)


def _owner(home: Home) -> type[Struct]:
    """Return the type of the record that holds a list."""
    if len(home.steps) == 1:
        return home.root.type
    record = home.steps[-2].record
    assert record is not None  # lists of values hold none
    return record


def _columns(record: type[Struct], prefix: str = "") -> Iterator[Column]:
    """Yield the columns of a record type: each single value, those of records in it by both names."""
    words = described(record)
    for field in fields_of(record):
        if field.many or field.kind == "mapping":
            continue
        if field.record is not None:
            below_words = described(field.record)
            for below in fields_of(field.record):
                yield Column(
                    f"{field.key}_{below.key}", column_kind(below), below_words[below.key].words,
                    _TABLES.get(below.kind), (field.key, below.key),
                    _nested(field.name, below.name), below,
                )  # fmt: skip
            continue
        says = words[field.key].words or "The calendar year in which the fiscal year begins."
        if prefix and field.key == "id":
            says = f"`{prefix}<id>`, unique in the organisation."
        if field.kind == "objective":
            says = f"{says} As `<unit>/<id>`."
        yield Column(
            field.key, column_kind(field), says, _TABLES.get(field.kind), (field.key,),
            attrgetter(field.name), field,
        )  # fmt: skip


def _nested(outer: str, inner: str) -> Read:
    first, second = attrgetter(outer), attrgetter(inner)

    def read(record: Any) -> Value:
        held = first(record)
        return None if held is None else second(held)

    return read


def column_kind(field: Field) -> ColumnKind:
    """Return what stands in the column of a field."""
    if field.kind in _NUMBERS:
        return "whole" if field.whole else "number"
    return "day" if field.kind == "day" else "truth" if field.kind == "truth" else "text"


def _says(record: type[Struct]) -> str:
    return " ".join((record.__doc__ or "").strip().split("\n\n")[0].split())

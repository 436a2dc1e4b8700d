"""What each field of a record means, as its type says: whom it names, money, a day, a choice.

A type says so in its annotation (`PersonId`, `Money`, a `Literal`); whoever needs a list of fields
asks here.  Nothing is looked at before somebody asks, and each type only once.
"""

from __future__ import annotations

import datetime
import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from operator import attrgetter
from typing import Annotated, Any, Literal, TypeAlias, TypeVar, Union, get_args, get_origin

from msgspec import NODEFAULT, Meta, Struct, convert, structs, to_builtins

from itgov.model.derivation import Derivation

Named: TypeAlias = Literal["person", "business_unit", "investment", "outcome", "objective", "rule"]
"""What a field can hold the id of."""
Kind: TypeAlias = (
    Named
    | Literal[
        "money", "measured", "share", "number", "day", "choice", "prose", "text", "truth",
        "record", "mapping",
    ]
)  # fmt: skip
"""`measured` is a number in an outcome's own unit; `prose` a text of sentences."""
Route: TypeAlias = tuple[str | int, ...]

NAMED: frozenset[str] = frozenset(get_args(Named))
_LABELS = {
    "with": "present",
    "it": "IT's level",
    "business": "the business's level",
    "on": "day",
    "left": "leaving",
    "native_by": "to be native by",
    "custom": "own field",
}
"""Names of fields as people say them, where they are not the key with blanks."""
_CHOICES = {"it": "IT"}
"""Values of choices as people say them, where they are not the value itself."""
_SHORT_LABELS = {"relationship_manager": "rel. manager"}
"""Names for where there is little room."""
_MEANING = "meaning"
_DERIVATION = "derivation"


class Meaning(Struct, frozen=True):
    """What an annotation says of its field beside the type of its values.

    `holder` marks a role: who holds it answers for the record.  A `mandatory` one must be given, so
    that a placeholder there is left to the rule that says so.  `past` marks an id as it was written
    down then: nobody of that name need be listed any more.
    """

    kind: Kind
    holder: bool = False
    mandatory: bool = False
    past: bool = False
    one_form: bool = False
    """Whether texts are compared in one form: see `itgov.model.one_form`."""


def choice_words(value: str) -> str:
    """Return the value of a choice as people say it: the side `it` is IT."""
    return _CHOICES.get(value, value)


def doc(text: str, derivation: Derivation | None = None) -> Meta:
    """Return the annotation that says what a field holds, for schemas, help and pages; of a derived
    fact also what it is made of."""
    if derivation is None:
        return Meta(description=text)
    return Meta(description=text, extra={_DERIVATION: derivation})


def means(kind: Kind, *, holder: bool = False, mandatory: bool = False, past: bool = False) -> Meta:
    """Return the annotation that says what a field means; schemas do not show it."""
    return Meta(extra={_MEANING: Meaning(kind, holder, mandatory, past, kind in NAMED)})


def compared() -> Meta:
    """Return the annotation of a text that is compared with others in one form."""
    return Meta(extra={_MEANING: Meaning("text", one_form=True)})


class Field(Struct, frozen=True, gc=False):
    """One field of a record type: its name in Python, its key in files, and what it means."""

    name: str
    key: str
    meaning: Meaning
    many: bool = False
    """Whether it is a list."""
    choices: tuple[str, ...] = ()
    record: type[Struct] | None = None
    """The type of the records in it."""
    required: bool = False
    whole: bool = False
    """Whether it is a number without a fraction."""
    default: Any = None
    """What it is where a file says nothing, if that is a single value."""

    @property
    def kind(self) -> Kind:
        """What its value is, or each of its values."""
        return self.meaning.kind

    @property
    def label(self) -> str:
        """Its name as people say it."""
        return label(self.key)

    @property
    def short_label(self) -> str:
        """Its name where there is little room."""
        return _SHORT_LABELS.get(self.key) or self.label


def label(key: str) -> str:
    """Return the name of a field as people say it."""
    return _LABELS.get(key) or key.replace("_", " ")


@lru_cache(maxsize=100)
def fields_of(record: type[Struct]) -> tuple[Field, ...]:
    """Return the fields of a record type, in its order."""
    return tuple(_field(info) for info in structs.fields(record))


@lru_cache(maxsize=1000)
def field(record: type[Struct], key: str) -> Field:
    """Return the field of a record type that a file calls `key`; raise KeyError without one."""
    for known in fields_of(record):
        if known.key == key:
            return known
    raise KeyError(key)


def choices(record: type[Struct], key: str) -> tuple[str, ...]:
    """Return the words that a field of a record type may hold; none where it takes any."""
    return field(record, key).choices


class Described(Struct, frozen=True):
    """What a field holds, in words, and what it is made of where it is derived."""

    words: str
    derivation: Derivation | None


@lru_cache(maxsize=100)
def described(record: type[Struct]) -> dict[str, Described]:
    """Return what each field of a type holds, by its key, in its order."""
    return {info.encode_name: _described(info.type) for info in structs.fields(record)}


def _described(annotation: Any) -> Described:
    words, derivation = "", None
    while get_origin(annotation) is Annotated:
        annotation, *notes = get_args(annotation)
        for note in notes:
            if isinstance(note, Meta):
                words = note.description or words
                derivation = (note.extra or {}).get(_DERIVATION, derivation)
    return Described(words, derivation)


def distinctive(record: type[Struct]) -> Field | None:
    """Return the field that tells one record of a list from another: the first, if it is required."""
    first = fields_of(record)[0]
    return first if first.required else None


def keys(record: type[Struct], *kinds: Kind) -> tuple[str, ...]:
    """Return the keys of a record type in its order: all, or those of some kinds."""
    return tuple(f.key for f in fields_of(record) if not kinds or f.kind in kinds)


@lru_cache(maxsize=100)
def holders(record: type[Struct]) -> tuple[Field, ...]:
    """Return the fields of a record type that name who answers for the record."""
    return tuple(f for f in fields_of(record) if f.meaning.holder)


def holders_in(record: Struct) -> frozenset[str]:
    """Return the ids of all who answer for a record."""
    named = (getattr(record, f.name) for f in holders(type(record)))
    return frozenset(name for name in named if name is not None)


def paths(record: type[Struct], *kinds: Kind) -> Iterator[tuple[Field, ...]]:
    """Yield the ways to the fields of some kinds in a record type and in what lies in it."""
    for known in fields_of(record):
        if known.kind in kinds:
            yield (known,)
        elif known.record is not None:
            for below in paths(known.record, *kinds):
                yield (known, *below)


def references(record: Struct, *, past: bool = False) -> Iterator[tuple[Field, str, Route]]:
    """Yield every id that a record and what lies in it hold: the field, the id, and the way to it.

    Ids that were written down in the `past` are left out where they are not asked for.
    """
    return iter(_references(type(record), record, (), past))


def named_in(record: Struct | None) -> dict[Kind, list[str]]:
    """Return every id that `references` yields of a record, each once, by what it is an id of."""
    found: dict[Kind, dict[str, None]] = {}
    for known, named, _ in references(record) if record is not None else ():
        found.setdefault(known.kind, {})[named] = None
    return {kind: list(names) for kind, names in found.items()}


AnyRecord = TypeVar("AnyRecord", bound=Struct)


def with_ids(record: AnyRecord, ids: Mapping[tuple[Kind, str], str]) -> AnyRecord:
    """Return a record in which ids are others, by what a field can name and the id that is there.

    An outcome (`<investment>/<outcome>`) goes by its investment.  The record's own id stays.
    """
    changed: list[tuple[Route, str]] = []
    for known, named, route in references(record, past=True):
        new = ids.get((known.kind, named))
        if new is None and known.kind == "outcome":
            first, slash, rest = named.partition("/")
            new = f"{other}/{rest}" if (other := ids.get(("investment", first))) and slash else None
        if new is not None:
            changed.append((route, new))
    if not changed:
        return record
    data: Any = to_builtins(record, builtin_types=(datetime.date,))
    for route, new in changed:
        holder = data
        for step in route[:-1]:
            holder = holder[step]
        holder[route[-1]] = new
    return convert(data, type(record))


def references_in(
    record: type[Struct], values: Mapping[str, Any]
) -> Iterator[tuple[Field, str, Route]]:
    """Yield every id in the values of some keys of a record type, as `references` does."""
    return iter(_references(record, values, (), False))


def _references(
    kind: type[Struct], holder: Struct | Mapping[str, Any], at: Route, past: bool
) -> list[tuple[Field, str, Route]]:
    found: list[tuple[Field, str, Route]] = []
    _collect(kind, holder, at, past, found)
    return found


def _collect(
    kind: type[Struct],
    holder: Struct | Mapping[str, Any] | str,
    at: Route,
    past: bool,
    found: list[tuple[Field, str, Route]],
) -> None:
    """Add what `references` yields: this runs for every record of a portfolio."""
    if isinstance(holder, str):  # a file's unit, where it is just the unit's id
        return
    held, read = _with_references(kind)
    values = read(holder) if isinstance(holder, Struct) else [holder.get(f.key) for f, _ in held]
    for (known, below), value in zip(held, values, strict=True):
        if not value or (known.meaning.past and not past):
            continue
        route = (*at, known.key)
        if below is None and not known.many:
            found.append((known, value, route))
        elif below is None:
            found += [(known, each, (*route, i)) for i, each in enumerate(value)]
        elif not known.many:
            _collect(below, value, route, past, found)
        else:
            for i, each in enumerate(value):
                _collect(below, each, (*route, i), past, found)


@lru_cache(maxsize=100)
def _with_references(
    record: type[Struct],
) -> tuple[tuple[tuple[Field, type[Struct] | None], ...], Callable[[Any], Sequence[Any]]]:
    """Return the fields that hold ids, or records in which ids are held, and what reads them all."""
    held = tuple(
        (known, known.record)
        for known in fields_of(record)
        if known.kind in NAMED or (known.record is not None and _with_references(known.record)[0])
    )
    names = [known.name for known, _ in held]
    if len(names) > 1:
        return held, attrgetter(*names)
    return held, lambda of: [getattr(of, name) for name in names]


def _field(info: structs.FieldInfo) -> Field:
    annotation = info.type
    meaning: Meaning | None = None
    many = False
    while True:
        origin = get_origin(annotation)
        if origin is Annotated:
            annotation, *notes = get_args(annotation)
            for note in notes:
                extra = note.extra if isinstance(note, Meta) else None
                meaning = (extra or {}).get(_MEANING, meaning)
        elif origin is list:
            many = True
            (annotation,) = get_args(annotation)
        elif origin is Union or origin is types.UnionType:
            annotation = next(a for a in get_args(annotation) if a is not type(None))
        else:
            break
    options = tuple(get_args(annotation)) if origin is Literal else ()
    record = annotation if isinstance(annotation, type) and issubclass(annotation, Struct) else None
    if meaning is None:
        meaning = Meaning("choice" if options else "record" if record else _plain_kind(annotation))
    default = None if info.default is NODEFAULT else info.default
    return Field(
        info.name, info.encode_name, meaning, many, options, record, info.required,
        annotation is int, default,
    )  # fmt: skip


def _plain_kind(annotation: Any) -> Kind:
    if annotation is bool:
        return "truth"
    if annotation in (int, float):
        return "number"
    if annotation is datetime.date:
        return "day"
    return "mapping" if get_origin(annotation) is dict else "text"

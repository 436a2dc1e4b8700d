"""What a rule sees: the fields of every kind of subject, from the model's types."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import msgspec
from msgspec import Struct, structs
from msgspec import inspect as shapes

from itgov.model import facts, people_facts, types, unit_facts
from itgov.model.fields import described
from itgov.rules.language import SubjectName

SUBJECT_TYPES: dict[SubjectName, tuple[type[Struct], type[Struct] | None]] = {
    "organisation": (types.Organisation, unit_facts.OrganisationFacts),
    "business_unit": (types.BusinessUnit, unit_facts.BusinessUnitFacts),
    "investment": (types.Investment, facts.InvestmentFacts),
    "outcome": (types.Outcome, facts.OutcomeFacts),
    "engagement": (types.Engagement, people_facts.EngagementFacts),
    "relationship_manager": (types.RelationshipManager, people_facts.RelationshipManagerFacts),
    "person": (types.Person, people_facts.PersonFacts),
}


@lru_cache(maxsize=1)
def history_types() -> dict[str, type[Struct]]:
    """Return the facts that only git can tell, by the kind of subject that has them."""
    from itgov.model import history_facts  # most starts have no use for them

    return {
        "business_unit": history_facts.BusinessUnitHistory,
        "investment": history_facts.InvestmentHistory,
        "outcome": history_facts.OutcomeHistory,
        "engagement": history_facts.EngagementHistory,
        "relationship_manager": history_facts.RelationshipManagerHistory,
    }


@lru_cache(maxsize=1_000)
def recorded_in(kind: SubjectName, fields: frozenset[str]) -> frozenset[str]:
    """Return the recorded fields of a subject that some of its fields are, or are made of."""
    record, derived = SUBJECT_TYPES[kind]
    made = described(derived) if derived is not None else {}
    found: set[str] = set()
    waiting = set(fields)
    while waiting:
        field = waiting.pop()
        found.add(field)
        derivation = made[field].derivation if field in made else None
        for path in (*derivation.reads, *derivation.over) if derivation is not None else ():
            first = re.split(r"[.\[]", path, maxsplit=1)[0]
            waiting |= set(first.split("|")) - found
    return frozenset(found & {f.encode_name for f in structs.fields(record)})


SURROUNDINGS: dict[SubjectName, tuple[SubjectName, ...]] = {
    "organisation": (),
    "business_unit": (),
    "investment": ("business_unit",),
    "outcome": ("investment", "business_unit"),
    "engagement": ("business_unit",),
    "relationship_manager": (),
    "person": (),
}
"""Which other subjects a rule on a subject can name."""

MESSAGES: dict[SubjectName, str] = {kind: pair[0].__name__ for kind, pair in SUBJECT_TYPES.items()}


class ReadableField(Struct, frozen=True):
    """One field that a rule can read.

    `kind` is as `itgov.rules.cel.Checker` names it; `options` are the words an enumeration allows.
    """

    name: str
    kind: str
    nullable: bool
    description: str
    derived: bool
    options: tuple[str, ...] = ()
    history: bool = False
    """Whether only git can tell it, so that null means that nobody can judge."""


def variables(kind: SubjectName) -> dict[str, str]:
    """Return the variables of a rule on `kind`, with their types for the checker."""
    found: dict[str, str] = {k: MESSAGES[k] for k in (kind, *SURROUNDINGS[kind])}
    return {
        **found,
        "organisation": "Organisation",
        "people": "map:Person",
        "relationship_managers": "map:RelationshipManager",
        "today": "text",
    }


@lru_cache(maxsize=1)
def vocabulary() -> dict[str, dict[str, ReadableField]]:
    """Return the fields of every message by name: of each subject, and of what lies in them."""
    found: dict[str, dict[str, ReadableField]] = {}
    for kind, (record, derived) in SUBJECT_TYPES.items():
        fields = _fields(record, False, found)
        if derived is not None:
            fields |= _fields(derived, True, found)
        if (past := history_types().get(kind)) is not None:
            fields |= _fields(past, True, found, True)
        found[record.__name__] = fields
    return found


def checker_types() -> dict[str, dict[str, str]]:
    """Return the vocabulary in the form that the checker takes."""
    return {m: {f.name: f.kind for f in fields.values()} for m, fields in vocabulary().items()}


def _fields(
    record: type[Struct],
    derived: bool,
    found: dict[str, dict[str, ReadableField]],
    history: bool = False,
) -> dict[str, ReadableField]:
    info = shapes.type_info(record)
    assert isinstance(info, shapes.StructType)
    result: dict[str, ReadableField] = {}
    for field in info.fields:
        shape, description = field.type, ""
        while isinstance(shape, shapes.Metadata):
            description = (shape.extra_json_schema or {}).get("description", description)
            shape = shape.type
        nullable = False
        if isinstance(shape, shapes.UnionType):
            nullable = any(isinstance(t, shapes.NoneType) for t in shape.types)
            shape = next(t for t in shape.types if not isinstance(t, shapes.NoneType))
            while isinstance(shape, shapes.Metadata):
                shape = shape.type
        kind, options = _kind(shape, found, history)
        result[field.encode_name] = ReadableField(
            field.encode_name, kind, nullable, description, derived, options, history
        )
    return result


def _kind(
    shape: Any, found: dict[str, dict[str, ReadableField]], history: bool = False
) -> tuple[str, tuple[str, ...]]:
    while isinstance(shape, shapes.Metadata):
        shape = shape.type
    if isinstance(shape, shapes.LiteralType):
        return "text", tuple(str(v) for v in shape.values)
    if isinstance(shape, (shapes.StrType, shapes.DateType)):
        return "text", ()
    if isinstance(shape, shapes.BoolType):
        return "truth", ()
    if isinstance(shape, (shapes.IntType, shapes.FloatType)):
        return "number", ()
    if isinstance(shape, shapes.ListType):
        inner, _ = _kind(shape.item_type, found)
        return ("texts" if inner == "text" else f"{inner}[]"), ()
    if isinstance(shape, shapes.DictType):
        inner, _ = _kind(shape.value_type, found)
        return ("map" if inner == "text" else "anymap"), ()
    if isinstance(shape, shapes.StructType):
        name = shape.cls.__name__
        subject_names = {pair[0].__name__ for pair in SUBJECT_TYPES.values()}
        if name not in found and name not in subject_names:
            found[name] = {}
            found[name] = _fields(shape.cls, history, found, history)
        return name, ()
    return "any", ()


def field_at(kind: SubjectName, path: str) -> ReadableField | None:
    """Return the field at a dotted path of a subject; inside `custom` and `withheld` anything is."""
    message = MESSAGES[kind]
    field: ReadableField | None = None
    for step in path.split("."):
        if field is not None and field.kind in ("anymap", "map"):
            return field
        if field is not None and (field.kind.endswith("[]") or field.kind == "texts"):
            return None  # a list has no fields; its items do
        known = vocabulary().get(message, {})
        field = known.get(step)
        if field is None:
            return None
        message = field.kind.removesuffix("[]")
    return field


def list_on_the_way(kind: SubjectName, path: str) -> str | None:
    """Return the part of a dotted path that is a list with more after it, or None."""
    steps = path.split(".")
    for depth in range(1, len(steps)):
        head = ".".join(steps[:depth])
        field = field_at(kind, head)
        if field is not None and (field.kind.endswith("[]") or field.kind == "texts"):
            return head
    return None


def known_fields(kind: SubjectName, path: str) -> list[str]:
    """Return the names that the last step of a dotted path could have had."""
    message = MESSAGES[kind]
    for step in path.split(".")[:-1]:
        field = vocabulary().get(message, {}).get(step)
        if field is None:
            break
        message = field.kind.removesuffix("[]")
    return sorted(vocabulary().get(message, {}))


LONGEST = 1_000
"""Characters of a message: what a file holds is not repeated in full for each rule."""


def as_text(value: Any) -> str:
    """Return a value as a message shows it: whole numbers without a point, null as `nothing`.

    Of a list or a mapping that a message has no room for, no more than fills one.
    """
    if value.__class__ is str:
        return str(value)
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        if not math.isfinite(value) or abs(value) >= 1e15:
            return str(value)
        shown = f"{value:.6f}".rstrip("0").rstrip(".")
        return shown if shown not in ("0", "-0") or value == 0 else f"{value:.3g}"
    if isinstance(value, Struct):
        return as_text(msgspec.to_builtins(value))
    if isinstance(value, (list, tuple)):
        return _joined(as_text(v) for v in value)
    if isinstance(value, dict):
        return _joined(f"{k}: {as_text(v)}" for k, v in sorted(value.items()))
    return str(value)


def _joined(parts: Iterable[str]) -> str:
    """Return texts as one: a list of lists of what a file holds could be larger than any memory."""
    taken: list[str] = []
    length = 0
    for part in parts:
        taken.append(part)
        length += len(part) + 2
        if length > LONGEST + 2:
            break
    return ", ".join(taken)


def record_of(entry: Any) -> dict[str, Any]:
    """Return record and facts of an entry as the plain mapping that an expression sees.

    What git knows is there where it was asked; `with_history` fills in the rest.
    """
    found: dict[str, Any] = msgspec.to_builtins(entry.record)
    found |= msgspec.to_builtins(entry.facts)
    past = getattr(entry, "history", None)
    return found | msgspec.to_builtins(past) if past is not None else found


def with_history(kind: str, view: dict[str, Any]) -> dict[str, Any]:
    """Return a view in which every fact that git has not told is null."""
    past = history_types().get("relationship_manager" if kind == "relationship_managers" else kind)
    if past is None:
        return view
    return dict.fromkeys(past.__struct_encode_fields__) | view

"""Two records of one kind compared by their fields; lists by what identifies their items.

The order of a list, comments, layout and how a value is written make no difference, because
records are compared and not texts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
from msgspec import Struct

from itgov.insight.diff_changes import Step
from itgov.insight.diff_words import Words, number
from itgov.model.fields import Field, distinctive, fields_of
from itgov.model.types import (
    IMPORTED,
    Action,
    Gate,
    Objective,
    Opportunity,
    Outcome,
    RelationshipLevel,
    Result,
    SeenBy,
    Spend,
    Waiver,
)

_ITEM_WORDS: dict[type[Struct], str] = {
    Spend: "spend", Outcome: "outcome", Result: "result of", Gate: "gate", Waiver: "waiver of",
    Objective: "objective", RelationshipLevel: "relationship level of", Opportunity: "opportunity",
    Action: "action", SeenBy: "the business's word of",
}  # fmt: skip


def steps(before: Struct, after: Struct, words: Words) -> Iterator[Step]:
    """Return what differs between two records of one kind, in the order of their fields."""
    yield from _fields(before, after, words, "", "", None)


def _fields(
    before: Struct, after: Struct, words: Words, path: str, said: str, unit: str | None
) -> Iterator[Step]:
    if isinstance(after, Outcome):
        unit = after.unit
    elif isinstance(after, Spend):
        unit = words.currency
    for field in fields_of(type(after)):
        old, new = getattr(before, field.name), getattr(after, field.name)
        if old != new:
            yield from _value(field, old, new, words, path, said, unit)


def _value(
    field: Field, old: Any, new: Any, words: Words, path: str, said: str, unit: str | None
) -> Iterator[Step]:
    at = f"{path}{field.key}"
    if isinstance(old, dict) and isinstance(new, dict):
        yield from _mapping(field, old, new, at, said)
    elif isinstance(old, list) and isinstance(new, list):
        if field.record is not None and distinctive(field.record) is not None:
            yield from _items(field, old, new, words, at, said, unit)
        else:
            yield from _members(field, old, new, words, at, said)
    elif isinstance(old, Struct) and isinstance(new, Struct):
        yield from _fields(old, new, words, f"{at}.", f"{said}{field.label}: ", unit)
    else:
        text = words.scalar(field, old, new, unit)
        yield Step(at, _plain(old), _plain(new), said + text)


def _mapping(
    field: Field, old: dict[str, Any], new: dict[str, Any], at: str, said: str
) -> Iterator[Step]:
    # what an import notes for its next run is nothing that anybody decided
    for key in sorted((old.keys() | new.keys()) - {IMPORTED}):
        if old.get(key) != new.get(key):
            text = f"{field.label} {key}: {_brief(old.get(key))} → {_brief(new.get(key))}"
            yield Step(f"{at}.{key}", old.get(key), new.get(key), said + text)


def _members(
    field: Field, old: Sequence[Any], new: Sequence[Any], words: Words, at: str, said: str
) -> Iterator[Step]:
    """Compare a list whose items have no id: only what came and what went counts."""
    for item in without(new, old):
        text = f"{field.label}: added {words.value(field, item)}"
        yield Step(at, None, _plain(item), said + text)
    for item in without(old, new):
        text = f"{field.label}: removed {words.value(field, item)}"
        yield Step(at, _plain(item), None, said + text)


def _items(
    field: Field,
    old: Sequence[Struct],
    new: Sequence[Struct],
    words: Words,
    at: str,
    said: str,
    unit: str | None,
) -> Iterator[Step]:
    for key, before, after in pairs(old, new):
        item = after or before
        assert item is not None
        name = f"{_ITEM_WORDS.get(type(item), field.label)} {key}"
        if before is not None and after is not None:
            yield from _fields(before, after, words, f"{at}.{key}.", f"{said}{name}: ", unit)
            continue
        verb = "added" if before is None else "removed"
        text = f"{name} {verb}: {words.item(item, unit)}"
        yield Step(f"{at}.{key}", _plain(before), _plain(after), said + text)


def pairs(
    old: Sequence[Struct], new: Sequence[Struct]
) -> Iterator[tuple[str, Struct | None, Struct | None]]:
    """Return the items of two lists in pairs, with what identifies them.

    Equal items are left out first, so that among several of one key only what differs is paired.
    """
    mine, theirs = _by_key(without(old, new)), _by_key(without(new, old))
    for key in [*theirs, *(k for k in mine if k not in theirs)]:
        left, right = mine.get(key, []), theirs.get(key, [])
        for index in range(max(len(left), len(right))):
            before = left[index] if index < len(left) else None
            after = right[index] if index < len(right) else None
            yield key, before, after


def _by_key(items: Sequence[Struct]) -> dict[str, list[Struct]]:
    found: dict[str, list[Struct]] = {}
    for item in items:
        key = distinctive(type(item))
        assert key is not None
        found.setdefault(str(getattr(item, key.name)), []).append(item)
    return found


def without(items: Sequence[Any], others: Sequence[Any]) -> list[Any]:
    """Return the items that have no equal one among the others, each of which counts once."""
    left = Counter(_hashable(o) for o in others)
    found = []
    for item in items:
        mark = _hashable(item)
        if left[mark] > 0:
            left[mark] -= 1
        else:
            found.append(item)
    return found


def _hashable(item: Any) -> Any:
    return item if isinstance(item, (str, int, float)) else msgspec.msgpack.encode(item)


def _plain(value: Any) -> Any:
    return msgspec.to_builtins(value)


def _brief(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, float):
        return number(value)
    text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
    return text if len(text) <= 80 else text[:79] + "…"

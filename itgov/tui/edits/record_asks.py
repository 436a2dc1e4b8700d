"""The questions of a form that makes or changes a record, from the record's own type.

A field's label, help text, choices and kind are those of its type; an answer is taken only where
the type takes it.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import msgspec
from msgspec import Struct, inspect, structs

from itgov.model.fields import Field, described, fields_of, label
from itgov.tui.dialogs.form import Answers, Ask, Kind
from itgov.tui.state.room import Room

_KINDS: dict[str, Kind] = {
    "money": "number", "measured": "number", "share": "number", "number": "number", "day": "date",
    "choice": "choice", "truth": "choice", "prose": "text", "text": "text", "person": "person",
    "business_unit": "id", "investment": "id", "outcome": "id", "objective": "id", "rule": "id",
}  # fmt: skip
_MANY: dict[Kind, Kind] = {"person": "people", "id": "ids", "text": "texts"}
_MOST_CHOICES = 8
"""Ids up to so many are listed as choices."""


class RecordAsks:
    """What is asked about a record of one type in a room, and the values that answers give.

    `unit` is the business unit that the record belongs to; `fixed` are keys that are not asked;
    `made` are keys that are optional although the type requires them, `needed` the reverse.
    """

    def __init__(
        self,
        room: Room,
        record: type[Struct],
        unit: str | None,
        fixed: Collection[str] = (),
        made: Collection[str] = (),
        needed: Collection[str] = (),
    ) -> None:
        self.room = room
        self.record = record
        self.unit = unit
        self.fixed = fixed
        self.made = made
        self.needed = needed
        self.left_out = [
            f.label for f in fields_of(record) if f.kind == "mapping" or (f.many and f.record)
        ]
        """Fields that hold further records, which the form does not ask for."""

    def asks(self, known: Mapping[str, Any]) -> tuple[Ask, ...]:
        """Return the questions, with what is known already filled in."""
        found: list[Ask] = []
        for field in fields_of(self.record):
            if field.key in self.fixed or field.kind == "mapping":
                continue
            if field.record is None:
                found.append(self._ask(self.record, field, "", known.get(field.key)))
            elif not field.many:
                held = known.get(field.key) or {}
                for below in fields_of(field.record):
                    if below.record is None:
                        ask = self._ask(field.record, below, field.key, held.get(below.key))
                        found.append(structs.replace(ask, optional=True))
        return tuple(found)

    def _ask(self, record: type[Struct], field: Field, above: str, value: Any) -> Ask:
        kind = _KINDS.get(field.kind, "text")
        choices: tuple[str, ...] = field.choices
        if kind == "id":
            choices = self._ids(field.kind)
            if not field.many and len(choices) <= _MOST_CHOICES:
                kind = "choice"
        elif field.kind == "truth":
            choices = ("true", "false")
        if field.many:
            kind = _MANY.get(kind, kind)
        words = described(record)[field.key].words
        optional = field.key not in self.needed and (not field.required or field.key in self.made)
        between = _bounds(record, field) if kind == "number" else ""
        return Ask(
            id=f"{above}-{field.key}" if above else field.key,
            label=f"{label(above)} {field.label}" if above else field.label,
            kind=kind,
            value=_shown(value),
            optional=optional,
            choices=choices,
            names=self.room.unit_labels if field.kind == "business_unit" else {},
            words=words,
            help=f"{between} (optional)" if between and optional else between,
        )

    def _ids(self, kind: str) -> tuple[str, ...]:
        portfolio = self.room.portfolio
        if kind == "business_unit":
            return tuple(portfolio.units)
        if kind == "investment":
            return tuple(self.room.items)
        if kind == "outcome":
            return tuple(
                f"{i.record.id}/{o.record.id}" for i in portfolio.investments() for o in i.outcomes
            )
        if kind == "rule":
            return tuple(self.room.rules)
        unit = portfolio.units.get(self.unit or "")
        return tuple(o.id for o in unit.record.objectives) if unit is not None else ()

    def check(self, given: Answers) -> str | None:
        """Return which answer the type does not take, and why; None where it takes all."""
        types = {f.encode_name: f.type for f in structs.fields(self.record)}
        for field in fields_of(self.record):
            if field.record is None and given.get(field.key):
                value = _value(field, given[field.key])
                try:
                    msgspec.convert(value, types[field.key])
                except msgspec.ValidationError:
                    return _unfit(field.label, given[field.key], self.record, field)
            elif field.record is not None and not field.many:
                held = self._held(field, given)
                if not held:
                    continue
                if any(f"{field.key}-{f.key}" not in given for f in fields_of(field.record)):
                    continue  # not all of it is answered yet
                try:
                    msgspec.convert(held, field.record)
                except msgspec.ValidationError as wrong:
                    return f"{field.label}: {wrong}"
        return None

    def _held(self, field: Field, given: Answers) -> dict[str, Any]:
        assert field.record is not None
        named = ((f, given.get(f"{field.key}-{f.key}", "")) for f in fields_of(field.record))
        return {f.key: _value(f, text) for f, text in named if text}

    def values(self, given: Answers) -> dict[str, Any]:
        """Return what the answers say by the keys of the file; None for what was left empty."""
        found: dict[str, Any] = {}
        for field in fields_of(self.record):
            if field.record is not None and not field.many:
                found[field.key] = self._held(field, given) or None
            elif field.key in given:
                found[field.key] = _value(field, given[field.key]) if given[field.key] else None
        return found


def _shown(value: Any) -> str:
    """Return a value as it is typed into a form."""
    if value is None:
        return ""
    if isinstance(value, list):
        texts = [str(v) for v in value]
        return ("; " if any(" " in t or "," in t for t in texts) else ", ").join(texts)
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def _value(field: Field, text: str) -> Any:
    """Return the value that an understood answer stands for."""
    if field.many:
        mark = ";" if field.kind in ("text", "prose") else ","
        return [part.strip() for part in text.split(mark) if part.strip()]
    if field.kind == "day":
        return datetime.date.fromisoformat(text)
    if field.kind == "truth":
        return text == "true"
    if _KINDS.get(field.kind) == "number":
        number = float(text)
        return int(number) if number.is_integer() else number
    return text


def _bounds(record: type[Struct], field: Field) -> str:
    """Return between which numbers a field's value lies: "1 to 5"; nothing where either end is open."""
    held = next(f.type for f in structs.fields(record) if f.name == field.name)
    found = inspect.type_info(held)
    if isinstance(found, inspect.Metadata):
        found = found.type
    for kind in found.types if isinstance(found, inspect.UnionType) else (found,):
        if not isinstance(kind, inspect.IntType | inspect.FloatType):
            continue
        if kind.ge is not None and kind.le is not None:
            return f"{kind.ge:g} to {kind.le:g}"
    return ""


def _unfit(name: str, text: str, record: type[Struct], field: Field) -> str:
    words = described(record)[field.key].words
    return f"{name}: `{text}` does not fit" + (f" ({words.rstrip('.')})" if words else "")


def slug(text: str, known: Collection[str]) -> str:
    """Return an id made of a text's first words, which no other has."""
    words = re.sub(r"[^a-z0-9]+", " ", text.casefold()).split()
    base = "-".join(words[:5])[:40].strip("-") or "item"
    identifier, number = base, 2
    while identifier in known:
        identifier, number = f"{base}-{number}", number + 1
    return identifier


def next_id(known: Sequence[str]) -> str:
    """Return the id that follows the highest of a kind: RET-012 after RET-011; nothing where none has a number."""
    found = [m for name in known if (m := re.fullmatch(r"(.*?)(\d+)", name))]
    if not found:
        return ""
    prefixes = [m[1] for m in found]
    prefix = max(sorted(set(prefixes)), key=prefixes.count)
    same = [m[2] for m in found if m[1] == prefix]
    highest = max(same, key=int)
    return f"{prefix}{int(highest) + 1:0{len(highest)}d}"

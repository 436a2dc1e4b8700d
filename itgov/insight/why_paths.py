"""Reading the paths of derivations: what each stands for, for one subject of a portfolio.

See `itgov.model.derivation` for what a path may say.
"""

from __future__ import annotations

import datetime
import operator
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any, TypeAlias

from msgspec import Struct, structs

from itgov.files.document import Document
from itgov.files.linked import Linked
from itgov.files.places import locate
from itgov.insight.why_types import Value, WhyInput
from itgov.model.claims import name_of
from itgov.model.fields import distinctive, fields_of
from itgov.model.finding import Place, Subject, SubjectKind
from itgov.model.fiscal import fiscal_year_of
from itgov.model.portfolio import (
    EngagementEntry,
    InvestmentEntry,
    ManagerEntry,
    OrganisationEntry,
    OutcomeEntry,
    PersonEntry,
    Route,
    Source,
    UnitEntry,
)

Entry: TypeAlias = (
    OutcomeEntry
    | InvestmentEntry
    | UnitEntry
    | EngagementEntry
    | PersonEntry
    | ManagerEntry
    | OrganisationEntry
)
_ENTRY = (
    OutcomeEntry, InvestmentEntry, UnitEntry, EngagementEntry, PersonEntry, ManagerEntry,
    OrganisationEntry,
)  # fmt: skip
_KINDS: dict[type, SubjectKind] = {
    OutcomeEntry: "outcome",
    InvestmentEntry: "investment",
    UnitEntry: "business_unit",
    EngagementEntry: "engagement",
    PersonEntry: "person",
    ManagerEntry: "relationship_manager",
    OrganisationEntry: "organisation",
}
_STEP = re.compile(r"(?P<names>[\w|]+)(?:\[(?P<conditions>[^\]]*)\])?(?:\.|$)")
_CONDITION = re.compile(r"(?P<name>\w+)(?P<sign>!=|<=|>=|=|<|>|~)(?P<word>.+)")
_SIGNS: dict[str, Callable[[Any, Any], bool]] = {
    "<=": operator.le, ">=": operator.ge, "<": operator.lt, ">": operator.gt,
}  # fmt: skip


ReadSource: TypeAlias = "Callable[[PathReader, Entry], Iterable[WhyInput]]"


class _At(Struct, frozen=True):
    """Where a path has come to: a record or a value, and the way to it inside its entry."""

    value: Any
    entry: Entry
    route: Route = ()
    says: str = ""
    figure: str | None = None
    """Its name where it is a derived fact of the entry."""


def parse(path: str) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Return the steps of a path: the names of each, and its conditions."""
    found, at = [], 0
    while at < len(path):
        step = _STEP.match(path, at)
        if step is None:
            raise ValueError(f"{path!r} is no path")
        conditions = step["conditions"]
        found.append(
            (tuple(step["names"].split("|")), tuple(conditions.split(",")) if conditions else ())
        )
        at = step.end()
    return found


class PathReader:
    """Reads paths in a portfolio."""

    def __init__(
        self, linked: Linked, sources: Mapping[str, ReadSource], health: Document | None = None
    ) -> None:
        self.linked = linked
        self.health = health
        """The health.yaml in force; None: the package's own."""
        self.sources = sources
        """By path, what reads that which is no field of a record."""
        self.portfolio = linked.portfolio
        self.today = self.portfolio.today

    @cached_property
    def items(self) -> dict[str, InvestmentEntry]:
        """Every investment and service by its id."""
        return {entry.record.id: entry for entry in self.portfolio.investments()}

    def id_of(self, entry: Entry) -> str:
        """Return an entry's id, as a subject is asked for."""
        match entry:
            case OutcomeEntry():
                return name_of(entry)
            case EngagementEntry():
                return entry.id
            case ManagerEntry():
                return entry.record.person
            case _:
                return entry.record.id

    def subject_of(self, entry: Entry) -> Subject:
        """Return an entry as findings and views name it."""
        return Subject(_KINDS[type(entry)], self.id_of(entry))

    def place(self, entry: Entry, *route: str | int) -> Place:
        """Return where something of an entry stands; where it is missing, the entry's first line."""
        source = entry.source
        document = self.linked.documents.get(source.path)
        if document is not None and route:
            found = document.find((*source.route, *route))
            if found is not None:
                return document.entry_place(found)
        return locate(self.linked.documents, source, None)

    def commit(self, entry: Entry, *route: str | int) -> str | None:
        """Return the commit that last changed a field of an entry; None where nobody knows."""
        history = getattr(entry, "history", None)
        changed = getattr(history, "changed_by", None)
        return getattr(changed, str(route[0]), None) if route else None

    def input_of(self, entry: Entry, says: str, value: Value, *route: str | int) -> WhyInput:
        """Return what is recorded of an entry as an input."""
        place, commit = self.place(entry, *route), self.commit(entry, *route)
        return WhyInput(says, value, place, commit, None, self.subject_of(entry))

    def derived(self, entry: Entry, name: str, value: Value, says: str = "") -> WhyInput:
        """Return a figure of an entry as an input."""
        identifier = self.id_of(entry)
        says = says or f"{identifier}: {name}"
        of = self.subject_of(entry)
        return WhyInput(says, value, self.place(entry), None, (identifier, name), of)

    def policy(self, name: str, value: Value, *route: str | int) -> WhyInput:
        """Return what health.yaml says as an input; its default where it does not say."""
        if self.health is None:
            return WhyInput(f"{name} of the package's own health.yaml", value)
        found = self.health.find(("health", *route))
        if found is None:
            return WhyInput(f"{name}, by default", value, Place(self.health.path))
        return WhyInput(f"{name} of health.yaml", value, self.health.entry_place(found))

    def read(self, subject: Entry, path: str) -> list[WhyInput]:
        """Return what a path stands for, of a subject."""
        source = self.sources.get(path)
        if source is not None:
            return list(source(self, subject))
        found = [_At(subject, subject)]
        for names, conditions in parse(path):
            found = [
                below
                for at in found
                for below in self._step(at, names)
                if all(self._holds(condition, below, subject) for condition in conditions)
            ]
        return [self._input(at, subject) for at in found]

    def place_of(self, source: Source) -> Place:
        """Return where something stands that is known by its source alone."""
        document = self.linked.documents.get(source.path)
        found = document.find(source.route) if document is not None else None
        if document is None or found is None:
            return Place(source.path)
        return document.entry_place(found)

    # -- one step --------------------------------------------------------------------------

    def _step(self, at: _At, names: tuple[str, ...]) -> Iterator[_At]:
        for name in names:
            found = list(self._named(at, name))
            if name == names[-1] or any(f.value is not None for f in found):
                yield from found
                return

    def _named(self, at: _At, name: str) -> Iterator[_At]:
        if at.value is None:
            yield _At(None, at.entry, (*at.route, name), f"{at.says}: {name}")
            return
        if not isinstance(at.value, _ENTRY):
            yield from self._field(at, at.value, name)
            return
        entry: Entry = at.value
        entries = self._entries(entry, name)
        if entries is not None:
            yield from (_At(e, e) for e in entries)
        elif _has(entry.record, name):
            yield from self._field(at, entry.record, name)
        else:
            if not hasattr(entry.facts, name):
                raise ValueError(f"{type(entry.facts).__name__} has no fact {name!r}")
            yield _At(getattr(entry.facts, name), entry, at.route, name, name)

    def _field(self, at: _At, record: Struct, name: str) -> Iterator[_At]:
        known = next((f for f in fields_of(type(record)) if f.key == name), None)
        if known is None:
            raise ValueError(f"{type(record).__name__} has no field {name!r}")
        value, route = getattr(record, known.name), (*at.route, name)
        says = f"{at.says}: {name}" if at.says else name
        if not known.many:
            yield _At(value, at.entry, route, says)
            return
        for index, item in enumerate(value):
            yield _At(item, at.entry, (*route, index), _row_words(says, item, index))

    def _entries(self, entry: Entry, name: str) -> Iterable[Entry] | None:
        portfolio = self.portfolio
        if name == "organisation":
            return [portfolio.organisation]
        if name == "items":
            return portfolio.investments()
        if name == "people":
            return portfolio.people.values()
        if name == "managers":
            return portfolio.managers.values()
        if name == "units":
            return portfolio.units.values()
        if name == "business_unit" and not isinstance(entry, PersonEntry):
            unit = portfolio.units.get(getattr(entry.facts, "business_unit", ""))
            return [unit] if unit is not None else []
        match entry, name:
            case OutcomeEntry(), "investment":
                item = self.items.get(entry.facts.investment)
                return [item] if item is not None else []
            case InvestmentEntry(), "outcomes":
                return entry.outcomes
            case UnitEntry(), "investments":
                return entry.investments
            case UnitEntry(), "engagements":
                return entry.engagements
        return None

    # -- conditions ------------------------------------------------------------------------

    def _holds(self, condition: str, at: _At, subject: Entry) -> bool:
        found = _CONDITION.fullmatch(condition)
        if found is None:
            value = _value_of(at, condition.lstrip("!"))
            if callable(value):
                value = value(self.today)
            return bool(value) != condition.startswith("!")
        value, sign, word = _value_of(at, found["name"]), found["sign"], found["word"]
        if sign == "~":
            return self.id_of(subject) in (value or ())
        if sign in ("=", "!="):
            words = [self._word(w, subject) for w in word.split("|")]
            return (str(value) in map(str, words)) == (sign == "=")
        other = self._word(word, subject)
        return value is not None and other is not None and _SIGNS[sign](value, other)

    def _word(self, word: str, subject: Entry) -> Any:
        if word == "me":
            return self.id_of(subject)
        if word == "today":
            return self.today
        month = self.portfolio.organisation.record.fiscal_year_start
        if word == "this_year":
            return fiscal_year_of(self.today, month)
        if word == "end_year":
            end = getattr(subject.record, "ended", None) or getattr(subject.record, "end", None)
            return fiscal_year_of(end, month) if end is not None else None
        return int(word) if word.isdigit() else word

    # -- inputs ----------------------------------------------------------------------------

    def _input(self, at: _At, subject: Entry) -> WhyInput:
        entry, value = at.entry, at.value
        same = entry is subject
        if isinstance(value, _ENTRY):
            return self.input_of(value, self.id_of(value), _title(value))
        prefix = "" if same else f"{self.id_of(entry)}: "
        if at.figure is not None:
            return self.derived(entry, at.figure, plain_value(value), f"{prefix}{at.says}")
        return self.input_of(entry, f"{prefix}{at.says}", plain_value(value), *at.route)


def _has(record: Struct, name: str) -> bool:
    return any(f.key == name for f in fields_of(type(record)))


def _value_of(at: _At, name: str) -> Any:
    """Return what a condition asks after: a field of a record, else a fact of its entry."""
    value = at.value
    if not isinstance(value, _ENTRY):
        return getattr(value, name)
    return getattr(value.record if _has(value.record, name) else value.facts, name)


def _title(entry: Entry) -> str:
    record: Any = entry.record
    for name in ("title", "name", "statement", "summary", "person", "id"):
        if text := getattr(record, name, None):
            return str(text)
    return ""


def _row_words(says: str, item: object, index: int) -> str:
    """Return which row of a list something is: by what tells it from others, else its number."""
    if isinstance(item, Struct):
        known = distinctive(type(item))
        if known is not None:
            return f"{says} {getattr(item, known.name)}"
    return f"{says} {index + 1}" if isinstance(item, Struct) else says


def _said(record: Struct) -> dict[str, str]:
    """Return what a record says, field by field, without what it does not say."""
    fields = structs.asdict(record)
    said = {k: v for k, v in fields.items() if v not in (None, False, "", [])}
    return {k: k if v is True else str(plain_value(v)) for k, v in said.items()}


def plain_value(value: Any) -> Value:
    """Return a value as a figure can show it: days as texts, records by their fields."""
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, Struct):
        return [f"{key}: {words}" for key, words in _said(value).items()]
    if isinstance(value, dict):
        return list(value)
    if isinstance(value, list | tuple | frozenset):
        return [", ".join(_said(v).values()) if isinstance(v, Struct) else str(v) for v in value]
    known: Value = value
    return known

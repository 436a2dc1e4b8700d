"""A rule's example made into a small portfolio that the rule can be judged on.

An example names its subject under its kind, and what surrounds it: `people` and
`relationship_managers` (by id, or as lists), `business_unit`, `organisation`, `investments`,
`engagements`, and `today`.  A derived fact that it gives by hand stands as given; all others are
derived from its records.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from itgov.files.document import Route
from itgov.model.derive import derive
from itgov.model.portfolio import (
    EngagementEntry,
    Evidence,
    InvestmentEntry,
    ManagerEntry,
    OrganisationEntry,
    OutcomeEntry,
    PersonEntry,
    Portfolio,
    Source,
    UnitEntry,
)
from itgov.model.text import did_you_mean
from itgov.rules.language import SUBJECTS, SubjectName
from itgov.rules.vocabulary import SUBJECT_TYPES, history_types

TODAY = datetime.date(2026, 1, 1)
"""The as-of date of an example that names none, so that examples never age."""

KEYS = (*SUBJECTS, "people", "relationship_managers", "investments", "engagements", "today", "says")

E = TypeVar("E")


class ExampleError(Exception):
    """Something in an example that does not fit the model; `route` says where in the example."""

    def __init__(self, message: str, route: Route, code: str = "RUL-009") -> None:
        super().__init__(message)
        self.route = route
        self.code = code


class ExamplePortfolio(Struct):
    """A portfolio made of one example, and the subjects of its rule with their unit."""

    portfolio: Portfolio
    subjects: list[tuple[Any, UnitEntry | None, InvestmentEntry | None]]


class _Maker:
    def __init__(self, example: dict[str, Any]) -> None:
        self.example = example
        self.given: list[tuple[Any, dict[str, Any]]] = []
        """Facts that were given by hand, to be set once all are derived."""
        self.past: dict[int, Any] = {}
        """What git is said to know, by the id of the facts that stand beside it."""

    def entry(
        self, kind: SubjectName, data: Any, route: Route, defaults: dict[str, Any]
    ) -> tuple[Any, Any]:
        """Return record and facts from what an example gives of them."""
        if not isinstance(data, dict):
            raise ExampleError(f"`{kind}` should be a mapping", route)
        record_type, facts_type = SUBJECT_TYPES[kind]
        recorded = set(record_type.__struct_encode_fields__)
        derived = set(facts_type.__struct_encode_fields__) if facts_type else set()
        past_type = history_types().get(kind)
        past = set(past_type.__struct_encode_fields__) if past_type else set()
        known = recorded | derived | past
        for key in data:
            if key not in known:
                raise ExampleError(
                    f"`{key}` is not a field of {kind.replace('_', ' ')}{did_you_mean(key, known)}",
                    (*route, key),
                    "RUL-002",
                )
        record = {**defaults, **{k: v for k, v in data.items() if k in recorded}}
        if kind == "investment":
            record["outcomes"] = []
        facts = facts_type() if facts_type else None
        try:
            converted = msgspec.convert(record, record_type)
        except msgspec.ValidationError as error:
            raise _error(error, route) from None
        if facts is not None and facts_type is not None:
            given = {k: v for k, v in data.items() if k in derived}
            try:
                typed = msgspec.convert(given, facts_type)
            except msgspec.ValidationError as error:
                raise _error(error, route) from None
            self.given.append((facts, {k: getattr(typed, k) for k in given}))
        if past_type is not None:
            told = {k: v for k, v in data.items() if k in past}
            try:
                self.past[id(facts)] = msgspec.convert(told, past_type)
            except msgspec.ValidationError as error:
                raise _error(error, route) from None
        return converted, facts

    def settle(self) -> None:
        """Set the facts that were given by hand."""
        for facts, given in self.given:
            for key, value in given.items():
                setattr(facts, key, value)

    def remember(self, unit: UnitEntry, managers: Iterable[ManagerEntry]) -> None:
        """Let git be asked, and know what the example says it knows."""
        for manager in managers:
            manager.history = self.past.get(id(manager.facts))
        for engagement in unit.engagements:
            engagement.history = self.past.get(id(engagement.facts))
        unit.history = self.past.get(id(unit.facts))
        for entry in unit.investments:
            entry.history = self.past.get(id(entry.facts))
            for outcome in entry.outcomes:
                outcome.history = self.past.get(id(outcome.facts))

    def named(self, key: str, name: str) -> Iterable[tuple[str, dict[str, Any], Route]]:
        """Yield what stands under `people` or `relationship_managers`, as a mapping or a list."""
        data = self.example.get(key, {})
        if isinstance(data, dict):
            for identifier, record in data.items():
                yield str(identifier), record or {}, (key, identifier)
        elif isinstance(data, list):
            for index, record in enumerate(data):
                yield (
                    str(record.get(name, index)) if isinstance(record, dict) else str(index),
                    record,
                    (key, index),
                )
        else:
            raise ExampleError(f"`{key}` should be a mapping or a list", (key,))


def _error(error: msgspec.ValidationError, route: Route) -> ExampleError:
    message, _, where = str(error).partition(" - at `$")
    steps = [s for s in where.rstrip("`").replace("]", "").replace("[", ".").split(".") if s]
    at = tuple(int(s) if s.isdigit() else s for s in steps)
    return ExampleError(f"`{'.'.join(steps)}` does not fit: {_lower(message)}", (*route, *at))


def _lower(message: str) -> str:
    return message[:1].lower() + message[1:]


def portfolio_of(kind: SubjectName, example: dict[str, Any]) -> ExamplePortfolio:
    """Return the portfolio of an example, with the subjects for a rule on `kind`.

    Raises `ExampleError` where the example does not fit the model or holds no such subject.
    """
    for key in example:
        if key not in KEYS:
            raise ExampleError(
                f"`{key}` is not part of an example{did_you_mean(key, KEYS)}", (key,), "RUL-002"
            )
    maker = _Maker(example)
    try:
        today = datetime.date.fromisoformat(str(example.get("today", TODAY)))
    except ValueError:
        raise ExampleError(
            f"`today` should be a date (such as 2026-03-31), not `{example['today']}`", ("today",)
        ) from None
    here = Source("", ())
    record, facts = maker.entry(
        "organisation", example.get("organisation", {}), ("organisation",), {"id": "organisation"}
    )
    portfolio = Portfolio(today, OrganisationEntry(record, facts, here), {}, {}, {})
    for identifier, data, route in maker.named("people", "id"):
        record, facts = maker.entry("person", data, route, {"id": identifier, "name": identifier})
        portfolio.people[identifier] = PersonEntry(record, facts, here)
    for identifier, data, route in maker.named("relationship_managers", "person"):
        record, facts = maker.entry("relationship_manager", data, route, {"person": identifier})
        portfolio.managers[identifier] = ManagerEntry(record, facts, here)
    unit = _unit(maker, example)
    portfolio.units[unit.record.id] = unit
    subjects: list[tuple[Any, UnitEntry | None, InvestmentEntry | None]] = []
    if kind == "person" and "person" in example:
        record, facts = maker.entry(
            "person", example["person"], ("person",), {"id": "person", "name": "person"}
        )
        person = portfolio.people[record.id] = PersonEntry(record, facts, here)
        subjects.append((person, None, None))
    if kind == "relationship_manager" and "relationship_manager" in example:
        record, facts = maker.entry(
            "relationship_manager",
            example["relationship_manager"],
            ("relationship_manager",),
            {"person": "person"},
        )
        manager = portfolio.managers[record.person] = ManagerEntry(record, facts, here)
        subjects.append((manager, None, None))
    derive(portfolio)
    maker.settle()
    maker.remember(unit, portfolio.managers.values())
    portfolio.evidence = Evidence()
    subjects = subjects or _subjects(kind, example, portfolio, unit)
    if not subjects:
        raise ExampleError(f"this example has no {kind.replace('_', ' ')}", (), "RUL-010")
    return ExamplePortfolio(portfolio, subjects)


def _unit(maker: _Maker, example: dict[str, Any]) -> UnitEntry:
    here = Source("", ())
    record, facts = maker.entry(
        "business_unit", example.get("business_unit", {}), ("business_unit",), {"id": "unit"}
    )
    unit = UnitEntry(record, facts, here, [], [], [])
    investments: list[tuple[Any, Route]] = [
        (d, ("investments", i)) for i, d in enumerate(_list(example, "investments"))
    ]
    if "investment" in example:
        investments.insert(0, (example["investment"], ("investment",)))
    elif "outcome" in example:
        investments.insert(0, ({}, ()))
    for number, (data, route) in enumerate(investments):
        name = "investment" if number == 0 else f"investment-{number + 1}"
        title = str(data.get("id", name)) if isinstance(data, dict) else name
        record, facts = maker.entry("investment", data, route, {"id": name, "title": title})
        given: list[tuple[Any, Route]] = [
            (o, (*route, "outcomes", i)) for i, o in enumerate(_list(data, "outcomes"))
        ]
        if number == 0 and "outcome" in example:
            given.insert(0, (example["outcome"], ("outcome",)))
        outcomes = []
        for index, (outcome, at) in enumerate(given):
            found, derived = maker.entry(
                "outcome", outcome, at, {"id": "outcome" if index == 0 else f"outcome-{index + 1}"}
            )
            outcomes.append(OutcomeEntry(found, derived, here))
        record = msgspec.structs.replace(record, outcomes=[o.record for o in outcomes])
        unit.investments.append(InvestmentEntry(record, facts, here, outcomes))
    engagements: list[tuple[Any, Route]] = [
        (d, ("engagements", i)) for i, d in enumerate(_list(example, "engagements"))
    ]
    if "engagement" in example:
        engagements.insert(0, (example["engagement"], ("engagement",)))
    for index, (data, route) in enumerate(engagements):
        record, facts = maker.entry("engagement", data, route, {"date": TODAY.isoformat()})
        unit.engagements.append(
            EngagementEntry(f"{unit.record.id}/{record.date}#{index + 1}", record, facts, here)
        )
    return unit


def _list(data: Any, key: str) -> list[Any]:
    found = data.get(key, []) if isinstance(data, dict) else []
    if not isinstance(found, list):
        raise ExampleError(f"`{key}` should be a list", (key,))
    return found


def _subjects(
    kind: SubjectName, example: dict[str, Any], portfolio: Portfolio, unit: UnitEntry
) -> list[tuple[Any, UnitEntry | None, InvestmentEntry | None]]:
    if kind == "organisation" and "organisation" in example:
        return [(portfolio.organisation, None, None)]
    if kind == "business_unit" and "business_unit" in example:
        return [(unit, unit, None)]
    if kind == "investment":
        chosen = unit.investments[:1] if "investment" in example else unit.investments
        return [(e, unit, None) for e in chosen]
    if kind == "outcome":
        chosen = (
            unit.investments[:1]
            if "investment" in example or "outcome" in example
            else unit.investments
        )
        outcomes = [(o, unit, e) for e in chosen for o in e.outcomes]
        return list(outcomes[:1] if "outcome" in example else outcomes)
    if kind == "engagement":
        return [
            (e, unit, None)
            for e in (unit.engagements[:1] if "engagement" in example else unit.engagements)
        ]
    if kind == "person":
        return [(p, None, None) for p in portfolio.people.values()]
    if kind == "relationship_manager":
        return [(m, None, None) for m in portfolio.managers.values()]
    return []

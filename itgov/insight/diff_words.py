"""How a difference between two records is said."""

from __future__ import annotations

import datetime
from typing import Any

from msgspec import Struct

from itgov.model.fields import Field, choice_words, distinctive, field, fields_of
from itgov.model.portfolio import Portfolio
from itgov.model.types import (
    Action,
    Experience,
    Gate,
    Objective,
    Opportunity,
    Outcome,
    RelationshipLevel,
    Result,
    Satisfaction,
    Spend,
    Waiver,
)

_MOST = 160


class Words:
    """Names of people and units on either side, the newer one's first, and the currency."""

    def __init__(self, before: Portfolio, after: Portfolio) -> None:
        self.people = {k: e.name for side in (before, after) for k, e in side.people.items()}
        self.units = {k: e.name for side in (before, after) for k, e in side.units.items()}
        organisation = after.organisation if after.organisation.source.path else before.organisation
        self.currency = organisation.record.currency or ""

    def person(self, identifier: str | None) -> str:
        """Return the name of a person."""
        return "nobody" if identifier is None else self.people.get(identifier, identifier)

    def unit(self, identifier: str | None) -> str:
        """Return the name of a business unit."""
        return "no unit" if identifier is None else self.units.get(identifier, identifier)

    def money(self, amount: float | None) -> str:
        """Return an amount in full, so that no difference is rounded away."""
        return "nothing" if amount is None else f"{number(amount)} {self.currency}".rstrip()

    def value(self, field: Field, value: Any, unit: str | None = None) -> str:
        """Return the value of a field as people say it; `unit` is that of an outcome."""
        if field.kind == "person":
            return self.person(value)
        if value is None:
            return "nothing"
        if field.kind == "business_unit":
            return self.unit(value)
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, (int, float)):
            if field.kind == "money":
                return self.money(value)
            if field.kind == "share":
                return f"{value:.0%}"
            said = number(value)
            return f"{said} {unit}" if unit and field.kind == "measured" else said
        if isinstance(value, datetime.date):
            return value.isoformat()
        if isinstance(value, Struct):
            return self.item(value)
        return short(choice_words(value) if field.kind == "choice" else str(value))

    def scalar(self, field: Field, before: Any, after: Any, unit: str | None = None) -> str:
        """Return how the value of a field changed."""
        name = field.label
        if field.kind == "prose" and before is not None and after is not None:
            return f"{name} reworded: {short(str(after))}"
        if field.key == "title" and before is not None and after is not None:
            return f"renamed from {short(before)} to {short(after)}"
        said = f"{name} {self.value(field, before, unit)} → {self.value(field, after, unit)}"
        if isinstance(before, datetime.date) and isinstance(after, datetime.date):
            apart = (after - before).days
            return f"{said} ({abs(apart):,} day{'s' * (abs(apart) != 1)} {'later' if apart > 0 else 'earlier'})"
        if field.kind in ("money", "measured") and before is not None and after is not None:
            change = after - before
            return f"{said} ({'+' if change > 0 else '-'}{number(abs(change))})"
        return said

    def item(self, item: Any, unit: str | None = None) -> str:
        """Return an item of a list in words."""
        match item:
            case Spend():
                amounts = [
                    f"{f.label} {self.money(amount)}"
                    for f in fields_of(Spend)
                    if f.kind == "money" and (amount := getattr(item, f.name)) is not None
                ]
                return ", ".join(amounts) or "no amount"
            case Outcome():
                aim = ""
                if item.baseline is not None or item.target is not None:
                    before = self.value(field(Outcome, "baseline"), item.baseline)
                    after = self.value(field(Outcome, "target"), item.target, item.unit)
                    aim = f", {before} → {after}"
                due = f", due {item.due}" if item.due is not None else ""
                return short(f"{item.statement or item.measure or item.id}{aim}{due}")
            case Result():
                measured = number(item.actual) if item.actual is not None else "no value"
                proof = "with evidence" if item.evidence is not None else "without evidence"
                worth = f", worth {self.money(item.value)}" if item.value is not None else ""
                return f"{measured}{f' {unit}' if unit and item.actual is not None else ''}{worth}, {proof}"
            case Gate():
                return f"passed{f' on {item.on}' if item.on else ''}, approved by {self.person(item.approved_by)}"
            case Waiver():
                until = f"until {item.until}" if item.until is not None else "without an end"
                why = f": {item.reason}" if item.reason else ""
                return short(f"{until}, approved by {self.person(item.approved_by)}{why}")
            case Objective():
                return short(item.statement or item.id)
            case RelationshipLevel():
                return f"business {item.business or '-'}, IT {item.it or '-'} of 5"
            case Opportunity():
                state = item.state or "raised"
                return short(f"{item.statement or item.id} ({state})")
            case Action():
                due = f", due {item.due}" if item.due is not None else ""
                return f"for {self.person(item.owner)}{due}{f', done {item.done}' if item.done else ''}"
            case Experience():
                told = [
                    item.area,
                    f"as {item.perspective}" if item.perspective else None,
                    item.summary,
                ]
                return short(", ".join(t for t in told if t) or "no summary")
            case Satisfaction():
                return f"{number(item.score)} of 5, said by {self.person(item.by)}"
        return self._told(item, unit)

    def _told(self, item: Any, unit: str | None) -> str:
        """Return what a record says, field by field, but for what tells it from others."""
        if not isinstance(item, Struct):
            return short(str(item))
        first = distinctive(type(item))
        told = [
            f"{f.label} {self.value(f, stated, unit)}"
            for f in fields_of(type(item))
            if f != first and (stated := getattr(item, f.name)) is not None
        ]
        return short(", ".join(told)) or "nothing more"


def number(value: float) -> str:
    """Return a number in full, with thousands apart."""
    if float(value).is_integer() and abs(value) < 1e15:
        return f"{value:,.0f}"
    return f"{float(f'{value:.12g}'):,}"


def short(text: str) -> str:
    """Return a text on one line, not longer than a line should be."""
    line = " ".join(text.split())
    return line if len(line) <= _MOST else line[: _MOST - 1] + "…"

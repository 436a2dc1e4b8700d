"""Records put into the files and records changed there, of every kind that a portfolio knows.

Each function raises `EditRefused` where the record cannot be there or a value does not fit.
"""

from __future__ import annotations

import datetime
from typing import Any

import msgspec
from msgspec import Struct

from itgov.files.additions import (
    Values,
    added_engagement,
    added_investment,
    added_item,
    added_person,
)
from itgov.files.edit import Add
from itgov.files.linked import Linked
from itgov.files.new_values import check_references, checked_values
from itgov.files.proposal import FileEdit, Proposal, propose
from itgov.files.record_changes import set_record
from itgov.files.repository import Repository
from itgov.files.save import EditRefused
from itgov.files.subjects import find_record, words
from itgov.files.write import document
from itgov.model.fields import distinctive, fields_of, keys, label
from itgov.model.fields import field as field_of
from itgov.model.finding import Subject
from itgov.model.one_form import one_form
from itgov.model.types import OrganisationFile, Person, Record

Path = tuple[str | int, ...]
"""The way from a subject's record to one in it: `("results", 2)`; empty for the record itself."""


def new_unit(linked: Linked, repository: Repository, values: Values) -> Proposal:
    """Propose the file of a further business unit."""
    identifier = str(values.get("id", ""))
    good = checked_values("business_unit", values, identifier)
    if one_form(identifier) in linked.portfolio.units:
        raise EditRefused(f"there is a business unit `{identifier}` already; choose another id")
    check_references(linked.portfolio, "business_unit", good, None)
    path = f"{repository.config.paths.portfolios}/{identifier}.yaml"
    if "/" in identifier or identifier.startswith(".") or (repository.root / path).exists():
        raise EditRefused(f"`{path}` cannot be a new file; choose another id")
    text = document({"business_unit": good})
    return Proposal(f"Add the business unit {identifier}", (FileEdit(path, None, text.encode()),))


def new_investment(linked: Linked, unit: str, values: Values) -> Proposal:
    """Propose a further investment or service of a business unit."""
    identifier = str(values.get("id", ""))
    if any(one_form(i.record.id) == one_form(identifier) for i in linked.portfolio.investments()):
        raise EditRefused(f"there is an investment `{identifier}` already; choose another id")
    added = added_investment(linked, linked.portfolio.units[unit], values)
    kind = values.get("type") or "investment"
    return propose(f"Add the {kind} {identifier}", added.path, added.raw, [added.change])


def new_engagement(linked: Linked, unit: str, values: Values) -> Proposal:
    """Propose a further engagement of a business unit, in the order of days that its file has."""
    added = added_engagement(linked, linked.portfolio.units[unit], values)
    title = f"Add the engagement of {values['date']} to {unit}"
    return propose(title, added.path, added.raw, [added.change])


def new_person(linked: Linked, values: Values) -> Proposal:
    """Propose a further person."""
    person = msgspec.convert(dict(values), Person)
    added = added_person(linked, person)
    return propose(f"Add {person.name} to the people", added.path, added.raw, [added.change])


def new_manager(linked: Linked, values: Values) -> Proposal:
    """Propose the post of a relationship manager, after those that there are."""
    portfolio = linked.portfolio
    person = str(values.get("person", ""))
    if person in portfolio.managers:
        raise EditRefused(f"{person} is a relationship manager already")
    good = checked_values("relationship_manager", values, person)
    check_references(portfolio, "relationship_manager", good, None)
    sources = [e.source.path for e in portfolio.managers.values()]
    path = sources[-1] if sources else portfolio.organisation.source.path
    if path not in linked.documents:
        raise EditRefused(
            "no file has the organisation; add one, `organisation.yaml`, with its id and name"
        )
    change = Add(("relationship_managers",), good, None, keys(OrganisationFile))
    title = f"Add the relationship manager {person}"
    return propose(title, path, linked.documents[path].raw, [change])


def new_item(linked: Linked, subject: Subject, field: str, values: Values) -> Proposal:
    """Propose a further item of a list in a subject's record: an outcome, a result, a step.

    Items that a day or a year tells apart are put in their order; no two may be of one id or day.
    """
    at = find_record(linked, subject)
    asked = field_of(type(at.record), field)
    assert asked.record is not None
    known = distinctive(asked.record)
    if known is not None and known.key in values:
        there = [getattr(item, known.name) for item in getattr(at.record, asked.name)]
        if values[known.key] in there:
            raise EditRefused(
                f"{subject.id} has one of {label(known.key)} {values[known.key]} already in "
                f"{label(field)}; change that one"
            )
    added = added_item(linked, at, field, values)
    return propose(
        f"Add to the {label(field)} of {subject.id}", added.path, added.raw, [added.change]
    )


def change_record(linked: Linked, subject: Subject, path: Path, values: Values) -> Proposal:
    """Propose other values of some fields of a record, at a path in a subject's; None clears one."""
    at = find_record(linked, subject)
    data: Any = msgspec.to_builtins(at.record, builtin_types=(datetime.date,))
    holder = data
    for step in path:
        holder = holder[step]
    for key, value in values.items():
        if value is None or value == []:
            holder.pop(key, None)
        else:
            holder[key] = value
    try:
        record: Record = msgspec.convert(data, type(at.record))
    except msgspec.ValidationError as wrong:
        raise EditRefused(f"{subject.id}: {wrong}") from wrong
    known = fields_of(type(record))
    changed = {
        f.key: getattr(record, f.name)
        for f in known
        if getattr(record, f.name) != getattr(at.record, f.name) and getattr(record, f.name)
    }
    checked_values(subject.kind, changed, subject.id)
    if not path:
        mine = {k: v for k, v in values.items() if v is not None}
        check_references(linked.portfolio, subject.kind, mine, at.unit)
    said = ", ".join(label(key) for key in values) or "nothing"
    return set_record(linked, subject, record, f"Change {said} of {_where(subject, path)}")


def _where(subject: Subject, path: Path) -> str:
    if not path:
        return words(subject).removeprefix("the ")
    place = " ".join(label(s) if isinstance(s, str) else str(s + 1) for s in path)
    return f"{subject.id}, {place}"


def record_at(record: Struct, path: Path) -> Struct:
    """Return the record at a path in another."""
    found: Any = record
    for step in path:
        if isinstance(step, int):
            found = found[step]
        else:
            kind: type[Struct] = type(found)
            found = getattr(found, field_of(kind, step).name)
    assert isinstance(found, Struct)
    return found

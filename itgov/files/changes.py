"""Edits of a portfolio, one function for each kind: each returns a proposal, nothing is written.

A subject is addressed by kind and id, wherever its record stands.  Each function raises
`EditRefused` where the edit is impossible or a value does not fit, and says why.
"""

from __future__ import annotations

import datetime
import unicodedata
from typing import Any

from msgspec import Struct

from itgov.files.additions import (
    Values,
    added_engagement,
    added_item,
    added_person,
    item_of,
    values_of,
)
from itgov.files.edit import Add, Change, Remove, Set
from itgov.files.linked import Linked
from itgov.files.new_values import TYPES, check_references, checked_values, written
from itgov.files.proposal import Proposal, propose
from itgov.files.reader import read
from itgov.files.save import EditRefused
from itgov.files.subjects import (
    FoundRecord,
    find_engagement,
    find_record,
    text_route,
    waiver_carrier,
    words,
)
from itgov.files.write import FlowMapping, Plain, scalar
from itgov.model.fields import field as field_of
from itgov.model.fields import fields_of, keys
from itgov.model.finding import Subject
from itgov.model.portfolio import Portfolio
from itgov.model.text import did_you_mean, plural
from itgov.model.types import (
    Action,
    Engagement,
    Outcome,
    Person,
    Result,
    Waiver,
)

_MOST_SAID = 2
"""Fields beside the first that the title of an edit names with their values."""
_STAYS = {"id": "an id never changes", "person": "the person of a post cannot be edited"}


# -- fields ----------------------------------------------------------------------------------


def set_field(linked: Linked, subject: Subject, field: str, value: Plain) -> Proposal:
    """Propose a field's value; `custom.<name>` reaches into an organisation's own fields."""
    return set_fields(linked, subject, {field: value})


def set_fields(linked: Linked, subject: Subject, values: Values) -> Proposal:
    """Propose the values of several fields of one subject."""
    at = find_record(linked, subject)
    changes = field_changes(linked, at, values)
    title = title_of(linked, called(linked, subject), subject, values)
    return propose(title, at.path, at.raw, changes)


def field_changes(linked: Linked, at: FoundRecord, values: Values) -> list[Change]:
    """Return what gives fields of a record their values.  Raises EditRefused."""
    subject = at.subject
    whole: dict[str, Plain] = {}
    for field, value in values.items():
        _may_be_set(subject, field)
        key, _, below = field.partition(".")
        if below:
            held = whole.get(key) or _old(at, key) or {}
            if not isinstance(held, dict):
                raise EditRefused(f"{subject.id}: `{key}` has no parts")
            whole[key] = {**held, below: value}
        else:
            whole[key] = value
    good = checked_values(subject.kind, whole, subject.id)
    check_references(linked.portfolio, subject.kind, _only(good, values), at.unit)
    changes: list[Change] = []
    for key, value in good.items():
        changes += setting(linked, at, key, value)
    return changes


def setting(linked: Linked, at: FoundRecord, key: str, value: Plain) -> list[Change]:
    """Return what gives a key of a record its value: only the part that is another one."""
    old = _old(at, key)
    if old == value and _has(linked, at, key):
        return []
    route = (*at.route, key)
    if isinstance(value, dict) and isinstance(old, dict) and old and old.keys() <= value.keys():
        order = tuple(value)
        return [Set((*route, k), v, order) for k, v in value.items() if old.get(k) != v]
    if key == "satisfaction" and isinstance(value, dict):
        value = FlowMapping(value)
    return [Set(route, value, keys(type(at.record)))]


def clear_field(linked: Linked, subject: Subject, field: str) -> Proposal:
    """Propose that a field says nothing any more; nothing changes where it is missing."""
    at = find_record(linked, subject)
    changes = clearing(linked, at, field)
    return propose(
        f"Clear the {_field(field)} of {called(linked, subject)}", at.path, at.raw, changes
    )


def clearing(linked: Linked, at: FoundRecord, field: str) -> list[Change]:
    """Return what takes a field out of a record.  Raises EditRefused."""
    subject = at.subject
    _may_be_set(subject, field)
    key, _, below = field.partition(".")
    required = [f.key for f in fields_of(TYPES[subject.kind]) if f.required]
    if key in required and not below:
        raise EditRefused(f"{subject.id}: `{key}` is required; it can be changed, not cleared")
    steps = (key, below) if below else (key,)
    there = linked.documents[at.path].find((*at.typed, *steps)) is not None
    return [Remove((*at.route, *steps))] if there else []


# -- records ---------------------------------------------------------------------------------


def add_waiver(
    linked: Linked,
    subject: Subject,
    rule: str,
    reason: str,
    until: datetime.date,
    approved_by: str,
) -> Proposal:
    """Propose a waiver, where it must stand; one of the same rule that is there is renewed."""
    home = waiver_carrier(linked.portfolio, subject)
    at = find_record(linked, home)
    record: Any = at.record
    waiver = Waiver(rule=rule, reason=reason, until=until, approved_by=approved_by)
    value = item_of(linked, at.subject.kind, "waivers", waiver, at, block=True)
    known = [w.rule for w in record.waivers]
    if rule in known:
        index = known.index(rule)
        route = text_route(linked.documents[at.path], (*at.typed, "waivers", index))
        changes: list[Change] = [
            Set((*route, key), value[key], keys(Waiver))
            for key in ("reason", "until", "approved_by")
            if getattr(record.waivers[index], key) != value[key]
        ]
        title = f"Renew the waiver of {rule} for {called(linked, home)} until {until}"
        return propose(title, at.path, at.raw, changes)
    order = keys(type(at.record))
    title = f"Waive {rule} for {called(linked, home)} until {until}"
    return propose(title, at.path, at.raw, [Add((*at.route, "waivers"), value, None, order)])


def add_engagement(linked: Linked, unit: str, engagement: Engagement | Values) -> Proposal:
    """Propose a further engagement of a business unit, in the order of days that its file has."""
    entry = linked.portfolio.units.get(unit)
    if entry is None:
        raise EditRefused(
            f"there is no business unit `{unit}`{did_you_mean(unit, linked.portfolio.units)}"
        )
    added = added_engagement(linked, entry, engagement)
    day = added.change.value["date"]  # type: ignore[index,call-overload]
    return propose(f"Add the engagement of {day} to {unit}", added.path, added.raw, [added.change])


def add_action(linked: Linked, engagement: str, action: Action | Values) -> Proposal:
    """Propose a further action of an engagement."""
    at = find_record(linked, Subject("engagement", engagement))
    value = item_of(linked, "engagement", "actions", action, at)
    title = f"Add the action “{_short(value.get('what'))}” to {engagement}"
    return _append(at, "actions", value, title)


def mark_done(linked: Linked, engagement: str, index: int, done: datetime.date) -> Proposal:
    """Propose the day on which an action, counted from 0, was done."""
    at = find_record(linked, Subject("engagement", engagement))
    entry, _ = find_engagement(linked.portfolio, engagement)
    if not 0 <= index < len(entry.record.actions):
        raise EditRefused(f"{engagement} has no action {index + 1}")
    action = entry.record.actions[index]
    route = text_route(linked.documents[at.path], (*at.typed, "actions", index))
    changes: list[Change] = (
        [] if action.done == done else [Set((*route, "done"), done, keys(Action))]
    )
    title = f"Mark “{_short(action.what)}” of {engagement} as done on {done}"
    return propose(title, at.path, at.raw, changes)


def add_result(linked: Linked, outcome: str, result: Result | Values) -> Proposal:
    """Propose a measurement of an outcome `<investment>/<outcome>`, in the order of days."""
    at = find_record(linked, Subject("outcome", outcome))
    added = added_item(linked, at, "results", result)
    day = added.change.value["date"]  # type: ignore[index,call-overload]
    days = [r.date for r in at.record.results] if isinstance(at.record, Outcome) else []
    if day in days:
        raise EditRefused(f"{outcome} has a result of {day} already; correct that one in the file")
    return propose(f"Add the result of {day} to {outcome}", at.path, at.raw, [added.change])


def add_person(linked: Linked, person: Person) -> Proposal:
    """Propose a further person, after those that there are.

    Raises EditRefused where the id is taken, a value does not fit, or no file is about the
    organisation.
    """
    added = added_person(linked, person)
    return propose(f"Add {person.name} to the people", added.path, added.raw, [added.change])


def id_for(name: str) -> str:
    """Return an id for a name, as people's ids are written: `Zoë de Vries` is `zoe.de.vries`."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    words = "".join(c if c.isalnum() else " " for c in bare.casefold()).split()
    return ".".join(words)


# -- what the functions above share ----------------------------------------------------------


def _may_be_set(subject: Subject, field: str) -> None:
    known = keys(TYPES[subject.kind]) if subject.kind in TYPES else ()
    key = field.partition(".")[0]
    if key not in known:
        raise EditRefused(
            f"{words(subject)} has no field `{key}`{did_you_mean(key, known)}".rstrip()
        )
    if key in _STAYS and (key != "person" or subject.kind == "relationship_manager"):
        raise EditRefused(f"{subject.id}: `{key}` cannot be changed here: {_STAYS[key]}")


def _append(at: FoundRecord, field: str, value: Plain, title: str) -> Proposal:
    change = Add((*at.route, field), value, None, keys(type(at.record)))
    return propose(title, at.path, at.raw, [change])


def _old(at: FoundRecord, key: str) -> Plain:
    """Return what a record says under a key, in the form in which it is written."""
    return written(getattr(at.record, field_of(type(at.record), key).name))


def _has(linked: Linked, at: FoundRecord, key: str) -> bool:
    return linked.documents[at.path].find((*at.typed, key)) is not None


def is_unusable(linked: Linked, at: FoundRecord, key: str) -> bool:
    """Say whether the text has a value under a key that the record lacks: one that does not fit."""
    if getattr(at.record, field_of(type(at.record), key).name) is not None:
        return False
    document = linked.documents[at.path]
    entry = document.find((*at.typed, key))
    if entry is None:
        return False
    value = document.text[document.values[entry] : document.ends[entry]]
    _, data, problems = read("", f"value: {value}".encode())
    return bool(problems or data)  # what is blank is left out


def _only(good: Values, values: Values) -> dict[str, Plain]:
    """Return what is new of the values: a part that was there need not be right."""
    found: dict[str, Plain] = {}
    parts: dict[str, dict[str, Plain]] = {}
    for field in values:
        key, _, below = field.partition(".")
        value = good[key]
        if below and isinstance(value, dict):
            found[key] = parts.setdefault(key, {})
            parts[key][below] = value[below]
        else:
            found[key] = value
    return found


def title_of(linked: Linked, of: str, subject: Subject, values: Values) -> str:
    """Return what setting some fields is called; `subject` is one of those that it is done to."""
    (field, given), *others = values.items()
    title = f"Set the {_field(field)} of {of} to {_said(linked, subject, field, given)}"
    if len(others) > _MOST_SAID:
        return f"{title} and {plural(len(others), 'other field')}"
    said = [f"{_field(f)} {_said(linked, subject, f, value)}" for f, value in others]
    return ", ".join([title, *said])


def _field(field: str) -> str:
    return field.replace("_", " ").replace(".", " ")


def called(linked: Linked, subject: Subject) -> str:
    """Return what a subject is called in the title of an edit."""
    if subject.kind in ("person", "relationship_manager"):
        return _name(linked.portfolio, subject.id)
    return "the organisation" if subject.kind == "organisation" else subject.id


def _name(portfolio: Portfolio, person: str) -> str:
    known = portfolio.people.get(person)
    return known.name if known is not None else person


def _said(linked: Linked, subject: Subject, field: str, value: Plain | Struct) -> str:
    if isinstance(value, Struct):
        value = FlowMapping(values_of(value))
    if isinstance(value, str) and field in keys(TYPES[subject.kind], "person"):
        return _name(linked.portfolio, value)
    return _short(value if isinstance(value, str) else scalar(value))


def _short(value: Plain) -> str:
    text = " ".join(str(value).split())
    return text if len(text) <= 60 else text[:59] + "…"

"""Edits of a portfolio, one function for each kind: each returns a proposal, nothing is written.

A subject is addressed by kind and id, wherever its record stands.  Each function raises
`EditRefused` where the edit is impossible or a value does not fit, and says why.
"""

from __future__ import annotations

import datetime
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from itgov.files.edit import Add, Change, Remove, Set
from itgov.files.linked import Linked
from itgov.files.new_values import TYPES, check_references, checked_values, written
from itgov.files.proposal import Proposal, propose
from itgov.files.save import EditRefused
from itgov.files.subjects import (
    FoundRecord,
    find_engagement,
    find_record,
    text_route,
    waiver_carrier,
    words,
)
from itgov.files.write import FlowMapping, Plain, plain, scalar
from itgov.model.fields import field as field_of
from itgov.model.fields import fields_of, keys
from itgov.model.finding import Subject, SubjectKind
from itgov.model.portfolio import Portfolio
from itgov.model.text import did_you_mean
from itgov.model.types import (
    Action,
    Engagement,
    OrganisationFile,
    Outcome,
    Person,
    Result,
    UnitFile,
    Waiver,
)

Values = Mapping[str, Plain]
_STAYS = {"id": "an id never changes", "person": "the person of a post cannot be edited"}
_LINE = 90
"""The longest record that stands on a line of its own."""
_PERSON_LINE = 110
"""The same of a person."""


# -- fields ----------------------------------------------------------------------------------


def set_field(linked: Linked, subject: Subject, field: str, value: Plain) -> Proposal:
    """Propose a field's value; `custom.<name>` reaches into an organisation's own fields."""
    return set_fields(linked, subject, {field: value})


def set_fields(linked: Linked, subject: Subject, values: Values) -> Proposal:
    """Propose the values of several fields of one subject."""
    at = find_record(linked, subject)
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
        changes += _setting(linked, at, key, value)
    field, given = next(iter(values.items()))
    title = f"Set {_field(field)} of {_called(linked, subject)} to {_said(linked, subject, field, given)}"
    if len(values) > 1:
        title += ", and " + ", ".join(_field(f) for f in list(values)[1:])
    return propose(title, at.path, at.raw, changes)


def _setting(linked: Linked, at: FoundRecord, key: str, value: Plain) -> list[Change]:
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
    _may_be_set(subject, field)
    key, _, below = field.partition(".")
    required = [f.key for f in fields_of(TYPES[subject.kind]) if f.required]
    if key in required and not below:
        raise EditRefused(f"{subject.id}: `{key}` is required; it can be changed, not cleared")
    steps = (key, below) if below else (key,)
    there = linked.documents[at.path].find((*at.typed, *steps)) is not None
    changes: list[Change] = [Remove((*at.route, *steps))] if there else []
    return propose(f"Clear {_field(field)} of {_called(linked, subject)}", at.path, at.raw, changes)


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
    value = _item(linked, at.subject.kind, "waivers", waiver, at)
    known = [w.rule for w in record.waivers]
    if rule in known:
        index = known.index(rule)
        route = text_route(linked.documents[at.path], (*at.typed, "waivers", index))
        changes: list[Change] = [
            Set((*route, key), value[key], keys(Waiver))
            for key in ("reason", "until", "approved_by")
            if getattr(record.waivers[index], key) != value[key]
        ]
        title = f"Renew the waiver of {rule} for {_called(linked, home)} until {until}"
        return propose(title, at.path, at.raw, changes)
    order = keys(type(at.record))
    title = f"Waive {rule} for {_called(linked, home)} until {until}"
    return propose(title, at.path, at.raw, [Add((*at.route, "waivers"), value, None, order)])


def add_engagement(linked: Linked, unit: str, engagement: Engagement | Values) -> Proposal:
    """Propose a further engagement of a business unit, in the order of days that its file has."""
    entry = linked.portfolio.units.get(unit)
    if entry is None:
        raise EditRefused(
            f"there is no business unit `{unit}`{did_you_mean(unit, linked.portfolio.units)}"
        )
    good = checked_values("engagement", _values(engagement), f"the engagement of {unit}")
    if "date" not in good:
        raise EditRefused(f"the engagement of {unit}: `date` is missing")
    day = _day(good["date"])
    check_references(linked.portfolio, "engagement", good, entry)
    near = sorted(entry.engagements, key=lambda e: e.record.date)
    before = [e for e in near if e.record.date <= day]
    path = (before[-1] if before else near[0]).source.path if near else (entry.paths or [""])[0]
    document = linked.documents.get(path)
    if document is None:
        raise EditRefused(f"no file has the business unit {unit}")
    days = [e.record.date for e in entry.engagements if e.source.path == path]
    index = _place(days, day)
    if index is not None:
        step = text_route(document, ("engagements", index))[-1]
        index = step if isinstance(step, int) else None
    change = Add(("engagements",), good, index, keys(UnitFile))
    return propose(f"Add the engagement of {day} to {unit}", path, document.raw, [change])


def add_action(linked: Linked, engagement: str, action: Action | Values) -> Proposal:
    """Propose a further action of an engagement."""
    at = find_record(linked, Subject("engagement", engagement))
    value = _item(linked, "engagement", "actions", action, at)
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
    value = _item(linked, "outcome", "results", result, at)
    day = _day(value["date"])
    days = [r.date for r in at.record.results] if isinstance(at.record, Outcome) else []
    if day in days:
        raise EditRefused(f"{outcome} has a result of {day} already; correct that one in the file")
    index = _place(days, day)
    if index is not None:
        route = text_route(linked.documents[at.path], (*at.typed, "results", index))
        index = route[-1] if isinstance(route[-1], int) else None
    change = Add((*at.route, "results"), value, index, keys(Outcome))
    return propose(f"Add the result of {day} to {outcome}", at.path, at.raw, [change])


def add_person(linked: Linked, person: Person) -> Proposal:
    """Propose a further person, after those that there are.

    Raises EditRefused where the id is taken, a value does not fit, or no file is about the
    organisation.
    """
    portfolio = linked.portfolio
    if person.id in portfolio.people:
        known = portfolio.people[person.id].record.name
        raise EditRefused(f"the id `{person.id}` belongs to {known}; choose another")
    said = {k: v for k, v in plain(person).items() if v not in (None, [], {})}
    good = checked_values("person", said, person.id)
    check_references(portfolio, "person", good, None)
    sources = [e.source.path for e in portfolio.people.values()]
    path = sources[-1] if sources else portfolio.organisation.source.path
    document = linked.documents.get(path)
    if document is None:
        raise EditRefused(
            "no file has the organisation; add one, `organisation.yaml`, with its id and name"
        )
    first = document.find(("people", 0))
    in_braces = first is None or document.text[document.values[first]] == "{"
    line = FlowMapping(good)
    item = line if in_braces and len(scalar(line)) <= _PERSON_LINE else good
    change = Add(("people",), item, None, keys(OrganisationFile))
    return propose(f"Add {person.name} to the people", path, document.raw, [change])


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


def _values(record: Struct | Values) -> dict[str, Any]:
    if isinstance(record, Struct):
        names = {f.key: getattr(record, f.name) for f in fields_of(type(record))}
        return {k: v for k, v in names.items() if v is not None and v not in ([], {})}
    return {k: v for k, v in record.items() if v is not None and v not in ([], {})}


def _item(
    linked: Linked, kind: SubjectKind, field: str, record: Struct | Values, at: FoundRecord
) -> dict[str, Plain]:
    """Return a record of a list in the form in which it is written."""
    given: dict[str, Plain] = {field: [_values(record)]}
    good = checked_values(kind, given, at.subject.id)
    check_references(linked.portfolio, kind, good, at.unit)
    items = good[field]
    item = items[0] if isinstance(items, list) else None
    if not isinstance(item, dict):
        raise EditRefused(f"{at.subject.id}: `{field}` cannot hold that")
    line = FlowMapping(item)
    return line if field != "waivers" and len(scalar(line)) <= _LINE else item


def _append(at: FoundRecord, field: str, value: Plain, title: str) -> Proposal:
    change = Add((*at.route, field), value, None, keys(type(at.record)))
    return propose(title, at.path, at.raw, [change])


def _old(at: FoundRecord, key: str) -> Plain:
    """Return what a record says under a key, in the form in which it is written."""
    return written(getattr(at.record, field_of(type(at.record), key).name))


def _has(linked: Linked, at: FoundRecord, key: str) -> bool:
    return linked.documents[at.path].find((*at.typed, key)) is not None


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


def _place(days: Sequence[datetime.date], day: datetime.date) -> int | None:
    """Return before which of the days a new one goes, in the order that they have; None: last."""
    if len(days) > 1 and list(days) == sorted(days, reverse=True) and days[0] != days[-1]:
        return next((i for i, other in enumerate(days) if other <= day), None)
    if list(days) == sorted(days):
        return next((i for i, other in enumerate(days) if other > day), None)
    return None


def _day(value: Plain) -> datetime.date:
    assert isinstance(value, datetime.date)  # it was fitted to the type
    return value


def _field(field: str) -> str:
    return "the " + field.replace("_", " ").replace(".", " ")


def _called(linked: Linked, subject: Subject) -> str:
    if subject.kind in ("person", "relationship_manager"):
        return _name(linked.portfolio, subject.id)
    return "the organisation" if subject.kind == "organisation" else subject.id


def _name(portfolio: Portfolio, person: str) -> str:
    known = portfolio.people.get(person)
    return known.record.name if known is not None else person


def _said(linked: Linked, subject: Subject, field: str, value: Plain | Struct) -> str:
    if isinstance(value, Struct):
        value = FlowMapping(_values(value))
    if isinstance(value, str) and field in keys(TYPES[subject.kind], "person"):
        return _name(linked.portfolio, value)
    return _short(value if isinstance(value, str) else scalar(value))


def _short(value: Plain) -> str:
    text = " ".join(str(value).split())
    return text if len(text) <= 60 else text[:59] + "…"

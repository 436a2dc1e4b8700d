"""A record made into another one by minimal edits: only the fields and items that differ are touched."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from itgov.files.document import Document, Route
from itgov.files.edit import Add, Change, Remove, Set
from itgov.files.linked import Linked
from itgov.files.proposal import Proposal, propose
from itgov.files.subjects import find_record, text_route
from itgov.files.write import Plain, plain
from itgov.model.fields import distinctive, fields_of, keys
from itgov.model.finding import Subject


def set_record(linked: Linked, subject: Subject, record: Struct, title: str) -> Proposal:
    """Propose another record of a subject.  Raises `EditRefused`."""
    at = find_record(linked, subject)
    changes = list(_between(linked.documents[at.path], at.typed, at.record, record))
    return propose(title, at.path, at.raw, changes)


def _between(document: Document, typed: Route, old: Struct, new: Struct) -> Iterator[Change]:
    order = keys(type(new))
    for field in fields_of(type(new)):
        before, after = getattr(old, field.name), getattr(new, field.name)
        if before == after:
            continue
        route = (*text_route(document, typed), field.key)
        if after is None or after in ([], {}):
            yield Remove(route)
        elif field.many and field.record is not None and _goes_on(before, after):
            for index, (one, other) in enumerate(zip(before, after, strict=False)):
                yield from _between(document, (*typed, field.key, index), one, other)
            for item in after[len(before) :]:
                yield Add(route, rounded(plain(item)), None, order)
        else:
            yield Set(route, rounded(_plain(after)), order)


def _goes_on(before: Sequence[Struct], after: Sequence[Struct]) -> bool:
    """Say whether a list begins with the items that another has, by what tells them apart."""
    if not before or len(after) < len(before):
        return False
    known = distinctive(type(after[0]))
    if known is None:
        return False
    return all(
        getattr(one, known.name) == getattr(other, known.name)
        for one, other in zip(before, after, strict=False)
    )


def _plain(value: object) -> Plain:
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return plain(value) if isinstance(value, Struct) else value  # type: ignore[return-value]


def rounded(value: Plain) -> Plain:
    """Write whole amounts without a fraction, and others to the hundredth."""
    if isinstance(value, dict):
        kept = type(value)()
        kept.update({key: rounded(each) for key, each in value.items()})
        return kept
    if isinstance(value, list):
        return [rounded(each) for each in value]
    if isinstance(value, float):
        return int(value) if value.is_integer() else round(value, 2)
    return value

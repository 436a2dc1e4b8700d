"""`itgov review … --format json`: for other programs; its shape is a promise."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from itgov.model.minutes import Answerable, ItemSubject, Minutes, Reason
from itgov.report.json_text import json_text
from itgov.review.types import AgendaItem, Recorded, Session, Verified

SCHEMA = 1


class FileChange(Struct, frozen=True):
    """A portfolio file that was edited, as a unified diff without its head."""

    path: str
    diff: Sequence[str]


class _Item(Struct):
    number: int
    subject: ItemSubject
    title: str
    business_unit: str | None
    points: float
    money: float
    answerable: Answerable
    reasons: Sequence[Reason]
    decisions: Sequence[Recorded]
    withdrawn: Sequence[Recorded]
    seconds: int
    revision: int


class _Session(Struct):
    id: str
    date: str
    business_unit: str | None
    chair: str | None
    present: Sequence[str]
    state: str
    opened: str
    closed: str | None
    at: int
    items: int
    decided: int
    revision: int
    record: str | None


class _Answer(Struct):
    schema: int
    session: _Session | None
    items: list[_Item]
    notes: Sequence[str]
    edits: Sequence[FileChange]


class _Status(Struct):
    schema: int
    sessions: list[_Session]
    session: _Session | None
    items: list[_Item]
    notes: Sequence[str]


class _Closed(Struct):
    schema: int
    session: _Session
    record: str
    markdown: str
    edited: Sequence[str]
    commit: str | None
    branch: str | None
    not_committed: str | None
    minutes: Minutes


class _Fault(Struct):
    message: str
    path: str
    line: int
    column: int


class _Verified(Struct):
    schema: int
    records: int
    sound: bool
    faults: list[_Fault]
    heads: Sequence[str]
    notes: Sequence[str]


def session(
    whole: Session,
    only: Iterable[int] | None = None,
    notes: Sequence[str] = (),
    edits: Sequence[FileChange] = (),
) -> str:
    """Write a session down with its agenda, or with some items of it."""
    wanted = set(only) if only is not None else None
    items = [_item(n, i) for n, i in whole.on_agenda if wanted is None or n in wanted]
    return json_text(_Answer(SCHEMA, _head(whole), items, notes, edits))


def preview(items: Sequence[AgendaItem], notes: Sequence[str] = ()) -> str:
    """Write down the agenda that a session would have."""
    listed = [_item(n, i) for n, i in enumerate(items, start=1)]
    return json_text(_Answer(SCHEMA, None, listed, notes, ()))


def status(
    known: Iterable[Session],
    only: Session | None,
    numbers: Iterable[int],
    notes: Sequence[str] = (),
) -> str:
    """Write down which sessions there are, and of one of them some items; the same shape always."""
    wanted = set(numbers)
    items = [_item(n, i) for n, i in only.on_agenda if n in wanted] if only is not None else []
    one = _head(only) if only is not None else None
    return json_text(_Status(SCHEMA, [_head(s) for s in known], one, items, notes))


def closed(
    whole: Session,
    minutes: Minutes,
    record: str,
    markdown: str,
    edited: Sequence[str],
    commit: str | None,
    branch: str | None,
    not_committed: str | None,
) -> str:
    """Write down what closing a session has written and committed."""
    return json_text(
        _Closed(
            SCHEMA, _head(whole), record, markdown, edited, commit, branch, not_committed, minutes
        )
    )


def minutes(record: Minutes) -> str:
    """Write minutes down as their file has them."""
    return json_text(record)


def verified(found: Verified) -> str:
    """Write down what verifying the chain found."""
    faults = [_Fault(f.message, f.place.path, f.place.line, f.place.column) for f in found.faults]
    return json_text(_Verified(SCHEMA, found.records, not faults, faults, found.heads, found.notes))


def _head(s: Session) -> _Session:
    return _Session(
        s.id, s.date.isoformat(), s.business_unit, s.chair, s.present, s.state, s.opened, s.closed,
        s.at, s.tally.items, s.tally.decided, s.revision, s.record,
    )  # fmt: skip


def _item(number: int, i: AgendaItem) -> _Item:
    return _Item(
        number, i.subject, i.title, i.business_unit, i.points, i.money, i.answerable, i.reasons,
        i.decisions, [w.recorded for w in i.withdrawn],
        i.seconds, i.revision,
    )  # fmt: skip

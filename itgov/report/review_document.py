"""`itgov review` laid out: sessions, agendas, and what verifying the minutes found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from itgov.model.minutes import Reason
from itgov.model.text import plural
from itgov.report.blocks import Block, Lines, Para, Strong, Words
from itgov.report.figures import lost, money, short
from itgov.report.review_words import said, spent
from itgov.review.clock import moment_words
from itgov.review.types import AgendaItem, Session, Verified

_REASONS = 4
"""How many reasons of an item a whole agenda shows."""
_NOTHING = Para("Nothing needs a decision.")


def agenda_document(
    whole: Session, only: Iterable[int] | None = None, *, detail: bool = False
) -> Iterator[Block]:
    """Lay a session's agenda out, or some items of it; every reason with `detail`."""
    wanted = set(only) if only is not None else None
    yield Lines(list(_head(whole)))
    lines: list[Words] = []
    for number, item in whole.on_agenda:
        if wanted is None or number in wanted:
            here = number == whole.at and whole.state == "open"
            lines += _item(number, item, here, detail)
    if lines:
        yield Lines(lines)
    if not whole.on_agenda:
        yield _NOTHING


def preview_document(
    items: Sequence[AgendaItem], unit: str | None, since: str | None
) -> Iterator[Block]:
    """Lay out the agenda that a session would have."""
    last = f"the last session was on {since}" if since else "no session so far"
    title = Strong(f"Agenda for {unit or 'the organisation'}")
    yield Para((title, f": {plural(len(items), 'item')}; {last}"))
    lines = [
        line
        for number, item in enumerate(items, start=1)
        for line in _item(number, item, False, False)
    ]
    yield Lines(lines) if lines else _NOTHING


def sessions_document(sessions: Sequence[Session]) -> Iterator[Block]:
    """Lay out which sessions there are."""
    if sessions:
        yield Lines([line for s in sessions for line in _head(s)])
    else:
        yield Para("No review session is open.")


def verified_document(found: Verified) -> Iterator[Block]:
    """Lay out what verifying the chain of minutes found."""
    lines: list[Words] = [(f.place, f": {f.message}") for f in found.faults]
    lines += found.notes
    count = plural(found.records, "closed session")
    if found.faults:
        lines.append(f"{plural(len(found.faults), 'fault')} in {count}.")
    elif found.records:
        stand = "is as it was" if found.records == 1 else "are as they were"
        lines.append(f"{count} {stand} closed: no changes.")
    else:
        lines.append("No closed session to verify.")
    yield Lines(lines)


def _head(whole: Session) -> Iterator[Words]:
    """Yield who sits in a session and how far it has come."""
    time = sum(i.seconds for i in whole.items)
    yield (
        Strong(whole.id),
        f" {whole.state}: {whole.business_unit or 'the organisation'} as of {whole.date}, "
        f"{whole.tally.says}, {spent(time)}",
    )
    people = [f"chaired by {whole.chair}"] if whole.chair else []
    if whole.present:
        people.append(f"present: {', '.join(whole.present)}")
    if people:
        yield f"  {'; '.join(people)}"


def _item(number: int, item: AgendaItem, here: bool, detail: bool) -> Iterator[Words]:
    worth = [f"{lost(item.points)} points"] if item.points else []
    if item.money:
        worth.append(money(item.money))
    tail = f"  ({', '.join(worth)})" if worth else ""
    title = f" {short(item.title)}" if item.title != item.subject.id else ""
    yield (f"{'→' if here else ' '}{number:>3}  ", Strong(item.subject.id), f"{title}{tail}")
    shown = item.reasons if detail else _most_telling(item.reasons)
    for reason in shown:
        rule = f"{reason.rule} " if reason.rule else ""
        kind = reason.why.replace("-", " ")
        yield f"      - {kind}: {rule}{short(reason.says, 300 if detail else 110)}"
    if len(item.reasons) > len(shown):
        yield f"      - and {len(item.reasons) - len(shown)} more"
    for recorded in item.decisions:
        hand = f" [{recorded.hand}, {moment_words(recorded.at)}]" if recorded.hand else ""
        yield f"      = {short(said(recorded.decision, about=item.subject.kind), 300)}{hand}"


def _most_telling(reasons: Sequence[Reason]) -> list[Reason]:
    """Return the first reason of each kind, and then as many others as there is room for."""
    first = {r.why: r for r in reversed(reasons)}
    others = [r for r in reasons if r is not first[r.why]]
    wanted = [*first.values(), *others][: max(_REASONS, len(first))]
    return [r for r in reasons if any(r is w for w in wanted)]

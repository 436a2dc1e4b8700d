"""Review sessions as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from itgov.model.minutes import Reason
from itgov.report.insight_words import at, money, short
from itgov.report.plain import plain
from itgov.report.review_words import said, spent
from itgov.report.text import Paint, paint
from itgov.report.words import plural
from itgov.review.types import AgendaItem, Session, Verified

_REASONS = 4
"""How many reasons of an item a whole agenda shows."""


def agenda(
    whole: Session,
    only: Iterable[int] | None = None,
    *,
    color: bool = False,
    detail: bool = False,
) -> str:
    """Write a session's agenda down, or some items of it; every reason with `detail`."""
    paints = paint(color)
    wanted = set(only) if only is not None else None
    lines = [*head(whole, paints), ""]
    for number, item in whole.on_agenda:
        if wanted is None or number in wanted:
            here = number == whole.at and whole.state == "open"
            lines += _item(number, item, paints, here, detail)
    if not whole.on_agenda:
        lines.append("Nothing needs a decision.")
    return "\n".join(lines) + "\n"


def preview(
    items: Sequence[AgendaItem], unit: str | None, since: str | None, *, color: bool
) -> str:
    """Write down the agenda that a session would have."""
    paints = paint(color)
    scope = plain(unit) if unit else "the organisation"
    last = f"the last session was on {since}" if since else "no session was held yet"
    lines = [
        f"{paints.bold}Agenda for {scope}{paints.off}: {plural(len(items), 'item')}; {last}",
        "",
    ]
    for number, item in enumerate(items, start=1):
        lines += _item(number, item, paints, False, False)
    if not items:
        lines.append("Nothing needs a decision.")
    return "\n".join(lines) + "\n"


def sessions(known: Sequence[Session]) -> str:
    """Write down which sessions there are."""
    if not known:
        return "No review session is open.\n"
    return "\n".join(line for s in known for line in head(s, paint(False))) + "\n"


def head(whole: Session, paints: Paint) -> list[str]:
    """Return who sits in a session and how far it has come."""
    scope = plain(whole.business_unit) if whole.business_unit else "the organisation"
    time = sum(i.seconds for i in whole.items)
    line = (
        f"{paints.bold}{plain(whole.id)}{paints.off} {whole.state}: {scope} as of {whole.date}, "
        f"{whole.decided} of {plural(len(whole.on_agenda), 'item')} decided, {spent(time)}"
    )
    people = []
    if whole.chair:
        people.append(f"chaired by {plain(whole.chair)}")
    if whole.present:
        people.append("present: " + ", ".join(map(plain, whole.present)))
    return [line, *([f"  {'; '.join(people)}"] if people else [])]


def _item(number: int, item: AgendaItem, paints: Paint, here: bool, detail: bool) -> list[str]:
    mark = "→" if here else " "
    worth = []
    if item.points:
        worth.append(f"{item.points:.1f} points")
    if item.money:
        worth.append(money(item.money))
    tail = f"  ({', '.join(worth)})" if worth else ""
    name = plain(item.subject.id)
    title = f" {short(item.title)}" if item.title != item.subject.id else ""
    lines = [f"{mark}{number:>3}  {paints.bold}{name}{paints.off}{title}{tail}"]
    shown = item.reasons if detail else _most_telling(item.reasons)
    for reason in shown:
        rule = f"{plain(reason.rule)} " if reason.rule else ""
        kind = reason.why.replace("-", " ")
        lines.append(f"      - {kind}: {rule}{short(reason.says, 300 if detail else 110)}")
    if len(item.reasons) > len(shown):
        lines.append(f"      - and {len(item.reasons) - len(shown)} more")
    for recorded in item.decisions:
        hand = f" [{plain(recorded.hand)}, {recorded.at}]" if recorded.hand else ""
        lines.append(f"      = {short(said(recorded.decision), 300)}{hand}")
    return lines


def _most_telling(reasons: Sequence[Reason]) -> list[Reason]:
    """Return the first reason of each kind, and then as many others as there is room for."""
    first = {r.why: r for r in reversed(reasons)}
    others = [r for r in reasons if r is not first[r.why]]
    wanted = [*first.values(), *others][: max(_REASONS, len(first))]
    return [r for r in reasons if any(r is w for w in wanted)]


def verified(found: Verified) -> str:
    """Write down what verifying the chain found."""
    lines = [f"{at(f.place)}: {plain(f.message)}" for f in found.faults]
    lines += [plain(note) for note in found.notes]
    count = plural(found.records, "closed session")
    if found.faults:
        lines.append(f"{plural(len(found.faults), 'fault')} in {count}.")
    elif found.records:
        stand = "is as it was" if found.records == 1 else "are as they were"
        lines.append(f"{count} {stand} closed: nothing was changed since.")
    else:
        lines.append("No session was closed yet: there is nothing to verify.")
    return "\n".join(lines) + "\n"

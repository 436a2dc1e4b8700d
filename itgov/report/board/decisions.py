"""What review sessions decided, and the actions that stand open."""

from __future__ import annotations

from collections.abc import Iterator

from itgov.insight.board_types import Decisions, OpenAction, TakenDecision
from itgov.report.blocks import Column, PageBlock, Para, Strong, Table, Words, begun
from itgov.report.figures import UNKNOWN, day
from itgov.report.review_words import said
from itgov.report.words import named, plural

_DECISIONS = 20
_ACTIONS = 20


def decisions_told(decisions: Decisions) -> Iterator[PageBlock]:
    """Return the whole organisation's decisions: how many, which, and what is still to be done."""
    if not decisions.sessions:
        yield Para(f"No review session has been closed since {decisions.since}.")
    else:
        yield Para(
            f"{plural(decisions.sessions, 'review session')} since {decisions.since}: "
            f"{decisions.decided:,} of {plural(decisions.items, 'item')} decided."
        )
    yield from decision_tables(decisions, _DECISIONS, _ACTIONS)


def decision_tables(
    decisions: Decisions, most: int = _DECISIONS, actions: int = _ACTIONS
) -> Iterator[PageBlock]:
    """Return the decisions and the open actions as tables; nothing where there are none."""
    names = decisions.names
    if decisions.taken:
        yield Table(
            [
                Column("On", "wide"),
                Column("Day", "short"),
                Column("Decision", "wide"),
                Column("Minutes"),
            ],
            [_taken(t, names) for t in decisions.taken],
            caption=f"Decisions of review sessions since {decisions.since}, the latest first.",
            most=most,
        )
    if decisions.actions:
        late = sum(a.late for a in decisions.actions)
        yield Table(
            [
                Column("Action", "wide"),
                Column("Who"),
                Column("Due", "short"),
                Column("About", "wide"),
            ],
            [_action(a, names) for a in decisions.actions],
            caption=f"Actions agreed in review sessions and not done, {late:,} of them overdue.",
            most=actions,
        )


def _taken(taken: TakenDecision, names: dict[str, str]) -> tuple[Words, ...]:
    words = said(taken.decision, names, taken.item.subject.kind)
    return (
        named(taken.item.subject.id, taken.item.title),
        str(taken.on),
        begun(words),
        taken.place,
    )


def _action(action: OpenAction, names: dict[str, str]) -> tuple[Words, ...]:
    decision = action.decision
    due: Words = day(decision.due)
    if action.late:
        due = (Strong("overdue"), f" {decision.due}")
    owner = decision.owner or ""
    return (
        decision.what or UNKNOWN,
        names.get(owner, owner) or "nobody",
        due,
        named(action.item.subject.id, action.item.title),
    )

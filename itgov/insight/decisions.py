"""What review sessions have decided of late, and what they agreed that nobody has done yet."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator

from itgov.files.document import Document
from itgov.files.places import locate
from itgov.insight.board_types import Decisions, OpenAction, TakenDecision
from itgov.model.derive_reviews import in_order, open_actions
from itgov.model.minutes import Decision, MinutesItem, is_settled, verdict_of
from itgov.model.portfolio import Portfolio, Source

YEAR = 365
"""Days before the as-of date of which a board is told what was decided."""


def decisions_of(
    portfolio: Portfolio, documents: dict[str, Document], only: Collection[str] = ()
) -> Decisions:
    """Return what was decided in the year up to the as-of date, of some units if any are named."""
    since = portfolio.today - datetime.timedelta(days=YEAR)
    found = Decisions(since=since)
    ordered = in_order(portfolio.minutes, portfolio.today)
    paths = {id(entry.as_now): entry.source.path for entry in portfolio.minutes}
    for minutes in reversed(ordered):
        review = minutes.review
        if review.date <= since or (only and review.business_unit not in (None, *only)):
            continue
        found.sessions += 1
        for place, item in enumerate(minutes.items):
            if only and item.business_unit not in only:
                continue
            found.items += 1
            found.decided += is_settled(item.decisions)
            for decision in _decided(item):
                at = locate(documents, Source(paths[id(minutes)], ("items", place)), None)
                found.taken.append(TakenDecision(review.date, review.id, item, decision, at))
    for action in open_actions(ordered, portfolio):
        if only and action.item.business_unit not in only:
            continue
        due = action.decision.due
        late = due is not None and due < portfolio.today
        found.actions.append(OpenAction(action.on, action.item, action.decision, late))
    found.actions.sort(key=lambda a: (a.decision.due or datetime.date.max, a.on))
    found.names = {p.record.id: p.name for p in portfolio.people.values()}
    return found


def _decided(item: MinutesItem) -> Iterator[Decision]:
    """Return what stands: the last word on the item, then waivers and who was named."""
    verdict = verdict_of(item.decisions)
    if verdict is not None and is_settled(item.decisions):
        yield verdict
    yield from (d for d in item.decisions if d.decision in ("waive", "assign"))

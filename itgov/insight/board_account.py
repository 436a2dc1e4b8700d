"""What a unit's account lists: what improved, holds or fades, and what each side owes."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from msgspec import Struct

from itgov.insight.board_types import BoardItem, BoardUnit, Promise
from itgov.insight.value_types import OutcomeNode
from itgov.model.reach import IMPROVED
from itgov.model.types import Side
from itgov.model.value_sums import TENTHS_THAT_HOLD

TOLD = 3
"""Sentences of one kind on a unit's page; the appendix has all."""
SOON_DAYS = 90
"""Days ahead in which results that come due are told."""
YEAR_DAYS = 365
"""Days ahead in which deliveries that come due are told."""

Chain = tuple[BoardItem, OutcomeNode]


class AccountLists(Struct, frozen=True):
    """The lists of a unit's account, each in the order in which it is told."""

    improved: Sequence[Chain]
    fading: Sequence[Chain]
    holding: Sequence[Chain]
    due: Sequence[Chain]
    """Outcomes without a result that are due soon or overdue."""
    stale: Sequence[Chain]
    unproved: Sequence[Chain]
    """Outcomes whose results have no evidence."""
    deliveries: Sequence[BoardItem]
    """What is approved or delivering and ends soon, or should have."""
    promises: dict[Side | None, list[Promise]]
    """Open actions by the side of whoever promised them; None: not known."""

    @property
    def results(self) -> int:
        """Number of results that the business owes."""
        return len(self.due) + len(self.stale) + len(self.unproved)


def account_lists(unit: BoardUnit, today: datetime.date) -> AccountLists:
    """Return what the account of a unit lists."""
    chains = chains_of(unit)
    fading = [c for c in chains if c[1].faded or c[1].money.fading_to_come]
    promises: dict[Side | None, list[Promise]] = {"business": [], "it": [], None: []}
    for promise in unit.promises:
        promises[promise.side].append(promise)
    return AccountLists(
        improved=sorted(
            (c for c in chains if c[1].reach in IMPROVED),
            key=lambda c: (-(c[1].value or 0), c[0].node.id, c[1].id),
        ),
        fading=sorted(fading, key=lambda c: (-fading_here(c), c[0].node.id, c[1].id)),
        holding=[
            c
            for c in chains
            if (c[1].money.holding or 0) * 10 >= TENTHS_THAT_HOLD and c not in fading
        ],
        due=sorted(
            (c for c in chains if c[1].reach == "target" and _within(c[1].due, SOON_DAYS, today)),
            key=lambda c: (str(c[1].due), c[0].node.id, c[1].id),
        ),
        stale=[c for c in chains if c[1].stale],
        unproved=[c for c in chains if c[1].reach == "result"],
        deliveries=sorted(
            (
                i
                for i in unit.items
                if i.stage in ("approved", "delivering") and _within(i.end, YEAR_DAYS, today)
            ),
            key=lambda i: (str(i.end), i.node.id),
        ),
        promises=promises,
    )


def chains_of(unit: BoardUnit) -> list[Chain]:
    """Return each outcome of a unit with its item."""
    return [(item, outcome) for item in unit.items for outcome in item.node.outcomes]


def fading_here(chain: Chain) -> float:
    """Return what of an outcome's fading money counts in its unit's sums."""
    return chain[1].money.fading_to_come * chain[1].money.counted_share


def _within(day: datetime.date | None, days: int, today: datetime.date) -> bool:
    return day is not None and (day - today).days <= days

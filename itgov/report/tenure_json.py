"""What came in the time of whoever held a post, as JSON: its shape is a promise."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence

from msgspec import Struct, field

from itgov.insight.tenure_types import (
    Amounts,
    Came,
    ItemTenure,
    PostTenure,
    Relationship,
    TenureCard,
    Uncredited,
)
from itgov.model.plan import PARTS
from itgov.model.tenure import Gap, TenureSource
from itgov.model.types import Experience, HeldRole, Side

Date = datetime.date


class Money(Struct):
    """Money planned, realised and spent on some days, in the currency."""

    planned: float
    realised: float
    spend: float


class TenureRow(Struct, rename={"from_": "from"}):
    """Days of one post of an item that one source tells of."""

    subject: str
    business_unit: str
    role: HeldRole
    from_: Date | None
    to: Date | None
    source: TenureSource
    planned: float
    realised: float
    spend: float


class Post(Struct, rename={"from_": "from"}):
    """The time of one relationship manager of a unit."""

    business_unit: str
    from_: Date | None
    to: Date | None
    assumed_to: Date | None
    inherited: Relationship | None
    came: Came
    now: Relationship


class Tenure(Struct):
    """All posts that one person held."""

    planned_to_date: float
    realised_to_date: float
    spend_to_date: float
    assumed: Money
    inherited: Money
    tenure: list[TenureRow]
    posts: list[Post]


class Other(Struct):
    """Somebody who is not listed as a relationship manager: who was one, or who might become one."""

    person: str
    name: str
    side: Side | None
    left: bool
    experience: Sequence[Experience]
    planned_to_date: float
    realised_to_date: float
    spend_to_date: float
    assumed: Money
    inherited: Money
    tenure: list[TenureRow]
    posts: list[Post]


class Nobody(Struct, rename={"from_": "from"}):
    """Days of a post of an item that are credited to nobody, and why."""

    subject: str
    business_unit: str
    role: HeldRole
    from_: Date | None
    to: Date | None
    gap: Gap
    planned: float = field(default=0)
    realised: float = field(default=0)
    spend: float = field(default=0)


NO_TENURE = Tenure(0, 0, 0, Money(0, 0, 0), Money(0, 0, 0), [], [])


def tenure_of(card: TenureCard | None) -> Tenure:
    """Return all posts that somebody held."""
    if card is None:
        return NO_TENURE
    total = money_of(card.amounts)
    return Tenure(
        total.planned,
        total.realised,
        total.spend,
        money_of(card.assumed),
        money_of(card.inherited),
        [row for item in (*card.items, *card.owned) for row in _rows(item)],
        [_post(post) for post in card.posts],
    )


def other_of(card: TenureCard) -> Other:
    """Return somebody who is not listed as a relationship manager."""
    t = tenure_of(card)
    return Other(
        card.person, card.name, card.side, card.left, [e.record for e in card.experience],
        t.planned_to_date, t.realised_to_date, t.spend_to_date, t.assumed, t.inherited,
        t.tenure, t.posts,
    )  # fmt: skip


def nobody_of(row: Uncredited) -> Nobody:
    """Return days that are credited to nobody."""
    m = money_of(row.amounts)
    return Nobody(
        row.subject, row.business_unit, row.role, row.from_, row.to, row.gap,
        m.planned, m.realised, m.spend,
    )  # fmt: skip


def _rows(item: ItemTenure) -> Iterable[TenureRow]:
    for part in item.parts:
        m = money_of(part.amounts)
        yield TenureRow(
            item.subject, item.business_unit, item.role, part.from_, part.to, part.source,
            m.planned, m.realised, m.spend,
        )  # fmt: skip


def _post(post: PostTenure) -> Post:
    return Post(
        post.business_unit, post.from_, post.to, post.assumed_to,
        post.inherited, post.came, post.now,
    )  # fmt: skip


def money_of(a: Amounts) -> Money:
    """Return money of some days in the currency."""
    return Money(a.planned / PARTS, a.realised / PARTS, a.spend / PARTS)

"""What is credited to everybody who held the post of relationship manager, as of one commit."""

# No postponed annotations here: msgspec would compile each of them anew at every start.

from collections.abc import Mapping, Sequence

from msgspec import Struct

from itgov.insight.tenure_types import Amounts, TenureCard, TenureReport
from itgov.model.person_names import KnownPerson, PersonNames
from itgov.model.portfolio import PersonEntry


class LevelPoint(Struct, frozen=True, gc=False):
    """The level of the relationship with a unit, in each side's own word."""

    unit: str
    business: int | None
    it: int | None


class ManagerPoint(Struct, frozen=True, gc=False):
    """One person at one point."""

    person: str
    name: str
    formerly: tuple[str, ...]
    """Earlier ids of the same person."""
    units: tuple[str, ...]
    """The units whose post the person holds."""
    items: int
    """Number of items that the person looks after."""
    amounts: Amounts
    """The money of all days as relationship manager up to then."""
    assumed: Amounts
    """What of it falls on days of which nothing tells whose they were."""
    satisfaction: float | None
    """The mean of all scores of the person's time."""
    promises_due: int
    promises_kept: int
    opportunities_raised: int
    opportunities_realised: int
    levels: tuple[LevelPoint, ...]


def manager_points(
    people: Mapping[str, PersonEntry], tenure: TenureReport
) -> tuple[ManagerPoint, ...]:
    """Return everybody who held the post, in the time up to a commit."""
    points = []
    for card in tenure.cards.values():
        if card.is_manager:
            known = people.get(card.person)
            formerly = tuple(known.record.formerly) if known is not None else ()
            points.append(manager_point(card, formerly))
    return tuple(points)


def manager_point(card: TenureCard, formerly: tuple[str, ...] = ()) -> ManagerPoint:
    """Return what is credited to one person."""
    held = [post for post in card.posts if post.to is None]
    came = [post.came for post in card.posts]
    scores = sum(c.scores for c in came)
    total = sum((c.satisfaction or 0) * c.scores for c in came)
    return ManagerPoint(
        person=card.person,
        name=card.name,
        formerly=formerly,
        units=tuple(post.business_unit for post in held),
        items=sum(item.to is None for item in card.items),
        amounts=card.amounts,
        assumed=card.assumed,
        satisfaction=total / scores if scores else None,
        promises_due=sum(c.promises.due for c in came),
        promises_kept=sum(c.promises.kept for c in came),
        opportunities_raised=sum(c.raised for c in came),
        opportunities_realised=sum(c.realised for c in came),
        levels=tuple(
            LevelPoint(post.business_unit, post.now.level_business, post.now.level_it)
            for post in held
        ),
    )


class Followed(Struct, frozen=True):
    """One person through all points: by id, by an earlier id, or by name."""

    person: str
    name: str
    ids: frozenset[str]
    others: frozenset[str] = frozenset()
    """The ids of other people at the last point: who has the same name among them is somebody else."""

    def among(self, points: Sequence[ManagerPoint]) -> ManagerPoint | None:
        """Return the person at one point, or None where they never held the post by then."""
        for point in points:
            if point.person == self.person:
                return point
        for point in points:
            if point.person in self.ids or self.person in point.formerly:
                return point
        name = self.name.casefold()
        named = (p for p in points if p.name.casefold() == name and p.person not in self.others)
        return next(named, None)


_WHAT = "a relationship manager in this part of the history"


def follow(word: str, points: Sequence[Sequence[ManagerPoint]]) -> Followed | None:
    """Return the person that a word means, as last known; None where nobody held the post.

    People are meant as everywhere: see `PersonNames`.  Raises `NotOnePerson`.
    """
    latest: dict[str, ManagerPoint] = {}
    earlier: set[str] = set()
    for each in reversed(points):
        for point in each:
            if point.person not in earlier:
                latest.setdefault(point.person, point)
            earlier.update(point.formerly)
    if not latest:
        return None
    known = [KnownPerson(p.person, p.name, p.formerly) for p in latest.values()]
    found = latest[PersonNames(known, _WHAT).named(word)]
    others = frozenset(p.person for p in points[-1]) - {found.person}
    return Followed(found.person, found.name, frozenset(found.formerly), others)

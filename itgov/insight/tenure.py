"""Measure: what came in the time of whoever held a post.

`measure_tenure` is a pure function of a linked portfolio.  An item's planned and realised money and
its spend fall on days; each day is its holder's of that day, whoever is named today.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from itertools import groupby

from itgov.files.linked import Linked
from itgov.files.places import locate
from itgov.insight.experience import experience_in
from itgov.insight.opportunities import follow_opportunities
from itgov.insight.tenure_posts import unit_posts
from itgov.insight.tenure_types import (
    Amounts,
    ItemTenure,
    OpportunityRow,
    TenureCard,
    TenurePart,
    TenureReport,
    Uncredited,
    total_of,
)
from itgov.model.plan import PARTS, Schedule
from itgov.model.portfolio import InvestmentEntry, OutcomeEntry, Portfolio, UnitEntry
from itgov.model.reach import IMPROVED, count_results
from itgov.model.spend_days import RunningSum, spend_days
from itgov.model.tenure import Span, Tenures
from itgov.model.text import plural
from itgov.model.types import HeldRole

_BEGINNING = datetime.date.min.toordinal()
_DAY = datetime.timedelta(days=1)


def measure_tenure(
    linked: Linked, roles: Sequence[HeldRole] = ("relationship_manager",)
) -> TenureReport:
    """Return what is credited to everybody who held a post of these roles, and what to nobody."""
    portfolio = linked.portfolio
    tenures = Tenures(portfolio)
    cards: dict[str, TenureCard] = {}
    uncredited: list[Uncredited] = []

    def card(person: str) -> TenureCard:
        found = cards.get(person)
        if found is None:
            found = cards[person] = _card(linked, person)
        return found

    items = {entry.record.id: entry for entry in portfolio.investments()}
    opportunities: list[OpportunityRow] = []
    for unit in portfolio.units.values():
        followed = list(follow_opportunities(portfolio, tenures, unit, items))
        for person, post in unit_posts(portfolio, tenures, unit, followed):
            card(person).posts.append(post)
        for row in followed:
            for under in dict.fromkeys((row.raised_under, row.ended_under)):
                if under is not None:
                    card(under).opportunities.append(row)
        opportunities += followed
        for entry in unit.investments:
            money = ItemMoney(portfolio, entry)
            for role in roles:
                for span, found in _item(money, unit, role, tenures):
                    if span.person is not None and isinstance(found, ItemTenure):
                        mine = card(span.person)
                        (mine.items if role == "relationship_manager" else mine.owned).append(found)
                    elif isinstance(found, Uncredited):
                        uncredited.append(found)
    for each in cards.values():
        each.amounts = total_of(p.amounts for i in each.items for p in i.parts)
        each.assumed = total_of(i.assumed for i in each.items)
        each.inherited = total_of(i.inherited for i in _first_of_each(each.items))
    others = {p: _card(linked, p) for p in portfolio.people if p not in cards}
    return TenureReport(cards, uncredited, others, opportunities, tuple(_notes(portfolio)))


def _card(linked: Linked, person: str) -> TenureCard:
    portfolio = linked.portfolio
    entry, post = portfolio.people.get(person), portfolio.managers.get(person)
    if entry is None:
        place = locate(linked.documents, post.source, None) if post is not None else None
        return TenureCard(person, person, place=place)
    record = entry.record
    return TenureCard(
        person,
        record.name,
        record.side,
        not entry.facts.is_active,
        locate(linked.documents, entry.source, None),
        experience_in(portfolio, person),
    )


class ItemMoney:
    """The money of one item, by days."""

    def __init__(self, portfolio: Portfolio, entry: InvestmentEntry) -> None:
        self.portfolio = portfolio
        self.entry = entry
        start = portfolio.organisation.record.fiscal_year_start
        spend = spend_days(entry.record, portfolio.today, start)
        self.spend = RunningSum(spend) if spend else None
        self.plans = [(o.money.plan, o.counted) for o in entry.outcomes if o.money.plan is not None]
        self.came = [
            (RunningSum(o.money.periods), o.counted) for o in entry.outcomes if o.money.periods
        ]

    def between(self, first: int, last: int) -> Amounts:
        """Return the money of the days from one to another, both included, given as ordinals."""
        if first > last:
            return Amounts()
        return Amounts(
            sum([_share(plan, share, first, last) for plan, share in self.plans]),
            sum([_share(came, share, first, last) for came, share in self.came]),
            self.spend.between(first, last) if self.spend is not None else 0,
        )

    def parts(self, first: int, last: int) -> Iterator[tuple[OutcomeEntry | None, Amounts]]:
        """Yield the same outcome by outcome, and for None the spend."""
        for outcome in self.entry.outcomes:
            money, share = outcome.money, outcome.counted
            planned = _share(money.plan, share, first, last) if money.plan is not None else 0
            came = _share(RunningSum(money.periods), share, first, last) if money.periods else 0
            yield outcome, Amounts(planned, came)
        yield None, Amounts(spend=self.spend.between(first, last) if self.spend is not None else 0)

    def improved(self, day: datetime.date) -> int:
        """Return how many outcomes were better than their baseline at the end of a day."""
        if day == self.portfolio.today:
            return self.entry.facts.outcomes_improved
        files = self.portfolio.evidence_files
        found = [count_results(o.record, day, files).reach for o in self.entry.outcomes]
        return sum(reach in IMPROVED for reach in found)


def _share(money: Schedule | RunningSum, share: float, first: int, last: int) -> int:
    """Return the money of some days, or the share of it that counts here and not elsewhere."""
    if share == 1:
        return money.between(first, last)
    return round(money.through(last) * share) - round(money.through(first - 1) * share)


def _item(
    money: ItemMoney, unit: UnitEntry, role: HeldRole, tenures: Tenures
) -> Iterator[tuple[Span, ItemTenure | Uncredited]]:
    """Yield the tenures of one post of an item, and the days of nobody that have any money."""
    record, today = money.entry.record, money.portfolio.today
    spans = tenures.of_item(money.entry, unit, role)
    for person, group in groupby(spans, lambda span: span.person):
        run = list(group)
        parts = [
            TenurePart(s.from_, s.to, s.source, money.between(*_ordinals(s, today))) for s in run
        ]
        if person is None:
            for span, part in zip(run, parts, strict=True):
                if span.gap is not None and part.amounts:
                    yield (
                        span,
                        Uncredited(
                            record.id, unit.record.id, role, span.from_, span.to, span.gap,
                            part.amounts,
                        ),
                    )  # fmt: skip
            continue
        first, last = run[0].days(today)[0], run[-1].days(today)[1]
        began = run[0].from_ is not None
        yield (
            run[0],
            ItemTenure(
                subject=record.id,
                title=record.title,
                business_unit=unit.record.id,
                role=role,
                parts=tuple(parts),
                inherited=money.between(_BEGINNING, first.toordinal() - 1) if began else Amounts(),
                outcomes=len(money.entry.outcomes),
                improved_then=money.improved(first - _DAY) if began else 0,
                improved_now=money.improved(last),
            ),
        )


def _ordinals(span: Span, today: datetime.date) -> tuple[int, int]:
    first, last = span.days(today)
    return first.toordinal(), last.toordinal()


def _first_of_each(items: Sequence[ItemTenure]) -> Iterator[ItemTenure]:
    """Yield of each item the tenure that began first: what came between two is no inheritance."""
    seen: set[str] = set()
    for item in items:
        if item.subject not in seen:
            seen.add(item.subject)
            yield item


def _still_named(portfolio: Portfolio) -> list[str]:
    """Return the relationship managers whom items or units name today though they left."""
    named = {entry.facts.managed_by for entry in portfolio.investments()}
    named.update(unit.record.relationship_manager for unit in portfolio.units.values())
    return [
        f"{person} ({entry.record.left})"
        for person, entry in portfolio.people.items()
        if person in named and entry.record.has_left(portfolio.today)
    ]


def _notes(portfolio: Portfolio) -> Iterator[str]:
    """Yield what is counted elsewhere, and how much git could tell of who held a post."""
    elsewhere = sum(outcome.counted != 1 for outcome in portfolio.outcomes())
    if elsewhere:
        yield (
            f"Money of {plural(elsewhere, 'outcome')} counts here by share, because others claim the "
            "same benefit: see `itgov value`."
        )
    apart = [
        entry.record.id
        for unit in portfolio.units.values()
        if any(row.role == "relationship_manager" for row in unit.record.held)
        for entry in unit.investments
        if entry.facts.managed_by != unit.record.relationship_manager
        and not any(row.role == "relationship_manager" for row in entry.record.held)
    ]
    if apart:
        more = f" and {len(apart) - 10:,} more" if len(apart) > 10 else ""
        said = (
            "1 item has its own manager but takes its"
            if len(apart) == 1
            else f"{len(apart):,} items have their own manager but take their"
        )
        yield (
            f"{said} past holders from the unit. If that is wrong, give the item its own `held`: "
            f"{', '.join(apart[:10])}{more}."
        )
    gone = _still_named(portfolio)
    if gone:
        more = f" and {len(gone) - 10:,} more" if len(gone) > 10 else ""
        yield (
            "Named today and gone: the days after they left are nobody's: "
            f"{', '.join(gone[:10])}{more}."
        )
    evidence = portfolio.evidence
    if evidence is None or evidence.blind is not None:
        yield (
            "Git was not asked, or could not tell, who held a post before: where `held` does not "
            "say so, it is assumed to be who is named today."
        )
        return
    if evidence.shallow:
        yield (
            f"This is a shallow clone: who held a post before {evidence.since} is assumed where "
            "`held` does not say so. Fetch the history with `git fetch --unshallow`."
        )
    deleted = portfolio.plans_gone.values()
    if deleted:
        planned = sum(then.sums.planned_to_date for then in deleted)
        yield (
            f"In no card: {plural(len(deleted), 'item')} deleted as a whole, {planned / PARTS:,.0f} of whose "
            "plan at approval was promised to date."
        )
    if evidence.unread:
        yield f"{evidence.unread:,} file versions in git could not be read; a change there is missed."

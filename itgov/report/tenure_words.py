"""What came in the time of whoever held a post, in the words that every face uses."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Sequence

from itgov.insight.manager_types import HeldExperience
from itgov.insight.tenure_types import (
    Amounts,
    Came,
    ItemTenure,
    OpportunityRow,
    PostTenure,
    Relationship,
    TenureCard,
    Uncredited,
)
from itgov.model.plan import PARTS
from itgov.model.text import plural
from itgov.report.blocks import Fact
from itgov.report.figures import UNKNOWN, money, short
from itgov.report.value_words import realised_words
from itgov.report.words import some_of

MOST_ITEMS = 20
"""How many items a card lists."""


def amounts_words(a: Amounts) -> str:
    """Return money planned, realised and spent on some days."""
    realised, planned, spend = (n / PARTS for n in (a.realised, a.planned, a.spend))
    return f"{realised_words(realised, planned)}, {money(spend)} spent"


def inherited_words(a: Amounts) -> str:
    """Return the money of the days before somebody's time."""
    if a.planned or a.realised:
        return amounts_words(a)
    spent = f"{money(a.spend / PARTS)} spent" if a.spend else "nothing spent"
    return f"none planned or realised, {spent}"


def days_words(first: datetime.date | None, last: datetime.date | None) -> str:
    """Return the days of a tenure."""
    if first is None:
        return f"no start recorded, to {last or 'today'}"
    return f"{first} to {last or 'today'}"


def assumed_words(last: datetime.date | None) -> str:
    """Return up to when it is assumed who held a post; None is the as-of date."""
    if last is None or last == datetime.date.max:
        return "assumed"
    return f"assumed before {last + datetime.timedelta(days=1)}"


def level_words(r: Relationship) -> str:
    """Return the relationship level that each side gave."""
    if r.level_business is None and r.level_it is None:
        return "level not recorded"
    business, it = (UNKNOWN if n is None else f"{n}" for n in (r.level_business, r.level_it))
    return f"level {business} (business) and {it} (IT)"


def relationship_words(r: Relationship) -> str:
    """Return how the relationship with a unit stood on a day."""
    score = (
        f"satisfaction {r.satisfaction:.1f}"
        if r.satisfaction is not None
        else "no satisfaction score"
    )
    overdue = f" ({r.actions_overdue:,} overdue)" if r.actions_overdue else ""
    open_ = f"{plural(r.actions_open, 'action')} open{overdue}"
    waiting = r.opportunities_open
    chances = f", {waiting:,} open opportunit{'y' if waiting == 1 else 'ies'}" if waiting else ""
    return f"{level_words(r)}, {score}, {open_}{chances}"


def promises_words(came: Came) -> str:
    """Return how many promises were kept on time, and how many of the person's own."""
    p = came.promises
    if not p.due:
        return "no promise due"
    own = f" (own {p.own_kept:,} of {p.own_due:,})" if p.own_due else ""
    return f"{p.kept:,} of {p.due:,} promises kept on time{own}"


def satisfaction_words(came: Came) -> str:
    """Return the mean of the scores of some days."""
    if came.satisfaction is None:
        return "no satisfaction score"
    return f"satisfaction {came.satisfaction:.1f} ({plural(came.scores, 'score')})"


def opportunities_words(came: Came) -> str:
    """Return how many opportunities were raised, and what became of others."""
    worth = f" ({money(came.realised_value)} a year)" if came.realised_value else ""
    dropped = f", {came.dropped:,} dropped" if came.dropped else ""
    if not (came.raised or came.realised or came.dropped):
        return "no opportunity raised"
    return f"opportunities: {came.raised:,} raised, {came.realised:,} realised{worth}{dropped}"


def opportunity_words(row: OpportunityRow, name: Callable[[str], str]) -> str:
    """Return one opportunity, from who raised it to what came of it; `name` tells people's names."""
    told = [f"raised on {row.raised_on}"]
    if row.raised_by:
        told[0] += f" by {short(name(row.raised_by), 40)}"
    if row.raised_under not in (None, row.raised_by):
        told[0] += f" under {short(name(row.raised_under or ''), 40)}"
    if row.ended is not None:
        told.append(f"{row.state} on {row.ended}")
        if row.ended_under not in (None, row.raised_under):
            told[1] += f" under {short(name(row.ended_under or ''), 40)}"
    else:
        told.append("pursued" if row.state == "pursued" else "not pursued yet")
    if row.quiet:
        told.append(f"not mentioned since {row.mentioned}")
    if row.value is not None:
        told.append(f"could bring {money(row.value)} a year")
    if row.realised is not None:
        told.append(f"{short(row.investment or '', 40)} has realised {money(row.realised)} since")
    elif row.state != "dropped":
        told.append("names no item" if row.investment is None else "names an unknown item")
    statement = f" ({short(row.statement, 60)})" if row.statement else ""
    return f"{short(row.id, 40)}{statement}: {', '.join(told)}"


def came_words(came: Came) -> str:
    """Return what happened in the relationship with a unit."""
    apart = f" ({came.not_counted:,} more without both sides)" if came.not_counted else ""
    met = f"{plural(came.engagements, 'engagement')}{apart}"
    told = (met, satisfaction_words(came), promises_words(came), opportunities_words(came))
    return ", ".join(told)


def experience_of(experience: Sequence[HeldExperience]) -> str:
    """Return where somebody has managed IT, and from whose perspective."""
    if not experience:
        return "none recorded"
    told = []
    for held in experience:
        e = held.record
        side = f"{e.perspective}'s side" if e.perspective else "side not recorded"
        proof = "with evidence" if held.with_evidence else "no evidence"
        told.append(f"{e.area or 'area not recorded'}, {side} ({proof})")
    return "; ".join(dict.fromkeys(told))


def tenure_facts(card: TenureCard, most: int | None = None) -> Iterator[Fact]:
    """Yield what is known of the time in which somebody held posts, of at most `most` of them."""
    for post in card.posts[:most]:
        yield from _post_facts(post)
    if most is not None and len(card.posts) > most:
        yield Fact("more posts", f"{len(card.posts) - most:,}, all in --format json")
    if card.items:
        yield Fact("value in tenure", amounts_words(card.amounts))
        if card.assumed:
            yield Fact("on assumed days", amounts_words(card.assumed), "warning")
        yield Fact("value before tenure", inherited_words(card.inherited))
    else:
        yield Fact("value in tenure", "never relationship manager of an item")
    if card.owned:
        items = plural(len({item.subject for item in card.owned}), "item")
        yield Fact("as outcome owner", f"{amounts_words(card.as_owner)}, of {items}")


def _post_facts(post: PostTenure) -> Iterator[Fact]:
    """Yield what was inherited with a unit's post, what came in between, and how it stands now."""
    unit = short(post.name, 30)
    assumed = f"; {assumed_words(post.assumed_to)}" if post.assumed_to else ""
    before = post.inherited
    yield Fact(unit, f"{days_words(post.from_, post.to)}{assumed}", "warning" if assumed else "")
    yield Fact(
        f"{unit}: at the start", "not recorded" if before is None else relationship_words(before)
    )
    yield Fact(f"{unit}: during", came_words(post.came))
    end = "now" if post.to is None else "at the end"
    yield Fact(f"{unit}: {end}", relationship_words(post.now))


def item_words(item: ItemTenure) -> str:
    """Return what came of one item in the time of its holder."""
    assumed = [p for p in item.parts if p.source == "assumed"]
    guess = f" ({assumed_words(assumed[-1].to)})" if assumed else ""
    outcomes = ""
    if item.outcomes:
        then = "" if item.from_ is None else f" ({item.improved_then} when it began)"
        outcomes = f"; {item.improved_now} of {plural(item.outcomes, 'outcome')} improved{then}"
    return (
        f"{short(item.subject, 40)} {short(item.title, 40)}: {days_words(item.from_, item.to)}{guess}: "
        f"{amounts_words(item.amounts)}{outcomes}"
    )


def item_lines(items: Sequence[ItemTenure]) -> Iterator[str]:
    """Yield what came of each item, the first of many."""
    for item in items[:MOST_ITEMS]:
        yield item_words(item)
    if len(items) > MOST_ITEMS:
        yield f"and {len(items) - MOST_ITEMS:,} more, all in --format json"


def opportunity_lines(rows: Sequence[OpportunityRow], name: Callable[[str], str]) -> Iterator[str]:
    """Yield the opportunities of somebody's time, the last of many."""
    for row in rows[-MOST_ITEMS:]:
        yield opportunity_words(row, name)
    if len(rows) > MOST_ITEMS:
        yield f"and {len(rows) - MOST_ITEMS:,} earlier ones, all in --format json"


def uncredited_words(rows: Sequence[Uncredited], cards: Sequence[TenureCard]) -> Iterator[str]:
    """Yield the money credited to nobody, by why, of the units and items that some people held."""
    units = {post.business_unit for card in cards for post in card.posts}
    items = {item.subject for card in cards for item in card.items}
    for gap, had in (
        ("vacant", "had no manager for a time"),
        ("overlap", "had two managers for a time"),
        ("not recorded", "had no recorded manager for a time"),
    ):
        mine = [
            row
            for row in rows
            if row.gap == gap
            and row.role == "relationship_manager"
            and (row.business_unit in units or row.subject in items)
        ]
        if mine:
            total = Amounts()
            for row in mine:
                total.add(row.amounts)
            names = list(dict.fromkeys(row.subject for row in mine))
            listed = some_of([short(n, 30) for n in names], 10)
            said = f"{plural(len(names), 'item')} {had} ({listed})"
            yield f"{said}; what came then is credited to nobody: {amounts_words(total)}"

"""What came in the time of whoever held a post, in the words that every face uses."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Sequence

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
from itgov.model.types import Experience
from itgov.report.blocks import Fact
from itgov.report.figures import UNKNOWN, money, short
from itgov.report.value_words import realised_words

MOST_ITEMS = 20
"""How many items a card lists."""


def amounts_words(a: Amounts) -> str:
    """Return money planned, realised and spent on some days."""
    realised, planned, spend = (n / PARTS for n in (a.realised, a.planned, a.spend))
    return f"{realised_words(realised, planned)}, {money(spend)} spent"


def days_words(first: datetime.date | None, last: datetime.date | None) -> str:
    """Return the days of a tenure."""
    return f"{first or 'the beginning'} to {last or 'today'}"


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


def experience_of(experience: Sequence[Experience]) -> str:
    """Return where somebody has managed IT, and from whose perspective."""
    if not experience:
        return "none recorded"
    told = []
    for e in experience:
        side = f" as {e.perspective}" if e.perspective else ""
        told.append(f"{e.area or 'area not recorded'}{side}{'' if e.evidence else ', no evidence'}")
    return "; ".join(dict.fromkeys(told))


def tenure_facts(card: TenureCard) -> Iterator[Fact]:
    """Yield what is known of the time in which somebody held posts, each with its label."""
    for post in card.posts:
        yield from _post_facts(post)
    if card.items:
        yield Fact("value in tenure", amounts_words(card.amounts))
        if card.assumed:
            words = f"{amounts_words(card.assumed)}, on days that nothing tells of"
            yield Fact("of it assumed", words, "warning")
        yield Fact("inherited", f"{amounts_words(card.inherited)}, on the days before")
    else:
        yield Fact("value in tenure", "never relationship manager of an item")
    if card.owned:
        items = plural(len({item.subject for item in card.owned}), "item")
        yield Fact("as outcome owner", f"{amounts_words(card.as_owner)}, of {items}")


def _post_facts(post: PostTenure) -> Iterator[Fact]:
    """Yield what was inherited with a unit's post, what came in between, and what stands now."""
    unit = short(post.name, 30)
    assumed = f", assumed up to {post.assumed_to}" if post.assumed_to else ""
    before = post.inherited
    yield Fact(unit, f"{days_words(post.from_, post.to)}{assumed}", "warning" if assumed else "")
    yield Fact(f"{unit}, then", "not recorded" if before is None else relationship_words(before))
    yield Fact(f"{unit}, in between", came_words(post.came))
    end = "now" if post.to is None else "at the end"
    yield Fact(f"{unit}, {end}", relationship_words(post.now))


def item_words(item: ItemTenure) -> str:
    """Return what came of one item in the time of its holder."""
    assumed = [p for p in item.parts if p.source == "assumed"]
    guess = f" (assumed up to {assumed[-1].to or 'today'})" if assumed else ""
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


def uncredited_words(rows: Sequence[Uncredited]) -> Iterator[str]:
    """Yield the money that is credited to nobody, by why."""
    for gap, why in (
        ("vacant", "the post was vacant"),
        ("overlap", "two people held the post"),
        ("not recorded", "nothing tells who held the post"),
    ):
        mine = [row for row in rows if row.gap == gap and row.role == "relationship_manager"]
        if mine:
            total = Amounts()
            for row in mine:
                total.add(row.amounts)
            items = len({row.subject for row in mine})
            yield f"Credited to nobody, because {why}: {amounts_words(total)}, of {plural(items, 'item')}"

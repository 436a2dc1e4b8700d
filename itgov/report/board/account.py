"""The account that a unit's head is given: one page in sentences."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence

from itgov.insight.board_account import (
    TOLD,
    AccountLists,
    Chain,
    account_lists,
    chains_of,
    fading_here,
)
from itgov.insight.board_types import BoardReport, BoardUnit, Promise
from itgov.insight.value_types import ValueFigures
from itgov.model.reach import GROUP_OF, REACH_GROUPS
from itgov.model.text import plural
from itgov.report.blocks import Heading, Lines, PageBlock, Para
from itgov.report.board.asks import asks_of_head
from itgov.report.board.curve import curve_blocks
from itgov.report.figures import money, number, percent, score, short
from itgov.report.health_words import cap_effect
from itgov.report.pages import Page
from itgov.report.value_words import (
    assumed_in,
    assumed_spend,
    board_sentence,
    day_words,
    elsewhere_words,
    holding_words,
    stopped_words,
)
from itgov.report.words import some_of


def account_page(unit: BoardUnit, report: BoardReport) -> Page:
    """Return the page of a business unit that its head reads."""
    head = short(unit.head) if unit.head else "nobody is named as its head"
    return Page(
        kind="unit",
        id=unit.health.id,
        title=unit.health.name,
        kicker=f"Business unit: account for {head}",
        blocks=tuple(_blocks(unit, report)),
    )


def _blocks(unit: BoardUnit, report: BoardReport) -> Iterator[PageBlock]:
    yield Para(_standing(unit), tone="lead")
    for heading, lines in account_of(unit, report, TOLD):
        yield Heading(heading)
        yield Lines(lines) if lines else Para("Nothing is recorded.")
    yield Heading("Money over time")
    yield from curve_blocks(unit.curve, report)


def account_of(
    unit: BoardUnit, report: BoardReport, most: int | None = None
) -> Iterator[tuple[str, Sequence[str]]]:
    """Yield the account in sentences, by heading; of one kind at most so many, else all."""
    account = account_lists(unit, report.as_of)
    yield "You spent", list(_spent(unit, report))
    yield "This changed", list(_changed(unit, account, most))
    yield "This holds or fades", list(_holds(unit, account, most))
    yield "You owe these results", list(_owed_by_business(account, report, most))
    yield "IT owes these", list(_owed_by_it(account, report, most))
    yield "Decide this", asks_of_head(unit.asks, report, whole=most is None)


def cut_of_account(unit: BoardUnit, report: BoardReport) -> Iterator[PageBlock]:
    """Yield in full, for the appendix, what the account has cut."""
    told = zip(account_of(unit, report, TOLD), account_of(unit, report), strict=True)
    for (heading, short_list), (_, whole) in told:
        if list(short_list) != list(whole):
            yield Heading(f"{heading}: in full")
            yield Lines(whole)


def _standing(unit: BoardUnit) -> str:
    health = unit.health
    manager = short(unit.manager) if unit.manager else "nobody is named"
    told = f"Engagement health {score(health.score)}, {health.band}"
    if health.score is None:
        told = f"Engagement health: {health.band}"
    capped = f". {cap_effect(health, health.capped_by)}" if health.capped_by else ""
    return (
        f"Relationship manager: {manager}. {told}; {percent(health.coverage)} of it could be judged"
        f"{capped}."
    )


# -- spend ---------------------------------------------------------------------------------


def _spent(unit: BoardUnit, report: BoardReport) -> Iterator[str]:
    line, v = unit.line, unit.line.value
    if v is None or not unit.items:
        return
    paid = [item for item in unit.items if item.node.spend_to_date]
    assumed = "".join(f", {words}" for words in assumed_spend(v))
    yield (
        f"{money(v.spend_to_date)} up to {day_words(report.as_of)}"
        f"{assumed}, on {len(paid):,} of "
        f"{len(unit.items):,} investments and services; "
        f"{money(line.budget.total)} is the budget of all years."
    )
    most = sorted(paid, key=lambda i: (-i.node.spend_to_date, i.node.id))[:3]
    if most:
        names = [f"{short(i.node.title)} ({money(i.node.spend_to_date)})" for i in most]
        yield f"Most went to {', '.join(names)}."
    beside = [
        (v.spend_promising_none, "on what promises no money"),
        (v.spend_stopped, f"on what was stopped, {stopped_words(v)}"),
    ]
    told = [f"{money(amount)} {words}" for amount, words in beside if amount]
    if told:
        yield f"Of this, {' and '.join(told)}."
    if line.budget.none:
        yield f"{money(line.budget.none)} of the budget has no outcome."
    if line.withheld.spend_items:
        yield f"{plural(line.withheld.spend_items, 'item')} with spend that is not published, in no figure."


# -- outcomes ------------------------------------------------------------------------------


def _changed(unit: BoardUnit, account: AccountLists, most: int | None) -> Iterator[str]:
    chains = chains_of(unit)
    if not chains:
        return
    groups = dict.fromkeys((g.key for g in REACH_GROUPS), 0)
    for _, outcome in chains:
        groups[GROUP_OF[outcome.reach].key] += 1
    met = sum(o.reach == "met" for _, o in chains)
    counted = [f"{groups[g.key]:,} {g.title[:1].lower()}{g.title[1:]}" for g in reversed(REACH_GROUPS)]  # fmt: skip
    counted[0] += f" ({met:,} at the target)"
    yield f"Of {plural(len(chains), 'outcome')}: {', '.join(counted)}."
    yield from _some([_told(chain) for chain in account.improved], most, " improved")


def _told(chain: Chain) -> str:
    o = chain[1]
    measured = [r for r in o.results if r.actual is not None and not r.ahead]
    unit = f" {short(o.unit, 20)}" if o.unit else ""
    figures = (
        f"from {number(o.baseline)} to {number(measured[-1].actual)}{unit}" if measured else ""
    )
    day = f" on {day_words(measured[-1].date)}" if measured else ""
    return f"{_name(chain)}: {figures}{day}, target {number(o.target)}."


def _name(chain: Chain) -> str:
    item, o = chain
    return f"{short(o.statement or o.measure or o.id)} ({short(item.node.title, 50)})"


def _holds(unit: BoardUnit, account: AccountLists, most: int | None) -> Iterator[str]:
    v = unit.line.value
    if v is None:
        return
    yield board_sentence(v)
    yield from (f"{words}." for words in (*holding_words(v), *elsewhere_words(v)))
    yield from _some([_fading(chain) for chain in account.fading], most, " fade")
    if account.holding:
        names = [_name(c) for c in account.holding]
        yield f"Holds: {some_of(names, most or len(names))}."
    yield from _assumed(v)


def _fading(chain: Chain) -> str:
    o = chain[1]
    why = ["fell back from its target"] if o.faded else []
    if o.money.holding is not None:
        why.append(f"brought {percent(o.money.holding)} of its plan in its last twelve measured months")  # fmt: skip
    here = fading_here(chain)
    amount = f"; {money(here)} of the plan is still to come" if here else ""
    if o.money.fading_to_come and not here:
        amount = "; its money counts with another outcome that claims the same"
    return f"Fades: {_name(chain)} {' and '.join(why)}{amount}."


def _assumed(v: ValueFigures) -> Iterator[str]:
    told = list(assumed_in(v))
    if told:
        yield f"{told[0]}."


# -- what is owed --------------------------------------------------------------------------


def _owed_by_business(
    account: AccountLists, report: BoardReport, most: int | None
) -> Iterator[str]:
    told = [
        f"A first result of {_name(c)}, {_days(c[1].due, report)}: {_who(c)}." for c in account.due
    ]
    for c in account.stale:
        last = max(r.date for r in c[1].results if not r.ahead)
        told.append(f"A new result of {_name(c)}, the last is of {day_words(last)}: {_who(c)}.")
    told += [f"Evidence for the results of {_name(c)}: {_who(c)}." for c in account.unproved]
    yield from _some(told, most)
    yield from _some([_promise(p, report) for p in account.promises["business"]], most)


def _owed_by_it(account: AccountLists, report: BoardReport, most: int | None) -> Iterator[str]:
    yield from _some(
        [
            f"{short(i.node.title)}, to be delivered, {_days(i.end, report)}: "
            f"{short(i.lead) if i.lead else 'no delivery lead is named'}."
            for i in account.deliveries
        ],
        most,
    )
    for side in ("it", None):
        yield from _some([_promise(p, report) for p in account.promises[side]], most)


def _some(told: Sequence[str], most: int | None, what: str = "") -> Iterator[str]:
    yield from told[:most]
    if most is not None and len(told) > most:
        yield f"{len(told) - most:,} more{what}, in the appendix."


def _who(chain: Chain) -> str:
    owner = chain[0].owner
    return short(owner) if owner else "no outcome owner is named"


def _promise(p: Promise, report: BoardReport) -> str:
    who = short(p.owner) if p.owner else "nobody is named"
    side = "" if p.side is not None or not p.owner else ", side not recorded"
    return f"{short(p.what, 90)}, {_days(p.due, report)}: {who}{side}."


def _days(day: datetime.date | None, report: BoardReport) -> str:
    if day is None:
        return "no due day"
    late = (report.as_of - day).days
    return f"due {day_words(day)}" + (f", {plural(late, 'day')} late" if late > 0 else "")

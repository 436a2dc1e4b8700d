"""Planned and realised money in words: the board's sentence, and what stands beside its figures."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence

from itgov.insight.approval_types import ItemAtApproval, PlanAtApproval
from itgov.insight.value_types import (
    NodeValue,
    OutcomeNode,
    ValueFigures,
)
from itgov.model.claims import Claim
from itgov.model.plan import LeftOutReason
from itgov.model.unit_cost import UnitCost
from itgov.report.figures import half_up, money, per_one, percent, short
from itgov.report.words import plural, some_of

LEFT_OUT_WORDS: dict[LeftOutReason, str] = {
    "overlaps": "overlaps an earlier one",
    "from after date": "begins after it ends",
}
"""Why a result's value is in no sum."""
_NAMED = 10
"""How many outcomes are named that claim the same benefit."""


def value_words(figures: ValueFigures) -> list[str]:
    """Return what was promised, what came and what is to come, a sentence each."""
    return [
        board_sentence(figures),
        *_ratios(figures),
        *beside_words(figures),
        *assumed_in(figures),
    ]


def day_words(day: datetime.date) -> str:
    """Return a day as people write it: "23 November 2026"."""
    return f"{day.day} {day:%B} {day.year}"


def month_words(day: datetime.date) -> str:
    """Return the month of a day as people write it: "March 2030"."""
    return f"{day:%B} {day.year}"


def board_sentence(v: ValueFigures) -> str:
    """Return what a board has to know of planned money, in two sentences."""
    day, until = day_words(v.as_of), month_words(v.until)
    confirmed = f" ({money(v.realised_confirmed)} confirmed by the business)"
    if v.planned_to_date:
        came = (
            f"Of {money(v.planned_to_date)} promised by {day}, {money(v.realised_to_date)} was "
            f"realised{confirmed} and {money(v.unmeasured_to_date)} is not measured yet."
        )
    elif v.realised_to_date:
        came = (
            f"No money was promised by {day}; {money(v.realised_to_date)} was realised{confirmed}."
        )
    else:
        came = f"No money was promised by {day}, and none was realised."
    if not v.planned_to_come and not v.expected_to_come:
        return f"{came} None is planned up to {until}."
    assumed = f" ({money(v.expected_assumed)} assumed, no forecast)" if v.expected_assumed else ""
    return (
        f"{came} Of {money(v.planned_to_come)} planned up to {until}, owners expect "
        f"{money(v.expected_to_come)}{assumed}; {money(v.fading_to_come)} of the plan is fading."
    )


def _ratios(v: ValueFigures) -> Iterator[str]:
    if v.realised_ratio is not None:
        yield (
            f"{percent(v.realised_ratio)} of the value due by now was realised: "
            f"{money(v.judged.realised)} of {money(v.judged.planned)}"
        )
    yield from holding_words(v)
    if v.per_spend is not None:
        yield (
            f"Value per 1 spent: {per_one(v.per_spend)} ({money(v.judged.realised)} for "
            f"{money(v.spend_promising)} spent on what promises money)"
        )
    beside = []
    if v.spend_promising_none:
        beside.append(f"{money(v.spend_promising_none)} on what promises no money")
    if v.spend_stopped_without_value:
        beside.append(f"{money(v.spend_stopped_without_value)} on what was stopped without value")
    if beside:
        yield f"Spent to date: {money(v.spend_to_date)}, of it {' and '.join(beside)}"


def holding_words(v: ValueFigures) -> Iterator[str]:
    """Yield how much of the plan holds, where that is known."""
    if v.holding is not None:
        yield (
            f"Holding: {percent(v.holding)} of the plan in the last twelve measured months, "
            f"{money(v.held.realised)} of {money(v.held.planned)}"
        )


def beside_words(v: ValueFigures) -> Iterator[str]:
    """Yield the money that counts elsewhere, or in no figure."""
    if v.early:
        yield f"Realised before it was planned: {money(v.early)}, not in the share"
    if v.unplanned:
        yield f"Realised and never planned: {money(v.unplanned)}, not in the share"
    if v.twice.planned or v.twice.realised or v.twice_to_come:
        yield (
            f"Claimed twice, counted once: {money(v.twice.planned)} planned to date, "
            f"{money(v.twice.realised)} realised and {money(v.twice_to_come)} to come, left out"
        )
    if v.undated:
        yield (
            f"Plans without a date: {v.undated:,}, {money(v.planned_undated)} a year, "
            "in no other figure"
        )
    if v.stale:
        yield f"Not measured for over a year: {plural(v.stale, 'plan')}"
    if v.left_out:
        yield f"Values of results not counted, because their periods contradict: {v.left_out:,}"


def assumed_in(v: ValueFigures) -> Iterator[str]:
    """Yield what is assumed of plans and of spend."""
    said = []
    if v.plans_from_due:
        said.append(f"{v.plans_from_due:,} with the due day as first day")
    if v.plans_open:
        said.append(f"{v.plans_open:,} without an end")
    if v.end_unknown:
        said.append(f"{v.end_unknown:,} of what was stopped or retired on an unknown day")
    if said:
        yield f"{plural(v.plans, 'dated plan')}, of these {', '.join(said)}"
    if v.spend_from_budget:
        yield f"Assumed as spent: {money(v.spend_from_budget)} of budget, no actual recorded"


def approval_words(then: PlanAtApproval | None) -> list[str]:
    """Return how much of the plan at approval was realised, where today's plan is another."""
    if then is None or not then.changed:
        return []
    known = [
        f"{count:,} by {words}"
        for count, words in (
            (then.business_case, "the day of the business-case gate"),
            (then.approved, "the commit that made it approved"),
            (then.first_commit, "the first commit"),
        )
        if count
    ]
    ratio = "nothing of it is old enough to judge"
    if then.realised_ratio is not None:
        ratio = (
            f"{percent(then.realised_ratio)} of what is due by now by that plan was realised, "
            f"{money(then.judged.realised)} of {money(then.judged.planned)}"
        )
    deleted = f", {then.deleted:,} of them deleted" if then.deleted else ""
    return [
        f"Plan at approval: {money(then.planned_to_date)} to date and {money(then.planned_to_come)} "
        f"to come; {ratio}. {plural(then.changed, 'plan')} changed since{deleted}. "
        f"Items: {', '.join(known)}"
    ]


def changed_words(then: ItemAtApproval | None) -> str:
    """Return what an item planned at approval, where that is not today's plan."""
    if then is None or not then.changed:
        return ""
    basis = "" if then.basis == "approved" else f", {then.basis}"
    return (
        f"at approval ({then.on}{basis}) {money(then.planned_to_date)} to date and "
        f"{money(then.planned_to_come)} to come; changed since: {', '.join(map(short, then.changed))}"
    )


def unit_cost_words(costs: Sequence[UnitCost]) -> list[str]:
    """Return what a unit of a service cost in its last closed fiscal years: "claim: 3.45 in 2025 (+11%)"."""
    said = []
    for unit in dict.fromkeys(c.unit for c in costs):
        years = [c for c in costs if c.unit == unit][-_YEARS:]
        told = [f"{_cost(c.cost)} in {c.year}{_change(c)}" for c in years]
        said.append(f"one {short(unit, 30)} cost {', '.join(told)}")
    return said


_YEARS = 3
"""Closed fiscal years of which the unit cost is told."""


def _cost(amount: float) -> str:
    return f"{amount:,.2f}" if amount < 1000 else money(amount)


def _change(cost: UnitCost) -> str:
    notes = []
    if cost.change is not None:
        notes.append(f"{half_up(100 * cost.change):+.0f}%")
    if cost.from_budget:
        notes.append("of the budget")
    return f" ({', '.join(notes)})" if notes else ""


# -- one outcome or item -------------------------------------------------------------------


def claim_words(claim: Claim) -> str:
    """Return which of the outcomes that claim the same benefit count, and how much of each."""
    shares = dict(zip(claim.outcomes, claim.shares, strict=True))
    names = [claim.counted, *claim.others]
    if sum(shares[name] > 0 for name in names) < 2:
        others = some_of([short(name) for name in claim.others], _NAMED)
        return f"counted in {short(claim.counted)}, not in {others}"
    parts = [f"{percent(shares[name])} in {short(name)}" for name in names]
    return f"counted {some_of(parts, _NAMED)}"


def plan_words(outcome: OutcomeNode) -> str:
    """Return the plan of an outcome: "1.2m a year from 2027-01-01 (due)"."""
    if not outcome.value:
        return "no money planned"
    if outcome.plan_from is None:
        return f"{money(outcome.value)} a year, undated or only proposed"
    due = " (due)" if outcome.from_due else ""
    until = f" to {outcome.plan_until}" if outcome.plan_until is not None else ""
    return f"{money(outcome.value)} a year from {outcome.plan_from}{due}{until}"


def money_words(v: NodeValue) -> str:
    """Return what was promised and what came of an item or outcome; empty where there is nothing."""
    parts = money_parts(v)
    return f"; {', '.join(parts)}" if parts else ""


def money_parts(v: NodeValue) -> list[str]:
    """Return each thing that is said of an item's or outcome's money."""
    parts = []
    if v.planned_to_date or v.realised_to_date:
        parts.append(f"{money(v.realised_to_date)} of {money(v.planned_to_date)} realised to date")
    if v.unmeasured_to_date:
        parts.append(f"{money(v.unmeasured_to_date)} not measured yet")
    if v.holding is not None:
        parts.append(f"holding {percent(v.holding)}")
    if v.fading_to_come:
        parts.append(f"{money(v.fading_to_come)} to come is fading")
    if v.counted_share < 1 and parts:
        parts.append(f"{percent(v.counted_share)} of it counts here, claimed twice")
    return parts

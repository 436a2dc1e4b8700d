"""Planned and realised money in words: the board's sentence, and what stands beside its figures."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence

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
    "same day": "has the day of an earlier one and no `from`",
    "from after date": "begins after it ends",
}
"""Why a result's value is in no sum."""
_NAMED = 10
"""How many outcomes are named that claim the same benefit."""
_MOST = 10
"""How many benefits are listed that are claimed more than once."""


def value_words(figures: ValueFigures, claims: Sequence[Claim] = ()) -> list[str]:
    """Return what was promised, what came and what is to come, a sentence each.

    `claims` are the benefits that are claimed more than once, told below what of them is left out.
    """
    return [
        board_sentence(figures),
        *_ratios(figures),
        *_twice(figures),
        *(f"  {short(claim.measure)}: {claim_words(claim)}" for claim in claims[:_MOST]),
        *([f"  and {len(claims) - _MOST:,} more"] if len(claims) > _MOST else []),
        *_uncounted(figures),
        *assumed_in(figures),
    ]


def day_words(day: datetime.date) -> str:
    """Return a day as people write it: "23 November 2026"."""
    return f"{day.day} {day:%B} {day.year}"


def month_words(day: datetime.date) -> str:
    """Return the month of a day as people write it: "March 2030"."""
    return f"{day:%B} {day.year}"


def board_sentence(v: ValueFigures) -> str:
    """Return what a board has to know of planned money: what came, and what is to come."""
    return " ".join((*_came(v), *_to_come(v)))


def _came(v: ValueFigures) -> Iterator[str]:
    """Yield what was realised of the plan, and apart from it what no plan covers."""
    day, promised, on_plan = day_words(v.as_of), v.planned_to_date, v.realised_on_plan
    apart = [
        f"{money(amount)} was realised {words}"
        for amount, words in (
            (v.early, "before it was planned"),
            (v.unplanned, "where no money is promised"),
        )
        if amount
    ]
    confirmed = "" if apart else f" ({_confirmed(v, '')})" if v.realised_to_date else ""
    unmeasured = v.unmeasured_to_date
    if promised and on_plan >= 0 and on_plan + unmeasured <= promised:
        waits = f" and {money(unmeasured)} is not measured yet" if unmeasured else ""
        yield f"Of {money(promised)} promised by {day}, {_some(on_plan)} was realised{confirmed}{waits}."
    elif promised:
        waits = f"; {money(unmeasured)} is not measured yet" if unmeasured else ""
        yield f"{money(promised)} was promised by {day}. {money(on_plan)} was realised{confirmed}{waits}."
    elif on_plan:
        yield f"No money was promised by {day}; {money(on_plan)} was realised{confirmed}."
    elif not apart:
        yield f"No money was promised by {day}, and none was realised."
    else:
        yield f"No money was promised by {day}."
    if apart:
        another = "Another " if on_plan else ""
        yield f"{another}{_listed(apart)}."
        if v.realised_to_date:
            yield f"Of the {money(v.realised_to_date)} realised in all, {_confirmed(v)}."


def _some(amount: float) -> str:
    return money(amount) if amount else "none"


def _confirmed(v: ValueFigures, verb: str = "is ") -> str:
    all_of_it = v.realised_confirmed == v.realised_to_date
    amount = "all" if all_of_it else _some(v.realised_confirmed)
    return f"{amount} {verb}confirmed by the business"


def _to_come(v: ValueFigures) -> Iterator[str]:
    """Yield what is planned and expected up to the last day of what is to come."""
    until, planned = month_words(v.until), v.planned_to_come
    forecast, assumed = v.forecast_to_come, v.expected_assumed
    if not planned and not v.expected_to_come:
        yield f"None is planned up to {until}."
        return
    if forecast and assumed:
        said = f"owners forecast {money(forecast)}; another {money(assumed)} is assumed"
    elif forecast:
        said = f"owners expect {money(forecast)}"
    elif assumed:
        said = f"{money(assumed)} is assumed; owners have forecast none"
    else:
        said = "none is expected"
    fading = f"; {money(v.fading_to_come)} of the plan is fading" if v.fading_to_come else ""
    if v.expected_to_come <= planned:
        yield f"Of {money(planned)} planned up to {until}, {said}{fading}."
    else:
        yield f"{_some(planned).capitalize()} is planned up to {until}; {said}{fading}."


def _ratios(v: ValueFigures) -> Iterator[str]:
    if v.realised_ratio is not None:
        yield (
            f"Of the {money(v.judged.planned)} from plans that began over "
            f"{(v.as_of - v.judged_before).days:,} days ago, {money(v.judged.realised)} "
            f"({percent(v.realised_ratio)}) was realised, each plan at most in full"
        )
    if v.expected_assumed:
        yield (
            f"Assumed to come: {money(v.expected_assumed)} of {plural(v.unforecast, 'plan')} without a "
            "forecast for every year, at the rate last measured, or in full if never measured"
        )
    yield from holding_words(v)
    if v.per_spend is not None:
        yield (
            f"Value per 1 spent: {per_one(v.per_spend)} ({money(v.judged.realised)} for "
            f"{money(v.spend_promising)} spent on what promises money)"
        )
    if v.spend_to_date:
        yield f"Spent to date: {', '.join(_spent(v))}"


def _spent(v: ValueFigures) -> Iterator[str]:
    yield money(v.spend_to_date)
    yield from assumed_spend(v)
    if v.spend_promising_none:
        yield f"{money(v.spend_promising_none)} of it on what promises no money"
    if v.spend_stopped:
        yield f"{money(v.spend_stopped)} of it on what was stopped, {stopped_words(v)}"


def stopped_words(v: ValueFigures) -> str:
    """Return what came of what was stopped, beside what of its spend brought no value."""
    came = f"which realised {_some(v.realised_stopped)}"
    return f"{came}: {_some(v.spend_stopped_without_value)} without value"


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
    yield from elsewhere_words(v)


def elsewhere_words(v: ValueFigures) -> Iterator[str]:
    """Yield the money that the board's sentence does not tell: it counts elsewhere, or in no figure."""
    if v.expected_unplanned:
        yield (
            f"Forecast where nothing is planned: {money(v.expected_unplanned)} up to "
            f"{month_words(v.until)}, not in what is expected"
        )
    yield from _twice(v)
    yield from _uncounted(v)


def _twice(v: ValueFigures) -> Iterator[str]:
    said = [
        f"{money(amount)} {words}"
        for amount, words in (
            (v.twice.planned, "planned to date"),
            (v.twice.realised, "realised"),
            (v.twice_to_come, "to come"),
        )
        if amount
    ]
    if said:
        yield f"Claimed more than once and counted once; left out: {', '.join(said)}"


def _uncounted(v: ValueFigures) -> Iterator[str]:
    if v.undated:
        yield (
            f"Plans without a date: {v.undated:,}, {money(v.planned_undated)} a year, "
            "in no other figure"
        )
    if v.plans_stale:
        yield f"Not measured for over a year: {plural(v.plans_stale, 'plan')}"
    if v.left_out:
        yield f"Values of results not counted, because their periods contradict: {v.left_out:,}"


def assumed_spend(v: ValueFigures) -> Iterator[str]:
    """Yield what of the spend to date is assumed."""
    if v.spend_from_budget:
        after = (
            f", {money(v.budget_after_end)} after its item had ended" if v.budget_after_end else ""
        )
        yield f"{money(v.spend_from_budget)} of it assumed (budget, no actual recorded{after})"


def assumed_in(v: ValueFigures) -> Iterator[str]:
    """Yield what is assumed of plans."""
    said = [
        (count, one if count == 1 else more)
        for count, one, more in (
            (v.plans_from_due, "begins on the due day", "begin on the due day"),
            (v.plans_open, "has no end date", "have no end date"),
            (
                v.end_unknown,
                "belongs to an item that ended on an unknown day",
                "belong to items that ended on an unknown day",
            ),
        )
        if count
    ]
    if not said:
        return
    verbs = _listed([words for _, words in said])
    if any(count < v.plans for count, _ in said):
        counted = _listed([f"{count:,} {words}" for count, words in said])
        yield f"Of {plural(v.plans, 'dated plan')}, {counted}"
    elif v.plans == 1:
        yield f"The one dated plan {verbs}"
    else:
        yield f"All {v.plans:,} dated plans {verbs}"


def _listed(words: Sequence[str]) -> str:
    """Return words as a sentence lists them: "a, b and c"."""
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


def unit_cost_words(costs: Sequence[UnitCost], without: Sequence[str]) -> list[str]:
    """Return what a unit of a service cost in its last closed fiscal years, "claim: 3.45 in 2025 (+11%)",
    and what has no cost."""
    said = []
    for unit in dict.fromkeys(c.unit for c in costs):
        years = [c for c in costs if c.unit == unit][-_YEARS:]
        told = [f"{_cost(c.cost)} in {c.year}{_change(c)}" for c in years]
        said.append(f"one {short(unit, 30)} cost {', '.join(told)}")
    if without:
        said.append(f"no unit cost: {', '.join(map(short, without))}")
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


def realised_words(realised: float, planned: float) -> str:
    """Return what was realised of what was planned for the same days."""
    if not planned:
        return f"{money(realised)} realised, none planned" if realised else "no value"
    if realised > planned:
        return f"{money(realised)} realised, {money(planned)} planned"
    return f"{money(realised)} realised of {money(planned)} planned"


def money_words(v: NodeValue) -> str:
    """Return what was promised and what came of an item or outcome; empty where there is nothing."""
    parts = money_parts(v)
    return f"; {', '.join(parts)}" if parts else ""


def money_parts(v: NodeValue) -> list[str]:
    """Return each thing that is said of an item's or outcome's money."""
    parts = []
    if v.planned_to_date or v.realised_to_date:
        parts.append(f"{realised_words(v.realised_to_date, v.planned_to_date)} to date")
    if v.unmeasured_to_date:
        parts.append(f"{money(v.unmeasured_to_date)} not measured yet")
    if v.holding is not None:
        parts.append(f"holding {percent(v.holding)}")
    if v.fading_to_come:
        parts.append(f"{money(v.fading_to_come)} to come is fading")
    if v.counted_share < 1 and parts:
        parts.append(f"{percent(v.counted_share)} of it counts here, claimed twice")
    return parts

"""Derived facts: what follows from the recorded fields, open to rules and to health alike.

Each type here adds its fields to the record of the same kind.  They are computed once, when a
portfolio is linked, for one as-of date (`today`).  Money is in the organisation's currency, days
are whole days, and `null` means that there is nothing to compute the fact from.

It is long so that all facts that rules may read stand in one file.
"""

# No postponed annotations here: msgspec would compile each of them anew at every start.

from typing import Annotated, Literal

from itgov.model.derivation import count_of, days_since, greatest_of, least_of, reads, sum_of
from itgov.model.fact_base import MoneyFacts
from itgov.model.fields import doc
from itgov.model.imported import ImportedFacts
from itgov.model.reach import Reach
from itgov.model.types import Days, Direction, Number

LastDecision = Literal["approve", "hold", "challenge", "escalate", "stop"]


class OutcomeFacts(MoneyFacts):
    """What follows from an outcome."""

    investment: Annotated[
        str, doc("The id of the investment it belongs to.", reads("investment.id"))
    ] = ""
    business_unit: Annotated[
        str, doc("The id of the business unit.", reads("business_unit.id"))
    ] = ""
    direction: Annotated[
        Direction | None,
        doc(
            "Which way is better: as recorded, else from baseline to target.",
            reads("direction", "baseline", "target"),
        ),
    ] = None
    line_of_sight: Annotated[
        Reach,
        doc(
            "How far its chain reaches, `outcome` to `met`: see `itgov value`.",
            reads(
                "measure",
                "baseline",
                "target",
                "direction",
                "results[date<=today].actual",
                "results[date<=today].evidence",
            ),
        ),
    ] = "outcome"
    overdue: Annotated[
        bool,
        doc(
            "Due longer ago than `organisation.grace_days`, and there is no result.",
            reads("due", "results[date<=today].date", "grace_days", "today"),
        ),
    ] = False
    faded: Annotated[
        bool,
        doc(
            "An earlier figure reached the target, the latest does not.",
            reads("direction", "baseline", "target", "results[date<=today].actual"),
        ),
    ] = False
    stale: Annotated[
        bool,
        doc(
            "Its investment or service is live, and the latest result is over a year old.",
            reads("investment.stage", "results[date<=today].date", "today"),
        ),
    ] = False
    latest_date: Annotated[
        str | None,
        doc("Day of the latest result up to today.", greatest_of("results[date<=today].date")),
    ] = None
    latest_actual: Annotated[
        Number | None,
        doc(
            "Measured value of the latest result that has one.",
            reads("results[date<=today].actual"),
        ),
    ] = None
    days_since_result: Annotated[
        int | None, doc("Days since the latest result.", days_since("results[date<=today].date"))
    ] = None
    days_overdue: Annotated[
        int | None, doc("Days since `due`; negative before that day.", days_since("due"))
    ] = None
    progress: Annotated[
        Number | None,
        doc(
            "Share of the way from baseline to target that the latest figure made; one that says "
            "that things are better counts with evidence only.",
            reads(
                "baseline", "target", "results[date<=today].actual", "results[date<=today].evidence"
            ),
        ),
    ] = None
    met: Annotated[
        bool | None,
        doc(
            "Whether the latest figure reaches the target: true with evidence only, null where nobody knows.",
            reads(
                "target",
                "direction",
                "results[date<=today].actual",
                "results[date<=today].evidence",
            ),
        ),
    ] = None
    has_unit: Annotated[bool, doc("Whether `unit` says anything.", reads("unit"))] = False
    value_planned: Annotated[
        Number,
        doc(
            "Planned money a year; with `profile`, the mean of the years that it names.",
            reads("value", "profile.value"),
        ),
    ] = 0
    days_since_plan: Annotated[
        int | None,
        doc(
            "Days since the first planned day of its money; negative before it.",
            reads("value_from", "due", "profile.year", "today"),
        ),
    ] = None
    results_without_evidence: Annotated[
        int,
        doc(
            "Number of results without evidence: neither a web link nor a file of the repository.",
            count_of("results.without_evidence"),
        ),
    ] = 0
    plan_undated: Annotated[
        bool,
        doc(
            "Promises money, and no day says from when: neither `value_from` nor `due`.",
            reads("value", "value_from", "due", "investment.stage", "investment.ended"),
        ),
    ] = False
    values_left_out: Annotated[
        list[str],
        doc(
            "Results up to today whose value is in no sum, by their day, and why: their period "
            "overlaps an earlier one, or begins after it ends.",
            reads(
                "results[date<=today].value",
                "results[date<=today].from",
                "results[date<=today].date",
            ),
        ),
    ] = []
    same_claim_as: Annotated[
        list[str],
        doc(
            "Other outcomes with the same measure, unit and planned money: the first "
            "ten, and how many more.",
            reads("measure", "unit", "value", "profile.value"),
        ),
    ] = []
    counted_share: Annotated[
        Number,
        doc(
            "Share of its money that counts in sums; under 1 where it is claimed elsewhere too.",
            reads("also_claimed_by.share", "same_claim_as"),
        ),
    ] = 1
    claim_agreed: Annotated[
        bool | None,
        doc(
            "Whether `also_claimed_by` says how it is shared; null where nobody else claims it.",
            reads("also_claimed_by.outcome", "also_claimed_by.share"),
        ),
    ] = None
    claim_contradicted: Annotated[
        bool,
        doc(
            "Whether the shares that `also_claimed_by` says contradict each other, or are not 1.",
            reads("also_claimed_by.outcome", "also_claimed_by.share"),
        ),
    ] = False


class InvestmentFacts(ImportedFacts):
    """What follows from an investment or service."""

    business_unit: Annotated[
        str, doc("The id of its business unit.", reads("business_unit.id"))
    ] = ""
    managed_by: Annotated[
        str | None,
        doc(
            "The id of the relationship manager who looks after it: its own, else its unit's.",
            reads("relationship_manager", "business_unit.relationship_manager"),
        ),
    ] = None
    is_active: Annotated[
        bool, doc("Neither retired nor stopped; a missing stage counts as active.", reads("stage"))
    ] = True
    budget_total: Annotated[Number, doc("Sum of all budgets.", sum_of("spend.budget"))] = 0
    actual_total: Annotated[Number, doc("Sum of all actuals.", sum_of("spend.actual"))] = 0
    forecast_total: Annotated[Number, doc("Sum of all forecasts.", sum_of("spend.forecast"))] = 0
    spend_total: Annotated[
        Number,
        doc(
            "Sum over the years of budget, else forecast, else actual.",
            sum_of("spend.budget|forecast|actual"),
        ),
    ] = 0
    budget_to_date: Annotated[
        Number,
        doc(
            "Sum of the budgets up to and including this fiscal year.",
            sum_of("spend[year<=this_year].budget"),
        ),
    ] = 0
    spend_this_year: Annotated[
        Number,
        doc(
            "Actual, else forecast, else budget of this fiscal year.",
            sum_of("spend[year=this_year].actual|forecast|budget"),
        ),
    ] = 0
    worst_overspend: Annotated[
        Number | None,
        doc(
            "Largest share by which a year's actual exceeds its budget; 0.1 is 10%.",
            reads("spend.actual", "spend.budget"),
        ),
    ] = None
    forecast_overspend: Annotated[
        Number | None,
        doc(
            "Largest share by which a year's forecast exceeds its budget.",
            reads("spend.forecast", "spend.budget"),
        ),
    ] = None
    spend_after_end: Annotated[
        Number,
        doc(
            "Actual or budget of fiscal years that begin after `ended`, else `end`.",
            sum_of("spend[year>end_year].actual|budget"),
        ),
    ] = 0
    line_of_sight: Annotated[
        Reach,
        doc(
            "How far the chains of all its outcomes reach, `none` to `met`: as the shortest of them.",
            reads("outcomes.line_of_sight", "withheld"),
        ),
    ] = "none"
    value_planned: Annotated[
        Number,
        doc(
            "Planned money a year, over all outcomes; of a `profile`, the mean of its years.",
            sum_of("outcomes.value_planned"),
        ),
    ] = 0
    value_in_five_years: Annotated[
        Number,
        doc(
            "Money planned for the first five years of each outcome's plan, also if only proposed.",
            reads(
                "outcomes.value",
                "outcomes.profile.value",
                "outcomes.value_from",
                "outcomes.value_until",
                "outcomes.due",
            ),
        ),
    ] = 0
    unit_cost_change: Annotated[
        Number | None,
        doc(
            "Share by which a unit of the service cost more in the last closed fiscal year than in the "
            "one before; of several units the largest.",
            reads("spend.actual|budget", "volumes.count", "today"),
        ),
    ] = None
    volumes_without_cost: Annotated[
        list[str],
        doc("Volumes without unit cost, and why.", reads("volumes.count", "spend.actual", "type")),
    ] = []
    levels_measured: Annotated[
        int,
        doc(
            "Number of its outcomes of which is known whether they are at their target.",
            reads("outcomes.met"),
        ),
    ] = 0
    promises_money: Annotated[
        bool,
        doc(
            "Whether any of its outcomes promises money.", reads("outcomes.value_planned", "stage")
        ),
    ] = False
    spend_to_date: Annotated[
        Number,
        doc(
            "Actual of each year up to this one, else its budget, the current year's by days; of a "
            "proposal the actual alone.",
            reads("spend[year<=this_year].actual|budget", "stage", "today"),
        ),
    ] = 0
    outcomes_met: Annotated[
        int, doc("Number of outcomes that reach their target.", count_of("outcomes[met]"))
    ] = 0
    outcomes_improved: Annotated[
        int,
        doc(
            "Number of outcomes that are better than their baseline, or at their target.",
            count_of("outcomes[line_of_sight=moved|met]"),
        ),
    ] = 0
    needed_by: Annotated[
        list[str],
        doc(
            "Ids of active items that depend on it directly.",
            reads("items[is_active,depends_on~me].depends_on"),
        ),
    ] = []
    depends_on_over: Annotated[
        list[str], doc("Ids in `depends_on` of what was stopped or retired.", reads("depends_on"))
    ] = []
    withheld_present: Annotated[
        list[str],
        doc("Fields that `withheld` names and that are there all the same.", reads("withheld")),
    ] = []
    dependency_circle: Annotated[
        list[str],
        doc("Ids of all items that depend on each other in a circle with it.", reads("depends_on")),
    ] = []
    days_since_review: Annotated[
        int | None,
        doc(
            "Days since `last_reviewed`, or since a closed review session decided on "
            "it, whichever is later.",
            reads("last_reviewed", "last_decision_on", "today"),
        ),
    ] = None
    review_cadence_days: Annotated[
        Days | None,
        doc(
            "Longest time between two reviews, in days: its own, else its unit's.",
            reads("review_cadence_days", "business_unit.review_cadence_days"),
        ),
    ] = None
    last_decision: Annotated[
        LastDecision | None,
        doc("What the latest closed review session that decided on it said.", reads("minutes")),
    ] = None
    last_decision_on: Annotated[str | None, doc("The day of that session.", reads("minutes"))] = (
        None
    )
    last_decision_by: Annotated[
        str | None, doc("The id of the person who decided then.", reads("minutes"))
    ] = None
    days_since_decision: Annotated[
        int | None, doc("Days since that session.", days_since("last_decision_on"))
    ] = None
    held_until: Annotated[
        str | None,
        doc("The day until which it is held, if it is and one was given.", reads("minutes")),
    ] = None
    days_since_escalation: Annotated[
        int | None,
        doc(
            "Days since it was escalated in a review session; null unless it was, and "
            "no later session has decided otherwise.",
            reads("last_decision", "last_decision_on", "today"),
        ),
    ] = None
    decided_by_beneficiary: Annotated[
        list[str],
        doc(
            "Decisions of review sessions in force that were taken by somebody who benefits: "
            "a waiver approved by its outcome owner, relationship manager, sponsor or delivery lead "
            "of that day, or its approval by the outcome owner or the delivery lead.",
            reads("minutes"),
        ),
    ] = []
    days_review_overdue: Annotated[
        int | None,
        doc("Days since `next_review`; negative before that day.", days_since("next_review")),
    ] = None
    days_since_end: Annotated[
        int | None, doc("Days since `end`; negative before that day.", days_since("end"))
    ] = None
    days_since_confidence: Annotated[
        int | None, doc("Days since `confidence_on`.", days_since("confidence_on"))
    ] = None
    days_since_result: Annotated[
        int | None,
        doc("Days since the latest result of any outcome.", least_of("outcomes.days_since_result")),
    ] = None
    held_faults: Annotated[
        list[str],
        doc(
            "What contradicts itself in `held`: days with two holders, an end before its start.",
            reads("held.person", "held.from", "held.to"),
        ),
    ] = []

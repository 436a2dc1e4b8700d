"""Derived facts: what follows from the recorded fields, open to rules and to health alike.

Each type here adds its fields to the record of the same kind.  They are computed once, when a
portfolio is linked, for one as-of date (`today`).  Money is in the organisation's currency, days
are whole days, and `null` means that there is nothing to compute the fact from.
"""

# No postponed annotations here: msgspec would compile each of them anew at every start.

from typing import Annotated, Literal

from itgov.model.fact_base import Facts, MoneyFacts
from itgov.model.fields import doc
from itgov.model.reach import GRACE_DAYS, Reach
from itgov.model.types import Days, Direction, Number

LastDecision = Literal["approve", "hold", "challenge", "escalate", "stop"]


class OutcomeFacts(MoneyFacts):
    """What follows from an outcome."""

    investment: Annotated[str, doc("The id of the investment it belongs to.")] = ""
    business_unit: Annotated[str, doc("The id of the business unit.")] = ""
    direction: Annotated[
        Direction | None, doc("Which way is better: as recorded, else from baseline to target.")
    ] = None
    line_of_sight: Annotated[
        Reach,
        doc("How far its chain reaches, `outcome` to `met`: see `itgov value`."),
    ] = "outcome"
    overdue: Annotated[
        bool, doc("Due longer ago than `organisation.grace_days`, and there is no result.")
    ] = False
    faded: Annotated[bool, doc("An earlier figure reached the target, the latest does not.")] = (
        False
    )
    stale: Annotated[
        bool, doc("Its investment or service is live, and the latest result is over a year old.")
    ] = False
    latest_date: Annotated[str | None, doc("Day of the latest result up to today.")] = None
    latest_actual: Annotated[
        Number | None, doc("Measured value of the latest result that has one.")
    ] = None
    days_since_result: Annotated[int | None, doc("Days since the latest result.")] = None
    days_overdue: Annotated[int | None, doc("Days since `due`; negative before that day.")] = None
    progress: Annotated[
        Number | None,
        doc(
            "Share of the way from baseline to target that the latest figure made; one that says "
            "that things are better counts with evidence only."
        ),
    ] = None
    met: Annotated[
        bool | None,
        doc(
            "Whether the latest figure reaches the target: true with evidence only, null where nobody knows."
        ),
    ] = None
    value_planned: Annotated[
        Number,
        doc("Planned money a year; with `profile`, the mean of the years that it names."),
    ] = 0
    days_since_plan: Annotated[
        int | None, doc("Days since the first planned day of its money; negative before it.")
    ] = None
    results_without_evidence: Annotated[
        int,
        doc("Number of results without evidence: neither a web link nor a file of the repository."),
    ] = 0
    plan_undated: Annotated[
        bool, doc("Promises money, and no day says from when: neither `value_from` nor `due`.")
    ] = False
    values_left_out: Annotated[
        list[str],
        doc(
            "Results up to today whose value is in no sum, by their day, and why: their period "
            "overlaps an earlier one, or begins after it ends."
        ),
    ] = []
    same_claim_as: Annotated[
        list[str],
        doc(
            "Outcomes of other investments with the same measure, unit and planned money: the first "
            "ten, and how many more."
        ),
    ] = []
    counted_share: Annotated[
        Number,
        doc("Share of its money that counts in sums; under 1 where it is claimed elsewhere too."),
    ] = 1
    claim_agreed: Annotated[
        bool | None,
        doc("Whether `also_claimed_by` says how it is shared; null where nobody else claims it."),
    ] = None
    claim_contradicted: Annotated[
        bool,
        doc("Whether the shares that `also_claimed_by` says contradict each other, or are not 1."),
    ] = False


class InvestmentFacts(MoneyFacts):
    """What follows from an investment or service."""

    business_unit: Annotated[str, doc("The id of its business unit.")] = ""
    managed_by: Annotated[
        str | None,
        doc("The id of the relationship manager who looks after it: its own, else its unit's."),
    ] = None
    is_active: Annotated[
        bool, doc("Neither retired nor stopped; a missing stage counts as active.")
    ] = True
    budget_total: Annotated[Number, doc("Sum of all budgets.")] = 0
    actual_total: Annotated[Number, doc("Sum of all actuals.")] = 0
    forecast_total: Annotated[Number, doc("Sum of all forecasts.")] = 0
    spend_total: Annotated[
        Number, doc("Sum over the years of budget, else forecast, else actual.")
    ] = 0
    budget_to_date: Annotated[
        Number, doc("Sum of the budgets up to and including this fiscal year.")
    ] = 0
    spend_this_year: Annotated[
        Number, doc("Actual, else forecast, else budget of this fiscal year.")
    ] = 0
    worst_overspend: Annotated[
        Number | None,
        doc("Largest share by which a year's actual exceeds its budget; 0.1 is 10%."),
    ] = None
    forecast_overspend: Annotated[
        Number | None, doc("Largest share by which a year's forecast exceeds its budget.")
    ] = None
    spend_after_end: Annotated[
        Number, doc("Actual or budget of fiscal years that begin after `end`.")
    ] = 0
    line_of_sight: Annotated[
        Reach,
        doc(
            "How far the chains of all its outcomes reach, `none` to `met`: as the shortest of them."
        ),
    ] = "none"
    value_planned: Annotated[
        Number,
        doc("Planned money a year, over all outcomes; of a `profile`, the mean of its years."),
    ] = 0
    value_in_five_years: Annotated[
        Number,
        doc(
            "Money planned for the first five years of each outcome's plan, also if only proposed."
        ),
    ] = 0
    promises_money: Annotated[bool, doc("Whether any of its outcomes promises money.")] = False
    spend_to_date: Annotated[
        Number,
        doc("Actual of each year up to this one, else its budget, the current year's by days."),
    ] = 0
    outcomes_met: Annotated[int, doc("Number of outcomes that reach their target.")] = 0
    outcomes_improved: Annotated[
        int, doc("Number of outcomes that are better than their baseline, or at their target.")
    ] = 0
    needed_by: Annotated[list[str], doc("Ids of active items that depend on it directly.")] = []
    depends_on_over: Annotated[
        list[str], doc("Ids in `depends_on` of what was stopped or retired.")
    ] = []
    withheld_present: Annotated[
        list[str], doc("Fields that `withheld` names and that are there all the same.")
    ] = []
    dependency_circle: Annotated[
        list[str], doc("Ids of all items that depend on each other in a circle with it.")
    ] = []
    days_since_review: Annotated[
        int | None,
        doc(
            "Days since `last_reviewed`, or since a closed review session decided on "
            "it, whichever is later."
        ),
    ] = None
    review_cadence_days: Annotated[
        Days | None, doc("Longest time between two reviews, in days: its own, else its unit's.")
    ] = None
    last_decision: Annotated[
        LastDecision | None, doc("What the latest closed review session that decided on it said.")
    ] = None
    last_decision_on: Annotated[str | None, doc("The day of that session.")] = None
    last_decision_by: Annotated[str | None, doc("The id of the person who decided then.")] = None
    days_since_decision: Annotated[int | None, doc("Days since that session.")] = None
    held_until: Annotated[
        str | None, doc("The day until which it is held, if it is and one was given.")
    ] = None
    days_since_escalation: Annotated[
        int | None,
        doc(
            "Days since it was escalated in a review session; null unless it was, and "
            "no later session has decided otherwise."
        ),
    ] = None
    decided_by_beneficiary: Annotated[
        list[str],
        doc(
            "Decisions of review sessions in force that were taken by somebody who benefits: "
            "a waiver approved by its outcome owner, relationship manager, sponsor or delivery lead "
            "of that day, or its approval by the delivery lead."
        ),
    ] = []
    days_review_overdue: Annotated[
        int | None, doc("Days since `next_review`; negative before that day.")
    ] = None
    days_since_end: Annotated[int | None, doc("Days since `end`; negative before that day.")] = None
    days_since_confidence: Annotated[int | None, doc("Days since `confidence_on`.")] = None
    days_since_result: Annotated[
        int | None, doc("Days since the latest result of any outcome.")
    ] = None
    held_faults: Annotated[
        list[str],
        doc("What contradicts itself in `held`: days with two holders, an end before its start."),
    ] = []


class BusinessUnitFacts(MoneyFacts):
    """What follows from a business unit with all its investments and engagements."""

    investment_count: Annotated[int, doc("Number of investments and services.")] = 0
    active_investment_count: Annotated[int, doc("Number of those neither retired nor stopped.")] = 0
    relationship_managers: Annotated[
        list[str], doc("Ids of the relationship managers that say they serve it.")
    ] = []
    has_manager: Annotated[
        bool | None,
        doc(
            "Whether a listed relationship manager who has not left says that they serve it; null "
            "where a file that may list one could not be read."
        ),
    ] = None
    budget_total: Annotated[Number, doc("Sum of all budgets.")] = 0
    actual_total: Annotated[Number, doc("Sum of all actuals.")] = 0
    spend_total: Annotated[Number, doc("Sum of the investments' `spend_total`.")] = 0
    spend_without_outcome: Annotated[
        Number, doc("`spend_total` of investments without any outcome.")
    ] = 0
    spend_live: Annotated[
        Number,
        doc(
            "`spend_total` of what is under way: neither proposed, retired nor stopped, and its "
            "outcomes are not withheld."
        ),
    ] = 0
    spend_without_promise: Annotated[
        Number,
        doc(
            "`spend_live`, divided equally among outcomes, of those that promise neither money nor a "
            "measure with baseline and target, and of what has no outcome."
        ),
    ] = 0
    spend_improved: Annotated[
        Number,
        doc("`spend_total`, divided equally among outcomes, of those improved or at their target."),
    ] = 0
    run_share: Annotated[
        Number | None, doc("Share of spend whose purpose is run, of that with one.")
    ] = None
    value_planned: Annotated[Number, doc("Planned money a year, over all outcomes.")] = 0
    spend_to_date: Annotated[Number, doc("Sum of the items' `spend_to_date`.")] = 0
    spend_promising_none: Annotated[
        Number, doc("What of it was spent on items that promise no money.")
    ] = 0
    engagement_count: Annotated[int, doc("Number of engagements up to today that count.")] = 0
    engagements_not_counted: Annotated[
        int,
        doc(
            "Number of engagements up to today that do not count: its relationship manager or the "
            "business took no part."
        ),
    ] = 0
    engagements_last_year: Annotated[
        int, doc("Number of engagements in the last 365 days that count.")
    ] = 0
    days_since_engagement: Annotated[
        int | None, doc("Days since the last engagement that counts.")
    ] = None
    days_since_satisfaction: Annotated[
        int | None,
        doc("Days since the business gave a satisfaction score in an engagement that counts."),
    ] = None
    satisfaction: Annotated[
        Number | None,
        doc(
            "Mean of the business side's scores in engagements of the last 365 days that count, 1 to 5."
        ),
    ] = None
    actions_open: Annotated[int, doc("Number of actions not done.")] = 0
    actions_overdue: Annotated[int, doc("Number of actions not done whose due day has passed.")] = 0
    actions_done_late: Annotated[int, doc("Number of actions done after their due day.")] = 0
    opportunities_open: Annotated[
        int, doc("Number of opportunities last seen raised or pursued, in engagements that count.")
    ] = 0
    opportunities_quiet: Annotated[int, doc("Number of those not mentioned for over 180 days.")] = 0
    opportunities_realised: Annotated[int, doc("Number of opportunities that were realised.")] = 0
    opportunities_without_result: Annotated[
        list[str],
        doc(
            "Ids of those that name no investment, or one without any result since they were raised."
        ),
    ] = []
    level_business: Annotated[
        int | None, doc("The business side's latest relationship level, 1 to 5.")
    ] = None
    level_it: Annotated[int | None, doc("The IT side's latest relationship level, 1 to 5.")] = None
    days_since_level_business: Annotated[
        int | None, doc("Days since the business side last gave its level.")
    ] = None
    days_since_level_it: Annotated[
        int | None, doc("Days since the IT side last gave its level.")
    ] = None
    days_since_levels: Annotated[
        int | None, doc("Days since the relationship was last assessed.")
    ] = None
    level: Annotated[
        int | None,
        doc(
            "The lower of both sides' latest levels; a side that has not answered within 90 days "
            "before or after the other counts as 1."
        ),
    ] = None
    reviews_held: Annotated[
        int, doc("Number of closed review sessions on it, or on the whole organisation.")
    ] = 0
    days_since_review: Annotated[int | None, doc("Days since the latest of these sessions.")] = None
    days_since_escalation: Annotated[
        int | None,
        doc(
            "Days since the unit itself was escalated in a review session; null unless "
            "it was, and no later session has decided otherwise."
        ),
    ] = None
    held_faults: Annotated[
        list[str],
        doc("What contradicts itself in `held`: days with two holders, an end before its start."),
    ] = []
    review_actions_open: Annotated[
        int, doc("Number of actions agreed in closed sessions and not done.")
    ] = 0
    review_actions_overdue: Annotated[int, doc("Number of those whose due day has passed.")] = 0


class OrganisationFacts(Facts):
    """What follows for the organisation as a whole."""

    grace_days: Annotated[
        int,
        doc(
            "Days after a due day, or after `value_from`, in which nothing is asked of an outcome "
            "yet: `grace_days` of health.yaml."
        ),
    ] = GRACE_DAYS
    business_units: Annotated[list[str], doc("Ids of all business units.")] = []
    investment_count: Annotated[int, doc("Number of investments and services.")] = 0
    people_count: Annotated[int, doc("Number of people.")] = 0
    relationship_manager_count: Annotated[int, doc("Number of relationship managers.")] = 0
    relationship_manager_titles: Annotated[
        list[str], doc("The different titles of relationship managers in use.")
    ] = []
    spend_total: Annotated[Number, doc("Sum of the units' `spend_total`.")] = 0
    spend_without_outcome: Annotated[Number, doc("Sum of the units' `spend_without_outcome`.")] = 0
    run_share: Annotated[
        Number | None, doc("Share of spend whose purpose is run, of that with one.")
    ] = None
    reviews_held: Annotated[
        int, doc("Number of closed review sessions, of units or of the whole.")
    ] = 0
    days_since_escalation: Annotated[
        int | None, doc("Days since a closed session escalated something of it; null: answered.")
    ] = None
    days_since_review: Annotated[
        int | None, doc("Days since the latest closed review session.")
    ] = None


FROM_PEOPLE: dict[str, frozenset[str]] = {
    "engagement": frozenset(
        (
            *("business_present", "manager_present", "counts", "satisfaction_side"),
            *("satisfaction_by_manager", "satisfaction_counts"),
        )
    ),
    "business_unit": frozenset(
        (
            *("relationship_managers", "engagement_count", "engagements_not_counted"),
            *("engagements_last_year", "days_since_engagement"),
            *("days_since_satisfaction", "satisfaction"),
        )
    ),
    "relationship_manager": frozenset(
        (
            *("signs", "heard_as", "speaks_for_observed", "disagrees"),
            *("steps_unconfirmed", "answers_not_from_business"),
        )
    ),
}
"""By kind of subject, the facts that follow from who people are and whom they serve."""

FROM_UNITS: dict[str, frozenset[str]] = {
    "person": frozenset(["owns", "sponsors", "manages", "delivers", "heads"]),
    "relationship_manager": frozenset(
        (
            *("business_units", "investment_count", "spend_total", "owns", "delivers"),
            *("measured_by_served", "measured_by_met"),
            *("signs", "speaks_for_observed", "disagrees"),
        )
    ),
    "organisation": frozenset(
        ["business_units", "investment_count", "spend_total", "spend_without_outcome", "run_share"]
    ),
    "business_unit": frozenset(BusinessUnitFacts.__struct_fields__),
}
"""By kind of subject, the facts that follow from what units' files hold."""

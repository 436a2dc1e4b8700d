"""Derived facts of business units and of the organisation: see `itgov.model.facts`."""

# No postponed annotations here: msgspec would compile each of them anew at every start.

from typing import Annotated

from itgov.model.derivation import count_of, days_since, least_of, mean_of, ratio_of, reads, sum_of
from itgov.model.fact_base import Facts, MoneyFacts
from itgov.model.fields import doc
from itgov.model.reach import GRACE_DAYS
from itgov.model.types import Number


class BusinessUnitFacts(MoneyFacts):
    """What follows from a business unit with all its investments and engagements."""

    investment_count: Annotated[
        int, doc("Number of investments and services.", count_of("investments"))
    ] = 0
    active_investment_count: Annotated[
        int, doc("Number of those neither retired nor stopped.", count_of("investments[is_active]"))
    ] = 0
    relationship_managers: Annotated[
        list[str],
        doc(
            "Ids of the relationship managers that say they serve it.",
            reads("managers[serves~me].serves"),
        ),
    ] = []
    has_manager: Annotated[
        bool | None,
        doc(
            "Whether a listed relationship manager who has not left says that they serve it; null "
            "where a file that may list one could not be read.",
            reads("managers[serves~me].serves", "relationship_manager"),
        ),
    ] = None
    budget_total: Annotated[
        Number, doc("Sum of all budgets.", sum_of("investments.budget_total"))
    ] = 0
    actual_total: Annotated[
        Number, doc("Sum of all actuals.", sum_of("investments.actual_total"))
    ] = 0
    spend_total: Annotated[
        Number, doc("Sum of the investments' `spend_total`.", sum_of("investments.spend_total"))
    ] = 0
    spend_without_outcome: Annotated[
        Number,
        doc(
            "`spend_total` of investments without any outcome.",
            sum_of("investments[line_of_sight=none].spend_total"),
        ),
    ] = 0
    spend_live: Annotated[
        Number,
        doc(
            "`spend_total` of what is under way: neither proposed, retired nor stopped, and its "
            "outcomes are not withheld.",
            sum_of("spend.live"),
        ),
    ] = 0
    spend_without_promise: Annotated[
        Number,
        doc(
            "`spend_live`, divided equally among outcomes, of those that promise neither money nor a "
            "measure with baseline and target, and of what has no outcome.",
            sum_of("spend.without_promise"),
        ),
    ] = 0
    spend_improved: Annotated[
        Number,
        doc(
            "`spend_total`, divided equally among outcomes, of those improved or at their target.",
            sum_of("spend.improved"),
        ),
    ] = 0
    run_share: Annotated[
        Number | None,
        doc(
            "Share of spend whose purpose is run, of that with one.",
            ratio_of("investments[purpose=run].spend_total", "investments[purpose].spend_total"),
        ),
    ] = None
    value_planned: Annotated[
        Number, doc("Planned money a year, over all outcomes.", sum_of("investments.value_planned"))
    ] = 0
    spend_to_date: Annotated[
        Number, doc("Sum of the items' `spend_to_date`.", sum_of("investments.spend_to_date"))
    ] = 0
    spend_promising_none: Annotated[
        Number,
        doc(
            "What of it was spent on items that promise no money.",
            sum_of("investments[!promises_money].spend_to_date"),
        ),
    ] = 0
    engagement_count: Annotated[
        int,
        doc(
            "Number of engagements up to today that count.",
            count_of("engagements[counts,days_ago>=0]"),
        ),
    ] = 0
    engagements_not_counted: Annotated[
        int,
        doc(
            "Number of engagements up to today that do not count: its relationship manager or the "
            "business took no part.",
            count_of("engagements[!counts,days_ago>=0]"),
        ),
    ] = 0
    engagements_last_year: Annotated[
        int,
        doc(
            "Number of engagements in the last 365 days that count.",
            count_of("engagements[counts,days_ago>=0,days_ago<=365]"),
        ),
    ] = 0
    days_since_engagement: Annotated[
        int | None,
        doc(
            "Days since the last engagement that counts.",
            least_of("engagements[counts,days_ago>=0].days_ago"),
        ),
    ] = None
    days_since_satisfaction: Annotated[
        int | None,
        doc(
            "Days since the business gave a satisfaction score in an engagement that counts.",
            least_of("engagements[satisfaction_counts,days_ago>=0].days_ago"),
        ),
    ] = None
    satisfaction: Annotated[
        Number | None,
        doc(
            "Mean of the business side's scores in engagements of the last 365 days that count, 1 to 5.",
            mean_of(
                "engagements[satisfaction_counts,days_ago>=0,days_ago<=365].satisfaction.score"
            ),
        ),
    ] = None
    actions_open: Annotated[
        int, doc("Number of actions not done.", count_of("engagements.actions[is_open]"))
    ] = 0
    actions_overdue: Annotated[
        int,
        doc(
            "Number of actions not done whose due day has passed.",
            count_of("engagements.actions[is_overdue]"),
        ),
    ] = 0
    actions_done_late: Annotated[
        int,
        doc(
            "Number of actions done after their due day.",
            count_of("engagements.actions[was_late]"),
        ),
    ] = 0
    opportunities_open: Annotated[
        int,
        doc(
            "Number of opportunities last seen raised or pursued, in engagements that count.",
            count_of("opportunities.open"),
        ),
    ] = 0
    opportunities_quiet: Annotated[
        int,
        doc(
            "Number of those not mentioned for over 180 days.",
            count_of("opportunities.quiet"),
        ),
    ] = 0
    opportunities_realised: Annotated[
        int,
        doc(
            "Number of opportunities that were realised.",
            count_of("opportunities.realised"),
        ),
    ] = 0
    opportunities_without_result: Annotated[
        list[str],
        doc(
            "Ids of those that name no investment, or one without any result since they were raised.",
            reads("engagements[counts].opportunities.investment"),
        ),
    ] = []
    level_business: Annotated[
        int | None,
        doc(
            "The business side's latest relationship level, 1 to 5.",
            reads("relationship_levels[on<=today].business"),
        ),
    ] = None
    level_it: Annotated[
        int | None,
        doc(
            "The IT side's latest relationship level, 1 to 5.",
            reads("relationship_levels[on<=today].it"),
        ),
    ] = None
    days_since_level_business: Annotated[
        int | None,
        doc(
            "Days since the business side last gave its level.",
            days_since("relationship_levels[on<=today,business].on"),
        ),
    ] = None
    days_since_level_it: Annotated[
        int | None,
        doc(
            "Days since the IT side last gave its level.",
            days_since("relationship_levels[on<=today,it].on"),
        ),
    ] = None
    days_since_levels: Annotated[
        int | None,
        doc(
            "Days since the relationship was last assessed.",
            days_since("relationship_levels[on<=today].on"),
        ),
    ] = None
    level: Annotated[
        int | None,
        doc(
            "The lower of both sides' latest levels; a side that has not answered within 90 days "
            "before or after the other counts as 1.",
            reads("level_business", "level_it", "days_since_level_business", "days_since_level_it"),
        ),
    ] = None
    reviews_held: Annotated[
        int,
        doc(
            "Number of closed review sessions on it, or on the whole organisation.",
            reads("minutes"),
        ),
    ] = 0
    days_since_review: Annotated[
        int | None, doc("Days since the latest of these sessions.", reads("minutes", "today"))
    ] = None
    days_since_escalation: Annotated[
        int | None,
        doc(
            "Days since the unit itself was escalated in a review session; null unless "
            "it was, and no later session has decided otherwise.",
            reads("minutes", "today"),
        ),
    ] = None
    held_faults: Annotated[
        list[str],
        doc(
            "What contradicts itself in `held`: days with two holders, an end before its start.",
            reads("held.person", "held.from", "held.to"),
        ),
    ] = []
    review_actions_open: Annotated[
        int, doc("Number of actions agreed in closed sessions and not done.", reads("minutes"))
    ] = 0
    review_actions_overdue: Annotated[
        int, doc("Number of those whose due day has passed.", reads("minutes", "today"))
    ] = 0


class OrganisationFacts(Facts):
    """What follows for the organisation as a whole."""

    grace_days: Annotated[
        int,
        doc(
            "Days after a due day, or after `value_from`, in which nothing is asked of an outcome "
            "yet: `grace_days` of health.yaml.",
            reads("grace_days"),
        ),
    ] = GRACE_DAYS
    business_units: Annotated[list[str], doc("Ids of all business units.", reads("units.id"))] = []
    investment_count: Annotated[
        int, doc("Number of investments and services.", sum_of("units.investment_count"))
    ] = 0
    people_count: Annotated[int, doc("Number of people.", count_of("people"))] = 0
    relationship_manager_count: Annotated[
        int, doc("Number of relationship managers.", count_of("managers"))
    ] = 0
    relationship_manager_titles: Annotated[
        list[str],
        doc("The different titles of relationship managers in use.", reads("managers.title")),
    ] = []
    spend_total: Annotated[
        Number, doc("Sum of the units' `spend_total`.", sum_of("units.spend_total"))
    ] = 0
    spend_without_outcome: Annotated[
        Number,
        doc(
            "Sum of the units' `spend_without_outcome`.",
            sum_of("units.spend_without_outcome"),
        ),
    ] = 0
    run_share: Annotated[
        Number | None,
        doc(
            "Share of spend whose purpose is run, of that with one.",
            ratio_of("items[purpose=run].spend_total", "items[purpose].spend_total"),
        ),
    ] = None
    reviews_held: Annotated[
        int, doc("Number of closed review sessions, of units or of the whole.", count_of("minutes"))
    ] = 0
    days_since_escalation: Annotated[
        int | None,
        doc(
            "Days since a closed session escalated something of it; null: answered.",
            reads("minutes", "today"),
        ),
    ] = None
    days_since_review: Annotated[
        int | None, doc("Days since the latest closed review session.", reads("minutes", "today"))
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

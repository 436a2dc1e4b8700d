"""Derived facts of engagements, people and relationship managers: see `itgov.model.facts`."""

# No postponed annotations here: msgspec would compile each of them anew at every start.

from typing import Annotated, Literal

from itgov.model.derivation import count_of, days_since, reads, sum_of
from itgov.model.fact_base import Facts
from itgov.model.fields import doc
from itgov.model.types import Number, Represents

SignName = Literal[
    "represents", "seen-by-business", "reports-to", "appraised-by", "measured-by", "delivers",
    "owns-outcome", "takes-part", "opportunities", "steps",
]  # fmt: skip
"""What a sign rests on."""


class Sign(Facts):
    """One recorded fact that speaks for which side a relationship manager stands on."""

    sign: Annotated[SignName, doc("What it rests on.")]
    side: Annotated[Represents, doc("The side that it speaks for.")]
    says: Annotated[str, doc("What it says, in words.")]
    unit: Annotated[str | None, doc("The id of the unit it is about; null: the person.")] = None
    declared: Annotated[bool, doc("Declared by the person, rather than observed.")] = False
    items: Annotated[list[str], doc("The ids of the investments and services concerned.")] = []


class EngagementFacts(Facts):
    """What follows from an engagement."""

    business_unit: Annotated[
        str, doc("The id of its business unit.", reads("business_unit.id"))
    ] = ""
    days_ago: Annotated[
        int, doc("Days since; negative for one that is planned.", days_since("date"))
    ] = 0
    business_present: Annotated[
        bool,
        doc(
            "Whether anybody of the business side took part who is no relationship manager.",
            reads("by", "with"),
        ),
    ] = False
    manager_present: Annotated[
        bool,
        doc(
            "Whether the unit's relationship manager of that day took part, or one who serves it.",
            reads("by", "with", "business_unit.relationship_manager"),
        ),
    ] = False
    counts: Annotated[
        bool,
        doc(
            "Whether it counts as the unit's: both of these took part.",
            reads("manager_present", "business_present"),
        ),
    ] = False
    satisfaction_side: Annotated[
        Literal["business", "it"] | None,
        doc("The side of the person who gave the satisfaction score.", reads("satisfaction.by")),
    ] = None
    satisfaction_by_manager: Annotated[
        bool,
        doc(
            "Whether a relationship manager is named as who gave the satisfaction score.",
            reads("satisfaction.by"),
        ),
    ] = False
    satisfaction_counts: Annotated[
        bool,
        doc(
            "Whether the score is the business's: of somebody of its side who is no relationship "
            "manager, in an engagement that counts.",
            reads("counts", "satisfaction_side", "satisfaction_by_manager"),
        ),
    ] = False
    actions_open: Annotated[
        int, doc("Number of its actions not done.", count_of("actions[is_open]"))
    ] = 0
    actions_overdue: Annotated[
        int,
        doc(
            "Number of its actions not done whose due day has passed.",
            count_of("actions[is_overdue]"),
        ),
    ] = 0
    actions_without_owner: Annotated[
        int, doc("Number of its actions that name no owner.", count_of("actions[!owner]"))
    ] = 0


class PersonFacts(Facts):
    """What follows for a person from all the roles they hold in active investments."""

    is_active: Annotated[bool, doc("Has not left by today.", reads("left", "today"))] = True
    owns: Annotated[
        int,
        doc(
            "Active investments they are outcome owner of.",
            count_of("items[is_active,outcome_owner=me]"),
        ),
    ] = 0
    sponsors: Annotated[
        int, doc("Active investments they sponsor.", count_of("items[is_active,sponsor=me]"))
    ] = 0
    manages: Annotated[
        int,
        doc(
            "Active investments they are relationship manager of.",
            count_of("items[is_active,relationship_manager=me]"),
        ),
    ] = 0
    delivers: Annotated[
        int,
        doc(
            "Active investments they are delivery lead of.",
            count_of("items[is_active,delivery_lead=me]"),
        ),
    ] = 0
    heads: Annotated[int, doc("Business units they lead.", count_of("units[head=me]"))] = 0
    is_relationship_manager: Annotated[
        bool, doc("Listed under `relationship_managers`.", reads("managers[person=me].person"))
    ] = False
    same_name: Annotated[
        list[str],
        doc("The ids of others of the same name, however it is written.", reads("name")),
    ] = []
    named_after_left: Annotated[
        list[str],
        doc(
            "Where they are named for a day after they left: none of it counts.",
            reads("left", "today", "named.after_left"),
        ),
    ] = []


class RelationshipManagerFacts(Facts):
    """What follows for a relationship manager from all they serve."""

    name: Annotated[
        str,
        doc(
            "Name of the person, with the id where others have the same one; the id if unknown.",
            reads("people[id=me].name", "people[id=me].same_name"),
        ),
    ] = ""
    side: Annotated[
        Literal["business", "it"] | None, doc("The person's own side.", reads("people[id=me].side"))
    ] = None
    business_units: Annotated[
        list[str],
        doc(
            "Ids of the units served: those in `serves` and those that name them.",
            reads(
                "serves",
                "units[relationship_manager=me].relationship_manager",
                "items[is_active,relationship_manager=me].relationship_manager",
            ),
        ),
    ] = []
    investment_count: Annotated[
        int,
        doc(
            "Number of active investments that name them.",
            count_of("items[is_active,relationship_manager=me]"),
        ),
    ] = 0
    spend_total: Annotated[
        Number,
        doc(
            "`spend_total` of the active investments that name them.",
            sum_of("items[is_active,relationship_manager=me].spend_total"),
        ),
    ] = 0.0
    owns: Annotated[
        int,
        doc(
            "Active investments they look after (`managed_by`) and are outcome owner of.",
            count_of("items[is_active,managed_by=me,outcome_owner=me]"),
        ),
    ] = 0
    delivers: Annotated[
        int,
        doc(
            "Active investments they look after (`managed_by`) and are delivery lead of.",
            count_of("items[is_active,managed_by=me,delivery_lead=me]"),
        ),
    ] = 0
    signs: Annotated[
        list[Sign],
        doc(
            "Recorded facts that speak for which side they stand on: see `managers`.",
            reads("signs"),
        ),
    ] = []
    heard_as: Annotated[
        list[Represents],
        doc(
            "The sides that the business's latest word of each unit served says they speak for.",
            reads("signs"),
        ),
    ] = []
    speaks_for_observed: Annotated[
        Represents | None,
        doc(
            "The side that the business last named; else the one that most observed signs speak for, "
            "where that is two or more.",
            reads("signs"),
        ),
    ] = None
    disagrees: Annotated[
        bool,
        doc(
            "Whether what is observed contradicts `represents`: the business's latest word, or two "
            "observed signs of one other side.",
            reads("represents", "signs"),
        ),
    ] = False
    steps_overdue: Annotated[
        int,
        doc(
            "Steps to the business team not done by `due`.",
            count_of("steps[is_overdue]"),
        ),
    ] = 0
    steps_unconfirmed: Annotated[
        int,
        doc(
            "Steps to the business team that are done and not confirmed by the business.",
            reads("steps.done", "steps.confirmed_by"),
        ),
    ] = 0
    answers_not_from_business: Annotated[
        int,
        doc(
            "Answers in `represents_seen_by` up to today that nobody of the business side gave.",
            reads("represents_seen_by[on<=today].by"),
        ),
    ] = 0
    manager_side: Annotated[
        Literal["business", "it"] | None,
        doc("The side of whom they report to.", reads("reports_to")),
    ] = None
    days_in_position: Annotated[
        int | None, doc("Days since `position_since`.", days_since("position_since"))
    ] = None
    days_native_overdue: Annotated[
        int | None,
        doc("Days since `native_by`; negative before that day.", days_since("native_by")),
    ] = None
    title_agreed: Annotated[
        bool | None,
        doc(
            "Whether the title is the vocabulary's; null without either.",
            reads("title", "organisation.vocabulary.relationship_manager"),
        ),
    ] = None
    measured_by_served: Annotated[
        int,
        doc(
            "Outcomes in `measured_by` that belong to units they serve.",
            reads("measured_by", "business_units"),
        ),
    ] = 0
    measured_by_met: Annotated[
        int, doc("Outcomes in `measured_by` that reach their target.", reads("measured_by"))
    ] = 0
    evidenced_services: Annotated[
        bool,
        doc(
            "Has evidence of managing services from the customer's side.",
            reads("experience.area", "experience.perspective", "experience.evidence"),
        ),
    ] = False
    evidenced_investments: Annotated[
        bool,
        doc(
            "Has evidence of managing investments from the customer's side.",
            reads("experience.area", "experience.perspective", "experience.evidence"),
        ),
    ] = False
    own_review: Annotated[
        str | None,
        doc("Id of the latest closed session that had this person as an item.", reads("minutes")),
    ] = None
    own_review_chaired: Annotated[
        bool,
        doc(
            "Whether they chaired that session themselves, or decided in it on themselves.",
            reads("minutes"),
        ),
    ] = False
    days_since_escalation: Annotated[
        int | None,
        doc(
            "Days since this person's own item was escalated in a review session; null "
            "unless it was, and no later session has decided otherwise.",
            reads("minutes", "today"),
        ),
    ] = None

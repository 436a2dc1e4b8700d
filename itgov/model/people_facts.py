"""Derived facts of engagements, people and relationship managers: see `itgov.model.facts`."""

# No postponed annotations here: msgspec would compile each of them anew at every start.

from typing import Annotated, Literal

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

    business_unit: Annotated[str, doc("The id of its business unit.")] = ""
    days_ago: Annotated[int, doc("Days since; negative for one that is planned.")] = 0
    business_present: Annotated[
        bool,
        doc("Whether anybody of the business side took part who is no relationship manager."),
    ] = False
    manager_present: Annotated[
        bool,
        doc("Whether the unit's relationship manager of that day took part, or one who serves it."),
    ] = False
    counts: Annotated[bool, doc("Whether it counts as the unit's: both of these took part.")] = (
        False
    )
    satisfaction_side: Annotated[
        Literal["business", "it"] | None,
        doc("The side of the person who gave the satisfaction score."),
    ] = None
    satisfaction_by_manager: Annotated[
        bool, doc("Whether a relationship manager is named as who gave the satisfaction score.")
    ] = False
    satisfaction_counts: Annotated[
        bool,
        doc(
            "Whether the score is the business's: of somebody of its side who is no relationship "
            "manager, in an engagement that counts."
        ),
    ] = False
    actions_open: Annotated[int, doc("Number of its actions not done.")] = 0
    actions_overdue: Annotated[
        int, doc("Number of its actions not done whose due day has passed.")
    ] = 0
    actions_without_owner: Annotated[int, doc("Number of its actions that name no owner.")] = 0


class PersonFacts(Facts):
    """What follows for a person from all the roles they hold in active investments."""

    is_active: Annotated[bool, doc("Has not left by today.")] = True
    owns: Annotated[int, doc("Active investments they are outcome owner of.")] = 0
    sponsors: Annotated[int, doc("Active investments they sponsor.")] = 0
    manages: Annotated[int, doc("Active investments they are relationship manager of.")] = 0
    delivers: Annotated[int, doc("Active investments they are delivery lead of.")] = 0
    heads: Annotated[int, doc("Business units they lead.")] = 0
    is_relationship_manager: Annotated[bool, doc("Listed under `relationship_managers`.")] = False
    same_name: Annotated[
        list[str],
        doc("The ids of others of the same name, however it is written."),
    ] = []


class RelationshipManagerFacts(Facts):
    """What follows for a relationship manager from all they serve."""

    name: Annotated[str, doc("Name of the person, or the id if unknown.")] = ""
    side: Annotated[Literal["business", "it"] | None, doc("The person's own side.")] = None
    business_units: Annotated[
        list[str], doc("Ids of the units served: those in `serves` and those that name them.")
    ] = []
    investment_count: Annotated[int, doc("Number of active investments that name them.")] = 0
    spend_total: Annotated[
        Number, doc("`spend_total` of the active investments that name them.")
    ] = 0
    owns: Annotated[
        int, doc("Active investments they look after (`managed_by`) and are outcome owner of.")
    ] = 0
    delivers: Annotated[
        int, doc("Active investments they look after (`managed_by`) and are delivery lead of.")
    ] = 0
    signs: Annotated[
        list[Sign], doc("Recorded facts that speak for which side they stand on: see `managers`.")
    ] = []
    heard_as: Annotated[
        list[Represents],
        doc("The sides that the business's latest word of each unit served says they speak for."),
    ] = []
    speaks_for_observed: Annotated[
        Represents | None,
        doc(
            "The side that the business last named; else the one that most observed signs speak for, "
            "where that is two or more."
        ),
    ] = None
    disagrees: Annotated[
        bool,
        doc(
            "Whether what is observed contradicts `represents`: the business's latest word, or two "
            "observed signs of one other side."
        ),
    ] = False
    steps_overdue: Annotated[int, doc("Steps to the business team not done by `due`.")] = 0
    steps_unconfirmed: Annotated[
        int, doc("Steps to the business team that are done and not confirmed by the business.")
    ] = 0
    answers_not_from_business: Annotated[
        int,
        doc("Answers in `represents_seen_by` up to today that nobody of the business side gave."),
    ] = 0
    manager_side: Annotated[
        Literal["business", "it"] | None, doc("The side of whom they report to.")
    ] = None
    days_in_position: Annotated[int | None, doc("Days since `position_since`.")] = None
    days_native_overdue: Annotated[
        int | None, doc("Days since `native_by`; negative before that day.")
    ] = None
    title_agreed: Annotated[
        bool | None, doc("Whether the title is the vocabulary's; null without either.")
    ] = None
    measured_by_served: Annotated[
        int, doc("Outcomes in `measured_by` that belong to units they serve.")
    ] = 0
    measured_by_met: Annotated[int, doc("Outcomes in `measured_by` that reach their target.")] = 0
    evidenced_services: Annotated[
        bool, doc("Has evidence of managing services from the customer's side.")
    ] = False
    evidenced_investments: Annotated[
        bool, doc("Has evidence of managing investments from the customer's side.")
    ] = False
    own_review: Annotated[
        str | None, doc("Id of the latest closed session that had this person as an item.")
    ] = None
    own_review_chaired: Annotated[
        bool, doc("Whether they chaired that session themselves, or decided in it on themselves.")
    ] = False
    days_since_escalation: Annotated[
        int | None,
        doc(
            "Days since this person's own item was escalated in a review session; null "
            "unless it was, and no later session has decided otherwise."
        ),
    ] = None

"""What derived facts of several kinds have in common."""

# No postponed annotations here: msgspec would compile each of them anew at every start.

from typing import Annotated

from msgspec import Struct

from itgov.model.derivation import ratio_of, reads, sum_of
from itgov.model.fields import doc
from itgov.model.types import Number


class Facts(Struct, kw_only=True, gc=False):
    """Facts derived from a record; computed, never written in a file."""


class MoneyFacts(Facts):
    """Planned and realised money: of an outcome, an item or a unit.

    A benefit that is claimed twice counts in full with each of its outcomes and items, and once in
    units.
    """

    planned_to_date: Annotated[
        Number,
        doc(
            "Money planned up to today.",
            reads(
                "value",
                "profile.value",
                "value_from",
                "value_until",
                "due",
                "investment.stage",
                "investment.ended",
                "today",
            ),
        ),
    ] = 0
    realised_to_date: Annotated[
        Number,
        doc(
            "Money value of the results up to today, but of those left out.",
            sum_of("results[date<=today].value"),
        ),
    ] = 0
    realised_confirmed: Annotated[
        Number,
        doc(
            "What of it somebody of the business confirms who is neither owner nor manager.",
            reads(
                "results[date<=today].value",
                "results[date<=today].confirmed_by",
                "investment.outcome_owner",
                "investment.managed_by",
            ),
        ),
    ] = 0
    unmeasured_to_date: Annotated[
        Number,
        doc(
            "Money planned for the days after the last measured one, up to today.",
            reads(
                "value",
                "profile.value",
                "value_from",
                "value_until",
                "due",
                "investment.stage",
                "investment.ended",
                "today",
                "results[date<=today].date",
            ),
        ),
    ] = 0
    value_realised_ratio: Annotated[
        Number | None,
        doc(
            "Realised over planned money to date, of plans that began longer ago than the grace, each realised "
            "at most as planned; null where there are none.",
            ratio_of("judged.realised", "judged.planned"),
        ),
    ] = None
    holding: Annotated[
        Number | None,
        doc(
            "Realised over planned money of the last twelve measured months, of each outcome realised at "
            "most as planned; null where nothing was measured within a year.",
            ratio_of("held.realised", "held.planned"),
        ),
    ] = None
    planned_to_come: Annotated[
        Number,
        doc(
            "Money planned from tomorrow to the end of the third fiscal year after this.",
            reads(
                "value",
                "profile.value",
                "value_from",
                "value_until",
                "due",
                "investment.stage",
                "investment.ended",
                "today",
            ),
        ),
    ] = 0
    expected_to_come: Annotated[
        Number,
        doc(
            "Money expected in that time: the forecast, else the plan as far as it holds.",
            reads("forecast.value", "planned_to_come", "holding"),
        ),
    ] = 0
    fading_to_come: Annotated[
        Number,
        doc(
            "Money planned for that time that fell back from its target or holds under 0.8.",
            reads("planned_to_come", "faded", "holding"),
        ),
    ] = 0

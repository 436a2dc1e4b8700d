"""Facts that only git can tell: who was changed, what was moved, and whether anybody decided it.

Like the facts of `itgov.model.facts`, but from the history of the files instead of their text, and
so they are `null` wherever git cannot tell: without git, in a shallow clone, or where the history
is shorter than the question.  A rule that meets such a `null` has not been judged; it never passes.
A name that ends in `_seen` is what git has seen at the least, however little of the history it has.
"""

# No postponed annotations here: msgspec would compile each of them anew at every start.

from typing import Annotated, Any

import msgspec
from msgspec import Struct

from itgov.model.derivation import reads
from itgov.model.fact_base import Facts
from itgov.model.fields import doc
from itgov.model.types import BusinessUnit, Investment, Number, Outcome


class UndecidedChange(Facts):
    """A change that still stands and that no recorded decision or gate goes with."""

    on: Annotated[str, doc("The day of the commit.")] = ""
    commit: Annotated[
        str, doc("The commit's first ten digits; `uncommitted` for the files on disk.")
    ] = ""
    before: Annotated[str, doc("What it was, as text.")] = ""
    after: Annotated[str, doc("What it became, as text.")] = ""


class PlanChange(Facts):
    """A plan of money that is another today than at approval."""

    on: Annotated[str, doc("The day of the plan at approval.")] = ""
    commit: Annotated[str, doc("The commit that has it, first ten digits.")] = ""
    outcomes: Annotated[
        list[str], doc("The first outcomes of another plan, deleted ones too.")
    ] = []
    more: Annotated[int, doc("How many more there are.")] = 0


class HeldContradiction(Facts):
    """A holder in `held` where git names another."""

    role: Annotated[str, doc("relationship_manager or outcome_owner.")] = ""
    held: Annotated[str, doc("The id of the person in `held`, or `nobody` for a gap.")] = ""
    git: Annotated[str, doc("The id of the person that git names.")] = ""
    first: Annotated[str, doc("The first such day.")] = ""
    last: Annotated[str, doc("The last such day.")] = ""
    commit: Annotated[
        str, doc("The commit that named the other, first ten digits, or `uncommitted`.")
    ] = ""


class TypedByManager(Facts):
    """A word of the business that git's author says its relationship manager entered."""

    person: Annotated[str, doc("The id of the relationship manager.")] = ""
    commit: Annotated[str, doc("The commit's first ten digits.")] = ""
    on: Annotated[str, doc("The day of the commit.")] = ""


def _per_field(name: str, record: type[Struct], skip: tuple[str, ...], kind: Any, said: str) -> Any:
    """Return a type with a field for each recorded field of a type, by the name in the files."""
    fields = [
        (field, Annotated[kind, doc(said)], None)
        for field in record.__struct_encode_fields__
        if field not in skip
    ]
    return msgspec.defstruct(name, fields, bases=(Facts,), kw_only=True, module=__name__)


_DAYS = "Days since this field last changed; null where git has not seen it."
_COMMIT = "The first ten digits of the commit that last changed it, or `uncommitted`."

InvestmentDays: Any = _per_field(
    "InvestmentDays", Investment, ("id", "outcomes"), int | None, _DAYS
)
InvestmentCommits: Any = _per_field(
    "InvestmentCommits", Investment, ("id", "outcomes"), str | None, _COMMIT
)
OutcomeDays: Any = _per_field("OutcomeDays", Outcome, ("id",), int | None, _DAYS)
OutcomeCommits: Any = _per_field("OutcomeCommits", Outcome, ("id",), str | None, _COMMIT)
UnitDays: Any = _per_field("UnitDays", BusinessUnit, ("id",), int | None, _DAYS)
UnitCommits: Any = _per_field("UnitCommits", BusinessUnit, ("id",), str | None, _COMMIT)


class InvestmentHistory(Facts):
    """What git knows of an investment or service."""

    history_days: Annotated[
        int | None, doc("Days of its life that the git history covers, up to today.", reads("git"))
    ] = None
    days_since_change: Annotated[
        InvestmentDays | None, doc("Days since each field last changed.", reads("git"))
    ] = None
    changed_by: Annotated[
        InvestmentCommits | None, doc("The commit that last changed each field.", reads("git"))
    ] = None
    outcome_owner_changes: Annotated[
        int | None,
        doc("Changes of outcome owner in the last 24 months.", reads("outcome_owner", "git")),
    ] = None
    outcome_owner_changes_seen: Annotated[
        int | None, doc("Those in the git history, at least.", reads("outcome_owner", "git"))
    ] = None
    sponsor_changes: Annotated[
        int | None, doc("Changes of sponsor in the last 24 months.", reads("sponsor", "git"))
    ] = None
    sponsor_changes_seen: Annotated[
        int | None, doc("Those in the git history, at least.", reads("sponsor", "git"))
    ] = None
    relationship_manager_changes: Annotated[
        int | None,
        doc(
            "Changes of relationship manager in the last 24 months.",
            reads("relationship_manager", "git"),
        ),
    ] = None
    relationship_manager_changes_seen: Annotated[
        int | None, doc("Those in the git history, at least.", reads("relationship_manager", "git"))
    ] = None
    held_contradicted_seen: Annotated[
        bool | None,
        doc(
            "Whether git names another person than `held` for over 31 days, as far as it goes back.",
            reads("held.person", "git"),
        ),
    ] = None
    held_contradiction: Annotated[
        HeldContradiction | None, doc("The first such days.", reads("held.person", "git"))
    ] = None
    plan_changed_seen: Annotated[
        bool | None,
        doc("Whether its plan of money is another than at approval.", reads("outcomes", "git")),
    ] = None
    plan_change: Annotated[PlanChange | None, doc("What is another.", reads("outcomes", "git"))] = (
        None
    )
    budget_raised_silently: Annotated[
        bool | None,
        doc(
            "Budget raised in the last 24 months without a recorded decision.",
            reads("spend.budget", "gates.on", "git"),
        ),
    ] = None
    budget_raise: Annotated[
        UndecidedChange | None,
        doc("The latest such raise, in totals.", reads("spend.budget", "git")),
    ] = None
    end_moved_silently: Annotated[
        bool | None,
        doc(
            "`end` moved in the last 24 months without a recorded decision.",
            reads("end", "gates.on", "git"),
        ),
    ] = None
    end_move: Annotated[
        UndecidedChange | None, doc("The latest such move of `end`.", reads("end", "git"))
    ] = None
    confidence_repeats: Annotated[
        int | None,
        doc(
            "Times in a row that the same confidence was given again, at a new date.",
            reads("confidence", "confidence_on", "git"),
        ),
    ] = None
    confidence_repeats_seen: Annotated[
        int | None,
        doc("Those in the git history, at least.", reads("confidence", "confidence_on", "git")),
    ] = None
    confidence_unchanged_days: Annotated[
        int | None,
        doc(
            "Days since `confidence` was given its present value.",
            reads("confidence", "confidence_on", "git"),
        ),
    ] = None
    confidence_unchanged_days_seen: Annotated[
        int | None,
        doc(
            "Days without a change in the git history, at least.",
            reads("confidence", "confidence_on", "git"),
        ),
    ] = None


class OutcomeHistory(Facts):
    """What git knows of an outcome."""

    history_days: Annotated[
        int | None, doc("Days of its life that the git history covers, up to today.", reads("git"))
    ] = None
    days_since_change: Annotated[
        OutcomeDays | None, doc("Days since each field last changed.", reads("git"))
    ] = None
    changed_by: Annotated[
        OutcomeCommits | None, doc("The commit that last changed each field.", reads("git"))
    ] = None
    target_changed_silently: Annotated[
        bool | None,
        doc(
            "`target` changed in the last 24 months without a recorded decision.",
            reads("target", "git"),
        ),
    ] = None
    target_change: Annotated[
        UndecidedChange | None, doc("The latest such change of `target`.", reads("target", "git"))
    ] = None
    baseline_changed_silently: Annotated[
        bool | None,
        doc(
            "`baseline` changed in the last 24 months without a recorded decision.",
            reads("baseline", "git"),
        ),
    ] = None
    baseline_change: Annotated[
        UndecidedChange | None,
        doc("The latest such change of `baseline`.", reads("baseline", "git")),
    ] = None
    target_jump: Annotated[
        Number | None,
        doc(
            "How many times larger or smaller one change in the last 24 months made the target, at most; 1 for none.",
            reads("target", "git"),
        ),
    ] = None
    target_jump_seen: Annotated[
        Number | None, doc("The largest in the git history; 1 for none.", reads("target", "git"))
    ] = None
    typed_by_manager_seen: Annotated[
        bool | None,
        doc(
            "Whether git's author of a result's confirmation is a relationship manager of the item; what is not committed is not asked.",
            reads("results.confirmed_by", "git"),
        ),
    ] = None
    typed_by_manager: Annotated[
        TypedByManager | None, doc("The first such commit.", reads("results.confirmed_by", "git"))
    ] = None


class BusinessUnitHistory(Facts):
    """What git knows of a business unit."""

    history_days: Annotated[
        int | None, doc("Days of its life that the git history covers, up to today.", reads("git"))
    ] = None
    days_since_change: Annotated[
        UnitDays | None, doc("Days since each field last changed.", reads("git"))
    ] = None
    changed_by: Annotated[
        UnitCommits | None, doc("The commit that last changed each field.", reads("git"))
    ] = None
    relationship_manager_changes: Annotated[
        int | None,
        doc(
            "Changes of relationship manager in the last 24 months.",
            reads("relationship_manager", "git"),
        ),
    ] = None
    relationship_manager_changes_seen: Annotated[
        int | None, doc("Those in the git history, at least.", reads("relationship_manager", "git"))
    ] = None
    held_contradicted_seen: Annotated[
        bool | None,
        doc(
            "Whether git names another person than `held` for over 31 days, as far as it goes back.",
            reads("held.person", "git"),
        ),
    ] = None
    held_contradiction: Annotated[
        HeldContradiction | None, doc("The first such days.", reads("held.person", "git"))
    ] = None
    head_changes: Annotated[
        int | None, doc("Changes of head in the last 24 months.", reads("head", "git"))
    ] = None
    head_changes_seen: Annotated[
        int | None, doc("Those in the git history, at least.", reads("head", "git"))
    ] = None


class EngagementHistory(Facts):
    """What git knows of an engagement."""

    typed_by_manager_seen: Annotated[
        bool | None,
        doc(
            "Whether git's author of the satisfaction score is a relationship manager of the unit; what is not committed is not asked.",
            reads("satisfaction.by", "git"),
        ),
    ] = None
    typed_by_manager: Annotated[
        TypedByManager | None, doc("The first such commit.", reads("satisfaction.by", "git"))
    ] = None


class RelationshipManagerHistory(Facts):
    """What git knows of a relationship manager."""

    typed_by_manager_seen: Annotated[
        bool | None,
        doc(
            "Whether git's author of the business's answers on this person, or of the confirmation of a step, is this person; what is not committed is not asked.",
            reads("represents_seen_by.by", "steps.confirmed_by", "git"),
        ),
    ] = None
    typed_by_manager: Annotated[
        TypedByManager | None,
        doc("The first such commit.", reads("represents_seen_by.by", "steps.confirmed_by", "git")),
    ] = None

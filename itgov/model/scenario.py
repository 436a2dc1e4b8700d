"""What a scenario says: a named set of changes that has not been decided."""

# No postponed annotations here: msgspec would compile each of them anew at every start.

from collections.abc import Sequence
from typing import Annotated, Literal, TypeAlias, get_args

from msgspec import Meta

from itgov.model.fields import doc
from itgov.model.stages import OVER
from itgov.model.types import (
    Date,
    Id,
    Investment,
    InvestmentId,
    Money,
    PersonId,
    Prose,
    Record,
    Year,
)

ChangeKind = Literal["stop", "delay", "approve", "spend", "assign"]
CHANGE_KINDS: tuple[ChangeKind, ...] = get_args(ChangeKind)
"""What a change does, each named by the key that holds the id of the investment."""
CHANGE_FIELDS: dict[ChangeKind, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "stop": (("on",), ()),
    "delay": (("months",), ()),
    "approve": ((), ()),
    "spend": (("year", "budget"), ("forecast",)),
    "assign": ((), ("outcome_owner", "relationship_manager", "sponsor", "delivery_lead")),
}
"""By what a change does, the keys it needs, and those of which it may have some."""
Months: TypeAlias = Annotated[int, Meta(ge=1, le=120)]


class Change(Record, frozen=True, omit_defaults=True):
    """One change to one investment or service; exactly one of the first five keys says which."""

    stop: Annotated[InvestmentId | None, doc("Stop it, on the day `on`.")] = None
    delay: Annotated[InvestmentId | None, doc("Begin and end it `months` later.")] = None
    approve: Annotated[InvestmentId | None, doc("Approve what is proposed.")] = None
    spend: Annotated[InvestmentId | None, doc("Give it another budget in one fiscal year.")] = None
    assign: Annotated[InvestmentId | None, doc("Put other people in its posts.")] = None
    on: Annotated[Date | None, doc("The day it is stopped.")] = None
    months: Annotated[Months | None, doc("How many months later, 1 to 120.")] = None
    year: Annotated[Year | None, doc("The fiscal year of the budget.")] = None
    budget: Annotated[Money | None, doc("The budget of that year instead.")] = None
    forecast: Annotated[
        Money | None, doc("The spend expected in that year; default: the budget.")
    ] = None
    outcome_owner: Annotated[PersonId | None, doc("The id of the new outcome owner.")] = None
    relationship_manager: Annotated[
        PersonId | None, doc("The id of the new relationship manager.")
    ] = None
    sponsor: Annotated[PersonId | None, doc("The id of the new sponsor.")] = None
    delivery_lead: Annotated[PersonId | None, doc("The id of the new delivery lead.")] = None

    @property
    def kind(self) -> ChangeKind:
        """What it does.  Raises ValueError where it says nothing, which reading refuses."""
        for kind in CHANGE_KINDS:
            if getattr(self, kind) is not None:
                return kind
        raise ValueError("a change of nothing")

    @property
    def investment(self) -> str:
        """The id of the investment or service that is changed."""
        identifier: str = getattr(self, self.kind)
        return identifier


class Scenario(Record, frozen=True):
    """A set of changes that is being weighed."""

    id: Annotated[Id, doc("Identifier, unique among scenarios.")]
    title: Annotated[str | None, doc("The scenario in a few words.")] = None
    summary: Annotated[Prose | None, doc("Why it is weighed.")] = None
    changes: Annotated[list[Change], doc("What would be done, in no order.")] = []


class ScenarioFile(Record, frozen=True):
    """A file of `scenarios/`: one scenario."""

    scenario: Annotated[Scenario, doc("The scenario.")]


def unfit(change: Change) -> tuple[str, str] | None:
    """Return what is wrong with the keys of a change, and how to fix it; None where it is sound."""
    kinds = [kind for kind in CHANGE_KINDS if getattr(change, kind) is not None]
    if len(kinds) != 1:
        said = " and ".join(f"`{kind}`" for kind in kinds)
        what = f"a change does one thing, not {said}" if kinds else "a change says what it does"
        return what, f"Write one of {', '.join(CHANGE_KINDS)} with the id of an investment."
    needed, some = CHANGE_FIELDS[kinds[0]]
    given = {
        name
        for name in Change.__struct_fields__
        if name not in CHANGE_KINDS and getattr(change, name) is not None
    }
    if missing := [name for name in needed if name not in given]:
        said = " and ".join(f"`{name}`" for name in missing)
        return f"`{kinds[0]}` needs {said}", f"Add {said}."
    if strange := sorted(given - {*needed, *some}):
        said = ", ".join(f"`{name}`" for name in strange)
        return f"`{kinds[0]}` takes no {said}", f"Remove {said}, or make it a change of its own."
    if some and not needed and not given & set(some):
        said = ", ".join(f"`{name}`" for name in some)
        return f"`{kinds[0]}` names nobody", f"Add one of {said}."
    return None


def contradiction(changes: Sequence[Change]) -> str | None:
    """Return what keeps changes of one item from being made together, or None."""
    kinds = [c.kind for c in changes]
    name = changes[0].investment if changes else ""
    for kind in dict.fromkeys(kinds):
        same = [c for c in changes if c.kind == kind]
        slots: list[object] = [c.year if kind == "spend" else None for c in same]
        if kind == "assign":
            slots = [f for c in same for f in CHANGE_FIELDS[kind][1] if getattr(c, f) is not None]
        if len(set(slots)) < len(slots):
            of_year = " of the same year" if kind == "spend" else ""
            return f"{name} has two changes `{kind}`{of_year}; remove one"
    both = [kind for kind in ("delay", "approve") if kind in kinds and "stop" in kinds]
    return f"{name} has both a `stop` and a `{both[0]}`; remove one" if both else None


def impossible(record: Investment, change: Change, year: int) -> str | None:
    """Return why a change cannot be made to a record in a fiscal year, or None."""
    name, stage = record.id, record.stage
    if change.kind in ("stop", "delay") and stage in OVER:
        return f"{name} is {stage} already"
    if change.kind == "approve" and stage != "proposed":
        now = f"is {stage}" if stage is not None else "has no stage recorded"
        return f"{name} {now}; only a proposed item can be approved"
    if change.kind == "spend" and change.year is not None and change.year < year:
        return f"fiscal year {change.year} is over; its spend cannot be changed"
    return None

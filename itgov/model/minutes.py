"""What the minutes of a closed review session say: one type for each record of `reviews/`.

Minutes are written once, when a session is closed, and never edited: what was looked at, what was
decided, by whom, why, and what is due.  `seal` tells whether they are still what was closed.
"""

# No postponed annotations here: msgspec would compile each of them anew at every start.

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Literal, TypeAlias, get_args

from msgspec import Meta, Struct
from msgspec.structs import replace

from itgov.model.fields import doc, holders_in, with_ids
from itgov.model.finding import Severity
from itgov.model.text import plural
from itgov.model.types import (
    Date,
    Id,
    Money,
    Number,
    PastHolderId,
    PastPersonId,
    PersonId,
    Prose,
    Record,
    RuleId,
    UnitId,
)

Verdict = Literal["approve", "hold", "challenge", "escalate", "stop", "skip"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
"""What a session says of an item as a whole; one of them, the last one said."""
Step = Literal["waive", "assign", "action", "done", "note"]
STEPS: tuple[Step, ...] = get_args(Step)
"""What else can be recorded on an item, as often as needed."""
DecisionKind = Literal[Verdict, Step]
ReasonKind = Literal[
    "escalated",
    "new-finding",
    "worse-finding",
    "review-due",
    "waiver-ending",
    "action-overdue",
    "outcome-due",
    "long-in-position",
    "quiet-opportunity",
    "held",
    "challenged",
    "stopped",
    "added",
]
REASONS: tuple[ReasonKind, ...] = get_args(ReasonKind)
"""In the order in which an item says why it is on the agenda."""
ItemKind = Literal[
    "organisation", "business_unit", "investment", "relationship_manager", "person", "file"
]
Role = Literal["outcome_owner", "relationship_manager"]
EditStands = Literal["yes", "no", "unknown"]
Seconds: TypeAlias = Annotated[int, Meta(ge=0)]


class ItemSubject(Record, frozen=True, order=True):
    """What an item of an agenda is about."""

    kind: Annotated[ItemKind, doc("The kind of record.")]
    id: Annotated[Id, doc("Its id; a file's is its path.")]


class Reason(Record, frozen=True):
    """Why an item was on the agenda."""

    why: Annotated[ReasonKind, doc("Which kind of reason.")]
    says: Annotated[str, doc("The reason in a sentence.")]
    rule: Annotated[RuleId | None, doc("The rule of the finding, if it is one.")] = None
    severity: Annotated[Severity | None, doc("The finding's severity, if it is one.")] = None
    mark: Annotated[
        str | None, doc("The finding's fingerprint, by which it is recognised later.")
    ] = None


class Answerable(Record, frozen=True):
    """Who answered for an investment on the day of the session: person ids."""

    outcome_owner: Annotated[PastHolderId | None, doc("The outcome owner.")] = None
    relationship_manager: Annotated[PastHolderId | None, doc("The relationship manager.")] = None
    sponsor: Annotated[PastHolderId | None, doc("The sponsor.")] = None
    delivery_lead: Annotated[PastHolderId | None, doc("The delivery lead.")] = None


class Decision(Record, frozen=True):
    """One thing that was decided, or noted, on an item."""

    decision: Annotated[DecisionKind, doc("What was decided.")]
    by: Annotated[PersonId | None, doc("The id of the person who decided.")] = None
    account: Annotated[
        str | None, doc("The account that recorded it, where nobody was named as who decided.")
    ] = None
    reason: Annotated[Prose | None, doc("Why, or the note itself.")] = None
    until: Annotated[Date | None, doc("Hold: when it comes back. Waive: the last day.")] = None
    next_review: Annotated[Date | None, doc("The day of the next review.")] = None
    rule: Annotated[RuleId | None, doc("Waive: the id of the rule.")] = None
    approved_by: Annotated[PersonId | None, doc("Waive: the id of the person who approved it.")] = (
        None
    )
    role: Annotated[Role | None, doc("Assign: which role.")] = None
    to: Annotated[PersonId | None, doc("Assign: the id of the person named.")] = None
    was: Annotated[PastPersonId | None, doc("Assign: the id of the person before.")] = None
    what: Annotated[str | None, doc("Action: what is to be done.")] = None
    owner: Annotated[PersonId | None, doc("Action: the id of the person who does it.")] = None
    due: Annotated[Date | None, doc("Action: by when.")] = None
    action: Annotated[
        str | None, doc("Action: its own id, `<review>/<number>`. Done: which one was done.")
    ] = None
    edited: Annotated[list[str], doc("The portfolio files that were edited with it.")] = []
    stands: Annotated[
        EditStands | None,
        doc(
            "Whether that edit was still in the files at closing: `no`, or `unknown` where one "
            "could not be read; missing where it was; `yes` of a stop that had nothing to edit, "
            "because the stage said so already."
        ),
    ] = None


class MinutesItem(Record, frozen=True):
    """One item of the agenda, and what came of it."""

    subject: Annotated[ItemSubject, doc("What it is about.")]
    title: Annotated[str | None, doc("Its title then.")] = None
    business_unit: Annotated[UnitId | None, doc("The id of its business unit.")] = None
    points: Annotated[Number | None, doc("Points of engagement health at stake.")] = None
    money: Annotated[Money | None, doc("Spend behind it, in the organisation's currency.")] = None
    answerable: Annotated[Answerable, doc("Who answered for it on the day of the session.")] = (
        Answerable()
    )
    reasons: Annotated[list[Reason], doc("Why it was on the agenda.")] = []
    decisions: Annotated[list[Decision], doc("What was decided; empty: it was not reached.")] = []
    seconds: Annotated[Seconds | None, doc("Time spent on it.")] = None


class SeenFindings(Record, frozen=True):
    """Findings that a session has looked at and that stood, by rule and severity."""

    rule: Annotated[RuleId, doc("The id of the rule.")]
    severity: Annotated[Severity, doc("Their severity.")]
    waived: Annotated[bool, doc("Whether they were waived.")] = False
    marks: Annotated[str, doc("Their fingerprints, separated by blanks.")] = ""


class Review(Record, frozen=True):
    """A closed review session: which, when, and who took part."""

    id: Annotated[Id, doc("Identifier, unique: the file's name without its end.")]
    date: Annotated[Date, doc("The as-of date of the session.")]
    business_unit: Annotated[
        UnitId | None, doc("The id of the unit reviewed; missing: the organisation.")
    ] = None
    chair: Annotated[PersonId | None, doc("The id of the person who chaired.")] = None
    present: Annotated[list[PersonId], doc("The ids of the people who took part.")] = []
    scenarios: Annotated[
        list[str], doc("The ids of the scenarios that were chosen, and carried out.")
    ] = []
    opened: Annotated[str | None, doc("When it was opened, by the clock: UTC, ISO 8601.")] = None
    closed: Annotated[str | None, doc("When it was closed, by the clock: UTC, ISO 8601.")] = None


class Seal(Record, frozen=True):
    """By which it can be told whether minutes are still what was closed."""

    hash: Annotated[str, doc("SHA-256 of the content without the seal's hash.")]
    parts: Annotated[
        str, doc("A short hash of the head, of each item and of the findings, in order.")
    ] = ""
    follows: Annotated[list[str], doc("The hashes of the earlier minutes that these follow.")] = []
    told: Annotated[
        str | None, doc("SHA-256 of the Markdown version beside it, without its seal.")
    ] = None


class Minutes(Record, frozen=True):
    """The minutes of a closed review session."""

    review: Annotated[Review, doc("Which session.")]
    items: Annotated[list[MinutesItem], doc("The agenda, item by item.")] = []
    findings: Annotated[
        list[SeenFindings], doc("What was reviewed, so that the next session can tell what is new.")
    ] = []
    seal: Annotated[Seal | None, doc("Whether the minutes are unchanged since closing.")] = None


def verdict_of(decisions: Sequence[Decision]) -> Decision | None:
    """Return what was said of an item as a whole, or None."""
    return next((d for d in reversed(decisions) if d.decision in VERDICTS), None)


def beneficiaries(answerable: Answerable) -> frozenset[str]:
    """Return who gains by an exception: whoever would have to answer for the finding."""
    return holders_in(answerable)


def with_people_now(minutes: Minutes, former: Mapping[str, str]) -> Minutes:
    """Return minutes with today's ids of people, by their earlier ones; the same where none is there."""
    renamed = with_ids(minutes, {("person", old): new for old, new in former.items()})
    if not any(_person_in(i.subject) in former for i in renamed.items):
        return renamed
    items = [
        replace(i, subject=replace(i.subject, id=former.get(_person_in(i.subject), i.subject.id)))
        for i in renamed.items
    ]
    return replace(renamed, items=items)


def _person_in(subject: ItemSubject) -> str:
    """Return the person that an item is about, or nothing."""
    return subject.id if subject.kind in ("person", "relationship_manager") else ""


def gains_by_approval(answerable: Answerable, person: str | None) -> bool:
    """Say whether somebody gains by an approval: whose outcome, or whose work, goes on with it."""
    return person is not None and person in (answerable.outcome_owner, answerable.delivery_lead)


def is_settled(decisions: Sequence[Decision]) -> bool:
    """Say whether an item was decided on as a whole: what else was recorded, it comes back.

    Skipping it is not deciding; neither is a note, nor a waiver, a name or an action by itself.
    """
    verdict = verdict_of(decisions)
    return verdict is not None and verdict.decision != "skip"


class Tally(Struct, frozen=True):
    """How many items of an agenda were decided; the others come back."""

    items: int
    decided: int
    skipped: int

    @property
    def left(self) -> int:
        """Items that were not decided, those skipped among them."""
        return self.items - self.decided

    @property
    def says(self) -> str:
        """The count in words, as the room, minutes, commit message and command line have it."""
        return f"{self.decided:,} of {plural(self.items, 'item')} decided"


def tally(items: Iterable[Sequence[Decision]]) -> Tally:
    """Count items by what was decided on each."""
    found = [(verdict_of(decisions), is_settled(decisions)) for decisions in items]
    decided = sum(settled for _, settled in found)
    skipped = sum(verdict is not None and not settled for verdict, settled in found)
    return Tally(len(found), decided, skipped)

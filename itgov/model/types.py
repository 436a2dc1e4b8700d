"""What a portfolio file may say: one type for each record of `portfolios/`.

Every field carries its meaning, and its unit where it has one, in the description that
`itgov schema` publishes.  Only identifiers and names are required: whether anything else must be
there is the rules' business.  A blank text, `null` and an empty value never reach these types;
the reader leaves them out, so that "missing" has a single meaning: `None`, or an empty list.

It is long so that every record of a portfolio stands in one file, in the order of the files.
"""

# No postponed annotations here: msgspec would compile each of them anew at every start.

import datetime
from typing import Annotated, Any, Literal, TypeAlias

from msgspec import Meta, Struct

from itgov.model.fields import compared, doc, means

Date: TypeAlias = datetime.date
Number: TypeAlias = float
"""A whole number in a file is a number like any other: 3 and 3.0 are the same."""

Side = Literal["business", "it"]
Represents = Literal["customer", "supplier", "middle"]
Position = Literal["bridge", "embedded", "native"]
InvestmentType = Literal["investment", "service"]
Purpose = Literal["run", "grow", "transform"]
Stage = Literal["proposed", "approved", "delivering", "live", "retired", "stopped"]
Confidence = Literal["green", "amber-green", "amber", "amber-red", "red"]
Direction = Literal["up", "down"]
EngagementKind = Literal["review", "planning", "service", "workshop", "informal"]
OpportunityState = Literal["raised", "pursued", "realised", "dropped"]
HeldRole = Literal["relationship_manager", "outcome_owner"]
"""A post that somebody held before."""

PersonId: TypeAlias = Annotated[str, means("person")]
HolderId: TypeAlias = Annotated[str, means("person", holder=True)]
"""Who holds a role, and so answers for the record."""
MandatoryHolderId: TypeAlias = Annotated[str, means("person", holder=True, mandatory=True)]
"""A role that must be held: a placeholder in it is the mandatory rules' business."""
PastPersonId: TypeAlias = Annotated[str, means("person", past=True)]
"""Who was named then: a person who need not be listed any more."""
PastHolderId: TypeAlias = Annotated[str, means("person", holder=True, past=True)]
UnitId: TypeAlias = Annotated[str, means("business_unit")]
InvestmentId: TypeAlias = Annotated[str, means("investment")]
OutcomeId: TypeAlias = Annotated[str, means("outcome")]
ObjectiveId: TypeAlias = Annotated[str, means("objective")]
RuleId: TypeAlias = Annotated[str, means("rule")]
Money: TypeAlias = Annotated[float, means("money")]
"""In the organisation's currency."""
Measured: TypeAlias = Annotated[float, means("measured")]
"""In the unit of the outcome."""
Prose: TypeAlias = Annotated[str, means("prose")]
Share: TypeAlias = Annotated[float, Meta(ge=0, le=1), means("share")]
Score: TypeAlias = Annotated[float, Meta(ge=1, le=5)]
Level: TypeAlias = Annotated[int, Meta(ge=1, le=5)]
Year: TypeAlias = Annotated[
    int, Meta(ge=1900, le=2200, description="Calendar year in which the fiscal year begins.")
]
Days: TypeAlias = Annotated[int, Meta(ge=1, le=3660)]
Id: TypeAlias = Annotated[str, Meta(min_length=1, max_length=200), compared()]
Title: TypeAlias = Annotated[str, compared()]
"""The words for a role, which the organisation has agreed on."""
NAME = r"^[^\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]*$"
Name: TypeAlias = Annotated[str, Meta(pattern=NAME)]
"""Without characters that change the order in which others are read."""


class Record(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True, gc=False):
    """A record as written in a file; unknown keys are refused."""


class Waiver(Record, frozen=True):
    """A dated, reasoned, approved exception to one rule for one subject."""

    rule: Annotated[RuleId, doc("The id of the rule that is waived.")]
    reason: Annotated[Prose | None, doc("Why the exception is right.")] = None
    until: Annotated[
        Date | None, doc("The last day on which the waiver holds; without one it has ended.")
    ] = None
    approved_by: Annotated[PersonId | None, doc("The id of the person who approved it.")] = None

    def has_ended(self, day: Date) -> bool:
        """Say whether the exception is over on a day."""
        return self.until is None or self.until < day


class Vocabulary(Record, frozen=True):
    """The one title that the organisation has agreed on for each role."""

    relationship_manager: Annotated[
        Title | None, doc("The organisation's title for its relationship managers.")
    ] = None
    outcome_owner: Annotated[
        Title | None, doc("The organisation's title for its outcome owners.")
    ] = None


class Organisation(Record, frozen=True):
    """The whole: its name, money and words."""

    id: Annotated[Id, doc("Identifier of the organisation.")]
    name: Annotated[str | None, doc("The name in use.")] = None
    currency: Annotated[str | None, doc("ISO 4217 code of every amount in the portfolio.")] = None
    fiscal_year_start: Annotated[
        int, Meta(ge=1, le=12, description="Month in which the fiscal year begins. Default 1.")
    ] = 1
    vocabulary: Annotated[Vocabulary, doc("The agreed title for each role.")] = Vocabulary()
    waivers: Annotated[list[Waiver], doc("Exceptions to rules on the organisation itself.")] = []


class Experience(Record, frozen=True):
    """Where somebody has managed IT, and from whose perspective."""

    area: Annotated[Literal["services", "investments"] | None, doc("What was managed.")] = None
    perspective: Annotated[Literal["customer", "supplier"] | None, doc("From whose side.")] = None
    summary: Annotated[Prose | None, doc("What was done.")] = None
    evidence: Annotated[
        str | None, doc("Web link to the evidence, or its path in the repository.")
    ] = None


class Person(Record, frozen=True):
    """Somebody who can be named in a role."""

    id: Annotated[Id, doc("Identifier, unique in the organisation.")]
    name: Annotated[Name, doc("Full name.")]
    email: Annotated[str | None, doc("Where to reach the person.")] = None
    side: Annotated[Side | None, doc("The side of the person: business or it.")] = None
    business_unit: Annotated[
        UnitId | None, doc("The id of the business unit the person belongs to.")
    ] = None
    left: Annotated[Date | None, doc("The day the person left; no role from then on.")] = None
    formerly: Annotated[
        list[Annotated[str, compared()]], doc("Earlier ids of the same person.")
    ] = []
    experience: Annotated[
        list[Experience],
        doc("Experience, by area and perspective, of somebody who might become a manager."),
    ] = []

    def has_left(self, day: Date) -> bool:
        """Say whether the person is gone on a day."""
        return self.left is not None and self.left <= day

    def left_before(self, day: Date) -> bool:
        """Say whether the person had left before a day: nothing of that day is their word."""
        return self.left is not None and self.left < day


class SeenBy(Record, frozen=True):
    """The business's own answer, on one day, to the question whom a person speaks for."""

    on: Annotated[Date, doc("The day it was said.")]
    by: Annotated[PersonId | None, doc("The id of the person of the business who said so.")] = None
    says: Annotated[Represents | None, doc("Whom the person speaks for.")] = None


class Step(Record, frozen=True):
    """One step on the way to being part of the business team."""

    what: Annotated[str, doc("What will be done.")]
    due: Annotated[Date | None, doc("By when.")] = None
    done: Annotated[Date | None, doc("The day it was done.")] = None
    confirmed_by: Annotated[
        PersonId | None, doc("The id of the person of the business who confirmed it.")
    ] = None

    def is_open(self, day: Date) -> bool:
        """Say whether it is not done on a day."""
        return self.done is None or self.done > day

    def is_overdue(self, day: Date) -> bool:
        """Say whether it is open on a day after it was due."""
        return self.due is not None and self.due < day and self.is_open(day)


class RelationshipManager(Record, frozen=True):
    """The go-between of one or more business units, and where that person stands."""

    person: Annotated[
        Id, means("person", holder=True), doc("The id of the person who holds the post.")
    ]
    title: Annotated[Title | None, doc("The title of the post, as used.")] = None
    serves: Annotated[list[UnitId], doc("The ids of the business units that are served.")] = []
    represents: Annotated[Represents | None, doc("Whom the person speaks for.")] = None
    position: Annotated[
        Position | None,
        doc("bridge (between the sides), embedded (sits with the business), native."),
    ] = None
    position_since: Annotated[Date | None, doc("Since when in this position.")] = None
    native_by: Annotated[Date | None, doc("The agreed date to join the business team.")] = None
    reports_to: Annotated[PersonId | None, doc("The id of the person this person reports to.")] = (
        None
    )
    dedication: Annotated[Share | None, doc("Share of working time, 0 to 1.")] = None
    measured_by: Annotated[
        list[OutcomeId], doc("The outcomes that appraise this person: <investment>/<outcome>.")
    ] = []
    appraised_by: Annotated[
        PersonId | None, doc("The id of the person who holds the appraisal.")
    ] = None
    represents_seen_by: Annotated[
        list[SeenBy], doc("The business's own answers to whom the person speaks for.")
    ] = []
    steps: Annotated[list[Step], doc("The way to native, step by step.")] = []
    experience: Annotated[list[Experience], doc("Experience, by area and perspective.")] = []
    waivers: Annotated[list[Waiver], doc("Exceptions to rules on this relationship manager.")] = []


class RelationshipLevel(Record, frozen=True):
    """How far the relationship has come, in each side's own word, on one day.

    1 ad hoc, 2 order taker, 3 service provider, 4 trusted adviser, 5 strategic partner.
    """

    on: Annotated[Date, doc("The day of the assessment.")]
    business: Annotated[Level | None, doc("The business side's level, 1 to 5.")] = None
    it: Annotated[Level | None, doc("The IT side's level, 1 to 5.")] = None


class Held(Record, frozen=True, rename={"from_": "from"}):
    """Who held a post before; without it, git is asked."""

    role: Annotated[HeldRole, doc("The post: relationship_manager or outcome_owner.")]
    person: Annotated[PersonId, doc("The id of the person who held it.")]
    from_: Annotated[Date | None, doc("The first day. Default: from the beginning.")] = None
    to: Annotated[Date | None, doc("The last day. Default: until today.")] = None


class Objective(Record, frozen=True):
    """Something the business unit wants to achieve."""

    id: Annotated[Id, doc("Identifier, unique in the unit.")]
    statement: Annotated[Prose | None, doc("The objective in words.")] = None


class BusinessUnit(Record, frozen=True):
    """A part of the business that IT serves."""

    id: Annotated[Id, doc("Identifier, unique in the organisation.")]
    name: Annotated[str | None, doc("The name in use.")] = None
    head: Annotated[HolderId | None, doc("The id of the person who leads the unit.")] = None
    relationship_manager: Annotated[
        HolderId | None, doc("The id of the unit's relationship manager.")
    ] = None
    engagement_cadence_days: Annotated[
        Days | None, doc("Longest time between two engagements, in days.")
    ] = None
    review_cadence_days: Annotated[
        Days | None, doc("Longest time between two reviews of its investments, in days.")
    ] = None
    relationship_levels: Annotated[
        list[RelationshipLevel], doc("Dated assessments of the relationship.")
    ] = []
    objectives: Annotated[list[Objective], doc("What the unit wants to achieve.")] = []
    held: Annotated[list[Held], doc("Who held a post of the unit before.")] = []
    waivers: Annotated[
        list[Waiver], doc("Exceptions to rules on this unit or its engagements.")
    ] = []


class Gate(Record, frozen=True):
    """A decision point that an investment has passed."""

    gate: Annotated[str, doc("Which gate.")]
    on: Annotated[Date | None, doc("The day it was passed.")] = None
    approved_by: Annotated[PersonId | None, doc("The id of the person who approved it.")] = None


class Spend(Record, frozen=True):
    """The money of one fiscal year, in the organisation's currency."""

    year: Year
    budget: Annotated[Money | None, doc("Approved for the year.")] = None
    actual: Annotated[Money | None, doc("Spent in the year so far.")] = None
    forecast: Annotated[Money | None, doc("Expected for the year.")] = None

    @property
    def weight(self) -> int | float:
        """What the year weighs: its budget, else its forecast, else its actual."""
        if self.budget is not None:
            return self.budget
        return self.forecast if self.forecast is not None else self.actual or 0


class Result(Record, frozen=True, rename={"from_": "from"}):
    """One dated measurement of an outcome."""

    date: Annotated[Date, doc("The day of the measurement.")]
    actual: Annotated[Measured | None, doc("The measured value, in `unit`.")] = None
    value: Annotated[Money | None, doc("Money value realised, in the organisation's currency.")] = (
        None
    )
    from_: Annotated[
        Date | None,
        doc("First day of the value; default: the day after the last result with a value."),
    ] = None
    evidence: Annotated[
        str | None, doc("Web link to the evidence, or its path in the repository.")
    ] = None
    confirmed_by: Annotated[
        PersonId | None, doc("The id of the person of the business who confirms it.")
    ] = None


class YearValue(Record, frozen=True):
    """The money value of one fiscal year, in the organisation's currency."""

    year: Year
    value: Annotated[Money, doc("Money value of the whole year.")]


class SharedClaim(Record, frozen=True):
    """An outcome elsewhere that states the same benefit."""

    outcome: Annotated[OutcomeId, doc("The other outcome: <investment>/<outcome>.")]
    share: Annotated[
        Share | None, doc("The other outcome's share of the benefit, 0 to 1; default: not agreed.")
    ] = None


class Outcome(Record, frozen=True):
    """A measurable business result that an investment or service is for."""

    id: Annotated[Id, doc("Identifier, unique in the investment.")]
    statement: Annotated[Prose | None, doc("What will be different.")] = None
    measure: Annotated[str | None, doc("What is measured.")] = None
    unit: Annotated[str | None, doc("The unit of baseline, target, results.")] = None
    direction: Annotated[
        Direction | None, doc("Which way is better. Default from baseline and target.")
    ] = None
    baseline: Annotated[Measured | None, doc("The value before, in `unit`.")] = None
    target: Annotated[Measured | None, doc("The value aimed at, in `unit`.")] = None
    due: Annotated[Date | None, doc("When the target should be reached.")] = None
    value: Annotated[Money | None, doc("Planned money value a year, in the currency.")] = None
    value_from: Annotated[Date | None, doc("The first day of the value. Default: `due`.")] = None
    value_until: Annotated[Date | None, doc("The last day it is planned for. Default: no end.")] = (
        None
    )
    profile: Annotated[
        list[YearValue],
        doc("In place of `value`: planned money value by fiscal year; years not named are 0."),
    ] = []
    forecast: Annotated[
        list[YearValue], doc("Money value by fiscal year that its owner expects now.")
    ] = []
    also_claimed_by: Annotated[
        list[SharedClaim], doc("Outcomes elsewhere that state the same benefit.")
    ] = []
    results: Annotated[list[Result], doc("Dated measurements.")] = []


class Volume(Record, frozen=True):
    """What a service served in one fiscal year, so that a unit has a cost."""

    year: Year
    unit: Annotated[str, doc("What is counted, such as a claim.")]
    count: Annotated[Number, Meta(ge=0), doc("How many were served in the year.")]


IMPORTED = "imported"
"""The key of `custom` under which an import records its mapping, its as-of date and its keys."""
SEEN = "seen"
"""The key under that one for the day of the latest table that has the investment, if later than its row's."""
GONE = "gone"
"""The key under that one for the day of the first table that no longer has the investment."""
PERHAPS = "perhaps"
"""The key under that one for the id of an investment that is perhaps this one, by its former name or number."""
OLDER = "older"
"""The key under that one for fields that a newer table leaves blank: the day of the table that states each."""


class Investment(Record, frozen=True):
    """Money spent to change something, or, as a service, to keep something running."""

    id: Annotated[Id, doc("Identifier, unique in the organisation.")]
    title: Annotated[str, doc("The title in use.")]
    formerly: Annotated[
        list[Annotated[str, compared()]],
        doc("Other ids of the same investment: earlier ones, and those of imported tables."),
    ] = []
    type: Annotated[InvestmentType, doc("investment (ends) or service (recurs).")] = "investment"
    summary: Annotated[Prose | None, doc("What it is, in a sentence.")] = None
    purpose: Annotated[Purpose | None, doc("Run, grow or transform.")] = None
    stage: Annotated[Stage | None, doc("The stage of its life, from proposed to retired.")] = None
    outcome_owner: Annotated[
        MandatoryHolderId | None, doc("The id of the person who answers for the outcome.")
    ] = None
    relationship_manager: Annotated[
        MandatoryHolderId | None, doc("The id of its relationship manager.")
    ] = None
    sponsor: Annotated[HolderId | None, doc("The id of the person who owns the business case.")] = (
        None
    )
    delivery_lead: Annotated[
        HolderId | None, doc("The id of the person who leads the delivery, on the supplier's side.")
    ] = None
    objective: Annotated[
        ObjectiveId | None, doc("The id of the unit's objective that this is for.")
    ] = None
    depends_on: Annotated[
        list[InvestmentId], doc("The ids of the investments and services that this needs.")
    ] = []
    required_by: Annotated[str | None, doc("A law or contract that leaves no choice.")] = None
    confidence: Annotated[Confidence | None, doc("Confidence in delivery, green to red.")] = None
    confidence_by: Annotated[PersonId | None, doc("The id of the person who says so.")] = None
    confidence_on: Annotated[Date | None, doc("The day it was said.")] = None
    gates: Annotated[list[Gate], doc("Decision points passed.")] = []
    business_changes: Annotated[
        list[str], doc("What the business itself must do differently.")
    ] = []
    start: Annotated[Date | None, doc("The first day.")] = None
    end: Annotated[Date | None, doc("The last day.")] = None
    ended: Annotated[
        Date | None, doc("Its last day: what was stopped or retired is planned until then.")
    ] = None
    last_reviewed: Annotated[Date | None, doc("The day of the last review.")] = None
    next_review: Annotated[Date | None, doc("The day of the next review.")] = None
    review_cadence_days: Annotated[
        Days | None, doc("Longest time between two reviews, in days. Default: the unit's.")
    ] = None
    spend: Annotated[list[Spend], doc("Money, a row for each fiscal year.")] = []
    outcomes: Annotated[list[Outcome], doc("What the money is for.")] = []
    volumes: Annotated[list[Volume], doc("What a service serves, by fiscal year and unit.")] = []
    held: Annotated[list[Held], doc("Who held a post of it before.")] = []
    waivers: Annotated[
        list[Waiver], doc("Exceptions to rules on this investment or its outcomes.")
    ] = []
    withheld: Annotated[
        dict[str, str], doc("Fields not published, and why: present, but counted apart.")
    ] = {}
    custom: Annotated[dict[str, Any], doc("The organisation's own fields, open to rules.")] = {}

    @property
    def last_day(self) -> Date | None:
        """Its last day: the one on which it was stopped or retired, else `end`."""
        return self.ended or self.end


class Satisfaction(Record, frozen=True):
    """How satisfied the business side is, in its own word."""

    score: Annotated[Score, doc("1 (poor) to 5 (excellent).")]
    by: Annotated[PersonId | None, doc("The id of the person who said so.")] = None


class Opportunity(Record, frozen=True):
    """A chance to make a tangible difference, raised in an engagement."""

    id: Annotated[Id, doc("Identifier, unique in the engagement.")]
    statement: Annotated[Prose | None, doc("The opportunity in a sentence.")] = None
    state: Annotated[OpportunityState | None, doc("raised, pursued, realised or dropped.")] = None
    investment: Annotated[InvestmentId | None, doc("The id of the investment that pursues it.")] = (
        None
    )
    raised_by: Annotated[PersonId | None, doc("The id of the person who raised it.")] = None
    value: Annotated[
        Money | None, doc("Money value a year that it could bring, in the currency.")
    ] = None


class Action(Record, frozen=True):
    """Something that somebody has promised to do."""

    what: Annotated[str, doc("What is to be done.")]
    owner: Annotated[PersonId | None, doc("The id of the person who does it.")] = None
    due: Annotated[Date | None, doc("By when.")] = None
    done: Annotated[Date | None, doc("The day it was done.")] = None

    def is_open(self, day: Date) -> bool:
        """Say whether it is not done on a day."""
        return self.done is None or self.done > day

    def is_overdue(self, day: Date) -> bool:
        """Say whether it is open on a day after it was due."""
        return self.due is not None and self.due < day and self.is_open(day)

    def was_late(self, day: Date) -> bool:
        """Say whether it was done by a day, and after it was due."""
        return self.done is not None and self.due is not None and self.due < self.done <= day


class Engagement(Record, frozen=True, rename={"with_": "with"}):
    """One dated contact between the relationship manager and the unit."""

    date: Annotated[Date, doc("The day of the contact.")]
    kind: Annotated[EngagementKind | None, doc("What kind of contact.")] = None
    by: Annotated[PersonId | None, doc("The id of the person who led it for the relationship.")] = (
        None
    )
    with_: Annotated[list[PersonId], doc("The ids of the people who took part.")] = []
    summary: Annotated[Prose | None, doc("What was said.")] = None
    satisfaction: Annotated[
        Satisfaction | None, doc("The satisfaction score of the business side.")
    ] = None
    opportunities: Annotated[list[Opportunity], doc("Opportunities raised or followed up.")] = []
    actions: Annotated[list[Action], doc("Actions agreed.")] = []


class OrganisationFile(Record, frozen=True):
    """`organisation.yaml`: the organisation, its people and its relationship managers."""

    organisation: Annotated[Organisation | None, doc("The organisation itself.")] = None
    people: Annotated[list[Person], doc("Everybody who can be named.")] = []
    relationship_managers: Annotated[
        list[RelationshipManager], doc("The relationship managers.")
    ] = []


class UnitFile(Record, frozen=True):
    """A business unit's file, or a part of it that gives just the unit's id."""

    business_unit: Annotated[BusinessUnit | str, doc("The unit, or just its id in a further file.")]
    investments: Annotated[list[Investment], doc("The unit's investments and services.")] = []
    engagements: Annotated[list[Engagement], doc("The unit's engagements.")] = []

"""What a rule file may say: rules with their examples, adjustments to a pack, health."""

# No postponed annotations here: msgspec would compile each of them anew at every start.

from typing import Annotated, Any, Literal, TypeAlias

from msgspec import Meta

from itgov.model.finding import Severity
from itgov.model.types import Record

SubjectName = Literal[
    "organisation",
    "business_unit",
    "investment",
    "outcome",
    "person",
    "relationship_manager",
    "engagement",
]
SUBJECTS: tuple[SubjectName, ...] = (
    "organisation",
    "business_unit",
    "investment",
    "outcome",
    "engagement",
    "relationship_manager",
    "person",
)

MANDATORY = {"OWN-001": "outcome_owner", "REL-001": "relationship_manager"}
"""The rules in force whatever the files say, with the field of an investment that each asks for."""

RuleId: TypeAlias = Annotated[
    str,
    Meta(
        pattern=r"^[A-Za-z]+-[0-9]{3}$",
        description="Letters, a dash, three digits; stable for ever.",
    ),
]


class Named(Record, frozen=True):
    """Somebody is named: not missing, null, blank or a placeholder (TBD, n/a, vacant, ?)."""

    field: Annotated[str, Meta(description="The field of the subject that names a person.")]
    side: Annotated[
        Literal["business", "it"] | None,
        Meta(description="The side that the person must be on, if recorded in `people`."),
    ] = None


class Examples(Record, frozen=True):
    """What the rule says of small made-up subjects; `itgov rules test` runs them."""

    passes: Annotated[
        list[dict[str, Any]], Meta(description="Subjects, with what surrounds them, that pass.")
    ] = []
    fails: Annotated[
        list[dict[str, Any]],
        Meta(description="Subjects that fail; `says` is the message, word for word."),
    ] = []
    does_not_apply: Annotated[
        list[dict[str, Any]], Meta(description="Subjects that `when` leaves out.")
    ] = []


class Rule(Record, frozen=True, rename={"for_": "for", "assert_": "assert"}):
    """One governance check.  It has exactly one of `named`, `require` and `assert`."""

    id: RuleId
    name: Annotated[str, Meta(description="A name in words joined by dashes.")]
    for_: Annotated[SubjectName, Meta(description="The kind of subject it judges.")]
    summary: Annotated[str | None, Meta(description="What should hold, in one sentence.")] = None
    title: Annotated[
        str | None,
        Meta(
            description="What is wrong where it fails, in a few words: the heading of its findings."
        ),
    ] = None
    severity: Annotated[Severity, Meta(description="error, warning or info.")] = "warning"
    when: Annotated[
        str | None, Meta(description="CEL: the subjects it applies to. Default: all.")
    ] = None
    named: Annotated[Named | None, Meta(description="Somebody is named in a field.")] = None
    require: Annotated[
        list[str], Meta(description="Each of these fields is there and not blank.")
    ] = []
    assert_: Annotated[str | None, Meta(description="CEL that must be true.")] = None
    at: Annotated[
        str | None,
        Meta(description="The field that a finding points at; default the field asked for."),
    ] = None
    message: Annotated[str | None, Meta(description="What a finding says; {…} holds CEL.")] = None
    why: Annotated[str | None, Meta(description="Why the rule matters.")] = None
    fix: Annotated[str | None, Meta(description="What to do about a finding.")] = None
    sources: Annotated[list[str], Meta(description="Where the rule comes from.")] = []
    waivable: Annotated[
        bool | None, Meta(description="Whether a waiver may excuse it. Default true.")
    ] = None
    tags: Annotated[list[str], Meta(description="Words to find the rule by.")] = []
    examples: Annotated[Examples, Meta(description="What it says of small subjects.")] = Examples()


class Adjustment(Record, frozen=True):
    """A change to a rule of the pack that is extended."""

    severity: Annotated[Severity | None, Meta(description="Another severity.")] = None
    waivable: Annotated[bool | None, Meta(description="Whether it may be waived.")] = None
    why: Annotated[str | None, Meta(description="Another reason.")] = None
    fix: Annotated[str | None, Meta(description="Other advice.")] = None
    message: Annotated[str | None, Meta(description="Another message.")] = None


class Cap(Record, frozen=True):
    """A limit on a unit's score: a good average never hides a hard failure."""

    when: Annotated[str, Meta(description="CEL on `business_unit`: when the cap applies.")]
    at_most: Annotated[float, Meta(ge=0, le=100, description="The highest score while it applies.")]
    because: Annotated[str | None, Meta(description="The reason shown beside the score.")] = None


class Dimension(Record, frozen=True):
    """One part of engagement health, from rules or from a CEL number between 0 and 1."""

    id: Annotated[str, Meta(description="Identifier, unique in the file.")]
    title: Annotated[str | None, Meta(description="The title in use.")] = None
    weight: Annotated[float, Meta(ge=0, description="Share of the total, relative.")] = 0
    rules: Annotated[
        list[str], Meta(description="Ids of the rules whose share of passes is the score.")
    ] = []
    score: Annotated[
        str | None, Meta(description="CEL: a number from 0 to 1, null for unknown.")
    ] = None


class Bands(Record, frozen=True):
    """The scores from which a unit is healthy or needs attention; at risk below."""

    healthy: Annotated[float, Meta(ge=0, le=100)] = 75
    attention: Annotated[float, Meta(ge=0, le=100)] = 50


class Health(Record, frozen=True):
    """How engagement health is scored."""

    bands: Annotated[Bands, Meta(description="Where the bands begin.")] = Bands()
    enough_evidence: Annotated[
        float,
        Meta(ge=0, le=1, description="Share of weight that must be scorable for a colour."),
    ] = 0.6
    caps: Annotated[list[Cap], Meta(description="Limits that hard failures set.")] = []
    dimensions: Annotated[list[Dimension], Meta(description="What is scored.")] = []


class RuleFile(Record, frozen=True):
    """A file of `rules/`."""

    extends: Annotated[
        Literal["standard"] | None, Meta(description="The pack that these rules add to.")
    ] = None
    adjust: Annotated[
        dict[str, Adjustment], Meta(description="Changes to rules of the pack, by id.")
    ] = {}
    disable: Annotated[list[str], Meta(description="Ids of rules that are switched off.")] = []
    rules: Annotated[list[Rule], Meta(description="The rules.")] = []


class HealthFile(Record, frozen=True):
    """`rules/health.yaml`."""

    health: Annotated[Health, Meta(description="How engagement health is scored.")] = Health()

"""What a rule file may say: rules with their examples, adjustments to a pack, health."""

# No postponed annotations here: msgspec would compile each of them anew at every start.

from typing import Annotated, Any, Literal, TypeAlias, get_args

from msgspec import Meta

from itgov.model.fields import doc
from itgov.model.finding import Severity
from itgov.model.reach import GRACE_DAYS
from itgov.model.types import Record

SubjectName = Literal[
    "organisation",
    "business_unit",
    "investment",
    "outcome",
    "engagement",
    "relationship_manager",
    "person",
]
SUBJECTS: tuple[SubjectName, ...] = get_args(SubjectName)

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

    field: Annotated[str, doc("The field of the subject that names a person.")]
    side: Annotated[
        Literal["business", "it"] | None,
        doc("The side that the person must be on, if recorded in `people`."),
    ] = None


class Examples(Record, frozen=True):
    """What the rule says of small made-up subjects; `itgov rules test` runs them."""

    passes: Annotated[
        list[dict[str, Any]], doc("Subjects, with what surrounds them, that pass.")
    ] = []
    fails: Annotated[
        list[dict[str, Any]], doc("Subjects that fail; `says` is the message, word for word.")
    ] = []
    does_not_apply: Annotated[list[dict[str, Any]], doc("Subjects that `when` leaves out.")] = []


class Rule(Record, frozen=True, rename={"for_": "for", "assert_": "assert"}):
    """One governance check.  It has exactly one of `named`, `require` and `assert`."""

    id: RuleId
    name: Annotated[str, doc("A name in words joined by dashes.")]
    for_: Annotated[SubjectName, doc("The kind of subject it judges.")]
    summary: Annotated[str | None, doc("What should hold, in one sentence.")] = None
    title: Annotated[
        str | None,
        doc("What is wrong where it fails, in a few words: the heading of its findings."),
    ] = None
    severity: Annotated[Severity, doc("error, warning or info.")] = "warning"
    when: Annotated[str | None, doc("CEL: the subjects it applies to. Default: all.")] = None
    named: Annotated[Named | None, doc("Somebody is named in a field.")] = None
    require: Annotated[list[str], doc("Each of these fields is there and not blank.")] = []
    assert_: Annotated[str | None, doc("CEL that must be true.")] = None
    at: Annotated[
        str | None, doc("The field that a finding points at; default the field asked for.")
    ] = None
    message: Annotated[str | None, doc("What a finding says; {…} holds CEL.")] = None
    why: Annotated[str | None, doc("Why the rule matters.")] = None
    fix: Annotated[str | None, doc("What to do about a finding.")] = None
    sources: Annotated[list[str], doc("Where the rule comes from.")] = []
    waivable: Annotated[bool | None, doc("Whether a waiver may excuse it. Default true.")] = None
    tags: Annotated[list[str], doc("Words to find the rule by.")] = []
    examples: Annotated[Examples, doc("What it says of small subjects.")] = Examples()


class Adjustment(Record, frozen=True):
    """A change to a rule of the pack that is extended."""

    severity: Annotated[Severity | None, doc("Another severity.")] = None
    waivable: Annotated[bool | None, doc("Whether it may be waived.")] = None
    why: Annotated[str | None, doc("Another reason.")] = None
    fix: Annotated[str | None, doc("Other advice.")] = None
    message: Annotated[str | None, doc("Another message.")] = None


class Cap(Record, frozen=True):
    """A limit on a unit's score: a good average never hides a hard failure."""

    when: Annotated[str, doc("CEL on `business_unit`: when the cap applies.")]
    at_most: Annotated[float, Meta(ge=0, le=100, description="The highest score while it applies.")]
    because: Annotated[str | None, doc("The reason shown beside the score.")] = None


class Dimension(Record, frozen=True):
    """One part of engagement health, from rules or from a CEL number between 0 and 1."""

    id: Annotated[str, doc("Identifier, unique in the file.")]
    title: Annotated[str | None, doc("The title in use.")] = None
    weight: Annotated[float, Meta(ge=0, description="Share of the total, relative.")] = 0
    rules: Annotated[list[str], doc("Ids of the rules whose share of passes is the score.")] = []
    decisive: Annotated[
        list[str],
        doc("Ids of those among them that set the score to 0 where they fail on any subject."),
    ] = []
    score: Annotated[str | None, doc("CEL: a number from 0 to 1, null for unknown.")] = None


class Bands(Record, frozen=True):
    """The scores from which a unit is healthy or needs attention; at risk below."""

    healthy: Annotated[float, Meta(ge=0, le=100)] = 75
    attention: Annotated[float, Meta(ge=0, le=100)] = 50


class Health(Record, frozen=True):
    """How engagement health is scored."""

    bands: Annotated[Bands, doc("Where the bands begin.")] = Bands()
    enough_evidence: Annotated[
        float,
        Meta(ge=0, le=1, description="Share of weight that must be scorable for a colour."),
    ] = 0.6
    grace_days: Annotated[
        int,
        Meta(
            ge=0,
            le=3660,
            description=(
                "Days after a due day, or after `value_from`, in which nothing is asked of an "
                "outcome yet: by rules, health and value alike."
            ),
        ),
    ] = GRACE_DAYS
    caps: Annotated[list[Cap], doc("Limits that hard failures set.")] = []
    dimensions: Annotated[list[Dimension], doc("What is scored.")] = []
    unscored: Annotated[
        dict[str, str],
        doc("Ids of rules of severity error or warning that count in no dimension, and why not."),
    ] = {}


class RuleFile(Record, frozen=True):
    """A file of `rules/`."""

    extends: Annotated[Literal["standard"] | None, doc("The pack that these rules add to.")] = None
    adjust: Annotated[dict[str, Adjustment], doc("Changes to rules of the pack, by id.")] = {}
    disable: Annotated[list[str], doc("Ids of rules that are switched off.")] = []
    unscored: Annotated[
        dict[str, str],
        doc("Ids of rules that count in no dimension of health, and why not, as in health.yaml."),
    ] = {}
    rules: Annotated[list[Rule], doc("The rules.")] = []


class HealthFile(Record, frozen=True):
    """`rules/health.yaml`."""

    health: Annotated[Health, doc("How engagement health is scored.")] = Health()

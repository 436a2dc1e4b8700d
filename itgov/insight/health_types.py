"""What engagement health says of each business unit, with everything that a number opens to."""

# No postponed annotations here: msgspec would compile each of them anew at every start.

import datetime
from typing import Literal

from msgspec import Struct, field

from itgov.insight.imported_marks import ImportedMarks
from itgov.model.finding import Finding, Place
from itgov.model.rulebook import Tally

Band = Literal["healthy", "attention", "at risk", "insufficient evidence"]
BANDS: tuple[Band, ...] = ("at risk", "attention", "healthy", "insufficient evidence")
"""Those that need somebody first."""


class Settings(Struct, frozen=True):
    """Where the bands begin, how much evidence a score needs and how long the grace is, as `health.yaml` says."""

    healthy: float
    attention: float
    enough_evidence: float
    grace_days: int
    """Days after a due day, or after `value_from`, in which nothing is asked of an outcome yet."""
    own_file: str | None = None
    """The organisation's own file that says so; None where the standard settings hold."""


class DimensionHealth(Struct, frozen=True):
    """How one part of a unit's health stands.

    `score` is the share that holds, 0 to 1, weighted by spend; `count` is the same share with each
    judgement counted once (None where the score comes from an expression).  Both are None where
    nothing could be judged, and `unknown` says why.
    """

    id: str
    title: str
    weight: float
    score: float | None
    count: float | None
    evidence: float
    """Share of what it applies to that could be judged, 0 to 1: what it adds to the coverage."""
    tally: Tally
    """How its rules ended on the unit's subjects; empty where the score is an expression's."""
    lost: float = 0
    """Points of the total that it costs, before caps; over all dimensions they add up to what is
    missing from 100."""
    without_spend: int = 0
    """Judgements on items without spend beside items with it: only `count` shows them."""
    unknown: str | None = None
    decided_by: tuple[str, ...] = ()
    """Its decisive rules that fail, and so set `score` and `count` to 0."""
    because: str = ""
    """What is wrong by these rules, in words."""
    place: Place | None = None
    """Where its expression stands, if its score comes from one: no finding explains what it loses."""


class CapInForce(Struct, frozen=True):
    """A limit on a unit's score that a hard failure sets."""

    at_most: float
    because: str
    place: Place
    """Where the unit is recorded, at the field that the cap asks about if there is one."""
    points: float
    """What the score gains where this cap no longer holds, and all else is as it is."""
    unevaluated: str | None = None
    """Why it could not be decided; a cap that cannot be decided holds."""


class CostlyFinding(Struct, frozen=True, gc=False):
    """A finding that costs a unit points, and the points gained by fixing it."""

    finding: Finding
    dimensions: tuple[str, ...]
    points: float
    """Points of the total that come back, caps included; 0 while a cap holds the score down."""
    uncapped: float
    """The same as if no cap held."""
    decides: bool = False
    """Whether its rule sets a dimension to 0 as long as it fails on anything."""


class UnitHealth(Struct, frozen=True):
    """A business unit's engagement health.

    `score` is None where `coverage` is below what `health.yaml` asks for; the points of findings
    are then those of the part that could be judged.
    """

    id: str
    name: str
    place: Place
    score: float | None
    band: Band
    coverage: float
    """Share of the dimensions' weight that could be judged, 0 to 1."""
    measured: float | None
    """The score of the part that could be judged, before caps; None where nothing could be."""
    capped_by: CapInForce | None
    """The cap that holds the score down, if any does."""
    caps: tuple[CapInForce, ...]
    """Every cap that is in force, whether or not the score would reach it; the lowest first."""
    dimensions: tuple[DimensionHealth, ...]
    findings: tuple[CostlyFinding, ...]
    """Every finding that costs points, in the order of attention; waived ones last."""
    next_steps: tuple[CostlyFinding, ...]
    """The findings, not waived, to fix first: mandatory rules, then most points; at most three."""
    imported: ImportedMarks = field(default_factory=ImportedMarks)
    """What imports have marked of its items, which are judged all the same."""


def unit_key(unit: UnitHealth) -> tuple[int, float, str]:
    """Return the place of a unit where units are listed, that which needs somebody most first."""
    return BANDS.index(unit.band), unit.score or 0.0, unit.id


class HealthProblem(Struct, frozen=True):
    """Something in `health.yaml` that could not be worked with as it is."""

    message: str
    place: Place


class HealthReport(Struct, frozen=True):
    """Engagement health of every business unit, in the order of the portfolio."""

    as_of: datetime.date
    organisation: str
    settings: Settings
    units: tuple[UnitHealth, ...]
    problems: tuple[HealthProblem, ...]
    unread: tuple[Place, ...] = ()
    """Where files are broken, so that what they say there is not in any number."""


class RankMove(Struct, frozen=True):
    """How one unit's place changes when one weight does; a rank is None without a score."""

    id: str
    score: float | None
    band: Band
    rank: int | None
    score_before: float | None
    band_before: Band
    rank_before: int | None


class WeightMove(Struct, frozen=True):
    """What follows when one dimension's weight is another, and all others stay."""

    dimension: str
    weight: float
    weight_before: float
    units: tuple[RankMove, ...]
    """Units whose rank or band changes."""

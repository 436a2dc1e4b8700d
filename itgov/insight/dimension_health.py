"""How one dimension of a unit's health stands, by its rules or by an expression."""

from __future__ import annotations

from msgspec import Struct, structs

from itgov.insight.health_types import DimensionHealth
from itgov.insight.scoring import DimensionPart, part_of, tidy
from itgov.insight.shares import PassedShare
from itgov.model.finding import Place
from itgov.rules.language import Dimension


class MeasuredDimension(Struct):
    """What is known of a dimension before the findings are looked at."""

    dimension: Dimension
    health: DimensionHealth
    part: DimensionPart
    applies: float
    by_count: bool = False
    """Nothing that it applies to has any spend, so that each judgement weighs one."""
    decisive: int = 0
    """Failures of its decisive rules: while there is one, nothing of it holds."""
    held_otherwise: float = 0.0
    """What would hold without them."""


def with_loss(measured: MeasuredDimension, counted: float) -> DimensionHealth:
    """Return a dimension with the points that it costs, of the weight that counts."""
    part = measured.part
    if counted <= 0 or part.held >= part.counted:
        return measured.health
    lost = tidy(100 * part.weight * (part.counted - part.held) / counted)
    return structs.replace(measured.health, lost=lost)


def expressed(
    dimension: Dimension, score: float | None, unknown: str | None, place: Place
) -> MeasuredDimension:
    """Return a dimension whose score an expression gives, or why it is unknown."""
    evidence = 0.0 if score is None else 1.0
    health = _health_of(dimension, score, None, evidence, PassedShare(), unknown, place)
    return MeasuredDimension(dimension, health, part_of(health), 0.0)


def ruled(
    dimension: Dimension, ended: dict[str, PassedShare], headings: dict[str, str]
) -> MeasuredDimension:
    """Return a dimension that its rules decide; how each ended, and what is wrong where it fails."""
    rules = [rule for rule in dict.fromkeys(dimension.rules) if rule in ended]
    found = PassedShare()
    for rule in rules:
        found.add(ended[rule])
    tally = found.tally
    counted = tally.passed + tally.failed + tally.waived
    by_count = tally.applicable > 0 and found.applies <= 0
    if by_count:
        found.passed, found.judged = float(tally.passed), float(counted)
        found.applies, found.without_spend = float(tally.applicable), 0
    if not rules:
        unknown: str | None = "none of its rules is in force"
    elif not tally.applicable:
        unknown = "no record to judge by its rules"
    elif found.judged <= 0:
        unknown = "its rules could not be evaluated"
    else:
        unknown = None
    known = unknown is None
    score = found.passed / found.judged if known else None
    count = tally.passed / counted if known else None
    evidence = min(found.judged / found.applies, 1.0) if known else 0.0
    health = _health_of(dimension, score, count, evidence, found, unknown)
    otherwise = part_of(health).held
    decided = tuple(rule for rule in rules if rule in dimension.decisive and _fails(ended[rule]))
    if decided:
        health = structs.replace(
            health,
            score=0.0,
            count=0.0,
            unknown=None,
            decided_by=decided,
            because="; ".join(headings.get(rule, rule) for rule in decided),
        )
    failures = sum(_fails(ended[rule]) for rule in decided)
    return MeasuredDimension(
        dimension, health, part_of(health), found.applies, by_count, failures, otherwise
    )


def _fails(share: PassedShare) -> int:
    """Return how often a rule fails; a waiver does not make the fact true."""
    return share.tally.failed + share.tally.waived


def _health_of(
    dimension: Dimension,
    score: float | None,
    count: float | None,
    evidence: float,
    found: PassedShare,
    unknown: str | None,
    place: Place | None = None,
) -> DimensionHealth:
    return DimensionHealth(
        id=dimension.id,
        title=dimension.title or dimension.id,
        weight=dimension.weight,
        score=round(min(score, 1.0), 12) if score is not None else None,
        count=count,
        evidence=evidence,
        tally=found.tally,
        without_spend=found.without_spend,
        unknown=unknown,
        place=place,
    )

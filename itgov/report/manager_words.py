"""What a relationship manager's scorecard says, in the words that every face uses."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from itgov.insight.manager_types import (
    Appraisal,
    CardSign,
    Expectation,
    ManagersReport,
    Scorecard,
    Standing,
)
from itgov.insight.value_types import Buckets
from itgov.model.fields import choice_words
from itgov.model.reach import REACH_WORDS, REACHES
from itgov.report.blocks import Fact, Piece, Tone
from itgov.report.figures import (
    UNKNOWN,
    met_words,
    money,
    part,
    per_post,
    percent,
    short,
    with_marks,
)
from itgov.report.tenure_words import experience_of
from itgov.report.value_words import realised_words
from itgov.report.words import plural, some_of

INHERITED = "inherited from the unit"
"""Said of a relationship manager whom an item does not name itself."""
IN_TEAM = "in the business team"
EXPECTATION_TONES: Mapping[Expectation, Tone] = {
    "overdue": "error", "not agreed": "warning", "ahead": "", "arrived": "good",
}  # fmt: skip
"""Against the agreed date to be part of the business team, the worst first."""


# -- the facts of a scorecard --------------------------------------------------------------


def load_facts(card: Scorecard, currency: str = "") -> Iterator[Fact]:
    """Yield what somebody carries, in figures; with the currency where no title says it."""
    load = card.load
    yield Fact("active items", f"{load.items:,}")
    if load.inherited:
        yield Fact(INHERITED, f"{load.inherited:,}")
    yield Fact("spend", f"{money(load.spend)} {currency}".rstrip())
    yield Fact("dedication", percent(load.dedication))
    yield Fact("items per full-time post", per_post(load.per_full_time))


def post_facts(card: Scorecard, name: Callable[[str], Piece]) -> Iterator[Fact]:
    """Yield where somebody stands; `name` tells a unit's name by its id."""
    standing = card.standing
    since = f", since {standing.since}" if standing.since else ""
    position = f"{position_words(standing)}{since}" if standing.position else "not recorded"
    speaks: Tone = "" if standing.represents == "customer" and not card.disagrees else "warning"
    expected = EXPECTATION_TONES[standing.expectation]
    agreed = f", agreed for {standing.native_by}" if standing.expectation == "overdue" else ""
    boss = short(standing.reports_to_name or "nobody")
    side = standing.reports_to_side
    where = f", on the {choice_words(side)} side" if side is not None else ""
    load = card.load
    yield Fact(
        "serves", _listed(load.serves, name) or "not recorded", "" if load.serves else "warning"
    )
    if load.also_named_in:
        yield Fact("also named in", _listed(load.also_named_in, name), "warning")
    yield Fact("represents", represents_words(card), speaks)
    yield Fact("position", position)
    yield Fact(IN_TEAM, f"{expectation_words(standing)}{agreed}", expected)
    yield Fact("reports to", f"{boss}{where}")
    yield Fact("experience", experience_of(card.experience))
    yield Fact("engagements", f"{card.engagements_last_year:,} that count in the last 365 days")
    yield Fact("line of sight", reach_words(card.budget))


def _listed(units: Sequence[str], name: Callable[[str], Piece]) -> tuple[Piece, ...]:
    """Return the names of units, with commas between them."""
    return tuple(piece for unit in units for piece in (", ", name(unit)))[1:]


def serves_words(card: Scorecard, name: Callable[[str], str]) -> str:
    """Return the units that somebody serves as recorded, and where else they are named."""
    also = card.load.also_named_in
    told = served_words([name(u) for u in card.load.serves])
    return f"{told}; also named in {served_words([name(u) for u in also])}" if also else told


def served_words(names: Sequence[str]) -> str:
    """Return the names of business units, in few words."""
    if len(names) > 3:
        return f"{names[0]} and {len(names) - 1:,} more"
    return ", ".join(names) or UNKNOWN


def position_words(standing: Standing) -> str:
    """Return where somebody stands, and for how long."""
    if standing.position is None:
        return UNKNOWN
    return (
        f"{standing.position}, {time_words(standing.days)}" if standing.days else standing.position
    )


def time_words(days: int | None) -> str:
    """Return a number of days as people say it."""
    if days is None:
        return UNKNOWN
    if abs(days) < 60:
        return plural(days, "day")
    return f"{days / 30.44:.0f} months" if abs(days) < 730 else f"{days / 365.25:.1f} years"


def expectation_words(standing: Standing) -> str:
    """Return how somebody stands against the agreed date to be part of the business team."""
    days = standing.days_overdue
    match standing.expectation:
        case "arrived":
            return "yes"
        case "overdue":
            return f"overdue by {time_words(days)}"
        case "ahead":
            return f"by {standing.native_by}"
        case _:
            return "no agreed date"


def reach_words(buckets: Buckets) -> str:
    """Return how far a budget reaches, in shares."""
    whole = buckets.total
    if not whole:
        return "no budget"
    held = [(r, buckets.of(r)) for r in REACHES if buckets.of(r)]
    return f"{money(whole)} budget: " + ", ".join(
        f"{part(a, whole)} {REACH_WORDS[r].lower()}" for r, a in held
    )


# -- what else a scorecard says ------------------------------------------------------------


def appraised_words(appraisals: Sequence[Appraisal]) -> str:
    """Return how many of the outcomes that appraise somebody are met."""
    if not appraisals:
        return "no outcome"
    met = sum(a.met is True for a in appraisals)
    return f"{met} of {len(appraisals)} met"


def status_words(a: Appraisal) -> str:
    """Return whether an outcome's target is met, with its marks."""
    return with_marks(met_words(a.met, a.reach), a)


def appraisal_words(a: Appraisal) -> str:
    """Return how an outcome that appraises somebody stands."""
    if not a.known:
        return f"{short(a.outcome)}: unknown outcome"
    reach = f" ({REACH_WORDS[a.reach].lower()})" if a.reach and a.met is False else ""
    way = f", {percent(a.progress)} of the way" if a.progress is not None else ""
    due = f", due {a.due}" if a.due else ""
    value = f", {realised_words(a.realised, a.planned_to_date)} to date" if a.planned else ""
    elsewhere = "" if a.served else ", of a unit not served"
    return f"{short(a.outcome)}: {status_words(a)}{reach}{way}{due}{value}{elsewhere}"


def represents_words(card: Scorecard) -> str:
    """Return whom somebody declares to speak for, and which side is observed."""
    declared = card.standing.represents
    told = f"{declared} (declared)" if declared else "not recorded"
    observed = card.speaks_for_observed
    if observed is None:
        return told
    otherwise = ", which contradicts it" if card.disagrees and observed != declared else ""
    return f"{told}, {observed} (observed){otherwise}"


def sign_words(sign: CardSign) -> str:
    """Return a sign in words, with the first items that it rests on and the side it speaks for."""
    items = f": {some_of([short(i, 30) for i in sign.items], 5)}" if sign.items else ""
    return f"{side_of(sign)}: {short(sign.says, 120)}{items}"


def side_of(sign: CardSign) -> str:
    """Return which side a sign speaks for, and whether it is declared."""
    return f"{sign.side} ({'declared' if sign.declared else 'observed'})"


def signs_count(card: Scorecard) -> str:
    """Return how many of the signs speak for the customer."""
    if not card.signs:
        return UNKNOWN
    return f"{len(card.signs) - len(card.against)} of {len(card.signs)}"


def uncovered_words(report: ManagersReport) -> str:
    """Return how many active items fall to no listed relationship manager."""
    have = "has" if report.uncovered == 1 else "have"
    return (
        f"{plural(report.uncovered, 'active item')} with spend of {money(report.uncovered_spend)} "
        f"{have} no listed relationship manager, named or {INHERITED}"
    )

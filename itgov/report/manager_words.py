"""What a relationship manager's scorecard says, in the words that every face uses."""

from __future__ import annotations

from collections.abc import Sequence

from itgov.insight.manager_types import Appraisal, Scorecard, Standing
from itgov.insight.value_types import Buckets
from itgov.model.reach import REACH_WORDS, REACHES
from itgov.report.figures import UNKNOWN, marks_of, met_words, money, part, percent, short
from itgov.report.words import plural


def served_words(units: Sequence[str]) -> str:
    """Return the business units that somebody serves, in few words."""
    if len(units) > 3:
        return f"{units[0]} and {len(units) - 1:,} more"
    return ", ".join(units) or UNKNOWN


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
    """Return how somebody stands against the agreed date to be part of the business."""
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


def facts_of(card: Scorecard) -> list[tuple[str, str]]:
    """Return what is known of somebody in the post, each with its label, as every face lists it."""
    standing = card.standing
    since = f", since {standing.since}" if standing.since else ""
    position = position_words(standing) if standing.position else "not recorded"
    boss = short(standing.reports_to_name or "nobody")
    return [
        ("represents", standing.represents or "not recorded"),
        ("position", f"{position}{since}"),
        ("in the business", expectation_words(standing)),
        ("reports to", f"{boss}{side_words(standing)}"),
        ("experience", experience_words(card)),
        ("engagements", f"{card.engagements_last_year:,} led in the last 365 days"),
    ]


def appraised_words(appraisals: Sequence[Appraisal]) -> str:
    """Return how many of the outcomes that appraise somebody are met."""
    if not appraisals:
        return "no outcome"
    met = sum(a.met is True for a in appraisals)
    return f"{met} of {len(appraisals)} met"


def conflict_words(words: str, items: Sequence[str]) -> str:
    """Return a conflict of loyalty in words, with the first items it lies in."""
    named = ", ".join(short(i, 30) for i in items[:5])
    more = f" and {len(items) - 5:,} more" if len(items) > 5 else ""
    return f"{short(words, 100)}{f': {named}{more}' if items else ''}"


def experience_words(m: Scorecard) -> str:
    """Return what experience on the customer's side has evidence, and what has none."""
    evidenced = {"services": m.evidenced_services, "investments": m.evidenced_investments}
    has = [area for area, held in evidenced.items() if held]
    lacks = [area for area, held in evidenced.items() if not held]
    told = f"evidence from the customer's side with {' and '.join(has)}" if has else "no evidence"
    return f"{told}; no evidence with {' or '.join(lacks)}" if lacks and has else told


def reach_words(buckets: Buckets) -> str:
    """Return how far a budget reaches, in shares."""
    whole = buckets.total
    if not whole:
        return "no budget"
    held = [(r, buckets.of(r)) for r in REACHES if buckets.of(r)]
    return f"{money(whole)} budget: " + ", ".join(
        f"{part(a, whole)} {REACH_WORDS[r].lower()}" for r, a in held
    )


def appraisal_words(a: Appraisal) -> str:
    """Return how an outcome that appraises somebody stands."""
    if not a.known:
        return f"{short(a.outcome)}: unknown outcome"
    met = met_words(a.met)
    marks = "".join(f", {mark}" for mark in marks_of(a))
    due = f", due {a.due}" if a.due else ""
    way = f", {percent(a.progress)} of the way" if a.progress is not None else ""
    value = f", {money(a.realised)} of {money(a.planned)} a year" if a.planned else ""
    elsewhere = "" if a.served else ", of a unit not served"
    reach = REACH_WORDS[a.reach].lower() if a.reach else UNKNOWN
    return f"{short(a.outcome)}: {met}{way}{due}{marks}{value} ({reach}){elsewhere}"


def side_words(standing: Standing) -> str:
    """Return which side the person is on whom somebody reports to."""
    if standing.reports_to_side is None:
        return ""
    return ", on the IT side" if standing.reports_to_side == "it" else ", on the business side"

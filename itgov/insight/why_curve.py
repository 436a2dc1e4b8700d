"""Money by quarter or year taken apart: of items by their outcomes, of an outcome by days and results."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import TypeAlias

from itgov.insight.value_curve import Curve, CurvePoint, Step, outcome_point, value_curves
from itgov.insight.why_approval import gone_from
from itgov.insight.why_money import MoneyReader
from itgov.insight.why_paths import PathReader
from itgov.insight.why_types import Figure, Parts, WhyInput
from itgov.model.plan import PARTS
from itgov.model.portfolio import InvestmentEntry, OrganisationEntry, OutcomeEntry, UnitEntry

Curved: TypeAlias = OrganisationEntry | UnitEntry | InvestmentEntry | OutcomeEntry
PREFIX = "curve"
"""What the names of these figures begin with."""
_STEPS: tuple[Step, ...] = ("quarter", "year")
_WORDS = {
    "planned": "Money planned for the days of the period.",
    "realised": "Money that came on the days of the period, up to the as-of day.",
    "confirmed": "What of it somebody of the business confirms who is neither owner nor manager.",
    "unmeasured": "Money planned for days up to the as-of day that nobody has measured yet.",
    "expected": "Money expected after the as-of day: the forecast, else the plan as far as it holds.",
    "assumed": "What of the expected money rests on no forecast.",
    "expected_unplanned": "Money forecast after the as-of day for years in which nothing is planned.",
    "fading": "What of the plan after the as-of day is fading.",
}

THEN = "planned_at_approval"
_AT_APPROVAL = (
    "Money planned for the days of the period when each item was approved, as git knew it; none where "
    "that is today's plan:"
)


def curve_figures(reader: PathReader, money: MoneyReader, entry: Curved) -> Iterator[Figure]:
    """Yield the planned and realised money of every fiscal quarter and year."""
    names = [] if isinstance(entry, OrganisationEntry) else [reader.id_of(entry)]
    made: set[str] = set()
    for step in _STEPS:
        [curve] = value_curves(reader.portfolio, step, names).curves
        for point in curve.points:
            label = f"{PREFIX}.{point.label.replace(' ', '-')}"
            if label in made:  # what lies before all periods is the same in both
                continue
            made.add(label)
            for figure, words in _WORDS.items():
                parts = partial(_parts, reader, money, entry, point, f"{label}.{figure}")
                said = f"{words[:-1]}, {point.first} to {point.last}."
                yield Figure(f"{label}.{figure}", getattr(point, figure), said, parts)
            then = partial(_at_approval, reader, entry, curve, point)
            said = f"{_AT_APPROVAL} {point.first} to {point.last}."
            yield Figure(f"{label}.{THEN}", point.planned_at_approval, said, then)


def _parts(
    reader: PathReader, money: MoneyReader, entry: Curved, point: CurvePoint, name: str
) -> Parts:
    figure = name.rpartition(".")[2]
    if isinstance(entry, OutcomeEntry):
        return _of_outcome(reader, money, entry, point, figure)
    once = not isinstance(entry, InvestmentEntry)
    inputs = []
    for outcome in _outcomes(reader, entry):
        share = outcome.counted if once else 1.0
        found = outcome_point(outcome, share, point, reader.portfolio)
        if amount := getattr(found, figure):
            of_it = f", {share:g} of it" if share != 1 else ""
            says = f"{reader.id_of(outcome)}{of_it}"
            inputs.append(reader.derived(outcome, name, amount, says))
    return Parts("sum", inputs)


def _at_approval(reader: PathReader, entry: Curved, curve: Curve, point: CurvePoint) -> Parts:
    """Return what each outcome planned for a period at approval, by the commit that told so."""
    unknown = f"{curve.approval_unknown:,} items plan money, and git does not know their approval"
    left_out = [unknown] if curve.approval_unknown else []
    if point.planned_at_approval is None:
        return Parts(
            "words", [], left_out=[*left_out, "no plan at approval was another than today's"]
        )
    once = not isinstance(entry, InvestmentEntry | OutcomeEntry)
    days = point.first.toordinal(), point.last.toordinal()
    inputs = []
    for item in _items(reader, entry):
        then = item.plan_then
        for name, plan, share in then.plans if then is not None else ():
            if isinstance(entry, OutcomeEntry) and name != entry.record.id:
                continue
            if amount := round(plan.between(*days) * (share if once else 1.0)):
                assert then is not None
                says = f"{item.record.id}/{name}: plan at approval ({then.basis}, {then.on})"
                place, of = reader.place(item, "outcomes"), reader.subject_of(item)
                inputs.append(WhyInput(says, amount / PARTS, place, then.commit, of=of))
    for identifier, then in gone_from(reader.portfolio, entry):
        for name, plan, share in then.plans:
            if amount := round(plan.between(*days) * share):
                says = f"{identifier}/{name}, deleted: plan at approval ({then.basis}, {then.on})"
                inputs.append(WhyInput(says, amount / PARTS, commit=then.commit))
    return Parts("sum", inputs, left_out=left_out)


def _items(reader: PathReader, entry: Curved) -> Sequence[InvestmentEntry]:
    match entry:
        case UnitEntry():
            return entry.investments
        case InvestmentEntry():
            return [entry]
        case OutcomeEntry():
            return [reader.items[entry.facts.investment]]
    return list(reader.items.values())


def _outcomes(reader: PathReader, entry: Curved) -> Sequence[OutcomeEntry]:
    match entry:
        case OrganisationEntry():
            return list(reader.portfolio.outcomes())
        case UnitEntry():
            return [o for item in entry.investments for o in item.outcomes]
        case InvestmentEntry():
            return entry.outcomes
    return []


def _of_outcome(
    reader: PathReader, money: MoneyReader, entry: OutcomeEntry, point: CurvePoint, figure: str
) -> Parts:
    """Return the days of the plan, or what each result says came, in a period."""
    first, last = point.first.toordinal(), point.last.toordinal()
    today = reader.today.toordinal()
    inputs: list[WhyInput] = []
    match figure:
        case "planned":
            inputs = list(money.planned(entry, first, last))
        case "realised":
            inputs = list(money.realised(entry, first, min(last, today)))
        case "confirmed":
            inputs = list(money.realised(entry, first, min(last, today), confirmed=True))
        case "unmeasured":
            until = entry.money.measured_until
            since = first if until is None else max(first, until + 1)
            inputs = list(money.planned(entry, since, min(last, today)))
        case "expected_unplanned":
            ahead = max(first, today + 1)
            inputs = list(money.forecast(entry, entry.money.forecast_unplanned, ahead, last))
        case _:
            paths = ("value", "profile.value", "forecast.value", "holding", "faded")
            return Parts("words", [i for path in paths for i in reader.read(entry, path)])
    return Parts("sum", inputs)

"""Planned and realised money of one outcome or item taken apart, by fiscal year, result and row of spend.

What a sum in `itgov.model.value_sums` adds up is told here one by one, so that it adds up to it.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from functools import partial

from itgov.insight.value_types import ValueFigures, figures_of
from itgov.insight.why_beside import COUNTS, OF_CLAIMS, concerning, concerns
from itgov.insight.why_paths import Entry, PathReader
from itgov.insight.why_sources import own_sums
from itgov.insight.why_types import Figure, Parts, Value, WhyInput
from itgov.model.derivation import How
from itgov.model.fact_base import MoneyFacts
from itgov.model.facts import InvestmentFacts
from itgov.model.fields import described
from itgov.model.fiscal import a_year_before, first_day, fiscal_year_of, last_day
from itgov.model.plan import PARTS, Schedule
from itgov.model.portfolio import InvestmentEntry, OutcomeEntry
from itgov.model.spend_days import spent_years
from itgov.model.unit_facts import BusinessUnitFacts
from itgov.model.value_sums import Day, ValueSum, holding_of, scaled, uncovered

SIDES = ("judged", "held", "twice")
RATIOS = {
    "realised_ratio": (("judged.realised",), ("judged.planned",)),
    "holding": (("held.realised",), ("held.planned",)),
    "per_spend": (("judged.realised",), ("spend_promising",)),
}
"""Figures that divide others: what each divides by what."""
_WORDS = {
    "realised_ratio": "Realised over planned money of `judged`: plans that began longer ago than the grace.",
    "holding": "Realised over planned money of `held`: the last twelve measured months.",
    "per_spend": "Realised money of `judged` for each 1 spent to date on items that promise money.",
    "spend_promising": "What of the spend to date went into items that promise money.",
    "spend_to_date": described(InvestmentFacts)["spend_to_date"].words,
    "spend_promising_none": described(BusinessUnitFacts)["spend_promising_none"].words,
}
OF_SPEND = (
    "spend_to_date", "spend_from_budget", "budget_after_end", "spend_promising", "spend_promising_none",
    "spend_stopped_without_value", "spend_stopped", "realised_stopped",
)  # fmt: skip
ADDED = (
    "planned_to_date", "realised_to_date", "realised_confirmed", "unmeasured_to_date", "early",
    "unplanned", "judged.planned", "judged.realised", "held.planned", "held.realised",
    "planned_undated", "planned_to_come", "expected_to_come", "expected_assumed",
    "expected_unplanned", "fading_to_come", *COUNTS,
)  # fmt: skip
"""Figures of money and of plans that add up, from outcomes to items, units and the whole."""


def money_words(name: str) -> str:
    """Return what a figure of planned and realised money is."""
    if name in _WORDS:
        return _WORDS[name]
    side, _, part = name.partition(".")
    said = {**described(ValueFigures), **described(MoneyFacts)}
    said = {k: v for k, v in {**described(ValueFigures), **said}.items() if v.words}
    words = said[side].words
    return f"{part.capitalize()} money. {words}" if part else words


def amount_of(figures: ValueFigures, name: str) -> float | None:
    """Return a figure of planned and realised money by its name."""
    side, _, part = name.partition(".")
    found = getattr(figures, side)
    amount: float | None = getattr(found, part) if part else found
    return amount


_ABOVE_PLAN = "less what is above its own plan"


class MoneyReader:
    """Takes the money of outcomes and items apart."""

    def __init__(self, reader: PathReader) -> None:
        self.reader = reader
        portfolio = reader.portfolio
        self.today = portfolio.today
        self.month = portfolio.organisation.record.fiscal_year_start
        self.day = Day.of(self.today, self.month, portfolio.grace_days)
        self.grace_days = portfolio.grace_days
        self.until = datetime.date.fromordinal(self.day.horizon)

    def figures(self, sums: ValueSum) -> ValueFigures:
        """Return sums in millionths as money."""
        return figures_of(sums, self.today, self.until, self.grace_days)

    # -- an outcome ------------------------------------------------------------------------

    def of_outcome(self, entry: OutcomeEntry) -> Iterator[Figure]:
        """Yield the money of an outcome, whoever else claims the same."""
        figures = self.figures(entry.sums)
        for name in ADDED:
            parts = partial(self._outcome, entry, name, figures)
            yield Figure(name, amount_of(figures, name), money_words(name), parts)
        yield from self.ratios(entry, figures, ("realised_ratio", "holding"))

    def _outcome(self, entry: OutcomeEntry, name: str, figures: ValueFigures) -> Parts:
        inputs = list(self._outcome_inputs(entry, name))
        how: How = "words" if name in COUNTS or name in _IN_WORDS else "sum"
        left_out = self._values_left_out(entry) if concerns(name, "left_out") else []
        return Parts(how, inputs, money=concerning(figures, name), left_out=left_out)

    def _values_left_out(self, entry: OutcomeEntry) -> list[str]:
        return [f"value of the result of {said}" for said in entry.facts.values_left_out]

    def _outcome_inputs(self, entry: OutcomeEntry, name: str) -> Iterator[WhyInput]:
        money, day = entry.money, self.day
        plan, last = money.plan, money.measured_until
        today = day.today
        match name:
            case "planned_to_date":
                yield from self.planned(entry, None, today)
            case "unmeasured_to_date" if plan is not None:
                yield from self.planned(entry, last + 1 if last is not None else None, today)
            case "planned_to_come":
                yield from self.planned(entry, today + 1, day.horizon)
            case "realised_to_date":
                yield from self.realised(entry, None, today)
            case "realised_confirmed":
                yield from self.realised(entry, None, today, confirmed=True)
            case "unplanned" if plan is None:
                yield from self.realised(entry, None, today)
            case "early" if plan is not None:
                yield from self.realised(entry, None, plan.first - 1)
            case "judged.planned" if entry.sums.judged_planned:
                yield from self.planned(entry, None, today)
            case "judged.realised" if entry.sums.judged_planned or entry.sums.judged_realised:
                yield from self._judged(entry)
            case "held.planned" | "held.realised" if entry.sums.held_planned and plan is not None:
                assert last is not None
                first = max(a_year_before(last), plan.first)
                end = last if plan.last is None else min(last, plan.last)
                found = self.planned if name == "held.planned" else self.realised
                yield from found(entry, first, end)
                above = entry.money.realised_parts(first, end) - entry.sums.held_realised
                if name == "held.realised" and above:
                    yield self.reader.derived(entry, "held.planned", -above / PARTS, _ABOVE_PLAN)
            case "expected_to_come":
                yield from self._expected(entry)
            case "expected_unplanned":
                yield from self.forecast(entry, money.forecast_unplanned, today + 1, day.horizon)
            case _:
                for path in _READS.get(name, ()):
                    yield from self.reader.read(entry, path)

    def planned(self, entry: OutcomeEntry, first: int | None, last: int) -> Iterator[WhyInput]:
        """Yield what was planned for each fiscal year of some days."""
        plan = entry.money.plan
        if plan is not None:
            yield from self._by_year(entry, plan, first, last, "profile", "planned")

    def _by_year(
        self,
        entry: OutcomeEntry,
        plan: Schedule,
        first: int | None,
        last: int,
        rows: str,
        word: str,
    ) -> Iterator[WhyInput]:
        begin = max(plan.first, first) if first is not None else plan.first
        end = last if plan.last is None else min(last, plan.last)
        if begin > end:
            return
        route: tuple[str | int, ...]
        years = range(self._year(begin), self._year(end) + 1)
        if plan.years:
            named = {year for year, _ in plan.years}
            years = [year for year in years if year in named]  # type: ignore[assignment]
        for year in years:
            starts, ends = first_day(year, self.month), last_day(year, self.month)
            start, stop = max(starts, begin), min(ends, end)
            amount = plan.between(start, stop)
            if not amount:
                continue
            route = (rows, self._row(entry, rows, year), "value") if plan.years else ("value",)
            says = (
                f"{word} for {_span(start, stop)}: {stop - start + 1} of {ends - starts + 1} days"
            )
            yield self.reader.input_of(entry, says, amount / PARTS, *route)

    def _row(self, entry: OutcomeEntry, rows: str, year: int) -> int:
        listed = getattr(entry.record, rows)
        return next((i for i, row in enumerate(listed) if row.year == year), 0)

    def _year(self, day: int) -> int:
        return fiscal_year_of(datetime.date.fromordinal(day), self.month)

    def realised(
        self, entry: OutcomeEntry, first: int | None, last: int, *, confirmed: bool = False
    ) -> Iterator[WhyInput]:
        """Yield what each result says came on some days."""
        for period in entry.money.periods:
            begin = period.first if first is None else max(first, period.first)
            end = min(last, period.last)
            if begin > end or (confirmed and not period.confirmed):
                continue
            amount = period.through(end) - period.through(begin - 1)
            by = entry.record.results[period.place].confirmed_by if period.confirmed else None
            says = f"came {_span(begin, end)}{f', confirmed by {by}' if by else ''}"
            yield self.reader.input_of(
                entry, says, amount / PARTS, "results", period.place, "value"
            )

    def _judged(self, entry: OutcomeEntry) -> Iterator[WhyInput]:
        sums, reader = entry.sums, self.reader
        yield from self.realised(entry, None, self.day.today)
        if sums.early:
            yield reader.derived(entry, "early", -sums.early / PARTS, "less what came early")
        above = sums.realised_to_date - sums.early - sums.judged_realised
        if above:
            yield reader.derived(entry, "judged.planned", -above / PARTS, _ABOVE_PLAN)

    def _expected(self, entry: OutcomeEntry) -> Iterator[WhyInput]:
        ahead = self.day.today + 1, self.day.horizon
        yield from self.forecast(entry, entry.money.forecast, *ahead)
        if entry.sums.expected_assumed:
            amount = entry.sums.expected_assumed / PARTS
            says = "assumed for years without a forecast"
            yield self.reader.derived(entry, "expected_assumed", amount, says)

    def forecast(
        self, entry: OutcomeEntry, forecast: Schedule | None, first: int, last: int
    ) -> Iterator[WhyInput]:
        """Yield what is forecast for each fiscal year of some days."""
        if forecast is not None:
            yield from self._by_year(entry, forecast, first, last, "forecast", "forecast")

    def assumed(self, entry: OutcomeEntry) -> list[WhyInput]:
        """Return what is planned for years without a forecast, and how much of it holds."""
        money, day = entry.money, self.day
        rest = uncovered(money, day.today + 1, day.horizon, self.month)
        holding = holding_of(money, day.today)
        known = holding.share or 0.0 if holding is not None else None
        share = min(1.0, known) if known is not None else None
        return [
            self.reader.derived(entry, "planned_to_come", rest / PARTS, "planned, no forecast"),
            self.reader.derived(entry, "holding", share, "holds, at most 1; unknown counts as 1"),
        ]

    def ratios(
        self, entry: Entry, figures: ValueFigures, names: Sequence[str], prefix: str = ""
    ) -> Iterator[Figure]:
        """Yield figures that divide others of the same subject."""
        for name in names:
            above, below = RATIOS[name]

            def parts(
                name: str = name, above: Sequence[str] = above, below: Sequence[str] = below
            ) -> Parts:
                return Parts(
                    "ratio",
                    [self.same(entry, figures, n, prefix) for n in above],
                    [self.same(entry, figures, n, prefix) for n in below],
                    money=concerning(figures, name),
                )

            yield Figure(f"{prefix}{name}", amount_of(figures, name), money_words(name), parts)

    def same(self, entry: Entry, figures: ValueFigures, name: str, prefix: str = "") -> WhyInput:
        """Return another figure of the same subject as an input."""
        value: Value = amount_of(figures, name)
        return self.reader.derived(entry, f"{prefix}{name}", value, name)

    # -- an item ---------------------------------------------------------------------------

    def of_item(self, entry: InvestmentEntry) -> Iterator[Figure]:
        """Yield the money of an item, whoever else claims the same, and its spend."""
        own = self.figures(own_sums(entry))
        for name in ADDED:
            parts = partial(self._item, entry, name, own)
            yield Figure(name, amount_of(own, name), money_words(name), parts)
        yield from self.ratios(entry, own, ("realised_ratio", "holding"))
        counted = self.figures(entry.sums)
        for name in OF_SPEND:
            parts = partial(self._spend, entry, name, counted)
            yield Figure(name, amount_of(counted, name), money_words(name), parts)
        for name in (*ADDED, *OF_CLAIMS):
            parts = partial(self._counted, entry, name, counted)
            words = f"{money_words(name)} What of it counts in sums: each benefit once."
            yield Figure(f"counted.{name}", amount_of(counted, name), words, parts)

    def _item(self, entry: InvestmentEntry, name: str, figures: ValueFigures) -> Parts:
        values = [(o, amount_of(self.figures(o.sums), name)) for o in entry.outcomes]
        inputs = [self.reader.derived(o, name, value) for o, value in values if value]
        return Parts("sum", inputs, money=concerning(figures, name))

    def _counted(self, entry: InvestmentEntry, name: str, figures: ValueFigures) -> Parts:
        inputs = []
        for outcome in entry.outcomes:
            sums = outcome.sums
            if outcome.counted != 1:
                sums = scaled(sums, outcome.counted)
            if value := amount_of(self.figures(sums), name):
                share = f", {outcome.counted:g} of it" if outcome.counted != 1 else ""
                asked = "counted_share" if name in OF_CLAIMS else name
                says = f"{self.reader.id_of(outcome)}: {name}{share}"
                inputs.append(self.reader.derived(outcome, asked, value, says))
        return Parts("sum", inputs, money=concerning(figures, name))

    def _spend(self, entry: InvestmentEntry, name: str, figures: ValueFigures) -> Parts:
        if name in ("spend_to_date", "spend_from_budget"):
            rows = list(self._spent(entry, only_budget=name == "spend_from_budget"))
            return Parts("sum", rows, money=concerning(figures, name))
        paths = ["spend_to_date", "promises_money"]
        stopped = name in ("spend_stopped", "realised_stopped", "spend_stopped_without_value")
        if stopped:
            paths = ["spend_to_date", "stage"]
        elif name == "budget_after_end":
            paths = ["spend.budget", "stage", "ended"]
        inputs = [i for path in paths for i in self.reader.read(entry, path)]
        if stopped:
            inputs.append(self.same(entry, figures, "realised_to_date", "counted."))
        return Parts("words", inputs, money=concerning(figures, name))

    def _spent(self, entry: InvestmentEntry, *, only_budget: bool) -> Iterator[WhyInput]:
        day, rows = self.day, entry.record.spend
        for year, amount, is_actual in spent_years(entry.record, day.fiscal_year):
            if is_actual and only_budget:
                continue
            field = "actual" if is_actual else "budget"
            says = f"spend {year}: {field}"
            spent = amount
            if not is_actual and year == day.fiscal_year:
                starts, ends = first_day(year, self.month), last_day(year, self.month)
                done, whole = day.today - starts + 1, ends - starts + 1
                spent = amount * done // whole
                says += f", {done} of {whole} days"
            place = next(
                i for i, r in enumerate(rows) if r.year == year and getattr(r, field) is not None
            )
            yield self.reader.input_of(entry, says, spent / PARTS, "spend", place, field)


_IN_WORDS = ("planned_undated", "expected_assumed", "fading_to_come")
_READS: dict[str, tuple[str, ...]] = {
    "planned_undated": ("value", "value_from", "due"),
    "expected_assumed": ("planned_to_come", "forecast.value", "holding"),
    "fading_to_come": ("planned_to_come", "faded", "holding"),
    "plans": ("value", "profile.value", "value_from", "due", "investment.stage"),
    "plans_from_due": ("value_from", "due"),
    "plans_open": ("value_until", "profile.year"),
    "unforecast": ("planned_to_come", "forecast.year"),
    "undated": ("value", "value_from", "due"),
    "plans_stale": ("results[date<=today].date", "today"),
    "end_unknown": ("investment.stage", "investment.ended", "git"),
    "left_out": ("results[date<=today].from", "results[date<=today].date"),
}
"""Of figures of an outcome that are no sum: what they are made of."""


def _span(first: int, last: int) -> str:
    days = datetime.date.fromordinal(first), datetime.date.fromordinal(last)
    return f"{days[0]} to {days[1]}" if first != last else str(days[0])

"""The figures of `itgov value` taken apart: each line is a sum over items, and each item is named."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property, partial

from itgov.insight.approval_types import at_approval
from itgov.insight.governed import Governed
from itgov.insight.reach_sums import ReachSum, parts_of, split_of
from itgov.insight.value import NO_PURPOSE
from itgov.insight.value_types import Buckets, MoneyLine, Pair, ValueReport
from itgov.insight.why_approval import ApprovalLines, Line
from itgov.insight.why_beside import OF_CLAIMS, concerning
from itgov.insight.why_imported import imported_figures
from itgov.insight.why_money import (
    ADDED,
    OF_SPEND,
    RATIOS,
    MoneyReader,
    amount_of,
    money_words,
)
from itgov.insight.why_paths import Entry, PathReader
from itgov.insight.why_types import Figure, Parts
from itgov.model.portfolio import InvestmentEntry, OrganisationEntry, UnitEntry
from itgov.model.reach import REACH_WORDS, REACHES, Reach
from itgov.model.types import Spend

_MONEY = {"budget": "Budget", "actual": "Actual spend"}


class ValueLines(ApprovalLines):
    """Takes the lines of the value report apart."""

    def __init__(self, reader: PathReader, money: MoneyReader, governed: Governed) -> None:
        self.reader = reader
        self.money = money
        self.governed = governed

    @cached_property
    def report(self) -> ValueReport:
        """The lines of every unit and of the whole."""
        return self.governed.value

    def of_unit(self, unit: UnitEntry) -> Iterator[Figure]:
        """Yield the money of a unit."""
        line = next(u for u in self.report.units if u.id == unit.record.id)
        yield from self.of_line(Line("", line, unit, unit.investments, _all))

    def of_item(self, entry: InvestmentEntry) -> Iterator[Figure]:
        """Yield the plan of an item at its approval."""
        then = at_approval([entry.plan_then]) if entry.plan_then is not None else None
        line = MoneyLine("", entry.record.title, at_approval=then)
        yield from self._at_approval(Line("", line, entry, [entry], _all))

    def of_whole(self, whole: OrganisationEntry) -> Iterator[Figure]:
        """Yield the money of the whole, to date, and by purpose, objective and year."""
        report, portfolio = self.report, self.reader.portfolio
        items = list(portfolio.investments())
        yield from self._days(whole)
        for name, said in _MONEY.items():
            figure = f"{name}_total"
            units = partial(self._of_units, figure)
            amount = sum(getattr(u.facts, figure) for u in portfolio.units.values())
            yield Figure(figure, amount, f"{said} of all years, of all units.", units)
        yield from self.of_line(Line("", report.total, whole, items, _all))
        year = report.fiscal_year
        so_far = [e for e in items if any(r.year <= year for r in e.record.spend)]
        rows: Callable[[Spend], bool] = lambda row: row.year <= year  # noqa: E731
        yield from self.of_line(Line("to_date.", report.to_date, whole, so_far, rows))
        for line in report.purposes:
            mine = [e for e in items if (e.record.purpose or NO_PURPOSE) == line.id]
            name = line.id or "none"
            yield from self.of_line(Line(f"purposes.{name}.", line, whole, mine, _all))
        by_objective = self._by_objective()
        for line in report.objectives:
            mine = by_objective.get(line.id, [])
            yield from self.of_line(Line(f"objectives.{line.id}.", line, whole, mine, _all))
        for line in report.years:
            yield from self.of_line(self._year(line, whole, items))

    def _of_units(self, name: str) -> Parts:
        units = self.reader.portfolio.units.values()
        found = [(u, getattr(u.facts, name)) for u in units]
        return Parts("sum", [self.reader.derived(u, name, v) for u, v in found if v])

    def _year(self, line: MoneyLine, whole: Entry, items: Sequence[InvestmentEntry]) -> Line:
        year = int(line.id)
        mine = [e for e in items if any(row.year == year for row in e.record.spend)]
        return Line(f"years.{year}.", line, whole, mine, lambda row: row.year == year)

    def _days(self, whole: OrganisationEntry) -> Iterator[Figure]:
        read = self.reader.read
        yield Figure(
            "fiscal_year",
            self.report.fiscal_year,
            "The calendar year in which the fiscal year of the as-of date begins.",
            lambda: Parts("words", [*read(whole, "today"), *read(whole, "fiscal_year_start")]),
        )
        yield Figure(
            "until",
            self.report.horizon.isoformat(),
            "The last day of figures to come: the end of the third fiscal year after the current one.",
            lambda: Parts("words", [*read(whole, "today"), *read(whole, "fiscal_year_start")]),
        )

    def _by_objective(self) -> dict[str, list[InvestmentEntry]]:
        found: dict[str, list[InvestmentEntry]] = {}
        for name, unit in self.reader.portfolio.units.items():
            known = {o.id for o in unit.record.objectives}
            for entry in unit.investments:
                objective = entry.record.objective
                key = objective if objective in known else ""
                found.setdefault(f"{name}/{key}", []).append(entry)
        return found

    # -- one line --------------------------------------------------------------------------

    def of_line(self, of: Line) -> Iterator[Figure]:
        """Yield the figures of one line."""
        line, prefix = of.line, of.prefix
        yield self._count(
            of, "items", line.items, "Number of investments and services.", _all_items
        )
        yield from self.of_reach(of, line.budget, line.actual, line.budget_whole)
        for reach in REACHES:
            words = f"Number of items that reach as far as: {REACH_WORDS[reach]}."
            value = getattr(line.counts, reach)
            yield self._count(of, f"counts.{reach}", value, words, partial(_reaches, reach))
        for name, said in _MONEY.items():
            buckets: Buckets = getattr(line, name)
            for reach in REACHES:
                yield self._share(of, name, buckets, reach)
            words = f"{said} of outcomes that are overdue."
            made = partial(self._overdue, of, name)
            yield Figure(f"{prefix}overdue.{name}", getattr(line.overdue, name), words, made)
        yield from self._withheld(of)
        if line.value is not None:
            yield from imported_figures(self.reader, prefix, line.imported, of.items)
            yield from self.of_value(of)
            yield from self._at_approval(of)

    def of_reach(
        self, of: Line, budget: Buckets, actual: Buckets, whole: Buckets
    ) -> Iterator[Figure]:
        """Yield money by how far its chain reaches."""
        for reach in REACHES:
            says = REACH_WORDS[reach]
            for name, buckets in (("budget", budget), ("actual", actual)):
                words = (
                    f"{_MONEY[name]}, divided equally among the outcomes of each item, of those that "
                    f"reach just this far: {says}."
                )
                made = partial(self._bucket, of, name, reach)
                yield Figure(f"{of.prefix}{name}.{reach}", buckets.of(reach), words, made)
            words = f"Budget of the items all of whose outcomes reach this far or further: {says}."
            made = partial(self._bucket, of, "budget_whole", reach)
            yield Figure(f"{of.prefix}budget_whole.{reach}", whole.of(reach), words, made)

    def of_value(self, of: Line, only: Sequence[str] = ()) -> Iterator[Figure]:
        """Yield planned and realised money, and spend to date."""
        value = of.line.value
        assert value is not None
        for name in (*ADDED, *OF_CLAIMS, *OF_SPEND):
            if not only or name in only:
                made = partial(self._added, of, name)
                yield Figure(f"{of.prefix}{name}", amount_of(value, name), money_words(name), made)
        ratios = [name for name in RATIOS if not only or name in only]
        yield from self.money.ratios(of.owner, value, ratios, of.prefix)

    def _added(self, of: Line, name: str) -> Parts:
        value = of.line.value
        assert value is not None
        inputs = []
        for entry in of.items:
            if amount := amount_of(self.money.figures(entry.sums), name):
                asked = name if name in OF_SPEND else f"counted.{name}"
                inputs.append(self.reader.derived(entry, asked, amount))
        return Parts(
            "sum", inputs, left_out=self._silent(of, inputs), money=concerning(value, name)
        )

    def _amounts(self, of: Line, entry: InvestmentEntry) -> ReachSum:
        rows = [row for row in entry.record.spend if of.counts_row(row)]
        found = ReachSum()
        budget = sum(parts_of(row.budget or 0) for row in rows)
        actual = sum(parts_of(row.actual or 0) for row in rows)
        found.add(split_of(entry), budget, actual)
        return found

    def _bucket(self, of: Line, name: str, reach: Reach) -> Parts:
        inputs = []
        for entry in of.items:
            found = self._amounts(of, entry)
            buckets = {
                "budget": found.budgets, "actual": found.actuals, "budget_whole": found.budget_whole
            }[name]  # fmt: skip
            if amount := buckets.of(reach):
                says = self._part_words(entry, name, reach)
                inputs.append(self.reader.derived(entry, _asked(name), amount, says))
        return Parts("sum", inputs, left_out=[*self._silent(of, inputs), *_withheld(of)])

    def _part_words(self, entry: InvestmentEntry, name: str, reach: Reach) -> str:
        if name == "budget_whole" or len(entry.outcomes) < 2:
            return f"{entry.record.id}: {_asked(name)}"
        just = sum(o.facts.line_of_sight == reach for o in entry.outcomes)
        return f"{entry.record.id}: {_asked(name)}, {just} of {len(entry.outcomes)} outcomes"

    def _share(self, of: Line, name: str, buckets: Buckets, reach: Reach) -> Figure:
        def parts() -> Parts:
            same = self.reader.derived
            found = [
                same(of.owner, f"{of.prefix}{name}.{r}", buckets.of(r), f"{name}.{r}")
                for r in REACHES
            ]
            return Parts("ratio", [found[REACHES.index(reach)]], found)

        words = f"Share of `{name}.{reach}` in the whole: {REACH_WORDS[reach]}."
        value = buckets.of(reach) / buckets.total if buckets.total else None
        return Figure(f"{of.prefix}{name}_share.{reach}", value, words, parts)

    def _overdue(self, of: Line, name: str) -> Parts:
        inputs = []
        for entry in of.items:
            pair: Pair = self._amounts(of, entry).overdue
            if amount := getattr(pair, name):
                late = sum(o.facts.overdue for o in entry.outcomes)
                says = f"{entry.record.id}: {late} of {len(entry.outcomes)} outcomes overdue"
                inputs.append(self.reader.derived(entry, _asked(name), amount, says))
        return Parts("sum", inputs, left_out=self._silent(of, inputs))

    def _count(
        self, of: Line, name: str, value: int, words: str, counts: Callable[[InvestmentEntry], bool]
    ) -> Figure:
        def parts() -> Parts:
            reader = self.reader
            return Parts(
                "count",
                [
                    reader.derived(e, "line_of_sight", e.facts.line_of_sight, e.record.id)
                    for e in of.items
                    if counts(e)
                ],
            )

        return Figure(f"{of.prefix}{name}", value, words, parts)

    def _withheld(self, of: Line) -> Iterator[Figure]:
        withheld = of.line.withheld
        yield self._count(
            of, "withheld.spend_items", withheld.spend_items,
            "Number of items that do not publish their spend.", _withholds_spend,
        )  # fmt: skip
        yield self._count(
            of, "withheld.outcome_items", withheld.outcome_items,
            "Number of items that do not publish their outcomes.", _withholds_outcomes,
        )  # fmt: skip
        for name, said in _MONEY.items():

            def parts(name: str = name) -> Parts:
                entries = [e for e in of.items if _withholds_outcomes(e)]
                total = f"{name}_total"
                return Parts(
                    "sum", [self.reader.derived(e, total, getattr(e.facts, total)) for e in entries]
                )

            words = f"{said} of items that do not publish their outcomes."
            value = getattr(withheld.outcomes, name)
            yield Figure(f"{of.prefix}withheld.outcomes.{name}", value, words, parts)


def _asked(name: str) -> str:
    return "actual_total" if name == "actual" else "budget_total"


def _all(_row: Spend) -> bool:
    return True


def _all_items(_entry: InvestmentEntry) -> bool:
    return True


def _reaches(reach: Reach, entry: InvestmentEntry) -> bool:
    return entry.facts.line_of_sight == reach


def _withholds_spend(entry: InvestmentEntry) -> bool:
    return "spend" in entry.record.withheld


def _withholds_outcomes(entry: InvestmentEntry) -> bool:
    return "outcomes" in entry.record.withheld and not entry.record.outcomes


def _withheld(of: Line) -> list[str]:
    count = of.line.withheld.spend_items
    return [f"{count:,} items do not publish their spend"] if count else []

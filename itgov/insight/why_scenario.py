"""What would follow from a scenario taken apart: money, planned value, load, health and findings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from msgspec import structs

from itgov.insight.governed import Governed
from itgov.insight.scenario import (
    Weighing,
    calendar_of,
    carried,
    moved_of,
    value_differences,
    weighings,
)
from itgov.insight.scenario_types import ChangeLine, LoadThen, UnitThen
from itgov.insight.why_health import HealthFigures, finding_input
from itgov.insight.why_managers import numbered
from itgov.insight.why_paths import PathReader
from itgov.insight.why_rules import RuleShares
from itgov.insight.why_types import Figure, Parts, WhyInput
from itgov.model.plan import PARTS
from itgov.model.portfolio import InvestmentEntry, ScenarioEntry, Source
from itgov.model.scenario_words import change_words

_TOTALS = {
    "freed": "Money freed, of all years.",
    "added": "Money added, of all years.",
    "lost": "Planned value lost, of all years that count.",
    "gained": "Planned value gained, of all years that count.",
}
_LOAD = {
    "items_now": "Active items that fall to them today.",
    "items_then": "Active items that would fall to them.",
    "spend_now": "`spend_total` of the active items that fall to them today.",
    "spend_then": "`spend_total` of the active items that would fall to them.",
}


class ScenarioFigures:
    """Takes one scenario apart; it is weighed first."""

    def __init__(self, reader: PathReader, governed: Governed, entry: ScenarioEntry) -> None:
        self.reader = reader
        self.entry = entry
        self.weighing: Weighing = weighings(governed.linked, governed.book, [entry])[0]
        self.weighed = self.weighing.weighed
        when = calendar_of(governed.linked.portfolio)
        laid = self.weighing.laid
        self.differences = list(value_differences(reader.items, laid, when))
        self.health_then = HealthFigures(
            PathReader(self.weighing.then.linked, reader.sources, reader.health),
            self.weighing.then.report,
            RuleShares(self.weighing.then.governed),
        )

    def figures(self) -> Iterator[Figure]:
        """Yield every figure of what would follow."""
        weighed = self.weighed
        for name, words in _TOTALS.items():
            yield self._figure(name, getattr(weighed, name), words, partial(self._total, name))
        for money in weighed.money:
            for side in ("freed", "added"):
                words = f"Spend of fiscal year {money.year} that would be {side}."
                made = partial(self._money, money.year, 1 if side == "freed" else -1)
                yield self._figure(f"money.{money.year}.{side}", getattr(money, side), words, made)
        for value in weighed.value:
            for side in ("lost", "gained"):
                words = f"Planned value of fiscal year {value.year} that would be {side}."
                made = partial(self._value, value.year, -1 if side == "lost" else 1)
                yield self._figure(f"value.{value.year}.{side}", getattr(value, side), words, made)
        words = "Money that an item frees in one year and adds in another."
        yield self._figure("money_moved", weighed.money_moved, words, self._money_moved)
        words = "Planned value that an outcome loses in one year and gains in another."
        yield self._figure("value_moved", weighed.value_moved, words, self._moved)
        words = "Planned value a year of what is stopped, that no day begins: in no other figure."
        yield self._figure("value_undated", weighed.value_undated, words, self._undated)
        for name, line in numbered((c.investment, c) for c in weighed.changes):
            place = weighed.changes.index(line)
            for side, said in (("freed", "frees over all years; negative: adds"), ("moved", "moves to another year")):  # fmt: skip
                words = f"Money that this change alone {said}."
                made = partial(self._change, place, line)
                yield self._figure(f"changes.{name}.{side}", getattr(line, side), words, made)
        for load in weighed.managers:
            yield from self._load(load)
        for unit in weighed.health:
            yield from self._health(unit)
        for name in ("fixed", "new"):
            count = getattr(weighed.findings, name)
            words = f"Number of findings that would {'go' if name == 'fixed' else 'come'}."
            yield self._figure(f"findings.{name}", count, words, partial(self._findings, name))

    def _figure(
        self, name: str, value: float | None, words: str, parts: Callable[[], Parts]
    ) -> Figure:
        """Return a figure; beside what it is made of stand the changes of the scenario."""

        def made() -> Parts:
            found = parts()
            return structs.replace(found, assumed=[*self._changes(), *found.assumed])

        return Figure(name, value, words, made)

    def _changes(self) -> Iterator[str]:
        for place, change in enumerate(self.entry.record.changes):
            at = self.reader.place_of(self._source(place))
            yield f"{change.investment}: {change_words(change, self.reader.portfolio)} ({at.path}:{at.line})"

    def _source(self, place: int) -> Source:
        source = self.entry.source
        return Source(source.path, (*source.route, "changes", place))

    def _total(self, name: str) -> Parts:
        rows = self.weighed.money if name in ("freed", "added") else self.weighed.value
        return Parts("sum", [WhyInput(f"fiscal year {r.year}", getattr(r, name)) for r in rows])

    def _money(self, year: int, sign: int) -> Parts:
        inputs = []
        for name, laid in self.weighing.laid.items():
            amount = sign * laid.freed.get(year, 0)
            if amount > 0:
                says = f"{name}: spend of {year} that {'goes' if sign > 0 else 'comes'}"
                inputs.append(self._spend(self.reader.items[name], year, says, amount / PARTS))
        return Parts("sum", inputs)

    def _money_moved(self) -> Parts:
        inputs = []
        for name, laid in self.weighing.laid.items():
            if amount := moved_of(laid.freed):
                says = f"{name}: freed in some years, added in others"
                entry = self.reader.items[name]
                inputs.append(self.reader.input_of(entry, says, amount / PARTS, "spend"))
        return Parts("sum", inputs)

    def _spend(self, entry: InvestmentEntry, year: int, says: str, amount: float) -> WhyInput:
        rows = [n for n, row in enumerate(entry.record.spend) if row.year == year]
        route: tuple[str | int, ...] = ("spend", rows[0]) if rows else ("spend",)
        return self.reader.input_of(entry, says, amount, *route)

    def _value(self, year: int, sign: int) -> Parts:
        inputs = []
        for outcome, by_year in self.differences:
            if (amount := sign * by_year[year]) > 0:
                says = f"{self.reader.id_of(outcome)}: plan of {year} that {'comes' if sign > 0 else 'goes'}"  # fmt: skip
                field = "value" if outcome.record.value is not None else "profile"
                inputs.append(self.reader.input_of(outcome, says, amount / PARTS, field))
        return Parts("sum", inputs)

    def _moved(self) -> Parts:
        inputs = []
        for outcome, by_year in self.differences:
            if amount := moved_of(by_year):
                says = f"{self.reader.id_of(outcome)}: lost in some years, gained in others"
                inputs.append(self.reader.input_of(outcome, says, amount / PARTS, "value"))
        return Parts("sum", inputs)

    def _undated(self) -> Parts:
        stopped = [c.investment for c in self.entry.record.changes if c.kind == "stop"]
        return Parts(
            "sum",
            [
                self.reader.input_of(
                    o, f"{self.reader.id_of(o)}: value", o.money.yearly / PARTS, "value"
                )
                for name in stopped
                for o in self.reader.items[name].outcomes
                if o.money.undated
            ],
        )

    def _change(self, place: int, line: ChangeLine) -> Parts:
        reader, entry = self.reader, self.reader.items[line.investment]
        said = line.says
        inputs = [WhyInput(f"change {place + 1}", said, reader.place_of(self._source(place)))]
        for name in ("budget", "forecast", "actual"):
            for row, spend in enumerate(entry.record.spend):
                amount = getattr(spend, name)
                if amount is not None and spend.year >= calendar_of(reader.portfolio).year:
                    says = f"{line.investment}: spend {spend.year}: {name}"
                    inputs.append(reader.input_of(entry, says, amount, "spend", row, name))
        return Parts("words", inputs)

    def _load(self, load: LoadThen) -> Iterator[Figure]:
        for name, words in _LOAD.items():
            made = partial(self._carried, load.person, name)
            yield self._figure(f"managers.{load.person}.{name}", getattr(load, name), words, made)

    def _carried(self, person: str, name: str) -> Parts:
        what, _, when = name.partition("_")
        version = self.weighing.now if when == "now" else self.weighing.then
        mine = [e for who, e in carried(version.portfolio) if who == person]
        if what == "items":
            titles = [self.reader.input_of(e, e.record.id, e.record.title) for e in mine]
            return Parts("count", titles)
        return Parts("sum", [self._spent(e, when) for e in mine])

    def _spent(self, entry: InvestmentEntry, when: str) -> WhyInput:
        """Return the spend of an item; only that of today can be asked further."""
        amount = entry.facts.spend_total
        if when == "now":
            return self.reader.derived(entry, "spend_total", amount)
        return self.reader.input_of(entry, f"{entry.record.id}: spend_total then", amount, "spend")

    def _health(self, unit: UnitThen) -> Iterator[Figure]:
        entry = self.reader.portfolio.units[unit.unit]

        def now() -> Parts:
            return Parts("sum", [self.reader.derived(entry, "score", unit.now)])

        def then() -> Parts:
            figures = {f.name: f for f in self.health_then.of_unit(entry)}
            parts = figures["measured" if unit.then is not None else "score"].parts()
            caps = list(self.weighing.then.health[unit.unit].caps)
            capped = [f"at most {c.at_most:g}: {c.because}" for c in caps]
            return structs.replace(
                parts, how="words" if capped else parts.how, inputs=_alone(parts.inputs),
                over=_alone(parts.over), assumed=[*parts.assumed, *capped],
            )  # fmt: skip

        prefix = f"health.{unit.unit}"
        yield self._figure(f"{prefix}.now", unit.now, "The score of the unit today.", now)
        yield self._figure(f"{prefix}.then", unit.then, "The score that the unit would have.", then)

    def _findings(self, name: str) -> Parts:
        now, then = self.weighing.now.findings, self.weighing.then.findings
        found, other = (now, then) if name == "fixed" else (then, now)
        return Parts("count", [finding_input(f) for key, f in found.items() if key not in other])


def _alone(inputs: Sequence[WhyInput]) -> list[WhyInput]:
    """Return inputs that cannot be asked further: the figures then are of no file."""
    return [structs.replace(i, figure=None) for i in inputs]

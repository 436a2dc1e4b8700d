"""What `what-if --free` ranks taken apart: money freed and planned value lost in one fiscal year."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, partial

from itgov.insight.free_money import free_money
from itgov.insight.scenario import calendar_of
from itgov.insight.scenario_types import Candidate, FreeMoney
from itgov.insight.why_paths import Entry, PathReader
from itgov.insight.why_types import Figure, Parts, WhyInput
from itgov.model.portfolio import InvestmentEntry, OrganisationEntry

FREE = "free"
"""What the names of these figures begin with: `free.2027.freed`."""
_WORDS = {
    "freed": "Money of the fiscal year that stopping it frees: its forecast, else its budget, by days, "
    "never more than is not spent yet.",
    "lost": "Planned value lost by that, up to the last day that counts.",
    "running": "Money that this and all that is ranked before it free.",
}


class FreeFigures:
    """Takes what could be stopped apart, for each fiscal year in which money can be freed."""

    def __init__(self, reader: PathReader) -> None:
        self.reader = reader
        self._report = cache(partial(free_money, reader.portfolio, 0.0))

    def of(self, entry: Entry) -> Iterator[Figure]:
        """Yield the figures of an item, or of the whole."""
        first = calendar_of(self.reader.portfolio).year
        for year in range(first, first + 4):
            if isinstance(entry, InvestmentEntry):
                yield from self._of_item(entry, year)
            elif isinstance(entry, OrganisationEntry):
                words = "Number of active items without spend of that year: in no list."
                count = self._report(year).without_spend
                made = partial(self._without, year)
                yield Figure(f"{FREE}.{year}.without_spend", count, words, made)

    def _of_item(self, entry: InvestmentEntry, year: int) -> Iterator[Figure]:
        report = self._report(year)
        for candidate in (*report.ranked, *report.apart):
            if candidate.investment != entry.record.id:
                continue
            for name, words in _WORDS.items():
                made = partial(self._parts, entry, candidate, report, name)
                yield Figure(f"{FREE}.{year}.{name}", getattr(candidate, name), words, made)

    def _parts(
        self, entry: InvestmentEntry, candidate: Candidate, report: FreeMoney, name: str
    ) -> Parts:
        reader = self.reader
        assumed = [f"stopped on {report.on}"]
        left_out = [f"not ranked: {candidate.why}"] if candidate.why else []
        if name == "running":
            if candidate.why:
                return Parts("words", [], left_out=left_out)
            place = report.ranked.index(candidate) + 1
            inputs = [
                reader.derived(reader.items[c.investment], f"{FREE}.{report.year}.freed", c.freed)
                for c in report.ranked[:place]
            ]
            return Parts("sum", inputs, assumed=assumed)
        inputs = []
        if name == "lost":
            for outcome in entry.outcomes:
                inputs += reader.read(outcome, "value") + reader.read(outcome, "value_from|due")
                inputs += reader.read(outcome, "profile.value")
            return Parts(
                "words", inputs, assumed=[*assumed, f"value counts up to {report.horizon}"]
            )
        for place, row in enumerate(entry.record.spend):
            if row.year == report.year:
                inputs += self._row(entry, place)
        return Parts("words", inputs, assumed=assumed, left_out=left_out)

    def _row(self, entry: InvestmentEntry, place: int) -> Iterator[WhyInput]:
        row = entry.record.spend[place]
        for field in ("forecast", "budget", "actual"):
            if (amount := getattr(row, field)) is not None:
                says = f"spend {row.year}: {field}"
                yield self.reader.input_of(entry, says, amount, "spend", place, field)

    def _without(self, year: int) -> Parts:
        found = [
            self.reader.input_of(e, e.record.id, e.record.title, "spend")
            for e in self.reader.items.values()
            if e.facts.is_active and not any(row.year == year for row in e.record.spend)
        ]
        return Parts("count", found)

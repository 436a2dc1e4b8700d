"""The figures of `itgov managers` taken apart: load, signs, appraisal, value and tenure of a person."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property, partial, reduce
from typing import TypeVar

from itgov.insight.governed import Governed
from itgov.insight.manager_types import Appraisal, ManagersReport, Scorecard
from itgov.insight.managers import is_uncovered
from itgov.insight.tenure import ItemMoney
from itgov.insight.tenure_types import (
    Amounts,
    ItemTenure,
    OpportunityRow,
    PostTenure,
    TenureCard,
    TenureReport,
)
from itgov.insight.trend_managers import manager_point
from itgov.insight.value_types import MoneyLine
from itgov.insight.why_approval import Line
from itgov.insight.why_facts import derived_parts
from itgov.insight.why_health import finding_input
from itgov.insight.why_paths import PathReader, plain_value
from itgov.insight.why_posts import PostFigures
from itgov.insight.why_types import Figure, Parts, Value, WhyInput
from itgov.insight.why_value import ValueLines
from itgov.model.engagements import YEAR_DAYS, participants
from itgov.model.fields import described
from itgov.model.finding import Subject
from itgov.model.nobody import is_named
from itgov.model.people_facts import RelationshipManagerFacts
from itgov.model.plan import PARTS
from itgov.model.portfolio import InvestmentEntry, ManagerEntry, OrganisationEntry
from itgov.model.tenure import Tenures

Row = TypeVar("Row")

_AMOUNTS = ("planned", "realised", "spend")
_APPRAISED = {
    "progress": "progress", "planned": "value_planned", "planned_to_date": "planned_to_date",
    "realised": "realised_to_date",
}  # fmt: skip
"""Figures of an outcome that appraises somebody, and their names as the outcome's own."""
_DAYS = {"days": "days_in_position", "days_overdue": "days_native_overdue"}
"""Figures of where somebody stands, and the facts that they are."""


class ManagerFigures:
    """Takes scorecards and tenure apart."""

    def __init__(
        self, reader: PathReader, lines: ValueLines, governed: Governed, tenure: TenureReport
    ) -> None:
        self.reader = reader
        self.lines = lines
        self.governed = governed
        self.tenure = tenure

    @cached_property
    def report(self) -> ManagersReport:
        """The scorecards, which have the findings of the rules."""
        return self.governed.managers

    @cached_property
    def cards(self) -> dict[str, Scorecard]:
        """The scorecard of each relationship manager by id."""
        return {m.person: m for m in self.report.managers}

    @cached_property
    def _tenures(self) -> Tenures:
        return Tenures(self.reader.portfolio)

    @cached_property
    def _followed(self) -> dict[str, list[OpportunityRow]]:
        found: dict[str, list[OpportunityRow]] = {}
        for row in self.tenure.opportunities:
            found.setdefault(row.business_unit, []).append(row)
        return found

    # -- the whole -------------------------------------------------------------------------

    def of_whole(self, _whole: OrganisationEntry) -> Iterator[Figure]:
        """Yield what falls to nobody, and what opportunities could bring."""
        reader, report = self.reader, self.report
        left = [e for e in reader.items.values() if is_uncovered(e, reader.portfolio)]

        def items(figure: str) -> list[WhyInput]:
            return [reader.derived(e, figure, plain_value(getattr(e.facts, figure))) for e in left]

        words = "Active items that fall to no listed relationship manager."
        yield Figure("uncovered", report.uncovered, f"Number of {words[0].lower()}{words[1:]}", lambda: Parts("count", items("managed_by")))  # fmt: skip
        yield Figure("uncovered_spend", report.uncovered_spend, f"`spend_total` of {words[0].lower()}{words[1:]}", lambda: Parts("sum", items("spend_total")))  # fmt: skip
        for name, row in numbered((r.subject, r) for r in self.tenure.uncredited):
            prefix = f"uncredited.{name}"
            days = (row.from_, row.to)
            words = f"Money of days that are nobody's ({row.gap})."
            yield from self._amounts(prefix, row.amounts, row.subject, days, words)
        for name, told in numbered((o.id, o) for o in self.tenure.opportunities):
            inputs = [reader.derived(reader.items[told.investment], "realised_to_date", told.realised)] if told.investment in reader.items else []  # fmt: skip
            unit = reader.portfolio.units[told.business_unit]
            said = [*reader.read(unit, "engagements[counts].opportunities.value"), *inputs]
            said = [i for i in said if told.id in i.says or i.figure]
            for figure, value in (("value", told.value), ("realised", told.realised)):
                words = _OPPORTUNITY[figure]
                yield Figure(f"opportunities.{name}.{figure}", value, words, partial(Parts, "words", said))  # fmt: skip

    # -- a relationship manager ------------------------------------------------------------

    def of_manager(self, entry: ManagerEntry) -> Iterator[Figure]:
        """Yield the scorecard of a relationship manager."""
        card = self.cards[entry.record.person]
        served = self._served(entry)
        yield from self._load(entry, card, [e for e in served if e.facts.is_active])
        for name, fact in _DAYS.items():
            said = described(RelationshipManagerFacts)[fact]
            assert said.derivation is not None
            value = getattr(card.standing, name)
            made = partial(derived_parts, self.reader, entry, said.derivation)
            yield Figure(f"standing.{name}", value, said.words, made)
        for appraisal in card.appraised_by:
            yield from self._appraisal(entry, appraisal)
        yield Figure(
            "engagements_last_year", card.engagements_last_year,
            "Number of engagements of the last 365 days that count and in which they took part.",
            partial(self._engagements, entry),
        )  # fmt: skip
        line = MoneyLine("", card.name, value=card.value)
        of = Line("value.", line, entry, served, lambda _row: True)
        yield from self.lines.of_reach(of, card.budget, card.actual, card.budget_whole)
        yield from self.lines.of_value(of)
        for number, finding in numbered((f.rule, f) for f in card.findings):
            where = finding_input(finding)
            words = "A finding of the rules on relationship managers."
            yield Figure(f"findings.{number}", finding.message, words, partial(Parts, "words", [where]))  # fmt: skip

    def _served(self, entry: ManagerEntry) -> list[InvestmentEntry]:
        person = entry.record.person
        return [e for e in self.reader.items.values() if e.facts.managed_by == person]

    def _load(
        self, entry: ManagerEntry, card: Scorecard, active: Sequence[InvestmentEntry]
    ) -> Iterator[Figure]:
        load, reader = card.load, self.reader
        inherited = [e for e in active if not is_named(e.record.relationship_manager)]

        def items(of: Sequence[InvestmentEntry], field: str) -> list[WhyInput]:
            return [
                reader.input_of(e, e.record.id, plain_value(getattr(e.record, field)), field)
                for e in of
            ]

        yield Figure("load.items", load.items, "Number of active items that fall to them.", lambda: Parts("count", items(active, "relationship_manager")))  # fmt: skip
        yield Figure("load.inherited", load.inherited, "Number of those that name nobody themselves and fall to their unit's manager.", lambda: Parts("count", items(inherited, "relationship_manager")))  # fmt: skip
        yield Figure("load.spend", load.spend, "`spend_total` of the active items that fall to them.", lambda: Parts("sum", [reader.derived(e, "spend_total", e.facts.spend_total) for e in active]))  # fmt: skip
        dedication = partial(reader.read, entry, "dedication")
        yield Figure("load.dedication", load.dedication, "Share of working time, as recorded.", lambda: Parts("sum", dedication()))  # fmt: skip
        same = partial(reader.derived, entry, "load.items", load.items, "items")
        yield Figure("load.per_full_time", load.per_full_time, "Items for each full-time post: items divided by dedication.", lambda: Parts("ratio", [same()], dedication()))  # fmt: skip

    def _appraisal(self, entry: ManagerEntry, appraisal: Appraisal) -> Iterator[Figure]:
        item, _, name = appraisal.outcome.partition("/")
        known = self.reader.items.get(item)
        outcome = next((o for o in known.outcomes if o.record.id == name), None) if known else None
        for figure, asked in _APPRAISED.items():
            value = getattr(appraisal, figure)

            def parts(asked: str = asked, value: Value = value) -> Parts:
                if outcome is None:
                    return Parts("words", self.reader.read(entry, "measured_by"), left_out=["There is no such outcome."])  # fmt: skip
                return Parts("sum", [self.reader.derived(outcome, asked, value)])

            words = f"`{asked}` of an outcome that appraises them."
            yield Figure(f"appraised_by.{appraisal.outcome}.{figure}", value, words, parts)

    def _engagements(self, entry: ManagerEntry) -> Parts:
        reader, person = self.reader, entry.record.person
        return Parts(
            "count",
            [
                reader.input_of(e, e.id, str(e.record.date), "date")
                for unit in reader.portfolio.units.values()
                for e in unit.engagements
                if e.facts.counts
                and 0 <= e.facts.days_ago <= YEAR_DAYS
                and person in participants(e.record)
            ],
        )

    # -- tenure ----------------------------------------------------------------------------

    def of_person(self, person: str) -> Iterator[Figure]:
        """Yield what came in the time in which somebody held posts."""
        card = self.tenure.card(person)
        if card is None:
            return
        rows = list(self._rows(card))
        for figure, total in _TOTALS.items():
            value = getattr(card.amounts, total) / PARTS
            words = f"{total.capitalize()} money of the days as relationship manager, of all items."
            yield Figure(figure, value, words, partial(self._sum_rows, card, rows, total, ""))
            value = getattr(card.assumed, total) / PARTS
            words = f"{total.capitalize()} money of days of which nothing tells whose they were."
            made = partial(self._sum_rows, card, rows, total, "assumed")
            yield Figure(f"assumed.{total}", value, words, made)
            value = getattr(card.inherited, total) / PARTS
            words = f"{total.capitalize()} money of the items, of all days before they held them."
            made = partial(self._inherited, card, total)
            yield Figure(f"inherited.{total}", value, words, made)
        for name, item, place in rows:
            part = item.parts[place]
            words = f"Money of the days as {item.role.replace('_', ' ')}, told by {part.source}."
            days = (part.from_, part.to)
            assumed = ["nothing tells whose these days were"] if part.source == "assumed" else []
            yield from self._amounts(f"tenure.{name}", part.amounts, item.subject, days, words, assumed)  # fmt: skip
        for name, post in numbered((p.business_unit, p) for p in card.posts):
            followed = self._followed.get(post.business_unit, [])
            post_of = PostFigures(self.reader, self._tenures, person, post, followed)
            yield from post_of.figures(f"posts.{name}")
        if card.is_manager:
            yield from self._of_all_posts(card)

    def _of_all_posts(self, card: TenureCard) -> Iterator[Figure]:
        """Yield what is credited to somebody over all posts, as a trend follows it."""
        point, of = manager_point(card), Subject("person", card.person)
        posts = list(numbered((p.business_unit, p) for p in card.posts))

        def post_figure(name: str, post: PostTenure, path: str, value: Value) -> WhyInput:
            place = self.reader.place(self.reader.portfolio.units[post.business_unit])
            figure = f"posts.{name}.{path}"
            return WhyInput(figure, value, place, None, (card.person, figure), of)

        def came(path: str) -> Parts:
            rows = [(name, post, _at(post.came, path)) for name, post in posts]
            return Parts("sum", [post_figure(n, p, f"came.{path}", v) for n, p, v in rows if v])

        def satisfaction() -> Parts:
            rows = [(name, post) for name, post in posts if post.came.scores]
            means = [post_figure(n, p, "came.satisfaction", p.came.satisfaction) for n, p in rows]
            scores = [post_figure(n, p, "came.scores", p.came.scores) for n, p in rows]
            return Parts("words", [*means, *scores])

        def items() -> Parts:
            held = [self.reader.items[i.subject] for i in card.items if i.to is None]
            return Parts("count", [self.reader.input_of(e, e.record.id, e.record.title, "relationship_manager") for e in held])  # fmt: skip

        yield Figure("items", point.items, "Number of items that they look after.", items)
        words = "Mean of all scores that the business gave in their time, of all units."
        yield Figure("satisfaction", point.satisfaction, words, satisfaction)
        for name, (path, words) in _OF_POSTS.items():
            yield Figure(name, getattr(point, name), f"{words} in their time, of all units.", partial(came, path))  # fmt: skip
        for level in point.levels:
            for side in ("business", "it"):
                name, post = next((n, p) for n, p in posts if p.business_unit == level.unit and p.to is None)  # fmt: skip
                value, path = getattr(level, side), f"now.level_{side}"
                same = partial(post_figure, name, post, path, value)
                words = "Level of the relationship with the unit, in this side's word."
                yield Figure(f"levels.{level.unit}.{side}", value, words, partial(_one, same))

    def _rows(self, card: TenureCard) -> Iterator[tuple[str, ItemTenure, int]]:
        of = ((i.subject, (i, n)) for i in (*card.items, *card.owned) for n in range(len(i.parts)))
        for name, (item, place) in numbered(of):
            yield name, item, place

    def _sum_rows(
        self, card: TenureCard, rows: Sequence[tuple[str, ItemTenure, int]], total: str, source: str
    ) -> Parts:
        inputs = []
        for name, item, place in rows:
            part = item.parts[place]
            if item.role != "relationship_manager" or (source and part.source != source):
                continue
            if amount := getattr(part.amounts, total):
                says = f"{item.subject}, {_days(part.from_, part.to)}, {part.source}"
                figure = (card.person, f"tenure.{name}.{total}")
                place_of = self.reader.place(self.reader.items[item.subject])
                of = Subject("person", card.person)
                inputs.append(WhyInput(says, amount / PARTS, place_of, None, figure, of))
        assumed = getattr(card.assumed, total) / PARTS
        said = [f"{assumed:,.2f} of it falls on days of which nothing tells whose they were"] if assumed else []  # fmt: skip
        return Parts("sum", inputs, assumed=said, left_out=self.tenure.notes)

    def _inherited(self, card: TenureCard, total: str) -> Parts:
        inputs, seen = [], set()
        for item in card.items:
            if item.subject in seen:
                continue
            seen.add(item.subject)
            if amount := getattr(item.inherited, total):
                entry = self.reader.items[item.subject]
                says = f"{item.subject}, before {item.from_}"
                inputs.append(self.reader.input_of(entry, says, amount / PARTS))
        return Parts("sum", inputs)

    def _amounts(
        self,
        prefix: str,
        amounts: Amounts,
        subject: str,
        days: tuple[datetime.date | None, datetime.date | None],
        words: str,
        assumed: Sequence[str] = (),
    ) -> Iterator[Figure]:
        for total in _AMOUNTS:
            made = partial(self._days_money, subject, days, total, assumed)
            value = getattr(amounts, total) / PARTS
            yield Figure(f"{prefix}.{total}", value, f"{total.capitalize()}. {words}", made)

    def _days_money(
        self,
        subject: str,
        days: tuple[datetime.date | None, datetime.date | None],
        total: str,
        assumed: Sequence[str],
    ) -> Parts:
        entry, reader = self.reader.items[subject], self.reader
        first = (days[0] or datetime.date.min).toordinal()
        last = (days[1] or reader.today).toordinal()
        inputs = []
        for outcome, amounts in ItemMoney(reader.portfolio, entry).parts(first, last):
            amount = getattr(amounts, total) / PARTS
            if not amount:
                continue
            if outcome is None:
                inputs.append(reader.derived(entry, "spend_to_date", amount, f"spend, {_days(*days)}"))  # fmt: skip
                continue
            share = f", {outcome.counted:g} of it" if outcome.counted != 1 else ""
            says = f"{outcome.record.id}, {_days(*days)}{share}"
            inputs.append(reader.derived(outcome, f"{total}_to_date", amount, says))
        return Parts("sum", inputs, assumed=assumed)


_TOTALS = {"planned_to_date": "planned", "realised_to_date": "realised", "spend_to_date": "spend"}
_OF_POSTS = {
    "promises_due": ("promises.due", "Number of actions that were due"),
    "promises_kept": ("promises.kept", "Number of actions that were done in time"),
    "opportunities_raised": ("raised", "Number of opportunities that were raised"),
    "opportunities_realised": ("realised", "Number of opportunities that were realised"),
}
"""Figures of all posts, and what of each they add up."""
_OPPORTUNITY = {
    "value": "Money a year that the opportunity could bring, as last said.",
    "realised": "Money that its investment has realised since it was raised.",
}


def numbered(rows: Iterable[tuple[str, Row]]) -> Iterator[tuple[str, Row]]:
    """Yield rows by their name, the second of the same as `name.2`."""
    seen: dict[str, int] = {}
    for name, row in rows:
        seen[name] = seen.get(name, 0) + 1
        yield (f"{name}.{seen[name]}" if seen[name] > 1 else name), row


def _one(same: Callable[[], WhyInput]) -> Parts:
    return Parts("sum", [same()])


def _at(record: object, path: str) -> Value:
    value: Value = reduce(getattr, path.split("."), record)  # type: ignore[assignment]
    return value


def _days(first: datetime.date | None, last: datetime.date | None) -> str:
    return f"{first or 'the beginning'} to {last or 'today'}"

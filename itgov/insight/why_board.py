"""The figures of the board pack that are no other document's: what is asked, decided and owed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property, partial

from itgov.insight.ask_types import Asks, AttentionAsk, TopFinding, Vacancy
from itgov.insight.attention import Attention
from itgov.insight.board import measure_board
from itgov.insight.board_types import BoardReport, BoardUnit
from itgov.insight.flow import Governed
from itgov.insight.why_health import finding_input
from itgov.insight.why_paths import Entry, PathReader
from itgov.insight.why_types import Figure, Parts, WhyInput
from itgov.model.derivation import How
from itgov.model.finding import Finding
from itgov.model.portfolio import InvestmentEntry, OrganisationEntry, UnitEntry
from itgov.model.reach import GROUP_OF, REACH_GROUPS

BOARD = "board"
"""What the names of these figures begin with."""
_ASKED = {
    "escalations": "Decisions that review sessions handed upwards.",
    "scenarios": "Scenarios that are filed and that no session has chosen.",
    "vacancies": "Posts that nobody is named for.",
    "ended": "Exceptions that are over.",
    "attention": "Records told of that need attention for anything else.",
}


class BoardFigures:
    """Takes the pack of the whole apart."""

    def __init__(self, reader: PathReader, governed: Governed) -> None:
        self.reader = reader
        self.governed = governed

    @cached_property
    def report(self) -> BoardReport:
        """The pack of the whole."""
        return measure_board(self.governed)

    @cached_property
    def _attention(self) -> Attention:
        return Attention(self.reader.portfolio, self.governed.health)

    def of(self, entry: Entry) -> Iterator[Figure]:
        """Yield what the pack says of the whole, or of a unit."""
        if isinstance(entry, OrganisationEntry):
            yield from self._of_asks(self.report.asks, "")
            yield from self._decisions()
            yield from self._top()
            budget = self.report.total.budget
            parts = [self._same(entry, f"budget.{r}", budget.of(r)) for r in ("moved", "met")]
            whole = [self._same(entry, "budget_total", budget.total)]
            value = budget.improved / budget.total if budget.total else None
            words = "Share of the budget whose outcome improved."
            yield Figure(
                f"{BOARD}.budget_improved", value, words, lambda: Parts("ratio", parts, whole)
            )
        elif isinstance(entry, UnitEntry):
            unit = next(u for u in self.report.units if u.health.id == entry.record.id)
            yield from self._account(entry, unit)
            yield from self._of_asks(unit.asks, entry.record.id)

    def _same(self, entry: Entry, name: str, value: float) -> WhyInput:
        return self.reader.derived(entry, name, value, name)

    # -- a unit's account --------------------------------------------------------------------

    def _account(self, entry: UnitEntry, unit: BoardUnit) -> Iterator[Figure]:
        reader = self.reader
        paid = [e for e, i in zip(entry.investments, unit.items, strict=True) if i.node.spend_to_date]  # fmt: skip

        def spent_on() -> Parts:
            return Parts("count", [reader.derived(e, "spend_to_date", e.facts.spend_to_date) for e in paid])  # fmt: skip

        words = "Number of items with spend to date."
        yield Figure(f"{BOARD}.spent_on", len(paid), words, spent_on)
        outcomes = [o for e in entry.investments for o in e.outcomes]
        yield self._counted("outcomes.all", "Number of outcomes.", lambda _reach: True, entry)
        for group in REACH_GROUPS:
            of_group = partial(_in_group, group.key)
            words = f"Number of outcomes: {group.title[:1].lower()}{group.title[1:]}."
            yield self._counted(f"outcomes.{group.key}", words, of_group, entry)
        words = "Number of outcomes at their target."
        yield self._counted("outcomes.met", words, lambda reach: reach == "met", entry)
        assert len(outcomes) == sum(len(i.node.outcomes) for i in unit.items)
        for side in ("business", "it"):
            mine = [p for p in unit.promises if p.side == side]
            told = [f"{p.what}, {p.owner or 'nobody'}, due {p.due or 'on no day'}" for p in mine]
            rows = [WhyInput(f"action {n}", said) for n, said in enumerate(told, 1)]
            words = f"Open actions of people on the {'IT' if side == 'it' else side} side."
            yield Figure(f"{BOARD}.actions.{side}", len(mine), words, partial(Parts, "count", rows))

    def _counted(
        self, name: str, words: str, counts: Callable[[str], bool], entry: UnitEntry
    ) -> Figure:
        found = [o for e in entry.investments for o in e.outcomes if counts(o.facts.line_of_sight)]

        def parts() -> Parts:
            reader = self.reader
            return Parts("count", [reader.derived(o, "line_of_sight", o.facts.line_of_sight) for o in found])  # fmt: skip

        return Figure(f"{BOARD}.{name}", len(found), words, parts)

    # -- what is asked and decided -----------------------------------------------------------

    def _of_asks(self, asks: Asks, unit: str) -> Iterator[Figure]:
        for name, words in _ASKED.items():
            rows: Sequence[object] = getattr(asks, name)
            told = [WhyInput(f"{name} {n}", _said(row)) for n, row in enumerate(rows, 1)]
            yield Figure(f"{BOARD}.asks.{name}", len(rows), words, partial(Parts, "count", told))
        words = "Records that need attention for anything else, told of or not."
        listed = partial(self._records, unit)
        yield Figure(f"{BOARD}.asks.attention_whole", asks.attention_whole, words, listed)
        for n, vacancy in enumerate(asks.vacancies, 1):
            words = "Spend of the items, or of the unit."
            made = partial(self._vacancy, vacancy)
            yield Figure(f"{BOARD}.asks.vacancies.{n}.money", vacancy.money, words, made)
        for n, ended in enumerate(asks.scenarios, 1):
            told = [WhyInput(ended.title, ended.changes)]
            words = "Number of its changes; `itgov why SCENARIO` takes what follows apart."
            yield Figure(f"{BOARD}.asks.scenarios.{n}.changes", ended.changes, words, partial(Parts, "sum", told))  # fmt: skip
        for n, ask in enumerate(asks.attention, 1):
            prefix = f"{BOARD}.asks.attention.{n}"
            yield from self._finding(ask.top, f"{prefix}.top")
            words = "Number of other findings on the same record."
            same = partial(self._also, ask)
            yield Figure(f"{prefix}.also", ask.also, words, same)

    def _records(self, unit: str) -> Parts:
        said = "each record with an open error or warning that no other question asks about"
        found = [f for f in self.governed.judged.findings if not f.waived and unit in ("", f.business_unit)]  # fmt: skip
        return Parts("words", [finding_input(f) for f in found if f.severity != "info"], assumed=[said])  # fmt: skip

    def _also(self, ask: AttentionAsk) -> Parts:
        first = ask.top.finding
        same = [f for f in self.governed.judged.findings if f.subject == first.subject and not f.waived]  # fmt: skip
        return Parts(
            "words", [finding_input(f) for f in same if f.fingerprint != first.fingerprint]
        )

    def _vacancy(self, vacancy: Vacancy) -> Parts:
        unit = self.reader.portfolio.units[vacancy.unit]
        if not vacancy.names:
            return Parts("sum", [self.reader.derived(unit, "spend_total", vacancy.money)])
        field = vacancy.post.replace(" ", "_")
        left = list(vacancy.names)
        found: list[InvestmentEntry] = []
        for entry in unit.investments:
            if entry.record.title in left and not getattr(entry.record, field, None):
                left.remove(entry.record.title)
                found.append(entry)
        spend = [self.reader.derived(e, "spend_total", e.facts.spend_total) for e in found]
        return Parts("sum" if not left else "words", spend)

    def _finding(self, top: TopFinding, prefix: str) -> Iterator[Figure]:
        words = "Points that the unit hit hardest gains when it is fixed, caps set aside."
        yield Figure(f"{prefix}.points", top.points, words, partial(self._points, top.finding))
        words = (
            "Spend of what the finding is about: of the item, else of the units that lose points."
        )
        yield Figure(f"{prefix}.money", top.money, words, partial(self._money, top.finding))

    def _points(self, finding: Finding) -> Parts:
        costs = [
            finding_input(c.finding, c.uncapped) for _, c in self._attention.stake(finding).costs
        ]
        return Parts("words", costs or [finding_input(finding)])

    def _money(self, finding: Finding) -> Parts:
        reader, name = self.reader, finding.subject.id
        item = reader.items.get(name if finding.subject.kind == "investment" else name.rpartition("/")[0])  # fmt: skip
        if item is not None and finding.subject.kind in ("investment", "outcome", "waiver"):
            return Parts("sum", [reader.derived(item, "spend_total", item.facts.spend_total)])
        costs = self._attention.stake(finding).costs
        names = [unit.id for unit, _ in costs] or [finding.business_unit or ""]
        units = [reader.portfolio.units[n] for n in names if n in reader.portfolio.units]
        return Parts("sum", [reader.derived(u, "spend_total", u.facts.spend_total) for u in units])

    def _decisions(self) -> Iterator[Figure]:
        decisions = self.report.decisions
        minutes = [
            WhyInput(m.record.review.id, str(m.record.review.date), self.reader.place_of(m.source))
            for m in self.reader.portfolio.minutes
            if decisions.since < m.record.review.date <= self.reader.today
        ]
        for name, words in (
            ("sessions", "Number of review sessions closed in the year up to the as-of date."),
            ("items", "Number of items on their agendas."),
            ("decided", "Number of these that were decided."),
        ):
            value = getattr(decisions, name)
            how: How = "count" if name == "sessions" else "words"
            yield Figure(f"{BOARD}.decisions.{name}", value, words, partial(Parts, how, minutes))
        told = [WhyInput(a.item.subject.id, f"{a.decision.what}, due {a.decision.due}") for a in decisions.actions]  # fmt: skip
        words = "Number of actions agreed in review sessions and not done."
        yield Figure(f"{BOARD}.decisions.actions", len(told), words, partial(Parts, "count", told))

    def _top(self) -> Iterator[Figure]:
        for n, top in enumerate(self.report.top, 1):
            yield from self._finding(top, f"{BOARD}.top.{n}")


def _in_group(key: str, reach: str) -> bool:
    return any(r == reach and g.key == key for r, g in GROUP_OF.items())


def _said(row: object) -> str:
    """Return what one question is about."""
    match row:
        case AttentionAsk():
            return row.top.finding.message
        case Vacancy():
            return f"{row.post}: {', '.join(row.names) or row.unit}"
    found = getattr(row, "name", None) or getattr(row, "title", "")
    return str(found)

"""The figures of the board pack that are no other document's: what is asked, decided and owed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property, partial

from itgov.insight.ask_types import (
    NAMES_TOLD,
    TOLD_TO_BOARD,
    TOLD_TO_HEAD,
    UNITS_TOLD,
    Asks,
    AttentionAsk,
    TopFinding,
    Vacancy,
)
from itgov.insight.attention import Attention
from itgov.insight.board import measure_board
from itgov.insight.board_account import TOLD, Chain, account_lists
from itgov.insight.board_types import BoardReport, BoardUnit
from itgov.insight.governed import Governed
from itgov.insight.why_health import finding_input
from itgov.insight.why_paths import Entry, PathReader
from itgov.insight.why_types import Figure, Parts, WhyInput
from itgov.model.derivation import How
from itgov.model.finding import Finding
from itgov.model.portfolio import InvestmentEntry, OrganisationEntry, OutcomeEntry, UnitEntry
from itgov.model.reach import GROUP_OF, REACH_GROUPS
from itgov.model.types import Side

BOARD = "board"
"""What the names of these figures begin with."""
_ASKED = {
    "escalations": "Decisions that review sessions handed upwards.",
    "scenarios": "Scenarios that are filed and that no session has chosen.",
    "vacancies": "Posts that nobody is named for.",
    "ended": "Exceptions that are over.",
    "attention": "Records told of that need attention for anything else.",
}


_LISTED = {
    "fading": "Number of outcomes that fell back from their target, or hold under 0.8 of their plan.",
    "holding": "Number of outcomes that hold 0.8 of their plan or more, and do not fade.",
    "results": "Number of results that are owed: a first one within 90 days, a new one after a year, evidence.",
    "deliveries": "Number of items approved or delivering that end within a year, or should have.",
}
_SIDES: dict[Side | None, str] = {
    "business": "people on the business side", "it": "people on the IT side",
    None: "people whose side is not recorded, or of nobody",
}  # fmt: skip


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
            yield from self._of_asks(entry, self.report.asks, "", TOLD_TO_BOARD)
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
            yield from self._of_asks(entry, unit.asks, entry.record.id, TOLD_TO_HEAD)

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
        yield from self._lists(entry, unit)

    def _lists(self, entry: UnitEntry, unit: BoardUnit) -> Iterator[Figure]:
        """Yield how long each list of the account is, and how much of it the appendix alone tells."""
        lists = account_lists(unit, self.reader.today)
        items = {e.record.id: e for e in entry.investments}
        yield self._more(entry, "outcomes.improved", len(lists.improved), TOLD)
        of_outcomes: dict[str, Sequence[Chain]] = {
            "fading": lists.fading,
            "holding": lists.holding,
            "results": [*lists.due, *lists.stale, *lists.unproved],
        }
        for name, chains in of_outcomes.items():
            found = [
                next(o for o in items[i.node.id].outcomes if o.record.id == node.id)
                for i, node in chains
            ]
            listed = partial(self._outcomes, found)
            yield from self._list(entry, f"account.{name}", len(chains), _LISTED[name], listed)
        ends = [items[i.node.id] for i in lists.deliveries]
        rows = partial(self._ends, ends)
        yield from self._list(entry, "account.deliveries", len(ends), _LISTED["deliveries"], rows)
        for side, promises in lists.promises.items():
            told = [
                f"{p.what}, {p.owner or 'nobody'}, due {p.due or 'on no day'}" for p in promises
            ]
            made = [WhyInput(f"action {n}", said) for n, said in enumerate(told, 1)]
            words = f"Open actions of {_SIDES[side]}."
            rows = partial(Parts, "count", made)
            yield from self._list(entry, f"actions.{side or 'unknown'}", len(made), words, rows)

    def _outcomes(self, found: Sequence[OutcomeEntry]) -> Parts:
        reader = self.reader
        return Parts("count", [reader.derived(o, "line_of_sight", o.facts.line_of_sight) for o in found])  # fmt: skip

    def _ends(self, found: Sequence[InvestmentEntry]) -> Parts:
        return Parts("count", [self.reader.input_of(e, e.record.id, str(e.record.end), "end") for e in found])  # fmt: skip

    def _list(
        self,
        entry: Entry,
        name: str,
        whole: int,
        words: str,
        rows: Callable[[], Parts],
        told: int = TOLD,
    ) -> Iterator[Figure]:
        """Yield how long a list is, and what of it a page does not tell."""
        yield Figure(f"{BOARD}.{name}", whole, words, rows)
        yield self._more(entry, name, whole, told)

    def _more(self, entry: Entry, name: str, whole: int, told: int) -> Figure:
        words = f"Of `{BOARD}.{name}`, those that the page does not tell: all but {told}."
        same = self._same(entry, f"{BOARD}.{name}", whole)
        return Figure(f"{BOARD}.{name}.more", max(0, whole - told), words, lambda: Parts("words", [same]))  # fmt: skip

    def _counted(
        self, name: str, words: str, counts: Callable[[str], bool], entry: UnitEntry
    ) -> Figure:
        found = [o for e in entry.investments for o in e.outcomes if counts(o.facts.line_of_sight)]

        return Figure(f"{BOARD}.{name}", len(found), words, partial(self._outcomes, found))

    # -- what is asked and decided -----------------------------------------------------------

    def _of_asks(self, entry: Entry, asks: Asks, unit: str, most: int) -> Iterator[Figure]:
        for name, words in _ASKED.items():
            rows: Sequence[object] = getattr(asks, name)
            told = [WhyInput(f"{name} {n}", _said(row)) for n, row in enumerate(rows, 1)]
            yield Figure(f"{BOARD}.asks.{name}", len(rows), words, partial(Parts, "count", told))
            if name != "attention" and not (name == "vacancies" and unit):
                yield self._more(entry, f"asks.{name}", len(rows), most)
        words = "Records that need attention for anything else, told of or not."
        listed = partial(self._records, unit)
        yield Figure(f"{BOARD}.asks.attention_whole", asks.attention_whole, words, listed)
        yield self._more(entry, "asks.attention_whole", asks.attention_whole, len(asks.attention))
        for n, vacancy in enumerate(asks.vacancies, 1):
            words = "Spend of the items, or of the unit."
            made = partial(self._vacancy, vacancy)
            yield Figure(f"{BOARD}.asks.vacancies.{n}.money", vacancy.money, words, made)
            if vacancy.names:
                names = [WhyInput(f"item {i}", title) for i, title in enumerate(vacancy.names, 1)]
                listed = partial(Parts, "count", names)
                words = "Number of items that name nobody for the post."
                yield from self._list(
                    entry, f"asks.vacancies.{n}.items", len(names), words, listed, NAMES_TOLD
                )
        for n, ended in enumerate(asks.scenarios, 1):
            told = [WhyInput(ended.title, ended.changes)]
            laws = [r.required_by for r in ended.weighed.requirements] if ended.weighed else []
            names = [WhyInput(f"law or contract {i}", law) for i, law in enumerate(laws, 1)]
            listed = partial(Parts, "count", names)
            words = "Number of laws and contracts that require what it stops."
            yield from self._list(
                entry, f"asks.scenarios.{n}.required", len(laws), words, listed, NAMES_TOLD
            )
            words = "Number of its changes; `itgov why SCENARIO` takes what follows apart."
            yield Figure(f"{BOARD}.asks.scenarios.{n}.changes", ended.changes, words, partial(Parts, "sum", told))  # fmt: skip
        for n, ask in enumerate(asks.attention, 1):
            prefix = f"{BOARD}.asks.attention.{n}"
            names = [WhyInput(f"unit {i}", name) for i, name in enumerate(ask.top.units, 1)]
            listed = partial(Parts, "count", names)
            words = "Number of business units that lose points by it."
            yield from self._list(
                entry, f"asks.attention.{n}.units", len(names), words, listed, UNITS_TOLD
            )
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

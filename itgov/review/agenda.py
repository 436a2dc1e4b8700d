"""The agenda: what needs a decision, why, and what weighs most first.

`build_agenda` is a pure function of a judged portfolio with its minutes, and of its as-of date.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from itgov.files.linked import Linked
from itgov.insight.attention import Attention
from itgov.insight.health_types import HealthReport
from itgov.model.derive_reviews import in_order
from itgov.model.fields import fields_of
from itgov.model.finding import Finding, severity_rank
from itgov.model.minutes import REASONS, Answerable, ItemKind, ItemSubject, Reason
from itgov.model.portfolio import InvestmentEntry, Portfolio
from itgov.review.reasons import other_reasons
from itgov.review.seen import SeenBefore, mark_of
from itgov.review.types import AgendaItem
from itgov.rules.verdicts import Judged

_POSITION = ("position", "position_since", "native_by")
"""Fields of a relationship manager that say how long this person stands where."""
_OWN_ITEM: tuple[ItemKind, ...] = (
    "organisation", "business_unit", "investment", "relationship_manager", "person",
)  # fmt: skip


class Agenda(Struct):
    """What a session on a unit (None: on the whole) should look at."""

    items: list[AgendaItem]
    carried: list[str]
    """Marks of findings that earlier sessions have seen and that still stand."""
    since: str | None
    """The day of the latest session that covers the unit, or None."""


def build_agenda(
    linked: Linked, judged: Judged, health: HealthReport, unit: str | None = None
) -> Agenda:
    """Return the agenda of a session on a unit, or on the whole organisation."""
    return _Builder(linked, judged, health, unit).agenda()


class _Builder:
    def __init__(
        self, linked: Linked, judged: Judged, health: HealthReport, unit: str | None
    ) -> None:
        self.portfolio = linked.portfolio
        self.judged = judged
        self.unit = unit
        self.ordered = in_order(self.portfolio.minutes, self.portfolio.today)
        self.memory = SeenBefore(self.ordered, self.portfolio.units)
        self.entries = {e.record.id: e for e in self.portfolio.investments()}
        self.attention = Attention(self.portfolio, health)
        self.items: dict[ItemSubject, AgendaItem] = {}
        self.findings: dict[ItemSubject, list[Finding]] = {}
        for finding in judged.findings:
            self.findings.setdefault(item_subject(finding, self.portfolio), []).append(finding)

    def agenda(self) -> Agenda:
        carried = []
        for subject, findings in self.findings.items():
            if not self._in_scope(subject, findings[0]):
                continue
            carried += [mark_of(f) for f in findings if f.fingerprint in self.memory.marks]
            reasons = list(self._of_findings(subject, findings))
            if any(reason.severity != "info" for reason in reasons):
                self._item(subject, findings[0]).reasons += reasons
        for subject, reason in other_reasons(self.portfolio, self.ordered):
            if self._in_scope(subject, None):
                self._item(subject, None).reasons.append(reason)
        for subject, item in self.items.items():
            found = self.findings.get(subject, [])
            item.marks = [mark_of(f) for f in found]
            item.points = round(sum(self._points(f) for f in found), 2)
            item.reasons.sort(key=_worst_first)
        ordered = sorted(self.items.values(), key=self._most_first)
        return Agenda(ordered, carried, self.memory.since(self.unit))

    def _points(self, finding: Finding) -> float:
        """Return the points that fixing a finding gains, caps set aside, over all units that it costs."""
        return sum(max(costly.uncapped, 0.0) for _, costly in self.attention.stake(finding).costs)

    def _most_first(self, item: AgendaItem) -> tuple[object, ...]:
        """Return the place of an item on the agenda; among equals that of most spend first."""
        place = self.attention.together(self.findings.get(item.subject, ()))
        return *place, -item.money, item.subject.kind, item.subject.id

    def _of_findings(self, subject: ItemSubject, findings: list[Finding]) -> Iterator[Reason]:
        for finding in findings:
            if finding.waived:
                continue
            news = self.memory.news(finding)
            placed = subject.kind == "relationship_manager" and finding.field in _POSITION
            if placed and finding.severity != "info":
                yield _reason(finding, "long-in-position", finding.message)
            elif news == "new":
                yield _reason(finding, "new-finding", finding.message)
            elif news is not None:
                yield _reason(finding, "worse-finding", f"{finding.message}; {news}")

    def _in_scope(self, subject: ItemSubject, finding: Finding | None) -> bool:
        if self.unit is None:
            return True
        if subject.kind == "relationship_manager":
            manager = self.portfolio.managers.get(subject.id)
            return manager is not None and self.unit in manager.facts.business_units
        return self._unit_of(subject, finding) == self.unit

    def _unit_of(self, subject: ItemSubject, finding: Finding | None) -> str | None:
        if subject.kind == "business_unit":
            return subject.id
        if subject.kind == "investment" and subject.id in self.entries:
            return self.entries[subject.id].facts.business_unit
        return finding.business_unit if finding is not None else None

    def _item(self, subject: ItemSubject, finding: Finding | None) -> AgendaItem:
        if subject not in self.items:
            unit = self._unit_of(subject, finding)
            self.items[subject] = make_item(self.portfolio, subject, unit, self.entries)
        return self.items[subject]


def make_item(
    portfolio: Portfolio,
    subject: ItemSubject,
    unit: str | None,
    entries: dict[str, InvestmentEntry],
) -> AgendaItem:
    """Return a new item on a subject, with its title, money and who answers for it."""
    title, money, answerable = subject.id, 0.0, Answerable()
    if subject.kind == "investment" and subject.id in entries:
        entry = entries[subject.id]
        record = entry.record
        title, money, unit = record.title, entry.facts.spend_total, entry.facts.business_unit
        named = {f.name: getattr(record, f.name) for f in fields_of(Answerable)}
        answerable = Answerable(**named)
    elif subject.kind == "business_unit" and subject.id in portfolio.units:
        of_unit = portfolio.units[subject.id]
        title, money = of_unit.name, of_unit.facts.spend_total
        answerable = Answerable(
            sponsor=of_unit.record.head, relationship_manager=of_unit.record.relationship_manager
        )
    elif subject.kind == "relationship_manager" and subject.id in portfolio.managers:
        manager = portfolio.managers[subject.id]
        title, money = manager.facts.name or subject.id, manager.facts.spend_total
        answerable = Answerable(relationship_manager=subject.id)
    elif subject.kind == "person" and subject.id in portfolio.people:
        title = portfolio.people[subject.id].name
    elif subject.kind == "organisation":
        whole = portfolio.organisation
        title, money = whole.record.name or subject.id, whole.facts.spend_total
    return AgendaItem(
        subject=subject, title=title, business_unit=unit, money=money, answerable=answerable
    )


def item_subject(finding: Finding, portfolio: Portfolio) -> ItemSubject:
    """Return the item that a finding belongs to: an outcome's to its investment, and so on."""
    kind, name = finding.subject.kind, finding.subject.id
    if kind == "outcome":
        return ItemSubject(kind="investment", id=name.rpartition("/")[0])
    if kind == "engagement" and finding.business_unit is not None:
        return ItemSubject(kind="business_unit", id=finding.business_unit)
    if kind == "waiver":
        owner = name.rpartition("/")[0]
        if owner in portfolio.units and finding.business_unit == owner:
            return ItemSubject(kind="business_unit", id=owner)
        if finding.business_unit is not None:
            return ItemSubject(kind="investment", id=owner)
        if owner in portfolio.managers:
            return ItemSubject(kind="relationship_manager", id=owner)
        return ItemSubject(kind="organisation", id=owner)
    for own in _OWN_ITEM:
        if kind == own and name:
            return ItemSubject(kind=own, id=name[:200])
    return ItemSubject(kind="file", id=finding.path[:200] or "portfolios")


def _reason(finding: Finding, why: str, says: str) -> Reason:
    return Reason(
        why=next(r for r in REASONS if r == why),
        says=says,
        rule=finding.rule,
        severity=finding.severity,
        mark=finding.fingerprint,
    )


def _worst_first(reason: Reason) -> tuple[int, int, str, str]:
    severity = severity_rank(reason.severity) if reason.severity is not None else 0
    return REASONS.index(reason.why), severity, reason.rule or "", reason.says


def find_item(items: Iterable[AgendaItem], word: str) -> list[int]:
    """Return the numbers of the items meant by `kind:id`, or else by an id or a number.

    Where an id looks like the number of another item, both are meant: nobody is to decide on the
    wrong one.
    """
    listed = list(enumerate(items, start=1))
    exactly = [n for n, i in listed if word == f"{i.subject.kind}:{i.subject.id}"]
    return exactly or [n for n, i in listed if word in (i.subject.id, str(n))]

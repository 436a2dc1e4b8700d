"""Investments and services with their findings, and the fields that a filter can name in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from itgov.insight.due import item_dues, review_due
from itgov.insight.due_types import Due
from itgov.model.fields import field, holders
from itgov.model.filter_query import FilterField, FilterFields, Value, person_value
from itgov.model.finding import SEVERITIES, Finding, item_of
from itgov.model.portfolio import InvestmentEntry, PersonEntry, Portfolio, UnitEntry
from itgov.model.types import Investment


class FindingCounts(dict[str, int]):
    """How many findings there are of each severity, waived ones apart, and the findings."""

    found: tuple[Finding, ...] = ()

    def __missing__(self, severity: str) -> int:
        """Return that there is none."""
        return 0


def counts_of(findings: Iterable[Finding]) -> FindingCounts:
    """Count findings by severity, waived ones apart."""
    counts = FindingCounts()  # a `Counter` takes three times as long to be made
    counts.found = tuple(findings)
    for finding in counts.found:
        counts["waived" if finding.waived else finding.severity] += 1
    return counts


def name_of(identifier: str | None, people: Mapping[str, PersonEntry]) -> str:
    """Return what a person is called, the id where nobody has it, or nothing."""
    if not identifier:
        return ""
    found = people.get(identifier)
    return found.name if found is not None else identifier


def holder_value(record: Investment, name: str, people: Mapping[str, PersonEntry]) -> str:
    """Return who is named in a field of a record, as a filter looks for a person."""
    identifier = getattr(record, name)
    return person_value(identifier, name_of(identifier, people))


class Item:
    """An investment or service with its findings, as a row of a list."""

    __slots__ = ("_dues", "confidence", "entry", "findings", "id", "manager", "owner", "people", "served_by", "served_name", "stage", "text", "title", "today", "unit", "unit_name")  # fmt: skip

    def __init__(
        self,
        entry: InvestmentEntry,
        unit: UnitEntry,
        portfolio: Portfolio,
        findings: Iterable[Finding],
    ) -> None:
        record = entry.record
        self.id = record.id
        self.entry = entry
        self.people = portfolio.people
        self.title = record.title
        self.unit = unit.record.id
        self.stage = record.stage or ""
        self.owner = name_of(record.outcome_owner, self.people)
        self.manager = name_of(record.relationship_manager, self.people)
        serving = entry.facts.managed_by
        self.served_by = serving if serving in portfolio.managers else None
        self.served_name = name_of(self.served_by, self.people)
        self.confidence = record.confidence or ""
        self.findings = counts_of(findings)
        self.unit_name = unit.name
        self.today = portfolio.today
        self._dues: tuple[Due, ...] | None = None
        words = (
            record.id, record.title, self.unit_name, self.stage, self.owner, self.manager,
            self.confidence, record.outcome_owner or "", record.relationship_manager or "",
        )  # fmt: skip
        self.text = "\n".join(words).lower()

    @property
    def dues(self) -> tuple[Due, ...]:
        """What is due of it and of its outcomes; worked out when it is first asked for."""
        if self._dues is None:
            self._dues = tuple(item_dues(self.entry, self.today))
        return self._dues

    @property
    def review_overdue(self) -> bool:
        """Whether its next review has passed, and it is neither stopped nor retired."""
        due = review_due(self.entry, self.today)
        return due is not None and due.late

    @property
    def is_overdue(self) -> bool:
        """Whether anything that is due of it is late."""
        return any(due.late for due in self.dues)

    def holder(self, name: str) -> str:
        """Return who is named in a field of the record, as a filter looks for a person."""
        return holder_value(self.entry.record, name, self.people)

    @property
    def spend(self) -> float:
        """Its whole spend."""
        return self.entry.facts.spend_total

    @property
    def improved(self) -> tuple[int, int]:
        """How many of its outcomes are improved or at their target, and how many there are."""
        return self.entry.facts.outcomes_improved, len(self.entry.outcomes)

    @property
    def next_review(self) -> str:
        """The day of its next review, or nothing."""
        day = self.entry.record.next_review
        return day.isoformat() if day is not None else ""


def items_of(portfolio: Portfolio, findings: Iterable[Finding]) -> dict[str, Item]:
    """Return every investment and service by id, the first where an id is used twice."""
    found: dict[str, list[Finding]] = {}
    for each in findings:
        item = item_of(each.subject)
        if item is not None:
            found.setdefault(item, []).append(each)
    items: dict[str, Item] = {}
    for unit in portfolio.units.values():
        for entry in unit.investments:
            identifier = entry.record.id
            if identifier not in items:
                items[identifier] = Item(entry, unit, portfolio, found.get(identifier, ()))
    return items


def _written(key: str) -> Callable[[Item], Value]:
    """Return what finds the text of a field of the record."""
    name = field(Investment, key).name

    def find(i: Item) -> Value:
        value = getattr(i.entry.record, name)
        return str(value).lower() if value is not None else None

    return find


def _day(name: str) -> Callable[[Item], Value]:
    """Return what finds a day of the record."""

    def find(i: Item) -> Value:
        day = getattr(i.entry.record, name)
        return day.isoformat() if day is not None else None

    return find


def _named_in(name: str) -> Callable[[Item], Value]:
    """Return what finds who is named in a field of the record."""
    return lambda i: i.holder(name)


ITEM_FIELDS: FilterFields[Item] = FilterFields(
    FilterField("id", _written("id")),
    FilterField("title", _written("title")),
    FilterField("unit", lambda i: f"{i.unit}\n{i.unit_name}".lower()),
    FilterField("stage", _written("stage")),
    FilterField("type", _written("type")),
    FilterField("purpose", _written("purpose")),
    FilterField("owner", _named_in("outcome_owner")),
    FilterField("manager", _named_in("relationship_manager")),
    FilterField("served", lambda i: person_value(i.served_by, i.served_name)),
    *(FilterField(holder.key, _named_in(holder.name)) for holder in holders(Investment)),
    FilterField("lead", _named_in("delivery_lead")),
    FilterField("confidence", _written("confidence")),
    FilterField("spend", lambda i: float(i.spend), "amount"),
    FilterField("reach", lambda i: i.entry.facts.line_of_sight),
    FilterField("findings", lambda i: float(sum(i.findings[s] for s in SEVERITIES)), "amount"),
    FilterField("errors", lambda i: float(i.findings["error"]), "amount"),
    FilterField("warnings", lambda i: float(i.findings["warning"]), "amount"),
    FilterField("review", lambda i: i.next_review, "day"),
    FilterField("start", _day("start"), "day"),
    FilterField("end", _day("last_day"), "day"),
    FilterField("rule", lambda i: "\n".join(f.rule.lower() for f in i.findings.found)),
    FilterField("objective", _written("objective")),
)
"""What a filter can name in an item, in the room and on the command line."""

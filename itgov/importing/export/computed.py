"""The tables of an export that follow from the files: they are written, and never taken back."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from msgspec import Struct, json

import itgov
from itgov.files.document import Document
from itgov.files.linked import Linked
from itgov.files.places import locate
from itgov.files.repository_roots import CONFIG
from itgov.files.sources import Version
from itgov.importing.export.tables import Column, Table, Value, column_kind
from itgov.insight.governed import Governed
from itgov.model.facts import OutcomeFacts
from itgov.model.fields import described, fields_of
from itgov.model.filtered import FoundItems
from itgov.model.finding import Finding, item_of
from itgov.model.plan import PARTS
from itgov.model.portfolio import InvestmentEntry, Source

FORMAT = "itgov export"
SCHEMA = 1
_INVESTMENT = Column("investment", "text", "The investment that it is about.", "investments")
_UNIT = Column("business_unit", "text", "The business unit.", "business_units")


def _text(name: str, says: str) -> Column:
    return Column(name, "text", says)


FINDINGS = Table(
    "findings",
    "What fails a rule: a row for each subject and rule.",
    ("fingerprint",),
    (
        _text("fingerprint", "The same from run to run as long as the finding stands."),
        _text("rule", "The rule's id."),
        _text("name", "The rule's name."),
        _text("severity", "error, warning or info."),
        _UNIT,
        _text("subject_kind", "What the subject is."),
        _text("subject_id", "The subject's id."),
        _INVESTMENT,
        _text("field", "The field that it points at."),
        _text("message", "What is wrong."),
        _text("fix", "What to do."),
        Column("waived", "truth", "Whether a waiver holds."),
        _text("waiver_reason", "Why it is waived."),
        Column("unevaluated", "truth", "Whether the rule could not be evaluated: never a pass."),
        _text("path", "The file."),
        Column("line", "whole", "The line, from 1."),
    ),
)
HEALTH = Table(
    "health",
    "Engagement health: a row for each business unit.",
    ("business_unit",),
    (
        _UNIT,
        Column("score", "number", "0 to 100; blank where there is insufficient evidence."),
        _text("band", "healthy, attention, at risk or insufficient evidence."),
        Column("coverage", "number", "Share of the weight that could be judged, 0 to 1."),
        Column("measured", "number", "The score of the part that could be judged, before caps."),
        Column("capped_at", "number", "The cap that holds the score down."),
        _text("capped_by", "Why there is that cap."),
    ),
)
DIMENSIONS = Table(
    "health_dimensions",
    "Engagement health by dimension: a row for each business unit and dimension.",
    ("business_unit", "dimension"),
    (
        _UNIT,
        _text("dimension", "The dimension's id."),
        _text("title", "Its title."),
        Column("weight", "number", "Its weight in the score."),
        Column("score", "number", "Share that holds, 0 to 1, by spend; blank: not judged."),
        Column("count", "number", "The same share with each judgement counted once."),
        Column("evidence", "number", "Share of what it applies to that could be judged, 0 to 1."),
        Column("lost", "number", "Points lost, before caps."),
        _text("unknown", "Why nothing could be judged."),
    ),
)
_MONEY = {
    "spend_to_date": "Actual of each year up to the current one; without one its budget, the current year's by days; of a proposal the actual alone.",
    "planned_to_date": "Planned value up to the day.",
    "realised_to_date": "Realised value up to the day, as results say.",
    "realised_confirmed": "The part of it that the business confirms.",
    "unmeasured_to_date": "Planned for the days after the last measured one.",
    "planned_to_come": "Planned value to come, to the end of the third fiscal year after this.",
    "expected_to_come": "Value to come that its owners expect now.",
    "expected_assumed": "The part of it that rests on no forecast.",
    "fading_to_come": "Value to come of outcomes that fell back from their target or hold under 0.8.",
    "planned_undated": "Promised a year, without a day on which it begins.",
    "spend_promising_none": "Spent on what promises no money.",
    "spend_stopped_without_value": "Spent on what was stopped, beyond the value realised of it.",
}
"""Sums of an investment, each benefit counted once: they add up to what `itgov value` says."""
VALUE = Table(
    "value",
    "Value for money, as `itgov value` has it: a row for each investment; sums of it are right.",
    ("investment",),
    (
        _INVESTMENT,
        _UNIT,
        _text(
            "line_of_sight",
            "Line of sight, none to met: the shortest of its outcomes.",
        ),
        *(Column(name, "number", says) for name, says in _MONEY.items()),
    ),
)
_FACTS = [f for f in fields_of(OutcomeFacts) if not f.many]
OUTCOME_FACTS = Table(
    "outcome_facts",
    "What follows from each outcome and its results by itself: do not sum it, a benefit may be claimed twice.",
    ("outcome",),
    (
        Column("outcome", "text", "The outcome.", "outcomes"),
        *(
            Column(
                f.key,
                column_kind(f),
                described(OutcomeFacts)[f.key].words,
                {"investment": "investments", "business_unit": "business_units"}.get(f.key),
            )
            for f in _FACTS
        ),
    ),
)
RECORDS = Table(
    "records",
    "Where each record stands, and what it said when it was exported: keep it for taking back.",
    ("kind", "id"),
    (
        _text("kind", "What the record is."),
        _text("id", "Its id."),
        _text("path", "Its file."),
        Column("line", "whole", "Its line, from 1."),
        _text("digest", "A hash of what it says."),
    ),
)
LEFT_OUT = Table(
    "left_out",
    "What the files hold and the tables do not.",
    ("what", "where"),
    (
        _text("what", "What it is."),
        _text("where", "The file or record."),
        Column("count", "whole", "How many."),
        Column("is_loss", "truth", "Whether it should be in a table and could not be."),
        _text("why", "Why."),
    ),
)
META = Table(
    "meta",
    "What the export is of.",
    ("key",),
    (_text("key", "What is said."), _text("value", "What it is.")),
)


class LeftOut(Struct, frozen=True):
    """Something that the files hold and no table does."""

    what: str
    where: str
    count: int
    is_loss: bool
    """Whether it belongs into a table."""
    why: str


class Facts(Struct):
    """What computed tables are made of."""

    governed: Governed
    unit: str | None
    left_out: list[LeftOut]
    """What turns up while tables are written is added before the table of it is."""
    found: FoundItems | None = None
    """The items that tables are of, where a filter chose them."""

    def rows(self, name: str) -> Iterator[list[Value]]:
        """Yield the rows of a computed table, in the order of its columns."""
        made = {
            "findings": self._findings, "health": self._health,
            "health_dimensions": self._dimensions, "value": self._value,
            "outcome_facts": self._outcome_facts, "records": self._records,
            "left_out": self._left_out, "meta": self._meta,
        }  # fmt: skip
        return made[name]()

    def _findings(self) -> Iterator[list[Value]]:
        for f in self.governed.judged.findings:
            if self.unit is not None and f.business_unit != self.unit:
                continue
            item = item_of(f.subject)
            if self.found is not None and item is not None and item not in self.found.ids:
                continue
            yield [
                f.fingerprint, f.rule, f.name, f.severity, f.business_unit, f.subject.kind,
                f.subject.id, item, f.field, f.message, f.fix or None, f.waived,
                f.waiver_reason, f.unevaluated, f.path, f.line,
            ]  # fmt: skip

    def _health(self) -> Iterator[list[Value]]:
        for u in self.governed.health.units:
            if self.unit in (None, u.id):
                cap = u.capped_by
                yield [
                    u.id, u.score, u.band, u.coverage, u.measured,
                    cap.at_most if cap else None, cap.because if cap else None,
                ]  # fmt: skip

    def _dimensions(self) -> Iterator[list[Value]]:
        for u in self.governed.health.units:
            if self.unit in (None, u.id):
                for d in u.dimensions:
                    yield [
                        u.id, d.id, d.title, d.weight, d.score, d.count, d.evidence, d.lost,
                        d.unknown,
                    ]  # fmt: skip

    def _items(self) -> Iterator[tuple[str, InvestmentEntry]]:
        for id_, unit in self.governed.linked.portfolio.units.items():
            if self.unit in (None, id_):
                for entry in unit.investments:
                    if self.found is None or entry.record.id in self.found.ids:
                        yield id_, entry

    def _value(self) -> Iterator[list[Value]]:
        for unit, entry in self._items():
            sums = [getattr(entry.sums, name) / PARTS for name in _MONEY]
            yield [entry.record.id, unit, entry.facts.line_of_sight, *sums]

    def _outcome_facts(self) -> Iterator[list[Value]]:
        for _, entry in self._items():
            for each in entry.outcomes:
                facts = [getattr(each.facts, f.name) for f in _FACTS]
                yield [f"{entry.record.id}/{each.record.id}", *facts]

    def _records(self) -> Iterator[list[Value]]:
        from itgov.importing.export.rows import entries

        linked = self.governed.linked
        for root, id_, record, source, _ in entries(linked.portfolio, self.unit, None, self.found):
            place = locate(linked.documents, source, None)
            yield [root.kind, id_, place.path, place.line, digest(record)]

    def _left_out(self) -> Iterator[list[Value]]:
        for each in self.left_out:
            yield [each.what, each.where, each.count, each.is_loss, each.why]

    def _meta(self) -> Iterator[list[Value]]:
        portfolio = self.governed.linked.portfolio
        organisation = portfolio.organisation.record
        yield ["format", FORMAT]
        yield ["schema", str(SCHEMA)]
        yield ["itgov", itgov.__version__]
        yield ["organisation", organisation.id]
        yield ["name", organisation.name]
        yield ["currency", organisation.currency]
        yield ["fiscal_year_start", str(organisation.fiscal_year_start)]
        yield ["as_of", portfolio.today.isoformat()]
        yield ["unit", self.unit]
        if self.found is not None:
            yield ["filter", f"{self.found.told.share}: {self.found.told.filter}"]


def digest(record: Struct) -> str:
    """Return a hash of all that a record says, by which it is known to be unchanged."""
    return hashlib.sha256(json.encode(record, order="sorted")).hexdigest()[:16]


# -- what no table holds -----------------------------------------------------------------------


def left_out(linked: Linked, version: Version[Any]) -> list[LeftOut]:
    """Return what the files hold and the tables do not, by kind and file."""
    why = "it cannot be read"
    found = [LeftOut("file", path, 1, True, why) for path in linked.unread]
    found += [
        LeftOut(f"record or value ({f.rule})", f"{f.path}:{f.line}", 1, True, f.message)
        for f in linked.findings
        if f.path not in linked.unread and _loses(f)
    ]
    own = {s.path for s in _sources(linked)}
    for path, document in sorted(linked.documents.items()):
        if path in own and (count := _comments(document)):
            found.append(LeftOut("comments", path, count, False, "tables have none"))
    portfolio = linked.portfolio
    why = "there is no table of them"
    minutes = [LeftOut("review minutes", e.source.path, 1, False, why) for e in portfolio.minutes]
    found += [
        *minutes,
        *(LeftOut("scenario", e.source.path, 1, False, why) for e in portfolio.scenarios),
    ]
    if version.source.file(CONFIG) is not None:
        found.append(LeftOut("settings", CONFIG, 1, False, why))
    found += [
        LeftOut("further file of a business unit", path, 1, False, "tables have no files")
        for unit in portfolio.units.values()
        for path in unit.paths[1:]
    ]
    found += [LeftOut("rules", raw.path, 1, False, why) for raw in version.rule_files]
    return found


def _loses(finding: Finding) -> bool:
    """Say whether what a finding on a file is about is in no record."""
    is_broken = finding.rule[:3] in ("YML", "MOD") and finding.severity == "error"
    return is_broken or finding.rule == "REF-006"


def _sources(linked: Linked) -> Iterator[Source]:
    portfolio = linked.portfolio
    yield portfolio.organisation.source
    for person in portfolio.people.values():
        yield person.source
    for manager in portfolio.managers.values():
        yield manager.source
    for unit in portfolio.units.values():
        yield unit.source
        for path in unit.paths:
            yield Source(path, ())


_NOTE = re.compile(r"(?:^|(?<=\s))#", re.MULTILINE)


def _comments(document: Document) -> int:
    """Return how many lines end in a comment: those with a `#` outside of keys and values."""
    text = document.text
    parts: list[str] = []
    at = 0
    for entry in range(1, len(document.keys)):
        if document.sizes[entry] > 1:
            continue
        key = document.keys[entry]
        if isinstance(key, str):
            start = document.starts[entry]
            parts.append(text[at:start])
            at = max(at, start + len(key))
        parts.append(text[at : document.values[entry]])
        at = max(at, document.ends[entry])
    parts.append(text[at:])
    return sum(bool(_NOTE.search(line)) for line in "x".join(parts).split("\n"))


@lru_cache(maxsize=1)
def all_tables() -> dict[str, Table]:
    """Return every table of an export, by name."""
    from itgov.importing.export.tables import record_tables

    records = record_tables()
    first = list(records)[:7]
    order = [*(records[n] for n in first), FINDINGS, HEALTH, DIMENSIONS, VALUE, OUTCOME_FACTS]
    order += [t for n, t in records.items() if n not in first]
    return {t.name: t for t in (*order, RECORDS, LEFT_OUT, META)}

"""`itgov due` laid out: what is overdue, then what comes due, a line for each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from itgov.insight.due_types import DUE_WORDS, DueReport, PlacedDue
from itgov.report.blocks import (
    Block,
    Column,
    Heading,
    Id,
    Lines,
    Para,
    Strong,
    Table,
    Text,
    Title,
    Words,
)
from itgov.report.figures import UNKNOWN
from itgov.report.words import plural

_COLUMNS = [
    Column("due", "head"), Column("what"), Column("in words", "wide", 60), Column("of"),
    Column("asked", "words", 30), Column("business unit", "words", 30),
]  # fmt: skip
_SPARE = [(5,), (4,)]
"""The columns that a narrow terminal does without, the first first."""


def due_document(report: DueReport) -> Iterator[Block]:
    """Lay out what is due."""
    until = f"up to {report.until}" if report.until is not None else "on any day"
    whose = [*report.units, *report.people]
    below = f"of {', '.join(whose)}" if whose else ""
    yield Title(f"what comes due, {until}", report.organisation, report.as_of, below)
    late = [placed for placed in report.dues if placed.due.late]
    others = [placed for placed in report.dues if not placed.due.late]
    if late:
        yield Heading(f"Overdue: {len(late):,}", everywhere=True)
        yield _table(late)
    if others:
        yield Heading(f"Due: {len(others):,}", everywhere=True)
        yield _table(others)
    if not report.dues:
        yield Para("Nothing is due.")
    if report.later:
        yield Lines([f"{plural(report.later, 'date')} later, not listed (--all lists them)."])


def _table(dues: Sequence[PlacedDue]) -> Table:
    return Table(_COLUMNS, [_row(placed) for placed in dues], _SPARE)


def _row(placed: PlacedDue) -> list[Words]:
    due = placed.due
    day: Words = Strong(str(due.day), "warning") if due.late else str(due.day)
    return [
        day, DUE_WORDS[due.kind], Text(due.what), Id(due.subject.id),
        Text(placed.name or UNKNOWN), Text(placed.unit_name or UNKNOWN),
    ]  # fmt: skip

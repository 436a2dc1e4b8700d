"""What imports have marked of the figures of a line, taken apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from itgov.insight.imported_marks import ImportedMarks
from itgov.insight.why_paths import Entry, PathReader
from itgov.insight.why_types import Figure, Parts, WhyInput
from itgov.model.imported import older_amounts
from itgov.model.portfolio import InvestmentEntry
from itgov.model.types import GONE, IMPORTED, OLDER


def noted_gone(reader: PathReader, subject: Entry) -> Iterator[WhyInput]:
    """Yield the day that an import has noted."""
    if isinstance(subject, InvestmentEntry) and subject.facts.gone_since is not None:
        route = ("custom", IMPORTED, GONE)
        yield reader.input_of(subject, ".".join(route), subject.facts.gone_since, *route)


def noted_older(reader: PathReader, subject: Entry) -> Iterator[WhyInput]:
    """Yield the amounts that an import has noted as those of an older table."""
    if not isinstance(subject, InvestmentEntry):
        return
    for found in older_amounts(subject.record):
        route = ("spend", found.index, found.field)
        says = f"{subject.record.id}: {found.field} of {found.year}, named in custom.{IMPORTED}.{OLDER}"
        yield reader.input_of(subject, says, found.amount, *route)


def imported_figures(
    reader: PathReader, prefix: str, marks: ImportedMarks, items: Sequence[InvestmentEntry]
) -> Iterator[Figure]:
    """Yield what imports have marked of some items."""
    gone = [e for e in items if e.facts.gone_since is not None]
    older = [e for e in items if e.facts.spend_of_older_tables]
    counted: list[tuple[str, int, str, list[InvestmentEntry]]] = [
        ("gone_items", marks.gone_items, "that the imported tables no longer have", gone),
        (
            "gone_active",
            marks.gone_active,
            "of these that are still active",
            [e for e in gone if e.facts.is_active],
        ),
        ("older_items", marks.older_items, "with amounts of an older table", older),
    ]
    for name, value, words, entries in counted:
        yield Figure(
            f"{prefix}imported.{name}",
            value,
            f"Number of items {words}.",
            lambda entries=entries: Parts("count", [_item(reader, e) for e in entries]),  # type: ignore[misc]
        )
    for name in ("budget", "actual"):
        total = f"{name}_total"
        yield Figure(
            f"{prefix}imported.gone.{name}",
            getattr(marks.gone, name),
            f"Recorded {name} of items that the imported tables no longer have.",
            lambda total=total: Parts(  # type: ignore[misc]
                "sum", [reader.derived(e, total, getattr(e.facts, total)) for e in gone]
            ),
        )
        yield Figure(
            f"{prefix}imported.older.{name}",
            getattr(marks.older, name),
            f"Recorded {name} of older tables that a newer one leaves blank.",
            lambda name=name: Parts("sum", list(_amounts(reader, older, name))),  # type: ignore[misc]
        )


def _item(reader: PathReader, entry: InvestmentEntry) -> WhyInput:
    name = "gone_since" if entry.facts.gone_since is not None else "spend_of_older_tables"
    return reader.derived(entry, name, getattr(entry.facts, name), entry.record.id)


def _amounts(
    reader: PathReader, entries: Iterable[InvestmentEntry], name: str
) -> Iterator[WhyInput]:
    for entry in entries:
        for found in older_amounts(entry.record):
            if found.field == name:
                says = f"{entry.record.id}: {name} of {found.year}"
                yield reader.input_of(entry, says, found.amount, "spend", found.index, name)

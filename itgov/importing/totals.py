"""Control totals: what each column of money sums to in its file, and what became of that money.

The sum of the source is read from the file's rows themselves; what was imported is added up from
the amounts that the investments hold.  Both are made apart from each other, so that money which is
lost on the way shows as a difference.
"""

from __future__ import annotations

from fractions import Fraction

from msgspec import Struct

from itgov.importing import mapping as m
from itgov.importing.draft import Amount, Draft, Import
from itgov.importing.fields import FieldReader, TableRow
from itgov.importing.row_results import RowResults
from itgov.importing.tables import SourceTable, header_key
from itgov.importing.trouble import CellProblem, rows_text
from itgov.importing.values import one_line
from itgov.importing.walk import KINDS, table_of, uses, value_columns
from itgov.model.text import plural

MOSTLY = 0.5
"""Share of a column's filled cells above which unread ones stop the import."""


class NotImported(Struct):
    """Money of a column that no investment holds: why, how much, and in which rows."""

    reason: str
    amount: int | float
    rows: list[int]
    is_meant: bool = False
    """Whether the mapping asks for it (`skip`), or a newer report says otherwise."""


class ColumnTotal(Struct):
    """One column of money in one file, in the portfolio's currency.

    `source` is imported + merged + skipped + the difference.
    """

    table: str
    path: str
    column: str
    field: str
    source: int | float = 0
    imported: int | float = 0
    merged: int | float = 0
    """Replaced by a newer report, or the same row once more."""
    skipped: int | float = 0
    """In rows or columns that the mapping leaves out."""
    difference: int | float = 0
    """Not imported, though nobody asked for that: `not_imported` says why."""
    filled: int = 0
    unread: list[int] = []
    faulty: int = 0
    """How many of them hold no value at all: failed formulas, or ones whose value was not saved."""
    """Rows whose cell could not be read, so that their amount is in no sum."""
    not_imported: list[NotImported] = []

    @property
    def is_sound(self) -> bool:
        """Whether all money of the column was imported, or left out on purpose."""
        return not self.unread and not any(not n.is_meant for n in self.not_imported)

    @property
    def is_mostly_unread(self) -> bool:
        """Whether most of the filled cells could not be read."""
        return len(self.unread) - self.faulty > MOSTLY * self.filled

    def lines(self, most: int | None = 12) -> list[str]:
        """Return the total as lines of text."""
        parts = [f"source {_money(self.source)}", f"imported {_money(self.imported)}"]
        parts += [f"merged {_money(self.merged)}"] if self.merged else []
        parts += [f"skipped {_money(self.skipped)}"] if self.skipped else []
        parts += [f"unread {plural(len(self.unread), 'cell')}"] if self.unread else []
        parts.append(f"difference {_money(self.difference)}")
        name = f"`{self.column}`" if self.column else "a fixed amount"
        lines = [f"{self.path}: {name} ({self.field}): {', '.join(parts)}"]
        lines += [
            f"    {'' if n.is_meant else 'NOT IMPORTED: '}{_money(n.amount)}: {n.reason} "
            f"(rows {rows_text(n.rows, most)})"
            for n in self.not_imported
        ]
        if self.unread:
            lines.append(
                f"    NOT IMPORTED: {plural(len(self.unread), 'cell')} of {self.filled:,} that "
                f"cannot be read, in no sum (rows {rows_text(self.unread, most)})"
            )
        return lines


class _Tally:
    """Adds up one column; exact, so that a difference is never one of rounding."""

    def __init__(self, table: SourceTable, column: str, field: str) -> None:
        self.table, self.column, self.field = table, column, field
        self.sums: dict[str, Fraction] = {}
        self.reasons: dict[tuple[str, bool], tuple[Fraction, list[int]]] = {}
        self.filled = 0
        self.unread: list[int] = []
        self.faulty = 0

    def add(self, part: str, amount: int | float) -> None:
        self.sums[part] = self.sums.get(part, Fraction(0)) + _exact(amount)

    def leave_out(self, part: str, reason: str, amount: int | float, row: int) -> None:
        self.add(part, amount)
        key = (reason, part != "lost")
        before, rows = self.reasons.get(key, (Fraction(0), []))
        rows.append(row)
        self.reasons[key] = before + _exact(amount), rows

    def total(self) -> ColumnTotal:
        def part(name: str) -> Fraction:
            return self.sums.get(name, Fraction(0))

        known = part("imported") + part("merged") + part("skipped")
        return ColumnTotal(
            self.table.name,
            self.table.path,
            self.column,
            self.field,
            source=_number(part("source")),
            imported=_number(part("imported")),
            merged=_number(part("merged")),
            skipped=_number(part("skipped")),
            difference=_number(part("source") - known),
            filled=self.filled,
            unread=self.unread,
            faulty=self.faulty,
            not_imported=[
                NotImported(reason, _number(amount), rows, is_meant)
                for (reason, is_meant), (amount, rows) in self.reasons.items()
            ],
        )


def control_totals(
    mapping: m.Mapping,
    tables: dict[str, list[SourceTable]],
    reader: FieldReader,
    results: RowResults,
    drafts: list[Draft],
) -> list[ColumnTotal]:
    """Return the control total of each column that the mapping reads as spend."""
    held: dict[tuple[str, int, str, str], Amount] = {}
    read: set[tuple[str, int]] = set()
    for draft in drafts:
        at = (draft.place.table.path, draft.place.row.number)
        read.add(at)
        for amount in draft.amounts:
            held[*at, amount.column, amount.field] = amount
    found: dict[tuple[str, str, str], _Tally] = {}
    for source in mapping.investments:
        for table in tables.get(table_of(mapping, source), []):
            for spend in source.spend:
                for field in ("budget", "actual", "forecast"):
                    spec = getattr(spend, field)
                    while spec is not None:
                        for column in dict.fromkeys(value_columns(spec)):
                            key = (table.path, column, field)
                            if table.position(column) is not None and key not in found:
                                found[key] = _Tally(table, column, field)
                                _scan(found[key], spec, reader, results, held, read)
                        spec = spec.else_ if isinstance(spec, m.Spec) else None
    return [tally.total() for tally in found.values()]


def _scan(
    tally: _Tally,
    spec: m.Field,
    reader: FieldReader,
    results: RowResults,
    held: dict[tuple[str, int, str, str], Amount],
    read: set[tuple[str, int]],
) -> None:
    """Read a column's cells once more, row by row, and say what became of each amount."""
    table, column, field = tally.table, tally.column, tally.field
    at = table.position(column)
    faults = {f.row for f in table.faults if f.at == at}
    for row in table.rows:
        place = TableRow(table, row)
        tally.faulty += row.number in faults
        amount, is_unread, is_filled = reader.amount(spec, field, place, column)
        tally.filled += is_filled or row.number in faults
        if is_unread or row.number in faults:
            tally.unread.append(row.number)
        if amount is None:
            continue
        tally.add("source", amount)
        one = held.get((table.path, row.number, column, field))
        if one is not None and one.fate == "imported":
            tally.add("imported", one.value)
        elif one is not None and one.is_merged:
            tally.leave_out("merged", one.reason, amount, row.number)
        elif one is not None:
            tally.leave_out("lost", one.reason, amount, row.number)
        elif (table.path, row.number) in read:
            tally.leave_out(
                "skipped", "another column of the field is read first", amount, row.number
            )
        else:
            reason, is_meant = results.skipped(place)
            tally.leave_out("skipped" if is_meant else "lost", reason, amount, row.number)
    for unusable in table.unusable:
        if unusable.row is None:  # blank, a total or the header once more: no money of its own
            continue
        place = TableRow(table, unusable.row)
        amount, is_unread, is_filled = reader.amount(spec, field, place, column)
        tally.filled += is_filled
        if is_unread:
            tally.unread.append(unusable.number)
        if amount is not None:
            tally.add("source", amount)
            tally.leave_out("lost", unusable.reason, amount, unusable.number)


def unread_dates(
    mapping: m.Mapping, tables: dict[str, list[SourceTable]], problems: list[CellProblem]
) -> list[tuple[str, str]]:
    """Return path and name of each column of dates of which most filled cells are none."""
    unread: dict[tuple[str, str], int] = {}
    for problem in problems:
        if problem.left_out:
            key = (problem.path, header_key(problem.column))
            unread[key] = unread.get(key, 0) + 1
    found: dict[tuple[str, str], None] = {}
    for use in uses(mapping):
        kind = use.spec.as_ if isinstance(use.spec, m.Spec) else None
        if (kind or KINDS[use.field][0]) != "date":
            continue
        for table in tables.get(use.table, []):
            for column in value_columns(use.spec):
                if bad := unread.get((table.path, header_key(column)), 0):
                    filled = sum(bool(one_line(table.cell(r, column))) for r in table.rows)
                    if bad > MOSTLY * filled:
                        found[table.path, column] = None
    return list(found)


def unaccounted(totals: list[ColumnTotal], imports: list[Import], drafts: list[Draft]) -> float:
    """Return by how much the investments hold more or less than the totals say was imported."""
    counted = sum((_exact(t.imported) for t in totals), Fraction(0))
    counted += sum(
        (
            _exact(a.value)
            for d in drafts
            for a in d.amounts
            if not a.column and a.fate == "imported"
        ),
        Fraction(0),
    )
    holds = sum(
        (
            _exact(amount)
            for i in imports
            for row in i.record.spend
            for amount in (row.budget, row.actual, row.forecast)
            if amount is not None
        ),
        Fraction(0),
    )
    return float(_number(holds - counted))


def _exact(amount: int | float) -> Fraction:
    """Return the amount as it is written: 0.1 is a tenth."""
    return Fraction(repr(amount))


def _number(amount: Fraction) -> int | float:
    return int(amount) if amount.denominator == 1 else float(amount)


def _money(amount: int | float) -> str:
    return f"{amount:,}" if isinstance(amount, int) else f"{round(amount, 2):,}"

"""Control totals: what each column of money sums to in its file, and what became of that money.

The sum of the source is read from the file's rows themselves; what was imported is added up from
the amounts that the investments hold.  Both are made apart from each other, so that money which is
lost on the way shows as a difference.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct, structs

from itgov.importing import mapping as m
from itgov.importing.amounts import SPEND, Amount, MoneyUse, kept_money, money_uses, total
from itgov.importing.conditions import holds
from itgov.importing.draft import Import
from itgov.importing.fields import FieldReader
from itgov.importing.other_sheets import of_any_year
from itgov.importing.row_results import RowResults
from itgov.importing.stated import TableRow
from itgov.importing.tables import SourceTable, header_key
from itgov.importing.trouble import rows_text, shown
from itgov.importing.units import unit_in_name
from itgov.importing.values import one_line
from itgov.importing.walk import columns_of, other_columns, uses, value_columns
from itgov.model.text import plural
from itgov.model.types import Investment

_NO_FIELD = "no field"
"""What is said in place of a field where none reads an amount."""

_NO_SPEND = "no field of spend"
"""The same where a field keeps it under `custom`."""

_PERHAPS = "it may be money, and no field reads it as such; if it is none, see `perhaps_money`"

_KEPT = "it may be spend, and is only kept under `custom`; if it is none, see `perhaps_money`"

_NAMELESS = "its column has no name, and no field reads it; give it one, or read it under `custom`"

_ELSEWHERE = (
    "on a sheet with the columns of the one that is read; import that by itself, with `sheet` in "
    "the mapping or, without one, `--sheet`; or take it out of the workbook"
)

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
    """Rows whose cell could not be read, so that their amount is in no sum."""
    faulty: int = 0
    """How many of them hold no value at all: failed formulas, or ones whose value was not saved."""
    withheld: int = 0
    """Cells that say that the amount is not published."""
    not_imported: list[NotImported] = []
    is_perhaps: bool = False
    """Whether no field reads it, so that nothing of it is imported, and it only may be meant."""
    sums: list[NotImported] = []
    """Rows that are sums of others, in none of these figures."""

    @property
    def is_sound(self) -> bool:
        """Whether all money of the column was imported, or left out on purpose."""
        return not self.unread and not any(not n.is_meant for n in self.not_imported)

    @property
    def is_mostly_unread(self) -> bool:
        """Whether most of the filled cells of a field could not be read."""
        return not self.is_perhaps and len(self.unread) - self.faulty > MOSTLY * self.filled

    def lines(self, most: int | None = 12) -> list[str]:
        """Return the total as lines of text."""
        parts = [f"source {_money(self.source)}", f"imported {_money(self.imported)}"]
        parts += [f"merged {_money(self.merged)}"] if self.merged else []
        parts += [f"skipped {_money(self.skipped)}"] if self.skipped else []
        parts += [f"withheld {plural(self.withheld, 'cell')}"] if self.withheld else []
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
        lines += [
            f"    not counted: {_money(s.amount)}: {s.reason} (rows {rows_text(s.rows, most)})"
            for s in self.sums[:most]
        ]
        if most is not None and (rest := self.sums[most:]):
            more = _money(total(s.amount for s in rest))
            lines.append(f"    not counted: {more} in {len(rest):,} more sums: `--all` lists them")
        return lines


class _Tally:
    """Adds up one column."""

    def __init__(self, table: SourceTable, column: str, use: MoneyUse) -> None:
        self.table, self.column, self.use = table, column, use
        self.parts: dict[str, list[int | float]] = {}
        self.reasons: dict[tuple[str, bool], tuple[list[int | float], list[int]]] = {}
        self.filled = self.faulty = self.withheld = 0
        self.unread: list[int] = []
        self.sums: dict[str, tuple[list[int | float], list[int]]] = {}
        self.unused = ("skipped", "another column of the field is read first")
        """What becomes of amounts that rows with an investment do not use, and why."""

    def add(self, part: str, amount: int | float) -> None:
        self.parts.setdefault(part, []).append(amount)

    def leave_out(self, part: str, reason: str, amount: int | float, row: int) -> None:
        self.add(part, amount)
        if part == "lost" and not amount:
            return  # nothing is lost
        amounts, rows = self.reasons.setdefault((reason, part != "lost"), ([], []))
        amounts.append(amount)
        rows.append(row)

    def total(self) -> ColumnTotal:
        sums = {name: total(found) for name, found in self.parts.items()}
        known = (sums.get(part, 0) for part in ("imported", "merged", "skipped"))
        source = sums.get("source", 0)
        return ColumnTotal(
            self.table.name,
            self.table.path,
            self.column,
            self.use.field,
            source=source,
            imported=sums.get("imported", 0),
            merged=sums.get("merged", 0),
            skipped=sums.get("skipped", 0),
            difference=total([source, *(-amount for amount in known)]),
            filled=self.filled,
            unread=self.unread,
            faulty=self.faulty,
            withheld=self.withheld,
            not_imported=[
                NotImported(reason, total(amounts), rows, is_meant)
                for (reason, is_meant), (amounts, rows) in self.reasons.items()
            ],
            sums=[
                NotImported(reason, total(amounts), rows, True)
                for reason, (amounts, rows) in self.sums.items()
            ],
        )


Held = dict[tuple[str, str, str], dict[int, list[Amount]]]
"""Amounts by path, column and field, and by row."""


def control_totals(
    mapping: m.Mapping,
    tables: dict[str, list[SourceTable]],
    reader: FieldReader,
    results: RowResults,
    imports: list[Import],
) -> list[ColumnTotal]:
    """Return the control total of each column that the mapping reads as money."""
    held: Held = {}
    for amount in (a for found in imports for a in found.amounts):
        rows = held.setdefault((amount.path, amount.column, amount.field), {})
        rows.setdefault(amount.row, []).append(amount)
    found: dict[tuple[str, str, str], _Tally] = {}
    for use in money_uses(mapping):
        for table in tables.get(use.table, []):
            for column in dict.fromkeys(value_columns(use.spec)):
                key = (table.path, column, use.field)
                if table.position(column) is not None and key not in found:
                    found[key] = _Tally(table, column, use)
                    _scan(found[key], reader, results, held)
    totals = [tally.total() for tally in found.values()]
    totals += _read_by_none(mapping, tables, reader, results)
    totals += _perhaps_money(mapping, tables, reader, results)
    return totals + list(_on_other_sheets(mapping, tables, reader))


def _perhaps_money(
    mapping: m.Mapping,
    tables: dict[str, list[SourceTable]],
    reader: FieldReader,
    results: RowResults,
) -> Iterator[ColumnTotal]:
    """Yield what the columns sum to that may be money and that no field reads as such.

    The mapping names them; or they have no name in the file, and nothing reads them.
    """
    kept = kept_money(mapping)
    read = {(u.table, header_key(c)) for u in uses(mapping) for _, c in columns_of(u.spec)}
    read |= {(table, header_key(column)) for _, table, column in other_columns(mapping)}
    for name, spec in mapping.tables.items():
        read |= {(name, header_key(column)) for column in spec.perhaps_money}
        for table in tables.get(name, []):
            why = dict.fromkeys(spec.perhaps_money, _PERHAPS)
            why |= {c: _NAMELESS for c in table.nameless if (name, header_key(c)) not in read}
            for column in (c for c in why if table.position(c) is not None):
                scale = unit_in_name(column)
                how = m.Spec(column=column, as_="money", scale=None if scale == 1 else scale)
                use, said = MoneyUse(_NO_FIELD, "custom", name, how), why[column]
                if (known := kept.get((name, header_key(column)))) is not None:
                    use, said = structs.replace(_in_all_rows(known), field=_NO_SPEND), _KEPT
                tally = _Tally(table, column, use)
                tally.unused = ("lost", said)
                _scan(tally, reader, results, {})
                if tally.parts or tally.unread:
                    yield structs.replace(tally.total(), is_perhaps=True)


def _on_other_sheets(
    mapping: m.Mapping, tables: dict[str, list[SourceTable]], reader: FieldReader
) -> Iterator[ColumnTotal]:
    """Yield what the money columns sum to on sheets like the one that is read."""
    seen: set[tuple[str, str]] = set()
    for use in money_uses(mapping):
        read = {of_any_year(column) for column in value_columns(use.spec)}
        others = (other for table in tables.get(use.table, []) for other in table.other_sheets)
        for other in others:
            for column in other.headers:
                if of_any_year(column) in read and (other.path, column) not in seen:
                    seen.add((other.path, column))
                    tally = _Tally(other, column, _in_all_rows(use))
                    tally.unused = ("lost", _ELSEWHERE)
                    _scan(tally, reader, None, {})
                    if tally.parts or tally.unread:
                        yield structs.replace(tally.total(), is_perhaps=True)


def _read_by_none(
    mapping: m.Mapping,
    tables: dict[str, list[SourceTable]],
    reader: FieldReader,
    results: RowResults,
) -> Iterator[ColumnTotal]:
    """Yield what stands in rows of a column that each of its fields reads in other rows only."""
    by_column: dict[tuple[str, str], list[MoneyUse]] = {}
    for use in money_uses(mapping):
        for column in value_columns(use.spec):
            by_column.setdefault((use.table, column), []).append(use)
    for (name, column), same in by_column.items():
        specs = [use.spec for use in same if isinstance(use.spec, m.Spec) and use.spec.where]
        if len(specs) < len(same):
            continue
        use = _in_all_rows(same[0])
        for table in tables.get(name, []):
            tally = _Tally(table, column, use)
            for place in (TableRow(table, row) for row in table.rows):
                found = reader.amount(use.spec, use.key, place, column)
                if found.is_filled and not any(holds(known, place) for known in specs):
                    tally.filled += 1
                    tally.unread += [place.row.number] if found.is_unread else []
                    if found.amount is not None:
                        tally.add("source", found.amount)
                        said, is_meant = (
                            f"no field reads a row whose {_words(specs[0], place)}",
                            False,
                        )
                        if not results.is_read(place):
                            said, is_meant = results.skipped(place)
                        part = "skipped" if is_meant else "lost"
                        tally.leave_out(part, said, found.amount, place.row.number)
            if tally.filled:
                yield tally.total()


def _in_all_rows(use: MoneyUse) -> MoneyUse:
    """Return how a column is read for no field, whatever its rows say."""
    spec = use.spec
    all_rows = structs.replace(spec, where={}) if isinstance(spec, m.Spec) else spec
    return structs.replace(use, field=_NO_FIELD, spec=all_rows)


def _words(spec: m.Spec, place: TableRow) -> str:
    cells = ((c, one_line(place.table.cell(place.row, c))) for c in spec.where)
    return " and ".join(f"`{shown(c)}` is `{shown(word)}`" for c, word in cells)


def _scan(tally: _Tally, reader: FieldReader, results: RowResults | None, held: Held) -> None:
    """Read a column's cells once more, row by row, and say what became of each amount.

    There are no `results` of a table of which no row was read.
    """
    table, column, use = tally.table, tally.column, tally.use
    at = table.position(column)
    faults = {f.row for f in table.faults if f.at == at}
    known = held.get((table.path, column, use.field), {})
    usable = [(row, row.number, "") for row in table.rows]
    # blank rows and the header once more hold no money; that of sums is that of other rows
    rows = [(u, u.row) for u in table.unusable if u.row is not None]
    for one, row in ((u, row) for u, row in rows if u.is_sum):
        again = reader.amount(use.spec, use.key, TableRow(table, row), column)
        if again.amount is not None:
            amounts, numbers = tally.sums.setdefault(one.reason, ([], []))
            amounts.append(again.amount)
            numbers.append(one.number)
        elif again.is_unread:
            tally.filled += 1
            tally.unread.append(one.number)
    lost = [(row, u.number, u.reason) for u, row in rows if not u.is_sum]
    for row, number, why in [*usable, *lost]:
        place = TableRow(table, row)
        cell = reader.amount(use.spec, use.key, place, column)
        is_faulty = not why and number in faults
        tally.faulty += is_faulty
        tally.filled += cell.is_filled or is_faulty
        tally.withheld += cell.is_withheld
        if cell.is_unread or is_faulty:
            tally.unread.append(number)
        if cell.amount is None:
            continue
        tally.add("source", cell.amount)
        became = known.get(number, [])
        if why:
            tally.leave_out("lost", why, cell.amount, number)
        elif became:
            for amount in became:
                if amount.part == "imported":
                    tally.add("imported", amount.value)
                else:
                    tally.leave_out(amount.part, amount.reason, amount.value, number)
            for amount in became[1:]:  # the mapping reads the column for more than one field
                tally.leave_out("skipped", "it is imported more than once", -amount.value, number)
        elif results is None or results.is_read(place):
            tally.leave_out(*tally.unused, cell.amount, number)
        else:
            reason, is_meant = results.skipped(place)
            tally.leave_out("skipped" if is_meant else "lost", reason, cell.amount, number)


def unaccounted(mapping: m.Mapping, imports: list[Import]) -> float:
    """Return by how much the investments hold more or less money than rows are said to bring."""
    holds: dict[str, list[int | float]] = {}
    fields = {use.field for use in money_uses(mapping)}
    for found in imports:
        for field, amount in _money_in(found.record, fields):
            holds.setdefault(field, []).append(amount)
        for one in found.amounts:
            if one.fate == "imported":
                holds.setdefault(one.field, []).append(-one.value)
    return float(sum(abs(total(amounts)) for amounts in holds.values()))


def _money_in(record: Investment, fields: set[str]) -> Iterator[tuple[str, int | float]]:
    """Yield each amount that an investment holds, with the field that it was read for."""
    for row in record.spend:
        for field in SPEND:
            if (amount := getattr(row, field)) is not None:
                yield field, amount
    for outcome in record.outcomes:
        if outcome.value is not None:
            yield "outcome value", outcome.value
        yield from (("result value", r.value) for r in outcome.results if r.value is not None)
    for name, kept in record.custom.items():
        for part in kept if isinstance(kept, list) else [kept]:
            inner = part if isinstance(part, dict) else {None: part}
            for key, value in inner.items():
                field = f"custom.{name}" if key is None else f"custom.{name}.{key}"
                if field in fields and isinstance(value, (int, float)):
                    yield field, value


def _money(amount: int | float) -> str:
    return f"{amount:,}" if isinstance(amount, int) else f"{round(amount, 2):,}"

"""The account of every row of every table: imported, merged, looked up, or skipped and why."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from itgov.importing.fields import FieldReader
from itgov.importing.stated import TableRow
from itgov.importing.tables import SourceTable
from itgov.importing.trouble import rows_text
from itgov.model.text import plural

RowResult = Literal["imported", "merged", "looked up", "skipped"]


class TableAccount(Struct):
    """What became of the rows of one file.  `rows` is the sum of the other counts."""

    table: str
    path: str
    encoding: str
    rows: int
    imported: int = 0
    merged: int = 0
    looked_up: int = 0
    skipped: dict[str, list[int]] = {}
    """Row numbers by reason."""
    has_rows_too_wide: bool = False
    """Whether rows with figures were skipped that have more cells than the header: what is each of?"""
    columns_left_out: list[str] = []
    notes: list[str] = []

    @property
    def skipped_count(self) -> int:
        """Number of rows that were skipped."""
        return sum(len(r) for r in self.skipped.values())

    @property
    def is_complete(self) -> bool:
        """Say whether every row is accounted for."""
        return self.rows == self.imported + self.merged + self.looked_up + self.skipped_count

    def lines(self, most: int | None = 20) -> list[str]:
        """Return the account as lines of text."""
        parts = [f"{self.imported:,} imported"]
        parts += [f"{self.merged:,} merged"] if self.merged else []
        parts += [f"{self.looked_up:,} looked up"] if self.looked_up else []
        parts += [f"{self.skipped_count:,} skipped"] if self.skipped else []
        lines = [
            f"{self.table}: {self.path} ({self.encoding}): {plural(self.rows, 'row')}: {', '.join(parts)}"
        ]
        lines += [
            f"    {len(rows):,} skipped: {reason} (rows {rows_text(rows, None if most is None else 12)})"
            for reason, rows in self.skipped.items()
        ]
        lines += [f"    note: {note}" for note in self.notes]
        if self.columns_left_out:
            lines.append(f"    columns not read: {', '.join(self.columns_left_out)}")
        return lines


class RowResults:
    """Keeps the result of every row; the first one said of a row holds."""

    def __init__(self) -> None:
        self._results: dict[tuple[str, int], tuple[RowResult, str]] = {}
        self._meant: set[tuple[str, int]] = set()
        self._otherwise: dict[str, str] = {}

    def mark(
        self, place: TableRow, result: RowResult, reason: str = "", is_meant: bool = False
    ) -> None:
        """Say what became of a row; `is_meant` where the mapping asks to leave it out."""
        if is_meant and not self.is_marked(place):
            self._meant.add((place.table.path, place.row.number))
        self._results.setdefault((place.table.path, place.row.number), (result, reason))

    def is_marked(self, place: TableRow) -> bool:
        """Say whether something was said of a row."""
        return (place.table.path, place.row.number) in self._results

    def is_read(self, place: TableRow) -> bool:
        """Say whether a record was made of a row, or added to."""
        result, _ = self._results.get((place.table.path, place.row.number), ("skipped", ""))
        return result in ("imported", "merged")

    def skipped(self, place: TableRow) -> tuple[str, bool]:
        """Return why a row was left out, and whether the mapping asks for it."""
        at = (place.table.path, place.row.number)
        otherwise = self._otherwise.get(place.table.path, "no record is made of it")
        return self._results.get(at, ("skipped", otherwise))[1], at in self._meant

    def account(self, table: SourceTable, used: set[str], otherwise: str) -> TableAccount:
        """Return the account of one file; `otherwise` is said of rows of which nothing was."""
        self._otherwise[table.path] = otherwise
        total = len(table.rows) + len(table.unusable)
        account = TableAccount(
            table.name, table.path, table.encoding, total, notes=list(table.notes)
        )
        for row in table.rows:
            result, reason = self._results.get((table.path, row.number), ("skipped", otherwise))
            if result == "skipped":
                account.skipped.setdefault(reason, []).append(row.number)
            elif result == "imported":
                account.imported += 1
            elif result == "merged":
                account.merged += 1
            else:
                account.looked_up += 1
        for unusable in table.unusable:
            account.skipped.setdefault(unusable.reason, []).append(unusable.number)
            account.has_rows_too_wide |= unusable.is_too_wide
        account.columns_left_out = [h for h in table.headers if h and h.casefold() not in used]
        return account


def note_faults(table: SourceTable, reader: FieldReader) -> None:
    """List the cells that hold no value though something stands in them."""
    rows = {row.number: row for row in table.rows} if table.faults else {}
    for fault in table.faults:
        if fault.row in rows and fault.at < len(table.headers):
            place, column = TableRow(table, rows[fault.row]), table.headers[fault.at]
            reader.problem(place, column, fault.value, fault.message, address=fault.address)

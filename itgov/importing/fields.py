"""From a row to a field: what a `Spec` of the mapping makes of the cells it names."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from functools import lru_cache

from msgspec import Struct

from itgov.importing import dates, words
from itgov.importing import values as v
from itgov.importing.cells import Cell, letters
from itgov.importing.conditions import holds
from itgov.importing.currencies import check_currency
from itgov.importing.mapping import Field, Kind, Mapping, Spec
from itgov.importing.patterns import extracted, matching, reason_of
from itgov.importing.people import read_person
from itgov.importing.stated import CellAmount, Stated, TableRow, Value
from itgov.importing.tables import SourceTable
from itgov.importing.trouble import CellProblem, shown
from itgov.importing.walk import KINDS, template_columns
from itgov.model.fields import choices
from itgov.model.fiscal import fiscal_year_of
from itgov.model.types import Investment

_WORDY = ("text", "line", "slug", "id", "list", "person")
"""Kinds in which `n/a` and the like are words, unless the mapping lists them as missing."""


_REMEMBERED = 50_000
"""Most texts of one column whose reading is remembered."""

_LAST_DAYS = ("end", "due", "ended", "value_until", "as_of")
"""Fields for which a month or quarter means its last day; for others it means the first."""

_AMOUNTS = {"money": v.money, "number": v.number, "percent": v.percent}


_SIMPLE: dict[str, Callable[[Cell], Value]] = {
    "text": v.paragraphs,
    "line": v.one_line,
    "id": lambda cell: v.identifier(v.one_line(cell)),
    "person": read_person,
    "rating": words.rating,
    "direction": words.direction,
    "bool": words.truth,
}


_NOTHING = CellAmount()


class _Memo(Struct):
    """What texts of a column say of a field, with what the key of the memo is the address of."""

    spec: Spec
    table: SourceTable
    column: str
    found: dict[str, Stated | None] = {}
    at: int = 0


class FieldReader:
    """Reads fields from rows by one mapping, and keeps a list of the cells that do not fit."""

    def __init__(self, mapping: Mapping, tables: dict[str, list[SourceTable]]) -> None:
        self.mapping = mapping
        self.tables = tables
        self.problems: dict[tuple[str, int, str, str], CellProblem] = {}
        self.looked_up: set[tuple[str, int]] = set()
        self._indexes: dict[tuple[str, str], dict[str, TableRow]] = {}
        self._is_quiet = False
        self._failed = False
        self._is_doubtful = False
        self._memos: dict[tuple[int, str, int, str], _Memo] = {}
        self._single: dict[tuple[int, str, int], _Memo | None] = {}
        """Memos of fields that are read from one column and nothing else; None for others."""
        self._missing = dict.fromkeys(map(str, mapping.reading.missing), True)

    def read(self, spec: Field | None, field: str, place: TableRow) -> Stated | None:
        """Return what the row states for a field; None where it says nothing."""
        if spec is None:
            return None
        if isinstance(spec, str):
            spec = _plain_column(spec)
        known = (id(spec), field, id(place.table))
        try:
            memo = self._single[known]
        except KeyError:
            memo = self._single[known] = self._memo_of_one(spec, field, place.table)
        if memo is not None:
            cells = place.row.cells
            cell = cells[memo.at] if memo.at < len(cells) else ""
            if cell == "":
                return None
            if type(cell) is not str:
                return self._read(spec, field, place, memo.column, cell)
            if cell in memo.found:
                return memo.found[cell]
            return self._remembered(memo, spec, field, place, cell)
        while spec is not None:
            if isinstance(spec, str):
                spec = _plain_column(spec)
            if spec.where and not holds(spec, place):
                spec = spec.else_
                continue
            for column, cell in self._cells(spec, field, place):
                if (found := self._stated(spec, field, place, column, cell)) is not None:
                    return found
            if (reason := self._explained(spec, place)) is not None:
                return Stated(withheld=reason)
            spec = spec.else_
        return None

    def _memo_of_one(self, spec: Spec, field: str, table: SourceTable) -> _Memo | None:
        """Return the memo of a field's only column, where it has one and nothing else."""
        column = spec.column
        at = table.position(column) if column is not None else None
        if column is None or at is None or spec != Spec(column=column):
            return None
        memo = self._memo(spec, field, table, column)
        memo.at = at
        return memo

    def _memo(self, spec: Spec, field: str, table: SourceTable, column: str) -> _Memo:
        key = (id(spec), field, id(table), column)
        if key not in self._memos:
            self._memos[key] = _Memo(spec, table, column)
        return self._memos[key]

    def amount(self, spec: Field, field: str, place: TableRow, column: str) -> CellAmount:
        """Return what one column of a field holds in a row, by itself, and note nothing."""
        if isinstance(spec, str):
            spec = _plain_column(spec)
        cell = place.table.cell(place.row, column)
        if cell == "" or (spec.where and not holds(spec, place)):
            return _NOTHING
        self._is_quiet, self._failed = True, False
        try:
            stated = self._stated(spec, field, place, column, cell)
        finally:
            self._is_quiet = False
        value = stated.value if stated is not None else None
        return CellAmount(
            value if isinstance(value, (int, float)) and not isinstance(value, bool) else None,
            self._failed,
            bool(v.one_line(cell)),
            stated is not None and stated.withheld is not None,
        )

    def _cells(self, spec: Spec, field: str, place: TableRow) -> Iterator[tuple[str, Cell]]:
        """Yield what a field may be read from, in turn, each with its column's name."""
        if spec.value is not None:
            yield "", spec.value
        if spec.largest:
            yield "", self._largest(spec, place)
        if spec.template is not None:
            yield spec.template, self._filled(spec, spec.template, field, place)
        for column in [spec.column] if spec.column is not None else spec.columns:
            yield column, place.table.cell(place.row, column)

    def _explained(self, spec: Spec, place: TableRow) -> str | None:
        """Return why nothing is published, where another column says so."""
        if spec.explained_by is None:
            return None
        return self._withheld(spec, v.one_line(place.table.cell(place.row, spec.explained_by)))

    def problem(
        self,
        place: TableRow,
        column: str,
        cell: object,
        message: str,
        left_out: bool = True,
        address: str = "",
    ) -> None:
        """Note a cell that does not fit."""
        self._is_doubtful = True
        if self._is_quiet:
            self._failed = self._failed or left_out
            return
        at = place.table.position(column) if isinstance(cell, bool) else None
        if at is not None:  # only a workbook has truth values
            address = f"{letters(at)}{place.row.number}"
        found = CellProblem(
            place.table.name,
            place.table.path,
            place.row.number,
            place.row.line,
            column,
            str(cell),
            message,
            left_out,
            address,
        )
        self.problems.setdefault((found.path, found.row, found.column, found.message), found)

    # -- one cell ----------------------------------------------------------------------------

    def _stated(
        self, spec: Spec, field: str, place: TableRow, column: str, cell: Cell
    ) -> Stated | None:
        """Return what a cell states; a text that was read before, and is sound, is not read again."""
        if cell == "":
            return None
        if not isinstance(cell, str) or spec.lookup is not None:
            return self._read(spec, field, place, column, cell)
        memo = self._memo(spec, field, place.table, column)
        if cell in memo.found:
            return memo.found[cell]
        return self._remembered(memo, spec, field, place, cell)

    def _remembered(
        self, memo: _Memo, spec: Spec, field: str, place: TableRow, cell: str
    ) -> Stated | None:
        """Read a text and remember what it states, where that is not in doubt."""
        self._is_doubtful = False
        found = self._read(spec, field, place, memo.column, cell)
        if not self._is_doubtful and len(memo.found) < _REMEMBERED:
            memo.found[cell] = found
        return found

    def _read(
        self, spec: Spec, field: str, place: TableRow, column: str, cell: Cell
    ) -> Stated | None:
        kind = spec.as_ or KINDS[field][0]
        if isinstance(cell, str):
            cell = self._sound(cell, place, column)
        text = v.one_line(cell)
        meant = matching(spec.values, text) if text else "missing"
        if meant is None and self._is_missing(spec, kind, text):
            meant = "missing"
        reason = self._withheld(spec, text) if meant is None else None
        if meant == "withheld" or reason is not None:
            return Stated(withheld=reason or reason_of(text))
        if meant == "missing":
            return None
        cell = cell if meant is None else meant
        try:
            if spec.pattern is not None:
                cell = extracted(spec.pattern, v.one_line(cell))
            if spec.lookup is not None:
                cell = self._look_up(spec, v.one_line(cell))
            value = self._converted(cell, kind, field, spec, place, column)
        except v.BadCell as error:
            self.problem(place, column, cell, str(error))
            value = ""
        return None if value in ("", []) else Stated(value, column=column)

    def _sound(self, cell: str, place: TableRow, column: str) -> str:
        if cell.isascii():
            return cell
        repaired = v.repaired(cell)
        if repaired != cell:
            self.problem(
                place,
                column,
                cell,
                "UTF-8 that was read as Windows-1252; corrected",
                left_out=False,
            )
        if "\ufffd" in repaired:
            at = repaired.index("\ufffd")
            self.problem(
                place,
                column,
                repaired[max(0, at - 20) : at + 20],
                "contains a character that cannot be read",
                left_out=False,
            )
        return repaired

    def _is_missing(self, spec: Spec, kind: Kind, text: str) -> bool:
        if spec.missing and matching(dict.fromkeys(map(str, spec.missing), True), text) is not None:
            return True
        if self._missing and matching(self._missing, text) is not None:
            return True
        return kind not in _WORDY and v.is_placeholder(text)

    def _withheld(self, spec: Spec, text: str) -> str | None:
        if not spec.withheld and not self.mapping.reading.withheld:
            return None
        for patterns in (spec.withheld, self.mapping.reading.withheld):
            if not patterns:
                continue
            reason = matching(patterns, text)
            if reason is not None:
                return reason_of(text) if reason == "*" else str(reason)
        return None

    def _converted(
        self, cell: Cell, kind: Kind, field: str, spec: Spec, place: TableRow, column: str
    ) -> Value:
        if isinstance(cell, bool) and kind != "bool" and field != "custom":
            raise v.BadCell("is a truth value")
        if kind in _AMOUNTS:
            scale = spec.scale
            if kind == "money":
                check_currency(cell, self.mapping.organisation.currency)
                if scale is None:
                    scale = self.mapping.tables[place.table.name].scale or place.table.scale(column)
                place.table.note_own_unit(column, cell, scale)
            sign = self._decimal(spec, place, column)
            return _AMOUNTS[kind](cell, sign, 1 if scale is None else scale)
        if kind in ("date", "year", "fiscal_year"):
            return self._dated(cell, kind, field, spec, place, column)
        if kind == "list":
            parts = (v.one_line(p) for p in str(cell).split(spec.separator or ";"))
            return [p for p in parts if p]
        if kind == "choice":
            return words.choice(cell, choices(Investment, field))
        if kind == "slug":
            return v.slug(v.one_line(cell), spec.max or 80)
        return _SIMPLE[kind](cell)

    def _decimal(self, spec: Spec, place: TableRow, column: str) -> str:
        """Return what separates decimals: as the field, the table or the mapping says, else told."""
        said = spec.decimal or self.mapping.tables[place.table.name].decimal
        said = said or self.mapping.reading.decimal
        return said or (place.table.decimal(column) if column else ".")

    def _dated(
        self, cell: Cell, kind: Kind, field: str, spec: Spec, place: TableRow, column: str
    ) -> datetime.date | int:
        if kind == "year":
            return dates.year(cell) + (spec.plus or 0)
        table = self.mapping.tables[place.table.name]
        formats = [*spec.formats, *table.formats, *self.mapping.reading.formats]
        day = dates.date(cell, formats or place.table.dates(column), field in _LAST_DAYS)
        if kind == "date":
            return day
        start = self.mapping.organisation.fiscal_year_start
        return fiscal_year_of(day, start) + (spec.plus or 0)

    # -- more than one cell ------------------------------------------------------------------

    def _filled(self, spec: Spec, text: str, field: str, place: TableRow) -> str:
        """Return a template with its cells; blank where one is, and what is left out is noted."""
        cells = {c: v.one_line(place.table.cell(place.row, c)) for c in template_columns(text)}
        kind = spec.as_ or KINDS[field][0]
        lacks = [
            c for c in cells if not cells[c] or (kind == "person" and v.is_placeholder(cells[c]))
        ]
        for column, cell in cells.items():
            text = text.replace("{" + column + "}", cell)
            if lacks and column not in lacks and kind not in ("id", "slug") and spec.else_ is None:
                said = f"is left out because `{shown(lacks[0])}` is empty"
                self.problem(place, column, cell, said)
        return "" if lacks else text

    def _largest(self, spec: Spec, place: TableRow) -> str:
        """Return the word whose columns sum to most; blank where all are nothing."""
        best, most = "", 0.0
        for word, columns in spec.largest.items():
            total = 0.0
            for column in columns:
                cell = place.table.cell(place.row, column)
                try:
                    total += (
                        v.money(cell, self._decimal(spec, place, column)) if v.one_line(cell) else 0
                    )
                except v.BadCell as error:
                    self.problem(place, column, cell, str(error))
            if total > most:
                best, most = word, total
        return "" if best == "missing" else best

    def _look_up(self, spec: Spec, text: str) -> Cell:
        found = spec.lookup
        if found is None:
            return text
        index = self._index(found.table, found.key)
        place = index.get(v.key_of(text))
        if place is None:
            if not self.tables.get(found.table):
                return ""
            raise v.BadCell(f"is in no row of `{found.table}`, column `{found.key}`")
        self.looked_up.add((place.table.path, place.row.number))
        return place.table.cell(place.row, found.take)

    def _index(self, name: str, column: str) -> dict[str, TableRow]:
        index = self._indexes.get((name, column))
        if index is None:
            index = self._indexes[name, column] = {}
            for table in self.tables.get(name, []):
                for row in table.rows:
                    index.setdefault(
                        v.key_of(v.one_line(table.cell(row, column))), TableRow(table, row)
                    )
        return index


@lru_cache(maxsize=1000)
def _plain_column(column: str) -> Spec:
    return Spec(column=column)

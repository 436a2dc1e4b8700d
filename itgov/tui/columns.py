"""A column of a list, declared once: its layout, what stands in it, its order, what a filter finds."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable
from typing import Any, Generic, TypeVar

from itgov.model.filter_query import FilterField, FilterFields, Kind, Searchable, Value
from itgov.tui.widgets.column_layout import Column, Measured
from itgov.tui.widgets.styled_text import Cell

Row = TypeVar("Row")


def _nothing(_: object) -> Cell:
    return ""


class ColumnOf(Column, Generic[Row], frozen=True):
    """A column of rows of one type.

    `sort` returns what a row is sorted by, and `find` what a filter that names the column looks at:
    text in lower case, a number, an ISO date, as `holds` says.  Without them it cannot be sorted by,
    or be named.  `follows_from` returns all that the cell follows from, where that is told sooner
    than the cell: of rows that are alike in it one is measured.
    """

    cell: Callable[[Row], Cell] = _nothing
    sort: Callable[[Row], Any] | None = None
    find: Callable[[Row], Value] | None = None
    holds: Kind = "text"
    follows_from: Callable[[Row], Hashable] | None = None

    def distinct(self, rows: Collection[Row]) -> set[Cell]:
        """Return what stands in the column in some rows."""
        told: Iterable[Row] = rows
        if self.follows_from is not None:
            told = dict(zip(map(self.follows_from, rows), rows, strict=True)).values()
        return {self.cell(row) for row in told}


def filter_only(key: str, find: Callable[[Row], Value], holds: Kind = "text") -> ColumnOf[Row]:
    """Return what a filter can name though no column shows it."""
    return ColumnOf(key, "", 0, find=find, holds=holds)


class Columns(Generic[Row]):
    """The columns of a list, in the order in which they are shown, and its filter names them."""

    def __init__(
        self, *columns: ColumnOf[Row], filter_fields: FilterFields[Row] | None = None
    ) -> None:
        """Take the columns; `filter_fields` are what a filter names, where no column says it."""
        self.shown = tuple(c for c in columns if c.width)
        self.sorts = {c.key: c.sort for c in columns if c.sort is not None}
        self._filter = filter_fields or FilterFields(
            *(FilterField(c.key, c.find, c.holds) for c in columns if c.find is not None)
        )
        self.finds = self._filter.finds
        self.fields = self._filter.kinds
        """What a filter can name, and what each of these holds."""

    def cells(self, row: Row) -> tuple[Cell, ...]:
        """Return what stands in a row."""
        return tuple([column.cell(row) for column in self.shown])

    def measured(self, rows: Iterable[Row]) -> Measured:
        """Return how wide the cells of some rows are; by column, which is twice as fast as by row."""
        rows = list(rows)
        return Measured([column.distinct(rows) for column in self.shown])

    def searchable(self, row: Row, text: str) -> Searchable:
        """Return what a filter looks at: the text, which is in lower case, and the fields."""
        return self._filter.searchable(row, text)

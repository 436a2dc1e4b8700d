"""Columns of figures that a mapping reads for nothing: said with their sums, since they may be money."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from itgov.importing import mapping as m
from itgov.importing.looks import column_look
from itgov.importing.money_columns import amounts, perhaps_money
from itgov.importing.row_results import TableAccount
from itgov.importing.tables import SourceTable, header_key
from itgov.importing.trouble import shown
from itgov.model.text import plural


class UnreadMoney(Struct, frozen=True):
    """A column that may hold money and that no field of the mapping reads."""

    path: str
    column: str
    amount: int | float
    """What its cells sum to as they stand, in whatever unit they count."""
    cells: int

    def __str__(self) -> str:
        amount = self.amount if isinstance(self.amount, int) else round(self.amount, 2)
        return f"{self.path}: `{shown(self.column)}`: {amount:,} in {plural(self.cells, 'cell')}"


def unread_money(
    mapping: m.Mapping,
    tables: dict[str, list[SourceTable]],
    accounts: Iterable[TableAccount],
) -> Iterator[UnreadMoney]:
    """Yield the columns of figures that nothing reads and that no control total names."""
    found = {(table.name, table.path): table for ts in tables.values() for table in ts}
    for account in accounts:
        table = found[account.table, account.path]
        named = {header_key(c) for c in mapping.tables[table.name].perhaps_money}
        named |= set(map(header_key, table.nameless))
        for column in account.columns_left_out:
            look = column_look(table, column)
            if header_key(column) in named or not perhaps_money(look):
                continue
            known = amounts(look)
            whole = sum(known.values())
            amount = int(whole) if whole == int(whole) else float(whole)
            yield UnreadMoney(table.path, column, amount, len(known))

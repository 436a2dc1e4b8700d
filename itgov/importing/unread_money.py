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
from itgov.importing.values import is_placeholder, one_line
from itgov.model.text import plural


class UnreadMoney(Struct, frozen=True):
    """A column that may hold money and that no field of the mapping reads."""

    path: str
    column: str
    amount: int | float
    """What its cells sum to as they stand, in whatever unit they count."""
    cells: int
    unread: int = 0
    """Cells that cannot be read, in no sum."""

    def __str__(self) -> str:
        amount = self.amount if isinstance(self.amount, int) else round(self.amount, 2)
        said = [f"{amount:,} in {plural(self.cells, 'cell')}"] if self.cells else []
        said += [f"{plural(self.unread, 'cell')} that cannot be read"] if self.unread else []
        return f"{self.path}: `{shown(self.column)}`: {', '.join(said)}"


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
            others = (one_line(cell) for at, cell in look.by_row() if at not in known)
            unread = sum(not is_placeholder(text) for text in others)
            yield UnreadMoney(table.path, column, amount, len(known), unread)

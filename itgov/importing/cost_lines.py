"""Rows under an investment that name none themselves: lines of its cost, or parts of its sum."""

from __future__ import annotations

from fractions import Fraction

from msgspec import Struct

from itgov.importing import values as v
from itgov.importing.cells import Cell
from itgov.importing.looks import ENOUGH, ColumnLook, decimal_of, wordy
from itgov.importing.money_columns import amounts, money_of
from itgov.importing.questions import Choice, Question, examples
from itgov.importing.trouble import shown
from itgov.model.text import plural

ADDED, PARTS, LEFT_OUT = "lines", "parts", "none"
"""The answers on what rows without a title are."""


class CostLines(Struct):
    """Rows with amounts and without a title, each under the row of an investment."""

    title: ColumnLook
    rows: list[int]
    question: Question

    def filled(self, columns: list[ColumnLook], named: list[ColumnLook]) -> list[ColumnLook]:
        """Return columns with those that name investments as they read once blanks are filled down."""
        return [self._filled(c) if c in self.fills(named) else c for c in columns]

    def fills(self, named: list[ColumnLook]) -> list[ColumnLook]:
        """Return the columns that name investments and are blank in these rows only."""
        rows, blank = range(self.title.rows), set(self.rows)
        return [c for c in (self.title, *named) if blank == set(rows) - set(c.places)]

    def differ(self, column: ColumnLook) -> bool:
        """Say whether a column tells these rows apart by words, and so is no investment's."""
        return decimal_of(column) is None and not set(self.rows).isdisjoint(column.places)

    def _filled(self, column: ColumnLook) -> ColumnLook:
        by_row = dict(column.by_row())
        cells: list[Cell] = []
        for row in range(column.rows):
            cells.append(by_row[row] if row in by_row else cells[-1])
        places = list(range(column.rows))
        return ColumnLook(
            column.name, cells, column.rows, faults=column.faults, sign=column.sign, places=places
        )


def cost_lines(
    title: ColumnLook, ids: list[ColumnLook], columns: list[ColumnLook]
) -> CostLines | None:
    """Return the rows that have amounts and no title, and what to ask of them; None where none are.

    A row with an id of its own is an investment that lacks its title.
    """
    titled = set(title.places)
    blank = [row for row in range(title.rows) if row not in titled]
    if not blank or 0 not in titled:
        return None
    money = [c for c in columns if c is not title and (m := money_of(c)) is not None and m.kind]
    by_column = [amounts(c) for c in money]
    lines = [row for row in blank if any(row in a for a in by_column)]
    if lines != blank:
        return None
    groups: dict[int, list[int]] = {}
    above = 0
    for row in range(title.rows):
        above = row if row in titled else above
        if row not in titled:
            groups.setdefault(above, []).append(row)
    for column in ids:
        by_row = {at: v.key_of(v.one_line(cell)) for at, cell in column.by_row()}
        if any(
            by_row.get(li, by_row.get(at)) != by_row.get(at) for at in groups for li in groups[at]
        ):
            return None
    own = [row for row in groups if any(row in a for a in by_column)]
    added = Choice(ADDED, "lines of the cost above: added up")
    parts = Choice(PARTS, "parts of the amount above: not counted")
    none = Choice(LEFT_OUT, "no investments: not imported")
    is_sum = len(own) == len(groups) and all(_are_sums(groups, a) for a in by_column)
    proposal = parts if is_sum else added if not own else None
    question = Question(
        "lines",
        f"{plural(len(lines), 'row')} with amounts, but without `{shown(title.name)}`. What are they?",
        proposal,
        tuple(c for c in (added, parts, none) if c is not proposal),
        "the rows above have the sum of their amounts"
        if is_sum
        else f"each stands under a row with `{shown(title.name)}`",
        examples(v.one_line(cell) for c in money for at, cell in c.by_row() if at in set(lines)),
        matters=True,
    )
    return CostLines(title, lines, question)


def differs(column: ColumnLook, key: ColumnLook) -> bool:
    """Say whether a column of words says different things of one key."""
    if column.share(wordy) < ENOUGH:
        return False
    keys = dict(key.by_row())
    first: dict[str, str] = {}
    for at, cell in column.by_row():
        word = v.one_line(cell)
        if first.setdefault(v.key_of(v.one_line(keys.get(at, ""))), word) != word:
            return True
    return False


def _are_sums(groups: dict[int, list[int]], found: dict[int, Fraction]) -> bool:
    return all(
        abs(found[row] - sum(found.get(line, Fraction(0)) for line in lines)) < Fraction(11, 1000)
        for row, lines in groups.items()
        if row in found
    )

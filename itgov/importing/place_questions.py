"""What is asked where a file has several tables, several rows of names, or several rows of one id."""

from __future__ import annotations

from itgov.importing.cells import Cell
from itgov.importing.draft import Conflict
from itgov.importing.find_table import Found
from itgov.importing.other_sheets import is_like
from itgov.importing.questions import ADD, FIRST, Choice, Question, examples
from itgov.importing.tables import SourceTable
from itgov.importing.trouble import shown
from itgov.importing.values import key_of, one_line
from itgov.model.text import plural


def which_sheet(found: Found) -> Question | None:
    """Ask which sheet of a workbook is meant, where several hold a table; their columns are shown."""
    tables = [t for t in (found, *found.other_sheets) if t.source.sheet is not None]
    if len(tables) < 2:
        return None
    choices = [_sheet(t.source.sheet or "", t.table) for t in tables]
    alike = [t for t in tables[1:] if not t.is_hidden and is_like(found.table, t.table)]
    why = f"{len(tables)} sheets hold a table; "
    if alike:
        names = ", ".join(f"`{shown(t.source.sheet)}`" for t in alike[:4])
        why += f"{names} {'has' if len(alike) == 1 else 'have'} the columns of the first as well"
    else:
        why += (
            "one whose header names titles comes first, unless a larger one alone names money; then the "
            "one with most rows"
        )
    return Question(
        "sheet",
        "On which sheet is the portfolio?",
        None if alike else choices[0],
        tuple(choices if alike else choices[1:]),
        why,
        explains="One sheet is imported. Import another by itself, with `--sheet`.",
    )


def _sheet(name: str, table: SourceTable) -> Choice:
    columns = examples(h for h in table.headers if h)
    return Choice(name, f"{shown(name)}: {plural(len(table.rows), 'row')}", columns)


def which_header(table: SourceTable) -> Question | None:
    """Ask which row names the columns, where several could; what stands in them is shown."""
    if not table.other_headers:
        return None
    row = table.header_row
    return Question(
        "header_row",
        "Which row names the columns?",
        Choice(str(row), f"row {row}", examples(h for h in table.headers if h)),
        tuple(
            Choice(str(other), f"row {other}", examples(c for c in cells if one_line(c)))
            for other, cells in table.other_headers.items()
        ),
        "several rows hold only words",
        explains="What stands above it is not read; every row under it is an investment.",
    )


def how_to_merge(
    conflicts: list[Conflict], table: SourceTable, amounts: set[str]
) -> Question | None:
    """Ask what rows are that have one id and state different money.

    `conflicts` are theirs, `amounts` the columns of money, which tell no investments apart.
    """
    money = [c for c in conflicts if c.field.startswith("spend ")]
    if not money:
        return None
    first = money[0]
    alike = [c for c in conflicts if c.id == first.id]
    add = Choice(
        ADD, "lines of one cost: add them up", examples(v for c in alike for v in (c.kept, c.value))
    )
    lost = f"only the first of each counts; {plural(len(money), 'amount')} not counted"
    apart = [
        Choice(h, f"different investments, told apart by the column `{shown(h)}`", examples(cells))
        for h in table.headers
        if h and h not in amounts and _are_unique(cells := table.column_cells(h))
    ]
    is_cost = not apart and all(c.field.startswith("spend ") for c in alike)
    return Question(
        "merge",
        f"Rows {first.kept_row} and {first.row} are both `{shown(first.id)}`. What are they?",
        add if is_cost else None,
        (*([] if is_cost else [add]), *apart[:2], Choice(FIRST, lost)),
        f"they have one id and say different amounts, {first.kept} and {first.value}",
        explains="The answer holds for all rows that have one id. Whatever else they say differently "
        "is taken from the first, and named.",
        matters=True,
    )


def _are_unique(cells: list[Cell]) -> bool:
    words = [key_of(one_line(c)) for c in cells]
    return bool(words) and all(words) and len(set(words)) == len(words)

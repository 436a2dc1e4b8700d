"""What a draft asks of a table: the unit of its money, and which column a field is."""

from __future__ import annotations

from itgov.importing import values as v
from itgov.importing.looks import ColumnLook, decimal_of, has_scale
from itgov.importing.questions import EXAMPLES, NO_COLUMN, Choice, Question, examples
from itgov.importing.trouble import shown
from itgov.model.fields import label

SMALL = 100_000
"""Below it a portfolio's largest amount may well be counted in thousands or millions."""

_UNITS = (("1", "as they stand"), ("1000", "thousands"), ("1000000", "millions"))


def money_unit(columns: list[ColumnLook]) -> Question | None:
    """Ask in which unit amounts are counted that are small and say nothing of it.

    There is no proposal: a guess would be wrong by a thousand.
    """
    found: list[tuple[float, str]] = []
    for column in columns:
        if has_scale(column):
            return None
        sign = decimal_of(column) or "."
        for cell in column.cells:
            try:
                found.append((abs(v.money(cell, sign)), v.one_line(cell)))
            except v.BadCell:
                continue
    found.sort(key=lambda pair: -pair[0])
    if not found or not 0 < found[0][0] < SMALL:
        return None
    most = found[0][0]
    names = ", ".join(f"`{shown(column.name)}`" for column in columns)
    largest = examples([cell for _, cell in found[: EXAMPLES * 20]])
    return Question(
        "scale",
        f"The largest amount is {most:,.12g}: is that so, or counted in thousands or millions?",
        others=tuple(
            Choice(answer, f"{words} ({most * int(answer):,.12g})") for answer, words in _UNITS
        ),
        examples=largest,
        why=f"neither {names} nor a cell says the unit",
        matters=True,
    )


def which_column(
    field: str,
    ranked: list[ColumnLook],
    columns: list[ColumnLook],
    why: str,
    *,
    matters: bool = False,
) -> Question:
    """Ask which column a field is read from: the likeliest is proposed, any other may be named."""
    offered = [Choice(c.name, f"column `{shown(c.name)}`", examples(c.cells)) for c in ranked[:4]]
    return Question(
        field,
        f"Which column is the {label(field)}?",
        offered[0] if offered else None,
        (*offered[1:], Choice(NO_COLUMN, "no column")),
        why,
        takes="column",
        matters=matters,
        columns=tuple(c.name for c in columns),
    )

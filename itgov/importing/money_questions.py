"""What is asked about columns of amounts: what they are, which of several holds, of what time."""

from __future__ import annotations

from itgov.importing.looks import ColumnLook
from itgov.importing.money_columns import Money
from itgov.importing.questions import NO_COLUMN, Choice, Question, examples
from itgov.importing.trouble import shown

NONE = "none"
"""The answer that a column is no money spent, or of no one year."""

YEARS = "years"
"""The answer that what was spent until a day was spent in the fiscal year of that day."""

_KIND_WORDS = (
    ("budget", "the budget"),
    ("actual", "what was spent"),
    ("forecast", "a forecast"),
    (NONE, "no money spent: kept under `custom`"),
)


def what_is(field: str, columns: list[ColumnLook], why: str, proposal: str) -> Question:
    """Ask what the amounts of columns are."""
    words = dict(_KIND_WORDS)
    return Question(
        field,
        f"What are the amounts of {_names(columns)}?",
        Choice(proposal, words[proposal]),
        tuple(Choice(k, w) for k, w in _KIND_WORDS if k != proposal),
        why,
        examples(c for column in columns for c in column.cells[:50]),
        matters=True,
    )


def which_holds(year: int, kind: str, columns: list[ColumnLook]) -> Question:
    """Ask which of several amounts of one year (0 for none) and kind holds."""
    offered = [Choice(c.name, f"column `{shown(c.name)}`", examples(c.cells)) for c in columns[:5]]
    return Question(
        f"{kind}-{year}" if year else kind,
        f"Which column is the {kind}{f' of {year}' if year else ''}?",
        offered[0],
        (*offered[1:], Choice(NO_COLUMN, "no column")),
        "several columns are named so, and none is the sum of the others",
        takes="column",
        matters=True,
        columns=tuple(c.name for c in columns),
    )


def spent_until(until: list[Money]) -> Question:
    """Ask since when amounts count that were spent until a day."""
    columns = [m.column for m in until]
    return Question(
        "spent-until",
        f"Since when do the amounts of {_names(columns)} count?",
        Choice(NONE, "since each investment began: of no one year, kept under `custom`"),
        (Choice(YEARS, "since the fiscal year began: the actual of the year of that day"),),
        "the name says until which day, and other columns are of several years",
        examples(c for column in columns for c in column.cells[:50]),
        matters=True,
    )


def _names(columns: list[ColumnLook]) -> str:
    return ", ".join(f"`{shown(c.name)}`" for c in columns[:6])

"""What is asked about columns of amounts: what they are, which of several holds, of what time."""

from __future__ import annotations

import re

from msgspec import structs

from itgov.importing.looks import ColumnLook
from itgov.importing.money_columns import Money
from itgov.importing.questions import ADD, NO_COLUMN, Choice, Question, examples
from itgov.importing.table_questions import which_column
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


def called_alike(columns: list[Money]) -> list[list[Money]]:
    """Return columns in groups that one answer is for: their names differ in nothing but figures."""
    groups: dict[tuple[str, bool], list[Money]] = {}
    for money in columns:
        name = re.sub(r"\d+", "#", money.column.key)
        groups.setdefault((name, money.is_perhaps), []).append(money)
    return list(groups.values())


def which_holds(year: int, kind: str, group: list[Money]) -> Question:
    """Ask which of several amounts of one year (0 for none) and kind holds, or whether they add up.

    Columns that no name calls so are rather parts.  Of those whose names differ in figures alone
    (phases, or versions) nothing is proposed.
    """
    columns = [m.column for m in group]
    offered = [Choice(c.name, f"column `{shown(c.name)}`", examples(c.cells)) for c in columns[:5]]
    offered.append(Choice(ADD, f"all {len(columns)} columns, added up"))
    are_named = any(m.why for m in group)
    are_alike = len(group) > 2 and len(called_alike(group)) == 1
    proposal = None if are_alike else offered[0 if are_named else -1]
    why = "several columns are named so" if are_named else "no name says which of them holds"
    return Question(
        f"{kind}-{year}" if year else kind,
        f"Which column is the {kind}{f' of {year}' if year else ''}?",
        proposal,
        (*(c for c in offered if c is not proposal), Choice(NO_COLUMN, "no column")),
        f"{why}, and none is the sum of the others; what is not chosen counts as no spend",
        takes="column",
        matters=True,
        columns=tuple(c.name for c in columns),
    )


def which_is_money(likely: list[Money]) -> Question:
    """Ask for the budget among columns of numbers; that whose name says a total is proposed."""
    columns = [m.column for m in likely]
    question = which_column(
        "budget", columns, columns, "no column is called money; these hold numbers"
    )
    none = Choice(NO_COLUMN, "no column: there is no money in this table")
    named = [c for c in question.choices if c.answer != NO_COLUMN]
    totals = [m.column.name for m in likely if m.is_total]
    proposal = next((c for c in named if [c.answer] == totals), none)
    others = tuple(c for c in (*named, none) if c is not proposal)
    return structs.replace(question, proposal=proposal, others=others)


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

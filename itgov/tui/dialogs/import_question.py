"""One question of an import: its choices with values of the table, or an answer that is typed."""

from __future__ import annotations

from collections.abc import Sequence

from itgov.importing.questions import BadAnswer, Choice, Question, values
from itgov.tui.dialogs.picker import Picker, PickerColumn

_COLUMNS: Sequence[PickerColumn[Choice]] = (
    PickerColumn("answer", "answer", 30, flex=1, cell=str, found=True),
    PickerColumn("values", "values in the table", 30, flex=1, cell=lambda c: values(c.examples)),
)

_NONE = Choice("\0", "No proposal: choose")
"""The row that the cursor is on where there is no proposal; it cannot be chosen."""


def question_picker(question: Question, number: int, count: int) -> Picker[Choice]:
    """Return the dialog for a question; what is typed is an answer where the question takes it."""
    known = {c.answer: c for c in question.choices}
    none = [] if question.proposal is not None else [_NONE.answer]
    names = [c for c in question.columns if c not in known]

    def row(answer: str) -> Choice:
        return _NONE if answer == _NONE.answer else known.get(answer) or Choice(answer)

    def find(typed: str) -> list[str]:
        if not typed.strip():
            return [*none, *known, *names]
        word = typed.strip().casefold()
        found = [a for a, c in known.items() if word in str(c).casefold()]
        found += [n for n in names if word in n.casefold()]
        try:
            answer = question.read(typed)
        except BadAnswer:
            return found
        return [answer, *(a for a in found if a != answer)]

    def note(_choice: Choice) -> str:
        parts = [f"In the table: {values(question.examples)}"] if question.examples else []
        parts += [question.why, question.explains]
        return " · ".join(part for part in parts if part)

    return Picker(
        f"{number}/{count}  {question.asks}",
        _COLUMNS,
        row,
        find,
        current=question.proposal.answer if question.proposal is not None else None,
        placeholder="type to filter"
        if question.takes == "choice"
        else "type to filter, or an answer",
        empty="No such answer",
        note=note,
        able=lambda choice: choice is not _NONE,
        keys=(("enter", "choose"), ("↑↓", "move"), ("esc", "back")),
        width=110,
    )

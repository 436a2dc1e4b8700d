"""A mapping for a table nobody has seen: drafted, with the questions that are open about it."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import get_args

from msgspec import Struct

from itgov.importing.draft_head import head
from itgov.importing.find_table import Found, find_table, with_headings
from itgov.importing.guess import MappingDraft
from itgov.importing.joined_names import join_names
from itgov.importing.looks import ColumnLook, column_look
from itgov.importing.mapping import Decimals
from itgov.importing.place_questions import which_header, which_sheet
from itgov.importing.proof import proof
from itgov.importing.questions import Asked, Question, in_order
from itgov.importing.tables import SourceTable
from itgov.importing.titles import title_of
from itgov.importing.unit_questions import said_unit


class Drafted(Struct):
    """A draft: the text of the mapping, and the questions that are open about it."""

    text: str
    questions: list[Question]
    is_sound: bool = True
    """Whether it would import all money, with no rows that contradict each other."""
    table: SourceTable | None = None
    """The table it was made for: held, so that the next draft of it need not read the file again."""
    columns: list[ColumnLook] = []
    """What its columns look like, for the next draft of it, until `let_go`."""
    decimal: str = ""
    """What separates decimals, where that was answered."""

    @property
    def unanswered(self) -> list[Question]:
        """The open questions without whose answer nothing is written."""
        return [q for q in self.questions if q.matters]

    def let_go(self) -> None:
        """Forget what was told of the table's cells, which is as much as they."""
        for column in self.columns:  # whoever chose among them may still hold them
            column.let_go()
        self.columns.clear()

    def looks(self, table: SourceTable, headings: str = "") -> list[ColumnLook]:
        """Return the columns of a table as they look; what was told of the same is not told again."""
        if self.table is not None and self.columns and self.table.is_same(table):
            found = [column.again() for column in self.columns]
            self.let_go()
            return found
        headers = Counter(table.headers)
        found = [column_look(table, h) for h in headers if h and headers[h] == 1]
        for column in found:
            if column.name == headings:
                column.headings = len(set(table.headings.values()))
        return found


def guess(
    path: Path,
    *,
    sheet: str | None = None,
    today: datetime.date | None = None,
    answers: Mapping[str, str] | None = None,
) -> str:
    """Return a draft mapping for a CSV or XLSX file: the text of `proved_draft`."""
    return proved_draft(path, sheet=sheet, today=today, answers=answers).text


def proved_draft(
    path: Path,
    *,
    sheet: str | None = None,
    today: datetime.date | None = None,
    answers: Mapping[str, str] | None = None,
) -> Drafted:
    """Return a draft mapping for a CSV or XLSX file, which runs on that file as it is.

    The control totals of what it would import stand under it, as comments.  Raise ImportRefused
    where there is no table in the file, or a draft that would import nothing of it.
    """
    drafted = draft(path, sheet=sheet, today=today, answers=answers)
    drafted.let_go()
    proved = proof(drafted.text, path)
    lines = "".join(f"{line}\n" for line in proved.lines)
    return Drafted(drafted.text + lines, drafted.questions, proved.is_sound, drafted.table)


def draft(
    path: Path,
    *,
    sheet: str | None = None,
    today: datetime.date | None = None,
    answers: Mapping[str, str] | None = None,
    kept: str = "",
    others: Sequence[Path] = (),
    before: Drafted | None = None,
    proposed: Iterable[str] = (),
) -> Drafted:
    """Return a draft that keeps to `answers`, by the fields of the questions that were answered.

    Of the fields in `proposed` nobody gave the answer: the proposal was taken.
    `kept` is the path under which the mapping will be kept, where that is known; `others` are files
    with the same columns; `before` is an earlier draft for the same file.
    """
    asked = Asked(answers, proposed)
    found = with_headings(_found(path, sheet, asked), path)
    decimal = asked.answers.get("decimal", "")
    if decimal not in get_args(Decimals):  # asked again, where it is open
        decimal = ""
        asked.answers.pop("decimal", None)
    found.table.take_decimal(decimal)
    is_again = before is not None and before.decimal == decimal
    columns = (before if before is not None and is_again else Drafted("", [])).looks(
        found.table, found.source.headings
    )
    year = (today or datetime.date.today()).year
    made = MappingDraft(
        join_names(columns), path, year, asked, title_of(found.table), said_unit(found.table)
    )
    body = list(made.body())
    lines = [*head(made, found.keys(), [path.name, *(p.name for p in others)], kept), *body]
    drafted = "".join(f"{line}\n" for line in lines)
    return Drafted(
        drafted, in_order(asked.open), table=found.table, columns=columns, decimal=decimal
    )


def _found(path: Path, sheet: str | None, asked: Asked) -> Found:
    """Return the table that is meant; which sheet and which header, asked where several could be."""
    sheet = sheet or asked.answers.get("sheet")
    found = find_table(path, sheet)
    if sheet is None and (question := which_sheet(found)) is not None:
        asked.ask(question)
    question = which_header(found.table)
    if question is not None and (row := asked.answered(question)) is not None:
        return find_table(path, found.source.sheet, int(row))
    return found

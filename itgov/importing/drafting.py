"""A mapping for a table nobody has seen: drafted, with the questions that are open about it."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from msgspec import Struct

from itgov.importing import values as v
from itgov.importing.draft_head import head
from itgov.importing.find_table import Found, find_table
from itgov.importing.guess import MappingDraft
from itgov.importing.looks import ColumnLook
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

    @property
    def unanswered(self) -> list[Question]:
        """The open questions without whose answer nothing is written."""
        return [q for q in self.questions if q.matters]


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
) -> Drafted:
    """Return a draft that keeps to `answers`, by the fields of the questions that were answered.

    `kept` is the path under which the mapping will be kept, where that is known; `others` are files
    with the same columns.
    """
    asked = Asked(answers)
    found = _found(path, sheet, asked)
    headers = Counter(found.table.headers)
    columns = [column_look(found.table, h) for h in headers if h and headers[h] == 1]
    year = (today or datetime.date.today()).year
    made = MappingDraft(columns, path, year, asked, title_of(found.table), said_unit(found.table))
    body = list(made.body())
    lines = [*head(made, found.keys(), [path.name, *(p.name for p in others)], kept), *body]
    for column in columns:  # what was told of their cells waits for nobody, and is as much as they
        column.let_go()
    return Drafted("".join(f"{line}\n" for line in lines), in_order(asked.open), table=found.table)


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


def column_look(table: SourceTable, name: str) -> ColumnLook:
    """Return a column of a table and what its cells look like."""
    cells = table.column_cells(name)
    places = [row for row, cell in enumerate(cells) if v.one_line(cell)]
    at = table.position(name)
    faults = sum(f.at == at for f in table.faults)
    return ColumnLook(
        name,
        [cells[p] for p in places],
        len(cells),
        faults=faults,
        places=places,
        sign=partial(table.decimal, name),
        counts=table.scale(name),
    )

"""What can go wrong in an import.

With the mapping or a file, and it stops; or with one cell, and it goes on.
"""

from __future__ import annotations

from msgspec import Struct

from itgov.files.document import Document
from itgov.files.problem import Problem
from itgov.model.errors import ItgovError

SHOWN = 60
"""Most characters of a cell that a message shows."""


class ImportProblem(Struct, frozen=True):
    """Something that stops the import, with its place.

    `path` is the file as it was named; line and column count from 1 and are None where the
    trouble is about the whole file.
    """

    message: str
    path: str = ""
    line: int | None = None
    column: int | None = None
    fix: str = ""

    def __str__(self) -> str:
        place = ":".join(
            str(p) for p in (self.path or None, self.line, self.column) if p is not None
        )
        text = f"{place}: {self.message}" if place else self.message
        return f"{text}\n    {self.fix}" if self.fix else text


class ImportRefused(ItgovError):
    """The import cannot be done; `problems` says why, each with its place."""

    def __init__(self, problems: list[ImportProblem]) -> None:
        super().__init__("\n".join(str(p) for p in problems))
        self.problems = problems

    @property
    def details(self) -> list[str]:
        """Each problem with its place."""
        return [str(problem) for problem in self.problems]

    @property
    def summary(self) -> str:
        """What was not done."""
        return "nothing was imported"


class NoMappingFits(ImportRefused):
    """No ready mapping is for these tables: a draft may be.  `near` says of which it nearly is."""

    def __init__(self, near: list[ImportProblem]) -> None:
        fix = "Choose one with `--mapping`, or draft one with `itgov import --guess FILE`."
        super().__init__(near or [ImportProblem("no ready mapping fits these files", fix=fix)])
        self.near = near


class CellProblem(Struct, frozen=True):
    """A cell that could not be read as the field it is for.

    `row` counts as a spreadsheet does, the header being row 1 where it is the first row; `line`
    is the line of the text file in which the row starts.  Where `left_out` is true the field was
    not imported; else it was, and the message says what is doubtful about it.
    """

    table: str
    path: str
    row: int
    line: int
    column: str
    value: str
    message: str
    left_out: bool = True
    address: str = ""
    """Where a spreadsheet shows it, as in `C4`."""

    def __str__(self) -> str:
        place = f"{self.path}: row {self.row}"
        if self.line != self.row:
            place += f" (line {self.line})"
        place += f" ({self.address})" if self.address else ""
        return f"{place}, column `{shown(self.column)}`: {self.message}: `{shown(self.value)}`"


def refuse(message: str, path: str = "", fix: str = "") -> ImportRefused:
    """Return the exception for one trouble with a whole file, or with the arguments."""
    return ImportRefused([ImportProblem(message, path, fix=fix)])


def located(document: Document, problem: Problem) -> ImportProblem:
    """Return a problem of a YAML file with its line and column."""
    place = problem.place(document)
    return ImportProblem(problem.message, place.path, place.line, place.column, problem.fix)


def shown(value: object) -> str:
    """Return a cell's value as one short line without control characters, for a message."""
    text = str(value)[: SHOWN * 4]
    text = "".join(c if c.isprintable() else " " for c in text)
    text = " ".join(text.split())
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def rows_text(rows: list[int], most: int | None = 12) -> str:
    """Return row numbers as people write them: `2-5, 9`, cut after `most` pieces; None for all."""
    pieces: list[str] = []
    start = last = None
    for row in [*sorted(set(rows)), None]:
        if last is not None and row == last + 1:
            last = row
            continue
        if start is not None and last is not None:
            pieces.append(str(start) if start == last else f"{start}-{last}")
        start = last = row
    more = 0 if most is None else len(pieces) - most
    return ", ".join(pieces[:most]) + (f" and {more} more: `--all` lists them" if more > 0 else "")

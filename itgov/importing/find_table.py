"""Finding the table of a file that nobody described: its sheet, its header, which way it lies."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct, structs

from itgov.files.write import text
from itgov.importing.cells import count_filled
from itgov.importing.column_choice import name_forms, rank_of_name
from itgov.importing.languages import column_phrases, money_phrases
from itgov.importing.layout import is_word
from itgov.importing.money_columns import KINDS
from itgov.importing.sheets import sheet_names
from itgov.importing.table_files import TableSource
from itgov.importing.tables import SourceTable, read_table
from itgov.importing.trouble import ImportProblem, ImportRefused, shown
from itgov.importing.values import one_line

_FIELDS = (
    *("id", "title", "unit", "summary", "outcome_owner", "sponsor", "delivery_lead", "confidence"),
    *("stage", "start", "end", "as_of", "year", "measure", "baseline", "target"),
)
"""Fields whose names tell on which side of a table they stand."""

_HEADINGS = "Heading above"
"""What the column is called that holds the headings above the rows."""


class Found(Struct):
    """A table and what a mapping says to find it again."""

    table: SourceTable
    source: TableSource
    is_hidden: bool = False
    """Whether its sheet is hidden."""
    other_sheets: list[Found] = []
    """Tables on other sheets, the largest first."""

    def keys(self) -> str:
        """Return the keys of a mapping's table, each after a comma."""
        parts = [f"sheet: {text(self.source.sheet, True)}"] if self.source.sheet else []
        row = self.table.header_row
        parts += [f"header_row: {row}"] if row > 1 else []
        parts += [f"headings: {text(self.source.headings, True)}"] if self.source.headings else []
        parts += ["transposed: true"] if self.source.transposed else []
        return "".join(f", {part}" for part in parts)


def find_table(path: Path, sheet: str | None = None, header_row: int | None = None) -> Found:
    """Return the table of a file; of a workbook's sheets one with titles, of several that with most rows.

    One without money does not come before a larger one with it. What is hidden comes last.

    A sheet and a header row that are named are taken.

    Raise ImportRefused where there is none.
    """
    if sheet is not None and path.is_file() and not _is_workbook(path):
        words = f"there is no sheet `{shown(sheet)}`: the file is no workbook"
        raise ImportRefused(
            [ImportProblem(words, path.as_posix(), None, None, "Leave out `--sheet`.")]
        )
    names: list[str | None] = [sheet]
    hidden: set[str | None] = set()
    if sheet is None and path.is_file() and _is_workbook(path):
        found = sheet_names(path.read_bytes(), path.as_posix())
        names = list(found) if len(found) > 1 else [None]
        hidden = {name for name, is_hidden in found.items() if is_hidden}
    tables: list[Found] = []
    refused: ImportRefused | None = None
    for name in names:
        source = TableSource(sheet=name, header_row=header_row)
        try:
            table = read_table("table", path, source)
        except ImportRefused as trouble:
            refused = refused or trouble
            continue
        tables.append(Found(table, source, name in hidden))
    if not tables:
        raise refused or ImportRefused([])
    largest = max(
        (_size(t.table) for t in tables if _names_money(t.table) and not t.is_hidden), default=0
    )
    tables.sort(
        key=lambda found: (
            not _size(found.table),
            found.is_hidden,
            not _names_titles(found.table)
            or (_size(found.table) < largest and not _names_money(found.table)),
            -_size(found.table),
        )
    )
    best = tables[0]
    best.other_sheets = [found for found in tables[1:] if _size(found.table)]
    if header_row is None and _is_turned(best.table):
        source = TableSource(sheet=best.source.sheet, transposed=True)
        return Found(read_table("table", path, source), source, best.is_hidden, best.other_sheets)
    return best


def _is_workbook(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == b"PK\x03\x04"


def _size(table: SourceTable) -> int:
    """Return how many rows of a table hold something under at least three named columns."""
    if sum(bool(h) for h in table.headers) < 3:
        return 0
    return sum(count_filled(row.cells) >= 3 for row in table.rows)


def _names_titles(table: SourceTable) -> bool:
    """Say whether a column is called as titles are, which one of sums by unit or year has not."""
    titles = column_phrases("title")
    return any(rank_of_name(h, titles) is not None for h in table.headers if h)


def _names_money(table: SourceTable) -> bool:
    """Say whether a column is called as money is, which one of a list of contacts is not."""
    kinds = [money_phrases(kind) for kind in KINDS]
    return any(rank_of_name(h, kind) is not None for h in table.headers if h for kind in kinds)


def _is_turned(table: SourceTable) -> bool:
    """Say whether the first column, and not the header, names the fields."""
    down = [one_line(row.cells[0]) for row in table.rows if row.cells and row.cells[0] != ""]
    across = [h for h in table.headers[1:] if h]
    if not 2 <= len(down) <= 100 or len(across) < 1 or sum(map(is_word, down)) < 0.9 * len(down):
        return False
    named, others = _named(down), _named(across)
    return named >= 2 and named * 2 >= len(down) and others * len(down) * 2 < named * len(across)


def _named(names: list[str]) -> int:
    """Return how many of some names are those of fields."""
    return sum(_is_field(name) for name in names)


def _is_field(name: str) -> bool:
    forms = name_forms(name)
    known = [column_phrases(field) for field in _FIELDS] + [money_phrases(k) for k in KINDS]
    return any(words.surely.rank(*forms) is not None for words in known)


def with_headings(found: Found, path: Path) -> Found:
    """Return a table with the headings above its rows as one more column, where it has any."""
    if not found.table.headings:
        return found
    name = _HEADINGS
    while found.table.position(name) is not None:
        name += " row"
    source = structs.replace(found.source, headings=name)
    return structs.replace(found, table=read_table("table", path, source), source=source)

"""A table of the room as a file for others: as filtered and sorted, every column, every cell whole."""

from __future__ import annotations

import datetime
import io
import re
from collections.abc import Iterator, Sequence
from typing import Literal

from msgspec import Struct

from itgov.model.text import plural
from itgov.tui.state.selection import ALL
from itgov.tui.widgets.column_layout import Column, says_nothing
from itgov.tui.widgets.styled_text import Cell, Exact, safe, spans, text_of
from itgov.tui.widgets.table import Table

Format = Literal["csv", "xlsx", "md"]
Value = str | float | datetime.date | None
"""What stands in a cell of a file; None where the table says nothing."""

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_NUMBER = re.compile(r"[+−-]?[\d,]*\.?\d+")
_LEVEL = "level"
"""The column that says how deep a row of a tree lies."""


class ShownTable(Struct, frozen=True):
    """A table as the room shows it at one moment: cheap to take, for whoever writes it beside the screen."""

    name: str
    """What a file or a sheet of it is called."""
    title: str
    organisation: str
    as_of: datetime.date
    notes: tuple[str, ...]
    """What is in it and what is not, a sentence each."""
    columns: tuple[Column, ...]
    depths: tuple[int, ...] | None
    """How deep each row of a tree lies."""
    cells: list[tuple[Cell, ...]]


class TableContent(Struct, frozen=True):
    """A table as it is to be written."""

    name: str
    title: str
    organisation: str
    as_of: datetime.date
    notes: tuple[str, ...]
    columns: tuple[str, ...]
    values: list[tuple[Value, ...]]
    texts: list[tuple[str, ...]]
    """The same as it is shown."""

    def is_number(self, column: int) -> bool:
        """Say whether a column holds numbers alone, and any at all."""
        held = [row[column] for row in self.values if row[column] is not None]
        return bool(held) and all(isinstance(value, int | float) for value in held)


def shown_table(
    table: Table, name: str, organisation: str, as_of: datetime.date, notes: Sequence[str]
) -> ShownTable:
    """Return all rows of a table in their order, with every column that is declared."""
    depths = None
    said = [f"{len(table.rows):,} rows, {len(table.columns) + table.is_tree} columns", *notes]
    if ALL in table.rows:
        said.insert(1, "one row is for all the others together")
    if table.is_tree:
        shapes = [table.shape_of(row) for row in table.rows]
        depths = tuple([depth for depth, _ in shapes])
        closed = sum(is_open is False for _, is_open in shapes)
        if closed:
            said.append(f"{plural(closed, 'row')} closed, without the rows below")
    cells = [table.cells_of(row) for row in table.rows]
    title = safe(table.titles[0]) if table.titles else name
    return ShownTable(name, title, organisation, as_of, tuple(said), table.columns, depths, cells)


def content_of(shown: ShownTable) -> TableContent:
    """Return what stands in a table, each cell whole."""
    columns, depths = shown.columns, shown.depths
    titles = [c.title or c.key for c in columns]
    values: list[tuple[Value, ...]] = []
    texts: list[tuple[str, ...]] = []
    for number, cells in enumerate(shown.cells):
        lacking = len(columns) - len(cells)
        level: tuple[int, ...] = () if depths is None else (depths[number] + 1,)
        row = [value_of(cell, c.right) for cell, c in zip(cells, columns, strict=False)]
        values.append((*level, *row, *[None] * lacking))
        text = [safe(text_of(cell)).strip() for cell in cells]
        texts.append((*map(str, level), *text, *[""] * lacking))
    if depths is not None:
        titles.insert(0, _LEVEL)
    return TableContent(
        shown.name, shown.title, shown.organisation, shown.as_of, shown.notes, _unlike(titles),
        values, texts,
    )  # fmt: skip


def value_of(cell: Cell, is_number: bool = False) -> Value:
    """Return what a cell stands for: the exact number or the whole text, or None for nothing."""
    parts = [text for text, _ in spans(cell) if text.strip()]
    if len(parts) == 1 and isinstance(parts[0], Exact):
        exact = parts[0].exact
        if not isinstance(exact, str):
            return exact
    whole = "".join(
        str(text.exact or "") if isinstance(text, Exact) else text for text, _ in spans(cell)
    ).strip()
    if says_nothing(whole):
        return None
    if _DAY.fullmatch(whole):
        try:
            return datetime.date.fromisoformat(whole)
        except ValueError:  # no day of any calendar
            return whole
    if is_number and _NUMBER.fullmatch(whole):
        number = whole.replace(",", "").replace("−", "-")
        return float(number) if "." in number else int(number)
    return whole


def _unlike(titles: Sequence[str]) -> tuple[str, ...]:
    """Return titles of which each is another one."""
    found: list[str] = []
    for title in titles:
        number, named = 1, title
        while named in found:
            number += 1
            named = f"{title} {number}"
        found.append(named)
    return tuple(found)


# -- the formats -----------------------------------------------------------------------------


def file_bytes(content: TableContent, format: Format) -> tuple[bytes, int]:
    """Return the file of a table, and how many cells are blank in it as they are too long for it."""
    if format == "csv":
        from itgov.importing.export.write_csv import ENCODING

        return csv_text(content).encode(ENCODING, "replace"), 0
    if format == "xlsx":
        return _workbook(content)
    return markdown_text(content).encode("utf-8", "replace"), 0


def csv_text(content: TableContent) -> str:
    """Return a table as CSV; no text in it is a formula."""
    from itgov.importing.export.write_csv import write_table

    stream = io.StringIO()
    write_table(stream, content.columns, content.values)
    return stream.getvalue()


def tabbed_text(content: TableContent) -> str:
    """Return a table with tabs between its cells, as spreadsheets take it from the clipboard."""
    from itgov.importing.export.write_csv import csv_cell

    rows = ([csv_cell(value) for value in row] for row in content.values)
    return "".join("\t".join(map(safe, row)) + "\n" for row in (content.columns, *rows))


def markdown_text(content: TableContent) -> str:
    """Return a table as a document in Markdown, which says what is in it."""
    from itgov.report.blocks import Column as ColumnBlock
    from itgov.report.blocks import Lines, Text, Title
    from itgov.report.blocks import Table as TableBlock
    from itgov.report.write_markdown import markdown

    numbers = [content.is_number(at) for at in range(len(content.columns))]
    columns = [
        ColumnBlock(title, "number" if is_number else "words")
        for title, is_number in zip(content.columns, numbers, strict=True)
    ]
    rows = [
        [
            text if is_number else Text(text, max(len(text), 1))
            for text, is_number in zip(row, numbers, strict=True)
        ]
        for row in content.texts
    ]
    return markdown(
        (
            Title(safe(content.title), content.organisation, content.as_of),
            Lines(content.notes),
            TableBlock(columns, rows, most=len(rows)),
        )
    )


def _workbook(content: TableContent) -> tuple[bytes, int]:
    from itgov.importing.export.tables import Column as SheetColumn
    from itgov.importing.export.tables import ColumnKind
    from itgov.importing.export.tables import Table as Sheet
    from itgov.importing.export.write_xlsx import write_xlsx

    def kind(at: int) -> ColumnKind:
        held = {type(row[at]) for row in content.values if row[at] is not None}
        return "day" if held == {datetime.date} else "number" if content.is_number(at) else "text"

    columns = tuple(SheetColumn(t, kind(at), "") for at, t in enumerate(content.columns))
    sheet = Sheet(content.name[:31], content.title, (), columns)
    about = Sheet("about", "What is in the table", (), (SheetColumn("about", "text", ""),))
    too_long: list[int] = []

    def told() -> Iterator[list[Value]]:  # after the rows: which are too long is known by then
        yield [safe(content.title)]
        yield [f"{content.organisation}, as of {content.as_of}"]
        for note in content.notes:
            yield [note]
        if too_long:
            yield [f"{len(too_long):,} cells are too long for a workbook and blank"]

    stream = io.BytesIO()
    rows = (list(row) for row in content.values)
    write_xlsx(stream, [(sheet, rows), (about, told())], lambda _, at: too_long.append(at))
    return stream.getvalue(), len(too_long)

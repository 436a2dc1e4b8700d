"""The sheet as an XLSX workbook, by openpyxl."""

from __future__ import annotations

import copy
import importlib
import io
from collections.abc import Iterable
from typing import Any

from itgov.files.write import CONTROL
from itgov.importing.cells import MAX_CELL, letters
from itgov.importing.typed import CLEAR
from itgov.sheets.entries import shown_value
from itgov.sheets.layout import Sheet, SheetRow, is_lacking
from itgov.sheets.names import PeopleByName
from itgov.sheets.pages import PAGE, PageName, SheetColumn, Worksheet
from itgov.sheets.template import EXAMPLE

MARK = "itgov sheet 2"
HIDDEN = "_itgov"
INSTRUCTIONS = "instructions"
FIELDS = "#"
"""What begins a row of the hidden worksheet that names a page's fields."""
_SPARE = 1_000
"""Blank rows on each page that have lists to choose from."""
_HOW = (
    "How to fill in this workbook",
    "Fill in the white and the yellow cells; yellow cells are missing a value.",
    "Grey cells say what a row is about and are not read back.",
    "A new row goes below the others: leave its id blank, and fill in what it is a part of.",
    "A cell for a person takes a name from its list, an id, an e-mail address, or a new name. Whoever "
    "is new is added to the people; their side and e-mail address go on the page people.",
    "Write dates as dates or like 2026-03-31, and numbers without their unit.",
    f"A blank cell changes nothing. To delete a value, write {CLEAR} in its cell.",
    "Rows may be sorted or deleted: a deleted row changes nothing.",
    "A value that somebody else has changed meanwhile is refused, and you are told both values.",
)
_DAY = "yyyy-mm-dd"
_PROMPT = 250
"""Characters that a spreadsheet shows beside a cell."""


def write_workbook(sheet: Sheet) -> bytes:
    """Return the workbook of a sheet."""
    openpyxl: Any = importlib.import_module("openpyxl")
    book = openpyxl.Workbook()
    people = PeopleByName(sheet.people)
    _instructions(book.active, sheet)
    for page in sheet.pages:
        _page(book.create_sheet(page.name), page, sheet, people)
    hidden = book.create_sheet(HIDDEN)
    hidden.sheet_state = "veryHidden"
    first = [MARK, sheet.organisation, sheet.as_of.isoformat()]
    for number, row in enumerate([first, *_bases(sheet)], start=1):
        for at, text in enumerate(row, start=1):
            _put(hidden.cell(number, at), text)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _instructions(worksheet: Any, sheet: Sheet) -> None:
    worksheet.title = INSTRUCTIONS
    lines = [*_HOW, *sheet.further_words]
    heads = {1}
    for page in sheet.pages:
        lines += ["", f"{page.name}: {page.says}"]
        heads.add(len(lines))
        for column in page.record_columns:
            may = f" One of: {', '.join(column.choices)}." if column.choices else ""
            lines.append(f"    {column.title}: {column.help}{may}")
    for number, line in enumerate(lines, start=1):
        _put(worksheet.cell(number, 1), line)
        if number in heads:
            worksheet.cell(number, 1).font = _style(
                "Font", bold=True, size=14 if number == 1 else 11
            )
    worksheet.column_dimensions["A"].width = 130
    worksheet.protection.sheet = True


def _bases(sheet: Sheet) -> Iterable[list[str]]:
    """Return what the cells of each row hold, below a row that names them."""
    for page in sheet.pages:
        yield [
            FIELDS,
            page.name,
            *map(page.about_field, page.about),
            *(column.field for column in page.columns),
        ]
        for row in sheet.rows[page.name]:
            if not _is_example(sheet, row):
                yield [page.name, row.id, *row.about, *row.values]


def _is_example(sheet: Sheet, row: SheetRow) -> bool:
    """Say whether a row is the example of a blank template."""
    return row.id == EXAMPLE and not sheet.organisation


def _style(name: str, **given: Any) -> Any:
    return getattr(importlib.import_module("openpyxl.styles"), name)(**given)


def _put(cell: Any, value: Any) -> None:
    """Put a value into a cell; a text stays a text, whatever it starts with."""
    if isinstance(value, str):
        value = CONTROL.sub("", value)[:MAX_CELL]
        cell.value = value or None
        if value:
            cell.data_type = "s"
            if value[0] in "=+-@'":
                cell.quotePrefix = True
        return
    cell.value = value


class _Styles:
    """The looks of cells.

    Each is put together on one cell and copied to the others: openpyxl compares all that a look
    is made of with all that there are, for every part that a cell is given.
    """

    def __init__(self) -> None:
        fill = {"fill_type": "solid"}
        self.head = _style("PatternFill", start_color="FFD9E2EC", **fill)
        self.fills = {
            "grey": _style("PatternFill", start_color="FFF0F0F0", **fill),
            "wanted": _style("PatternFill", start_color="FFFFF3BF", **fill),
        }
        self.wrap = _style("Alignment", wrap_text=True, vertical="top")
        self.free = _style("Protection", locked=False)
        self.bold = _style("Font", bold=True)
        self.slanted = _style("Font", italic=True, color="FF6B7280")
        self._made: dict[tuple[str, bool, bool, bool], Any] = {}

    def give(self, cell: Any, fill: str, is_day: bool, *, is_free: bool, is_example: bool) -> None:
        """Give a cell its look."""
        key = (fill, is_day, is_free, is_example)
        made = self._made.get(key)
        if made is not None:
            cell._style = copy.copy(made)
            return
        cell.alignment = self.wrap
        if fill:
            cell.fill = self.fills[fill]
        if is_free:
            cell.protection = self.free
        if is_example:
            cell.font = self.slanted
        if is_day:
            cell.number_format = _DAY
        self._made[key] = copy.copy(cell._style)


def _page(worksheet: Any, page: Worksheet, sheet: Sheet, people: PeopleByName) -> None:
    styles = _Styles()
    for at, title in enumerate(page.titles, start=1):
        cell = worksheet.cell(1, at)
        _put(cell, title)
        cell.font, cell.fill = styles.bold, styles.head
        width = page.columns[at - page.fixed - 1].width if at > page.fixed else 22
        worksheet.column_dimensions[letters(at - 1)].width = 44 if at == page.fixed else width
    rows = sheet.rows[page.name]
    for number, row in enumerate(rows, start=2):
        _row(worksheet, number, page, row, people, styles, _is_example(sheet, row))
    last = len(rows) + 1
    for at in range(1, len(page.titles) + 1):  # rows below have the looks of their column
        form, column = _form(page, at), worksheet.column_dimensions[letters(at - 1)]
        column.protection = styles.free
        if form is not None and form.form == "date":
            column.number_format = _DAY
    last += _SPARE
    worksheet.freeze_panes = worksheet.cell(2, 2)
    worksheet.auto_filter.ref = f"A1:{letters(len(page.titles) - 1)}{last}"
    worksheet.protection.sheet = True
    for allowed in ("formatColumns", "formatRows", "sort", "autoFilter"):
        setattr(worksheet.protection, allowed, False)  # not forbidden
    for at in range(1, len(page.titles) + 1):
        _choice(worksheet, page, at, 2 if at > page.fixed else len(rows) + 2, last, sheet)


def _row(
    worksheet: Any,
    number: int,
    page: Worksheet,
    row: SheetRow,
    people: PeopleByName,
    styles: _Styles,
    is_example: bool,
) -> None:
    keys = {column.title: column for column in page.keys}
    for at, (title, text) in enumerate(
        zip(("id", *page.about), (row.id, *row.about), strict=True), start=1
    ):
        cell = worksheet.cell(number, at)
        column = keys.get(title)
        form = column.form if column is not None else "text"
        styles.give(cell, "grey", form == "date", is_free=False, is_example=is_example)
        typed = column is not None and form in ("date", "number") and text
        _put(cell, shown_value(column, text, people) if column and typed else text)
    for at, (column, value) in enumerate(
        zip(page.columns, row.values, strict=True), page.fixed + 1
    ):
        cell = worksheet.cell(number, at)
        fill = "grey" if is_example else "wanted" if is_lacking(column, value) else ""
        styles.give(cell, fill, column.form == "date", is_free=True, is_example=is_example)
        _put(cell, shown_value(column, value, people))


def _form(page: Worksheet, at: int) -> SheetColumn | None:
    """Return the column of a page at a place, from 1; None where it fills in no field."""
    if at > page.fixed:
        return page.columns[at - page.fixed - 1]
    title = page.titles[at - 1]
    return next((column for column in page.keys if column.title == title), None)


def _choice(worksheet: Any, page: Worksheet, at: int, first: int, last: int, sheet: Sheet) -> None:
    """Give the cells of a column their help, and their list to choose from."""
    validation = importlib.import_module("openpyxl.worksheet.datavalidation").DataValidation
    title, column = page.titles[at - 1], _form(page, at)
    if at == 1:
        words, source = "Of a new row: leave it blank, and one is made.", ""
    elif title == page.parent:
        words, source = f"What the row is a part of: see {page.parent_page}.", _list_of(page, sheet)
    elif column is None:
        return
    else:
        words, source = column.help, _choices(column, sheet)
    found = validation(type="list" if source else None, formula1=source or None)
    found.allow_blank = True
    found.showErrorMessage = bool(source)
    found.errorStyle = "warning"  # an id, a new name or (clear) may be typed as well
    found.error = f"Choose from the list, or write {CLEAR} to delete the value."
    found.showInputMessage = True
    found.promptTitle, found.prompt = title[:30], words[:_PROMPT]
    worksheet.add_data_validation(found)
    found.add(f"{letters(at - 1)}{first}:{letters(at - 1)}{last}")


def _choices(column: SheetColumn, sheet: Sheet) -> str:
    if column.form == "choice":
        return f'"{",".join(column.choices)},{CLEAR}"'
    if column.form == "person":
        return _cells("people", "person", sheet)
    return _cells("units", "name", sheet) if column.form == "unit" else ""


def _list_of(page: Worksheet, sheet: Sheet) -> str:
    """Return the cells that name what the rows of a page are parts of."""
    titles = {"units": "name", "investments": "title", "outcomes": "statement"}
    name = page.parent_page
    return _cells(name, titles[name], sheet) if name is not None else ""


def _cells(name: PageName, title: str, sheet: Sheet) -> str:
    column = letters(PAGE[name].titles.index(title))
    return f"{name}!${column}$2:${column}${len(sheet.rows[name]) + 1 + _SPARE}"

"""The sheet as an XLSX workbook, by openpyxl, which is only imported here."""

from __future__ import annotations

import datetime
import importlib
import io
from collections.abc import Iterable
from typing import Any

from itgov.files.write import CONTROL
from itgov.importing.cells import MAX_CELL, MAX_COLUMNS, MAX_ROWS
from itgov.importing.intake import RefusedCell
from itgov.importing.sheets import BROKEN, open_workbook
from itgov.importing.typed import CLEAR
from itgov.model.fields import choice_words
from itgov.model.one_form import one_form
from itgov.model.text import did_you_mean
from itgov.sheets.entries import PeopleByName, plain_value, told
from itgov.sheets.incoming import Bases, Entered, Incoming, NewResult, SheetRefused
from itgov.sheets.layout import (
    PAGE,
    PAGES,
    RESULTS,
    Sheet,
    SheetColumn,
    Worksheet,
    is_lacking,
)

MARK = "itgov sheet 1"
_HIDDEN = "_itgov"
_SPARE = 100
"""Blank rows on the page of results in which further ones can be written."""
_INSTRUCTIONS = (
    "How to fill in this workbook",
    "Fill in the white and the yellow cells; yellow cells are missing a value.",
    "Grey cells say what a row is about and are not read back.",
    "A cell for a person takes a name from its list, an id or an e-mail address.",
    "Write dates as dates or like 2026-03-31, and numbers without their unit.",
    f"A blank cell changes nothing. To delete a value, write {CLEAR} in its cell.",
    "Rows may be sorted or deleted: a deleted row changes nothing.",
    "A value that somebody else has changed meanwhile is refused, and you are told.",
)


# -- out ---------------------------------------------------------------------------------------


def write_workbook(sheet: Sheet) -> bytes:
    """Return the workbook of a sheet."""
    openpyxl: Any = importlib.import_module("openpyxl")
    book = openpyxl.Workbook()
    people = PeopleByName(sheet.people)
    instructions = book.active
    instructions.title = "instructions"
    lines = [*_INSTRUCTIONS, "", *(f"{page.name}: {page.says}" for page in PAGES)]
    for number, line in enumerate(lines, start=1):
        _put(instructions.cell(number, 1), line)
    instructions.column_dimensions["A"].width = 110
    instructions["A1"].font = _style("Font", bold=True, size=14)
    instructions.protection.sheet = True
    for page in PAGES:
        _page(book.create_sheet(page.name), page, sheet, people)
    _people(book.create_sheet("people"), sheet)
    hidden = book.create_sheet(_HIDDEN)
    hidden.sheet_state = "veryHidden"
    first = [MARK, sheet.organisation, sheet.as_of.isoformat()]
    for number, row in enumerate([first, *_bases(sheet)], start=1):
        for at, text in enumerate(row, start=1):
            _put(hidden.cell(number, at), text)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _bases(sheet: Sheet) -> Iterable[list[str]]:
    for page in PAGES:
        for row in sheet.rows[page.name]:
            for column, value in zip(page.columns, row.values, strict=True):
                yield [page.name, row.id, column.field, value]


def _style(name: str, **given: Any) -> Any:
    return getattr(importlib.import_module("openpyxl.styles"), name)(**given)


def _put(cell: Any, value: Any) -> None:
    """Put a value into a cell; a text stays a text, whatever it starts with."""
    if isinstance(value, str):
        value = CONTROL.sub("", value)[:MAX_CELL]
        cell.value = value or None
        if value:
            cell.data_type = "s"
            cell.quotePrefix = value[0] in "=+-@'"
        return
    cell.value = value
    if isinstance(value, datetime.date):
        cell.number_format = "yyyy-mm-dd"


def _page(worksheet: Any, page: Worksheet, sheet: Sheet, people: PeopleByName) -> None:
    fixed = len(page.titles) - len(page.columns)
    head = _style("PatternFill", start_color="FFD9E2EC", fill_type="solid")
    grey = _style("PatternFill", start_color="FFF0F0F0", fill_type="solid")
    wanted = _style("PatternFill", start_color="FFFFF3BF", fill_type="solid")
    wrap, free = (
        _style("Alignment", wrap_text=True, vertical="top"),
        _style("Protection", locked=False),
    )
    letter = importlib.import_module("openpyxl.utils").get_column_letter
    for at, title in enumerate(page.titles, start=1):
        cell = worksheet.cell(1, at)
        _put(cell, title)
        cell.font, cell.fill = _style("Font", bold=True), head
        width = page.columns[at - fixed - 1].width if at > fixed else (22 if at != fixed else 44)
        worksheet.column_dimensions[letter(at)].width = width
    rows = sheet.rows[page.name]
    for number, row in enumerate(rows, start=2):
        for at, text in enumerate((row.id, *row.about), start=1):
            _put(worksheet.cell(number, at), text)
            worksheet.cell(number, at).fill = grey
            worksheet.cell(number, at).alignment = wrap
        for at, (column, value) in enumerate(zip(page.columns, row.values, strict=True), fixed + 1):
            cell = worksheet.cell(number, at)
            _put(cell, _shown(column, value, people))
            cell.protection, cell.alignment = free, wrap
            if is_lacking(column, value):
                cell.fill = wanted
            if column.form == "date":
                cell.number_format = "yyyy-mm-dd"
    last = len(rows) + 1
    if page is RESULTS:
        for number in range(last + 1, last + 1 + _SPARE):
            for at in range(1, len(page.titles) + 1):
                worksheet.cell(number, at).protection = free
        last += _SPARE
    worksheet.freeze_panes = worksheet.cell(2, 2)
    worksheet.auto_filter.ref = f"A1:{letter(len(page.titles))}{max(last, 2)}"
    worksheet.protection.sheet = True
    for allowed in ("formatColumns", "formatRows", "sort", "autoFilter"):
        setattr(worksheet.protection, allowed, False)  # not forbidden
    for at, column in enumerate(page.columns, fixed + 1):
        _list(worksheet, column, f"{letter(at)}2:{letter(at)}{max(last, 2)}", len(sheet.people))


def _shown(column: SheetColumn, value: str, people: PeopleByName) -> Any:
    """Return a value as its cell shows it."""
    if not value:
        return ""
    if column.form == "person":
        return people.label(value)
    return plain_value(column, value)


def _list(worksheet: Any, column: SheetColumn, span: str, people: int) -> None:
    """Give cells their list to choose from."""
    validation = importlib.import_module("openpyxl.worksheet.datavalidation").DataValidation
    if column.form == "choice":
        found = validation(type="list", formula1=f'"{",".join(column.choices)},{CLEAR}"')
    elif column.form == "person" and people:
        found = validation(type="list", formula1=f"people!$A$2:$A${people + 1}")
    else:
        return
    found.allow_blank = True
    found.errorStyle = "warning"  # an id, an e-mail address or (clear) may be typed as well
    found.error = f"Choose from the list, or write {CLEAR} to delete the value."
    worksheet.add_data_validation(found)
    found.add(span)


def _people(worksheet: Any, sheet: Sheet) -> None:
    rows = [
        ("person", "side", "e-mail"),
        *((p.label, choice_words(p.side), p.email) for p in sheet.people),
    ]
    for number, row in enumerate(rows, start=1):
        for at, text in enumerate(row, start=1):
            _put(worksheet.cell(number, at), text)
    for name, width in (("A", 44), ("B", 12), ("C", 36)):
        worksheet.column_dimensions[name].width = width
    worksheet.freeze_panes = "A2"
    worksheet.protection.sheet = True


# -- in ----------------------------------------------------------------------------------------


def read_workbook(raw: bytes, path: str) -> Incoming:
    """Return what a workbook says; raise SheetRefused or ImportRefused where it is not part of this sheet."""
    book = open_workbook(raw, path, formulas=True)
    try:
        incoming, bases = _known(book)
        for worksheet in book.worksheets:
            name = worksheet.title.casefold()
            if name in PAGE:
                _read(worksheet, PAGE[name], bases, incoming)
            elif name not in (_HIDDEN, "instructions", "people"):
                incoming.notes.append(
                    f"the worksheet `{worksheet.title}` is not part of this sheet"
                )
    except BROKEN as error:
        raise SheetRefused("this workbook cannot be read; save it again") from error
    finally:
        book.close()
    incoming.drop_twins()
    return incoming


def _known(book: Any) -> tuple[Incoming, Bases]:
    """Return who wrote the workbook and what its cells held."""
    rows = _rows(book[_HIDDEN]) if _HIDDEN in book.sheetnames else []
    first = [told(cell.value) for cell in rows[0]] if rows else []
    if first[:1] != [MARK] or len(first) < 2:
        raise SheetRefused(
            "this workbook was not written by `itgov sheet out`, or has lost its hidden worksheet "
            f"`{_HIDDEN}`; write a new one and fill that in"
        )
    bases: Bases = {}
    for row in rows[1:]:
        page, id_, field, value = (*(told(cell.value) for cell in row), "", "", "", "")[:4]
        bases[page, id_, field] = value
    return Incoming(first[1]), bases


def _rows(worksheet: Any) -> list[list[Any]]:
    worksheet.reset_dimensions()  # what the file says of its own size is often wrong
    rows = []
    for number, row in enumerate(worksheet.iter_rows(), start=1):
        if number > MAX_ROWS + 1 or len(row) > MAX_COLUMNS:
            raise SheetRefused(f"the worksheet `{worksheet.title}` is too large")
        rows.append(list(row))
    return rows


def _read(worksheet: Any, page: Worksheet, bases: Bases, incoming: Incoming) -> None:
    rows = _rows(worksheet)
    columns = _columns(rows[0] if rows else [], page, incoming)
    at_id = columns.pop("id", None)
    if at_id is None:
        incoming.refused.append(RefusedCell(f"{page.name}!A1", "there is no column `id`"))
        return
    ids = {id_ for name, id_, _ in bases if name == page.name}
    for number, row in enumerate(rows[1:], start=2):
        filled = {f: row[at] for f, at in columns.items() if at < len(row) and _is_filled(row[at])}
        id_ = one_form(told(row[at_id].value)) if at_id < len(row) else ""
        where = f"{page.name}!{_letter(at_id)}{number}"
        if id_ not in ids:
            if filled:
                known = did_you_mean(id_, ids) if id_ else ""
                why = f"`{id_}` was not on this page{known}" if id_ else "the row has no id"
                incoming.refused.append(RefusedCell(where, why))
            continue
        entries = []
        for field, at in columns.items():
            cell = f"{page.name}!{_letter(at)}{number}"
            base = bases.get((page.name, id_, field), "")
            value = row[at].value if at < len(row) else None
            entry = Entered(page, id_, field, value, cell, base)
            if field not in filled:
                incoming.seen(entry, filled=False)
            elif row[at].data_type == "f" or not isinstance(value, _PLAIN):
                incoming.refused.append(RefusedCell(cell, "contains a formula; write its value"))
            elif row[at].data_type == "e":
                incoming.refused.append(RefusedCell(cell, f"contains a spreadsheet error, {value}"))
            elif isinstance(value, str) and len(value) > MAX_CELL:
                incoming.refused.append(RefusedCell(cell, f"has more than {MAX_CELL:,} characters"))
            else:
                entries.append(entry)
        if page is not RESULTS:
            incoming.cells += entries
        elif entries:
            incoming.results.append(NewResult(id_, tuple(entries)))


_PLAIN = (str, bool, int, float, datetime.date)


def _is_filled(cell: Any) -> bool:
    return cell.value is not None and told(cell.value) != ""


def _letter(at: int) -> str:
    return str(importlib.import_module("openpyxl.utils").get_column_letter(at + 1))


def _columns(header: list[Any], page: Worksheet, incoming: Incoming) -> dict[str, int]:
    """Return where each field of a page stands, whatever the order of the columns."""
    fields = {"id": "id", **{c.title.casefold(): c.field for c in page.columns}}
    found: dict[str, int] = {}
    for at, cell in enumerate(header):
        title = " ".join(told(cell.value).split()).casefold()
        where = f"{page.name}!{_letter(at)}1"
        if title in fields and fields[title] in found:
            incoming.refused.append(RefusedCell(where, f"the column `{title}` is listed twice"))
        elif title in fields:
            found[fields[title]] = at
        elif title and title not in page.about:
            guess = did_you_mean(title, fields)
            incoming.notes.append(f"{where}: unknown column `{title}`{guess}; it was not read")
    for title, field in fields.items():
        if field not in found and field != "id":
            incoming.notes.append(f"{page.name}: the column `{title}` is missing")
    return found

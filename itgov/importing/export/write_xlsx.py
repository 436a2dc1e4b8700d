"""An export as an XLSX workbook, a page for each table, written row by row.

The workbook is written here and not by openpyxl: that takes a minute for what this takes seconds
for.  A text is typed as text, and one that could be a formula is marked so that it stays a text when
somebody edits its cell.
"""

from __future__ import annotations

import datetime
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import IO
from xml.sax.saxutils import escape

from itgov.importing.cells import letters
from itgov.importing.export.tables import Table, Value
from itgov.importing.formulas import starts_formula
from itgov.importing.trouble import refuse

MAX_CELL = 32_767
"""Most characters of a cell of a workbook."""
MAX_SHEET_ROWS = 1_048_575
"""Most rows of a page, beside its header."""
_TEXT, _QUOTED, _DAY, _HEAD = 1, 2, 3, 4
"""Styles, by their place in `_STYLES`."""
_DAY_ZERO = datetime.date(1899, 12, 30)
_FIRST_DAY = datetime.date(1900, 3, 1)
"""Before it the days of workbooks are one off."""
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_NOT_PLAIN = re.compile(f"[&<>]|{_UNSAFE.pattern}")
_FIXED = (1980, 1, 1, 0, 0, 0)
"""The time that the parts carry: the same portfolio gives the same bytes."""
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_STYLES = (
    f'{_XML}<styleSheet xmlns="{_MAIN}">'
    '<numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="5"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1" '
    'applyNumberFormat="1"/>'
    '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    "</styleSheet>"
)


def write_xlsx(
    path: Path | IO[bytes],
    tables: Iterable[tuple[Table, Iterator[list[Value]]]],
    too_long: Callable[[Table, int], None],
) -> dict[str, int]:
    """Write a workbook and return how many rows each page has.

    A cell that is too long for a workbook is left blank, and `too_long` told its table and column.
    Raises ImportRefused where a table has more rows than a page can.
    """
    counts: dict[str, int] = {}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as archive:
        for table, rows in tables:
            name = f"xl/worksheets/sheet{len(counts) + 1}.xml"
            with archive.open(_part(name), "w", force_zip64=True) as stream:
                buffer = [_sheet_start(table)]
                count = 0
                for count, row in enumerate(rows, start=1):
                    if count > MAX_SHEET_ROWS:
                        raise refuse(
                            f"the table `{table.name}` has more than {MAX_SHEET_ROWS:,} rows, which "
                            "a workbook cannot hold",
                            fix="Use --format csv or sqlite.",
                        )
                    buffer.append(_row(table, count + 1, row, too_long))
                    if len(buffer) > 500:
                        stream.write("".join(buffer).encode())
                        buffer = []
                last = f"{letters(len(table.columns) - 1)}{max(count + 1, 2)}"
                buffer.append(f'</sheetData><autoFilter ref="A1:{last}"/></worksheet>')
                stream.write("".join(buffer).encode())
            counts[table.name] = count
        for name, text in _parts(list(counts)):
            archive.writestr(_part(name), text.encode())
    return counts


def _part(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _FIXED)
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


def _sheet_start(table: Table) -> str:
    columns = []
    for at, column in enumerate(table.columns, start=1):
        style = {"text": _TEXT, "day": _DAY}.get(column.kind, 0)
        width = {"text": 24, "day": 12}.get(column.kind, 14)
        columns.append(
            f'<col min="{at}" max="{at}" width="{width}" style="{style}" customWidth="1"/>'
        )
    head = "".join(
        _text(f"{letters(at)}1", column.name, _HEAD) for at, column in enumerate(table.columns)
    )
    return (
        f'{_XML}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
        f"</sheetView></sheetViews><cols>{''.join(columns)}</cols>"
        f'<sheetData><row r="1">{head}</row>'
    )


def _row(
    table: Table, number: int, row: list[Value], too_long: Callable[[Table, int], None]
) -> str:
    cells: list[str] = []
    for at, value in enumerate(row):
        if value is None or value == "":
            continue
        where = f"{_column(at)}{number}"
        if isinstance(value, str):
            # a character takes two places at most
            if 2 * len(value) > MAX_CELL and _size(value) > MAX_CELL:
                too_long(table, at)
                continue
            cells.append(_text(where, value, _QUOTED if starts_formula(value) else _TEXT))
        elif isinstance(value, bool):
            cells.append(f'<c r="{where}" t="b"><v>{int(value)}</v></c>')
        elif isinstance(value, datetime.date):
            if value < _FIRST_DAY:
                cells.append(_text(where, value.isoformat(), _TEXT))
            else:
                days = (value - _DAY_ZERO).days
                cells.append(f'<c r="{where}" s="{_DAY}"><v>{days}</v></c>')
        else:
            whole = isinstance(value, float) and value.is_integer() and abs(value) < 2**53
            cells.append(f'<c r="{where}"><v>{int(value) if whole else repr(value)}</v></c>')
    return f'<row r="{number}">{"".join(cells)}</row>'


def _text(where: str, value: str, style: int) -> str:
    safe = escape(_UNSAFE.sub(_escaped, value)) if _NOT_PLAIN.search(value) else value
    return (
        f'<c r="{where}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{safe}</t></is></c>'
    )


def _size(text: str) -> int:
    """Return how many characters a text has in a workbook."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


_column = cache(letters)


def _escaped(match: re.Match[str]) -> str:
    """Return a character as workbooks escape it."""
    return f"_x{ord(match[0]):04X}_"


def unescaped(text: str) -> str:
    """Return a text as it was before a workbook escaped it."""
    return re.sub("_x([0-9A-Fa-f]{4})_", lambda m: chr(int(m[1], 16)), text)


def _parts(names: list[str]) -> Iterator[tuple[str, str]]:
    """Yield the parts of a workbook that say what its pages are."""
    numbered = list(enumerate(names, start=1))
    office = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    overrides = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{office}.worksheet+xml"/>'
        for n, _ in numbered
    )
    yield (
        "[Content_Types].xml",
        f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{office}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{office}.styles+xml"/>'
        f"{overrides}</Types>",
    )
    yield (
        "_rels/.rels",
        f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_REL}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    )
    sheets = "".join(f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}"/>' for n, name in numbered)
    yield (
        "xl/workbook.xml",
        f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_REL}"><sheets>{sheets}</sheets></workbook>',
    )
    pages = "".join(
        f'<Relationship Id="rId{n}" Type="{_REL}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n, _ in numbered
    )
    yield (
        "xl/_rels/workbook.xml.rels",
        f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{pages}<Relationship '
        f'Id="rId{len(names) + 1}" Type="{_REL}/styles" Target="styles.xml"/></Relationships>',
    )
    yield "xl/styles.xml", _STYLES

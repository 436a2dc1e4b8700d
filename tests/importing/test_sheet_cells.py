"""The cells of a workbook are those that openpyxl, which is slower, reads."""

from __future__ import annotations

import datetime
import io
import warnings
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.xml.constants import SHARED_STRINGS

from itgov.importing import sheet_rows
from itgov.importing.sheet_rows import rows
from itgov.importing.sheets import open_workbook, read_sheet
from itgov.importing.trouble import ImportRefused

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_SHEET = f"""<?xml version="1.0"?>
<x:worksheet xmlns:x="{_MAIN}"><x:sheetData>
<x:row r="1"><x:c r="A1" t="s"><x:v>0</x:v></x:c><x:c r="C1" t="s"><x:v>1</x:v></x:c></x:row>
<x:row><x:c><x:f>1+1</x:f><x:v>2</x:v></x:c><x:c t="b"><x:v>1</x:v></x:c><x:c t="e"><x:v>#REF!</x:v></x:c></x:row>
<x:row r="4"><x:c r="A4"><x:f t="shared" si="0" ref="A4:A5">B4*2</x:f><x:v>8</x:v></x:c>
<x:c r="B4" t="str"><x:f>""</x:f><x:v></x:v></x:c><x:c r="C4"><x:v>-1.5E3</x:v></x:c></x:row>
<x:row r="5"><x:c r="A5"><x:f t="shared" si="0"/></x:c><x:c r="B5" t="d"><x:v>2026-03-31</x:v></x:c>
<x:c r="AA5" t="inlineStr"><x:is><x:t>in &amp; line</x:t></x:is></x:c><x:c r="AB5" s="0"/></x:row>
</x:sheetData><x:mergeCells><x:mergeCell ref="E4:E5"/></x:mergeCells></x:worksheet>"""
_TEXTS = f"""<sst xmlns="{_MAIN}"><si><r><t>Rich </t></r><r><rPr><b/></rPr><t>text</t></r></si>
<si><t>名前</t><rPh sb="0" eb="2"><t>ナマエ</t></rPh></si></sst>"""

_values = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**15), 10**15),
    st.floats(allow_nan=False, allow_infinity=False),
    st.dates(datetime.date(1950, 1, 1), datetime.date(2100, 1, 1)),
    st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=30).filter(
        lambda text: not text.startswith("=") and not {"\ufffe", "\uffff"} & set(text)
    ),
    st.sampled_from(["=A1+1", "#REF!", "#DIV/0!", "_x005F_x"]),
)


def _changed(parts: dict[str, str]) -> bytes:
    """Return a workbook that openpyxl saved, with other XML in some parts."""
    book = openpyxl.Workbook()
    book.active.append(["a"])
    sound, made = io.BytesIO(), io.BytesIO()
    book.save(sound)
    with zipfile.ZipFile(sound) as old, zipfile.ZipFile(made, "w") as new:
        types = old.read("[Content_Types].xml").decode()
        texts = (
            f'<Override PartName="/xl/sharedStrings.xml" ContentType="{SHARED_STRINGS}"/></Types>'
        )
        if "sharedStrings" not in types:
            types = types.replace("</Types>", texts)
        parts = {"[Content_Types].xml": types, **parts}
        for name in {*old.namelist(), *parts}:
            new.writestr(name, parts[name] if name in parts else old.read(name))
    return made.getvalue()


def _ours(raw: bytes, formulas: bool) -> dict[tuple[int, int], Any]:
    book = open_workbook(raw, "f.xlsx")
    found = {
        (number, cell.at): cell.formula if formulas and cell.formula else cell.value
        for number, cells in rows(book, book.worksheets[0])
        for cell in cells
    }
    return {place: value for place, value in found.items() if value not in (None, "")}


def _theirs(raw: bytes, formulas: bool) -> dict[tuple[int, int], Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(io.BytesIO(raw), data_only=not formulas)
    return {
        (cell.row, cell.column - 1): cell.value
        for row in book.worksheets[0].iter_rows()
        for cell in row
        if cell.value not in (None, "")
    }


@given(st.lists(st.lists(_values, max_size=6), max_size=6))
def test_every_cell_is_read_as_openpyxl_reads_it(table: list[list[Any]]) -> None:
    book, file = openpyxl.Workbook(), io.BytesIO()
    for row in table:
        book.active.append(row)
    book.save(file)
    for formulas in (False, True):
        assert _ours(file.getvalue(), formulas) == _theirs(file.getvalue(), formulas)


def test_what_other_programs_write_is_read_as_openpyxl_reads_it() -> None:
    raw = _changed({"xl/worksheets/sheet1.xml": _SHEET, "xl/sharedStrings.xml": _TEXTS})
    for formulas in (False, True):
        assert _ours(raw, formulas) == _theirs(raw, formulas)
    assert _ours(raw, True)[5, 0] == "=B5*2"  # a shared formula, as it reads in its own row
    assert _ours(raw, False)[1, 0] == "Rich text"
    assert _ours(raw, False)[1, 2] == "名前"  # and not how it is spoken


_PLAIN = f"""<?xml version="1.0" encoding="UTF-8"?>
<worksheet xmlns="{_MAIN}"><sheetData>
<row r="1" spans="1:3" ht="15"><c r="A1" t="inlineStr"><is><t xml:space="preserve"> a </t></is></c><c r="C1" t="s"><v>1</v></c></row>
<row r="2"><c r="A2"><v>2.5</v></c><c r="B2" s="0"/><c r="C2" t="b"><v>1</v></c></row>
<row><c><v>3</v></c><c r="B3" t="str"><f>1&amp;2</f><v>12</v></c></row><row r="4"/>
<row r="5"><c r="A5" t="inlineStr"><is><t>a &lt; b</t></is></c></row>
<row r="6"><c r="A6" t="inlineStr"><is><r><t>ri</t></r><r><t>ch</t></r></is></c></row><row><c r="A7"><v>7</v></c></row>
<row r="9"><c r="B9" t="e"><v>#N/A</v></c><c r="AA9"><v>-1E3</v></c></row></sheetData></worksheet>"""


@pytest.mark.parametrize("size", [7, 100, 1 << 18])
@pytest.mark.parametrize(
    "xml",
    [
        _PLAIN,
        _PLAIN.replace(
            '<row r="5">', '<!-- <row r="8"><c r="A8"><v>1</v></c></row> --><row r="5">'
        ),
        _PLAIN.replace("<v>2.5</v>", "<v><![CDATA[2.5]]></v>"),
        _PLAIN.replace('<row r="2">', '<row r="2" x="a>b">'),
    ],
    ids=["plain", "a row in a comment", "a marked section", "a sign in an attribute"],
)
def test_plain_rows_and_others_between_them_are_read_in_their_order(
    monkeypatch: pytest.MonkeyPatch, xml: str, size: int
) -> None:
    monkeypatch.setattr(sheet_rows, "_CHUNK", size)
    raw = _changed({"xl/worksheets/sheet1.xml": xml, "xl/sharedStrings.xml": _TEXTS})
    assert _ours(raw, False) == _theirs(raw, False)
    book = open_workbook(raw, "f.xlsx")
    assert [n for n, _ in rows(book, book.worksheets[0])] == [1, 2, 3, 5, 6, 7, 9]


def test_a_formula_without_a_saved_value_is_named_with_its_address() -> None:
    raw = _changed({"xl/worksheets/sheet1.xml": _SHEET, "xl/sharedStrings.xml": _TEXTS})
    faults = {f.address: f.value for f in read_sheet(raw, "f.xlsx", None).faults}
    assert faults == {"C2": "#REF!", "A5": "=B5*2"}


@pytest.mark.parametrize(
    "xml",
    [
        pytest.param("<!DOCTYPE l [<!ENTITY a 'aaaa'>]>" + _SHEET.split("?>")[1], id="entities"),
        pytest.param(_SHEET.replace("</x:sheetData>", f"<!--{'<c>' * 2_000_000}--></x:sheetData>"), id="comment"),
        pytest.param(_SHEET.replace("-1.5E3", "1" * 5_000_000), id="cell"),
        pytest.param(_SHEET.replace('r="C4"', f'r="{"C" * 5_000_000}"'), id="attribute"),
        pytest.param(_SHEET.replace('t="s"><x:v>0', 't="s"><x:v>-1'), id="no such text"),
        pytest.param(_SHEET[:400], id="broken off"),
    ],
)  # fmt: skip
def test_xml_that_is_no_sheet_is_refused(xml: str) -> None:
    raw = _changed({"xl/worksheets/sheet1.xml": xml, "xl/sharedStrings.xml": _TEXTS})
    with pytest.raises(ImportRefused, match="cannot be read"):
        read_sheet(raw, str(Path("f.xlsx")), None)

"""Whatever is filled in comes back as exactly that, in a workbook as in a CSV file."""

from __future__ import annotations

import datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from itgov.files.link import link
from itgov.files.linked import Linked
from itgov.files.load import read_file
from itgov.files.sources import RawFile
from itgov.sheets.layout import lay_out
from itgov.sheets.pages import INVESTMENTS, OUTCOMES, SheetColumn, Worksheet

from ..support.examples import many
from .conftest import FILES

TEXTS = st.text(
    st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]), min_size=1, max_size=30
).filter(lambda text: text.strip() and text.strip().casefold() != "(clear)")
FILLS = {
    "text": TEXTS,
    "person": st.sampled_from(["amara.okafor", "lena.fischer", "sam.lee"]),
    "objective": st.sampled_from(["growth", "calm-days"]),
    "date": st.dates(datetime.date(1990, 1, 1), datetime.date(2100, 1, 1)),
    "number": st.one_of(
        st.integers(-(10**12), 10**12),
        st.floats(-1e9, 1e9, allow_nan=False).map(lambda x: round(x, 4)),
    ),
}
ROWS: dict[str, list[str]] = {
    "investments": ["RET-001", "RET-002"],
    "outcomes": ["RET-001/cycle", "RET-002/calls"],
}
RETAIL = FILES["retail.yaml"].replace(
    "  head: gone.by\n",
    "  head: gone.by\n  objectives: [{id: growth, statement: Growth}, {id: calm-days, statement: Calm}]\n",
)
"""The unit with objectives that an investment can be for."""
Fill = tuple[Worksheet, str, SheetColumn, Any]


@st.composite
def fills(draw: Any) -> list[Fill]:
    found: dict[tuple[str, str], Fill] = {}
    for _ in range(draw(st.integers(1, 6))):
        page = draw(st.sampled_from([INVESTMENTS, OUTCOMES]))
        column = draw(st.sampled_from(page.columns))
        row = draw(st.sampled_from(ROWS[page.name]))
        choices = st.sampled_from(column.choices or ("",))
        value = draw(choices if column.form == "choice" else FILLS[column.form])
        found[row, column.field] = (page, row, column, value)
    return list(found.values())


def canonical(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).replace("\xa0", " ").strip()


def values(portfolio: Linked) -> dict[tuple[str, str, str], str]:
    """Every value that a sheet shows."""
    sheet = lay_out(portfolio)
    return {
        (page.name, row.id, column.field): value
        for page in (INVESTMENTS, OUTCOMES)
        for row in sheet.rows[page.name]
        for column, value in zip(page.columns, row.values, strict=True)
    }


def after(intake: Any, portfolio: Linked) -> Linked:
    texts = {path: d.raw for path, d in portfolio.documents.items()}
    texts |= {f.path: f.after for f in intake.proposal.files}
    files = [read_file(RawFile(path, raw)) for path, raw in texts.items()]
    return link(files, portfolio.portfolio.today)


def check(intake: Any, portfolio: Linked, filled: list[Fill]) -> None:
    assert intake.refused == []
    expected = values(portfolio)
    expected |= {(p.name, row, c.field): canonical(value) for p, row, c, value in filled}
    assert values(after(intake, portfolio)) == expected


@settings(max_examples=many(40))
@given(fills())
def test_a_workbook_gives_what_was_filled_in(
    linked: Any, workbook: Any, take: Any, filled: list[Fill]
) -> None:
    sheet = workbook(linked(retail=RETAIL))
    for page, row, column, value in filled:
        cell = sheet.at(page.name, row, column.title)
        cell.value = value
        if isinstance(value, str):
            cell.data_type = "s"
    check(take(linked(retail=RETAIL), sheet), linked(retail=RETAIL), filled)


@settings(max_examples=many(60))
@given(fills())
def test_a_csv_file_gives_what_was_filled_in(
    linked: Any, lines: Any, take_lines: Any, filled: list[Fill]
) -> None:
    rows = lines(linked(retail=RETAIL))
    for page, row, column, value in filled:
        line = next(
            r for r in rows if (r["page"], r["id"], r["field"]) == (page.name, row, column.title)
        )
        text = str(value)
        line["new"] = f"'{text}" if column.form == "text" and text[:1] in "=+-@'" else text
    check(take_lines(linked(retail=RETAIL), rows), linked(retail=RETAIL), filled)

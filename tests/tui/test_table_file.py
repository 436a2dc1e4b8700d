"""A table out of the room: every row that is shown, every column that is declared, every cell whole."""

from __future__ import annotations

import csv
import datetime
import io
import os
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from itgov.tui.table_file import (
    TableContent,
    content_of,
    file_bytes,
    shown_table,
    tabbed_text,
    value_of,
)
from itgov.tui.views.figures import money, percent
from itgov.tui.widgets.styled_text import Exact

from .conftest import AS_OF, screen_text, settled, until, views_there

IS_TEXT = {
    "findings",
    "points",
    "uncapped",
    "improved",
    "against",
    "value",
    "actions",
    "change",
    "figure",
}
"""Right-aligned columns some of whose cells are words: `2E 1W`, `capped`, `1 of 2`, `6 signs`."""

values = st.one_of(
    st.none(),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Co", "Cn"]), max_size=8),
    st.sampled_from(
        ["=1+1", "+x", "-x", "@sum", "'=1", "\N{FULLWIDTH EQUALS SIGN}1", "a|b", "<b>"]
    ),
    st.integers(-(10**9), 10**9),
    st.floats(-1e9, 1e9, allow_nan=False),
    st.dates(datetime.date(1950, 1, 1), datetime.date(2100, 1, 1)),
)


def content(rows: list[tuple[Any, ...]], columns: tuple[str, ...] = ("a", "b")) -> TableContent:
    texts = [tuple("" if v is None else str(v) for v in row) for row in rows]
    return TableContent("t", "T", "Northwind", AS_OF, ("two rows",), columns, rows, texts)


@given(st.lists(st.tuples(values, values), max_size=4))
def test_csv_and_workbook_hold_the_values_and_no_formula(rows: list[tuple[Any, ...]]) -> None:
    table = content(rows)
    raw, _ = file_bytes(table, "csv")
    head, *read = csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""))
    assert head == ["a", "b"]
    for row, cells in zip(rows, read, strict=True):
        for value, cell in zip(row, cells, strict=True):
            if isinstance(value, str):
                assert cell in (value, f"'{value}")
                assert not cell.startswith(("=", "+", "-", "@"))
            elif isinstance(value, int | float):
                assert float(cell) == value
            else:
                assert cell == ("" if value is None else value.isoformat())

    book = openpyxl.load_workbook(io.BytesIO(file_bytes(table, "xlsx")[0]))
    assert [c.value for c in book["about"]["A"]][1:] == [
        "T",
        f"Northwind, as of {AS_OF}",
        "two rows",
    ]
    for row, shown in zip(rows, book["t"].iter_rows(min_row=2, max_col=2), strict=False):
        for value, cell in zip(row, shown, strict=True):
            assert cell.data_type != "f"
            found = cell.value.date() if isinstance(cell.value, datetime.datetime) else cell.value
            day = (
                isinstance(value, datetime.date) and value.year < 1901
            )  # none: kept for the reader
            assert day or found in (value, None if value == "" else value)


@given(st.lists(st.tuples(values, values), max_size=4))
def test_what_goes_to_the_clipboard_is_a_line_for_each_row(rows: list[tuple[Any, ...]]) -> None:
    lines = tabbed_text(content(rows)).split("\n")
    assert len(lines) == len(rows) + 2
    assert all(line.count("\t") == 1 for line in lines[:-1])


@pytest.mark.parametrize(
    ("cell", "right", "value"),
    [
        (money(1_234_567.5), True, 1_234_567.5),
        (((percent(0.125), "muted"),), True, 0.125),
        ((("2E", "error"), (" 1W", "warning")), True, "2E 1W"),
        ("1,234", True, 1234),
        ("1,234", False, "1,234"),
        ("-", False, None),
        (" · ", True, None),
        ("2026-12-31", False, datetime.date(2026, 12, 31)),
        ("2026-13-31", False, "2026-13-31"),
        (((Exact("2026-01-02 overdue", "2026-01-02"), "warning"),), False, datetime.date(2026, 1, 2)),
        (((Exact("nobody", None), "error"),), False, None),
    ],
)  # fmt: skip
def test_a_cell_is_what_it_stands_for(cell: Any, right: bool, value: object) -> None:
    assert value_of(cell, right) == value


def test_each_table_of_each_view_gives_its_figures_as_numbers(room: Any, sample: Path) -> None:
    seen: set[str] = set()

    async def look(app: Any, pilot: Any) -> None:
        for name in views_there():
            await app.navigation.show_view(name)
            await settled(app, pilot)
            for table in app.navigation.view.query_tables():
                made = content_of(shown_table(table, "t", "Northwind", AS_OF, ()))
                first = len(made.columns) - len(table.columns)
                assert len(made.values) == len(made.texts) == len(table.rows)
                assert len(set(made.columns)) == len(made.columns)
                for at, column in enumerate(table.columns, start=first):
                    held = [row[at] for row in made.values if row[at] is not None]
                    if column.right and column.key not in IS_TEXT and held:
                        assert made.is_number(at), (name, table.id, column.key, held[:3])
                        seen.add(column.key)

    room.run(sample, act=look)
    assert {"spend", "score", "budget", "coverage", "gained", "items"} <= seen


def test_the_list_is_written_as_filtered_and_sorted_with_the_columns_that_had_no_room(
    room: Any, sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    kept: list[Any] = []

    async def write(app: Any, pilot: Any) -> None:
        items = app.navigation.view.items
        kept.extend([list(items.rows), {i: app.room.items[i].spend for i in items.rows}])
        await pilot.press("X", "enter")
        await until(lambda: "portfolio-items-2026-11-23.csv" in screen_text(app), pilot)
        await pilot.press("enter")
        await until(lambda: "wrote portfolio-items" in screen_text(app), pilot)

    shown = room.run(sample, "slash", *"len", "enter", size=(80, 24), act=write)
    words = " ".join(shown.split())
    with open("portfolio-items-2026-11-23.csv", encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    ids, spend = kept
    assert [r["id"] for r in rows] == ids
    assert {r["id"]: float(r["spend"]) for r in rows if r["spend"]} == {
        k: v for k, v in spend.items() if v
    }
    assert {"confidence", "stage", "next review"} <= set(rows[0])  # there is no room for all
    assert f"{len(ids)} rows, 10 columns; filter len; {len(ids)} of 69 found" in words
    assert "as of 2026-11-23" in words


def test_a_table_that_the_filter_is_not_of_does_not_name_it(
    room: Any, sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    async def write(app: Any, pilot: Any) -> None:
        app.query_one("#units").focus()
        await pilot.press("X", "enter")
        await until(lambda: "portfolio-units-2026-11-23.csv" in screen_text(app), pilot)
        await pilot.press("enter")
        await until(lambda: "wrote portfolio-units" in screen_text(app), pilot)

    shown = " ".join(room.run(sample, "slash", *"len", "enter", act=write).split())
    assert "9 rows, " in shown
    assert "one row is for all the others together" in shown
    assert "filter len;" not in shown


def test_no_file_is_replaced_unasked_and_none_lies_in_what_is_judged(
    room: Any, sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    mine = tmp_path / "mine.md"
    mine.write_text("mine")
    os.symlink(tmp_path / "elsewhere.csv", sample / "link.csv")
    (sample / ".git").mkdir()

    async def type_(app: Any, pilot: Any, line: str) -> str:
        await pilot.press("colon", *line, "enter")
        await settled(app, pilot)
        return " ".join(screen_text(app).split())

    async def try_all(app: Any, pilot: Any) -> None:
        assert "It would be replaced" in await type_(app, pilot, "write-table mine.md")
        await pilot.press("escape")
        await until(lambda: "nothing written" in screen_text(app), pilot)
        assert mine.read_text() == "mine"
        await type_(app, pilot, "write-table mine.md")
        await pilot.press("enter")
        await until(lambda: "wrote mine.md" in screen_text(app), pilot)
        assert "tells the format" in await type_(app, pilot, "write-table mine.doc")
        inside = f"write-table {sample}/portfolios/a.csv"
        assert "is what is judged" in await type_(app, pilot, inside)
        assert "leads out of the repository" in await type_(
            app, pilot, f"write-table {sample}/link.csv"
        )

    room.run(sample, act=try_all)
    assert "| Id | Title |" in mine.read_text()
    assert "as of 2026-11-23" in mine.read_text()
    assert not (tmp_path / "elsewhere.csv").exists()
    assert not (sample / "portfolios" / "a.csv").exists()


def test_a_read_only_room_writes_no_file(
    room: Any, sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shown = room.run(sample, "colon", *"write-table a.csv", "enter", read_only=True)
    assert "the room was opened read-only" in shown
    assert not (tmp_path / "a.csv").exists()

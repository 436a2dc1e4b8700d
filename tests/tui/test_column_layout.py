"""Widths that follow the data: what gives way, what is never cut, and names that begin alike."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from itgov.tui.widgets.column_layout import Column, Measured, lay_out, middle

from .conftest import OpenRoom

NAMES = Column("name", "name", 10, flex=1)
COLUMNS = (
    NAMES,
    Column("owner", "owner", 6, flex=1, drop=1),
    Column("amount", "amount", 3, right=True, drop=2),
    Column("note", "note", 4, drop=3),
)


def shown(width: int, *cells: set[str]) -> dict[str, int]:
    layout = lay_out(COLUMNS, width, Measured(cells), None)
    return {COLUMNS[index].key: broad for index, broad in layout}


def test_a_column_that_is_empty_in_every_row_gives_way_first() -> None:
    amounts = {"1,234.5m"}
    full = ({"Claims core"}, {"Amara"}, amounts, {"a note"})
    assert "note" not in shown(28, *full)
    emptied = ({"Claims core"}, {"Amara"}, {"-", ""}, {"a note"})
    assert set(shown(28, *emptied)) == {"name", "owner", "note"}


def test_the_owner_stays_when_amounts_have_gone() -> None:
    assert set(shown(20, {"Claims core"}, {"Amara"}, {"1,234.5m"}, {"note"})) == {"name", "owner"}


@given(
    st.integers(4, 120),
    st.lists(st.sets(st.text("ab cdWÄ漢é", max_size=40), min_size=1), min_size=4, max_size=4),
)
def test_columns_fit_and_amounts_are_never_cut(width: int, cells: list[set[str]]) -> None:
    layout = shown(width, *cells)
    assert sum(layout.values()) + len(layout) - 1 <= max(width, 9)
    if width >= 17 and "amount" in layout:
        assert layout["amount"] >= max(cell_len(text) for text in cells[2])


@given(st.sets(st.integers(0, 10**6), min_size=2, max_size=30), st.integers(18, 60))
def test_names_that_begin_alike_are_told_apart(numbers: set[int], width: int) -> None:
    names = {f"Migration of the customer data platform, phase {n}" for n in numbers}
    measured = Measured([names])
    cut = {name: measured.cut(0, name, width) for name in names}
    assert len(set(cut.values())) == len(names)
    assert all(cell_len(text) <= width or text == name for name, text in cut.items())


def test_a_name_that_begins_like_no_other_keeps_its_beginning() -> None:
    measured = Measured([{"Claims handling platform", "Broker portal of the branches"}])
    assert measured.cut(0, "Claims handling platform", 12) == "Claims handling platform"


def test_owner_and_manager_are_named_in_the_narrowest_terminal(opened: OpenRoom) -> None:
    seen = opened.run(size=(60, 20))
    assert "outcome" in seen
    assert "manager" in seen
    assert "next review" not in seen


def test_a_text_that_is_cut_in_its_middle_is_never_wider_than_its_room() -> None:
    assert [middle("/stage:live", width) for width in (-3, 0, 1, 5)] == ["", "", "…", "/s…ve"]

"""Tables of a terminal, and Markdown that fits into a comment."""

from __future__ import annotations

from operator import itemgetter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itgov.report.blocks import Column, Lines, Listing, Opening, Table
from itgov.report.plain import cut
from itgov.report.source_line import columns_of
from itgov.report.tables import TextColumn, draw, stacked
from itgov.report.write_markdown import markdown

NAME = TextColumn("name", itemgetter(0), right=False)
COUNT = TextColumn("count", itemgetter(1))
SPARE = TextColumn("spare", itemgetter(2), drop=1)


def test_letters_that_take_two_columns_or_none_keep_the_columns_straight() -> None:
    rows = [("日本", "1"), ("e\u0301te\u0301", "22"), ("plain", "333")]
    assert draw([NAME, COUNT], rows) == [
        "name   count",
        "-----  -----",
        "日本       1",
        "e\u0301te\u0301       22",
        "plain    333",
    ]


def test_words_are_broken_before_a_column_is_left_out() -> None:
    rows = [("Pensions and investments", "1", "here")]
    assert draw([NAME, COUNT, SPARE], rows, 28) == [
        "name          count  spare",
        "------------  -----  -----",
        "Pensions and      1   here",
        "investments",
    ]
    assert draw([NAME, COUNT, SPARE], rows, 22) == [
        "name          count",
        "------------  -----",
        "Pensions and      1",
        "investments",
        "No room here for: spare",
    ]
    whole = draw([NAME, COUNT, SPARE], rows, 22, whole=True)
    assert whole[-1] == "Pensions and investments      1"


def test_a_table_without_rows_is_its_head() -> None:
    bold = ("<", ">")
    assert draw([NAME, COUNT], [], bold=bold) == ["<name  count>", "----  -----"]


def listing(title: str, count: int) -> Listing:
    lines = [f"{title} {number} {'x' * 60}" for number in range(count)]
    return Listing(title, lines=lines, whole=True)


def test_the_longest_listings_give_way_first() -> None:
    blocks = [Opening("What changed", below=["All of it."]), listing("long", 900)]
    blocks += [listing("short", 5), listing("longer", 2000)]
    text = markdown(blocks, 20_000)
    assert 18_000 < len(text.encode()) <= 20_000
    assert text.count("- short") == 5
    assert text.count(" more not shown.") == 2
    assert abs(text.count("- longer") - text.count("- long ")) < 5


@pytest.mark.parametrize("most", [300, 3_000])
def test_sections_that_have_no_room_at_all_are_counted(most: int) -> None:
    blocks = [Opening("What changed"), *(listing(f"unit {n}", 3) for n in range(100))]
    text = markdown(blocks, most)
    assert len(text.encode()) <= most + 50
    assert text.startswith("## What changed\n")
    assert " more sections not shown." in text


def test_of_a_table_of_points_the_newest_are_kept() -> None:
    rows = [[f"2026-{number:03}"] for number in range(300)]
    table = Table([Column("month")], rows, newest=True)
    text = markdown([table, Lines(["The end."])])
    assert "2026-099" not in text
    assert "2026-100" in text
    assert text.startswith("The last 200 of 300.")
    cut = markdown([table], 1_000)
    assert "2026-299" in cut
    assert "2026-100" not in cut
    assert "more not shown." in cut


@given(st.lists(st.text("abcé世-'", min_size=1, max_size=12), max_size=5).map(" ".join))
def test_a_title_is_broken_at_its_words_and_loses_none(title: str) -> None:
    lines = stacked(title).split("\n")
    assert " ".join(" ".join(lines).split()) == cut(title, 40)
    widest = max([8, *(columns_of(word) for word in cut(title, 40).split())])
    assert all(columns_of(line) <= widest for line in lines)

"""Typing a filter: completed, brought back from earlier runs, saved under a name."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itgov.files.filter_history import MOST, keep_in_history, read_filter_history
from itgov.files.save import EditRefused
from itgov.files.userconfig import keep_filter, read_user_config
from itgov.model.filter_completion import completions
from itgov.model.filter_query import Kind, Searchable, Value, parse
from itgov.tui.views.portfolio import PortfolioView

from .conftest import OpenRoom, settled

FIELDS: dict[str, Kind] = {
    "title": "text", "stage": "text", "owner": "text", "spend": "amount", "review": "day",
}  # fmt: skip
THERE: Mapping[str, Mapping[Value, int]] = {
    "title": {"core bank": 1, 'the "new" one': 1, "x" * 80: 1},
    "stage": {"live": 3, "delivering": 9},
    "owner": {"amara.okafor\namara okafor": 3, "zoë.x\nzoë xavier": 5, None: 1},
    "spend": {3.0: 1, None: 1},
    "review": {"2026-11-01": 1, "2027-01-02": 1, None: 2},
}


def going_on(text: str) -> list[str]:
    return [each.line for each in completions(text, FIELDS, lambda field: THERE[field])]


@pytest.mark.parametrize(
    ("typed", "lines"),
    [
        ("", ["title:", "stage:", "owner:", "spend:", "review:"]),
        ("claims s", ["claims stage:", "claims spend:"]),
        ("a or !r", ["a or !review:"]),
        ("owner:", ["owner:zoë.x", "owner:amara.okafor", "owner:-"]),
        ("owner:ZOE", ["owner:zoë.x"]),
        ("own:xav", ['owner:"zoë xavier"']),
        ("!owner:=am", ["!owner:=amara.okafor"]),
        ('owner:"amara ok', ['owner:"amara okafor"']),
        ("stage:", ["stage:delivering", "stage:live"]),
        ("stage:live", []),
        ("stage:>", []),
        ("title:", ['title:"core bank"']),
        ("spend:", ["spend:>", "spend:<=", "spend:-"]),
        ("spend:>", []),
        ("review:<", ["review:<today", "review:<today+30", "review:<2026", "review:<2027"]),
        ("review:2026", ["review:2026-11"]),
        ("s:", []),
        ("nothing:", []),
    ],
)
def test_the_last_word_goes_on_as_a_field_or_as_what_stands_in_it(
    typed: str, lines: list[str]
) -> None:
    assert going_on(typed) == lines


_CELLS = st.text(st.characters(categories=["L", "N", "P", "Zs"]), max_size=12)


@given(st.lists(st.tuples(_CELLS, _CELLS), min_size=1, max_size=6), st.text("abcé01-", max_size=2))
def test_what_is_offered_for_a_field_is_understood_and_finds_a_row(
    people: list[tuple[str, str]], begun: str
) -> None:
    rows = {
        str(n): Searchable("", {"owner": f"{i}\n{name}".lower().strip() or None})
        for n, (i, name) in enumerate(people)
    }
    there = {row.fields["owner"]: 1 for row in rows.values()}
    for each in completions(f"owner:{begun}", FIELDS, lambda field: there):
        query = parse(each.line, FIELDS)
        assert query.problem is None
        assert query.select(rows.items()), each.line


# -- in the room -------------------------------------------------------------------------------


def foot(screen: str) -> str:
    return screen.splitlines()[-1]


def test_tab_completes_a_field_and_then_its_values_which_the_last_line_shows(
    room: Any, sample: Path
) -> None:
    seen: list[str] = []

    async def act(app: Any, pilot: Any) -> None:
        from .conftest import screen_text

        for key in ("tab", "tab", "tab", "shift+tab", "enter"):
            await pilot.press(key)
            await settled(app, pilot)
            seen.append(screen_text(app))

    shown = room.run(sample, "slash", *"ow", act=act, size=(80, 24))
    assert "/ owner:  " in seen[0]
    assert "tab  " in foot(seen[0])
    assert "bridget.lowell" in foot(seen[0])
    assert "more" in foot(seen[0])
    first, second = (screen.splitlines()[-2].split()[1] for screen in seen[1:3])
    assert first != second
    assert first.startswith("owner:")
    assert seen[3].splitlines()[-2].split()[1] == first
    assert f"/{first}" in shown
    assert "? help" in foot(shown)


def test_every_field_is_listed_where_one_is_not_there(opened: OpenRoom) -> None:
    shown = opened.run("slash", *"foo:1", size=(80, 24))
    listed = " ".join(line[29:].strip() for line in shown.splitlines())
    assert f"There is no field `foo`; fields: {', '.join(PortfolioView.FIELDS)}" in listed
    assert "10 of 69" in opened.run("slash", *"foo:1", *["backspace"] * 3).splitlines()[-2]


def test_earlier_filters_come_back_in_another_run_of_the_same_view(opened: OpenRoom) -> None:
    opened.run("slash", *"tape", "enter", "slash", *[*["backspace"] * 4, *"claims"], "enter")
    opened.run("7", "slash", *"okafor", "enter")
    shown = opened.run("slash", "up", "up", "enter")
    assert "All units: 1 of 69" in shown
    assert "/tape" in shown
    shown = opened.run("slash", *"kiosk", "up", "down", "down", "j")
    assert "/kiosk" in shown, "the line that was typed is the newest, below it is the list"
    assert read_filter_history().filters["people"] == ["okafor"]


def test_a_history_that_cannot_be_read_or_written_is_none(
    opened: OpenRoom, no_settings: Path
) -> None:
    path = no_settings.parents[1] / "state/itgov/filters.json"
    path.parent.mkdir(parents=True)
    path.write_bytes(b'{"filters": {"portfolio": [1]}}')
    assert read_filter_history().filters == {}
    keep_in_history("value", "x")
    for number in range(MOST + 5):
        keep_in_history("value", f"x{number}")
    assert read_filter_history().filters == {"value": [f"x{n}" for n in range(5, MOST + 5)]}
    path.unlink()
    path.mkdir()
    assert "the filter history was not written" in opened.run("slash", *"tape", "enter")


def test_a_filter_is_saved_used_and_deleted(opened: OpenRoom, no_settings: Path) -> None:
    shown = opened.run("slash", *"tape", "enter", "apostrophe", "enter", *"my tapes", "enter")
    assert "filter `my tapes` saved in" in shown
    assert read_user_config().config.filters == {"my tapes": "tape"}
    shown = opened.run("apostrophe", *"tap", "enter")
    assert "/tape" in shown
    assert "All units: 1 of 69" in shown
    assert "/tape" in opened.run("colon", *"saved my tapes", "enter")
    assert "there is no saved filter `mine`" in opened.run("colon", *"saved mine", "enter")
    shown = opened.run("apostrophe", "delete", "escape")
    assert "filter `my tapes` deleted; it was tape" in shown
    assert read_user_config().config.filters == {}


def test_a_saved_filter_may_speak_of_today(room: Any, sample: Path) -> None:
    assert keep_filter("late", "review:<today")
    shown = room.run(sample, "apostrophe", "enter")
    assert "/review:<today" in shown
    assert "No match." in room.run(sample, "apostrophe", *"zz")


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_the_repository_offers_filters_and_one_of_another_view_says_so(
    room: Any, sample: Path, golden: Any, size: tuple[int, int]
) -> None:
    (sample / "itgov.yaml").write_text(
        "filters:\n  nobody answers: owner:- or manager:-\n  supplier's: sign:reports\n",
        encoding="utf-8",
    )
    shown = room.run(sample, "slash", *"live", "enter", "apostrophe", "down", size=size)
    golden(f"saved-filters-{size[0]}x{size[1]}", shown)
    assert "Not in this view: There is no field `sign`" in shown
    shown = room.run(sample, "apostrophe", "delete", size=size)
    assert "`nobody answers` stands in itgov.yaml of the repository" in shown
    assert "All units: 4 of 69" in room.run(sample, "apostrophe", "enter", size=size)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (None, "filters:\n  a b: owner:-\n"),
        ("# mine", "# mine\nfilters:\n  a b: owner:-\n"),
        ("theme: dark  # at night\n", "theme: dark  # at night\nfilters:\n  a b: owner:-\n"),
        ("filters:\n  x: y  # mine\nkeys: {}\n", "filters:\n  x: y  # mine\n  a b: owner:-\nkeys: {}\n"),
    ],
)  # fmt: skip
def test_what_else_stands_in_the_settings_stays(
    tmp_path: Path, before: str | None, after: str
) -> None:
    path = tmp_path / "config.yaml"
    if before is not None:
        path.write_text(before)
    keep_filter("a b", "owner:-", path)
    assert path.read_text() == after
    keep_filter("a b", None, path)
    assert "a b" not in read_user_config(path).config.filters
    assert (before or "").strip().split("\n")[0] in path.read_text()


@pytest.mark.parametrize("broken", ["filters: 3\n", "theme: [\n", "- a\n"])
def test_broken_settings_are_left_as_they_are(tmp_path: Path, broken: str) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(broken)
    with pytest.raises(EditRefused):
        keep_filter("a", "b", path)
    assert path.read_text() == broken


def test_where_no_filter_is_saved_that_is_said(opened: OpenRoom) -> None:
    assert "No saved filter. Set a filter first" in opened.run("apostrophe")

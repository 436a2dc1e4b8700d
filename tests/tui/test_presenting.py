"""Presenting: one subject large, with its decision and the time, at any size."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itgov.tui.app import ReviewRoom
from itgov.tui.views.presented import Presented, presented_lines
from itgov.tui.widgets.large_text import large
from itgov.tui.widgets.styled_text import text_of

from .conftest import screen_text, settled
from .opened_session import OPEN, kept


class Clock:
    """A clock that a test moves on."""

    moved = 0.0

    def now(self) -> datetime.datetime:
        return datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=self.moved)

    def ticks(self) -> float:
        return self.moved


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr("itgov.review.clock.SystemClock", lambda: made)
    return made


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
def test_as_it_looks(
    room: Any, sample: Path, golden: Any, clock: Clock, size: tuple[int, int]
) -> None:
    golden(f"presenting-{size[0]}x{size[1]}", room.run(sample, "V", size=size))


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_an_item_of_the_agenda_is_presented_with_its_decision(
    room: Any, sample: Path, golden: Any, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    monkeypatch.setattr("itgov.tui.presenting.Presentation.seconds", lambda self: 65)
    shown = room.run(sample, *OPEN, "V", "enter", "a", act=_nothing_said, size=size)
    lines = shown.splitlines()
    assert any("Decision " in line and "accepted" in line for line in lines)
    assert [d.decision.decision for d in kept(sample).items[0].decisions] == ["approve"]
    golden(f"presenting-decided-{size[0]}x{size[1]}", shown)


async def _nothing_said(app: ReviewRoom, pilot: Any) -> None:
    """Draw what is there once the message is gone."""
    from itgov.tui.widgets.bars import FootBar

    app.base.query_one(FootBar).hush()
    app.screen.draw()  # type: ignore[attr-defined]


def test_next_and_undo_work_on_the_agenda_and_are_said(room: Any, sample: Path) -> None:
    first, second = (item.title or "" for item in _items(room, sample)[:2])

    async def act(app: ReviewRoom, pilot: Any) -> None:
        await pilot.press("enter", "a", ".")
        await settled(app, pilot)
        assert "2 of " in screen_text(app).splitlines()[0]
        assert second.split()[0].upper() != first.split()[0].upper()
        await pilot.press("u")
        await settled(app, pilot)

    shown = room.run(sample, "8", "V", act=act)
    assert f"undone: accepted: {first}" in shown
    assert kept(sample).items[0].decisions == []
    elsewhere = room.run(sample, "tab", "V").splitlines()[0]
    assert " of " not in elsewhere, "the next one is the list's, not the agenda's"


def _items(room: Any, sample: Path) -> Any:
    room.run(sample, *OPEN)
    return kept(sample).items


def test_the_time_on_an_item_runs_and_is_kept_per_item(
    room: Any, sample: Path, clock: Clock
) -> None:
    seen = []

    async def act(app: ReviewRoom, pilot: Any) -> None:
        presentation: Any = app.screen
        for seconds, key in ((65, "j"), (10, "k"), (5, "j")):
            clock.moved += seconds
            seen.append(presentation.seconds())
            await pilot.press(key)
            await settled(app, pilot)
        seen.append(presentation.seconds())

    room.run(sample, "V", act=act)
    assert seen == [65, 10, 70, 10]


def test_j_and_k_go_through_the_list_and_stop_at_its_ends(room: Any, sample: Path) -> None:
    ids: list[str] = []

    async def act(app: ReviewRoom, pilot: Any) -> None:
        presentation: Any = app.screen
        for key in ("k", "j", "comma", "full_stop", "down"):
            await pilot.press(key)
            await settled(app, pilot)
            ids.append(presentation.subject[1])

    shown = room.run(sample, "V", act=act)
    assert ids[0] == ids[2]
    assert ids[1] == ids[3]
    assert len(set(ids)) == 3
    assert shown.count(ids[-1]) >= 1


@pytest.mark.parametrize("keys", ["2lj", "3j", "4j", "5j", "7j"])
def test_it_presents_what_is_selected_in_other_views(room: Any, sample: Path, keys: str) -> None:
    shown = room.run(sample, *keys, "V")
    assert "Time spent" in shown
    assert "esc leave" in shown


@pytest.mark.parametrize("leave", ["escape", "V", "f5", "q"])
def test_it_is_left_to_where_the_room_was(room: Any, sample: Path, leave: str) -> None:
    assert room.run(sample, "j", "V", leave) == room.run(sample, "j")


def test_hostile_texts_do_no_harm(room: Any, hostile: Path) -> None:
    for size in ((80, 24), (120, 40)):
        shown = room.run(hostile, "V", size=size)
        assert all(len(line) <= size[0] for line in shown.splitlines())
        assert "\x1b" not in shown
        assert "\u202e" not in shown


# -- letters -----------------------------------------------------------------------------------

TEXTS = st.text("ABC xyz019.,-&£", max_size=60)


@given(TEXTS, st.integers(1, 200), st.sampled_from([1, 2]))
def test_large_letters_keep_to_their_columns(text: str, width: int, dots: int) -> None:
    drawn = large(text, width, dots)
    if drawn is not None:
        assert max(map(len, drawn)) <= width
        high = {1: 3, 2: 5}[dots]
        assert (len(drawn) + 1) % (high + 1) == 0


def test_every_letter_looks_different() -> None:
    letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ123456789.,:;-/&()"+%!?£€$=#'
    drawn = {tuple(large(letter, 50) or ()) for letter in letters}
    assert len(drawn) == len(letters)


@pytest.mark.parametrize("text", ["Zoë", "漢字", "", "a" * 400, "tab\x1b[2J"])
def test_what_cannot_be_drawn_large_is_not(text: str) -> None:
    assert large(text, 80) is None


@given(st.integers(0, 12), st.integers(20, 200), st.integers(16, 60))
def test_an_outcome_is_shown_or_counted(count: int, width: int, height: int) -> None:
    outcomes = tuple(
        (((f"statement{n}", "strong"),), (("no result yet", ""),)) for n in range(count)
    )
    what = Presented("Title", "X-1", (("Owner", (("Ann", ""),)),), outcomes, time="1:05")  # type: ignore[arg-type]
    lines = [text_of(line) for line in presented_lines(what, width, height)]
    shown = sum("statement" in line for line in lines)
    left = next((int(line.split()[0]) for line in lines if " more outcome" in line), 0)
    assert shown + left == count
    assert len(lines) <= height
    assert all(len(line) <= width for line in lines)


def test_outcomes_that_are_withheld_are_not_told_as_missing(room: Any, sample: Path) -> None:
    place = sample / "portfolios/operations.yaml"
    text = place.read_text(encoding="utf-8")
    line = "    title: Mainframe support\n"
    assert line in text
    keys = ("f", *"OPS-011", "enter", "V")
    assert "no outcome" in room.run(sample, *keys)
    withheld = "    withheld: {outcomes: Commercial}\n"
    place.write_text(text.replace(line, line + withheld), encoding="utf-8")
    shown = room.run(sample, *keys)
    assert "no outcome" not in shown
    assert "withheld: Commercial" in shown

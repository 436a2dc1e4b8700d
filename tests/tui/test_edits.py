"""Edits from the room: shown first, minimal, undone with one key, never over another's change."""

from __future__ import annotations

import difflib
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from .conftest import OpenRoom, screen_text, until

LEN = "portfolios/lending.yaml"
REACH = ["slash", *"len-001", "enter"]
"""The keys that select LEN-001."""


def changed(before: str, after: str) -> list[str]:
    """Return the lines taken out and put in."""
    lines = difflib.ndiff(before.splitlines(), after.splitlines())
    return [line for line in lines if line[0] in "+-"]


def test_the_owner_is_found_by_a_few_letters_and_only_that_line_changes(
    room: Any, sample: Path
) -> None:
    place = sample / LEN
    before = place.read_text()
    shown = room.run(sample, *REACH, "o", *"hanvog", "enter")
    assert "-     outcome_owner: bridget.lowell" in shown
    assert "+     outcome_owner: hannah.vogel" in shown
    assert place.read_text() == before  # shown is not written

    shown = room.run(sample, *REACH, "o", *"hanvog", "enter", "y")
    assert changed(before, place.read_text()) == [
        "-     outcome_owner: bridget.lowell",
        "+     outcome_owner: hannah.vogel",
    ]
    assert "Set the outcome owner of LEN-001 to Hannah Vogel; 1 new finding; u undoes it" in shown
    assert "outcome owner   Hannah Vogel" in shown  # judged and shown again at once


def test_the_business_side_and_the_units_own_people_come_first(opened: OpenRoom) -> None:
    shown = opened.run(*REACH, "o")
    lending, it = shown.index("Stephen Harcourt"), shown.find("Martin Cole  ", 3000)
    assert lending > 0
    assert it < 0 or lending < it


def test_one_key_takes_an_edit_back_byte_for_byte_and_another_makes_it_again(
    room: Any, sample: Path
) -> None:
    place = sample / LEN
    raw = place.read_bytes()
    keys = [*REACH, "o", *"hanvog", "enter", "y"]

    async def undo(app: Any, pilot: Any) -> None:
        assert place.read_bytes() != raw
        await pilot.press("u")
        await pilot.pause()
        assert place.read_bytes() == raw
        await pilot.press("ctrl+r")
        await pilot.pause()
        assert b"outcome_owner: hannah.vogel" in place.read_bytes()
        await pilot.press("u")

    shown = room.run(sample, *keys, act=undo)
    assert place.read_bytes() == raw
    assert "undone: Set the outcome owner" in shown


def test_an_undo_leaves_what_somebody_else_changed_in_other_places(room: Any, sample: Path) -> None:
    place = sample / LEN
    before = place.read_text()

    async def meddle(app: Any, pilot: Any) -> None:
        place.write_text(place.read_text() + "# hers\n")
        await pilot.press("u")

    shown = room.run(sample, *REACH, "o", *"hanvog", "enter", "y", act=meddle)
    assert "undone: Set the outcome owner of LEN-001" in " ".join(shown.split())
    assert place.read_text() == before + "# hers\n"


def test_nothing_is_undone_over_somebody_elses_change(room: Any, sample: Path) -> None:
    place = sample / LEN

    async def meddle(app: Any, pilot: Any) -> None:
        text = place.read_text()
        place.write_text(
            text.replace("outcome_owner: hannah.vogel", "outcome_owner: kwame.asante", 1)
        )
        await pilot.press("u")

    shown = room.run(sample, *REACH, "o", *"hanvog", "enter", "y", act=meddle)
    assert "was changed by somebody else meanwhile" in " ".join(shown.split())
    assert "outcome_owner: kwame.asante" in place.read_text().split("LEN-002")[0]


def test_nothing_is_written_over_a_file_that_changed_while_the_diff_was_read(
    room: Any, sample: Path
) -> None:
    place = sample / LEN

    async def meddle(app: Any, pilot: Any) -> None:
        place.write_text(place.read_text() + "# hers\n")
        await pilot.press("y")

    shown = room.run(sample, *REACH, "o", *"hanvog", "enter", act=meddle)
    assert "was changed by somebody else" in " ".join(shown.split())
    assert "hannah.vogel" not in place.read_text()


def test_escape_leaves_everything_as_it_is(room: Any, sample: Path) -> None:
    raw = (sample / LEN).read_bytes()
    shown = room.run(sample, *REACH, "o", *"hanvog", "enter", "escape")
    assert "nothing written" in shown
    assert (sample / LEN).read_bytes() == raw


def test_many_marked_investments_are_edited_as_one_that_is_undone_as_one(
    room: Any, sample: Path
) -> None:
    files = {p: p.read_bytes() for p in (sample / "portfolios").rglob("*.yaml")}
    keys = [
        "slash",
        *"unit",
        "colon",
        *"lending",
        "enter",
        "asterisk",
        "o",
        *"hanvog",
        "enter",
        "y",
    ]

    async def undo(app: Any, pilot: Any) -> None:
        owned = (sample / LEN).read_text().count("outcome_owner: hannah.vogel")
        assert owned == len(app.navigation.view.items.rows) > 5
        await pilot.press("u")

    shown = room.run(sample, *keys, act=undo)
    assert "undone: Set the outcome owner of" in shown
    assert {p: p.read_bytes() for p in files} == files


@pytest.mark.parametrize(
    ("keys", "line"),
    [
        (["t", *"stopped", "enter", "y"], "+     stage: stopped"),
        (["t", *"stopped", "enter", "y"], "+     ended: 2026-11-23"),
        (["t", *"retired", "enter", "y"], "+     ended: 2026-11-23"),
        (["d", *(["backspace"] * 3), *"2027-02-01", "enter", "enter", "y"], "+     next_review: 2027-02-01"),
        (["c", *(["backspace"] * 9), *"red", "enter", "enter", "enter", "y"], "+     confidence: red"),
        (["m", *"idris", "enter", "y"], "+     relationship_manager: idris.bello"),
    ],
)  # fmt: skip
def test_what_a_meeting_decides_is_a_line_in_the_file(
    room: Any, sample: Path, keys: list[str], line: str
) -> None:
    before = (sample / LEN).read_text()
    room.run(sample, *REACH, *keys)
    assert line in changed(before, (sample / LEN).read_text())


def test_an_end_that_is_recorded_is_not_replaced_by_the_day_of_the_stop(
    room: Any, sample: Path
) -> None:
    place = sample / LEN
    text = place.read_text(encoding="utf-8")
    place.write_text(text.replace("    stage:", "    ended: 2026-10-01\n    stage:"), "utf-8")
    room.run(sample, *REACH, "t", *"stopped", "enter", "y")
    found = place.read_text(encoding="utf-8")
    assert "stage: stopped" in found
    assert "ended: 2026-11-23" not in found


def test_what_is_marked_and_stopped_ends_each_by_itself_and_what_goes_on_has_no_end(
    room: Any, sample: Path
) -> None:
    place = sample / LEN
    text = place.read_text(encoding="utf-8")
    place.write_text(text.replace("    stage:", "    ended: 2026-10-01\n    stage:", 1), "utf-8")
    seen: list[str] = []

    async def stop_and_go_on(app: Any, pilot: Any) -> None:
        seen.append(screen_text(app))
        await pilot.press("y")
        await pilot.pause()
        seen.append(place.read_text(encoding="utf-8"))
        await pilot.press("t", *"live", "enter", "y")

    keys = [*REACH[:-1], *" or len-002", "enter", "asterisk", "t", *"stopped", "enter"]
    room.run(sample, *keys, act=stop_and_go_on)
    assert "`ended` kept on 1 of 2" in seen[0]
    assert [seen[1].count(f"    ended: {day}") for day in ("2026-10-01", "2026-11-23")] == [1, 1]
    assert "    ended:" not in place.read_text(encoding="utf-8")


def test_a_wrong_answer_is_said_and_keeps_the_form_open(room: Any, sample: Path) -> None:
    raw = (sample / LEN).read_bytes()
    shown = room.run(sample, *REACH, "d", *(["backspace"] * 3), *"soon", "enter")
    assert "`soon` is not a date (use 2026-12-31, +30" in shown
    assert (sample / LEN).read_bytes() == raw


def test_an_engagement_is_recorded_with_what_the_business_says(room: Any, sample: Path) -> None:
    before = (sample / LEN).read_text()
    keys = ["E", "enter", "enter", "enter", "enter", *"Pilot moved", "enter", "4", "enter", *"harcourt", "enter", "y"]  # fmt: skip
    room.run(sample, *REACH, *keys)
    added = "\n".join(changed(before, (sample / LEN).read_text()))
    assert "date: 2026-11-23" in added
    assert "summary: Pilot moved" in added
    assert "score: 4" in added
    assert "stephen.harcourt" in added
    assert "\n-" not in f"\n{added}"


def test_an_action_belongs_to_the_latest_engagement(room: Any, sample: Path) -> None:
    before = (sample / LEN).read_text()
    room.run(sample, *REACH, "A", *"Name a manager", "enter", *"harcourt", "enter", "enter", "y")
    added = changed(before, (sample / LEN).read_text())
    assert any("what: Name a manager" in line for line in added)
    assert any("due: 2026-12-07" in line for line in added)


def test_the_shipped_sample_is_not_written_to(room: Any) -> None:
    shown = room.run(None, "o", tour=True)
    assert "owner: the sample is read-only" in shown


def test_an_edit_of_a_file_that_changed_meanwhile_is_shown_again_and_loses_nothing(
    room: Any, sample: Path
) -> None:
    place = sample / LEN

    async def meddle(app: Any, pilot: Any) -> None:
        await pilot.press("o", *"hanvog", "enter")
        await pilot.pause()
        text = place.read_text()
        place.write_text("# hers\n" + text)
        await pilot.press("enter")
        await until(lambda: "changed by somebody else" in screen_text(app), pilot)
        assert "This is the edit on the changed file" in " ".join(screen_text(app).split())
        assert "outcome_owner: hannah.vogel" not in place.read_text().split("LEN-002")[0]
        await pilot.press("enter")
        await until(lambda: "undoes it" in screen_text(app), pilot)

    room.run(sample, *REACH, act=meddle)
    text = place.read_text()
    assert text.startswith("# hers\n")
    assert "outcome_owner: hannah.vogel" in text.split("LEN-002")[0]


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("owner hannah.vogel", "    outcome_owner: hannah.vogel\n"),
        ("manager Lena Fischer", "    relationship_manager: lena.fischer\n"),
        ("stage live", "    stage: live\n"),
        ("set-review 2027-03-01", "    next_review: 2027-03-01\n"),
        ("set-review +30", "    next_review: 2026-12-23\n"),
    ],
)
def test_a_command_with_its_value_asks_for_no_more(
    room: Any, sample: Path, typed: str, written: str
) -> None:
    keys = [{" ": "space", ".": "full_stop", "-": "minus", "+": "plus"}.get(c, c) for c in typed]
    room.run(sample, *REACH, "colon", *keys, "enter", "enter")
    assert written in (sample / LEN).read_text().split("LEN-002")[0]


def test_a_command_that_names_nobody_says_so(opened: OpenRoom) -> None:
    shown = opened.run(*REACH, "colon", *"owner", "space", *"zzz", "enter")
    assert "`zzz` is not a person in the organisation" in shown


def test_a_form_is_left_only_when_asked_for_twice(opened: OpenRoom) -> None:
    keys = (*REACH, "E", "tab", "tab", "tab", "tab", *"Met", "escape")
    assert "esc again discards" in opened.run(*keys)
    assert "esc again discards" not in opened.run(*keys, "escape")


def test_somebody_who_is_not_listed_is_added_first_and_then_named(room: Any, sample: Path) -> None:
    keys = [*REACH, "o", *"Zzyx", "space", *"Qvist", "enter", *["enter"] * 5]

    async def act(app: Any, pilot: Any) -> None:
        await until(lambda: "Add Zzyx Qvist to the people" in screen_text(app), pilot)
        await pilot.press("enter")
        await until(lambda: "Set the outcome owner of LEN-001" in screen_text(app), pilot)
        await pilot.press("enter")
        await until(lambda: "undoes it" in screen_text(app), pilot)

    room.run(sample, *keys, act=act)
    people = (sample / "portfolios/organisation.yaml").read_text()
    assert "id: zzyx.qvist" in people
    assert "name: Zzyx Qvist" in people
    assert "outcome_owner: zzyx.qvist" in (sample / LEN).read_text().split("LEN-002")[0]


@pytest.mark.parametrize("word", ["tbd", "none", "everyone"])
def test_a_form_takes_no_word_for_a_person(opened: OpenRoom, word: str) -> None:
    keys = (*REACH, "c", *"green", "enter", *word, "enter")
    assert f"`{word}` is not a person in the organisation" in opened.run(*keys)


def test_a_form_asks_which_of_several_people_is_meant(opened: OpenRoom) -> None:
    keys = (*REACH, "c", *"green", "enter", "a", "enter")
    assert "a: which rater?" in opened.run(*keys)
    chosen = opened.run(*keys, "down", "enter")
    assert "which rater?" not in chosen
    assert "→" in chosen


# -- large selections ------------------------------------------------------------------------

ALL_LENDING = ["slash", *"unit", "colon", *"lending", "enter", "asterisk"]


@pytest.fixture
def all_edits_large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the sample's selections count as large, and their work as long."""
    monkeypatch.setattr("itgov.tui.edits.proposing._SMALL", 0)
    monkeypatch.setattr("itgov.tui.dialogs.working._MOMENT", 0.0)


def test_a_large_edit_shows_its_progress_and_then_its_diff_and_is_undone_as_one(
    room: Any, sample: Path, all_edits_large: None
) -> None:
    raw = (sample / LEN).read_bytes()
    held = raw.count(b"\n    stage: live\n")
    assert held

    async def write_and_undo(app: Any, pilot: Any) -> None:
        await until(lambda: "investments to live" in screen_text(app), pilot)
        shown = screen_text(app)
        assert f"{held} of " in shown
        assert "are live already and stay as they are" in shown
        await pilot.press("y")
        await until(lambda: app.proposals.undo_history.next_undo is not None, pilot)
        await until(lambda: app.screen is app.base, pilot)
        assert (sample / LEN).read_bytes().count(b"stage: live") > held
        await pilot.press("u")
        await until(lambda: app.proposals.undo_history.next_undo is None, pilot)

    keys = [*ALL_LENDING, "t", *"live", "enter"]
    shown = room.run(sample, *keys, act=write_and_undo)
    assert "undone: Set the stage of" in shown
    assert (sample / LEN).read_bytes() == raw


@pytest.mark.parametrize("key", ["escape", "q"])
def test_escape_stops_a_large_edit_and_no_key_goes_to_the_room_meanwhile(
    room: Any, sample: Path, all_edits_large: None, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    raw = (sample / LEN).read_bytes()
    stopped = threading.Event()

    def for_ever(linked: Any, ids: Any, stage: Any, day: Any, progress: Any) -> None:
        try:
            while True:
                progress("Editing", 0.25)
                time.sleep(0.005)
        finally:
            stopped.set()

    monkeypatch.setattr("itgov.files.investment_changes.set_stage", for_ever)

    async def leave(app: Any, pilot: Any) -> None:
        await until(lambda: "Editing …" in screen_text(app), pilot)
        assert "25%" in screen_text(app)
        before = app.navigation.view.items.cursor
        await pilot.press("j", "enter", "2")
        assert app.navigation.view_name == "portfolio"
        assert app.navigation.view.items.cursor == before
        await pilot.press(key)
        await until(lambda: app.screen is app.base, pilot)
        await until(stopped.is_set, pilot)

    shown = room.run(sample, *ALL_LENDING, "t", *"live", "enter", act=leave)
    assert "nothing written" in shown
    assert (sample / LEN).read_bytes() == raw

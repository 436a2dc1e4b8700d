"""Help, palette, command line and jump: found by a few letters, carried out by enter."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.pilot import Pilot

from itgov.tui.actions import ACTIONS
from itgov.tui.app import ReviewRoom
from itgov.tui.dialogs.command import parse
from itgov.tui.state.fuzzy import Finder, places

from .conftest import OpenRoom, settled

SIZES = [(80, 24), (120, 40)]


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize(
    ("name", "keys"),
    [("help", ["question_mark"]), ("jump", ["f", *"ret"]), ("palette", ["ctrl+p", *"the"]),
     ("command", ["colon", *"fi"]), ("copy", ["y"])],
)  # fmt: skip
def test_as_it_looks(
    opened: OpenRoom, golden: Callable[[str, str], None], name: str, keys: list[str], size: tuple[int, int]
) -> None:  # fmt: skip
    golden(f"{name}-{size[0]}x{size[1]}", opened.run(*keys, size=size))


# -- help --------------------------------------------------------------------------------------


def test_help_lists_every_action(sample: Path, room: Any) -> None:
    found: list[str] = []

    async def read(app: ReviewRoom, pilot: Pilot[Any]) -> None:
        found.extend(app.screen.query_one("Table").rows)  # type: ignore[attr-defined]

    room.run(sample, "question_mark", act=read)
    assert sorted(found) == sorted(a.id for a in ACTIONS)


def test_help_finds_and_does(opened: OpenRoom) -> None:
    assert "theme: light" in opened.run("question_mark", *"theme", "enter")


def test_help_finds_an_action_by_its_key(opened: OpenRoom) -> None:
    lines = opened.run("f1", "ctrl+u", *"ctrl+r").splitlines()
    assert "redo" in next(line for line in lines if "▌" in line and "ctrl+r" in line)


def test_what_cannot_be_done_now_is_listed_with_the_reason_and_not_done(opened: OpenRoom) -> None:
    shown = opened.run("question_mark", *"undo", "enter")
    assert "not now: no decision or edit to undo" in shown
    assert "Keys" in shown


def test_help_shows_the_keys_in_force(room: Any, sample: Path) -> None:
    (sample / "itgov.yaml").write_text("keys: {jump: ctrl+g}\n", encoding="utf-8")
    shown = room.run(sample, "question_mark", *"jump to")
    assert "ctrl+g" in next(
        line for line in shown.splitlines() if "▌" in line and "jump to" in line
    )


def test_escape_leaves_every_dialog_and_nothing_else(opened: OpenRoom) -> None:
    before = opened.run(size=(120, 40))
    for key in ("question_mark", "ctrl+p", "colon", "f", "y"):
        assert opened.run(key, "escape", size=(120, 40)) == before


def test_letters_typed_in_a_dialog_carry_nothing_out(opened: OpenRoom) -> None:
    shown = opened.run("question_mark", *"q2z")
    assert "Keys" in shown
    assert "q2z" in shown


# -- jump --------------------------------------------------------------------------------------


def test_jumping_to_an_item_selects_it_in_its_unit(opened: OpenRoom) -> None:
    shown = opened.run("f", *"clm001", "enter")
    assert "CLM-001  Claims handling platform" in shown


def test_jumping_takes_a_filter_away_that_hides_the_place(opened: OpenRoom) -> None:
    shown = opened.run("slash", *"mortgage", "enter", "f", *"clm-001", "enter")
    assert "CLM-001  Claims handling platform" in shown


def test_jumping_to_a_unit_selects_it(opened: OpenRoom) -> None:
    shown = opened.run("f", *"insurance cl", "enter")
    assert "Insurance claims: " in shown


def test_jump_finds_a_person_by_initials_and_parts(opened: OpenRoom) -> None:
    assert "amara.okafor" in opened.run("f", *"okaf")


# -- commands ----------------------------------------------------------------------------------


def test_a_command_is_carried_out_with_what_follows_it(opened: OpenRoom) -> None:
    assert "theme: light" in opened.run("colon", *"theme", "space", *"light", "enter")
    shown = opened.run("colon", *"filter", "space", *"core", "enter")
    assert "/core" in shown
    shown = opened.run("colon", *"go", "space", *"CLM-001", "enter")
    assert "CLM-001  Claims handling platform" in shown


def test_tab_completes_names_then_values(opened: OpenRoom) -> None:
    assert "theme: terminal" in opened.run(
        "colon", *"them", "tab", *"te", "tab", "enter", size=(120, 40)
    )


def test_an_unknown_command_is_told_with_what_was_probably_meant(opened: OpenRoom) -> None:
    shown = opened.run("colon", *"fidnings", "enter")
    assert "There is no command `fidnings`; did you mean `findings`?" in shown


def test_a_command_that_cannot_work_says_why(opened: OpenRoom) -> None:
    assert "no decision or edit to undo" in opened.run("colon", *"undo", "enter")


def test_what_takes_nothing_says_so(opened: OpenRoom) -> None:
    shown = opened.run("colon", *"zoom", "space", *"twice", "enter")
    assert "takes no argument" in shown


def test_the_arrows_bring_back_what_was_entered(opened: OpenRoom) -> None:
    keys = ["colon", *"theme light", "enter", "colon", *"zoom", "enter", "colon", "up", "up"]
    assert ": theme light" in opened.run(*keys)
    assert ": zoom" in opened.run(*keys, "down")


def test_quit_has_its_short_name(room: Any, sample: Path) -> None:
    ended: list[int | None] = []

    async def read(app: ReviewRoom, pilot: Pilot[Any]) -> None:
        ended.append(app.return_value)

    room.run(sample, "colon", "q", "enter", act=read)
    assert ended == [0]


@given(st.text())
def test_any_line_can_be_typed(text: str) -> None:
    command = parse(text)
    assert command.action is None or command.action in ACTIONS


# -- finding -----------------------------------------------------------------------------------

NAMES = st.lists(st.tuples(st.text(max_size=8), st.text(max_size=20)), max_size=12)


@given(NAMES, st.text(max_size=6))
def test_what_is_found_depends_on_what_is_typed_and_not_on_how(
    rows: list[tuple[str, str]], typed: str
) -> None:
    step_by_step = Finder(rows)
    for end in range(len(typed) + 1):
        step_by_step.find(typed[:end])
    assert step_by_step.find(typed) == Finder(rows).find(typed)


@given(st.lists(st.text(min_size=1, max_size=12).filter(str.strip), min_size=1, max_size=12))
def test_a_whole_name_finds_its_own_row_first(names: list[str]) -> None:
    wanted = " ".join(names[-1].split())
    found = Finder([(n,) for n in names]).find(wanted)
    same = [i for i, n in enumerate(names) if n.casefold() == wanted.casefold()]
    assert not same or found[0] == same[0]


@given(st.text(max_size=6), st.text(max_size=20))
def test_marked_letters_are_letters_of_the_name(typed: str, name: str) -> None:
    found = places(typed, name)
    assert found == sorted(set(found))
    assert all(0 <= i < len(name) for i in found)


def test_the_beginning_of_a_word_is_better_than_its_middle() -> None:
    rows = [("reclaim",), ("the claim",), ("claim it",), ("claim",)]
    assert [rows[i][0] for i in Finder(rows).find("claim")] == ["claim", "claim it", "the claim", "reclaim"]  # fmt: skip


def test_in_a_picker_the_first_given_of_equally_good_names_is_first() -> None:
    rows = [("Amara Okafor", "amara"), ("Al Okafor", "al"), ("Okafor Bello", "bello")]
    find = Finder(rows, ranked=True).find
    assert find("okafor") == [2, 0, 1]
    assert find("a") == [0, 1, 2]


def test_letters_strewn_over_a_name_find_nobody() -> None:
    people = [("Lena Theresa Fischer-Dieskau of Northwind",)]
    assert Finder(people, ranked=True).find("lkd") == []


def test_under_a_dialog_over_a_dialog_the_room_is_seen(room: Any, sample: Path) -> None:
    async def act(app: ReviewRoom, pilot: Pilot[Any]) -> None:
        await pilot.press("question_mark")
        app.tell("Over it", [(("the last word", ""),)])
        await settled(app, pilot)

    shown = room.run(sample, act=act)
    assert "the last word" in shown
    assert "Business units 8" in shown


def test_what_is_said_while_a_filter_is_typed_hides_neither(room: Any, sample: Path) -> None:
    async def act(app: ReviewRoom, pilot: Pilot[Any]) -> None:
        app.say("one " * 15 + "two " * 15 + "three " * 10)
        await settled(app, pilot)

    shown = room.run(sample, "slash", *"claims", act=act, size=(80, 24))
    assert "/ claims" in shown
    assert all(f" {word} " in shown for word in ("one", "two", "three"))


def test_the_palette_offers_the_editor_for_e_and_never_to_quit(opened: OpenRoom) -> None:
    shown = opened.run("ctrl+p", "e", size=(120, 100))
    rows = shown[shown.index("Command palette") :].splitlines()
    assert "▌ Edit       editor " in next(row for row in rows if "▌" in row)
    assert not any(" quit " in row and "Quit." in row for row in rows)


NAMED = st.lists(
    st.tuples(st.text("abcde ", min_size=1, max_size=6), st.text("abcde ", min_size=1, max_size=9)),
    min_size=1, max_size=8,
)  # fmt: skip


@given(NAMED, st.text("abcde", min_size=1, max_size=4))
def test_what_is_named_so_stands_before_what_is_only_described_so(
    rows: list[tuple[str, str]], typed: str
) -> None:
    found = Finder([(name,) for name, _ in rows], [(text,) for _, text in rows]).find(typed)
    by_name = [typed in rows[i][0] or rows[i][1] == typed for i in found]
    assert by_name == sorted(by_name, reverse=True)
    missing = [i for i, (name, _) in enumerate(rows) if typed in name and i not in found]
    assert not missing

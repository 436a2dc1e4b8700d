"""Taking a figure of the selected row apart in the room."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from itgov.tui.actions import BY_ID, VIEWS

from .conftest import PROJECT, OpenRoom, copy_sample

MEASURED = ("3", "Y", *"measured", "enter")


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenRoom]:
    root = copy_sample(tmp_path_factory.mktemp("why"))
    shutil.copytree(PROJECT / "scenarios", root / "scenarios", dirs_exist_ok=True)
    found = OpenRoom(root)
    yield found
    found.close()


def test_the_figures_of_the_selected_row_are_listed_and_found(opened: OpenRoom) -> None:
    listed = opened.run("tab", "Y")
    assert "Why: figures of" in listed
    found = opened.run("tab", "Y", *"spend_total")
    assert "Sum over the years of budget, else forecast, else actual." in found


def test_a_figure_shows_its_formula_and_inputs_with_their_lines(opened: OpenRoom) -> None:
    shown = opened.run("tab", "Y", *"spend_total", "enter")
    assert "Made of: the sum of" in shown
    assert "spend 2024: budget" in shown
    assert "portfolios/" in shown


def test_enter_goes_deeper_and_backspace_comes_back(opened: OpenRoom) -> None:
    whole = opened.run(*MEASURED)
    assert "Why: measured of" in whole
    deeper = opened.run(*MEASURED, "enter")
    assert "Why: dimensions." in deeper
    assert opened.run(*MEASURED, "enter", "backspace") == whole
    assert "Why: figures of" in opened.run(*MEASURED, "backspace")


def test_enter_on_what_is_recorded_goes_to_its_record(opened: OpenRoom) -> None:
    shown = opened.run("7", "Y", *"is_active", "enter", "enter")
    assert "Why:" not in shown
    assert "portfolios/organisation.yaml:" in shown.splitlines()[-1]


def test_a_scenario_has_figures_of_its_own(opened: OpenRoom) -> None:
    listed = opened.run("S", "shift+tab", "Y")
    assert "Why: figures of Finish the app half a year later" in listed
    shown = opened.run("S", "shift+tab", "Y", *"money.2026.freed", "enter")
    assert "719,000" in shown
    assert "scenarios/app-later.yaml:" in shown


def test_of_the_row_of_all_units_the_figures_are_those_of_the_organisation(
    room: Any, sample: Path
) -> None:
    assert "Why: figures of Northwind Mutual" in room.run(sample, "shift+tab", "home", "Y")


def test_a_list_that_has_not_all_figures_says_so(opened: OpenRoom) -> None:
    assert "first 2,000" in opened.run("shift+tab", "home", "Y")
    assert "first" not in opened.run("tab", "Y").splitlines()[1]


@pytest.mark.parametrize("view", [v for name in VIEWS for v in BY_ID[f"show-{name}"].keys])
def test_the_key_answers_in_every_view(opened: OpenRoom, view: str) -> None:
    assert "Why: figures of" in opened.run(view, "Y")


def test_a_figure_can_be_named_on_the_command_line_of_the_room(opened: OpenRoom) -> None:
    shown = opened.run("colon", *"why coverage", "enter")
    assert "coverage" in shown
    assert "Why: " in shown


def test_hostile_text_is_shown_as_text(room: Any, hostile: Path) -> None:
    for keys in (("Y",), ("tab", "Y"), ("tab", "Y", "enter"), ("7", "Y", "enter")):
        shown = room.run(hostile, *keys)
        assert "Why: " in shown
        assert "\u202e" not in shown


def test_a_row_that_is_a_figure_itself_is_taken_apart_at_once(opened: OpenRoom) -> None:
    dimension = opened.run("3", "tab", "j", "j", "Y")
    assert "Why: dimensions." in dimension
    finding = opened.run("3", "tab", "tab", "Y")
    assert "Why: findings." in finding
    assert "Points gained where this one verdict is a pass" in finding


def test_a_line_of_money_lists_its_own_figures(opened: OpenRoom) -> None:
    shown = opened.run("4", "right_square_bracket", "shift+tab", "j", "Y")
    assert "Why: figures of Northwind Mutual" in shown
    assert "purposes." in shown

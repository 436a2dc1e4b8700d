"""The first minutes: an empty folder, a portfolio that is started, the tour."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from itgov.cli.main import main
from itgov.tui.actions import BY_ID
from itgov.tui.app import ReviewRoom
from itgov.tui.keymap import keymap
from itgov.tui.tour import STEPS, tour_lines
from itgov.tui.widgets.styled_text import text_of
from itgov.tui.widgets.tour_panel import TourPanel

from .conftest import SIZES, settled

STARTED = ("I", "enter", *"eur", "enter", *"Retail & branch", "enter")


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty folder, which is the current one, below no portfolio."""
    folder = tmp_path / "harbour-trust"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.mark.parametrize("size", SIZES)
def test_an_empty_folder_offers_start_import_sample_and_tour(
    room: Any, empty: Path, golden: Any, size: tuple[int, int]
) -> None:
    shown = room.run(None, size=size)
    golden(f"empty-{size[0]}x{size[1]}", shown.replace(str(empty), "/harbour-trust"))


@pytest.mark.parametrize("size", SIZES)
def test_starting_asks_name_currency_and_first_unit(
    room: Any, empty: Path, golden: Any, size: tuple[int, int]
) -> None:
    shown = room.run(None, "I", "enter", *"euros", "enter", size=size)
    lines = [line for line in shown.splitlines() if str(empty.parent) not in line]
    golden(f"start-{size[0]}x{size[1]}", "\n".join(lines) + "\n")
    assert not list(empty.iterdir())


def test_a_portfolio_is_started_as_it_was_said(room: Any, empty: Path) -> None:
    shown = room.run(None, *STARTED)
    organisation = (empty / "portfolios/organisation.yaml").read_text(encoding="utf-8")
    unit = (empty / "portfolios/retail-and-branch.yaml").read_text(encoding="utf-8")
    assert "  name: Harbour trust\n" in organisation
    assert "  currency: EUR\n" in organisation
    assert "  name: Retail & branch\n" in unit
    assert "A portfolio was started" in shown
    assert "are examples: replace them with your own" in " ".join(shown.split())
    assert "Business units 1" in shown


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (["I", *["backspace"] * 20, "enter"], "Enter an organisation"),
        (["I", "enter", *"pounds", "enter"], "is not a code of three letters"),
        (["I", "enter", *"gbp", "enter", *"People", "enter"], "choose another id"),
    ],
)
def test_what_cannot_be_is_refused_where_it_is_typed(
    room: Any, empty: Path, typed: list[str], said: str
) -> None:
    assert said in room.run(None, *typed, size=(120, 40))
    assert not list(empty.iterdir())


# -- the tour ----------------------------------------------------------------------------------


def told(app: ReviewRoom) -> str:
    return app.base.query_one(TourPanel).text


@pytest.mark.parametrize("size", SIZES)
def test_each_step_goes_on_when_it_was_done_and_not_before(
    room: Any, golden: Any, size: tuple[int, int]
) -> None:
    seen: list[str] = []

    async def go(app: ReviewRoom, pilot: Pilot[Any]) -> None:
        for at, step in enumerate(STEPS):
            assert f"Tour {at + 1} of {len(STEPS)}: {step.title}" in told(app)
            others = [s.done_by[0] for s in STEPS if not set(s.done_by) & set(step.done_by)]
            await pilot.press(app.keys.of(others[0])[0])
            await settled(app, pilot)
            while app.screen is not app.base:
                await pilot.press("escape")
            assert f"Tour {at + 1} of" in told(app)
            await pilot.press(app.keys.of(step.done_by[0])[0])
            await settled(app, pilot)
            seen.append(step.title)
        while app.screen is not app.base:
            await pilot.press("escape")

    shown = room.run(None, size=size, act=go, tour=True)
    assert len(seen) == len(STEPS) == 6
    assert "The tour is over" in shown
    golden(f"tour-{size[0]}x{size[1]}", room.run(None, size=size, tour=True))


def test_every_step_names_its_key_or_its_command() -> None:
    keys = keymap()
    for at, step in enumerate(STEPS):
        text = "\n".join(text_of(line) for line in tour_lines(keys, at))
        assert f"Press {keys.shown(step.done_by[0])} to " in text
        assert "q leaves" in text
        assert all(name in BY_ID for name in step.done_by)


def test_a_step_of_the_tour_says_the_way_back_from_another_view(room: Any) -> None:
    shown = room.run(None, "j", "3", tour=True, size=(120, 40))
    assert "Press 1 for the portfolio view, then ! to see" in shown
    assert "then !" not in room.run(None, "j", "3", "1", tour=True, size=(120, 40))


def test_the_tour_is_left_and_begun_again(room: Any) -> None:
    async def leave(app: ReviewRoom, pilot: Pilot[Any]) -> None:
        await pilot.press("j", "f2")
        assert told(app) == ""
        await pilot.press("f2")
        assert "Tour 1 of 6" in told(app)
        await pilot.press("q")

    room.run(None, act=leave, tour=True)


def test_the_tour_changes_nothing(room: Any) -> None:
    shown = room.run(None, "o", tour=True)
    assert "the sample is read-only" in shown


def test_over_a_portfolio_the_tour_has_the_terminal_to_itself(
    room: Any, sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "run `itgov --tour` in a terminal" in room.run(sample, "f2")  # a test has no terminal


@pytest.mark.parametrize("arguments", [["--tour", "."], ["--tour"], ["--tour", "--plain"]])
def test_where_the_tour_cannot_be_it_is_said(
    arguments: list[str], capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    assert "--tour" in capfd.readouterr().err


def test_what_needs_a_portfolio_says_that_there_is_none(room: Any, empty: Path) -> None:
    assert "there is no portfolio to show" in room.run(None, "enter")

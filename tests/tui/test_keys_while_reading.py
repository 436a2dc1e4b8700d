"""Keys that are typed while the portfolio is being read."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from textual.events import Paste

from itgov.tui.app import ReviewRoom
from itgov.tui.background.reading import Loader

from .conftest import AS_OF, screen_text, settled

Typed = Callable[..., tuple[str, str, int | None]]


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Typed:
    """Press keys before anything is read; return the screen then and after, and how it was left."""
    may_read = threading.Event()
    load = Loader.load

    def held_back(self: Loader, *args: Any) -> Any:
        may_read.wait()
        return load(self, *args)

    monkeypatch.setattr(Loader, "load", held_back)

    def press(path: Path, *keys: str, paste: str = "") -> tuple[str, str, int | None]:
        async def go() -> tuple[str, str, int | None]:
            app = ReviewRoom(path, AS_OF)
            try:
                async with app.run_test(size=(120, 40)) as pilot:
                    await pilot.press(*keys)
                    if paste:
                        app.post_message(Paste(paste))
                        await pilot.pause()
                    before = "" if app._exit else screen_text(app)
                    may_read.set()
                    if app._exit:
                        return before, "", app.return_value
                    await settled(app, pilot)
                    return before, screen_text(app), None
            finally:
                may_read.set()

        return asyncio.run(go())

    return press


def test_a_filter_typed_meanwhile_is_typed_once_the_list_is_there(
    typed: Typed, sample: Path
) -> None:
    before, after, _ = typed(sample, "slash", *"claims q")
    assert "Opening the portfolio" in before
    assert "still being read" not in before
    line = next(line for line in after.splitlines() if line.startswith("/"))
    assert line.startswith("/ claims q")


def test_what_is_pasted_meanwhile_waits_behind_the_key_that_asks_for_it(
    typed: Typed, sample: Path
) -> None:
    _, after, _ = typed(sample, "slash", *"q ", paste="claims\nx")
    line = next(line for line in after.splitlines() if line.startswith("/"))
    assert line.startswith("/ q claims")


def test_another_view_is_shown_at_once_and_moves_wait_for_its_list(
    typed: Typed, sample: Path
) -> None:
    _, after, _ = typed(sample, "2", "slash", *"owner", "escape", "7")
    assert "People" in after
    assert not any(line.startswith("/") for line in after.splitlines())


@pytest.mark.parametrize("keys", [("q",), ("slash", "a", "ctrl+c")])
def test_the_room_can_be_left_meanwhile(typed: Typed, sample: Path, keys: tuple[str, ...]) -> None:
    assert typed(sample, *keys)[2] == 0


def test_what_was_typed_for_a_list_that_never_came_does_nothing(
    typed: Typed, tmp_path: Path
) -> None:
    _, after, _ = typed(tmp_path, "slash", *"in")  # i would begin the tour
    assert "No portfolio here yet" in after
    assert "Keys typed while the portfolio was read were ignored" in after

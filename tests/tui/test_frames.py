"""When the screen is drawn, and what is done while no key is pressed."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from itgov.tui import textual_private
from itgov.tui.actions import VIEWS
from itgov.tui.app import ReviewRoom
from itgov.tui.background import idle_tasks, reading

from .conftest import AS_OF, screen_text, settled


async def until(holds: Callable[[], bool]) -> None:
    """Wait until something holds, without the drawing that a pilot's pause does."""
    async with asyncio.timeout(300):  # ends a test that would wait for ever
        while not holds():
            await asyncio.sleep(0.01)


@pytest.mark.parametrize(
    "keys",
    [["j"], ["greater_than_sign"], ["2"], ["2", "1"], ["z"], ["z", "z"], ["slash"], ["slash", "c"],
     ["slash", "c", "escape"], ["tab"], ["4"], ["7"]],
    ids=" ".join,
)  # fmt: skip
def test_a_key_is_drawn_once(
    sample: Path, keys: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(textual_private, "_PATIENCE", 60.0)  # however slow the machine is
    drawn = 0

    async def go() -> None:
        nonlocal drawn
        app = ReviewRoom(sample, AS_OF)
        async with app.run_test(size=(120, 40)) as pilot:
            await settled(app, pilot)
            for key in keys[:-1]:
                await pilot.press(key)
            await settled(app, pilot)
            await until(lambda: app.base._frame is None)
            display = app._display

            def count(screen: Any, update: Any) -> None:
                nonlocal drawn
                drawn += update is not None
                display(screen, update)

            monkeypatch.setattr(app, "_display", count)
            await pilot.press(keys[-1])
            await settled(app, pilot)
            await until(lambda: app.base._frame is None)

    asyncio.run(go())
    assert drawn == 1


def test_what_fails_while_it_is_drawn_ends_the_room(
    sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def go() -> None:
        app = ReviewRoom(sample, AS_OF)
        async with app.run_test() as pilot:
            await settled(app, pilot)

            def fail(*_: Any, **__: Any) -> None:
                raise ZeroDivisionError

            monkeypatch.setattr(app.base._compositor, "render_update", fail)
            app.refresh()
            await until(lambda: not app._running or app._exception is not None)

    with pytest.raises(ZeroDivisionError):
        asyncio.run(go())


def test_other_views_are_made_ready_while_no_key_is_pressed(sample: Path) -> None:
    async def go() -> None:
        app = ReviewRoom(sample, AS_OF, watching=True)
        async with app.run_test(size=(120, 40)) as pilot:
            await settled(app, pilot)
            await until(
                lambda: all(
                    (view := app.navigation.views.get(name)) is not None and view.room is app.room
                    for name in VIEWS
                )
            )
            home = screen_text(app)
            assert "All units: 69" in home
            await pilot.press("7")
            await settled(app, pilot)
            assert "People" in screen_text(app)
            await pilot.press("1")
            await settled(app, pilot)
            assert screen_text(app) == home

    asyncio.run(go())


def test_a_view_that_is_asked_for_twice_at_once_is_there_for_both(sample: Path) -> None:
    async def go() -> None:
        app = ReviewRoom(sample, AS_OF)
        async with app.run_test(size=(120, 40)) as pilot:
            await settled(app, pilot)
            first = asyncio.create_task(app.navigation.views.take("people"))
            await asyncio.sleep(0)
            assert (await app.navigation.views.take("people")).query_one("#people")
            await first

    asyncio.run(go())


def test_no_view_is_filled_while_the_room_is_left(
    sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(idle_tasks, "_BEAT", 0.001)
    monkeypatch.setattr(idle_tasks, "_LULL", 0.0)

    async def go() -> None:
        app = ReviewRoom(sample, AS_OF)
        async with app.run_test(size=(120, 40)) as pilot:
            await settled(app, pilot)
            close = app._close_all

            async def closed_slowly() -> None:
                await close()
                app.idle_tasks.replace(app.navigation.views.idle_tasks(lambda: app.room))
                for view in app.navigation.views:
                    view.room = None
                await asyncio.sleep(0.2)

            monkeypatch.setattr(app, "_close_all", closed_slowly)

    asyncio.run(go())


def test_chores_wait_for_keys_and_are_done_in_turn(
    sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(idle_tasks, "_LULL", 3600.0)
    done: list[int] = []

    async def later() -> None:
        await asyncio.sleep(0)
        done.append(2)

    async def go() -> None:
        app = ReviewRoom(sample, AS_OF)
        async with app.run_test() as pilot:
            await settled(app, pilot)
            await pilot.press("j")
            app.idle_tasks.replace([lambda: done.append(1), later])
            await asyncio.sleep(0.3)
            assert done == []
            monkeypatch.setattr(idle_tasks, "_LULL", 0.0)
            await until(lambda: len(done) == 2)

    asyncio.run(go())
    assert done == [1, 2]


def test_what_views_of_a_large_portfolio_hold_is_left_out_of_the_collectors_scans(
    sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "WORTH_FREEZING", 1)
    monkeypatch.setattr(reading.Loader, "settle", lambda loader: None)
    monkeypatch.setattr(idle_tasks, "_LULL", 0.0)
    monkeypatch.setattr(idle_tasks, "_BEAT", 0.001)

    async def go() -> None:
        app = ReviewRoom(sample, AS_OF, watching=True)
        async with app.run_test(size=(120, 40)) as pilot:
            await settled(app, pilot)

            def left_out() -> bool:
                views = {id(view) for view in app.navigation.views}
                made = len(views) == len(VIEWS)
                return made and not any(id(found) in views for found in gc.get_objects())

            await until(left_out)

    asyncio.run(go())


def test_frames_keep_the_distance_that_is_asked_for(
    sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[float] = []

    async def go() -> None:
        app = ReviewRoom(sample, AS_OF)
        async with app.run_test() as pilot:
            await settled(app, pilot)
            await until(lambda: app.base._frame is None)
            monkeypatch.setattr(textual_private, "_SPACING", 0.4)
            monkeypatch.setattr(app, "_display", lambda *_: drawn.append(monotonic()))
            while len(drawn) < 3:
                app.base.refresh()
                await asyncio.sleep(0.01)

    asyncio.run(go())
    assert drawn[1] - drawn[0] >= 0.4
    assert drawn[2] - drawn[1] >= 0.4

"""Driving the review room without a terminal: keys in, the screen as text out."""

from __future__ import annotations

import asyncio
import datetime
import gc
import os
import shutil
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from textual._context import visible_screen_stack
from textual.app import App
from textual.css.model import RuleSet
from textual.css.parse import parse
from textual.pilot import Pilot
from textual.screen import Screen
from textual.strip import Strip

from itgov.rules.caching_judge import CachingJudge
from itgov.tui.actions import VIEWS
from itgov.tui.app import ReviewRoom
from itgov.tui.widgets.bars import FootBar

from ..support.folders import files_of
from ..support.git import GitRepo
from .hostile_portfolio import hostile_portfolio

PROJECT = Path(__file__).parent.parent.parent
GOLDENS = Path(__file__).parent / "goldens"
AS_OF = datetime.date(2026, 11, 23)
SIZES = [(80, 24), (120, 40)]


@pytest.fixture(scope="session", autouse=True)
def _styles_are_parsed_once() -> Iterator[None]:
    """Remember Textual's parsed style sheets between rooms: a seventh of opening one."""
    remembered: dict[tuple[Any, ...], list[RuleSet]] = {}
    themes: dict[int, tuple[Any, str]] = {}  # by identity; the object is kept, so it stays unique

    def once(scope: str, css: str, place: Any, *, variable_tokens: Any, **options: Any) -> Any:
        if id(variable_tokens) not in themes:
            values = [(name, [t.value for t in ts]) for name, ts in variable_tokens.items()]
            themes[id(variable_tokens)] = variable_tokens, repr(values)
        key = (scope, css, place, themes[id(variable_tokens)][1], *options.values())
        if key not in remembered:
            remembered[key] = list(
                parse(scope, css, place, variable_tokens=variable_tokens, **options)
            )
        return remembered[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("textual.css.stylesheet.parse", once)
        yield


_parts: dict[bytes, bytes] = {}
"""What was found on units in any room of this process."""


@pytest.fixture(scope="session", autouse=True)
def _true_colours() -> Iterator[None]:
    """Draw all colours, whatever the terminal of whoever runs the tests can show."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("textual.constants.COLOR_SYSTEM", "truecolor")
        yield


@pytest.fixture(scope="module", autouse=True)
def _units_are_judged_once() -> Iterator[None]:
    """Remember between rooms what was found on a unit: a third of opening one.

    What is found is known by all that it follows from, so that whatever a test changes is judged.
    In other folders that run in the same process, nothing is remembered.
    """
    judge = CachingJudge.judge

    def remembered(self: CachingJudge, linked: Any, book: Any, progress: Any = None) -> Any:
        self._parts = {**_parts, **self._parts}
        found = judge(self, linked, book, progress)
        _parts.update(self._parts)
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(CachingJudge, "judge", remembered)
        yield


@pytest.fixture(scope="module", autouse=True)
def _rooms_are_cleared_away() -> Iterator[None]:
    """Collect what a file's rooms left: a room that is open looks through new objects only.

    What stays after that is kept for the whole run: the next collection does not look through it again.
    """
    yield
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def _keys_wait_as_long_as_it_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take no key before the one before is through, on however busy a machine."""
    monkeypatch.setattr("itgov.tui.key_queue._PATIENCE", 60.0)
    monkeypatch.setattr("itgov.tui.key_queue._OPENING", 60.0)


@pytest.fixture(autouse=True)
def _keys_are_waited_for_not_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Press the next key as soon as the room is through with the one before.

    Textual sleeps 40 ms for each key, and longer while anything else keeps the process busy.
    """
    press = App._press_keys

    async def one_by_one(app: App[Any], keys: Iterable[str]) -> None:
        for key in keys:
            await press(app, [key])
            if isinstance(app, ReviewRoom):
                await _through(app)

    async def a_turn(min_sleep: float = 0, max_sleep: float = 1) -> None:
        for _ in range(4):  # from the driver into the queue
            await asyncio.sleep(0)

    monkeypatch.setattr(App, "_press_keys", one_by_one)
    monkeypatch.setattr("textual.app.wait_for_idle", a_turn)


async def _through(app: ReviewRoom) -> None:
    """Wait until the room has taken a key and all that it set off; a test may hold that back."""
    taken = asyncio.Event()
    app.call_later(taken.set)  # behind the key
    for _ in range(250):  # turns, not seconds: a turn takes longer on a busy machine
        if app._exit or (
            taken.is_set() and app.key_queue._busy_since is None and not app.key_queue._waiting
        ):
            break
        await asyncio.sleep(0.002)


@pytest.fixture(autouse=True)
def no_settings(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep the settings of whoever runs the tests out of them; return where a user's would be."""
    for name in ("COLORFGBG", "NO_COLOR", "TMUX", "STY", "SSH_CONNECTION", "SSH_TTY"):
        monkeypatch.delenv(name, raising=False)
    home = tmp_path_factory.mktemp("config")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home))
    monkeypatch.setenv("XDG_STATE_HOME", str(home / "state"))
    return home / "itgov" / "config.yaml"


def views_there() -> list[str]:
    """Return the views that exist, found in the tree: one that is added is tested at once."""
    from itgov.tui import views

    files = {p.stem for p in Path(views.__path__[0]).glob("*.py")}
    return [name for name in VIEWS if name in files]


@contextmanager
def undrawn() -> Iterator[None]:
    """Lay out, and draw nothing on a terminal that nobody sees: a third of a key's time.

    `screen_text()` draws the whole screen when the keys are through.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Screen, "_compositor_refresh", lambda self: None)
        yield


Act = Callable[[ReviewRoom, Pilot[Any]], Awaitable[Any]]


def drawn(app: ReviewRoom) -> list[Strip]:
    """Return the lines of the screen, of a dialog and what lies under it."""
    visible_screen_stack.set(app._background_screens)  # as before every drawing
    return app.screen._compositor.render_strips()  # the one use of what Textual keeps to itself


def screen_text(app: ReviewRoom) -> str:
    """Return what is on the screen, a line for each of its lines."""
    strips = drawn(app)
    return "\n".join("".join(s.text for s in strip).rstrip() for strip in strips) + "\n"


async def settled(app: ReviewRoom, pilot: Pilot[Any]) -> None:
    """Wait until nothing is being read or worked out, and what came of it is drawn.

    An edit waits for its answers in a worker of its own, for which nobody waits.
    """
    await until(
        lambda: app._exit or (app.key_queue._busy_since is None and not app.key_queue._waiting),
        pilot,
    )
    for _ in range(2):
        others = [w for w in app.workers if w.group != "edit"]
        if others:
            await app.workers.wait_for_complete(others)
        await pilot.pause()


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    """Return a copy of the sample portfolio, without git, that may be written to."""
    return copy_sample(tmp_path)


def copy_sample(folder: Path) -> Path:
    """Copy the sample portfolio into a folder; return its repository."""
    root = folder / "northwind"
    shutil.copytree(PROJECT / "portfolios", root / "portfolios")
    return root


class Driver:
    """Runs the room and acts in it."""

    def run(
        self,
        path: Path | None,
        *keys: str,
        size: tuple[int, int] = (120, 40),
        act: Act | None = None,
        **options: Any,
    ) -> str:
        """Press keys, then `act`; return the screen as text."""

        async def go() -> str:
            app = ReviewRoom(path, AS_OF, **options)
            async with app.run_test(size=size) as pilot:
                with undrawn():
                    await pilot.pause()
                    await settled(app, pilot)
                    await pilot.press(*keys)
                    await settled(app, pilot)
                if act is not None:
                    await act(app, pilot)
                    await settled(app, pilot)
                return screen_text(app)

        return asyncio.run(go())


class OpenRoom:
    """One room for many tests that only look: each starts at the first view, with nothing open.

    With `fresh`, views are made anew for each, so that nothing is grouped, sorted or chosen yet.
    """

    def __init__(
        self, path: Path, size: tuple[int, int] = (120, 40), *, fresh: bool = False, **options: Any
    ) -> None:
        self.size = size
        self._fresh = fresh
        self._runner = asyncio.Runner()  # all that it runs shares one loop and one context
        self.app = ReviewRoom(path, AS_OF, **options)
        self._test = self.app.run_test(size=size)
        self.pilot = self._runner.run(self._test.__aenter__())
        self._runner.run(self._settled())

    async def _settled(self) -> None:
        await self.pilot.pause()
        await settled(self.app, self.pilot)

    async def _start_again(self) -> None:
        while self.app.screen is not self.app.base:
            await self.pilot.press("escape")
        if not self._fresh:
            await self.pilot.press("escape", "escape", "escape", "escape", "1", "home")
            return
        navigation = self.app.navigation
        for view in navigation.views:
            await view.remove()
        navigation.views._made.clear()
        navigation.views._mounts.clear()
        navigation.visited.clear()
        foot = self.app.base.query_one(FootBar)
        foot.hush()
        foot.spoken.clear()
        self.app.preferences.configure(self.app.room)
        await navigation.show_view(VIEWS[0])

    def run(self, *keys: str, size: tuple[int, int] | None = None, act: Act | None = None) -> str:
        """Press keys where a new room would be, then `act`; return the screen as text."""

        async def go() -> str:
            app, pilot = self.app, self.pilot
            with undrawn():
                await pilot.resize_terminal(*(size or self.size))
                await self._start_again()
                await settled(app, pilot)
                await pilot.press(*keys)
                await settled(app, pilot)
            if act is not None:
                await act(app, pilot)
                await settled(app, pilot)
            return screen_text(app)

        return self._runner.run(go())

    def close(self) -> None:
        """Leave the room."""
        self._runner.run(self._test.__aexit__(None, None, None))
        self._runner.close()


def open_room(root: Path) -> Iterator[OpenRoom]:
    """Yield one room for tests that only look, and see that none of them has written."""
    before = files_of(root)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ITGOV_CACHE", "off")
        room = OpenRoom(root, fresh=True)
    yield room
    room.close()
    assert files_of(root) == before, "a test that was to look only has written"


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenRoom]:
    """Return one room over the sample for all tests of a file that only look."""
    yield from open_room(copy_sample(tmp_path_factory.mktemp("opened")))


@pytest.fixture
def room() -> Driver:
    """Return what runs the room: `room.run(sample, "j", "enter")` gives the screen as text."""
    return Driver()


@pytest.fixture
def golden() -> Callable[[str, str], None]:
    """Return a function that compares a screen with the one kept under a name.

    `ITGOV_GOLDENS=write` keeps what is there now instead.
    """

    def compare(name: str, text: str) -> None:
        place = GOLDENS / f"{name}.txt"
        if os.environ.get("ITGOV_GOLDENS") == "write":
            place.parent.mkdir(exist_ok=True)
            place.write_text(text, encoding="utf-8")
        assert text == place.read_text(encoding="utf-8")

    return compare


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """Return a portfolio whose every text would do harm if it were shown as it is."""
    return hostile_portfolio(tmp_path / "hostile")


@pytest.fixture
def git(sample: Path) -> Callable[..., str]:
    """Make the sample a repository of git, and return a function that runs git in it."""
    made = GitRepo(sample, ("Stephen", "s@example.org"))
    made.commit("2026-11-01", title="start")
    return partial(made.git, date="2026-11-01")


@pytest.fixture
def history(sample: Path) -> GitRepo:
    """Return the sample with three commits, in August, October and November."""
    made = GitRepo(sample)
    made.commit("2026-08-10", title="Start")
    made.edit("outcome_owner:", "sponsor_was:")
    made.edit("sponsor_was:", "outcome_owner:")
    first = next(
        line
        for line in (sample / "portfolios/retail.yaml").read_text(encoding="utf-8").splitlines()
        if line.strip().startswith("title:")
    )
    made.edit(first, "    title: '[/foo] \u202e \U0001f4b6 漢字 title'")
    made.commit(
        "2026-10-05", title="[/foo] \x1b[31m \u202e 漢字 \U0001f4b6 of a title that goes on and on"
    )
    made.commit("2026-11-20", title="Nothing")
    return made


async def until(condition: Callable[[], bool], pilot: Pilot[Any]) -> None:
    """Wait for something that another process or the system brings about."""
    end = time.monotonic() + 300  # only a fault takes so long, on however busy a machine
    while not condition():
        assert time.monotonic() < end, "it never came about"
        await pilot.pause(0.02)

"""Files that others change: noticed, read again, and the reader's place kept."""

from __future__ import annotations

import gc
import weakref
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from itgov.files.repository import find_repository
from itgov.tui.app import ReviewRoom
from itgov.tui.background.reading import Loader, Trouble
from itgov.tui.background.watching import places_of
from itgov.tui.state.room import Room

from ..support.git import GitRepo
from .conftest import AS_OF, until


def _quiet(doing: str, done: float) -> None:
    """Tell nobody."""


def _edit(root: Path, old: str, new: str) -> Path:
    """Change something in a file as an editor does: a new file in the old one's place."""
    for path in sorted((root / "portfolios").rglob("*.yaml")):
        text = path.read_text(encoding="utf-8")
        if old in text:
            fresh = path.with_suffix(".swp")
            fresh.write_text(text.replace(old, new, 1), encoding="utf-8")
            fresh.replace(path)
            return path
    raise AssertionError(f"{old} is nowhere")


def _title(app: ReviewRoom, item: str) -> str:
    assert app.room is not None
    return app.room.items[item].title


def test_a_file_that_somebody_else_changed_is_shown_as_it_is_now(room: Any, sample: Path) -> None:
    async def act(app: ReviewRoom, pilot: Pilot[Any]) -> None:
        _edit(sample, "Claims core system", "Claims heart system")
        await until(lambda: _title(app, "CLM-007") == "Claims heart system", pilot)

    shown = room.run(sample, "slash", *"heart", act=act, watching=True)
    assert "Claims heart system" in shown
    assert "1 of 69" in shown


def test_reading_again_keeps_the_row_the_filter_and_what_is_being_typed(
    room: Any, sample: Path
) -> None:
    async def act(app: ReviewRoom, pilot: Pilot[Any]) -> None:
        view = app.navigation.view
        assert view is not None
        items = view.query_one("#items")
        before = items.cursor  # type: ignore[attr-defined]
        await pilot.press("slash", *"e")
        _edit(sample, "Claims core system", "Claims heart system")
        await app.carry_out("reload")
        await until(lambda: _title(app, "CLM-007") == "Claims heart system", pilot)
        await pilot.press(*"r")
        assert isinstance(app.focused, Input)
        assert app.focused.value == "er"
        assert view.filter_text == "er"
        assert before is not None

    room.run(sample, "j", "j", "j", act=act)


def test_the_detail_stays_scrolled_when_the_files_are_read_again(room: Any, sample: Path) -> None:
    async def act(app: ReviewRoom, pilot: Pilot[Any]) -> None:
        assert app.navigation.view is not None
        page = app.navigation.view.query_one("#detail")
        await pilot.press("j", "j", "j")
        assert page.scroll_offset.y == 3
        _edit(sample, "Claims core system", "Claims heart system")
        await pilot.press("R")
        await until(lambda: _title(app, "CLM-007") == "Claims heart system", pilot)
        await pilot.pause()
        assert page.scroll_offset.y == 3

    room.run(sample, "enter", act=act, size=(80, 24))


def test_what_cannot_be_used_leaves_the_room_as_it_was_and_says_so(room: Any, sample: Path) -> None:
    async def act(app: ReviewRoom, pilot: Pilot[Any]) -> None:
        (sample / "itgov.yaml").write_text("paths: {rulez: x}\n")
        await until(lambda: app.trouble is not None, pilot)

    shown = room.run(sample, act=act, watching=True)
    assert "All units: 69" in shown
    assert "files not usable" in shown
    assert "itgov.yaml:1:9" in shown

    async def mended(app: ReviewRoom, pilot: Pilot[Any]) -> None:
        (sample / "itgov.yaml").write_text("paths: {rulez: x}\n")
        await until(lambda: app.trouble is not None, pilot)
        (sample / "itgov.yaml").unlink()
        await until(lambda: app.trouble is None, pilot)

    (sample / "itgov.yaml").unlink()
    assert "files not usable" not in room.run(sample, act=mended, watching=True)


def test_broken_rules_leave_the_room_as_it_was(room: Any, sample: Path) -> None:
    async def act(app: ReviewRoom, pilot: Pilot[Any]) -> None:
        (sample / "rules").mkdir()
        (sample / "rules" / "own.yaml").write_text("rules: [{id: X}]\n")
        await until(lambda: app.trouble is not None, pilot)
        (sample / "rules" / "own.yaml").write_text("extends: standard\nrules: []\n")
        await until(lambda: app.trouble is None, pilot)

    assert "All units: 69" in room.run(sample, act=act, watching=True)


def test_a_new_folder_of_files_is_watched_too(room: Any, sample: Path) -> None:
    async def act(app: ReviewRoom, pilot: Pilot[Any]) -> None:
        assert app.room is not None
        folder = sample / "portfolios" / "fresh"
        folder.mkdir()
        (folder / "a.yaml").write_text("business_unit: {id: fresh, name: Fresh unit}\n")
        await until(lambda: app.room is not None and "fresh" in app.room.portfolio.units, pilot)
        (folder / "b.yaml").write_text(
            "business_unit: fresh\ninvestments: [{id: FR-1, title: Fresh thing}]\n"
        )
        await until(lambda: app.room is not None and "FR-1" in app.room.items, pilot)

    room.run(sample, act=act, watching=True)


def test_a_commit_is_noticed(room: Any, history: GitRepo) -> None:
    async def act(app: ReviewRoom, pilot: Pilot[Any]) -> None:
        assert app.room is not None
        before = app.room.head
        history.commit("2026-11-22", title="More")
        await until(lambda: app.room is not None and app.room.head != before, pilot)

    room.run(history.root, act=act, watching=True)


def test_only_what_the_room_shows_is_looked_at(history: GitRepo) -> None:
    places = places_of(find_repository(history.root))
    root = str(history.root.resolve())
    assert places.wants(f"{root}/portfolios/retail.yaml")
    assert places.wants(f"{root}/itgov.yaml")
    assert places.wants(f"{root}/.git/logs/HEAD")
    assert not places.wants(f"{root}/.git/index")
    assert not places.wants(f"{root}/notes.txt")
    assert not places.wants(f"{root}/portfolios/.retail.yaml.swp")
    assert not places.wants(f"{root}/portfolios/retail.yaml~")


def test_where_nothing_changed_the_room_is_the_very_same(sample: Path) -> None:
    loader = Loader(sample, AS_OF)
    first = loader.load(_quiet)
    assert loader.load(_quiet) is first
    _edit(sample, "Claims core system", "Claims heart system")
    assert loader.load(_quiet) is not first


def test_a_room_that_is_read_again_shows_what_a_fresh_one_shows(sample: Path) -> None:
    loader = Loader(sample, AS_OF)
    loader.load(_quiet)
    _edit(sample, "outcome_owner:", "sponsor:")
    again, fresh = loader.load(_quiet), Loader(sample, AS_OF).load(_quiet)
    assert isinstance(again, Room)
    assert isinstance(fresh, Room)
    assert again.findings == fresh.findings
    assert again.health == fresh.health


def test_rules_that_were_broken_and_taken_back_are_in_force_again(sample: Path) -> None:
    loader = Loader(sample, AS_OF)
    first = loader.load(_quiet)
    (sample / "rules").mkdir()
    own = sample / "rules" / "own.yaml"
    own.write_text("rules: [{id: X}]\n")
    assert isinstance(loader.load(_quiet), Trouble)
    own.unlink()
    _edit(sample, "Claims core system", "Claims heart system")
    again = loader.load(_quiet)
    assert isinstance(first, Room)
    assert isinstance(again, Room)
    assert len(again.book.rules) == len(first.book.rules)


def test_a_room_that_is_replaced_needs_no_search_for_cycles_to_go(sample: Path) -> None:
    loader = Loader(sample, AS_OF)
    first = loader.load(_quiet)
    assert isinstance(first, Room)
    first.work_out()
    gone = weakref.ref(first)
    _edit(sample, "Claims core system", "Claims heart system")
    gc.collect()
    gc.disable()
    try:
        loader.load(_quiet)
        del first
        assert gone() is None
    finally:
        gc.enable()


def test_a_portfolio_that_is_away_for_a_moment_is_not_replaced_by_the_sample(
    room: Any, sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = sample / "portfolios" / "organisation.yaml"
    place.write_text(place.read_text().replace("Northwind Mutual", "Harbour Trust"))
    monkeypatch.chdir(sample)

    async def act(app: ReviewRoom, pilot: Pilot[Any]) -> None:
        (sample / "portfolios").rename(sample / "elsewhere")
        await pilot.press("R")
        await until(lambda: app.trouble is not None, pilot)

    shown = room.run(None, act=act, size=(200, 50))
    assert "Harbour Trust" in shown
    assert "the sample" not in shown
    assert "files not usable" in shown
    assert "the screen shows the earlier state" in shown

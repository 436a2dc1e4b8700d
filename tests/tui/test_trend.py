"""The trend: figures over the git history, and what changed at each point."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from itgov.tui.app import ReviewRoom
from itgov.tui.widgets.plot import Beside, Plot, Series, plot_lines
from itgov.tui.widgets.styled_text import text_of
from itgov.tui.widgets.table import Table

from ..support.git import GitRepo
from .conftest import SIZES, OpenRoom, until

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("size", SIZES)
def test_the_trend_is_a_plot_with_its_points_below_and_units_beside(
    room: Any, history: GitRepo, golden: Callable[[str, str], None], size: tuple[int, int]
) -> None:
    text = room.run(history.root, "6", size=size)
    for row in history.git("log", "--format=%h", "--abbrev=8").split():
        text = text.replace(row, "c0ffee00")  # ids hang on the sample's every byte
    golden(f"trend-{size[0]}x{size[1]}", text)


def test_brackets_turn_to_the_next_figure_and_back(room: Any, history: GitRepo) -> None:
    assert "All units: errors (2 of 8)" in room.run(history.root, "6", "right_square_bracket")
    assert "All units: holding (8 of 8)" in room.run(history.root, "6", "left_square_bracket")


def test_p_turns_from_months_to_commits_and_tags(room: Any, history: GitRepo) -> None:
    assert "4 points by month" in room.run(history.root, "6")
    assert "3 points by commit" in room.run(history.root, "6", "p")
    shown = room.run(history.root, "6", "p", "p")
    assert "there is no tag in this part of the history" in shown


def test_a_unit_has_its_own_line(room: Any, history: GitRepo) -> None:
    shown = room.run(history.root, "6", act=_choose_unit("retail"))
    assert "Retail banking: health (1 of 8)" in shown


def _choose_unit(unit: str) -> Any:
    async def act(app: ReviewRoom, pilot: Pilot[Any]) -> None:
        assert app.navigation.view is not None
        app.navigation.view.query_one("#trend-units", Table).select(unit)

    return act


def test_enter_shows_what_changed_at_a_commit_and_escape_goes_back(
    room: Any, history: GitRepo
) -> None:
    async def act(app: ReviewRoom, pilot: Pilot[Any]) -> None:
        await pilot.press("j", "enter")

    shown = room.run(history.root, "6", act=act)
    assert "What changed: 2026-10" in shown
    assert "1 changed" in shown
    assert "[/foo]" in shown
    assert "\x1b" not in shown
    assert "\u202e" not in shown

    async def back(app: ReviewRoom, pilot: Pilot[Any]) -> None:
        await pilot.press("j", "enter", "escape")

    assert "points by month" in room.run(history.root, "6", act=back)


def test_the_first_point_has_nothing_before_it(room: Any, history: GitRepo) -> None:
    async def act(app: ReviewRoom, pilot: Pilot[Any]) -> None:
        await pilot.press("G", "enter")

    assert "This is the first point." in room.run(history.root, "6", act=act)


def test_a_filter_finds_points(room: Any, history: GitRepo) -> None:
    async def act(app: ReviewRoom, pilot: Pilot[Any]) -> None:
        await pilot.press("slash", *"start")

    shown = room.run(history.root, "6", act=act)
    assert "2 of 4" in shown  # September has no commit of its own
    assert "/ start" in shown


def test_without_git_it_says_what_to_do(opened: OpenRoom) -> None:
    shown = opened.run("6")
    assert "not in a git repository" in shown
    assert "git init" in shown


def test_the_sample_has_no_history(room: Any) -> None:
    assert "The sample has no history" in room.run(None, "6", tour=True)


def test_a_repository_without_a_commit_says_so(room: Any, sample: Path) -> None:
    made = GitRepo(sample)
    shown = room.run(made.root, "6")
    assert "The history cannot be shown" in shown
    assert "no commit yet" in shown


def test_what_could_not_be_read_is_said(room: Any, history: GitRepo) -> None:
    history.edit("investments:", "investments: [", "portfolios/lending.yaml")
    history.commit("2026-11-21", title="Broken")
    history.git("checkout", "-q", "HEAD~1", "--", "portfolios")
    history.commit("2026-11-22", title="Mended")
    shown = room.run(history.root, "6", "p")
    assert "! 1 partly read" in shown

    async def act(app: ReviewRoom, pilot: Pilot[Any]) -> None:
        await pilot.press("j", "enter")

    assert "portfolios/lending.yaml:" in room.run(history.root, "6", "p", act=act)


def test_a_shallow_clone_is_said(room: Any, history: GitRepo, tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    history.git("clone", "-q", "--depth", "1", f"file://{history.root}", str(clone))
    assert "This is a shallow clone" in room.run(clone, "6")


def test_a_new_commit_is_measured_and_the_cursor_stays(room: Any, history: GitRepo) -> None:
    async def act(app: ReviewRoom, pilot: Pilot[Any]) -> None:
        await pilot.press("j")
        history.commit("2026-11-22", title="More")
        await pilot.press("R")
        await until(
            lambda: (
                "commit" in app.history.trends and len(app.history.trends["commit"].points) == 4
            ),
            pilot,
        )
        assert app.navigation.view is not None
        points = app.navigation.view.query_one("#trend-points", Table)
        await pilot.pause()
        assert points.position == 2  # one further down, on the same commit

    room.run(history.root, "6", "p", act=act)


def test_units_get_their_scores_by_month_before_anybody_asks(room: Any, history: GitRepo) -> None:
    async def act(app: ReviewRoom, pilot: Pilot[Any]) -> None:
        await until(lambda: "month" in app.history.trends, pilot)
        assert app.room is not None
        assert len(app.room.scores_of["retail"]) == 4
        history.edit("stage: live", "stage: retired")
        await pilot.press("R")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert len(app.room.scores_of["retail"]) == 4  # kept across the reading

    shown = room.run(history.root, act=act, watching=True, size=(200, 50))
    assert "change since 2026-08" in shown
    assert "▲ +" in shown


def test_measuring_can_be_stopped_and_begun_again(room: Any, history: GitRepo) -> None:
    async def act(app: ReviewRoom, pilot: Pilot[Any]) -> None:
        await app.carry_out("show-trend")
        assert app.history.measuring == "month"
        await app.carry_out("back")
        assert app.history.measuring is None
        await app.workers.wait_for_complete()
        assert app.history.troubles["month"] == "Measuring was stopped."
        await app.carry_out("reload")
        await until(lambda: "month" in app.history.trends, pilot)

    assert "points by month" in room.run(history.root, act=act)


class _Bare(Plot):
    """A plot drawn without an app."""


def _drawn(values: tuple[float | None, ...], columns: int, rows: int) -> list[str]:
    plot = _Bare()
    labels = tuple(str(n) for n in range(len(values)))
    plot._draw(Series(values, labels, 100.0, str), columns, rows)
    return ["".join(row) for row in plot._cells]


def test_a_plot_goes_from_the_upper_left_to_the_lower_right_without_a_gap() -> None:
    rows = _drawn((100.0, 0.0), 10, 5)
    assert rows[0][0] != " "
    assert rows[-1][-1] != " "
    assert all(any(row[x] != " " for row in rows) for x in range(10))


def test_a_value_that_is_not_known_leaves_a_gap() -> None:
    rows = _drawn((50.0, 50.0, None, 50.0, 50.0), 20, 5)
    assert any(all(row[x] == " " for row in rows) for x in range(20))


def test_more_points_than_dots_are_drawn_all_the_same() -> None:
    rows = _drawn(tuple(float(n % 101) for n in range(5000)), 30, 5)
    assert all(any(row[x] != " " for row in rows) for x in range(30))


def test_a_history_in_a_folder_that_is_gone_says_so(room: Any, history: GitRepo) -> None:
    async def act(app: ReviewRoom, pilot: Pilot[Any]) -> None:
        shutil.rmtree(history.root / ".git")
        await pilot.press("6")

    assert "The history cannot be shown" in room.run(history.root, act=act)


def test_a_line_behind_another_is_drawn_where_that_one_is_not() -> None:
    plot = _Bare()
    behind = Beside("plan", (0.0, 0.0), "info")
    series = Series((100.0, 100.0), ("1", "2"), 100.0, str, name="came", beside=(behind,))
    plot._draw(series, 10, 5)
    [(cells, role)] = plot._behind
    assert role == "info"
    assert all(cell != " " for cell in plot._cells[0])
    assert {cell == " " for cell in cells[4]} == {True, False}  # in dashes, whatever its colour
    assert all(cell == " " for cell in (*plot._cells[4], *cells[0]))


def test_lines_of_a_plot_differ_and_are_named_by_what_they_look_like() -> None:
    beside = tuple(Beside(f"line{n}", (0.0, 0.0), "info") for n in range(3))
    series = Series((100.0, 100.0), ("1", "2"), 100.0, str, name="came", beside=beside)
    plot = _Bare()
    plot._draw(series, 30, 5)
    looks = {"".join(cells[4]) for cells, _ in plot._behind}
    assert len(looks) == 3
    named = text_of(plot_lines(series, 60, 9)[-1]).split()
    assert [name[1:] for name in named] == ["came", "line0", "line1", "line2"]
    assert len({name[0] for name in named}) == 4

"""Readable for everyone: contrast in both themes, nothing by colour alone, any size of terminal."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rich.color import Color
from rich.segment import Segment
from textual.pilot import Pilot

from itgov.tui.actions import BY_ID
from itgov.tui.app import ReviewRoom
from itgov.tui.theme import own_theme

from .conftest import OpenRoom, copy_sample, drawn, screen_text, settled, until, views_there
from .palettes import contrast, shown

DIALOGS = {
    "help": ["question_mark"],
    "help, narrowed": ["question_mark", *"own"],
    "palette": ["ctrl+p", *"cla"],
    "jump": ["f", *"ret"],
    "jump to nothing": ["f", *"zzzzz"],
    "command": ["colon", *"th"],
    "command, wrong": ["colon", *"fidnings", "enter"],
    "copy": ["j", "y"],
    "filter": ["slash", *"claims"],
    "filter, wrong": ["slash", *"onwer", "colon", "x"],
    "marks": ["space", "space", "asterisk"],
    "said": ["u"],
    "zoom": ["z"],
    "presenting": ["V"],
}
WHERE = {name: [*BY_ID[f"show-{name}"].keys] for name in views_there()}
SIZES = [(80, 24), (120, 40), (200, 50)]
# Lines, scroll bars, blocks of a chart: shapes, for which 3 to 1 is enough.
SHAPES = frozenset("▌✓")


def is_shape(text: str) -> bool:
    """Boxes, blocks, sparklines and scroll bars, and nothing that is read."""
    return all(c.isspace() or 0x2500 <= ord(c) <= 0x259F or c in SHAPES for c in text)


def seen(app: ReviewRoom) -> list[Segment]:
    """Return what is drawn; of a screen with a dialog, the dialog: what lies under is not read."""
    top = app.screen
    strips = top._compositor.render_strips()
    if top is not app.base:
        region = top.query(".box").first().region
        strips = [strips[y].crop(region.x, region.right) for y in range(region.y, region.bottom)]
    return [s for strip in strips for s in strip if s.text.strip() and s.style is not None]


@pytest.fixture(scope="module")
def sample_room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenRoom]:
    room = OpenRoom(copy_sample(tmp_path_factory.mktemp("looks")), SIZES[0])
    yield room
    room.close()


@pytest.fixture(scope="module")
def colourless_room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenRoom]:
    room = OpenRoom(copy_sample(tmp_path_factory.mktemp("plain")), (100, 30), no_color=True)
    yield room
    room.close()


def looks(room: OpenRoom, keys: list[str]) -> dict[str, list[Segment]]:
    """Return what is drawn in every theme at every size, after some keys."""
    found = {}

    async def look(app: ReviewRoom, pilot: Pilot[Any]) -> None:
        for theme in ("light", "dark", "colour-blind", "colour-blind-light"):
            app.theme = own_theme(theme).name
            for size in SIZES:
                await pilot.resize_terminal(*size)
                await settled(app, pilot)
                found[f"{theme} {size}"] = seen(app)

    room.run(*keys, act=look)
    return found


@pytest.mark.slow
@pytest.mark.parametrize("place", [*WHERE, *DIALOGS])
def test_all_that_is_drawn_can_be_read(sample_room: OpenRoom, place: str) -> None:
    keys = WHERE.get(place) or DIALOGS[place]
    for where, segments in looks(sample_room, keys).items():
        assert len(segments) > 10
        for segment in segments:
            style = segment.style
            assert style is not None
            front, back = style.color, style.bgcolor
            assert front is not None, segment
            assert back is not None, segment
            assert not style.dim, f"its contrast is the terminal's: {segment}"
            if not is_shape(segment.text):
                told = (where, segment.text, front.name, back.name)
                assert contrast(shown(front), shown(back)) >= 4.5, told


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_the_edge_that_says_where_the_keys_go_stands_out(sample: Path, theme: str) -> None:
    chosen = own_theme(theme)
    edge, ground = chosen.variables["edge-focus"], chosen.background
    assert ground is not None
    assert contrast(shown(Color.parse(edge)), shown(Color.parse(ground))) >= 3


@pytest.mark.parametrize(
    ("said", "theme"),
    [("15;0", "dark"), ("0;15", "light"), ("0;default;15", "light"), ("", "dark"), ("x", "dark"), ("7;8", "dark"), ("0;7", "light")],
)  # fmt: skip
def test_auto_follows_what_the_terminal_says_of_its_background(said: str, theme: str) -> None:
    assert own_theme("auto", {"COLORFGBG": said}).name == f"itgov-{theme}"


# -- without colours ---------------------------------------------------------------------------


def plain(room: OpenRoom, keys: list[str]) -> list[list[Segment]]:
    room.run(*keys)
    return [list(strip) for strip in drawn(room.app)]


def test_cursor_marks_and_severity_are_there_without_colours(colourless_room: OpenRoom) -> None:
    rows = plain(colourless_room, ["space"])
    text = ["".join(s.text for s in row) for row in rows]
    cursor = next(i for i, row in enumerate(text) if "│▌" in row and "E " in row)
    assert any(s.style is not None and s.style.reverse for s in rows[cursor])
    assert any("✓" in row for row in text)
    assert re.search(r"\d+ errors \d+ warnings", text[0])
    assert "at risk" in "\n".join(text)


@pytest.mark.parametrize("place", list(DIALOGS))
def test_a_dialog_shows_its_cursor_without_colours(colourless_room: OpenRoom, place: str) -> None:
    rows = plain(colourless_room, DIALOGS[place])
    text = "\n".join("".join(s.text for s in row) for row in rows)
    if "▌" in text:
        reversed_ = [s for row in rows for s in row if s.style is not None and s.style.reverse]
        assert reversed_


# -- any size ----------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("place", [*WHERE, *DIALOGS])
def test_no_size_is_too_small_to_go_on(sample_room: OpenRoom, place: str) -> None:
    async def shrink(app: ReviewRoom, pilot: Pilot[Any]) -> None:
        for size in [(60, 20), (40, 12), (20, 5), (1, 1), (300, 80), (80, 24)]:
            await pilot.resize_terminal(*size)
            # a small terminal has as many lines as it shows once the room was laid out anew
            await until(lambda: screen_text(app).count("\n") == size[1], pilot)  # noqa: B023
            lines = screen_text(app).splitlines()
            assert len(lines) <= size[1]
            assert all(len(line) <= size[0] for line in lines)
            if size == (40, 12):
                assert "▌" in screen_text(app) or "╭" in screen_text(app)

    keys = WHERE.get(place) or DIALOGS[place]
    assert sample_room.run(*keys, act=shrink).strip()


def test_growing_again_brings_back_what_there_was_no_room_for(room: Any, sample: Path) -> None:
    async def resize(app: ReviewRoom, pilot: Pilot[Any]) -> None:
        for size in [(40, 12), (200, 50), (20, 4), (120, 40)]:
            await pilot.resize_terminal(*size)
            await pilot.pause()

    assert room.run(sample, size=(120, 40), act=resize) == room.run(sample, size=(120, 40))


def test_wide_letters_never_push_a_line_off_the_screen(room: Any, sample: Path) -> None:
    organisation = sample / "portfolios" / "organisation.yaml"
    text = organisation.read_text(encoding="utf-8").replace("Northwind Mutual", "北風" * 30)
    organisation.write_text(text, encoding="utf-8")
    for size in SIZES:
        for line in room.run(sample, size=size).splitlines():
            broad = sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)
            assert broad <= size[0]


def test_an_error_of_the_rooms_own_does_not_end_it_with_0(sample: Path) -> None:
    class Broken(ReviewRoom):
        def on_mount(self) -> None:
            raise ValueError("an error of its own")

    room = Broken(sample)
    assert room.exit_code(room.run(headless=True)) == 2
    assert ReviewRoom(sample).exit_code(143) == 143

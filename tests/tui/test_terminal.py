"""On a real terminal: the bytes without colours, the mouse, and the first screen of a new user."""

from __future__ import annotations

import os
import re
import select
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from itgov.tui.app import ReviewRoom
from itgov.tui.widgets.bars import FootBar
from itgov.tui.widgets.table import Table

from .conftest import PROJECT, screen_text

fcntl = pytest.importorskip("fcntl", reason="no pty on this system: it is Windows")
pty = pytest.importorskip("pty", reason="no pty on this system: it is Windows")


def on_a_pty(
    path: Path,
    keys: Sequence[bytes | signal.Signals],
    arguments: tuple[str, ...] = (),
    code: int = 0,
    **environment: str,
) -> str:
    """Run the room on a pty, press keys or send signals once it is there; return all that was written.

    Each key waits until nothing more is drawn: escape and a letter at once would be alt and it.
    """
    import termios

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
    process = subprocess.Popen(
        [sys.executable, "-m", "itgov", str(path), "--as-of", "2026-11-23", *arguments],
        stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
        env={**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", **environment},
    )  # fmt: skip
    os.close(theirs)
    written = b""
    waiting, began = list(keys), time.monotonic()
    try:
        while True:
            assert time.monotonic() - began < 300, f"it does not end: {written[-500:]!r}"
            ready, _, _ = select.select([ours], [], [], 0.3)
            if not ready:
                if waiting and b"business unit" in written:
                    key = waiting.pop(0)
                    if isinstance(key, signal.Signals):
                        process.send_signal(key)
                    else:
                        os.write(ours, key)
                continue
            try:
                part = os.read(ours, 65536)
            except OSError:  # the other end is closed
                break
            if not part:
                break
            written += part
        assert process.wait(300) == code, written[-500:]
    finally:
        process.kill()
        process.wait()
        os.close(ours)
    return written.decode("utf-8", "replace")


def colours(text: str) -> set[str]:
    """Return every colour code in what was written."""
    found = set()
    for codes in re.findall(r"\x1b\[([0-9;:]*)m", text):
        for code in re.split("[;:]", codes):
            number = int(code or 0)
            if 30 <= number <= 38 or 40 <= number <= 48 or 90 <= number <= 107:
                found.add(codes)
    return found


@pytest.mark.slow
def test_no_color_means_not_one_colour(sample: Path) -> None:
    text = on_a_pty(sample, [b" ", b"?", b"\x1b", b"q"], NO_COLOR="1")
    assert "Northwind" in text
    assert colours(text) == set()
    assert re.search(r"\x1b\[[0-9;]*7[;m]", text), "the cursor is not to be seen"


@pytest.mark.slow
def test_colours_are_there_otherwise(sample: Path) -> None:
    text = on_a_pty(sample, [b"q"], NO_COLOR="")
    assert any(code.startswith(("38;2", "1;38;2")) for code in colours(text))


@pytest.mark.slow
def test_the_terminals_own_colours_are_its_own(sample: Path) -> None:
    (sample / "itgov.yaml").write_text("theme: terminal\n", encoding="utf-8")
    text = on_a_pty(sample, [b"q"], NO_COLOR="")
    table = text.rindex("\x1b[1;1H", 0, text.rindex("business unit"))
    assert not re.search(r"48;2;", text[table:])


@pytest.mark.slow
def test_a_move_of_the_cursor_writes_little(sample: Path) -> None:
    few, many = (on_a_pty(sample, [*[b"j", b"k"] * n, b"q"]) for n in (2, 6))
    assert len(many.encode()) - len(few.encode()) <= 8 * 3_000


@pytest.mark.slow
def test_a_terminal_of_sixteen_colours_gets_no_others(sample: Path) -> None:
    text = on_a_pty(sample, [b"q"], TERM="xterm", COLORTERM="", NO_COLOR="")
    after = text[text.rindex("business unit") - 2000 :]
    assert not re.search(r"[34]8;[25];", after)
    assert re.search(r"\x1b\[(\d+;)*9\d", after), "there is no bright colour"


@pytest.mark.slow
def test_the_tour_runs_on_a_terminal_and_is_left_at_any_step() -> None:
    text = on_a_pty(Path("--tour"), [b"j", b"q"])
    assert "Tour 1 of 6" in text
    assert "\x1b[?1049l" in text


@pytest.mark.slow
def test_the_mouse_is_left_to_the_terminal_on_request(sample: Path) -> None:
    assert "\x1b[?1000h" in on_a_pty(sample, [b"q"])
    assert "\x1b[?1000h" not in on_a_pty(sample, [b"q"], ("--no-mouse",))


@pytest.mark.parametrize("key", [b"q", b"\x03", b"\x11", b":q\r"])
@pytest.mark.slow
def test_every_way_out_leads_out(sample: Path, key: bytes) -> None:
    assert "\x1b[?1049l" in on_a_pty(sample, [key])


@pytest.mark.slow
def test_sigterm_gives_the_terminal_back(sample: Path) -> None:
    text = on_a_pty(sample, [signal.SIGTERM], code=143)
    for left, entered in (("1049l", "1049h"), ("1000l", "1000h"), ("25h", "25l")):
        assert text.rindex(f"\x1b[?{left}") > text.rindex(f"\x1b[?{entered}")


# -- the mouse ---------------------------------------------------------------------------------


def test_a_click_selects_and_a_second_opens(room: Any, sample: Path) -> None:
    async def click(app: ReviewRoom, pilot: Pilot[Any]) -> None:
        items = app.base.query_one("#items", Table)
        await pilot.click(items, offset=(10, 4))
        assert items.position == 2
        await pilot.click(items, offset=(10, 4), times=2)
        await pilot.pause()
        assert app.focused is app.base.query_one("#detail")

    room.run(sample, act=click)


def test_a_click_on_a_heading_sorts(room: Any, sample: Path) -> None:
    async def click(app: ReviewRoom, pilot: Pilot[Any]) -> None:
        items = app.base.query_one("#items", Table)
        at = screen_text(app).splitlines()[items.content_region.y].index("title") - items.region.x
        await pilot.click(items, offset=(at, 1))

    assert "title▲" in room.run(sample, act=click)


def test_the_wheel_scrolls_and_leaves_the_cursor(room: Any, sample: Path) -> None:
    async def wheel(app: ReviewRoom, pilot: Pilot[Any]) -> None:
        items = app.base.query_one("#items", Table)
        before = items.cursor
        for _ in range(5):
            await pilot._post_mouse_events([_wheel()], items, offset=(10, 4))
        await pilot.pause()
        assert items.scroll_offset.y > 0
        assert items.cursor == before

    def _wheel() -> Any:
        from textual.events import MouseScrollDown

        return MouseScrollDown

    room.run(sample, act=wheel)


def test_a_click_on_the_footer_does_what_it_names(room: Any, sample: Path) -> None:
    async def click(app: ReviewRoom, pilot: Pilot[Any]) -> None:
        await pilot.click(FootBar, offset=(2, 0))

    assert "╭─ Keys" in room.run(sample, act=click)


def test_a_click_beside_a_dialog_leaves_it(room: Any, sample: Path) -> None:
    async def click(app: ReviewRoom, pilot: Pilot[Any]) -> None:
        await pilot.click(offset=(1, 1))

    assert "╭─ Keys" not in room.run(sample, "question_mark", size=(200, 50), act=click)


# -- the first screen --------------------------------------------------------------------------


def test_the_sample_can_be_looked_at_first_and_says_what_it_is(room: Any, tmp_path: Path) -> None:
    (tmp_path / "portfolios").mkdir()
    shown = room.run(tmp_path, "B")
    assert "the sample: a made-up organisation, read-only" in shown
    assert "itgov init DIR" in shown

    async def own(app: ReviewRoom, pilot: Pilot[Any]) -> None:
        await pilot.press("o")  # now that the sample has been read

    assert "the sample is read-only" in room.run(tmp_path, "B", act=own)


def test_one_who_is_not_empty_is_not_offered_a_start(room: Any, sample: Path) -> None:
    assert "a portfolio exists already" in room.run(sample, "I")


def test_every_line_of_what_is_broken_can_be_read(room: Any, sample: Path) -> None:
    (sample / "rules").mkdir()
    rules = "".join(f"  - {{id: AB-{n:03}, nmae: x{n}}}\n" for n in range(100, 400))
    (sample / "rules" / "own.yaml").write_text(f"rules:\n{rules}", encoding="utf-8")
    assert "rules/own.yaml:2:" in room.run(sample)
    shown = room.run(sample, "G")
    assert "rules/own.yaml:101:" in shown
    assert "and 200 more of MOD-001 in this file" in shown
    assert "read again" in room.run(sample, "G")


def test_once_mended_it_is_read_again(room: Any, sample: Path) -> None:
    config = sample / "itgov.yaml"
    config.write_text("paths: {rulez: x}\n", encoding="utf-8")

    async def mend(app: ReviewRoom, pilot: Pilot[Any]) -> None:
        assert "unknown key `rulez`" in screen_text(app)
        config.write_text("theme: light\n", encoding="utf-8")
        await pilot.press("R")

    assert "Business units 8" in room.run(sample, act=mend)


# -- the user's own configuration ----------------------------------------------------------------


def test_keys_of_ones_own_work_and_are_named_everywhere(
    room: Any, sample: Path, no_settings: Path
) -> None:
    no_settings.parent.mkdir()
    no_settings.write_text("keys: {jump: ctrl+g, zoom: off}\ntheme: light\n", encoding="utf-8")
    shown = room.run(sample, "ctrl+g")
    assert "╭─ Jump to" in shown
    assert "ctrl+g jump to" in room.run(sample, size=(200, 40))


def test_a_broken_configuration_stops_nothing_and_is_listed(
    room: Any, sample: Path, no_settings: Path
) -> None:
    no_settings.parent.mkdir()
    no_settings.write_text("them: light\nkeys:\n  zom: x\n  jump: ctrl+m\n", encoding="utf-8")
    shown = room.run(sample, size=(90, 30))  # all of it the list
    shown = " ".join(re.sub("[│▌]", " ", shown).split())
    assert "unknown key `them`" in shown
    assert "there is no action `zom`; did you mean `zoom`?" in shown
    assert "config.yaml:3:3" in shown
    assert "a terminal sends `ctrl+m` of `jump` as enter; choose another" in shown
    assert "Business units 8" in room.run(sample, "enter")


@pytest.mark.slow
def test_keys_typed_ahead_go_where_they_are_meant_to(sample: Path) -> None:
    on_a_pty(sample, [b"/OPS-017\rohannah vo\r\r", b":stage retired\r\r", b"q"])
    text = (sample / "portfolios/operations.yaml").read_text().split("id: OPS-017")[1]
    assert "outcome_owner: hannah.vogel" in text.split("- id:")[0]
    assert "stage: retired" in text.split("- id:")[0]


@pytest.mark.slow
def test_a_key_that_comes_in_two_parts_is_one_key(sample: Path) -> None:
    keys = [b"/LEN-00\r", b"\x1b", b"[B", b"\x1b", b"[B", b"omartin", b"\r", b"\r", b"q"]
    on_a_pty(sample, keys, ESCDELAY="5000")  # an escape alone would take the filter away
    after, before = (
        (root / "portfolios/lending.yaml").read_text().splitlines() for root in (sample, PROJECT)
    )
    changed = [line for line in after if line not in before]
    assert len(changed) == 1
    assert "outcome_owner: martin" in changed[0]


@pytest.mark.slow
def test_a_letter_of_several_bytes_may_come_in_two_parts(sample: Path) -> None:
    text = on_a_pty(sample, [b"/r", "é".encode()[:1], "é".encode()[1:] + b"sum\r", b"q"])
    assert "résum" in text

"""What is written to the terminal in fewer bytes shows the same on a terminal, cell by cell."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any
from unicodedata import east_asian_width

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.color import ColorSystem
from rich.style import Style

from itgov.tui.terminal_output import TerminalOutput

_TOKEN = re.compile(r"\x1b\[([0-9;]*)([mHC])|.", re.DOTALL)
_OFF = {"22": ("1", "2"), "23": ("3",), "24": ("4", "21"), "27": ("7",), "29": ("9",)}
_SEEN_ON_BLANKS = {"4", "7", "9"}

HALF = "second half"
"""What stands in the second column of a wide letter."""

Cell = tuple[str, str, str, frozenset[str]]


def blank(fore: str, back: str, more: frozenset[str]) -> Cell:
    """Return how a blank is seen."""
    seen = more & _SEEN_ON_BLANKS
    return " ", fore if seen else "", back, seen


def put(cells: dict[tuple[int, int], Cell], at: tuple[int, int], cell: Cell) -> None:
    """Write a letter; of a wide one that it stands on in half, a blank is left."""
    y, x = at
    if cells.get(at, cell)[0] == HALF:
        cells[y, x - 1] = blank(*cells[y, x - 1][1:])
    elif cells.get((y, x + 1), cell)[0] == HALF != cell[0]:
        cells[y, x + 1] = blank(*cells[y, x + 1][1:])
    cells[at] = cell


def screen(output: str) -> tuple[dict[tuple[int, int], Cell], tuple[str, str, frozenset[str]]]:
    """Return the cells that a terminal shows after output, and the style that it is left in."""
    cells: dict[tuple[int, int], Cell] = {}
    x = y = 1
    fore, back, more = "", "", set[str]()
    for token in _TOKEN.finditer(output):
        if token[2] == "H":
            y, x = map(int, token[1].split(";"))
        elif token[2] == "C":
            x += int(token[1])
        elif token[2] == "m":
            codes = token[1].split(";")
            while codes:
                code = codes.pop(0) or "0"
                if code in ("38", "48"):
                    count = 4 if codes[0] == "2" else 2
                    color, codes = ";".join(codes[:count]), codes[count:]
                    fore, back = (color, back) if code == "38" else (fore, color)
                elif code == "0":
                    fore, back, more = "", "", set()
                elif code == "39" or 30 <= int(code) <= 37 or 90 <= int(code) <= 97:
                    fore = "" if code == "39" else code
                elif code == "49" or 40 <= int(code) <= 47 or 100 <= int(code) <= 107:
                    back = "" if code == "49" else code
                elif code in _OFF:
                    more -= set(_OFF[code])
                else:
                    more.add(code)
        elif token[0] == "\n":
            y, x = y + 1, 1
        else:
            style = fore, back, frozenset(more)
            put(cells, (y, x), blank(*style) if token[0] == " " else (token[0], *style))
            x += 1
            if east_asian_width(token[0]) == "W":
                put(cells, (y, x), (HALF, *style))
                x += 1
    return cells, (fore, back, frozenset(more))


colors = st.sampled_from(["red", "#102030", "#ffffff", "color(200)", "bright_blue", None])
flags = st.sampled_from([True, None])
styles = st.builds(
    Style, color=colors, bgcolor=colors, bold=flags, italic=flags, underline=flags, reverse=flags,
    dim=flags, strike=flags,
)  # fmt: skip
texts = st.text("ab 1│漢", max_size=6) | st.sampled_from(["", " ", "   ", "x"])
pieces = st.lists(st.tuples(styles, texts), max_size=5)
places = st.tuples(st.integers(1, 4), st.integers(1, 9))
lines = st.tuples(places, pieces, st.sampled_from(["", "\n"]))
outputs = st.tuples(st.lists(lines, max_size=8), places)
"""Lines, and where the cursor is in the end."""


def rendered(line: list[tuple[Style, str]]) -> str:
    """Return pieces as Rich writes them, each from no style and back to it."""
    return "".join(s.render(t, color_system=ColorSystem.TRUECOLOR) for s, t in line)


def moved(place: tuple[int, int]) -> str:
    return "\x1b[{};{}H".format(*place)


@given(st.lists(outputs, max_size=4))
def test_the_screen_is_the_same_cell_by_cell(frames: list[tuple[Any, tuple[int, int]]]) -> None:
    terminal = TerminalOutput()
    whole = written = ""
    for several, cursor in frames:
        output = "".join(f"{moved(at)}{rendered(line)}{end}" for at, line, end in several)
        output += moved(cursor)
        short = terminal.changes(output)
        assert short.endswith(moved(cursor))
        assert len(short) <= len(output) or "漢" in output
        whole, written = whole + output, written + short
        assert screen(written) == screen(whole)


LINE = "\x1b[1;1H\x1b[1mtitle\x1b[0m and more"
CORNER = "\x1b[1;1Htit\x1b[1;1H"
BELOW = "\x1b[2;1Ha line below\x1b[1;1H"


def shown(*, size: tuple[int, int] = (9, 9)) -> TerminalOutput:
    """Return a terminal that shows two lines."""
    terminal = TerminalOutput()
    terminal.changes(LINE + BELOW, size)
    return terminal


def test_what_stands_there_already_is_not_written_again() -> None:
    assert shown().changes(BELOW, (9, 9)) == "\x1b[1;1H"


@pytest.mark.parametrize("other", ["\x1b[?2026h", "\x1b]52;c;YQ==\x07", "\x07"])
def test_a_copy_the_bell_and_the_bounds_of_a_frame_keep_what_is_shown(other: str) -> None:
    terminal = shown()
    assert terminal.changes(other, (9, 9)) == other
    assert terminal.changes(BELOW, (9, 9)) == "\x1b[1;1H"


@pytest.mark.parametrize(
    "other",
    [
        "\x1b[2J",
        "\x1b[?1049h",
        "\x1b[1;1H\x1b]8;;https://example.org\x07a",
        "where it is",
        "a\nb",
        "\x1b[K",
    ],
)
def test_after_anything_else_all_is_written_again(other: str) -> None:
    terminal = shown()
    assert terminal.changes(other, (9, 9)) == other
    assert "a line below" in terminal.changes(BELOW, (9, 9))
    assert "tit" in terminal.changes(CORNER, (9, 9))


def test_all_is_written_again_on_a_terminal_of_another_size() -> None:
    terminal = shown()
    assert "a line below" in terminal.changes(BELOW, (9, 8))


def test_a_whole_screen_is_written_whole() -> None:
    assert "a line below" in shown().changes(LINE + BELOW, (9, 9))


def test_what_may_be_wider_than_thought_is_written_again_with_what_follows_it() -> None:
    terminal = shown()
    line = "\x1b[2;1Ha \x1b[1m\U0001f9d1\x1b[0mne below\x1b[1;1H"
    for _ in range(2):
        again = terminal.changes(line, (9, 9))
        assert again == "\x1b[2;3H\x1b[1m\U0001f9d1\x1b[2;5H\x1b[0mne below\x1b[1;1H"


def test_a_row_of_a_list_takes_less_than_half() -> None:
    muted, plain = (
        Style(color="#a3b1c4", bgcolor="#131a23"),
        Style(color="#e3e9f1", bgcolor="#131a23"),
    )
    row = [
        (plain, " "),
        (muted, "RET-001"),
        (plain, " "),
        (muted, "Claims"),
        (plain, "     "),
        (plain, "x"),
    ]
    output = f"{moved((1, 1))}{rendered(row)}{moved((1, 1))}"
    short = TerminalOutput().changes(output)
    assert len(short) * 2 < len(output)
    assert all(a != b for a, b in pairwise(re.findall(r"\x1b\[[0-9;]*m", short)))

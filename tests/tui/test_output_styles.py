"""What is written in fewer bytes shows the same on a terminal, cell by cell."""

from __future__ import annotations

import re
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from rich.color import ColorSystem
from rich.style import Style

from itgov.tui.output_styles import shortened

_TOKEN = re.compile(r"\x1b\[([0-9;]*)([mH])|.", re.DOTALL)
_OFF = {"22": ("1", "2"), "23": ("3",), "24": ("4", "21"), "27": ("7",), "29": ("9",)}
_SEEN_ON_BLANKS = {"4", "7", "9"}

Cell = tuple[str, str, str, frozenset[str]]


def screen(output: str) -> tuple[dict[tuple[int, int], Cell], tuple[str, str, frozenset[str]]]:
    """Return the cells that a terminal shows after output, and the style that it is left in."""
    cells: dict[tuple[int, int], Cell] = {}
    x = y = 1
    fore, back, more = "", "", set[str]()
    for token in _TOKEN.finditer(output):
        if token[2] == "H":
            y, x = map(int, token[1].split(";"))
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
            seen = frozenset(more)
            if token[0] == " ":
                seen &= _SEEN_ON_BLANKS
                cells[y, x] = (" ", fore if seen else "", back, seen)
            else:
                cells[y, x] = (token[0], fore, back, seen)
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
moves = st.tuples(st.integers(1, 4), st.integers(1, 9))


def rendered(line: list[tuple[Style, str]]) -> str:
    """Return pieces as Rich writes them, each from no style and back to it."""
    return "".join(s.render(t, color_system=ColorSystem.TRUECOLOR) for s, t in line)


@given(st.lists(st.tuples(moves, pieces, st.sampled_from(["", "\n"])), max_size=8))
def test_the_screen_is_the_same_cell_by_cell(
    lines: list[tuple[tuple[int, int], object, str]],
) -> None:
    output = "".join(f"\x1b[{y};{x}H{rendered(line)}{end}" for (y, x), line, end in lines)  # type: ignore[arg-type]
    short = shortened(output)
    assert screen(short) == screen(output)
    assert len(short) <= len(output)


@given(st.text("ab\x1b[]?;025hlJKmH\x07 ", max_size=40))
def test_any_other_sequence_stays_as_it_is(output: str) -> None:
    other = re.compile(r"\x1b(?:\[\?[0-9]+[hl]|\[[0-9]*[JK]|\][^\x07]*\x07)")
    assert other.findall(shortened(output)) == other.findall(output)
    assert "".join(re.sub(r"\x1b\[[0-9;]*[mH]", "", shortened(output))) == re.sub(
        r"\x1b\[[0-9;]*[mH]", "", output
    )


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
    assert len(shortened(rendered(row))) * 2 < len(rendered(row))
    assert all(a != b for a, b in pairwise(re.findall(r"\x1b\[[0-9;]*m", shortened(rendered(row)))))

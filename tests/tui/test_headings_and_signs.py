"""Every column has a heading, and no sign stands on a screen without its word."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path

import pytest

import itgov.tui
from itgov.insight.items import FindingCounts
from itgov.tui.columns import Columns
from itgov.tui.views.formatting import counts_in_words
from itgov.tui.widgets.column_layout import Column
from itgov.tui.widgets.table import Table

from .conftest import GOLDENS, Driver, OpenRoom, copy_sample
from .test_figures_value import refunded


def declared() -> Iterator[tuple[str, Column]]:
    """Yield every column that a module of the room declares, with the name of its table."""
    for module in pkgutil.walk_packages(itgov.tui.__path__, "itgov.tui."):
        found = vars(importlib.import_module(module.name)) if "serve" not in module.name else {}
        for name, value in found.items():
            columns = value.shown if isinstance(value, Columns) else value
            if isinstance(columns, tuple) and columns and isinstance(columns[0], Column):
                yield from ((f"{module.name}.{name}", column) for column in columns)


def test_every_column_of_every_table_has_a_heading() -> None:
    columns = list(declared())
    assert len({table for table, _ in columns}) > 20
    assert [(table, c.key) for table, c in columns if c.width and not c.title.strip()] == []


WORDS: Mapping[str, tuple[str, ...]] = {
    "●": ("healthy", "customer", "green", "● selected"), "◐": ("attention", "amber"), "○": ("at risk", "middle", "red"),
    "◕": ("amber-green",), "◔": ("amber-red",), "?": ("? help", "? type to filter", "unknown", "insufficient evidence", "challenged"),
    "✗": ("supplier", "error"), "✓": ("marked", "on the agenda", "decided", "accepted", "approved"),
    "‖": ("held",), "■": ("stopped",), "»": ("skipped",),
    "×": ("×No line of sight", "× No"), "▓": ("▓No result that counts", "▓ No"),
    "▲": ("▲ sorted", "▲ upwards", "▲ up"), "▼": ("▼ sorted", "▼ downwards", "▼ down"), "▸": ("▸ closed",), "▾": ("▾ open",),
    "·": ("· none", "· unchanged", "· as gained", "unknown", "·fading"),
    "E": ("E error",), "W": ("W warning",), "I": ("I info",),
    "‹": ("‹ › more",), "›": ("‹ › more",), "↔": ("↔ both",),
    "!": ("! show only", "! overdue", "show only", "! the sample", "file"), "*": ("* not saved",),
}  # fmt: skip
"""What a sign means where it stands: at least one of these is on the same screen."""
PLAIN = frozenset("…•→←↑↓−┊")
"""What is cut, a list's bullets, keys with arrows and "to", a minus, the day on a plot."""


def signs(screen: str) -> set[str]:
    """Return the signs on a screen: letters of counts and of findings too, not frames and plots."""
    screen = re.sub(r"<U\+[0-9A-F]+>", "", screen)  # a character of a title, written out
    screen = re.sub(r"(?<=\w)[▲▼](?=[ │])", "", screen)  # the order, in the heading of its column
    found = set(re.findall(r"(?<=\d)[EWI]\b|(?<=[│┃▌✓ ] )[EWI](?= [A-Z(])", screen))
    found |= set(re.findall(r"(?<=[│┃ ])[!?*](?= )|(?<=\w)[!*](?= )|(?<=\w )\*(?= )", screen))
    return found | {
        c
        for c in screen
        if not c.isascii() and not c.isalpha() and c not in PLAIN and not is_drawn(c)
    }


def is_drawn(character: str) -> bool:
    """Say whether it is a part of a frame, a bar, a scroll bar or a curve."""
    drawn = 0x2500 <= ord(character) <= 0x259F or 0x2800 <= ord(character) <= 0x28FF
    return drawn and character != "▓"


IN_TITLES: Mapping[str, frozenset[str]] = {"trend-120x40": frozenset("💶")}
"""The signs that are of a title of the portfolio."""
SCREENS = sorted([*GOLDENS.glob("*-80x24.txt"), *GOLDENS.glob("*-120x40.txt")])


@pytest.mark.parametrize("path", SCREENS, ids=lambda path: path.stem)
def test_no_sign_stands_without_its_word(path: Path) -> None:
    screen = path.read_text(encoding="utf-8")
    missing = {
        sign: WORDS.get(sign, ("no word is known for it",))
        for sign in signs(screen) - IN_TITLES.get(path.stem, frozenset())
        if not any(word in screen for word in WORDS.get(sign, ()))
    }
    assert missing == {}


def test_every_sign_with_a_word_is_found_on_a_screen() -> None:
    made_up = "│ 3E 4W 1I  E Payroll  due 2026-01-01! x  Spring * \n ● ▲ ▸ × ▓ · ✓ ‖"
    assert signs(made_up) == set("EWI!*●▲▸×▓·✓‖")
    assert set(chain.from_iterable(map(signs, map("│ {} x".format, WORDS)))) >= set("●◐○✗▲▸·")


OPENED: Mapping[str, tuple[str, ...]] = {
    "unit page": ("enter",), "item": ("j", "tab", "enter"), "findings of an item": ("tab", "enter", "right_square_bracket"),
    "value of an item": ("tab", "enter", *["right_square_bracket"] * 2),
    "history of an item": ("tab", "enter", *["right_square_bracket"] * 3),
    "file of an item": ("tab", "enter", *["right_square_bracket"] * 4),
    "notes of an item": ("tab", "enter", *["right_square_bracket"] * 5),
    "marked": ("tab", "space", "space", "v"), "narrowed": ("exclamation_mark",), "filtered": ("slash", *"claims"),
    "owner": ("tab", "o"), "stage": ("tab", "t"), "confidence": ("tab", "c"), "review": ("tab", "d"),
    "diff": ("tab", "d", *"+60", "enter"), "waive": ("tab", "W"), "engagement": ("E",), "action": ("A",),
    "new": ("plus",), "new outcome": ("tab", "plus", *"outcome", "enter"), "any field": ("tab", "ctrl+e"),
    "why": ("tab", "Y"), "why a figure": ("tab", "Y", "enter"), "sort": ("tab", "s"), "table": ("X",),
    "messages": ("L",), "group by": ("2", "b"), "finding": ("2", "right", "j"), "health": ("3",),
    "points lost": ("3", "tab"), "findings that cost": ("3", "tab", "tab"), "to date": ("4", "tab", "right_square_bracket"),
    "chain": ("4", "enter", "j", "right", "j"), "managers": ("5",), "manager": ("5", "enter"), "person": ("7", "enter"),
    "session": ("8",), "new session": ("M",), "agenda": ("M", "enter"), "scenario": ("S", "Q", *"x", "enter", "O"),
    "money": ("S", "Q", *"y", "enter", "dollar_sign"), "roadmap": ("0",), "roadmap by objective": ("0", "b"),
    "years": ("0", "p"), "zoom": ("z",), "theme": ("T",),
}  # fmt: skip
"""What has no screen of its own in the folder of screens, and the keys that open it."""


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenRoom]:
    made = OpenRoom(copy_sample(tmp_path_factory.mktemp("signs")), (80, 24))
    yield made
    made.close()


@pytest.mark.parametrize("keys", OPENED.values(), ids=OPENED)
def test_headings_are_whole_and_signs_have_words_in_what_is_opened(
    opened: OpenRoom, keys: tuple[str, ...]
) -> None:
    look(opened, keys)


@pytest.mark.parametrize("keys", [("4",), ("4", "enter", "j", "right", "j")])
def test_headings_are_whole_beside_amounts_of_thousands_of_billions(
    tmp_path: Path, keys: tuple[str, ...]
) -> None:
    refunded(copy_sample(tmp_path))
    room = OpenRoom(tmp_path / "northwind", (80, 24))
    try:
        assert "bn" in look(room, keys)
    finally:
        room.close()


def look(opened: OpenRoom, keys: tuple[str, ...]) -> str:
    """Look at every heading and every sign of what keys open; return the screen."""
    screen = opened.run(*keys)
    *lines, message, _ = screen.splitlines()  # a message is words, and its sign that it is new
    if not message.startswith(" ! "):
        lines.append(message)
    shown = "\n".join(lines)
    tables = [t for t in opened.app.base.query(Table) if t.region and t.rows]
    cut = [
        (table.id, heading)
        for table in tables
        for index, broad in table._layout
        if len(heading := table.heading_of(index, broad)) > broad
    ]
    assert cut == []
    if opened.app.screen is opened.app.base and "slash" not in keys:  # else words are covered
        missing = {s for s in signs(shown) if not any(w in screen for w in WORDS.get(s, ()))}
        assert missing == set()
    return screen


def test_signs_of_a_column_that_is_not_shown_are_not_explained(room: Driver, sample: Path) -> None:
    shown = room.run(sample, size=(100, 30)).splitlines()
    heading = next(line for line in shown if "│  id      title" in line).partition("││")[0]
    border = next(line for line in shown if "╯╰" in line).partition("╯╰")[0]
    assert "findings" not in heading
    assert "error" not in border
    assert "sorted by findings" in border


def test_waived_findings_are_counted_in_words() -> None:
    def said(**counts: int) -> str:
        return "".join(text for text, _ in counts_in_words(FindingCounts(counts)))

    assert said() == "none"
    assert said(waived=3) == "3 waived"
    assert said(error=1, warning=2, waived=1_000) == "1 error, 2 warnings, 1,000 waived"

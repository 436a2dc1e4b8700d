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
from itgov.tui.columns import Columns
from itgov.tui.widgets.column_layout import Column

from .conftest import GOLDENS


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
    "·": ("· none", "· unchanged", "· as gained", "unknown"),
    "E": ("E error",), "W": ("W warning",), "I": ("I info",),
    "‹": ("‹ › more",), "›": ("‹ › more",), "↔": ("↔ both",),
    "!": ("! show only", "! overdue", "show only", "! the sample", "file"), "*": ("* not saved",),
}  # fmt: skip
"""What a sign means where it stands: at least one of these is on the same screen."""
PLAIN = frozenset("…•→←↑↓−┊")
"""What is cut, a list's bullets, keys with arrows and "to", a minus, the day on a plot."""


def signs(screen: str) -> set[str]:
    """Return the signs on a screen: letters of counts and of findings too, not frames and plots."""
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


COVERED: Mapping[str, frozenset[str]] = {
    "command-80x24": frozenset("▲"),
    "changes-compare-80x24": frozenset("▲"),
}
"""The signs whose words lie under a dialog."""
SCREENS = sorted(GOLDENS.glob("*-80x24.txt"))


@pytest.mark.parametrize("path", SCREENS, ids=lambda path: path.stem)
def test_no_sign_stands_without_its_word(path: Path) -> None:
    screen = path.read_text(encoding="utf-8")
    missing = {
        sign: WORDS.get(sign, ("no word is known for it",))
        for sign in signs(screen) - COVERED.get(path.stem, frozenset())
        if not any(word in screen for word in WORDS.get(sign, ()))
    }
    assert missing == {}


def test_every_sign_with_a_word_is_found_on_a_screen() -> None:
    made_up = "│ 3E 4W 1I  E Payroll  due 2026-01-01! x  Spring * \n ● ▲ ▸ × ▓ · ✓ ‖"
    assert signs(made_up) == set("EWI!*●▲▸×▓·✓‖")
    assert set(chain.from_iterable(map(signs, map("│ {} x".format, WORDS)))) >= set("●◐○✗▲▸·")

"""The bar over the views says which file cannot be read, at any width."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from itgov.model.finding import Place
from itgov.tui.actions import Context
from itgov.tui.edge_lines import banner_pieces, foot_pieces
from itgov.tui.keymap import Keymap
from itgov.tui.widgets.bars import fitting


@pytest.mark.parametrize(
    ("width", "shown"),
    [
        (120, "! 1 file cannot be read; the contents are missing: portfolios/insurance-claims-platform.yaml:12:3"),
        (79, "! 1 file not read: portfolios/insurance-claims-platform.yaml:12:3"),
        (64, "! 1 file not read: insurance-claims-platform.yaml:12:3"),
        (45, "! 1 file not read: insurance-claim…:12"),
        (30, "! 1 file not read  2"),
    ],
)  # fmt: skip
def test_the_bar_says_the_place_at_any_width(width: int, shown: str) -> None:
    place = Place("portfolios/insurance-claims-platform.yaml", 12, 3)
    room = cast("Any", SimpleNamespace(sample=False, unread=[place]))
    left, _ = fitting(banner_pieces(Keymap({"show-findings": ("2",)}), room), (), width)
    assert "".join(text for piece in left for text, _ in piece.spans).strip() == shown


def test_without_a_session_its_view_names_only_what_can_be_done_now() -> None:
    keys = Keymap(
        {"approve": ("a",), "meet": ("M",), "open": ("enter",), "help": ("question_mark",)}
    )
    nothing = foot_pieces(keys, Context(view="session", loaded=True))
    assert {piece.action for piece in nothing} == {"meet", "help"}
    opened = Context(view="session", loaded=True, session=True, agenda=True, rows=True)
    assert {p.action for p in foot_pieces(keys, opened)} == {"approve", "meet", "open", "help"}

"""The bar over the views says which file cannot be read, at any width."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from itgov.model.finding import Place
from itgov.tui.actions import BY_ID, VIEWS, Context
from itgov.tui.edge_lines import banner_pieces, foot_pieces, top_pieces
from itgov.tui.keymap import Keymap, keymap
from itgov.tui.widgets.bars import FootBar, fitting


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
    nothing, _ = foot_pieces(keys, Context(view="session", loaded=True))
    assert {piece.action for piece in nothing} == {"meet", "help"}
    opened = Context(view="session", loaded=True, session=True, agenda=True, rows=True)
    usable, _ = foot_pieces(keys, opened)
    assert {piece.action for piece in usable} == {"approve", "meet", "open", "help"}


@pytest.mark.parametrize("width", [200, 120, 100, 80, 60, 40])
@pytest.mark.parametrize("view", VIEWS)
def test_a_tab_has_its_whole_name_or_its_key_alone_and_the_shown_one_its_name(
    view: str, width: int
) -> None:
    left, right = top_pieces(keymap(), view, None, None, False)
    shown, _ = fitting(left, right, width)
    tabs = {p.action: "".join(t for t, _ in p.spans).split() for p in shown[1:]}
    labels = {name: BY_ID[f"show-{name}"] for name in VIEWS}
    for name, action in labels.items():
        named = [*action.keys, action.label]
        assert tabs[action.id] in ([named] if name == view else [named, named[:1]])
    if width >= 60:
        assert sum(p.width for p in shown) < width


@pytest.mark.parametrize("width", [20, 40, 80, 120, 200])
@pytest.mark.parametrize("view", VIEWS)
def test_the_last_line_says_how_to_leave_at_any_width(view: str, width: int) -> None:
    bar = FootBar()
    bar.left, bar.right = foot_pieces(keymap(), Context(view=view, loaded=True, rows=True))
    _, right = bar.arranged(width)
    said = "".join(text for piece in right for text, _ in piece.spans)
    assert said.endswith(" q quit ")
    assert "esc back" in said or width < 40


def test_where_there_is_no_portfolio_the_last_line_names_what_begins_one() -> None:
    left, _ = foot_pieces(keymap(), Context(empty=True))
    assert [piece.action for piece in left[:4]] == ["help", "init", "import", "sample"]

"""Home: units, investments and the selected one, sorted, filtered and found again."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from itgov.insight.items import FindingCounts
from itgov.tui.state.room import Room

from .conftest import OpenRoom

SIZES = [(80, 24), (120, 40)]


@pytest.mark.parametrize("size", SIZES)
def test_home_shows_units_worst_first_with_investments_and_one_in_full(
    opened: OpenRoom, golden: Callable[[str, str], None], size: tuple[int, int]
) -> None:
    golden(f"portfolio-{size[0]}x{size[1]}", opened.run(size=size))


def test_a_filter_narrows_as_it_is_typed_and_escape_takes_it_away(opened: OpenRoom) -> None:
    shown = opened.run("slash", *"core")
    assert "2 of 69" in shown
    assert "Claims core system" in shown
    assert "All units: 69" in opened.run("slash", *"core", "enter", "escape")


def test_a_filter_may_name_a_field_a_negation_and_an_amount(opened: OpenRoom) -> None:
    keys = [*"spend", "colon", "greater_than_sign", *"5m", "space", "exclamation_mark", *"stage", "colon", *"live"]  # fmt: skip
    shown = opened.run("slash", *keys)
    assert "Mortgage originati" in shown
    assert "Claims core system" not in shown


def test_an_unknown_field_is_said_with_what_was_probably_meant(opened: OpenRoom) -> None:
    shown = opened.run("slash", *"onwer", "colon", "x")
    assert "There is no field `onwer`; did you mean `owner`?" in shown


def test_a_unit_limits_the_investments_to_its_own(opened: OpenRoom) -> None:
    shown = opened.run("shift+tab", "j", "enter")
    assert "People and workplace: " in shown
    assert "Claims core system" not in shown


def test_enter_shows_the_investment_alone_in_a_narrow_terminal(opened: OpenRoom) -> None:
    shown = opened.run("enter", size=(80, 24))
    assert "outcome owner" in shown
    assert "Business units" not in shown
    assert "Business units" in opened.run("enter", "escape", size=(80, 24))


def test_a_portfolio_that_cannot_be_used_is_explained_and_the_room_can_be_left(
    room: Any, tmp_path: Path
) -> None:
    (tmp_path / "portfolios").mkdir()
    (tmp_path / "itgov.yaml").write_text("paths: {rulez: x}\n")
    shown = room.run(tmp_path)
    assert "itgov.yaml:1:9" in shown
    assert "unknown key `rulez`" in shown


def test_an_empty_repository_is_told_how_to_begin(room: Any, tmp_path: Path) -> None:
    (tmp_path / "portfolios").mkdir()
    assert "itgov init" in room.run(tmp_path)


@pytest.mark.parametrize(("size", "said"), [((80, 24), "1.1kE 12W"), ((120, 40), "1,086E 12W")])
def test_large_counts_of_findings_are_rounded_only_where_there_is_no_room(
    room: Any, sample: Path, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int], said: str
) -> None:
    monkeypatch.setattr(Room, "counts", FindingCounts(error=1086, warning=12))
    shown = room.run(sample, size=size)
    assert re.search(rf"Northwind Mutual .* {re.escape(said)}", shown)

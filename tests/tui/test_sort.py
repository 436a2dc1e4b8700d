"""Choosing the column to sort by."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def test_s_offers_the_columns_and_sorts_by_the_chosen_one(room: Any, sample: Path) -> None:
    menu = room.run(sample, "s", size=(80, 24))
    assert "Sort by" in menu
    assert "next review" in menu
    chosen = room.run(sample, "s", *"kk", "enter", "g")
    assert "spend▲" in chosen
    assert "▌ OPS-010" in chosen


def test_a_digit_chooses_at_once_and_again_turns_the_order(room: Any, sample: Path) -> None:
    up = room.run(sample, "s", "2", "g")
    assert "title▲" in up
    down = room.run(sample, "s", "2", "s", "2", "g")
    assert "title▼" in down
    assert up != down


def test_escape_leaves_the_order_as_it_is(room: Any, sample: Path) -> None:
    assert room.run(sample, "s", "j", "escape") == room.run(sample)


def test_other_keys_do_nothing_behind_the_menu(room: Any, sample: Path) -> None:
    assert "Sort by" in room.run(sample, "s", "x", "slash", "b")


def test_the_columns_are_walked_by_a_key_in_every_view(room: Any, sample: Path) -> None:
    assert "points▲" in room.run(sample, "2", "greater_than_sign")
    assert "name▲" not in room.run(sample, "7", "less_than_sign")
    assert "person▲" in room.run(sample, "7", "less_than_sign")


def test_a_view_sorted_by_owner_puts_groups_by_name(room: Any, sample: Path) -> None:
    shown = room.run(sample, "2", "b", "s", "1", "g")
    assert "▌ ▸ Digital channels" in shown

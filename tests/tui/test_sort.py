"""Choosing the column to sort by."""

from __future__ import annotations

from .conftest import OpenRoom


def test_s_offers_the_columns_and_sorts_by_the_chosen_one(opened: OpenRoom) -> None:
    menu = opened.run("s", size=(80, 24))
    assert "Sort by" in menu
    assert "next review" in menu
    chosen = opened.run("s", *"kk", "enter", "g")
    assert "spend▲" in chosen
    assert "▌ OPS-010" in chosen


def test_a_digit_chooses_at_once_and_again_turns_the_order(opened: OpenRoom) -> None:
    up = opened.run("s", "2", "g")
    assert "title▲" in up
    down = opened.run("s", "2", "s", "2", "g")
    assert "title▼" in down
    assert up != down


def test_escape_leaves_the_order_as_it_is(opened: OpenRoom) -> None:
    assert opened.run("s", "j", "escape") == opened.run()


def test_other_keys_do_nothing_behind_the_menu(opened: OpenRoom) -> None:
    assert "Sort by" in opened.run("s", "x", "slash", "b")


def test_the_columns_are_walked_by_a_key_in_every_view(opened: OpenRoom) -> None:
    assert "points▲" in opened.run("2", "greater_than_sign")
    assert "name▲" not in opened.run("7", "less_than_sign")
    assert "person▲" in opened.run("7", "less_than_sign")


def test_a_view_sorted_by_owner_puts_groups_by_name(opened: OpenRoom) -> None:
    shown = opened.run("2", "b", "s", "1", "g")
    assert "▌ ▸ Digital channels" in shown

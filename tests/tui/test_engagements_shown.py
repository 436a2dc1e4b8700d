"""A unit's page: engagements that count, and those that do not, apart."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from itgov.files.repository import find_repository
from itgov.insight.flow import Flow
from itgov.tui.state.room import Room
from itgov.tui.views.item_page import unit_lines


@pytest.fixture(scope="module")
def room() -> Room:
    repository = find_repository(Path(__file__))
    return Room(repository, Flow(repository).at(datetime.date(2026, 11, 23)))


def page(room: Room, unit: str) -> list[str]:
    lines = unit_lines(room, room.portfolio.units[unit])
    return ["".join(text for text, _ in line) for line in lines]


def test_engagements_that_do_not_count_are_counted_and_marked(room: Room) -> None:
    shown = page(room, "lending")
    assert any("Engagements" in row and "8 count, 3 do not count" in row for row in shown)
    marked = [row.split()[0] for row in shown if row.endswith("  does not count")]
    assert marked == ["2026-08-06", "2026-03-12", "2025-09-18"]


def test_a_level_of_one_side_says_what_it_counts_as(room: Room) -> None:
    told = "business 3, IT 3: counts as 1, because one side has not answered"
    assert any(told in row for row in page(room, "finance"))
    assert not any("for want of" in row for row in page(room, "retail"))

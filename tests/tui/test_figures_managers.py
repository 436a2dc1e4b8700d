"""The relationship managers' scorecards, and who is served by nobody."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from .conftest import OpenRoom

SIZES = [(80, 24), (120, 40)]


@pytest.mark.parametrize("size", SIZES)
def test_those_pulled_to_two_sides_stand_first_and_the_first_in_full(
    opened: OpenRoom, golden: Callable[[str, str], None], size: tuple[int, int]
) -> None:
    golden(f"managers-{size[0]}x{size[1]}", opened.run("5", size=size))


def test_a_card_says_the_conflicts_in_words_and_how_appraisals_stand(opened: OpenRoom) -> None:
    shown = opened.run("5", size=(120, 70))
    assert "✗ reports to Victor Hallam (IT side)  supplier (observed)" in shown
    assert "LEN-001  Mortgage origination replacement" in shown
    assert "○ OPS-015/fixed-first-call: target not met" in shown
    assert "of a unit not served" in shown
    assert "3 that count in the last 365 days" in shown
    assert re.search(r"items per full-time post +16\.0", shown)


def test_a_card_and_a_unit_say_what_came_in_the_time_of_the_post(room: Any, sample: Path) -> None:
    shown = room.run(sample, "5", size=(160, 130))
    assert re.search(r"Time in the post", shown)
    assert re.search(r"Lending +no start recorded, to today; assumed before", shown)
    assert re.search(r"value in tenure +[\d.]+k realised of", shown)
    assert "LEN-005 Arrears contact by choice: no start recorded, to today (assumed" in shown
    assert (
        "valuations-desk (Let valuers upload straight into the case): raised on 2026-06-25" in shown
    )

    async def to_the_end(app: Any, pilot: Any) -> None:  # once the unit's page is there
        await pilot.press("G")

    keys = ["f", *"lending", "enter", "shift+tab", "shift+tab"]
    unit = room.run(sample, *keys, size=(160, 130), act=to_the_end)
    assert "Opportunities  2, 2 open" in unit
    lines = re.sub(r"[│\s]+", " ", unit)
    assert "valuations-desk (Let valuers upload straight into the case)" in lines


def test_enter_shows_what_they_serve_what_falls_to_them_through_the_unit_among_it(
    room: Any, tmp_path: Path
) -> None:
    write(tmp_path, MANAGERS, UNIT)
    shown = room.run(tmp_path, "5", "enter")
    assert "All units: 2 of 3" in shown
    assert "Named on itself" in shown
    assert "Through the unit" in shown
    assert "Somebody else's" not in shown


def test_what_nobody_serves_is_a_row_that_leads_to_it(opened: OpenRoom) -> None:
    assert "2 items without one" in opened.run("5")
    shown = opened.run("5", "G", "enter")
    assert "2 of 69" in shown
    assert "Learning platform" in shown


def test_somebody_named_but_not_listed_is_said(room: Any, tmp_path: Path) -> None:
    write(tmp_path, MANAGERS, UNIT)
    shown = room.run(tmp_path, "5", "j")
    assert "1 named but not listed" in shown
    assert "is named as relationship manager, but is not listed as one" in shown
    assert "Somebody else's" in shown
    assert "Somebody else's" in room.run(tmp_path, "5", "j", "enter")


def test_a_filter_names_fields_of_the_scorecards(opened: OpenRoom) -> None:
    shown = opened.run("5", "slash", *"sign", "colon", *"reports")
    assert "3 of 9" in shown
    assert "Idris Bello" not in shown
    shown = opened.run("5", "slash", *"overdue", "colon", "greater_than_sign", *"30")
    assert "1 of 9" in shown
    assert "Paul Eastwood" in shown


def test_the_cursor_stays_on_the_person_when_the_order_changes(opened: OpenRoom) -> None:
    shown = opened.run("5", "j", "j", "j", "less_than_sign")
    assert re.search(r"▌ Idris Bello", shown)
    assert "manager▲" in shown


def test_the_cursor_stays_on_the_person_when_the_files_are_read_again(
    room: Any, sample: Path
) -> None:
    async def change(app: Any, pilot: Any) -> None:
        path = sample / "portfolios" / "organisation.yaml"
        path.write_text(path.read_text().replace("represents: supplier", "represents: customer"))
        await pilot.press("R")

    shown = room.run(sample, "5", "j", "j", act=change)
    row = next(line for line in shown.splitlines() if "▌ Denise Hargreave" in line)
    assert "customer" in row
    assert "3 signs" in row


def test_without_relationship_managers_it_is_said_how_to_list_them(
    room: Any, tmp_path: Path
) -> None:
    write(tmp_path, "", "")
    shown = room.run(tmp_path, "5", "tab", "shift+tab", "enter", "right_square_bracket")
    assert "No one is listed under `relationship_managers`" in shown
    assert "organisation.yaml" in shown
    write_unit(tmp_path, "business_unit: {id: north}\ninvestments: [{id: N-1, title: Alone}]\n")
    shown = room.run(tmp_path, "5")
    assert "organisation.yaml" in shown
    assert "N-1  Alone" in shown


MANAGERS = """
people:
  - {id: lena, name: Lena Fischer, side: business}
  - {id: otto, name: Otto Brandt, side: it}
relationship_managers:
  - {person: lena, serves: [north], represents: customer, position: bridge}
"""
UNIT = """
business_unit: {id: north, name: North, relationship_manager: lena}
investments:
  - {id: N-1, title: Named on itself, relationship_manager: lena}
  - {id: N-2, title: Through the unit}
  - {id: N-3, title: Somebody else's, relationship_manager: otto}
"""


def write(root: Path, managers: str, unit: str) -> None:
    """Write an organisation with relationship managers, and perhaps a unit."""
    (root / "portfolios").mkdir()
    text = f"organisation: {{id: acme, name: Acme}}\n{managers}"
    (root / "portfolios" / "organisation.yaml").write_text(text)
    if unit:
        write_unit(root, unit)


def write_unit(root: Path, text: str) -> None:
    """Write a unit's file."""
    (root / "portfolios" / "north.yaml").write_text(text)
